"""The engine's errors as Home Assistant's: one translated sentence each."""

from typing import TypedDict

from homeassistant.exceptions import HomeAssistantError

from .const import DOMAIN
from .engine.errors import CheckpointError
from .memory import Attempt


class Translation(TypedDict):
    """What Home Assistant's errors take."""

    translation_domain: str
    translation_key: str
    translation_placeholders: dict[str, str]


def translation(error: CheckpointError) -> Translation:
    """Name the sentence of an error."""
    return {
        "translation_domain": DOMAIN,
        "translation_key": error.key,
        "translation_placeholders": error.placeholders,
    }


def translated(error: CheckpointError) -> HomeAssistantError:
    """Say it as Home Assistant does."""
    return HomeAssistantError(**translation(error))


def message_of(attempt: Attempt) -> str | None:
    """Say in a sentence why an attempt failed."""
    if attempt.reason is None:
        return None
    return str(
        HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key=attempt.reason,
            translation_placeholders=attempt.placeholders,
        )
    )
