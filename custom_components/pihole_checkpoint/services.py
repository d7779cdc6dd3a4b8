"""The services, and what they answer."""

import asyncio

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
from homeassistant.helpers.service import async_get_config_entry
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType

from .const import ATTR_CONFIG_ENTRY_ID, DOMAIN, SERVICE_BACKUP
from .coordinator import PiholeCheckpointConfigEntry
from .engine.models import BackupRecord, Trigger

_BACKUP_SCHEMA = vol.Schema({vol.Optional(ATTR_CONFIG_ENTRY_ID): vol.All(cv.ensure_list, [str])})


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the services."""
    hass.services.async_register(
        DOMAIN,
        SERVICE_BACKUP,
        _async_backup,
        schema=_BACKUP_SCHEMA,
        supports_response=SupportsResponse.OPTIONAL,
    )


async def _async_backup(call: ServiceCall) -> ServiceResponse:
    """Back up the Pi-holes that were named, or every one, side by side."""
    hass = call.hass
    entry_ids = list(dict.fromkeys(call.data.get(ATTR_CONFIG_ENTRY_ID, _all_entry_ids(hass))))
    if not entry_ids:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="no_pihole")
    results = await asyncio.gather(
        *(_async_back_up_entry(hass, entry_id) for entry_id in entry_ids), return_exceptions=True
    )
    failures: dict[str, HomeAssistantError] = {}
    records: list[JsonObjectType] = []
    for entry_id, result in zip(entry_ids, results, strict=True):
        if isinstance(result, HomeAssistantError):
            failures[entry_id] = result
        elif isinstance(result, BaseException):
            raise result
        else:
            records.append(_record_response(entry_id, result))
    if failures:
        raise _all_in_one(hass, failures, len(entry_ids))
    return {"backups": list(records)}


def _all_entry_ids(hass: HomeAssistant) -> list[str]:
    entries = hass.config_entries.async_entries(
        DOMAIN, include_ignore=False, include_disabled=False
    )
    return [entry.entry_id for entry in entries]


async def _async_back_up_entry(hass: HomeAssistant, entry_id: str) -> BackupRecord:
    entry: PiholeCheckpointConfigEntry = async_get_config_entry(hass, DOMAIN, entry_id)
    return await entry.runtime_data.async_back_up(Trigger.SERVICE)


def _all_in_one(
    hass: HomeAssistant, failures: dict[str, HomeAssistantError], asked: int
) -> HomeAssistantError:
    """Say all that failed in one error; what succeeded beside it is stored and on screen."""
    if asked == 1:
        return next(iter(failures.values()))

    def title(entry_id: str) -> str:
        entry = hass.config_entries.async_get_entry(entry_id)
        return entry.title if entry is not None else entry_id

    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key=("all_backups_failed" if len(failures) == asked else "some_backups_failed"),
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
    }
