"""Items of every kind to ask about: groups, lists, domains and clients."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
import json
from typing import Final, cast

from .pihole import Pihole, item
from .plain_http import Answer
from .seen import Plain, seen

UNKNOWN_GROUP: Final = 2_000_000_000
"""The id of a group that nobody has."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What can be changed below one path."""

    name: str
    plural: str
    """The path below /api, and the field of an answer."""
    key: str
    """The field with an item's own name."""
    sample: str
    """An item that no Pi-hole has."""
    other: str
    """Another one."""
    below: str = ""
    query: str = ""
    batch: Mapping[str, str] | None = None
    """What an entry of a :batchDelete says beside the item."""

    @property
    def path(self) -> str:
        """Where one is added."""
        return f"api/{self.plural}{self.below}{self.query}"

    def path_of(self, name: str) -> str:
        """Return where an item is changed and deleted."""
        return f"api/{self.plural}{self.below}/{item(name)}{self.query}"

    def entry_of(self, name: str) -> dict[str, str]:
        """Return what a :batchDelete deletes it by."""
        return {"item": name, **(self.batch or {})}


def _list(type_: str) -> Kind:
    address = "https://lists.example/conformance"
    return Kind(
        name=f"{type_} list",
        plural="lists",
        key="address",
        sample=f"{address}.txt",
        other=f"{address}-2.txt",
        query=f"?type={type_}",
        batch={"type": type_},
    )


def _domain(type_: str, kind: str) -> Kind:
    exact = kind == "exact"
    return Kind(
        name=f"{type_} {kind}",
        plural="domains",
        key="domain",
        sample="conformance.example" if exact else r"^conformance\.",
        other="conformance-2.example" if exact else r"^conformance-2\.",
        below=f"/{type_}/{kind}",
        batch={"type": type_, "kind": kind},
    )


GROUP: Final = Kind(
    name="group", plural="groups", key="name", sample="Conformance A", other="Conformance B"
)
BLOCK_LIST: Final = _list("block")
ALLOW_LIST: Final = _list("allow")
ALLOW_EXACT: Final = _domain("allow", "exact")
ALLOW_REGEX: Final = _domain("allow", "regex")
DENY_EXACT: Final = _domain("deny", "exact")
DENY_REGEX: Final = _domain("deny", "regex")
CLIENT: Final = Kind(
    name="client", plural="clients", key="client", sample="192.0.2.7", other="192.0.2.8"
)
MEMBERS: Final = (
    *(BLOCK_LIST, ALLOW_LIST, ALLOW_EXACT, ALLOW_REGEX, DENY_EXACT, DENY_REGEX),
    CLIENT,
)
"""What can be in groups."""
KINDS: Final = (GROUP, *MEMBERS)
ONE_OF_EACH_TABLE: Final = (BLOCK_LIST, DENY_EXACT, CLIENT)
"""Members again: one of those that are kept together."""


def alike(answers: Mapping[str, object]) -> Plain:
    """Write down once what several have in common: the answer of all of them."""
    names: dict[str, list[str]] = {}
    for name, answer in answers.items():
        names.setdefault(json.dumps(answer, sort_keys=True), []).append(name)
    if len(names) == 1:
        return {"all": answers[name]}
    return {", ".join(several): answers[several[0]] for several in names.values()}


class Items:
    """The items of a Pi-hole. Groups are shown by their names, other ids not at all."""

    def __init__(self, pihole: Pihole) -> None:
        self._pihole = pihole
        self._groups = {0: "Default", UNKNOWN_GROUP: "unknown"}

    async def group(self, name: str = "Conformance members", **fields: object) -> int:
        """Add a group; return its id."""
        await self.add(GROUP, name, **fields)
        id_ = await self.id_of(GROUP, name)
        self._groups[id_] = name
        return id_

    async def add(self, kind: Kind, name: object, /, **fields: object) -> Answer:
        """Add an item, or several."""
        return await self._pihole.ask("POST", kind.path, {kind.key: name, **fields})

    async def add_until_it_is_there(self, kind: Kind, name: str) -> int:
        """Add an item right after an update of the blocklists, and return its id.

        The first writing fails then.
        """
        while await self.row(kind, name) is None:
            await self.add(kind, name)
        return await self.id_of(kind, name)

    async def put(self, kind: Kind, name: str, /, **fields: object) -> Answer:
        """Change an item, or add it."""
        return await self._pihole.ask("PUT", kind.path_of(name), fields)

    async def get(self, kind: Kind, name: str) -> Answer:
        """Read an item."""
        return await self._pihole.ask("GET", kind.path_of(name))

    async def delete(self, kind: Kind, name: str) -> Answer:
        """Delete an item."""
        return await self._pihole.ask("DELETE", kind.path_of(name))

    async def delete_several(self, kind: Kind, names: Iterable[str]) -> Answer:
        """Delete several items of one kind at once."""
        return await self.delete_entries(kind.plural, [kind.entry_of(name) for name in names])

    async def delete_entries(self, plural: str, entries: object) -> Answer:
        """Send a `:batchDelete`."""
        return await self._pihole.ask("POST", f"api/{plural}:batchDelete", entries)

    async def row(self, kind: Kind, name: str) -> Mapping[str, object] | None:
        """Return an item as it is, with its id; `None` without one."""
        rows = self.rows(kind, await self.get(kind, name))
        return rows[0] if rows else None

    @staticmethod
    def rows(kind: Kind, answer: Answer) -> list[Mapping[str, object]]:
        """Return the items that an answer shows, with their ids."""
        return cast("list[Mapping[str, object]]", answer.json[kind.plural])

    async def id_of(self, kind: Kind, name: str) -> int:
        """Return the id of an item that is there."""
        row = await self.row(kind, name)
        assert row is not None
        return cast("int", row["id"])

    async def state(self, kind: Kind, name: str) -> object:
        """Return what can be set of an item; "not there" if it is not."""
        row = await self.row(kind, name)
        return "not there" if row is None else self._settable(row)

    def _settable(self, row: Mapping[str, object]) -> Plain:
        shown = cast("Plain", self._named(row))
        return {key: shown[key] for key in ("comment", "enabled", "groups") if key in shown}

    def outcome(self, kind: Kind, answer: Answer) -> list[object]:
        """Return what came of a change, and what can be set of the item as it is shown then."""
        return [self.brief(answer), *map(self._settable, self.rows(kind, answer))]

    def seen(self, answer: Answer, *headers: str) -> Plain:
        """Return what is seen of an answer."""
        return cast("Plain", self._named(seen(answer, *headers)))

    def brief(self, answer: Answer) -> object:
        """Return what is seen of an answer, without the items that it shows.

        Nor what v6.0 sends behind a 204.
        """
        match self.seen(answer).get("body"):
            case {"processed": processed}:
                return {"status": answer.status, "processed": processed}
            case {"error": error}:
                return {"status": answer.status, "error": error}
            case {} | None:
                return answer.status
            case body:
                return {"status": answer.status, "body": body}

    def _named(self, value: object, key: str = "") -> object:
        match value:
            case dict():
                return {
                    name: self._named(item, name) for name, item in value.items() if name != "id"
                }
            case list() if key == "groups" and all(isinstance(group, int) for group in value):
                return [self._groups.get(group, "some other group") for group in value]
            case list():
                return [self._named(item) for item in value]
            case str():
                return _unnamed(value)
        return value


def _unnamed(text: str) -> str:
    """Say which item is meant without its name, which differs between kinds."""
    for kind in KINDS:
        text = text.replace(kind.sample, "<item>").replace(kind.other, "<other item>")
    return text
