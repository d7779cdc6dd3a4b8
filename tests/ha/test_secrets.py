"""No secret is seen anywhere but in the archives, and where Home Assistant keeps its entries.

One Pi-hole is led through everything there is, with every logger at its most talkative, while all
that anybody could see or find later is written down.
"""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from itertools import product
import json
import logging
from pathlib import Path
import re
import secrets
from typing import Any, Final
from urllib.parse import quote
import zipfile

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestClient
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    MockHAClientWebSocket,
    WebSocketGenerator,
)
from sqlalchemy import select

from custom_components.pihole_checkpoint.const import DOMAIN
from custom_components.pihole_checkpoint.engine.pihole import limits
from custom_components.pihole_checkpoint.http import download_url
from homeassistant.components.recorder.db_schema import Base
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE, MATCH_ALL
from homeassistant.core import Context, Event, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.llm import LLMContext, ToolInput, async_get_api
from homeassistant.helpers.recorder import get_instance, session_scope
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from pihole_simulator import (
    Credentials,
    Fault,
    Pihole,
    Simulator,
    broken,
    build_archive,
    faults,
    unpack,
)
from pihole_simulator.fault_plan import Place, Proceed
from pihole_simulator.wire import body_of, head_of, write_raw
from tests.support.flows import SECTION_OF
from tests.support.passwords import TOTP_SECRET
from tests.support.timings import SOON, hurry_restores

type Json = dict[str, Any]

OTHER_TOTP_SECRET: Final = "KRUGKIDROVUWG2ZAMJZG653OEBTG66BA"
FLOWS: Final = "/api/config/config_entries/flow"
OPTIONS: Final = "/api/config/config_entries/options/flow"
OLDER_FILE: Final = "pi-hole_attic_teleporter_2026-01-02_03-04-05_UTC.zip"
ROOMS: Final = (
    "api",
    "auth",
    "config",
    "diagnostics",
    "file_upload",
    "logbook",
    "media_source",
    "persistent_notification",
    "repairs",
    "system_health",
    "system_log",
    "trace",
    DOMAIN,  # because a second server of the tests lets nobody register any more
)
LISTS: Final = (
    "config/device_registry/list",
    "config/entity_registry/list",
    "config_entries/get",
    "config_entries/flow/progress",
    "get_config",
    "get_services",
    "get_states",
    "persistent_notification/get",
    "repairs/list_issues",
    "system_log/list",
    f"{DOMAIN}/piholes",
)
"""What a page can ask for at any time."""


def unique() -> str:
    """Make a secret that stands nowhere by chance."""
    return secrets.token_hex(12)


def shapes(secret: str) -> Iterable[str]:
    """Give a secret as it may be written, and the longest plain piece of it."""
    yield secret
    yield quote(secret, safe="")
    yield json.dumps(secret)[1:-1]
    longest = max(re.findall(r"[A-Za-z0-9]+", secret), key=len)
    if len(longest) >= 10:
        yield longest


@dataclass(kw_only=True)
class Watch:
    """Everything that was seen, and where."""

    seen: dict[str, list[str]] = field(default_factory=dict)

    def note(self, where: str, text: str) -> None:
        """Write something down."""
        self.seen.setdefault(where, []).append(text)

    def leaks(self, hidden: Iterable[str]) -> list[str]:
        """Return where something hidden was seen."""
        wanted = {shape for secret in hidden for shape in shapes(secret)}
        texts = {where: "\n".join(lines) for where, lines in self.seen.items()}
        return [
            f"{where}: {text[max(0, at - 200) : at + 200]}"
            for where, text in texts.items()
            for shape in wanted
            if (at := text.find(shape)) >= 0
        ]


@dataclass(kw_only=True)
class User:
    """An administrator at a browser. What comes back is written down."""

    hass: HomeAssistant
    watch: Watch
    browser: TestClient[Any, Any]
    socket: MockHAClientWebSocket

    async def http(self, method: str, path: str, **data: object) -> Json:
        """Ask over HTTP."""
        response = await self.browser.request(method, path, json=data or None)
        text = await response.text()
        self.watch.note("http", f"{response.status} {response.headers} {text}")
        await self.hass.async_block_till_done()
        return dict(json.loads(text)) if text.startswith("{") else {"text": text}

    async def ask(self, command: str, **data: object) -> Json:
        """Send a command, and give the answer."""
        await self.socket.send_json_auto_id({"type": command, **data})
        while True:
            message: Json = await self.socket.receive_json()
            self.watch.note("websocket", json.dumps(message))
            if message["type"] != "event":
                await self.hass.async_block_till_done()
                return message

    async def act(self, service: str, **data: object) -> Json:
        """Perform an action that succeeds, and give its answer."""
        answer = await self.try_to_act(service, **data)
        assert answer["success"], answer
        return dict(answer["result"]["response"])

    async def fail(self, service: str, **data: object) -> str:
        """Perform an action that fails, and give the sentence."""
        answer = await self.try_to_act(service, **data)
        assert not answer["success"], answer
        return str(answer["error"]["message"])

    async def try_to_act(self, service: str, **data: object) -> Json:
        """Perform an action, and return its outcome."""
        return await self.ask(
            "call_service", domain=DOMAIN, service=service, service_data=data, return_response=True
        )

    async def press(self, entity_id: str) -> bool:
        """Press a button, and return whether that worked."""
        answer = await self.ask(
            "call_service", domain="button", service="press", service_data={"entity_id": entity_id}
        )
        return bool(answer["success"])

    async def look_around(self) -> None:
        """Open every page there is."""
        for command in LISTS:
            answer = await self.ask(command)
            assert answer["success"], (command, answer)


@pytest.fixture
def expected_lingering_timers() -> bool:
    """Let Home Assistant's own stores wait to be written."""
    return True


@pytest.fixture
async def sim(socket_enabled: None) -> AsyncIterator[Simulator]:
    """Have a Pi-hole with everything that is secret."""
    async with Simulator(
        password=unique(), app_password=unique(), totp_secret=TOTP_SECRET
    ) as simulator:
        simulator.auth.login_attempts_per_second = 1000
        simulator.pihole.max_sessions = 1000
        simulator.pihole.restless = True
        simulator.pihole.settings["webserver.api.app_sudo"] = True
        yield simulator


@pytest.fixture
async def watch(
    recorder_mock: object, hass: HomeAssistant, caplog: pytest.LogCaptureFixture
) -> Watch:
    watch = Watch()
    caplog.set_level(logging.DEBUG)
    for name in (
        f"custom_components.{DOMAIN}.engine.pihole.login",
        "aiohttp.client",
        "homeassistant",
    ):
        assert logging.getLogger(name).isEnabledFor(logging.DEBUG)

    @callback
    def note(event: Event) -> None:
        watch.note("bus", f"{event.event_type} {event.data!r}")

    hass.bus.async_listen(MATCH_ALL, note)
    return watch


@pytest.fixture
async def user(
    watch: Watch,
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    hass_ws_client: WebSocketGenerator,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> User:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path_factory.mktemp("uploads")))
    hurry_restores(monkeypatch, dns_seconds=SOON)
    monkeypatch.setattr(limits, "TIMINGS", replace(limits.TIMINGS, logout_retry=0.0))
    for name in ROOMS:
        assert await async_setup_component(hass, name, {name: {}})
    return User(hass=hass, watch=watch, browser=await hass_client(), socket=await hass_ws_client())


def garbled() -> Fault:
    """Answer with headers that nobody can read, the cookie among them."""

    async def fault(request: web.Request, proceed: Proceed) -> web.StreamResponse:
        answer = await proceed()
        body = body_of(answer)
        head = head_of(answer, len(body)).replace(b"Set-Cookie: ", b"Set-Cookie\x01 ")
        return write_raw(request, head + body)

    return fault


FAULTS: Final[tuple[Callable[[], Fault], ...]] = (
    faults.html,
    lambda: faults.error(500, "internal_error", "Something is wrong", "Look at the log"),
    lambda: faults.error(403, "forbidden", "No"),
    lambda: faults.redirect("https://pi.hole"),
    lambda: faults.replace(b'{"session": {"valid": true, "sid": "a b"}}'),
    lambda: faults.replace(b"[]"),
    lambda: faults.cut(90),
    lambda: faults.overrun(b"more"),
    lambda: faults.announce_less(20),
    lambda: faults.raw(b"SSH-2.0-OpenSSH_9.9\r\n"),
    faults.drop,
    faults.drop_answer,
    faults.gzip,
    garbled,
)
FEW_FAULTS: Final = (*FAULTS[1:2], lambda: faults.cut(90), faults.drop_answer, garbled)


async def test_no_secret_is_seen_anywhere_but_in_the_archives(
    hass: HomeAssistant,
    user: User,
    watch: Watch,
    sim: Simulator,
    hass_client: ClientSessionGenerator,
    hass_read_only_access_token: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    typed, within = {unique(), unique()}, [unique() for _ in range(6)]
    home = Story(hass=hass, user=user, sim=sim, wrong=sorted(typed), within=within)
    await home.add()
    await home.back_up_and_change_everything()
    await home.read_everything()
    await home.let_a_guest_try(await hass_client(hass_read_only_access_token))
    await home.upload()
    await home.let_everything_fail()
    await home.restore_and_undo()
    await home.log_in_again()
    await home.automate()
    await home.keep_house()
    files = Path(hass.config.config_dir)
    await note_recorded(watch, hass)
    await home.write_all()
    kept = archives(files)
    note_files(watch, files)
    await home.leave()
    note_files(watch, files)

    watch.note("log", caplog.text)
    watch.note("states", repr([state.as_dict() for state in hass.states.async_all()]))
    hidden = sim.secrets | home.others | typed | set(within)
    assert len(hidden) > 100, "there was something to hide"
    assert {*watch.seen} == {
        *("http", "websocket", "llm", "bus", "log", "files", "states", "recorder")
    }
    assert "webserver.api.pwhash" in "".join(watch.seen["llm"])
    for text in (sim.url, "(401)"):
        assert text in "".join(watch.seen["recorder"]), "it is recorded what is done"
    for secret in (sim.pihole.credentials.pwhash, *within[:4]):
        assert any(secret.encode() in archive for archive in kept), "it is in the archives"
    assert watch.leaks(hidden) == []


def archives(folder: Path) -> list[bytes]:
    """Give what is in every archive that is not damaged."""
    return [
        b"".join(entry.data for entry in unpack(path.read_bytes()))
        for path in folder.rglob("*.zip")
        if zipfile.is_zipfile(path)
    ]


def note_files(watch: Watch, folder: Path) -> None:
    """Write down every file there is, but the archives and Home Assistant's entries."""
    for path in folder.rglob("*"):
        watch.note("files", str(path))
        if path.is_file() and path.suffix != ".zip" and path.name != "core.config_entries":
            with suppress(FileNotFoundError):  # Home Assistant was about to rename it
                watch.note("files", path.read_bytes().decode(errors="replace"))


async def note_recorded(watch: Watch, hass: HomeAssistant) -> None:
    """Write down every row that the recorder has."""
    recorder = get_instance(hass)

    def rows() -> list[str]:
        with session_scope(hass=hass, read_only=True) as session:
            return [
                repr(row)
                for table in Base.metadata.sorted_tables
                for row in session.execute(select(table))
            ]

    await recorder.async_block_till_done()
    for row in await recorder.async_add_executor_job(rows):
        watch.note("recorder", row)


def spoil(folder: Path) -> None:
    """Damage an archive, and put another file beside it."""
    victim = min(folder.glob("*.zip"))
    victim.write_bytes(victim.read_bytes()[:-100])
    (folder / "mine.zip").write_bytes(b"nothing")


def make_folder(path: str) -> str:
    Path(path).mkdir()
    return path


@dataclass(kw_only=True)
class Story:
    """What becomes of one Pi-hole."""

    hass: HomeAssistant
    user: User
    sim: Simulator
    wrong: list[str]
    """Passwords that are typed and wrong."""
    within: list[str]
    """What must not leave the archives, beside the credentials."""
    others: set[str] = field(default_factory=set)
    """What opens another Pi-hole that has an archive here."""

    @property
    def entry(self) -> ConfigEntry:
        [entry] = self.hass.config_entries.async_entries(DOMAIN)
        return entry

    @property
    def list_with_login(self) -> str:
        login, token, *_ = self.within
        return f"https://joe:{login}@lists.example.org/ads.txt?t={token}"

    @property
    def quoted(self) -> tuple[Callable[[], Fault], ...]:
        """Give answers that quote what is in the configuration."""
        pwhash = self.sim.pihole.credentials.pwhash
        hint = f"{self.list_with_login} {'x' * 60} {self.list_with_login} pwhash = '{pwhash}'"
        return (
            lambda: faults.error(400, "bad_request", hint),
            lambda: faults.error(400, "bad_request", "Invalid ZIP archive", hint),
            lambda: faults.replace(f"  [✗] {'x' * 960}{self.list_with_login}\n".encode() * 3),
        )

    @property
    def one(self) -> Json:
        return {"config_entry_id": self.entry.entry_id}

    @property
    def button(self) -> str:
        registry = er.async_get(self.hass)
        unique_id = f"{self.entry.entry_id}_backup_now"
        entity_id = registry.async_get_entity_id("button", DOMAIN, unique_id)
        assert entity_id is not None
        return entity_id

    async def newest(self) -> str:
        return str((await self.user.act("list"))["backups"][0]["id"])

    async def step(self, flow: Json, **fields: object) -> Json:
        return await self.user.http("POST", f"{FLOWS}/{flow['flow_id']}", **fields)

    async def add(self) -> None:
        """Add the Pi-hole, with every mistake one can make."""
        credentials = self.sim.pihole.credentials
        flow = await self.user.http("POST", FLOWS, handler=DOMAIN)
        flow = await self.step(flow, url=self.sim.url, verify_ssl=True)
        assert flow["step_id"] == "password"
        for password, error in (
            (self.wrong[0], "wrong_password"),
            (credentials.password, "totp_required"),
        ):
            flow = await self.step(flow, password=password)
            assert flow["errors"] == {"password": error}
        for fault in FAULTS:
            self.sim.faults.always("login", fault())
            flow = await self.step(flow, password=credentials.app_password)
            if flow["type"] == "create_entry":  # some are no reason to fail
                await self.hass.config_entries.async_remove(self.entry.entry_id)
                flow = await self.user.http("POST", FLOWS, handler=DOMAIN)
                flow = await self.step(flow, url=self.sim.url, verify_ssl=True)
        self.sim.faults.clear()
        flow = await self.step(flow, password=credentials.app_password)
        assert flow["type"] == "create_entry"
        await self.hass.async_block_till_done(wait_background_tasks=True)  # its first backup
        assert (await self.user.ask(f"{DOMAIN}/subscribe", **self.one))["success"]
        await self.user.look_around()

    async def back_up_and_change_everything(self) -> None:
        """Back up before and after there are other credentials, and secrets in other places."""
        assert await self.user.press(self.button)
        pihole = self.sim.pihole
        _, _, key, line, _, _ = self.within
        pihole.add_adlist(self.list_with_login)
        self.sim.refused_lists = {self.list_with_login}
        pihole.dnsmasq_d["tls.conf"] = f"-----BEGIN PRIVATE KEY-----\n{key}\n"
        pihole.etc_hosts += f"# the password is {line}\n"
        self.sim.change_credentials(
            Credentials(
                password=unique(),
                app_password=pihole.credentials.app_password,
                totp_secret=OTHER_TOTP_SECRET,
            )
        )
        [record] = (await self.user.act("backup"))["backups"]
        assert "3 settings changed" in record["changes"] or "settings" in record["changes"]
        older = (await self.user.act("list"))["backups"][1]["id"]
        answer = await self.user.act(
            "compare", **self.one, backup_id=record["id"], other_backup_id=older
        )
        assert {"webserver.api.pwhash", "webserver.api.totp_secret"} <= {
            change["item"] for change in answer["changes"]["settings"]
        }
        await self.user.act("compare", **self.one, backup_id=older)
        await self.user.act("restore", **self.one, backup_id=older, dry_run=True)

    async def read_everything(self) -> None:
        """Read everything that Home Assistant shows of it."""
        entry_id = self.entry.entry_id
        await self.user.look_around()
        answer = await self.user.http("GET", f"/api/diagnostics/config_entry/{entry_id}")
        assert answer["data"]["entry"]["password"] == "**REDACTED**"
        assert (await self.user.ask("system_health/info"))["success"]
        assert (await self.user.ask(f"{DOMAIN}/backups", config_entry_id=entry_id))["success"]
        folder = f"media-source://{DOMAIN}/{entry_id}"
        browsed = await self.user.ask("media_source/browse_media", media_content_id=folder)
        month = browsed["result"]["children"][0]["media_content_id"]
        await self.user.ask("media_source/browse_media", media_content_id=month)
        backup = f"{folder}/{await self.newest()}"
        assert (await self.user.ask("media_source/resolve_media", media_content_id=backup))[
            "success"
        ]
        await self.ask_as_a_model()
        await get_instance(self.hass).async_block_till_done()
        lines = await self.user.ask(
            "logbook/get_events",
            start_time=(dt_util.utcnow() - timedelta(hours=1)).isoformat(),
            entity_ids=sorted(self.hass.states.async_entity_ids()),
        )
        assert lines["result"]

    async def ask_as_a_model(self) -> None:
        """Have a language model ask for an administrator."""
        users = await self.hass.auth.async_get_users()
        admin = next(user for user in users if user.is_admin and user.is_active)
        context = LLMContext(
            platform="test",
            context=Context(user_id=admin.id),
            language="en",
            assistant="conversation",
            device_id=None,
        )
        api = await async_get_api(self.hass, DOMAIN, context)
        for tool, arguments in (
            ("get_status", {}),
            ("get_backups", {}),
            ("get_changes", {"since": "previous"}),
        ):
            asked = ToolInput(tool_name=f"{DOMAIN}__{tool}", tool_args=arguments)
            self.user.watch.note("llm", repr(await api.async_call_tool(asked)))

    async def let_a_guest_try(self, browser: TestClient[Any, Any]) -> None:
        """Refuse an archive."""
        guest = User(
            hass=self.hass, watch=self.user.watch, browser=browser, socket=self.user.socket
        )
        for backup_id in (await self.newest(), "nonsense"):
            answer = await guest.http("GET", download_url(self.entry.entry_id, backup_id))
            assert answer["text"].startswith(str(HTTPStatus.FORBIDDEN.value))
        await self.user.http("GET", download_url(self.entry.entry_id, "nonsense"))

    async def upload(self) -> None:
        """Upload archives of another Pi-hole, a good one and bad ones."""
        *_, key, description = self.within
        pihole = Pihole(
            credentials=Credentials(
                password=unique(), app_password=unique(), totp_secret=OTHER_TOTP_SECRET
            )
        )
        self.others |= pihole.credentials.secrets
        pihole.add_adlist(f"https://lists.example.org/?api_key={description}")
        archive = broken.with_member(
            build_archive(pihole, datetime(2025, 6, 7, tzinfo=UTC)),
            "etc/pihole/tls.pem",
            f"-----BEGIN PRIVATE KEY-----\n{key}\n".encode(),
        )
        for data in (
            broken.truncated(archive, 1000),
            broken.flipped(archive, broken.TOML),
            broken.broken_toml(archive),
            broken.broken_sqlite(archive),
        ):
            assert await self.user.fail("upload", **self.one, file=await self.chosen(data))
        [record] = (await self.user.act("upload", **self.one, file=await self.chosen(archive)))[
            "backups"
        ]
        await self.user.act("compare", **self.one, backup_id=record["id"])
        await self.user.act("restore", **self.one, backup_id=record["id"], dry_run=True)

    async def chosen(self, data: bytes) -> str:
        form = aiohttp.FormData()
        form.add_field("file", data, filename=OLDER_FILE)
        response = await self.user.browser.post("/api/file_upload", data=form)
        return str((await response.json())["file_id"])

    async def let_everything_fail(self) -> None:
        """Have everything go wrong at every place, in backups and in restores."""
        for fault in FAULTS:
            self.sim.faults.always("login", fault())
            await self.user.press(self.button)
            self.sim.faults.clear()
        of_a_backup: tuple[Place, ...] = ("version", "export", "logout")
        for place, fault in product(of_a_backup, FEW_FAULTS + self.quoted):
            self.sim.faults.always(place, fault())
            await self.user.press(self.button)
            self.sim.faults.clear()
        older = await self.newest()
        of_a_restore: tuple[Place, ...] = ("import", "gravity")
        for place, fault in product(of_a_restore, FEW_FAULTS + self.quoted):
            self.sim.pihole.add_domain(f"{place}-{len(self.sim.pihole.domains)}.example.org")
            self.sim.faults.always(place, fault())
            await self.user.try_to_act("restore", **self.one, backup_id=older, include=["domains"])
            self.sim.faults.clear()
        self.sim.faults.always("probe", garbled())
        await self.entry.runtime_data.async_refresh()
        self.sim.faults.clear()
        async_fire_time_changed(self.hass, dt_util.utcnow() + timedelta(days=2))
        await self.hass.async_block_till_done()
        await self.user.look_around()

    async def restore_and_undo(self) -> None:
        """Restore credentials, and take that back."""
        backups = (await self.user.act("list"))["backups"]
        first = next(backup["id"] for backup in reversed(backups) if backup["trigger"] == "button")
        answer = await self.user.act("restore", **self.one, backup_id=first)
        assert "webserver.api.pwhash" in json.dumps(answer["changes"])
        self.sim.gravity_delay = 0.1  # so that the lines are shown
        undone = await self.user.act("undo_restore", **self.one)
        self.sim.gravity_delay = 0.0
        assert "https://***@lists.example.org/ads.txt?t=*** (401)" in json.dumps(undone["remarks"])

    async def log_in_again(self) -> None:
        """Log in with a new password, and with the one that a restore brings back."""
        older = await self.newest()
        credentials = self.sim.pihole.credentials
        new = unique()
        self.sim.change_credentials(Credentials(password=unique(), app_password=new))
        assert not await self.user.press(self.button)
        await self.renew(new)
        self.sim.pihole.settings["webserver.api.app_sudo"] = True
        await self.user.act("restore", **self.one, backup_id=older)
        await self.renew(credentials.app_password)
        await self.user.look_around()

        entry_id = self.entry.entry_id
        flow = await self.user.http("POST", FLOWS, handler=DOMAIN, entry_id=entry_id)
        flow = await self.step(flow, url=f"{self.sim.url}/admin", verify_ssl=False)
        flow = await self.step(flow, password=self.wrong[0])
        assert flow["errors"] == {"password": "wrong_password"}
        flow = await self.step(flow, password="")
        assert flow["reason"] == "reconfigure_successful"

    async def renew(self, password: str) -> None:
        [asked] = self.hass.config_entries.flow.async_progress()
        flow = await self.user.http("GET", f"{FLOWS}/{asked['flow_id']}")
        flow = await self.step(flow, password=self.wrong[1])
        assert flow["errors"] == {"password": "wrong_password"}
        flow = await self.step(flow, password=password)
        assert flow["reason"] == "reauth_successful"

    async def automate(self) -> None:
        """Have an automation do it, and read its trace."""
        older = await self.newest()
        steps: dict[str, Json] = {
            "backup": {},
            "list": {},
            "compare": {"backup_id": older},
            "restore": {"backup_id": older, "dry_run": True},
            "verify": {},
        }
        actions = [
            {"action": f"{DOMAIN}.{service}", "data": self.one | data, "response_variable": service}
            for service, data in steps.items()
        ]
        fails = {"action": f"{DOMAIN}.delete", "data": {**self.one, "backup_id": "nonsense"}}
        automation = {
            "id": "nightly",
            "alias": "Nightly",
            "triggers": [{"trigger": "event", "event_type": "go"}],
            "actions": [*actions, fails],
        }
        assert await async_setup_component(self.hass, "automation", {"automation": [automation]})
        self.hass.bus.async_fire("go")
        await self.hass.async_block_till_done()
        [run] = (await self.user.ask("trace/list", domain="automation", item_id="nightly"))[
            "result"
        ]
        trace = await self.user.ask(
            "trace/get", domain="automation", item_id="nightly", run_id=run["run_id"]
        )
        assert "summary" in json.dumps(trace["result"])

    async def keep_house(self) -> None:
        """Pin, note, verify, prune, delete, confirm, choose options, move, and reload."""
        backup_id = await self.newest()
        one = {**self.one, "backup_id": backup_id}
        await self.user.act("update", **one, pinned=True, note="before the move")
        spoil(Path(self.entry.runtime_data.options.store))
        await self.user.act("verify")
        await self.entry.runtime_data.async_refresh()
        await self.user.look_around()
        await self.user.act("prune", dry_run=False)
        await self.user.act("delete", **one)
        elsewhere = make_folder(self.hass.config.path("elsewhere"))
        for page in SECTION_OF:
            flow = await self.user.http("POST", OPTIONS, handler=self.entry.entry_id)
            address = f"{OPTIONS}/{flow['flow_id']}"
            flow = await self.user.http("POST", address, next_step_id=page)
            values = _suggested_in(flow["data_schema"])
            if page == "storage":
                values["parent"] = elsewhere
            flow = await self.user.http("POST", address, **values)
            assert flow["type"] == "create_entry", flow
        await self.hass.config_entries.async_reload(self.entry.entry_id)
        await self.sim.stop()
        assert not await self.user.press(self.button)
        await self.sim.start()
        await self.read_everything()

    async def write_all(self) -> None:
        """Have Home Assistant write all that it would when it stops."""
        self.hass.bus.async_fire(EVENT_HOMEASSISTANT_FINAL_WRITE)
        await self.hass.async_block_till_done()

    async def leave(self) -> None:
        """Remove the Pi-hole."""
        await self.user.http("DELETE", f"/api/config/config_entries/entry/{self.entry.entry_id}")
        await self.user.look_around()
        await self.write_all()


def _suggested_in(fields: list[Json]) -> dict[str, Any]:
    return {
        item["name"]: _suggested_in(item["schema"]) if "schema" in item else _suggested(item)
        for item in fields
    }


def _suggested(shown: Json) -> object:
    return shown.get("description", {}).get("suggested_value", shown.get("default"))
