"""What the first version has written loads in this one, and what a later one writes is left alone.

The fixtures were written by the first version, with a simulated Pi-hole. They never change.
"""

from collections.abc import Callable
import json
from pathlib import Path
import shutil
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
from yarl import URL

from custom_components.pihole_checkpoint.const import CONF_FOLDER, DOMAIN
from custom_components.pihole_checkpoint.engine.models import BackupTrigger
from custom_components.pihole_checkpoint.engine.repository.naming import record_filename
from homeassistant.config_entries import SOURCE_RECONFIGURE, ConfigEntryState
from homeassistant.const import CONF_MAC, CONF_PASSWORD, CONF_URL, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from pihole_simulator import Simulator
from tests.support.flows import Flow
from tests.support.home import Home, enable_as_before
from tests.support.network import MAC, OTHER_MAC, Network
from tests.support.passwords import PASSWORD

pytestmark = pytest.mark.usefixtures("unlimited_logins")

FIXTURES = Path(__file__).parents[1] / "fixtures" / "first_version"
LATER = 1000
NOTE = "Before the new router \N{EN DASH} “works”"

type Storage = dict[str, Any]


@pytest.fixture
def stored() -> dict[str, Any]:
    """Give the config entry as it was stored."""
    entry: dict[str, Any] = json.loads((FIXTURES / "config_entry.json").read_text())
    return entry


@pytest.fixture
def first(
    hass: HomeAssistant, hass_storage: Storage, sim: Simulator, stored: dict[str, Any]
) -> Home:
    """Give what the first version left, before this one starts; the Pi-hole is elsewhere now."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        entry_id=stored["entry_id"],
        title=stored["title"],
        version=stored["version"],
        minor_version=stored["minor_version"],
        data=stored["data"] | {CONF_URL: sim.url},
        options=stored["options"],
        unique_id=stored["unique_id"],
    )
    entry.add_to_hass(hass)
    enable_as_before(hass, entry)
    memory = json.loads((FIXTURES / "memory.json").read_text())
    hass_storage[f"{DOMAIN}.{entry.entry_id}"] = memory
    folder = Path(hass.config.path(DOMAIN, entry.data[CONF_FOLDER]))
    shutil.copytree(FIXTURES / "store", folder)
    return Home(hass=hass, entry=entry)


@pytest.fixture
async def home(first: Home) -> Home:
    await start(first)
    return first


async def start(home: Home) -> None:
    await home.hass.config_entries.async_setup(home.entry.entry_id)
    await home.hass.async_block_till_done()


def with_trigger(trigger: BackupTrigger, found: list[dict[str, Any]]) -> dict[str, Any]:
    [backup] = [item for item in found if item["trigger"] == trigger]
    return backup


def record_of(home: Home, trigger: BackupTrigger) -> Path:
    [path] = home.folder.glob(f"*_{trigger}_*.json")
    return path


def rewrite(path: Path, **changed: object) -> bytes:
    """Be the later version, and write a record."""
    content = json.dumps(json.loads(path.read_bytes()) | {"version": LATER} | changed).encode()
    path.write_bytes(content)
    return content


async def test_what_the_first_version_has_written_is_all_there(home: Home) -> None:
    found = await home.backups()

    assert home.entry.state is ConfigEntryState.LOADED
    assert [item["trigger"] for item in found] == [
        "service",
        "before_restore",
        "schedule",
        "button",
        "adopted",
    ]
    assert {element["status"] for element in found} == {"good"}
    assert all(one["contents"] for one in found)
    pressed, scheduled = (
        with_trigger(BackupTrigger.BUTTON, found),
        with_trigger(BackupTrigger.SCHEDULE, found),
    )
    assert (pressed["pinned"], pressed["note"]) == (True, NOTE)
    assert scheduled["confirmed_at"] is not None
    assert scheduled["changes"]
    assert (home.state("last_attempt").state, home.count) == ("completed", 5)
    assert home.entry.runtime_data.options.policy.last == 7


async def test_no_file_of_the_first_version_is_changed_by_the_start(home: Home) -> None:
    for path in (FIXTURES / "store").iterdir():
        assert (home.folder / path.name).read_bytes() == path.read_bytes()
    assert len(home.files) == 10


async def test_a_store_of_the_first_version_is_backed_up_to_and_restored_from(
    home: Home, sim: Simulator
) -> None:
    pressed = with_trigger(BackupTrigger.BUTTON, await home.backups())

    [record] = await home.back_up()
    sim.pihole.add_domain("ads.example.net")
    await home.call(
        "restore", config_entry_id=home.entry.entry_id, backup_id=pressed["id"], dry_run=False
    )

    assert home.count == 8
    written = json.loads((home.folder / record_filename(str(record["filename"]))).read_bytes())
    assert written["version"] == 1


async def test_a_record_of_the_first_version_that_is_changed_says_its_version(home: Home) -> None:
    pressed = with_trigger(BackupTrigger.BUTTON, await home.backups())

    await home.call(
        "update", config_entry_id=home.entry.entry_id, backup_id=pressed["id"], note="new"
    )

    written = json.loads(record_of(home, BackupTrigger.BUTTON).read_bytes())
    assert (written["version"], written["note"], written["pinned"]) == (1, "new", True)


NEW_FIELD = {"tags": ["router"]}
NEW_WORDS = {"status": "archived", "created_at": 1_764_000_000}
LATER_RECORDS = pytest.mark.parametrize(
    "later", [NEW_FIELD, NEW_WORDS, {"version": "2.0"}], ids=["added", "other words", "no number"]
)


@LATER_RECORDS
async def test_a_record_of_a_later_version_is_shown_and_left_alone(
    first: Home, sim: Simulator, later: dict[str, object]
) -> None:
    path = record_of(first, BackupTrigger.BUTTON)
    content = rewrite(path, **later)
    await start(first)

    pressed = with_trigger(BackupTrigger.BUTTON, await first.backups())
    assert (pressed["pinned"], pressed["note"]) == (True, NOTE)
    assert (pressed["status"], first.count) == ("good", 5)
    assert pressed["contents"] is not None
    for change in ({"note": "new"}, {"pinned": False}):
        with pytest.raises(HomeAssistantError, match="newer version of Pi-hole Checkpoint"):
            await first.call(
                "update", config_entry_id=first.entry.entry_id, backup_id=pressed["id"], **change
            )
    await first.call("verify")
    await first.reload()
    sim.pihole.add_domain("ads.example.net")
    await first.press()

    assert path.read_bytes() == content


async def test_what_the_first_version_adopted_is_not_deleted_by_a_rule(first: Home) -> None:
    [path] = first.folder.glob("pi-hole_*_teleporter_*.zip")
    no_rule = dict.fromkeys(("last", "daily", "weekly", "monthly", "manual"), 0)
    first.hass.config_entries.async_update_entry(
        first.entry, options={"retention": {**no_rule, "max_age": 1}}
    )
    await start(first)

    pruned = await first.call("prune", dry_run=False)

    assert path.exists()
    assert with_trigger(BackupTrigger.ADOPTED, pruned["piholes"][0]["kept"])["kept_for"] == [
        "adopted"
    ]


@LATER_RECORDS
async def test_retention_deletes_none_that_a_later_version_recorded(
    first: Home, later: dict[str, object]
) -> None:
    path = record_of(first, BackupTrigger.SCHEDULE)
    rewrite(path, pinned=False, **later)
    first.hass.config_entries.async_update_entry(
        first.entry,
        options={"retention": dict.fromkeys(("last", "daily", "weekly", "monthly", "manual"), 0)},
    )
    await start(first)

    pruned = await first.call("prune", dry_run=False)

    assert path.exists()
    assert path.with_suffix(".zip").exists()
    assert '"later_version"' in json.dumps(pruned)


async def test_a_backup_that_a_later_version_recorded_is_deleted_when_the_user_says_so(
    first: Home,
) -> None:
    path = record_of(first, BackupTrigger.BUTTON)
    rewrite(path)
    await start(first)
    pressed = with_trigger(BackupTrigger.BUTTON, await first.backups())

    await first.call("delete", config_entry_id=first.entry.entry_id, backup_id=pressed["id"])

    assert not path.exists()
    assert not path.with_suffix(".zip").exists()


async def test_one_whose_archive_cannot_be_deleted_has_its_later_record_back(
    first: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = record_of(first, BackupTrigger.BUTTON)
    content = rewrite(path, **NEW_FIELD)
    await start(first)
    pressed = with_trigger(BackupTrigger.BUTTON, await first.backups())
    unlink: Callable[..., None] = Path.unlink

    def stuck(self: Path, *, missing_ok: bool = False) -> None:
        if self == path.with_suffix(".zip"):
            raise PermissionError(1, "Operation not permitted")
        unlink(self, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", stuck)
    with pytest.raises(HomeAssistantError):
        await first.call("delete", config_entry_id=first.entry.entry_id, backup_id=pressed["id"])

    assert path.read_bytes() == content


async def test_a_later_record_is_not_confirmed_but_a_backup_stored_beside_it(first: Home) -> None:
    await start(first)
    [made] = await first.back_up()
    path = first.folder / record_filename(str(made["filename"]))
    content = rewrite(path)
    await first.reload()
    count = first.count

    await first.entry.runtime_data.manager.async_back_up(BackupTrigger.SCHEDULE)

    assert first.count == count + 1
    assert path.read_bytes() == content


async def test_a_later_record_of_a_damaged_archive_is_left_alone(first: Home) -> None:
    path = record_of(first, BackupTrigger.BUTTON)
    content = rewrite(path)
    archive = path.with_suffix(".zip")
    archive.write_bytes(archive.read_bytes()[:-1] + b"?")
    await start(first)

    found = (await first.call("verify"))["backups"]

    assert with_trigger(BackupTrigger.BUTTON, found)["status"] == "damaged"
    assert with_trigger(BackupTrigger.BUTTON, await first.backups())["status"] == "damaged"
    assert path.read_bytes() == content


async def test_what_a_later_version_remembers_is_left_alone(
    first: Home, hass_storage: Storage, caplog: pytest.LogCaptureFixture
) -> None:
    memory = hass_storage[f"{DOMAIN}.{first.entry.entry_id}"]
    memory["version"] = LATER
    memory["data"] = {"minds": {}}

    await start(first)

    assert first.entry.state is ConfigEntryState.SETUP_ERROR
    assert "A newer version of Pi-hole Checkpoint was used here" in caplog.text
    assert hass_storage[f"{DOMAIN}.{first.entry.entry_id}"] == memory
    assert memory["data"] == {"minds": {}}


async def test_what_a_later_version_adds_to_what_it_remembers_is_kept(
    first: Home, hass_storage: Storage
) -> None:
    memory = hass_storage[f"{DOMAIN}.{first.entry.entry_id}"]
    memory["data"]["rehearsed_at"] = "2027-01-01T00:00:00+00:00"
    memory["minor_version"] = 2
    await start(first)

    await first.press()
    await first.reload()

    kept = hass_storage[f"{DOMAIN}.{first.entry.entry_id}"]["data"]
    assert kept["rehearsed_at"] == "2027-01-01T00:00:00+00:00"
    assert kept["attempt"]["trigger"] == "button"


@pytest.mark.parametrize("unique_id", [None, OTHER_MAC], ids=["typed in", "discovered"])
async def test_a_hardware_address_that_anybody_could_replace_is_dropped_once(
    first: Home, unique_id: str | None
) -> None:
    hass, entry = first.hass, first.entry
    before = dict(entry.data)
    hass.config_entries.async_update_entry(
        entry, data=before | {CONF_MAC: MAC}, unique_id=unique_id
    )

    await start(first)

    assert entry.state is ConfigEntryState.LOADED
    assert entry.data == before
    assert (entry.version, entry.minor_version) == (1, 2)
    assert entry.unique_id == unique_id
    hass.config_entries.async_update_entry(entry, data=before | {CONF_MAC: MAC})
    await first.reload()
    assert entry.data == before | {CONF_MAC: MAC}, "what was learned since is kept"


CHANGED = pytest.mark.parametrize(
    ("url", "folder", "mac", "before"),
    [
        ("http://192.168.1.7", "192.168.1.2", MAC, "http://192.168.1.2"),
        ("http://192.168.1.7", "192.168.1.2_2", MAC, "http://192.168.1.2"),
        (
            "https://192.168.1.7:81/dns",
            "192.168.1.20_port_81_dns",
            MAC,
            "https://192.168.1.20:81/dns",
        ),
        ("http://192.168.1.7", "192.168.1.7", MAC, None),
        ("http://192.168.1.7", "192.168.1.7_2", MAC, None),
        ("http://192.168.1.7", "192.168.1.2", None, None),
        ("http://192.168.1.7:8080", "192.168.1.2", MAC, None),
        ("http://192.168.1.7", "pi.hole", MAC, None),
        ("http://pi.hole", "192.168.1.2", MAC, None),
        ("http://[fd00::7]", "192.168.1.2", MAC, None),
    ],
)


@CHANGED
async def test_an_address_that_the_first_version_may_have_changed_is_to_be_checked(
    hass: HomeAssistant,
    monkeypatch: pytest.MonkeyPatch,
    url: str,
    folder: str,
    mac: str | None,
    before: str | None,
) -> None:
    Network(monkeypatch)  # where nobody answers
    entry = entry_of_first_version(url, folder, mac)
    entry.add_to_hass(hass)

    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()

    assert entry.state is ConfigEntryState.LOADED
    assert entry.data[CONF_URL] == url
    issue = ir.async_get(hass).async_get_issue(DOMAIN, f"address_followed_{entry.entry_id}")
    placeholders = issue and issue.translation_placeholders
    assert placeholders == (before and {"name": "Kitchen", "old": before, "new": url})

    await hass.config_entries.async_remove(entry.entry_id)
    assert not [item for domain, item in ir.async_get(hass).issues if domain == DOMAIN]


def entry_of_first_version(url: str, folder: str, mac: str | None) -> MockConfigEntry:
    data = {CONF_URL: url, CONF_FOLDER: folder, CONF_VERIFY_SSL: True, CONF_PASSWORD: ""}
    return MockConfigEntry(
        domain=DOMAIN,
        title="Kitchen",
        data=data | {"versions": {}} | ({CONF_MAC: mac} if mac else {}),
    )


async def test_an_address_that_is_right_is_confirmed_once(
    hass: HomeAssistant, sim: Simulator, hass_client: ClientSessionGenerator
) -> None:
    port = URL(sim.url).port
    entry = entry_of_first_version(sim.url, f"192.168.1.2_port_{port}", MAC)
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    assert await async_setup_component(hass, "repairs", {})
    await hass.async_block_till_done()
    browser, fix = await hass_client(), "/api/repairs/issues/fix"
    issue_id = f"address_followed_{entry.entry_id}"

    response = await browser.post(fix, json={"handler": DOMAIN, "issue_id": issue_id})
    shown = await response.json()
    assert shown["step_id"] == "confirm"
    assert shown["description_placeholders"]["old"] == f"http://192.168.1.2:{port}"
    response = await browser.post(f"{fix}/{shown['flow_id']}", json={})

    assert (await response.json())["type"] == "create_entry"
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue_id) is None
    assert entry.data[CONF_URL] == sim.url


async def test_an_address_is_not_to_be_checked_any_more_when_it_was_entered(
    hass: HomeAssistant, sim: Simulator
) -> None:
    entry = entry_of_first_version(sim.url, f"192.168.1.2_port_{URL(sim.url).port}", MAC)
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    issue_id = f"address_followed_{entry.entry_id}"
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue_id) is not None
    flow = Flow(hass)

    await flow.start(SOURCE_RECONFIGURE, entry_id=entry.entry_id)
    await flow.enter_address(sim.url)
    await flow.enter(password=PASSWORD)

    assert flow.ended == "reconfigure_successful"
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue_id) is None


async def test_an_entry_of_a_later_minor_version_is_set_up_and_left_alone(first: Home) -> None:
    data = dict(first.entry.data) | {CONF_MAC: MAC, "later": True}
    first.hass.config_entries.async_update_entry(first.entry, data=data, minor_version=LATER)

    await start(first)

    assert first.entry.state is ConfigEntryState.LOADED
    assert (dict(first.entry.data), first.entry.minor_version) == (data, LATER)


async def test_an_entry_of_a_later_version_is_not_set_up_and_left_alone(first: Home) -> None:
    data, options = dict(first.entry.data), dict(first.entry.options)
    object.__setattr__(first.entry, "version", LATER)
    before = first.files

    await start(first)

    assert first.entry.state is ConfigEntryState.MIGRATION_ERROR
    assert (dict(first.entry.data), dict(first.entry.options)) == (data, options)
    assert first.files == before
