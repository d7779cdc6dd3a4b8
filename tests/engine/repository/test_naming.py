from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from custom_components.pihole_checkpoint.engine.models import BackupTrigger
from custom_components.pihole_checkpoint.engine.repository.naming import (
    BackupName,
    record_filename,
)

times = st.datetimes(timezones=st.timezones()).filter(lambda time: 1970 < time.year < 9998)
names = st.builds(BackupName.new, times, st.sampled_from(BackupTrigger))


@given(names)
def test_a_file_name_tells_all_that_it_was_made_of(name: BackupName) -> None:
    assert BackupName.parse(name.filename) == name


@given(st.text() | st.from_regex(r"pihole_[0-9_-]{23}Z_[a-z]{3,8}_[0-9a-f]{12}\.zip"))
def test_a_name_that_reads_is_written_the_same_way(filename: str) -> None:
    name = BackupName.parse(filename)

    assert name is None or name.filename == filename


@given(times)
def test_a_backups_time_is_the_given_one_in_utc_and_in_whole_milliseconds(time: datetime) -> None:
    named = BackupName.new(time, BackupTrigger.BUTTON).created_at

    assert named.tzinfo is UTC
    assert timedelta(0) <= time - named < timedelta(milliseconds=1)
    assert named.microsecond % 1000 == 0


@given(names, names)
def test_names_sort_by_time(one: BackupName, other: BackupName) -> None:
    if one.created_at < other.created_at:
        assert one.filename < other.filename


@given(names)
def test_a_file_name_is_plain_everywhere(name: BackupName) -> None:
    for filename in (name.filename, record_filename(name.filename)):
        assert filename.isascii()
        assert not set(filename) & set('/\\:*?"<>| \0')
        assert not filename.startswith((".", "-"))
        assert len(filename) < 100


def test_names_of_others_are_not_taken_for_ours() -> None:
    for filename in (
        "pi-hole_pihole_teleporter_2026-01-20_03-24-15_CET.zip",
        "pihole_2026-13-20_03-24-15-123Z_button_0a1b2c3d4e5f.zip",
        "pihole_2026-01-20_03-24-15-123Z_unknown_0a1b2c3d4e5f.zip",
        "pihole_\uff12026-01-20_03-24-15-123Z_button_0a1b2c3d4e5f.zip",
        "../pihole_2026-01-20_03-24-15-123Z_button_0a1b2c3d4e5f.zip",
        "pihole_2026-01-20_03-24-15-123Z_button_0a1b2c3d4e5f.zip\n",
    ):
        assert BackupName.parse(filename) is None


def test_two_backups_of_the_same_moment_have_different_names() -> None:
    now = datetime.now(UTC)

    assert BackupName.new(now, BackupTrigger.BUTTON) != BackupName.new(now, BackupTrigger.BUTTON)
