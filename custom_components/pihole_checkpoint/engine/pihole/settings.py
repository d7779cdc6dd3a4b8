"""The settings of a Pi-hole, by their full names such as `dns.upstreams`.

How a Pi-hole takes them is under "Settings" in `docs/pihole-api.md`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from http import HTTPMethod, HTTPStatus
import json
from typing import Final

from .answer import Answer
from .busy import try_while_busy
from .errors import AppPasswordReadOnly, SettingsRefused
from .limits import LARGEST_BODY
from .redaction import names_a_secret
from .session import PiholeSession

type SettingValue = bool | int | float | str | tuple[str, ...]

_DETAILED: Final = "api/config?detailed=true"
_APP_SUDO: Final = "api/config/webserver/api/app_sudo"
_TO_APPS: Final = "Unable to change configuration"
"""A part of what sessions of app passwords are refused with. Its key, `forbidden`, is also that of
refusals to all, where only the file of the settings may be changed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SettingInfo:
    """A setting as a Pi-hole has it."""

    value: SettingValue | None = field(repr=False)
    """`None` for a secret, and for what is neither a plain value nor an array of texts."""
    is_forced: bool
    """Whether the environment of the Pi-hole fixes it."""
    restarts: bool
    """Whether a change restarts the Pi-hole's DNS."""
    ends_sessions: bool
    """Whether a change ends all sessions."""


async def read_settings(session: PiholeSession) -> Mapping[str, SettingInfo]:
    """Return all settings that the Pi-hole knows.

    Raises `ConnectionFailed`, `WrongAddress` or `Refused`.
    """
    answer = await session.request(
        HTTPMethod.GET, _DETAILED, max_size=session.transport.sizes.settings
    )
    answer.raise_for_refusal()
    return dict(_settings(answer.object_at("config"), ""))


async def may_apps_change(session: PiholeSession) -> bool:
    """Return whether the Pi-hole lets sessions of app passwords change its settings.

    Raises `ConnectionFailed`, `WrongAddress` or `Refused`.
    """
    answer = await session.request(HTTPMethod.GET, _APP_SUDO)
    answer.raise_for_refusal()
    return answer.object_at("config", "webserver", "api").get("app_sudo") is True


def can_be_patched(values: Mapping[str, SettingValue]) -> bool:
    """Return whether a Pi-hole takes so much in one request."""
    return len(json.dumps(_body(values))) <= LARGEST_BODY


async def patch_settings(session: PiholeSession, values: Mapping[str, SettingValue]) -> None:
    """Have a Pi-hole take other values for some settings: all of them or none.

    It passes over settings that it does not know, and may store a value in another form, so read
    them again. Raises `SettingsRefused`, `AppPasswordReadOnly` and other `Refused`, `WrongAddress`
    or `ConnectionFailed`. A `ConnectionLost` may be the restart that follows a change: the values
    were taken then in most cases.
    """
    await try_while_busy(session, partial(_patch, session, values))


async def _patch(session: PiholeSession, values: Mapping[str, SettingValue]) -> None:
    answer = await session.request(
        HTTPMethod.PATCH,
        "api/config",
        body=_body(values),
        seconds=session.transport.timings.change,
        max_size=session.transport.sizes.settings,
    )
    if answer.error_key == "forbidden":
        if _TO_APPS in answer.full_reason:
            raise AppPasswordReadOnly
        raise SettingsRefused(reason=answer.reason)
    if answer.status == HTTPStatus.BAD_REQUEST and answer.error_key is not None:
        raise SettingsRefused(reason=_reason(answer))
    answer.raise_for_refusal()


def _reason(answer: Answer) -> str:
    """Return the setting that was refused, and why; the hint may only be its name."""
    error = answer.object_at("error")
    hint, message = error.get("hint"), error.get("message")
    if not isinstance(hint, str) or " " in hint:
        return answer.reason
    return answer.quote(f"{hint}: {message}")


def _body(values: Mapping[str, SettingValue]) -> dict[str, object]:
    return {"config": _nested(values)}


def _nested(values: Mapping[str, SettingValue]) -> dict[str, object]:
    """Return values with each part of their names but the last as an object."""
    nested: dict[str, object] = {}
    sections: dict[str, dict[str, SettingValue]] = {}
    for name, value in values.items():
        first, dot, rest = name.partition(".")
        if dot:
            sections.setdefault(first, {})[rest] = value
        else:
            nested[first] = list(value) if isinstance(value, tuple) else value
    return nested | {name: _nested(section) for name, section in sections.items()}


def _settings(section: Mapping[str, object], path: str) -> Iterator[tuple[str, SettingInfo]]:
    for key, found in section.items():
        if not isinstance(found, dict):
            continue
        name = f"{path}{key}"
        flags = found.get("flags")
        if not isinstance(flags, dict) or "value" not in found:
            yield from _settings(found, f"{name}.")
            continue
        yield (
            name,
            SettingInfo(
                value=_value(name, found["value"]),
                is_forced=flags.get("env_var") is True,
                restarts=flags.get("restart_dnsmasq") is True,
                ends_sessions=flags.get("session_reset") is True,
            ),
        )


def _value(name: str, found: object) -> SettingValue | None:
    match found:
        case bool() | int() | float():
            return found
        case str() if not names_a_secret(name):
            return found
        case list() if all(isinstance(item, str) for item in found):
            return tuple(found)
        case _:
            return None
