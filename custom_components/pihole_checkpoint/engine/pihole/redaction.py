"""Removing secrets from texts that are shown, logged, stored in a record, or sent.

`redact` is for texts that a user wrote into the configuration, and that should stay readable.
`redact_strictly` is for a Pi-hole's own words: error messages, hints, and the lines of a gravity
update. These may quote anything, so it removes too much rather than too little.
"""

from collections.abc import Set as AbstractSet
from functools import partial
import json
import logging
import re
from traceback import format_exception
from typing import Final
from urllib.parse import quote

_LOGGER = logging.getLogger(__name__)

_REDACTED: Final = "***"
_SHORTEST_SECRET: Final = 4
"""In characters. A shorter one would be found in every sentence."""
_LONGEST_LINE: Final = 16 * 1024
"""In characters. The rest is left out, as is a word that would be cut in half."""
_LONGEST_TRACEBACK: Final = 20_000
"""In characters, of its end."""

_SENSITIVE_WORDS: Final = "pass|pw|secret|token|totp|credential|api_?key"
_SECRET_NAME: Final = re.compile(_SENSITIVE_WORDS, re.IGNORECASE)
_WORD: Final = re.compile(r"\S+")
_MAYBE_SECRET: Final = re.compile(r"[@?&;#]")
"""A character without which a user's text holds nothing to redact."""
_URL_LOGIN: Final = re.compile(r"(?<=://)[^/?#\s]+(?=@)")
_ODD_URL_LOGIN: Final = re.compile(r"(?<=://)[^/?#:@\[\s]++:(?=\S)(?!\d{1,5}(?:[/?#]|[:;,.)\]]*$))")
"""The start of a login with a slash in its password, or with its end cut off; not a port."""
_START_OF_HOST: Final = re.compile(r"[\w\[]")
_PARAMETER: Final = re.compile(r"(?<=[?&;#])([^?&;#=\s]+)=[^?&;#\s]+")
_START_OF_QUERY: Final = re.compile(r"[?#]")
_QUERY_ITEM: Final = re.compile(r"([?&;#])([^?&;#=]*)(=?)([^?&;#]*)")
_PLAIN_VALUE: Final = re.compile(r"[a-z]{1,12}|\d{1,4}", re.ASCII)
"""A value in a query that is no secret, such as `hosts`, `raw` or `1`."""
_ASSIGNMENT: Final = re.compile(
    rf"""((?:{_SENSITIVE_WORDS})[\w.-]{{0,64}}["']?\s{{0,4}}
         (?: = \s{{0,4}} (?=[^\s&]) | : \s{{0,4}} (?=["']) ))
         (?: "[^"]*"? | '[^']*'? | [^\s&]+ )""",
    re.IGNORECASE | re.VERBOSE,
)
"""A secret in a line of `pihole.toml`, or in a JSON object."""
_HASH: Final = re.compile(r"\$[\w-]{1,32}\$[^\s\"']{8,}")


def names_a_secret(text: str) -> bool:
    """Return whether a setting or parameter of this name holds a secret."""
    return _SECRET_NAME.search(text) is not None


def redact(text: str) -> str:
    """Return a user's text with the logins, tokens and passwords in its URLs replaced."""
    if _MAYBE_SECRET.search(text) is None:
        return text  # most are, and there may be very many
    return _PARAMETER.sub(_redact_parameter, _WORD.sub(partial(_redact_word, strict=False), text))


def redact_strictly(text: str, secrets: AbstractSet[str] = frozenset()) -> str:
    """Return a Pi-hole's own words as one line without secrets.

    Replaced are the given secrets; logins and all values of queries in URLs; logins before a host;
    what is assigned to the name of a secret; and password hashes. Shorten the result rather than
    the argument: half a secret is not recognized.
    """
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= _SHORTEST_SECRET:
            for written in _spellings(secret):
                text = text.replace(written, _REDACTED)
    line = _shorten("".join(c if c.isprintable() else " " for c in text))
    line = _WORD.sub(partial(_redact_word, strict=True), line)
    return _HASH.sub(_REDACTED, _ASSIGNMENT.sub(rf"\1{_REDACTED}", line)).strip()


def log_unexpected(error: BaseException, secrets: AbstractSet[str] = frozenset()) -> None:
    """Log an exception with its traceback, without the secrets that it may quote."""
    lines = "".join(format_exception(error)).splitlines()
    shown = "\n".join(f"{_indent(line)}{redact_strictly(line, secrets)}" for line in lines)
    _LOGGER.error(
        "Unexpected error; please report it with these lines:\n%s", shown[-_LONGEST_TRACEBACK:]
    )


def _spellings(secret: str) -> tuple[str, ...]:
    """Return a secret as it is written in a text, in a URL, and in JSON."""
    in_json = (json.dumps(secret, ensure_ascii=is_ascii)[1:-1] for is_ascii in (True, False))
    return secret, quote(secret, safe=""), *in_json


def _shorten(line: str) -> str:
    if len(line) <= _LONGEST_LINE:
        return line
    whole, _, _ = line[:_LONGEST_LINE].rpartition(" ")
    return f"{whole} …"


def _redact_word(match: re.Match[str], *, strict: bool) -> str:
    word = match[0]
    is_url = "://" in word
    if is_url:
        word = _redact_odd_url_login(_URL_LOGIN.sub(_REDACTED, word), strict=strict)
    elif "@" in word:
        word = _redact_login_before_host(word, strict=strict)
    if (is_url or strict) and (query := _START_OF_QUERY.search(word)) is not None:
        items = _QUERY_ITEM.sub(partial(_redact_query_item, strict=strict), word[query.start() :])
        return word[: query.start()] + items
    return word


def _redact_odd_url_login(word: str, *, strict: bool) -> str:
    if (begin := _ODD_URL_LOGIN.search(word)) is None:
        return word
    end = word.rfind("@")
    if end > begin.end():
        return word[: begin.start()] + _REDACTED + word[end:]
    return word[: begin.start()] + _REDACTED if strict else word


def _redact_login_before_host(word: str, *, strict: bool) -> str:
    """Redact `user:password@host`, and in strict mode also `token@host`."""
    head, _, host = word.rpartition("@")
    path, slash, login = head.rpartition("/")
    if login and _START_OF_HOST.match(host) and (strict or ":" in login):
        return f"{path}{slash}{_REDACTED}@{host}"
    return word


def _redact_parameter(match: re.Match[str]) -> str:
    return f"{match[1]}={_REDACTED}" if names_a_secret(match[1]) else match[0]


def _redact_query_item(match: re.Match[str], *, strict: bool) -> str:
    separator, name, equals, value = match.groups()
    if not equals:
        if separator == "#":  # a fragment is never sent to the server
            return match[0]
        name, value = "", name
    is_secret = strict or names_a_secret(name) or _PLAIN_VALUE.fullmatch(value) is None
    return f"{separator}{name}{equals}{_REDACTED}" if value and is_secret else match[0]


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]
