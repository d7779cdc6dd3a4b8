"""The engine's errors as Home Assistant's: one translated sentence each."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, TypedDict

from homeassistant.core import async_get_hass
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from .const import DOMAIN
from .engine.errors import BackupNotFound, NoBackupFor, NothingToUndo, RecordOfLaterVersion
from .engine.pihole.errors import CheckpointError
from .wording import async_get_words

_WRONGLY_ASKED: Final = (BackupNotFound, NoBackupFor, NothingToUndo, RecordOfLaterVersion)
"""Errors in a request; Home Assistant logs no traceback for these."""


class Translation(TypedDict):
    """The arguments of Home Assistant's errors."""

    translation_domain: str
    translation_key: str
    translation_placeholders: dict[str, str]


def translation(error: CheckpointError) -> Translation:
    """Return the key and the placeholders of an error's sentence."""
    return {
        "translation_domain": DOMAIN,
        "translation_key": error.key,
        "translation_placeholders": async_get_words(async_get_hass()).placeholders(error),
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
