"""Reading `pihole.toml`."""

from collections.abc import Iterator, Mapping
import hashlib
import json
import math
import re
import tomllib
from typing import Final

from ..errors import ArchiveConfigBroken
from ..pihole.models import Versions
from ..pihole.redaction import names_a_secret
from .contents import Secret, Setting
from .limits import BudgetExceeded, MemoryBudget

_TITLE = re.compile(r"# Pi-hole configuration file \(([\w.+-]{1,64})\)", re.ASCII)
_DEEPEST: Final = 16
"""Sections in sections; a real file has three."""
_LONGEST_NAME: Final = 1000
"""In characters."""
_TEXT: Final = re.compile(
    r"""
      "{3} (?: [^"\\]++ | \\. | "(?!"") )*+ (?: "{3,5} | \Z )
    | '{3} (?: [^']++ | '(?!'') )*+ (?: '{3,5} | \Z )
    | " (?: [^"\\\n]++ | \\. )*+ (?: " | $ )
    | ' [^'\n]*+ (?: ' | $ )
    | \# [^\n]*+
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
"""What is no key: strings and comments. Of quoted keys, only the dots between them are left."""
_MOST_DOTS_IN_A_LINE: Final = 16
_MOST_DOTS: Final = 2000
"""Each dot of a key costs time for each line below it. A real file has about a hundred."""
_LONG_WORD: Final = re.compile(r"\b\w{1000}")
"""Each digit of a number costs the parser a hundred bytes, before it finds it too long."""
_BYTES_PER_CHARACTER: Final = 4
_INT_BITS: Final = 64
"""More is not taken by all who read JSON."""


def parse(content: bytes) -> dict[str, object]:
    """Parse the file. Raises `ArchiveConfigBroken`."""
    try:
        text = content.decode()
        bare = _TEXT.sub('"', text)
        dots = [line.count(".") for line in bare.split("\n")]
        if max(dots) > _MOST_DOTS_IN_A_LINE or sum(dots) > _MOST_DOTS or _LONG_WORD.search(bare):
            raise ArchiveConfigBroken
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise ArchiveConfigBroken from error


def read_versions(content: bytes) -> Versions:
    """Read by which FTL the file was written."""
    told = _TITLE.match(content[:200].decode(errors="replace"))
    return Versions(ftl=told[1] if told else None)


def flatten(
    config: Mapping[str, object], memory_budget: MemoryBudget
) -> dict[str, Setting | Secret]:
    """Give each setting by its name, such as `dns.upstreams`. Raises `BudgetExceeded`."""
    settings: dict[str, Setting | Secret] = {}
    for name, found in _walk(config, "", _DEEPEST):
        value = _value(found)
        memory_budget.take((len(name) + len(str(value))) * _BYTES_PER_CHARACTER)
        settings[name] = _hidden(value) if _is_secret(name, found) else value
    return settings


def _is_secret(name: str, found: object) -> bool:
    if isinstance(found, bool):
        return False  # whether there is one, or what may be done with it
    return names_a_secret(name) or (_is_nested(found) and names_a_secret(str(_value(found))))


def _is_nested(found: object) -> bool:
    return isinstance(found, dict) or (
        isinstance(found, list) and any(isinstance(it, (dict, list)) for it in found)
    )


def _walk(section: Mapping[str, object], path: str, depth: int) -> Iterator[tuple[str, object]]:
    for key, found in section.items():
        if len(path) + len(key) > _LONGEST_NAME:
            raise BudgetExceeded
        if isinstance(found, dict) and depth:
            yield from _walk(found, f"{path}{key}.", depth - 1)
        else:
            yield f"{path}{key}", found


def _value(found: object) -> Setting:
    match found:
        case bool() | str():
            return found
        case int() | float() if _is_plain(found):
            return found
        case list() if all(isinstance(it, str) for it in found):
            return tuple(found)
        case list() | dict():
            return _as_text(found)
        case int():
            return hex(found)  # the decimal form of a long one takes very long
        case _:
            return str(found)


def _is_plain(number: float) -> bool:
    if isinstance(number, int):
        return number.bit_length() < _INT_BITS
    return math.isfinite(number)


def _as_text(found: object) -> str:
    try:
        return json.dumps(found, default=str, sort_keys=True)
    except (ValueError, RecursionError) as error:  # a number or a nesting beyond reason
        raise BudgetExceeded from error


def _hidden(value: Setting) -> Secret:
    return Secret(hashlib.sha256(json.dumps(value).encode()).hexdigest())
