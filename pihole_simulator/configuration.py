"""The settings of a Pi-hole, and the file that holds them, pihole.toml."""

from collections.abc import Iterator, Mapping
from copy import copy
from datetime import datetime
from functools import cache
from typing import cast

import tomli_w

from .definitions import Definition, Setting, definitions
from .state import Pihole

type Table = dict[str, Setting | Table]


def configuration(pihole: Pihole) -> Table:
    """Return all settings as they are in the file, by section."""
    return cast("Table", nested(values(pihole)))


def values(pihole: Pihole) -> dict[str, Setting]:
    """Return the value of every setting by its full name: all that are in the file."""
    known = definitions(pihole.version)
    defaults = {name: item.default for name, item in known.items() if item.is_in_file}
    credentials = {
        "webserver.api.pwhash": pihole.credentials.pwhash,
        "webserver.api.totp_secret": pihole.credentials.totp_secret,
        "webserver.api.app_pwhash": pihole.credentials.app_pwhash,
    }
    forced = {name: value for name, value in pihole.forced.items() if known[name].is_in_file}
    current = {**defaults, **pihole.settings, **credentials, **forced}
    return {name: copy(value) for name, value in current.items()}


def nested(flat: Mapping[str, object]) -> dict[str, object]:
    """Return by section what is given by full name."""
    everything: dict[str, object] = {}
    for name, value in flat.items():
        *sections, key = name.split(".")
        table = everything
        for section in sections:
            table = cast("dict[str, object]", table.setdefault(section, {}))
        table[key] = value
    return everything


def settings(table: Table, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Setting]]:
    """Yield every setting by its full name."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield from settings(value, (*path, key))
        else:
            yield ".".join((*path, key)), value


def is_on(pihole: Pihole, name: str) -> bool:
    """Return whether a setting, by its full name, is true."""
    return values(pihole)[name] is True


def database_names(pihole: Pihole) -> tuple[str, str]:
    """Return the member names of the gravity database and of FTL's own."""
    known = values(pihole)
    return str(known["files.gravity"]).lstrip("/"), str(known["files.database"]).lstrip("/")


def render(pihole: Pihole, now: datetime) -> str:
    """Write the file like FTL: indented by depth, with a mark at each setting that was changed.

    The long explanation that the real one has above every setting is missing. The real one is
    "last updated" when FTL starts or a setting changes; here it is with every export, which is
    harder for code that compares archives.
    """
    known, shown = definitions(pihole.version), values(pihole)
    changed = [name for name in shown if shown[name] != known[name].default]
    forced = [name for name in changed if name in pihole.forced]
    default = _are(len(known) - len(changed))
    version = pihole.versions.ftl if pihole.versions else "unknown"
    return "".join(
        (
            f"# Pi-hole configuration file ({version})\n",
            "# Encoding: UTF-8\n",
            "# This file is managed by pihole-FTL\n",
            f"# Last updated on {now:%Y-%m-%d %H:%M:%S %Z}\n\n",
            *_lines(pihole),
            "# Configuration statistics:\n",
            f"# {len(known)} total entries out of which {default} default\n",
            f"# --> {_are(len(changed))} modified\n",
            f"# {_are(len(forced))} forced through environment:\n" if forced else "\n",
            *(f"#   - {name}\n" for name in forced),
        )
    )


def _are(number: int) -> str:
    return f"{number} entry is" if number == 1 else f"{number} entries are"


def _lines(pihole: Pihole) -> Iterator[str]:
    """Yield each setting, and the head of each section before its first one."""
    known, before = definitions(pihole.version), ""
    for name, value in values(pihole).items():
        section, _, key = name.rpartition(".")
        pad = "  " * section.count(".")
        if section != before:
            yield f"{pad}[{section}]\n"
            before = section
        if _is_default(value, known[name]):
            line = _default_lines(pihole.version)[name]
        else:
            mark = " (env)" if name in pihole.forced else ""
            line = _setting(key, value, known[name], mark)
        yield _indented(line, pad + "  ")
        yield "\n"


def _is_default(value: Setting, definition: Definition) -> bool:
    """Return whether it is, and not only equal as 1 and 1.0 are."""
    return value == definition.default and type(value) is type(definition.default)


@cache
def _default_lines(version: str) -> Mapping[str, str]:
    """Return the line of each setting of a version as it is when nobody has changed it."""
    return {
        name: _toml(name.rpartition(".")[2], definition.default)
        for name, definition in definitions(version).items()
    }


def _setting(key: str, value: Setting, definition: Definition, mark: str) -> str:
    line = _toml(key, value)
    if value == definition.default:
        return line
    before = definition.default
    match before:
        case [_, *_]:
            shown = f"[ {', '.join(map(_text, before))} ]"
        case _:
            shown = _toml("", before).partition(" = ")[2].rstrip()
    return f"{line.rstrip()} ### CHANGED{mark}, default = {shown}\n"


def _toml(key: str, value: Setting) -> str:
    """Write one setting. A broken number has six digits where those say all of it."""
    if isinstance(value, float) and float(f"{value:f}") == value:
        return f"{key} = {value:f}\n"
    match value:
        case [_, *_]:
            return f"{key} = [\n{',\n'.join(f'  {_text(item)}' for item in value)}\n]\n"
        case str():
            return f"{key} = {_text(value)}\n"
    return tomli_w.dumps({key: value})


def _text(item: str) -> str:
    written = tomli_w.dumps({"": item}).partition(" = ")[2].rstrip("\n")
    return written.replace("\t", "\\t")


def _indented(text: str, pad: str) -> str:
    # textwrap's takes more than a newline for the end of a line, also within a value.
    return "\n".join(line and pad + line for line in text.split("\n"))
