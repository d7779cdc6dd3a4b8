"""Which words the docstrings, comments and names of the code don't use."""

import ast
from collections.abc import Iterator
from pathlib import Path
import re
import tokenize
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
DONE: Final = (
    "README.md",
    "blueprints/**/*.yaml",
    "card/*.ts",
    "card/src/**/*.ts",
    "card/test/**/*.ts",
    "custom_components/pihole_checkpoint/**/*.py",
    "docs/architecture.md",
    "docs/guide/*.md",
    "pihole_simulator/**/*.py",
    "scripts/**/*.py",
    "tests/**/*.py",
)
"""Files without such words."""
RIDDLES: Final = re.compile(
    r"\b((?i:told|whoever|whatever|oneself|of which)|(?<!there )(?:is|are) none)\b"
)
"""Words of sentences that have to be read twice."""
VAGUE: Final = frozenset({"it", "ours", "theirs", "told"})
"""Names that say nothing about what they stand for."""


PATHS: Final = [path for done in DONE for path in sorted(ROOT.glob(done))]
each_path = pytest.mark.parametrize("path", PATHS, ids=lambda path: str(path.relative_to(ROOT)))


def prose(path: Path) -> Iterator[tuple[int, str]]:
    """Yield docstrings, comments and names of functions, or the whole text of another file."""
    if path.suffix != ".py":
        yield 1, path.read_text()
        return
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Expr(value=ast.Constant(value=str(text))):
                yield node.lineno, text
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield node.lineno, name.replace("_", " ")
    with path.open("rb") as file:
        for token in tokenize.tokenize(file.readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string


def names(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the names that a file gives to variables and parameters, with their lines."""
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Name(ctx=ast.Store()):
                yield node.lineno, node.id
            case ast.arg():
                yield node.lineno, node.arg


@each_path
def test_docstrings_comments_and_names_have_no_riddles(path: Path) -> None:
    assert [
        f"{path}:{line + text.count('\n', 0, found.start())}: {found[0]}"
        for line, text in prose(path)
        if (found := RIDDLES.search(text))
    ] == []


@each_path
def test_names_say_what_they_stand_for(path: Path) -> None:
    if path.suffix == ".py":
        assert [f"{path}:{line}: {name}" for line, name in names(path) if name in VAGUE] == []


def test_there_are_files_to_look_at() -> None:
    assert [done for done in DONE if not any(ROOT.glob(done))] == []
