"""README and user guide agree with the code: names, fields, figures, links and examples."""

from datetime import UTC, datetime
import json
from pathlib import Path
import re
from typing import Final
from urllib.parse import parse_qs, urlsplit

import pytest

from custom_components.pihole_checkpoint.const import DOMAIN, EVENT_BACKUP
from custom_components.pihole_checkpoint.data import BackupEventType
from custom_components.pihole_checkpoint.engine.export import DEADLINE_SECONDS
from custom_components.pihole_checkpoint.engine.models import (
    BackupTrigger,
    Policy,
    RestorePart,
    Stage,
)
from custom_components.pihole_checkpoint.engine.repository.index import Index
from custom_components.pihole_checkpoint.engine.teleporter.diff import ChangeKind
from custom_components.pihole_checkpoint.responses import record_response
from custom_components.pihole_checkpoint.services import async_setup_services
from homeassistant.core import HomeAssistant
from homeassistant.helpers.condition import async_validate_conditions_config
import homeassistant.helpers.config_validation as cv
from homeassistant.helpers.trigger import async_validate_trigger_config
from homeassistant.util import slugify
from homeassistant.util.json import load_json_object
from homeassistant.util.yaml import load_yaml_dict, parse_yaml
from tests.support.records import make_record
from tests.support.words import words_of

ROOT: Final = Path(__file__).parents[2]
INTEGRATION: Final = ROOT / "custom_components" / "pihole_checkpoint"
BLUEPRINTS: Final = ROOT / "blueprints" / "automation" / "pihole_checkpoint"
README: Final = ROOT / "README.md"
GUIDE: Final = ROOT / "docs" / "guide"
PAGES: Final = {path: path.read_text() for path in (README, *sorted(GUIDE.glob("*.md")))}
ALL: Final = "\n".join(PAGES.values())
MOST_WORDS: Final = 900
"""More of them are not read before an integration is installed."""
FENCED: Final = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXAMPLES: Final = [parse_yaml(text) for kind, text in FENCED.findall(ALL) if kind == "yaml"]
WORDS: Final = json.loads((INTEGRATION / "translations" / "en.json").read_text())
ACTIONS: Final = load_yaml_dict(str(INTEGRATION / "services.yaml"))


def parts_of(example: object) -> list[dict[str, object]]:
    """Give every mapping in it, itself included."""
    if isinstance(example, list):
        return [part for item in example for part in parts_of(item)]
    if isinstance(example, dict):
        return [example, *(part for element in example.values() for part in parts_of(element))]
    return []


PARTS: Final = parts_of(EXAMPLES)


def rows_of(page: str) -> list[list[str]]:
    """Return the cells of the first table of a page of the guide."""
    table = re.search(r"^\|.*?(?=\n\n|\Z)", PAGES[GUIDE / page], re.MULTILINE | re.DOTALL)
    assert table is not None
    lines = table[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def sentences(found: object) -> list[str]:
    if isinstance(found, dict):
        return [sentence for item in found.values() for sentence in sentences(item)]
    return [str(found)]


def links_of(page: Path) -> list[str]:
    """Return where the links and images of a page lead."""
    return re.findall(r"\]\(([^)\s]+)\)", FENCED.sub("", PAGES[page]))


def linked_pages(page: Path) -> set[Path]:
    """Return the files to which a page links."""
    return {(page.parent / link.partition("#")[0]).resolve() for link in links_of(page)}


def anchors(page: str) -> set[str]:
    """Return the anchors that GitHub gives to the headings."""
    headings = re.findall(r"^#+ (.+)$", FENCED.sub("", page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", item.lower()).replace(" ", "-") for item in headings}


def test_every_yaml_example_says_something() -> None:
    assert len(EXAMPLES) >= 6
    assert all(parts_of(example) for example in EXAMPLES)


@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_an_action_has_a_row_with_its_fields_and_an_example(action: str) -> None:
    name = f"{DOMAIN}.{action}"
    fields = {row[0].strip("`"): row[1] for row in rows_of("actions.md")}[name]
    examples = [item for item in PARTS if item.get("action") == name]

    assert set(re.findall(r"`(\w+)`", fields)) == set(ACTIONS[action]["fields"])
    assert examples
    for example in examples:
        data = example.get("data", {})
        assert isinstance(data, dict)
        required = {
            key for key, element in ACTIONS[action]["fields"].items() if element.get("required")
        }
        assert required <= set(data) <= set(ACTIONS[action]["fields"])


def test_a_step_whose_action_only_answers_keeps_the_answer(hass: HomeAssistant) -> None:
    async_setup_services(hass)
    for step in PARTS:
        domain, _, name = str(step.get("action", "")).partition(".")
        if domain == DOMAIN and hass.services.supports_response(domain, name) == "only":
            assert "response_variable" in step, name


def test_no_other_action_trigger_or_condition_of_ours_is_named() -> None:
    named = set(re.findall(r"\bpihole_checkpoint\.(\w+)", ALL))
    assert named - WORDS["triggers"].keys() - WORDS["conditions"].keys() == set(ACTIONS)


def test_each_trigger_and_condition_is_named_as_in_the_editor() -> None:
    page = PAGES[GUIDE / "automations.md"]
    names = [about["name"] for about in WORDS["triggers"].values()]
    assert re.findall(r"^\| \*\*(.+?)\*\*", page, re.MULTILINE) == names
    for about in WORDS["conditions"].values():
        assert f"**{about['name']}**" in page


async def test_each_example_of_a_trigger_or_a_condition_is_valid(hass: HomeAssistant) -> None:
    triggers = [part for part in PARTS if str(part.get("trigger")).startswith(f"{DOMAIN}.")]
    conditions = [part for part in PARTS if str(part.get("condition")).startswith(f"{DOMAIN}.")]
    assert triggers
    assert conditions
    await async_validate_trigger_config(hass, cv.TRIGGER_SCHEMA(triggers))
    await async_validate_conditions_config(hass, cv.CONDITIONS_SCHEMA(conditions))


def test_the_table_of_entities_has_each_entity_once() -> None:
    kinds = {"Binary sensor": "binary_sensor", "Button": "button", "Event": "event"}
    named = [
        (kinds.get(kind.capitalize(), "sensor"), name)
        for row in rows_of("entities.md")
        for kind, name in re.findall(r"([A-Za-z ]+?) \*\*(.+?)\*\*", row[0])
    ]
    there = [
        (platform, entity["name"])
        for platform, entities in WORDS["entity"].items()
        for entity in entities.values()
    ]
    assert sorted(named) == sorted(there)


def test_an_entity_id_is_one_that_an_entity_gets() -> None:
    ids = re.findall(r"\b(button|sensor|binary_sensor|event)\.pi_hole_(\w+)", ALL)
    assert ids
    for platform, name in ids:
        assert name in {slugify(item["name"]) for item in WORDS["entity"][platform].values()}


def test_what_may_happen_and_what_a_restore_does_are_named() -> None:
    rows = {row[0]: row[1] for row in rows_of("entities.md")}
    assert set(re.findall(r"\*(\w+)\*", rows["Event **Backup**"])) == set(BackupEventType) | {
        "Activity"
    }
    assert set(re.findall(r"\*(\w+)\*", rows["Sensor **Restore**"])) == set(Stage) | {"idle"}


def test_the_card_is_configured_with_all_that_its_form_offers_and_its_defaults() -> None:
    (card,) = [part for part in PARTS if part.get("type") == "custom:pihole-checkpoint-card"]
    golden = load_json_object(ROOT / "tests/golden/data/card.json")
    form = {key.removeprefix("form.") for key in golden if key.startswith("form.")}

    assert set(card) == {"type", *(key.partition(":")[0] for key in form)}
    for name, shown in card.items():
        written = [f"={json.dumps(shown)}"]
        assert golden.get(f"form.{name}: default", written) == written


def test_the_event_that_an_automation_waits_for_is_ours() -> None:
    waited = [item for item in PARTS if item.get("trigger") == "event"]
    assert waited
    for trigger in waited:
        data = trigger["event_data"]
        assert isinstance(data, dict)
        assert trigger["event_type"] == EVENT_BACKUP
        assert data["type"] in set(BackupEventType)


def test_an_answer_has_what_the_example_shows() -> None:
    (example,) = [item for item in EXAMPLES if isinstance(item, dict) and "backups" in item]
    record = make_record(datetime(2026, 1, 20, 2, 24, tzinfo=UTC), BackupTrigger.SERVICE)
    assert set(example["backups"][0]) == set(record_response("01", record, Index(), words_of("en")))


def test_every_kind_of_change_trigger_and_part_is_named() -> None:
    changes = re.search(r"`change` is\s([^.]+)\.", ALL)
    assert changes is not None
    assert set(re.findall(r"`(\w+)`", changes[1])) == set(ChangeKind)
    for part in RestorePart:
        assert f"`{part}`" in ALL
    for trigger in BackupTrigger:
        assert re.search(rf"\b{trigger}\b", ALL)


def test_the_options_are_those_of_the_form_with_their_defaults() -> None:
    form = sentences(WORDS["options"]["step"])
    defaults = {row[0]: row[2] for row in rows_of("options.md")}
    policy = Policy()

    assert set(defaults) <= set(form)
    assert defaults["Time limit"] == f"{DEADLINE_SECONDS:.0f} seconds"
    assert defaults["What is kept"] == (
        f"last {policy.last}, {policy.daily} daily, {policy.weekly} weekly,"
        f" {policy.monthly} monthly, {policy.yearly} yearly, {policy.manual} manual"
    )


def test_each_sentence_in_the_table_of_errors_is_the_beginning_of_one_that_is_said() -> None:
    said = [re.sub(r"\{\w+\}", "…", sentence) for sentence in sentences(WORDS)]
    rows = rows_of("troubleshooting.md")
    assert len(rows) > 15
    for row in rows:
        beginning = row[0].strip("*").removesuffix("…")
        assert any(item.startswith(beginning) for item in said), beginning


def test_the_version_of_home_assistant_is_the_one_that_hacs_asks_for() -> None:
    needed = json.loads((ROOT / "hacs.json").read_text())["homeassistant"]
    release = needed.removesuffix(".0")
    for page in (README, GUIDE / "install.md"):
        assert f"Home Assistant {release} or later" in PAGES[page]
    assert f"  {release})\n" in (ROOT / "scripts" / "test-on").read_text(), "it is tested, too"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_and_image_leads_somewhere(page: Path) -> None:
    links = [link for link in links_of(page) if not urlsplit(link).scheme]
    assert links
    for link in links:
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.is_file(), link
        assert not anchor or anchor in anchors(target.read_text()), link


def test_readme_and_index_lead_to_each_page_of_the_guide_and_each_leads_back() -> None:
    pages = {page for page in PAGES if page.parent == GUIDE}
    index = GUIDE / "README.md"
    assert pages - {index} <= linked_pages(index)
    assert pages <= linked_pages(README)
    assert [page for page in pages - {index} if index not in linked_pages(page)] == []


def test_the_readme_is_short_enough_to_be_read() -> None:
    assert len(PAGES[README].split()) <= MOST_WORDS


def test_each_link_to_import_a_blueprint_is_to_our_repository() -> None:
    assert imported_blueprints()


def test_each_blueprint_can_be_imported_by_a_link() -> None:
    assert sorted(imported_blueprints()) == sorted(path.name for path in BLUEPRINTS.iterdir())


def imported_blueprints() -> list[str]:
    """Return the files that the links import, all of them from the blueprints' folder."""
    manifest = json.loads((INTEGRATION / "manifest.json").read_text())
    place = f"{manifest['documentation']}/blob/main/{BLUEPRINTS.relative_to(ROOT)}/"
    links = re.findall(r"\((https://my\.home-assistant\.io/redirect/blueprint_import/\S+)\)", ALL)
    urls = [parse_qs(urlsplit(item).query)["blueprint_url"][0] for item in links]
    assert all(one.startswith(place) for one in urls)
    return [element.removeprefix(place) for element in urls]
