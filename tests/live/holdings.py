"""What a Pi-hole holds: read through its API, and filled and changed as users do."""

import asyncio
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Final, cast

from tests.conformance.pihole import Pihole, item
from tests.conformance.plain_http import Answer

type Row = dict[str, object]
type Held = dict[str, dict[str, object]]
"""By kind, what there is by its name. Groups go by their names, too."""

_KINDS: Final = ("groups", "lists", "domains", "clients")
_NAMES: Final = {"groups": "name", "lists": "address", "domains": "domain", "clients": "client"}
_PASSING: Final = (b"database is locked", b"attempt to write a readonly database")
"""Something else has the database, or a gravity update has just replaced it."""
_TRIES: Final = 10
_BETWEEN_TRIES: Final = 0.1
_DATE: Final = "date_added"
_KEPT: Final = ("enabled", "comment", _DATE)

_KIDS, _GUESTS, _OLD = "Live kids", "Live guests", "Live, old"
_TEENAGERS, _NEW = "Live teenagers", "Live, new"
_DEFAULT = "Default"
_ALLOWED, _DENIED = "domains/allow/exact/live-allowed.example", "domains/deny/exact/live.example"
_ALLOWED_REGEX = f"domains/allow/regex/{item(r'^live-(good|fine)\.example$')}"
_DENIED_REGEX = f"domains/deny/regex/{item(r'(\.|^)live-ads\d+\.example$;querytype=A')}"
_IP, _MAC, _HOST, _INTERFACE, _SUBNET = (
    f"clients/{item(name)}"
    for name in ("192.0.2.10", "02:00:5E:10:00:01", "live-tablet", ":eth0", "192.0.2.128/25")
)


async def held(pihole: Pihole) -> Held:
    """Read all that a restore may change."""
    rows = {kind: await pihole.items(kind) for kind in _KINDS}
    names = {row["id"]: str(row["name"]) for row in rows["groups"]}
    found: Held = {
        kind: {_name(kind, row): _shown(row, names) for row in rows[kind]} for kind in _KINDS
    }
    config = cast("Row", (await pihole.ask("GET", "api/config")).json["config"])
    return {**found, "settings": dict(_flat(config))}


def _name(kind: str, row: Row) -> str:
    return " ".join(str(row[column]) for column in ("type", "kind", _NAMES[kind]) if column in row)


def _shown(row: Row, names: Mapping[object, str]) -> Row:
    shown: Row = {key: row[key] for key in _KEPT if key in row}
    if "groups" in row:
        shown["groups"] = sorted(names[group] for group in cast("list[int]", row["groups"]))
    return shown


def _flat(section: Row, prefix: str = "") -> Iterable[tuple[str, object]]:
    for key, value in section.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def without_dates(held: Held) -> Held:
    """Leave out when rows were added: what is added again one by one is added now."""

    def undated(row: object) -> object:
        return {key: row[key] for key in row if key != _DATE} if isinstance(row, dict) else row

    return {kind: {name: undated(row) for name, row in rows.items()} for kind, rows in held.items()}


def with_parts(before: Held, now: Held, parts: Iterable[str]) -> Held:
    """Return what is held once some parts are as they were before.

    Groups in which something is are there, whether or not they are one of the parts.
    """
    result = {kind: (before if kind in parts else now)[kind] for kind in now}
    others = (now if "groups" in parts else before)["groups"]
    used = {
        group
        for kind in ("lists", "domains", "clients")
        for row in result[kind].values()
        for group in cast("dict[str, list[str]]", row)["groups"]
    }
    brought = {name: others[name] for name in used - result["groups"].keys()}
    return {**result, "groups": {**result["groups"], **brought}}


async def fill(pihole: Pihole, lists: str) -> None:
    """Add something of each kind. `lists` is where lists can be downloaded."""
    few = item(f"{lists}/few.txt")
    await _put(pihole, f"groups/{item(_KIDS)}", comment="Live: theirs", enabled=True)
    await _put(pihole, f"groups/{item(_GUESTS)}", comment=None, enabled=False)
    await _put(pihole, f"groups/{item(_OLD)}", comment="Ünïcödé, and a comma", enabled=True)
    await _put(pihole, f"lists/{few}?type=block", _KIDS, _GUESTS, comment="in two groups")
    await _put(pihole, f"lists/{few}?type=allow", _DEFAULT, comment=None)
    await _put(pihole, f"lists/{few}{item('?2')}?type=block", _OLD, enabled=False)
    await _put(pihole, _ALLOWED, _KIDS, comment="allowed")
    await _put(pihole, _DENIED, _KIDS, _DEFAULT, comment="denied")
    await _put(pihole, _ALLOWED_REGEX, _GUESTS, comment=None)
    await _put(pihole, _DENIED_REGEX, _DEFAULT, enabled=False)
    await _put(pihole, _IP, _KIDS, comment="by its IP")
    await _put(pihole, _MAC, _GUESTS, _KIDS, comment="by its MAC")
    await _put(pihole, _HOST, _OLD, comment="by its host name")
    await _put(pihole, _INTERFACE, _DEFAULT, comment="by its interface")
    await _put(pihole, _SUBNET, _KIDS, comment="a subnet")
    await set_dns(pihole, hosts=["192.0.2.1 live-router.example"], blockTTL=5)


async def change(pihole: Pihole, lists: str) -> None:
    """Change, remove and add something of each kind, after `fill`."""
    few = item(f"{lists}/few.txt")
    await _put(pihole, f"groups/{item(_KIDS)}", name=_TEENAGERS, comment="grown up", enabled=True)
    await _put(pihole, f"groups/{item(_GUESTS)}", comment="enabled", enabled=True)
    await _put(pihole, f"groups/{item(_NEW)}", comment=None, enabled=True)
    await _put(pihole, f"lists/{few}?type=block", _DEFAULT, comment="in one group")
    await _put(pihole, f"lists/{few}?type=allow", _NEW, comment="new", enabled=False)
    await _delete(pihole, f"lists/{few}{item('?2')}?type=block")
    await _put(pihole, f"lists/{few}{item('?3')}?type=block", _TEENAGERS)
    await _delete(pihole, _ALLOWED)
    await _put(pihole, _DENIED, _NEW, comment="denied", enabled=False)
    await _put(pihole, _ALLOWED_REGEX, _GUESTS, comment="changed")
    await _put(pihole, _DENIED_REGEX, _DEFAULT, enabled=True)
    await _put(pihole, "domains/deny/exact/live-new.example", _TEENAGERS)
    await _put(pihole, _IP, _DEFAULT, comment="by its IP")
    await _delete(pihole, _MAC)
    await _put(pihole, _HOST, _NEW, comment="changed")
    await _put(pihole, _INTERFACE, _GUESTS, _TEENAGERS, comment="by its interface")
    await _delete(pihole, _SUBNET)
    await _put(pihole, f"clients/{item('2001:db8::/64')}", _TEENAGERS)
    await _delete(pihole, f"groups/{item(_OLD)}")  # a Pi-hole v6.0 only deletes an empty one
    await set_dns(
        pihole, hosts=["192.0.2.2 live-router.example", "192.0.2.3 b.example"], blockTTL=7
    )


async def _put(pihole: Pihole, path: str, *groups: str, **fields: object) -> None:
    if groups:
        ids = {row["name"]: row["id"] for row in await pihole.items("groups")}
        fields["groups"] = [ids[name] for name in groups]
    answer = await _ask(pihole, "PUT", path, fields)
    assert answer.status in {HTTPStatus.OK, HTTPStatus.CREATED}, answer
    assert not cast("dict[str, object]", answer.json["processed"])["errors"], answer


async def _delete(pihole: Pihole, path: str) -> None:
    answer = await _ask(pihole, "DELETE", path)
    assert answer.status == HTTPStatus.NO_CONTENT, answer


async def _ask(pihole: Pihole, method: str, path: str, fields: object = None) -> Answer:
    """Send a request, again while the Pi-hole cannot write: it does not wait itself."""
    for _ in range(_TRIES):
        answer = await pihole.ask(method, f"api/{path}", fields)
        if not any(words in answer.body for words in _PASSING):
            break
        await asyncio.sleep(_BETWEEN_TRIES)
    return answer


async def set_dns(pihole: Pihole, **settings: object) -> None:
    """Change settings of the section `dns`."""
    answer = await pihole.ask("PATCH", "api/config", {"config": {"dns": settings}})
    assert answer.status == HTTPStatus.OK, answer
