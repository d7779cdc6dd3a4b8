"""A name for what is in an archive, that is the same as long as nobody changed anything."""

from collections.abc import Iterable
import hashlib
from itertools import batched
import json
from operator import attrgetter
from typing import Final

from .contents import Contents, Secret

_ENTRY = attrgetter("name", "kind", "enabled", "comment", "groups")
_LEASE = attrgetter("ip", "mac", "name", "client_id")
_AT_ONCE: Final = 64
"""A few at a time: some texts are held only once in memory, but are written many times."""


def fingerprint(contents: Contents) -> str:
    """Hash the contents, but for the versions, in hexadecimal."""
    settings = (
        (name, {"secret": value.digest} if isinstance(value, Secret) else value)
        for name, value in sorted(contents.settings.items())
    )
    kinds: dict[str, Iterable[object]] = {
        "settings": settings,
        "groups": map(_ENTRY, contents.groups),
        "lists": map(_ENTRY, contents.lists),
        "domains": map(_ENTRY, contents.domains),
        "clients": map(_ENTRY, contents.clients),
        "dns_hosts": contents.dns_hosts,
        "cnames": contents.cnames,
        "static_leases": contents.static_leases,
        "leases": map(_LEASE, contents.leases),
        "files": sorted(contents.files.items()),
    }
    digest = hashlib.sha256()
    for name, things in kinds.items():
        for some in batched(things, _AT_ONCE, strict=False):
            digest.update(json.dumps({name: some}).encode())
    return digest.hexdigest()
