"""The actions, and their answers."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from functools import partial
from pathlib import Path

import voluptuous as vol

from homeassistant.components.file_upload import process_uploaded_file
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
from homeassistant.util.json import JsonObjectType

from .const import DOMAIN
from .coordinator import PiholeCheckpointConfigEntry
from .engine.models import BackupRecord, BackupTrigger, RestorePart
from .engine.restore.change_ids import change_ids
from .engine.restore.models import RestoreRequest, RestoreResult
from .engine.restore.plan import Way
from .engine.restore.selection import Selection
from .engine.teleporter.contents import Contents
from .engine.teleporter.diff import compare
from .exceptions import translated_errors
from .manager.manager import Manager
from .responses import comparison_response, plan_response, record_response, restore_response
from .wording import Words, async_get_words

ATTR_BACKUP_ID = "backup_id"
ATTR_CONFIG_ENTRY_ID = "config_entry_id"
ATTR_OTHER_BACKUP_ID = "other_backup_id"
ATTR_OTHER_CONFIG_ENTRY_ID = "other_config_entry_id"
ATTR_DRY_RUN = "dry_run"
ATTR_FILE = "file"
ATTR_INCLUDE = "include"
ATTR_NOTE = "note"
ATTR_ONLY = "only"
ATTR_PINNED = "pinned"
ATTR_PLAN = "plan"
ATTR_SETTINGS = "settings"
ATTR_SOURCE_CONFIG_ENTRY_ID = "source_config_entry_id"
ATTR_UPDATE_GRAVITY = "update_gravity"
ATTR_WAY = "way"

_LONGEST_NOTE = 2000
_LONGEST_TEXT = 200
_TEXT = vol.All(str, vol.Length(min=1, max=_LONGEST_TEXT))
_ANY = {vol.Optional(ATTR_CONFIG_ENTRY_ID): vol.All(cv.ensure_list, [str], vol.Length(min=1))}


def _backup(value: object) -> str:
    """Return a backup's name as text: YAML makes dates of some, and templates numbers."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, str):
        return value
    raise vol.Invalid("expected the ID or the file name of a backup")


_ONE_BACKUP = {vol.Required(ATTR_CONFIG_ENTRY_ID): str, vol.Required(ATTR_BACKUP_ID): _backup}
_RESTORE = _ONE_BACKUP | {
    vol.Optional(ATTR_SOURCE_CONFIG_ENTRY_ID): str,
    vol.Optional(ATTR_INCLUDE): vol.All(
        cv.ensure_list, [vol.Coerce(RestorePart)], vol.Length(min=1)
    ),
    vol.Optional(ATTR_SETTINGS): vol.All(cv.ensure_list, [_TEXT], vol.Length(min=1)),
    vol.Optional(ATTR_ONLY): vol.All(cv.ensure_list, [_TEXT], vol.Length(min=1)),
    vol.Optional(ATTR_PLAN): _TEXT,
    vol.Optional(ATTR_WAY): vol.Coerce(Way),
    vol.Optional(ATTR_UPDATE_GRAVITY): cv.boolean,
    vol.Optional(ATTR_DRY_RUN, default=False): cv.boolean,
}
_UNDO = {
    vol.Required(ATTR_CONFIG_ENTRY_ID): str,
    vol.Optional(ATTR_WAY): vol.Coerce(Way),
}
_COMPARE = {
    vol.Required(ATTR_CONFIG_ENTRY_ID): str,
    vol.Optional(ATTR_BACKUP_ID): _backup,
    vol.Exclusive(ATTR_OTHER_BACKUP_ID, "other"): _backup,
    vol.Exclusive(ATTR_OTHER_CONFIG_ENTRY_ID, "other"): str,
}


type _Side = tuple[str, Manager, str | None]
"""A Pi-hole, and one of its backups or, with `None`, its present state."""


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions; those that delete or change something are for administrators."""
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
        ("restore", _async_restore, _RESTORE),
        ("undo_restore", _async_undo_restore, _UNDO),
        (
            "upload",
            _async_upload,
            {vol.Required(ATTR_CONFIG_ENTRY_ID): str, vol.Required(ATTR_FILE): str},
        ),
        ("verify", _async_verify, _ANY | {vol.Optional(ATTR_BACKUP_ID): _backup}),
    ):
        async_register_admin_service(
            hass, DOMAIN, name, function, vol.Schema(schema), SupportsResponse.OPTIONAL
        )
    async_register_admin_service(
        hass, DOMAIN, "compare", _async_compare, vol.Schema(_COMPARE), SupportsResponse.ONLY
    )


async def _async_backup(call: ServiceCall) -> ServiceResponse:
    """Back up the Pi-holes that were named, or every one, side by side."""
    made = await _async_for_each(call, lambda manager: manager.async_back_up(BackupTrigger.SERVICE))
    return {"backups": [_described(call.hass, manager, record) for manager, record in made]}


async def _async_list(call: ServiceCall) -> ServiceResponse:
    """List what is stored, newest first."""

    async def stored(manager: Manager) -> tuple[BackupRecord, ...]:
        return manager.records()

    by_pihole = await _async_for_each(call, stored)
    found = [(manager, record) for manager, records in by_pihole for record in records]
    found.sort(key=lambda pair: pair[1].created_at, reverse=True)
    return {"backups": [_described(call.hass, manager, record) for manager, record in found]}


async def _async_delete(call: ServiceCall) -> ServiceResponse:
    """Delete a backup for good."""
    _, manager = _the_one(call)
    # By name only: what is the latest may be another one than the user saw.
    backup_id = manager.backup_id(call.data[ATTR_BACKUP_ID], by_name_only=True)
    record = await manager.async_delete(backup_id)
    return {"backups": [_described(call.hass, manager, record)]}


async def _async_update(call: ServiceCall) -> ServiceResponse:
    """Change a backup's pin or note."""
    _, manager = _the_one(call)
    record = await manager.async_update_backup(
        manager.backup_id(call.data[ATTR_BACKUP_ID]),
        pinned=call.data.get(ATTR_PINNED),
        note=call.data.get(ATTR_NOTE),
    )
    return {"backups": [_described(call.hass, manager, record)]}


async def _async_prune(call: ServiceCall) -> ServiceResponse:
    """Delete what no rule keeps, or return what that would be."""
    dry_run: bool = call.data[ATTR_DRY_RUN]
    plans = await _async_for_each(call, lambda manager: manager.async_prune(dry_run=dry_run))
    words = async_get_words(call.hass)
    return {
        "dry_run": dry_run,
        "piholes": [
            plan_response(manager.entry_id, plan, manager.repository.index, words)
            for manager, plan in plans
        ],
    }


async def _async_verify(call: ServiceCall) -> ServiceResponse:
    """Read one stored archive again, or all."""
    wanted: str | None = call.data.get(ATTR_BACKUP_ID)

    async def verify(manager: Manager) -> list[BackupRecord]:
        if wanted is None:
            return await manager.async_verify_all()
        return [await manager.async_verify(manager.backup_id(wanted))]

    by_pihole = await _async_for_each(call, verify)
    return {
        "backups": [
            _described(call.hass, manager, record)
            for manager, records in by_pihole
            for record in records
        ]
    }


async def _async_restore(call: ServiceCall) -> ServiceResponse:
    """Restore a backup, of this Pi-hole or of another one."""
    _, pihole = _the_one(call)
    source = pihole
    if (source_id := call.data.get(ATTR_SOURCE_CONFIG_ENTRY_ID)) is not None:
        entry: PiholeCheckpointConfigEntry = async_get_config_entry(call.hass, DOMAIN, source_id)
        source = entry.runtime_data.manager
    request = RestoreRequest(
        backup_id=source.backup_id(call.data[ATTR_BACKUP_ID]),
        selection=_selection(call),
        way=call.data.get(ATTR_WAY),
        plan=call.data.get(ATTR_PLAN),
        update_gravity=call.data.get(ATTR_UPDATE_GRAVITY),
        dry_run=call.data[ATTR_DRY_RUN],
    )
    restored = await pihole.async_restore(request, source)
    return await _restored(call.hass, pihole, restored, dry_run=request.dry_run)


def _selection(call: ServiceCall) -> Selection:
    """Return what is to be restored. Naming settings alone restores nothing else."""
    include, settings = call.data.get(ATTR_INCLUDE), call.data.get(ATTR_SETTINGS)
    if ATTR_ONLY in call.data and ATTR_PLAN not in call.data:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="only_without_plan")
    parts = None if include is None else frozenset(include)
    if settings is not None:
        parts = (parts or frozenset()) | {RestorePart.SETTINGS}
    return Selection(
        parts=parts,
        settings=None if settings is None else tuple(settings),
        only=frozenset(call.data[ATTR_ONLY]) if ATTR_ONLY in call.data else None,
    )


async def _async_undo_restore(call: ServiceCall) -> ServiceResponse:
    """Take the last restore back."""
    _, pihole = _the_one(call)
    undone = await pihole.async_undo_restore(call.data.get(ATTR_WAY))
    return await _restored(call.hass, pihole, undone, dry_run=False)


async def _restored(
    hass: HomeAssistant, pihole: Manager, result: RestoreResult, *, dry_run: bool
) -> JsonObjectType:
    index, words = pihole.repository.index, async_get_words(hass)
    return await restore_response(pihole.entry_id, result, index, words, dry_run=dry_run)


async def _async_upload(call: ServiceCall) -> ServiceResponse:
    """Store an archive that came from elsewhere."""
    _, pihole = _the_one(call)
    adopted = await pihole.async_adopt(partial(_uploaded, call.hass, call.data[ATTR_FILE]))
    return {
        "backups": [_described(call.hass, pihole, adopted.record)],
        "already_stored": not adopted.is_new,
    }


@contextmanager
def _uploaded(hass: HomeAssistant, file_id: str) -> Iterator[Path]:
    """Open the uploaded file, which can be done once."""
    with ExitStack() as stack:
        try:
            path = stack.enter_context(process_uploaded_file(hass, file_id))
        except ValueError as error:  # Home Assistant's error for an unknown file
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="no_upload"
            ) from error
        yield path


async def _async_compare(call: ServiceCall) -> ServiceResponse:
    """Compare two backups, a backup with its Pi-hole, or two Pi-holes."""
    entry_id, pihole = _the_one(call)
    backup_id, other_backup_id = (
        pihole.backup_id(call.data[field]) if field in call.data else None
        for field in (ATTR_BACKUP_ID, ATTR_OTHER_BACKUP_ID)
    )
    if (other_id := call.data.get(ATTR_OTHER_CONFIG_ENTRY_ID)) is not None:
        other_entry: PiholeCheckpointConfigEntry = async_get_config_entry(
            call.hass, DOMAIN, other_id
        )
        return await _async_compared(
            call.hass,
            (entry_id, pihole, backup_id),
            (other_id, other_entry.runtime_data.manager, None),
        )
    if backup_id is None:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="no_comparison")
    if other_backup_id is None:
        # The Pi-hole is the old side: that is what a restore would change.
        return await _async_compared(
            call.hass, (entry_id, pihole, None), (entry_id, pihole, backup_id)
        )
    newest_first = [record.id for record in pihole.repository.index.records]
    older, newer = sorted(
        (backup_id, other_backup_id),
        key=lambda backup_id: newest_first.index(backup_id) if backup_id in newest_first else -1,
        reverse=True,
    )
    return await _async_compared(call.hass, (entry_id, pihole, older), (entry_id, pihole, newer))


async def _async_compared(hass: HomeAssistant, old: _Side, new: _Side) -> JsonObjectType:
    # Stored backups first: if one does not exist, that shows at once.
    contents = {
        side: await side[1].async_read(side[2])
        for side in sorted((old, new), key=lambda side: side[2] is None)
    }
    with translated_errors(), new[1].catch_unexpected():
        words = async_get_words(hass)
        compared = await hass.async_add_executor_job(_compared, contents[old], contents[new], words)
    return {"from": _side_response(old), "to": _side_response(new), **compared}


def _compared(old: Contents, new: Contents, words: Words) -> JsonObjectType:
    return comparison_response(compare(old, new), change_ids(old, new), words)


def _side_response(side: _Side) -> JsonObjectType:
    entry_id, _, backup_id = side
    return {"config_entry_id": entry_id, "backup_id": backup_id}


async def _async_for_each[T](
    call: ServiceCall, do: Callable[[Manager], Awaitable[T]]
) -> list[tuple[Manager, T]]:
    """Call `do` for the named Pi-holes or for all, at once.

    When it fails for some, it is done for the others all the same, and the error names those.
    """
    hass = call.hass
    entry_ids = list(dict.fromkeys(call.data.get(ATTR_CONFIG_ENTRY_ID, _all_entry_ids(hass))))
    if not entry_ids:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="no_pihole")

    async def do_for(entry_id: str) -> tuple[Manager, T]:
        entry: PiholeCheckpointConfigEntry = async_get_config_entry(hass, DOMAIN, entry_id)
        manager = entry.runtime_data.manager
        return manager, await do(manager)

    results = await asyncio.gather(
        *(do_for(entry_id) for entry_id in entry_ids), return_exceptions=True
    )
    failures: dict[str, HomeAssistantError] = {}
    done: list[tuple[Manager, T]] = []
    for entry_id, result in zip(entry_ids, results, strict=True):
        if isinstance(result, HomeAssistantError):
            failures[entry_id] = result
        elif isinstance(result, BaseException):
            raise result
        else:
            done.append(result)
    if failures:
        raise _all_in_one(hass, failures, len(entry_ids))
    return done


def _described(hass: HomeAssistant, manager: Manager, record: BackupRecord) -> JsonObjectType:
    words = async_get_words(hass)
    return record_response(manager.entry_id, record, manager.repository.index, words)


def _all_entry_ids(hass: HomeAssistant) -> Iterable[str]:
    entries = hass.config_entries.async_entries(
        DOMAIN, include_ignore=False, include_disabled=False
    )
    return [entry.entry_id for entry in entries]


def _the_one(call: ServiceCall) -> tuple[str, Manager]:
    entry: PiholeCheckpointConfigEntry = async_get_config_entry(
        call.hass, DOMAIN, call.data[ATTR_CONFIG_ENTRY_ID]
    )
    return entry.entry_id, entry.runtime_data.manager


def _all_in_one(
    hass: HomeAssistant, failures: dict[str, HomeAssistantError], asked: int
) -> HomeAssistantError:
    """Return one error for all that failed."""
    if asked == 1:
        return next(iter(failures.values()))

    def title(entry_id: str) -> str:
        entry = hass.config_entries.async_get_entry(entry_id)
        return entry.title if entry is not None else entry_id

    words = async_get_words(hass)
    wrongly_asked = all(isinstance(error, ServiceValidationError) for error in failures.values())
    kind = ServiceValidationError if wrongly_asked else HomeAssistantError
    return kind(
        translation_domain=DOMAIN,
        translation_key="all_failed" if len(failures) == asked else "some_failed",
        translation_placeholders={
            "failed": str(len(failures)),
            "asked": str(asked),
            "reasons": " ".join(
                f"{title(entry_id)}: {words.raised(error)}." for entry_id, error in failures.items()
            ),
        },
    )
