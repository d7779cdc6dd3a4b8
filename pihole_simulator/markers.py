"""How a script marks its lines, with and without colours."""

from dataclasses import dataclass

ANEW = "\r\x1b[K"
"""Back to the beginning of the line, and wipe it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Markers:
    """Marks and words, coloured or not."""

    coloured: bool

    @property
    def tick(self) -> str:
        """What went well."""
        return f"[{self._painted('32', '✓')}]"

    @property
    def cross(self) -> str:
        """What did not."""
        return f"[{self._painted('91', '✗')}]"

    @property
    def anew(self) -> str:
        """How FTL itself begins a line anew: it wipes only where there are colours."""
        return ANEW if self.coloured else "\r"

    def bold(self, text: str) -> str:
        """Stress a text."""
        return self._painted("1", text)

    def red(self, text: str) -> str:
        """Colour a text."""
        return self._painted("91", text)

    def green(self, text: str) -> str:
        """Colour a text."""
        return self._painted("32", text)

    def done(self, text: str) -> str:
        """Say what begins, and that it is done."""
        return f"  [i] {text}...{ANEW}  {self.tick} {text}\n"

    def _painted(self, colour: str, text: str) -> str:
        return f"\x1b[{colour}m{text}\x1b[0m" if self.coloured else text
