"""A month in a home with three Pi-holes: all that is done there, and all that goes wrong there."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import count as counting
import logging
from pathlib import Path
import random
from tempfile import TemporaryDirectory
from typing import Final

from custom_components.pihole_checkpoint.backup import async_post_backup, async_pre_backup
from custom_components.pihole_checkpoint.engine.models import BackupRecord, RestorePart
from homeassistant.components.file_upload import DOMAIN as FILE_UPLOAD
from homeassistant.components.file_upload import FileUploadData
from pihole_simulator import Pihole, build_archive

from .month_core import Log, core_on, time_from
from .month_home import Home, WatchedPihole, WatchedSimulator
from .month_looks import Measure, growth, look, measure
from .oracle import Finding

_DAYS: Final = 31
_START: Final = datetime(2026, 3, 9, tzinfo=UTC)
"""So that the clocks change in it."""
_WARM: Final = 3
"""After so many days everything has been there once, and nothing may grow any more."""
_FEW_DAYS: Final = 4
"""At the beginning and at the end, which are compared."""
_MOST_AN_HOUR: Final = 4
_MOST_DOMAINS: Final = 30
_FEW: Final = {"last": 5, "daily": 5, "weekly": 2, "monthly": 1, "manual": 8}
_PIHOLES: Final[Mapping[str, tuple[tuple[str, str], Mapping[str, Mapping[str, object]]]]] = {
    "kitchen": (
        ("main-of-kitchen", "app-of-kitchen"),
        {"retention": _FEW, "schedule": {"frequency": "daily", "time": "03:10:00"}},
    ),
    "attic": (
        ("main-of-attic", ""),
        {
            "retention": {**_FEW, "last": 12},
            "schedule": {"frequency": "hourly", "time": "00:17:00"},
            "backup": {"skip_unchanged": False},
        },
    ),
    "shed": (
        ("main-of-shed", "app-of-shed"),
        {
            "retention": {**_FEW, "max_age": 10},
            "schedule": {"frequency": "hourly", "time": "00:45:00"},
            "backup": {"skip_unchanged": True},
        },
    ),
}
_NUMBERS: Final = counting(1)


# What is done -------------------------------------------------------------------------------------


def _some(home: Home, pihole: WatchedPihole) -> BackupRecord | None:
    records = home.records(pihole)
    return home.rng.choice(records) if records else None


async def _press(home: Home, pihole: WatchedPihole) -> None:
    await home.expect(home.press(pihole), pihole)


async def _back_up(home: Home, pihole: WatchedPihole) -> None:
    await home.expect(home.call("backup", config_entry_id=pihole.entry_id), pihole)


async def _back_up_all(home: Home, _: WatchedPihole) -> None:
    await home.expect(home.call("backup"), *home.piholes)


async def _change(home: Home, pihole: WatchedPihole) -> None:
    its = pihole.sim.pihole
    if len(its.domains) > _MOST_DOMAINS or (its.domains and home.rng.random() < 1 / 3):
        its.domains.pop(home.rng.randrange(len(its.domains)))
    else:
        its.add_domain(f"d{next(_NUMBERS)}.example")


async def _pin(home: Home, pihole: WatchedPihole) -> None:
    if (record := _some(home, pihole)) is None:
        return
    pinned = home.rng.random() < 1 / 4
    pihole.pinned.discard(record.id)
    update = home.call(
        "update",
        config_entry_id=pihole.entry_id,
        backup_id=record.id,
        pinned=pinned,
        note=home.rng.choice(("", "before the update", "ä" * 200)),
    )
    if await home.expect(update, may_fail=home.is_crowded) is not None and pinned:
        pihole.pinned.add(record.id)
    pihole.pruned = False


async def _delete(home: Home, pihole: WatchedPihole) -> None:
    if (record := _some(home, pihole)) is not None:
        pihole.may_go.add(record.id)
        await home.expect(home.call("delete", config_entry_id=pihole.entry_id, backup_id=record.id))


async def _verify(home: Home, pihole: WatchedPihole) -> None:
    if (record := _some(home, pihole)) is not None:
        await home.expect(home.call("verify", config_entry_id=pihole.entry_id, backup_id=record.id))


async def _verify_all(home: Home, _: WatchedPihole) -> None:
    await home.expect(home.call("verify"))


async def _prune(home: Home, pihole: WatchedPihole) -> None:
    dry_run = home.rng.random() < 1 / 2
    await home.expect(home.call("prune", config_entry_id=pihole.entry_id, dry_run=dry_run))


async def _compare(home: Home, pihole: WatchedPihole) -> None:
    first, second = _some(home, pihole), _some(home, pihole)
    other = home.rng.choice([item for item in home.piholes if item is not pihole])
    this = pihole.entry_id
    match home.rng.randrange(3):
        case 0 if first is not None and second is not None:
            ids = {"backup_id": first.id, "other_backup_id": second.id}
            await home.expect(home.call("compare", config_entry_id=this, **ids))
        case 1 if first is not None:
            await home.expect(
                home.call("compare", config_entry_id=this, backup_id=first.id), pihole
            )
        case _:
            live = home.call("compare", config_entry_id=this, other_config_entry_id=other.entry_id)
            await home.expect(live, pihole, other)


async def _restore(home: Home, pihole: WatchedPihole) -> None:
    source = pihole if home.rng.random() < 3 / 4 else home.rng.choice(home.piholes)
    if (record := _some(home, source)) is None:
        return
    data: dict[str, object] = {"dry_run": home.rng.random() < 1 / 2}
    if source is not pihole:
        data["source_config_entry_id"] = source.entry_id
    elif home.rng.random() < 1 / 2:
        parts = [part.value for part in RestorePart]
        data["include"] = home.rng.sample(parts, home.rng.randrange(1, 4))
    home.figures["dry restores" if data["dry_run"] else "restores"] += 1
    await home.expect(
        home.call("restore", config_entry_id=pihole.entry_id, backup_id=record.id, **data), pihole
    )


async def _undo(home: Home, pihole: WatchedPihole) -> None:
    undo = pihole.coordinator(home.hass).manager.state.undo
    can = undo is not None and undo.backup_id in {item.id for item in home.records(pihole)}
    home.figures["restores undone"] += can
    undone = home.call("undo_restore", config_entry_id=pihole.entry_id)
    await home.expect(undone, pihole, may_fail=not can)


async def _upload(home: Home, pihole: WatchedPihole) -> None:
    """Put a file where Home Assistant's own upload would have put it, and have it adopted."""
    hass, number = home.hass, f"{next(_NUMBERS)}"
    uploads: FileUploadData = hass.data.setdefault(
        FILE_UPLOAD, FileUploadData(home.folder / "uploads", {})
    )
    uploads.files[number] = "upload.zip"
    is_good = home.rng.random() < 2 / 3
    archive = build_archive(pihole.sim.pihole, datetime.now(UTC))
    path = uploads.file_path(number)
    path.parent.mkdir(parents=True)
    path.write_bytes(archive if is_good else archive[: len(archive) // 2])
    upload = home.call("upload", config_entry_id=pihole.entry_id, file=number)
    await home.expect(upload, may_fail=not is_good)
    if path.exists():
        home.say("an uploaded file was left behind")


async def _put_by_hand(home: Home, pihole: WatchedPihole) -> None:
    path = pihole.folder(home.hass) / f"by-hand-{next(_NUMBERS)}.zip"
    path.write_bytes(build_archive(pihole.sim.pihole, datetime.now(UTC)))
    await home.poll(pihole)
    adopted = {item.id for item in home.records(pihole) if item.filename == path.name}
    if len(adopted) != 1:
        home.say(f"{pihole.name}: {path.name} was not adopted")
    pihole.stored |= adopted
    pihole.ever |= adopted
    pihole.pruned = False


async def _spoil(home: Home, pihole: WatchedPihole) -> None:
    """Damage an archive, check that this is reported, and delete it."""
    if (record := _some(home, pihole)) is None:
        return
    pihole.may_go.add(record.id)
    path = pihole.folder(home.hass) / record.filename
    match home.rng.randrange(3):
        case 0:
            path.unlink()
        case 1:
            path.write_bytes(path.read_bytes()[:-1])
        case _:
            path.write_bytes(bytes(byte ^ 1 for byte in path.read_bytes()))
    await home.expect(home.call("verify", config_entry_id=pihole.entry_id))
    if record.id not in pihole.damaged:
        home.say(f"{pihole.name}: the damage to {record.filename} was not reported")
    if not home.has_issue(pihole, "damaged_archives"):
        home.say(f"{pihole.name}: no issue about the damage to {record.filename}")
    await home.expect(home.call("delete", config_entry_id=pihole.entry_id, backup_id=record.id))


async def _reload(home: Home, pihole: WatchedPihole) -> None:
    await home.hass.config_entries.async_reload(pihole.entry_id)


async def _add_again(home: Home, pihole: WatchedPihole) -> None:
    if pihole.trouble:
        return
    await home.hass.config_entries.async_remove(pihole.entry_id)
    await home.settle()
    home.figures["removed and added again"] += 1
    if home.has_issue(pihole):
        home.say(f"{pihole.name}: an issue outlived its entry")
    await home.add(pihole)


async def _home_assistant_backup(home: Home, pihole: WatchedPihole) -> None:
    async def only_a_moment() -> None:
        """Wait for nothing: what begins now may wait for the end of the backup."""
        await asyncio.sleep(0.002)

    await async_pre_backup(home.hass)
    before = home.look_at_folders()
    await home.expect(home.press(pihole), pihole, may_fail=True)
    waiting = asyncio.create_task(_upload(home, pihole))
    minutes = home.rng.randrange(1, 15)
    await home.time.pass_until(datetime.now(UTC) + timedelta(minutes=minutes), only_a_moment)
    if home.look_at_folders() != before:
        home.say("a file changed during Home Assistant's backup")
    await async_post_backup(home.hass)
    await waiting
    await home.settle()


async def _restart(home: Home, pihole: WatchedPihole) -> None:
    """Restart Home Assistant, perhaps in the middle of something."""
    is_rude = home.rng.random() < 1 / 3
    away = timedelta(minutes=home.rng.choice((1, 2, 10, 90)))
    begun: list[asyncio.Task[object]] = []
    if is_rude:
        begun.append(asyncio.create_task(home.expect(home.press(pihole), may_fail=True)))
        if (record := _some(home, pihole)) is not None:
            data = {"backup_id": record.id, "include": ["lists", "domains"]}
            restore = home.call("restore", config_entry_id=pihole.entry_id, **data)
            begun.append(asyncio.create_task(home.expect(restore, may_fail=True)))
        await asyncio.sleep(home.rng.random() / 5)
    await home.core.stop()
    await asyncio.gather(*begun)
    home.time.jump(away)
    await home.core.start()
    home.figures["restarts of Home Assistant"] += 1
    if is_rude:
        await home.look_around_after_a_break()


_DOINGS: Final[Mapping[Callable[[Home, WatchedPihole], Awaitable[None]], float]] = {
    _press: 10,
    _back_up: 3,
    _back_up_all: 2,
    _change: 20,
    _pin: 4,
    _delete: 3,
    _verify: 2,
    _verify_all: 0.5,
    _prune: 1,
    _compare: 3,
    _restore: 5,
    _undo: 1,
    _upload: 1.5,
    _put_by_hand: 0.5,
    _spoil: 0.5,
    _reload: 2,
    _add_again: 0.2,
    _home_assistant_backup: 1,
    _restart: 1.5,
}
_ALONE: Final = frozenset(
    {_put_by_hand, _spoil, _reload, _add_again, _home_assistant_backup, _restart}
)
"""What is not done at the same time as something else."""


async def _do_something(home: Home) -> None:
    number = 1 if home.rng.random() < 3 / 4 else home.rng.randrange(2, 5)
    chosen = home.rng.choices(list(_DOINGS), list(_DOINGS.values()), k=number)
    if number == 1 or _ALONE.intersection(chosen):
        await chosen[0](home, home.rng.choice(home.piholes))
    else:
        home.is_crowded = True
        pihole = home.rng.choice(home.piholes)
        await asyncio.gather(*(doing(home, pihole) for doing in chosen))
        home.is_crowded = False
    await home.settle()
    for pihole in home.piholes:
        if not pihole.trouble:
            await home.enter_password(pihole)


# All of it ----------------------------------------------------------------------------------------


async def _day(home: Home, day: int) -> Measure:
    """Live through a day, and come to rest at its end."""
    for hour in range(24):
        begin = _START + timedelta(days=day, hours=hour)
        number = home.rng.randint(1, _MOST_AN_HOUR)
        for minute in sorted(home.rng.sample(range(59), number)):
            moment = begin + timedelta(minutes=minute, seconds=home.rng.randrange(60))
            await home.time.pass_until(moment, home.settle)
            await home.trouble()
            await _do_something(home)
        await look(home)
    await home.recover()
    for pihole in home.piholes:
        pihole.sim.requests.clear()
        pihole.sim.auth.issued.clear()
    await look(home)
    return measure(home)


@asynccontextmanager
async def _home(rng: random.Random) -> AsyncIterator[Home]:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="month-")))
        (folder / "config").mkdir()
        time = stack.enter_context(time_from(_START))
        log = Log()
        logging.getLogger().addHandler(log)
        stack.callback(logging.getLogger().removeHandler, log)
        piholes = [await _pihole(stack, name) for name in _PIHOLES]
        home = Home(time=time, rng=rng, folder=folder, piholes=piholes, log=log)
        home.core = await stack.enter_async_context(core_on(folder / "config", home.hear))
        for pihole in piholes:
            await home.add(pihole)
        yield home


async def _pihole(stack: AsyncExitStack, name: str) -> WatchedPihole:
    (password, app_password), options = _PIHOLES[name]
    pihole = Pihole.example()
    pihole.hostname = name
    pihole.settings["webserver.api.app_sudo"] = True
    sim = WatchedSimulator(pihole=pihole, password=password, app_password=app_password)
    await stack.enter_async_context(sim)
    return WatchedPihole(name=name, sim=sim, options=options)


async def run(seed: int, count: int | None) -> Sequence[Finding]:
    days = _DAYS if count is None else count
    async with _home(random.Random(seed)) as home:  # noqa: S311 - to be had again
        measures = [await _day(home, day) for day in range(days)]
        await home.recover()
    warm = measures[min(_WARM, days) - 1 :]
    grown = growth(warm[:_FEW_DAYS], warm[-_FEW_DAYS:])
    again = f" (seed {seed}, {days} days)"
    first, *_, last = megabytes = [item.rss // 1_000_000 for item in (*measures, measures[-1])]
    return [
        Finding(
            what="days with everything and all kinds of trouble",
            tried=days,
            failures=tuple(wrong + again for wrong in home.wrong),
            detail=", ".join(f"{name} {number}" for name, number in sorted(home.figures.items())),
        ),
        Finding(
            what="nothing becomes more and more",
            tried=days,
            failures=tuple(wrong + again for wrong in grown),
            detail=f"memory {first} MB after the first day, {last} MB after the last, "
            f"{max(megabytes)} MB at most",
        ),
    ]
