"""Restores that make changes one by one, while the Pi-hole goes on answering."""

from copy import deepcopy
from dataclasses import replace

import pytest

from pihole_simulator import Credentials, DomainType, Fault, Group, WriteFailure, faults
from pihole_simulator.definitions import Setting
from pihole_simulator.fault_plan import Place
from tests.support.kitchen import APP_SUDO, IMPORT, Kitchen, issues, messed_up
from tests.support.passwords import APP_PASSWORD, NEW_PASSWORD
from tests.support.timings import change_restore_timings

VERSIONS = ("6.0", "6.2", "6.3", "6.4")
GRAVITY = ["groups", "lists", "domains", "clients"]
LISTS: dict[str, Setting] = {
    "dns.revServers": ["true,192.168.1.0/24,192.168.1.1,lan"],
    "webserver.api.excludeClients": ["^192\\.168\\.1\\.9$"],
    "webserver.api.excludeDomains": ["^private\\.example$"],
    "misc.dnsmasq_lines": ["address=/lab.lan/192.168.1.98"],
}
PASSWORD_HASH = "webserver.api.pwhash"
SECTIONS = ("groups", "adlists", "domains", "clients")


@pytest.mark.parametrize("sim", VERSIONS, indirect=True)
async def test_lists_domains_clients_and_groups_come_back_without_a_restart_or_a_permission(
    kitchen: Kitchen,
) -> None:
    stored, before, messed = await messed_up(kitchen)
    kitchen.sim.pihole.settings[APP_SUDO] = False

    answer = await kitchen.restore(stored, include=GRAVITY)

    assert [kitchen.configuration[name] for name in SECTIONS] == [before[name] for name in SECTIONS]
    assert kitchen.configuration["settings"]["dns.blockTTL"] == 60
    assert (answer["proven"], answer["way"], kitchen.sim.restarts) == (True, "live", 0)
    assert {item["outcome"] for item in answer["items"]} == {"done"}

    await kitchen.undo()

    kitchen.sim.pihole.settings[APP_SUDO] = True
    assert kitchen.configuration == messed
    assert kitchen.sim.restarts == 0


async def test_rows_that_are_not_restored_keep_their_ids_and_dates(kitchen: Kitchen) -> None:
    stored = await kitchen.back_up()
    pihole = kitchen.sim.pihole
    pihole.add_domain("new.example.com")
    others = deepcopy([domain for domain in pihole.domains if domain.domain != "new.example.com"])

    await kitchen.restore(stored)

    assert pihole.domains == others


async def test_one_change_of_a_preview_is_restored_and_its_undo_takes_back_no_more(
    kitchen: Kitchen,
) -> None:
    stored, _, messed = await messed_up(kitchen)
    preview = await kitchen.restore(stored, dry_run=True)
    [wanted] = [
        item for item in preview["items"] if item["item"] == "https://evil.example/list.txt"
    ]
    assert kitchen.configuration == messed

    answer = await kitchen.restore(stored, plan=preview["plan"], only=[wanted["id"]])

    expected = deepcopy(messed)
    del expected["adlists"][next(key for key in expected["adlists"] if "evil" in str(key))]
    assert kitchen.configuration == expected
    assert [item["item"] for item in answer["items"]] == ["https://evil.example/list.txt"]
    kitchen.sim.pihole.add_domain("since.example.com")

    await kitchen.undo()

    assert "since.example.com" in [domain.domain for domain in kitchen.sim.pihole.domains]
    kitchen.sim.pihole.domains.pop()
    assert kitchen.configuration == messed


async def test_single_changes_are_refused_without_the_plan_they_are_from(kitchen: Kitchen) -> None:
    stored, _, messed = await messed_up(kitchen)

    await kitchen.fails(kitchen.restore(stored, only=["0123456789abcdef"]), "only_without_plan")

    assert kitchen.configuration == messed


async def test_a_plan_is_not_carried_out_when_the_pihole_has_changed_since(
    kitchen: Kitchen,
) -> None:
    stored, _, _ = await messed_up(kitchen)
    preview = await kitchen.restore(stored, dry_run=True)
    kitchen.sim.pihole.add_domain("since.example.com")
    before = kitchen.configuration

    await kitchen.fails(kitchen.restore(stored, plan=preview["plan"]), "restore_outdated")

    assert kitchen.configuration == before
    assert kitchen.home.state("activity").state == "idle"
    await kitchen.fails(kitchen.undo(), "nothing_to_undo")


async def test_a_plan_is_not_carried_out_when_records_have_another_order_since(
    kitchen: Kitchen,
) -> None:
    pihole = kitchen.sim.pihole
    pihole.hosts = ["10.0.0.1 a", "10.0.0.2 b", "10.0.0.3 c"]
    stored = await kitchen.back_up()
    pihole.hosts = ["10.0.0.1 a", "10.0.0.2 b"]
    preview = await kitchen.restore(stored, dry_run=True)
    pihole.hosts.reverse()

    await kitchen.fails(kitchen.restore(stored, plan=preview["plan"]), "restore_outdated")

    assert pihole.hosts == ["10.0.0.2 b", "10.0.0.1 a"]


@pytest.mark.parametrize("way", ["live", "import"])
async def test_what_somebody_changes_during_a_restore_is_never_overwritten(
    kitchen: Kitchen, way: str
) -> None:
    stored, _, _ = await messed_up(kitchen)
    sim = kitchen.sim
    sim.faults.next("export", faults.call(lambda: None))
    sim.faults.next("export", faults.call(lambda: sim.pihole.add_domain("meanwhile.example.com")))

    await kitchen.fails(kitchen.restore(stored, way=way), "restore_outdated")

    assert "meanwhile.example.com" in [domain.domain for domain in sim.pihole.domains]
    assert sim.restarts == 0
    assert IMPORT not in [(request.method, request.path) for request in sim.requests]
    assert issues(kitchen) == {}
    await kitchen.fails(kitchen.undo(), "nothing_to_undo")


@pytest.mark.parametrize(
    ("settings", "restored"),
    [
        (["dns.blockTTL"], {"dns.blockTTL"}),
        (["dns.hosts", "dhcp"], {"dns.hosts", "dhcp.leaseTime"}),
        ("dns", {"dns.blockTTL", "dns.hosts"}),
        ("*", {"dns.blockTTL", "dns.hosts", "dhcp.leaseTime"}),
    ],
)
async def test_settings_are_restored_by_their_keys_and_nothing_else_is(
    kitchen: Kitchen, settings: list[str], restored: set[str]
) -> None:
    pihole = kitchen.sim.pihole
    pihole.hosts = ["192.168.1.2 nas.lan"]
    stored = await kitchen.back_up()
    before = deepcopy(kitchen.configuration["settings"])
    changed: dict[str, Setting] = {"dns.blockTTL": 60, "dns.hosts": [], "dhcp.leaseTime": "4h"}
    pihole.settings |= changed
    pihole.add_domain("stays.example.com")

    answer = await kitchen.restore(stored, settings=settings)

    now = kitchen.configuration["settings"]
    for key, value in changed.items():
        assert (now[key] or "") == ((before[key] if key in restored else value) or "")
    assert answer["proven"] is True
    assert "stays.example.com" in [domain.domain for domain in pihole.domains]


@pytest.mark.parametrize("sim", VERSIONS, indirect=True)
@pytest.mark.parametrize("setting", ["dns.blockTTL", "dns.hosts", "webserver.api.maxClients"])
async def test_one_setting_is_imported_and_no_list_of_the_pihole_is_lost(
    kitchen: Kitchen, setting: str
) -> None:
    """The oldest versions empty the lists that an import lacks."""
    pihole = kitchen.sim.pihole
    pihole.settings |= LISTS
    stored = await kitchen.back_up()
    then = kitchen.configuration["settings"]
    pihole.hosts = ["192.168.1.12 tv.lan"]
    pihole.settings |= {"dns.blockTTL": 60, "webserver.api.maxClients": 11}
    now = deepcopy(kitchen.configuration)

    answer = await kitchen.restore(stored, way="import", settings=[setting])

    assert answer["proven"] is True
    assert (answer["way"], kitchen.sim.restarts) == ("import", 1)
    assert kitchen.configuration == {**now, "settings": now["settings"] | {setting: then[setting]}}

    await kitchen.undo()

    assert kitchen.configuration == now


@pytest.mark.parametrize("sim", VERSIONS, indirect=True)
async def test_only_the_password_is_restored_and_no_list_of_the_pihole_is_lost(
    kitchen: Kitchen,
) -> None:
    """Only an import brings a password back."""
    sim = kitchen.sim
    stored = await kitchen.back_up()
    password = kitchen.configuration["settings"][PASSWORD_HASH]
    sim.pihole.settings |= LISTS
    sim.change_credentials(Credentials(password=NEW_PASSWORD, app_password=APP_PASSWORD))
    now = deepcopy(kitchen.configuration)
    assert now["settings"][PASSWORD_HASH] != password

    answer = await kitchen.restore(stored, settings=[PASSWORD_HASH])

    assert (answer["proven"], answer["way"], sim.restarts) == (True, "import", 1)
    assert kitchen.configuration == {**now, "settings": now["settings"] | {PASSWORD_HASH: password}}


async def test_one_local_record_comes_back_and_the_others_stay_in_their_order(
    kitchen: Kitchen,
) -> None:
    pihole = kitchen.sim.pihole
    pihole.hosts = ["10.0.0.1 a", "10.0.0.2 b", "10.0.0.3 c"]
    stored = await kitchen.back_up()
    pihole.hosts = ["10.0.0.9 z", "10.0.0.3 c"]
    preview = await kitchen.restore(stored, dry_run=True)
    [wanted] = [item["id"] for item in preview["items"] if item["item"] == "10.0.0.1 a"]

    await kitchen.restore(stored, plan=preview["plan"], only=[wanted])

    assert pihole.hosts == ["10.0.0.9 z", "10.0.0.3 c", "10.0.0.1 a"]
    await kitchen.undo()
    assert pihole.hosts == ["10.0.0.9 z", "10.0.0.3 c"]


# When something comes in between ------------------------------------------------------------------


@pytest.mark.parametrize("fault", [faults.drop(), faults.drop_answer()])
@pytest.mark.parametrize("place", ["change of an item", "deletion of items"])
async def test_a_pihole_that_restarts_in_the_middle_is_restored_to_the_end(
    kitchen: Kitchen, place: Place, fault: Fault
) -> None:
    stored, before, _ = await messed_up(kitchen)
    sim = kitchen.sim
    sim.faults.next(place, faults.call(lambda: None))
    sim.faults.next(place, fault)

    answer = await kitchen.restore(stored)

    assert answer["proven"] is True
    assert kitchen.configuration == before


async def test_sessions_that_end_in_the_middle_are_opened_again(kitchen: Kitchen) -> None:
    stored, before, _ = await messed_up(kitchen)
    sim = kitchen.sim
    sim.faults.next("change of an item", faults.call(sim.auth.end_all_sessions))

    answer = await kitchen.restore(stored)

    assert answer["proven"] is True
    assert kitchen.configuration == before


async def test_a_pihole_that_goes_away_for_good_leaves_a_restore_that_can_be_undone(
    kitchen: Kitchen, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored, _, messed = await messed_up(kitchen)
    change_restore_timings(monkeypatch, lambda usual: replace(usual, restart=0.3))
    sim = kitchen.sim
    sim.faults.next("change of an item", faults.call(lambda: None), times=2)
    sim.faults.next(
        "change of an item", faults.call(lambda: sim.faults.always("everything", faults.drop()))
    )
    kitchen.can_log_out = False

    sentence = await kitchen.fails_after_its_safety_backup(
        kitchen.restore(stored), "restore_interrupted"
    )

    assert "Changes made: 3 of" in sentence
    sim.faults.clear()
    await kitchen.undo()
    assert kitchen.configuration == messed


@pytest.mark.parametrize("half_done", [False, True])
async def test_a_database_that_is_locked_for_a_moment_leaves_nothing_half_done(
    kitchen: Kitchen, *, half_done: bool
) -> None:
    stored, before, _ = await messed_up(kitchen)
    kitchen.sim.write_failures = [WriteFailure(half_done=half_done)] * 5

    answer = await kitchen.restore(stored)

    assert answer["proven"] is True
    assert kitchen.configuration == before


async def test_what_the_pihole_refuses_is_named_and_the_rest_is_restored(kitchen: Kitchen) -> None:
    """An import can bring a regular expression in that Pi-hole's API refuses."""
    pihole = kitchen.sim.pihole
    pihole.add_domain("([", type=DomainType.DENY_REGEX)
    pihole.add_domain("fine.example.com")
    stored = await kitchen.back_up()
    del pihole.domains[-2:]

    answer = await kitchen.restore(stored)

    assert pihole.domains[-1].domain == "fine.example.com"
    outcomes = {item["item"]: (item["outcome"], item["reason"]) for item in answer["items"]}
    assert outcomes["fine.example.com"] == ("done", None)
    assert outcomes["(["][0] == "refused"
    assert outcomes["(["][1]
    assert answer["proven"] is False
    [remark] = [remark for remark in answer["remarks"] if "rejected" in remark]
    assert outcomes["(["][1] in remark


async def test_when_all_is_refused_the_restore_fails_and_says_why(kitchen: Kitchen) -> None:
    pihole = kitchen.sim.pihole
    pihole.add_domain("([", type=DomainType.DENY_REGEX)
    stored = await kitchen.back_up()
    del pihole.domains[-1]
    before = kitchen.configuration

    await kitchen.fails_after_its_safety_backup(kitchen.restore(stored), "restore_refused")

    assert kitchen.configuration == before


async def test_settings_that_the_api_refuses_are_imported_and_nothing_else_is(
    kitchen: Kitchen,
) -> None:
    """A Pi-hole may hold a value that came by an import, or from an older version."""
    stored = await kitchen.back_up()
    pihole = kitchen.sim.pihole
    pihole.settings |= {"dns.revServers": ["false,nonsense"], "dns.blockTTL": 60}
    pihole.add_domain("since.example.com")
    await kitchen.restore(stored)
    assert pihole.settings["dns.revServers"] == []
    restarts = kitchen.sim.restarts

    answer = await kitchen.undo()

    assert (answer["proven"], answer["way"], kitchen.sim.restarts) == (True, "live", restarts + 1)
    assert {item["outcome"] for item in answer["items"]} == {"done"}
    assert pihole.settings["dns.revServers"] == ["false,nonsense"]
    assert pihole.settings["dns.blockTTL"] == 60
    assert "since.example.com" in [domain.domain for domain in pihole.domains]
    [remark] = [remark for remark in answer["remarks"] if "imported" in remark]
    assert "dns.revServers" in remark


@pytest.mark.parametrize("why", ["live is wanted", "the import is refused"])
async def test_settings_that_cannot_be_imported_either_are_named_with_the_reason(
    kitchen: Kitchen, why: str
) -> None:
    sim = kitchen.sim
    stored = await kitchen.back_up()
    sim.pihole.settings["dns.revServers"] = ["false,nonsense"]
    sim.pihole.add_domain("since.example.com")
    odd = await kitchen.back_up()
    await kitchen.restore(stored)
    if why == "the import is refused":
        sim.faults.always("import", faults.error(400, "bad_request", "Invalid ZIP archive"))
    else:
        kitchen.way = "live"
    restarts = sim.restarts

    answer = await kitchen.restore(odd)

    outcomes = {item["item"]: (item["outcome"], item["reason"]) for item in answer["items"]}
    assert outcomes["since.example.com"] == ("done", None)
    assert outcomes["dns.revServers"][0] == "refused"
    assert "dns.revServers" in outcomes["dns.revServers"][1]
    assert (answer["proven"], sim.restarts) == (False, restarts)
    assert sim.pihole.settings["dns.revServers"] == []
    sim.faults.clear()
    await kitchen.undo()


async def test_what_was_to_be_in_a_group_that_is_refused_is_refused_with_it(
    kitchen: Kitchen,
) -> None:
    pihole = kitchen.sim.pihole
    pihole.groups.append(Group(id=9, name="guests"))
    pihole.add_domain("guests.example.com", groups={9})
    pihole.add_domain("fine.example.com")
    stored = await kitchen.back_up()
    del pihole.domains[-2:]
    pihole.groups.pop()
    now = kitchen.configuration
    refusal = faults.error(400, "bad_request", "Could not change the database", "full")
    kitchen.sim.faults.next("change of an item", refusal)

    answer = await kitchen.restore(stored)

    outcomes = {item["item"]: (item["outcome"], item["reason"]) for item in answer["items"]}
    assert outcomes["fine.example.com"] == ("done", None)
    refused = outcomes["guests"]
    assert refused[0] == "refused"
    assert outcomes["guests.example.com"] == ("refused", f"guests: {refused[1]}")
    assert pihole.domains.pop().domain == "fine.example.com"
    assert kitchen.configuration == now


async def test_a_group_stays_when_what_was_to_leave_it_is_refused(kitchen: Kitchen) -> None:
    stored = await kitchen.back_up()
    pihole = kitchen.sim.pihole
    pihole.groups.append(Group(id=9, name="guests"))
    pihole.domains[0].groups = {9}
    pihole.add_domain("since.example.com")
    refusal = faults.error(400, "bad_request", "Could not change the database", "full")
    kitchen.sim.faults.next("change of an item", refusal)

    answer = await kitchen.restore(stored)

    outcomes = {item["item"]: (item["outcome"], item["reason"]) for item in answer["items"]}
    name = pihole.domains[0].domain
    assert outcomes["since.example.com"] == ("done", None)
    assert outcomes[name][0] == "refused"
    assert outcomes["guests"] == ("refused", f"{name}: {outcomes[name][1]}")
    assert pihole.domains[0].groups == {9}


# What cannot be changed ---------------------------------------------------------------------------


async def test_a_setting_that_the_environment_fixes_is_named_and_stays(kitchen: Kitchen) -> None:
    stored, before, _ = await messed_up(kitchen)
    kitchen.sim.pihole.forced = {"dns.blockTTL": 60}

    answer = await kitchen.restore(stored)

    assert answer["proven"] is True
    [left_out] = answer["left_out"]
    assert (left_out["item"], left_out["reason"]) == ("dns.blockTTL", "forced")
    assert any("dns.blockTTL" in remark for remark in answer["remarks"])
    assert kitchen.configuration["adlists"] == before["adlists"]


async def test_a_preview_shows_what_an_app_password_may_not_and_the_rest_can_be_restored(
    kitchen: Kitchen,
) -> None:
    stored, before, _ = await messed_up(kitchen)
    kitchen.sim.pihole.settings[APP_SUDO] = False
    before["settings"][APP_SUDO] = ""

    preview = await kitchen.restore(stored, dry_run=True)
    needing = {item["item"] for item in preview["items"] if "permission" in item["needs"]}
    assert needing == {"192.168.1.1 router.lan", "dns.blockTTL"} or "dns.blockTTL" in needing
    assert preview["ways"] == []
    await kitchen.fails(kitchen.restore(stored), "restore_not_begun")

    ids = [item["id"] for item in preview["items"] if "permission" not in item["needs"]]
    answer = await kitchen.restore(stored, plan=preview["plan"], only=ids)

    assert answer["proven"] is True
    assert [kitchen.configuration[name] for name in SECTIONS] == [before[name] for name in SECTIONS]


async def test_many_changes_are_imported_unless_they_are_wanted_live(kitchen: Kitchen) -> None:
    pihole = kitchen.sim.pihole
    stored = await kitchen.back_up()
    for number in range(201):
        pihole.add_domain(f"{number}.example.com")
    preview = await kitchen.restore(stored, dry_run=True)
    assert [way["way"] for way in preview["ways"]] == ["import", "live"]

    answer = await kitchen.restore(stored, way="live")

    assert (answer["proven"], answer["way"], kitchen.sim.restarts) == (True, "live", 0)
    answer = await kitchen.undo()
    assert (answer["proven"], answer["way"], kitchen.sim.restarts) == (True, "import", 1)


async def test_the_answer_of_a_huge_restore_counts_what_it_does_not_name(kitchen: Kitchen) -> None:
    pihole = kitchen.sim.pihole
    stored = await kitchen.back_up()
    before = kitchen.configuration
    for number in range(2100):
        pihole.add_domain(f"{number}.example.com")
    for number in range(2005):
        pihole.add_client(f"10.1.{number // 250}.{number % 250}")
    preview = await kitchen.restore(stored, dry_run=True)
    assert len(preview["items"]) == 2000
    assert preview["more_items"] == [
        {"subject": "domains", "change": "removed", "outcome": None, "count": 100},
        {"subject": "clients", "change": "removed", "outcome": None, "count": 2005},
    ]
    assert sum(map(len, preview["changes"].values())) == 2000
    assert preview["summary"][0].startswith("2100 domains removed")

    answer = await kitchen.restore(stored, plan=preview["plan"])

    assert (answer["proven"], kitchen.configuration) == (True, before)
    assert [more["outcome"] for more in answer["more_items"]] == ["done", "done"]
    pihole.add_domain("since.example.com")
    await kitchen.undo()
    assert len(pihole.clients) == 2005 + len(before["clients"])
    assert "since.example.com" in [domain.domain for domain in pihole.domains]


async def test_a_way_that_does_not_lead_there_is_refused(kitchen: Kitchen) -> None:
    stored = await kitchen.back_up()
    kitchen.sim.pihole.add_domain("Foo.COM")
    newer = await kitchen.back_up()
    await kitchen.restore(stored)
    before = kitchen.configuration

    await kitchen.fails(kitchen.restore(newer, way="live"), "restore_way_closed")

    assert kitchen.configuration == before


# What is stored -----------------------------------------------------------------------------------


async def test_the_pihole_as_it_is_after_a_restore_is_its_newest_backup(kitchen: Kitchen) -> None:
    stored, _, _ = await messed_up(kitchen)
    completed = [event for event in kitchen.events if event.data["type"] == "completed"]

    await kitchen.restore(stored)

    newest, safety, *_ = kitchen.records
    assert (newest["trigger"], safety["trigger"]) == ("after_restore", "before_restore")
    assert kitchen.home.entry.runtime_data.data.current.id == newest["id"]
    heard = [event for event in kitchen.events if event.data["type"] == "completed"]
    assert heard == completed
