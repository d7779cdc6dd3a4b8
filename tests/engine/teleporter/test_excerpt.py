"""What a record keeps of many changes."""

from dataclasses import replace
import json

from hypothesis import given
from hypothesis import strategies as st
import pytest

from custom_components.pihole_checkpoint.engine.repository.record_reading import from_json
from custom_components.pihole_checkpoint.engine.repository.record_writing import to_json
from custom_components.pihole_checkpoint.engine.teleporter.diff import Change, ChangeKind, Subject
from custom_components.pihole_checkpoint.engine.teleporter.excerpt import MOST_ALIKE, Excerpt
from tests.support.example import NOW
from tests.support.records import make_record
from tests.support.words import headline

changes = st.lists(
    st.builds(
        Change,
        subject=st.sampled_from(Subject),
        how=st.sampled_from(ChangeKind),
        item=st.text(max_size=3),
        new=st.none() | st.text(max_size=3) | st.integers(),
    ),
    max_size=5,
    unique_by=lambda change: (change.subject, change.item),
)


def of_many_items(some: list[Change], times: int) -> list[Change]:
    return [
        replace(change, item=f"{number}-{change.item}")
        for number in range(times)
        for change in some
    ]


@given(changes, st.integers(1, 3 * MOST_ALIKE))
def test_the_numbers_of_all_changes_are_known_however_many_are_kept(
    some: list[Change], times: int
) -> None:
    many = of_many_items(some, times)

    excerpt = Excerpt.of(many)

    assert headline(excerpt.changes, excerpt.left_out) == headline(many)
    assert len(excerpt.changes) <= MOST_ALIKE * len(some)


@given(changes, st.integers(1, 3 * MOST_ALIKE))
def test_a_record_keeps_an_excerpt_when_it_is_written_and_read(
    some: list[Change], times: int
) -> None:
    excerpt = Excerpt.of(of_many_items(some, times))
    record = replace(make_record(NOW), changes=excerpt.changes, changes_left_out=excerpt.left_out)

    read = from_json(to_json(record), record.filename)

    assert read.changes is not None
    assert set(read.changes) == set(excerpt.changes)
    assert read.changes_left_out == excerpt.left_out


def test_a_record_with_all_its_changes_can_be_read_by_the_first_release() -> None:
    change = Change(subject=Subject.LISTS, how=ChangeKind.ADDED, item="https://a.example/list")

    written = json.loads(to_json(replace(make_record(NOW), changes=(change,))))

    assert written["version"] == 1
    assert "changes_left_out" not in written


def test_a_record_of_the_first_release_with_very_many_changes_is_read_as_an_excerpt() -> None:
    record = make_record(NOW)
    content = json.loads(to_json(replace(record, changes=())))
    content["changes"]["domains"] = [
        {"change": "added", "item": f"domain-{number}.example.com"} for number in range(60_000)
    ]

    read = from_json(json.dumps(content).encode(), record.filename)

    assert read.changes is not None
    assert len(read.changes) == MOST_ALIKE
    assert headline(read.changes, read.changes_left_out) == "60000 domains added"
    assert len(to_json(read)) < 20_000


@pytest.mark.parametrize("value", ["x" * 5000, ("x" * 5000,), ("x",) * 5000])
def test_a_very_long_value_is_shortened(value: str | tuple[str, ...]) -> None:
    [kept] = Excerpt.of(
        [Change(subject=Subject.SETTINGS, how=ChangeKind.CHANGED, item="a.b", new=value)]
    ).changes

    assert len(json.dumps(kept.new)) < 1100
    assert "…" in str(kept.new)
