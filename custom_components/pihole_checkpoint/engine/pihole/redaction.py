"""Taking secrets out of texts that are shown, logged, stored in a record, or sent.

`redact` is for what a user wrote into the configuration, which should stay readable.
`redact_strictly` is for what a Pi-hole says in its own words: error messages and hints, and the
lines of a gravity update. These may quote anything, so it rather takes out too much.
"""

from collections.abc import Set as AbstractSet
from functools import partial
import logging
import re
from traceback import format_exception
from typing import Final
from urllib.parse import quote

_LOGGER = logging.getLogger(__name__)

_BLOT: Final = "***"
_SHORTEST_SECRET: Final = 4
"""A shorter one would be found in every sentence."""
_LONGEST_LINE: Final = 16 * 1024
"""In characters. The rest is left out, and with it a word that would be cut in half."""

_LONGEST_TRACEBACK: Final = 20_000
"""In characters; its end is what matters."""

_NAMES: Final = "pass|pw|secret|token|totp|credential|api_?key"
_SECRET_NAME: Final = re.compile(_NAMES, re.IGNORECASE)
_WORD: Final = re.compile(r"\S+")
_LOGIN: Final = re.compile(r"(?<=://)[^/?#\s]+(?=@)")
_ODD_LOGIN: Final = re.compile(r"(?<=://)[^/?#:@\[\s]++:(?=\S)(?!\d{1,5}(?:[/?#]|[:;,.)\]]*$))")
"""The beginning of one whose password has a slash in it, or whose end was cut off: not a port."""
_BEFORE_HOST: Final = re.compile(r"[\w\[]")
_PARAMETER: Final = re.compile(r"(?<=[?&;#])([^?&;#=\s]+)=[^?&;#\s]+")
_QUERY_BEGINS: Final = re.compile(r"[?#]")
_IN_QUERY: Final = re.compile(r"([?&;#])([^?&;#=]*)(=?)([^?&;#]*)")
_PLAIN_VALUE: Final = re.compile(r"[a-z]{1,12}|\d{1,4}", re.ASCII)
"""A value in a query that opens nothing, such as `hosts`, `raw` or `1`."""
_ASSIGNMENT: Final = re.compile(
    rf"""((?:{_NAMES})[\w.-]{{0,64}}["']?\s{{0,4}}
         (?: = \s{{0,4}} (?=[^\s&]) | : \s{{0,4}} (?=["']) ))
         (?: "[^"]*"? | '[^']*'? | [^\s&]+ )""",
    re.IGNORECASE | re.VERBOSE,
)
"""A line of `pihole.toml`, or a member of a JSON object."""
_HASH: Final = re.compile(r"\$[\w-]{1,32}\$[^\s\"']{8,}")


def names_a_secret(text: str) -> bool:
    """Check whether the name of a setting or a parameter says that its value is a secret."""
    return _SECRET_NAME.search(text) is not None


def redact(text: str) -> str:
    """Return a text of a user with logins, tokens and passwords in its URLs blotted out."""
    return _PARAMETER.sub(_named_parameter, _WORD.sub(partial(_word, strict=False), text))


def redact_strictly(text: str, secrets: AbstractSet[str] = frozenset()) -> str:
    """Return the words of a Pi-hole as one line without anything that could open something.

    Blotted out are the given secrets; logins and all values of queries in URLs; logins before a
    host; what is assigned to the name of a secret; and password hashes. Cut the result, never what
    is given to this: half a secret isn't found.
    """
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= _SHORTEST_SECRET:
            for written in (secret, quote(secret, safe="")):
                text = text.replace(written, _BLOT)
    line = _shortened("".join(c if c.isprintable() else " " for c in text))
    line = _WORD.sub(partial(_word, strict=True), line)
    return _HASH.sub(_BLOT, _ASSIGNMENT.sub(rf"\1{_BLOT}", line)).strip()


def log_unexpected(error: BaseException, secrets: AbstractSet[str] = frozenset()) -> None:
    """Log an exception with its traceback, without what it may quote of a Pi-hole's secrets."""
    lines = "".join(format_exception(error)).splitlines()
    shown = "\n".join(f"{_indent(line)}{redact_strictly(line, secrets)}" for line in lines)
    _LOGGER.error(
        "An unexpected error; please report it with these lines:\n%s", shown[-_LONGEST_TRACEBACK:]
    )


def _shortened(line: str) -> str:
    if len(line) <= _LONGEST_LINE:
        return line
    whole, _, _ = line[:_LONGEST_LINE].rpartition(" ")
    return f"{whole} …"


def _word(found: re.Match[str], *, strict: bool) -> str:
    word = found[0]
    is_url = "://" in word
    if is_url:
        word = _without_odd_login(_LOGIN.sub(_BLOT, word), strict=strict)
    elif "@" in word:
        word = _without_bare_login(word, strict=strict)
    if (is_url or strict) and (query := _QUERY_BEGINS.search(word)) is not None:
        parameters = _IN_QUERY.sub(partial(_in_query, strict=strict), word[query.start() :])
        return word[: query.start()] + parameters
    return word


def _without_odd_login(word: str, *, strict: bool) -> str:
    if (begin := _ODD_LOGIN.search(word)) is None:
        return word
    end = word.rfind("@")
    if end > begin.end():
        return word[: begin.start()] + _BLOT + word[end:]
    return word[: begin.start()] + _BLOT if strict else word


def _without_bare_login(word: str, *, strict: bool) -> str:
    """Blot out `user:password@host`, and in strange words also `token@host`."""
    head, _, host = word.rpartition("@")
    path, slash, login = head.rpartition("/")
    if login and _BEFORE_HOST.match(host) and (strict or ":" in login):
        return f"{path}{slash}{_BLOT}@{host}"
    return word


def _named_parameter(found: re.Match[str]) -> str:
    return f"{found[1]}={_BLOT}" if names_a_secret(found[1]) else found[0]


def _in_query(found: re.Match[str], *, strict: bool) -> str:
    mark, name, is_named, value = found.groups()
    if not is_named:
        if mark == "#":  # it never gets to the server
            return found[0]
        name, value = "", name
    opens = strict or names_a_secret(name) or _PLAIN_VALUE.fullmatch(value) is None
    return f"{mark}{name}{is_named}{_BLOT}" if value and opens else found[0]


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]
