"""Which difference can be carried out, by which way, and what that needs."""

from dataclasses import dataclass
from enum import StrEnum
import re
from typing import Final, TypeIs

from ..pihole.items import Item, ItemKind, can_be_put
from ..pihole.settings import SettingValue
from ..teleporter.contents import DOMAIN_KINDS, LIST_KINDS, Contents, Entry, Secret
from ..teleporter.diff import Subject
from .differences import Difference, Value
from .lockout import locks_out
from .selection import SETTING_OF, Selection, is_of_machine
from .target import Target

_STAYS: Final = re.compile(r"files\..*|misc\.readOnly")
"""Settings of the Pi-hole's installation. With paths of another one it finds no database, and a
configuration that is read-only is not imported at all."""
_APP_SUDO: Final = "webserver.api.app_sudo"
_PASSWORD: Final = "webserver.api.password"  # noqa: S105 - the name of a setting
_HASH_OF_PASSWORD: Final = "webserver.api.pwhash"  # noqa: S105 - the name of a setting
_PRIVACY: Final = "misc.privacylevel"
ITEM_KINDS: Final = {
    Subject.GROUPS: ItemKind.GROUP,
    Subject.LISTS: ItemKind.LIST,
    Subject.DOMAINS: ItemKind.DOMAIN,
    Subject.CLIENTS: ItemKind.CLIENT,
}
"""How Pi-hole's API names what the gravity database holds."""
_NOT_UTF8: Final = re.compile(r"\\x[89a-f][0-9a-f]", re.ASCII)
"""How `sqlite.decode` shows a byte that is no UTF-8. Over the API it cannot be sent."""


class Need(StrEnum):
    """What a change needs."""

    RESTART = "restart"
    """The Pi-hole restarts, and its DNS is away for a moment."""
    PERMISSION = "permission"
    """App passwords have to be allowed to change settings (`webserver.api.app_sudo`)."""
    GRAVITY = "gravity"
    """A gravity update, for the change to show in what is blocked."""


class Obstacle(StrEnum):
    """Why a difference is left out of a plan."""

    FORCED = "forced"
    """The environment of the Pi-hole's container fixes the setting."""
    UNKNOWN = "unknown"
    """The Pi-hole does not know the setting, or has another type for it."""
    READ_ONLY = "read_only"
    """The Pi-hole's configuration is read-only (`misc.readOnly`)."""
    INSTALLATION = "installation"
    """The setting belongs to the Pi-hole's installation, such as the path of a file."""
    MACHINE = "machine"
    """The setting belongs to the machine that the backup is of."""
    LOCKS_OUT = "locks_out"
    """With this value the Pi-hole could not be reached any more."""
    ACCESS = "access"
    """The app password that is used would lose its permission."""
    LEASES = "leases"
    """The Pi-hole has leases of its own, which are newer."""
    IN_USE = "in_use"
    """Something that stays is in the group."""
    DEFAULT_GROUP = "default_group"
    """A Pi-hole always has a default group."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftOut:
    """A difference that was selected, but is not carried out."""

    difference: Difference
    reason: Obstacle


def obstacle(
    difference: Difference, selection: Selection, target: Target, live: Contents
) -> Obstacle | None:
    """Return why a selected difference is not to be carried out, apart from what groups need."""
    if difference.subject is Subject.LEASES:
        return Obstacle.LEASES if selection.parts is None and live.leases else None
    if (key := setting_of(difference)) is None:
        return None
    is_forced = key in target.forced or (key == _HASH_OF_PASSWORD and _PASSWORD in target.forced)
    is_known = difference.subject is not Subject.SETTINGS or _is_known(
        difference.old, difference.new
    )
    is_own_access = key == _APP_SUDO and target.is_app and target.has_app_sudo
    problem = (
        locks_out(
            key,
            difference.new,
            live=live.settings,
            raw_secret=target.secrets.get(key),
            own_address=target.own_address,
            url_port=target.port,
        )
        if isinstance(difference.new, Secret) or is_patchable(difference.new)
        else None
    )
    reasons = {
        Obstacle.FORCED: is_forced,
        Obstacle.INSTALLATION: _STAYS.fullmatch(key) is not None,
        Obstacle.MACHINE: (
            target.is_other and belongs_to_machine(difference) and not selection.names(key)
        ),
        Obstacle.UNKNOWN: not is_known,
        Obstacle.READ_ONLY: target.is_read_only,
        Obstacle.ACCESS: is_own_access,
        Obstacle.LOCKS_OUT: problem is not None,
    }
    return next((reason for reason, applies in reasons.items() if applies), None)


def belongs_to_machine(difference: Difference) -> bool:
    """Return whether a difference is in a setting of one machine, or in a secret."""
    key = setting_of(difference)
    return key is not None and (is_of_machine(key) or isinstance(difference.new, Secret))


def works_live(difference: Difference, target: Target, live: Contents, backup: Contents) -> bool:
    """Return whether Pi-hole's API can make exactly this change without an import."""
    if difference.subject is Subject.LEASES or isinstance(difference.new, Secret):
        return False
    if setting_of(difference) is not None:
        is_list = difference.subject in SETTING_OF
        if (not target.may_patch and target.may_import) or not (
            is_list or is_patchable(difference.new)
        ):
            return False
        return difference.subject is not Subject.DNS_HOSTS or all(
            map(_is_plain_host, (*live.dns_hosts, *backup.dns_hosts))
        )
    if difference.subject is Subject.GROUPS and (
        difference.item == live.default_group and difference.new is None
    ):
        return False
    return _is_exact(difference)


def what_it_needs(difference: Difference, target: Target, *, is_live: bool) -> frozenset[Need]:
    """Return what a change needs."""
    needs: set[Need] = set()
    is_setting = (key := setting_of(difference)) is not None
    if not is_live:
        needs.add(Need.RESTART)
        if not target.may_import:
            needs.add(Need.PERMISSION)
    elif is_setting:
        if key in target.restarting or _lowers_privacy(difference):
            needs.add(Need.RESTART)
        if not target.may_patch:
            needs.add(Need.PERMISSION)
    if _needs_gravity(difference):
        needs.add(Need.GRAVITY)
    return frozenset(needs)


def setting_of(difference: Difference) -> str | None:
    """Return the full key of the setting that a difference is in, if it is in one."""
    if difference.subject is Subject.SETTINGS:
        return difference.item
    return SETTING_OF.get(difference.subject)


def is_patchable(value: Value | None) -> TypeIs[SettingValue]:
    """Return whether a value can be sent as that of a setting."""
    match value:
        case bool() | int() | float() | str():
            return True
        case tuple():
            return all(isinstance(item, str) for item in value)
        case _:
            return False


def _is_known(old: Value | None, new: Value | None) -> bool:
    def kind(value: Value | None) -> type | None:
        return float if type(value) is int else None if value is None else type(value)

    return old is not None and kind(old) is kind(new)


def _is_exact(difference: Difference) -> bool:
    """Return whether the API stores the entry as it is in the backup, or finds it to delete it."""
    name, new = difference.item, difference.new
    if not _is_of_known_kind(difference) or not name or _NOT_UTF8.search(name):
        return False
    if not isinstance(new, Entry):
        return "\0" not in name
    if _NOT_UTF8.search(new.comment):
        return False
    return can_be_put(
        Item(
            kind=ITEM_KINDS[difference.subject],
            name=name,
            variant=difference.kind,
            enabled=new.enabled,
            comment=new.comment,
        )
    )


def _is_of_known_kind(difference: Difference) -> bool:
    match difference.subject:
        case Subject.LISTS:
            return difference.kind in LIST_KINDS.values()
        case Subject.DOMAINS:
            return difference.kind in DOMAIN_KINDS.values()
        case _:
            return True


def _is_plain_host(line: str) -> bool:
    return line == " ".join(line.split()) and "#" not in line


def _lowers_privacy(difference: Difference) -> bool:
    old, new = difference.old, difference.new
    return (
        difference.item == _PRIVACY and isinstance(old, int) and isinstance(new, int) and new < old
    )


def _needs_gravity(difference: Difference) -> bool:
    if difference.subject is not Subject.LISTS or not isinstance(difference.new, Entry):
        return False
    was_enabled = isinstance(difference.old, Entry) and difference.old.enabled
    return difference.new.enabled and not was_enabled
