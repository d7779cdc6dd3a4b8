"""Issues under Repairs, and the dialogs for those that do not go away by themselves."""

from typing import TYPE_CHECKING, override

from homeassistant.components.repairs import ConfirmRepairFlow, RepairsFlow
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.service import async_get_config_entry

from . import address_change, migration
from .const import DOMAIN
from .coordinator import PiholeCheckpointConfigEntry

if TYPE_CHECKING:  # the oldest Home Assistant that is supported does not have it
    from homeassistant.components.repairs import RepairsFlowResult
from collections.abc import Collection, Mapping

from homeassistant.core import callback
from homeassistant.util import dt as dt_util

from .data import CheckpointData
from .engine.files import printable
from .exceptions import message_of


async def async_create_fix_flow(
    _hass: HomeAssistant, issue_id: str, data: dict[str, str | int | float | None] | None
) -> RepairsFlow:
    """Return the dialog for an address, or for an unfinished restore."""
    if issue_id.startswith(address_change.ISSUE):
        return _NewAddressFlow(dict(data or {}))
    if issue_id.startswith(migration.ISSUE):
        return ConfirmRepairFlow()
    return _UnfinishedRestoreFlow(str((data or {})["entry_id"]))


class _UnfinishedRestoreFlow(ConfirmRepairFlow):
    def __init__(self, entry_id: str) -> None:
        self._entry_id = entry_id

    @override
    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        if user_input is not None:
            try:
                entry: PiholeCheckpointConfigEntry = async_get_config_entry(
                    self.hass, DOMAIN, self._entry_id
                )
            except ServiceValidationError:
                return self.async_abort(reason="not_loaded")
            await entry.runtime_data.manager.async_forget_unfinished_restore()
        return await super().async_step_confirm(user_input)


class _NewAddressFlow(RepairsFlow):
    """Show the old and the new address of a Pi-hole, and let the user choose."""

    def __init__(self, offer: address_change.Offer) -> None:
        self._offer = offer
        self._addresses = {key: str(offer[key]) for key in ("old", "new")}

    async def async_step_init(self, _user_input: dict[str, str] | None = None) -> RepairsFlowResult:
        """Ask which address to use."""
        issue = ir.async_get(self.hass).async_get_issue(DOMAIN, self.issue_id)
        return self.async_show_menu(
            step_id="init",
            menu_options=["confirm", "ignore"],
            description_placeholders=issue.translation_placeholders if issue else None,
        )

    async def async_step_confirm(
        self, _user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Use the new address."""
        match await address_change.async_accept_offer(self.hass, self.issue_id, self._offer):
            case address_change.Outcome.ANSWERS_AGAIN:
                return self.async_abort(
                    reason="answers_again", description_placeholders=self._addresses
                )
            case address_change.Outcome.OUTDATED:
                return self.async_abort(reason="outdated")
        return self.async_create_entry(data={})

    async def async_step_ignore(
        self, _user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Keep the old address, and offer the new one no more."""
        address_change.async_ignore_offer(self.hass, self.issue_id)
        return self.async_abort(reason="ignored", description_placeholders=self._addresses)


UNFINISHED = ("restore_not_begun", "restore_broken_off")
"""Issues about a restore in whose middle Home Assistant ended; the user confirms them."""
ISSUES = (
    "overdue",
    "no_free_seats",
    "storage_unusable",
    "storage_low",
    "damaged_archives",
    "refused_archives",
    "folder_shared",
    "v5_archives",
    "app_password_read_only",
    *UNFINISHED,
)
LEAST_FREE_SPACE = 50 * 1000 * 1000
"""In bytes."""
_MOST_NAMES = 5


@callback
def async_watch(hass: HomeAssistant, entry: PiholeCheckpointConfigEntry) -> None:
    """Keep the issues of one Pi-hole up to date as long as its entry is loaded."""

    @callback
    def update() -> None:
        wanted = _wanted(entry)
        for key in ISSUES:
            if (placeholders := wanted.get(key)) is None:
                ir.async_delete_issue(hass, DOMAIN, _issue_id(key, entry.entry_id))
                continue
            ir.async_create_issue(
                hass,
                DOMAIN,
                _issue_id(key, entry.entry_id),
                is_fixable=key in UNFINISHED,
                data={"entry_id": entry.entry_id},
                severity=ir.IssueSeverity.WARNING,
                translation_key=key,
                translation_placeholders={"name": entry.title, **placeholders},
            )

    entry.async_on_unload(entry.runtime_data.async_add_listener(update))
    update()


@callback
def async_forget(hass: HomeAssistant, entry_id: str) -> None:
    """Delete all issues of a Pi-hole that is removed."""
    for key in ISSUES:
        ir.async_delete_issue(hass, DOMAIN, _issue_id(key, entry_id))


def _issue_id(key: str, entry_id: str) -> str:
    return f"{key}_{entry_id}"


def _wanted(entry: PiholeCheckpointConfigEntry) -> dict[str, Mapping[str, str]]:
    coordinator = entry.runtime_data
    snapshot: CheckpointData = coordinator.data
    if not coordinator.last_update_success:
        unusable = {"storage_unusable": {"message": str(coordinator.last_exception)}}
        return unusable | _about_restores(snapshot)
    wanted: dict[str, Mapping[str, str]] = {}
    if snapshot.overdue:
        last = snapshot.last_backup
        since = f"{dt_util.as_local(last):%Y-%m-%d %H:%M}" if last else "-"
        wanted["overdue"] = {"since": since}
    if (attempt := snapshot.attempt) is not None and attempt.reason is not None:
        if attempt.reason == "no_free_seat":
            wanted["no_free_seats"] = {}
        if attempt.reason.startswith("storage_"):
            wanted["storage_unusable"] = {"message": message_of(attempt) or ""}
    if snapshot.free_space < LEAST_FREE_SPACE:
        wanted["storage_low"] = {
            "folder": str(coordinator.options.store),
            "free": f"{snapshot.free_space / 1_000_000:.0f}",
        }
    if snapshot.is_shared:
        wanted["folder_shared"] = {"folder": str(coordinator.options.store)}
    bad = [record.filename for record in snapshot.index.bad]
    wanted |= _about_restores(snapshot)
    for key, names in (
        ("damaged_archives", bad),
        ("refused_archives", sorted(snapshot.refused)),
        ("v5_archives", sorted(snapshot.of_v5)),
    ):
        if names:
            wanted[key] = {"files": _listed(names), "folder": str(coordinator.options.store)}
    return wanted


def _about_restores(snapshot: CheckpointData) -> dict[str, Mapping[str, str]]:
    wanted: dict[str, Mapping[str, str]] = {}
    if snapshot.restore_refused:
        wanted["app_password_read_only"] = {}
    if (restore := snapshot.unfinished) is not None:
        key = "restore_not_begun" if restore.safety is None else "restore_broken_off"
        wanted[key] = {
            "at": f"{dt_util.as_local(restore.at):%Y-%m-%d %H:%M}",
            "safety": restore.safety or "-",
        }
    return wanted


def _code(name: str) -> str:
    """Return a file's name as code. It may be anything, and no markup comes out of it."""
    return f"`{printable(name).replace('`', '')}`"


def _listed(names: Collection[str]) -> str:
    more = len(names) - _MOST_NAMES
    shown = [_code(name) for name in list(names)[:_MOST_NAMES]]
    return ", ".join([*shown, *([f"+{more}"] if more > 0 else [])])
