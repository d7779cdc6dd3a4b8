"""What a Pi-hole says about itself before a restore: what may be changed, and how."""

from collections.abc import Mapping
from dataclasses import dataclass, field
import re
from typing import Final

from ..pihole.models import Versions
from ..pihole.settings import SettingValue

_UNASKING: Final = re.compile(r"v6\.0(\D|$)", re.ASCII)
"""The FTL whose import does not ask whether an app password may change settings."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """The Pi-hole that a backup is restored to, and what else a plan has to know."""

    versions: Versions
    is_app: bool = False
    """Whether the session is of an app password."""
    has_app_sudo: bool = False
    """Whether app passwords may change settings (`webserver.api.app_sudo`)."""
    is_read_only: bool = False
    """Whether the configuration takes no change (`misc.readOnly`)."""
    is_other: bool = False
    """Whether the backup is of another Pi-hole."""
    forced: frozenset[str] = frozenset()
    """Full keys of settings that the environment of the container fixes."""
    restarting: frozenset[str] = frozenset()
    """Full keys of settings whose change restarts the Pi-hole."""
    own_address: str | None = None
    """The address from which the Pi-hole is asked."""
    port: int | None = None
    """The port at which the Pi-hole is reached."""
    arrays: Mapping[str, SettingValue | None] = field(default_factory=dict, repr=False)
    """The settings whose items are restored one by one, as the API gives them, by full key."""
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The secret settings of the backup, by full key: whether they can work is seen only so."""

    @property
    def may_patch(self) -> bool:
        """Return whether settings may be changed one by one."""
        return not self.is_read_only and (not self.is_app or self.has_app_sudo)

    @property
    def may_import(self) -> bool:
        """Return whether an archive may be imported."""
        return (
            not self.is_app
            or self.has_app_sudo
            or _UNASKING.match(self.versions.ftl or "") is not None
        )
