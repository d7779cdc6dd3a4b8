"""Every word that a user may see is there."""

import json
from pathlib import Path
import re

import pytest

from custom_components.pihole_checkpoint.engine.errors import (
    CheckpointError,
    InvalidArchive,
    StorageError,
)
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
        if not issubclass(error, (InvalidArchive, StorageError))
    } - {"backup_not_found", "deadline_exceeded", "ha_backup_running", "stopping"}
    assert set(words("config", "error")) == conversation


@pytest.mark.parametrize("step", ["user", "password"])
def test_every_field_of_a_step_has_a_label_and_a_description(step: str) -> None:
    assert words("config", "step", step, "data").keys() == (
        words("config", "step", step, "data_description").keys()
    )


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
