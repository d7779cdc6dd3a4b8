"""What a new value of a setting has to be beyond its type."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
import re
import socket
from typing import Literal

from .definitions import Definition, Setting
from .regexes import InvalidRegex, check_pattern

_DOMAIN = re.compile(r"[a-zA-Z0-9._-]{1,255}")
_LONGEST_LABEL = 63
_PATH = re.compile(r"[a-zA-Z0-9/._ -]*")
_SHORTEST_VALIDITY = 7
_PREFIXES = {socket.AF_INET: ("IPv4 ", 32), socket.AF_INET6: ("IPv6 ", 128)}


class InvalidSetting(Exception):
    """Why a value is refused, in FTL's words: they are the hint of the answer."""


def check(definition: Definition, value: Setting) -> None:
    """Raise `InvalidSetting` for a value that this setting cannot have."""
    if definition.check:
        _CHECKS[definition.check](definition.name, value)


_SPACES = " \t\n\v\f\r"
_COMMENT = re.compile(r"[ \t]\s*(?P<word>#[^ \t]*)[ \t]?(?P<rest>.*)", re.ASCII | re.DOTALL)


def tidied(definition: Definition, value: Setting) -> Setting:
    """Return a value as FTL writes it: with single spaces between address and names."""
    if not definition.tidied or not isinstance(value, list):
        return value
    return [_tidied(line) for line in value]


def _tidied(line: str) -> str:
    """Leave a comment as it is, but for the first space or tab in it."""
    text = line.lstrip(_SPACES)
    if not text or text.startswith("#"):
        return line
    comment = _COMMENT.search(text)
    names = re.split("[ \t]", text[: comment.start()] if comment else text)
    shown = [name.lstrip(_SPACES) for name in names]
    if comment:
        shown += [comment["word"], comment["rest"]]
    return " ".join(filter(None, shown))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hosts:
    """The lines of dns.hosts: an address and names, as one version takes them."""

    separators: str = "[ \t]"
    leading_spaces: bool = True
    at_two_spaces: Literal["refuse", "stop", "go on"] = "go on"
    comments: bool = True
    no_address: str = "found no first element"

    def __call__(self, name: str, value: Setting) -> None:
        for where, line in _items(name, value):
            text = line.lstrip() if self.leading_spaces else line
            address, *hosts = re.split(self.separators, text)
            if not address:
                raise InvalidSetting(f'{where}: {self.no_address} ("{line}")')
            if _family(address) is None:
                raise InvalidSetting(
                    f'{where}: neither a valid IPv4 nor IPv6 address ("{address}")'
                )
            if not self._count(where, hosts):
                raise InvalidSetting(
                    f'{where}: entry does not have at least one hostname ("{line}")'
                )

    def _count(self, where: str, hosts: list[str]) -> int:
        count = 0
        for host in hosts:
            if not host and self.at_two_spaces == "go on":
                continue
            if not host and self.at_two_spaces == "stop":
                break
            if host.startswith("#") and self.comments:
                break
            if not _is_domain(host):
                raise InvalidSetting(f'{where}: invalid hostname ("{host}")')
            count += 1
        return count


def _cnames(name: str, value: Setting) -> None:
    for where, line in _items(name, value):
        parts = line.split(",")
        if "" in parts:
            position = parts.index("")
            raise InvalidSetting(f"{where}: contains an empty string at position {position}")
        if len(parts) == 1:
            raise InvalidSetting(f"{where}: not a valid CNAME definition (too few elements)")


def _reverse_servers(name: str, value: Setting) -> None:
    """Check `<enabled>,<address>[/<prefix>],<server>[#<port>][,<domain>]`, but not each part."""
    for where, line in _items(name, value):
        enabled, *rest = line.split(",")
        if enabled not in {"true", "false"}:
            raise InvalidSetting(f'{where}: <enabled> not a boolean ("{enabled}")')
        if len(rest) not in {2, 3}:
            raise InvalidSetting(
                f"{where}: entry does not have all required elements (<enabled>,<ip-address>"
                "[/<prefix-len>],<server>[#<port>][,<domain>])"
            )
        address, _, prefix = rest[0].partition("/")
        if (family := _family(address)) is None:
            raise InvalidSetting(
                f'{where}: <ip-address> neither a valid IPv4 nor IPv6 address ("{address}")'
            )
        words, longest = _PREFIXES[family]
        if prefix and not 0 <= int(prefix) <= longest:
            raise InvalidSetting(
                f'{where}: <prefix-len> not a valid {words}prefix length ("{prefix}")'
            )


def _domain(name: str, value: Setting) -> None:
    if not _is_domain(str(value)):
        raise InvalidSetting(f'{name}: not a valid domain ("{value}")')


def _domain_or_nothing(name: str, value: Setting) -> None:
    if value:
        _domain(name, value)


def _domain_or_address(name: str, value: Setting) -> None:
    if not _is_domain(str(value)) and _family(str(value)) is None:
        raise InvalidSetting(f"{name}: neither a valid domain nor IP address")


def _path(name: str, value: Setting) -> None:
    if not _PATH.fullmatch(str(value)):
        raise InvalidSetting(f'{name}: not a valid file path ("{value}")')


def _path_between_slashes(name: str, value: Setting) -> None:
    text = str(value)
    if not (text.startswith("/") and text.endswith("/")):
        raise InvalidSetting(f'{name}: file path does not start and end with a slash ("{text}")')
    _path(name, value)


def _regexes(name: str, value: Setting) -> None:
    for where, line in _items(name, value):
        try:
            check_pattern(line)
        except InvalidRegex as error:
            raise InvalidSetting(f'{where}: not a valid regex ("{line}"): {error}') from error


def _validity(name: str, value: Setting) -> None:
    if value and int(str(value)) < _SHORTEST_VALIDITY:
        raise InvalidSetting(f"{name}: cannot be lower than 7")


def _items(name: str, value: Setting) -> list[tuple[str, str]]:
    lines = value if isinstance(value, list) else []
    return [(f"{name}[{index}]", line) for index, line in enumerate(lines)]


def _is_domain(text: str) -> bool:
    """Return whether FTL takes a text for a domain; one label is enough."""
    *labels, last = text.split(".")
    return (
        _DOMAIN.fullmatch(text) is not None
        and "" not in labels
        and all(len(label) <= _LONGEST_LABEL for label in labels)
        and not last.startswith("-")
        and not last.endswith("-")
    )


def _family(text: str) -> socket.AddressFamily | None:
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.inet_pton(family, text)
        except OSError:
            continue
        return family
    return None


_CHECKS: Mapping[str, Callable[[str, Setting], None]] = {
    "hosts": _Hosts(),
    "hosts, no leading space": _Hosts(leading_spaces=False, at_two_spaces="stop"),
    "hosts, one space": _Hosts(
        separators=" ",
        leading_spaces=False,
        at_two_spaces="refuse",
        comments=False,
        no_address="not an IP address",
    ),
    "cnames": _cnames,
    "reverse servers": _reverse_servers,
    "domain": _domain,
    "domain or nothing": _domain_or_nothing,
    "domain or address": _domain_or_address,
    "path": _path,
    "path between slashes": _path_between_slashes,
    "regexes": _regexes,
    "at least 7 or 0": _validity,
}
