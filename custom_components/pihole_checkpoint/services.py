"""The services, and what they answer."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

import voluptuous as vol

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_get_config_entry, async_register_admin_service
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType, JsonValueType

from .const import DOMAIN
from .coordinator import PiholeCheckpointConfigEntry, PiholeCheckpointCoordinator
from .engine.models import BackupRecord, Trigger
from .engine.retention import Plan

ATTR_BACKUP_ID = "backup_id"
ATTR_CONFIG_ENTRY_ID = "config_entry_id"
ATTR_DRY_RUN = "dry_run"
ATTR_NOTE = "note"
ATTR_PINNED = "pinned"

_LONGEST_NOTE = 2000
_ANY = {vol.Optional(ATTR_CONFIG_ENTRY_ID): vol.All(cv.ensure_list, [str], vol.Length(min=1))}
_ONE_BACKUP = {vol.Required(ATTR_CONFIG_ENTRY_ID): str, vol.Required(ATTR_BACKUP_ID): str}


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the services: what destroys or changes is for administrators."""
    hass.services.async_register(
        DOMAIN, "backup", _async_backup, vol.Schema(_ANY), SupportsResponse.OPTIONAL
    )
    hass.services.async_register(
        DOMAIN, "list", _async_list, vol.Schema(_ANY), SupportsResponse.ONLY
    )
    for name, function, schema in (
        ("delete", _async_delete, _ONE_BACKUP),
        ("prune", _async_prune, _ANY | {vol.Optional(ATTR_DRY_RUN, default=True): cv.boolean}),
        (
            "update",
            _async_update,
            _ONE_BACKUP
            | {
                vol.Optional(ATTR_PINNED): cv.boolean,
                vol.Optional(ATTR_NOTE): vol.All(str, vol.Length(max=_LONGEST_NOTE)),
            },
        ),
        ("verify", _async_verify, _ANY | {vol.Optional(ATTR_BACKUP_ID): str}),
    ):
        async_register_admin_service(
            hass, DOMAIN, name, function, vol.Schema(schema), SupportsResponse.OPTIONAL
        )


async def _async_backup(call: ServiceCall) -> ServiceResponse:
    """Back up the Pi-holes that were named, or every one, side by side."""
    made = await _async_for_each(call, lambda it: it.async_back_up(Trigger.SERVICE))
    return {"backups": [_record_response(entry_id, record) for entry_id, record in made]}


async def _async_list(call: ServiceCall) -> ServiceResponse:
    """List what is stored, newest first."""

    async def stored(coordinator: PiholeCheckpointCoordinator) -> tuple[BackupRecord, ...]:
        return coordinator.data.records

    by_pihole = await _async_for_each(call, stored)
    found = [(entry_id, record) for entry_id, records in by_pihole for record in records]
    found.sort(key=lambda it: it[1].created_at, reverse=True)
    return {"backups": [_record_response(entry_id, record) for entry_id, record in found]}


async def _async_delete(call: ServiceCall) -> ServiceResponse:
    """Delete a backup for good."""
    entry_id, coordinator = _the_one(call)
    record = await coordinator.async_delete(call.data[ATTR_BACKUP_ID])
    return {"backups": [_record_response(entry_id, record)]}


async def _async_update(call: ServiceCall) -> ServiceResponse:
    """Pin a backup or note something about it."""
    entry_id, coordinator = _the_one(call)
    record = await coordinator.async_update_backup(
        call.data[ATTR_BACKUP_ID], pinned=call.data.get(ATTR_PINNED), note=call.data.get(ATTR_NOTE)
    )
    return {"backups": [_record_response(entry_id, record)]}


async def _async_prune(call: ServiceCall) -> ServiceResponse:
    """Delete what no rule keeps, or tell what that would be."""
    dry_run: bool = call.data[ATTR_DRY_RUN]
    plans = await _async_for_each(call, lambda it: it.async_prune(dry_run=dry_run))
    return {
        "dry_run": dry_run,
        "piholes": [_plan_response(entry_id, plan) for entry_id, plan in plans],
    }


async def _async_verify(call: ServiceCall) -> ServiceResponse:
    """Read one stored archive again, or all."""
    backup_id: str | None = call.data.get(ATTR_BACKUP_ID)

    async def verify(coordinator: PiholeCheckpointCoordinator) -> list[BackupRecord]:
        if backup_id is None:
            return await coordinator.async_verify_all()
        return [await coordinator.async_verify(backup_id)]

    by_pihole = await _async_for_each(call, verify)
    return {
        "backups": [
            _record_response(entry_id, record)
            for entry_id, records in by_pihole
            for record in records
        ]
    }


async def _async_for_each[T](
    call: ServiceCall, do: Callable[[PiholeCheckpointCoordinator], Awaitable[T]]
) -> list[tuple[str, T]]:
    """Do it for the Pi-holes that were named, or every one, side by side.

    When it fails for some, it is done for the others all the same, and the error names those.
    """
    hass = call.hass
    entry_ids = list(dict.fromkeys(call.data.get(ATTR_CONFIG_ENTRY_ID, _all_entry_ids(hass))))
    if not entry_ids:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="no_pihole")

    async def do_for(entry_id: str) -> T:
        entry: PiholeCheckpointConfigEntry = async_get_config_entry(hass, DOMAIN, entry_id)
        return await do(entry.runtime_data)

    results = await asyncio.gather(
        *(do_for(entry_id) for entry_id in entry_ids), return_exceptions=True
    )
    failures: dict[str, HomeAssistantError] = {}
    done: list[tuple[str, T]] = []
    for entry_id, result in zip(entry_ids, results, strict=True):
        if isinstance(result, HomeAssistantError):
            failures[entry_id] = result
        elif isinstance(result, BaseException):
            raise result
        else:
            done.append((entry_id, result))
    if failures:
        raise _all_in_one(hass, failures, len(entry_ids))
    return done


def _all_entry_ids(hass: HomeAssistant) -> Iterable[str]:
    entries = hass.config_entries.async_entries(
        DOMAIN, include_ignore=False, include_disabled=False
    )
    return [entry.entry_id for entry in entries]


def _the_one(call: ServiceCall) -> tuple[str, PiholeCheckpointCoordinator]:
    entry: PiholeCheckpointConfigEntry = async_get_config_entry(
        call.hass, DOMAIN, call.data[ATTR_CONFIG_ENTRY_ID]
    )
    return entry.entry_id, entry.runtime_data


def _all_in_one(
    hass: HomeAssistant, failures: dict[str, HomeAssistantError], asked: int
) -> HomeAssistantError:
    """Say all that failed in one error."""
    if asked == 1:
        return next(iter(failures.values()))

    def title(entry_id: str) -> str:
        entry = hass.config_entries.async_get_entry(entry_id)
        return entry.title if entry is not None else entry_id

    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key="all_failed" if len(failures) == asked else "some_failed",
        translation_placeholders={
            "failed": str(len(failures)),
            "asked": str(asked),
            "reasons": " ".join(f"{title(it)}: {error}." for it, error in failures.items()),
        },
    )


def _record_response(entry_id: str, record: BackupRecord) -> JsonObjectType:
    return {
        "config_entry_id": entry_id,
        "id": record.id,
        "filename": record.filename,
        "file_size": record.file_size,
        "status": record.status,
        "is_manual": record.trigger.is_manual,
        "created_at": record.created_at.isoformat(),
        "created_at_display": f"{dt_util.as_local(record.created_at):%b %d, %Y %H:%M}",
        "trigger": record.trigger,
        "sha256": record.sha256,
        "duration": record.duration,
        "pinned": record.pinned,
        "note": record.note,
    }


def _plan_response(entry_id: str, plan: Plan) -> JsonObjectType:
    kept: list[JsonValueType] = [
        {**_record_response(entry_id, record), "kept_for": [str(it) for it in sorted(reasons)]}
        for record, reasons in plan.kept
    ]
    return {
        "config_entry_id": entry_id,
        "kept": kept,
        "removed": [_record_response(entry_id, record) for record in plan.removed],
    }
