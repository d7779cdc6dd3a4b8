"""Comparing contents of different versions of Pi-hole: an upgrade alone changes nothing."""

from dataclasses import replace
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st
import pytest

from custom_components.pihole_checkpoint.engine.teleporter import config
from custom_components.pihole_checkpoint.engine.teleporter.contents import Contents, fingerprint
from custom_components.pihole_checkpoint.engine.teleporter.diff import compare
from custom_components.pihole_checkpoint.engine.teleporter.limits import Limits, MemoryBudget
from custom_components.pihole_checkpoint.engine.teleporter.marks import read_marks
from pihole_simulator import Pihole
from pihole_simulator.configuration import render
from pihole_simulator.definitions import Setting, definitions
from pihole_simulator.import_files import adopt_configuration
from pihole_simulator.rules import VERSIONS, rules_of
from tests.support.contents import NOTHING
from tests.support.example import NOW
from tests.support.reading import ContentsOf
from tests.support.words import headline, sentences

UPGRADES = list(combinations(VERSIONS, 2))
HOME: dict[str, Setting] = {"dns.upstreams": ["9.9.9.9"], "dns.hosts": ["192.168.1.10 nas.lan"]}


def of_version(version: str, **changed: Setting) -> Pihole:
    named = {name.replace("__", "."): value for name, value in changed.items()}
    return Pihole(version=version, versions=rules_of(version).versions, settings={**HOME, **named})


def upgraded(pihole: Pihole, version: str) -> Pihole:
    """Return a Pi-hole of another version that starts with this one's file."""
    new = Pihole(version=version, versions=rules_of(version).versions)
    file = render(pihole, NOW).encode()
    new.credentials = adopt_configuration(new, rules_of(version), file)
    return new


def configured(pihole: Pihole) -> Contents:
    """Return what a Pi-hole's file holds, and nothing else: quicker than with an archive."""
    content, limits = render(pihole, NOW).encode(), Limits()
    budget = MemoryBudget(limits.memory)
    found = config.flatten(config.parse(content), budget, limits)
    return replace(
        NOTHING,
        versions=config.read_versions(content),
        settings=found,
        marks=read_marks(content, found.keys(), budget),
    )


@pytest.mark.parametrize(("old", "new"), UPGRADES)
def test_an_upgrade_alone_is_no_change(contents_of: ContentsOf, old: str, new: str) -> None:
    home = of_version(old, dns__port=5353)
    before, after = contents_of(home), contents_of(upgraded(home, new))

    assert fingerprint(before) != fingerprint(after)
    assert compare(before, after) == ()
    assert compare(after, before) == ()


@pytest.mark.parametrize("new", ["6.3", "6.4"])
def test_the_domain_is_the_same_under_its_new_name(contents_of: ContentsOf, new: str) -> None:
    home = of_version("6.2", dns__domain="home.arpa")
    before, after = contents_of(home), contents_of(upgraded(home, new))

    assert compare(before, after) == ()
    assert compare(after, before) == ()


def test_another_domain_is_a_change_under_its_new_name(contents_of: ContentsOf) -> None:
    """An empty domain does not survive the upgrade."""
    home = of_version("6.2", dns__domain="home.arpa")
    changed = upgraded(home, "6.4")
    changed.settings["dns.domain.name"] = "fritz.box"
    assert sentences(compare(contents_of(home), contents_of(changed))) == [
        "dns.domain.name changed from home.arpa to fritz.box."
    ]
    assert sentences(compare(contents_of(changed), contents_of(home))) == [
        "dns.domain changed from fritz.box to home.arpa."
    ]
    home.settings["dns.domain"] = ""
    assert headline(compare(contents_of(home), contents_of(upgraded(home, "6.4")))) == (
        "1 setting changed"
    )


def test_what_is_set_after_an_upgrade_is_a_change(contents_of: ContentsOf) -> None:
    home = of_version("6.0")
    new = upgraded(home, "6.4")
    new.settings |= {"dns.localise": False, "dns.port": 5353, "dns.domain.local": False}

    assert sentences(compare(contents_of(home), contents_of(new))) == [
        "dns.domain.local added: off.",
        "dns.localise added: off.",
        "dns.port changed from 53 to 5353.",
    ]


def test_what_an_upgrade_takes_away_is_a_change(contents_of: ContentsOf) -> None:
    home = of_version("6.0", files__setupVars="/etc/other.conf")
    changes = compare(contents_of(home), contents_of(upgraded(home, "6.4")))
    assert [(change.item, change.how) for change in changes] == [("files.setupVars", "removed")]


def test_all_of_debugging_is_on_before_and_after_an_upgrade(contents_of: ContentsOf) -> None:
    home = of_version("6.2")
    home.settings |= {name: True for name in definitions("6.2") if name.startswith("debug.")}
    new = upgraded(home, "6.4")

    assert new.settings["debug.timing"] is True
    assert compare(contents_of(home), contents_of(new)) == ()


def test_spaces_that_the_newer_version_removes_are_no_change(contents_of: ContentsOf) -> None:
    home = of_version("6.2", dns__hosts=["192.168.1.10   nas.lan  nas", "192.168.1.11 tv.lan"])
    new = upgraded(home, "6.4")

    assert new.hosts[0] == "192.168.1.10 nas.lan nas"
    assert compare(contents_of(home), contents_of(new)) == ()
    new.hosts.reverse()
    assert sentences(compare(contents_of(home), contents_of(new))) == [
        "Order of DNS hosts changed."
    ]


def test_without_marks_every_setting_counts(contents_of: ContentsOf) -> None:
    """A file that FTL did not write alone does not say what its defaults are."""
    home = of_version("6.3")
    before, after = contents_of(home), contents_of(upgraded(home, "6.4"))

    assert compare(before, after) == ()
    assert [change.item for change in compare(before, replace(after, marks=None))] == [
        "debug.timing"
    ]
    assert compare(replace(before, marks=None), after) == ()


def test_without_two_versions_every_setting_counts(contents_of: ContentsOf) -> None:
    home = of_version("6.2")
    before, after = contents_of(home), contents_of(upgraded(home, "6.4"))
    unknown = replace(after.versions, ftl=None)

    for old, new in (
        (before, replace(after, versions=unknown)),
        (replace(before, versions=unknown), after),
        (replace(before, versions=after.versions), after),
    ):
        assert {change.item for change in compare(old, new)} >= {"dns.domain", "dns.domain.name"}


@settings(max_examples=30)
@given(st.data())
def test_only_what_is_set_differs_between_versions(data: st.DataObject) -> None:
    """An upgrade itself changes nothing, and what is set after it is all that differs."""
    old, new = data.draw(st.sampled_from(UPGRADES))
    switches = [
        name
        for name, definition in definitions(old).items()
        if definition.default in (True, False)
        and isinstance(definition.default, bool)
        and name in definitions(new)
        and name.startswith(("dns.", "webserver.", "debug."))
        and name != "debug.all"
    ]
    flipped = st.sets(st.sampled_from(switches), max_size=4)
    home = of_version(old)
    home.settings |= {name: not definitions(old)[name].default for name in data.draw(flipped)}
    after = upgraded(home, new)
    assert compare(configured(home), configured(after)) == ()

    changed = data.draw(flipped)
    before = configured(after)
    after.settings |= {
        name: not after.settings.get(name, definitions(new)[name].default) for name in changed
    }
    assert {change.item for change in compare(configured(home), configured(after))} == changed
    assert {change.item for change in compare(before, configured(after))} == changed
