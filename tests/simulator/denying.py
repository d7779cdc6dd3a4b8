"""The endpoints below /api/domains/deny/exact: of a Pi-hole's lists, one that others change."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web

from .answers import ApiError, Endpoint, json_answer, json_object
from .rows import Domain, DomainType
from .state import Pihole

_PATH = "/api/domains/deny/exact"


@dataclass(slots=True)
class Denying:
    """What the web interface's page *Domains* does for one kind of them."""

    pihole: Pihole

    def find(self, method: str, path: str) -> Endpoint | None:
        """Return what serves a path, if it is one of these."""
        if path.rstrip("/") == _PATH:
            return {"GET": self._list, "POST": self._add}.get(method)
        if path.startswith(f"{_PATH}/"):
            return {"DELETE": self._remove}.get(method)
        return None

    async def _list(self, _: web.Request) -> web.Response:
        return json_answer({"domains": [_shown(row) for row in self._rows]})

    async def _add(self, request: web.Request) -> web.Response:
        body = await json_object(request)
        domain, comment = body.get("domain"), body.get("comment")
        if not isinstance(domain, str) or not domain:
            raise ApiError(400, "bad_request", 'Invalid request: No item "domain" in payload')
        if domain in {row.domain for row in self._rows}:
            message = "UNIQUE constraint failed: domainlist.domain, domainlist.type"
            raise ApiError(400, "database_error", "Could not add to gravity database", message)
        row = self.pihole.add_domain(domain, comment=comment if isinstance(comment, str) else None)
        processed = {"errors": [], "success": [{"item": domain}]}
        return json_answer({"domains": [_shown(row)], "processed": processed}, HTTPStatus.CREATED)

    async def _remove(self, request: web.Request) -> web.Response:
        domain = request.path.rpartition("/")[2]
        for row in self._rows:
            if row.domain == domain:
                self.pihole.domains.remove(row)
                return web.Response(status=HTTPStatus.NO_CONTENT)
        raise ApiError(404, "not_found", "Not found", request.path)

    @property
    def _rows(self) -> list[Domain]:
        return [row for row in self.pihole.domains if row.type is DomainType.DENY_EXACT]


def _shown(row: Domain) -> Mapping[str, object]:
    return {
        "domain": row.domain,
        "unicode": row.domain,
        "type": "deny",
        "kind": "exact",
        "comment": row.comment,
        "groups": sorted(row.groups),
        "enabled": row.enabled,
        "id": row.id,
        "date_added": row.date_added,
        "date_modified": row.date_modified,
    }
