"""Other credentials for a while, as a user sets them. What was there before is put back."""

from typing import cast

from .pihole import Pihole


async def use_app_password(pihole: Pihole) -> str:
    """Make an app password; return it. Every session ends, so log in anew."""
    made = cast("dict[str, str]", (await pihole.ask("GET", "api/auth/app")).json["app"])
    await set_webserver_api(pihole, app_pwhash=made["hash"])
    pihole.sid = await pihole.session()
    return made["password"]


async def turn_2fa_on(pihole: Pihole) -> None:
    """Ask for a second factor from now on. Every session ends, so log in anew."""
    made = cast("dict[str, str]", (await pihole.ask("GET", "api/auth/totp")).json["totp"])
    await set_webserver_api(pihole, totp_secret=made["secret"])
    pihole.totp_secret = made["secret"]
    pihole.sid = await pihole.session()


async def turn_password_off(pihole: Pihole) -> None:
    """Have no password set."""
    await set_webserver_api(pihole, password="")


async def set_webserver_api(pihole: Pihole, **settings: object) -> None:
    """Change settings of the section `webserver.api`."""
    await pihole.ask("PATCH", "api/config", {"config": {"webserver": {"api": settings}}})
