"""The Pi-hole that `PIHOLE_URL` and `PIHOLE_PASSWORD` name, and a Home Assistant of our own."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
import os
from pathlib import Path
import secrets
from typing import TypedDict, cast

import pytest

from scripts.demo_home.api import Api
from scripts.in_browser.house import Record, house

from .pihole import Pihole

URL = os.environ.get("PIHOLE_URL")
PASSWORD = os.environ.get("PIHOLE_PASSWORD")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave them out, and say so, where there is no Pi-hole or these are not what was asked for."""
    if URL is None or PASSWORD is None:
        reason = "PIHOLE_URL and PIHOLE_PASSWORD name no Pi-hole that may be changed"
    elif config.pluginmanager.hasplugin("homeassistant"):
        reason = "they are run by themselves: scripts/test tests/live"
    else:
        return
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.skip(reason))


class Change(TypedDict):
    """What is looked at of a change."""

    change: str
    item: str


class Told(TypedDict):
    """What is looked at of what a comparison or a restore says."""

    summary: list[str]
    changes: dict[str, list[Change]]
    proven: bool | None
    safety_backup: Record | None


@dataclass(kw_only=True)
class Kitchen:
    """Home Assistant with the Pi-hole in it."""

    api: Api
    entry_id: str

    async def back_up(self) -> Record:
        [record] = cast("dict[str, list[Record]]", await self._call("backup"))["backups"]
        return record

    async def compare_with(self, record: Record) -> Told:
        return cast("Told", await self._call("compare", backup_id=record["id"]))

    async def restore(self, record: Record, **fields: object) -> Told:
        return cast("Told", await self._call("restore", backup_id=record["id"], **fields))

    async def undo(self) -> Told:
        return cast("Told", await self._call("undo_restore"))

    async def _call(self, service: str, **fields: object) -> object:
        answer = await self.api.post(
            f"services/pihole_checkpoint/{service}?return_response",
            {"config_entry_id": self.entry_id, **fields},
        )
        return cast("dict[str, object]", answer)["service_response"]


@pytest.fixture(scope="session")
async def kitchen(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Kitchen]:
    assert URL is not None
    assert PASSWORD is not None
    async with house(tmp_path_factory.mktemp("house")) as built:
        entry_id = await built.add_pihole(URL, PASSWORD)
        yield Kitchen(api=built.api, entry_id=entry_id)


@pytest.fixture
async def pihole(kitchen: Kitchen) -> AsyncIterator[Pihole]:
    """Give the Pi-hole, and see in the end that nobody is left logged in."""
    assert URL is not None
    assert PASSWORD is not None
    async with Pihole.logged_in_to(URL, PASSWORD) as opened:
        before = await opened.sessions_of_home_assistant()
        yield opened
        assert await opened.sessions_of_home_assistant() <= before


@pytest.fixture
async def marker(pihole: Pihole) -> AsyncIterator[str]:
    """Give a domain that nobody denies, and that nobody denies afterwards."""
    domain = f"checkpoint-{secrets.token_hex(6)}.invalid"
    yield domain
    if domain in await pihole.denied():
        await pihole.take_away(domain)
