"""What must be true of a folder, a Pi-hole and a result after any trial.

Files are read here without the product, so that it cannot hide what it did to them.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
import hashlib
import json
from pathlib import Path
import stat
from typing import Any, Final, Self

from custom_components.pihole_checkpoint.engine.errors import (
    RestoreFailed,
    RestoreGravityFailed,
    RestoreNotBegun,
    RestoreRefused,
)
from custom_components.pihole_checkpoint.engine.models import BackupRecord
from custom_components.pihole_checkpoint.engine.pihole.errors import CheckpointError
from custom_components.pihole_checkpoint.engine.restore.failures import (
    RestoreDiffers,
    RestorePartial,
)
from tests.support.words import words_of

from .deeds import Backups

_STAGING: Final = ".staging"
_ID: Final = ".store"
_ENGLISH: Final = (
    Path(__file__).parents[2] / "custom_components/pihole_checkpoint/translations/en.json"
)
SENTENCES: Final[Mapping[str, Mapping[str, str]]] = json.loads(_ENGLISH.read_text())["exceptions"]


@dataclass(slots=True)
class Finding:
    """One line of the table: what was tried, how often, and what went wrong."""

    what: str
    tried: int = 0
    failures: list[str] = field(default_factory=list)
    """One sentence each, with what shows it again."""
    detail: str = ""
    """Figures worth knowing."""

    def note(self, case: str, wrong: Iterable[str], again: str = "") -> None:
        """Count a case, and keep what is wrong with what came of it."""
        self.tried += 1
        self.failures += [f"{case}: {item}{again}" for item in wrong]


# A folder -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """What lies in the folder of a repository."""

    archives: dict[str, str]
    """File names, and hashes."""
    records: dict[str, bytes]
    """What is written about each archive that has a record, by the archive's file name."""
    others: frozenset[str]
    """What belongs to no archive."""
    staged: frozenset[str]

    @classmethod
    def read(cls, path: Path) -> Self:
        files = {item.name: item for item in _regular_files(path) if item.name != _ID}
        archives = {name: _hash(item) for name, item in files.items() if name.endswith(".zip")}
        beside = {name: f"{name.removesuffix('.zip')}.json" for name in archives}
        staging = path / _STAGING
        return cls(
            archives=archives,
            records={
                name: files[record].read_bytes()
                for name, record in beside.items()
                if record in files
            },
            others=frozenset(files) - archives.keys() - set(beside.values()),
            staged=frozenset(item.name for item in _regular_files(staging))
            if staging.exists()
            else frozenset(),
        )

    def noted(self, name: str) -> tuple[bool, str]:
        """Return whether an archive is pinned, and the note on it."""
        record: dict[str, Any] = json.loads(self.records.get(name, b"{}"))
        return bool(record.get("pinned", False)), str(record.get("note", ""))

    def complaints(self) -> list[str]:
        """Return what is not a whole backup, when nothing is under way."""
        wrong = [f"{name} lies there and is nothing" for name in sorted(self.others)]
        wrong += [f"{name} stayed unfinished" for name in sorted(self.staged)]
        for name, digest in self.archives.items():
            if name not in self.records:
                wrong.append(f"{name} has no record")
            elif json.loads(self.records[name])["sha256"] != digest:
                wrong.append(f"{name} is not what its record says")
        return wrong


def _regular_files(folder: Path) -> Iterable[Path]:
    return (item for item in folder.iterdir() if stat.S_ISREG(item.lstat().st_mode))


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@dataclass(slots=True, kw_only=True)
class Promises:
    """What must be in a folder, by what was there and what was reported since."""

    stored: dict[str, str] = field(default_factory=dict)
    """File names of archives, and hashes."""
    noted: dict[str, tuple[bool, str]] = field(default_factory=dict)
    """Whether each of them is pinned, and the note on it."""
    may_go: set[str] = field(default_factory=set)
    """What somebody asked to delete, or retention may delete: never one that is pinned."""
    deleted: set[str] = field(default_factory=set)
    repository_id: str | None = None
    moving: bool = False
    moved: bool = False
    complaints: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, folder: Folder) -> Self:
        noted = {name: folder.noted(name) for name in folder.archives}
        return cls(stored=dict(folder.archives), noted=noted)

    def hear(self, what: str, **values: str) -> None:
        name = values.get("filename", "")
        match what:
            case "opened":
                self.repository_id = values["repository_id"]
            case "stored":
                self.stored[name] = values["sha256"]
            case "deleted":
                self.deleted.add(name)
            case "noted":
                self.noted[name] = (True, values["note"])
            case "damaged":
                self.complaints.append(f"{values['backup_id']} is said to be damaged")
            case "moving":
                self.moving = True
            case "moved":
                self.moved = True

    def broken_by(self, folder: Folder, *, notes: bool = True) -> list[str]:
        """Return the broken promises; lost notes count only with `notes`."""
        wrong = list(self.complaints)
        for name, digest in self.stored.items():
            if name not in folder.archives:
                if name not in self.may_go | self.deleted:
                    wrong.append(f"{name} is lost")
            elif folder.archives[name] != digest:
                wrong.append(f"{name} is not what it was")
        wrong += [f"{name} is back" for name in sorted(self.deleted & folder.archives.keys())]
        for name, (pinned, note) in self.noted.items():
            if notes and name in folder.archives and folder.noted(name) != (pinned, note):
                is_pinned, _ = folder.noted(name)
                gone = "no longer pinned" if pinned and not is_pinned else "not noted as it was"
                wrong.append(f"{name} is {gone}")
        return wrong


# The next start -----------------------------------------------------------------------------------


def listing(records: Iterable[BackupRecord]) -> dict[str, tuple[str, bool, str]]:
    return {item.filename: (item.sha256, item.pinned, item.note) for item in records}


async def after_start(
    backups: Backups, folder: Path, promises: Promises, *, notes: bool = True
) -> list[str]:
    """Return what is wrong after the next start: broken promises, and what is half done."""
    await backups.open(promises.repository_id)
    await backups.look()
    found = Folder.read(folder)
    wrong = promises.broken_by(found, notes=notes) + found.complaints()
    shown = {name: digest for name, (digest, *_) in listing(backups.records).items()}
    if shown != found.archives:
        wrong.append(f"shown is {sorted(shown)}, and there is {sorted(found.archives)}")
    for record in backups.records:
        if promises.stored.get(record.filename) != record.sha256 and not await backups.is_good(
            record.id
        ):
            wrong.append(f"{record.filename} is not good, but shown")
    return wrong


async def after_next_backup(backups: Backups, folder: Path) -> list[str]:
    """Return what is wrong with the next backup."""
    try:
        record = await backups.back_up()
    except CheckpointError as error:
        return [f"the next backup failed: {error!r}"]
    if record not in backups.records or Folder.read(folder).archives.get(record.filename) != (
        record.sha256
    ):
        return ["the next backup is not there"]
    return []


# A result -----------------------------------------------------------------------------------------


def sentence(error: CheckpointError) -> list[str]:
    """Return what is wrong with the sentence that users get for an error."""
    shown = words_of("en").error(error)
    return [] if " " in shown and "{" not in shown else [f"{error.key} has no sentence: {shown!r}"]


def fits(key: str, fitting: Collection[str]) -> list[str]:
    """Return a complaint when the sentence of an error does not fit what happened."""
    return [] if key in fitting else [f"{key} is said of what is one of {sorted(fitting)}"]


def outcome_of(error: CheckpointError) -> str:
    """Return an error's key, with the reason why a restore did not begin or was not verified."""
    reason = error.placeholders.get("reason", "")
    return f"{error.key} ({reason})" if reason else error.key


def is_true(error: CheckpointError, now: object, *, before: object, wanted: object) -> bool:
    """Return whether what an error says of a restored Pi-hole is so."""
    match error:
        case RestoreNotBegun() | RestoreRefused():
            return now == before
        case RestorePartial():
            return now != before
        case RestoreDiffers():
            return now != wanted
        case RestoreGravityFailed():
            return now == wanted
        case _:  # of others it is not known what the Pi-hole holds
            return isinstance(error, RestoreFailed)
