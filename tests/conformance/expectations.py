"""What each version answers to each question: the data in `answers/`, read and recorded."""

from collections.abc import Collection
import json
from pathlib import Path
from typing import TypedDict, cast

ANSWERS = Path(__file__).parent / "answers"

VERSIONS = ("6.0", "6.2", "6.3", "6.4")
"""Those that are measured."""


class Entry(TypedDict):
    """One answer, and the versions that give it."""

    versions: list[str]
    answer: object


type Questions = dict[str, list[Entry]]


class NotRecorded(Exception):
    """No real Pi-hole of this version was asked this question yet."""


def expected(area: str, question: str, version: str) -> object:
    """Return what a version answers. Raises `NotRecorded`."""
    for entry in _read(area).get(question, ()):
        if version in entry["versions"]:
            return entry["answer"]
    raise NotRecorded(f"{area}: {question} ({version})")


def record(area: str, question: str, version: str, answer: object) -> None:
    """Write down what a real Pi-hole of a version answered."""
    questions = _read(area)
    entries = questions.setdefault(question, [])
    for entry in entries:
        entry["versions"] = [one for one in entry["versions"] if one != version]
    same = next((entry for entry in entries if entry["answer"] == answer), None)
    if same is None:
        entries.append({"versions": [version], "answer": answer})
    else:
        same["versions"] = sorted([*same["versions"], version])
    kept = sorted(
        (entry for entry in entries if entry["versions"]), key=lambda entry: entry["versions"]
    )
    questions[question] = kept
    _write(area, questions)


def never_asked(area: str, questions: Collection[str]) -> list[str]:
    """Return the recorded questions of an area that no test asks."""
    return sorted(set(_read(area)) - set(questions))


def as_plain(answer: object) -> object:
    """Return an answer as it is after a way through JSON: tuples as lists, keys as text."""
    return cast("object", json.loads(json.dumps(answer)))


def _path(area: str) -> Path:
    return ANSWERS / f"{area}.json"


def _read(area: str) -> Questions:
    path = _path(area)
    return cast("Questions", json.loads(path.read_text())) if path.exists() else {}


def _write(area: str, questions: Questions) -> None:
    """Write one line for each answer, so that a difference is seen in a review."""
    blocks = []
    for question, entries in sorted(questions.items()):
        lines = ",\n".join(f"  {json.dumps(entry, ensure_ascii=False)}" for entry in entries)
        blocks.append(f"{json.dumps(question)}: [\n{lines}\n]")
    _path(area).write_text("{\n" + ",\n".join(blocks) + "\n}\n")
