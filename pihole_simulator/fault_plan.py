"""Which fault happens where."""

from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
import re
from typing import Literal

from aiohttp import web

type Proceed = Callable[[], Awaitable[web.Response]]
type Fault = Callable[[web.Request, Proceed], Awaitable[web.StreamResponse]]
type Place = Literal[
    "probe",
    "login",
    "logout",
    "sessions",
    "export",
    "import",
    "gravity",
    "version",
    "host",
    "queries",
    "change of an item",
    "deletion of items",
    "settings",
    "change of settings",
    "everything",
]

_PLACES: Mapping[str, Place] = {
    "GET /api/auth": "probe",
    "POST /api/auth": "login",
    "DELETE /api/auth": "logout",
    "GET /api/auth/sessions": "sessions",
    "GET /api/teleporter": "export",
    "POST /api/teleporter": "import",
    "POST /api/action/gravity": "gravity",
    "GET /api/info/version": "version",
    "GET /api/info/host": "host",
    "GET /api/queries": "queries",
    "GET /api/config": "settings",
    "PATCH /api/config": "change of settings",
}
_ITEMS = re.compile(r"/api/(?:groups|lists|domains|clients)(/|:batchDelete$)")


def place_of(method: str, path: str) -> Place | None:
    """Return the place that a request asks for."""
    if found := _ITEMS.match(path):
        if method == "PUT":
            return "change of an item"
        if method == "POST" and found[1] != "/":
            return "deletion of items"
    return _PLACES.get(f"{method} {path}")


@dataclass(slots=True)
class FaultPlan:
    """The faults to come. Those for the next requests go before the lasting ones."""

    _next: defaultdict[Place, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))
    _always: dict[Place, Fault] = field(default_factory=dict)

    def next(self, place: Place, fault: Fault, times: int = 1) -> None:
        """Let the next requests fail, and those after them be well again."""
        self._next[place].extend([fault] * times)

    def always(self, place: Place, fault: Fault) -> None:
        """Let all requests fail."""
        self._always[place] = fault

    def clear(self) -> None:
        """Let everything be well again."""
        self._next.clear()
        self._always.clear()

    def take(self, method: str, path: str) -> Fault | None:
        """Return what shall go wrong with a request."""
        here: list[Place] = ["everything"]
        if place := place_of(method, path):
            here.insert(0, place)
        for name in here:
            if waiting := self._next[name]:
                return waiting.popleft()
        return next((self._always[name] for name in here if name in self._always), None)
