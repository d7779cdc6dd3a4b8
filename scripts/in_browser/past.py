"""A past for a Pi-hole: backups of some weeks, made in a few seconds and then dated back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
import json
from pathlib import Path
from typing import TypedDict, cast

from custom_components.pihole_checkpoint.engine.models import BackupTrigger
from custom_components.pihole_checkpoint.engine.repository.naming import BackupName
from pihole_simulator import Pihole

from .house import House


class _LastChange(TypedDict):
    at: str


class _Record(TypedDict):
    filename: str
    created_at: str
    trigger: str
    last_change: _LastChange | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One backup, and what its user did before."""

    ago: timedelta
    trigger: BackupTrigger
    change: Callable[[Pihole], object] = lambda _: None
    note: str = ""
    pinned: bool = False


async def live_through(
    house: House, entry_id: str, pihole: Pihole, moments: Sequence[Moment]
) -> None:
    """Have it all happen, from the oldest to the newest."""
    for moment in moments:
        moment.change(pihole)
        [record] = await house.act("backup", config_entry_id=entry_id)
        if moment.note or moment.pinned:
            fields = {"note": moment.note, "pinned": moment.pinned}
            await house.act("update", config_entry_id=entry_id, backup_id=record["id"], **fields)
    await house.home.stop()
    _date_back(house.home.config, moments)
    await house.start()


def _date_back(config: Path, moments: Sequence[Moment]) -> None:
    now = datetime.now(UTC)
    changed_at = ""
    records = sorted(config.glob("pihole_checkpoint/*/*.json"))
    for path, moment in zip(records, moments, strict=True):
        name = BackupName.parse(path.with_suffix(".zip").name)
        if name is None:
            raise ValueError(f"{path.name} is no name of a backup")
        at = (now - moment.ago).replace(microsecond=0)
        name = replace(name, created_at=at, trigger=moment.trigger)
        record = cast("_Record", json.loads(path.read_text()))
        record |= {
            "filename": name.filename,
            "created_at": at.isoformat(),
            "trigger": moment.trigger,
        }
        if record["last_change"] is not None:
            if moment.change is not Moment.__dataclass_fields__["change"].default:
                changed_at = at.isoformat()
            record["last_change"]["at"] = changed_at
        path.with_suffix(".zip").rename(path.with_name(name.filename))
        path.with_name(name.filename).with_suffix(".json").write_text(json.dumps(record))
        path.unlink()
