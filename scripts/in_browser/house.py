"""A Home Assistant with Pi-holes in it, its dashboards, and who looks at them."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
import json
from pathlib import Path
import secrets
import shutil
import time
from typing import Literal, TypedDict, Unpack, cast

from aiohttp import ClientSession
from playwright.async_api import Browser, BrowserContext, StorageState, ViewportSize

from scripts.demo_home import arranging
from scripts.demo_home.api import Api
from scripts.demo_home.arranging import Target
from scripts.demo_home.home import Home

CARD = "custom:pihole-checkpoint-card"
_PORTS = range(8124, 8724)
"""One by lot: several may be starting at the same time, and none of them listens yet."""


class Record(TypedDict):
    """What is looked at of a backup's record."""

    id: str
    filename: str
    pinned: bool
    note: str | None


class Look(TypedDict, total=False):
    """How a browser is."""

    viewport: ViewportSize
    color_scheme: Literal["light", "dark"]
    reduced_motion: Literal["reduce"]
    device_scale_factor: float
    timezone_id: str


class House:
    """One that is up, with an administrator."""

    def __init__(self, home: Home, api: Api, http: ClientSession) -> None:
        self.home = home
        self.api = api
        self._http = http

    @property
    def url(self) -> str:
        """Where it answers."""
        return self.home.url

    async def add_pihole(self, url: str, password: str, *, verify_ssl: bool = True) -> str:
        """Add one through the config flow, delete its first backup, and give its entry's ID.

        What is in its folder from before, when it was removed, stays.
        """
        folder = self.home.config / arranging.DOMAIN
        before = {path.name for path in await asyncio.to_thread(lambda: [*folder.rglob("*.zip")])}
        target = Target(url=url, password=password, verify_ssl=verify_ssl)
        entry_id = (await arranging.add_pihole(self.api, target))["entry_id"]
        for record in await self.act("list", config_entry_id=entry_id):
            if record["filename"] not in before:
                await self.act("delete", config_entry_id=entry_id, backup_id=record["id"])
        return entry_id

    async def remove_pihole(self, entry_id: str) -> None:
        """Remove it; its backups stay on the disk."""
        await self.api.delete(f"config/config_entries/entry/{entry_id}")

    async def delete_backups(self) -> None:
        """Leave nothing for a Pi-hole that happens to get the same port as one before."""
        await asyncio.to_thread(_empty, self.home.config / arranging.DOMAIN)

    async def act(self, service: str, **fields: object) -> list[Record]:
        """Do something from elsewhere, as an automation does, and give the backups it tells of."""
        path = f"services/{arranging.DOMAIN}/{service}?return_response"
        answer = cast("dict[str, dict[str, list[Record]]]", await self.api.post(path, fields))
        return answer["service_response"].get("backups", [])

    async def make_dashboard(self, path: str, cards: Sequence[Mapping[str, object]]) -> str:
        """Make one of these cards, and give its address."""
        await self.api.command(
            "lovelace/dashboards/create", url_path=path, title="Backups", mode="storage"
        )
        view = {"title": "Backups", "type": "panel" if len(cards) == 1 else "masonry"}
        await self.api.command(
            "lovelace/config/save", url_path=path, config={"views": [{**view, "cards": cards}]}
        )
        return f"{self.url}/{path}/0"

    async def add_user(self, name: str, group: str) -> Api:
        """Add somebody, and log in as them. The password is the name."""
        made = await self.api.command("config/auth/create", name=name, group_ids=[group])
        user = cast("dict[str, dict[str, str]]", made)["user"]["id"]
        await self.api.command(
            "config/auth_provider/homeassistant/create", user_id=user, username=name, password=name
        )
        api = Api(self._http, self.url)
        await api.log_in_as(name, name)
        return api

    async def open_browser(
        self, browser: Browser, who: Api | None = None, language: str = "en", **look: Unpack[Look]
    ) -> BrowserContext:
        """Give a browser in which somebody is logged in: the administrator, or `who`."""
        api = who or self.api
        tokens = {
            **api.tokens,
            "hassUrl": self.url,
            "clientId": api.client,
            "expires": (time.time() + 1800) * 1000,
        }
        kept = {
            "hassTokens": json.dumps(tokens),
            "selectedLanguage": json.dumps(language),
            "dockedSidebar": json.dumps("always_hidden"),
        }
        state: StorageState = {
            "cookies": [],
            "origins": [
                {
                    "origin": self.url,
                    "localStorage": [{"name": name, "value": item} for name, item in kept.items()],
                }
            ],
        }
        return await browser.new_context(storage_state=state, **look)

    async def restart(self) -> None:
        """Stop it, and start it again with what it kept."""
        await self.home.stop()
        await self.start()

    async def start(self) -> None:
        """Start it again, and wait until all is there."""
        await self.home.start()
        await arranging.wait_until_running(self.home, self.api)


def _empty(folder: Path) -> None:
    for found in folder.iterdir():
        shutil.rmtree(found)


@asynccontextmanager
async def house(folder: Path) -> AsyncIterator[House]:
    """Build one in an empty folder, as long as this lasts."""
    async with ClientSession() as http, Home(secrets.choice(_PORTS), folder) as home:
        api = Api(http, home.url)
        await arranging.wait_until_up(home, api)
        await arranging.onboard(home, api)
        yield House(home, api, http)
