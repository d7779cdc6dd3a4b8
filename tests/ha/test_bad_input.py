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

import aiohttp
from aiohttp import web
import pytest

from custom_components.pihole_checkpoint.engine import files
from custom_components.pihole_checkpoint.engine.errors import RestoreError
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
from tests.support.home import Home
from tests.support.passwords import APP_PASSWORD, PASSWORD
from tests.support.timings import shorten_deadline

TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@dataclass(kw_only=True)
class Scene:
    """A home where all is well, and what a case may spoil in it."""

    home: Home
    sim: Simulator
    patch: pytest.MonkeyPatch
    stack: AsyncExitStack

    def send(self, spoil: Callable[[bytes], bytes]) -> None:
        """Let the Pi-hole send a spoiled archive."""
        healthy = build_archive(self.sim.pihole, self.sim.clock.datetime())
        self.sim.faults.always("export", faults.replace(spoil(healthy)))

    def hurry(self, **seconds: float) -> None:
        """Let time-outs pass faster than in real life."""
        self.patch.setattr(limits, "TIMINGS", replace(limits.TIMINGS, **seconds))

    def fail(self, owner: object, function: str, number: int) -> None:
        """Let a call of the operating system fail."""

        def failing(*_args: object, **_kwargs: object) -> None:
            raise OSError(number, os.strerror(number))

        self.patch.setattr(owner, function, failing)


type Spoil = Callable[[Scene], Awaitable[None] | None]
CASES: dict[str, tuple[str, Spoil]] = {}


def ends_with(key: str) -> Callable[[Spoil], Spoil]:
    """Add a case, that ends with the sentence of that key."""

    def add(spoil: Spoil) -> Spoil:
        CASES[spoil.__name__] = key, spoil
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
def time_out_before_an_answer(scene: Scene) -> None:
    scene.hurry(read=0.2)
    scene.sim.faults.always("login", faults.hang())


@ends_with("answer_timeout")
def time_out_before_the_archive(scene: Scene) -> None:
    scene.hurry(read=0.2)
    scene.sim.faults.always("export", faults.hang())


@ends_with("answer_timeout")
def time_out_in_mid_download(scene: Scene) -> None:
    scene.hurry(read=0.2)
    scene.sim.faults.always("export", faults.stall(after=500))


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


@ends_with("connection_lost")
def connection_dropped(scene: Scene) -> None:
    scene.sim.faults.always("login", faults.drop())


@ends_with("connection_lost")
def connection_dropped_before_the_archive(scene: Scene) -> None:
    scene.sim.faults.always("export", faults.drop())


@ends_with("connection_lost")
def connection_dropped_in_an_archive_of_unknown_length(scene: Scene) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/zip\r\nTransfer-Encoding: chunked\r\n\r\n"
    scene.sim.faults.always("export", faults.raw(head + b"4\r\nPK\x03\x04\r\n"))


# What answered ------------------------------------------------------------------------------------


@ends_with("redirected")
def redirect_at_login(scene: Scene) -> None:
    scene.sim.faults.always("login", faults.redirect("https://pi.hole"))


@ends_with("redirected")
def redirect_at_export(scene: Scene) -> None:
    scene.sim.faults.always("export", faults.redirect_to("https://proxy.example/login?rd=x"))


@ends_with("not_a_pihole")
def redirect_to_nowhere(scene: Scene) -> None:
    scene.sim.faults.always("login", faults.redirect_to("javascript:alert(1)"))


@ends_with("answer_garbled")
def redirect_that_trips_home_assistants_own_check(scene: Scene) -> None:
    async def from_elsewhere(*_args: object) -> bool:
        return False  # the check leaves out servers on this machine, as the simulator is one

    scene.patch.setattr(aiohttp_client, "_async_is_blocked_host", from_elsewhere)
    scene.sim.faults.always("login", faults.redirect_to("http://["))


@ends_with("redirected")
def redirect_to_a_name_that_does_not_decode(scene: Scene) -> None:
    scene.sim.faults.always("export", faults.redirect_to("http://xn--a/"))


@ends_with("not_a_pihole")
def html_at_login(scene: Scene) -> None:
    scene.sim.faults.always("login", faults.html())


@ends_with("not_a_pihole")
def html_at_export(scene: Scene) -> None:
    scene.sim.faults.always("export", faults.html())


@ends_with("not_a_pihole")
def json_at_export(scene: Scene) -> None:
    scene.sim.faults.always("export", faults.raw(json_answer(b"{}")))


@ends_with("answer_garbled")
def no_http_at_all(scene: Scene) -> None:
    scene.sim.faults.always("login", faults.raw(b"SSH-2.0-OpenSSH_9.2p1\r\n"))


@ends_with("not_a_pihole")
def endless_answer(scene: Scene) -> None:
    scene.sim.faults.always("login", endlessly(b" " * 65_536, delay=0))


@ends_with("not_a_pihole")
def deeply_nested_answer(scene: Scene) -> None:
    scene.sim.faults.always("login", faults.raw(json_answer(b"[" * 100_000)))


@ends_with("not_a_pihole")
def answer_of_another_json_api(scene: Scene) -> None:
    scene.sim.faults.always("login", faults.raw(json_answer(b'{"hello": "world"}')))


@ends_with("not_a_pihole")
def session_that_is_neither_valid_nor_not(scene: Scene) -> None:
    body = b'{"session": {"valid": null, "sid": null}}'
    scene.sim.faults.always("login", faults.raw(json_answer(body)))


@ends_with("not_a_pihole")
def session_id_that_would_break_a_header(scene: Scene) -> None:
    body = b'{"session": {"valid": true, "sid": "a\\r\\nX-Evil: 1"}}'
    scene.sim.faults.always("login", faults.raw(json_answer(body)))


@ends_with("not_a_pihole")
async def pihole_v5(scene: Scene) -> None:
    await serve_elsewhere(scene, PiholeV5())


# What the Pi-hole refused -------------------------------------------------------------------------


@ends_with("wrong_password")
def wrong_password(scene: Scene) -> None:
    scene.sim.change_credentials(Credentials(password="another"))


@ends_with("totp_required")
async def main_password_with_2fa(scene: Scene) -> None:
    scene.sim.change_credentials(Credentials(password=PASSWORD, totp_secret=TOTP_SECRET))
    scene.home.hass.config_entries.async_update_entry(
        scene.home.entry, data={**scene.home.entry.data, "password": PASSWORD}
    )
    await scene.home.move_to(scene.sim.url)


@ends_with("totp_required")
def token_refused(scene: Scene) -> None:
    scene.sim.faults.always("login", faults.error(401, "unauthorized", "Invalid 2FA token"))


@ends_with("no_free_seat")
def no_free_seat(scene: Scene) -> None:
    scene.sim.faults.always(
        "login", faults.error(429, "api_seats_exceeded", "API seats exceeded", "increase it")
    )


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


@ends_with("forbidden")
def forbidden(scene: Scene) -> None:
    scene.sim.faults.always("export", faults.error(403, "forbidden", "Not allowed"))


@ends_with("forbidden")
def forbidden_by_a_proxy(scene: Scene) -> None:
    scene.sim.faults.always("export", faults.html("Forbidden", 403))


@ends_with("pihole_failed")
def error_500_with_a_reason(scene: Scene) -> None:
    reason = "Failed to read /etc/pihole/gravity.db"
    scene.sim.faults.always("export", faults.error(500, "compression_error", reason))


@ends_with("pihole_failed")
def error_502_of_a_proxy(scene: Scene) -> None:
    scene.sim.faults.always("login", faults.html("Bad Gateway", 502))


# What it sent -------------------------------------------------------------------------------------


@ends_with("archive_incomplete")
def body_shorter_than_announced(scene: Scene) -> None:
    scene.sim.faults.always("export", faults.cut(after=700))


@ends_with("answer_garbled")
def body_longer_than_announced(scene: Scene) -> None:
    scene.sim.faults.always("export", faults.overrun(b"and more"))


@ends_with("answer_garbled")
def body_announced_too_short(scene: Scene) -> None:
    scene.sim.faults.always("export", faults.announce_less(by=100))


@ends_with("archive_too_large")
def body_announced_too_large(scene: Scene) -> None:
    scene.patch.setattr(archive_limits, "DEFAULT", archive_limits.Limits(archive=5_000_000))
    scene.send(lambda _: bytes(5_000_001))


@ends_with("archive_too_large")
def endless_body(scene: Scene) -> None:
    scene.patch.setattr(archive_limits, "DEFAULT", archive_limits.Limits(archive=5_000_000))
    scene.sim.faults.always("export", faults.endless())


@ends_with("archive_damaged")
def empty_archive(scene: Scene) -> None:
    scene.send(lambda _: b"")


@ends_with("archive_damaged")
def not_a_zip(scene: Scene) -> None:
    scene.send(lambda _: b"PK\x03\x04 but no more of a zip than that" * 10)


@ends_with("archive_damaged")
def truncated_zip(scene: Scene) -> None:
    scene.send(lambda healthy: broken.truncated(healthy, len(healthy) - 30))


@ends_with("archive_damaged")
def wrong_checksum(scene: Scene) -> None:
    scene.send(lambda healthy: broken.flipped(healthy, "etc/pihole/pihole-FTL.db"))


@ends_with("archive_encrypted")
def encrypted_zip(scene: Scene) -> None:
    scene.send(broken.encrypted)


@ends_with("archive_member_missing")
def no_config(scene: Scene) -> None:
    scene.send(lambda healthy: broken.without(healthy, broken.TOML))


@ends_with("archive_member_missing")
def no_gravity(scene: Scene) -> None:
    scene.send(lambda healthy: broken.without(healthy, broken.GRAVITY))


@ends_with("archive_config_broken")
def broken_toml(scene: Scene) -> None:
    scene.send(broken.broken_toml)


@ends_with("archive_config_broken")
def toml_nested_too_deeply(scene: Scene) -> None:
    deep = b"a = " + b"[" * 100_000
    scene.send(lambda healthy: broken.replace_member(healthy, broken.TOML, deep))


@ends_with("archive_config_broken")
def toml_that_is_no_text(scene: Scene) -> None:
    scene.send(lambda healthy: broken.replace_member(healthy, broken.TOML, b"a = '\xff'"))


@ends_with("archive_config_broken")
def toml_of_endless_size(scene: Scene) -> None:
    scene.send(lambda healthy: broken.bomb(healthy, 20_000_000, broken.TOML))


@ends_with("archive_database_broken")
def broken_sqlite(scene: Scene) -> None:
    scene.send(broken.broken_sqlite)


@ends_with("archive_database_broken")
def no_sqlite(scene: Scene) -> None:
    scene.send(lambda healthy: broken.replace_member(healthy, broken.GRAVITY, b"not a database"))


@ends_with("archive_database_broken")
def missing_table(scene: Scene) -> None:
    scene.send(lambda healthy: broken.without_table(healthy, "domainlist_by_group"))


@ends_with("archive_too_large")
def zip_bomb(scene: Scene) -> None:
    scene.patch.setattr(archive_limits, "DEFAULT", archive_limits.Limits(unpacked=20_000_000))
    scene.send(lambda healthy: broken.bomb(healthy, 30_000_000))


@ends_with("archive_damaged")
def zip_bomb_that_lies_about_its_size(scene: Scene) -> None:
    name = "etc/dnsmasq.d/bomb.conf"
    scene.send(lambda healthy: broken.lying_about_size(broken.bomb(healthy, 30_000_000), name, 100))


@ends_with("archive_unsafe")
def climbing_name(scene: Scene) -> None:
    scene.send(lambda healthy: broken.with_member(healthy, "../evil", b"x"))


@ends_with("archive_unsafe")
def climbing_name_for_windows(scene: Scene) -> None:
    scene.send(lambda healthy: broken.with_member(healthy, "etc\\..\\..\\evil", b"x"))


@ends_with("archive_unsafe")
def absolute_name(scene: Scene) -> None:
    scene.send(lambda healthy: broken.with_member(healthy, "/etc/passwd", b"x"))


@ends_with("archive_unsafe")
def name_that_writes_to_the_terminal(scene: Scene) -> None:
    scene.send(lambda healthy: broken.with_member(healthy, "etc/\x1b[2J", b"x"))


@ends_with("archive_unsafe")
def member_twice(scene: Scene) -> None:
    scene.send(lambda healthy: broken.duplicate_member(healthy, broken.TOML))


@ends_with("archive_unsafe")
def far_too_many_members(scene: Scene) -> None:
    scene.send(lambda healthy: broken.many_members(healthy, 20_000))


@ends_with("unexpected")
def archive_over_which_the_code_stumbles(scene: Scene) -> None:
    def stumble(*_args: object, **_kwargs: object) -> None:
        raise ZeroDivisionError

    scene.patch.setattr(archive, "read", stumble)


# Where it is stored -------------------------------------------------------------------------------


@ends_with("storage_full")
def disk_full_when_writing(scene: Scene) -> None:
    scene.fail(files, "sync", errno.ENOSPC)


@ends_with("storage_full")
def disk_full_when_a_file_is_made(scene: Scene) -> None:
    scene.fail(files, "create", errno.EDQUOT)


@ends_with("storage_full")
def disk_full_when_the_record_is_written(scene: Scene) -> None:
    scene.fail(files, "create_whole", errno.ENOSPC)


@ends_with("storage_full")
def disk_full_when_the_database_is_unpacked(scene: Scene) -> None:
    scene.fail(ZipReader, "unpack", errno.ENOSPC)


@ends_with("storage_not_writable")
def folder_not_writable(scene: Scene) -> None:
    scene.fail(files, "create", errno.EACCES)


@ends_with("storage_not_writable")
def disk_read_only_when_renaming(scene: Scene) -> None:
    scene.fail(Path, "rename", errno.EROFS)


@ends_with("storage_failed")
def disk_breaks_when_the_folder_is_synced(scene: Scene) -> None:
    scene.fail(files, "sync_folder", errno.EIO)


@ends_with("storage_missing")
def folder_gone(scene: Scene) -> None:
    away = scene.home.store.rename(scene.home.store.with_name("away"))
    scene.stack.callback(away.rename, scene.home.store)


# --------------------------------------------------------------------------------------------------


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


@pytest.mark.parametrize("name", CASES)
async def test_bad_input_ends_in_one_sentence_and_leaves_nothing_behind(
    scene: Scene, name: str
) -> None:
    key, spoil = CASES[name]
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
    assert (home.files, home.count, home.last_backup) == before


def test_every_error_that_a_backup_can_end_with_has_a_case() -> None:
    def leaves(error: type[CheckpointError]) -> set[str]:
        below = error.__subclasses__()
        return {error.key} if not below else set().union(*(leaves(it) for it in below))

    # Those are met in the config flow and when Home Assistant stops, and tried there.
    elsewhere = {
        "app_password_read_only",
        "backup_damaged",
        "backup_not_found",
        "contents_unknown",
        "ha_backup_running",
        "import_refused",
        "invalid_url",
        "pihole_v5",
        "record_of_later_version",
        "stopping",
        "storage_not_empty",
    }
    assert {key for key, _ in CASES.values()} == (
        leaves(CheckpointError) - leaves(RestoreError) - elsewhere
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
