"""The Pi-hole itself, as far as it is known: whether it answers, and takes our password."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from ..address_change import async_look_for_moved, async_withdraw_offer
from ..const import DOMAIN, LOGGER
from ..engine.errors import Unexpected, catch_unexpected
from ..engine.pihole.client import PiholeClient
from ..engine.pihole.errors import (
    CheckpointError,
    ConnectionFailed,
    PasswordNeeded,
    TotpRequired,
    WrongAddress,
    WrongPassword,
    shows_reachable,
)

_ASK_FOR_PASSWORD: Final = (WrongPassword, PasswordNeeded, TotpRequired)
_PROBE_SECONDS: Final = 8.0


class Pihole:
    """The Pi-hole of one entry."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        client: PiholeClient,
        publish: Callable[[], None],
    ) -> None:
        self.client = client
        self.is_reachable = True
        self._hass = hass
        self._entry = entry
        self._publish = publish

    async def async_probe(self) -> None:
        """Find out whether the Pi-hole answers, and look elsewhere for one that does not."""
        # An unexpected exception says nothing about the Pi-hole.
        with suppress(Unexpected), catch_unexpected(self.client.secrets):
            is_reachable = await self._is_reachable()
            is_news = is_reachable is not self.is_reachable
            self.note_reachable(reachable=is_reachable)
            if is_news:
                self._publish()
            if not is_reachable:
                await async_look_for_moved(self._hass, self._entry)

    async def _is_reachable(self) -> bool:
        try:
            async with asyncio.timeout(_PROBE_SECONDS):
                await self.client.probe()
        except TimeoutError:
            return False
        except CheckpointError as error:
            return shows_reachable(error) is True
        return True

    @callback
    def learn_from(self, error: CheckpointError) -> None:
        """Take what an error says about the Pi-hole itself.

        When it does not say whether the Pi-hole answers, the Pi-hole is asked.
        """
        if (reachable := shows_reachable(error)) is not None:
            self.note_reachable(reachable=reachable)
        elif isinstance(error, (ConnectionFailed, WrongAddress)):
            _ = self._entry.async_create_background_task(
                self._hass, self.async_probe(), f"{DOMAIN} {self._entry.title} probe"
            )
        if isinstance(error, _ASK_FOR_PASSWORD):
            self.ask_for_password()

    @callback
    def ask_for_password(self) -> None:
        """Ask the user for the password."""
        self._entry.async_start_reauth(self._hass)

    @callback
    def note_reachable(self, *, reachable: bool) -> None:
        """Log once when the Pi-hole goes away, and once when it is back."""
        if reachable:
            async_withdraw_offer(self._hass, self._entry.entry_id)
        if reachable is self.is_reachable:
            return
        self.is_reachable = reachable
        if reachable:
            LOGGER.info("%s is reachable again", self._entry.title)
        else:
            LOGGER.info("%s is not reachable; its stored backups stay available", self._entry.title)
