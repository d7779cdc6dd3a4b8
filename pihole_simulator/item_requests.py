"""The bodies of requests to change items, read as FTL does: a field of a wrong type is missing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .domain_names import InvalidName, is_valid, stored_name
from .item_kinds import DOMAIN_TYPES, DOMAINS, GROUPS, LIST_TYPES, LISTS, Place
from .regexes import InvalidRegex, check_regex
from .responses import ApiError

_INT_MAX = 2**31 - 1
_SPACES = " \t\n"


@dataclass(frozen=True, slots=True)
class Fields:
    """The body of a POST or PUT. A body that is not an object has no fields."""

    body: object

    def get(self, name: str) -> object:
        """Return a field; `None` if it is missing or null."""
        return self.body.get(name) if isinstance(self.body, dict) else None

    def text(self, name: str) -> str | None:
        """Return a field that is a text, and not empty."""
        return as_text(self.get(name)) or None

    @property
    def list_type(self) -> int | None:
        """The type of a list, which old versions read here: any text but "allow" means "block"."""
        type_ = self.text("type")
        return None if type_ is None else int(type_.lower() == "allow")

    @property
    def enabled(self) -> bool:
        """Whether the item is switched on: anything but `false` does."""
        enabled = self.get("enabled")
        return enabled if isinstance(enabled, bool) else True

    @property
    def groups(self) -> list[int] | None:
        """The groups to set, or `None` to keep them. Anything but numbers means none at all."""
        if not isinstance(self.body, dict) or "groups" not in self.body:
            return None
        match self.get("groups"):
            case list() as given:
                return list(_numbers(given))
            case dict() as given:
                return list(_numbers([*given.values()]))
        return []

    def items(self, key: str) -> list[object]:
        """Return what a POST names: one text or several."""
        match self.get(key):
            case str() as text if text:
                return [text]
            case list() as several if several:
                return several
        raise ApiError(
            400,
            "bad_request",
            f'Invalid request: No valid "{key}" in payload (must be either string or array)',
        )

    def old_domain_type(self, new: int | None) -> int | None:
        """Return the type that a domain has before a PUT. Raises `InvalidOldType`."""
        type_, kind = self.text("type"), self.text("kind")
        if type_ is None and kind is None:
            return new
        if type_ is None:
            raise InvalidOldType("Field type missing from request")
        if kind is None:
            raise InvalidOldType("Field oldkind missing from request")
        if (number := domain_type(type_, kind)) is None:
            raise InvalidOldType("Cannot interpret type/kind")
        return number


class InvalidOldType(Exception):
    """Why it is unclear which domain is to become another one."""


def checked(items: list[object], place: Place) -> list[str | None]:
    """Return the items to be stored: all of them, or none."""
    if place.kind is GROUPS:
        return [as_text(item) for item in items]
    return [_checked(as_text(item), place) for item in items]


def _checked(item: str | None, place: Place) -> str:
    if item is None:
        raise _invalid_regex(None)  # FTL says so of lists and clients, too
    if place.holds_regexes:
        try:
            check_regex(item)
        except InvalidRegex as error:
            raise _invalid_regex(str(error)) from error
        return item
    if set(_SPACES) & set(item):
        message = "Spaces, newlines and tabs are not allowed in domains and URLs"
        raise ApiError(400, "bad_request", message, item)
    return _domain(item) if place.kind is DOMAINS else item


def _invalid_regex(hint: str | None) -> ApiError:
    return ApiError(400, "regex_error", "Regex validation failed", hint)


def _domain(item: str) -> str:
    try:
        name = stored_name(item)
    except InvalidName as error:
        message = "Invalid request: Invalid domain name"
        raise ApiError(400, "bad_request", message, str(error)) from error
    if not is_valid(name):
        raise ApiError(400, "bad_request", "Invalid domain", item)
    return name


def to_delete(body: object, place: Place) -> list[tuple[str, int | None]]:
    """Return the items of a `:batchDelete` and their types."""
    items: list[tuple[str, int | None]] = []
    for entry in [*body.values()] if isinstance(body, dict) else _list(body):
        if not isinstance(entry, dict):
            raise _refused("objects")
        if (item := as_text(entry.get("item"))) is None:
            raise _refused('objects with "item" as string')
        items.append((item, _type_to_delete(entry, place)))
    if not isinstance(body, list):
        message = "Could not remove entries from table"
        raise ApiError(400, "database_error", message, "Argument is not an array")
    return items


def _list(body: object) -> list[object]:
    return body if isinstance(body, list) else []


def _type_to_delete(entry: Mapping[str, object], place: Place) -> int | None:
    type_, kind = as_text(entry.get("type")), as_text(entry.get("kind"))
    if place.kind is LISTS:
        return LIST_TYPES.index(type_.lower()) if type_ and type_.lower() in LIST_TYPES else None
    if place.kind is not DOMAINS:
        return None
    if type_ is None or kind is None:
        raise _refused('objects with "type" and "kind" as string')
    if (number := domain_type(type_, kind)) is None:
        message = (
            'Invalid request: Batch delete requires an valid combination of "type" and "kind"'
            " for each object"
        )
        raise ApiError(400, "bad_request", message)
    return number


def _refused(needed: str) -> ApiError:
    return ApiError(
        400, "bad_request", f"Invalid request: Batch delete requires an array of {needed}"
    )


def domain_type(type_: str, kind: str) -> int | None:
    """Return the number of a type such as "deny" and "exact"."""
    pair = type_.lower(), kind.lower()
    return DOMAIN_TYPES.index(pair) if pair in DOMAIN_TYPES else None


def as_text(value: object) -> str | None:
    """Return a JSON text as a program in C sees it: until the first NUL."""
    return value.partition("\0")[0] if isinstance(value, str) else None


def _numbers(values: list[object]) -> Iterator[int]:
    for value in values:
        if isinstance(value, int | float) and not isinstance(value, bool):
            yield int(max(-_INT_MAX - 1, min(value, _INT_MAX)))
