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
from .limits import BudgetExceeded, Limits, MemoryBudget, or_default

_TITLE: Final = re.compile(r"# Pi-hole configuration file \(([\w.+-]{1,64})\)", re.ASCII)
_STRING_OR_COMMENT: Final = re.compile(
    r"""
      "{3} (?: [^"\\]++ | \\. | "(?!"") )*+ (?: "{3,5} | \Z )
    | '{3} (?: [^']++ | '(?!'') )*+ (?: '{3,5} | \Z )
    | " (?: [^"\\\n]++ | \\. )*+ (?: " | $ )
    | ' [^'\n]*+ (?: ' | $ )
    | \# [^\n]*+
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
"""Also a quoted part of a key, whose dots do not separate parts."""
_BYTES_PER_CHARACTER: Final = 4
_INT_BITS: Final = 64
"""Longer integers are not read by every reader of JSON."""


def parse(content: bytes, *, limits: Limits | None = None) -> dict[str, object]:
    """Return the values of a file. Raises `ArchiveConfigBroken`."""
    limits = or_default(limits)
    try:
        text = _without_comments(content.decode())
        _check_cost(text, limits)
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise ArchiveConfigBroken from error


def _without_comments(text: str) -> str:
    """Leave out the lines that are comments: nine of ten in a real file, and slow to parse."""
    if '"""' in text or "'''" in text:
        return text  # in which such a line may be a part of a value
    lines = text.split("\n")
    return "\n".join([line for line in lines if not line.lstrip(" \t").startswith("#")])


def _check_cost(text: str, limits: Limits) -> None:
    """Raise `ArchiveConfigBroken` if the parser could need very long for a text, or much memory."""
    bare = _STRING_OR_COMMENT.sub('"', text)
    dots = [line.count(".") for line in bare.split("\n")]
    if (
        max(dots) > limits.toml_dots_in_line
        or sum(dots) > limits.toml_dots
        or re.search(rf"\b\w{{{limits.toml_word}}}", bare)
    ):
        raise ArchiveConfigBroken


def read_versions(content: bytes) -> Versions:
    """Return the version of the FTL that wrote a file; it stands in the first line."""
    title = _TITLE.match(content[:200].decode(errors="replace"))
    return Versions(ftl=title[1] if title else None)


def flatten(
    config: Mapping[str, object], budget: MemoryBudget, limits: Limits
) -> dict[str, Setting | Secret]:
    """Return the settings by their full names, such as `dns.upstreams`. Raises `BudgetExceeded`."""
    settings: dict[str, Setting | Secret] = {}
    for name, found in _walk(config, "", limits.section_depth, limits):
        value = _value(found)
        budget.take((len(name) + len(str(value))) * _BYTES_PER_CHARACTER)
        settings[name] = _hide(value) if _is_secret(name, found) else value
    return settings


def secrets(config: Mapping[str, object], limits: Limits) -> dict[str, str]:
    """Return the secret settings that are texts, in clear, by their full names."""
    return {
        name: found
        for name, found in _walk(config, "", limits.section_depth, limits)
        if isinstance(found, str) and _is_secret(name, found)
    }


def _is_secret(name: str, found: object) -> bool:
    if isinstance(found, bool):
        return False  # a switch about a secret, such as whether one is set
    return names_a_secret(name) or (_is_nested(found) and names_a_secret(str(_value(found))))


def _is_nested(found: object) -> bool:
    return isinstance(found, dict) or (
        isinstance(found, list) and any(isinstance(item, (dict, list)) for item in found)
    )


def _walk(
    section: Mapping[str, object], path: str, depth: int, limits: Limits
) -> Iterator[tuple[str, object]]:
    for key, found in section.items():
        if len(path) + len(key) > limits.setting_name:
            raise BudgetExceeded
        if isinstance(found, dict) and depth:
            yield from _walk(found, f"{path}{key}.", depth - 1, limits)
        else:
            yield f"{path}{key}", found


def _value(found: object) -> Setting:
    match found:
        case bool() | str():
            return found
        case int() | float() if _is_plain(found):
            return found
        case list() if all(isinstance(item, str) for item in found):
            return tuple(found)
        case list() | dict():
            return _to_json(found)
        case int():
            return hex(found)  # to decimal would take very long
        case _:
            return str(found)


def _is_plain(number: float) -> bool:
    if isinstance(number, int):
        return number.bit_length() < _INT_BITS
    return math.isfinite(number)


def _to_json(found: object) -> str:
    try:
        return json.dumps(found, default=str, sort_keys=True)
    except (ValueError, RecursionError) as error:  # a very long number or a very deep nesting
        raise BudgetExceeded from error


def _hide(value: Setting) -> Secret:
    return Secret(hashlib.sha256(json.dumps(value).encode()).hexdigest())
