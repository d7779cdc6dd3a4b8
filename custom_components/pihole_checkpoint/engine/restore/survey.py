"""Asking a Pi-hole what may be changed on it, and how."""

import asyncio
from collections.abc import Mapping

from yarl import URL

from ..pihole.errors import CheckpointError
from ..pihole.models import Versions
from ..pihole.session import PiholeSession
from ..pihole.settings import may_apps_change, read_settings
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


async def may_restore_settings(session: PiholeSession, versions: Versions) -> bool | None:
    """Return whether the session's password is for settings, too; `None` if that is not known.

    It is a nicety before anything is restored, so nothing fails because of it.
    """
    try:
        async with asyncio.timeout(session.transport.timings.versions):
            is_app = await session.uses_app_password()
            has_app_sudo = is_app and await may_apps_change(session)
    except CheckpointError, TimeoutError:
        return None
    return Target(versions=versions, is_app=is_app, has_app_sudo=has_app_sudo).may_import
