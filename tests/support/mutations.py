"""Changes that a user makes on a Pi-hole, for property-based tests."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from hypothesis import assume
from hypothesis import strategies as st

from custom_components.pihole_checkpoint.engine.teleporter.diff import ChangeKind, Subject
from pihole_simulator import Adlist, Client, Domain, DomainType, ListType, Pihole, rows
from pihole_simulator.configuration import Table, configuration

names = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="?@"), min_size=1, max_size=12
)
words = st.text("abcdefghij0123456789.:-", min_size=1, max_size=12)
type Seen = tuple[Subject, ChangeKind, str]
type Mutation = Callable[[Pihole, st.DataObject], Seen]
type Row = Adlist | Domain | Client


def fresh(data: st.DataObject, taken: Iterable[str], of: st.SearchStrategy[str] = names) -> str:
    known = set(taken)
    return data.draw(of.filter(lambda name: name not in known))


def one_of[T](data: st.DataObject, choices: Iterable[T]) -> T:
    some = list(choices)
    assume(some)
    return data.draw(st.sampled_from(some))


def some_groups(data: st.DataObject, pihole: Pihole) -> set[int]:
    return data.draw(st.sets(st.sampled_from([group.id for group in pihole.groups])))


def named(row: Row) -> tuple[Subject, str]:
    match row:
        case Adlist():
            return Subject.LISTS, row.address
        case Domain():
            return Subject.DOMAINS, row.domain
        case Client():
            return Subject.CLIENTS, row.ip


def all_rows(pihole: Pihole) -> list[Row]:
    return [*pihole.adlists, *pihole.domains, *pihole.clients]


def add_a_list(pihole: Pihole, data: st.DataObject) -> Seen:
    type_ = data.draw(st.sampled_from(ListType))
    address = fresh(data, (row.address for row in pihole.adlists if row.type is type_))
    enabled, groups = data.draw(st.booleans()), some_groups(data, pihole)
    pihole.add_adlist(address, type_, enabled=enabled, groups=groups)
    return Subject.LISTS, ChangeKind.ADDED, address


def add_a_domain(pihole: Pihole, data: st.DataObject) -> Seen:
    type_ = data.draw(st.sampled_from(DomainType))
    domain = fresh(data, (row.domain for row in pihole.domains if row.type is type_))
    enabled, groups = data.draw(st.booleans()), some_groups(data, pihole)
    pihole.add_domain(domain, type_, enabled=enabled, groups=groups)
    return Subject.DOMAINS, ChangeKind.ADDED, domain


def add_a_client(pihole: Pihole, data: st.DataObject) -> Seen:
    ip = fresh(data, (row.ip for row in pihole.clients))
    pihole.add_client(ip, groups=some_groups(data, pihole))
    return Subject.CLIENTS, ChangeKind.ADDED, ip


def remove_a_row(pihole: Pihole, data: st.DataObject) -> Seen:
    row = one_of(data, all_rows(pihole))
    subject, name = named(row)
    match row:
        case Adlist():
            pihole.adlists.remove(row)
        case Domain():
            pihole.domains.remove(row)
        case Client():
            pihole.clients.remove(row)
    return subject, ChangeKind.REMOVED, name


def switch_a_row(pihole: Pihole, data: st.DataObject) -> Seen:
    switches: list[Adlist | Domain] = [*pihole.adlists, *pihole.domains]
    row = one_of(data, switches)
    row.enabled = not row.enabled
    subject, name = named(row)
    return subject, ChangeKind.ENABLED if row.enabled else ChangeKind.DISABLED, name


def comment_on_a_row(pihole: Pihole, data: st.DataObject) -> Seen:
    row = one_of(data, all_rows(pihole))
    row.comment = fresh(data, [row.comment or ""], st.just("") | names)
    subject, name = named(row)
    return subject, ChangeKind.COMMENT, name


def regroup_a_row(pihole: Pihole, data: st.DataObject) -> Seen:
    row = one_of(data, all_rows(pihole))
    groups = some_groups(data, pihole)
    assume(groups != row.groups)
    row.groups = groups
    subject, name = named(row)
    return subject, ChangeKind.GROUPS, name


def add_a_group(pihole: Pihole, data: st.DataObject) -> Seen:
    name = fresh(data, (group.name for group in pihole.groups))
    pihole.add_group(name, data.draw(st.none() | names))
    return Subject.GROUPS, ChangeKind.ADDED, name


def remove_a_group(pihole: Pihole, data: st.DataObject) -> Seen:
    group = one_of(data, [item for item in pihole.groups if item.id != rows.DEFAULT_GROUP])
    pihole.groups.remove(group)
    for row in all_rows(pihole):
        row.groups.discard(group.id)
    return Subject.GROUPS, ChangeKind.REMOVED, group.name


def rename_a_group(pihole: Pihole, data: st.DataObject) -> Seen:
    group = one_of(data, pihole.groups)
    group.name = fresh(data, (item.name for item in pihole.groups))
    return Subject.GROUPS, ChangeKind.ADDED, group.name


def switch_a_group(pihole: Pihole, data: st.DataObject) -> Seen:
    group = one_of(data, pihole.groups)
    group.enabled = not group.enabled
    return Subject.GROUPS, ChangeKind.ENABLED if group.enabled else ChangeKind.DISABLED, group.name


def describe_a_group(pihole: Pihole, data: st.DataObject) -> Seen:
    group = one_of(data, pihole.groups)
    group.description = fresh(data, [group.description or ""], st.just("") | names)
    return Subject.GROUPS, ChangeKind.COMMENT, group.name


def things(pihole: Pihole) -> list[tuple[Subject, list[str]]]:
    return [
        (Subject.DNS_HOSTS, pihole.hosts),
        (Subject.CNAMES, pihole.cnames),
        (Subject.STATIC_LEASES, pihole.static_leases),
    ]


def add_a_thing(pihole: Pihole, data: st.DataObject) -> Seen:
    subject, texts = one_of(data, things(pihole))
    text = data.draw(names | st.sampled_from(texts or ["-"]))  # it may stand there twice
    texts.insert(data.draw(st.integers(0, len(texts))), text)
    return subject, ChangeKind.ADDED, text


def remove_a_thing(pihole: Pihole, data: st.DataObject) -> Seen:
    subject, texts = one_of(data, (item for item in things(pihole) if item[1]))
    return subject, ChangeKind.REMOVED, texts.pop(data.draw(st.integers(0, len(texts) - 1)))


def reorder_things(pihole: Pihole, data: st.DataObject) -> Seen:
    subject, texts = one_of(data, (item for item in things(pihole) if len(set(item[1])) > 1))
    order = data.draw(st.permutations(texts).filter(lambda order: order != texts))
    texts[:] = order
    return subject, ChangeKind.ORDER, ""


def change_a_setting(pihole: Pihole, data: st.DataObject) -> Seen:
    apart = {"dns.hosts", "dns.cnameRecords", "dhcp.hosts", "files.gravity", "files.database"}
    known = {
        name: value
        for name, value in dotted(configuration(pihole))
        if name not in apart and "pwhash" not in name and "totp" not in name
    }
    name = one_of(data, known)
    match known[name]:
        case bool() as value:
            pihole.settings[name] = not value
        case int() as value:
            pihole.settings[name] = data.draw(st.integers().filter(lambda new: new != value))
        case float() as value:
            pihole.settings[name] = data.draw(st.floats().filter(lambda new: new != value))
        case str() as value:
            pihole.settings[name] = fresh(data, [value], st.just("") | names)
        case list() as value:
            new = data.draw(st.lists(names | st.sampled_from([*value, ""]), max_size=4))
            assume(new != value)
            pihole.settings[name] = new
    return Subject.SETTINGS, ChangeKind.CHANGED, name


def change_a_password(pihole: Pihole, data: st.DataObject) -> Seen:
    kind, setting = data.draw(
        st.sampled_from(
            [("password", "pwhash"), ("app_password", "app_pwhash"), ("totp_secret", "totp_secret")]
        )
    )
    known: str = getattr(pihole.credentials, kind)
    new = fresh(data, [known], st.just("") | names)
    pihole.credentials = replace(pihole.credentials, **{kind: new})
    return Subject.SETTINGS, ChangeKind.CHANGED, f"webserver.api.{setting}"


def put_a_file(pihole: Pihole, data: st.DataObject) -> Seen:
    name = data.draw(
        words.map(lambda word: f"{word}.conf") | st.sampled_from(list(pihole.dnsmasq_d) or ["-"])
    )
    known = pihole.dnsmasq_d.get(name)
    pihole.dnsmasq_d[name] = fresh(data, [] if known is None else [known], st.just("") | names)
    how = ChangeKind.ADDED if known is None else ChangeKind.CHANGED
    return Subject.FILES, how, f"etc/dnsmasq.d/{name}"


def remove_a_file(pihole: Pihole, data: st.DataObject) -> Seen:
    name = one_of(data, pihole.dnsmasq_d)
    del pihole.dnsmasq_d[name]
    return Subject.FILES, ChangeKind.REMOVED, f"etc/dnsmasq.d/{name}"


def change_the_hosts_file(pihole: Pihole, data: st.DataObject) -> Seen:
    pihole.etc_hosts = fresh(data, [pihole.etc_hosts])
    return Subject.FILES, ChangeKind.CHANGED, "etc/hosts"


def meet_a_new_device(pihole: Pihole, data: st.DataObject) -> Seen:
    lease = rows.Lease(
        mac=fresh(data, (item.mac for item in pihole.leases or ()), words),
        ip=data.draw(words),
        name=data.draw(words),
    )
    pihole.leases = [*(pihole.leases or ()), lease]
    return Subject.LEASES, ChangeKind.ADDED, f"{lease.ip} {lease.mac} {lease.name} 01:{lease.mac}"


MUTATIONS: list[Mutation] = [
    *(add_a_list, add_a_domain, add_a_client, remove_a_row),
    *(switch_a_row, comment_on_a_row, regroup_a_row),
    *(add_a_group, remove_a_group, rename_a_group, switch_a_group, describe_a_group),
    *(add_a_thing, remove_a_thing, reorder_things),
    *(change_a_setting, change_a_password, meet_a_new_device),
    *(put_a_file, remove_a_file, change_the_hosts_file),
]


def dotted(table: Mapping[str, object] | Table, path: str = "") -> Iterator[tuple[str, object]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from dotted(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", value
