"""A real Pi-hole that may be changed, put back to what it was after each question."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AbstractContextManager, asynccontextmanager, closing, contextmanager
from http import HTTPStatus
import io
import json
from pathlib import Path
import re
import socket
import sqlite3
import time
from typing import cast, override
import zipfile

from yarl import URL

from tests.support.dns import look_up

from .lists import Lists, serve_lists
from .pihole import Host, Pihole
from .plain_http import Answer

type Table = dict[str, object]

_VERSION = re.compile(rb"configuration file \(v(\d+\.\d+)")
_GOES_WITHIN_SECONDS = 1.5
_BETWEEN_LOOKS = 0.02
_DNS_IS_BACK_WITHIN_SECONDS = 3.0
_DNS_SEES_CHANGES_WITHIN_SECONDS = 0.2
_LOOKS_FOR_THE_DATABASE = 100
_INTO_THE_SECOND = 0.01
_LEASES = "etc/pihole/dhcp.leases"
_GRAVITY = "etc/pihole/gravity.db"
_TRIES = 5
_STUMBLED = b"dnsmasq: syntax check OK."
"""A v6.0 refuses a sound configuration with this, about once in ten times."""
# Groups come last: v6.0 deletes none that still has members.
_NAMED_BY = {
    "lists": ("address", "type"),
    "domains": ("domain", "type", "kind"),
    "clients": ("client",),
    "groups": ("name",),
}
_CHANGES_BY_ITSELF = frozenset(
    {"date_modified", "date_updated", "number", "invalid_domains", "status", "abp_entries"}
)
_PORT = re.compile(r"(?:(?P<host>[^:,\[]*|\[[^]]*\]):)?(?P<port>\d+)(?P<flags>[ors]*)")


class RealPihole(Pihole):
    """A real one. What it is like when the first question comes is what is put back."""

    def __init__(self, url: str, password: str, root: Path | None) -> None:
        self.url = URL(url.rstrip("/"))
        self.password = password
        self._root = root
        self._archive = b""
        self._rows: dict[str, list[Table]] = {}
        self._config: Table = {}
        self._is_put_back = False
        """Whether it is being put back, when no answer is looked at as that to a question."""

    @override
    async def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        sid: str | None = "mine",
        headers: Mapping[str, str] | None = None,
        url: URL | None = None,
    ) -> Answer:
        """Send a request, again while the Pi-hole stumbles over its own check.

        While it is put back, a session that a restart ended is opened again.
        """
        for _ in range(_TRIES):
            answer = await super().ask(method, path, body, sid=sid, headers=headers, url=url)
            if self._is_put_back and sid == "mine" and answer.status == HTTPStatus.UNAUTHORIZED:
                self.sid = await self.session()
            elif answer.status != HTTPStatus.BAD_REQUEST or _STUMBLED not in answer.body:
                break
        return answer

    async def remember(self) -> None:
        """Log in, and remember how this Pi-hole is."""
        self.sid = await self.session()
        await self.close_other_sessions()
        self._archive = (await self.ask("GET", "api/teleporter")).body
        self._rows = {kind: await self.items(kind) for kind in _NAMED_BY}
        self._config = await self.settings()
        self.version = _version_of(self._archive)

    @override
    async def items(self, kind: str) -> list[dict[str, object]]:
        """Return all of a kind, as soon as the database is there after a restart."""
        await self.is_back()
        return await super().items(kind)

    async def log_out(self) -> None:
        """Close the session that is used."""
        await self.ask("DELETE", "api/auth")

    async def settings(self) -> Table:
        """Return its configuration, in sections."""
        return cast("Table", (await self.ask("GET", "api/config")).json["config"])

    async def put_back(self) -> None:
        """Undo what a question changed."""
        self._is_put_back = True
        try:
            await self._put_back()
        finally:
            self._is_put_back = False

    async def _put_back(self) -> None:
        await self.is_back()
        await self._be_logged_in()
        await self._have_its_database()
        await self.close_other_sessions()
        if different := await self._different_settings():
            await self.ask("PATCH", "api/config", {"config": different})
            await self.restarts_now()
            self.totp_secret = ""
            await self._be_logged_in()
        if not await self._has_its_rows() or await self._differs_unseen():
            await self.upload(_importable(self._archive, self._gravity))
            await self.restarts_now()
        assert await self._has_its_rows()
        assert not await self._different_settings()

    async def _have_its_database(self) -> None:
        """Restart a v6.0 that wanted to open its database while it was locked: it has none then."""
        if (await self.ask("GET", "api/groups")).status == HTTPStatus.BAD_REQUEST:
            await self.ask("POST", "api/action/restartdns")
            await self.restarts_now()

    @property
    def _gravity(self) -> str:
        """Where its database is below its root, and in its archives."""
        return str(cast("Table", self._config["files"])["gravity"]).lstrip("/")

    async def _be_logged_in(self) -> None:
        if (await self.ask("GET", "api/auth")).status != HTTPStatus.OK:
            self.sid = await self.session()

    async def _different_settings(self) -> Table:
        """Return the settings that are to be set for them to be as remembered.

        The secret of the second factor always reads as stars.
        """
        different = _difference(self._config, await self.settings())
        session = (await self.ask("GET", "api/auth")).json["session"]
        if cast("Table", session)["totp"]:
            section = cast("dict[str, Table]", different.setdefault("webserver", {}))
            section.setdefault("api", {})["totp_secret"] = ""
        return different

    async def close_other_sessions(self) -> None:
        """Leave no session but the one that is used here."""
        answer = await self.ask("GET", "api/auth/sessions")
        for session in cast("list[Table]", answer.json["sessions"]):
            if not session["current_session"]:
                await self.ask("DELETE", f"api/auth/session/{session['id']}")

    async def _has_its_rows(self) -> bool:
        """Delete what was added; return whether the rest is what it was."""
        same = True
        for kind, before in _rows_by_name(self._rows).items():
            now = _rows_by_name({kind: await self.items(kind)})[kind]
            if added := [json.loads(name) for name in now.keys() - before.keys()]:
                await self.ask("POST", f"api/{kind}:batchDelete", added)
            same &= all(now.get(name) == row for name, row in before.items())
        return same

    async def _differs_unseen(self) -> bool:
        """Return whether something differs that only an archive shows."""
        archive = (await self.ask("GET", "api/teleporter")).body
        return _unseen(archive, self._gravity) != _unseen(self._archive, self._gravity)

    @override
    async def is_back(self) -> None:
        """Wait until it answers: for a tenth of a second it has no database after a restart.

        If the database was locked when it was to be opened, only a change opens it: here of a group
        that is not there.
        """
        await super().is_back()
        for _ in range(_LOOKS_FOR_THE_DATABASE):
            if (await self.ask("GET", "api/groups")).status != HTTPStatus.BAD_REQUEST:
                return
            await self.ask("PUT", "api/groups/nobody", {"name": "nobody"})
            await asyncio.sleep(_BETWEEN_LOOKS)

    @property
    @override
    def tls_url(self) -> URL | None:
        return self._port_with("s", "https")

    @property
    @override
    def redirecting_url(self) -> URL | None:
        return self._port_with("r", "http")

    def _port_with(self, flag: str, scheme: str) -> URL | None:
        ports = str(cast("Table", self._config["webserver"])["port"])
        for found in _PORT.finditer(ports):
            if flag in found["flags"]:
                return URL.build(scheme=scheme, host=self.url.host or "", port=int(found["port"]))
        return None

    @property
    @override
    def host(self) -> Host | None:
        return _RealHost(self._root, self._gravity) if self._root else None

    @override
    async def restarts_now(self) -> bool:
        loop = asyncio.get_running_loop()
        end = loop.time() + _GOES_WITHIN_SECONDS
        while loop.time() < end:
            if not await self.answers():
                await self.is_back()
                return True
            await asyncio.sleep(_BETWEEN_LOOKS)
        return False

    @override
    async def look_up(self, name: str, type_: str = "A") -> list[str]:
        """Ask again while it restarts: its web server is back before its DNS."""
        port = cast("int", cast("Table", self._config["dns"])["port"])
        return await look_up(port, name, type_, wait=_DNS_IS_BACK_WITHIN_SECONDS)

    @override
    async def dns_sees_changes(self) -> None:
        await asyncio.sleep(_DNS_SEES_CHANGES_WITHIN_SECONDS)

    @override
    def now(self) -> float:
        return time.time()

    @override
    async def wait_for_the_next_second(self) -> None:
        await asyncio.sleep(1 - time.time() % 1 + _INTO_THE_SECOND)

    @override
    @asynccontextmanager
    async def lists(self) -> AsyncIterator[Lists]:
        async with serve_lists(_own_address(self.url)) as lists:
            yield lists


class _RealHost(Host):
    def __init__(self, root: Path, gravity: str) -> None:
        self._folder = root / "etc/pihole"
        self._gravity = root / gravity

    @override
    @contextmanager
    def read_only_settings(self) -> Iterator[None]:
        """Edit the file in its place: FTL notices that by itself."""
        path = self._folder / "pihole.toml"
        text = path.read_text()
        path.write_text(text.replace("readOnly = false", "readOnly = true"))
        try:
            yield
        finally:
            path.write_text(path.read_text().replace("readOnly = true", "readOnly = false"))

    @override
    def without_versions(self) -> AbstractContextManager[None]:
        return self._replaced(self._folder / "versions", None)

    @override
    def written_gravity(self) -> AbstractContextManager[None]:
        return self._in_transaction("IMMEDIATE")

    @override
    def locked_gravity(self) -> AbstractContextManager[None]:
        return self._in_transaction("EXCLUSIVE")

    @contextmanager
    def _in_transaction(self, kind: str) -> Iterator[None]:
        with closing(sqlite3.connect(self._gravity, isolation_level=None)) as database:
            database.execute(f"BEGIN {kind}")
            yield
            database.execute("ROLLBACK")

    @override
    def damaged_gravity(self) -> AbstractContextManager[None]:
        return self._replaced(self._gravity, b"no database at all\n" * 300)

    @override
    def missing_gravity(self) -> AbstractContextManager[None]:
        return self._replaced(self._gravity, None)

    @contextmanager
    def _replaced(self, path: Path, content: bytes | None) -> Iterator[None]:
        """Have another file for a while, or none. The owner of the real one stays the same."""
        aside = path.with_name(f"{path.name}.conformance")
        path.rename(aside)
        try:
            if content is not None:
                path.write_bytes(content)
                path.chmod(0o666)
            yield
        finally:
            aside.rename(path)


def _own_address(url: URL) -> str:
    """Return the address of this machine from which a URL is asked."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect((url.host, url.port))
        return str(probe.getsockname()[0])


def _version_of(archive: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        found = _VERSION.search(opened.read("etc/pihole/pihole.toml"))
    if found is None:
        raise ValueError("the exported pihole.toml names no version")
    return found[1].decode()


def _importable(archive: bytes, gravity: str) -> bytes:
    """Return the database's name as an import wants it, wherever the database is.

    An archive with a member of another name is taken, and the database left as it is.
    """
    if gravity == _GRAVITY:
        return archive
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as opened, zipfile.ZipFile(made, "w") as written:
        for name in opened.namelist():
            written.writestr(_GRAVITY if name == gravity else name, opened.read(name))
    return made.getvalue()


def _unseen(archive: bytes, gravity: str) -> list[object]:
    """Return the leases, and which ids are in which groups, whether or not they are there."""
    with (
        zipfile.ZipFile(io.BytesIO(archive)) as opened,
        closing(sqlite3.connect(":memory:")) as database,
    ):
        database.deserialize(opened.read(gravity))
        leases = opened.read(_LEASES) if _LEASES in opened.namelist() else None
        pairs = (
            database.execute(f"SELECT * FROM {name}_by_group ORDER BY 1, 2").fetchall()  # noqa: S608
            for name in ("adlist", "domainlist", "client")
        )
        return [leases, *pairs]


def _difference(before: Mapping[str, object], now: Mapping[str, object]) -> Table:
    """Return the settings that are to be set for the second to be the first."""
    different: Table = {}
    for key, value in before.items():
        if isinstance(value, dict):
            if inner := _difference(value, cast("Table", now[key])):
                different[key] = inner
        elif key != "password" and value != now[key]:
            different[key] = value
    return different


def _rows_by_name(rows: Mapping[str, list[Table]]) -> dict[str, dict[str, Table]]:
    """Return the rows by what names them: an entry of a `:batchDelete`, as JSON."""
    return {
        kind: {
            json.dumps({"item": row[key], **{name: row[name] for name in types}}): {
                name: row[name] for name in row if name not in _CHANGES_BY_ITSELF
            }
            for row in rows[kind]
        }
        for kind, (key, *types) in _NAMED_BY.items()
        if kind in rows
    }
