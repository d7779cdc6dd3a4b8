"""What of an answer is compared: all that does not differ from one moment or host to the next."""

from collections.abc import Mapping
import re

from .plain_http import Answer

type Plain = dict[str, object]

_LEFT_OUT = frozenset({"took"})
_SECRETS = frozenset({"sid", "csrf"})
_TIMES = frozenset(
    {"login_at", "last_active", "valid_until", "date_added", "date_modified", "date_updated"}
)
_SID = re.compile(r"(?<=sid=)[^;\s]{16,}")
_TOOK = re.compile(r'(?<="took":)[0-9.e-]+')
_DATE = re.compile(r"(?<=Expires=)[^;]*", re.IGNORECASE)


def seen(answer: Answer, *headers: str) -> Plain:
    """Return the status, the body and the named headers of an answer."""
    shown: Plain = {"status": answer.status}
    for name in headers:
        shown[name.lower()] = masked_text(answer.header(name))
    kind = (answer.header("content-type") or "").partition(";")[0]
    if kind == "application/json" and answer.body:
        shown["body"] = masked(answer.json)
    elif answer.body:
        shown["body"] = f"<{kind}>"
    if answer.rest:
        shown["behind the body"] = _TOOK.sub("<seconds>", answer.rest.decode(errors="replace"))
    return shown


def masked(value: object, key: str = "") -> object:
    """Replace what is never the same: ids of sessions, times."""
    match value:
        case dict():
            return {
                name: masked(item, name) for name, item in value.items() if name not in _LEFT_OUT
            }
        case list():
            return [masked(item) for item in value]
        case str() if key in _SECRETS:
            return "<secret>"
        case int() if key in _TIMES and value:
            return "<time>"
    return value


def masked_text(text: str | None) -> str | None:
    """Replace a session's id and a date in a header."""
    return text and _DATE.sub("<date>", _SID.sub("<secret>", text))


def without(names: set[str], row: Mapping[str, object]) -> Plain:
    """Leave out fields that differ from one Pi-hole to the next, such as ids."""
    return {name: value for name, value in row.items() if name not in names}
