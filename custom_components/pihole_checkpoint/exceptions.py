"""The engine's errors as Home Assistant's: one translated sentence each."""

from typing import Final, TypedDict

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from .const import DOMAIN
from .data import Attempt
from .engine.errors import BackupNotFound, NothingToUndo, RecordOfLaterVersion
from .engine.models import Remark
from .engine.pihole.errors import CheckpointError

_WRONGLY_ASKED: Final = (BackupNotFound, NothingToUndo, RecordOfLaterVersion)
"""What cannot be done because of what was asked for; Home Assistant logs no traceback of it."""


class Translation(TypedDict):
    """What Home Assistant's errors take."""

    translation_domain: str
    translation_key: str
    translation_placeholders: dict[str, str]


def translation(error: CheckpointError) -> Translation:
    """Name the sentence of an error."""
    placeholders = error.placeholders
    cause = error.__cause__
    if isinstance(cause, CheckpointError) and placeholders.get("reason") == cause.key:
        placeholders = placeholders | {"reason": str(translated(cause))}
    return {
        "translation_domain": DOMAIN,
        "translation_key": error.key,
        "translation_placeholders": placeholders,
    }


def translated(error: CheckpointError) -> HomeAssistantError:
    """Say it as Home Assistant does."""
    kind = ServiceValidationError if isinstance(error, _WRONGLY_ASKED) else HomeAssistantError
    return kind(**translation(error))


def remark_of(remark: Remark) -> str:
    """Say in a sentence what a user should know of a restore."""
    return sentence(remark.key, remark.placeholders)


def message_of(attempt: Attempt) -> str | None:
    """Say in a sentence why an attempt failed."""
    if attempt.reason is None:
        return None
    return sentence(attempt.reason, attempt.placeholders)


def sentence(key: str, placeholders: dict[str, str]) -> str:
    """Say what has words among the translations of errors."""
    return str(
        HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key=key,
            translation_placeholders=placeholders,
        )
    )
