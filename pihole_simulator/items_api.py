"""The endpoints for single changes: of groups, lists, domains and clients."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
import sqlite3

from aiohttp import web

from .clock import Clock
from .database import open_gravity, read_back
from .item_kinds import CLIENTS, LISTS, Place, batch_of, place_of
from .item_requests import Fields, checked, to_delete
from .responses import ApiError, Endpoint, json_answer, json_value
from .rules import Rules
from .state import Pihole
from .statements import delete, show, write
from .switches import Switches
from .wire import no_content

_METHODS = frozenset({"GET", "POST", "PUT", "DELETE"})
_LONGEST_TYPE = 15  # a longer one is not read


@dataclass(slots=True)
class Changing:
    """GET, POST, PUT and DELETE below /api/groups, /api/lists, /api/domains and /api/clients."""

    pihole: Pihole
    rules: Rules
    clock: Clock
    switches: Switches

    def find(self, method: str, path: str) -> Endpoint | None:
        """Return what serves a path, if it is one of these."""
        if method == "POST" and (several := batch_of(path)):
            return partial(self._delete_several, place=several)
        if method == "GET" and f"{path}/".startswith("/api/clients/_suggestions/"):
            return self._suggest_clients
        if method in _METHODS and (found := place_of(path)):
            prefix, place, item = found
            return partial(self._serve, path=prefix, place=place, item=item)
        return None

    async def _serve(
        self, request: web.Request, *, path: str, place: Place, item: str
    ) -> web.Response:
        if place.kind is LISTS:
            place = self._of_type(request, place)
        if request.method == "GET":
            with self._database() as database:
                return json_answer(self._rows(database, place, item))
        if not place.is_exact:
            message = "Invalid request: Specify list to modify more precisely"
            raise ApiError(400, "uri_error", message, request.path)
        if request.method == "DELETE":
            return self._delete(place, [(item, place.type)])
        adds = request.method == "POST"
        if adds and item:
            message = "Invalid request: Specify item in payload, not as URI parameter"
            raise ApiError(400, "uri_error", message, item)
        if not adds and not item:
            raise ApiError(400, "uri_error", "Invalid request: Specify item in URI")
        fields = Fields(await json_value(request))
        items: list[object] = fields.items(place.kind.key) if adds else [item]
        if place.kind is LISTS and place.type is None and fields.list_type is None:
            message = 'Invalid request: No valid item "type" in payload'
            raise ApiError(400, "bad_request", message)
        return self._write(path, place, checked(items, place), fields, adds=adds)

    def _of_type(self, request: web.Request, place: Place) -> Place:
        """Return the lists that `?type=` names."""
        type_ = request.query.get("type", "")
        if 0 < len(type_) <= _LONGEST_TYPE:
            if narrowed := place.of_list_type(type_):
                return narrowed
            problem = "Invalid type parameter"
        elif request.method == "GET" or not self.rules.lists_need_type:
            return place
        else:
            problem = "Specify type parameter"
        message = f'Invalid request: {problem} (should be either "allow" or "block")'
        raise ApiError(400, "bad_request", message, request.query_string or None)

    def _write(
        self, path: str, place: Place, items: Sequence[str | None], fields: Fields, *, adds: bool
    ) -> web.Response:
        """Write one item after the other, and show the last one as it is then."""
        errors, success = [], []
        with self._database() as database:
            for item in items:
                if problem := self._problem(database, place, item, fields, adds=adds):
                    errors.append({"item": item, "error": problem})
                else:
                    success.append({"item": item})
            read_back(self.pihole, database)
            try:
                rows = self._rows(database, place, items[-1])
            finally:
                self.switches.gravity_is_closed = self.switches.gravity_file == "locked"
        processed = {"errors": errors, "success": success}
        return json_answer(
            {**rows, "processed": processed},
            HTTPStatus.CREATED if adds else HTTPStatus.OK,
            _location(path, items[-1]),
        )

    def _problem(
        self,
        database: sqlite3.Connection,
        place: Place,
        item: str | None,
        fields: Fields,
        *,
        adds: bool,
    ) -> str | None:
        """Write an item, and return what went wrong."""
        if self._lock or not self.switches.write_failures:
            return self._lock or write(database, place, item, fields, adds=adds)
        failure = self.switches.write_failures.pop(0)
        if failure.half_done and isinstance(fields.body, dict):
            write(database, place, item, Fields(fields.body | {"groups": []}), adds=adds)
        return failure.problem

    def _next_problem(self) -> str | None:
        failures = self.switches.write_failures
        return failures.pop(0).problem if failures else None

    async def _delete_several(self, request: web.Request, *, place: Place) -> web.Response:
        try:
            body = await json_value(request)
        except ApiError:
            body = None
        return self._delete(place, to_delete(body, place))

    def _delete(self, place: Place, items: Sequence[tuple[str, int | None]]) -> web.Response:
        with self._database() as database:
            try:
                if problem := self._lock or self._next_problem():
                    raise sqlite3.OperationalError(problem)
                deleted = delete(database, place, items)
            except sqlite3.Error as error:
                message = "Could not remove entries from table"
                raise ApiError(400, "database_error", message, str(error)) from error
            read_back(self.pihole, database)
        if not deleted:
            return json_answer({}, HTTPStatus.NOT_FOUND)
        return no_content(self.rules)

    async def _suggest_clients(self, _: web.Request) -> web.Response:
        """Return devices that are not clients yet: always an empty list here."""
        return json_answer({"clients": []})

    def _rows(
        self, database: sqlite3.Connection, place: Place, item: str | None
    ) -> dict[str, object]:
        if self.switches.gravity_is_closed:
            message = "Could not read domains from database table"
            raise ApiError(400, "database_error", message, self._lock)
        if self.switches.gravity_file == "locked":
            message = "Could not read from gravity database"
            raise ApiError(400, "database_error", message, self._lock)
        unknown = self.rules.name_of_unknown_host
        names = {lease.ip: lease.name for lease in self.pihole.leases or ()}
        rows = list(show(database, place, item))
        for row in rows:
            if place.kind is CLIENTS:
                row["name"] = names.get(str(row["client"]), unknown)
        return {place.kind.plural: rows}

    @property
    def _lock(self) -> str | None:
        """Why nothing can be written at the moment. FTL does not wait."""
        if self.switches.gravity_is_closed:
            return "Database not available"
        locked = self.switches.gravity_is_written or self.switches.gravity_file == "locked"
        return "database is locked" if locked else None

    @contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        cascades = self.rules.deleted_group_leaves_members
        with closing(open_gravity(self.pihole, cascades=cascades, now=self.clock)) as database:
            yield database


def _location(path: str, item: str | None) -> dict[str, str]:
    """Return the header with the item's path, which FTL does not encode.

    FTL sends control characters in it, too, and a line end breaks the header apart. aiohttp refuses
    to do that, so the header is left out then.
    """
    if item is None:
        return {"Location": f"{path}/(null)"}
    return {"Location": f"{path}/{item}"} if item.replace("\t", "").isprintable() else {}
