"""What a headline counts."""

from custom_components.pihole_checkpoint.engine.teleporter.diff import (
    Change,
    ChangeKind,
    Subject,
    by_item,
)
from custom_components.pihole_checkpoint.engine.teleporter.excerpt import (
    MOST_ALIKE,
    Excerpt,
    LeftOut,
)
from custom_components.pihole_checkpoint.engine.teleporter.headline import headline


def change(subject: Subject, how: ChangeKind, item: str = "a") -> Change:
    return Change(subject=subject, how=how, item=item)


def counted(*changes: Change, left_out: tuple[LeftOut, ...] = ()) -> list[tuple[str, str, int]]:
    return [
        (each.subject.value, each.how.value, each.number) for each in headline(changes, left_out)
    ]


def test_an_entry_to_which_two_things_happened_counts_once() -> None:
    assert counted(
        change(Subject.LISTS, ChangeKind.DISABLED),
        change(Subject.LISTS, ChangeKind.COMMENT),
        change(Subject.LISTS, ChangeKind.DISABLED, "b"),
    ) == [("lists", "disabled", 1), ("lists", "changed", 1)]


def test_the_same_item_that_came_twice_counts_twice() -> None:
    assert counted(
        change(Subject.DNS_HOSTS, ChangeKind.ADDED),
        change(Subject.DNS_HOSTS, ChangeKind.ADDED),
    ) == [("dns_hosts", "added", 2)]


def test_a_list_and_a_domain_of_the_same_name_are_two() -> None:
    assert counted(
        change(Subject.LISTS, ChangeKind.COMMENT), change(Subject.DOMAINS, ChangeKind.GROUPS)
    ) == [("lists", "comment", 1), ("domains", "groups", 1)]


def test_kinds_are_in_a_fixed_order_and_what_is_left_out_counts() -> None:
    left_out = LeftOut(subject=Subject.SETTINGS, how=ChangeKind.CHANGED, number=7)

    assert counted(
        change(Subject.DOMAINS, ChangeKind.REMOVED),
        change(Subject.DOMAINS, ChangeKind.ADDED, "b"),
        change(Subject.LISTS, ChangeKind.ADDED),
        left_out=(left_out,),
    ) == [
        ("lists", "added", 1),
        ("domains", "added", 1),
        ("domains", "removed", 1),
        ("settings", "changed", 7),
    ]


def test_no_changes_have_an_empty_headline() -> None:
    assert counted() == []


def test_very_many_entries_with_two_changes_each_count_right_although_few_are_kept() -> None:
    number = 3 * MOST_ALIKE
    changes = [
        change(Subject.LISTS, how, f"https://{each}.example")
        for each in range(number)
        for how in (ChangeKind.DISABLED, ChangeKind.COMMENT)
    ]

    excerpt = Excerpt.of(changes)

    assert counted(*excerpt.changes, left_out=excerpt.left_out) == [("lists", "changed", number)]
    assert [how for how, _ in by_item(excerpt.changes)] == [ChangeKind.CHANGED] * MOST_ALIKE
