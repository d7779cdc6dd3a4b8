from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
import json

from hypothesis import given
from hypothesis import strategies as st
import pytest

from custom_components.pihole_checkpoint.engine.models import (
    LastChange,
)
from custom_components.pihole_checkpoint.engine.pihole.models import Versions
from custom_components.pihole_checkpoint.engine.repository.record_reading import from_json
from custom_components.pihole_checkpoint.engine.repository.record_writing import (
    changes_to_data,
    to_json,
)
from custom_components.pihole_checkpoint.engine.teleporter.contents import (
    DOMAIN_KINDS,
    LIST_KINDS,
    Contents,
    Counts,
    Entry,
    Lease,
    Secret,
    Setting,
    fingerprint,
)
from custom_components.pihole_checkpoint.engine.teleporter.diff import (
    Change,
    ChangeKind,
    Subject,
    by_item,
    compare,
    of_configuration,
)
from pihole_simulator import Adlist, DomainType, ListType, Pihole, rows
from tests.support.contents import NOTHING
from tests.support.example import NOW
from tests.support.reading import ContentsOf
from tests.support.records import make_record
from tests.support.words import headline, sentences

LISTS = "https://lists.example.org"
PASSWORD = "hunter2"


def row(pihole: Pihole, name: str) -> Adlist:
    [found] = [adlist for adlist in pihole.adlists if adlist.address == f"{LISTS}/{name}.txt"]
    return found


def shown_of(changes: tuple[Change, ...]) -> str:
    """Return all that is ever shown of changes."""
    data = json.dumps(changes_to_data(changes), ensure_ascii=False)
    return "\n".join([repr(changes), data, headline(changes), *sentences(changes)])


# What a user reads --------------------------------------------------------------------------------


def test_changes_are_described_in_a_few_sentences(contents_of: ContentsOf) -> None:
    home = Pihole.example()
    before = contents_of(home)
    home.adlists.remove(row(home, "malware"))
    home.add_adlist(f"{LISTS}/phishing.txt", comment="Phishing")
    [tracker] = [domain for domain in home.domains if domain.domain == "tracker.example.com"]
    tracker.enabled = False
    home.add_domain("metrics.example.net")
    home.clients = [client for client in home.clients if client.ip != "192.168.1.50"]
    home.hosts[1] = "192.168.1.12 scanner.lan"
    home.upstreams = ["1.1.1.1", "9.9.9.9"]
    home.update_gravity(1_800_000_000)
    after = contents_of(home)

    changes = compare(before, after)

    assert headline(changes) == (
        "1 list added, 1 list removed, 1 domain disabled, 1 domain added, 1 client removed, "
        "1 DNS host added, 1 DNS host removed, 1 setting changed"
    )
    assert sentences(changes) == [
        "1 list added: https://lists.example.org/phishing.txt.",
        "1 list removed: https://lists.example.org/malware.txt.",
        "1 domain disabled: tracker.example.com (denied).",
        "1 domain added: metrics.example.net (denied).",
        "1 client removed: 192.168.1.50.",
        "1 DNS host added: 192.168.1.12 scanner.lan.",
        "1 DNS host removed: 192.168.1.11 printer.lan.",
        "dns.upstreams changed from 9.9.9.9, 149.112.112.112 to 1.1.1.1, 9.9.9.9.",
    ]
    assert {name: some for name, some in changes_to_data(changes).items() if some} == {
        "lists": [
            {"change": "added", "item": f"{LISTS}/phishing.txt", "kind": "block"},
            {"change": "removed", "item": f"{LISTS}/malware.txt", "kind": "block"},
        ],
        "domains": [
            {"change": "added", "item": "metrics.example.net", "kind": "deny_exact"},
            {"change": "disabled", "item": "tracker.example.com", "kind": "deny_exact"},
        ],
        "clients": [{"change": "removed", "item": "192.168.1.50", "old": "tablet"}],
        "dns_hosts": [
            {"change": "added", "item": "192.168.1.12 scanner.lan"},
            {"change": "removed", "item": "192.168.1.11 printer.lan"},
        ],
        "settings": [
            {
                "change": "changed",
                "item": "dns.upstreams",
                "old": ["9.9.9.9", "149.112.112.112"],
                "new": ["1.1.1.1", "9.9.9.9"],
            }
        ],
    }

    home.renew_leases(1_900_000_000)
    assert compare(after, contents_of(home)) == ()


def test_where_nothing_changed_nothing_is_said_and_every_subject_is_named() -> None:
    assert headline(()) == ""
    assert sentences(()) == []
    assert changes_to_data(()) == {subject.value: [] for subject in Subject}


def test_a_list_that_is_disabled_is_a_change_of_its_own(contents_of: ContentsOf) -> None:
    home = Pihole.example()
    before = contents_of(home)
    row(home, "ads").enabled = False
    row(home, "allow").enabled = True

    changes = compare(before, contents_of(home))

    assert headline(changes) == "1 list enabled, 1 list disabled"
    assert sentences(changes) == [
        "1 list enabled: https://lists.example.org/allow.txt (allow list).",
        "1 list disabled: https://lists.example.org/ads.txt.",
    ]


def test_a_comment_and_other_groups_are_changes_of_their_own(contents_of: ContentsOf) -> None:
    home = Pihole.example()
    before = contents_of(home)
    row(home, "ads").comment = "Werbung"
    row(home, "ads").groups = {0, 1}
    row(home, "social").comment = None
    row(home, "social").groups = set()

    changes = compare(before, contents_of(home))

    assert changes == tuple(
        Change(
            subject=Subject.LISTS,
            how=how,
            item=f"{LISTS}/{name}.txt",
            kind="block",
            old=old,
            new=new,
        )
        for name, how, old, new in (
            ("ads", ChangeKind.COMMENT, "Ads", "Werbung"),
            ("ads", ChangeKind.GROUPS, ("Default",), ("Default", "kids")),
            ("social", ChangeKind.COMMENT, "Social networks", ""),
            ("social", ChangeKind.GROUPS, ("kids",), ()),
        )
    )
    here = f"{LISTS}/ads.txt: comment changed, now in Default, kids"
    there = f"{LISTS}/social.txt: comment changed, now in no group"
    assert headline(changes) == "2 lists changed"
    assert sentences(changes) == [f"2 lists changed: {here}; {there}."]


def test_a_group_that_is_renamed_is_another_group_with_the_same_things_in_it(
    contents_of: ContentsOf,
) -> None:
    home = Pihole.example()
    before = contents_of(home)
    home.groups[2].name = "things"

    assert sentences(compare(before, contents_of(home))) == [
        "1 client moved to other groups: 192.168.1.60: now in things.",
        "1 group added: things.",
        "1 group removed: iot.",
    ]


def test_a_group_that_is_switched_or_described_says_so(contents_of: ContentsOf) -> None:
    home = Pihole.example()
    before = contents_of(home)
    home.groups[1].enabled = False
    home.groups[2].description = "All that has no screen"

    assert sentences(compare(before, contents_of(home))) == [
        "1 group disabled: kids.",
        "1 group description changed: iot.",
    ]


def test_what_was_denied_and_is_allowed_is_one_removed_and_one_added(
    contents_of: ContentsOf,
) -> None:
    home = Pihole.example()
    before = contents_of(home)
    [tracker] = [domain for domain in home.domains if domain.domain == "tracker.example.com"]
    tracker.type = DomainType.ALLOW_EXACT
    row(home, "ads").type = ListType.ALLOW

    assert sentences(compare(before, contents_of(home))) == [
        "1 list added: https://lists.example.org/ads.txt (allow list).",
        "1 list removed: https://lists.example.org/ads.txt.",
        "1 domain added: tracker.example.com (allowed).",
        "1 domain removed: tracker.example.com (denied).",
    ]


def test_a_regex_and_a_domain_of_the_same_text_are_distinguished(contents_of: ContentsOf) -> None:
    home = Pihole()
    before = contents_of(home)
    for type_ in DomainType:
        home.add_domain("ads.example", type_)

    assert {change.kind for change in compare(before, contents_of(home))} == {
        *DOMAIN_KINDS.values()
    }
    assert headline(compare(before, contents_of(home))) == "4 domains added"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("hosts", "Order of DNS hosts changed."),
        ("cnames", "Order of CNAME records changed."),
        ("static_leases", "Order of static leases changed."),
    ],
)
def test_the_order_of_what_has_an_order_is_a_change(
    contents_of: ContentsOf, name: str, sentence: str
) -> None:
    home = Pihole()
    setattr(home, name, ["one,a", "two,b", "one,a"])
    before = contents_of(home)
    setattr(home, name, ["two,b", "one,a", "one,a"])

    changes = compare(before, contents_of(home))

    assert sentences(changes) == [sentence]
    assert f"{headline(changes)}." == sentence


def test_a_file_that_came_went_or_changed_is_named(contents_of: ContentsOf) -> None:
    home = Pihole.example()
    home.dnsmasq_d["10-old.conf"] = "#"
    before = contents_of(home)
    home.etc_hosts += "10.0.0.1 nas\n"
    home.dnsmasq_d["20-new.conf"] = home.dnsmasq_d.pop("10-old.conf")

    assert sentences(compare(before, contents_of(home))) == [
        "1 file added: etc/dnsmasq.d/20-new.conf.",
        "1 file removed: etc/dnsmasq.d/10-old.conf.",
        "1 file changed: etc/hosts.",
    ]


def test_a_new_device_is_a_change_but_none_of_the_configuration(contents_of: ContentsOf) -> None:
    home = Pihole.example()
    before = contents_of(home)
    assert home.leases is not None
    home.leases[0] = rows.Lease(mac="00:aa", ip="192.168.1.78", name="tv")

    changes = compare(before, contents_of(home))

    assert sentences(changes) == [
        "1 DHCP lease added: 192.168.1.78 00:aa tv 01:00:aa.",
        "1 DHCP lease removed: 192.168.1.77 00:11:22:33:44:66 phone 01:00:11:22:33:44:66.",
    ]
    assert of_configuration(changes) == ()


# Secrets ------------------------------------------------------------------------------------------


def test_a_changed_password_is_shown_as_changed_and_no_more(contents_of: ContentsOf) -> None:
    home = Pihole.example()
    home.credentials = replace(home.credentials, password="old-one", app_password="")
    known, before = home.credentials.secrets, contents_of(home)
    home.credentials = replace(home.credentials, password="new-one", app_password="an-app")
    after = contents_of(home)

    changes = compare(before, after)

    assert sentences(changes) == [
        "webserver.api.app_pwhash changed.",
        "webserver.api.pwhash changed.",
    ]
    assert headline(changes) == "2 settings changed"
    assert changes_to_data(changes)["settings"] == [
        {"change": "changed", "item": "webserver.api.app_pwhash"},
        {"change": "changed", "item": "webserver.api.pwhash"},
    ]
    digests = {
        value.digest
        for contents in (before, after)
        for value in contents.settings.values()
        if isinstance(value, Secret)
    }
    assert digests
    assert not [
        digest
        for digest in known | home.credentials.secrets | digests
        if digest in shown_of(changes)
    ]


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        (f"https://me:{PASSWORD}@lists.example/a.txt", "https://***@lists.example/a.txt"),
        (f"https://{PASSWORD}@lists.example/a.txt", "https://***@lists.example/a.txt"),
        (f"ftp://me:{PASSWORD}@[fd00::1]:21/a.txt", "ftp://***@[fd00::1]:21/a.txt"),
        (f"https://me:p@{PASSWORD}@lists.example/a.txt", "https://***@lists.example/a.txt"),
        (f"https://x.example/a?token={PASSWORD}", "https://x.example/a?token=***"),
        (f"https://x.example/a?v=2&ToKeN={PASSWORD}&x=3", "https://x.example/a?v=2&ToKeN=***&x=3"),
        (f"https://x.example/a?access_token={PASSWORD}=", "https://x.example/a?access_token=***"),
        (f"https://x.example/a?a=1?pw={PASSWORD}", "https://x.example/a?a=1?pw=***"),
        ("https://x.example/a?token=", "https://x.example/a?token="),
        ("https://x.example/tokens.txt", "https://x.example/tokens.txt"),
    ],
)
def test_what_opens_something_is_blotted_out_of_an_address(
    contents_of: ContentsOf, address: str, shown: str
) -> None:
    home = Pihole()
    empty = contents_of(home)
    subscribed = home.add_adlist(address)
    added = contents_of(home)
    subscribed.enabled = False
    disabled = contents_of(home)
    subscribed.comment = f"mirror of {address}"
    home.hosts = home.upstreams = [address]
    home.settings["dns.interface"] = address
    home.settings["dns.revServers"] = [f"see {address}"]
    commented = contents_of(home)

    for old, new in ((empty, added), (added, disabled), (disabled, commented), (commented, empty)):
        changes = compare(old, new)
        assert PASSWORD not in shown_of(changes)
        assert shown in shown_of(changes)
    assert [change.item for change in compare(empty, added)] == [shown]


def test_another_password_in_an_address_is_still_a_change(contents_of: ContentsOf) -> None:
    home = Pihole()
    home.add_adlist("https://me:old-one@lists.example/a.txt")
    home.settings["dns.interface"] = "https://me:old-one@lists.example/a.txt"
    before = contents_of(home)
    home.adlists[0].address = "https://me:new-one@lists.example/a.txt"
    home.settings["dns.interface"] = "https://me:new-one@lists.example/a.txt"

    changes = compare(before, contents_of(home))

    assert headline(changes) == "1 list added, 1 list removed, 1 setting changed"
    assert "-one" not in shown_of(changes)


# Much, and long -----------------------------------------------------------------------------------


def test_a_long_list_is_cut_short_in_words_and_whole_in_data() -> None:
    def entries(names: str) -> tuple[Entry, ...]:
        return tuple(Entry(name=name, kind="block") for name in sorted(names.split()))

    many = entries(" ".join(f"d{index:03}" for index in range(140)) + " a b c")
    changes = compare(NOTHING, replace(NOTHING, lists=many))

    assert sentences(changes) == ["143 lists added: a, b, c and 140 more."]
    assert headline(changes) == "143 lists added"
    data = changes_to_data(changes)["lists"]
    assert isinstance(data, list)
    assert len(data) == 143
    three = compare(NOTHING, replace(NOTHING, lists=entries("a b c")))
    assert sentences(three) == ["3 lists added: a, b, c."]


def test_of_many_settings_ten_are_named_and_the_others_counted() -> None:
    def settings(number: int, value: Setting) -> Contents:
        return replace(NOTHING, settings={f"misc.{item:02}": value for item in range(number)})

    ten, eleven, more = (
        sentences(compare(settings(number, 1), settings(number, 2))) for number in (10, 11, 30)
    )

    assert ten == [f"misc.{item:02} changed from 1 to 2." for item in range(10)]
    assert eleven == [*ten, "And 1 more."]
    assert more == [*ten, "And 20 more."]
    changes = compare(settings(30, 1), settings(30, 2))
    assert headline(changes) == "30 settings changed"
    assert len(changes) == 30


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (True, False, "dns.x changed from on to off."),
        (None, "", "dns.x added."),
        (5, None, "dns.x removed (was 5)."),
        ((), ("a", "b"), "dns.x changed from nothing to a, b."),
        (60.0, 60.5, "dns.x changed from 60.0 to 60.5."),
        (None, Secret("0"), "dns.x added."),
        (Secret("0"), None, "dns.x removed."),
        (Secret("0"), Secret("1"), "dns.x changed."),
    ],
)
def test_a_value_is_written_as_a_person_would(
    old: Setting | Secret | None, new: Setting | Secret | None, sentence: str
) -> None:
    def contents(value: Setting | Secret | None) -> Contents:
        return replace(NOTHING, settings={} if value is None else {"dns.x": value})

    assert sentences(compare(contents(old), contents(new))) == [sentence]


LONG = f"one\ntwo\r\n\tthree\x0b\x85\u2028{'four ' * 100}"


@pytest.mark.parametrize(
    "contents",
    [
        replace(NOTHING, lists=(Entry(name=LONG, kind="allow"),)),
        replace(NOTHING, lists=(Entry(name="a", kind=LONG),)),
        replace(NOTHING, clients=(Entry(name=LONG, groups=(LONG, LONG)),)),
        replace(NOTHING, groups=(Entry(name=LONG, comment=LONG),)),
        replace(NOTHING, dns_hosts=(LONG,)),
        replace(NOTHING, leases=(Lease(ip=LONG, mac=LONG, name=LONG, client_id=LONG),)),
        replace(NOTHING, settings={"dns.x": LONG}),
        replace(NOTHING, settings={"dns.x": (LONG, LONG)}),
        replace(NOTHING, settings={LONG: 1}),
        replace(NOTHING, settings={LONG: Secret("0")}),
        replace(NOTHING, files={LONG: "0"}),
    ],
    ids=lambda contents: next(
        name for name in contents.__slots__ if getattr(contents, name) != getattr(NOTHING, name)
    ),
)
def test_a_sentence_is_always_one_line_that_can_be_read(contents: Contents) -> None:
    for changes in (compare(NOTHING, contents), compare(contents, NOTHING)):
        [sentence] = sentences(changes)
        assert len(sentence.splitlines()) == 1
        assert len(sentence) < 300
        assert "one two three four" in sentence


def test_comments_and_groups_that_are_very_long_are_cut_too() -> None:
    short = replace(NOTHING, clients=(Entry(name="a"),))
    long = replace(NOTHING, clients=(Entry(name="a", comment=LONG, groups=(LONG,)),))

    for sentence in sentences(compare(short, long)):
        assert len(sentence.splitlines()) == 1
        assert len(sentence) < 300
    assert {change.new for change in compare(short, long)} == {LONG, (LONG,)}, "whole in data"


# Properties ---------------------------------------------------------------------------------------

few = st.sampled_from(["a", "b", "c", "d", "ä\n"])
texts = few | st.text(max_size=5)
values: st.SearchStrategy[Setting] = (
    st.booleans()
    | st.integers(2, 2**63 - 1)  # what is equal and of another type has a test of its own
    | st.floats(-1, -0.1)
    | texts
    | st.lists(texts, max_size=3).map(tuple)
)


def sorted_by_key(entries: list[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda value: (value.name, value.kind)))


def entries(kinds: Mapping[int, str] | None = None) -> st.SearchStrategy[tuple[Entry, ...]]:
    return st.lists(
        st.builds(
            Entry,
            name=texts,
            kind=st.sampled_from(list(kinds.values())) if kinds else st.just(""),
            enabled=st.booleans(),
            comment=texts,
            groups=st.sets(few, max_size=2).map(lambda names: tuple(sorted(names))),
        ),
        max_size=4,
        unique_by=lambda value: (value.name, value.kind),
    ).map(sorted_by_key)


things = st.lists(texts, max_size=4).map(tuple)
hashes = st.sampled_from(["0" * 64, "1" * 64])
some_contents = st.builds(
    Contents,
    versions=st.just(Versions()),
    settings=st.dictionaries(texts, values | st.builds(Secret, hashes), max_size=4),
    groups=entries(),
    lists=entries(LIST_KINDS),
    domains=entries(DOMAIN_KINDS),
    clients=entries(),
    dns_hosts=things,
    cnames=things,
    static_leases=things,
    leases=st.lists(st.builds(Lease, ip=few, mac=few, name=few, client_id=few), max_size=3).map(
        lambda leases: tuple(sorted(set(leases)))
    ),
    files=st.dictionaries(texts, hashes, max_size=3),
)


@given(some_contents, some_contents)
def test_there_are_changes_exactly_where_the_fingerprints_differ(
    old: Contents, new: Contents
) -> None:
    assert compare(old, old) == ()
    assert (compare(old, new) == ()) == (fingerprint(old) == fingerprint(new))


MIRROR = {
    ChangeKind.ADDED: ChangeKind.REMOVED,
    ChangeKind.REMOVED: ChangeKind.ADDED,
    ChangeKind.ENABLED: ChangeKind.DISABLED,
    ChangeKind.DISABLED: ChangeKind.ENABLED,
}


@given(some_contents, some_contents)
def test_the_way_back_is_the_mirror_of_the_way_there(old: Contents, new: Contents) -> None:
    there, back = compare(old, new), compare(new, old)

    mirrored = [
        replace(change, how=MIRROR.get(change.how, change.how), old=change.new, new=change.old)
        for change in back
    ]
    assert Counter(there) == Counter(mirrored)


@given(some_contents, some_contents)
def test_changes_are_read_from_a_record_as_they_were_written(old: Contents, new: Contents) -> None:
    changes = compare(old, new)
    record = replace(
        make_record(NOW),
        versions=new.versions,
        counts=Counts.of(new),
        fingerprint=fingerprint(new),
        changes=changes,
        last_change=LastChange.of(NOW, changes),
        confirmed_at=NOW,
    )

    again = from_json(to_json(record), record.filename)

    assert again == record
    assert [type(change.new) for change in again.changes or ()] == [
        type(item.new) for item in changes
    ]
    assert sentences(again.changes or ()) == sentences(changes)


@given(some_contents, some_contents)
def test_every_change_is_counted_in_the_headline_and_stands_on_lines_of_its_own(
    old: Contents, new: Contents
) -> None:
    changes = compare(old, new)
    said = sentences(changes)

    assert bool(said) == bool(headline(changes)) == bool(changes)
    ordered = sum(change.how is ChangeKind.ORDER for change in changes)
    counted = sum(int(word) for word in headline(changes).split() if word.isdigit())
    assert counted == sum(1 for _ in by_item(changes)) - ordered
    assert all(len(line.splitlines()) == 1 for line in (*said, headline(changes) or "-"))
