"""Diagnostics: what helps to find a cause, without secrets."""

from dataclasses import asdict
from typing import Any

from homeassistant.components.diagnostics import async_redact_data
from homeassistant.const import CONF_MAC, CONF_PASSWORD
from homeassistant.core import HomeAssistant

from .coordinator import PiholeCheckpointConfigEntry
from .engine.lacks import lacks
from .exceptions import translated
from .options import chosen_values

_SHOWN = 10


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: PiholeCheckpointConfigEntry
) -> dict[str, Any]:
    """Describe one Pi-hole's entry and what it did lately."""
    coordinator = entry.runtime_data
    snapshot = coordinator.data
    attempt = snapshot.attempt
    return {
        "entry": async_redact_data(dict(entry.data), {CONF_MAC, CONF_PASSWORD}),
        "options": chosen_values(hass, entry),
        "store": str(coordinator.options.store),
        "reachable": snapshot.reachable,
        "overdue": snapshot.overdue,
        "next_run": snapshot.next_run and snapshot.next_run.isoformat(),
        "less_safe": [lack.value for lack in lacks(coordinator.options.store)],
        "shared": snapshot.is_shared,
        "free_space": snapshot.free_space,
        "last_look_succeeded": snapshot.storage_error is None,
        "last_look_error": str(translated(snapshot.storage_error))
        if snapshot.storage_error
        else None,
        "last_attempt": attempt
        and {
            "at": attempt.at.isoformat(),
            "trigger": attempt.trigger.value,
            "result": attempt.result.value,
            "reason": attempt.reason,
            "placeholders": attempt.placeholders,
        },
        "backups": {
            "good": len(snapshot.good),
            "damaged": snapshot.damaged,
            "all": len(snapshot.records),
            "refused": sorted(snapshot.refused),
            "newest": [
                {
                    "created_at": record.created_at.isoformat(),
                    "trigger": record.trigger.value,
                    "status": record.status.value,
                    "file_size": record.file_size,
                    "duration": record.duration,
                    "pinned": record.pinned,
                    "confirmed_at": record.confirmed_at and record.confirmed_at.isoformat(),
                    "counts": record.counts and asdict(record.counts),
                    "versions": [record.versions.core, record.versions.web, record.versions.ftl],
                }
                for record in snapshot.records[:_SHOWN]
            ],
        },
    }
