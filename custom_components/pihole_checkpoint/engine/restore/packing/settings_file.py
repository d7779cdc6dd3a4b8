"""Making a `pihole.toml` for an import.

A Pi-hole lays it over its running configuration, so that it changes only the settings in it
("Import" in `docs/pihole-api.md`).
"""

from collections.abc import Iterator, Mapping
import json
import math
import re
from typing import Final

from ...teleporter import config
from ...teleporter.contents import Setting

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_VERSION: Final = re.compile(r"v(\d{1,9})\.(\d{1,9})(?:\.(\d{1,9}))?", re.ASCII)
_FIRST_TO_KEEP_LISTS: Final = (6, 0, 3)
_DEEPEST: Final = 16
"""The deepest nesting of sections; a real file has three levels."""

type _Path = tuple[str, ...]


def settings_file(settings: Mapping[str, Setting | None], stored: bytes, live: bytes) -> bytes:
    """Return a file with these settings, and nothing for none. Raises `ArchiveConfigBroken`.

    For `None` the value is copied from `stored`, the backup's file. What a Pi-hole would not read
    (dates, lists of anything but texts) is left out. `live` is the Pi-hole's present file.
    """
    values = {".".join(path): (path, value) for path, value in _walk(config.parse(stored), ())}
    chosen: dict[_Path, str] = {}
    for name, value in settings.items():
        path, stored_value = values.get(name, (tuple(name.split(".")), None))
        if (text := _value(stored_value if value is None else value)) is not None:
            chosen[path] = text
    if _empties_lists(live):
        chosen |= _lists_beside(chosen, live)
    sections: dict[_Path, list[str]] = {(): []}  # settings in no section come first
    for path, text in chosen.items():
        sections.setdefault(path[:-1], []).append(f"{_key(path[-1])} = {text}\n")
    return "".join(
        line
        for path, lines in sections.items()
        for line in ([f"[{'.'.join(map(_key, path))}]\n"] if path else []) + lines
    ).encode()


def _empties_lists(live: bytes) -> bool:
    """Return whether the Pi-hole empties lists that are not sent, in each section that is."""
    ftl = _VERSION.match(config.read_versions(live).ftl or "")
    return ftl is None or tuple(map(int, ftl.groups("0"))) < _FIRST_TO_KEEP_LISTS


def _lists_beside(chosen: Mapping[_Path, str], live: bytes) -> dict[_Path, str]:
    """Return the Pi-hole's own lists that are not chosen, in all sections that are sent."""
    sections = {path[:depth] for path in chosen for depth in range(len(path))}
    return {
        path: text
        for path, value in _walk(config.parse(live), ())
        if isinstance(value, list)
        and path[:-1] in sections
        and path not in chosen
        and (text := _value(value)) is not None
    }


def _walk(section: Mapping[str, object], path: _Path) -> Iterator[tuple[_Path, object]]:
    for key, value in section.items():
        if isinstance(value, dict) and len(path) < _DEEPEST:
            yield from _walk(value, (*path, key))
        else:
            yield (*path, key), value


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _value(value: object) -> str | None:
    match value:
        case bool():
            return str(value).lower()
        case int():
            return str(value)
        case float() if math.isfinite(value):
            return repr(value)
        case str():
            return _text(value)
        case list() | tuple() if all(isinstance(item, str) for item in value):
            return f"[{', '.join(map(_text, value))}]"
        case _:
            return None


def _text(text: str) -> str:
    """Return a text as a TOML string. TOML escapes one character more than JSON."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
