"""Follow a Pi-hole to another address, after the user has confirmed it.

Any device in the network can claim the hardware address of another one. So a sighting changes
nothing. It leads to an offer under Repairs that names the old and the new address, and only when
the user accepts it, the password is sent to the new one.
"""

from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address

from yarl import URL

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import CONF_URL, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.util.hass_dict import HassKey

from .connection import async_lend_client
from .const import DOMAIN
from .engine.pihole.errors import CheckpointError, shows_reachable
from .migration import async_forget_upgrade

ISSUE = "new_address"

_DATA_SEEN: HassKey[dict[str, URL]] = HassKey(f"{DOMAIN}_seen")
"""By entry ID, the address at which a Pi-hole that does not answer was seen."""


type Offer = dict[str, str | int | float | None]
"""An entry's ID, and its `old` and `new` address."""


class Outcome(StrEnum):
    """What came of accepting an offer."""

    FOLLOWED = "followed"
    ANSWERS_AGAIN = "answers_again"
    """At the old address, which stays."""
    OUTDATED = "outdated"
    """The entry is gone or has another address, or another Pi-hole has the new one."""


def parse_ip(text: str | None) -> IPv4Address | IPv6Address | None:
    """Read an IP address that other machines can use too; return `None` for anything else."""
    try:
        address = ip_address(text or "")
    except ValueError:
        return None
    return None if address.is_link_local or "%" in str(address) else address


async def async_note_sighting(hass: HomeAssistant, entry: ConfigEntry, ip: str) -> None:
    """Check whether a Pi-hole has moved, after its hardware address was seen at an IP address.

    A name moves by itself. A host has an IPv4 and an IPv6 address at once, and having the one says
    nothing about the other. One hardware address can also have several IP addresses, for example of
    containers: a Pi-hole that still answers at its own address has not moved.
    """
    url = URL(entry.data[CONF_URL])
    here, there = parse_ip(url.host), parse_ip(ip)
    if here is None or there is None or here.version != there.version:
        return
    if entry.disabled_by or hass.config_entries.async_get_entry(entry.entry_id) is None:
        return
    if here == there:
        _seen(hass).pop(entry.entry_id, None)
        return
    new = url.with_host(str(there))
    _seen(hass)[entry.entry_id] = new
    if await _answers(hass, entry, url):
        async_withdraw_offer(hass, entry.entry_id)
    else:
        await async_look_for_moved(hass, entry)


async def async_look_for_moved(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Offer the address at which a Pi-hole was seen, if a Pi-hole answers there.

    For one that does not answer at its own address. An offer that is open stays as long as a
    Pi-hole answers there, so that the address does not change while the user decides.
    """
    new = _seen(hass).get(entry.entry_id)
    if new is None or _is_restoring(entry) or not await _answers(hass, entry, new):
        return
    for issue in _offers(hass, entry.entry_id):
        offered = issue.data["new"] if issue.data and not issue.dismissed_version else None
        if offered not in (None, str(new)) and await _answers(hass, entry, URL(str(offered))):
            return
    if _seen(hass).get(entry.entry_id) != new or _is_taken(hass, new):
        return  # it was withdrawn, or overtaken by another sighting
    issue_id = f"{_prefix(entry.entry_id)}{new.host}"
    for issue in _offers(hass, entry.entry_id):
        if issue.issue_id != issue_id and issue.dismissed_version is None:
            ir.async_delete_issue(hass, DOMAIN, issue.issue_id)
    addresses = {"old": entry.data[CONF_URL], "new": str(new)}
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id,
        is_fixable=True,
        data={"entry_id": entry.entry_id, **addresses},
        severity=ir.IssueSeverity.WARNING,
        translation_key=ISSUE,
        translation_placeholders={"name": entry.title, **addresses},
    )


async def async_accept_offer(hass: HomeAssistant, issue_id: str, offer: Offer) -> Outcome:
    """Use the new address from now on, if the offer still is what the user was shown."""
    issue = ir.async_get(hass).async_get_issue(DOMAIN, issue_id)
    entry = hass.config_entries.async_get_entry(str(offer["entry_id"]))
    old, new = URL(str(offer["old"])), URL(str(offer["new"]))
    if issue is None or issue.data != offer or entry is None:
        return Outcome.OUTDATED
    if entry.data[CONF_URL] != str(old):
        ir.async_delete_issue(hass, DOMAIN, issue_id)
        return Outcome.OUTDATED
    if _is_restoring(entry) or await _answers(hass, entry, old):
        async_withdraw_offer(hass, entry.entry_id)
        return Outcome.ANSWERS_AGAIN
    if ir.async_get(hass).async_get_issue(DOMAIN, issue_id) is None or _is_taken(hass, new):
        ir.async_delete_issue(hass, DOMAIN, issue_id)
        return Outcome.OUTDATED
    async_forget_offers(hass, entry.entry_id)
    async_forget_upgrade(hass, entry.entry_id)
    hass.config_entries.async_update_entry(entry, data={**entry.data, CONF_URL: str(new)})
    hass.config_entries.async_schedule_reload(entry.entry_id)
    return Outcome.FOLLOWED


@callback
def async_ignore_offer(hass: HomeAssistant, issue_id: str) -> None:
    """Offer this address for this Pi-hole no more."""
    if ir.async_get(hass).async_get_issue(DOMAIN, issue_id) is not None:
        ir.async_ignore_issue(hass, DOMAIN, issue_id, ignore=True)


@callback
def async_withdraw_offer(hass: HomeAssistant, entry_id: str) -> None:
    """Withdraw the open offer for a Pi-hole that answers at its own address.

    What the user ignored stays ignored.
    """
    _seen(hass).pop(entry_id, None)
    for issue in _offers(hass, entry_id):
        if issue.dismissed_version is None:
            ir.async_delete_issue(hass, DOMAIN, issue.issue_id)


@callback
def async_forget_offers(hass: HomeAssistant, entry_id: str) -> None:
    """Forget all offers for a Pi-hole that is removed or has another address now."""
    _seen(hass).pop(entry_id, None)
    for issue in _offers(hass, entry_id):
        ir.async_delete_issue(hass, DOMAIN, issue.issue_id)


async def _answers(hass: HomeAssistant, entry: ConfigEntry, url: URL) -> bool:
    """Ask without a login whether a Pi-hole answers at an address.

    At its own address, a refusal is an answer, too. Elsewhere it may be that of another server.
    """
    client = async_lend_client(hass, url=url, verify_ssl=entry.data[CONF_VERIFY_SSL])
    try:
        await client.probe()
    except CheckpointError as error:
        return url == URL(entry.data[CONF_URL]) and shows_reachable(error) is True
    return True


def _is_restoring(entry: ConfigEntry) -> bool:
    """Check whether a Pi-hole may be away because a restore restarts it."""
    is_loaded = entry.state is ConfigEntryState.LOADED
    return is_loaded and bool(entry.runtime_data.manager.restores.is_running)


@callback
def _offers(hass: HomeAssistant, entry_id: str) -> list[ir.IssueEntry]:
    """List the offers for a Pi-hole: open, ignored, and those from before a restart."""
    prefix = _prefix(entry_id)
    return [
        issue
        for (domain, issue_id), issue in ir.async_get(hass).issues.items()
        if domain == DOMAIN and issue_id.startswith(prefix)
    ]


def _prefix(entry_id: str) -> str:
    # Home Assistant remembers by the ID of an issue that the user ignored it.
    return f"{ISSUE}_{entry_id}_"


@callback
def _is_taken(hass: HomeAssistant, url: URL) -> bool:
    """Check whether a Pi-hole is set up with this address already."""
    entries = hass.config_entries.async_entries(DOMAIN, include_ignore=False)
    return any(entry.data[CONF_URL] == str(url) for entry in entries)


@callback
def _seen(hass: HomeAssistant) -> dict[str, URL]:
    return hass.data.setdefault(_DATA_SEEN, {})
