"""Issues under Repairs, and the dialogs for those that do not go away by themselves."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import TYPE_CHECKING, Final, override

from homeassistant.components.repairs import ConfirmRepairFlow, RepairsFlow
from homeassistant.const import CONF_URL
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util

from . import address_change, migration
from .const import DOMAIN
from .coordinator import PiholeCheckpointConfigEntry, PiholeCheckpointCoordinator
from .data import CheckpointData
from .engine.errors import StorageMissing, StorageOfOther, StorageSilent, StorageUnidentified
from .engine.files import printable
from .engine.pihole.errors import CheckpointError
from .repair_menus import DamagedFlow, FolderFlow, OverdueFlow, RefusedFlow, loaded
from .wording import Words, async_get_words

if TYPE_CHECKING:  # the oldest Home Assistant that is supported does not have it
    from homeassistant.components.repairs import RepairsFlowResult


async def async_create_fix_flow(
    _hass: HomeAssistant, issue_id: str, data: dict[str, str | int | float | None] | None
) -> RepairsFlow:
    """Return the dialog of an issue."""
    if issue_id.startswith(address_change.ISSUE):
        return _NewAddressFlow(dict(data or {}))
    if issue_id.startswith(migration.ISSUE):
        return ConfirmRepairFlow()
    entry_id = str((data or {})["entry_id"])
    for key, menu in MENUS.items():
        if issue_id.startswith(key):
            return menu(entry_id)
    if issue_id.startswith(UNIDENTIFIED):
        return _PiholeFlow(entry_id, _use_folder)
    if issue_id.startswith(LOST):
        return _PiholeFlow(entry_id, _repeat_restore)
    return _PiholeFlow(entry_id, _forget_restore)


class _PiholeFlow(ConfirmRepairFlow):
    """Let the user confirm something about one Pi-hole, which has to be loaded."""

    def __init__(self, entry_id: str, confirmed: _Confirmed) -> None:
        self._entry_id = entry_id
        self._confirmed = confirmed

    @override
    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        if user_input is not None:
            if (coordinator := loaded(self.hass, self._entry_id)) is None:
                return self.async_abort(reason="not_loaded")
            try:
                await self._confirmed(coordinator)
            except HomeAssistantError as error:
                return self.async_abort(
                    reason="failed", description_placeholders={"message": str(error)}
                )
        return await super().async_step_confirm(user_input)


type _Confirmed = Callable[[PiholeCheckpointCoordinator], Awaitable[None]]
"""Does what the user has confirmed. Raises `HomeAssistantError`."""


async def _forget_restore(coordinator: PiholeCheckpointCoordinator) -> None:
    await coordinator.manager.async_forget_unfinished_restore()


async def _use_folder(coordinator: PiholeCheckpointCoordinator) -> None:
    await coordinator.manager.async_identify_repository()
    await coordinator.async_refresh()


async def _repeat_restore(coordinator: PiholeCheckpointCoordinator) -> None:
    await coordinator.manager.async_repeat_restore()


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


UNIDENTIFIED = "storage_unidentified"
"""The issue about a folder with backups that has lost its ID; the user confirms to use it."""
LOST = "restore_lost"
"""The issue about restored changes that a gravity update has thrown away."""
UNFINISHED = ("restore_not_begun", "restore_broken_off")
"""Issues about a restore in whose middle Home Assistant ended; the user confirms them."""
ISSUES = (
    "overdue",
    "no_free_seats",
    "storage_unusable",
    UNIDENTIFIED,
    "storage_low",
    "damaged_archives",
    "refused_archives",
    "folder_shared",
    "v5_archives",
    "app_password_read_only",
    LOST,
    *UNFINISHED,
)
LEAST_FREE_SPACE = 50 * 1000 * 1000
"""In bytes."""
_MOST_NAMES = 5
MENUS: Final = {
    "overdue": OverdueFlow,
    "damaged_archives": DamagedFlow,
    "refused_archives": RefusedFlow,
    "storage_unusable": FolderFlow,
}
"""The dialogs in which the user chooses what to do."""
_FIXABLE: Final = frozenset({*MENUS, *UNFINISHED, UNIDENTIFIED, LOST})
_SEEN_BY_A_LOOK = {
    kind.key for kind in (StorageMissing, StorageUnidentified, StorageOfOther, StorageSilent)
}
"""Why a backup failed, if it is no longer so once a look at the folder succeeds."""


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
            _async_create(hass, entry, key, placeholders)

    entry.async_on_unload(entry.runtime_data.async_add_listener(update))
    update()


@callback
def async_report_unusable(
    hass: HomeAssistant, entry: PiholeCheckpointConfigEntry, error: HomeAssistantError
) -> None:
    """Report that an entry cannot be set up for now, because of its folder."""
    _async_create(hass, entry, "storage_unusable", {"message": str(error)})


@callback
def _async_create(
    hass: HomeAssistant,
    entry: PiholeCheckpointConfigEntry,
    key: str,
    placeholders: Mapping[str, str],
) -> None:
    ir.async_create_issue(
        hass,
        DOMAIN,
        _issue_id(key, entry.entry_id),
        is_fixable=key in _FIXABLE,
        learn_more_url=_link(entry, key),
        data={"entry_id": entry.entry_id},
        severity=ir.IssueSeverity.WARNING,
        translation_key=key,
        translation_placeholders={"name": entry.title, **placeholders},
    )


@callback
def async_forget(hass: HomeAssistant, entry_id: str) -> None:
    """Delete all issues of a Pi-hole that is removed."""
    for key in ISSUES:
        ir.async_delete_issue(hass, DOMAIN, _issue_id(key, entry_id))


def _link(entry: PiholeCheckpointConfigEntry, key: str) -> str | None:
    """Return where in the Pi-hole's web interface an issue can be solved."""
    page = {"app_password_read_only": "all", "no_free_seats": "api"}.get(key)
    return page and f"{entry.data[CONF_URL]}/admin/settings/{page}"


def _issue_id(key: str, entry_id: str) -> str:
    return f"{key}_{entry_id}"


def _wanted(entry: PiholeCheckpointConfigEntry) -> dict[str, Mapping[str, str]]:
    coordinator = entry.runtime_data
    snapshot: CheckpointData = coordinator.data
    words = async_get_words(coordinator.hass)
    if (error := snapshot.storage_error) is not None:
        return {**_about_unusable(error, words), **_about_restores(snapshot)}
    wanted = _about_attempts(snapshot, words)
    if snapshot.free_space is not None and snapshot.free_space < LEAST_FREE_SPACE:
        wanted["storage_low"] = {
            "folder": str(coordinator.options.store),
            "free": f"{snapshot.free_space / 1_000_000:.0f}",
        }
    if snapshot.is_shared:
        wanted["folder_shared"] = {"folder": str(coordinator.options.store)}
    wanted |= _about_restores(snapshot)
    bad = [record.filename for record in snapshot.index.bad]
    for key, listed in (
        ("damaged_archives", _listed(bad)),
        ("refused_archives", _listed_with_reasons(snapshot.refused, words)),
        ("v5_archives", _listed(sorted(snapshot.of_v5))),
    ):
        if listed:
            wanted[key] = {"files": listed, "folder": str(coordinator.options.store)}
    return wanted


def _about_unusable(error: CheckpointError, words: Words) -> dict[str, Mapping[str, str]]:
    if isinstance(error, StorageUnidentified):
        return {UNIDENTIFIED: error.placeholders}
    return {"storage_unusable": {"message": words.error(error)}}


def _about_attempts(snapshot: CheckpointData, words: Words) -> dict[str, Mapping[str, str]]:
    wanted: dict[str, Mapping[str, str]] = {}
    if snapshot.overdue:
        last = snapshot.last_backup
        since = f"{dt_util.as_local(last):%Y-%m-%d %H:%M}" if last else "-"
        wanted["overdue"] = {"since": since}
    if (attempt := snapshot.attempt) is not None and attempt.reason is not None:
        if attempt.reason == "no_free_seat":
            wanted["no_free_seats"] = {}
        if attempt.reason.startswith("storage_") and attempt.reason not in _SEEN_BY_A_LOOK:
            wanted["storage_unusable"] = {"message": words.attempt(attempt) or ""}
    return wanted


def _about_restores(snapshot: CheckpointData) -> dict[str, Mapping[str, str]]:
    wanted: dict[str, Mapping[str, str]] = {}
    if snapshot.restore_refused:
        wanted["app_password_read_only"] = {}
    if snapshot.lost:
        wanted[LOST] = {"names": _listed(snapshot.lost)}
    if (restore := snapshot.unfinished) is not None:
        key = "restore_not_begun" if restore.safety is None else "restore_broken_off"
        wanted[key] = {
            "at": f"{dt_util.as_local(restore.at):%Y-%m-%d %H:%M}",
            "safety": restore.safety or "-",
            "changes": "?" if restore.changes is None else str(restore.changes),
            "planned": "?" if restore.planned is None else str(restore.planned),
        }
    return wanted


def _code(name: str) -> str:
    """Return a file's name as code. It may be anything, and no markup comes out of it."""
    return f"`{printable(name).replace('`', '')}`"


def _listed(names: Collection[str]) -> str:
    more = len(names) - _MOST_NAMES
    shown = [_code(name) for name in list(names)[:_MOST_NAMES]]
    return ", ".join([*shown, *([f"+{more}"] if more > 0 else [])])


def _listed_with_reasons(reasons: Mapping[str, CheckpointError], words: Words) -> str:
    """Return files as a list, which begins a paragraph of its own, and why for each."""
    shown = sorted(reasons.items())[:_MOST_NAMES]
    lines = [f"- {_code(name)}: {words.error(why)}." for name, why in shown]
    if (more := len(reasons) - _MOST_NAMES) > 0:
        lines.append(f"- +{more}")
    return "".join(f"\n{line}" for line in ["", *lines]) if lines else ""
