"""What the DNS server within Pi-hole refuses to start with: few of all such things."""

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address
import re

from .definitions import Setting
from .rules import Rules

_FILE = "/etc/pihole/dnsmasq.conf.temp"
_NO_HOSTS = {0, 255}
_OPTIONS = {
    *("address", "bind-interfaces", "bogus-priv", "cname", "dhcp-option", "dhcp-range", "domain"),
    *("host-record", "interface", "listen-address", "local", "log-queries", "server"),
}
"""Some of those that stand in the lines that users add."""


def complaint(settings: Mapping[str, Setting], rules: Rules) -> str | None:
    """Return why settings cannot be used together, in its words; `None` where they can.

    Real ones lose the first letter of some of these words.
    """
    return next(_complaints(settings, rules), None)


def _complaints(settings: Mapping[str, Setting], rules: Rules) -> Iterator[str]:
    if settings["dhcp.active"]:
        yield from _of_dhcp(settings, rules)
    yield from _of_servers(settings)
    yield from _of_aliases(_texts(settings["dns.cnameRecords"]))
    for line in _texts(settings["misc.dnsmasq_lines"]):
        if line.partition("=")[0] not in _OPTIONS:
            yield _at_line("bad option", line)


def _of_servers(settings: Mapping[str, Setting]) -> Iterator[str]:
    for server in _texts(settings["dns.upstreams"]):
        if not re.fullmatch(r"[^#]*(#\d+)?", server):
            yield _at_line("bad port", f"server={server}")
        elif " " in server:
            yield _at_line("Name or service not known", f"server={server}")


def _of_aliases(records: list[str]) -> Iterator[str]:
    targets: dict[str, str] = {}
    for record in records:
        *names, target = [part for part in record.split(",") if not part.isdecimal()] or [""]
        if not names:
            yield _at_line("bad CNAME", f"cname={record}")
        for name in names:
            if name in targets:
                yield _at_line("duplicate CNAME", f"cname={record}")
            targets[name] = target
    yield from (f"dnsmasq: CNAME loop involving {name}" for name in _looping(targets))


def _of_dhcp(settings: Mapping[str, Setting], rules: Rules) -> Iterator[str]:
    start, end, router = (
        IPv4Address(str(settings[f"dhcp.{name}"]) or "0.0.0.0")  # noqa: S104 - FTL's "none"
        for name in ("start", "end", "router")
    )
    for name, address in (("start", start), ("end", end), ("router", router)):
        if int(address) % 256 in _NO_HOSTS:
            yield f"DHCP {name} address is not valid"
    words = "" if rules.dhcp_range_of_one else "or equal to "
    if start > end or (words and start == end):
        yield f"DHCP range start address is larger than {words}the end address"
    if start <= router <= end:
        yield "DHCP router address should not be within DHCP range"
    taken = set[str]()
    for host in _texts(settings["dhcp.hosts"]):
        for part in host.split(","):
            if re.fullmatch(r"\d+(\.\d+){3}", part):
                if part in taken:
                    words = f"duplicate dhcp-host IP address {part}"
                    yield _at_line(words, f"dhcp-host={host}")
                taken.add(part)


def _looping(targets: Mapping[str, str]) -> Iterator[str]:
    """Yield the names that lead back to themselves, the one that was given last first."""
    for first in reversed(list(targets)):
        name, seen = targets[first], {first}
        while name in targets and name not in seen:
            seen.add(name)
            name = targets[name]
        if name in seen:
            yield first


def _texts(value: Setting) -> list[str]:
    return value if isinstance(value, list) else []


def _at_line(words: str, line: str) -> str:
    return f'dnsmasq: {words} at line 1 of {_FILE}: "{line}"'
