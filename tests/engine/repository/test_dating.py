"""When archives from outside were made, from what people have of them."""

from datetime import UTC, datetime, timedelta
import os
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pytest

from custom_components.pihole_checkpoint.engine.models import BackupTrigger
from custom_components.pihole_checkpoint.engine.repository.dating import made_at
from custom_components.pihole_checkpoint.engine.repository.naming import BackupName
from tests.support.example import EXAMPLE
from tests.support.repacked import members_of, packed

NEW_YORK = ZoneInfo("America/New_York")
BERLIN = ZoneInfo("Europe/Berlin")
OURS = "pihole_2026-01-20_03-24-15-123Z_schedule_0a1b2c3d4e5f"
STORED = datetime(2026, 1, 18, 12, 30, 40, tzinfo=UTC)
"""The date of the file."""

type Date = tuple[int, int, int, int, int, int]


def dated(
    folder: Path, name: str, zone: ZoneInfo, files: Date = (2026, 1, 17, 8, 0, 0)
) -> datetime:
    path = folder / name
    path.write_bytes(packed(members_of(EXAMPLE), date=files))
    os.utime(path, (STORED.timestamp(), STORED.timestamp()))
    return made_at(path, zone)


@pytest.mark.parametrize(
    ("time", "zone", "expected"),
    [
        ("2026-01-20_03-24-15_UTC", BERLIN, "2026-01-20T03:24:15+00:00"),
        ("2026-01-20_03-24-15_CET", BERLIN, "2026-01-20T02:24:15+00:00"),
        ("2026-01-20_03-24-15_CET", NEW_YORK, "2026-01-20T02:24:15+00:00"),
        ("2026-07-20_03-24-15_CEST (1)", NEW_YORK, "2026-07-20T01:24:15+00:00"),
        ("2026-01-20_03-24-15_EST", BERLIN, "2026-01-20T08:24:15+00:00"),
        ("2026-07-20_03-24-15_BST-1", BERLIN, "2026-07-20T02:24:15+00:00"),
        ("2026-01-20_03-24-15_+0545", BERLIN, "2026-01-19T21:39:15+00:00"),
        ("2026-01-20_03-24-15_-03", BERLIN, "2026-01-20T06:24:15+00:00"),
        ("2026-01-20_03-24-15_-0330", BERLIN, "2026-01-20T06:54:15+00:00"),
        ("2025-11-02_01-30-00_EDT", NEW_YORK, "2025-11-02T05:30:00+00:00"),
        ("2025-11-02_01-30-00_EST", NEW_YORK, "2025-11-02T06:30:00+00:00"),
        # China, North America and Cuba have a CST; ours is meant where we have one.
        ("2026-01-20_03-24-15_CST", ZoneInfo("Asia/Shanghai"), "2026-01-19T19:24:15+00:00"),
        ("2026-01-20_03-24-15_CST", ZoneInfo("America/Chicago"), "2026-01-20T09:24:15+00:00"),
        ("2025-11-02_01-30-00_CST", ZoneInfo("America/Chicago"), "2025-11-02T07:30:00+00:00"),
        ("2026-01-20_03-24-15_CST", BERLIN, "2026-01-20T02:24:15+00:00"),
        ("2026-01-20_03-24-15_XYZ", BERLIN, "2026-01-20T02:24:15+00:00"),
        ("2026-01-20_03-24-15", BERLIN, "2026-01-20T02:24:15+00:00"),
    ],
)
def test_a_pihole_s_own_name_says_when_also_in_another_time_zone(
    tmp_path: Path, time: str, zone: ZoneInfo, expected: str
) -> None:
    at = dated(tmp_path, f"pi-hole_attic_teleporter_{time}.zip", zone)

    assert at.astimezone(UTC).isoformat() == expected


@pytest.mark.parametrize(
    "name",
    [
        f"{OURS}.zip",
        f"{OURS} (1).zip",
        f"{OURS}(2).zip",
        f"{OURS}-1.zip",
        f"{OURS} - Kopie.zip",
        f"damaged_{OURS}.zip",
        f"Copy of {OURS}.zip",
        f"{OURS.replace('schedule', 'of_a_later_release')}.zip",
    ],
)
def test_our_own_name_says_when_and_which_also_after_a_download(tmp_path: Path, name: str) -> None:
    assert dated(tmp_path, name, NEW_YORK) == datetime(2026, 1, 20, 3, 24, 15, 123000, tzinfo=UTC)
    assert BackupName.find(name) == BackupName(
        created_at=datetime(2026, 1, 20, 3, 24, 15, 123000, tzinfo=UTC),
        trigger=BackupTrigger.ADOPTED,
        id="0a1b2c3d4e5f",
    )


def test_a_name_that_only_resembles_ours_says_nothing(tmp_path: Path) -> None:
    for name in (f"{OURS}0.zip", OURS.replace("01-20", "13-20"), OURS.replace("0a1b", "0x1b")):
        assert BackupName.find(name) is None
    at = dated(tmp_path, f"{OURS}0.zip", BERLIN)
    assert at == datetime(2026, 1, 17, 8, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ((2026, 1, 17, 8, 0, 0), datetime(2026, 1, 17, 8, tzinfo=BERLIN)),
        ((1980, 0, 0, 0, 0, 0), STORED),
        ((1980, 1, 1, 0, 0, 0), STORED),
        ((2099, 1, 1, 0, 0, 0), STORED),
        ((2026, 2, 30, 0, 0, 0), STORED),
    ],
)
def test_without_a_telling_name_the_files_say_when_or_else_the_date_of_the_zip(
    tmp_path: Path, files: Date, expected: datetime
) -> None:
    assert dated(tmp_path, "mine.zip", BERLIN, files) == expected


@pytest.mark.parametrize("year", ["1970", "1980", "2099"])
def test_a_time_that_cannot_be_is_not_taken_from_a_name_without_a_zone(
    tmp_path: Path, year: str
) -> None:
    at = dated(tmp_path, f"pi-hole_attic_teleporter_{year}-01-01_00-00-10.zip", BERLIN)
    assert at == datetime(2026, 1, 17, 8, tzinfo=BERLIN)


@pytest.mark.parametrize("stored", [0.0, 4_000_000_000.0])
def test_an_archive_that_nothing_dates_was_made_no_later_than_now(
    tmp_path: Path, stored: float
) -> None:
    path = tmp_path / "mine.zip"
    path.write_bytes(packed(members_of(EXAMPLE), date=(1980, 1, 1, 0, 0, 0)))
    os.utime(path, (stored, stored))

    made = made_at(path, UTC)

    assert timedelta() <= datetime.now(UTC) - made < timedelta(minutes=1)


def test_a_date_of_the_zip_that_no_calendar_has_is_passed_over() -> None:
    memory = Path("/dev/shm")  # noqa: S108 - the disk may not take such a date
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        path = Path(folder) / "mine.zip"
        path.write_bytes(packed(members_of(EXAMPLE), date=(1980, 1, 1, 0, 0, 0)))
        os.utime(path, (1e12, 1e12))
        if path.stat().st_mtime < 1e12:
            pytest.skip("no file system here has such a date")

        made = made_at(path, UTC)

    assert timedelta() <= datetime.now(UTC) - made < timedelta(minutes=1)
