"""Time that passes for Home Assistant."""

from datetime import UTC, datetime, timedelta
from unittest.mock import patch
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.pihole_checkpoint.options import (
    CONF_FREQUENCY,
    CONF_TIME,
    CONF_WEEKDAYS,
    SECTION_SCHEDULE,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers import event
from homeassistant.util.async_ import get_scheduled_timer_handles
from tests.support.home import Home

START = datetime(2026, 1, 20, 12, tzinfo=UTC)


def run_timers(hass: HomeAssistant, moment: datetime) -> None:
    """Run what is due by a moment that the clock already shows.

    This is `async_fire_time_changed`, which makes two mocks for each timer and takes most of a long
    time's steps for that.
    """
    moment += timedelta(microseconds=event.RANDOM_MICROSECOND_MAX)
    span = moment.timestamp() - datetime.now(UTC).timestamp()
    for timer in list(get_scheduled_timer_handles(hass.loop)):
        if not timer.cancelled() and timer.when() - hass.loop.time() <= span:
            with (
                patch.object(event, "time_tracker_utcnow", lambda: moment),
                patch.object(event, "time_tracker_timestamp", moment.timestamp),
            ):
                timer._run()  # noqa: SLF001 - before its time, as Home Assistant's own tests do
                timer.cancel()


class Days:
    """Lets time pass for Home Assistant, whose clock a test has stopped."""

    def __init__(self, home: Home, freezer: FrozenDateTimeFactory) -> None:
        self.home = home
        self._freezer = freezer

    async def move_to(self, moment: datetime) -> None:
        self._freezer.move_to(moment)
        run_timers(self.home.hass, moment)
        await self.home.hass.async_block_till_done(wait_background_tasks=True)

    async def pass_by(self, span: timedelta) -> None:
        await self.move_to(datetime.now(UTC) + span)

    async def correct_clock(self, moment: datetime) -> None:
        """Set the clock to another time, while timers go on: they count seconds, and have come."""
        self._freezer.move_to(moment)
        async_fire_time_changed(self.home.hass, moment, fire_all=True)
        await self.home.hass.async_block_till_done(wait_background_tasks=True)

    async def schedule(self, frequency: str, at: str = "03:00:00", *weekdays: str) -> None:
        chosen = {CONF_FREQUENCY: frequency, CONF_TIME: at, CONF_WEEKDAYS: list(weekdays)}
        await self.home.choose(**{SECTION_SCHEDULE: chosen})

    @property
    def made(self) -> list[datetime]:
        """When backups were made, the newest first, in local time."""
        zone = ZoneInfo(self.home.hass.config.time_zone)
        return [
            record.created_at.astimezone(zone)
            for record in self.home.entry.runtime_data.data.records
        ]
