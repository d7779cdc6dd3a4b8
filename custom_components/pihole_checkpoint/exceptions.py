"""The engine's errors as Home Assistant's: one translated sentence each."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, TypedDict

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from .const import DOMAIN
from .data import Attempt
from .engine.errors import BackupNotFound, NothingToUndo, RecordOfLaterVersion
from .engine.models import Remark
from .engine.pihole.errors import CheckpointError

_WRONGLY_ASKED: Final = (BackupNotFound, NothingToUndo, RecordOfLaterVersion)
"""Errors in a request; Home Assistant logs no traceback for these."""


class Translation(TypedDict):
    """The arguments of Home Assistant's errors."""

    translation_domain: str
    translation_key: str
    translation_placeholders: dict[str, str]


def translation(error: CheckpointError) -> Translation:
    """Return the key and the placeholders of an error's sentence."""
    placeholders = error.placeholders
    cause = error.__cause__
    if isinstance(cause, CheckpointError) and placeholders.get("reason") == cause.key:
        placeholders = placeholders | {"reason": str(translated(cause))}
    return {
        "translation_domain": DOMAIN,
        "translation_key": error.key,
        "translation_placeholders": placeholders,
    }


@contextmanager
def translated_errors() -> Iterator[None]:
    """Raise the engine's errors as Home Assistant's."""
    try:
        yield
    except CheckpointError as error:
        raise translated(error) from error


def translated(error: CheckpointError) -> HomeAssistantError:
    """Return the error as Home Assistant's."""
    kind = ServiceValidationError if isinstance(error, _WRONGLY_ASKED) else HomeAssistantError
    return kind(**translation(error))


def remark_of(remark: Remark) -> str:
    """Return the sentence of a remark on a restore."""
    return sentence(remark.key, remark.placeholders)


def message_of(attempt: Attempt) -> str | None:
    """Return the sentence that says why an attempt failed, if it did."""
    if attempt.reason is None:
        return None
    return sentence(attempt.reason, attempt.placeholders)


def sentence(key: str, placeholders: dict[str, str]) -> str:
    """Return a sentence of the translations of errors."""
    return str(
        HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key=key,
            translation_placeholders=placeholders,
        )
    )
