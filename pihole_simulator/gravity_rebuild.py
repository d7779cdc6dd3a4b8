"""The database that an update of the blocklists makes anew, and puts in the place of the old one.

What is changed in the old one meanwhile is lost with it. It stays as a backup, to which the next
update goes back when it cannot copy what is there then.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
import sqlite3
from typing import Final

from .database import empty_gravity, open_gravity, read_back
from .state import Pihole

_MOST_BACKUPS: Final = 10
_DEFAULT_GROUP: Final = (
    'INSERT INTO "group" (id, enabled, name, description)'
    " VALUES (0, 1, 'Default', 'The default group')"
)


class NoBackup(Exception):
    """Nothing was replaced yet."""


@dataclass(slots=True)
class Rebuild:
    """A new database, from the copy to the swap."""

    pihole: Pihole
    backups: list[bytes]
    """The databases that were replaced before, the newest first."""
    now: Callable[[], float]
    cascades: bool
    new: sqlite3.Connection = field(init=False)

    def __post_init__(self) -> None:
        """Make the empty one."""
        self.new = empty_gravity(cascades=self.cascades, now=self.now)
        self.new.execute(_DEFAULT_GROUP)
        for name in ("adlist", "domainlist", "client"):
            self.new.execute(f"DROP TRIGGER {name}_begins_in_group_zero")
        self.new.execute("PRAGMA foreign_keys = 1")

    def copy(self) -> str | None:
        """Copy what is there now. Return what went wrong, in the words of the SQLite shell."""
        with closing(open_gravity(self.pihole, now=self.now)) as old:
            complaint = self._copy(old.serialize())
        self.pihole.strays.clear()
        return complaint

    def go_back(self) -> None:
        """Have the last backup in the place of what could not be copied, and copy that, too.

        Raises `NoBackup`.
        """
        if not self.backups:
            raise NoBackup
        backup = self.backups[0]
        with closing(sqlite3.connect(":memory:")) as old:
            old.deserialize(backup)
            read_back(self.pihole, old)
        self._copy(backup)

    def note(self, adlist: int, **fields: int) -> None:
        """Note what came of a list."""
        changes = ", ".join(f"{name} = :{name}" for name in fields)
        self.new.execute(f"UPDATE adlist SET {changes} WHERE id = :id", {**fields, "id": adlist})  # noqa: S608

    def swap(self) -> None:
        """Put the new one in place. Ids are counted on from the highest that there is."""
        with closing(open_gravity(self.pihole, now=self.now)) as old:
            self.backups.insert(0, old.serialize())
        del self.backups[_MOST_BACKUPS:]
        self.pihole.counters.clear()
        read_back(self.pihole, self.new)

    def _copy(self, old: bytes) -> str | None:
        """Go through all statements, whichever of them fail."""
        self.new.execute("ATTACH ':memory:' AS old")
        self.new.deserialize(old, name="old")
        complaint = None
        self.new.execute("BEGIN")
        for line, statement in _statements():
            try:
                self.new.execute(statement)
            except sqlite3.Error as error:
                code = error.sqlite_errorcode & 0xFF
                complaint = complaint or f"Runtime error near line {line}: {error} ({code})"
        self.new.execute("COMMIT")
        self.new.execute("DETACH old")
        return complaint


def _statements() -> Iterator[tuple[int, str]]:
    """Yield what is copied, with the line of the script in which it stands."""
    yield 11, 'INSERT OR REPLACE INTO "group" SELECT * FROM old."group"'
    for line, name in ((13, "domainlist"), (17, "adlist"), (21, "client")):
        pairs = f"{name}_by_group"
        yield line, f"INSERT OR REPLACE INTO {name} SELECT * FROM old.{name}"  # noqa: S608
        there = f"{name}_id IN (SELECT id FROM old.{name})"  # noqa: S608
        yield line + 1, f"DELETE FROM old.{pairs} WHERE NOT {there}"  # noqa: S608
        yield line + 2, f"INSERT OR REPLACE INTO {pairs} SELECT * FROM old.{pairs}"  # noqa: S608
