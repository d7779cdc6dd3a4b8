"""Restoring over real HTTP: what the Pi-hole holds afterwards, and what a user is told."""

from typing import Any

import pytest

from custom_components.pihole_checkpoint.engine import restoring

from .conftest import Home
from .simulator import Simulator, configuration_of


@pytest.fixture(autouse=True)
def the_pihole(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    sim.auth.login_attempts_per_second = 1000
    sim.pihole.settings["webserver.api.app_sudo"] = True
    monkeypatch.setattr(restoring, "_SETTLE_SECONDS", 0.3)
    monkeypatch.setattr(restoring, "_LOOK_SECONDS", 0.01)


async def restore(home: Home, backup_id: str, **data: object) -> dict[str, Any]:
    return await home.call(
        "restore", config_entry_id=home.entry.entry_id, backup_id=backup_id, **data
    )


async def backup(home: Home) -> str:
    [record] = await home.back_up(config_entry_id=home.entry.entry_id)
    return str(record["id"])


def mess_up(sim: Simulator) -> None:
    pihole = sim.pihole
    pihole.adlists.pop(0)
    pihole.add_adlist("https://evil.example/list.txt")
    pihole.domains[0].enabled = False
    pihole.add_domain("important.example.com")
    pihole.clients.clear()
    pihole.groups.pop()
    pihole.hosts.clear()
    pihole.settings["dns.blockTTL"] = 60


async def test_a_restore_brings_back_everything_and_proves_it(home: Home, sim: Simulator) -> None:
    before = configuration_of(sim.pihole, counts=False)
    stored = await backup(home)
    mess_up(sim)
    messed = configuration_of(sim.pihole, counts=False)

    answer = await restore(home, stored)

    after = configuration_of(sim.pihole, counts=False)
    assert after == before
    assert answer["proven"] is True
    assert answer["gravity_updated"] is True
    assert sim.gravity_updates == 1
    assert "1 list removed: https://evil.example/list.txt." in answer["summary"]
    assert answer["safety_backup"]["trigger"] == "before_restore"
    assert home.count == 2
    event = home.state("backup").attributes
    assert event["event_type"] == "restored"
    assert event["safety_backup_id"] == answer["safety_backup"]["id"]
    assert sim.sessions == []
    assert not list(home.store.glob(".staging/*"))

    await home.call("undo_restore", config_entry_id=home.entry.entry_id)

    assert configuration_of(sim.pihole, counts=False) == messed
    assert sim.sessions == []
