"""Replace what differs each time with placeholders."""

from collections.abc import Collection, Mapping
from datetime import datetime
import json
from pathlib import Path
import re
from typing import Final

_EN: Final = Path(__file__).parents[2] / "custom_components/pihole_checkpoint/translations/en.json"
_TIME: Final = r"\d{4}-\d\d-\d\d[T _]\d\d[:-]\d\d(?:[:-]\d\d(?:[.-]\d+)?)?(?:Z|[+-]\d\d:\d\d)?"
_PATTERNS: Final = (
    (re.compile(r"(?<![0-9A-Z])01[0-9A-HJKMNP-TV-Z]{24}(?![0-9A-Z])"), "<entry_id>"),
    (re.compile(_TIME), "<time>"),
    (re.compile(r"\b\d{4}-\d\d\b"), "<month>"),
    (re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])"), "<sha256>"),
    (re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])"), "<device_id>"),
    (re.compile(r"(?<![0-9a-f])[0-9a-f]{12}(?![0-9a-f])"), "<id>"),
    (re.compile(r"\bv\d+(?:\.\d+)+\b"), "<version>"),
)
_CALLED: Final[Mapping[type, str]] = {
    bool: "<bool>",  # which is an int, too
    int: "<int>",
    float: "<float>",
    datetime: "<time>",
    Collection: "<nothing in it>",
}
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?")
_LEAST_WORDS: Final = 12
"""A shorter sentence would match almost any text."""


def as_it_is(value: object) -> str:
    """Record a number or the like by its value instead of a placeholder."""
    return f"={json.dumps(value, separators=(',', ':'))}"


class Kinds:
    """Makes placeholders. Some depend on the addresses and folders of one test."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names
        """Placeholders of addresses and folders."""
        self._sentences = _sentences()

    def of(self, value: object) -> str | None:
        """Return a value's placeholder, or a text that is the same each time."""
        if value is None:
            return None
        if isinstance(value, str):  # or an enum of them
            return self._of_text(str(value))
        return next(called for kind, called in _CALLED.items() if isinstance(value, kind))

    def _of_text(self, text: str) -> str:
        for sentence, key in self._sentences:
            if sentence.fullmatch(text):
                return f"<{key}>"
        if _NUMBER.fullmatch(text):
            return "<number>"
        plain = self.of_text(text)
        return "<text>" if " " in plain.strip() else plain

    def of_text(self, text: str) -> str:
        """Replace the parts of a text that differ each time."""
        for name, called in self._names.items():
            text = text.replace(name, called)
        for pattern, called in _PATTERNS:
            text = pattern.sub(called, text)
        return text


def _sentences() -> list[tuple[re.Pattern[str], str]]:
    """Return patterns for the sentences of errors and remarks with their keys, longest first."""
    words = json.loads(_EN.read_text())["exceptions"]
    templates = {key: item["message"] for key, item in words.items()}
    found: list[tuple[int, re.Pattern[str], str]] = []
    for key, template in templates.items():
        parts = re.split(r"\{\w+\}", template.removesuffix("."))
        if (letters := sum(map(len, parts))) >= _LEAST_WORDS:
            pattern = re.compile(".+".join(map(re.escape, parts)) + r"\.?", re.DOTALL)
            found.append((letters, pattern, key))
    return [(pattern, key) for _, pattern, key in sorted(found, key=lambda value: -value[0])]
