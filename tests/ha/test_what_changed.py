"""What changed, what is in a backup and what can be taken back, as data for pages."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
import os
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.pihole_checkpoint.const import DOMAIN
from homeassistant.core import HomeAssistant
from pihole_simulator import Lease, Simulator, build_archive
from tests.support.home import AddPihole, Home
from tests.support.kitchen import APP_SUDO, DNS_PORT, Kitchen, messed_up
from tests.support.page import Json, Page
from tests.support.passwords import APP_PASSWORD, PASSWORD

pytestmark = pytest.mark.usefixtures("unlimited_logins")

LIST = "https://lists.example.org/phishing.txt"


@pytest.fixture
async def page(hass: HomeAssistant, hass_ws_client: WebSocketGenerator) -> Page:
    return Page(await hass_ws_client(hass))


async def back_up(home: Home) -> str:
    [record] = await home.back_up(config_entry_id=home.entry.entry_id)
    return str(record["id"])


async def listed(home: Home) -> list[tuple[Any, str]]:
    """Give the headlines, the newest first, and what comparing showed."""
    return [(each["headline"], each["compared"]) for each in await home.backups()]


# Records ------------------------------------------------------------------------------------------


async def test_a_backup_says_in_numbers_what_changed_since_the_one_before(
    home: Home, sim: Simulator
) -> None:
    await home.press()
    await home.press()
    sim.pihole.add_domain("one.example.net")
    sim.pihole.add_domain("two.example.net")
    sim.pihole.adlists[0].enabled = False
    sim.pihole.adlists[0].comment = "for a while"
    await home.press()

    assert await listed(home) == [
        (
            [
                {"subject": "lists", "change": "changed", "count": 1},
                {"subject": "domains", "change": "added", "count": 2},
            ],
            "different",
        ),
        ([], "same"),
        (None, "first"),
    ]
    event = home.state("backup").attributes
    assert event["headline"][0] == {"subject": "lists", "change": "changed", "count": 1}
    assert event["compared"] == "different"


async def test_a_backup_that_cannot_be_compared_any_more_does_not_look_like_the_first(
    home: Home,
) -> None:
    first = await back_up(home)
    await back_up(home)
    os.truncate(home.folder / (await home.backups())[-1]["filename"], 10)

    await home.call("verify", config_entry_id=home.entry.entry_id, backup_id=first)

    assert [compared for _, compared in await listed(home)] == ["same", "unknown"]


async def test_a_backup_with_only_a_damaged_one_before_it_is_not_called_the_first(
    home: Home,
) -> None:
    await home.press()
    os.truncate(home.archives[0], 10)

    await home.press()

    assert await listed(home) == [(None, "unknown"), (None, "unknown")]


async def test_the_first_backup_of_a_pihole_is_its_first_although_an_older_one_came_in(
    home: Home, sim: Simulator
) -> None:
    archive = build_archive(sim.pihole, datetime.now(UTC) - timedelta(days=2))
    path = home.folder / "mine.zip"
    path.write_bytes(archive)
    os.utime(path, (1, 1))  # it is no longer being copied
    await home.poll()

    await home.press()

    assert await listed(home) == [(None, "first"), (None, "first")]


async def test_what_changed_is_named_for_administrators(
    home: Home, sim: Simulator, page: Page
) -> None:
    await home.press()
    sim.pihole.add_adlist(LIST)
    for number in range(120):
        sim.pihole.add_domain(f"{number}.example.net")
    newest = await back_up(home)

    answer = await page.result(
        f"{DOMAIN}/changes", config_entry_id=home.entry.entry_id, backup_id=newest
    )

    assert answer["compared"] == "different"
    assert answer["changes"]["lists"] == [{"change": "added", "item": LIST, "kind": "block"}]
    assert len(answer["changes"]["domains"]) == 100
    assert answer["left_out"] == [{"subject": "domains", "change": "added", "count": 20}]
    assert answer["changes"]["settings"] == []


@pytest.mark.parametrize("command", ["changes", "contents"])
async def test_a_backup_that_is_not_there_is_refused_in_words(
    home: Home, page: Page, command: str
) -> None:
    answer = await page.ask(
        f"{DOMAIN}/{command}", config_entry_id=home.entry.entry_id, backup_id="0a1b2c3d4e5f"
    )

    assert answer["error"]["translation_key"] == "backup_not_found"
    answer = await page.ask(f"{DOMAIN}/{command}", config_entry_id="none", backup_id="0a1b2c3d4e5f")
    assert not answer["success"]


# Contents -----------------------------------------------------------------------------------------

type Search = Callable[..., Awaitable[Json]]


@pytest.fixture
async def search(home: Home, sim: Simulator, page: Page) -> Search:
    sim.pihole.add_adlist("https://me:secret@lists.example.org/mine.txt", groups={0})
    sim.pihole.add_client("192.168.1.77", comment="Grandma's EASEL")
    sim.pihole.leases = [Lease(mac="00:11:22:33:44:66", ip="192.168.1.78", name="phone")]
    backup_id = await back_up(home)

    async def find(text: str = "", **fields: object) -> Json:
        answer: Json = await page.result(
            f"{DOMAIN}/contents",
            config_entry_id=home.entry.entry_id,
            backup_id=backup_id,
            search=text,
            **fields,
        )
        return answer

    return find


async def test_what_is_in_a_backup_is_listed_and_counted(
    home: Home, sim: Simulator, search: Search
) -> None:
    answer = await search(subject="clients")

    [record] = await home.backups()
    counted = {name: number for name, number in answer["counts"].items() if name != "settings"}
    assert counted == {name: record["contents"][name] for name in counted}
    assert answer["counts"]["settings"] > 100
    assert answer["found"] == answer["counts"]
    assert {item["subject"] for item in answer["items"]} == {"clients"}
    assert {item["item"]: item["comment"] for item in answer["items"]}["192.168.1.77"] == (
        "Grandma's EASEL"
    )
    [mine] = (await search("mine"))["items"]
    assert mine == {
        "subject": "lists",
        "item": "https://***@lists.example.org/mine.txt",
        "kind": "block",
        "enabled": True,
        "comment": mine["comment"],
        "groups": ["Default"],
    }
    assert len((await search(limit=3))["items"]) == 3
    assert len(sim.sessions) == 0


async def test_a_search_looks_into_names_comments_and_values_in_any_case(
    search: Search,
) -> None:
    assert [item["item"] for item in (await search("easel"))["items"]] == ["192.168.1.77"]
    [lease] = (await search("PHONE"))["items"]
    assert lease["item"].startswith("192.168.1.78 00:11:22:33:44:66 phone")
    found = await search("BLOCKTTL")
    assert found["found"]["settings"] == 1
    assert found["items"] == [
        {"subject": "settings", "item": "dns.blockTTL", "value": 2, "is_secret": False}
    ]
    nothing = await search("nothing is called like this")
    assert nothing["items"] == []
    assert set(nothing["found"].values()) == {0}
    some = await search("192.168", subject="leases")
    assert {item["subject"] for item in some["items"]} == {"leases"}
    assert some["found"]["clients"] > 0


async def test_no_secret_is_shown_or_found(sim: Simulator, search: Search) -> None:
    everything = [await search(subject=name, limit=200) for name in ("settings", "lists")]

    assert not [secret for secret in (*sim.secrets, "me:secret") if secret in repr(everything)]
    hashed = [item for item in everything[0]["items"] if item["item"] == "webserver.api.pwhash"]
    assert [(item["value"], item["is_secret"]) for item in hashed] == [(None, True)]
    for secret in (*sim.secrets, "me:secret"):
        assert (await search(secret))["items"] == []
        assert set((await search(secret))["found"].values()) == {0}


async def test_an_archive_is_read_once_for_all_that_is_typed_and_again_a_minute_later(
    home: Home, page: Page, search: Search, freezer: FrozenDateTimeFactory
) -> None:
    before = await search("easel")
    [record] = await home.backups()
    os.truncate(home.folder / record["filename"], 10)
    fields = {"config_entry_id": home.entry.entry_id, "backup_id": record["id"]}

    assert await search("easel") == before
    freezer.tick(timedelta(seconds=61))
    async_fire_time_changed(home.hass)
    await home.hass.async_block_till_done()

    answer = await page.ask(f"{DOMAIN}/contents", **fields)
    assert answer["error"]["translation_key"] == "backup_damaged"
    answer = await page.ask(f"{DOMAIN}/contents", **fields)
    assert answer["error"]["translation_key"] == "backup_damaged"


# Comparing ----------------------------------------------------------------------------------------


async def test_each_difference_has_the_id_by_which_it_alone_can_be_brought_back(
    kitchen: Kitchen,
) -> None:
    stored, _, _ = await messed_up(kitchen)
    kitchen.sim.pihole.add_adlist("https://me:secret@lists.example.org/mine.txt")

    compared = await kitchen.home.call(
        "compare", config_entry_id=kitchen.entry_id, backup_id=stored
    )

    preview = await kitchen.restore(stored, dry_run=True)
    planned = {each["id"] for each in (*preview["items"], *preview["left_out"])}
    ids = {each["id"] for some in compared["changes"].values() for each in some}
    assert ids == planned
    assert {"subject": "clients", "change": "added", "count": 2} in compared["headline"]
    [setting] = compared["changes"]["settings"]
    await kitchen.restore(stored, plan=preview["plan"], only=[setting["id"]])
    assert kitchen.sim.pihole.settings["dns.blockTTL"] == 2
    assert kitchen.sim.pihole.hosts == []


async def test_two_lists_that_differ_only_in_their_logins_have_no_id(kitchen: Kitchen) -> None:
    kitchen.sim.pihole.add_adlist("https://me:one@lists.example.org/mine.txt")
    stored = await kitchen.back_up()
    kitchen.sim.pihole.adlists[-1].address = "https://me:two@lists.example.org/mine.txt"

    compared = await kitchen.home.call(
        "compare", config_entry_id=kitchen.entry_id, backup_id=stored
    )

    assert [each["id"] for each in compared["changes"]["lists"]] == [None, None]


# Restoring ----------------------------------------------------------------------------------------


async def header(kitchen: Kitchen, page: Page) -> Json:
    """Give what a page that is opened now shows of the Pi-hole."""
    await page.result(f"{DOMAIN}/subscribe", config_entry_id=kitchen.entry_id)
    events = await page.heard()
    return dict([event["pihole"] for event in events if "pihole" in event][-1])


async def test_what_can_be_taken_back_is_an_undo_and_after_it_a_redo(
    kitchen: Kitchen, page: Page
) -> None:
    stored, *_ = await messed_up(kitchen)
    assert (await header(kitchen, page))["restore"] is None

    await kitchen.restore(stored)
    first = (await header(kitchen, page))["restore"]
    safety = kitchen.safety["id"]
    await kitchen.home.reload()
    assert (await header(kitchen, page))["restore"] == first
    await kitchen.undo()
    second = (await header(kitchen, page))["restore"]
    await kitchen.undo()
    third = (await header(kitchen, page))["restore"]

    assert (first["kind"], first["restored_backup_id"], first["backup_id"]) == (
        "undo",
        stored,
        safety,
    )
    assert (second["kind"], second["restored_backup_id"]) == ("redo", safety)
    assert third["kind"] == "undo"
    assert first["at"] < second["at"] < third["at"]
    await kitchen.home.call(
        "delete", config_entry_id=kitchen.entry_id, backup_id=third["backup_id"]
    )
    gone = await header(kitchen, page)
    assert (gone["restore"], gone["can_undo"]) == (None, False)


@pytest.mark.parametrize(
    ("password", "app_sudo", "permission"),
    [(PASSWORD, False, "yes"), (APP_PASSWORD, True, "yes"), (APP_PASSWORD, False, "no")],
)
async def test_a_preview_shows_whether_the_password_is_for_settings_too(
    kitchen: Kitchen, page: Page, password: str, *, app_sudo: bool, permission: str
) -> None:
    stored = await kitchen.back_up()
    assert (await header(kitchen, page))["permission"] == "unknown"
    kitchen.sim.pihole.settings |= {APP_SUDO: app_sudo, "dns.blockTTL": 60}
    await kitchen.use_password(password)

    await kitchen.restore(stored, dry_run=True)

    assert (await header(kitchen, page))["permission"] == permission


async def test_remarks_and_the_check_of_the_dns_are_data_too(kitchen: Kitchen) -> None:
    stored, *_ = await messed_up(kitchen)

    answer = await kitchen.restore(stored, include=["clients"])

    [remark] = answer["remark_details"]
    assert remark == {
        "key": "remark_brought_groups",
        "placeholders": {"names": remark["placeholders"]["names"]},
    }
    assert len(answer["remarks"]) == 1
    assert remark["placeholders"]["names"] in answer["remarks"][0]
    event = kitchen.events[-1].data
    assert event["remark_details"] == answer["remark_details"]
    assert event["headline"] == answer["headline"]
    assert answer["dns_check"] == {
        "outcome": "not_asked",
        "asked": 0,
        "answered": 0,
        "wrong": [],
    }
    assert kitchen.sim.pihole.settings[DNS_PORT] == 0


# Several Pi-holes ---------------------------------------------------------------------------------


async def test_how_far_piholes_have_drifted_apart_is_read_once_from_their_backups(
    home: Home, sim: Simulator, add_pihole: AddPihole, page: Page
) -> None:
    async with Simulator(password="") as other:
        other.auth.login_attempts_per_second = 1000
        attic = await add_pihole(other.url, password="", folder="attic", title="Attic")
        cellar = await add_pihole(other.url, password="", folder="cellar", title="Cellar")

        async def differences(**fields: object) -> dict[str, int | None]:
            answer = await page.result(f"{DOMAIN}/differences", **fields)
            return {each["title"]: each["differences"] for each in answer["piholes"]}

        assert set((await differences()).values()) == {None}
        other.pihole.leases = [Lease(mac="00:11:22:33:44:66", ip="192.168.1.78")]
        other.pihole.settings["webserver.domain"] = "attic.lan"
        await home.press()
        await attic.press()
        assert await differences() == {"Kitchen": 0, "Attic": 0, "Cellar": None}
        other.pihole.add_client("192.168.1.99")
        other.pihole.adlists[0].enabled = False
        other.pihole.adlists[0].comment = "for a while"
        other.pihole.settings["dns.blockTTL"] = 60
        await attic.press()
        logins = sim.logins, other.logins
        assert await differences() == {"Kitchen": 0, "Attic": 3, "Cellar": None}
        assert (sim.logins, other.logins) == logins
        assert await differences(config_entry_id=attic.entry.entry_id) == {
            "Attic": 0,
            "Kitchen": 3,
            "Cellar": None,
        }

        for archive in (*home.archives, *attic.archives):
            os.truncate(archive, 10)

        assert await differences() == {"Kitchen": 0, "Attic": 3, "Cellar": None}
        other.pihole.add_client("192.168.1.98")
        await cellar.press()
        assert await differences() == {"Kitchen": 0, "Attic": 3, "Cellar": None}
        assert home.count == 0
