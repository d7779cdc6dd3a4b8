"""What a page hears over Home Assistant's websocket."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
import json
import os

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.pihole_checkpoint.const import DOMAIN, signal_event
from custom_components.pihole_checkpoint.websocket_api import MOST_RECORDS
from homeassistant.config_entries import SIGNAL_CONFIG_ENTRY_CHANGED, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.dispatcher import DATA_DISPATCHER
from pihole_simulator import Credentials, Simulator, faults
from tests.support.home import AddPihole, Home
from tests.support.index import numbered_record, show_records
from tests.support.page import Json, Page

pytestmark = pytest.mark.usefixtures("unlimited_logins")

EMPTY: Json = {"kind": "snapshot", "backups": []}


async def subscribe(page: Page, home: Home, limit: int = 20) -> int:
    """Subscribe to a Pi-hole, and return the number of the subscription."""
    entry_id = home.entry.entry_id
    answer = await page.ask(f"{DOMAIN}/subscribe", config_entry_id=entry_id, limit=limit)
    assert answer["success"], answer
    assert answer["result"] is None
    await page.heard()
    return int(answer["id"])


type Open = Callable[..., Awaitable[Page]]


@pytest.fixture
async def open_page(hass: HomeAssistant, hass_ws_client: WebSocketGenerator) -> Open:
    async def open_it(*token: str) -> Page:
        return Page(await hass_ws_client(hass, *token))

    return open_it


@pytest.fixture
async def page(home: Home, open_page: Open) -> Page:
    page = await open_page()
    await subscribe(page, home)
    return page


def kinds(events: list[Json]) -> list[str]:
    return [str(event.get("type", event["kind"])) for event in events]


def rows(events: list[Json]) -> list[Json]:
    """Do with the events what a page does, and give its table."""
    found: dict[str, Json] = {}
    for event in events:
        if event["kind"] == "snapshot":
            found = {backup["id"]: backup for backup in event["backups"]}
        if event["kind"] == "update":
            assert {element["id"] for element in event["changed"]} <= found.keys()
            assert not {one["id"] for one in event["added"]} & found.keys()
            found |= {item["id"]: item for item in (*event["added"], *event["changed"])}
            for backup_id in event["removed"]:
                del found[backup_id]
    return sorted(
        found.values(), key=lambda value: (value["created_at"], value["id"]), reverse=True
    )


def header(events: list[Json]) -> Json:
    return dict([event["pihole"] for event in events if "pihole" in event][-1])


async def listed(home: Home) -> list[Json]:
    return list((await home.call("list", config_entry_id=home.entry.entry_id))["backups"])


def listeners(home: Home) -> tuple[int, int, int]:
    signals = home.hass.data[DATA_DISPATCHER]
    return (
        len(home.entry.runtime_data._listeners),  # noqa: SLF001 - there is no other way to count
        len(signals.get(signal_event(home.entry.entry_id), {})),
        len(signals.get(SIGNAL_CONFIG_ENTRY_CHANGED, {})),
    )


async def test_the_piholes_are_named_also_those_that_are_not_loaded(
    home: Home, sim: Simulator, add_pihole: AddPihole, open_page: Open
) -> None:
    attic = await add_pihole(sim.url, folder="attic", title="Attic")
    cellar = await add_pihole(sim.url, folder="cellar", title="Cellar")
    await home.hass.config_entries.async_unload(cellar.entry.entry_id)

    answer = await (await open_page()).ask(f"{DOMAIN}/piholes")

    assert answer["result"] == {
        "piholes": [
            {"config_entry_id": home.entry.entry_id, "title": "Kitchen"},
            {"config_entry_id": attic.entry.entry_id, "title": "Attic"},
            {"config_entry_id": cellar.entry.entry_id, "title": "Cellar"},
        ]
    }


async def test_the_snapshot_of_an_empty_store_says_so(home: Home, page: Page) -> None:
    [event] = page.last

    assert {key: event[key] for key in ("kind", "backups", "total")} == {
        "kind": "snapshot",
        "backups": [],
        "total": 0,
    }
    pihole = event["pihole"]
    assert pihole.pop("free_space") > 0
    assert datetime.fromisoformat(pihole.pop("next_run")) > datetime.now(UTC)
    assert pihole == {
        "config_entry_id": home.entry.entry_id,
        "title": "Kitchen",
        "url": home.entry.data["url"],
        "available": True,
        "storage_message": None,
        "reachable": True,
        "stage": None,
        "progress": "",
        "running": False,
        "deadline": 60.0,
        "overdue": False,
        "last_backup": None,
        "last_change": None,
        "attempt": None,
        "count": 0,
        "damaged": 0,
        "storage_used": 0,
        "can_undo": False,
        "restore": None,
        "permission": "unknown",
    }


async def test_the_snapshot_holds_the_newest_records_as_the_service_gives_them(
    home: Home, open_page: Open
) -> None:
    for _ in range(3):
        await home.press()
    page = await open_page()
    await subscribe(page, home, limit=2)

    [event] = page.last
    assert event["backups"] == (await listed(home))[:2]
    assert event["total"] == 3
    pihole = event["pihole"]
    assert pihole["count"] == 3
    assert pihole["last_backup"] == event["backups"][0]["created_at"]
    assert pihole["storage_used"] == sum(item["file_size"] for item in await listed(home))
    assert pihole["attempt"] | {"at": ""} == {
        "at": "",
        "trigger": "button",
        "result": "completed",
        "reason": None,
        "message": None,
    }


@pytest.mark.parametrize("how", ["press", "back_up"])
async def test_a_backup_made_elsewhere_appears_with_its_stages_and_its_event(
    home: Home, page: Page, how: str
) -> None:
    await getattr(home, how)()

    events = await page.heard()
    stages = [event["pihole"]["stage"] for event in events if "pihole" in event]
    assert [item for item in dict.fromkeys(stages) if item] == [
        "connecting",
        "exporting",
        "verifying",
        "storing",
    ]
    assert events[0]["pihole"]["running"] is True
    assert header(events)["running"] is False
    assert rows([EMPTY, *events]) == await listed(home)
    happened = kinds(events).index("completed")
    [record] = rows([EMPTY, *events[:happened]])
    assert events[happened]["data"]["backup_id"] == record["id"], "after what shows it"
    assert header(events[:happened])["count"] == events[happened - 1]["total"] == 1


async def test_what_is_pinned_noted_deleted_and_found_damaged_is_reported(
    home: Home, page: Page
) -> None:
    [first], [second] = await home.back_up(), await home.back_up()
    seen = await page.heard()
    one = {"config_entry_id": home.entry.entry_id, "backup_id": first["id"]}

    await home.call("update", **one, pinned=True, note="<b>before</b> the move")
    [event] = await page.heard()
    assert (event["added"], event["removed"], event["total"]) == ([], [], 2)
    assert event["changed"] == [first | {"pinned": True, "note": "<b>before</b> the move"}]
    assert "pihole" not in event, "the header is as it was"
    seen.append(event)

    os.truncate(home.folder / str(second["filename"]), 10)
    await home.poll()
    events = await page.heard()
    assert kinds(events)[:2] == ["update", "damaged"]
    assert [item["status"] for item in events[0]["changed"]] == ["damaged"]
    assert events[0]["pihole"]["count"] == 1
    seen += events

    await home.call("delete", **one)
    events = await page.heard()
    assert kinds(events) == ["update", "deleted"]
    assert events[0]["removed"] == [first["id"]]
    assert rows([EMPTY, *seen, *events]) == await listed(home)


async def test_a_failure_is_reported_with_its_sentence_and_no_row(
    home: Home, page: Page, sim: Simulator
) -> None:
    sim.faults.always("export", faults.html())
    with pytest.raises(HomeAssistantError) as raised:
        await home.press()

    events = await page.heard()
    assert kinds(events)[-1] == "failed"
    assert events[-1]["data"]["message"] == str(raised.value)
    assert header(events)["attempt"]["message"] == str(raised.value)
    assert header(events)["attempt"]["result"] == "failed"
    assert not [item for event in events for item in event.get("added", [])]


@pytest.mark.parametrize(("way", "stage"), [("live", "applying"), ("import", "importing")])
async def test_a_restore_is_reported_with_its_stages_and_that_it_can_be_taken_back(
    home: Home, page: Page, sim: Simulator, way: str, stage: str
) -> None:
    sim.pihole.settings["webserver.api.app_sudo"] = True
    [record] = await home.back_up()
    sim.pihole.adlists.pop(0)
    await page.heard()

    await home.call("restore", config_entry_id=home.entry.entry_id, backup_id=record["id"], way=way)

    events = await page.heard()
    assert kinds(events)[-1] == "restored"
    assert {stage, "proving"} <= {event["pihole"]["stage"] for event in events if "pihole" in event}
    assert header(events)["stage"] is None
    assert header(events)["can_undo"] is True
    verified, safety = rows([EMPTY, *events])
    assert (verified["trigger"], safety["trigger"]) == ("after_restore", "before_restore")
    assert events[-1]["data"]["safety_backup_id"] == safety["id"]

    one = {"config_entry_id": home.entry.entry_id, "backup_id": safety["id"]}
    await home.call("delete", **one)
    assert header(await page.heard())["can_undo"] is False, "there is nothing to go back to"


async def test_nothing_is_sent_when_nothing_changed(home: Home, page: Page) -> None:
    await home.press()
    await home.poll()
    await page.heard()

    home.entry.runtime_data.async_update_listeners()
    await home.call("verify", config_entry_id=home.entry.entry_id)
    assert await page.heard() == []


async def test_two_pages_see_the_same_at_the_same_time(
    home: Home, page: Page, open_page: Open
) -> None:
    other = await open_page()
    await subscribe(other, home)
    await home.press()

    assert await page.heard() == await other.heard() != []


async def test_unsubscribing_and_closing_leave_no_listener(
    home: Home, open_page: Open, hass_ws_client: WebSocketGenerator
) -> None:
    socket = await hass_ws_client()
    before = listeners(home)
    page = Page(socket)
    subscription = await subscribe(page, home)
    await subscribe(page, home)
    assert listeners(home) == tuple(count + 2 for count in before)

    assert (await page.ask("unsubscribe_events", subscription=subscription))["success"]
    assert listeners(home) == tuple(count + 1 for count in before)
    await home.press()
    assert kinds(await page.heard()).count("completed") == 1

    await socket.close()
    await home.hass.async_block_till_done()
    assert listeners(home) == before


async def test_a_reload_is_sent_and_after_it_everything_again(home: Home, page: Page) -> None:
    await home.press()
    await page.heard()

    await home.hass.config_entries.async_reload(home.entry.entry_id)
    events = await page.heard()
    assert kinds(events)[:2] == ["unloaded", "snapshot"]
    assert rows(events) == await listed(home)

    await home.press()
    events += await page.heard()
    assert kinds(events).count("completed") == 1
    assert rows(events) == await listed(home)


async def test_a_page_that_is_back_before_the_pihole_waits_for_it(
    home: Home, open_page: Open
) -> None:
    await home.hass.config_entries.async_unload(home.entry.entry_id)
    page = await open_page()
    await subscribe(page, home)
    assert page.last == [{"kind": "unloaded"}]

    await home.hass.config_entries.async_setup(home.entry.entry_id)
    assert kinds(await page.heard())[0] == "snapshot"


async def test_a_removed_pihole_is_unloaded_and_unsubscribing_from_it_works(
    home: Home, open_page: Open
) -> None:
    page = await open_page()
    subscription = await subscribe(page, home)

    await home.hass.config_entries.async_remove(home.entry.entry_id)

    assert await page.heard() == [{"kind": "unloaded"}]
    assert (await page.ask("unsubscribe_events", subscription=subscription))["success"]


async def test_another_title_is_sent_and_what_happens_to_another_pihole_is_not(
    home: Home, page: Page, sim: Simulator, add_pihole: AddPihole
) -> None:
    home.hass.config_entries.async_update_entry(home.entry, title="<i>Pantry</i>")
    [event] = await page.heard()
    assert event["pihole"]["title"] == "<i>Pantry</i>"

    attic = await add_pihole(sim.url, folder="attic", title="Attic")
    await attic.press()
    assert await page.heard() == []


@pytest.mark.parametrize("command", ["subscribe", "backups"])
async def test_an_unknown_pihole_is_not_found(
    hass: HomeAssistant, home: Home, open_page: Open, command: str
) -> None:
    foreign = MockConfigEntry(domain="sun", title="Somebody else's", state=ConfigEntryState.LOADED)
    foreign.add_to_hass(hass)
    page = await open_page()

    for entry_id in ("nonsense", "../" + home.entry.entry_id, "", foreign.entry_id):
        answer = await page.ask(f"{DOMAIN}/{command}", config_entry_id=entry_id)
        assert (answer["success"], answer["error"]["code"]) == (False, "not_found")
        assert answer["error"]["message"]
    assert listeners(home)[2] == 0


@pytest.mark.parametrize(
    "data", [{"limit": 0}, {"limit": MOST_RECORDS + 1}, {"limit": "20"}, {"path": "/etc"}]
)
async def test_what_makes_no_sense_is_refused(
    home: Home, open_page: Open, data: dict[str, object]
) -> None:
    page = await open_page()
    for command in ("subscribe", "backups"):
        answer = await page.ask(f"{DOMAIN}/{command}", config_entry_id=home.entry.entry_id, **data)
        assert answer["error"]["code"] == "invalid_format"


async def test_a_user_who_is_no_administrator_may_watch(
    home: Home, open_page: Open, hass_read_only_access_token: str
) -> None:
    page = await open_page(hass_read_only_access_token)
    await subscribe(page, home)
    await home.press()

    assert "completed" in kinds(await page.heard())
    entry_id = home.entry.entry_id
    assert (await page.ask(f"{DOMAIN}/backups", config_entry_id=entry_id))["result"]["total"] == 1


async def test_pages_of_records_follow_each_other_without_a_gap(
    home: Home, open_page: Open
) -> None:
    records = [numbered_record(number) for number in range(250)]
    show_records(home, records)
    page = await open_page()
    await subscribe(page, home, limit=50)
    [event] = page.last
    assert (len(event["backups"]), event["total"]) == (50, 250)
    ids = [backup["id"] for backup in event["backups"]]

    while len(ids) < 250:
        answer = await page.ask(
            f"{DOMAIN}/backups", config_entry_id=home.entry.entry_id, after=ids[-1], limit=60
        )
        assert answer["result"]["total"] == 250
        assert 0 < len(answer["result"]["backups"]) <= 60
        ids += [item["id"] for item in answer["result"]["backups"]]

    assert ids == [record.id for record in reversed(records)]
    end = await page.ask(f"{DOMAIN}/backups", config_entry_id=home.entry.entry_id, after=ids[-1])
    assert end["result"] == {"backups": [], "total": 250}
    begin = await page.ask(f"{DOMAIN}/backups", config_entry_id=home.entry.entry_id)
    assert [element["id"] for element in begin["result"]["backups"]] == ids[:20]


async def test_a_page_after_a_backup_that_is_gone_and_one_of_an_unloaded_pihole_are_refused(
    home: Home, open_page: Open
) -> None:
    page = await open_page()
    entry_id = home.entry.entry_id
    answer = await page.ask(f"{DOMAIN}/backups", config_entry_id=entry_id, after="../../secrets")
    assert answer["error"]["code"] == "not_found"
    assert answer["error"]["translation_key"] == "backup_not_found"

    await home.hass.config_entries.async_unload(entry_id)
    answer = await page.ask(f"{DOMAIN}/backups", config_entry_id=entry_id)
    assert answer["error"]["code"] == "not_found"


async def test_much_at_once_comes_as_a_new_snapshot(home: Home, page: Page) -> None:
    few = [numbered_record(number) for number in range(MOST_RECORDS)]
    show_records(home, few)
    [event] = await page.heard()
    assert (event["kind"], len(event["added"])) == ("update", MOST_RECORDS)

    show_records(home, [replace(record, note="x") for record in few] + [numbered_record(-1)])
    [event] = await page.heard()
    assert (event["kind"], len(event["backups"]), event["total"]) == (
        "snapshot",
        20,
        MOST_RECORDS + 1,
    )


async def test_one_change_among_ten_thousand_backups_is_sent_alone(home: Home, page: Page) -> None:
    records = [numbered_record(number) for number in range(10_000)]
    show_records(home, records)
    await page.heard()

    records[5_000] = replace(records[5_000], pinned=True)
    show_records(home, records)

    [event] = await page.heard()
    assert event["added"] == event["removed"] == []
    assert [item["id"] for item in event["changed"]] == [records[5_000].id]
    assert len(json.dumps(event)) < 2_000


async def test_no_secret_is_in_any_message(
    home: Home, page: Page, open_page: Open, sim: Simulator
) -> None:
    seen = [page.last]
    await home.press()
    sim.faults.always("export", faults.error(500, "compression_error", "Cannot read a file"))
    await home.fail_to_back_up()
    sim.faults.clear()
    sim.change_credentials(Credentials(password="another"))
    await home.fail_to_back_up()
    await home.poll()
    seen += [await page.heard()]
    asked = await open_page()
    seen += [[await asked.ask(f"{DOMAIN}/piholes")]]
    seen += [[await asked.ask(f"{DOMAIN}/backups", config_entry_id=home.entry.entry_id)]]

    assert {"completed", "failed"} <= set(kinds(seen[1]))
    assert len(sim.secrets) >= 6
    text = json.dumps(seen)
    assert str(home.folder) not in text
    for secret in sim.secrets:
        assert secret not in text
