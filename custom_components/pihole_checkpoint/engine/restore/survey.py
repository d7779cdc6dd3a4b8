"""Asking a Pi-hole what may be changed on it, and how."""

from collections.abc import Mapping

from yarl import URL

from ..pihole.session import PiholeSession
from ..pihole.settings import read_settings
from ..teleporter.contents import Contents
from .selection import SETTING_OF
from .target import Target

_APP_SUDO = "webserver.api.app_sudo"
_READ_ONLY = "misc.readOnly"


async def survey(
    session: PiholeSession,
    live: Contents,
    url: URL,
    *,
    is_other: bool,
    secrets: Mapping[str, str],
) -> Target:
    """Return what a plan has to know of the Pi-hole. Raises what `PiholeSession` does."""
    own = await session.own_session()
    settings = await read_settings(session)
    return Target(
        versions=live.versions,
        is_app=own.is_app,
        has_app_sudo=live.settings.get(_APP_SUDO) is True,
        is_read_only=live.settings.get(_READ_ONLY) is True,
        is_other=is_other,
        forced=frozenset(key for key, setting in settings.items() if setting.is_forced),
        restarting=frozenset(key for key, setting in settings.items() if setting.restarts),
        own_address=own.address,
        arrays={key: settings[key].value for key in SETTING_OF.values() if key in settings},
        port=url.port,
        secrets=secrets,
    )
