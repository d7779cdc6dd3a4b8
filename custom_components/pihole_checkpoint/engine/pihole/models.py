"""What a Pi-hole says about itself."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Probe:
    """What a Pi-hole answers without a login."""

    needs_password: bool
    """Whether a password is set."""
    has_totp: bool = False
    """Whether two-factor authentication is on, with which only an app password works here."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Versions:
    """The versions of a Pi-hole's parts, as it writes them itself (`v6.4.1`)."""

    core: str | None = None
    web: str | None = None
    ftl: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnSession:
    """What a Pi-hole knows of our session."""

    is_app: bool = False
    """Whether an app password opened it."""
    address: str | None = None
    """The address from which we reach the Pi-hole, or that of a proxy in front of it."""
