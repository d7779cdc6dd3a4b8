"""Changes as English sentences."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from .contents import Setting
from .diff import Change, ChangeKind, Subject
from .excerpt import LeftOut

_NOUNS: Final = {
    Subject.LISTS: ("list", "lists"),
    Subject.DOMAINS: ("domain", "domains"),
    Subject.CLIENTS: ("client", "clients"),
    Subject.GROUPS: ("group", "groups"),
    Subject.DNS_HOSTS: ("DNS host", "DNS hosts"),
    Subject.CNAMES: ("CNAME record", "CNAME records"),
    Subject.STATIC_LEASES: ("static lease", "static leases"),
    Subject.SETTINGS: ("setting", "settings"),
    Subject.FILES: ("file", "files"),
    Subject.LEASES: ("DHCP lease", "DHCP leases"),
}
_VERBS: Final = {
    ChangeKind.ENABLED: "enabled",
    ChangeKind.DISABLED: "disabled",
    ChangeKind.ADDED: "added",
    ChangeKind.REMOVED: "removed",
    ChangeKind.CHANGED: "changed",
    ChangeKind.COMMENT: "with another comment",
    ChangeKind.GROUPS: "moved to other groups",
    ChangeKind.ORDER: "in another order",
}
_KINDS: Final = {
    "block": "",
    "allow": "allow list",
    "allow_exact": "allowed",
    "deny_exact": "denied",
    "allow_regex": "allowed, regex",
    "deny_regex": "denied, regex",
}
_NAMED: Final = 3
"""The most things that one sentence names."""
_SETTINGS: Final = 10
"""The most settings with a sentence of their own."""
_LONGEST: Final = 100
"""The length of a name or a value, in characters."""

type _BySubject = Mapping[Subject, Mapping[ChangeKind, Sequence[Change]]]


def headline(changes: Iterable[Change], left_out: Iterable[LeftOut] = ()) -> str:
    """Return the numbers of changes in one line: `1 list added, 1 removed; 1 domain disabled`."""
    more = {(each.subject, each.how): each.number for each in left_out}
    return "; ".join(
        ", ".join(
            # Only the first number has a noun.
            _amount(subject, how, len(group) + more.get((subject, how), 0), with_noun=not index)
            for index, (how, group) in enumerate(by_how.items())
        )
        for subject, by_how in _grouped(changes).items()
    )


def sentences(changes: Iterable[Change]) -> list[str]:
    """Return the changes as sentences with names. Long lists of names are shortened."""
    return [
        sentence
        for subject, by_how in _grouped(changes).items()
        for sentence in (
            _about_settings(by_how) if subject is Subject.SETTINGS else _about(subject, by_how)
        )
    ]


def _grouped(changes: Iterable[Change]) -> _BySubject:
    found: defaultdict[Subject, defaultdict[ChangeKind, list[Change]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for change in changes:
        found[change.subject][change.how].append(change)
    return {
        subject: {how: found[subject][how] for how in ChangeKind if how in found[subject]}
        for subject in Subject
        if subject in found
    }


def _amount(subject: Subject, how: ChangeKind, number: int, *, with_noun: bool = True) -> str:
    one, many = _NOUNS[subject]
    if how is ChangeKind.ORDER:
        return f"{many} {_VERBS[how]}"
    words = [str(number), _VERBS[how]]
    if with_noun:
        words.insert(1, one if number == 1 else many)
    return " ".join(words)


def _about(subject: Subject, by_how: Mapping[ChangeKind, Sequence[Change]]) -> Iterator[str]:
    for how, changes in by_how.items():
        amount = _amount(subject, how, len(changes))
        if how is ChangeKind.ORDER:
            yield f"{amount}."
            continue
        named = ", ".join(map(_name, changes[:_NAMED]))
        more = f", and {len(changes) - _NAMED} more" if len(changes) > _NAMED else ""
        yield f"{amount}: {named}{more}."


def _about_settings(by_how: Mapping[ChangeKind, Sequence[Change]]) -> Iterator[str]:
    changes = [change for group in by_how.values() for change in group]
    for change in changes[:_SETTINGS]:
        yield f"{_setting(change)}."
    if (more := len(changes) - _SETTINGS) > 0:
        yield f"And {_amount(Subject.SETTINGS, ChangeKind.CHANGED, more)}."


def _setting(change: Change) -> str:
    name = _cut(change.item)
    match change:
        case Change(old=None, new=None):
            return f"{name} {_VERBS[change.how]}"
        case Change(how=ChangeKind.ADDED):
            return f"{name} added as {_value(change.new)}"
        case Change(how=ChangeKind.REMOVED):
            return f"{name} removed, which was {_value(change.old)}"
        case _:
            return f"{name} changed from {_value(change.old)} to {_value(change.new)}"


def _name(change: Change) -> str:
    name = _cut(change.item)
    notes = [_KINDS.get(change.kind, _cut(change.kind))]
    if change.how is ChangeKind.GROUPS:
        notes.append(f"now in {_value(change.new)}")
    note = "; ".join(filter(None, notes))
    return f"{name} ({note})" if note else name


def _value(value: Setting | None) -> str:
    match value:
        case None | "" | ():
            return "nothing"
        case bool():
            return "on" if value else "off"
        case tuple():
            return _cut(", ".join(map(str, value)))
        case _:
            return _cut(str(value))


def _cut(text: str) -> str:
    """Return a text as one line that is not too long."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
