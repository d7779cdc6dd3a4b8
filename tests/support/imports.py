"""What files of Python import."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]


def imports(path: Path) -> Iterator[str]:
    """Return the names of all that a file imports: modules, and what it takes from them."""
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Import(names=names):
                yield from (name.name for name in names)
            case ast.ImportFrom(module=module, names=names, level=level):
                base = package[: len(package) + 1 - level] if level else ()
                where = ".".join([*base, *([module] if module else [])])
                yield from (f"{where}.{name.name}" for name in names)
