"""Restoring over real HTTP: what the Pi-hole holds afterwards, and what a user sees."""

from collections.abc import AsyncIterator
from copy import deepcopy
from dataclasses import dataclass
import re

import pytest

from custom_components.pihole_checkpoint.const import DOMAIN
from custom_components.pihole_checkpoint.engine.teleporter import limits
from custom_components.pihole_checkpoint.engine.teleporter.limits import Limits
from homeassistant.auth.models import User
from homeassistant.core import Context, Event, EventStateChangedData, callback
from homeassistant.exceptions import HomeAssistantError, Unauthorized
from pihole_simulator import (
    Credentials,
    Domain,
    Lease,
    Pihole,
    Simulator,
    Versions,
    broken,
    build_archive,
    faults,
    unpack,
)
from tests.support.flows import Flow
from tests.support.home import AddPihole
from tests.support.kitchen import (
    APP_SUDO,
    BY_IMPORT,
    FAR_OFF,
    IMPORT,
    LIVE,
    Kitchen,
    both_ways,
    mess_up,
    messed_up,
)
from tests.support.passwords import APP_PASSWORD, NEW_PASSWORD, PASSWORD, TOTP_SECRET

ALL = ["settings", "dhcp_leases", "groups", "lists", "domains", "clients"]
SECTIONS = {
    "settings": "settings",
    "dhcp_leases": "leases",
    "groups": "groups",
    "lists": "adlists",
    "domains": "domains",
    "clients": "clients",
}
"""Where `configuration_of` has what a part stands for."""
LEASES_LIVE = ("dhcp_leases", LIVE)
"""What Pi-hole's API cannot do."""
OTHER_LEASE = Lease(mac="00:11:22:33:44:77", ip="192.168.1.88", expires=FAR_OFF)


# What is restored, and what is left alone ---------------------------------------------------------


async def test_a_pihole_that_does_not_know_its_versions_is_restored_like_any_other(
    kitchen: Kitchen,
) -> None:
    kitchen.sim.pihole.versions = None
    stored, before, _ = await messed_up(kitchen)

    answer = await kitchen.restore(stored)

    assert (answer["proven"], answer["remarks"]) == (True, [])
    assert kitchen.configuration == before


@pytest.mark.parametrize(("way", "restarts"), [(None, 0), (LIVE, 0), (BY_IMPORT, 1)])
async def test_a_restore_brings_back_everything_and_proves_it(
    kitchen: Kitchen, way: str | None, restarts: int
) -> None:
    home, sim = kitchen.home, kitchen.sim
    kitchen.way = way
    stored, before, messed = await messed_up(kitchen)

    answer = await kitchen.restore(stored)

    assert kitchen.configuration == before
    assert (sim.restarts, sim.gravity_updates) == (restarts, 1)
    assert answer["way"] == (way or LIVE)
    assert answer["backup_id"] == stored
    assert (answer["proven"], answer["gravity_updated"], answer["remarks"]) == (True, True, [])
    assert "1 list removed: https://evil.example/list.txt." in answer["summary"]
    [setting] = answer["changes"]["settings"]
    assert setting["id"] in {each["id"] for each in answer["items"]}
    assert setting == setting | {"change": "changed", "item": "dns.blockTTL", "old": 60, "new": 2}
    assert answer["safety_backup"]["trigger"] == "before_restore"
    assert answer["safety_backup"]["id"] == kitchen.safety["id"]
    assert [record["trigger"] for record in kitchen.records] == [
        *("after_restore", "before_restore", "service")
    ]
    assert home.count == 3
    event = home.state("backup").attributes
    fired = kitchen.events[-1].data
    for heard in (event, fired):
        assert heard["backup_id"] == stored
        assert heard["included"] == sorted(ALL)
        assert heard["proven"] is True
        assert heard["safety_backup_id"] == kitchen.safety["id"]
        assert "1 list added, 1 list removed" in heard["changes"]
        assert heard["remarks"] == []
    assert event["event_type"] == fired["type"] == "restored"

    undone = await kitchen.undo()

    assert kitchen.configuration == messed
    assert undone["proven"] is True
    assert undone["backup_id"] == answer["safety_backup"]["id"]
    await kitchen.undo()
    assert kitchen.configuration == before, "an undo can be undone"


async def test_very_many_domains_in_three_groups_each_are_counted_and_restored(
    kitchen: Kitchen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tenth of 58,750 domains in a tenth of the memory, for a fast test."""
    monkeypatch.setattr(limits, "DEFAULT", Limits(memory=Limits().memory // 10))
    pihole, number = kitchen.sim.pihole, 5_875
    groups = [pihole.add_group(f"Group number {index}").id for index in range(3)]
    pihole.domains = [
        Domain(
            id=index + 1,
            domain=f"host{index}.ads.example.com",
            comment="Blocked by hand",
            groups=set(groups),
        )
        for index in range(number)
    ]
    await kitchen.home.press()
    [stored] = await kitchen.home.backups()
    assert stored["contents"]["domains"] == number
    pihole.domains = []

    answer = await kitchen.restore(stored["id"], include=["domains"])

    assert answer["proven"] is True
    assert len(pihole.domains) == number
    assert all(domain.groups == set(groups) for domain in pihole.domains)


async def test_a_pihole_with_its_database_elsewhere_is_restored(kitchen: Kitchen) -> None:
    """It exports the database under the path that it has, and imports it under a fixed name."""
    kitchen.sim.pihole.settings["files.gravity"] = "/etc/pihole/db/gravity.db"
    stored, before, _ = await messed_up(kitchen)

    answer = await kitchen.restore(stored)

    assert kitchen.configuration == before
    assert (answer["proven"], answer["remarks"]) == (True, [])


async def test_where_another_pihole_keeps_its_files_is_not_restored(kitchen: Kitchen) -> None:
    """With the paths of another Pi-hole it would find neither its database nor its log."""
    settings = kitchen.sim.pihole.settings
    elsewhere = {"files.gravity": "/data/gravity.db", "files.log.ftl": "/data/FTL.log"}
    own = {"files.gravity": "/etc/pihole/db/gravity.db"}
    settings |= elsewhere
    stored, before, _ = await messed_up(kitchen)
    for name in elsewhere:
        del settings[name]
    settings |= own

    answer = await kitchen.restore(stored, include=["settings"])

    kept = {"files.gravity": own["files.gravity"], "files.log.ftl": "/var/log/pihole/FTL.log"}
    assert kitchen.configuration["settings"] == before["settings"] | kept
    assert answer["proven"] is True
    assert answer["remarks"] == [
        (
            "Settings left out because they belong to this Pi-hole's installation:"
            " files.gravity, files.log.ftl"
        )
    ]


@both_ways
async def test_a_backup_of_a_read_only_configuration_is_restored(
    kitchen: Kitchen, way: str
) -> None:
    """A Pi-hole takes no settings at all from a file that says it is read-only."""
    kitchen.way = way
    kitchen.sim.pihole.settings["misc.readOnly"] = True
    stored, before, _ = await messed_up(kitchen)
    kitchen.sim.pihole.settings["misc.readOnly"] = False

    answer = await kitchen.restore(stored, include=["settings"])

    assert kitchen.configuration["settings"] == before["settings"] | {"misc.readOnly": False}
    assert answer["proven"] is True
    assert len(answer["remarks"]) == 1


@pytest.mark.parametrize(
    ("part", "way"),
    [(part, way) for part in ALL for way in (LIVE, BY_IMPORT) if (part, way) != LEASES_LIVE],
)
async def test_one_part_is_restored_and_the_rest_is_untouched_and_an_undo_takes_it_back(
    kitchen: Kitchen, part: str, way: str
) -> None:
    kitchen.way = way
    stored, before, _ = await messed_up(kitchen)
    kitchen.sim.pihole.leases = [OTHER_LEASE]
    messed = deepcopy(kitchen.configuration)
    wanted = messed | {SECTIONS[part]: before[SECTIONS[part]]}
    remarks: list[str] = []
    if part == "groups":
        wanted["groups"] = before["groups"] | {"guests": messed["groups"]["guests"]}
        remarks = ["Groups kept because items that aren't restored belong to them: guests"]
    if part == "clients":
        wanted["groups"] = messed["groups"] | {"iot": before["groups"]["iot"]}
        remarks = ["Groups included because restored items belong to them: iot"]

    answer = await kitchen.restore(stored, include=[part])

    assert kitchen.configuration == wanted
    assert answer["proven"] is True
    assert answer["remarks"] == remarks
    assert answer["gravity_updated"] is (part == "lists")
    assert kitchen.sim.gravity_updates == (part == "lists")
    assert kitchen.events[-1].data["included"] == [part]
    assert kitchen.events[-1].data["remarks"] == remarks

    assert (await kitchen.undo())["proven"] is True
    assert kitchen.configuration == messed


async def test_groups_and_what_is_in_them_can_be_restored_together(kitchen: Kitchen) -> None:
    stored, before, messed = await messed_up(kitchen)

    answer = await kitchen.restore(stored, include=["groups", "lists", "domains", "clients"])

    assert kitchen.configuration == before | {part: messed[part] for part in ("settings", "leases")}
    assert answer["remarks"] == []


LEASES = {"some": [OTHER_LEASE], "an empty file": [], "none": None}


@pytest.mark.parametrize("then", LEASES)
async def test_leases_of_the_pihole_are_newer_than_those_of_a_backup_and_stay_unless_they_are_named(
    kitchen: Kitchen, then: str
) -> None:
    """Each is the address that some device has at this moment."""
    kitchen.sim.pihole.leases = LEASES[then]
    before = deepcopy(kitchen.configuration)
    stored = await kitchen.back_up()
    mess_up(kitchen.sim.pihole)
    kitchen.sim.pihole.leases = [Lease(mac="00:11:22:33:44:66", ip="192.168.1.77", expires=FAR_OFF)]
    messed = deepcopy(kitchen.configuration)

    answer = await kitchen.restore(stored)

    assert answer["proven"] is True
    assert answer["way"] == LIVE
    assert {left["reason"] for left in answer["left_out"]} == {"leases"}
    assert kitchen.configuration == before | {"leases": messed["leases"]}
    await kitchen.restore(stored, include="dhcp_leases")
    assert kitchen.sim.pihole.leases == (LEASES[then] or [])
    await kitchen.undo()
    assert kitchen.configuration["leases"] == messed["leases"]


@pytest.mark.parametrize("now", [None, []], ids=["no file", "an empty file"])
async def test_leases_come_back_to_a_pihole_that_has_none(
    kitchen: Kitchen, now: list[Lease] | None
) -> None:
    kitchen.sim.pihole.leases = [OTHER_LEASE]
    before = deepcopy(kitchen.configuration)
    stored = await kitchen.back_up()
    kitchen.sim.pihole.leases = now

    answer = await kitchen.restore(stored)

    assert kitchen.configuration == before
    assert (answer["way"], answer["proven"], answer["left_out"]) == (BY_IMPORT, True, [])


def with_odd_settings(text: bytes) -> bytes:
    """Add settings of a version to come: one that was changed, and one that is as it came."""
    odd = b'[nothing]\n  at = "all" ### CHANGED, default = "none"\n  of = "interest"\n'
    return (
        re.sub(
            rb"(?<=# --> )\d+(?= entries are modified)",
            lambda found: b"%d" % (int(found[0]) + 1),
            text,
        )
        + odd
    )


async def test_changed_settings_that_the_pihole_does_not_know_are_named(kitchen: Kitchen) -> None:
    healthy = build_archive(kitchen.sim.pihole, kitchen.sim.clock.datetime())
    text = next(item.data for item in unpack(healthy) if item.name == broken.TOML)
    odd = broken.replace_member(healthy, broken.TOML, with_odd_settings(text))
    before = deepcopy(kitchen.configuration)
    kitchen.sim.faults.next("export", faults.replace(odd))
    stored = await kitchen.back_up()
    mess_up(kitchen.sim.pihole)

    answer = await kitchen.restore(stored)

    assert answer["proven"] is True
    assert answer["remarks"] == [
        "The Pi-hole doesn't know these settings of the backup: nothing.at"
    ]
    assert kitchen.configuration == before


async def test_a_backup_of_an_older_major_version_is_restored_and_remarked(
    kitchen: Kitchen,
) -> None:
    stored, before, _ = await messed_up(kitchen)
    kitchen.sim.pihole.versions = Versions(ftl="v7.0")

    answer = await kitchen.restore(stored)

    assert kitchen.configuration == before
    assert answer["remarks"] == [
        (
            "The backup is from version v6.4.1, but the Pi-hole runs v7.0. Check that everything"
            " works"
        )
    ]


async def test_a_restore_changes_no_other_backup_and_is_not_shown_as_an_attempt_to_back_up(
    kitchen: Kitchen,
) -> None:
    stored, _, _ = await messed_up(kitchen)
    attempt = kitchen.home.state("last_attempt")

    await kitchen.restore(stored)

    verified, *others = kitchen.records
    assert verified["trigger"] == "after_restore"
    assert [record["id"] for record in others] == [kitchen.safety["id"], stored]
    assert kitchen.home.state("last_attempt") == attempt
    assert "completed" not in {event.data["type"] for event in kitchen.events[1:]}


# Before it is done --------------------------------------------------------------------------------


async def test_a_dry_run_tells_what_would_change_and_does_nothing(kitchen: Kitchen) -> None:
    stored, _, messed = await messed_up(kitchen)
    files, events = kitchen.home.files, list(kitchen.events)
    compared = await kitchen.home.call(
        "compare", config_entry_id=kitchen.entry_id, backup_id=stored
    )

    answer = await kitchen.restore(stored, dry_run=True, update_gravity=True)

    assert (answer["summary"], answer["changes"]) == (compared["summary"], compared["changes"])
    assert (answer["safety_backup"], answer["proven"], answer["dry_run"]) == (None, None, True)
    assert answer["gravity_updated"] is False
    assert kitchen.configuration == messed
    assert (kitchen.home.files, kitchen.events) == (files, events)
    assert (kitchen.sim.restarts, kitchen.sim.gravity_updates) == (0, 0)
    assert [
        request.method for request in kitchen.sim.requests if request.path == "/api/teleporter"
    ] == ["GET"] * 3
    await kitchen.fails(kitchen.undo(), "nothing_to_undo")


async def test_a_dry_run_of_one_part_tells_of_that_part_and_the_groups_that_come_with_it(
    kitchen: Kitchen,
) -> None:
    stored, _, _ = await messed_up(kitchen)

    answer = await kitchen.restore(stored, dry_run=True, include="clients")

    assert answer["summary"] == [
        "2 clients added: 192.168.1.50, 192.168.1.60.",
        "1 client removed: 192.168.1.99.",
        "1 group added: iot.",
    ]
    assert len(answer["remarks"]) == 1
    assert "iot" in answer["remarks"][0]


async def test_a_pihole_that_is_as_the_backup_says_already_is_left_alone(kitchen: Kitchen) -> None:
    stored = await kitchen.back_up()
    files = kitchen.home.files

    answer = await kitchen.restore(stored)

    assert (answer["summary"], answer["proven"]) == (["No differences."], True)
    assert answer["safety_backup"] is None
    assert (kitchen.sim.restarts, kitchen.sim.gravity_updates) == (0, 0)
    assert not [
        request for request in kitchen.sim.requests if (request.method, request.path) == IMPORT
    ]
    assert kitchen.home.files == files
    assert kitchen.events[-1].data["type"] == "restored"
    assert kitchen.events[-1].data["safety_backup_id"] is None
    await kitchen.fails(kitchen.undo(), "nothing_to_undo")


# Who may ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("service", ["restore", "undo_restore", "upload"])
async def test_only_administrators_may(
    kitchen: Kitchen, hass_read_only_user: User, service: str
) -> None:
    stored, _, messed = await messed_up(kitchen)
    data = {"restore": {"backup_id": stored}, "upload": {"file": "0a1b2c"}}.get(service, {})
    with pytest.raises(Unauthorized):
        await kitchen.home.hass.services.async_call(
            DOMAIN,
            service,
            {"config_entry_id": kitchen.entry_id, **data},
            blocking=True,
            context=Context(user_id=hass_read_only_user.id),
        )
    assert kitchen.configuration == messed


@pytest.mark.parametrize(
    ("credentials", "used", "app_sudo"),
    [
        (Credentials(password=PASSWORD, app_password=APP_PASSWORD), APP_PASSWORD, True),
        (Credentials(password=PASSWORD, app_password=APP_PASSWORD), PASSWORD, False),
        (Credentials(password=PASSWORD), PASSWORD, False),
        (
            Credentials(password=PASSWORD, app_password=APP_PASSWORD, totp_secret=TOTP_SECRET),
            APP_PASSWORD,
            True,
        ),
        (Credentials(password=""), "", False),
        (Credentials(password=""), PASSWORD, False),
    ],
    ids=["app password", "main password", "no app password", "2fa", "no password", "needless"],
)
@both_ways
async def test_a_restore_works_with_every_kind_of_password(
    kitchen: Kitchen, credentials: Credentials, used: str, way: str, *, app_sudo: bool
) -> None:
    kitchen.way = way
    kitchen.sim.change_credentials(credentials)
    kitchen.sim.pihole.settings[APP_SUDO] = app_sudo
    await kitchen.use_password(used)
    stored, before, messed = await messed_up(kitchen)

    assert (await kitchen.restore(stored))["proven"] is True
    assert kitchen.configuration == before
    assert (await kitchen.undo())["proven"] is True
    assert kitchen.configuration == messed


async def test_an_app_password_that_may_not_change_anything_is_reported_before_anything_changes(
    kitchen: Kitchen,
) -> None:
    stored, before, _ = await messed_up(kitchen)
    kitchen.sim.pihole.settings[APP_SUDO] = False
    issues = kitchen.home.hass.data["issue_registry"]
    issue = (DOMAIN, f"app_password_read_only_{kitchen.entry_id}")

    sentence = await kitchen.does_not_begin(
        kitchen.restore(stored), "doesn't let app passwords change its settings"
    )

    assert "pihole-FTL --config webserver.api.app_sudo true" in sentence
    link = issues.issues[issue].learn_more_url
    assert link == f"{kitchen.sim.url}/admin/settings/all", "where that is allowed"
    kitchen.sim.pihole.settings[APP_SUDO] = True
    await kitchen.restore(stored)
    assert kitchen.configuration == before
    assert issue not in issues.issues


async def test_what_an_app_password_may_not_change_is_marked_and_all_else_can_be_restored(
    kitchen: Kitchen,
) -> None:
    stored, before, messed = await messed_up(kitchen)
    kitchen.sim.pihole.settings[APP_SUDO] = False

    plan = await kitchen.restore(stored, dry_run=True)

    needing = {item["subject"] for item in plan["items"] if "permission" in item["needs"]}
    assert needing == {"dns_hosts", "settings"}
    assert plan["ways"] == []
    answer = await kitchen.restore(stored, include="domains")
    assert (answer["way"], answer["proven"]) == (LIVE, True)
    assert kitchen.configuration["domains"] == before["domains"]
    assert kitchen.configuration["clients"] == messed["clients"]
    await kitchen.undo()
    assert kitchen.configuration["domains"] == messed["domains"]


@both_ways
async def test_a_restore_does_not_withdraw_what_the_app_password_may_and_says_so(
    kitchen: Kitchen, way: str
) -> None:
    """Else neither an undo nor any other restore of settings would be possible afterwards."""
    kitchen.way = way
    kitchen.sim.pihole.settings[APP_SUDO] = False
    stored, before, _ = await messed_up(kitchen)
    kitchen.sim.pihole.settings[APP_SUDO] = True
    messed = deepcopy(kitchen.configuration)

    answer = await kitchen.restore(stored)

    assert answer["proven"] is True
    assert [left["reason"] for left in answer["left_out"]] == ["access"]
    assert len(answer["remarks"]) == 1
    assert kitchen.configuration == before | {"settings": before["settings"] | {APP_SUDO: True}}
    await kitchen.undo()
    assert kitchen.configuration == messed


# Passwords that come back -------------------------------------------------------------------------


@dataclass(kw_only=True)
class Then:
    """The credentials at the time of a backup, and with what Home Assistant gets in after it."""

    credentials: Credentials
    works: str


@pytest.mark.parametrize(
    "then",
    [
        Then(
            credentials=Credentials(password=PASSWORD, app_password=APP_PASSWORD),
            works=APP_PASSWORD,
        ),
        Then(
            credentials=Credentials(
                password=NEW_PASSWORD, app_password=APP_PASSWORD, totp_secret=TOTP_SECRET
            ),
            works=APP_PASSWORD,
        ),
    ],
    ids=["another password", "two-factor authentication"],
)
@pytest.mark.parametrize("keeps_sessions", [True, False])
async def test_an_older_password_comes_back_and_is_asked_for_and_all_can_be_undone(
    kitchen: Kitchen, then: Then, *, keeps_sessions: bool
) -> None:
    kitchen.sim.pihole.settings["webserver.session.restore"] = keeps_sessions
    kitchen.sim.change_credentials(then.credentials)
    stored, before, _ = await messed_up(kitchen)
    kitchen.sim.change_credentials(Credentials(password=NEW_PASSWORD))
    messed = deepcopy(kitchen.configuration)
    await kitchen.use_password(NEW_PASSWORD)

    answer = await kitchen.restore(stored)

    assert kitchen.configuration == before
    assert answer["proven"] is answer["gravity_updated"] is keeps_sessions
    [remark] = answer["remarks"]
    assert remark.startswith("The backup brought back an older password of the Pi-hole")
    assert ("wasn't verified" in remark) is not keeps_sessions
    assert kitchen.events[-1].data["type"] == "restored"
    assert kitchen.events[-1].data["proven"] is keeps_sessions
    assert kitchen.events[-1].data["remarks"] == answer["remarks"]
    await log_in_again(kitchen, then.works)

    answer = await kitchen.undo()

    assert kitchen.configuration == messed
    assert answer["proven"] is keeps_sessions
    await log_in_again(kitchen, NEW_PASSWORD)
    await kitchen.home.press()


async def test_an_older_password_is_asked_for_although_the_restore_fails_later(
    kitchen: Kitchen,
) -> None:
    stored, _, _ = await messed_up(kitchen)
    kitchen.sim.change_credentials(Credentials(password=NEW_PASSWORD))
    await kitchen.use_password(NEW_PASSWORD)
    kitchen.sim.faults.next("gravity", faults.error(500, "internal_error", "Cannot fork"))

    await kitchen.fails_after_its_safety_backup(kitchen.restore(stored), "restore_gravity_failed")

    [remark] = kitchen.events[-1].data["remarks"]
    assert remark.startswith("The backup brought back an older password of the Pi-hole")
    # A preview with the password that is wrong now changes nothing of that.
    await kitchen.fails(kitchen.restore(stored, dry_run=True), "restore_not_begun")
    assert kitchen.home.entry.runtime_data.manager.restores.brought_password
    await log_in_again(kitchen, PASSWORD)


async def log_in_again(kitchen: Kitchen, password: str) -> None:
    """Answer the form that asks for a password, as it says why."""
    hass = kitchen.home.hass
    await hass.async_block_till_done()
    [asked] = hass.config_entries.flow.async_progress()
    assert asked["context"]["source"] == "reauth"
    flow = Flow(hass)
    flow.result = await hass.config_entries.flow.async_configure(asked["flow_id"])
    assert "A restore brought back an older password" in flow.placeholders["hint"]
    await flow.enter(password=password)
    assert flow.ended == "reauth_successful"


@pytest.mark.parametrize("then", ["old main password", ""])
async def test_a_session_that_ends_with_the_restore_is_replaced_when_the_password_still_works(
    kitchen: Kitchen, then: str
) -> None:
    kitchen.sim.pihole.settings["webserver.session.restore"] = False
    kitchen.sim.change_credentials(Credentials(password=then, app_password=APP_PASSWORD))
    stored, before, _ = await messed_up(kitchen)
    kitchen.sim.change_credentials(Credentials(password=PASSWORD, app_password=APP_PASSWORD))

    answer = await kitchen.restore(stored)

    assert (answer["proven"], answer["remarks"]) == (True, [])
    assert kitchen.configuration == before
    assert list(kitchen.home.hass.config_entries.flow.async_progress()) == []


# Gravity ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("include", "update", "updated"),
    [
        ("lists", None, True),
        ("lists", False, False),
        ("settings", None, False),
        ("settings", True, True),
    ],
)
async def test_lists_are_downloaded_when_they_were_restored_or_as_it_is_said(
    kitchen: Kitchen, include: str, *, update: bool | None, updated: bool
) -> None:
    stored, _, _ = await messed_up(kitchen)
    said = {} if update is None else {"update_gravity": update}

    answer = await kitchen.restore(stored, include=include, **said)

    assert answer["gravity_updated"] is updated
    assert answer["proven"] is True
    assert kitchen.sim.gravity_updates == updated


async def test_lists_can_be_downloaded_although_nothing_else_is_to_be_done(
    kitchen: Kitchen,
) -> None:
    stored = await kitchen.back_up()

    answer = await kitchen.restore(stored, update_gravity=True)

    assert answer["gravity_updated"] is True
    assert kitchen.sim.gravity_updates == 1


@pytest.mark.parametrize("in_colour", [False, True])
async def test_a_list_that_cannot_be_downloaded_is_remarked(
    kitchen: Kitchen, *, in_colour: bool
) -> None:
    stored, before, _ = await messed_up(kitchen)
    kitchen.sim.gravity_in_colour = in_colour
    kitchen.sim.unreachable_lists = {"https://lists.example.org/ads.txt"}

    answer = await kitchen.restore(stored)

    assert kitchen.configuration == before
    assert (answer["proven"], answer["gravity_updated"]) == (True, True)
    assert answer["remarks"] == [
        (
            "The Pi-hole reported problems while updating its lists: Status: Not found; List"
            " download failed: no cached list available"
        )
    ]


@both_ways
async def test_the_activity_goes_through_its_stages_and_tells_how_gravity_goes(
    kitchen: Kitchen, way: str
) -> None:
    kitchen.way = way
    stored, _, _ = await messed_up(kitchen)
    kitchen.sim.gravity_delay = 0.1
    seen: list[str] = []
    progress: list[str] = []

    @callback
    def look(event: Event[EventStateChangedData]) -> None:
        state = event.data["new_state"]
        if state is None or state.entity_id != kitchen.home.entity_id("activity"):
            return
        if seen[-1:] != [state.state]:
            seen.append(state.state)
        if state.state == "updating_gravity":
            progress.append(str(state.attributes["progress"]))

    kitchen.home.hass.bus.async_listen("state_changed", look)
    await kitchen.restore(stored)
    await kitchen.home.hass.async_block_till_done()

    assert seen == [
        *("verifying", "connecting", "exporting", "previewing", "storing", "exporting"),
        *(("applying",) if way == LIVE else ("importing", "restarting")),
        *("updating_gravity", "proving", "exporting", "idle"),
    ]
    assert len([line for line in progress if line]) >= 1
    assert "\x1b" not in "".join(progress)


# Undo ---------------------------------------------------------------------------------------------


async def test_without_a_restore_there_is_nothing_to_undo(kitchen: Kitchen) -> None:
    await kitchen.back_up()

    await kitchen.fails(kitchen.undo(), "nothing_to_undo")


async def test_a_reload_remembers_what_can_be_undone(kitchen: Kitchen) -> None:
    stored, _, messed = await messed_up(kitchen)
    await kitchen.restore(stored)
    await kitchen.home.hass.config_entries.async_reload(kitchen.entry_id)

    await kitchen.undo()

    assert kitchen.configuration == messed


async def test_an_undo_whose_safety_backup_was_deleted_says_so(kitchen: Kitchen) -> None:
    stored, before, _ = await messed_up(kitchen)
    answer = await kitchen.restore(stored)
    safety = answer["safety_backup"]["id"]
    await kitchen.home.call("delete", config_entry_id=kitchen.entry_id, backup_id=safety)

    sentence = await kitchen.fails(kitchen.undo(), "restore_not_begun")

    assert safety in sentence
    assert kitchen.configuration == before


# From one Pi-hole to another ----------------------------------------------------------------------


@pytest.fixture
async def attic_sim(kitchen: Kitchen) -> AsyncIterator[Simulator]:
    """Have another Pi-hole that is as it came out of its box."""
    async with Simulator(password="", pihole=Pihole(hostname="attic")) as other:
        yield other


@pytest.fixture
async def attic(kitchen: Kitchen, attic_sim: Simulator, add_pihole: AddPihole) -> Kitchen:
    home = await add_pihole(attic_sim.url, password="", folder="attic", title="Attic")
    return Kitchen(home=home, sim=attic_sim, events=kitchen.events)


async def test_a_backup_goes_to_another_pihole_without_the_settings_of_its_machine(
    kitchen: Kitchen, attic: Kitchen
) -> None:
    kitchen.sim.pihole.settings |= {
        "webserver.port": "8080o",
        "dhcp.start": "192.168.9.10",
        "dns.blockTTL": 60,
        "dhcp.hosts": ["00:11:22:33:44:55,192.168.1.5,printer"],
    }
    settings = deepcopy(attic.configuration["settings"])
    stored = await kitchen.back_up()

    answer = await attic.restore(stored, source_config_entry_id=kitchen.entry_id)

    brought = kitchen.configuration["settings"]
    come = ("dns.blockTTL", "dns.hosts", "dns.cnameRecords", "dns.upstreams", "dhcp.hosts")
    assert attic.configuration["settings"] == settings | {key: brought[key] for key in come}
    assert attic.configuration == kitchen.configuration | {
        "settings": attic.configuration["settings"]
    }
    left_out = {(left["item"], left["reason"]) for left in answer["left_out"]}
    assert {("webserver.port", "machine"), ("dhcp.start", "machine")} <= left_out
    assert any("webserver.port" in remark for remark in answer["remarks"])
    assert answer["proven"] is True
    assert attic.events[-1].data["included"] == sorted(ALL)
    assert attic.events[-1].data["config_entry_id"] == attic.entry_id
    assert answer["safety_backup"]["config_entry_id"] == attic.entry_id
    assert (kitchen.home.count, attic.home.count) == (1, 2)
    assert (kitchen.sim.restarts, attic.sim.sessions) == (0, [])
    await attic.undo()
    assert attic.configuration["adlists"] == {}
    assert attic.configuration["settings"] == settings


async def test_settings_go_to_another_pihole_when_all_are_named_and_their_password_with_them(
    kitchen: Kitchen, attic: Kitchen
) -> None:
    stored = await kitchen.back_up()

    answer = await attic.restore(stored, source_config_entry_id=kitchen.entry_id, settings="*")

    assert attic.configuration["settings"] == kitchen.configuration["settings"]
    assert attic.configuration["adlists"] == {}
    assert (answer["way"], answer["proven"]) == (BY_IMPORT, False)
    await attic.home.hass.async_block_till_done()
    [asked] = attic.home.hass.config_entries.flow.async_progress()
    assert asked["context"]["entry_id"] == attic.entry_id


async def test_naming_the_pihole_itself_as_the_source_changes_nothing(kitchen: Kitchen) -> None:
    stored, before, _ = await messed_up(kitchen)

    await kitchen.restore(stored, source_config_entry_id=kitchen.entry_id)

    assert kitchen.configuration == before


async def test_a_damaged_backup_of_another_pihole_is_reported_there(
    kitchen: Kitchen, attic: Kitchen
) -> None:
    stored = await kitchen.back_up()
    [archive] = kitchen.home.archives
    archive.write_bytes(bytes(archive.stat().st_size))

    await attic.fails(
        attic.restore(stored, source_config_entry_id=kitchen.entry_id), "restore_not_begun"
    )

    assert kitchen.home.state("backup").attributes["event_type"] == "damaged"
    assert kitchen.home.count == 0
    assert attic.home.state("backup").attributes["event_type"] == "restore_failed"
    assert attic.sim.restarts == 0


@pytest.mark.parametrize("field", ["config_entry_id", "source_config_entry_id"])
async def test_an_unknown_pihole_is_refused(kitchen: Kitchen, field: str) -> None:
    stored, _, messed = await messed_up(kitchen)
    data = {"config_entry_id": kitchen.entry_id, "backup_id": stored, field: "unknown"}

    with pytest.raises(HomeAssistantError) as raised:
        await kitchen.home.call("restore", **data)

    assert raised.value.translation_key == "service_config_entry_not_found"
    assert kitchen.configuration == messed
