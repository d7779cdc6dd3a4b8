"""Generated Pi-holes, and what a restore must make of two of them."""

from collections.abc import Callable, Collection, Iterable, Sequence
from collections.abc import Set as AbstractSet
from copy import deepcopy
from dataclasses import fields, replace
from functools import cache
import re
from typing import cast
from zlib import crc32

from hypothesis import strategies as st

from custom_components.pihole_checkpoint.engine.models import RestorePart
from pihole_simulator import (
    Adlist,
    Client,
    Domain,
    DomainType,
    Group,
    Lease,
    ListType,
    Pihole,
    Simulator,
)
from pihole_simulator.definitions import Setting, definitions
from pihole_simulator.rows import DEFAULT_GROUP, Member
from pihole_simulator.setting_checks import tidied
from tests.support.mutations import MUTATIONS, Mutation, all_rows, names, words

type Two = tuple[Pihole, Pihole]
type Parts = AbstractSet[RestorePart]

PAIRS = {
    RestorePart.LISTS: {"adlist", "adlist_by_group"},
    RestorePart.DOMAINS: {"domainlist", "domainlist_by_group"},
    RestorePart.CLIENTS: {"client", "client_by_group"},
}

GRAVITY_PARTS = frozenset(part for part in RestorePart if part.is_in_gravity)
DEFAULT = "Default"
OTHER_NAMES = (*("kids", "iot", "guests"), "häufig 'so'")
few_names = st.sampled_from(OTHER_NAMES) | names
comments = st.none() | st.just("") | names
# So few that those of two Pi-holes meet all the time.
few_ids = st.integers(1, 8)
times = st.integers(1_700_000_000, 1_700_000_003)
few_domains = st.sampled_from(["a.example", "b.example", r"^c[0-9]+\."]) | names
few_addresses = st.sampled_from(["192.168.1.5", "10.0.0.0/8", "00:11:22:33:44:55", ":eth0"]) | words
_SETTINGS: dict[str, st.SearchStrategy[Setting]] = {
    "dns.blockTTL": st.integers(0, 2**31),
    "dns.domainNeeded": st.booleans(),
    "dns.hostRecord": names,
    "dns.revServers": st.lists(names.map("false,{}".format), max_size=2),
    "dns.reply.host.IPv4": st.sampled_from(["", "192.168.1.2"]),
    "dhcp.ipv6": st.booleans(),
    "dhcp.router": st.sampled_from(["", "192.168.1.1"]),
    "webserver.api.temp.limit": st.floats(0, 200),
}
things = st.lists(names, max_size=3)
_LISTS: dict[str, st.SearchStrategy[Setting]] = dict.fromkeys(
    ("dns.upstreams", "dns.hosts", "dns.cnameRecords", "dhcp.hosts"), things
)
# What changes Pi-holes from within: neither who may log in nor what no import touches.
CHANGES: list[Mutation] = [
    mutate
    for mutate in MUTATIONS
    if mutate.__name__
    not in {
        *("change_a_password", "change_a_setting"),
        *("put_a_file", "remove_a_file", "change_the_hosts_file"),
    }
]


def rows_of[M: (Adlist, Domain, Client)](
    kind: type[M], key: Callable[[M], object], **columns: st.SearchStrategy[object]
) -> st.SearchStrategy[list[M]]:
    """Have a few rows with other ids and other keys each."""
    rows = st.builds(kind, id=few_ids, comment=comments, **columns)
    return st.lists(rows, max_size=4, unique_by=(lambda row: row.id, key))


# Hypothesis examines each strategy before its first value, which takes longer than the values: all
# are made once, and those of what is in groups once for each set of groups.
_GROUP = st.builds(
    Group,
    id=few_ids,
    name=few_names.filter(lambda name: name != DEFAULT),
    enabled=st.booleans(),
    description=comments,
    date_added=times,
)
_GROUPS = st.lists(_GROUP, max_size=4, unique_by=(lambda item: item.id, lambda item: item.name))
_LEASES = st.none() | st.lists(
    st.builds(
        Lease,
        mac=words,
        ip=words,
        name=words,
        expires=st.just(0) | st.integers(4_000_000_000, 4_000_000_003),
        client_id=st.none() | words,
    ),
    max_size=3,
    unique_by=lambda value: value.mac,
)
_ANY_SETTINGS = st.fixed_dictionaries(_LISTS, optional=_SETTINGS)


@cache
def _in_groups(groups: frozenset[int]) -> st.SearchStrategy[set[int]]:
    return st.sets(st.sampled_from(sorted(groups)))


@cache
def _adlists(groups: frozenset[int]) -> st.SearchStrategy[list[Adlist]]:
    return rows_of(
        Adlist,
        lambda row: (row.address, row.type),
        address=few_domains,
        type=st.sampled_from(ListType),
        enabled=st.booleans(),
        groups=_in_groups(groups),
        date_modified=times,
        date_updated=st.none() | times,
        number=st.integers(0, 3),
        status=st.integers(0, 3),
        abp_entries=st.integers(0, 3),
    )


@cache
def _domains(groups: frozenset[int]) -> st.SearchStrategy[list[Domain]]:
    return rows_of(
        Domain,
        lambda row: (row.domain, row.type),
        domain=few_domains,
        type=st.sampled_from(DomainType),
        enabled=st.booleans(),
        groups=_in_groups(groups),
        date_added=times,
    )


@cache
def _clients(groups: frozenset[int]) -> st.SearchStrategy[list[Client]]:
    return rows_of(
        Client,
        lambda row: row.ip,
        ip=few_addresses,
        groups=_in_groups(groups),
        date_modified=times,
    )


@st.composite
def piholes(draw: st.DrawFn) -> Pihole:
    """Have any Pi-hole, with few enough names and numbers to share some with any other one."""
    default = replace(draw(_GROUP), id=DEFAULT_GROUP, name=DEFAULT)
    groups = [default, *draw(_GROUPS)]
    ids = frozenset(item.id for item in groups)
    pihole = Pihole(
        groups=draw(st.permutations(groups)),
        adlists=draw(_adlists(ids)),
        domains=draw(_domains(ids)),
        clients=draw(_clients(ids)),
        settings=draw(_ANY_SETTINGS),
        leases=draw(_LEASES),
    )
    pihole.settings["webserver.api.app_sudo"] = True
    pihole.never_give_again(8)
    make_importable(pihole)
    return pihole


def make_importable(pihole: Pihole) -> None:
    """Have nothing that a Pi-hole refuses to import, or tidies."""
    hosts = tidied(definitions(pihole.version)["dns.hosts"], pihole.hosts)
    pihole.hosts = [line for line in cast("list[str]", hosts) if line]
    upstreams = (re.sub(r"[\s#]", "", server) for server in pihole.upstreams)
    pihole.upstreams = [server for server in upstreams if server]
    aliases = ("a" + record.partition(",")[0] + ",target" for record in pihole.cnames)
    pihole.cnames = list(dict.fromkeys(aliases))


_PIHOLES = piholes()
_CHANCE = st.booleans()
_DATA = st.data()
_CHANGES = st.lists(st.sampled_from(CHANGES), max_size=4)
_OTHER_DEFAULTS = st.sampled_from(["Everyone", "All"])


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Pihole, Pihole]:
    """Have two Pi-holes: strangers, or one as it was and has become."""
    a = draw(_PIHOLES)
    b = draw(_PIHOLES) if draw(_CHANCE) else grown(draw, a)
    if draw(_CHANCE):
        rename_the_default_group(a, draw(_OTHER_DEFAULTS))
    return a, b


def make_polite(pihole: Pihole) -> None:
    """Have names as Pi-hole's API takes them, and the same in every Pi-hole."""

    def plain(name: str) -> str:
        return f"n{crc32(name.encode()):x}.example"

    for adlist in pihole.adlists:
        adlist.address = f"https://{plain(adlist.address)}/"
    for domain in pihole.domains:
        domain.domain = plain(domain.domain)
    for client in pihole.clients:
        client.ip = plain(client.ip)
    for group in pihole.groups:
        group.name = re.sub(r"[\r\n\0]", "-", group.name)
    pihole.hosts = [f"192.168.1.1 {plain(line)}" for line in pihole.hosts]
    for name in ("dns.hostRecord", "dns.revServers"):
        pihole.settings.pop(name, None)


def grown(draw: st.DrawFn, pihole: Pihole) -> Pihole:
    """Let years pass: things are changed, deleted, and added again with other numbers."""
    pihole = copied(pihole)
    data = draw(_DATA)
    for mutate in draw(_CHANGES):
        mutate(pihole, data)
    if draw(_CHANCE):
        renumber(pihole, lambda count: draw(st.permutations(range(1, count + 1))))
    make_importable(pihole)
    return pihole


def renumber(pihole: Pihole, numbers: Callable[[int], Sequence[int]]) -> None:
    others = [group for group in pihole.groups if group.id != DEFAULT_GROUP]
    ids = {group.id: number for group, number in zip(others, numbers(len(others)), strict=True)} | {
        DEFAULT_GROUP: DEFAULT_GROUP
    }
    for group in others:
        group.id = ids[group.id]
    for row in all_rows(pihole):
        row.groups = {ids[id_] for id_ in row.groups}
    tables: tuple[Sequence[Member], ...] = (pihole.adlists, pihole.domains, pihole.clients)
    for table in tables:
        for member, number in zip(table, numbers(len(table)), strict=True):
            member.id = number


def copied(pihole: Pihole) -> Pihole:
    values = {field.name: deepcopy(getattr(pihole, field.name)) for field in fields(pihole)}
    copy = Pihole(**values)
    copy.never_give_again(max(row.id for row in (*copy.groups, *all_rows(copy))))
    return copy


def rename_the_default_group(pihole: Pihole, name: str) -> None:
    default_group(pihole).name = name


def default_group(pihole: Pihole) -> Group:
    return next(group for group in pihole.groups if group.id == DEFAULT_GROUP)


def restored(a: Pihole, b: Pihole, parts: Collection[RestorePart]) -> Pihole:
    """Return what B is when parts of A were restored. All ids are other ones."""
    of_a, of_b = group_names(a), group_names(b)
    ids: dict[str, int] = {}

    def chosen[M: Member](part: RestorePart, in_a: Iterable[M], in_b: Iterable[M]) -> list[M]:
        rows, known = (in_a, of_a) if part in parts else (in_b, of_b)
        return [
            replace(
                row,
                # What is in a group that does not exist is not in it.
                groups={ids.setdefault(known[id_], len(ids)) for id_ in row.groups if id_ in known},
            )
            for row in rows
        ]

    now = {(row.address, row.type): row for row in b.adlists}
    pihole = replace(
        copied(b),
        adlists=[
            row if (known := now.get((row.address, row.type))) is None else with_counts(row, known)
            for row in chosen(RestorePart.LISTS, a.adlists, b.adlists)
        ],
        domains=chosen(RestorePart.DOMAINS, a.domains, b.domains),
        clients=chosen(RestorePart.CLIENTS, a.clients, b.clients),
    )
    used = set(ids)
    if of_a[DEFAULT_GROUP] in of_b.values():
        used.add(of_b[DEFAULT_GROUP])  # none takes its place
    main, other = (a, b)[:: 1 if RestorePart.GROUPS in parts else -1]
    groups = {group.name: group for group in main.groups}
    groups |= {
        group.name: group
        for group in other.groups
        if group.name in used and group.name not in groups
    }
    pihole.groups = [
        replace(group, id=ids.setdefault(name, len(ids))) for name, group in groups.items()
    ]
    if RestorePart.SETTINGS in parts:
        pihole.settings = a.settings
    if RestorePart.DHCP_LEASES in parts:
        pihole.leases = a.leases
    return pihole


def group_names(pihole: Pihole) -> dict[int, str]:
    return {group.id: group.name for group in pihole.groups}


def with_counts(row: Adlist, known: Adlist) -> Adlist:
    """Leave what the Pi-hole has found out about a list."""
    return replace(
        row,
        date_updated=known.date_updated,
        number=known.number,
        invalid_domains=known.invalid_domains,
        status=known.status,
        abp_entries=known.abp_entries,
    )


def become(sim: Simulator, pihole: Pihole) -> None:
    """Let the simulated Pi-hole be set up like another one; who may log in, and its ports stay."""
    now = copied(pihole)
    now.settings["dns.port"] = sim.dns.port
    for name in (
        *("groups", "adlists", "domains", "clients", "upstreams", "hosts", "cnames"),
        *("static_leases", "leases", "settings"),
    ):
        setattr(sim.pihole, name, getattr(now, name))
    sim.pihole.never_give_again(max(row.id for row in now.groups) + 100)
