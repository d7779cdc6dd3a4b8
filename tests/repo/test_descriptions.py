"""What triggers.yaml, conditions.yaml, services.yaml, icons.json and the translations may hold.

Home Assistant checks its own integrations for this, and so does HACS with custom ones. Here
is a reader's summary of its rules: what each key may be, and that each thing has words and an icon.
"""

from collections.abc import Callable, Iterable
import json
from pathlib import Path
import re
from string import Formatter
from typing import Any, Final

import pytest
import voluptuous as vol

from custom_components.pihole_checkpoint import condition, trigger
from homeassistant.core import HomeAssistant
import homeassistant.helpers.config_validation as cv
from homeassistant.helpers.selector import TargetSelector, validate_selector
from homeassistant.util.yaml import load_yaml_dict

ROOT: Final = Path(__file__).parents[2] / "custom_components" / "pihole_checkpoint"
LANGUAGES: Final = sorted((ROOT / "translations").glob("*.json"))
ICONS: Final[dict[str, Any]] = json.loads((ROOT / "icons.json").read_text())
ENGLISH: Final[dict[str, Any]] = json.loads((ROOT / "translations" / "en.json").read_text())

KEY: Final = re.compile(r"[a-z0-9]+([_-][a-z0-9]+)*")
LINK: Final = re.compile(r"(\w+://|\bwww\.)[a-z0-9]+[.-]", re.IGNORECASE)
QUOTED: Final = re.compile(r"'\{\w+\}'")


def key(value: object) -> str:
    """Accept the key of a translation."""
    if isinstance(value, str) and KEY.fullmatch(value):
        return value
    raise vol.Invalid(f"{value!r} is no key")


def icon(value: object) -> str:
    """Accept the name of an icon."""
    if isinstance(value, str) and re.fullmatch(r"mdi:[a-z0-9-]+", value):
        return value
    raise vol.Invalid(f"{value!r} is no icon")


def text(value: object) -> str:
    """Accept a text: no markup, links or space around it, and nothing but names in braces."""
    said = cv.string_with_no_html(value)
    names = [name for _, name, _, _ in Formatter().parse(said) if name is not None]
    if said != said.strip() or LINK.search(said) or QUOTED.search(said):
        raise vol.Invalid(f"{said!r} is no text")
    if not all(name.isidentifier() for name in names):
        raise vol.Invalid(f"{said!r} names something odd")
    return str(said)


def plain(value: object) -> str:
    """Accept a text that names nothing."""
    if "{" in (said := text(value)):
        raise vol.Invalid(f"{said!r} has a placeholder")
    return said


def there(value: object) -> object:
    """Accept everything but nothing."""
    if value is None:
        raise vol.Invalid("there is no value")
    return value


def by_key(values: object) -> vol.Schema:
    return vol.Schema({key: values})


def optional(names: Iterable[str], value: object) -> dict[vol.Marker, object]:
    return {vol.Optional(name): value for name in names}


FIELD: Final = {
    vol.Optional("example"): there,
    vol.Optional("default"): there,
    vol.Optional("required"): bool,
    vol.Optional("selector"): validate_selector,
}
TARGET: Final = {vol.Optional("target"): TargetSelector.CONFIG_SCHEMA}
BLOCKS: Final = vol.Schema(
    {cv.underscore_slug: vol.Any(None, {**TARGET, vol.Optional("fields"): by_key(FIELD)})}
)
"""Triggers, or conditions."""
SERVICE_FIELD: Final = {**FIELD, vol.Optional("advanced"): bool}
SECTION: Final = {vol.Optional("collapsed"): bool, vol.Required("fields"): by_key(SERVICE_FIELD)}
SERVICES: Final = vol.Schema(
    {
        cv.slug: vol.Any(
            None, {**TARGET, vol.Optional("fields"): by_key(vol.Any(SERVICE_FIELD, SECTION))}
        )
    }
)
DESCRIBED: Final = {"triggers": BLOCKS, "conditions": BLOCKS, "services": SERVICES}
"""The files that say what the editor offers, without their `.yaml`, and what is in them."""


def without_anchors(value: dict[str, Any]) -> dict[str, Any]:
    return {name: about for name, about in value.items() if not name.startswith(".")}


def described(kind: str) -> dict[str, Any]:
    """Read one of the files."""
    return without_anchors(load_yaml_dict(str(ROOT / f"{kind}.yaml")))


each_kind = pytest.mark.parametrize("kind", DESCRIBED)
each_language = pytest.mark.parametrize("path", LANGUAGES, ids=lambda path: path.stem)


@each_kind
def test_what_the_editor_offers_is_described_in_the_form_that_it_reads(kind: str) -> None:
    DESCRIBED[kind](described(kind))


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("triggers", trigger.async_get_triggers),
        ("conditions", condition.async_get_conditions),
    ],
)
async def test_each_that_there_is_is_described(
    hass: HomeAssistant, kind: str, given: Callable[[HomeAssistant], Any]
) -> None:
    assert (await given(hass)).keys() == described(kind).keys()


@each_kind
def test_a_target_narrows_what_is_offered_to_this_integration(kind: str) -> None:
    """One without a filter for entities would be offered for every entity that there is."""
    for about in described(kind).values():
        if "target" in about:
            assert about["target"]["entity"] == {"integration": "pihole_checkpoint"}


def sections(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: about for name, about in fields.items() if "fields" in about}


@each_kind
@each_language
def test_each_has_a_name_and_a_description_and_so_has_each_of_its_fields(
    kind: str, path: Path
) -> None:
    words = json.loads(path.read_text())
    assert words[kind].keys() == described(kind).keys()
    for name, about in described(kind).items():
        fields = about.get("fields", {})
        inside = {
            key: one for some in sections(fields).values() for key, one in some["fields"].items()
        }
        alone = {key: one for key, one in fields.items() if key not in sections(fields)}
        said = words[kind][name]
        assert said.get("fields", {}).keys() == {*alone, *inside}, name
        assert said.get("sections", {}).keys() == sections(fields).keys(), name
        for field in (*alone.values(), *inside.values()):
            if options := field.get("selector", {}).get("select", {}):
                shown = words["selector"][options["translation_key"]]["options"]
                assert shown.keys() == {*options["options"]}, name


@each_kind
def test_each_has_an_icon(kind: str) -> None:
    assert ICONS[kind].keys() == described(kind).keys()


STATES: Final = by_key(icon)
OF_AN_ENTITY: Final = {
    vol.Optional("default"): icon,
    vol.Optional("state"): STATES,
    vol.Optional("state_attributes"): by_key(
        {vol.Optional("default"): icon, vol.Optional("state"): STATES}
    ),
}
ICONS_SCHEMA: Final = vol.Schema(
    {
        vol.Optional("entity"): by_key(by_key(OF_AN_ENTITY)),
        vol.Optional("services"): by_key(
            {vol.Required("service"): icon, vol.Optional("sections"): STATES}
        ),
        vol.Optional("triggers"): by_key({vol.Required("trigger"): icon}),
        vol.Optional("conditions"): by_key({vol.Required("condition"): icon}),
    }
)


def test_the_icons_are_in_the_form_that_home_assistant_reads() -> None:
    ICONS_SCHEMA(ICONS)
    for about in (about for some in ICONS["entity"].values() for about in some.values()):
        assert about.get("default") not in about.get("state", {}).values()


TEXTS: Final = by_key(text)
PAGE: Final[dict[vol.Marker, object]] = {
    vol.Optional("title"): text,
    vol.Optional("description"): text,
    vol.Optional("submit"): text,
    **optional(("data", "data_description", "menu_options", "menu_option_descriptions"), TEXTS),
    vol.Optional("sections"): by_key(
        {
            vol.Optional("name"): text,
            vol.Optional("description"): text,
            vol.Optional("data"): TEXTS,
            vol.Optional("data_description"): TEXTS,
        }
    ),
}
FLOW: Final[dict[vol.Marker, object]] = {
    vol.Optional("flow_title"): text,
    vol.Required("step"): by_key(PAGE),
    **optional(("error", "abort", "progress", "create_entry"), TEXTS),
}
SHOWN: Final[dict[vol.Marker, object]] = {
    vol.Optional("name"): text,
    vol.Optional("state"): by_key(plain),
}
NAMED: Final[dict[vol.Marker, object]] = {
    vol.Required("name"): text,
    vol.Required("description"): text,
}
BLOCK: Final[dict[vol.Marker, object]] = {
    **NAMED,
    vol.Optional("fields"): by_key({**NAMED, vol.Optional("example"): text}),
    vol.Optional("sections"): by_key(
        {vol.Required("name"): text, vol.Optional("description"): text}
    ),
}
TEXT_FILE: Final[dict[vol.Marker, object]] = {
    vol.Optional("config"): FLOW,
    vol.Optional("options"): FLOW,
    vol.Optional("common"): by_key(text),
    vol.Optional("entity"): by_key(
        by_key(
            {
                **SHOWN,
                vol.Optional("state_attributes"): by_key(SHOWN),
                vol.Optional("unit_of_measurement"): plain,
            }
        )
    ),
    vol.Optional("exceptions"): by_key({vol.Required("message"): text}),
    vol.Optional("issues"): by_key(
        vol.Any(
            {vol.Required("title"): text, vol.Required("description"): text},
            {vol.Required("title"): text, vol.Required("fix_flow"): FLOW},
        )
    ),
    vol.Optional("selector"): by_key({vol.Required("options"): by_key(text)}),
    vol.Optional("system_health"): {vol.Required("info"): by_key(text)},
    **optional(DESCRIBED, by_key(BLOCK)),
}
TRANSLATIONS: Final = vol.Schema(TEXT_FILE)


@each_language
def test_the_translations_are_in_the_form_that_home_assistant_reads(path: Path) -> None:
    TRANSLATIONS(json.loads(path.read_text()))


@pytest.mark.parametrize(
    "wrong",
    [
        {"services": {"backup": {"name": "Back up"}}},
        {"triggers": {"backup_failed": {"name": "A", "description": "See https://example.com"}}},
        {"conditions": {"older": {"name": "A", "description": "<b>B</b>"}}},
        {"conditions": {"older": {"name": "A ", "description": "B"}}},
        {"common": {"a__b": "A"}},
        {"common": {"a": "The file '{name}'"}},
        {"common": {"a": "{a b}"}},
        {"exceptions": {"a": "A"}},
        {"title": "Pi-hole Checkpoint"},
        {"entity": {"event": {"backup": {"state": {"completed": "{name}"}}}}},
    ],
    ids=str,
)
def test_a_translation_that_home_assistant_would_not_take_is_noticed(
    wrong: dict[str, object],
) -> None:
    with pytest.raises(vol.Invalid):
        TRANSLATIONS(wrong)


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        ("triggers", {"backup_failed": {"fields": {"a": {"selector": {"no_such": {}}}}}}),
        ("triggers", {"backup_failed": {"name": "Backup failed"}}),
        ("triggers", {"backup_failed": {"target": {"device_id": "a"}}}),
        ("conditions", {"older": {"fields": {"age": {"default": None}}}}),
        ("conditions", {"older": {"fields": {"age": {"advanced": True}}}}),
        ("services", {"backup": {"fields": {"a": {"required": "yes"}}}}),
    ],
)
def test_a_description_that_home_assistant_would_not_take_is_noticed(
    kind: str, wrong: dict[str, object]
) -> None:
    with pytest.raises(vol.Invalid):
        DESCRIBED[kind](wrong)
