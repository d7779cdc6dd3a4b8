"""What must be in a store, and what is there."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
import hashlib
from pathlib import Path

from custom_components.pihole_checkpoint.engine.models import BackupRecord, Policy
from custom_components.pihole_checkpoint.engine.policy.retention import plan
from custom_components.pihole_checkpoint.engine.repository.folder import MARK, STAGING
from custom_components.pihole_checkpoint.engine.repository.naming import record_filename
from custom_components.pihole_checkpoint.engine.repository.record import from_json


@dataclass(kw_only=True)
class Ledger:
    """Knows what was promised, and nothing but files. File names stand for backups."""

    policy: Policy
    seen: dict[str, BackupRecord] = field(default_factory=dict)
    """What was there the last time."""
    promised: dict[str, str] = field(default_factory=dict)
    """What was said to be stored since, and the hashes of it."""
    may_be_gone: set[str] = field(default_factory=set)
    """What somebody asked to delete."""
    gone: set[str] = field(default_factory=set)
    """What was said to be deleted."""
    pinned: set[str] = field(default_factory=set)

    def compare(self, store: Path) -> list[str]:
        """Tell what is wrong with a folder, and begin anew from what is there."""
        files = {path.name: path for path in store.iterdir() if path.name != STAGING}
        hashes = {
            name: hashlib.sha256(path.read_bytes()).hexdigest()
            for name, path in files.items()
            if name.endswith(".zip")
        }
        records = {
            name: from_json(files[record_filename(name)].read_bytes(), name)
            for name in hashes
            if record_filename(name) in files
        }
        known = {MARK, *records, *map(record_filename, records)}
        problems = [f"{name} lies there and is nothing" for name in sorted(files.keys() - known)]
        problems += [f"{path.name} stayed unfinished" for path in (store / STAGING).iterdir()]
        problems += [
            f"{name} is not what its record says"
            for name, record in records.items()
            if record.sha256 != hashes[name]
        ]
        problems += self._losses(hashes, records)
        self._begin_anew(records)
        return problems

    def _losses(self, hashes: dict[str, str], records: dict[str, BackupRecord]) -> list[str]:
        both = {**self.seen, **records}.values()
        removed = plan(both, self.policy, now=datetime.now(UTC), zone=UTC).removed
        may_be_gone = self.may_be_gone | {record.filename for record in removed}
        must = {
            name: record.sha256 for name, record in self.seen.items() if name not in may_be_gone
        } | self.promised
        problems = [f"{name} is lost" for name in sorted(must.keys() - hashes.keys())]
        problems += [
            f"{name} is not what it was"
            for name, digest in must.items()
            if hashes.get(name, digest) != digest
        ]
        problems += [f"{name} is back" for name in sorted(self.gone & hashes.keys())]
        problems += [
            f"{name} is no longer pinned"
            for name in sorted(self.pinned & records.keys())
            if not records[name].pinned
        ]
        return problems

    def _begin_anew(self, records: dict[str, BackupRecord]) -> None:
        self.seen = records
        self.promised.clear()
        self.may_be_gone.clear()
        self.gone.clear()
        self.pinned = {name for name, record in records.items() if record.pinned}
