from pathlib import Path
import re

import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.pihole_checkpoint.const import DOMAIN
from custom_components.pihole_checkpoint.engine.repository import relocate
from custom_components.pihole_checkpoint.freeze import async_get_freeze
from custom_components.pihole_checkpoint.options import chosen_values, default_values
from custom_components.pihole_checkpoint.schemas import OPTIONS_SCHEMAS, grouped
from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.data_entry_flow import InvalidData
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component
from pihole_simulator import Simulator
from tests.support.flows import SECTION_OF, Options
from tests.support.home import AddPihole, Home
from tests.support.repairs import open_repair


@pytest.fixture
async def options(home: Home) -> Options:
    options = Options(home)
    await options.open("storage")
    return options


@pytest.fixture
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("elsewhere")


@pytest.fixture
def new_folder(hass: HomeAssistant) -> Path:
    folder = Path(hass.config.path("dns", "pihole"))
    folder.mkdir(parents=True)
    return folder


@pytest.mark.parametrize(("page", "section"), SECTION_OF.items())
async def test_a_page_shows_what_holds_when_nothing_was_chosen(
    hass: HomeAssistant, home: Home, options: Options, page: str, section: str
) -> None:
    await options.open(page)

    assert options.at == (page, {})
    usual = default_values(hass, home.entry)[section]
    assert options.suggested == grouped(OPTIONS_SCHEMAS[section], usual)
    assert options.placeholders["config"] == hass.config.config_dir
    assert options.result["last_step"] is True


async def test_each_page_saves_itself_keeps_the_others_and_takes_effect_after_one_reload(
    hass: HomeAssistant, home: Home, options: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    reload, reloads = hass.config_entries.async_reload, []

    async def counted(entry_id: str) -> bool:
        reloads.append(entry_id)
        return await reload(entry_id)

    monkeypatch.setattr(hass.config_entries, "async_reload", counted)

    await options.open("schedule")
    await options.save(frequency="weekdays", time="4:30", weekdays=["sun", "mon"])
    assert options.is_saved
    assert options.stored.keys() == {"schedule"}
    await options.open("retention")
    await options.save(last=5.0, daily=0, max_age=365.0)
    await options.open("advanced")
    await options.save(deadline=120.0, skip_unchanged=False, before_ha_backup=False)

    assert options.is_saved
    assert repr(options.stored) == repr(
        {
            "schedule": {"frequency": "weekdays", "time": "04:30:00", "weekdays": ["mon", "sun"]},
            "retention": default_values(hass, home.entry)["retention"]
            | {"last": 5, "daily": 0, "max_age": 365},
            "backup": {"deadline": 120, "before_ha_backup": False, "skip_unchanged": False},
        }
    )
    assert reloads == [home.entry.entry_id] * 3
    assert home.entry.state is ConfigEntryState.LOADED
    assert home.entry.runtime_data.options.deadline == 120
    for page, section in SECTION_OF.items():
        await options.open(page)
        values = chosen_values(hass, home.entry)[section]
        assert options.suggested == grouped(OPTIONS_SCHEMAS[section], values)


async def test_a_page_that_was_open_meanwhile_keeps_what_another_one_saved(
    options: Options, home: Home
) -> None:
    other = Options(home)
    await other.open("advanced")
    await options.open("retention")

    await options.save(last=3)
    await other.save(deadline=90)

    retention, backup = options.stored["retention"], options.stored["backup"]
    assert isinstance(retention, dict)
    assert isinstance(backup, dict)
    assert (retention["last"], backup["deadline"]) == (3, 90)


async def test_a_choice_of_0_1_0_is_kept_when_another_page_is_saved(
    options: Options, home: Home
) -> None:
    old = {"schedule": {"frequency": "hourly"}, "backup": {"deadline": 33}}
    await home.choose(**old)

    await options.open("retention")
    await options.save(last=3)

    assert options.stored.items() >= old.items()


async def test_what_is_kept_says_how_much_that_is_at_most(
    home: Home, options: Options, sim: Simulator
) -> None:
    await options.open("retention")
    assert options.effect == "At most about 44 backups. Manual backups: at most about 100."

    sim.pihole.adlists.pop()
    await home.press()
    [archive] = home.archives
    size = archive.stat().st_size
    await options.open("retention")
    assert options.effect == (
        f"At most about 44 backups, {round(44 * size / 1000)} kB."
        f" Manual backups: at most about 100, {round(100 * size / 1000)} kB."
    )

    await options.save(last=1, daily=0, weekly=0, monthly=0, manual=0)
    await options.open("retention")
    assert options.effect == (
        f"At most about 1 backup, {round(size / 1000)} kB. Manual backups: at most about 0."
    )


async def test_what_is_too_old_is_not_counted_among_what_is_kept(options: Options) -> None:
    await options.open("retention")
    await options.save(last=2, daily=365, weekly=52, monthly=12, yearly=5, max_age=30)

    await options.open("retention")

    # 2 + 31 days + 6 weeks + 3 months + 2 years
    assert options.effect.startswith("At most about 44 backups.")


async def test_the_schedule_says_when_the_next_backup_is_made(options: Options) -> None:
    await options.open("schedule")
    await options.save(frequency="daily", time="04:30")
    await options.open("schedule")
    assert re.fullmatch(r"Next backup: \d{4}-\d\d-\d\d 04:30\.", options.effect)

    await options.save(frequency="never")
    await options.open("schedule")
    assert options.effect == "Not scheduled."


async def test_the_folder_says_what_is_in_it_and_advanced_how_long_a_backup_took(
    home: Home, options: Options
) -> None:
    assert options.effect == "0 backups are stored here."
    await options.open("advanced")
    assert options.effect == ""
    await home.press()

    await options.open("storage")
    assert re.fullmatch(r"1 backup is stored here, \d+ kB\.", options.effect)
    await options.open("advanced")
    assert re.fullmatch(r"The last backup took about \d+ seconds?\.", options.effect)


@pytest.mark.usefixtures("unlimited_logins")
async def test_the_page_about_restores_says_whether_settings_can_be_restored_and_leads_back(
    home: Home, options: Options, sim: Simulator
) -> None:
    await home.press()
    [backup] = await home.backups()
    await options.open("restore")
    assert options.effect == (
        "The first preview of a restore shows whether settings can be restored, too."
    )
    assert options.placeholders["all_settings"] == f"{sim.url}/admin/settings/all"

    preview = {"config_entry_id": home.entry.entry_id, "backup_id": backup["id"], "dry_run": True}
    await home.call("restore", **preview)
    await options.open("restore")
    assert options.effect.startswith("This app password isn't allowed to change settings.")

    sim.pihole.settings["webserver.api.app_sudo"] = True
    await home.call("restore", **preview)
    await options.open("restore")
    assert options.effect == "Settings can be restored, too."

    await options.choose("init")
    step, _ = options.menu
    assert step == "init"


async def test_pages_of_a_pihole_that_is_not_loaded_open_and_say_what_can_be_said(
    hass: HomeAssistant, home: Home, options: Options
) -> None:
    await hass.config_entries.async_set_disabled_by(home.entry.entry_id, ConfigEntryDisabler.USER)

    await options.open("retention")
    assert options.effect.startswith("At most about 44 backups.")
    for page in ("schedule", "storage", "advanced"):
        await options.open(page)
        assert options.effect == ""
    await options.open("restore")
    assert options.effect


async def test_weekly_backups_need_a_weekday(options: Options) -> None:
    await options.open("schedule")
    sent = await options.save(frequency="weekdays", weekdays=[])
    assert options.at == ("schedule", {"weekdays": "no_weekdays"})
    assert options.suggested == sent, "what was typed is still there"

    await options.save(frequency="daily", weekdays=[])
    assert options.is_saved


@pytest.mark.parametrize(
    ("page", "field", "value"),
    [
        ("schedule", "frequency", "yearly"),
        ("schedule", "time", "25:00"),
        ("schedule", "weekdays", ["caturday"]),
        ("retention", "last", 0),
        ("retention", "daily", -1),
        ("retention", "max_age", "nan"),
        ("advanced", "deadline", 9),
        ("advanced", "deadline", 601),
    ],
)
async def test_what_no_browser_would_send_is_refused(
    options: Options, page: str, field: str, value: object
) -> None:
    await options.open(page)
    with pytest.raises(InvalidData):
        await options.save(**{field: value})


async def test_the_backups_move_to_another_folder_with_the_choice(
    home: Home, options: Options, new_folder: Path
) -> None:
    await home.press()
    [archive] = home.archives

    await options.move(new_folder)

    assert options.is_saved
    assert options.stored["storage"] == {"parent": str(new_folder)}
    assert (new_folder / "kitchen" / archive.name).exists()
    assert not archive.exists()
    assert home.count == 1
    await home.press()
    assert home.count == 2


async def test_a_move_is_known_of_although_home_assistant_ended_before_it_kept_the_choice(
    hass: HomeAssistant, home: Home, options: Options, new_folder: Path
) -> None:
    await home.press()
    [archive] = home.archives
    await options.move(new_folder)
    assert await hass.config_entries.async_unload(home.entry.entry_id)
    hass.config_entries.async_update_entry(home.entry, options={})

    await hass.config_entries.async_setup(home.entry.entry_id)

    assert options.stored["storage"] == {"parent": str(new_folder)}
    assert home.count == 1
    assert (new_folder / "kitchen" / archive.name).exists()
    await home.press()
    assert home.count == 2


async def test_a_move_that_home_assistant_ended_in_is_taken_back_when_not_all_was_copied(
    hass: HomeAssistant,
    home: Home,
    options: Options,
    new_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await home.press()
    [archive] = home.archives

    def kill(_source: Path, target: Path) -> tuple[str, ...]:
        target.mkdir()
        (target / archive.name).write_bytes(b"PK")
        raise RuntimeError("the end")

    with monkeypatch.context() as patch:
        patch.setattr(relocate, "move", kill)
        with pytest.raises(HomeAssistantError, match="Unexpected error"):
            await home.entry.runtime_data.manager.async_move_repository(new_folder)
    await home.reload()

    assert home.count == 1
    assert archive.exists()
    assert not (new_folder / "kitchen").exists()
    await options.move(new_folder)
    assert options.stored["storage"] == {"parent": str(new_folder)}


async def test_where_the_backups_were_moved_is_forgotten_when_the_choice_was_kept(
    hass: HomeAssistant, home: Home, options: Options, new_folder: Path
) -> None:
    await options.move(new_folder)
    assert home.entry.runtime_data.manager.state.moving_to == new_folder / "kitchen"

    hass.set_state(CoreState.starting)
    await hass.config_entries.async_reload(home.entry.entry_id)

    assert home.entry.runtime_data.manager.state.moving_to is None


async def test_nothing_is_settled_while_home_assistant_backs_itself_up(
    hass: HomeAssistant, home: Home, options: Options, new_folder: Path
) -> None:
    await home.press()
    await options.move(new_folder)
    assert await hass.config_entries.async_unload(home.entry.entry_id)
    hass.config_entries.async_update_entry(home.entry, options={})
    freeze = async_get_freeze(hass)
    freeze.begin()

    assert not await hass.config_entries.async_setup(home.entry.entry_id)
    assert home.entry.state is ConfigEntryState.SETUP_RETRY
    freeze.end()

    await hass.config_entries.async_reload(home.entry.entry_id)
    assert home.count == 1


async def test_where_the_backups_are_is_waited_for_when_a_move_was_broken_off(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    home: Home,
    options: Options,
    new_folder: Path,
) -> None:
    await options.move(new_folder)
    assert await hass.config_entries.async_unload(home.entry.entry_id)
    hass.config_entries.async_update_entry(home.entry, options={})
    (new_folder / "kitchen").rename(new_folder / "unmounted")

    assert not await hass.config_entries.async_setup(home.entry.entry_id)
    assert home.entry.state is ConfigEntryState.SETUP_RETRY
    assert str(new_folder / "kitchen") in str(home.entry.reason)

    dialog = await open_repair(home, hass_client, "storage_unusable")
    assert await dialog.choose("try_again") == "failed"
    assert dialog.shown["description_placeholders"]["message"] == home.entry.reason

    (new_folder / "unmounted").rename(new_folder / "kitchen")
    dialog = await open_repair(home, hass_client, "storage_unusable")
    assert await dialog.choose("try_again") == "create_entry"
    assert options.stored["storage"] == {"parent": str(new_folder)}
    assert home.issues == {}


async def test_a_relative_folder_is_below_the_configuration(
    options: Options, new_folder: Path
) -> None:
    await options.move(" dns/../dns/pihole/ ")

    assert options.stored["storage"] == {"parent": str(new_folder)}


async def test_a_folder_elsewhere_is_taken_when_home_assistant_may_use_it(
    hass: HomeAssistant, options: Options, elsewhere: Path
) -> None:
    await options.move(elsewhere)
    assert options.at == ("storage", {"parent": "parent_not_allowed"})
    assert options.placeholders["folder"] == str(elsewhere)

    hass.config.allowlist_external_dirs = {str(elsewhere)}
    await options.move(elsewhere)
    assert options.stored["storage"] == {"parent": str(elsewhere)}


async def test_the_usual_folder_is_not_kept_by_name_so_that_the_configuration_can_move(
    hass: HomeAssistant, home: Home, options: Options, new_folder: Path
) -> None:
    await home.press()
    await options.move(new_folder)

    await options.move(DOMAIN)

    assert options.stored["storage"] == {}
    assert len(home.archives) == home.count == 1


async def test_the_same_folder_said_in_another_way_moves_nothing(
    home: Home, options: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def moved(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(home.entry.runtime_data.manager, "async_move_repository", moved)

    await options.move(f"./{DOMAIN}/")

    assert options.is_saved
    assert options.stored["storage"] == {}


@pytest.mark.parametrize(
    "folder",
    [
        ".",
        "..",
        "/",
        "/etc",
        "www",
        "WWW",
        "www/backups",
        "dns/../www",
        "link",
        ".storage",
        ".storage/pihole",
        ".cloud",
        "backups",
        "custom_components",
        "custom_components/pihole_checkpoint",
        "blueprints",
        "tts",
        "deps",
        f"{DOMAIN}/kitchen",
        f"{DOMAIN}/kitchen/.staging",
        f"{DOMAIN}/garage",
    ],
)
async def test_backups_are_stored_nowhere_where_others_find_or_delete_them(
    hass: HomeAssistant, add_pihole: AddPihole, options: Options, sim: Simulator, folder: str
) -> None:
    await add_pihole(sim.url, folder="garage", title="Garage")
    config = Path(hass.config.config_dir)
    hass.config.allowlist_external_dirs = {str(config / "www")}
    (config / folder).mkdir(parents=True, exist_ok=True)
    if folder == "link":
        (config / "link").rmdir()
        (config / "www").mkdir()
        (config / "link").symlink_to("www")

    sent = await options.move(folder)

    assert options.at == ("storage", {"parent": "parent_not_allowed"})
    assert options.suggested == sent
    assert options.stored == {}


async def test_no_store_is_put_around_the_configuration_or_another_store(
    hass: HomeAssistant, add_pihole: AddPihole, sim: Simulator
) -> None:
    config = Path(hass.config.config_dir)
    hass.config.allowlist_external_dirs = {str(config.parent)}
    around_all = Options(await add_pihole(sim.url, folder=config.name))
    around_other = Options(await add_pihole(f"{sim.url}/", folder=DOMAIN))
    (config / "dns").mkdir()
    third = Options(await add_pihole(f"{sim.url}/x", folder="dns"))

    await around_all.move(config.parent)
    assert around_all.at == ("storage", {"parent": "parent_not_allowed"})

    (config / "deep" / "dns").mkdir(parents=True)
    await around_other.move("deep/dns")
    assert around_other.is_saved
    await third.move("deep")
    assert third.at == ("storage", {"parent": "parent_not_allowed"})


@pytest.mark.parametrize("folder", ["nowhere", "dns/file", "dns/file/below", "nul\0"])
async def test_a_folder_that_is_not_there_is_reported(
    options: Options, new_folder: Path, folder: str
) -> None:
    (new_folder.parent / "file").touch()

    sent = await options.move(folder)

    assert options.at == ("storage", {"parent": "parent_missing"})
    assert options.placeholders["folder"].endswith(folder)
    assert options.suggested == sent


async def test_why_the_backups_could_not_be_moved_is_reported_and_they_stay(
    hass: HomeAssistant, home: Home, options: Options, new_folder: Path
) -> None:
    await home.press()
    (new_folder / "kitchen").mkdir()
    (new_folder / "kitchen" / "holiday.jpg").touch()

    sent = await options.move(new_folder)

    assert options.at == ("storage", {"base": "move_failed"})
    assert "isn't empty" in options.placeholders["reason"]
    assert options.suggested == sent
    assert options.stored == {}
    assert len(home.archives) == home.count == 1

    await options.move(DOMAIN)
    assert options.is_saved


async def test_the_backups_of_a_disabled_pihole_are_not_moved_but_the_rest_can_be_chosen(
    hass: HomeAssistant, home: Home, options: Options, new_folder: Path
) -> None:
    await hass.config_entries.async_set_disabled_by(home.entry.entry_id, ConfigEntryDisabler.USER)

    await options.move(new_folder)
    assert options.at == ("storage", {"base": "not_loaded"})

    await options.open("retention")
    await options.save(last=3)
    assert options.is_saved
    assert home.entry.state is ConfigEntryState.NOT_LOADED


async def test_a_folder_that_was_allowed_once_stays_when_something_else_is_chosen(
    hass: HomeAssistant, options: Options, elsewhere: Path
) -> None:
    hass.config.allowlist_external_dirs = {str(elsewhere)}
    await options.move(elsewhere)
    hass.config.allowlist_external_dirs = set()

    await options.open("retention")
    await options.save(last=3)

    assert options.is_saved
    assert options.stored["storage"] == {"parent": str(elsewhere)}


@pytest.mark.filterwarnings("ignore::aiohttp.web_exceptions.NotAppKeyWarning")  # not ours
async def test_the_form_reaches_a_browser(
    hass: HomeAssistant, home: Home, hass_client: ClientSessionGenerator
) -> None:
    assert await async_setup_component(hass, "config", {})
    browser = await hass_client()

    async with browser.post(
        "/api/config/config_entries/options/flow", json={"handler": home.entry.entry_id}
    ) as response:
        shown = await response.json()

    assert shown["type"] == "menu"
    assert shown["menu_options"] == ["schedule", "retention", "storage", "restore", "advanced"]
    async with browser.post(
        f"/api/config/config_entries/options/flow/{shown['flow_id']}",
        json={"next_step_id": "advanced"},
    ) as response:
        shown = await response.json()
    deadline, *_ = shown["data_schema"]
    assert deadline["required"] is True
    number = deadline["selector"]["number"]
    assert (number["min"], number["max"], number["mode"]) == (10, 600, "box")
