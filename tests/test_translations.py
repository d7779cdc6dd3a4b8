"""Every word that a user may see is there."""

import json
from pathlib import Path
import re

import pytest
import voluptuous as vol

from custom_components.pihole_checkpoint.engine.errors import (
    CheckpointError,
    InvalidArchive,
    RestoreError,
    StorageError,
)
from custom_components.pihole_checkpoint.forms import (
    MAYBE_PASSWORD_SCHEMA,
    OPTIONS_SCHEMA,
    PASSWORD_SCHEMA,
    address_schema,
)
from homeassistant.helpers.selector import SelectSelector
from homeassistant.util.yaml import load_yaml_dict

ROOT = Path(__file__).parent.parent / "custom_components" / "pihole_checkpoint"

type Words = dict[str, Words] | str


def words(*path: str) -> dict[str, Words]:
    found: Words = json.loads((ROOT / "translations" / "en.json").read_text())
    for key in path:
        assert isinstance(found, dict)
        found = found[key]
    assert isinstance(found, dict)
    return found


def sentences(found: Words) -> list[str]:
    return (
        [found] if isinstance(found, str) else [s for it in found.values() for s in sentences(it)]
    )


def leaves(error: type[CheckpointError]) -> list[type[CheckpointError]]:
    below = error.__subclasses__()
    return [error] if not below else [leaf for it in below for leaf in leaves(it)]


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
        if not issubclass(error, (InvalidArchive, RestoreError, StorageError))
    } - {
        *("app_password_read_only", "import_refused"),
        *("backup_damaged", "backup_not_found", "contents_unknown"),
        *("deadline_exceeded", "ha_backup_running", "record_of_later_version", "stopping"),
    }
    assert set(words("config", "error")) == conversation


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
        assert named <= {"address", "hint"}, sentence


def test_every_section_of_the_options_and_its_fields_have_a_name_and_a_description() -> None:
    sections = {str(name): it.schema.schema for name, it in OPTIONS_SCHEMA.schema.items()}
    assert words("options", "step", "init", "sections").keys() == sections.keys()
    for name, fields in sections.items():
        told = words("options", "step", "init", "sections", name)
        assert told.keys() == {"name", "description", "data", "data_description"}
        for labels in (told["data"], told["data_description"]):
            assert isinstance(labels, dict)
            assert labels.keys() == {str(field) for field in fields}


def test_every_choice_in_the_options_has_a_name() -> None:
    for section in OPTIONS_SCHEMA.schema.values():
        for selector in section.schema.schema.values():
            if isinstance(selector, SelectSelector):
                key = selector.config["translation_key"]
                options = words("selector", key, "options")
                assert options.keys() == {*selector.config["options"]}


def test_the_options_flow_has_words_for_each_of_its_errors_and_for_no_other() -> None:
    raised = re.findall(r'_Rejected\(\s*"(\w+)"', (ROOT / "options_flow.py").read_text())
    assert words("options", "error").keys() == set(raised)
    for sentence in sentences(words("options")):
        assert set(re.findall(r"\{(\w+)\}", sentence)) <= {"config", "folder", "reason"}


def test_every_entity_and_service_has_a_name_and_an_icon() -> None:
    icons = json.loads((ROOT / "icons.json").read_text())
    for platform, entities in words("entity").items():
        assert isinstance(entities, dict)
        assert icons["entity"][platform].keys() == entities.keys()
    services = load_yaml_dict(str(ROOT / "services.yaml"))
    assert services.keys() == words("services").keys() == icons["services"].keys()
    for name, service in services.items():
        assert service["fields"].keys() == words("services", name, "fields").keys()


def test_no_sentence_is_empty_or_holds_a_stray_brace() -> None:
    for sentence in sentences(words()):
        assert sentence.strip() == sentence != ""
        assert sentence.count("{") == sentence.count("}")
