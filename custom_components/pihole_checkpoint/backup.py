"""Home Assistant's own backup: it holds fresh ones of the Pi-holes, and nothing disturbs it.

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
"""The rest of them is for calling off: for a login to end, and for a logout."""


async def async_pre_backup(hass: HomeAssistant) -> None:
    """Back up the Pi-holes, and then let no file change until `async_post_backup`."""
    begin = hass.loop.time()
    quiet = async_get_freeze(hass)
    late: Collection[PiholeCheckpointCoordinator] = ()
    try:
        quiet.end()  # should the end of an earlier one never have been told
        late = await _async_back_up(hass)
        # What is asked for from now on waits. What was asked for before is waited for below.
        quiet.begin()
        await _async_come_to_rest(hass, quiet, late, begin)
    except Exception as error:  # noqa: BLE001 - whatever it is, it must not become Home Assistant's
        LOGGER.warning("Could not prepare for Home Assistant's backup")
        log_unexpected(error)
        quiet.begin()


async def async_post_backup(hass: HomeAssistant) -> None:
    """Let files change again."""
    try:
        async_get_freeze(hass).end()
    except Exception as error:  # noqa: BLE001 - as above
        log_unexpected(error)


async def _async_back_up(hass: HomeAssistant) -> Collection[PiholeCheckpointCoordinator]:
    """Back up those that shall be, side by side; give those that take too long."""

    async def back_up(coordinator: PiholeCheckpointCoordinator) -> None:
        async with asyncio.timeout(SECONDS_TO_BACK_UP):
            with coordinator.catch_unexpected():
                await coordinator.async_back_up(BackupTrigger.HA_BACKUP)

    asked = [it for it in _coordinators(hass) if it.options.before_ha_backup]
    results = await asyncio.gather(*(back_up(it) for it in asked), return_exceptions=True)
    failures = {it: why for it, why in zip(asked, results, strict=True) if why is not None}
    for coordinator, why in failures.items():
        error = _too_slow() if isinstance(why, TimeoutError) else why
        LOGGER.warning(
            "%s could not be backed up before Home Assistant's own backup: %s",
            coordinator.name,
            translated(error) if isinstance(error, CheckpointError) else error,
        )
    return [it for it, why in failures.items() if isinstance(why, TimeoutError)]


async def _async_come_to_rest(
    hass: HomeAssistant,
    quiet: Freeze,
    late: Collection[PiholeCheckpointCoordinator],
    begin: float,
) -> None:
    """Let what is under way end, and call off what does not."""
    with suppress(TimeoutError):
        async with asyncio.timeout_at(begin + SECONDS_TO_BACK_UP):
            await quiet.wait_for_rest()
    with suppress(TimeoutError):
        async with asyncio.timeout_at(begin + SECONDS_IN_ALL):
            await asyncio.gather(
                *(
                    it.jobs.cancel(_too_slow() if it in late else HomeAssistantBackupRunning())
                    for it in _coordinators(hass)
                )
            )
            await quiet.wait_for_rest()
    if names := quiet.under_way:
        LOGGER.warning(
            "Files of %s still change while Home Assistant's backup begins, which may fail it",
            ", ".join(names),
        )


def _too_slow() -> DeadlineExceeded:
    return DeadlineExceeded(seconds=f"{SECONDS_TO_BACK_UP:g}")


def _coordinators(hass: HomeAssistant) -> list[PiholeCheckpointCoordinator]:
    entries: list[PiholeCheckpointConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    return [entry.runtime_data for entry in entries]
