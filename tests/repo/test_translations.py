"""Every word that a user may see is there."""

from functools import cache
import json
from pathlib import Path
import re
from typing import TypeGuard

import pytest
import voluptuous as vol

from custom_components.pihole_checkpoint import address_change
from custom_components.pihole_checkpoint.engine.errors import (
    RestoreError,
    StorageError,
    UnusableFile,
)
from custom_components.pihole_checkpoint.engine.pihole.errors import CheckpointError, InvalidArchive
from custom_components.pihole_checkpoint.repairs import LOST, MENUS, UNFINISHED, UNIDENTIFIED
from custom_components.pihole_checkpoint.schemas import (
    MAYBE_PASSWORD_SCHEMA,
    OPTIONS_SCHEMAS,
    PASSWORD_SCHEMA,
    address_schema,
    compare_schema,
)
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import SelectSelector
from homeassistant.util.yaml import load_yaml_dict
from tests.support.flows import SECTION_OF

ROOT = Path(__file__).parents[2] / "custom_components" / "pihole_checkpoint"
FILES = sorted((ROOT / "translations").glob("*.json"))
FORM = re.compile(r"common\.(\w+)_(zero|one|two|few|many|other)")
"""A text in one of the forms that a language has for "one", "a few", "many" of something."""
FORMS = {
    **dict.fromkeys(("de", "en", "nl"), ("one", "other")),
    **dict.fromkeys(("es", "fr", "it", "pt-BR"), ("one", "many", "other")),
    "pl": ("one", "few", "many", "other"),
}
"""The forms that the Unicode CLDR has for each language."""

ENDED_BY_HOME_ASSISTANT = {
    "async_set_unique_id": {"already_in_progress"},
    "_abort_if_unique_id_configured": {"already_configured"},
    "_async_abort_entries_match": {"already_configured"},
    "async_update_reload_and_abort": {"reauth_successful", "reconfigure_successful"},
}
"""What the config flow calls, and the reasons for which that ends it."""

type Words = dict[str, Words] | str

SAY_ALL = {"retention": {"last", "daily", "weekly", "monthly", "yearly"}}
"""The fields whose names say all there is to say, so that their page fits a screen."""

every_language = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


def words(*path: str) -> dict[str, Words]:
    found: Words = json.loads((ROOT / "translations" / "en.json").read_text())
    for key in path:
        assert isinstance(found, dict)
        found = found[key]
    assert isinstance(found, dict)
    return found


def texts(found: Words, path: str = "") -> dict[str, str]:
    """Return all texts by the path to each."""
    if isinstance(found, str):
        return {path: found}
    ways = ((f"{path}.{key}" if path else key, item) for key, item in found.items())
    return {name: text for way, element in ways for name, text in texts(element, way).items()}


def texts_in(file: Path) -> dict[str, str]:
    return texts(json.loads(file.read_text()))


@cache
def counted() -> frozenset[str]:
    """Return the stems of the texts that English has in both of its plural forms."""
    english = words("common")
    stems = {name.removesuffix("_one") for name in english if name.endswith("_one")}
    return frozenset(stem for stem in stems if f"{stem}_other" in english)


def stem_and_form(name: str) -> tuple[str, str] | None:
    found = FORM.fullmatch(name)
    return (found[1], found[2]) if found and found[1] in counted() else None


def stem(name: str) -> str | None:
    found = stem_and_form(name)
    return found and found[0]


def placeholders(text: str) -> list[str]:
    return sorted(set(re.findall(r"\{(\w*)\}", text)))


def sentences(found: Words) -> list[str]:
    return (
        [found]
        if isinstance(found, str)
        else [s for item in found.values() for s in sentences(item)]
    )


def leaves(error: type[CheckpointError]) -> list[type[CheckpointError]]:
    below = error.__subclasses__()
    return [error] if not below else [leaf for item in below for leaf in leaves(item)]


@pytest.mark.parametrize("error", leaves(CheckpointError), ids=lambda error: error.__name__)
def test_every_error_has_a_sentence_that_names_what_its_docstring_promises(
    error: type[CheckpointError],
) -> None:
    message = words("exceptions", error.key)["message"]
    assert isinstance(message, str)
    docs = " ".join(kind.__doc__ or "" for kind in error.__mro__ if kind is not CheckpointError)
    promised = re.findall(r"Names ((?:`\w+`[^`]*)+)", docs)
    named = set(re.findall(r"`(\w+)`", " ".join(promised)))
    assert set(re.findall(r"\{(\w+)\}", message)) == named
    assert message.count(".") >= 2, "what happened, and what to do"


def test_the_config_flow_tells_an_error_in_the_same_words() -> None:
    exceptions = words("exceptions")
    for key, sentence in words("config", "error").items():
        assert exceptions[key] == {"message": sentence}


def test_the_config_flow_has_words_for_every_error_of_a_conversation() -> None:
    conversation = {
        error.key
        for error in leaves(CheckpointError)
        if not issubclass(error, (InvalidArchive, RestoreError, StorageError, UnusableFile))
    } - {
        *("app_password_read_only", "import_refused"),
        *("item_refused", "settings_refused", "proxy_changes_paths"),
        *("backup_damaged", "backup_not_found", "no_backup_for", "contents_unknown"),
        *("deadline_exceeded", "ha_backup_running", "record_of_later_version", "stopping"),
    }
    assert set(words("config", "error")) == conversation


def test_the_config_flow_has_words_for_every_way_it_ends_without_a_new_entry() -> None:
    """Home Assistant brings some of them along, but the oldest that is supported does not."""
    flow = (ROOT / "config_flow.py").read_text()
    ends = set(re.findall(r'async_abort\(\s*reason="(\w+)"', flow))
    assert len(ends) == flow.count("async_abort(")
    for called, reasons in ENDED_BY_HOME_ASSISTANT.items():
        assert f"self.{called}(" in flow
        ends |= reasons
    assert words("config", "abort").keys() == ends


def class_in_repairs(name: str) -> str:
    _, _, code = (ROOT / "repairs.py").read_text().partition(f"class {name}(")
    return code.partition("\nclass ")[0]


@pytest.mark.parametrize(
    ("dialog", "issues"),
    [
        ("_PiholeFlow", (*UNFINISHED, UNIDENTIFIED, LOST)),
        ("_NewAddressFlow", (address_change.ISSUE,)),
    ],
)
def test_the_dialogs_under_repairs_have_words_for_every_way_they_end(
    dialog: str, issues: tuple[str, ...]
) -> None:
    code = class_in_repairs(dialog)
    ends = re.findall(r'async_abort\(\s*reason="(\w+)"', code)
    assert len(ends) == code.count("async_abort(") > 0
    for issue in issues:
        assert words("issues", issue, "fix_flow", "abort").keys() == set(ends)


@pytest.mark.parametrize("issue", MENUS)
def test_a_dialog_with_a_choice_has_words_for_each_choice_step_and_end(issue: str) -> None:
    menu = MENUS[issue]
    code = (ROOT / "repair_menus.py").read_text()
    of_all, own = (
        code.partition(f"class {name}(")[2].partition("\nclass ")[0]
        for name in ("_Menu", menu.__name__)
    )
    steps = words("issues", issue, "fix_flow", "step")
    assert words("issues", issue, "fix_flow", "step", "init", "menu_options").keys() == {
        *menu.choices
    }
    assert steps.keys() == {"init", *(["delete"] if "_ask_to_delete()" in own else [])}
    ends = {*re.findall(r'reason="(\w+)"', of_all + own), *re.findall(r'return "(\w+)" if', own)}
    assert words("issues", issue, "fix_flow", "abort").keys() == ends


def test_an_offer_of_a_new_address_names_both_and_has_words_for_each_choice() -> None:
    step = words("issues", address_change.ISSUE, "fix_flow", "step", "init")
    assert set(placeholders(str(step["description"]))) == {"name", "old", "new"}
    options = re.search(r"menu_options=\[(.*)\]", (ROOT / "repairs.py").read_text())
    assert options is not None
    assert words(
        "issues", address_change.ISSUE, "fix_flow", "step", "init", "menu_options"
    ).keys() == {*re.findall(r'"(\w+)"', options[1])}


@pytest.mark.parametrize(
    ("step", "fields"),
    [
        ("user", address_schema([])),
        ("password", PASSWORD_SCHEMA),
        ("reauth_confirm", MAYBE_PASSWORD_SCHEMA),
        ("reconfigure", address_schema([])),
        ("reconfigure_password", MAYBE_PASSWORD_SCHEMA),
    ],
)
def test_every_field_of_a_step_has_a_label_and_a_description(step: str, fields: vol.Schema) -> None:
    names = {str(field) for field in fields.schema}
    assert words("config", "step", step, "data").keys() == names
    assert words("config", "step", step, "data_description").keys() == names


def test_the_steps_name_only_what_the_flow_tells_them() -> None:
    for sentence in sentences(words("config", "step")):
        named = set(re.findall(r"\{(\w+)[,}]", sentence))
        assert named <= {"address", "hint", "settings"}, sentence


def test_every_page_of_the_options_and_its_fields_have_a_name_and_are_explained() -> None:
    steps = words("options", "step")
    schemas = {page: OPTIONS_SCHEMAS[section] for page, section in SECTION_OF.items()}
    schemas["compare"] = compare_schema({})
    assert steps.keys() == {"init", "restore", *schemas}
    assert words("options", "step", "init", "menu_options").keys() == {"restore", *schemas}
    for page, schema in schemas.items():
        step = words("options", "step", page)
        assert isinstance(step, dict)
        assert step.keys() >= {"title", "description", "data"}
        sections = {str(name): kind for name, kind in schema.schema.items() if is_section(kind)}
        said = step.get("sections", {})
        assert isinstance(said, dict)
        assert said.keys() == sections.keys()
        see_fields(page, step, {str(field) for field in schema.schema} - sections.keys())
        for name, kind in sections.items():
            of_section = said[name]
            assert isinstance(of_section, dict)
            assert of_section["name"]
            see_fields(page, of_section, {str(field) for field in kind.schema.schema})


def is_section(kind: object) -> TypeGuard[section]:
    return isinstance(kind, section)


def see_fields(page: str, said: dict[str, Words], fields: set[str]) -> None:
    labels, explained = said["data"], said.get("data_description", {})
    assert isinstance(labels, dict)
    assert isinstance(explained, dict)
    assert labels.keys() == fields
    assert labels.keys() - explained.keys() <= SAY_ALL.get(page, set())


def test_every_choice_in_the_options_has_a_name() -> None:
    for form in OPTIONS_SCHEMAS.values():
        for selector in form.schema.values():
            if isinstance(selector, SelectSelector):
                key = selector.config["translation_key"]
                options = words("selector", key, "options")
                assert options.keys() == {*selector.config["options"]}


def test_the_options_flow_has_words_for_each_of_its_errors_and_for_no_other() -> None:
    raised = re.findall(r'_Rejected\(\s*"(\w+)"', (ROOT / "options_flow.py").read_text())
    assert words("options", "error").keys() == set(raised)
    for sentence in sentences(words("options")):
        assert set(re.findall(r"\{(\w+)\}", sentence)) <= {
            *("all_settings", "config", "effect", "folder", "reason")
        }


LIKE_THEIR_CLASS = {"problem", "reachable"}
"""The entities that are just what their device class is, so they have its icons."""


def test_every_entity_and_service_has_a_name_and_an_icon() -> None:
    icons = json.loads((ROOT / "icons.json").read_text())
    for platform, entities in words("entity").items():
        assert isinstance(entities, dict)
        assert icons["entity"][platform].keys() == entities.keys() - LIKE_THEIR_CLASS
    services = load_yaml_dict(str(ROOT / "services.yaml"))
    assert services.keys() == words("services").keys() == icons["services"].keys()
    for name, service in services.items():
        assert service["fields"].keys() == words("services", name, "fields").keys()


@every_language
def test_every_language_says_everything_in_the_order_of_the_english_file(file: Path) -> None:
    english = list(texts(words()))
    said = list(texts_in(file))
    assert [name for name in said if name in english] == english
    more = [name for name in said if name not in english]
    assert [name for name in more if stem(name) is None] == []


@every_language
def test_a_translation_names_just_what_the_english_text_names(file: Path) -> None:
    english = texts(words())
    for name, text in texts_in(file).items():
        like = english[name if name in english else f"common.{stem(name)}_other"]
        assert placeholders(text) == placeholders(like), name
        assert text.count("`") == like.count("`"), name
        assert text.count("\n") == like.count("\n"), name


@every_language
def test_a_language_has_each_of_its_plural_forms_of_everything_that_is_counted(file: Path) -> None:
    said = {found for name in texts_in(file) if (found := stem_and_form(name))}
    assert said == {(each, form) for each in counted() for form in FORMS[file.stem]}
    assert counted() >= {"count_lists", "change_lists_added", "change_more", "restored_verified"}


@every_language
def test_a_translation_quotes_actions_and_fields_by_the_names_they_have_there(file: Path) -> None:
    """Where a text says what to press, the user sees exactly that."""
    english, said = texts(words()), texts_in(file)
    quoted = {
        'The action "Undo restore"': "services.undo_restore.name",
        'the action "Undo restore"': "services.undo_restore.name",
        'The action "List backups"': "services.list.name",
        '"Update gravity"': "services.restore.fields.update_gravity.name",
        '"Preview only"': "services.restore.fields.dry_run.name",
        '"Parts"': "services.restore.fields.include.name",
        '"Settings"': "services.restore.fields.settings.name",
        '"Method"': "services.restore.fields.way.name",
        '"Verify certificate"': "config.step.user.data.verify_ssl",
        'Press "Backup now"': "entity.button.backup_now.name",
        "“Backup now”": "common.backup_now",
        "With Never": "selector.frequency.options.never",
        "On certain weekdays.": "selector.frequency.options.weekdays",
    }
    for name, text in english.items():
        for quote, named in quoted.items():
            if quote in text:
                assert said[named] in said[name], name


@every_language
def test_no_sentence_is_empty_or_holds_what_a_browser_reads_as_more_than_text(file: Path) -> None:
    for name, sentence in texts_in(file).items():
        assert sentence.strip() == sentence != "", name
        # No plural or select either: Home Assistant reads some of the texts on the server.
        assert not re.search(r"[{}]", re.sub(r"\{\w+\}", "", sentence)), name
        # To the browser, an apostrophe there says that the brace is no placeholder.
        assert not re.search(r"'[{}<]|''|<", sentence), name


@every_language
def test_a_message_of_an_error_gets_the_full_stop_that_home_assistant_takes_away(
    file: Path,
) -> None:
    for name, text in texts_in(file).items():
        assert not text.endswith("{message}"), name


@every_language
def test_the_files_are_written_alike(file: Path) -> None:
    written = file.read_text()
    assert written == json.dumps(json.loads(written), indent=2, ensure_ascii=False) + "\n"
