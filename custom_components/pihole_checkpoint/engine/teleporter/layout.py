"""Which member of a zip is which file of Pi-hole's, however the zip was packed.

Pi-hole itself takes a member only under its exact name. People pack archives again: one folder
down, from a rescued `/etc/pihole`, with backslashes, in capitals, or with their computer's own
files in it ("Import" in `docs/pihole-api.md`).
"""

from collections.abc import Mapping
from typing import Final

from ..errors import ArchiveMemberMissing, ArchiveUnsafe

_HOME: Final = "etc/pihole/"
_CONFIG_FILE: Final = "pihole.toml"
CONFIG: Final = f"{_HOME}{_CONFIG_FILE}"
GRAVITY: Final = f"{_HOME}gravity.db"
"""The gravity database's name in an import. In an export the name follows `files.gravity`."""
LEASES: Final = f"{_HOME}dhcp.leases"
QUERIES: Final = f"{_HOME}pihole-FTL.db"
_FOLDERS: Final = (_HOME, "etc/dnsmasq.d/")
_HOSTS: Final = "etc/hosts"
_BY_FOLDED_NAME: Final = {
    name.casefold(): name for name in (CONFIG, GRAVITY, LEASES, QUERIES, _HOSTS)
}

_MAC_FOLDER: Final = "__MACOSX"
MAC_PREFIX: Final = "._"
"""How the files begin in which macOS keeps what other systems cannot store with a file."""
_OF_COMPUTERS: Final = frozenset({".ds_store", "icon\r", "thumbs.db", "desktop.ini"})


def plain_name(name: str) -> str:
    """Return a member's name as Pi-hole would write it: with slashes, from the zip's root."""
    name = name.replace("\\", "/")
    while name.startswith("./"):
        name = name[2:]
    return name


def is_of_computer(name: str) -> bool:
    """Check whether macOS or Windows put a file into the zip for itself."""
    *folders, file = name.split("/")
    return _MAC_FOLDER in folders or file.startswith(MAC_PREFIX) or file.casefold() in _OF_COMPUTERS


def is_beside_config(name: str) -> bool:
    """Check whether a file lies in the folder that Pi-hole keeps its own files in."""
    return name.startswith(_HOME)


def arrange[Member](members: Mapping[str, Member]) -> dict[str, Member]:
    """Return the members by the names that Pi-hole gives them, without those beside its files.

    Raises `ArchiveMemberMissing` for none or more than one configuration, and `ArchiveUnsafe` for
    names that differ only in case.
    """
    base, home, config = _find_base([*members])
    change = str.lower if config.isupper() else str
    own_names = {
        name: home + change(name[len(base) :])
        for name in members
        if name[: len(base)].casefold() == base.casefold()
    }
    exact = set(own_names.values())
    arranged: dict[str, Member] = {}
    for name, own in own_names.items():
        known = _in_pihole_case(own)
        if known != own and known in exact:
            known = own  # Pi-hole reads the other one
        if known in arranged:
            raise ArchiveUnsafe
        arranged[known] = members[name]
    return arranged


def _in_pihole_case(name: str) -> str:
    for folder in _FOLDERS:
        if name[: len(folder)].casefold() == folder:
            name = folder + name[len(folder) :]
    return _BY_FOLDED_NAME.get(name.casefold(), name)


def _find_base(names: list[str]) -> tuple[str, str, str]:
    """Return what all names of Pi-hole's files begin with, and what belongs there instead.

    The third is the configuration's name.
    """
    if CONFIG in names:
        return "", "", CONFIG
    configs = [name for name in names if f"/{name}".casefold().endswith(f"/{_CONFIG_FILE}")]
    if not configs:
        raise ArchiveMemberMissing(member=CONFIG)
    best = min(map(_distance, configs))
    found = [name for name in configs if _distance(name) == best]
    if len(found) > 1:
        raise ArchiveMemberMissing(member=CONFIG)  # nobody can tell which of them is meant
    [config] = found
    folder = config[: -len(_CONFIG_FILE)]
    if _is_in_home(config):
        return folder[: -len(_HOME)], "", config
    return folder, _HOME, config


def _distance(config: str) -> tuple[bool, int]:
    """Return how far a configuration is from the place where Pi-hole has it."""
    return not _is_in_home(config), config.count("/")


def _is_in_home(config: str) -> bool:
    return f"/{config}".casefold().endswith(f"/{CONFIG}")
