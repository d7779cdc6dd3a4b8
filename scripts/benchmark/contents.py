"""Reading, fingerprinting and comparing, against unzipping and reading the tables alone."""

from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
import sqlite3
from tempfile import TemporaryDirectory
import zipfile

from custom_components.pihole_checkpoint.engine.teleporter import archive
from custom_components.pihole_checkpoint.engine.teleporter.contents import Contents, fingerprint
from custom_components.pihole_checkpoint.engine.teleporter.diff import compare
from pihole_simulator import Pihole, build_archive

from .measuring import Figure, side_by_side

_DOMAINS = 10_000
_LISTS = 1_000
_RUNS = 9
_GOAL = 5.0
_TABLES = ("group", "adlist", "adlist_by_group", "domainlist", "domainlist_by_group")
_TABLES_OF_CLIENTS = ("client", "client_by_group")


def measure() -> Sequence[Figure]:
    """Take two large archives that differ in a few things."""
    with TemporaryDirectory() as folder:
        old, new = Path(folder, "old.zip"), Path(folder, "new.zip")
        scratch = Path(folder, "scratch")
        pihole = _large_pihole()
        old.write_bytes(build_archive(pihole, datetime.now(UTC)))
        del pihole.domains[::100]
        new.write_bytes(build_archive(pihole, datetime.now(UTC)))

        def measured() -> None:
            before, after = (_read(path, scratch) for path in (old, new))
            if fingerprint(before) == fingerprint(after) or not compare(before, after):
                raise ValueError("the archives are the same")

        def bare() -> None:
            for path in (old, new):
                _unzip_and_select(path, scratch)

        taken, least = side_by_side(measured, bare, runs=_RUNS)
    return [
        Figure(
            name="contents",
            value=taken / least,
            unit="x",
            goal=_GOAL,
            detail=f"two archives with {_DOMAINS} domains and {_LISTS} lists read, fingerprinted "
            f"and compared in {taken * 1000:.0f} ms; unzipped and their tables read in "
            f"{least * 1000:.0f} ms",
        )
    ]


def _large_pihole() -> Pihole:
    pihole = Pihole.example()
    for number in range(_LISTS - len(pihole.adlists)):
        pihole.add_adlist(f"https://lists.example.org/{number}.txt", comment=f"list {number}")
    for number in range(_DOMAINS - len(pihole.domains)):
        pihole.add_domain(f"host-{number}.example.net", comment=f"domain {number}")
    return pihole


def _read(path: Path, scratch: Path) -> Contents:
    contents = archive.read(path, scratch)
    if contents is None:
        raise ValueError("there is too much in the archive")
    return contents


def _unzip_and_select(path: Path, scratch: Path) -> None:
    with zipfile.ZipFile(path) as opened:
        for name in opened.namelist():
            member = opened.read(name)
            if name.endswith("gravity.db"):
                scratch.write_bytes(member)
    with closing(sqlite3.connect(scratch)) as database:
        for table in (*_TABLES, *_TABLES_OF_CLIENTS):
            database.execute(f'SELECT * FROM "{table}"').fetchall()  # noqa: S608 - our names
    scratch.unlink()
