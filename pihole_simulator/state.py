"""What one Pi-hole is set up to do: everything that ends up in its Teleporter archive."""

from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Self, cast

from .credentials import Credentials
from .definitions import Setting
from .rows import DEFAULT_GROUP, Adlist, Client, Domain, DomainType, Group, Lease, ListType, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """What is installed."""

    core: str = "v6.3"
    web: str = "v6.4"
    ftl: str = "v6.4.1"


class _Named[T: Setting]:
    """A setting that is an attribute, too."""

    def __init__(self, name: str, default: Callable[[], T]) -> None:
        self._name = name
        self._default = default

    def __get__(self, pihole: Pihole, _: type[Pihole]) -> T:
        return cast("T", pihole.settings.setdefault(self._name, self._default()))

    def __set__(self, pihole: Pihole, value: T) -> None:
        pihole.settings[self._name] = value


@dataclass(slots=True, kw_only=True)
class Pihole:
    """One Pi-hole. Everything may be changed at any time; the next export shows it."""

    version: str = "6.4"
    """As in `rules.rules_of`."""
    hostname: str = "pihole"
    credentials: Credentials = field(default_factory=Credentials)
    versions: Versions | None = field(default_factory=Versions)
    groups: list[Group] = field(
        default_factory=lambda: [
            Group(id=DEFAULT_GROUP, name="Default", description="The default group")
        ]
    )
    adlists: list[Adlist] = field(default_factory=list)
    domains: list[Domain] = field(default_factory=list)
    clients: list[Client] = field(default_factory=list)
    leases: list[Lease] | None = None  # None: there is no file dhcp.leases
    settings: dict[str, Setting] = field(default_factory=dict)
    """Those that are not the default, by full name: "dns.interface"."""
    forced: dict[str, Setting] = field(default_factory=dict)
    """Those that its environment fixes."""
    upstreams = _Named[list[str]]("dns.upstreams", list)
    hosts = _Named[list[str]]("dns.hosts", list)
    cnames = _Named[list[str]]("dns.cnameRecords", list)
    static_leases = _Named[list[str]]("dhcp.hosts", list)
    max_sessions = _Named[int]("webserver.api.max_sessions", lambda: 16)
    session_timeout = _Named[int]("webserver.session.timeout", lambda: 1800)
    dnsmasq_d: dict[str, str] = field(default_factory=dict)
    etc_hosts: str = "127.0.0.1 localhost\n192.168.1.2 pi.hole\n"
    restless: bool = False
    """Whether something is another way with every export over the network."""
    gravity_lies_at: str | None = None
    """Where the database is. `None`: where the settings say."""
    strays: dict[str, set[tuple[int, int]]] = field(default_factory=dict)
    """Rows of the database that put missing items into groups, by table."""
    counters: dict[str, int] = field(default_factory=dict, repr=False, compare=False)
    """The highest id that was ever given, by table. No id is given twice."""

    @classmethod
    def example(cls) -> Self:
        """Return a believable home."""
        home = cls(
            settings={
                "dns.upstreams": ["9.9.9.9", "149.112.112.112"],
                "dns.hosts": ["192.168.1.10 nas.lan", "192.168.1.11 printer.lan"],
                "dns.cnameRecords": ["files.lan,nas.lan"],
                "dhcp.hosts": ["00:11:22:33:44:55,192.168.1.60,camera"],
            },
            leases=[Lease(mac="00:11:22:33:44:66", ip="192.168.1.77", name="phone")],
            dnsmasq_d={"99-local.conf": "# local options\naddress=/lab.lan/192.168.1.99\n"},
        )
        kids, iot = (home.add_group(name, f"{name} devices").id for name in ("kids", "iot"))
        lists = "https://lists.example.org"
        home.add_adlist(f"{lists}/ads.txt", comment="Ads")
        home.add_adlist(f"{lists}/malware.txt", comment="Malware — häufig")
        home.add_adlist(f"{lists}/social.txt", groups={kids}, comment="Social networks")
        home.add_adlist(f"{lists}/allow.txt", ListType.ALLOW, enabled=False)
        home.add_domain("shop.example.com", DomainType.ALLOW_EXACT)
        home.add_domain("tracker.example.com", comment="seen on TV")
        home.add_domain(r"(^|\.)school\.example$", DomainType.ALLOW_REGEX, groups={kids})
        home.add_domain(r"^ad[0-9]+\.", DomainType.DENY_REGEX, comment="numbered ads")
        home.add_client("192.168.1.50", groups={DEFAULT_GROUP, kids}, comment="tablet")
        home.add_client("192.168.1.60", groups={iot}, comment="camera")
        return home

    def add_group(self, name: str, description: str | None = None) -> Group:
        """Add a group."""
        group = Group(id=self._next_id("group", self.groups), name=name, description=description)
        self.groups.append(group)
        return group

    def add_adlist(
        self,
        address: str,
        type: ListType = ListType.BLOCK,  # noqa: A002 - it is called so in the database
        *,
        enabled: bool = True,
        comment: str | None = None,
        groups: Iterable[int] = (DEFAULT_GROUP,),
    ) -> Adlist:
        """Subscribe to a list."""
        row = Adlist(
            id=self._next_id("adlist", self.adlists),
            address=address,
            type=type,
            enabled=enabled,
            comment=comment,
            groups=set(groups),
        )
        self.adlists.append(row)
        return row

    def add_domain(
        self,
        domain: str,
        type: DomainType = DomainType.DENY_EXACT,  # noqa: A002 - it is called so in the database
        *,
        enabled: bool = True,
        comment: str | None = None,
        groups: Iterable[int] = (DEFAULT_GROUP,),
    ) -> Domain:
        """Allow or deny a domain."""
        row = Domain(
            id=self._next_id("domainlist", self.domains),
            domain=domain,
            type=type,
            enabled=enabled,
            comment=comment,
            groups=set(groups),
        )
        self.domains.append(row)
        return row

    def add_client(
        self, ip: str, *, comment: str | None = None, groups: Iterable[int] = (DEFAULT_GROUP,)
    ) -> Client:
        """Give a client groups of its own."""
        id_ = self._next_id("client", self.clients)
        row = Client(id=id_, ip=ip, comment=comment, groups=set(groups))
        self.clients.append(row)
        return row

    def never_give_again(self, highest: int) -> None:
        """Go on with the ids above one that came from elsewhere."""
        for table in ("group", "adlist", "domainlist", "client"):
            self.counters[table] = max(self.counters.get(table, 0), highest)

    def _next_id(self, table: str, rows: Iterable[Row]) -> int:
        given = max((row.id for row in rows), default=0)
        self.counters[table] = id_ = max(self.counters.get(table, 0), given) + 1
        return id_

    def update_gravity(self, at: int, unreachable: AbstractSet[str] = frozenset()) -> None:
        """Download the lists anew: only what such an update touches changes.

        The database is made anew, and so what was deleted has left no trace in its counters.
        """
        self.counters.clear()
        for index, adlist in enumerate(self.adlists, start=1):
            if adlist.enabled and adlist.address in unreachable:
                # Nothing is kept here of what was downloaded before, as on a fresh host.
                adlist.status, adlist.number, adlist.invalid_domains = 4, 0, 0
            elif adlist.enabled:
                adlist.date_updated, adlist.status = at, 1
                adlist.number, adlist.invalid_domains, adlist.abp_entries = 1000 * index, index, 0

    def read_settings_again(self) -> None:
        """Lose what the file cannot hold: empty texts in lists."""
        for value in self.settings.values():
            if isinstance(value, list):
                value[:] = filter(None, value)

    def renew_leases(self, expires: int) -> None:
        """Let every device ask for its address again."""
        for lease in self.leases or ():
            lease.expires = expires
