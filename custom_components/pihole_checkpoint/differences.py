"""The sensor that counts how many things are different from another Pi-hole."""

from typing import Final, override

from homeassistant.components.sensor import (
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
    ConfigEntryState,
)
from homeassistant.const import EntityCategory
from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect

from .const import DOMAIN
from .coordinator import PiholeCheckpointConfigEntry, PiholeCheckpointCoordinator
from .engine.restore.drift import Differences
from .entity import PiholeCheckpointEntity
from .manager.drift import async_get_drift
from .options import other_piholes
from .wording import async_get_words

MOST_LINES: Final = 10

_DESCRIPTION: Final = SensorEntityDescription(
    key="differences",
    translation_key="differences",
    state_class=SensorStateClass.MEASUREMENT,
    entity_category=EntityCategory.DIAGNOSTIC,
    entity_registry_enabled_default=False,
)

type _Pair = tuple[str, str]
"""The hashes of the two current backups."""


class DifferencesSensor(PiholeCheckpointEntity, SensorEntity):
    """How many things are different from another Pi-hole, by the current backups of both.

    They are compared when one of them is another backup, and not for each state.
    """

    _unrecorded_attributes = frozenset({"summary"})

    def __init__(self, coordinator: PiholeCheckpointCoordinator) -> None:
        super().__init__(coordinator, _DESCRIPTION)
        self._other: PiholeCheckpointConfigEntry | None = None
        """The Pi-hole that this one is compared with."""
        self._followed: PiholeCheckpointCoordinator | None = None
        self._unfollow: CALLBACK_TYPE | None = None
        self._pair: _Pair | None = None
        """What is compared, or was last."""
        self._found: Differences | None = None

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.async_on_remove(
            async_dispatcher_connect(self.hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._entry_changed)
        )
        self.async_on_remove(self._stop_following)
        self._follow()

    @callback
    def _entry_changed(self, _change: ConfigEntryChange, entry: ConfigEntry) -> None:
        if entry.domain == DOMAIN and entry.entry_id != self.coordinator.config_entry.entry_id:
            self._follow()

    @callback
    def _follow(self) -> None:
        """Find the other Pi-hole, and hear of its backups for as long as it is loaded."""
        others = other_piholes(self.hass, self.coordinator.config_entry)
        chosen = self.coordinator.options.compare_with
        self._other = next(
            (entry for entry in others if entry.entry_id == chosen), others[0] if others else None
        )
        is_loaded = self._other is not None and self._other.state is ConfigEntryState.LOADED
        coordinator = self._other.runtime_data if self._other is not None and is_loaded else None
        if coordinator is not self._followed:
            self._stop_following()
            if coordinator is not None:
                self._unfollow = coordinator.async_add_listener(self._handle_coordinator_update)
            self._followed = coordinator
        self._handle_coordinator_update()

    @callback
    def _stop_following(self) -> None:
        if self._unfollow is not None:
            self._unfollow()
        self._unfollow = self._followed = None

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        pair = self._current_pair()
        if pair != self._pair:
            self._pair = pair
            if self._followed is None or pair is None:
                self._found = None
            else:
                _ = self.coordinator.config_entry.async_create_background_task(
                    self.hass, self._async_compare(self._followed, pair), f"{DOMAIN} differences"
                )
        super()._handle_coordinator_update()

    def _current_pair(self) -> _Pair | None:
        if self._followed is None:
            return None
        one, other = self._followed.data.current, self.coordinator.data.current
        return None if one is None or other is None else (one.sha256, other.sha256)

    async def _async_compare(self, followed: PiholeCheckpointCoordinator, pair: _Pair) -> None:
        found = await async_get_drift(self.hass).async_compare(
            followed.manager, self.coordinator.manager
        )
        if self._pair != pair:
            return  # there is another backup meanwhile, which is compared next
        self._found = found
        super()._handle_coordinator_update()

    @property
    @override
    def native_value(self) -> int | None:
        return None if self._found is None else self._found.number

    @property
    @override
    def extra_state_attributes(self) -> dict[str, str | list[str]] | None:
        if self._found is None or self._other is None:
            return None
        excerpt = self._found.excerpt
        lines = async_get_words(self.hass).sentences(excerpt.changes, excerpt.left_out)
        return {"compared_with": self._other.title, "summary": lines[:MOST_LINES]}

    @property
    @override
    def shown(self) -> object:
        return self.native_value, self.extra_state_attributes
