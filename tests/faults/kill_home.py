"""A real Home Assistant that is killed again and again, and what its next start finds."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
import itertools
import json
import os
from pathlib import Path
import random
from tempfile import TemporaryDirectory
import time
from typing import Any, Final, cast

from aiohttp import ClientError

from custom_components.pihole_checkpoint.engine.models import Policy
from pihole_simulator import Simulator, build_archive
from scripts.demo_home import arranging
from scripts.demo_home.api import Api
from scripts.demo_home.arranging import DOMAIN, Target
from scripts.demo_home.home import Home
from scripts.demo_home.telling import DemoError
from scripts.in_browser.house import house

from .deeds import removable
from .oracle import Finding, Folder, Promises
from .world import PASSWORD

_LOADED_SECONDS: Final = 30
_POLICY: Final = Policy(last=3, daily=0, weekly=0, monthly=0, yearly=0, manual=4)
_PARENTS: Final = (DOMAIN, "elsewhere")
_OPTIONS: Final[Mapping[str, Mapping[str, object]]] = {
    "schedule": {"frequency": "never", "time": "03:00:00", "weekdays": ["mon"]},
    "retention": {
        **{name: getattr(_POLICY, name) for name in ("last", "daily", "weekly", "monthly")},
        "yearly": _POLICY.yearly,
        "more": {"manual": _POLICY.manual, "max_age": 0},
    },
    "advanced": {"deadline": 60, "skip_unchanged": True, "before_ha_backup": False},
}
"""The pages of the options, and what is entered on each."""
_ON_THE_WAY: Final = ("not_loaded", "unload_in_progress", "setup_in_progress")
_AFTERWARDS: Final = {"move": 1.5}
"""The seconds after its answer in which a deed still writes to the disk."""
_UNFINISHED: Final = {"restore_not_begun", "restore_broken_off"}
_IMPORT: Final = ("POST", "/api/teleporter")
_LOGOUT: Final = ("DELETE", "/api/auth")

type Json = dict[str, Any]


class KilledHome:
    """Home Assistant, and a simulated Pi-hole that is never killed."""

    def __init__(self, home: Home, api: Api, sim: Simulator, chance: random.Random) -> None:
        self._home = home
        self._api = api
        self._sim = sim
        self._chance = chance
        self._promises = Promises()
        self._records: dict[str, bytes] = {}
        """What was written about each backup when the folder was last looked at."""
        self.interrupted: Counter[str] = Counter()
        """How often each deed was killed before it was answered."""
        self._seconds: dict[str, float] = {}
        """How long each deed takes here."""
        self._kills = 0
        self._entry_id = ""
        self._entity_id = ""
        self._issues: set[str] = set()
        """The issues about unfinished restores, as of the last start."""
        self.deeds: Mapping[str, Callable[[], Awaitable[None]]] = {
            "backup": self._back_up,
            "restore": self._restore,
            "prune": self._prune,
            "move": self._move,
            "pin": self._pin,
            "delete": self._delete,
            "adoption": self._adopt,
        }

    async def arrange(self) -> None:
        await self._api.stay()
        target = Target(url=self._sim.url, password=PASSWORD)
        entry = await arranging.add_pihole(self._api, target)
        self._entry_id = entry["entry_id"]
        self._entity_id = (await arranging.find_entities(self._api, entry)).backup_count
        (self._home.config / _PARENTS[1]).mkdir()
        for page, values in _OPTIONS.items():
            await self._choose(page, values)
            await self._until_reloaded()
        await self._choose_parent(_PARENTS[0])
        for _ in range(3):
            await self._until_reloaded()
            await self._back_up()
        self._compare()
        for name, deed in self.deeds.items():
            self._sim.pihole.add_domain(f"before-{name}.example")
            began = time.monotonic()
            await deed()
            self._seconds[name] = time.monotonic() - began
            await self._until_reloaded()
            self._compare()
        await self._home.stop()
        await self._start_again()
        if wrong := self._compare():
            raise DemoError(f"It was not even killed: {wrong}")

    async def kill(self, name: str) -> tuple[str, list[str]]:
        """Begin to do something, kill, start again; return when it was, and what is wrong then."""
        self._kills += 1
        delay = self._chance.uniform(0, self._seconds[name] + _AFTERWARDS.get(name, 0))
        self._sim.pihole.add_domain(f"kill-{self._kills}.example")
        self._sim.requests.clear()
        task = asyncio.ensure_future(self.deeds[name]())
        await asyncio.sleep(delay)
        await self._home.kill()
        [error] = await asyncio.gather(task, return_exceptions=True)
        self.interrupted[name] += error is not None
        wrong: list[str] = []
        if error is not None and not isinstance(error, ClientError):
            wrong.append(f"it was refused: {error!r}")
        try:
            await self._start_again()
            wrong += await self._look()
            if name == "restore":
                wrong += self._look_at_restore(answered=error is None)
            wrong += await self._back_up_again()
        except (DemoError, ClientError, TimeoutError) as failed:
            wrong.append(f"the next start went wrong: {failed!r}")
        return f"kill {self._kills}, {delay:.3f} s into {name}", wrong

    # What is done ---------------------------------------------------------------------------------

    async def _back_up(self) -> None:
        for record in (await self._call("backup"))["backups"]:
            self._promises.hear("stored", filename=record["filename"], sha256=record["sha256"])

    async def _restore(self) -> None:
        answer = await self._call("restore", **self._one(self._some_backup()))
        if safety := answer["safety_backup"]:
            self._promises.hear("stored", filename=safety["filename"], sha256=safety["sha256"])

    async def _prune(self) -> None:
        [pihole] = (await self._call("prune", dry_run=False))["piholes"]
        for record in pihole["removed"]:
            self._promises.hear("deleted", filename=record["filename"])

    async def _pin(self) -> None:
        name = self._some_backup()
        pinned, note = self._promises.noted.pop(name)
        await self._call("update", **self._one(name), pinned=not pinned)
        self._promises.noted[name] = (not pinned, note)

    async def _delete(self) -> None:
        name = self._some_backup()
        self._promises.may_go.add(name)
        await self._call("delete", **self._one(name))
        self._promises.hear("deleted", filename=name)

    async def _adopt(self) -> None:
        number = self._chance.randrange(10**9)
        path = self._folder / f"my-own-{number}.zip"
        # Of this Pi-hole: to restore that of another one would change the password.
        made = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=number % 10**6)
        path.write_bytes(build_archive(self._sim.pihole, made))
        os.utime(path, (datetime(2026, 1, 20, tzinfo=UTC).timestamp(),) * 2)
        await self._api.post("services/homeassistant/update_entity", {"entity_id": self._entity_id})

    async def _move(self) -> None:
        [other] = {*_PARENTS} - {self._folder.parent.name}
        await self._choose_parent(other)

    async def _choose_parent(self, parent: str) -> None:
        await self._choose("storage", {"parent": parent})

    async def _choose(self, page: str, values: Mapping[str, object]) -> None:
        """Save a page of the options."""
        flows = "config/config_entries/options/flow"
        menu = cast("Json", await self._api.post(flows, {"handler": self._entry_id}))
        flow = f"{flows}/{menu['flow_id']}"
        await self._api.post(flow, {"next_step_id": page})
        done = cast("Json", await self._api.post(flow, dict(values)))
        if done["type"] != "create_entry":
            raise DemoError(f"The options were refused: {done}")

    async def _call(self, service: str, **data: object) -> Json:
        answer = await self._api.post(f"services/{DOMAIN}/{service}?return_response", data)
        called: Json = cast("Json", answer)["service_response"]
        return called

    def _one(self, name: str) -> Json:
        backup_id = json.loads(self._records[name])["id"]
        return {"config_entry_id": self._entry_id, "backup_id": backup_id}

    def _some_backup(self) -> str:
        return self._chance.choice(sorted(self._records))

    # What is found --------------------------------------------------------------------------------

    def _compare(self) -> list[str]:
        """Return what is wrong with the folder, and take what is there for the next round."""
        found = Folder.read(self._folder)
        both = {**self._records, **found.records}
        self._promises.may_go |= removable(both, _POLICY)
        wrong = self._promises.broken_by(found) + found.complaints()
        self._promises = Promises.of(found)
        self._records = found.records
        return wrong

    async def _start_again(self) -> None:
        await self._home.start()
        await arranging.wait_until_running(self._home, self._api)
        await self._until_loaded()

    async def _until_reloaded(self) -> None:
        await asyncio.sleep(0.5)  # it may be about to begin
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
    def _folders(self) -> list[Path]:
        return [path for item in _PARENTS for path in (self._home.config / item).glob("*")]

    @property
    def _folder(self) -> Path:
        return self._folders[0]

    async def _look(self) -> list[str]:
        wrong: list[str] = []
        if len(self._folders) != 1:
            wrong.append(f"the backups are in {len(self._folders)} places")
        records = (await self._call("verify"))["backups"]
        wrong += [
            f"{item['filename']} is {item['status']}"
            for item in records
            if item["status"] != "good"
        ]
        wrong += self._compare()
        if {item["filename"] for item in records} != set(self._records):
            wrong.append("what is shown is not what is there")
        listed = cast("Json", await self._api.command("repairs/list_issues"))["issues"]
        issues = {
            item["issue_id"].removesuffix(f"_{self._entry_id}")
            for item in listed
            if item["domain"] == DOMAIN
        }
        self._issues = issues & _UNFINISHED
        for issue in self._issues:
            await self._confirm(f"{issue}_{self._entry_id}")
        if others := issues - _UNFINISHED:
            wrong.append(f"there are issues: {others}")
        return wrong + [f"logged: {item}" for item in self._home.errors() if DOMAIN in item]

    async def _confirm(self, issue_id: str) -> None:
        fixes = "repairs/issues/fix"
        form = await self._api.post(fixes, {"handler": DOMAIN, "issue_id": issue_id})
        await self._api.post(f"{fixes}/{cast('Json', form)['flow_id']}")

    def _look_at_restore(self, *, answered: bool) -> list[str]:
        """Check that a restore with an unknown end is an issue, and has its safety backup."""
        requests = [(item.method, item.path) for item in self._sim.requests]
        began = _IMPORT in requests
        # What follows the logout is only to write down that the restore has ended.
        ended = answered or (began and _LOGOUT in requests[requests.index(_IMPORT) :])
        wrong: list[str] = []
        if began and not ended and self._issues != {"restore_broken_off"}:
            wrong.append(f"a restore was broken off, and the issues are {self._issues or 'none'}")
        if answered and self._issues:
            wrong.append(f"the restore came to its end, and the issues are {self._issues}")
        newest = max(map(json.loads, self._records.values()), key=lambda item: item["created_at"])
        if began and newest["trigger"] != "before_restore":
            wrong.append("there is no safety backup")
        return wrong

    async def _back_up_again(self) -> list[str]:
        left = len(self._sim.sessions)
        wrong = [f"{left} sessions are open"] if left > 1 else []
        await self._back_up()
        wrong += self._compare()
        if len(self._sim.sessions) != left:
            wrong.append("the next backup left a session")
        self._sim.auth.end_all_sessions()  # as time does
        return wrong


@asynccontextmanager
async def _killed_home(chance: random.Random) -> AsyncIterator[KilledHome]:
    sim = Simulator(password=PASSWORD[::-1], app_password=PASSWORD)
    sim.pihole.settings["webserver.api.app_sudo"] = True
    sim.pihole.restless = True
    sim.auth.login_attempts_per_second = 1000
    sim.restart_seconds = 0.5
    with TemporaryDirectory(prefix="killed-home-", ignore_cleanup_errors=True) as folder:
        async with sim, house(Path(folder)) as built:
            killed = KilledHome(built.home, built.api, sim, chance)
            await killed.arrange()
            yield killed


async def kills_at_home(chance: random.Random, kills: int, again: str) -> Sequence[Finding]:
    """Kill Home Assistant so many times, in the middle of each deed in turn."""
    async with _killed_home(chance) as home:
        findings = {name: Finding(f"{name}, in Home Assistant") for name in home.deeds}
        for name in itertools.islice(itertools.cycle(home.deeds), kills):
            findings[name].note(*await home.kill(name), again)
        for name, finding in findings.items():
            finding.detail = f"{home.interrupted[name]} of them before it was answered"
    return list(findings.values())
