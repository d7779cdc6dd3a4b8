"""The forms in which FTL answers."""

from collections.abc import Awaitable, Callable, Mapping
import json

from aiohttp import web

type Endpoint = Callable[[web.Request], Awaitable[web.Response]]

_LARGEST_BODY = 64 * 1024 - 2
_TOOK = 0.00012302398681640625


class ApiError(Exception):
    """To be answered as `{"error": {"key", "message", "hint"}, "took"}`."""

    def __init__(self, status: int, key: str, message: str, hint: str | None = None) -> None:
        super().__init__(f"{status} {key}: {message}")
        self.status = status
        self.body = {"key": key, "message": message, "hint": hint}

    def answer(self) -> web.Response:
        """Answer with it."""
        return json_answer({"error": self.body}, self.status)


def _dumps(body: object) -> str:
    return json.dumps(body, separators=(",", ":"))


def json_answer(
    body: Mapping[str, object], status: int = 200, headers: Mapping[str, str] | None = None
) -> web.Response:
    """Answer with an object. Every object ends with the time it took."""
    return web.json_response({**body, "took": _TOOK}, status=status, headers=headers, dumps=_dumps)


def html_answer(title: str, status: int = 200) -> web.Response:
    """Answer with a page."""
    page = (
        f"<!DOCTYPE html>\n<html><head><title>{title}</title></head><body>{title}</body></html>\n"
    )
    return web.Response(text=page, status=status, content_type="text/html")


def redirect_answer(location: str, status: int) -> web.Response:
    """Send the client elsewhere."""
    return web.Response(status=status, headers={"Location": location})


async def json_object(request: web.Request) -> dict[str, object]:
    """Read the body; one that is not an object counts as empty."""
    body = await json_value(request)
    return body if isinstance(body, dict) else {}


async def json_value(request: web.Request) -> object:
    """Read the body. FTL looks neither at its Content-Type nor at what comes behind the value.

    It passes over a body that is too large.
    """
    data = await request.read()
    text = data.decode(errors="replace").lstrip() if len(data) <= _LARGEST_BODY else ""
    if not text:
        raise ApiError(400, "bad_request", "No request body data")
    try:
        value: object
        value, _ = json.JSONDecoder().raw_decode(text)
    except json.JSONDecodeError as error:
        message = "Invalid request body data (no valid JSON), error at hint"
        raise ApiError(400, "bad_request", message, text[error.pos :]) from None
    return value
