"""Sentences about changes, as Home Assistant says them in each language."""

from collections.abc import Iterable
from functools import cache
import json
from pathlib import Path

from custom_components.pihole_checkpoint.engine.teleporter.diff import Change
from custom_components.pihole_checkpoint.engine.teleporter.excerpt import LeftOut
from custom_components.pihole_checkpoint.engine.teleporter.headline import headline as amounts
from custom_components.pihole_checkpoint.wording import Words

DOMAIN = "pihole_checkpoint"
TRANSLATIONS = Path(__file__).parents[2] / "custom_components" / DOMAIN / "translations"


@cache
def words_of(language: str) -> Words:
    """Return the words of a language without a Home Assistant."""
    found = json.loads((TRANSLATIONS / f"{language}.json").read_text())
    return Words(
        language=language,
        texts={f"component.{DOMAIN}.common.{key}": text for key, text in found["common"].items()},
        errors={
            f"component.{DOMAIN}.exceptions.{key}.message": item["message"]
            for key, item in found["exceptions"].items()
        },
    )


def headline(changes: Iterable[Change], left_out: Iterable[LeftOut] = ()) -> str:
    """Return the headline in English."""
    return words_of("en").headline(amounts(changes, left_out))


def sentences(changes: Iterable[Change]) -> list[str]:
    """Return the sentences in English."""
    return words_of("en").sentences(changes)
