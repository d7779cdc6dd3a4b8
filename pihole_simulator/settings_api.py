"""The endpoints below /api/config: settings shown, and changed without an import."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus

from aiohttp import web

from .auth_api import AuthApi
from .configuration import is_on, nested, values
from .credentials import Credentials
from .definitions import Definition, Setting, SettingType, definitions
from .responses import ApiError, Endpoint, json_answer, json_object
from .rules import Rules
from .setting_changes import SettingChanges, shown_values
from .state import Pihole
from .wire import no_content

_ROOT = "/api/config"


@dataclass(slots=True)
class SettingsApi:
    """GET and PATCH of settings, PUT and DELETE of one item of a list among them."""

    pihole: Pihole
    rules: Rules
    door: AuthApi
    change_credentials: Callable[[Credentials], None]
    restart: Callable[[], None]

    def find(self, method: str, path: str) -> Endpoint | None:
        """Return what serves a path, if it is one of these."""
        if path != _ROOT and not path.startswith(f"{_ROOT}/"):
            return None
        below = path.removeprefix(_ROOT).removeprefix("/")
        # A slash at the end makes no difference; a second one is a name, which nothing has.
        keys = below.removesuffix("/").split("/") if below else []
        if method == "GET":
            return self.door.behind(partial(self._get, keys))
        changing = {"PATCH": self._patch}
        if keys:
            changing |= {"PUT": self._put, "DELETE": self._delete}
        if method not in changing:
            return None
        return self.door.behind(self.door.with_sudo(partial(changing[method], keys)))

    async def _get(self, keys: Sequence[str], request: web.Request) -> web.Response:
        return self._shown(keys, detailed=_asked(request, "detailed", otherwise=False))

    def _shown(self, keys: Sequence[str], *, detailed: bool = False) -> web.Response:
        """Answer with all settings below some keys, which may be none."""
        current = {
            name: value
            for name, value in shown_values(self.pihole).items()
            if name.split(".")[: len(keys)] == keys
        }
        if not detailed:
            plain = {name: _as_json(value) for name, value in current.items()}
            return json_answer({"config": nested(plain)})
        held = values(self.pihole)
        details = {
            name: self._details(name, value, held.get(name, value))
            for name, value in current.items()
        }
        return json_answer({"topics": [], "dns_servers": [], "config": nested(details)})

    def _details(self, name: str, shown: Setting, held: Setting) -> Mapping[str, object]:
        """Return everything about a setting but the explanations that real ones have."""
        definition = definitions(self.pihole.version)[name]
        return {
            "description": "",
            "allowed": [{"item": item, "description": ""} for item in definition.allowed] or "",
            "type": definition.type,
            "value": _as_json(shown),
            "default": _as_json(definition.default),
            "modified": held != definition.default,
            "flags": {
                "restart_dnsmasq": definition.restarts,
                "session_reset": definition.ends_sessions,
                "env_var": name in self.pihole.forced,
            },
        }

    async def _patch(self, keys: Sequence[str], request: web.Request) -> web.Response:
        sent = (await json_object(request)).get("config")
        if not isinstance(sent, dict):
            raise ApiError(400, "body_error", 'No "config" object in body data')
        if is_on(self.pihole, "misc.readOnly"):
            raise ApiError(403, "forbidden", "The config is currently in read-only mode")
        with self._changes(request) as changes:
            for definition in definitions(self.pihole.version).values():
                for value in _found(sent, definition.name.split(".")):
                    changes.add(definition, value)
        return self._shown(keys)

    async def _put(self, keys: Sequence[str], request: web.Request) -> web.Response:
        if (definition := self._array(keys, request.method)) is None:
            return json_answer({}, HTTPStatus.NOT_FOUND)
        with self._changes(request) as changes:
            changes.refuse_forced(definition.name)
            items = self._items(definition)
            if keys[-1] in items:
                hint = "Uniqueness of items is enforced"
                raise ApiError(400, "bad_request", "Item already present", hint)
            items.append(keys[-1])
            changes.check(definition, items, "Invalid value")
            changes.new[definition.name] = items
        return json_answer({}, HTTPStatus.CREATED)

    async def _delete(self, keys: Sequence[str], request: web.Request) -> web.Response:
        if (definition := self._array(keys, request.method)) is None:
            return json_answer({}, HTTPStatus.NOT_FOUND)
        with self._changes(request) as changes:
            changes.refuse_forced(definition.name)
            items = self._items(definition)
            if keys[-1] not in items:
                return json_answer({}, HTTPStatus.NOT_FOUND)
            items.remove(keys[-1])
            changes.new[definition.name] = items
        return no_content(self.rules)

    def _array(self, keys: Sequence[str], method: str) -> Definition | None:
        """Return the setting that has the last key as an item, if it is an array."""
        if len(keys) == 1:
            verb, way = ("add", "to") if method == "PUT" else ("remove", "from")
            hint = (
                f"Use, e.g., {method} /api/config/dns/upstreams/127.0.0.1 to {verb}"
                f' "127.0.0.1" {way} config.dns.upstreams'
            )
            raise ApiError(400, "bad_request", "Invalid path depth", hint)
        definition = definitions(self.pihole.version).get(".".join(keys[:-1]))
        return definition if definition and definition.type is SettingType.ARRAY else None

    def _items(self, definition: Definition) -> list[str]:
        items = values(self.pihole)[definition.name]
        return items if isinstance(items, list) else []

    @contextmanager
    def _changes(self, request: web.Request) -> Iterator[SettingChanges]:
        """Collect changes, take them, and restart where they need it."""
        changes = SettingChanges(self.pihole, self.rules, self.door.auth, self.change_credentials)
        try:
            yield changes
            changes.take(restart=_asked(request, "restart", otherwise=True))
        finally:
            if changes.restarts:
                self.restart()


def _found(sent: object, keys: Sequence[str]) -> Iterator[object]:
    """Yield the value at some keys, if there is one. FTL does not look at their case."""
    for key in keys:
        named = sent if isinstance(sent, dict) else {}
        found = [value for name, value in named.items() if name.lower() == key.lower()]
        if not found:
            return
        sent = found[0]
    yield sent


def _asked(request: web.Request, name: str, *, otherwise: bool) -> bool:
    """Return a parameter of the URL. What is neither true nor false says nothing."""
    return {"true": True, "false": False}.get(request.query.get(name, "").lower(), otherwise)


def _as_json(value: Setting) -> Setting:
    return int(value) if isinstance(value, float) and value.is_integer() else value
