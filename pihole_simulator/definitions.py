"""Which settings each version of Pi-hole has, and of what kind they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
import tomllib
from typing import TypedDict, cast

type Setting = str | int | float | bool | list[str]


class SettingType(StrEnum):
    """The type of a setting, in the words of the API."""

    BOOLEAN = "boolean"
    INTEGER = "integer"
    UNSIGNED = "unsigned integer"
    UNSIGNED_16 = "unsigned integer (16 bit)"
    DOUBLE = "double"
    STRING = "string"
    ENUM = "enum (string)"
    NUMBERED_ENUM = "enum (unsigned integer)"
    IPV4 = "IPv4 address"
    IPV6 = "IPv6 address"
    ARRAY = "string array"
    PASSWORD = "password (write-only string)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """One setting of one version."""

    name: str
    type: SettingType
    default: Setting
    allowed: tuple[str | int, ...]
    """The values of an enum."""
    check: str
    """What else a new value has to be: a key of `checks.CHECKS`, or nothing."""
    tidied: bool
    """Whether superfluous spaces are removed when it is written."""
    restarts: bool
    """Whether Pi-hole restarts when it changes."""
    ends_sessions: bool
    """Whether all sessions end when it changes."""
    write_only: bool
    """Whether the API shows asterisks instead of its value."""
    read_only: bool
    """Whether the API refuses to switch it on."""

    @property
    def is_in_file(self) -> bool:
        """Whether it is in pihole.toml. Of the password, only the hash is."""
        return self.type is not SettingType.PASSWORD


class _Fields(TypedDict, total=False):
    type: str
    default: Setting
    allowed: list[str | int]
    check: str
    tidied: bool
    restarts: bool
    ends_sessions: bool
    write_only: bool
    read_only: bool


@cache
def definitions(version: str) -> Mapping[str, Definition]:
    """Return all settings of a version by name, in the order of its pihole.toml."""
    file = tomllib.loads((Path(__file__).parent / "settings.toml").read_text())
    return {
        name: _definition(name, cast("_Fields", {**fields, **fields.get(version, {})}))
        for name, fields in file.items()
        if version in fields.get("versions", [version])
    }


def _definition(name: str, fields: _Fields) -> Definition:
    return Definition(
        name=name,
        type=SettingType(fields["type"]),
        default=fields["default"],
        allowed=tuple(fields.get("allowed", ())),
        check=fields.get("check", ""),
        tidied=fields.get("tidied", False),
        restarts=fields.get("restarts", False),
        ends_sessions=fields.get("ends_sessions", False),
        write_only=fields.get("write_only", False),
        read_only=fields.get("read_only", False),
    )
