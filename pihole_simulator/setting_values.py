"""What a setting becomes of the value that somebody sent for it, or why it is refused."""

from collections.abc import Callable, Mapping
import re
import socket
from typing import TypeIs

from .definitions import Definition, Setting, SettingType

_INT_MAX, _UINT_MAX, _UINT16_MAX = 2**31 - 1, 2**32 - 1, 2**16 - 1
_LEADING_NUMBER = re.compile(r"\s*([+-]?\d+)")


class InvalidValue(Exception):
    """Why a value is refused, in FTL's words."""


def read_value(definition: Definition, sent: object) -> Setting:
    """Return what is stored for a value of a JSON object. Raises `InvalidValue`."""
    return _READERS[definition.type](definition, sent)


def _boolean(_: Definition, sent: object) -> Setting:
    if not isinstance(sent, bool):
        raise InvalidValue("not of type bool")
    return sent


def _whole(words: str, lowest: int, highest: int) -> Callable[[Definition, object], Setting]:
    """Read whole numbers: what stands behind the point of others is cut off."""

    def read(_: Definition, sent: object) -> Setting:
        if not _is_number(sent) or not lowest <= sent <= highest:
            raise InvalidValue(f"not of type {words}")
        return int(sent)

    return read


def _double(_: Definition, sent: object) -> Setting:
    if not _is_number(sent):
        raise InvalidValue("not a number")
    return float(sent)


def _string(_: Definition, sent: object) -> Setting:
    return _text(sent)


def _enum(definition: Definition, sent: object) -> Setting:
    """Read one of some words, whether it is written in capitals or not."""
    text = _text(sent)
    for known in definition.allowed:
        if str(known).lower() == text.lower():
            return known
    raise InvalidValue("invalid option")


def _numbered_enum(definition: Definition, sent: object) -> Setting:
    """Read a number, or a text that begins with one."""
    if isinstance(sent, str) and (found := _LEADING_NUMBER.match(sent)):
        sent = int(found[1])
    if not _is_number(sent):
        raise InvalidValue("not of type integer")
    if int(sent) not in definition.allowed:
        raise InvalidValue("not within valid range")
    return int(sent)


def _address(
    family: socket.AddressFamily, name: str, nowhere: str
) -> Callable[[Definition, object], Setting]:
    def read(_: Definition, sent: object) -> Setting:
        text = _text(sent)
        try:
            packed = socket.inet_pton(family, text or nowhere)
        except OSError:
            raise InvalidValue(f"not a valid {name} address") from None
        written = socket.inet_ntop(family, packed)
        return "" if written == nowhere else written

    return read


def _array(_: Definition, sent: object) -> Setting:
    if not isinstance(sent, list):
        raise InvalidValue("not of type array")
    if not all(isinstance(item, str) for item in sent):
        raise InvalidValue("array has invalid elements")
    return [str(item) for item in sent]


def _is_number(sent: object) -> TypeIs[int | float]:
    return isinstance(sent, int | float) and not isinstance(sent, bool)


def _text(sent: object) -> str:
    if not isinstance(sent, str):
        raise InvalidValue("not of type string")
    return sent


_READERS: Mapping[SettingType, Callable[[Definition, object], Setting]] = {
    SettingType.BOOLEAN: _boolean,
    SettingType.INTEGER: _whole("integer", -_INT_MAX - 1, _INT_MAX),
    SettingType.UNSIGNED: _whole("unsigned integer", 0, _UINT_MAX),
    SettingType.UNSIGNED_16: _whole("unsigned integer (16bit)", 0, _UINT16_MAX),
    SettingType.DOUBLE: _double,
    SettingType.STRING: _string,
    SettingType.PASSWORD: _string,
    SettingType.ENUM: _enum,
    SettingType.NUMBERED_ENUM: _numbered_enum,
    SettingType.IPV4: _address(socket.AF_INET, "IPv4", "0.0.0.0"),  # noqa: S104 - FTL's "none"
    SettingType.IPV6: _address(socket.AF_INET6, "IPv6", "::"),
    SettingType.ARRAY: _array,
}
