"""What a page needs to show backups live. Pages change backups only by actions."""

from collections.abc import Callable, Iterable
from typing import Any, Final

import voluptuous as vol

from homeassistant.components import websocket_api
from homeassistant.components.websocket_api.connection import ActiveConnection
from homeassistant.components.websocket_api.decorators import websocket_command
from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
    ConfigEntryState,
)
from homeassistant.const import CONF_URL
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.service import async_get_config_entry
from homeassistant.util.json import JsonObjectType, JsonValueType

from .const import DOMAIN, signal_event
from .coordinator import PiholeCheckpointConfigEntry, PiholeCheckpointCoordinator
from .data import Attempt, BackupEvent, CheckpointData, Undo
from .engine.errors import BackupNotFound
from .engine.models import BackupRecord, LastChange
from .engine.repository.index import Index
from .exceptions import translated
from .responses import headline_response, record_response
from .websocket_details import async_setup_details
from .websocket_errors import refuse
from .wording import Words, async_get_words

_FEW: Final = 20
MOST_RECORDS: Final = 200
"""In one message. When more come or change at once, a whole snapshot is sent instead."""
_LIMIT: Final[dict[str | vol.Marker, object]] = {
    vol.Optional("limit", default=_FEW): vol.All(int, vol.Range(min=1, max=MOST_RECORDS))
}


@callback
def async_setup_websocket_api(hass: HomeAssistant) -> None:
    """Register the commands. None of them changes anything, so these here are for all users."""
    for command in (_piholes, _subscribe, _backups):
        websocket_api.async_register_command(hass, command)
    async_setup_details(hass)


@websocket_command({vol.Required("type"): f"{DOMAIN}/piholes"})
@callback
def _piholes(hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]) -> None:
    """List all Pi-holes, also those that are not loaded."""
    entries = hass.config_entries.async_entries(
        DOMAIN, include_ignore=False, include_disabled=False
    )
    piholes: list[JsonValueType] = [
        {"config_entry_id": entry.entry_id, "title": entry.title} for entry in entries
    ]
    connection.send_result(msg["id"], {"piholes": piholes})


@websocket_command(
    {vol.Required("type"): f"{DOMAIN}/subscribe", vol.Required("config_entry_id"): str, **_LIMIT}
)
@callback
def _subscribe(hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]) -> None:
    """Send the state of one Pi-hole until the page is closed.

    An entry that is not loaded is not refused: after a restart, pages are back before entries.
    """
    entry: PiholeCheckpointConfigEntry | None
    try:
        entry = async_get_config_entry(hass, DOMAIN, msg["config_entry_id"])
    except ServiceValidationError as error:
        entry = hass.config_entries.async_get_entry(msg["config_entry_id"])
        if entry is None or entry.domain != DOMAIN:
            refuse(connection, msg, error)
            return

    @callback
    def send(event: Event) -> None:
        connection.send_event(msg["id"], event)

    subscription = Subscription(hass, entry, msg["limit"], send)
    connection.subscriptions[msg["id"]] = subscription.stop
    connection.send_result(msg["id"])
    subscription.start()


@websocket_command(
    {
        vol.Required("type"): f"{DOMAIN}/backups",
        vol.Required("config_entry_id"): str,
        vol.Optional("after"): str,
        **_LIMIT,
    }
)
@callback
def _backups(hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]) -> None:
    """Return the next page: the newest backups that are older than the one with ID `after`."""
    after: str | None = msg.get("after")
    try:
        entry: PiholeCheckpointConfigEntry = async_get_config_entry(
            hass, DOMAIN, msg["config_entry_id"]
        )
        index = entry.runtime_data.data.index
        records = index.records
        begin = 0
        if after is not None:
            place = next((i for i, record in enumerate(records) if record.id == after), None)
            if place is None:
                raise translated(BackupNotFound(id=after))
            begin = place + 1
    except HomeAssistantError as error:
        refuse(connection, msg, error)
        return
    page = records_response(
        entry.entry_id, records[begin : begin + msg["limit"]], index, async_get_words(hass)
    )
    connection.send_result(msg["id"], {"backups": page, "total": len(records)})


type Event = dict[str, object]
type _Records = tuple[BackupRecord, ...]


def records_response(
    entry_id: str, records: Iterable[BackupRecord], index: Index, words: Words
) -> list[JsonValueType]:
    """Describe some of the backups in the index."""
    return [record_response(entry_id, record, index, words) for record in records]


def pihole_response(
    coordinator: PiholeCheckpointCoordinator, snapshot: CheckpointData
) -> JsonObjectType:
    """Describe a Pi-hole without its single backups."""
    entry = coordinator.config_entry
    is_known, error = snapshot.is_known, snapshot.storage_error
    last = snapshot.last_backup if is_known else None
    change = snapshot.last_change if is_known else None
    restore = _restore_response(coordinator.manager.state.undo, snapshot)
    allowed = coordinator.manager.restores.may_change_settings
    words = async_get_words(coordinator.hass)
    return {
        "config_entry_id": entry.entry_id,
        "title": entry.title,
        "url": entry.data[CONF_URL],
        "available": error is None,
        "storage_message": None if error is None else words.error(error),
        "reachable": snapshot.reachable,
        "stage": snapshot.stage and snapshot.stage.value,
        "progress": snapshot.progress,
        "running": snapshot.is_running,
        "deadline": coordinator.options.deadline,
        "next_run": snapshot.next_run and snapshot.next_run.isoformat(),
        "overdue": snapshot.overdue,
        "last_backup": last.isoformat() if last else None,
        "last_change": change and _last_change_response(change, words),
        "attempt": snapshot.attempt and _attempt_response(snapshot.attempt, words),
        "count": len(snapshot.good) if is_known else None,
        "damaged": snapshot.damaged if is_known else 0,
        "storage_used": snapshot.index.size if is_known else None,
        "free_space": snapshot.free_space,
        "can_undo": restore is not None,
        "restore": restore,
        "permission": "unknown" if allowed is None else "yes" if allowed else "no",
    }


def _last_change_response(change: LastChange, words: Words) -> JsonObjectType:
    summary: list[JsonValueType] = [*words.last_change(change)]
    return {
        "at": change.at.isoformat(),
        "summary": summary,
        "headline": None
        if change.changes is None
        else headline_response(change.changes, change.left_out),
    }


def _restore_response(undo: Undo | None, snapshot: CheckpointData) -> JsonObjectType | None:
    """Describe the restore that can be taken back, or done again after that."""
    if undo is None:
        return None
    safety = next((each for each in snapshot.records if each.id == undo.backup_id), None)
    if safety is None:
        return None
    return {
        "kind": "redo" if undo.is_redo else "undo",
        "backup_id": undo.backup_id,
        "at": safety.created_at.isoformat(),
        "restored_backup_id": undo.restored_id,
    }


def _attempt_response(attempt: Attempt, words: Words) -> JsonObjectType:
    return {
        "at": attempt.at.isoformat(),
        "trigger": attempt.trigger.value,
        "result": attempt.result.value,
        "reason": attempt.reason,
        "message": words.attempt(attempt),
    }


class Subscription:
    """Sends changes of one Pi-hole to one page, also across reloads of its entry."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: PiholeCheckpointConfigEntry,
        limit: int,
        send: Callable[[Event], None],
    ) -> None:
        self._hass = hass
        self._entry = entry
        self._limit = limit
        self._send = send
        self._coordinator: PiholeCheckpointCoordinator | None = None
        """`None` while the entry is not loaded."""
        self._pihole: JsonObjectType = {}
        self._records: _Records = ()
        """What was sent last."""
        self._unsubscribe: list[CALLBACK_TYPE] = []
        self._stop_watching: CALLBACK_TYPE | None = None

    @callback
    def start(self) -> None:
        """Send everything once, and then what changes."""
        self._stop_watching = async_dispatcher_connect(
            self._hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._entry_changed
        )
        if self._entry.state is ConfigEntryState.LOADED:
            self._attach()
        else:
            self._send({"kind": "unloaded"})

    @callback
    def stop(self) -> None:
        """Send nothing more."""
        self._detach()
        if self._stop_watching is not None:
            self._stop_watching()
            self._stop_watching = None

    @callback
    def _entry_changed(self, _change: ConfigEntryChange, entry: ConfigEntry) -> None:
        if entry.entry_id != self._entry.entry_id:
            return
        is_loaded = entry.state is ConfigEntryState.LOADED
        if is_loaded and self._coordinator is None:
            self._attach()
        elif is_loaded and self._coordinator is not None:
            self._send_changes(self._coordinator)  # the title may have changed
        elif self._coordinator is not None:
            self._detach()
            self._send({"kind": "unloaded"})

    @callback
    def _attach(self) -> None:
        coordinator = self._coordinator = self._entry.runtime_data

        @callback
        def changed() -> None:
            self._send_changes(coordinator)

        @callback
        def happened(event: BackupEvent) -> None:
            self._send({"kind": "happening", "type": event.type.value, "data": event.data})

        self._unsubscribe = [
            coordinator.async_add_listener(changed),
            async_dispatcher_connect(self._hass, signal_event(self._entry.entry_id), happened),
        ]
        self._send_all(coordinator)

    @callback
    def _detach(self) -> None:
        self._coordinator = None
        while self._unsubscribe:
            self._unsubscribe.pop()()

    @callback
    def _send_all(self, coordinator: PiholeCheckpointCoordinator) -> None:
        snapshot = coordinator.data
        self._pihole = pihole_response(coordinator, snapshot)
        self._records = snapshot.records
        self._send(
            {
                "kind": "snapshot",
                "pihole": self._pihole,
                "backups": self._responses(snapshot.records[: self._limit], snapshot.index),
                "total": len(snapshot.records),
            }
        )

    @callback
    def _send_changes(self, coordinator: PiholeCheckpointCoordinator) -> None:
        snapshot = coordinator.data
        pihole = pihole_response(coordinator, snapshot)
        if pihole == self._pihole and snapshot.records == self._records:
            return
        added, changed, removed = _compare(self._records, snapshot.records)
        if len(added) + len(changed) > MOST_RECORDS:
            self._send_all(coordinator)
            return
        event: Event = {
            "kind": "update",
            "added": self._responses(added, snapshot.index),
            "changed": self._responses(changed, snapshot.index),
            "removed": removed,
            "total": len(snapshot.records),
        }
        if pihole != self._pihole:
            event["pihole"] = pihole
        self._pihole, self._records = pihole, snapshot.records
        self._send(event)

    def _responses(self, records: Iterable[BackupRecord], index: Index) -> list[JsonValueType]:
        words = async_get_words(self._hass)
        return records_response(self._entry.entry_id, records, index, words)


def _compare(old: _Records, new: _Records) -> tuple[_Records, _Records, list[str]]:
    """Return the added and the changed records, the newest first, and the IDs of the removed ones.

    Records are immutable, and most are the same objects as before.
    """
    if old == new:  # quick for the same object
        return (), (), []
    before = {record.id: record for record in old}
    after = {record.id for record in new}
    others = [record for record in new if before.get(record.id) is not record]
    added = tuple(record for record in others if record.id not in before)
    changed = tuple(
        record for record in others if record.id in before and before[record.id] != record
    )
    return added, changed, [record.id for record in old if record.id not in after]
