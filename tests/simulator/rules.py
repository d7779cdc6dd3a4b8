"""In what the versions of Pi-hole differ. Each difference is held by `tests/conformance`."""

from dataclasses import dataclass, replace
from typing import Final

from .state import Versions


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How one version behaves. The defaults are those of the newest."""

    versions: Versions


_NEWEST: Final = Rules(versions=Versions(core="v6.4", web="v6.5", ftl="v6.4.1"))

_RULES: Final = {
    "6.0": replace(_NEWEST, versions=Versions(core="v6.0", web="v6.0", ftl="v6.0")),
    "6.2": replace(_NEWEST, versions=Versions(core="v6.1.2", web="v6.2.1", ftl="v6.2.3")),
    "6.3": replace(_NEWEST, versions=Versions(core="v6.2.2", web="v6.3", ftl="v6.3.3")),
    "6.4": _NEWEST,
}


def rules_of(version: str) -> Rules:
    """Return the rules of a version such as "6.4". Raises `KeyError` for one that is unknown."""
    return _RULES[version]
