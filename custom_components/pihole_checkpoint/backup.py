"""Home Assistant's own backup: it contains fresh ones of the Pi-holes, and no file changes.

An exception from here would fail the user's whole backup, and nothing but the limits below bounds
how long it waits for us.
"""

import asyncio
from collections.abc import Collection
from contextlib import suppress
from typing import Final

from homeassistant.core import HomeAssistant

from .const import DOMAIN, LOGGER
from .coordinator import PiholeCheckpointConfigEntry, PiholeCheckpointCoordinator
from .engine.errors import HomeAssistantBackupRunning
from .engine.models import BackupTrigger
from .engine.pihole.errors import CheckpointError, DeadlineExceeded
from .engine.pihole.redaction import log_unexpected
from .exceptions import translated
from .freeze import Freeze, async_get_freeze

SECONDS_TO_BACK_UP: Final = 15.0
SECONDS_IN_ALL: Final = 30.0
"""The remaining seconds are for jobs that are cancelled: to end a login, and to log out."""


async def async_pre_backup(hass: HomeAssistant) -> None:
    """Back up the Pi-holes, and then let no file change until `async_post_backup`."""
    begin = hass.loop.time()
    freeze = async_get_freeze(hass)
    late: Collection[PiholeCheckpointCoordinator] = ()
    try:
        freeze.end()  # in case the end of an earlier backup was never announced
        late = await _async_back_up(hass)
        # Changes requested from now on wait; those that have begun are awaited below.
        freeze.begin()
        await _async_wait_for_writers(hass, freeze, late, begin)
    except Exception as error:  # noqa: BLE001 - no error of ours may fail Home Assistant's
        LOGGER.warning("Could not prepare for Home Assistant's own backup")
        log_unexpected(error)
        freeze.begin()


async def async_post_backup(hass: HomeAssistant) -> None:
    """Let files change again."""
    try:
        async_get_freeze(hass).end()
    except Exception as error:  # noqa: BLE001 - as above
        log_unexpected(error)


async def _async_back_up(hass: HomeAssistant) -> Collection[PiholeCheckpointCoordinator]:
    """Back up the Pi-holes that have the option, at once; return those that take too long."""

    async def back_up(coordinator: PiholeCheckpointCoordinator) -> None:
        async with asyncio.timeout(SECONDS_TO_BACK_UP):
            with coordinator.manager.catch_unexpected():
                await coordinator.manager.async_back_up(BackupTrigger.HA_BACKUP)

    asked = [
        coordinator for coordinator in _coordinators(hass) if coordinator.options.before_ha_backup
    ]
    results = await asyncio.gather(
        *(back_up(coordinator) for coordinator in asked), return_exceptions=True
    )
    failures = {
        coordinator: why for coordinator, why in zip(asked, results, strict=True) if why is not None
    }
    for coordinator, why in failures.items():
        error = _too_slow() if isinstance(why, TimeoutError) else why
        LOGGER.warning(
            "%s could not be backed up before Home Assistant's own backup: %s",
            coordinator.name,
            translated(error) if isinstance(error, CheckpointError) else error,
        )
    return [coordinator for coordinator, why in failures.items() if isinstance(why, TimeoutError)]


async def _async_wait_for_writers(
    hass: HomeAssistant,
    freeze: Freeze,
    late: Collection[PiholeCheckpointCoordinator],
    begin: float,
) -> None:
    """Wait for changes that have begun, and cancel jobs that do not end."""
    with suppress(TimeoutError):
        async with asyncio.timeout_at(begin + SECONDS_TO_BACK_UP):
            await freeze.gate.wait_for_writers()
    with suppress(TimeoutError):
        async with asyncio.timeout_at(begin + SECONDS_IN_ALL):
            await asyncio.gather(
                *(
                    coordinator.manager.jobs.cancel(
                        _too_slow() if coordinator in late else HomeAssistantBackupRunning()
                    )
                    for coordinator in _coordinators(hass)
                )
            )
            await freeze.gate.wait_for_writers()
    if names := freeze.gate.writers:
        LOGGER.warning(
            "Files of %s are still changing as Home Assistant's own backup starts; it may fail",
            ", ".join(names),
        )


def _too_slow() -> DeadlineExceeded:
    return DeadlineExceeded(seconds=f"{SECONDS_TO_BACK_UP:g}")


def _coordinators(hass: HomeAssistant) -> list[PiholeCheckpointCoordinator]:
    entries: list[PiholeCheckpointConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    return [entry.runtime_data for entry in entries]
