"""Compare the strings that were seen with the data files."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
import json
from pathlib import Path
from typing import Final

from .kinds import Kinds

DATA: Final = Path(__file__).parent / "data"
UPDATE: Final = "--update-golden"
_LONGEST: Final = 100
_STABLE: Final = """\
These strings are a stable interface: they are in users' files, automations and dashboards.
New ones may be added, existing ones may not be changed or removed."""
_ADD: Final = "Are the new ones meant? Then add them: {command}"
_GONE: Final = """\
No option removes a string. If it really has to go, edit tests/golden/data and say so in the
changelog."""

_OF_A_PIHOLE: Final = frozenset({"item", "old", "new"})
"""Keys of values that come from the simulated Pi-hole's configuration, and not from our code."""

type Value = str | None
type Seen = Mapping[str, set[Value]]


class Book:
    """The strings of one data file, by the place where they were seen."""

    def __init__(self, kinds: Kinds) -> None:
        self._kinds = kinds
        self.seen: defaultdict[str, set[Value]] = defaultdict(set)

    def see(self, where: str, value: object) -> None:
        """Record every string in a value, at any depth."""
        for path, leaf in self._leaves(where, value):
            self.seen[path].add(leaf)

    def _leaves(self, path: str, value: object) -> Iterator[tuple[str, Value]]:
        match value:
            case Mapping() if value:
                for key, item in value.items():
                    shown = _some(item) if key in _OF_A_PIHOLE else item
                    yield from self._leaves(f"{path}.{self._kinds.of_text(str(key))}", shown)
            case list() | tuple() | set() | frozenset() if value:
                for element in value:
                    yield from self._leaves(f"{path}[]", element)
            case _:
                yield self._kinds.of_text(path), self._kinds.of(value)


class Library:
    """One book for each data file."""

    def __init__(self, kinds: Kinds) -> None:
        self.kinds = kinds
        self._books: dict[str, Book] = {}

    def __getitem__(self, name: str) -> Book:
        """Return a book, and make it if need be."""
        return self._books.setdefault(name, Book(self.kinds))

    def new(self) -> list[str]:
        """List the new strings that were seen so far."""
        return [
            f"golden: {name}.json: new: {line}"
            for name, book in sorted(self._books.items())
            for line in _lacking(book.seen, _read(DATA / f"{name}.json"))
        ]

    def compare(self, command: str, *, update: bool) -> list[str]:
        """List the differences from the data files. With `update`, add new strings first."""
        found: list[str] = []
        has_new = has_gone = False
        for name, book in sorted(self._books.items()):
            path = DATA / f"{name}.json"
            promised = _read(path)
            gone = _lacking(promised, book.seen)
            new = _lacking(book.seen, promised)
            if update:
                _write(path, promised, book.seen)
                new = []
            has_new, has_gone = has_new or bool(new), has_gone or bool(gone)
            found += [f"golden: {name}.json: no longer there: {line}" for line in gone]
            found += [f"golden: {name}.json: new: {line}" for line in new]
        if found:
            found.append(_STABLE)
        if has_new:
            found.append(_ADD.format(command=f"{command} {UPDATE}"))
        if has_gone:
            found.append(_GONE)
        return found


def _some(value: object) -> object:
    """Replace every text with the same one."""
    match value:
        case str():
            return "some text"
        case list():
            return [_some(item) for item in value]
        case _:
            return value


def _lacking(these: Seen, those: Seen) -> list[str]:
    """List the strings that are only in the first."""
    return [
        f"{path}: {json.dumps(value)}"
        for path in sorted(these)
        for value in _sorted(these[path] - those.get(path, set()))
    ]


def _sorted(values: set[Value]) -> list[Value]:
    return sorted(values, key=lambda value: (value is None, value or ""))


def _read(path: Path) -> dict[str, set[Value]]:
    if not path.exists():
        return {}
    content: dict[str, list[Value]] = json.loads(path.read_text())
    return {where: set(values) for where, values in content.items()}


def _write(path: Path, promised: Seen, seen: Seen) -> None:
    lines = [
        f"{json.dumps(where, ensure_ascii=False)}: {_text(values)}"
        for where in sorted(promised.keys() | seen.keys())
        for values in [_sorted(promised.get(where, set()) | seen.get(where, set()))]
    ]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n")


def _text(values: Sequence[Value]) -> str:
    """Write a short list on one line."""
    one, each = (json.dumps(values, indent=indent, ensure_ascii=False) for indent in (None, 1))
    return one if len(one) <= _LONGEST else each
