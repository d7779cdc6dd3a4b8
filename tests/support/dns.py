"""Asking a DNS server, as a device in the network does."""

import asyncio
from typing import Final

import aiodns
import pycares

NO_SUCH_NAME: Final = "no such name"
NOTHING: Final = "nothing"
REFUSED: Final = "refused"
SILENCE: Final = "silence"
_BETWEEN_TRIES: Final = 0.05

_OUTCOMES: Final = {
    aiodns.error.ARES_ENOTFOUND: NO_SUCH_NAME,
    aiodns.error.ARES_ENODATA: NOTHING,
    aiodns.error.ARES_EREFUSED: REFUSED,
    aiodns.error.ARES_ETIMEOUT: SILENCE,
    aiodns.error.ARES_ECONNREFUSED: SILENCE,
}


async def look_up(
    port: int,
    name: str,
    type_: str = "A",
    *,
    patience: float = 0.5,
    wait: float = 0.0,
    over_tcp: bool = False,
) -> list[str]:
    """Return what is answered: a record with its TTL each, or why there are no records.

    `patience`: how long one answer may take; `wait`: how long a silent server is asked again.
    """
    end = asyncio.get_running_loop().time() + wait
    while True:
        answer = await _look_up(port, name, type_, patience=patience, over_tcp=over_tcp)
        if answer != [SILENCE] or asyncio.get_running_loop().time() > end:
            return answer
        await asyncio.sleep(_BETWEEN_TRIES)


async def _look_up(
    port: int, name: str, type_: str, *, patience: float, over_tcp: bool
) -> list[str]:
    async with aiodns.DNSResolver(
        nameservers=["127.0.0.1"],
        udp_port=port,
        tcp_port=port,
        timeout=patience,
        tries=1,
        flags=pycares.ARES_FLAG_USEVC if over_tcp else 0,
    ) as resolver:
        try:
            found = await resolver.query_dns(name, type_)
        except aiodns.error.DNSError as error:
            return [_OUTCOMES.get(error.args[0], str(error))]
    shown = []
    for record in found.answer:
        match record.data:
            case pycares.ARecordData(addr=value) | pycares.AAAARecordData(addr=value):
                shown.append(f"{value} ({record.ttl} s)")
            case pycares.CNAMERecordData(cname=value):
                shown.append(f"{record.name} is {value} ({record.ttl} s)")
    return sorted(shown) or [NOTHING]
