"""Which texts stand in a file of TypeScript, and which of them a call gets."""

from collections.abc import Iterator
from dataclasses import dataclass
import re
from typing import Final

HOLE: Final = "\0"
"""What stands for each `${...}` of a template."""

_STRING: Final = re.compile(r'"((?:[^"\\\n]|\\.)*)"|\'((?:[^\'\\\n]|\\.)*)\'')
_COMMENT: Final = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_REGEX: Final = re.compile(r"/(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/")
_BEFORE_A_REGEX: Final = frozenset("(,=:[!&|?{};")
_COMPARED: Final = re.compile(r"[!=]==?\s*$")


@dataclass(frozen=True, slots=True)
class Text:
    """A string or a template: its value, and where it begins and ends."""

    value: str
    begin: int
    end: int


def texts(source: str) -> list[Text]:
    """Return all strings and templates, also those inside of templates, but none of comments."""
    found: list[Text] = []
    _read_code(source, 0, found)
    return found


def first_arguments(source: str, called: str) -> Iterator[list[Text]]:
    """Yield the texts that may be the first argument of a call. `called` is a regex."""
    found = texts(source)
    by_begin = {text.begin: text for text in found}
    for call in re.finditer(rf"(?:{called})\(", source):
        position, depth, arguments = call.end(), 0, []
        while depth or source[position] not in ",)":
            if (text := by_begin.get(position)) is not None:
                if not _COMPARED.search(source, call.end(), position):
                    arguments.append(text)
                position = text.end
                continue
            depth += (source[position] in "([{") - (source[position] in ")]}")
            position += 1
        yield arguments


def _read_code(source: str, position: int, found: list[Text]) -> int:
    """Read up to the brace that ends this code, or to the end of the file."""
    depth, before = 0, ";"
    while position < len(source):
        character = source[position]
        if comment := _COMMENT.match(source, position):
            position = comment.end()
            continue
        if character == "`":
            position = _read_template(source, position, found)
        elif string := _STRING.match(source, position):
            found.append(Text(string[1] or string[2] or "", position, string.end()))
            position = string.end()
        elif before in _BEFORE_A_REGEX and (regex := _REGEX.match(source, position)):
            position = regex.end()
        elif character == "}" and depth == 0:
            return position + 1
        else:
            depth += (character == "{") - (character == "}")
            position += 1
        if not character.isspace():
            before = character
    return position


def _read_template(source: str, begin: int, found: list[Text]) -> int:
    position, value = begin + 1, ""
    while source[position] != "`":
        if source.startswith("${", position):
            value += HOLE
            position = _read_code(source, position + 2, found)
        else:
            length = 2 if source[position] == "\\" else 1
            value += source[position : position + length]
            position += length
    found.append(Text(value, begin, position + 1))
    return position + 1
