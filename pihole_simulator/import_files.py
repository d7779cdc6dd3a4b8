"""What an import makes of the files of an archive that are text."""

from collections.abc import Mapping
from contextlib import suppress
import tomllib
from typing import cast

from .configuration import values
from .credentials import Credentials
from .definitions import Setting, definitions
from .dnsmasq import complaint
from .rows import Lease, OddLease
from .rules import Rules
from .setting_checks import tidied
from .state import Pihole
from .toml_values import Unfit, read_toml_value

type File = Mapping[str, object]

_FILE = "File etc/pihole/pihole.toml in ZIP archive"
_HASHES = {f"webserver.api.{name}": name for name in ("pwhash", "app_pwhash", "totp_secret")}
_LEASE_FIELDS = 5


class InvalidConfiguration(Exception):
    """Why a configuration file cannot be imported."""


def adopt_configuration(pihole: Pihole, rules: Rules, data: bytes) -> Credentials:
    """Take the settings of a file over: all that fit, or none.

    What the file does not say stays. The credentials that are in force then are returned, not
    set. A configuration that is read-only is never written, and gone with the restart.
    """
    file, current = _parse(data, rules), values(pihole)
    new = _read(pihole.version, rules, file, current) | pihole.forced
    if words := complaint(current | new, rules):
        raise InvalidConfiguration(f"{_FILE} contains invalid dnsmasq configuration: {words}")
    if (current | new)["misc.readOnly"]:
        return pihole.credentials
    known = definitions(pihole.version)
    if new.get("files.gravity", path := current["files.gravity"]) != path:
        pihole.gravity_lies_at = pihole.gravity_lies_at or str(path)  # nobody moves it
    for name, value in new.items():
        if name not in _HASHES and name not in pihole.forced:
            pihole.settings[name] = tidied(known[name], value)
    secrets = {short: str((current | new)[name]) for name, short in _HASHES.items()}
    return Credentials.behind(**secrets)


def adopt_leases(pihole: Pihole, data: bytes) -> None:
    """Take the leases over without reading them."""
    lines = data.decode(errors="surrogateescape").splitlines(keepends=True)
    pihole.leases = [_lease(line) for line in lines]


def _parse(data: bytes, rules: Rules) -> File:
    if not data:
        raise InvalidConfiguration(f"{_FILE} is empty")
    text = data.decode(errors="replace")
    try:
        return tomllib.loads(text.partition("\0")[0] if rules.says_why_no_toml else text)
    except ValueError as error:
        why = f": {error}" if rules.says_why_no_toml else ""
        raise InvalidConfiguration(f"{_FILE} is not a valid TOML file{why}") from error


def _read(
    version: str, rules: Rules, file: File, current: Mapping[str, Setting]
) -> dict[str, Setting]:
    """Return the settings that a file has, those in the form of older versions too."""
    new: dict[str, Setting] = {}
    for name, value in current.items():
        has_section = isinstance(_find(file, name.rpartition(".")[0]), dict)
        if rules.empties_missing_arrays and has_section and isinstance(value, list):
            new[name] = []
        with suppress(Unfit):
            new[name] = read_toml_value(definitions(version)[name], _find(file, name))
    new |= _debugging({**current, **new}, new.get("debug.all"))
    if server := _reverse_server(_find(file, "dns.revServer")):
        servers = cast("list[str]", new.get("dns.revServers", current["dns.revServers"]))
        new["dns.revServers"] = [*servers, server]
    domain = _find(file, "dns.domain")
    if "dns.domain.name" in current and isinstance(domain, str) and domain:
        new["dns.domain.name"] = domain
    return new


def _debugging(settings: Mapping[str, Setting], everything: Setting | None) -> dict[str, Setting]:
    """Switch all of it on, or off where all of it is on. It is called all when all of it is on."""
    others = {
        name: value
        for name, value in settings.items()
        if name.startswith("debug.") and name != "debug.all"
    }
    if everything is True or (everything is False and all(others.values())):
        others = dict.fromkeys(others, everything)
    return {**others, "debug.all": all(others.values())}


def _find(file: File, name: str) -> object:
    found: object = file
    for key in name.split("."):
        found = found.get(key) if isinstance(found, dict) else None
    return found


def _reverse_server(table: object) -> str | None:
    """Return the reverse server of the oldest versions as all later ones write it."""
    match table:
        case {
            "active": bool() as active,
            "cidr": str() as cidr,
            "target": str() as target,
            "domain": str() as domain,
        } if cidr and target:
            return f"{str(active).lower()},{cidr},{target},{domain}"
    return None


def _lease(line: str) -> Lease:
    fields = line.split()
    if len(fields) != _LEASE_FIELDS or not fields[0].isdecimal():
        return OddLease(line=line)
    expires, mac, ip, name, client_id = fields
    return Lease(
        expires=int(expires),
        mac=mac,
        ip=ip,
        name=name,
        client_id=None if client_id == f"01:{mac}" else client_id,
    )
