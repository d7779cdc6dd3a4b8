"""What was set up with 0.1.0 goes on in this version as if nothing had happened.

`fixtures/installation_0_1_0` was written by that release, in a real Home Assistant, and says in
`seen.json` what it showed of it. A later version may show more, and say it in other words.
"""

from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import UTC, datetime
import json
from pathlib import Path
from typing import Any

from freezegun import freeze_time
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from custom_components.pihole_checkpoint.repairs import MENUS
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import __version__ as ha_version
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from pihole_simulator import Simulator
from tests.support.flows import SECTION_OF, suggested
from tests.support.old_home import (
    ATTIC,
    DOMAIN,
    FIXTURE,
    KITCHEN,
    NOW,
    Clock,
    Json,
    OldHome,
    old_piholes,
)

WRITTEN_BY = (FIXTURE / "config" / ".HA_VERSION").read_text().strip()
IN_WORDS = {"changes", "created_at_display", "message", "summary"}
"""Attributes with sentences, whose words may change."""
OF_HOME_ASSISTANT = {"friendly_name", "icon"}
BOTH = pytest.mark.parametrize("entry_id", [KITCHEN, ATTIC], ids=["kitchen", "attic"])


def release(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")[:2]))


pytestmark = [
    pytest.mark.skipif(
        release(ha_version) < release(WRITTEN_BY),
        reason=f"Home Assistant {WRITTEN_BY} wrote what older ones cannot read",
    )
]


@pytest.fixture(autouse=True)
def clock() -> Iterator[Clock]:
    """Set the clock to the time at which `seen.json` was recorded."""
    with freeze_time(NOW, tick=True) as clock:
        yield clock


@pytest.fixture
def load_registries() -> bool:
    """Have Home Assistant's registries read from the installation."""
    return False


@pytest.fixture
async def piholes(socket_enabled: None) -> AsyncIterator[dict[str, Simulator]]:
    async with old_piholes() as piholes:
        yield piholes


@pytest.fixture
def left(
    hass: HomeAssistant, hass_storage: dict[str, Json], piholes: dict[str, Simulator]
) -> OldHome:
    """Return the installation before this version starts."""
    home = OldHome(hass=hass, piholes=piholes, storage=hass_storage)
    home.put_there()
    return home


@pytest.fixture
async def home(left: OldHome) -> OldHome:
    await left.start()
    return left


@pytest.fixture
def kitchen(piholes: dict[str, Simulator]) -> Simulator:
    return piholes[KITCHEN]


@pytest.fixture
def seen(left: OldHome) -> Json:
    """Return what 0.1.0 showed of it."""
    shown: Json = json.loads(left.at_home((FIXTURE / "seen.json").read_text()))
    return shown


def said(shown: Mapping[str, Any]) -> Json:
    """Replace sentences, whose words may change, with whether there is one."""
    return {
        name: [bool(value), value is None] if name in IN_WORDS else value
        for name, value in shown.items()
        if name not in OF_HOME_ASSISTANT
    }


def files_of(home: OldHome) -> dict[Path, bytes]:
    return {
        path: path.read_bytes()
        for folder in home.folders.values()
        for path in folder.rglob("*")
        if path.is_file()
    }


# What there was -----------------------------------------------------------------------------------


@BOTH
async def test_both_piholes_are_there_with_all_that_was_entered(
    left: OldHome, entry_id: str
) -> None:
    stored = left.storage["core.config_entries"]["data"]["entries"]
    [before] = [item for item in stored if item["entry_id"] == entry_id]
    before = json.loads(json.dumps(before))

    await left.start()

    entry = left.entry(entry_id)
    assert entry.state is ConfigEntryState.LOADED
    assert (entry.title, entry.unique_id) == (before["title"], before["unique_id"])
    assert entry.data.items() >= before["data"].items()
    for name, options in before["options"].items():
        assert entry.options[name].items() >= options.items()


async def test_every_entity_is_called_what_it_was_and_shows_what_it_showed(
    home: OldHome, seen: Json
) -> None:
    entities = {item.unique_id: item for item in home.entities()}

    for unique_id, before in seen["states"].items():
        entity = entities[unique_id]
        assert entity.entity_id == before["entity_id"]
        assert (entity.disabled_by, entity.device_id) == (
            before["disabled_by"],
            before["device_id"],
        )
        if before["state"] is None:
            assert home.hass.states.get(entity.entity_id) is None
            continue
        state = home.hass.states.get(entity.entity_id)
        assert state is not None
        attributes = json.loads(json.dumps(dict(state.attributes), default=str))
        # Damaged backups were no problem then.
        is_damaged = unique_id.endswith("_problem") and attributes["damaged"]
        shown = "on" if is_damaged else before["state"]
        assert (unique_id, state.state) == (unique_id, shown)
        for name in ("options", "event_types"):  # more may be possible than was
            assert set(before["attributes"].pop(name, [])) <= set(attributes.get(name, []))
        assert said(attributes).items() >= said(before["attributes"]).items(), unique_id


async def test_what_the_user_changed_on_devices_and_entities_is_as_it_was(home: OldHome) -> None:
    devices, entities = dr.async_get(home.hass), er.async_get(home.hass)
    [attic] = dr.async_entries_for_config_entry(devices, ATTIC)
    [kitchen] = dr.async_entries_for_config_entry(devices, KITCHEN)
    button = entities.async_get("button.back_up_the_kitchen")
    problem = entities.async_get("binary_sensor.attic_problem")

    assert (attic.name, attic.name_by_user, attic.area_id) == (
        "Pi-hole in the attic",
        "Attic",
        "attic",
    )
    assert (kitchen.name, kitchen.area_id) == ("Kitchen", "kitchen")
    assert button is not None
    assert button.icon == "mdi:pi-hole"
    assert problem is not None
    assert problem.name == "Trouble in the attic"


@BOTH
async def test_every_backup_is_listed_as_it_was(home: OldHome, seen: Json, entry_id: str) -> None:
    listed = {item["filename"]: item for item in await home.listed(entry_id)}

    assert list(listed) == [backup["filename"] for backup in seen["backups"][entry_id]]
    for before in seen["backups"][entry_id]:
        now = listed[before["filename"]]
        if before["filename"].startswith("pi-hole_older"):  # without a record, it has a new ID
            before["id"] = now["id"]
        if before["id"] == "eed8e09121d8":  # whose record is lost: see ADR 1
            before["trigger"] = "adopted"
        assert said(now).items() >= said(before).items()


@BOTH
async def test_a_page_shows_of_each_pihole_what_it_showed(
    home: OldHome, seen: Json, hass_ws_client: WebSocketGenerator, entry_id: str
) -> None:
    page = await hass_ws_client(home.hass)
    await page.send_json_auto_id({"type": f"{DOMAIN}/subscribe", "config_entry_id": entry_id})
    assert (await page.receive_json())["success"]

    event = (await page.receive_json())["event"]

    before = seen["pages"][entry_id]
    for name in ("last_change", "attempt"):
        assert said(event["pihole"].pop(name)).items() >= said(before.pop(name)).items()
    assert event["pihole"].items() >= before.items()
    assert event["total"] == len(seen["backups"][entry_id])


async def test_each_issue_is_shown_and_what_was_ignored_stays_ignored(
    home: OldHome, seen: Json
) -> None:
    issues: Json = {
        issue_id: {
            "translation_key": issue.translation_key,
            "placeholders": dict(issue.translation_placeholders or {}),
            "fixable": issue.is_fixable,
            "ignored": issue.dismissed_version is not None,
        }
        for issue_id, issue in home.issues.items()
    }

    for issue_id, before in seen["issues"].items():
        if before["translation_key"] == "refused_archives":  # it says now what is wrong with each
            files = before["placeholders"].pop("files")
            assert files in issues[issue_id]["placeholders"].pop("files")
        elif before["translation_key"] == "restore_broken_off":  # that release did not note it
            placeholders = issues[issue_id]["placeholders"]
            assert (placeholders.pop("changes"), placeholders.pop("planned")) == ("?", "?")
        if before["translation_key"] in MENUS:  # that release had no dialog for it
            before["fixable"] = True
    assert issues.items() >= seen["issues"].items()


# What is in the folders ---------------------------------------------------------------------------


async def test_no_archive_is_touched_and_no_record_but_what_was_lost_is_written(
    left: OldHome,
) -> None:
    before = files_of(left)

    await left.start()

    after = files_of(left)
    gone, new = before.keys() - after.keys(), after.keys() - before.keys()
    assert {path.parent.name for path in gone} == {".staging"}, "what the kill left unfinished"
    assert sorted(path.name for path in new) == [
        "pi-hole_older_teleporter_2026-07-15_12-00-00_UTC.json",
        "pihole_2026-11-02_02-33-33-110Z_schedule_eed8e09121d8.json",
    ]
    assert {path for path in before.keys() - gone if before[path] != after[path]} == set()


async def test_every_archive_still_reads_as_what_is_known_of_it(home: OldHome, seen: Json) -> None:
    verified = (await home.call("verify"))["backups"]

    for entry_id in (KITCHEN, ATTIC):
        status = {backup["filename"]: backup["status"] for backup in seen["backups"][entry_id]}
        found = {
            item["filename"]: item["status"]
            for item in verified
            if item["config_entry_id"] == entry_id
        }
        assert found == status


async def test_of_an_archive_without_a_record_it_says_what_is_known_and_no_more(
    home: OldHome,
) -> None:
    backups = await home.listed(KITCHEN)
    [lost] = [backup for backup in backups if backup["id"] == "eed8e09121d8"]
    [gone] = [item for item in backups if item["status"] == "missing"]
    [adopted] = [element for element in backups if element["filename"].startswith("pi-hole_older")]

    assert (lost["trigger"], lost["status"], lost["duration"]) == ("adopted", "good", None)
    assert lost["contents"]["lists"] == 4
    assert lost["changes"]
    assert (gone["id"], gone["note"]) == ("ead9f008265a", "")
    assert (adopted["trigger"], adopted["changes"]) == ("adopted", None)
    assert adopted["created_at"] == "2026-07-15T12:00:00+00:00"


async def test_a_pihole_that_has_not_changed_is_found_unchanged(
    home: OldHome, clock: Clock
) -> None:
    """The fingerprint of unchanged contents is the same in every version."""
    before = await home.listed(KITCHEN)

    await home.live_until(datetime(2026, 11, 29, 12, tzinfo=UTC), clock)

    now = await home.listed(KITCHEN)
    assert [item["id"] for item in now] == [element["id"] for element in before]
    assert now[0]["confirmed_at"] > before[0]["confirmed_at"]
    assert home.state(KITCHEN, "backup").attributes["event_type"] == "unchanged"


async def test_retention_deletes_nothing_that_the_old_release_would_have_kept(
    home: OldHome, seen: Json, clock: Clock
) -> None:
    for sim in home.piholes.values():
        sim.pihole.restless = True
    before = {entry_id: len(await home.listed(entry_id)) for entry_id in (KITCHEN, ATTIC)}

    await home.live_until(datetime(2027, 1, 5, tzinfo=UTC), clock)

    for entry_id in (KITCHEN, ATTIC):
        now = await home.listed(entry_id)
        assert {item["filename"] for item in now} >= set(seen["left_on_5_january"][entry_id])
        assert len(now) != before[entry_id]
        assert now[0]["created_at"] > "2026-12"


async def test_a_plan_deletes_nothing_that_the_old_release_would_have_kept(home: OldHome) -> None:
    for pihole in (await home.call("prune"))["piholes"]:
        assert pihole["removed"] == []
        assert all(item["kept_for"] for item in pihole["kept"])


# What can be done with it -------------------------------------------------------------------------


@BOTH
async def test_the_options_show_what_was_chosen(home: OldHome, entry_id: str) -> None:
    options = home.hass.config_entries.options
    stored = home.entry(entry_id).options
    fields: dict[tuple[str, str], object] = {}
    for page, section in SECTION_OF.items():
        menu = await options.async_init(entry_id)
        result = await options.async_configure(menu["flow_id"], {"next_step_id": page})
        schema = result["data_schema"]
        assert schema is not None
        for name, value in suggested(schema.schema).items():
            part = value if isinstance(value, dict) else {name: value}
            fields |= {(section, field): shown for field, shown in part.items()}
    for name, options in stored.items():
        for field, value in options.items():
            assert fields[name, field] == value
    usual = home.hass.config.path(DOMAIN)
    assert fields["storage", "parent"] == stored["storage"].get("parent", usual)


async def test_every_old_backup_can_be_looked_at_and_a_part_of_it_restored_and_taken_back(
    home: OldHome, kitchen: Simulator, seen: Json
) -> None:
    one = {"config_entry_id": KITCHEN}
    for before in seen["backups"][KITCHEN]:
        if before["status"] == "good" and not before["filename"].startswith("pi-hole_older"):
            plan = await home.call("restore", **one, backup_id=before["id"], dry_run=True)
            assert plan["dry_run"]
    pinned = next(backup for backup in seen["backups"][KITCHEN] if backup["pinned"])
    clients = [client.ip for client in kitchen.pihole.clients]

    restored = await home.call("restore", **one, backup_id=pinned["id"], include=["clients"])

    [change] = restored["changes"]["clients"]
    assert (change["change"], change["item"]) == ("removed", "192.168.1.61")
    assert len(kitchen.pihole.clients) == len(clients) - 1
    await home.call("undo_restore", **one)
    assert [item.ip for item in kitchen.pihole.clients] == clients


async def test_the_last_restore_of_the_old_release_can_be_taken_back(
    home: OldHome, kitchen: Simulator
) -> None:
    taken_back = await home.call("undo_restore", config_entry_id=KITCHEN)

    assert taken_back["proven"]
    assert "https://lists.example.org/phishing.txt" in [
        adlist.address for adlist in kitchen.pihole.adlists
    ]
    assert "updates.example.com" in [domain.domain for domain in kitchen.pihole.domains]


async def test_a_restore_that_was_broken_off_is_shown_until_it_is_confirmed(
    home: OldHome, hass_client: ClientSessionGenerator
) -> None:
    issue_id = f"restore_broken_off_{ATTIC}"
    browser = await hass_client()
    order = {"handler": DOMAIN, "issue_id": issue_id}
    response = await browser.post("/api/repairs/issues/fix", json=order)
    flow = await response.json()
    assert flow["step_id"] == "confirm"

    response = await browser.post(f"/api/repairs/issues/fix/{flow['flow_id']}", json={})

    assert (await response.json())["type"] == "create_entry"
    assert issue_id not in home.issues
    assert home.storage[f"{DOMAIN}.{ATTIC}"]["data"]["unfinished"] is None


@BOTH
async def test_diagnostics_describe_it_and_hold_no_secret(
    home: OldHome, hass_client: ClientSessionGenerator, entry_id: str
) -> None:
    browser = await hass_client()

    response = await browser.get(f"/api/diagnostics/config_entry/{entry_id}")

    text = await response.text()
    data = json.loads(text)["data"]
    assert data["backups"]["all"] == len(await home.listed(entry_id))
    assert data["options"]["schedule"] == home.entry(entry_id).options["schedule"]
    for secret in home.piholes[entry_id].secrets:
        assert secret not in text


# What automations, scripts and dashboards do with it ----------------------------------------------


async def test_every_automation_and_script_is_valid(home: OldHome, seen: Json) -> None:
    for entity_id, state in seen["automations"].items():
        assert (entity_id, home.hass.states.is_state(entity_id, state)) == (entity_id, True)


async def test_an_automation_backs_up_by_the_action_and_reads_its_answer(home: OldHome) -> None:
    home.hass.bus.async_fire("back_up_the_kitchen_please")
    await home.hass.async_block_till_done(wait_background_tasks=True)

    made = (await home.listed(KITCHEN))[0]
    assert home.notification("pihole_said_so") == f"{made['filename']} service good 4 True"


async def test_automations_hear_of_a_backup_on_the_bus_and_from_the_event_entity(
    home: OldHome, kitchen: Simulator
) -> None:
    kitchen.pihole.add_domain("ads.example.net")

    await home.hass.services.async_call("script", "press_the_button", blocking=True)
    await home.hass.async_block_till_done(wait_background_tasks=True)

    made = (await home.listed(KITCHEN))[0]
    assert made["trigger"] == "button"
    bus = home.notification("pihole_bus_completed")
    assert bus == f"{made['filename']} button {made['id']} - -"
    assert made["created_at"] in (home.notification("pihole_watch_happened") or "")
    assert "ads.example.net" in (home.notification("pihole_changed") or "")


async def test_automations_hear_of_a_failure_on_the_bus_and_from_the_sensor(home: OldHome) -> None:
    await home.piholes[ATTIC].stop()
    with pytest.raises(HomeAssistantError):
        await home.call("backup", config_entry_id=ATTIC)
    await home.hass.async_block_till_done(wait_background_tasks=True)

    assert "service - cannot_connect" in (home.notification("pihole_bus_failed") or "")
    assert (home.notification("pihole_watch_failed") or "").endswith("cannot_connect")


async def test_the_blueprint_of_that_time_backs_up_both_at_night(home: OldHome) -> None:
    await home.hass.services.async_call(
        "automation", "trigger", {"entity_id": "automation.back_up_both_at_night"}, blocking=True
    )
    await home.hass.async_block_till_done(wait_background_tasks=True)

    text = home.notification("pihole_nightly") or ""
    for entry_id in (KITCHEN, ATTIC):
        assert (await home.listed(entry_id))[0]["filename"] in text
    assert text.startswith("Backed up: Kitchen, Pi-hole in the attic.")


async def test_a_script_uses_the_actions_and_all_of_their_answers(home: OldHome) -> None:
    answer = await home.hass.services.async_call(
        "script", "look_after_backups", {}, blocking=True, return_response=True
    )

    assert answer == {
        "made": ["service"],
        "note": "By a script",
        "pinned": True,
        "stored": 11,
        "verified": "good",
        "kept": 11,
        "removed": 0,
        "differences": 0,
        "planned": "True None",
        "deleted": "service",
    }


async def test_a_script_restores_from_one_pihole_to_the_other_and_another_takes_it_back(
    home: OldHome, kitchen: Simulator
) -> None:
    attic = home.piholes[ATTIC].pihole
    kitchen.pihole.add_adlist("https://lists.example.org/more.txt")
    await home.call("backup", config_entry_id=KITCHEN)

    await home.hass.services.async_call("script", "copy_the_kitchen_to_the_attic", blocking=True)
    assert "https://lists.example.org/more.txt" in [adlist.address for adlist in attic.adlists]

    await home.hass.services.async_call("script", "take_it_back", blocking=True)
    assert "updates.example.com" in [domain.domain for domain in kitchen.pihole.domains]
