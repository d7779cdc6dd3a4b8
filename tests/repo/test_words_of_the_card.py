"""Every word among the translations `common` is used, and every word that the card says is there.

Words are named in full, or begin with what a template names and end with a value of the data:
`change_${subject}_${how}`. So the code itself says which families there are.
"""

import ast
from collections.abc import Iterable
from functools import cache
import json
from pathlib import Path
import re
from typing import Final

import pytest

from custom_components.pihole_checkpoint.engine.models import BackupTrigger, RestorePart, Stage
from custom_components.pihole_checkpoint.engine.restore.feasibility import Need, Obstacle
from custom_components.pihole_checkpoint.engine.teleporter.diff import Subject
from tests.support.imports import ROOT, imports
from tests.support.typescript import HOLE, Text, first_arguments, texts

INTEGRATION: Final = ROOT / "custom_components" / "pihole_checkpoint"
SOURCE: Final = ROOT / "card" / "src"
PLURAL: Final = re.compile(r"(\w+)_(?:zero|one|two|few|many|other)")
NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
FAMILY: Final = re.compile(rf"[a-z][a-z0-9]*_[a-z0-9_{HOLE}]*")
COUNT: Final = r"\.count"
KIND_IN_PYTHON: Final = re.compile(r'\b_word\(\s*"(\w+)"')
FAMILIES: Final[dict[str, Iterable[str]]] = {
    "stage_": Stage,
    "trigger_": BackupTrigger,
    "part_": RestorePart,
    "subject_": Subject,
    "need_": Need,
    "left_out_": Obstacle,
}
"""The families with a word for each value of a list, and for no other one."""


@cache
def words() -> frozenset[str]:
    found: dict[str, str] = json.loads((INTEGRATION / "translations" / "en.json").read_text())[
        "common"
    ]
    return frozenset(found)


def stems() -> frozenset[str]:
    """Return words, also without the ends of their plural forms."""
    return words() | {plural[1] for word in words() if (plural := PLURAL.fullmatch(word))}


@cache
def sources() -> dict[Path, str]:
    found = {path: path.read_text() for path in sorted(SOURCE.rglob("*.ts"))}
    assert found
    return found


def texts_of_python(path: Path) -> set[str]:
    """Return the strings of a file, and its f-strings with holes."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Constant(value=str(value)):
                found.add(value)
            case ast.JoinedStr(values=parts):
                found.add(
                    "".join(
                        str(part.value) if isinstance(part, ast.Constant) else HOLE
                        for part in parts
                    )
                )
    return found


@cache
def named() -> frozenset[str]:
    """Return all texts that may be names of words: of the card, and of Python that says words."""
    found = {text.value for source in sources().values() for text in texts(source)}
    for path in INTEGRATION.rglob("*.py"):
        code = path.read_text()
        wording = path.stem == "wording" or any(".wording" in name for name in imports(path))
        if wording or ".common." in code:
            found |= {f"{kind}_{HOLE}" for kind in KIND_IN_PYTHON.findall(code)}
        if wording:
            found |= texts_of_python(path)
    return frozenset(found)


def pattern(family: str) -> re.Pattern[str]:
    return re.compile(re.escape(family).replace(re.escape(HOLE), r"\w+"))


def families() -> list[str]:
    return sorted(text for text in named() if HOLE in text and FAMILY.fullmatch(text))


def is_used(word: str) -> bool:
    plural = PLURAL.fullmatch(word)
    forms = {word, *([plural[1]] if plural else [])}
    if forms & named():
        return True
    for prefix, values in FAMILIES.items():
        if word.startswith(prefix) and f"{prefix}{HOLE}" in families():
            return word.removeprefix(prefix) in {*values}
    return any(pattern(family).fullmatch(form) for family in families() for form in forms)


def test_every_word_is_used() -> None:
    unused = sorted(word for word in words() if not is_used(word))
    assert not unused, "\n".join(unused)


@pytest.mark.parametrize("prefix", FAMILIES)
def test_every_value_of_the_data_has_its_word(prefix: str) -> None:
    if f"{prefix}{HOLE}" in families():
        wanted = {f"{prefix}{each}" for each in FAMILIES[prefix]}
        assert not wanted - stems(), "\n".join(sorted(wanted - stems()))


def is_there(text: Text) -> bool:
    if HOLE in text.value:
        # One that begins with a hole is put together from what was looked at before.
        return text.value.startswith(HOLE) or any(map(pattern(text.value).fullmatch, stems()))
    return text.value in words()


@pytest.mark.parametrize("called", [r"\.say", r"\b(?:words|this)\.find", COUNT])
def test_every_word_that_the_card_names_is_there(called: str) -> None:
    missing = set()
    for path, source in sources().items():
        for arguments in first_arguments(source, called):
            for text in arguments:
                plural = Text(f"{text.value}_other", text.begin, text.end)
                if not is_there(plural if called == COUNT else text):
                    missing.add(f"{path.relative_to(ROOT)}: {text.value.replace(HOLE, '…')}")
    assert not missing, "\n".join(sorted(missing))


def test_names_are_found_wherever_they_may_stand() -> None:
    source = """
    // words.say("comment"), and `a template
    const isQuote = /["'`]/.test(kind); /* words.say("long") */
    const row = html`<p class="no">${words.say(kind === "x" ? "one" : `two_${kind}`, { a: "b" })}
      ${rows.map((row) => html`<i>${words.say(names[row] ?? "three")}</i>`)}</p>`;
    const four = words.say(
      "four",
    );
    """
    names = [[text.value for text in found] for found in first_arguments(source, r"\.say")]
    assert [found for found in names if found] == [["one", f"two_{HOLE}"], ["three"], ["four"]]
    assert {"x", "b", "one", "three"} <= {text.value for text in texts(source)}
    assert not {"comment", "long", "no"} & {text.value for text in texts(source)}
