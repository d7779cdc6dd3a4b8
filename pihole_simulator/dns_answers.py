"""What the DNS of a Pi-hole answers."""

from collections.abc import Iterator
from dataclasses import dataclass
import ipaddress
import re
from typing import Final, Self

from .configuration import is_on, values
from .dns_message import Outcome, Question, Record, Reply, Type
from .rows import DEFAULT_GROUP, Client, Domain, DomainType, Group
from .state import Pihole

ASKED_FROM: Final = "127.0.0.1"
_OWN: Final = {Type.A: "127.0.0.1"}
_NOTHING: Final = {Type.A: "0.0.0.0", Type.AAAA: "::"}  # noqa: S104 - what a blocked name has
_IN_A_CHAIN: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Gravity:
    """What of the gravity database decides whether a name is blocked, at one moment."""

    groups: list[Group]
    domains: list[Domain]
    clients: list[Client]

    @classmethod
    def of(cls, pihole: Pihole) -> Self:
        """Return what it is now. What a request changes makes new lists, so these stay."""
        return cls(groups=pihole.groups, domains=pihole.domains, clients=pihole.clients)

    def is_what(self, other: Gravity) -> bool:
        """Return whether no request has changed anything between the two."""
        return (
            self.groups is other.groups
            and self.domains is other.domains
            and self.clients is other.clients
        )

    def denies(self, name: str) -> bool:
        """Return whether a name is blocked for who asks. To allow it is stronger."""
        kinds = {domain.type for domain in self._for_who_asks() if _is_about(domain, name)}
        allowed = {DomainType.ALLOW_EXACT, DomainType.ALLOW_REGEX}
        return bool(kinds - allowed) and not kinds & allowed

    def _for_who_asks(self) -> Iterator[Domain]:
        enabled = {group.id for group in self.groups if group.enabled}
        groups = self._groups_of_who_asks() & enabled
        return (domain for domain in self.domains if domain.enabled and domain.groups & groups)

    def _groups_of_who_asks(self) -> set[int]:
        """Return the groups of the row that fits best: of the longest prefix."""
        address = ipaddress.ip_address(ASKED_FROM)
        rows = [(network, client) for client in self.clients if (network := _network(client.ip))]
        fitting = [(network.prefixlen, client) for network, client in rows if address in network]
        if not fitting:
            return {DEFAULT_GROUP}
        return max(fitting, key=lambda pair: pair[0])[1].groups


def reply_to(question: Question, pihole: Pihole, gravity: Gravity, upstream: str | None) -> Reply:
    """Answer a question. `upstream`: the address that all other names have; `None` for none."""
    settings, name = values(pihole), question.name
    if is_own_name(name, pihole):
        return Reply(records=_addresses(name, question, _OWN, ttl=0))
    if is_on(pihole, "dns.blocking.active") and gravity.denies(name):
        return _blocked(question, settings["dns.blocking.mode"], settings["dns.blockTTL"])
    if local := list(_local(pihole, name, gravity)):
        if question.type == Type.CNAME:
            return Reply(records=[record for record in local[:1] if record.type == Type.CNAME])
        wanted = {question.type, Type.CNAME}
        return Reply(records=[record for record in local if record.type in wanted])
    if upstream is None or question.type != Type.A:
        outcome = Outcome.NO_SUCH_NAME if upstream is None else Outcome.FOUND
        return Reply(outcome=outcome)
    return Reply(records=_addresses(name, question, {Type.A: upstream}, ttl=300))


def _blocked(question: Question, mode: object, ttl: object) -> Reply:
    """Answer for a blocked name, asked on loopback."""
    addresses: dict[Type, str] = {}
    match mode:
        case "NX":
            return Reply(outcome=Outcome.NO_SUCH_NAME)
        case "NULL":
            addresses = _NOTHING
        case "IP":
            addresses = _NOTHING | _OWN
        case "IP_NODATA_AAAA":
            addresses = _OWN
    return Reply(records=_addresses(question.name, question, addresses, ttl=int(str(ttl))))


def _addresses(
    name: str, question: Question, addresses: dict[Type, str], *, ttl: int
) -> list[Record]:
    return [
        Record(name=name, type=type_, ttl=ttl, value=value)
        for type_, value in addresses.items()
        if type_ == question.type
    ]


def is_own_name(name: str, pihole: Pihole) -> bool:
    """Return whether a name is one of Pi-hole itself, which no limit and no list is for."""
    settings = values(pihole)
    suffix = str(settings.get("dns.domain.name", settings.get("dns.domain", ""))).lower()
    names = ("pi.hole", pihole.hostname.lower())
    return name in {*names, *(f"{own}.{suffix}" for own in names if suffix)}


def _local(pihole: Pihole, name: str, gravity: Gravity) -> Iterator[Record]:
    """Yield the records of a name: those of its targets behind those that name them.

    A target that is denied has no address.
    """
    cnames = _cnames(pihole)
    for _ in range(_IN_A_CHAIN):
        if name not in cnames:
            break
        target, ttl = cnames[name]
        yield Record(name=name, type=Type.CNAME, ttl=ttl, value=target)
        name = target
        if is_on(pihole, "dns.blocking.active") and gravity.denies(name):
            return
    for address, names in _hosts(pihole):
        if name in names:
            type_ = Type.A if address.version == 4 else Type.AAAA  # noqa: PLR2004 - IPv4
            yield Record(name=name, type=type_, ttl=0, value=str(address))


def _hosts(
    pihole: Pihole,
) -> Iterator[tuple[ipaddress.IPv4Address | ipaddress.IPv6Address, list[str]]]:
    for line in pihole.hosts:
        address, *names = line.partition("#")[0].lower().split() or [""]
        try:
            yield ipaddress.ip_address(address), [name.removesuffix(".") for name in names]
        except ValueError:
            continue


def _cnames(pihole: Pihole) -> dict[str, tuple[str, int]]:
    """Return the target of each name, and how long that may be remembered."""
    found: dict[str, tuple[str, int]] = {}
    for line in pihole.cnames:
        *names, target = (part.strip(" \t") for part in line.lower().split(","))
        ttl = 0
        if len(names) > 1 and target.isdecimal():
            ttl, target = int(target), names.pop()
        found |= dict.fromkeys(names, (target, ttl))
    return found


def _is_about(domain: Domain, name: str) -> bool:
    if domain.type in {DomainType.ALLOW_EXACT, DomainType.DENY_EXACT}:
        return domain.domain == name
    try:
        return re.search(domain.domain, name, re.IGNORECASE) is not None
    except re.error:
        return False


def _network(client: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(client, strict=False)
    except ValueError:
        return None
