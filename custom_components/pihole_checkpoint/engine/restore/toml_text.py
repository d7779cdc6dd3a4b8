"""Writing a `pihole.toml` for an import: the settings of a backup without some that stay."""

from collections.abc import Iterator, Mapping
import json
import math
import re
from typing import Final

from ..teleporter import config

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_DEEPEST: Final = 16
"""The deepest nesting of sections; a real file has three levels."""


def without(text: bytes, name_of_what_stays: re.Pattern[str]) -> bytes:
    """Return the file without the settings whose full names match. Raises `ArchiveConfigBroken`.

    What a Pi-hole would not read (dates, lists of anything but texts) is left out, too.
    """
    return "".join(_lines(config.parse(text), (), name_of_what_stays)).encode()


def _lines(
    section: Mapping[str, object], path: tuple[str, ...], stays: re.Pattern[str]
) -> Iterator[str]:
    own = [
        f"{_key(key)} = {text}\n"
        for key, value in section.items()
        if not stays.fullmatch(".".join((*path, key))) and (text := _value(value)) is not None
    ]
    if own and path:
        yield f"[{'.'.join(map(_key, path))}]\n"
    yield from own
    for key, value in section.items():
        if isinstance(value, dict) and len(path) < _DEEPEST:
            yield from _lines(value, (*path, key), stays)


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
        case list() if all(isinstance(item, str) for item in value):
            return f"[{', '.join(map(_text, value))}]"
        case _:
            return None


def _text(text: str) -> str:
    """Return a text as a TOML string. TOML escapes one character more than JSON."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
