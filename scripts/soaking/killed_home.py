"""A real Home Assistant that is killed again and again, and what is found after its next start."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
import os
from pathlib import Path
import random
from tempfile import TemporaryDirectory
import time
from typing import Any, Final, cast

from aiohttp import ClientError, ClientSession

from custom_components.pihole_checkpoint.engine.models import BackupRecord, Policy
from pihole_simulator import Pihole, Simulator, build_archive
from scripts.demo_home import arranging
from scripts.demo_home.api import Api
from scripts.demo_home.arranging import DOMAIN, Target
from scripts.demo_home.home import Home
from scripts.demo_home.telling import DemoError

from .ledger import Ledger

_PASSWORD = "app-password-of-a-killed-home"  # noqa: S105 - it opens a simulator
_PORT = 8723
_START_SECONDS = 120
_LOADED_SECONDS = 30
_POLICY: Final = Policy(last=3, daily=0, weekly=0, monthly=0, yearly=0, manual=4)
_PARENTS: Final = (DOMAIN, "elsewhere")
_OPTIONS: Final[Mapping[str, Mapping[str, object]]] = {
    "schedule": {"frequency": "never", "time": "03:00:00", "weekdays": ["mon"]},
    "retention": {
        "last": _POLICY.last,
        "daily": _POLICY.daily,
        "weekly": _POLICY.weekly,
        "monthly": _POLICY.monthly,
        "yearly": _POLICY.yearly,
        "manual": _POLICY.manual,
        "max_age": 0,
    },
    "backup": {"deadline": 60, "skip_unchanged": True, "before_ha_backup": False},
}
_ON_THE_WAY = ("not_loaded", "unload_in_progress", "setup_in_progress")
DEEDS_AT_HOME: Final = ("backup", "restore", "prune", "move", "pin", "delete", "adoption")
_AFTERWARDS: Final = {"move": 1.5}
"""So many seconds after it was told, something of it still has to get to the disk."""
_UNFINISHED = ("restore_not_begun", "restore_broken_off")
_IMPORT = ("POST", "/api/teleporter")
_LOGOUT = ("DELETE", "/api/auth")

type Json = dict[str, Any]


class KilledHome:
    """Its Pi-hole is simulated, and is never killed."""

    def __init__(self, home: Home, api: Api, simulator: Simulator, chance: random.Random) -> None:
        self._home = home
        self._api = api
        self._simulator = simulator
        self._chance = chance
        self._ledger = Ledger(policy=_POLICY)
        self.interrupted: Counter[str] = Counter()
        """How often something was killed before its end was told."""
        self._seconds: dict[str, float] = {}
        """How long each deed takes here."""
        self._kills = 0
        self._entry_id = ""
        self._entity_id = ""
        self._issues: set[str] = set()
        """What was to be confirmed about restores, as of the last start."""
        self._deeds: Mapping[str, Callable[[], Awaitable[None]]] = {
            "backup": self._back_up,
            "restore": self._restore,
            "prune": self._prune,
            "move": self._move,
            "pin": self._pin,
            "delete": self._delete,
            "adoption": self._adopt,
        }

    async def arrange(self) -> None:
        """Be ready to be killed."""
        await arranging.wait_until_up(self._home, self._api)
        await arranging.onboard(self._api)
        await self._api.stay()
        target = Target(url=self._simulator.url, password=_PASSWORD)
        entry = await arranging.add_pihole(self._api, target)
        self._entry_id = entry["entry_id"]
        self._entity_id = (await arranging.find_entities(self._api, entry)).backup_count
        (self._home.config / _PARENTS[1]).mkdir()
        await self._choose_parent(_PARENTS[0])
        for _ in range(3):
            await self._until_reloaded()
            await self._back_up()
        for name in DEEDS_AT_HOME:
            self._simulator.pihole.add_domain(f"before-{name}.example")
            began = time.monotonic()
            await self._deeds[name]()
            self._seconds[name] = time.monotonic() - began
            await self._until_reloaded()
            await asyncio.to_thread(self._ledger.compare, self._store)
        await self._home.stop()
        await self._start_again()
        if problems := await asyncio.to_thread(self._ledger.compare, self._store):
            raise DemoError(f"It was not even killed: {problems}")

    async def kill(self, name: str) -> list[str]:
        """Begin to do something, kill, start again, and give what is wrong then."""
        self._kills += 1
        delay = self._chance.uniform(0, self._seconds[name] + _AFTERWARDS.get(name, 0))
        self._simulator.pihole.add_domain(f"kill-{self._kills}.example")
        self._simulator.requests.clear()
        task = asyncio.ensure_future(self._deeds[name]())
        await asyncio.sleep(delay)
        await self._home.kill()
        [error] = await asyncio.gather(task, return_exceptions=True)
        self.interrupted[name] += error is not None
        problems: list[str] = []
        if error is not None and not isinstance(error, ClientError):
            problems.append(f"it was refused: {error!r}")
        try:
            await self._start_again()
            problems += await self._look()
            if name == "restore":
                problems += self._look_at_restore(told=error is None)
            problems += await self._back_up_again()
        except (DemoError, ClientError, TimeoutError) as wrong:
            problems.append(f"the next start went wrong: {wrong!r}")
        return [f"kill {self._kills}, {delay:.3f} s into {name}: {it}" for it in problems]

    # What is done ---------------------------------------------------------------------------------

    async def _back_up(self) -> None:
        for record in (await self._call("backup"))["backups"]:
            self._ledger.promised[record["filename"]] = record["sha256"]

    async def _restore(self) -> None:
        answer = await self._call("restore", **self._one(self._some_backup()))
        if safety := answer["safety_backup"]:
            self._ledger.promised[safety["filename"]] = safety["sha256"]

    async def _prune(self) -> None:
        [pihole] = (await self._call("prune", dry_run=False))["piholes"]
        self._ledger.gone |= {record["filename"] for record in pihole["removed"]}

    async def _pin(self) -> None:
        record = self._some_backup()
        self._ledger.pinned.discard(record.filename)
        await self._call("update", **self._one(record), pinned=not record.pinned)
        if not record.pinned:
            self._ledger.pinned.add(record.filename)

    async def _delete(self) -> None:
        record = self._some_backup()
        self._ledger.may_be_gone.add(record.filename)
        self._ledger.pinned.discard(record.filename)
        await self._call("delete", **self._one(record))
        self._ledger.gone.add(record.filename)

    async def _adopt(self) -> None:
        adopted = self._store / f"my-own-{self._chance.randrange(10**9)}.zip"
        content = build_archive(Pihole.example(), datetime.now(UTC))
        long_ago = datetime(2026, 1, 20, tzinfo=UTC).timestamp()
        await asyncio.to_thread(_put, adopted, content, long_ago)
        await self._api.post("services/homeassistant/update_entity", {"entity_id": self._entity_id})

    async def _move(self) -> None:
        [other] = {*_PARENTS} - {self._store.parent.name}
        await self._choose_parent(other)

    async def _choose_parent(self, parent: str) -> None:
        flows = "config/config_entries/options/flow"
        form = cast("Json", await self._api.post(flows, {"handler": self._entry_id}))
        answer = {**_OPTIONS, "storage": {"parent": parent}}
        done = cast("Json", await self._api.post(f"{flows}/{form['flow_id']}", answer))
        if done["type"] != "create_entry":
            raise DemoError(f"The options were refused: {done}")

    async def _call(self, service: str, **data: object) -> Json:
        answer = await self._api.post(f"services/{DOMAIN}/{service}?return_response", data)
        called: Json = cast("Json", answer)["service_response"]
        return called

    def _one(self, record: BackupRecord) -> Json:
        return {"config_entry_id": self._entry_id, "backup_id": record.id}

    def _some_backup(self) -> BackupRecord:
        return self._chance.choice(sorted(self._ledger.seen.values(), key=lambda it: it.filename))

    # What is found --------------------------------------------------------------------------------

    async def _start_again(self) -> None:
        await self._home.start()
        async with asyncio.timeout(_START_SECONDS):
            while not await self._is_running():  # noqa: ASYNC110 - another process gives no event
                await asyncio.sleep(0.2)
        await self._until_loaded()

    async def _is_running(self) -> bool:
        if self._home.has_ended:
            raise DemoError("Home Assistant ended instead of starting.")
        with suppress(ClientError, DemoError):  # which begins before it can say anything
            return cast("dict[str, str]", await self._api.get("config"))["state"] == "RUNNING"
        return False

    async def _until_reloaded(self) -> None:
        await asyncio.sleep(0.5)  # it may be on its way to be
        await self._until_loaded()

    async def _until_loaded(self) -> None:
        async with asyncio.timeout(_LOADED_SECONDS):
            while (entry := await self._entry())["state"] != "loaded":
                if entry["state"] not in _ON_THE_WAY:
                    raise DemoError(f"The Pi-hole's entry: {entry['state']}, {entry['reason']}")
                await asyncio.sleep(0.1)

    async def _entry(self) -> Json:
        entries = await self._api.command("config_entries/get", domain=DOMAIN)
        [entry] = cast("list[Json]", entries)
        return entry

    @property
    def _stores(self) -> list[Path]:
        return [path for it in _PARENTS for path in (self._home.config / it).glob("*")]

    @property
    def _store(self) -> Path:
        return self._stores[0]

    async def _look(self) -> list[str]:
        """Find fault with what there is after a start."""
        problems: list[str] = []
        if len(self._stores) != 1:
            problems.append(f"the backups are in {len(self._stores)} places")
        records = (await self._call("verify"))["backups"]
        problems += [
            f"{it['filename']} is {it['status']}" for it in records if it["status"] != "good"
        ]
        problems += await asyncio.to_thread(self._ledger.compare, self._store)
        if {it["filename"] for it in records} != set(self._ledger.seen):
            problems.append("what is shown is not what is there")
        told = cast("Json", await self._api.command("repairs/list_issues"))["issues"]
        issues = {
            it["issue_id"].removesuffix(f"_{self._entry_id}")
            for it in told
            if it["domain"] == DOMAIN
        }
        self._issues = issues & set(_UNFINISHED)
        for issue in issues & set(_UNFINISHED):
            await self._confirm(f"{issue}_{self._entry_id}")
        if others := issues - set(_UNFINISHED):
            problems.append(f"there are issues: {others}")
        errors = [it for it in self._home.errors() if DOMAIN in it]
        return problems + [f"logged: {it}" for it in errors]

    async def _confirm(self, issue_id: str) -> None:
        fixes = "repairs/issues/fix"
        form = await self._api.post(fixes, {"handler": DOMAIN, "issue_id": issue_id})
        await self._api.post(f"{fixes}/{cast('Json', form)['flow_id']}")

    def _look_at_restore(self, *, told: bool) -> list[str]:
        """See that one whose end is not known is told of, and that its safety backup is there."""
        requests = [(it.method, it.path) for it in self._simulator.requests]
        began = _IMPORT in requests
        # What follows the logout is only to write down that it has ended.
        ended = told or (began and _LOGOUT in requests[requests.index(_IMPORT) :])
        problems: list[str] = []
        if began and not ended and self._issues != {"restore_broken_off"}:
            problems.append(f"a restore was broken off, and told is {self._issues or 'nothing'}")
        if told and self._issues:
            problems.append(f"the restore came to its end, and told is {self._issues}")
        newest = max(self._ledger.seen.values(), key=lambda it: it.created_at)
        if began and newest.trigger != "before_restore":
            problems.append("there is no safety backup")
        return problems

    async def _back_up_again(self) -> list[str]:
        left = len(self._simulator.sessions)
        problems = [f"{left} sessions are open"] if left > 1 else []
        await self._back_up()
        problems += await asyncio.to_thread(self._ledger.compare, self._store)
        if len(self._simulator.sessions) != left:
            problems.append("the next backup left a session")
        # As time does.
        self._simulator.auth.end_all_sessions()
        return problems


def _put(path: Path, content: bytes, changed_at: float) -> None:
    path.write_bytes(content)
    os.utime(path, (changed_at, changed_at))


@asynccontextmanager
async def killed_home(chance: random.Random) -> AsyncIterator[KilledHome]:
    """Have one."""
    simulator = Simulator(password=_PASSWORD[::-1], app_password=_PASSWORD)
    simulator.pihole.settings["webserver.api.app_sudo"] = True
    simulator.pihole.restless = True
    simulator.auth.login_attempts_per_second = 1000
    simulator.restart_seconds = 0.5
    with TemporaryDirectory(prefix="killed-home-", ignore_cleanup_errors=True) as folder:
        async with (
            ClientSession() as http,
            simulator,
            Home(_PORT, Path(folder)) as home,
        ):
            killed = KilledHome(home, Api(http, home.url), simulator, chance)
            await killed.arrange()
            yield killed
