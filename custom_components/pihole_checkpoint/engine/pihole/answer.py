"""A JSON answer of a Pi-hole, and what its errors mean."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from .errors import (
    CheckpointError,
    Forbidden,
    GravityUnreadable,
    NoFreeSeat,
    PiholeFailed,
    ProxyAnswered,
    ProxyCannotReach,
    ProxyTooLarge,
    RateLimited,
    SessionEnded,
)
from .redaction import redact_strictly

_LONGEST_REASON: Final = 200
"""In characters."""
_REFUSALS: Final[Mapping[str, type[CheckpointError]]] = {
    "unauthorized": SessionEnded,
    "forbidden": Forbidden,
    "rate_limiting": RateLimited,
    "api_seats_exceeded": NoFreeSeat,
}
"""Errors by the Pi-hole's own keys; see "Errors" and "Sessions" in `docs/pihole-api.md`."""
_GRAVITY_UNREADABLE: Final = "create gravity database"
"""A part of a message. Its key, `compression_error`, is that of each reason an export fails for."""
_CANNOT_REACH: Final = frozenset({502, 504})
"""What a proxy answers that does not reach its server. 503 may be its own limit, as nginx's."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """A JSON answer of a Pi-hole."""

    status: int
    """The HTTP status."""
    body: dict[str, object]
    secrets: AbstractSet[str] = field(repr=False)
    """Texts that are removed from what is quoted of the answer."""

    def object_at(self, *keys: str) -> dict[str, object]:
        """Return the object at a path in the body; an empty one if it is missing."""
        value: object = self.body
        for key in keys:
            value = value.get(key) if isinstance(value, dict) else None
        return value if isinstance(value, dict) else {}

    def objects_at(self, *keys: str) -> list[dict[str, object]]:
        """Return the objects in an array at a path in the body; none if it is missing."""
        *path, last = keys
        values = self.object_at(*path).get(last)
        return (
            [item for item in values if isinstance(item, dict)] if isinstance(values, list) else []
        )

    @property
    def error_key(self) -> str | None:
        """Return the Pi-hole's own key of the error, such as `bad_request`."""
        key = self.object_at("error").get("key")
        return key if isinstance(key, str) else None

    @property
    def reason(self) -> str:
        """Return why the Pi-hole refused, in its own words; `-` when it gave no reason."""
        error = self.object_at("error")
        return self.quote(error.get("hint") or error.get("message"))

    @property
    def full_reason(self) -> str:
        """Return why the Pi-hole refused, with what it refused: its message and its hint."""
        error = self.object_at("error")
        parts = (error.get("message"), error.get("hint"))
        return self.quote(": ".join(part for part in parts if isinstance(part, str) and part))

    def quote(self, words: object) -> str:
        """Return words of the Pi-hole as a part of a sentence, without secrets."""
        # The sentence goes on behind it.
        return printable(words, self.secrets).rstrip(" .!") or "-"

    def raise_for_refusal(self) -> None:
        """Raise `Refused` if the Pi-hole refused the request, or an error of `error_of_proxy`."""
        if self.error_key is None:
            if self.status >= HTTPStatus.BAD_REQUEST:
                raise error_of_proxy(self.status)
            return
        if (error := _REFUSALS.get(self.error_key)) is not None:
            raise error
        if _GRAVITY_UNREADABLE in str(self.object_at("error").get("message")):
            raise GravityUnreadable
        raise PiholeFailed(status=str(self.status), reason=self.reason)


def error_of_proxy(status: int) -> CheckpointError:
    """Return what an answer means that is not a Pi-hole's: `ConnectionFailed` or `WrongAddress`."""
    known = status in HTTPStatus
    shown = f"{status} {HTTPStatus(status).phrase}" if known else str(status)
    if status in _CANNOT_REACH:
        return ProxyCannotReach(status=shown)
    if status == HTTPStatus.CONTENT_TOO_LARGE:
        return ProxyTooLarge(status=shown)
    return ProxyAnswered(status=shown)


def printable(text: object, secrets: AbstractSet[str]) -> str:
    """Return a text of a Pi-hole as one short line without secrets; `-` for anything else."""
    if not isinstance(text, str):
        return "-"
    return redact_strictly(text, secrets)[:_LONGEST_REASON].strip() or "-"
