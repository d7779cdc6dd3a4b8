"""The record of the quality scale is whole, and says why a rule does not concern this."""

from pathlib import Path

import pytest

import custom_components.pihole_checkpoint as integration
import homeassistant
from homeassistant.util.yaml import load_yaml_dict

COMPONENTS = Path(homeassistant.__file__).with_name("components")
LATER = {"docs-conditions", "docs-triggers"}
"""The rules that the oldest Home Assistant that is supported does not know yet."""

type Told = str | dict[str, str]


@pytest.fixture(scope="module")
def told() -> dict[str, Told]:
    path = Path(integration.__file__).with_name("quality_scale.yaml")
    rules: dict[str, Told] = load_yaml_dict(str(path))["rules"]
    return rules


@pytest.fixture(scope="module")
def rules() -> set[str]:
    """Give the rules of which Home Assistant's own integrations keep a record."""
    records = COMPONENTS.glob("*/quality_scale.yaml")
    return {rule for it in records for rule in load_yaml_dict(str(it))["rules"]}


def test_every_rule_is_there_and_no_other(told: dict[str, Told], rules: set[str]) -> None:
    assert len(rules) > 50
    assert told.keys() >= rules
    assert told.keys() - rules <= LATER


def test_what_is_not_plainly_done_says_why(told: dict[str, Told]) -> None:
    for rule, status in told.items():
        if isinstance(status, str):
            assert status == "done", rule
        else:
            assert status["status"] in {"done", "exempt", "todo"}, rule
            assert len(status["comment"]) > 15, rule
