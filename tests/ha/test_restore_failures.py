"""Restores that do not end well, over real HTTP: what is said, and what the Pi-hole holds then."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from copy import deepcopy
from dataclasses import replace
import errno
import gc
import inspect
import os
import tracemalloc
from typing import Any

from aiohttp import web
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.pihole_checkpoint.const import DOMAIN
from custom_components.pihole_checkpoint.engine import files
from custom_components.pihole_checkpoint.engine.pihole import limits
from custom_components.pihole_checkpoint.engine.restore.packing import pack
from custom_components.pihole_checkpoint.engine.restore.timings import RestoreTimings
from custom_components.pihole_checkpoint.manager import restore as manager_restore
from custom_components.pihole_checkpoint.manager.storage import PersistentState
from pihole_simulator import Credentials, Fault, Versions, faults
from pihole_simulator.fault_plan import Place, Proceed
from pihole_simulator.responses import html_answer
from pihole_simulator.wire import forever
from tests.support.dialog import go_through_dialog
from tests.support.ha_backup import HaBackup
from tests.support.holding import held
from tests.support.kitchen import (
    APP_SUDO,
    BY_IMPORT,
    LIVE,
    Kitchen,
    both_ways,
    broken_off,
    issues,
    messed_up,
)
from tests.support.passwords import APP_PASSWORD, NEW_PASSWORD, PASSWORD
from tests.support.timings import change_restore_timings, shorten_deadline

FIRST_CHANGE: dict[str, Place] = {LIVE: "change of an item", BY_IMPORT: "import"}
"""What is first asked of a Pi-hole that changes it, by the way of a restore."""


@pytest.fixture
def by_import(kitchen: Kitchen) -> None:
    kitchen.way = BY_IMPORT


by_import_only = pytest.mark.usefixtures("by_import")


def let_through(kitchen: Kitchen, place: Place, number: int) -> None:
    """Let some requests be answered as ever, before the faults that follow."""
    kitchen.sim.faults.next(place, faults.call(lambda: None), times=number)


# Before anything is changed -----------------------------------------------------------------------


def fail(patch: pytest.MonkeyPatch, function: str, number: int) -> None:
    """Let a call of the operating system fail."""

    def failing(*_args: object, **_kwargs: object) -> None:
        raise OSError(number, os.strerror(number))

    patch.setattr(files, function, failing)


def answer(place: Place, fault: Fault) -> Obstacle:
    return lambda kitchen, _: kitchen.sim.faults.always(place, fault)


type Obstacle = Callable[[Kitchen, pytest.MonkeyPatch], object]
OBSTACLES: dict[str, tuple[str, Obstacle]] = {
    "the Pi-hole is away": ("Can't connect to", lambda kitchen, _: kitchen.sim.stop()),
    "the password is wrong": (
        "rejected the password",
        lambda kitchen, _: kitchen.sim.change_credentials(Credentials(password=NEW_PASSWORD)),
    ),
    "there is no seat": (
        "All API sessions of the Pi-hole are in use",
        answer("login", faults.error(429, "api_seats_exceeded", "No seat")),
    ),
    "the app password may not": (
        "doesn't let app passwords change its settings",
        lambda kitchen, _: kitchen.sim.pihole.settings.update({APP_SUDO: False}),
    ),
    "the export is damaged": (
        "incomplete or damaged zip",
        answer("export", faults.replace(b"PK\x03\x04 and no more")),
    ),
    "the connection breaks off": ("was lost", answer("export", faults.drop())),
    "it is larger than a Pi-hole takes": (
        "larger than the 0 MB that a Pi-hole accepts",
        lambda _, patch: patch.setattr(pack, "MAX_SIZE", 1000),
    ),
    "the Pi-hole is of an older version": (
        "from version v6.4.1, but the Pi-hole only runs v5.9.9",
        lambda kitchen, _: setattr(kitchen.sim.pihole, "versions", Versions(ftl="v5.9.9")),
    ),
    "there is no room for the export": (
        "no space left",
        lambda _, patch: fail(patch, "sync", errno.ENOSPC),
    ),
    "there is no room for the safety backup": (
        "no space left",
        lambda _, patch: fail(patch, "create_whole", errno.ENOSPC),
    ),
    "the folder is not writable": (
        "can't write",
        lambda _, patch: fail(patch, "create", errno.EACCES),
    ),
}
"""What keeps a restore from beginning, and what the sentence says of it."""


@pytest.mark.parametrize(
    ("name", "way"),
    [
        (name, way)
        for name in OBSTACLES
        for way in (LIVE, BY_IMPORT)
        if (name, way) != ("it is larger than a Pi-hole takes", LIVE)
    ],
)
async def test_a_restore_that_something_is_in_the_way_of_changes_nothing(
    kitchen: Kitchen, monkeypatch: pytest.MonkeyPatch, name: str, way: str
) -> None:
    kitchen.way = way
    stored, before, _ = await messed_up(kitchen)
    reason, obstruct = OBSTACLES[name]
    with monkeypatch.context() as patch:
        if inspect.isawaitable(waiting := obstruct(kitchen, patch)):
            await waiting
        await kitchen.does_not_begin(kitchen.restore(stored), reason)

    await kitchen.fails(kitchen.undo(), "nothing_to_undo")
    asked = {(request.method, request.path) for request in kitchen.sim.requests}
    assert {path for method, path in asked if method != "GET"} <= {"/api/auth"}
    await kitchen.sim.stop()
    await kitchen.sim.start()
    kitchen.sim.faults.clear()
    kitchen.sim.change_credentials(Credentials(password=PASSWORD, app_password=APP_PASSWORD))
    kitchen.sim.pihole.settings[APP_SUDO] = True
    kitchen.sim.pihole.versions = Versions()
    assert (await kitchen.restore(stored))["proven"] is True
    assert kitchen.configuration == before


async def test_a_damaged_backup_is_refused_and_becomes_known(kitchen: Kitchen) -> None:
    stored, _, messed = await messed_up(kitchen)
    [archive] = kitchen.home.archives
    archive.write_bytes(bytes(archive.stat().st_size))
    logins = kitchen.sim.logins

    sentence = await kitchen.fails(kitchen.restore(stored), "restore_not_begun")

    assert f"{stored} is damaged or missing" in sentence
    assert kitchen.configuration == messed
    assert kitchen.sim.logins == logins, "the Pi-hole is not even asked"
    assert {event.data["type"] for event in kitchen.events[-2:]} == {"damaged", "restore_failed"}
    assert kitchen.home.count == 0
    assert f"damaged_archives_{kitchen.entry_id}" in issues(kitchen)


async def test_an_unknown_backup_is_reported(kitchen: Kitchen) -> None:
    await kitchen.does_not_begin(kitchen.restore("0a1b2c"), "no backup with the ID 0a1b2c")


async def test_a_wrong_password_is_asked_for(kitchen: Kitchen) -> None:
    stored = await kitchen.back_up()
    kitchen.sim.change_credentials(Credentials(password=NEW_PASSWORD))

    await kitchen.does_not_begin(kitchen.restore(stored), "rejected the password")

    [asked] = kitchen.home.hass.config_entries.flow.async_progress()
    assert asked["context"]["source"] == "reauth"


async def test_a_dry_run_that_fails_is_reported_to_its_caller_only(kitchen: Kitchen) -> None:
    stored = await kitchen.back_up()
    kitchen.sim.faults.always("export", faults.drop())
    events = list(kitchen.events)

    await kitchen.fails(kitchen.restore(stored, dry_run=True), "restore_not_begun")

    assert kitchen.events == events


# The import ---------------------------------------------------------------------------------------

REFUSED = faults.error(400, "bad_request", "Invalid ZIP archive", "No thanks")


@by_import_only
@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (REFUSED, "No thanks"),
        (faults.error(500, "internal_error", "Out of memory!"), "Out of memory. "),
    ],
)
async def test_an_import_that_is_refused_leaves_everything_as_it_is(
    kitchen: Kitchen, fault: Fault, reason: str
) -> None:
    stored, _, messed = await messed_up(kitchen)
    kitchen.sim.faults.next("import", fault)

    sentence = await kitchen.fails(kitchen.restore(stored), "restore_refused")

    assert reason in sentence
    assert kitchen.safety["filename"] in sentence
    assert kitchen.configuration == messed
    assert kitchen.sim.gravity_updates == 0
    await kitchen.fails(kitchen.undo(), "nothing_to_undo")


PASSING = (
    "pihole.toml in ZIP archive contains invalid dnsmasq configuration: dnsmasq: syntax check OK.",
    "Failed to import etc/pihole/gravity.db from ZIP archive: database is locked",
)


@by_import_only
@pytest.mark.parametrize("reason", PASSING, ids=["v6.0's own check", "locked"])
async def test_an_import_whose_refusal_passes_is_sent_again(
    kitchen: Kitchen, monkeypatch: pytest.MonkeyPatch, reason: str
) -> None:
    change_restore_timings(monkeypatch, lambda usual: replace(usual, retries=(0.0, 0.0)))
    stored, before, _ = await messed_up(kitchen)
    refused = faults.error(400, "bad_request", "Invalid request", reason)
    kitchen.sim.faults.next("import", refused, times=2)

    assert (await kitchen.restore(stored))["proven"] is True

    assert kitchen.configuration == before
    kitchen.sim.pihole.clients.clear()
    kitchen.sim.faults.next("import", refused, times=3)
    assert reason in await kitchen.fails(kitchen.restore(stored), "restore_refused")


@by_import_only
@pytest.mark.parametrize("earlier", [False, True])
async def test_an_import_that_is_refused_names_its_own_safety_backup(
    kitchen: Kitchen, *, earlier: bool
) -> None:
    stored, _, _ = await messed_up(kitchen)
    if earlier:
        await kitchen.restore(stored)
        kitchen.sim.pihole.clients.clear()
    kitchen.sim.faults.next("import", REFUSED)

    await kitchen.fails_after_its_safety_backup(kitchen.restore(stored), "restore_refused")


@by_import_only
async def test_what_could_be_undone_before_can_be_undone_after_an_import_that_is_refused(
    kitchen: Kitchen,
) -> None:
    stored, _, messed = await messed_up(kitchen)
    await kitchen.restore(stored)
    other = await kitchen.back_up()
    kitchen.sim.pihole.clients.clear()
    kitchen.sim.faults.next("import", REFUSED)
    await kitchen.fails(kitchen.restore(other), "restore_refused")

    await kitchen.undo()

    assert kitchen.configuration == messed


@by_import_only
async def test_an_import_that_breaks_off_in_the_middle_tells_what_it_did_and_can_be_undone(
    kitchen: Kitchen, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_restore_timings(monkeypatch, lambda usual: replace(usual, retries=(0.0,)))
    stored, before, messed = await messed_up(kitchen)

    async def locked(_request: web.Request, proceed: Proceed) -> web.StreamResponse:
        kitchen.sim.gravity_file = "locked"
        try:
            return await proceed()
        finally:
            kitchen.sim.gravity_file = "sound"

    kitchen.sim.faults.next("import", locked, times=2)

    sentence = await kitchen.fails_after_its_safety_backup(
        kitchen.restore(stored), "restore_partial"
    )

    assert kitchen.configuration == messed | {"settings": before["settings"]}
    assert "database is locked" in sentence
    assert "2 DNS hosts added, 1 setting changed" in sentence
    assert "list" not in sentence.partition("Changes made")[2].partition("To go back")[0]
    await kitchen.undo()
    assert kitchen.configuration == messed


@by_import_only
async def test_an_app_password_that_is_refused_only_at_the_import_is_named_as_the_reason(
    kitchen: Kitchen,
) -> None:
    stored, _, messed = await messed_up(kitchen)
    kitchen.sim.faults.next("import", faults.error(403, "forbidden", "read-only"))

    sentence = await kitchen.fails(kitchen.restore(stored), "restore_not_begun")

    assert "doesn't let app passwords change its settings" in sentence
    assert kitchen.configuration == messed
    await kitchen.fails(kitchen.undo(), "nothing_to_undo")


@by_import_only
@pytest.mark.parametrize("versions", [Versions(), None])
async def test_a_session_that_ends_right_before_the_import_changes_nothing(
    kitchen: Kitchen, versions: Versions | None
) -> None:
    stored, _, messed = await messed_up(kitchen)
    kitchen.sim.pihole.versions = versions
    kitchen.sim.faults.next("import", faults.call(kitchen.sim.auth.end_all_sessions))

    sentence = await kitchen.fails(kitchen.restore(stored), "restore_not_begun")

    assert "ended the session" in sentence
    assert kitchen.configuration == messed


async def gateway(_request: web.Request, proceed: Proceed) -> web.StreamResponse:
    """Do what was asked, and answer as a proxy does whose Pi-hole restarted before it was done."""
    await proceed()
    return html_answer("Bad Gateway", 502)


@by_import_only
@pytest.mark.parametrize("fault", [faults.drop_answer(), faults.cut(10), gateway])
async def test_an_answer_that_is_lost_is_remarked_and_the_restore_is_proven_all_the_same(
    kitchen: Kitchen, fault: Fault
) -> None:
    stored, before, _ = await messed_up(kitchen)
    kitchen.sim.faults.next("import", fault)

    answer = await kitchen.restore(stored)

    assert kitchen.configuration == before
    assert answer["proven"] is True
    assert answer["remarks"] == [
        (
            "The Pi-hole's answer to the import was lost, so the Pi-hole was read again to see the"
            " result"
        )
    ]


@by_import_only
async def test_an_import_that_is_too_large_for_a_proxy_is_not_begun(kitchen: Kitchen) -> None:
    stored, _, messed = await messed_up(kitchen)
    kitchen.sim.faults.next("import", faults.html("Request Entity Too Large", 413))

    sentence = await kitchen.fails(kitchen.restore(stored), "restore_not_begun")

    assert "client_max_body_size" in sentence
    assert kitchen.configuration == messed


@by_import_only
@pytest.mark.parametrize("fault", [faults.drop(), faults.json({"message": "Bad Request"}, 400)])
async def test_an_import_that_never_arrived_is_found_out(kitchen: Kitchen, fault: Fault) -> None:
    stored, _, messed = await messed_up(kitchen)
    kitchen.sim.faults.next("import", fault)

    sentence = await kitchen.fails_after_its_safety_backup(
        kitchen.restore(stored), "restore_differs"
    )

    assert "https://evil.example/list.txt" in sentence
    assert "imported" not in sentence
    assert kitchen.configuration == messed


@by_import_only
async def test_an_import_that_takes_its_time_is_waited_for(kitchen: Kitchen) -> None:
    stored, before, _ = await messed_up(kitchen)
    gate, restore = await held(kitchen.sim, "import", kitchen.restore(stored))
    await asyncio.sleep(0.5)  # longer than it would wait for the restart
    assert (kitchen.activity, restore.done()) == ("importing", False)
    gate.open()

    assert (await restore)["proven"] is True
    assert kitchen.configuration == before


@by_import_only
async def test_an_import_without_an_answer_is_not_waited_for_longer_than_the_time_limit(
    kitchen: Kitchen, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored, before, _ = await messed_up(kitchen)
    gate = faults.gate()
    kitchen.sim.faults.next("import", gate)
    shorten_deadline(monkeypatch, 1.0)

    answer = await kitchen.restore(stored)

    assert gate.reached.is_set()
    assert kitchen.configuration == before
    assert len(answer["remarks"]) == 1
    assert "answer to the import was lost" in answer["remarks"][0]


@by_import_only
@pytest.mark.parametrize(
    ("skips", "named"),
    [
        ({"config"}, "dns.blockTTL changed from 2 to 60"),
        ({"dhcp_leases"}, "1 DHCP lease removed: 192.168.1.77"),
        ({"adlist", "adlist_by_group"}, "1 list added: https://evil.example/list.txt"),
        ({"domainlist", "domainlist_by_group"}, "1 domain disabled: shop.example.com"),
        ({"client", "client_by_group"}, "1 client added: 192.168.1.99"),
        ({"client_by_group"}, "moved to other groups"),
    ],
)
async def test_what_an_import_skips_in_silence_is_named_and_can_be_undone(
    kitchen: Kitchen, skips: set[str], named: str
) -> None:
    stored, _, _ = await messed_up(kitchen)
    kitchen.sim.pihole.leases = []
    messed = deepcopy(kitchen.configuration)
    kitchen.sim.skips = skips

    sentence = await kitchen.fails_after_its_safety_backup(
        kitchen.restore(stored), "restore_differs"
    )

    assert named in sentence
    # With assignments to groups that are gone, a Pi-hole cannot update its lists.
    assert kitchen.sim.gravity_updates == (not skips & {"adlist", "domainlist", "client"})
    kitchen.sim.skips = set()
    await kitchen.undo()
    assert kitchen.configuration == messed


@by_import_only
async def test_what_an_import_skips_to_no_harm_is_remarked(kitchen: Kitchen) -> None:
    stored = await kitchen.back_up()
    before = deepcopy(kitchen.configuration)
    kitchen.sim.pihole.clients.clear()
    kitchen.sim.skips = {"domainlist", "domainlist_by_group"}

    answer = await kitchen.restore(stored)

    assert kitchen.configuration == before
    assert answer["proven"] is True
    assert answer["remarks"] == [
        (
            "The Pi-hole didn't confirm these parts of the import, so it was read again to see the"
            " result: etc/pihole/gravity.db->domainlist, etc/pihole/gravity.db->domainlist_by_group"
        )
    ]


# The restart --------------------------------------------------------------------------------------


@by_import_only
async def test_a_restart_of_20_seconds_is_waited_for(
    kitchen: Kitchen, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert RestoreTimings().restart == 180
    change_restore_timings(
        monkeypatch, lambda usual: replace(usual, restart=9.0)
    )  # a twentieth of everything
    stored, before, _ = await messed_up(kitchen)
    kitchen.sim.restart_seconds = 1.0

    assert (await kitchen.restore(stored))["proven"] is True
    assert kitchen.configuration == before


@by_import_only
async def test_a_restart_that_never_ends_is_reported_and_can_be_undone_when_it_is_back(
    kitchen: Kitchen, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored, before, messed = await messed_up(kitchen)
    kitchen.sim.restart_seconds = None
    with monkeypatch.context() as patch:
        change_restore_timings(patch, lambda usual: replace(usual, restart=0.5))
        sentence = await kitchen.fails_after_its_safety_backup(
            kitchen.restore(stored), "restore_unanswered"
        )

    assert "hasn't responded for 0.5 seconds" in sentence
    assert kitchen.activity == "idle"
    await kitchen.sim.start()
    kitchen.sim.restart_seconds = 0.05
    kitchen.sim.auth.end_all_sessions()  # nobody was there to log out
    assert kitchen.configuration == before
    await kitchen.undo()
    assert kitchen.configuration == messed


def lingering(begin: asyncio.Event) -> Fault:
    """Answer at once, and let the restart begin only later."""

    async def fault(request: web.Request, proceed: Proceed) -> web.StreamResponse:
        answer = await proceed()
        await answer.prepare(request)
        await answer.write_eof()
        while not begin.is_set():
            with suppress(asyncio.CancelledError):  # the client has hung up
                await begin.wait()
        return answer

    return fault


def cut_by(begin: asyncio.Event) -> Fault:
    """Have the restart begin with a request."""

    async def fault(_request: web.Request, _proceed: Proceed) -> web.StreamResponse:
        begin.set()
        return await forever()

    return fault


@by_import_only
@pytest.mark.parametrize("restart_seconds", [0.0, 0.05, 1.0])
async def test_a_restart_that_begins_late_is_waited_for(
    kitchen: Kitchen, restart_seconds: float
) -> None:
    stored, before, _ = await messed_up(kitchen)
    kitchen.sim.restart_seconds = restart_seconds
    begin = asyncio.Event()
    kitchen.sim.faults.next("import", lingering(begin))
    let_through(kitchen, "export", 2)
    kitchen.sim.faults.next("export", cut_by(begin))

    answer = await kitchen.restore(stored)

    assert begin.is_set()
    assert answer["proven"] is True
    assert kitchen.configuration == before
    assert kitchen.sim.restarts == 1


# Gravity ------------------------------------------------------------------------------------------


@both_ways
async def test_gravity_that_goes_on_and_on_is_not_listened_to_for_ever(
    kitchen: Kitchen, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    kitchen.way = way
    monkeypatch.setattr(limits, "SIZES", limits.Sizes(gravity=1_000_000))
    stored, before, _ = await messed_up(kitchen)
    kitchen.sim.faults.next("gravity", faults.endless("  [✗] no\n".encode() * 1000))

    await kitchen.fails_after_its_safety_backup(kitchen.restore(stored), "restore_gravity_failed")

    assert kitchen.configuration == before


async def test_complaints_about_gravity_take_little_memory_however_many_there_are(
    kitchen: Kitchen,
) -> None:
    stored, before, _ = await messed_up(kitchen)
    many = "".join(f"  [✗] {number:0500}\n" for number in range(20_000))
    kitchen.sim.faults.next("gravity", faults.replace(f"{many}  Done.\n".encode()))
    tracemalloc.start()
    try:
        answer = await kitchen.restore(stored)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert most < 2 * len(many)  # the simulated Pi-hole holds them all, and sends them from there
    assert kitchen.configuration == before
    assert [remark.count("; ") for remark in answer["remarks"]] == [2]


@both_ways
@pytest.mark.parametrize(
    "fault",
    [
        faults.drop(),
        faults.cut(100),
        faults.error(403, "forbidden", "Updating gravity is not allowed"),
        faults.error(500, "internal_error", "Cannot fork"),
        faults.html(),
        faults.hang(),
        faults.stall(100),
    ],
    ids=["dropped", "cut", "forbidden", "failed", "a page", "hangs", "stalls"],
)
async def test_gravity_that_fails_as_a_whole_is_reported_and_the_rest_is_proven(
    kitchen: Kitchen, monkeypatch: pytest.MonkeyPatch, fault: Fault, way: str
) -> None:
    kitchen.way = way
    assert RestoreTimings().gravity == 1800
    change_restore_timings(monkeypatch, lambda usual: replace(usual, gravity=0.5))
    stored, before, messed = await messed_up(kitchen)
    kitchen.sim.faults.next("gravity", fault)

    sentence = await kitchen.fails_after_its_safety_backup(
        kitchen.restore(stored), "restore_gravity_failed"
    )

    assert "restored and verified" in sentence
    assert kitchen.configuration == before
    await kitchen.undo()
    assert kitchen.configuration == messed


# The proof ----------------------------------------------------------------------------------------


@both_ways
@pytest.mark.parametrize("include", ["lists", "settings"])
async def test_what_somebody_changes_in_the_middle_is_named(
    kitchen: Kitchen, include: str, way: str
) -> None:
    kitchen.way = way
    stored, _, _ = await messed_up(kitchen)

    def change() -> None:
        kitchen.sim.pihole.add_domain("by-somebody.example.com")

    kitchen.sim.faults.next("gravity", faults.call(change))

    sentence = await kitchen.fails_after_its_safety_backup(
        kitchen.restore(stored, include=include, update_gravity=True), "restore_differs"
    )

    assert "1 domain added: by-somebody.example.com (denied)" in sentence


@both_ways
@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (faults.error(500, "compression_error", "Failed to read gravity.db"), "Failed to read"),
        (faults.replace(b"PK\x03\x04 and no more"), "incomplete or damaged zip"),
        (faults.html(), "another web server answered instead of the Pi-hole: 200 OK"),
    ],
)
async def test_a_proof_that_cannot_be_had_is_reported(
    kitchen: Kitchen, fault: Fault, reason: str, way: str
) -> None:
    kitchen.way = way
    stored, before, messed = await messed_up(kitchen)
    let_through(kitchen, "export", 2)
    kitchen.sim.faults.next("export", fault)

    sentence = await kitchen.fails_after_its_safety_backup(
        kitchen.restore(stored), "restore_unproven"
    )

    assert reason in sentence
    assert kitchen.configuration == before
    await kitchen.undo()
    assert kitchen.configuration == messed


@by_import_only
@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (REFUSED, "No thanks"),
        (
            faults.error(429, "rate_limiting", "Rate-limiting"),
            "The connection to the Pi-hole was lost",
        ),
    ],
    ids=["refused", "limited"],
)
async def test_a_refused_import_after_which_nothing_can_be_read_is_not_proven(
    kitchen: Kitchen, fault: Fault, reason: str
) -> None:
    stored, _, messed = await messed_up(kitchen)
    let_through(kitchen, "export", 2)
    kitchen.sim.faults.next("export", faults.drop(), times=2)  # it is asked again
    kitchen.sim.faults.next("import", fault)

    sentence = await kitchen.fails_after_its_safety_backup(
        kitchen.restore(stored), "restore_unproven"
    )

    assert reason in sentence
    assert "rate_limited" not in sentence
    assert kitchen.configuration == messed


def take_long(kitchen: Kitchen) -> None:
    """Let the update of the lists last longer than a session does."""

    async def fault(_request: web.Request, proceed: Proceed) -> web.StreamResponse:
        answer = await proceed()
        kitchen.sim.clock.advance(2 * kitchen.sim.pihole.session_timeout)
        return answer

    kitchen.sim.faults.next("gravity", fault)


@both_ways
async def test_an_update_of_the_lists_may_take_longer_than_a_session_lasts(
    kitchen: Kitchen, way: str
) -> None:
    kitchen.way = way
    kitchen.sim.pihole.session_timeout = 300
    stored, before, _ = await messed_up(kitchen)
    take_long(kitchen)

    assert (await kitchen.restore(stored))["proven"] is True
    assert kitchen.configuration == before


LOGIN_FAILS = [
    faults.error(429, "api_seats_exceeded", "API seats exceeded"),
    faults.html(),
    faults.drop(),
]


@both_ways
@pytest.mark.parametrize("fault", LOGIN_FAILS)
async def test_a_login_that_fails_after_a_long_update_of_the_lists_leaves_it_unproven(
    kitchen: Kitchen, fault: Fault, way: str
) -> None:
    kitchen.way = way
    stored, before, messed = await messed_up(kitchen)
    take_long(kitchen)
    let_through(kitchen, "login", 1)
    kitchen.sim.faults.next("login", fault, times=3)

    await kitchen.fails_after_its_safety_backup(kitchen.restore(stored), "restore_unproven")

    assert kitchen.configuration == before
    kitchen.sim.faults.clear()
    await kitchen.undo()
    assert kitchen.configuration == messed


@by_import_only
@pytest.mark.parametrize("fault", LOGIN_FAILS)
async def test_a_login_that_fails_after_the_import_is_not_reported_as_not_begun(
    kitchen: Kitchen, fault: Fault
) -> None:
    kitchen.sim.change_credentials(Credentials(password=NEW_PASSWORD, app_password=APP_PASSWORD))
    stored, before, messed = await messed_up(kitchen)
    kitchen.sim.change_credentials(Credentials(password=PASSWORD, app_password=APP_PASSWORD))
    messed = deepcopy(kitchen.configuration)
    let_through(kitchen, "login", 1)
    kitchen.sim.faults.next("login", fault)

    restore = start(kitchen, kitchen.restore(stored))
    await asyncio.wait([restore])

    assert getattr(restore.exception(), "translation_key", None) != "restore_not_begun"
    assert kitchen.configuration == before
    kitchen.sim.faults.clear()
    await kitchen.undo()
    assert kitchen.configuration == messed


# In the room with others --------------------------------------------------------------------------


def start(
    kitchen: Kitchen, work: Coroutine[Any, Any, dict[str, Any]]
) -> asyncio.Task[dict[str, Any]]:
    return kitchen.home.hass.async_create_task(work)


@both_ways
async def test_nothing_else_is_done_with_the_pihole_during_a_restore(
    kitchen: Kitchen, way: str
) -> None:
    kitchen.way = way
    stored, before, _ = await messed_up(kitchen)
    gate, restore = await held(kitchen.sim, FIRST_CHANGE[way], kitchen.restore(stored))
    logins = kitchen.sim.logins
    one = {"config_entry_id": kitchen.entry_id, "backup_id": stored}

    for other in (
        kitchen.home.press(),
        kitchen.home.back_up(),
        kitchen.home.call("compare", **one),
        kitchen.restore(stored),
        kitchen.restore(stored, dry_run=True),
        kitchen.undo(),
    ):
        await kitchen.fails(other, "restore_running")
    await kitchen.home.call("update", **one, note="what is here may be changed")
    await kitchen.home.call("delete", **one)

    assert kitchen.sim.logins == logins
    gate.open()
    assert (await restore)["proven"] is True
    assert kitchen.configuration == before
    await kitchen.home.press()


async def test_a_restore_waits_for_a_backup_that_is_under_way(kitchen: Kitchen) -> None:
    stored, before, _ = await messed_up(kitchen)
    gate, press = await held(kitchen.sim, "export", kitchen.home.press())
    logins = kitchen.sim.logins
    restore = start(kitchen, kitchen.restore(stored))
    for _ in range(50):
        await asyncio.sleep(0)
    assert kitchen.sim.logins == logins
    gate.open()

    await press
    assert (await restore)["proven"] is True
    assert kitchen.configuration == before
    assert kitchen.home.count == 4


@both_ways
async def test_one_who_stops_waiting_does_not_stop_the_restore(kitchen: Kitchen, way: str) -> None:
    kitchen.way = way
    stored, before, _ = await messed_up(kitchen)
    gate, restore = await held(kitchen.sim, FIRST_CHANGE[way], kitchen.restore(stored))
    restore.cancel()
    await asyncio.wait([restore])
    gate.open()
    await until(lambda: kitchen.activity == "idle")

    assert kitchen.configuration == before
    assert kitchen.events[-1].data["proven"] is True


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    ("place", "way"),
    [("export", None), ("change of an item", LIVE), ("import", BY_IMPORT), ("gravity", None)],
)
async def test_a_backup_of_home_assistant_finds_no_file_changing_and_calls_no_restore_off(
    kitchen: Kitchen,
    ha_backup: HaBackup,
    caplog: pytest.LogCaptureFixture,
    place: Place,
    way: str | None,
) -> None:
    kitchen.way = way
    stored, before, _ = await messed_up(kitchen)
    gate, restore = await held(kitchen.sim, place, kitchen.restore(stored))
    ha_backup.ask()
    await asyncio.sleep(0)
    if place == "export":
        gate.open()  # what changes files already may end before the freeze
    await ha_backup.until_begun()
    gate.open()
    if place != "export":
        await until(lambda: kitchen.sim.gravity_updates == 1)
    await asyncio.sleep(0.2)  # in which the proof would be under way
    assert not restore.done()
    await ha_backup.finish()

    assert (await restore)["proven"] is True
    assert kitchen.configuration == before
    assert "Files of Kitchen are still changing" not in caplog.text
    await kitchen.undo()


@both_ways
async def test_a_restore_that_is_ended_while_home_assistant_backs_itself_up_changes_no_file(
    kitchen: Kitchen, ha_backup: HaBackup, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    kitchen.way = way
    change_restore_timings(monkeypatch, lambda usual: replace(usual, hurried_cleanup=0.05))
    stored, _, _ = await messed_up(kitchen)
    _gate, restore = await held(kitchen.sim, "gravity", kitchen.restore(stored))
    await ha_backup.start()

    assert await kitchen.home.hass.config_entries.async_unload(kitchen.entry_id)
    await kitchen.fails(restore, "stopping")
    del restore
    gc.collect()  # nothing is deleted only because nobody needs it any more
    await asyncio.sleep(0.2)  # in which a file would be

    await ha_backup.finish()
    assert await kitchen.home.hass.config_entries.async_setup(kitchen.entry_id)
    assert {path for path in kitchen.home.files if path.startswith(".staging")} == set()


@both_ways
async def test_a_backup_of_home_assistant_may_take_longer_than_a_session_lasts(
    kitchen: Kitchen, ha_backup: HaBackup, way: str
) -> None:
    kitchen.way = way
    stored, before, _ = await messed_up(kitchen)
    gate, restore = await held(kitchen.sim, "gravity", kitchen.restore(stored))
    await ha_backup.start()
    gate.open()
    await until(lambda: kitchen.activity == "proving")
    await asyncio.sleep(0.2)  # in which it looks whether it is still logged in
    kitchen.sim.clock.advance(3600)
    await ha_backup.finish()

    assert (await restore)["proven"] is True
    assert kitchen.configuration == before


# Home Assistant ends in the middle ----------------------------------------------------------------


async def confirm(kitchen: Kitchen, hass_client: ClientSessionGenerator, issue_id: str) -> None:
    """Go through the dialog under Repairs."""
    assert (await go_through_dialog(kitchen.home.hass, hass_client, issue_id))[
        "type"
    ] == "create_entry"
    await kitchen.home.hass.async_block_till_done()


@both_ways
@pytest.mark.parametrize("place", ["login", "export", "version"])
async def test_a_stop_before_the_first_change_is_reported_at_the_next_start(
    kitchen: Kitchen, hass_client: ClientSessionGenerator, place: Place, way: str
) -> None:
    kitchen.way = way
    stored, before, messed = await messed_up(kitchen)

    await broken_off(kitchen, stored, place)

    assert kitchen.configuration == messed
    assert kitchen.home.count == 1
    issue = f"restore_not_begun_{kitchen.entry_id}"
    assert set(issues(kitchen)) == {issue}
    assert issues(kitchen)[issue]["name"] == "Kitchen"
    await kitchen.fails(kitchen.undo(), "nothing_to_undo")
    assert set(issues(kitchen)) == {issue}
    await confirm(kitchen, hass_client, issue)
    assert issues(kitchen) == {}
    await kitchen.home.hass.config_entries.async_reload(kitchen.entry_id)
    assert issues(kitchen) == {}
    await kitchen.restore(stored)
    assert kitchen.configuration == before


@pytest.mark.parametrize(
    ("place", "way"),
    [
        ("change of an item", LIVE),
        ("deletion of items", LIVE),
        ("change of settings", LIVE),
        ("gravity", LIVE),
        ("import", BY_IMPORT),
        ("gravity", BY_IMPORT),
    ],
)
async def test_a_stop_after_the_first_change_is_reported_at_the_next_start_and_can_be_undone(
    kitchen: Kitchen, hass_client: ClientSessionGenerator, place: Place, way: str
) -> None:
    kitchen.way = way
    stored, _, messed = await messed_up(kitchen)

    await broken_off(kitchen, stored, place)

    issue = f"restore_broken_off_{kitchen.entry_id}"
    assert set(issues(kitchen)) == {issue}
    assert issues(kitchen)[issue]["safety"] == kitchen.safety["filename"]
    await kitchen.home.hass.config_entries.async_reload(kitchen.entry_id)
    assert set(issues(kitchen)) == {issue}
    await confirm(kitchen, hass_client, issue)
    assert issues(kitchen) == {}
    await kitchen.undo()
    assert kitchen.configuration == messed


@pytest.mark.parametrize(
    ("place", "issue"),
    [("export", "restore_not_begun"), ("change of an item", "restore_broken_off")],
)
async def test_an_issue_of_a_restore_cannot_be_confirmed_while_the_pihole_is_not_loaded(
    kitchen: Kitchen, hass_client: ClientSessionGenerator, place: Place, issue: str
) -> None:
    stored, _, _ = await messed_up(kitchen)
    await broken_off(kitchen, stored, place)
    issue_id = f"{issue}_{kitchen.entry_id}"
    assert await kitchen.home.hass.config_entries.async_unload(kitchen.entry_id)

    ended = await go_through_dialog(kitchen.home.hass, hass_client, issue_id)

    assert (ended["type"], ended["reason"]) == ("abort", "not_loaded")
    assert set(issues(kitchen)) == {issue_id}
    assert await kitchen.home.hass.config_entries.async_setup(kitchen.entry_id)
    assert set(issues(kitchen)) == {issue_id}
    await confirm(kitchen, hass_client, issue_id)
    assert issues(kitchen) == {}


async def test_an_undo_that_works_takes_the_issue_of_a_restore_that_was_broken_off_away(
    kitchen: Kitchen,
) -> None:
    stored, _, messed = await messed_up(kitchen)
    await broken_off(kitchen, stored, "gravity")

    await kitchen.undo()

    assert kitchen.configuration == messed
    assert issues(kitchen) == {}


@pytest.mark.parametrize("how", ["does not begin", "is broken off before it begins"])
async def test_what_is_known_of_a_restore_that_was_broken_off_stays_when_the_next(
    kitchen: Kitchen, how: str
) -> None:
    stored, _, _ = await messed_up(kitchen)
    await broken_off(kitchen, stored, "gravity")
    issue = f"restore_broken_off_{kitchen.entry_id}"
    safety = kitchen.safety["filename"]
    kitchen.sim.pihole.clients.clear()
    if how == "does not begin":
        await kitchen.fails(kitchen.restore("0a1b2c"), "restore_not_begun")
    else:
        await broken_off(kitchen, stored, "export")

    await kitchen.home.hass.config_entries.async_reload(kitchen.entry_id)

    assert set(issues(kitchen)) == {issue}
    assert issues(kitchen)[issue]["safety"] == safety


@both_ways
async def test_it_is_on_the_disk_before_the_pihole_is_changed_what_a_power_cut_would_leave(
    kitchen: Kitchen, hass_storage: dict[str, Any], way: str
) -> None:
    kitchen.way = way
    stored, _, _ = await messed_up(kitchen)
    seen: list[Any] = []

    def look() -> None:
        seen.append(deepcopy(hass_storage[f"{DOMAIN}.{kitchen.entry_id}"]["data"]))

    kitchen.sim.faults.next("export", faults.call(look))
    kitchen.sim.faults.next(FIRST_CHANGE[way], faults.call(look))
    answer = await kitchen.restore(stored, include="lists")
    look()

    assert [item["unfinished"] and item["unfinished"]["safety"] for item in seen] == [
        None,
        kitchen.safety["filename"],
        None,
    ]
    assert seen[0]["unfinished"]["backup_id"] == stored
    undo = {
        "backup_id": kitchen.safety["id"],
        "parts": ["lists"],
        "only": [item["id"] for item in answer["items"]],
        "restored_id": stored,
        "is_redo": False,
    }
    assert [element["undo"] for element in seen] == [None, undo, undo]


@pytest.mark.parametrize(("place", "begun"), [("export", False), ("gravity", True)])
async def test_a_stop_of_home_assistant_ends_a_restore_and_it_is_remembered(
    kitchen: Kitchen, place: Place, *, begun: bool
) -> None:
    stored, _, _ = await messed_up(kitchen)
    _gate, restore = await held(kitchen.sim, place, kitchen.restore(stored))

    await kitchen.home.hass.async_stop(force=True)

    await kitchen.fails(restore, "stopping")
    memory = PersistentState(kitchen.home.hass, kitchen.entry_id)
    await memory.load()
    assert memory.unfinished is not None
    assert (memory.unfinished.safety is not None) is begun
    assert (memory.undo is not None) is begun


async def test_a_stop_while_a_restore_waits_for_a_backup_is_reported_at_the_next_start(
    kitchen: Kitchen,
) -> None:
    stored, _, _ = await messed_up(kitchen)
    _gate, backup = await held(kitchen.sim, "export", kitchen.home.press())
    restore = asyncio.ensure_future(kitchen.restore(stored))
    await asyncio.sleep(0)

    await kitchen.home.hass.config_entries.async_reload(kitchen.entry_id)

    await kitchen.fails(backup, "stopping")
    await kitchen.fails(restore, "stopping")
    assert set(issues(kitchen)) == {f"restore_not_begun_{kitchen.entry_id}"}


async def test_a_fault_of_ours_in_a_restore_leaves_the_way_free_for_all_that_follows(
    kitchen: Kitchen, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored, before, _ = await messed_up(kitchen)

    async def broken(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("nobody thought of this")

    with monkeypatch.context() as patch:
        patch.setattr(manager_restore, "restore", broken)
        await kitchen.fails(kitchen.restore(stored), "restore_not_begun")

    await kitchen.home.press()
    await kitchen.restore(stored)
    assert kitchen.configuration == before
