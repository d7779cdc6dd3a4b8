"""What a setting becomes of its value in a pihole.toml: one that does not fit is passed over."""

from collections.abc import Callable, Mapping

from .definitions import Definition, Setting, SettingType
from .setting_values import InvalidValue, read_value

_UINT = 2**32
_INT = 2**31


class Unfit(Exception):
    """The file has no value here that the setting can take."""


def read_toml_value(definition: Definition, written: object) -> Setting:
    """Return the value of a setting. Raises `Unfit`."""
    return _READERS.get(definition.type, _like_json)(definition, written)


def _like_json(definition: Definition, written: object) -> Setting:
    try:
        return read_value(definition, written)
    except InvalidValue as error:
        raise Unfit from error


def _integer(_: Definition, written: object) -> Setting:
    return (_whole(written) + _INT) % _UINT - _INT


def _unsigned(_: Definition, written: object) -> Setting:
    """Cut off what does not fit into 32 bits, as C does."""
    if (number := _whole(written)) < 0:
        raise Unfit
    return number % _UINT


def _only_whole(definition: Definition, written: object) -> Setting:
    return _like_json(definition, _whole(written))


def _double(_: Definition, written: object) -> Setting:
    if not isinstance(written, float):
        raise Unfit
    return written


def _array(_: Definition, written: object) -> Setting:
    """Take the texts before the first item of another type; empty ones are left out."""
    if not isinstance(written, list):
        raise Unfit
    items: list[str] = []
    for item in written:
        if not isinstance(item, str):
            break
        items.append(item)
    return [item for item in items if item]


def _whole(written: object) -> int:
    if not isinstance(written, int) or isinstance(written, bool):
        raise Unfit
    return written


_READERS: Mapping[SettingType, Callable[[Definition, object], Setting]] = {
    SettingType.INTEGER: _integer,
    SettingType.UNSIGNED: _unsigned,
    SettingType.UNSIGNED_16: _only_whole,
    SettingType.DOUBLE: _double,
    SettingType.NUMBERED_ENUM: _only_whole,
    SettingType.ARRAY: _array,
}
