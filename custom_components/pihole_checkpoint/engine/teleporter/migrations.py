"""Settings as another version of Pi-hole has them. Pure functions.

FTL migrates old settings itself, when it starts and when it imports a file. What it does not say:
how settings of a newer version would be called in an older one. Both ways are here.
"""

from collections.abc import Mapping
import re
from typing import Final

from .contents import Secret, Setting

type Settings = Mapping[str, Setting | Secret]

_DOMAIN: Final = "dns.domain"
"""Up to v6.2."""
_DOMAIN_NAME: Final = "dns.domain.name"
_DOMAIN_IS_LOCAL: Final = "dns.domain.local"
"""From v6.3. Up to v6.2 the domain always is local."""
_REVERSE_SERVERS: Final = "dns.revServers"
_REVERSE_SERVER: Final = tuple(
    f"dns.revServer.{key}" for key in ("active", "cidr", "target", "domain")
)
"""Before v6.0 was released. There was one such server only."""
_DEBUG: Final = "debug."
_DEBUG_ALL: Final = "debug.all"
_SPACES: Final = " \t\n\v\f\r"
_SEPARATOR: Final = re.compile(r"[ \t]")


def migrated(settings: Settings, live: Settings) -> dict[str, Setting | Secret]:
    """Return settings under the names that a Pi-hole with the settings `live` knows.

    Settings that it does not know at all keep their names.
    """
    found = dict(settings)
    _migrate_domain(found, live)
    _migrate_reverse_server(found, live)
    _migrate_debugging(found, live)
    return found


def tidied_host(host: str) -> str:
    """Return an item of `dns.hosts` as FTL writes it from v6.3 on: with single spaces.

    A comment stays as it is.
    """
    rest = host.lstrip(_SPACES)
    if not rest or rest.startswith("#"):
        return host
    words: list[str] = []
    while rest:
        word, *others = _SEPARATOR.split(rest, maxsplit=1)
        rest = "".join(others)
        word = word.lstrip(_SPACES)
        if word.startswith("#"):
            words += [word, rest]
            break
        words.append(word)
    return " ".join(word for word in words if word)


def _migrate_domain(found: dict[str, Setting | Secret], live: Settings) -> None:
    if _DOMAIN_NAME in live and _DOMAIN not in live and isinstance(found.get(_DOMAIN), str):
        name = found.pop(_DOMAIN)
        found.setdefault(_DOMAIN_NAME, name)
    elif _DOMAIN in live and _DOMAIN_NAME not in live and _DOMAIN_NAME in found:
        found.setdefault(_DOMAIN, found.pop(_DOMAIN_NAME))
        if found.get(_DOMAIN_IS_LOCAL) is True:
            del found[_DOMAIN_IS_LOCAL]


def _migrate_reverse_server(found: dict[str, Setting | Secret], live: Settings) -> None:
    """Append the server to the list. FTL drops one that is not complete, too."""
    if _REVERSE_SERVERS not in live or not found.keys() >= set(_REVERSE_SERVER):
        return
    match [found.pop(name) for name in _REVERSE_SERVER]:
        case [bool() as active, str() as cidr, str() as target, str() as domain] if cidr and target:
            servers = found.get(_REVERSE_SERVERS, ())
            if isinstance(servers, tuple):
                server = f"{str(active).lower()},{cidr},{target},{domain}"
                found[_REVERSE_SERVERS] = (*servers, server)


def _migrate_debugging(found: dict[str, Setting | Secret], live: Settings) -> None:
    """Switch all of it on, or off if all of it would be on: FTL's meaning of `debug.all`."""
    everything = found.get(_DEBUG_ALL)
    known = {name for name in live if name.startswith(_DEBUG) and name != _DEBUG_ALL}
    if everything is True:
        found.update(dict.fromkeys(known, True))
    elif everything is False and known:
        after = {name: found.get(name, live[name]) for name in known}
        if all(value is True for value in after.values()):
            found.update(dict.fromkeys(known, False))
