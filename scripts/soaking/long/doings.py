"""What those who live in a home with Pi-holes do, again and again."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import count

from custom_components.pihole_checkpoint.backup import async_post_backup, async_pre_backup
from custom_components.pihole_checkpoint.engine.models import BackupRecord, RestorePart
from homeassistant.components.file_upload import DOMAIN as FILE_UPLOAD
from homeassistant.components.file_upload import FileUploadData
from pihole_simulator import build_archive

from .home import Home
from .pihole import Inmate

type Doing = Callable[[Home, Inmate], Awaitable[None]]

_NUMBERS = count(1)
_MOST_DOMAINS = 30


def _some(home: Home, pihole: Inmate) -> BackupRecord | None:
    records = home.records(pihole)
    return home.rng.choice(records) if records else None


async def _press(home: Home, pihole: Inmate) -> None:
    await home.expect(home.press(pihole), pihole)


async def _back_up(home: Home, pihole: Inmate) -> None:
    await home.expect(home.call("backup", config_entry_id=pihole.entry_id), pihole)


async def _back_up_all(home: Home, _: Inmate) -> None:
    await home.expect(home.call("backup"), *home.piholes)


async def _change(home: Home, pihole: Inmate) -> None:
    """Change something on the Pi-hole itself."""
    its = pihole.sim.pihole
    if len(its.domains) > _MOST_DOMAINS or (its.domains and home.rng.random() < 1 / 3):
        its.domains.pop(home.rng.randrange(len(its.domains)))
    else:
        its.add_domain(f"d{next(_NUMBERS)}.example")


async def _mark(home: Home, pihole: Inmate) -> None:
    if (record := _some(home, pihole)) is None:
        return
    pinned = home.rng.random() < 1 / 4
    update = home.call(
        "update",
        config_entry_id=pihole.entry_id,
        backup_id=record.id,
        pinned=pinned,
        note=home.rng.choice(("", "before the update", "ä" * 200)),
    )
    await home.expect(update, may_fail=home.is_crowded)
    pihole.told.pruned = False


async def _delete(home: Home, pihole: Inmate) -> None:
    if (record := _some(home, pihole)) is not None:
        await home.expect(home.call("delete", config_entry_id=pihole.entry_id, backup_id=record.id))


async def _verify(home: Home, pihole: Inmate) -> None:
    if (record := _some(home, pihole)) is not None:
        await home.expect(home.call("verify", config_entry_id=pihole.entry_id, backup_id=record.id))


async def _verify_all(home: Home, _: Inmate) -> None:
    await home.expect(home.call("verify"))


async def _prune(home: Home, pihole: Inmate) -> None:
    dry_run = home.rng.random() < 1 / 2
    await home.expect(home.call("prune", config_entry_id=pihole.entry_id, dry_run=dry_run))


async def _compare(home: Home, pihole: Inmate) -> None:
    first, second = _some(home, pihole), _some(home, pihole)
    other = home.rng.choice([it for it in home.piholes if it is not pihole])
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


async def _restore(home: Home, pihole: Inmate) -> None:
    source = pihole if home.rng.random() < 3 / 4 else home.rng.choice(home.piholes)
    if (record := _some(home, source)) is None:
        return
    data: dict[str, object] = {"dry_run": home.rng.random() < 1 / 2}
    if source is not pihole:
        data["source_config_entry_id"] = source.entry_id
    elif home.rng.random() < 1 / 2:
        data["include"] = home.rng.sample(
            [part.value for part in RestorePart], home.rng.randrange(1, 4)
        )
    what = "dry restores" if data["dry_run"] else "restores"
    home.figures[what] += 1
    await home.expect(
        home.call("restore", config_entry_id=pihole.entry_id, backup_id=record.id, **data), pihole
    )


async def _undo(home: Home, pihole: Inmate) -> None:
    undo = pihole.coordinator(home.hass).manager.state.undo
    can = undo is not None and undo.backup_id in {it.id for it in home.records(pihole)}
    home.figures["restores taken back"] += can
    undone = home.call("undo_restore", config_entry_id=pihole.entry_id)
    await home.expect(undone, pihole, may_fail=not can)


async def _upload(home: Home, pihole: Inmate) -> None:
    """Put a file where Home Assistant's own upload would have put it, and have it taken in."""
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


async def _put_by_hand(home: Home, pihole: Inmate) -> None:
    path = pihole.folder(home.hass) / f"by-hand-{next(_NUMBERS)}.zip"
    path.write_bytes(build_archive(pihole.sim.pihole, datetime.now(UTC)))
    await home.poll(pihole)
    adopted = {it.id for it in home.records(pihole) if it.filename == path.name}
    if len(adopted) != 1:
        home.say(f"{pihole.name}: {path.name} was not adopted")
    pihole.told.stored |= adopted
    pihole.told.ever |= adopted
    pihole.told.pruned = False


async def _spoil(home: Home, pihole: Inmate) -> None:
    """Damage an archive, have that told, and delete it."""
    if (record := _some(home, pihole)) is None:
        return
    path = pihole.folder(home.hass) / record.filename
    match home.rng.randrange(3):
        case 0:
            path.unlink()
        case 1:
            path.write_bytes(path.read_bytes()[:-1])
        case _:
            path.write_bytes(bytes(byte ^ 1 for byte in path.read_bytes()))
    await home.expect(home.call("verify", config_entry_id=pihole.entry_id))
    if record.id not in pihole.told.damaged:
        home.say(f"{pihole.name}: the damage to {record.filename} was not told")
    if not home.has_issue(pihole, "damaged_archives"):
        home.say(f"{pihole.name}: no issue about the damage to {record.filename}")
    await home.expect(home.call("delete", config_entry_id=pihole.entry_id, backup_id=record.id))


async def _reload(home: Home, pihole: Inmate) -> None:
    await home.hass.config_entries.async_reload(pihole.entry_id)


async def _add_again(home: Home, pihole: Inmate) -> None:
    if not pihole.is_well:
        return
    await home.hass.config_entries.async_remove(pihole.entry_id)
    await home.settle()
    home.figures["removed and added again"] += 1
    if home.has_issue(pihole):
        home.say(f"{pihole.name}: an issue outlived its entry")
    await home.add(pihole)


async def _home_assistant_backup(home: Home, pihole: Inmate) -> None:
    await async_pre_backup(home.hass)
    before = home.look_at_stores()
    await home.expect(home.press(pihole), pihole, may_fail=True)
    minutes = home.rng.randrange(1, 15)
    await home.time.pass_until(datetime.now(UTC) + timedelta(minutes=minutes), _only_a_moment)
    if home.look_at_stores() != before:
        home.say("a file changed during Home Assistant's backup")
    await async_post_backup(home.hass)
    await home.settle()


async def _only_a_moment() -> None:
    """Wait for nothing: what is begun now may wait for the end of the backup."""
    await asyncio.sleep(0.002)


async def _restart(home: Home, pihole: Inmate) -> None:
    """Restart Home Assistant, perhaps in the middle of something."""
    is_rude = home.rng.random() < 1 / 3
    away = timedelta(minutes=home.rng.choice((1, 2, 10, 90)))
    if is_rude:
        begun = [
            asyncio.create_task(home.expect(work, may_fail=True))
            for work in (home.press(pihole), home.restore_something(pihole))
        ]
        await asyncio.sleep(home.rng.random() / 5)
    await home.core.stop()
    if is_rude:
        await asyncio.gather(*begun)
    home.time.jump(away)
    await home.core.start()
    home.figures["restarts of Home Assistant"] += 1
    if is_rude:
        await home.look_around_after_a_break()


DOINGS: Mapping[Doing, float] = {
    _press: 10,
    _back_up: 3,
    _back_up_all: 2,
    _change: 20,
    _mark: 4,
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
ALONE = frozenset({_put_by_hand, _spoil, _reload, _add_again, _home_assistant_backup, _restart})
"""What is not done while something else is."""


async def do_something(home: Home) -> None:
    """Do one thing, or several at once."""
    number = 1 if home.rng.random() < 3 / 4 else home.rng.randrange(2, 5)
    chosen = home.rng.choices(list(DOINGS), list(DOINGS.values()), k=number)
    if number == 1 or ALONE.intersection(chosen):
        await chosen[0](home, home.rng.choice(home.piholes))
    else:
        home.is_crowded = True
        pihole = home.rng.choice(home.piholes)
        await asyncio.gather(*(doing(home, pihole) for doing in chosen))
        home.is_crowded = False
    await home.settle()
    for pihole in home.piholes:
        if pihole.is_well:
            await home.enter_password(pihole)
