"""Tables of figures in documents, which the scripts that found the figures keep."""

from collections.abc import Sequence
from pathlib import Path


def put(path: Path, name: str, heading: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Put a table between the two comments that have its name on them."""
    begin, end = f"<!-- {name}: made by a script -->\n", f"<!-- end of {name} -->"
    before, found, rest = path.read_text().partition(begin)
    _, ended, after = rest.partition(end)
    if not found or not ended:
        raise ValueError(f"{path} has no place for the table {name}")
    lines = [heading, ["---"] * len(heading), *rows]
    table = "".join(f"| {' | '.join(_cell(item) for item in line)} |\n" for line in lines)
    path.write_text(f"{before}{begin}\n{table}\n{end}{after}")


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
