"""The card as it is shipped, and what it is built with."""

import gzip
import json
from typing import Final

from tests.support.imports import ROOT

FRONTEND: Final = ROOT / "custom_components" / "pihole_checkpoint" / "frontend"
BUNDLE: Final = FRONTEND / "pihole-checkpoint-card.js"
LICENCES: Final = FRONTEND / "THIRD-PARTY.txt"
CARD: Final = ROOT / "card"
MOST_BYTES: Final = 60_000


def test_the_card_is_small() -> None:
    assert len(gzip.compress(BUNDLE.read_bytes())) <= MOST_BYTES


def test_every_page_loads_little_more_than_where_the_card_is() -> None:
    loader = FRONTEND / "loader.js"
    assert len(loader.read_bytes()) < 1_000
    assert BUNDLE.name in loader.read_text()


def test_nothing_but_the_card_and_its_licences_is_shipped() -> None:
    assert sorted(path.name for path in FRONTEND.rglob("*")) == [
        *("THIRD-PARTY.txt", "loader.js", "pihole-checkpoint-card.js")
    ]


def test_the_licences_of_what_the_card_contains_are_shipped_with_it() -> None:
    said = LICENCES.read_text()
    bundle = BUNDLE.read_text()
    assert "lit-html" in said
    assert "Copyright (c) 2017 Google LLC" in said
    assert "Redistributions in binary form must reproduce" in said
    assert "SPDX-License-Identifier: BSD-3-Clause" in bundle


def test_the_versions_of_the_tools_are_pinned_but_not_where_they_come_from() -> None:
    lock = json.loads((CARD / "package-lock.json").read_text())
    for name, package in lock["packages"].items():
        assert "resolved" not in package, name
        assert package.get("integrity") or name == "", name
    asked = json.loads((CARD / "package.json").read_text())
    assert asked["devDependencies"] == lock["packages"][""]["devDependencies"]
    assert all(version[0].isdigit() for version in asked["devDependencies"].values())


def test_there_are_unit_tests_of_the_card() -> None:
    # `node --test` is content with none.
    assert list((CARD / "test").glob("*.test.ts"))
