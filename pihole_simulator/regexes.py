"""What a Pi-hole takes for a regular expression.

FTL compiles them with TRE and reads its own options behind semicolons. This accepts and refuses
in the same words, for everything that people write; TRE's approximate matching is left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
import ipaddress
import re
from typing import Final

_CLASSES: Final = frozenset(
    {
        *("alnum", "alpha", "blank", "cntrl", "digit", "graph"),
        *("lower", "print", "punct", "space", "upper", "xdigit"),
    }
)
_QUERY_TYPES: Final = frozenset(
    {
        *("A", "AAAA", "ANY", "SRV", "SOA", "PTR", "TXT", "NAPTR"),
        *("MX", "DS", "RRSIG", "DNSKEY", "NS", "SVCB", "HTTPS"),
    }
)
_REPLIES: Final = frozenset({"NODATA", "NXDOMAIN", "REFUSED", "IP", "NONE"})
_MOST_REPETITIONS: Final = 255
_MODIFIERS: Final = re.compile(r"[inrU-]*[:)]")
_COUNT: Final = re.compile(r"(-?\d*)(?:(,)(-?\d*))?")
_HEXADECIMAL: Final = re.compile(r"\{[0-9A-Fa-f]*\}")


class InvalidRegex(Exception):
    """What is wrong with it, in FTL's and TRE's words."""


def check_regex(text: str) -> None:
    """Raise `InvalidRegex` unless a Pi-hole takes this."""
    pattern, *options = [part for part in text.split(";") if part] or [""]
    _check_options(options)
    check_pattern(pattern)


def check_pattern(text: str) -> None:
    """Raise `InvalidRegex` unless a text without options is sound."""
    _Pattern(text).check()


def _check_options(options: list[str]) -> None:
    has_query_type = False
    for option in options:
        name, _, value = option.partition("=")
        if name == "querytype" and value:
            if has_query_type:
                raise InvalidRegex(
                    'Overwriting previous querytype setting (multiple "querytype=..." found)'
                )
            types = value.removeprefix("!")
            if not _QUERY_TYPES & set(types.upper().split(",")):
                raise InvalidRegex(f'Unknown querytype "{types}"')
            has_query_type = True
        elif name == "reply" and value:
            _check_reply(value)
        elif option.lower() != "invert":
            raise InvalidRegex(f'Invalid regex option "{option}"')


def _check_reply(reply: str) -> None:
    if reply.upper().startswith("CNAME"):
        if "," not in reply:
            raise InvalidRegex("Missing domain name for CNAME reply")
    elif reply.upper() not in _REPLIES and not _is_address(reply):
        raise InvalidRegex(f'Unknown reply type "{reply}"')


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


@dataclass(slots=True)
class _Pattern:
    text: str
    at: int = 0
    depth: int = 0
    groups: int = 0

    def check(self) -> None:
        for sign in self._signs():
            match sign:
                case "\\":
                    self._escape()
                case "[":
                    self._bracket()
                case "{":
                    self._bound()
                case "(":
                    self._group()
                case ")" if self.depth:
                    self.depth -= 1
                case "*" | "+" | "?" if self.text[self.at : self.at + 1] in {"*", "+"}:
                    raise InvalidRegex("Invalid use of repetition operators")
        if self.depth:
            raise InvalidRegex("Missing ')'")

    def _signs(self) -> Iterator[str]:
        while self.at < len(self.text):
            self.at += 1
            yield self.text[self.at - 1]

    def _escape(self) -> None:
        if self.at == len(self.text):
            raise InvalidRegex("Trailing backslash")
        sign = self.text[self.at]
        self.at += 1
        if sign == "Q":
            end = self.text.find(r"\E", self.at)
            self.at = len(self.text) if end < 0 else end + len(r"\E")
        elif sign == "x" and self.text[self.at : self.at + 1] == "{":
            if not _HEXADECIMAL.match(self.text, self.at):
                raise InvalidRegex("Missing '}'")
        elif sign in "123456789" and int(sign) > self.groups:
            raise InvalidRegex("Invalid back reference")

    def _group(self) -> None:
        if self.text[self.at : self.at + 1] == "?":
            if not (found := _MODIFIERS.match(self.text, self.at + 1)):
                raise InvalidRegex("Invalid regexp")
            self.at = found.end()
            self.depth += found[0].endswith(":")
        else:
            self.depth += 1
            self.groups += 1

    def _bound(self) -> None:
        end = self.text.find("}", self.at)
        if end < 0:
            raise InvalidRegex("Missing '}'")
        found = _COUNT.fullmatch(self.text[self.at : end])
        if found is None:
            raise InvalidRegex("Invalid contents of {}")
        least = int(found[1] or 0)
        most = int(found[3] or least) if found[2] else least
        if max(least, most) > _MOST_REPETITIONS:
            raise InvalidRegex("Maximum repetition in {} larger than 255")
        if most < least:
            raise InvalidRegex("Invalid contents of {}")
        self.at = end + 1

    def _bracket(self) -> None:
        self.at += self.text[self.at : self.at + 1] == "^"
        first = self.at
        while (sign := self.text[self.at : self.at + 1]) and (sign != "]" or self.at == first):
            self.at += 1
            if sign == "[" and (inner := self.text[self.at : self.at + 1]) and inner in ":.=":
                self._class(inner)
            elif self.text[self.at : self.at + 1] == "-":
                last = self.text[self.at + 1 : self.at + 2]
                if last and last != "]":
                    if last < sign:
                        raise InvalidRegex("Invalid character range")
                    self.at += 2
        if not sign:
            raise InvalidRegex("Missing ']'")
        self.at += 1

    def _class(self, inner: str) -> None:
        end = self.text.find(f"{inner}]", self.at + 1)
        if inner != ":":
            raise InvalidRegex("Unknown collating element")
        if end < 0 or self.text[self.at + 1 : end] not in _CLASSES:
            raise InvalidRegex("Unknown character class name")
        self.at = end + 2
