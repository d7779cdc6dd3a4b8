"""Groups, lists, domains and clients of a Pi-hole, one by one.

How a Pi-hole takes them is under "Single changes" in `docs/pihole-api.md`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from http import HTTPMethod, HTTPStatus
import json
import re
from typing import Final
from urllib.parse import quote

from .answer import Answer
from .busy import try_while_busy
from .errors import ItemRefused
from .limits import LARGEST_BODY
from .paths import check_path
from .session import PiholeSession

_LONGEST_PATH: Final = 8000
"""In bytes, encoded. A Pi-hole takes twice as much for the whole head of a request."""
_EXACT_DOMAIN: Final = re.compile(r"[a-z0-9_.-]+", re.ASCII)
"""As stored. Capitals and other scripts are stored as a second domain, in another spelling."""
_WORD: Final = re.compile(r"[^ \t\r\n\0]+")
_LINE: Final = re.compile(r"[^\r\n\0]+")


class ItemKind(StrEnum):
    """What can be changed one by one."""

    GROUP = "group"
    LIST = "list"
    DOMAIN = "domain"
    CLIENT = "client"


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """A group, list, domain or client, with all that can be set of it."""

    kind: ItemKind
    name: str
    variant: str = ""
    """Of lists `block` or `allow`; of domains `allow_exact`, `deny_exact`, `allow_regex` or
    `deny_regex`."""
    enabled: bool = True
    """Always true for clients."""
    comment: str = ""
    groups: frozenset[int] = frozenset()
    """The ids of its groups; none for a group."""


PLURALS: Final[Mapping[ItemKind, str]] = {
    ItemKind.GROUP: "groups",
    ItemKind.LIST: "lists",
    ItemKind.DOMAIN: "domains",
    ItemKind.CLIENT: "clients",
}
"""As the API calls them."""
_NAMES: Final[Mapping[ItemKind, str]] = {
    ItemKind.GROUP: "name",
    ItemKind.LIST: "address",
    ItemKind.DOMAIN: "domain",
    ItemKind.CLIENT: "client",
}
"""The field with the name."""


def can_be_put(item: Item) -> bool:
    """Return whether a Pi-hole can store an item by a single request, exactly as it is.

    It may still refuse an item for its contents, such as a regular expression that is invalid.
    """
    is_short = len(quote(item.name, safe="")) <= _LONGEST_PATH
    if not is_short or len(json.dumps(body_of(item))) > LARGEST_BODY or "\0" in item.comment:
        return False
    if item.kind is ItemKind.GROUP or item.variant.endswith("_regex"):
        return _LINE.fullmatch(item.name) is not None
    allowed = _EXACT_DOMAIN if item.kind is ItemKind.DOMAIN else _WORD
    return allowed.fullmatch(item.name) is not None


async def read_groups(session: PiholeSession) -> Mapping[str, int]:
    """Return the ids of all groups by their names.

    Read them right before each use: a Pi-hole gives the ids of deleted groups again. Raises
    `ConnectionFailed`, `WrongAddress` or `Refused`.
    """
    size = session.transport.sizes.groups
    answer = await _read(session, PLURALS[ItemKind.GROUP], max_size=size)
    ids: dict[str, int] = {}
    for row in answer.objects_at(PLURALS[ItemKind.GROUP]):
        name, id_ = row.get("name"), row.get("id")
        if isinstance(name, str) and isinstance(id_, int):
            ids[name] = id_
    return ids


async def read_item(
    session: PiholeSession, kind: ItemKind, name: str, variant: str = ""
) -> Item | None:
    """Return an item as the Pi-hole has it, or `None` if it has no item of that name.

    Raises `ProxyChangesPaths` where the item cannot be named, and `ConnectionFailed`,
    `WrongAddress` or `Refused`.
    """
    await check_path(session, name)
    item = item_in(await _read(session, path_of(kind, name, variant)), kind)
    return item if item and (item.name, item.variant) == (name, variant) else None


def path_of(kind: ItemKind, name: str, variant: str) -> str:
    """Return the path of an item below that of the API."""
    item = quote(name, safe="")
    match kind:
        case ItemKind.LIST:
            # Without its type, some versions change another list of the same address.
            return f"lists/{item}?type={variant}"
        case ItemKind.DOMAIN:
            return f"domains/{variant.replace('_', '/')}/{item}"
        case _:
            return f"{PLURALS[kind]}/{item}"


def body_of(item: Item) -> dict[str, object]:
    """Return what a request says of an item. What is left out is reset."""
    body: dict[str, object] = {"comment": item.comment or None}
    if item.kind is not ItemKind.CLIENT:
        body["enabled"] = item.enabled
    if item.kind is not ItemKind.GROUP:
        body["groups"] = sorted(item.groups)
    return body


def item_in(answer: Answer, kind: ItemKind) -> Item | None:
    """Return the only item in an answer, or `None` if there are others than one."""
    rows = answer.objects_at(PLURALS[kind])
    if len(rows) != 1:
        return None
    [row] = rows
    groups = row.get("groups")
    variants = [row.get("type"), row.get("kind")]
    return Item(
        kind=kind,
        name=str(row.get(_NAMES[kind])),
        variant="_".join(part for part in variants if isinstance(part, str)),
        enabled=row.get("enabled", True) is True,
        comment=str(row.get("comment") or ""),
        groups=frozenset(
            id_ for id_ in (groups if isinstance(groups, list) else ()) if isinstance(id_, int)
        ),
    )


def raise_if_refused(answer: Answer) -> None:
    """Raise `ItemRefused` if the Pi-hole refused an item, and other errors as usual."""
    if answer.status == HTTPStatus.BAD_REQUEST and answer.error_key is not None:
        raise ItemRefused(reason=answer.full_reason)
    answer.raise_for_refusal()


async def _read(session: PiholeSession, path: str, *, max_size: int | None = None) -> Answer:
    return await try_while_busy(session, partial(_read_once, session, path, max_size))


async def _read_once(session: PiholeSession, path: str, max_size: int | None) -> Answer:
    answer = await session.request(HTTPMethod.GET, f"api/{path}", max_size=max_size)
    answer.raise_for_refusal()
    return answer
