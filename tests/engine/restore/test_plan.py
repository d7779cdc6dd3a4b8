"""Plans: from any two contents and any selection to the changes, and to what comes of them."""

from collections.abc import Iterable
from dataclasses import replace
from operator import attrgetter

from hypothesis import given, settings
from hypothesis import strategies as st
import pytest

from custom_components.pihole_checkpoint.engine.models import RestorePart
from custom_components.pihole_checkpoint.engine.pihole.models import Versions
from custom_components.pihole_checkpoint.engine.restore.differences import (
    Difference,
    differences_between,
)
from custom_components.pihole_checkpoint.engine.restore.feasibility import Need, Obstacle
from custom_components.pihole_checkpoint.engine.restore.plan import Plan, Way, make_plan
from custom_components.pihole_checkpoint.engine.restore.selection import Selection
from custom_components.pihole_checkpoint.engine.restore.target import Target
from custom_components.pihole_checkpoint.engine.teleporter.contents import (
    DOMAIN_KINDS,
    LIST_KINDS,
    Contents,
    Entry,
    Lease,
    Secret,
    Setting,
)
from custom_components.pihole_checkpoint.engine.teleporter.diff import Subject
from tests.support.contents import NOTHING as WITHOUT_GROUPS

EVERYTHING = Selection(parts=frozenset(RestorePart))
HASH = f"$BALLOON-SHA256$v=1$s=1024,t=32${'A' * 22}==${'A' * 43}="
EMPTY = replace(WITHOUT_GROUPS, versions=Versions(ftl="v6.4.1"))
TARGET = Target(versions=Versions(ftl="v6.4.1"), secrets={"webserver.api.pwhash": HASH})
NOTHING = replace(EMPTY, groups=(Entry(name="Default"),))

few_groups = st.sets(st.sampled_from(["kids", "iot", "guests"]))
few_names = st.sampled_from(["a.example", "b.example", "c.example", "Foo.COM"])
few_comments = st.sampled_from(["", "by hand", "später"])
few_records = st.lists(st.sampled_from(["1.2.3.4 a", "1.2.3.5 b", "::1 c"]), max_size=4).map(tuple)
_SETTINGS: dict[str, st.SearchStrategy[Setting | Secret]] = {
    "dns.blockTTL": st.integers(0, 3),
    "dns.upstreams": few_records,
    "webserver.api.pwhash": st.sampled_from([Secret("a" * 64), Secret("b" * 64)]),
}
few_settings = st.fixed_dictionaries(_SETTINGS)
few_leases = st.lists(
    st.builds(
        Lease,
        ip=st.sampled_from(["10.0.0.2", "10.0.0.3"]),
        mac=st.just("aa:bb"),
        name=st.sampled_from(["tv", "*"]),
        client_id=st.just("*"),
    ),
    unique=True,
    max_size=2,
).map(lambda leases: tuple(sorted(leases)))


@st.composite
def contents(draw: st.DrawFn) -> Contents:
    groups = sorted({"Default", *draw(few_groups)})

    def entries(kinds: list[str]) -> tuple[Entry, ...]:
        entry = st.builds(
            Entry,
            name=few_names,
            kind=st.sampled_from(kinds),
            enabled=st.booleans(),
            comment=few_comments,
            groups=st.sets(st.sampled_from(groups)).map(lambda names: tuple(sorted(names))),
        )
        made = draw(st.lists(entry, max_size=4, unique_by=lambda entry: (entry.name, entry.kind)))
        return ordered(made)

    return replace(
        NOTHING,
        settings=draw(few_settings),
        groups=ordered(
            Entry(name=name, enabled=draw(st.booleans()), comment=draw(few_comments))
            for name in groups
        ),
        lists=entries([*LIST_KINDS.values()]),
        domains=entries([*DOMAIN_KINDS.values()]),
        clients=entries([""]),
        dns_hosts=draw(few_records),
        cnames=draw(few_records),
        static_leases=draw(few_records),
        leases=draw(few_leases),
    )


def ordered(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=attrgetter("name", "kind", "enabled", "comment", "groups")))


def state_of(where: Contents) -> dict[str, object]:
    """Give every item by its ID."""
    return {each.id: each.new for each in differences_between(EMPTY, where)}


@given(a=contents())
def test_a_plan_of_equal_contents_is_empty(a: Contents) -> None:
    plan = make_plan(a, a, EVERYTHING, TARGET)

    assert (plan.changes, plan.left_out, plan.expected) == ((), (), a)


@given(a=contents(), b=contents())
def test_a_plan_for_everything_leads_from_any_contents_to_any_other(
    a: Contents, b: Contents
) -> None:
    plan = make_plan(b, a, EVERYTHING, TARGET)

    assert plan.expected == b
    assert plan.left_out == ()
    assert make_plan(b, plan.expected, EVERYTHING, TARGET).changes == ()


@settings(max_examples=300)
@given(a=contents(), b=contents(), data=st.data())
def test_a_plan_gives_the_backup_inside_the_selection_and_the_pihole_outside(
    a: Contents, b: Contents, data: st.DataObject
) -> None:
    found = [each.id for each in differences_between(a, b)]
    only = frozenset(data.draw(st.sets(st.sampled_from(found)))) if found else frozenset()

    plan = make_plan(b, a, replace(EVERYTHING, only=only), TARGET)

    kept = {each.difference.id for each in plan.left_out}
    brought = {each.difference.id for each in plan.changes if each.is_brought}
    inside = (only - kept) | brought
    before, wanted, after = state_of(a), state_of(b), state_of(plan.expected)
    for each in before.keys() | wanted.keys() | after.keys():
        assert after.get(each) == (wanted if each in inside else before).get(each)
    known = {group.name for group in plan.expected.groups}
    entries = (*plan.expected.lists, *plan.expected.domains, *plan.expected.clients)
    assert known.issuperset(name for entry in entries for name in entry.groups)

    undo = make_plan(a, plan.expected, replace(EVERYTHING, only=frozenset(ids_of(plan))), TARGET)

    assert undo.expected == a


def ids_of(plan: Plan) -> set[str]:
    return {each.id for each in plan.differences}


@given(a=contents(), b=contents())
def test_equal_plans_have_the_same_token_and_others_do_not(a: Contents, b: Contents) -> None:
    plan, same = (make_plan(b, a, EVERYTHING, TARGET) for _ in range(2))
    other = make_plan(b, replace(a, dns_hosts=(*a.dns_hosts, "9.9.9.9 new")), EVERYTHING, TARGET)

    assert plan.token == same.token
    assert plan.token != other.token


def test_a_plan_for_other_orders_of_records_has_another_token() -> None:
    live = replace(NOTHING, dns_hosts=("10.0.0.1 a", "10.0.0.2 b"))
    backup = replace(NOTHING, dns_hosts=("10.0.0.3 c", "10.0.0.1 a", "10.0.0.2 b"))

    def token(backup: Contents, live: Contents) -> str:
        return make_plan(backup, live, EVERYTHING, TARGET).token

    usual = token(backup, live)
    assert token(backup, replace(live, dns_hosts=live.dns_hosts[::-1])) != usual
    assert token(replace(backup, dns_hosts=backup.dns_hosts[::-1]), live) != usual
    assert token(backup, replace(live, lists=(Entry(name="https://a.example"),))) != usual
    assert token(backup, replace(live, leases=())) == usual


def test_a_group_comes_along_with_what_is_in_it() -> None:
    blocked = Entry(name="ads.example", kind="deny_exact", groups=("kids",))
    backup = replace(
        NOTHING, groups=(Entry(name="Default"), Entry(name="kids")), domains=(blocked,)
    )

    plan = make_plan(backup, NOTHING, Selection(parts=frozenset({RestorePart.DOMAINS})), TARGET)

    assert [(each.difference.item, each.is_brought) for each in plan.changes] == [
        ("kids", True),
        ("ads.example", False),
    ]
    assert plan.expected == backup


def test_a_group_stays_as_long_as_something_that_stays_is_in_it() -> None:
    blocked = Entry(name="ads.example", kind="deny_exact", groups=("kids",))
    live = replace(NOTHING, groups=(Entry(name="Default"), Entry(name="kids")), domains=(blocked,))

    plan = make_plan(NOTHING, live, Selection(parts=frozenset({RestorePart.GROUPS})), TARGET)

    [kept] = plan.left_out
    assert (kept.difference.item, kept.reason) == ("kids", Obstacle.IN_USE)
    assert plan.expected == live


def test_the_default_group_goes_only_when_another_takes_its_place() -> None:
    renamed = replace(NOTHING, groups=(Entry(name="Everybody"),), default_group="Everybody")

    plan = make_plan(renamed, NOTHING, EVERYTHING, TARGET)

    assert plan.expected.groups == renamed.groups
    assert plan.ways == (Way.IMPORT,), "over the API it would come back at once"
    removed = next(each.id for each in plan.differences if each.new is None)
    alone = make_plan(renamed, NOTHING, replace(EVERYTHING, only=frozenset({removed})), TARGET)
    assert [each.reason for each in alone.left_out] == [Obstacle.DEFAULT_GROUP]


@pytest.mark.parametrize(
    ("old", "new", "needs_gravity"),
    [
        (None, Entry(name="https://a.example", kind="block"), True),
        (None, Entry(name="https://a.example", kind="block", enabled=False), False),
        (Entry(name="https://a.example", kind="block"), None, False),
        (
            Entry(name="https://a.example", kind="block", enabled=False),
            Entry(name="https://a.example", kind="block"),
            True,
        ),
        (
            Entry(name="https://a.example", kind="block"),
            Entry(name="https://a.example", kind="block", enabled=False),
            False,
        ),
        (
            Entry(name="https://a.example", kind="block"),
            Entry(name="https://a.example", kind="block", comment="x"),
            False,
        ),
    ],
)
def test_gravity_is_updated_only_for_a_list_that_is_not_in_it(
    old: Entry | None, new: Entry | None, *, needs_gravity: bool
) -> None:
    live = replace(NOTHING, lists=() if old is None else (old,))
    backup = replace(NOTHING, lists=() if new is None else (new,))

    plan = make_plan(backup, live, EVERYTHING, TARGET)

    assert (Need.GRAVITY in plan.needs) is needs_gravity
    assert plan.ways[0] is Way.LIVE


@pytest.mark.parametrize(
    ("subject", "entry"),
    [
        (Subject.DOMAINS, Entry(name="Foo.COM", kind="deny_exact")),
        (Subject.DOMAINS, Entry(name="b\u00fccher.example", kind="allow_exact")),
        (Subject.DOMAINS, Entry(name="a b.example", kind="deny_exact")),
        (Subject.DOMAINS, Entry(name="a.example", kind="type 7")),
        (Subject.DOMAINS, Entry(name="a.example", kind="deny_exact", comment="caf\\xe9")),
        (Subject.LISTS, Entry(name="https://a.example/a b", kind="block")),
        (Subject.CLIENTS, Entry(name="my host")),
        (Subject.GROUPS, Entry(name="")),
    ],
)
def test_what_the_api_would_store_differently_is_imported(subject: Subject, entry: Entry) -> None:
    match subject:
        case Subject.DOMAINS:
            backup = replace(NOTHING, domains=(entry,))
        case Subject.LISTS:
            backup = replace(NOTHING, lists=(entry,))
        case Subject.CLIENTS:
            backup = replace(NOTHING, clients=(entry,))
        case _:
            backup = replace(NOTHING, groups=(entry, *NOTHING.groups))

    plan = make_plan(backup, NOTHING, EVERYTHING, TARGET)

    assert plan.ways == (Way.IMPORT,)
    assert plan.needs >= {Need.RESTART}


@pytest.mark.parametrize(
    ("app", "number", "ways"),
    [
        (False, 200, (Way.LIVE, Way.IMPORT)),
        (False, 201, (Way.IMPORT, Way.LIVE)),
        (True, 2000, (Way.LIVE,)),
        (True, 2001, ()),
    ],
)
def test_many_changes_are_imported_where_that_is_allowed(
    *, app: bool, number: int, ways: tuple[Way, ...]
) -> None:
    domains = ordered(Entry(name=f"{index}.example", kind="deny_exact") for index in range(number))
    target = replace(TARGET, is_app=app)

    plan = make_plan(replace(NOTHING, domains=domains), NOTHING, EVERYTHING, target)

    assert plan.ways == ways


def with_settings(**settings: Setting | Secret) -> Contents:
    return replace(
        NOTHING, settings={key.replace("_", "."): value for key, value in settings.items()}
    )


def test_settings_need_permission_and_everything_else_does_not() -> None:
    live, backup = with_settings(dns_blockTTL=2), with_settings(dns_blockTTL=3)
    backup = replace(backup, clients=(Entry(name="10.0.0.9"),))
    target = replace(TARGET, is_app=True)

    plan = make_plan(backup, live, EVERYTHING, target)

    assert plan.ways == ()
    assert Need.PERMISSION in plan.needs
    allowed = frozenset(
        each.difference.id for each in plan.changes if Need.PERMISSION not in each.needs
    )
    alone = make_plan(backup, live, replace(EVERYTHING, only=allowed), target)
    assert alone.ways == (Way.LIVE,)
    old = replace(target, versions=Versions(ftl="v6.0"))
    assert make_plan(backup, live, EVERYTHING, old).ways == (Way.IMPORT,), "v6.0 does not ask"


@pytest.mark.parametrize(
    ("key", "target", "reason"),
    [
        ("dns.blockTTL", replace(TARGET, forced=frozenset({"dns.blockTTL"})), Obstacle.FORCED),
        (
            "webserver.api.pwhash",
            replace(TARGET, forced=frozenset({"webserver.api.password"})),
            Obstacle.FORCED,
        ),
        ("files.gravity", TARGET, Obstacle.INSTALLATION),
        ("misc.readOnly", TARGET, Obstacle.INSTALLATION),
        ("dns.blockTTL", replace(TARGET, is_read_only=True), Obstacle.READ_ONLY),
        ("dns.interface", replace(TARGET, is_other=True), Obstacle.MACHINE),
        ("dhcp.router", replace(TARGET, is_other=True), Obstacle.MACHINE),
        (
            "webserver.api.app_sudo",
            replace(TARGET, is_app=True, has_app_sudo=True),
            Obstacle.ACCESS,
        ),
    ],
)
def test_a_setting_is_left_out_for_a_reason(key: str, target: Target, reason: Obstacle) -> None:
    live, backup = (replace(NOTHING, settings={key: value}) for value in ("old", "new"))

    plan = make_plan(backup, live, EVERYTHING, target)

    assert plan.changes == ()
    assert [each.reason for each in plan.left_out] == [reason]
    assert plan.expected == live


def test_a_setting_that_the_pihole_does_not_know_is_left_out() -> None:
    backup = with_settings(dns_new=1, dns_blockTTL="two")

    plan = make_plan(backup, with_settings(dns_blockTTL=2), EVERYTHING, TARGET)

    assert {each.reason for each in plan.left_out} == {Obstacle.UNKNOWN}
    assert plan.changes == ()


@pytest.mark.parametrize("patterns", [("*",), ("dns",), ("dns.interface", "dns.port")])
def test_settings_of_a_machine_come_to_another_pihole_when_they_are_named(
    patterns: tuple[str, ...],
) -> None:
    other = replace(TARGET, is_other=True)
    backup = replace(NOTHING, settings={"dns.interface": "eth0"})
    live = replace(NOTHING, settings={"dns.interface": "wlan0"})

    plan = make_plan(backup, live, replace(EVERYTHING, settings=patterns), other)

    assert plan.expected.settings == backup.settings


def test_only_the_settings_that_are_named_are_restored() -> None:
    backup = replace(
        with_settings(dns_blockTTL=2), dns_hosts=("1.1.1.1 a",), static_leases=("aa:bb,1.1.1.1",)
    )
    selection = Selection(
        parts=frozenset({RestorePart.SETTINGS}), settings=("dns.hosts", "dhcp.hosts")
    )

    plan = make_plan(backup, with_settings(dns_blockTTL=9), selection, TARGET)

    assert plan.expected.dns_hosts == ("1.1.1.1 a",)
    assert plan.expected.static_leases == ("aa:bb,1.1.1.1",)
    assert plan.expected.settings == {"dns.blockTTL": 9}
    assert plan.left_out == ()


def test_leases_of_a_pihole_that_has_some_stay_unless_they_are_asked_for() -> None:
    old = Lease(ip="10.0.0.2", mac="aa", name="tv", client_id="*")
    live = replace(NOTHING, leases=(replace(old, ip="10.0.0.3"),))
    backup = replace(NOTHING, leases=(old,))

    by_default = make_plan(backup, live, Selection(), TARGET)
    onto_an_empty_one = make_plan(backup, NOTHING, Selection(), TARGET)
    asked_for = make_plan(backup, live, EVERYTHING, TARGET)

    assert {each.reason for each in by_default.left_out} == {Obstacle.LEASES}
    assert onto_an_empty_one.expected == backup
    assert asked_for.expected == backup
    assert asked_for.ways == (Way.IMPORT,)


def test_nothing_of_an_item_is_shown_by_accident() -> None:
    """An address may hold a login."""
    [each] = differences_between(
        NOTHING, replace(NOTHING, lists=(Entry(name="https://u:p@a.example", kind="block"),))
    )

    assert isinstance(each, Difference)
    assert "u:p" not in repr(replace(each, new=None))


@pytest.mark.parametrize(
    ("key", "old", "new"),
    [
        ("webserver.port", "80o,443os", "nonsense"),
        ("webserver.port", "80o,443os", "8080o"),
        ("webserver.tls.cert", "/etc/pihole/tls.pem", "/nowhere/tls.pem"),
        ("webserver.api.pwhash", Secret("a" * 64), Secret("b" * 64)),
    ],
)
def test_what_would_lock_out_is_left_out(
    key: str, old: Setting | Secret, new: Setting | Secret
) -> None:
    """Pi-hole takes each of these without a word, and cannot be reached any more then."""
    live, backup = (replace(NOTHING, settings={key: value}) for value in (old, new))
    target = replace(TARGET, port=80, own_address="10.0.0.5", secrets={key: "********"})

    plan = make_plan(backup, live, EVERYTHING, target)

    assert [each.reason for each in plan.left_out] == [Obstacle.LOCKS_OUT]
    assert plan.changes == ()


def test_an_older_name_of_a_setting_is_restored_under_its_present_one() -> None:
    backup = with_settings(dns_domain="home.arpa")
    live = with_settings(dns_domain_name="lan", dns_domain_local=True)

    plan = make_plan(backup, live, EVERYTHING, TARGET)

    assert plan.expected.settings["dns.domain.name"] == "home.arpa"
    assert plan.left_out == ()
