"""The DNS queries that a Pi-hole knows of."""

from http import HTTPMethod
from urllib.parse import quote

from .session import PiholeSession


async def was_asked(session: PiholeSession, domain: str) -> bool:
    """Return whether the Pi-hole's DNS was asked for a domain: it knows that within a second.

    With `misc.privacylevel` above 0 it may not. Raises `ConnectionFailed`, `WrongAddress` or
    `Refused`.
    """
    answer = await session.request(
        HTTPMethod.GET, f"api/queries?domain={quote(domain, safe='')}&length=1"
    )
    answer.raise_for_refusal()
    return bool(answer.objects_at("queries"))
