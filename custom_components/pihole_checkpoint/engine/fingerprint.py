"""A name for what is in an archive, that is the same as long as nobody changed anything."""

import hashlib
import json
from operator import attrgetter

from .contents import Contents, Secret

_ENTRY = attrgetter("name", "kind", "enabled", "comment", "groups")
_LEASE = attrgetter("ip", "mac", "name", "client_id")


def fingerprint(contents: Contents) -> str:
    """Hash the contents, but for the versions, in hexadecimal."""
    told = {
        "settings": {
            name: {"secret": value.digest} if isinstance(value, Secret) else value
            for name, value in contents.settings.items()
        },
        "groups": list(map(_ENTRY, contents.groups)),
        "lists": list(map(_ENTRY, contents.lists)),
        "domains": list(map(_ENTRY, contents.domains)),
        "clients": list(map(_ENTRY, contents.clients)),
        "dns_hosts": contents.dns_hosts,
        "cnames": contents.cnames,
        "static_leases": contents.static_leases,
        "leases": list(map(_LEASE, contents.leases)),
        "files": contents.files,
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
