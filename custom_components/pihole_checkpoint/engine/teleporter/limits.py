"""How much of an archive is read, and held in memory."""

from dataclasses import dataclass
from typing import Final

_KIB: Final = 1024
_MIB: Final = 1024 * _KIB


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Limits on an archive, in bytes if nothing else is said.

    Real archives have 20 to 500 KB. A Pi-hole takes back 50 MB at most, and makes an archive in
    memory ("Export" and "Import" in `docs/pihole-api.md`).
    """

    archive: int = 256 * _MIB
    """Of the archive."""
    unpacked: int = 512 * _MIB
    """Of all its members together."""
    directory: int = _MIB
    """Of the zip's directory: ten thousand members. A real archive has about six."""
    config: int = 2 * _MIB
    """Of `pihole.toml`. A real one has 70 KB, and parsing takes a hundred times its size."""
    leases: int = 4 * _MIB
    """Of `dhcp.leases`: thirty thousand leases."""
    database: int = 256 * _MIB
    """Of the gravity database."""
    memory: int = 64 * _MIB
    """Of the contents in memory. A hundred thousand domains take half of it."""

    toml_dots: int = 2000
    """Dots in the keys of a `pihole.toml`: each costs time for each line below it. A real one has
    about a hundred."""
    toml_dots_in_line: int = 16
    toml_word: int = 1000
    """Characters of a word: each digit of a number costs the parser a hundred bytes before it finds
    that the number is too long."""
    setting_name: int = 1000
    """Characters of a setting's name with its sections."""
    section_depth: int = 16
    """Sections in sections. A real `pihole.toml` has three."""

    sqlite_seconds: float = 60.0
    """For all that is done with the gravity database."""
    sqlite_value: int = _MIB
    """Of a value or a row."""
    sqlite_statement: int = 16 * _KIB
    """Of an SQL statement, also in the schema."""
    sqlite_schema: int = 64 * _KIB
    """Of the schema. A real one has seven tables and about 1 KB."""
    sqlite_objects: int = 100
    """Tables, indices, views and triggers."""
    sqlite_schema_pages: int = 40
    """Pages of the file that the schema is on."""
    sqlite_cached_pages: int = 500
    """Pages that are held in memory. The database itself could ask for more."""
    gravity_text: int = 16 * _KIB
    """Of a name or a comment."""


DEFAULT = Limits()
"""Used where no other limits are given."""


def or_default(limits: Limits | None) -> Limits:
    """Return the given limits, or `DEFAULT` as it is at this moment."""
    return DEFAULT if limits is None else limits


class BudgetExceeded(Exception):
    """There is more in an archive than may be held in memory."""


class MemoryBudget:
    """The bytes that may still be held in memory of one archive."""

    _OBJECT: Final = 200
    """Bytes that Python takes for an object, about, without its texts."""

    def __init__(self, size: int) -> None:
        self._left = size

    def take(self, size: int, objects: int = 1) -> None:
        """Take the bytes for objects with texts of `size` bytes together.

        Raises `BudgetExceeded`.
        """
        self._left -= size + objects * self._OBJECT
        if self._left < 0:
            raise BudgetExceeded
