"""The record of the quality scale is whole, and says why a rule does not concern this."""

from pathlib import Path

import pytest

import custom_components.pihole_checkpoint as integration
import homeassistant
from homeassistant.util.yaml import load_yaml_dict

COMPONENTS = Path(homeassistant.__file__).with_name("components")
LATER = {"docs-conditions", "docs-triggers"}
"""The rules that the oldest Home Assistant that is supported does not know yet."""

type Status = str | dict[str, str]


@pytest.fixture(scope="module")
def statuses() -> dict[str, Status]:
    path = Path(integration.__file__).with_name("quality_scale.yaml")
    rules: dict[str, Status] = load_yaml_dict(str(path))["rules"]
    return rules


@pytest.fixture(scope="module")
def rules() -> set[str]:
    """Return the rules that Home Assistant's own integrations keep a record of."""
    records = COMPONENTS.glob("*/quality_scale.yaml")
    return {rule for record in records for rule in load_yaml_dict(str(record))["rules"]}


def test_every_rule_is_there_and_no_other(statuses: dict[str, Status], rules: set[str]) -> None:
    assert len(rules) > 50
    assert statuses.keys() >= rules
    assert statuses.keys() - rules <= LATER


def test_what_is_not_plainly_done_says_why(statuses: dict[str, Status]) -> None:
    for rule, status in statuses.items():
        if isinstance(status, str):
            assert status == "done", rule
        else:
            assert status["status"] in {"done", "exempt", "todo"}, rule
            assert len(status["comment"]) > 15, rule
