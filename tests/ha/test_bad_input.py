"""Everything that can come instead of a backup: one sentence each, and nothing left behind."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
import errno
import os
from pathlib import Path
import re
import socket
from typing import Literal
import zipfile

import aiohttp
from aiohttp import web
import pytest

from custom_components.pihole_checkpoint.engine import files
from custom_components.pihole_checkpoint.engine.errors import RestoreError, UnusableFile
from custom_components.pihole_checkpoint.engine.pihole import limits
from custom_components.pihole_checkpoint.engine.pihole.errors import CheckpointError
from custom_components.pihole_checkpoint.engine.teleporter import archive
from custom_components.pihole_checkpoint.engine.teleporter import limits as archive_limits
from custom_components.pihole_checkpoint.engine.teleporter.safe_zip import ZipReader
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import aiohttp_client
from pihole_simulator import (
    Credentials,
    Fault,
    PiholeV5,
    Simulator,
    broken,
    build_archive,
    faults,
    tls,
)
from pihole_simulator.fault_plan import Place
from tests.support.home import Home
from tests.support.passwords import APP_PASSWORD, PASSWORD, TOTP_SECRET
from tests.support.repacked import members_of, packed
from tests.support.timings import shorten_deadline


def json_answer(body: bytes) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    return head.encode() + b"\r\n\r\n" + body


def endlessly(chunk: bytes, delay: float) -> Fault:
    async def fault(request: web.Request, _proceed: object) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        await response.prepare(request)
        while True:
            await response.write(chunk)
            await asyncio.sleep(delay)

    return fault


@dataclass(kw_only=True)
class Scene:
    """A home where all is well, and what a case may spoil in it."""

    home: Home
    sim: Simulator
    patch: pytest.MonkeyPatch
    stack: AsyncExitStack

    def send(self, spoil: Callable[..., bytes], *how: object) -> None:
        """Let the Pi-hole send a spoiled archive."""
        healthy = build_archive(self.sim.pihole, self.sim.clock.datetime())
        self.sim.faults.always("export", faults.replace(spoil(healthy, *how)))

    def hurry(self, **seconds: float) -> None:
        """Let time-outs pass faster than in real life."""
        self.patch.setattr(limits, "TIMINGS", replace(limits.TIMINGS, **seconds))

    def fail(self, owner: object, function: str, number: int) -> None:
        """Let a call of the operating system fail."""

        def failing(*_args: object, **_kwargs: object) -> None:
            raise OSError(number, os.strerror(number))

        self.patch.setattr(owner, function, failing)


type Spoil = Callable[[Scene], Awaitable[None] | None]


def answers(place: Place, fault: Fault, *, within: float | None = None) -> Spoil:
    def spoil(scene: Scene) -> None:
        if within is not None:
            scene.hurry(read=within)
        scene.sim.faults.always(place, fault)

    return spoil


def sends(damage: Callable[..., bytes], *how: object) -> Spoil:
    return lambda scene: scene.send(damage, *how)


def fails(owner: object, function: str, number: int) -> Spoil:
    return lambda scene: scene.fail(owner, function, number)


def has_gravity(state: Literal["locked", "damaged", "missing"]) -> Spoil:
    def spoil(scene: Scene) -> None:
        scene.sim.gravity_file = state

    return spoil


CASES: dict[str, dict[str, Spoil]] = {
    "connection_lost": {
        "connection dropped": answers("login", faults.drop()),
        "connection dropped before the archive": answers("export", faults.drop()),
        "connection dropped in an archive of unknown length": answers(
            "export",
            faults.raw(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/zip\r\n"
                b"Transfer-Encoding: chunked\r\n\r\n"
                b"4\r\nPK\x03\x04\r\n"
            ),
        ),
    },
    "redirected": {
        "redirect at login": answers("login", faults.redirect("https://pi.hole")),
        "redirect at export": answers(
            "export", faults.redirect_to("https://proxy.example/login?rd=x")
        ),
        "redirect to a name that does not decode": answers(
            "export", faults.redirect_to("http://xn--a/")
        ),
    },
    "not_a_pihole": {
        "redirect to nowhere": answers("login", faults.redirect_to("javascript:alert(1)")),
        "endless answer": answers("login", endlessly(b" " * 65_536, delay=0)),
        "answer of another json api": answers(
            "login", faults.raw(json_answer(b'{"hello": "world"}'))
        ),
        "session that is neither valid nor not": answers(
            "login", faults.raw(json_answer(b'{"session": {"valid": null, "sid": null}}'))
        ),
        "session id that would break a header": answers(
            "login",
            faults.raw(json_answer(b'{"session": {"valid": true, "sid": "a\\r\\nX-Evil: 1"}}')),
        ),
    },
    "proxy_answered": {
        "page at login": answers("login", faults.html()),
        "page at export": answers("export", faults.html()),
        "json at export": answers("export", faults.raw(json_answer(b"{}"))),
        "deeply nested answer": answers("login", faults.raw(json_answer(b"[" * 100_000))),
        "login of a proxy": answers("login", faults.html("Authorization Required", 401)),
        "forbidden by a proxy": answers("export", faults.html("Forbidden", 403)),
        "rate limit of a proxy": answers("login", faults.html("Too Many Requests", 429)),
        "error 503 of a proxy": answers("export", faults.html("Service Unavailable", 503)),
        "error 500 of a proxy": answers("export", faults.html("Internal Server Error", 500)),
        "json error of a proxy": answers("login", faults.json({"message": "no route"}, 404)),
    },
    "proxy_cannot_reach": {
        "error 502 of a proxy": answers("login", faults.html("Bad Gateway", 502)),
        "error 504 of a proxy": answers("export", faults.html("Gateway Time-out", 504)),
        "json error 502 of a proxy": answers("login", faults.json({"error": "dial tcp"}, 502)),
    },
    "proxy_too_large": {"limit of a proxy": answers("login", faults.html("Too Large", 413))},
    "answer_garbled": {
        "no http at all": answers("login", faults.raw(b"SSH-2.0-OpenSSH_9.2p1\r\n")),
        "body longer than announced": answers("export", faults.overrun(b"and more")),
        "body announced too short": answers("export", faults.announce_less(by=100)),
    },
    "totp_required": {
        "token refused": answers("login", faults.error(401, "unauthorized", "Invalid 2FA token"))
    },
    "no_free_seat": {
        "no free seat": answers(
            "login", faults.error(429, "api_seats_exceeded", "API seats exceeded", "increase it")
        )
    },
    "forbidden": {
        "forbidden": answers("export", faults.error(403, "forbidden", "Not allowed")),
    },
    "gravity_unreadable": {
        f"gravity database {state}": has_gravity(state)
        for state in ("locked", "damaged", "missing")
    },
    "pihole_failed": {
        "error 500 with a reason": answers(
            "export",
            faults.error(500, "compression_error", "Failed to read /etc/pihole/gravity.db"),
        ),
    },
    "archive_incomplete": {"body shorter than announced": answers("export", faults.cut(after=700))},
    "answer_timeout": {
        "no answer": answers("login", faults.hang(), within=0.2),
        "no archive": answers("export", faults.hang(), within=0.2),
        "a download that stops": answers("export", faults.stall(after=500), within=0.2),
    },
    "archive_damaged": {
        "empty archive": sends(lambda _: b""),
        "not a zip": sends(lambda _: b"PK\x03\x04 but no more of a zip than that" * 10),
        "truncated zip": sends(lambda healthy: broken.truncated(healthy, len(healthy) - 30)),
        "wrong checksum": sends(broken.flipped, "etc/pihole/pihole-FTL.db"),
    },
    "archive_encrypted": {"encrypted zip": sends(broken.encrypted)},
    "archive_compression": {
        "packed with LZMA": sends(
            lambda healthy: packed(members_of(healthy), method=zipfile.ZIP_LZMA)
        ),
    },
    "archive_member_missing": {
        "no config": sends(broken.without, broken.TOML),
        "no gravity": sends(broken.without, broken.GRAVITY),
    },
    "archive_config_broken": {
        "broken toml": sends(broken.broken_toml),
        "toml that is not text": sends(broken.replace_member, broken.TOML, b"a = '\xff'"),
        "toml of endless size": sends(broken.bomb, 20_000_000, broken.TOML),
        "toml nested too deeply": sends(
            broken.replace_member, broken.TOML, b"a = " + b"[" * 100_000
        ),
    },
    "archive_database_broken": {
        "broken sqlite": sends(broken.broken_sqlite),
        "no sqlite": sends(broken.replace_member, broken.GRAVITY, b"not a database"),
        "missing table": sends(broken.without_table, "domainlist_by_group"),
    },
    "archive_unsafe": {
        "climbing name": sends(broken.with_member, "../evil", b"x"),
        "climbing name for windows": sends(broken.with_member, "etc\\..\\..\\evil", b"x"),
        "absolute name": sends(broken.with_member, "/etc/passwd", b"x"),
        "name that writes to the terminal": sends(broken.with_member, "etc/\x1b[2J", b"x"),
        "member twice": sends(broken.duplicate_member, broken.TOML),
        "far too many members": sends(broken.many_members, 20_000),
    },
    "storage_full": {
        "disk full when writing": fails(files, "sync", errno.ENOSPC),
        "disk full when a file is made": fails(files, "create", errno.EDQUOT),
        "disk full when the record is written": fails(files, "create_whole", errno.ENOSPC),
    },
    "storage_not_writable": {
        "folder not writable": fails(files, "create", errno.EACCES),
        "disk read only when renaming": fails(Path, "rename", errno.EROFS),
    },
    "storage_failed": {
        "disk breaks when the folder is synced": fails(files, "sync_folder", errno.EIO)
    },
}
"""What can go wrong, by the error that a backup ends with then."""


def ends_with(key: str) -> Callable[[Spoil], Spoil]:
    """Add a case that ends with the error of that key."""

    def add(spoil: Spoil) -> Spoil:
        CASES.setdefault(key, {})[spoil.__name__] = spoil
        return spoil

    return add


# The way to the Pi-hole ---------------------------------------------------------------------------


@ends_with("cannot_connect")
async def connection_refused(scene: Scene) -> None:
    await scene.sim.stop()


@ends_with("name_not_found")
async def name_not_found(scene: Scene) -> None:
    scene.fail(aiohttp.TCPConnector, "_resolve_host", errno.ENOENT)
    await scene.home.move_to("http://pi.hole")


@ends_with("connect_timeout")
async def time_out_while_connecting(scene: Scene) -> None:
    scene.hurry(connect=0.2)
    listener = scene.stack.enter_context(socket.socket())
    listener.bind(("127.0.0.1", 0))
    listener.listen(0)
    for _ in range(3):  # nobody accepts, so the queue is full and further ones are left hanging
        waiting = scene.stack.enter_context(socket.socket())
        waiting.settimeout(0)
        waiting.connect_ex(listener.getsockname())
    await scene.home.move_to("http://127.0.0.1:{1}".format(*listener.getsockname()))


@ends_with("answer_timeout")
def answer_that_drips(scene: Scene) -> None:
    scene.hurry(request=0.2)
    scene.sim.faults.always("login", endlessly(b" ", delay=0.01))


@ends_with("deadline_exceeded")
def time_out_in_total(scene: Scene) -> None:
    shorten_deadline(scene.patch, 0.3)
    scene.sim.faults.always("export", faults.trickle(chunk=10, delay=0.01))


@ends_with("tls_not_trusted")
async def tls_not_trusted(scene: Scene) -> None:
    await serve_elsewhere(scene, Simulator(tls=tls.out_of_the_box()))


@ends_with("tls_failed")
async def tls_not_spoken(scene: Scene) -> None:
    await scene.home.move_to(scene.sim.url.replace("http:", "https:"))


@ends_with("connection_lost")
async def http_to_a_tls_port(scene: Scene) -> None:
    other = Simulator(tls=tls.out_of_the_box())
    await serve_elsewhere(scene, other)
    await scene.home.move_to(other.url.replace("https:", "http:"))


@ends_with("answer_garbled")
def redirect_that_trips_home_assistants_own_check(scene: Scene) -> None:
    async def from_elsewhere(*_args: object) -> bool:
        return False  # the check leaves out servers on this machine, as the simulator is one

    scene.patch.setattr(aiohttp_client, "_async_is_blocked_host", from_elsewhere)
    scene.sim.faults.always("login", faults.redirect_to("http://["))


@ends_with("proxy_answered")
async def pihole_v5(scene: Scene) -> None:
    await serve_elsewhere(scene, PiholeV5())


# What the Pi-hole refused -------------------------------------------------------------------------


@ends_with("wrong_password")
def wrong_password(scene: Scene) -> None:
    scene.sim.change_credentials(Credentials(password="another"))


@ends_with("password_needed")
async def password_that_was_set_only_now(scene: Scene) -> None:
    scene.home.hass.config_entries.async_update_entry(
        scene.home.entry, data={**scene.home.entry.data, "password": ""}
    )
    await scene.home.move_to(scene.sim.url)


@ends_with("totp_required")
async def main_password_with_2fa(scene: Scene) -> None:
    scene.sim.change_credentials(Credentials(password=PASSWORD, totp_secret=TOTP_SECRET))
    scene.home.hass.config_entries.async_update_entry(
        scene.home.entry, data={**scene.home.entry.data, "password": PASSWORD}
    )
    await scene.home.move_to(scene.sim.url)


@ends_with("rate_limited")
def rate_limit(scene: Scene) -> None:
    scene.sim.clock.stop()
    scene.sim.auth.login_attempts_per_second = 0


@ends_with("rate_limited")
def rate_limit_with_one_wrong_password_in_it(scene: Scene) -> None:
    limited = faults.error(429, "rate_limiting", "Rate-limiting login attempts")
    scene.sim.change_credentials(Credentials(password="another"))
    scene.sim.faults.next("login", limited, times=2)


@ends_with("session_ended")
def session_ended_before_the_export(scene: Scene) -> None:
    scene.sim.faults.always("export", faults.call(scene.sim.auth.end_all_sessions))


@ends_with("archive_too_large")
def body_announced_too_large(scene: Scene) -> None:
    # Small enough to be sent at once: a server that is broken off in the middle complains.
    scene.patch.setattr(archive_limits, "DEFAULT", archive_limits.Limits(archive=40_000))
    scene.send(lambda _: bytes(40_001))


@ends_with("archive_too_large")
def endless_body(scene: Scene) -> None:
    scene.patch.setattr(archive_limits, "DEFAULT", archive_limits.Limits(archive=5_000_000))
    scene.sim.faults.always("export", faults.endless())


@ends_with("archive_too_large")
def zip_bomb(scene: Scene) -> None:
    scene.patch.setattr(archive_limits, "DEFAULT", archive_limits.Limits(unpacked=20_000_000))
    scene.send(lambda healthy: broken.bomb(healthy, 30_000_000))


@ends_with("unexpected")
def archive_over_which_the_code_stumbles(scene: Scene) -> None:
    def stumble(*_args: object, **_kwargs: object) -> None:
        raise ZeroDivisionError

    scene.patch.setattr(archive, "read", stumble)


@ends_with("storage_full")
def disk_full_when_the_database_is_unpacked(scene: Scene) -> None:
    scene.fail(ZipReader, "unpack", errno.ENOSPC)


@ends_with("storage_missing")
def folder_gone(scene: Scene) -> None:
    away = scene.home.folder.rename(scene.home.folder.with_name("away"))
    scene.stack.callback(away.rename, scene.home.folder)


@ends_with("storage_of_other")
def folder_of_another_pihole(scene: Scene) -> None:
    _write_id(scene, b"ab" * 6)


@ends_with("storage_unidentified")
def folder_without_its_id(scene: Scene) -> None:
    _write_id(scene, None)


def _write_id(scene: Scene, content: bytes | None) -> None:
    path = scene.home.folder / ".store"
    scene.stack.callback(path.write_bytes, path.read_bytes())
    path.unlink()
    if content is not None:
        path.write_bytes(content)


# --------------------------------------------------------------------------------------------------


async def serve_elsewhere(scene: Scene, server: Simulator | PiholeV5) -> None:
    """Let the Pi-hole's address be that of another server, which ends with the test."""
    await scene.stack.enter_async_context(server)
    await scene.home.move_to(server.url)


@pytest.fixture
async def scene(
    refused_handshakes_are_fine: None, home: Home, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Scene]:
    await home.press()
    sim.requests.clear()
    async with AsyncExitStack() as stack:
        with monkeypatch.context() as patch:
            yield Scene(home=home, sim=sim, patch=patch, stack=stack)


@pytest.mark.parametrize(
    ("key", "name"), [(key, name) for key, cases in CASES.items() for name in cases]
)
async def test_bad_input_ends_in_one_sentence_and_leaves_nothing_behind(
    scene: Scene, key: str, name: str
) -> None:
    spoil = CASES[key][name]
    home = scene.home
    before = home.files, home.count, home.last_backup
    if (waiting := spoil(scene)) is not None:
        await waiting

    with pytest.raises(HomeAssistantError) as raised:
        await home.back_up()

    assert raised.value.translation_key == key
    sentence = str(raised.value)
    assert " " in sentence, "there is no translation"
    assert "{" not in sentence
    assert not [secret for secret in scene.sim.secrets if secret in sentence]
    scene.patch.undo()
    await scene.stack.aclose()
    assert scene.sim.sessions == []
    await home.poll()  # a folder that was away is known again
    assert (home.files, home.count, home.last_backup) == before


def test_every_error_that_a_backup_can_end_with_has_a_case() -> None:
    def leaves(error: type[CheckpointError]) -> set[str]:
        below = error.__subclasses__()
        return {error.key} if not below else set().union(*(leaves(item) for item in below))

    # Those are met in the config flow and when Home Assistant stops, and tried there.
    elsewhere = {
        "app_password_read_only",
        "backup_damaged",
        "backup_not_found",
        "no_backup_for",
        "contents_unknown",
        "ha_backup_running",
        "https_needed",
        "import_refused",
        "invalid_url",
        "item_refused",
        "pihole_v5",
        "proxy_changes_paths",
        "record_of_later_version",
        "settings_refused",
        "stopping",
        "storage_name_too_long",
        "storage_not_empty",
        "storage_silent",
        "storage_unreadable",
    }
    assert CASES.keys() == (
        leaves(CheckpointError) - leaves(RestoreError) - leaves(UnusableFile) - elsewhere
    )


async def test_no_password_is_sent_after_a_redirect(scene: Scene) -> None:
    async with Simulator(password=PASSWORD) as other:
        scene.sim.faults.always("login", faults.redirect(other.url))
        with pytest.raises(HomeAssistantError, match=re.escape(other.url)):
            await scene.home.press()

    assert other.requests == []


async def test_a_pihole_that_repeats_our_secrets_is_not_quoted_with_them(scene: Scene) -> None:
    async def repeat(request: web.Request, _proceed: object) -> web.StreamResponse:
        hint = f"heard {request.headers['X-FTL-SID']} and {APP_PASSWORD}"
        return web.json_response({"error": {"key": "internal", "hint": hint}}, status=500)

    scene.sim.faults.next("export", repeat)
    with pytest.raises(HomeAssistantError, match=r"heard \*\*\* and \*\*\*"):
        await scene.home.press()
    assert "heard *** and ***" in str(scene.home.state("last_attempt").attributes)
