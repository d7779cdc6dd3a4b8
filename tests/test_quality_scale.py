"""The record of the quality scale is whole, and says why a rule does not concern this."""

from pathlib import Path

import pytest

import custom_components.pihole_checkpoint as integration
from homeassistant.util.yaml import load_yaml_dict

RULES = frozenset(
    [
        "action-setup",
        "appropriate-polling",
        "brands",
        "common-modules",
        "config-flow",
        "config-flow-test-coverage",
        "dependency-transparency",
        "docs-actions",
        "docs-high-level-description",
        "docs-installation-instructions",
        "docs-removal-instructions",
        "entity-event-setup",
        "entity-unique-id",
        "has-entity-name",
        "runtime-data",
        "test-before-configure",
        "test-before-setup",
        "unique-config-entry",
        "action-exceptions",
        "config-entry-unloading",
        "docs-configuration-parameters",
        "docs-installation-parameters",
        "entity-unavailable",
        "integration-owner",
        "log-when-unavailable",
        "parallel-updates",
        "reauthentication-flow",
        "test-coverage",
        "devices",
        "diagnostics",
        "discovery",
        "discovery-update-info",
        "docs-data-update",
        "docs-examples",
        "docs-known-limitations",
        "docs-supported-devices",
        "docs-supported-functions",
        "docs-troubleshooting",
        "docs-use-cases",
        "dynamic-devices",
        "entity-category",
        "entity-device-class",
        "entity-disabled-by-default",
        "entity-translations",
        "exception-translations",
        "icon-translations",
        "reconfiguration-flow",
        "repair-issues",
        "stale-devices",
        "async-dependency",
        "inject-websession",
        "strict-typing",
    ]
)
"""From Bronze to Platinum."""

type Told = str | dict[str, str]


@pytest.fixture(scope="module")
def told() -> dict[str, Told]:
    path = Path(integration.__file__).with_name("quality_scale.yaml")
    rules: dict[str, Told] = load_yaml_dict(str(path))["rules"]
    return rules


def test_every_rule_is_there_and_no_other(told: dict[str, Told]) -> None:
    assert told.keys() == RULES


def test_what_is_not_plainly_done_says_why(told: dict[str, Told]) -> None:
    for rule, status in told.items():
        if isinstance(status, str):
            assert status == "done", rule
        else:
            assert status["status"] in {"done", "exempt", "todo"}, rule
            assert len(status["comment"]) > 20, rule
