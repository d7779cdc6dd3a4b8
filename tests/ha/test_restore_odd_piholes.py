"""Restores on Pi-holes that fix something, do not ask, or do not finish."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from pihole_simulator import faults
from tests.support.kitchen import APP_SUDO, Kitchen, messed_up
from tests.support.passwords import NEW_PASSWORD, PASSWORD

MAIN_HASH = "webserver.api.pwhash"
NO_DNS = (
    b"\n  [\xe2\x9c\x97] DNS resolution is currently unavailable\n"
    b"  [\xe2\x9c\x97] DNS resolution is not available\n"
)


def left_out(answer: Mapping[str, Any]) -> dict[str, str]:
    """Return why what stays as it is, by its name."""
    return {left["item"]: left["reason"] for left in answer["left_out"]}


# A password that the environment fixes ------------------------------------------------------------


async def test_a_password_that_the_environment_fixes_fixes_its_hash(kitchen: Kitchen) -> None:
    """Only the API tells: the hash itself is not marked as fixed."""
    sim = kitchen.sim
    stored, before, _ = await messed_up(kitchen)
    sim.change_credentials(replace(sim.pihole.credentials, password=NEW_PASSWORD))
    sim.pihole.forced = {"webserver.api.password": NEW_PASSWORD}

    answer = await kitchen.restore(stored)

    assert left_out(answer) == {MAIN_HASH: "forced"}
    assert sim.pihole.credentials.password == NEW_PASSWORD
    assert (answer["proven"], answer["way"], sim.restarts) == (True, "live", 0)
    assert any(MAIN_HASH in remark for remark in answer["remarks"])
    assert kitchen.configuration["domains"] == before["domains"]


async def test_a_password_that_nothing_fixes_comes_back(kitchen: Kitchen) -> None:
    sim = kitchen.sim
    stored, _, _ = await messed_up(kitchen)
    sim.change_credentials(replace(sim.pihole.credentials, password=NEW_PASSWORD))

    answer = await kitchen.restore(stored)

    assert left_out(answer) == {}
    assert sim.pihole.credentials.password == PASSWORD
    assert (answer["proven"], answer["way"]) == (True, "import")


# App passwords without a permission ---------------------------------------------------------------


@pytest.mark.parametrize("sim", ["6.0"], indirect=True)
async def test_the_first_version_does_not_ask_what_an_app_password_may(kitchen: Kitchen) -> None:
    kitchen.sim.pihole.settings[APP_SUDO] = False
    stored, before, messed = await messed_up(kitchen)

    answer = await kitchen.restore(stored)

    assert kitchen.configuration == before
    assert (answer["proven"], answer["way"]) == (True, "import")
    assert not any("permission" in item["needs"] for item in answer["items"])
    await kitchen.undo()
    assert kitchen.configuration == messed


@pytest.mark.parametrize("sim", ["6.2", "6.3", "6.4"], indirect=True)
async def test_later_versions_refuse_settings_from_it_and_nothing_is_sent(kitchen: Kitchen) -> None:
    kitchen.sim.pihole.settings[APP_SUDO] = False
    stored, _, _ = await messed_up(kitchen)
    kitchen.sim.requests.clear()

    await kitchen.does_not_begin(kitchen.restore(stored), "app passwords")

    assert {request.method for request in kitchen.sim.requests if not request.is_login} <= {
        "GET",
        "DELETE",
    }
    sent = [request.path for request in kitchen.sim.requests if request.method == "DELETE"]
    assert sent == ["/api/auth"]


# A gravity update that does not end well ----------------------------------------------------------


async def test_a_gravity_update_without_dns_is_reported_although_its_answer_is_200(
    kitchen: Kitchen,
) -> None:
    stored, before, messed = await messed_up(kitchen)
    kitchen.sim.faults.next("gravity", faults.replace(NO_DNS))

    await kitchen.fails_after_its_safety_backup(kitchen.restore(stored), "restore_gravity_failed")

    assert kitchen.configuration == before
    [remark] = kitchen.events[-1].data["remarks"]
    assert "DNS resolution is currently unavailable" in remark
    await kitchen.undo()
    assert kitchen.configuration == messed


async def test_remarks_are_in_the_event_of_a_restore_that_fails_later(kitchen: Kitchen) -> None:
    stored, _, _ = await messed_up(kitchen)
    kitchen.sim.pihole.forced = {"dns.blockTTL": 60}
    kitchen.sim.faults.next("export", faults.call(lambda: None), times=2)
    kitchen.sim.faults.next("export", faults.error(500, "internal_error", "out of ideas"))

    await kitchen.fails_after_its_safety_backup(kitchen.restore(stored), "restore_unproven")

    assert any("dns.blockTTL" in remark for remark in kitchen.events[-1].data["remarks"])
    assert kitchen.home.state("backup").attributes["remarks"] == kitchen.events[-1].data["remarks"]
    await kitchen.undo()


async def test_remarks_are_in_the_event_of_a_restore_that_did_not_begin(kitchen: Kitchen) -> None:
    stored, _, _ = await messed_up(kitchen)
    kitchen.sim.pihole.forced = {"dns.blockTTL": 60}
    kitchen.sim.faults.next("export", faults.call(lambda: None))
    kitchen.sim.faults.next("export", faults.error(500, "internal_error", "out of ideas"))

    await kitchen.fails(kitchen.restore(stored), "restore_not_begun")

    assert any("dns.blockTTL" in remark for remark in kitchen.events[-1].data["remarks"])


# Texts that are not UTF-8 -------------------------------------------------------------------------

LATIN_1 = b"h\xe4ufig \xff".decode(errors="surrogateescape")


async def test_a_comment_in_another_encoding_comes_back_byte_by_byte(kitchen: Kitchen) -> None:
    """The API could not even say it, so it is imported."""
    pihole = kitchen.sim.pihole
    pihole.add_domain("old.example.com", comment=LATIN_1)
    pihole.add_domain("new.example.com", comment="häufig")
    stored = await kitchen.back_up()
    pihole.domains[-2:] = []

    answer = await kitchen.restore(stored)

    assert (answer["proven"], answer["way"]) == (True, "import")
    assert [row.comment for row in pihole.domains[-2:]] == [LATIN_1, "häufig"]
    await kitchen.undo()
    assert "old.example.com" not in [row.domain for row in pihole.domains]


@pytest.mark.parametrize("way", ["live", "import"])
async def test_such_a_comment_stays_when_something_else_is_restored(
    kitchen: Kitchen, way: str
) -> None:
    pihole = kitchen.sim.pihole
    pihole.add_domain("old.example.com", comment=LATIN_1)
    stored, _, _ = await messed_up(kitchen)

    answer = await kitchen.restore(stored, way=way)

    assert (answer["proven"], answer["way"]) == (True, way)
    [kept] = [row for row in pihole.domains if row.domain == "old.example.com"]
    assert kept.comment == LATIN_1
