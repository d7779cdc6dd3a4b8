"""What restores are tried with: plans, archives from elsewhere, and what goes on meanwhile."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, closing, contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
import io
import os
from pathlib import Path
import re
import shutil
import signal
import socket
import sqlite3
import time
from typing import Final, TypedDict, cast, override
import zipfile

from aiohttp import ClientSession, FormData, web
import pytest
from yarl import URL

from scripts.demo_home import arranging
from tests.conformance.pihole import Pihole, item
from tests.conformance.real import RealPihole

from .holdings import Held
from .kitchen import Kitchen, Record, Report

OLD_DOMAIN: Final = "old.example"
_SETTINGS: Final = "etc/pihole/pihole.toml"
_QUERIES_A_SECOND: Final = 50
_QUERY: Final = (
    b"\x01\0\0\1\0\0\0\0\0\0"  # recursion desired; one question
    b"\2pi\4hole\0\0\1\0\1"  # A pi.hole
)
_PATIENCE: Final = 5.0
"""How long a device in the network waits for an answer."""
_SAME_START: Final = 0.5
_STARTS_WITHIN: Final = 10.0
_OPENS_ITS_DATABASE_WITHIN: Final = 1.0


class PlannedItem(TypedDict):
    """What is looked at of a planned change."""

    id: str
    subject: str
    change: str
    item: str
    needs: list[str]
    outcome: str | None


class LeftOutItem(TypedDict):
    """What is looked at of a change that is left out."""

    item: str
    reason: str


class Answer(Report):
    """What is looked at of what a restore answers."""

    plan: str
    way: str | None
    items: list[PlannedItem]
    left_out: list[LeftOutItem]


async def look(kitchen: Kitchen, record: Record, **fields: object) -> Answer:
    """Ask what a restore would change."""
    return cast("Answer", await kitchen.restore(record, dry_run=True, **fields))


async def restore(kitchen: Kitchen, record: Record, **fields: object) -> Answer:
    """Restore what a preview has shown, and see that it was done."""
    preview = await look(kitchen, record, **fields)
    done = cast("Answer", await kitchen.restore(record, plan=preview["plan"], **fields))
    assert done["proven"] is True, done
    assert {each["outcome"] for each in done["items"]} <= {"done"}, done
    return done


def left_out(answer: Answer) -> dict[str, str]:
    """Return why something is left out, by its name."""
    return {each["item"]: each["reason"] for each in answer["left_out"]}


def dateless(held: Held) -> Held:
    """Leave out when something was added: what a live restore brings back is new."""

    def of(row: object) -> object:
        if not isinstance(row, dict):
            return row
        return {key: value for key, value in row.items() if key != "date_added"}

    return {kind: {name: of(row) for name, row in rows.items()} for kind, rows in held.items()}


async def last_start(pihole: Pihole) -> float:
    """Return when it was started; it says for how long it has been running."""
    ftl = (await pihole.ask("GET", "api/info/ftl")).json["ftl"]
    return time.time() - cast("dict[str, float]", ftl)["uptime"] / 1000


async def has_restarted(pihole: Pihole, since: float) -> bool:
    """Return whether it was started again since an earlier `last_start`."""
    return await last_start(pihole) - since > _SAME_START


async def export(pihole: Pihole) -> bytes:
    """Return its archive."""
    return (await pihole.ask("GET", "api/teleporter")).body


def edited(archive: bytes, change: Callable[[str], str], names: Mapping[str, str] = {}) -> bytes:
    """Return an archive with other settings, and with other names for some members."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as opened, zipfile.ZipFile(made, "w") as written:
        for name in opened.namelist():
            data = opened.read(name)
            if name == _SETTINGS:
                data = change(data.decode()).encode()
            written.writestr(names.get(name, name), data)
    return made.getvalue()


def with_line(archive: bytes, key: str, value: str) -> bytes:
    """Return an archive with another value, of the same type, for the settings of this name."""
    kind = '(?=")' if value.startswith('"') else r"(?=\d)"
    pattern = re.compile(rf"^( *{key} = ){kind}[^#\n]*", re.MULTILINE)
    changed = edited(archive, lambda text: pattern.sub(lambda found: found[1] + value, text))
    assert changed != archive
    return changed


def with_moved_gravity(archive: bytes, path: str) -> bytes:
    """Return an archive as a Pi-hole exports it that has its gravity database elsewhere."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        [name] = (name for name in opened.namelist() if name.endswith("gravity.db"))
    line = re.compile(r'^(  gravity = )"[^"]*"', re.MULTILINE)
    return edited(
        archive, lambda text: line.sub(rf'\1"{path}"', text), {name: path.removeprefix("/")}
    )


def as_after_an_upgrade(old: bytes, now: bytes) -> bytes:
    """Return another Pi-hole's archive as if it were of this one, with the ports of this one.

    What versions call differently, or write in another form, has a value that nobody else has.
    """
    line = re.compile(r"^  port = [^#\n]*", re.MULTILINE)
    with zipfile.ZipFile(io.BytesIO(now)) as opened:
        ports = iter(line.findall(opened.read(_SETTINGS).decode()))

    def change(text: str) -> str:
        text = line.sub(lambda _: next(ports), text)
        text = re.sub(
            r'^( +(?:domain|name) = )"lan"', rf'\1"{OLD_DOMAIN}"', text, flags=re.MULTILINE
        )
        server = f'["true,192.168.7.0/24,192.168.7.1,{OLD_DOMAIN}"]'
        return re.sub(r"^( +revServers = )\[\]", rf"\1{server}", text, flags=re.MULTILINE)

    return edited(old, change)


async def upload(kitchen: Kitchen, archive: bytes) -> Record:
    """Upload an archive by Home Assistant's own file selector."""
    api = kitchen.house.api
    form = FormData()
    form.add_field("file", archive, filename="elsewhere.zip", content_type="application/zip")
    token = {"Authorization": f"Bearer {api.tokens['access_token']}"}
    async with (
        ClientSession() as http,
        http.post(f"{api.url}/api/file_upload", data=form, headers=token) as answer,
    ):
        file = (await answer.json())["file_id"]
    [record] = await kitchen.house.act("upload", config_entry_id=kitchen.entry_id, file=file)
    return cast("Record", record)


async def issue_within(kitchen: Kitchen, name: str, seconds: float) -> str:
    """Wait until there is an issue about this Pi-hole under Repairs; return its ID."""
    async with asyncio.timeout(seconds):
        while (found := await issue(kitchen, name)) is None:  # noqa: ASYNC110 - of another process
            await asyncio.sleep(1)
    return found


async def issue(kitchen: Kitchen, name: str) -> str | None:
    """Return the ID of an issue about this Pi-hole under Repairs, if there is one."""
    found = await kitchen.house.api.command("repairs/list_issues")
    for each in cast("dict[str, list[dict[str, str]]]", found)["issues"]:
        if each["domain"] == arranging.DOMAIN and each["issue_id"].startswith(name):
            return each["issue_id"]
    return None


async def confirm(kitchen: Kitchen, issue_id: str) -> str:
    """Confirm an issue under Repairs; return how its dialog ends."""
    api = kitchen.house.api
    flow = {"handler": arranging.DOMAIN, "issue_id": issue_id}
    step = cast("dict[str, str]", await api.post("repairs/issues/fix", flow))
    ended = await api.post(f"repairs/issues/fix/{step['flow_id']}", {})
    return cast("dict[str, str]", ended)["type"]


async def failed_items(kitchen: Kitchen) -> list[PlannedItem]:
    """Return the changes of the restore that has just failed, as its event says."""
    states = cast("list[dict[str, object]]", await kitchen.house.api.get("states"))
    found = [cast("dict[str, object]", state["attributes"]) for state in states]
    [event] = [each for each in found if each.get("event_type") == "restore_failed"]
    assert event["more_items"] == []
    return cast("list[PlannedItem]", event["items"])


async def asks_for_a_password(kitchen: Kitchen) -> bool:
    """Return whether Home Assistant asks for this Pi-hole's new password."""
    flows = await kitchen.house.api.command("config_entries/flow/progress")
    return any(
        flow["handler"] == arranging.DOMAIN
        and cast("dict[str, str]", flow["context"])["source"] == "reauth"
        for flow in cast("list[dict[str, object]]", flows)
    )


@dataclass(slots=True)
class Leases:
    """The file with a Pi-hole's DHCP leases, seen from its host."""

    path: Path

    def read(self) -> str:
        """Return what is in it, and nothing if it is not there."""
        return self.path.read_text() if self.path.exists() else ""

    def write(self, text: str) -> None:
        """Put something else into it."""
        self.path.write_text(text)
        self.path.chmod(0o666)


@dataclass(slots=True)
class Once:
    """Something that happens when a request arrives, once it is wanted."""

    happen: Callable[[], None]
    is_wanted: bool = False

    @contextmanager
    def during(self) -> Iterator[None]:
        """Let it happen, for the first time."""
        if self.is_wanted:
            self.is_wanted = False
            self.happen()
        yield


@asynccontextmanager
async def gravity_moved(pihole: RealPihole, root: Path, path: str) -> AsyncIterator[str]:
    """Have its gravity database elsewhere, a copy of that of this moment."""
    settings = cast("dict[str, str]", (await pihole.settings())["files"])
    before, copy = root / settings["gravity"].lstrip("/"), root / path.lstrip("/")
    with closing(sqlite3.connect(before)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    os.chown(copy, before.stat().st_uid, before.stat().st_gid)
    copy.chmod(before.stat().st_mode)
    try:
        await _keep_gravity_at(pihole, path)
        yield path
    finally:
        await _keep_gravity_at(pihole, settings["gravity"])
        copy.unlink()


async def _keep_gravity_at(pihole: RealPihole, path: str) -> None:
    answer = await pihole.ask("PATCH", "api/config", {"config": {"files": {"gravity": path}}})
    assert answer.status == HTTPStatus.OK, answer
    assert await pihole.restarts_now()


async def add_list(pihole: Pihole, address: str) -> None:
    """Add a blocklist, which blocks nothing before the next gravity update."""
    path = f"api/lists/{item(address)}?type=block"
    answer = await pihole.ask("PUT", path, {"groups": [0], "comment": None, "enabled": True})
    assert answer.status in {HTTPStatus.OK, HTTPStatus.CREATED}, answer


async def add_domains(pihole: Pihole, number: int, *, sid: str | None = "mine") -> None:
    """Deny some domains, one by one."""
    body = {"groups": [0], "comment": None, "enabled": True}
    for each in range(number):
        path = f"api/domains/deny/exact/live-{each}.example"
        answer = await pihole.ask("PUT", path, body, sid=sid)
        assert answer.status in {HTTPStatus.OK, HTTPStatus.CREATED}, answer


async def verified_at(kitchen: Kitchen) -> float:
    """Return when the backup was stored that the last restore was verified by."""
    [record, *_] = await kitchen.backups()
    assert record["trigger"] == "after_restore"
    folder = kitchen.house.home.config / arranging.DOMAIN
    [stored] = folder.rglob(f"*{record['id']}.json")
    return stored.stat().st_mtime


async def change_bare(pihole: Pihole, number: int) -> float:
    """Give how long the requests take that a live restore cannot do without."""
    return await _bare(pihole, lambda sid: add_domains(pihole, number, sid=sid))


async def import_bare(pihole: RealPihole, archive: bytes) -> float:
    """Give how long the requests take that an import cannot do without, with the restart."""

    async def change_all(sid: str | None) -> None:
        answer = await pihole.upload(archive, sid=sid)
        assert answer.status == HTTPStatus.OK, answer
        assert await pihole.restarts_now()

    return await _bare(pihole, change_all)


async def _bare(pihole: Pihole, make: Callable[[str | None], Awaitable[None]]) -> float:
    """Log in, export, look again, make the changes, export, log out."""
    await pihole.wait_for_the_next_second()  # or a login may have to wait
    began = time.perf_counter()
    sid = await pihole.session()
    for step in range(3):
        await pihole.ask("GET", "api/teleporter", sid=sid)
        if step == 1:
            await make(sid)
    await pihole.ask("DELETE", "api/auth", sid=sid)
    return time.perf_counter() - began


def kill(root: Path) -> None:
    """End the FTL of the Pi-hole with this root at once. What watches over it starts it again."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (process / "comm").read_text() == "pihole-FTL\n" and (
                os.path.samestat((process / "root").stat(), root.stat())
            ):
                os.kill(int(process.name), signal.SIGKILL)
                return
    pytest.skip("no process of FTL has this root")


@asynccontextmanager
async def nginx_before(
    pihole: URL, folder: Path, *, body: str = "64m", keeps_paths: bool = False
) -> AsyncIterator[str]:
    """Have nginx before a Pi-hole, which takes no longer bodies than this.

    By itself it takes a folder off each path, and changes some names in it.
    """
    program = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if program is None:
        pytest.skip("it needs nginx")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    folders = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    below = "/" if keeps_paths else "/pihole/"
    text = f"""daemon off; pid {folder}/nginx.pid; {"user root;" if os.geteuid() == 0 else ""}
events {{}}
http {{
  access_log off; client_max_body_size {body}; {folders}
  server {{
    listen 127.0.0.1:{port};
    location {below} {{ proxy_pass {pihole}{"" if keeps_paths else "/"}; }}
  }}
}}
"""
    configuration = folder / "nginx.conf"
    configuration.write_text(text)
    process = await asyncio.create_subprocess_exec(
        program, "-c", configuration, "-e", folder / "nginx.log"
    )
    try:
        await _until_it_listens(port)
        yield f"http://127.0.0.1:{port}{below}".rstrip("/")
    finally:
        process.terminate()
        await process.wait()


async def _until_it_listens(port: int) -> None:
    async with asyncio.timeout(_STARTS_WITHIN):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return


@asynccontextmanager
async def huge_list(domains: int) -> AsyncIterator[str]:
    """Serve a list of so many domains on loopback."""
    text = "".join(f"d{number}.huge.example\n" for number in range(domains))

    async def answer(_: web.Request) -> web.Response:
        return web.Response(text=text)

    app = web.Application()
    app.router.add_get("/huge.txt", answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/huge.txt"
    finally:
        await runner.cleanup()


class Queries(asyncio.DatagramProtocol):
    """DNS queries for Pi-hole's own name, and what became of them.

    By hand: the library for it gives up the sooner, the quicker the answers before came.
    """

    def __init__(self) -> None:
        self.asked = 0
        self.lost = 0
        self.longest = 0.0
        """In seconds, of those that were answered."""
        self._waiting: dict[int, asyncio.Future[None]] = {}

    async def ask(self, transport: asyncio.DatagramTransport) -> None:
        """Ask, and wait for the answer as long as a device does."""
        self.asked += 1
        number, began = self.asked % 0x10000, time.perf_counter()
        self._waiting[number] = asyncio.get_running_loop().create_future()
        transport.sendto(number.to_bytes(2) + _QUERY)
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._waiting[number]
        except TimeoutError:
            self.lost += 1
        else:
            self.longest = max(self.longest, time.perf_counter() - began)
        finally:
            del self._waiting[number]

    @override
    def datagram_received(self, data: bytes, addr: object) -> None:
        future = self._waiting.get(int.from_bytes(data[:2]))
        if future is not None and not future.done() and data[3] & 0xF == 0:
            future.set_result(None)

    @override
    def __str__(self) -> str:
        return f"{self.lost} of {self.asked} queries lost, the longest took {self.longest:.2f} s"


@asynccontextmanager
async def asking_all_the_while(pihole: Pihole) -> AsyncIterator[Queries]:
    """Ask its DNS 50 times a second."""
    dns = (await pihole.ask("GET", "api/config/dns")).json["config"]
    port = cast("dict[str, dict[str, int]]", dns)["dns"]["port"]
    stop = asyncio.Event()
    transport, queries = await asyncio.get_running_loop().create_datagram_endpoint(
        Queries, remote_addr=("127.0.0.1", port)
    )

    async def ask_on() -> None:
        async with asyncio.TaskGroup() as group:
            while not stop.is_set():
                group.create_task(queries.ask(transport))
                await asyncio.sleep(1 / _QUERIES_A_SECOND)

    asking = asyncio.create_task(ask_on())
    try:
        yield queries
    finally:
        stop.set()
        await asking
        transport.close()


async def update_gravity(pihole: Pihole) -> None:
    """Have it download its lists. It opens the new database a moment after its last line."""
    answer = await pihole.ask("POST", "api/action/gravity")
    assert answer.status == HTTPStatus.OK, answer
    await asyncio.sleep(_OPENS_ITS_DATABASE_WITHIN)
