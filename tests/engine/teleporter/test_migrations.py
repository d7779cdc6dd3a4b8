"""Settings as another version of Pi-hole has them, and what that version makes of them."""

from collections.abc import Mapping
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st
import pytest
import tomli_w

from custom_components.pihole_checkpoint.engine.teleporter.contents import Secret, Setting
from custom_components.pihole_checkpoint.engine.teleporter.migrations import migrated, tidied_host
from pihole_simulator import Pihole
from pihole_simulator.configuration import nested, values
from pihole_simulator.definitions import Setting as Simulated
from pihole_simulator.definitions import definitions
from pihole_simulator.import_files import adopt_configuration
from pihole_simulator.rules import VERSIONS, rules_of
from pihole_simulator.setting_checks import tidied

type Settings = dict[str, Setting | Secret]

OLD: Settings = {"dns.domain": "lan", "dns.revServers": (), "debug.all": False, "debug.api": False}
NEW: Settings = {
    "dns.domain.name": "lan",
    "dns.domain.local": True,
    "dns.revServers": (),
    "debug.all": False,
    "debug.api": False,
    "debug.timing": False,
}
PAIRS = list(permutations(VERSIONS, 2))
SERVER: Settings = {
    "dns.revServer.active": True,
    "dns.revServer.cidr": "192.168.0.0/24",
    "dns.revServer.target": "192.168.0.1",
    "dns.revServer.domain": "fritz.box",
}


def as_setting(value: Simulated) -> Setting:
    return tuple(value) if isinstance(value, list) else value


def of(pihole: Pihole) -> Settings:
    return {name: as_setting(value) for name, value in values(pihole).items()}


def after_an_import(pihole: Pihole, file: Mapping[str, Simulated]) -> Settings:
    content = tomli_w.dumps(nested(file)).encode()
    adopt_configuration(pihole, rules_of(pihole.version), content)
    return of(pihole)


# The domain ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("domain", ["home.arpa", "lan", ""])
def test_the_domain_has_another_name_since_v6_3(domain: str) -> None:
    new = migrated({**OLD, "dns.domain": domain}, NEW)
    assert new == {
        "dns.domain.name": domain,
        "dns.revServers": (),
        "debug.all": False,
        "debug.api": False,
    }


def test_the_domain_has_its_old_name_on_an_older_pihole() -> None:
    assert migrated({**NEW, "dns.domain.name": "home.arpa"}, OLD)["dns.domain"] == "home.arpa"


def test_a_domain_that_is_not_local_stays_unknown_to_an_older_pihole() -> None:
    """Where it always is local, that it is says nothing."""
    assert "dns.domain.local" not in migrated(NEW, OLD)
    assert migrated({**NEW, "dns.domain.local": False}, OLD)["dns.domain.local"] is False


# Others -------------------------------------------------------------------------------------------


def test_the_one_reverse_server_of_the_first_v6_is_added_to_the_others() -> None:
    server = "true,192.168.0.0/24,192.168.0.1,fritz.box"
    assert migrated(SERVER, NEW) == {"dns.revServers": (server,)}
    others = {
        **SERVER,
        "dns.revServers": ("true,10.0.0.0/8,10.0.0.1",),
        "dns.revServer.active": False,
    }
    assert migrated(others, NEW) == {
        "dns.revServers": ("true,10.0.0.0/8,10.0.0.1", f"false{server.removeprefix('true')}")
    }


@pytest.mark.parametrize(
    "missing",
    [{"dns.revServer.cidr": ""}, {"dns.revServer.target": ""}, {"dns.revServer.active": 1}],
)
def test_a_reverse_server_that_is_not_complete_is_dropped(missing: dict[str, Setting]) -> None:
    assert migrated({**SERVER, **missing}, NEW) == {}


def test_all_debugging_is_on_even_what_the_older_pihole_did_not_know() -> None:
    assert migrated({"debug.all": True, "debug.api": True}, NEW) == {
        "debug.all": True,
        "debug.api": True,
        "debug.timing": True,
    }
    assert migrated({"debug.all": False, "debug.api": True}, NEW) == {
        "debug.all": False,
        "debug.api": True,
    }
    all_but_one = {"debug.all": False, "debug.api": True, "debug.timing": False}
    assert migrated(all_but_one, OLD)["debug.api"] is False


@pytest.mark.parametrize(
    ("written", "as_ftl_writes_it"),
    [
        ("192.168.1.2 nas.lan", "192.168.1.2 nas.lan"),
        ("  192.168.1.2 \t nas.lan   nas  ", "192.168.1.2 nas.lan nas"),
        ("192.168.1.2  nas.lan  # the  nas", "192.168.1.2 nas.lan # the  nas"),
        ("192.168.1.2 nas#1", "192.168.1.2 nas#1"),
        ("192.168.1.2 nas #", "192.168.1.2 nas #"),
        ("192.168.1.2 nas # ", "192.168.1.2 nas #"),
        ("192.168.1.2 # nas", "192.168.1.2 # nas"),
        ("192.168.1.2 nas\u00a0  2", "192.168.1.2 nas\u00a0 2"),
        ("192.168.1.2 nas\nlan", "192.168.1.2 nas\nlan"),
        ("192.168.1.2 \n nas", "192.168.1.2 nas"),
        ("192.168.1.2\n nas", "192.168.1.2\n nas"),
        (" ", " "),
        ("192.168.1.2", "192.168.1.2"),
        ("# a comment", "# a comment"),
        ("  # a comment", "  # a comment"),
        ("", ""),
    ],
)
def test_spaces_in_a_dns_host_are_as_ftl_writes_them(written: str, as_ftl_writes_it: str) -> None:
    assert tidied_host(written) == as_ftl_writes_it


@given(st.text(" \t\n#a1", max_size=12))
def test_any_dns_host_is_tidied_as_the_newest_pihole_does_it(host: str) -> None:
    definition = definitions("6.4")["dns.hosts"]
    assert [tidied_host(host)] == tidied(definition, [host])


# All versions -------------------------------------------------------------------------------------


@given(st.data())
def test_a_pihole_takes_settings_as_was_foreseen(data: st.DataObject) -> None:
    """Not foreseen is that FTL passes over an empty domain: under its new name it may be empty."""
    old, new = data.draw(st.sampled_from(PAIRS))
    debugging = [name for name in definitions(old) if name.startswith("debug.")]
    settings: dict[str, Simulated] = {
        "dns.blockTTL": data.draw(st.integers(0, 9)),
        "dns.revServers": data.draw(st.lists(st.just("true,10.0.0.0/8,10.0.0.1"), max_size=1)),
        **dict.fromkeys(data.draw(st.sets(st.sampled_from(debugging))), True),
    }
    domain = "dns.domain" if "dns.domain" in definitions(old) else "dns.domain.name"
    settings[domain] = data.draw(st.sampled_from(["lan", "home.arpa"]))
    backup, target = Pihole(version=old, settings=settings), Pihole(version=new)
    foreseen = migrated(of(backup), of(target))
    expected = {**of(target), **{name: foreseen[name] for name in of(target) if name in foreseen}}
    found = after_an_import(target, values(backup))

    if "dns.domain" in expected and domain == "dns.domain.name":
        expected["dns.domain"] = "lan"  # FTL does not know the way back
    assert found == expected


@pytest.mark.parametrize("version", VERSIONS)
def test_settings_of_the_same_version_stay_as_they_are(version: str) -> None:
    settings = of(Pihole(version=version, settings={"debug.api": True, "dns.port": 5353}))
    assert migrated(settings, of(Pihole(version=version))) == settings


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_migrating_twice_is_migrating_once(old: str, new: str) -> None:
    settings, live = of(Pihole(version=old)), of(Pihole(version=new))
    once = migrated(settings, live)
    assert migrated(once, live) == once
