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
from custom_components.pihole_checkpoint.const import DOMAIN
from custom_components.pihole_checkpoint.engine.models import BackupRecord, RestorePart
from homeassistant.components.file_upload import DOMAIN as FILE_UPLOAD
from homeassistant.components.file_upload import FileUploadData
from pihole_simulator import Pihole, build_archive
from tests.support.ha_backup import look_at

from .month_core import Log, core_on, time_from
from .month_home import House, WatchedPihole, WatchedSimulator
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


def _some(house: House, pihole: WatchedPihole) -> BackupRecord | None:
    records = pihole.good
    return house.rng.choice(records) if records else None


async def _press(house: House, pihole: WatchedPihole) -> None:
    await house.expect(pihole.home.press(), pihole)


async def _back_up(house: House, pihole: WatchedPihole) -> None:
    await house.expect(pihole.call("backup"), pihole)


async def _back_up_all(house: House, _: WatchedPihole) -> None:
    await house.expect(house.call("backup"), *house.piholes)


async def _change(house: House, pihole: WatchedPihole) -> None:
    its = pihole.sim.pihole
    if len(its.domains) > _MOST_DOMAINS or (its.domains and house.rng.random() < 1 / 3):
        its.domains.pop(house.rng.randrange(len(its.domains)))
    else:
        its.add_domain(f"d{next(_NUMBERS)}.example")


async def _pin(house: House, pihole: WatchedPihole) -> None:
    if (record := _some(house, pihole)) is None:
        return
    pinned = house.rng.random() < 1 / 4
    pihole.pinned.discard(record.id)
    update = pihole.call(
        "update",
        backup_id=record.id,
        pinned=pinned,
        note=house.rng.choice(("", "before the update", "ä" * 200)),
    )
    if await house.expect(update, may_fail=house.is_crowded) is not None:
        # Another one, begun before, may have ended meanwhile.
        (pihole.pinned.add if pinned else pihole.pinned.discard)(record.id)
    pihole.pruned = False


async def _delete(house: House, pihole: WatchedPihole) -> None:
    if (record := _some(house, pihole)) is not None:
        pihole.may_go.add(record.id)
        await house.expect(pihole.call("delete", backup_id=record.id))


async def _verify(house: House, pihole: WatchedPihole) -> None:
    if (record := _some(house, pihole)) is not None:
        await house.expect(pihole.call("verify", backup_id=record.id))


async def _verify_all(house: House, _: WatchedPihole) -> None:
    await house.expect(house.call("verify"))


async def _prune(house: House, pihole: WatchedPihole) -> None:
    dry_run = house.rng.random() < 1 / 2
    await house.expect(pihole.call("prune", dry_run=dry_run))


async def _compare(house: House, pihole: WatchedPihole) -> None:
    first, second = _some(house, pihole), _some(house, pihole)
    other = house.rng.choice([item for item in house.piholes if item is not pihole])
    match house.rng.randrange(3):
        case 0 if first is not None and second is not None:
            ids = {"backup_id": first.id, "other_backup_id": second.id}
            await house.expect(pihole.call("compare", **ids))
        case 1 if first is not None:
            await house.expect(pihole.call("compare", backup_id=first.id), pihole)
        case _:
            live = pihole.call("compare", other_config_entry_id=other.entry_id)
            await house.expect(live, pihole, other)


async def _restore(house: House, pihole: WatchedPihole) -> None:
    source = pihole if house.rng.random() < 3 / 4 else house.rng.choice(house.piholes)
    if (record := _some(house, source)) is None:
        return
    data: dict[str, object] = {"dry_run": house.rng.random() < 1 / 2}
    if source is not pihole:
        data["source_config_entry_id"] = source.entry_id
    elif house.rng.random() < 1 / 2:
        parts = [part.value for part in RestorePart]
        data["include"] = house.rng.sample(parts, house.rng.randrange(1, 4))
    house.figures["dry restores" if data["dry_run"] else "restores"] += 1
    await house.expect(pihole.call("restore", backup_id=record.id, **data), pihole)


async def _undo(house: House, pihole: WatchedPihole) -> None:
    undo = pihole.coordinator.manager.state.undo
    can = undo is not None and undo.backup_id in {item.id for item in pihole.good}
    house.figures["restores undone"] += can
    undone = pihole.call("undo_restore")
    await house.expect(undone, pihole, may_fail=not can)


async def _upload(house: House, pihole: WatchedPihole) -> None:
    """Put a file where Home Assistant's own upload would have put it, and have it adopted."""
    hass, number = house.hass, f"{next(_NUMBERS)}"
    uploads: FileUploadData = hass.data.setdefault(
        FILE_UPLOAD, FileUploadData(house.folder / "uploads", {})
    )
    uploads.files[number] = "upload.zip"
    is_good = house.rng.random() < 2 / 3
    archive = build_archive(pihole.sim.pihole, datetime.now(UTC))
    path = uploads.file_path(number)
    path.parent.mkdir(parents=True)
    path.write_bytes(archive if is_good else archive[: len(archive) // 2])
    upload = pihole.call("upload", file=number)
    await house.expect(upload, may_fail=not is_good)
    if path.exists():
        house.say("an uploaded file was left behind")


async def _put_by_hand(house: House, pihole: WatchedPihole) -> None:
    path = pihole.home.folder / f"by-hand-{next(_NUMBERS)}.zip"
    path.write_bytes(build_archive(pihole.sim.pihole, datetime.now(UTC)))
    await house.poll(pihole)
    adopted = {item.id for item in pihole.good if item.filename == path.name}
    if len(adopted) != 1:
        house.say(f"{pihole.name}: {path.name} was not adopted")
    pihole.stored |= adopted
    pihole.ever |= adopted
    pihole.pruned = False


async def _spoil(house: House, pihole: WatchedPihole) -> None:
    """Damage an archive, check that this is reported, and delete it."""
    if (record := _some(house, pihole)) is None:
        return
    pihole.may_go.add(record.id)
    path = pihole.home.folder / record.filename
    match house.rng.randrange(3):
        case 0:
            path.unlink()
        case 1:
            path.write_bytes(path.read_bytes()[:-1])
        case _:
            path.write_bytes(bytes(byte ^ 1 for byte in path.read_bytes()))
    await house.expect(pihole.call("verify"))
    if record.id not in pihole.damaged:
        house.say(f"{pihole.name}: the damage to {record.filename} was not reported")
    if not pihole.has_issue("damaged_archives"):
        house.say(f"{pihole.name}: no issue about the damage to {record.filename}")
    await house.expect(pihole.call("delete", backup_id=record.id))


async def _reload(house: House, pihole: WatchedPihole) -> None:
    await house.hass.config_entries.async_reload(pihole.entry_id)


async def _add_again(house: House, pihole: WatchedPihole) -> None:
    if pihole.trouble:
        return
    await house.hass.config_entries.async_remove(pihole.entry_id)
    await house.settle()
    house.figures["removed and added again"] += 1
    if pihole.has_issue():
        house.say(f"{pihole.name}: an issue outlived its entry")
    await house.add(pihole)


async def _home_assistant_backup(house: House, pihole: WatchedPihole) -> None:
    async def only_a_moment() -> None:
        """Wait for nothing: what begins now may wait for the end of the backup."""
        await asyncio.sleep(0.002)

    await async_pre_backup(house.hass)
    folders = Path(house.hass.config.path(DOMAIN))
    before = look_at(folders)
    await house.expect(pihole.home.press(), pihole, may_fail=True)
    waiting = asyncio.create_task(_upload(house, pihole))
    minutes = house.rng.randrange(1, 15)
    await house.time.pass_until(datetime.now(UTC) + timedelta(minutes=minutes), only_a_moment)
    if look_at(folders) != before:
        house.say("a file changed during Home Assistant's backup")
    await async_post_backup(house.hass)
    await waiting
    await house.settle()


async def _restart(house: House, pihole: WatchedPihole) -> None:
    """Restart Home Assistant, perhaps in the middle of something."""
    is_rude = house.rng.random() < 1 / 3
    away = timedelta(minutes=house.rng.choice((1, 2, 10, 90)))
    begun: list[asyncio.Task[object]] = []
    if is_rude:
        begun.append(asyncio.create_task(house.expect(pihole.home.press(), may_fail=True)))
        if (record := _some(house, pihole)) is not None:
            data = {"backup_id": record.id, "include": ["lists", "domains"]}
            restore = pihole.call("restore", **data)
            begun.append(asyncio.create_task(house.expect(restore, may_fail=True)))
        await asyncio.sleep(house.rng.random() / 5)
    await house.core.stop()
    await asyncio.gather(*begun)
    house.time.jump(away)
    await house.core.start()
    house.figures["restarts of Home Assistant"] += 1
    if is_rude:
        await house.look_around_after_a_break()


_DOINGS: Final[Mapping[Callable[[House, WatchedPihole], Awaitable[None]], float]] = {
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


async def _do_something(house: House) -> None:
    number = 1 if house.rng.random() < 3 / 4 else house.rng.randrange(2, 5)
    chosen = house.rng.choices(list(_DOINGS), list(_DOINGS.values()), k=number)
    if number == 1 or _ALONE.intersection(chosen):
        await chosen[0](house, house.rng.choice(house.piholes))
    else:
        house.is_crowded = True
        pihole = house.rng.choice(house.piholes)
        await asyncio.gather(*(doing(house, pihole) for doing in chosen))
        house.is_crowded = False
    await house.settle()
    for pihole in house.piholes:
        if not pihole.trouble:
            await house.enter_password(pihole)


# All of it ----------------------------------------------------------------------------------------


async def _day(house: House, day: int) -> Measure:
    """Live through a day, and come to rest at its end."""
    for hour in range(24):
        begin = _START + timedelta(days=day, hours=hour)
        number = house.rng.randint(1, _MOST_AN_HOUR)
        for minute in sorted(house.rng.sample(range(59), number)):
            moment = begin + timedelta(minutes=minute, seconds=house.rng.randrange(60))
            await house.time.pass_until(moment, house.settle)
            await house.trouble()
            await _do_something(house)
        await look(house)
    await house.recover()
    for pihole in house.piholes:
        pihole.sim.requests.clear()
        pihole.sim.auth.issued.clear()
    await look(house)
    return measure(house)


@asynccontextmanager
async def _house(rng: random.Random) -> AsyncIterator[House]:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="month-")))
        (folder / "config").mkdir()
        time = stack.enter_context(time_from(_START))
        log = Log()
        logging.getLogger().addHandler(log)
        stack.callback(logging.getLogger().removeHandler, log)
        piholes = [await _pihole(stack, name) for name in _PIHOLES]
        house = House(time=time, rng=rng, folder=folder, piholes=piholes, log=log)
        house.core = await stack.enter_async_context(core_on(folder / "config", house.hear))
        for pihole in piholes:
            pihole.core = house.core
            await house.add(pihole)
        yield house


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
    async with _house(random.Random(seed)) as house:  # noqa: S311 - to be had again
        measures = [await _day(house, day) for day in range(days)]
        await house.recover()
    warm = measures[min(_WARM, days) - 1 :]
    grown = growth(warm[:_FEW_DAYS], warm[-_FEW_DAYS:])
    again = f" (seed {seed}, {days} days)"
    first, *_, last = megabytes = [item.rss // 1_000_000 for item in (*measures, measures[-1])]
    return [
        Finding(
            "days with everything and all kinds of trouble",
            days,
            [wrong + again for wrong in house.wrong],
            ", ".join(f"{name} {number}" for name, number in sorted(house.figures.items())),
        ),
        Finding(
            "nothing becomes more and more",
            days,
            [wrong + again for wrong in grown],
            f"memory {first} MB after the first day, {last} MB after the last, "
            f"{max(megabytes)} MB at most",
        ),
    ]
