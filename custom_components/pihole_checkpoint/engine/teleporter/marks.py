"""What FTL notes in `pihole.toml` behind the values of settings: what is not the default."""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
import re
from typing import Final

from .contents import Marks
from .limits import MemoryBudget

_SECTION: Final = re.compile(r" *\[([\w.]{1,256})\]", re.ASCII)
_KEY: Final = re.compile(r" *(\w{1,256}) = (.*)", re.ASCII)
_END_OF_LIST: Final = re.compile(r" *(\].*)")
_MARK: Final = re.compile(
    r"""(?:"(?:[^"\\]++|\\.)*+"|[^"\s]++)[ ]\#\#\#[ ]CHANGED([ ]\(env\))?,[ ]default[ ]=[ ].*"""
)
_STATISTICS: Final = re.compile(r"# --> (\d{1,6}) entr(?:y is|ies are) modified", re.ASCII)
_BYTES_PER_MARK: Final = 100


def read_marks(content: bytes, names: AbstractSet[str], budget: MemoryBudget) -> Marks | None:
    """Return which settings of a `pihole.toml` are marked. `names` are all settings in it.

    Return `None` if the file is not as FTL writes it: a missing mark says nothing then. Raises
    `BudgetExceeded`.
    """
    known = {name: name for name in names}  # so that the marks need no texts of their own
    lines = content.decode(errors="replace").split("\n")
    written = dict(_written(lines))
    marks = {known.get(name, ""): mark for name, mark in written.items() if mark is not None}
    statistics = [found[1] for line in lines if (found := _STATISTICS.fullmatch(line))]
    if written.keys() != names or statistics != [str(len(marks))]:
        return None
    budget.take(len(marks) * _BYTES_PER_MARK)
    return Marks(
        changed=frozenset(marks),
        forced=frozenset(name for name, mark in marks.items() if mark[1]),
    )


def _written(lines: Iterable[str]) -> Iterator[tuple[str, re.Match[str] | None]]:
    """Yield the name of each setting, and the mark behind its value."""
    section, unfinished = "", ""
    for line in lines:
        if unfinished:  # a list with a line for each item
            if found := _END_OF_LIST.fullmatch(line):
                yield unfinished, _MARK.fullmatch(found[1])
                unfinished = ""
        elif found := _SECTION.fullmatch(line):
            section = f"{found[1]}."
        elif found := _KEY.fullmatch(line):
            if found[2] == "[":
                unfinished = f"{section}{found[1]}"
            else:
                yield f"{section}{found[1]}", _MARK.fullmatch(found[2])
