"""The configuration file of a Pi-hole, pihole.toml."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import datetime
from pathlib import Path
import tomllib

import tomli_w

from .state import Pihole, Setting

type Table = dict[str, Setting | Table]

# Every setting of v6.4.1 in the order of the real file, with its default.
_DEFAULTS: Table = tomllib.loads((Path(__file__).parent / "defaults.toml").read_text())


def configuration(pihole: Pihole) -> Table:
    """Return all settings, by section."""
    everything = deepcopy(_DEFAULTS)
    for name, value in (_from_state(pihole) | pihole.settings).items():
        *sections, key = name.split(".")
        table = everything
        for section in sections:
            table = _section(table, section)
        table[key] = value
    return everything


def settings(table: Table, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Setting]]:
    """Yield every setting by its full name."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield from settings(value, (*path, key))
        else:
            yield ".".join((*path, key)), value


def defaults() -> dict[str, Setting]:
    """Return the default of every setting by its full name."""
    return dict(settings(_DEFAULTS))


def is_on(pihole: Pihole, name: str) -> bool:
    """Tell whether a setting, by its full name, is true."""
    return dict(settings(configuration(pihole)))[name] is True


def webserver_api(pihole: Pihole) -> Table:
    """Return what GET /api/config/webserver/api shows: the secrets are masked."""
    settings = dict(_section(_section(configuration(pihole), "webserver"), "api"))
    masked = {
        name: "********" if settings[name] else ""
        for name in ("pwhash", "totp_secret", "app_pwhash")
    }
    return settings | masked | {"password": masked["pwhash"]}


def database_names(pihole: Pihole) -> tuple[str, str]:
    """Return the member names of the gravity database and of FTL's own."""
    files = _section(configuration(pihole), "files")
    return str(files["gravity"]).lstrip("/"), str(files["database"]).lstrip("/")


def render(pihole: Pihole, now: datetime) -> str:
    """Write the file like FTL: indented by depth, and with what is not the default marked.

    The long explanation that the real one has above every setting is missing. The real one is
    "last updated" when FTL starts or a setting changes; here it is with every export, which is
    harder on who compares archives.
    """
    body = "\n".join(_sections(configuration(pihole), _DEFAULTS, ()))
    modified = body.count(" ### CHANGED")
    shown = sum(" = " in line and not line.lstrip().startswith("]") for line in body.splitlines())
    total = shown + 1  # webserver.api.password counts, but is never written
    version = pihole.versions.ftl if pihole.versions else "unknown"
    return (
        f"# Pi-hole configuration file ({version})\n"
        "# Encoding: UTF-8\n"
        "# This file is managed by pihole-FTL\n"
        f"# Last updated on {now:%Y-%m-%d %H:%M:%S %Z}\n\n"
        f"{body}\n"
        "# Configuration statistics:\n"
        f"# {total} total entries out of which {total - modified} entries are default\n"
        f"# --> {modified} entries are modified\n"
    )


def _from_state(pihole: Pihole) -> dict[str, Setting]:
    return {
        "dns.upstreams": pihole.upstreams,
        "dns.hosts": pihole.hosts,
        "dns.cnameRecords": pihole.cnames,
        "dhcp.hosts": pihole.static_leases,
        "webserver.session.timeout": pihole.session_timeout,
        "webserver.api.max_sessions": pihole.max_sessions,
        "webserver.api.pwhash": pihole.credentials.pwhash,
        "webserver.api.totp_secret": pihole.credentials.totp_secret,
        "webserver.api.app_pwhash": pihole.credentials.app_pwhash,
    }


def _section(table: Table, name: str) -> Table:
    section = table[name]
    if not isinstance(section, dict):
        raise TypeError(f"{name} is no section")
    return section


def _sections(table: Table, defaults: Table, path: tuple[str, ...]) -> Iterator[str]:
    """Yield one text for each section, or each section's own settings."""
    own = [
        _setting(key, value, defaults.get(key))
        for key, value in table.items()
        if not isinstance(value, dict)
    ]
    if own:
        pad = "  " * (len(path) - 1)
        yield f"{pad}[{'.'.join(path)}]\n" + _indented("\n".join(own), pad + "  ")
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _sections(value, _section(defaults, key), (*path, key))


def _indented(text: str, pad: str) -> str:
    # textwrap's takes more than a newline for the end of a line, also within a value.
    return "\n".join(line and pad + line for line in text.split("\n"))


def _setting(key: str, value: Setting, default: object) -> str:
    line = tomli_w.dumps({key: value}, indent=2)
    if value == default:
        return line
    _, _, before = tomli_w.dumps({key: default}, indent=2).partition(" = ")
    return f"{line.rstrip()} ### CHANGED, default = {before.replace('\n', '')}\n"
