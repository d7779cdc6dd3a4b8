"""Changing one item of a Pi-hole, and deleting several.

A change needs no restart, and no DNS query is lost meanwhile. A status of 200 says nothing about
its success, and what broke off may be half done: a change can always be sent again.
"""

from collections.abc import Collection, Iterator, Mapping
from functools import partial
from http import HTTPMethod, HTTPStatus
import json
from typing import Final

from .answer import Answer
from .busy import HALF_DONE, try_while_busy
from .errors import AnswerGarbled, ItemRefused
from .items import (
    PLURALS,
    Item,
    ItemKind,
    body_of,
    can_be_put,
    item_in,
    path_of,
    raise_if_refused,
)
from .limits import LARGEST_BODY
from .paths import check_path
from .session import PiholeSession

_AT_ONCE: Final[Mapping[ItemKind, int]] = {
    ItemKind.GROUP: 1,  # of several, one that is refused keeps all
    ItemKind.LIST: 1,  # a huge one takes long, and DNS waits for all of a request
    ItemKind.DOMAIN: 50,
    ItemKind.CLIENT: 50,
}
"""How many items are deleted in one request."""


async def put_item(session: PiholeSession, item: Item) -> None:
    """Have an item stored exactly as it is, whether it is there already or not.

    Raises `ItemRefused` if that is not possible, `ProxyChangesPaths` where the item cannot be
    named, and `ConnectionFailed`, `WrongAddress` or another `Refused`. After a `ConnectionFailed`
    the item may be half done; calling this again makes it whole.
    """
    if not can_be_put(item):
        raise ItemRefused(reason=HALF_DONE)
    await check_path(session, item.name)
    await try_while_busy(session, partial(_put, session, item))


async def delete_items(
    session: PiholeSession, kind: ItemKind, names: Collection[tuple[str, str]]
) -> None:
    """Delete items, each given by its name and its variant, which may be empty.

    Items that are not there are passed over. Raises `ItemRefused`, `ConnectionFailed`,
    `WrongAddress` or another `Refused`: some items may have been deleted then, and calling this
    again deletes the rest.
    """
    for entries in _batches(kind, names):
        await try_while_busy(session, partial(_delete, session, kind, entries))


async def _put(session: PiholeSession, item: Item) -> None:
    path = path_of(item.kind, item.name, item.variant)
    answer = await session.request(
        HTTPMethod.PUT, f"api/{path}", body=body_of(item), seconds=session.transport.timings.change
    )
    raise_if_refused(answer)
    for problem in answer.objects_at("processed", "errors"):
        raise ItemRefused(reason=answer.quote(problem.get("error")))
    if item_in(answer, item.kind) != item:
        raise ItemRefused(reason=HALF_DONE)


async def _delete(session: PiholeSession, kind: ItemKind, entries: list[dict[str, str]]) -> None:
    try:
        answer = await _ask_to_delete(session, kind, entries)
    except AnswerGarbled:
        # v6.0 sends a body with its 204, which is against HTTP. All of it is done then, so there
        # is nothing left to delete, and that is answered properly.
        answer = await _ask_to_delete(session, kind, entries)
    if answer.status == HTTPStatus.NOT_FOUND and "took" in answer.body and not answer.error_key:
        return  # nothing of it is there
    raise_if_refused(answer)


async def _ask_to_delete(
    session: PiholeSession, kind: ItemKind, entries: list[dict[str, str]]
) -> Answer:
    return await session.request(
        HTTPMethod.POST,
        f"api/{PLURALS[kind]}:batchDelete",
        body=entries,
        seconds=session.transport.timings.change,
    )


def _batches(kind: ItemKind, names: Collection[tuple[str, str]]) -> Iterator[list[dict[str, str]]]:
    """Yield what to delete in one request each."""
    batch: list[dict[str, str]] = []
    for name, variant in names:
        entry = _entry(kind, name, variant)
        if batch and not _fits(kind, [*batch, entry]):
            yield batch
            batch = []
        batch.append(entry)
    if batch:
        yield batch


def _fits(kind: ItemKind, entries: list[dict[str, str]]) -> bool:
    return len(entries) <= _AT_ONCE[kind] and len(json.dumps(entries)) <= LARGEST_BODY


def _entry(kind: ItemKind, name: str, variant: str) -> dict[str, str]:
    match kind:
        case ItemKind.LIST:
            return {"item": name, "type": variant}
        case ItemKind.DOMAIN:
            type_, _, match_ = variant.partition("_")
            return {"item": name, "type": type_, "kind": match_}
        case _:
            return {"item": name}
