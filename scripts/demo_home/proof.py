"""Press the button, and check that a backup has come of it."""

from dataclasses import dataclass
import hashlib
import json
from pathlib import Path
import sqlite3
import time
from typing import TypedDict, cast
import zipfile

from .api import Api
from .arranging import DOMAIN
from .dashboard import Entities
from .telling import DemoError, say

_GRAVITY = "etc/pihole/gravity.db"
UNKNOWN = ("unknown", "unavailable")
_TABLES = {"groups": "group", "lists": "adlist", "domains": "domainlist", "clients": "client"}


class _State(TypedDict):
    state: str
    attributes: dict[str, str]


class _Record(TypedDict):
    """What is looked at of the record beside an archive."""

    filename: str
    file_size: int
    sha256: str
    trigger: str


@dataclass(frozen=True, slots=True)
class States:
    """What the sensors say."""

    last_backup: str
    backup_id: str | None
    """Of the last backup: two may be made in the same second."""
    backup_count: str


async def read_states(api: Api, entities: Entities) -> States:
    """Ask Home Assistant for them."""

    async def state(entity_id: str) -> _State:
        return cast("_State", await api.get(f"states/{entity_id}"))

    last, count = await state(entities.last_backup), await state(entities.backup_count)
    return States(last["state"], last["attributes"].get("backup_id"), count["state"])


async def press(api: Api, entities: Entities, config: Path) -> None:
    """Back up once. Raises `DemoError` when anything about it is not as it should be."""
    before = await read_states(api, entities)
    _say_states("Before", before)
    began = time.monotonic()
    await api.post("services/button/press", {"entity_id": entities.backup_now})
    say(f"Pressed {entities.backup_now}: it took {time.monotonic() - began:.2f} s")
    after = await read_states(api, entities)
    _say_states("After", after)
    if (before.backup_count, after.backup_count) != ("1", "2"):
        raise DemoError("The number of backups did not go from 1 to 2.")
    if after.last_backup in UNKNOWN or after.backup_id == before.backup_id:
        raise DemoError("The last backup did not change.")
    examine(config / DOMAIN)


def examine(repositories: Path) -> None:
    """Look at the newest of two archives, with none of the integration's own code."""
    archives = sorted(repositories.glob("*/*.zip"))
    if len(archives) != 2:  # noqa: PLR2004 - one after adding, and one after the press
        raise DemoError(
            f"There should be two archives below {repositories}, and there are {len(archives)}."
        )
    archive = archives[-1]
    say(f"Archive: {archive}")
    _compare_with_record(archive)
    try:
        with zipfile.ZipFile(archive) as opened:
            if (damaged := opened.testzip()) is not None:
                raise DemoError(f"{damaged} in the archive is damaged.")
            for member in opened.infolist():
                say(f"  {member.file_size:>9,} bytes  {member.filename}")
            database = opened.read(_GRAVITY)
    except (zipfile.BadZipFile, KeyError) as error:
        raise DemoError(f"The archive is not one of a Pi-hole: {error}") from error
    counts = _count_rows(database)
    say("Found in it: " + ", ".join(f"{number} {what}" for what, number in counts.items()))


def _compare_with_record(archive: Path) -> None:
    content = archive.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    record = cast("_Record", json.loads(archive.with_suffix(".json").read_text()))
    stored = (archive.name, len(content), digest, "button")
    if stored != (record["filename"], record["file_size"], record["sha256"], record["trigger"]):
        raise DemoError("The record beside the archive does not match it.")
    say(f"  {len(content):,} bytes, sha256 {digest}, as its record says")


def _count_rows(database: bytes) -> dict[str, int]:
    connection = sqlite3.connect(":memory:")
    try:
        connection.deserialize(database)
        return {
            what: connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # noqa: S608 - ours
            for what, table in _TABLES.items()
        }
    except sqlite3.Error as error:
        raise DemoError(f"The archive's gravity.db cannot be read: {error}") from error
    finally:
        connection.close()


def _say_states(when: str, states: States) -> None:
    say(f"{when}: last backup {states.last_backup}, backups {states.backup_count}")
