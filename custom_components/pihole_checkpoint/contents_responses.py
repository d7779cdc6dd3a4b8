"""What a backup holds as data, item by item. Functions for a thread: there may be very much."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
import json
from typing import NamedTuple

from homeassistant.util.json import JsonArrayType, JsonObjectType, JsonValueType

from .engine.pihole.redaction import redact
from .engine.teleporter.contents import Contents, Entry, Secret, Setting
from .engine.teleporter.diff import Subject, lease_text
from .restore_responses import shown


class _Item(NamedTuple):
    """An item, and the texts in which a search looks before secrets are taken out of them."""

    texts: tuple[str, ...]
    describe: Callable[[], JsonObjectType]


def contents_response(
    contents: Contents, *, search: str, subject: Subject | None, limit: int
) -> JsonObjectType:
    """Describe the items that a text is in, at most `limit` of them, and count all.

    Nothing is found by a secret: it is not in what is shown.
    """
    needle = search.casefold()
    counts: JsonObjectType = {}
    found: JsonObjectType = {}
    items: JsonArrayType = []
    for each in Subject:
        number, some = _items_of(contents, each)
        counts[each.value] = number
        wanted = limit - len(items) if subject in (None, each) else 0
        if not needle:
            found[each.value] = number
            items += [item.describe() for item in islice(some, wanted)]
            continue
        matching = 0
        for item in some:
            if any(needle in text.casefold() for text in item.texts):
                described = item.describe()
                if _is_in(needle, described):
                    matching += 1
                    if matching <= wanted:
                        items.append(described)
        found[each.value] = matching
    return {"counts": counts, "found": found, "items": items}


def _is_in(needle: str, described: JsonObjectType) -> bool:
    texts = (described["item"], described.get("comment"), described.get("value"))
    return any(needle in _as_text(text).casefold() for text in texts if text is not None)


def _as_text(value: JsonValueType) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _items_of(contents: Contents, subject: Subject) -> tuple[int, Iterator[_Item]]:
    """Return how many items there are, and the items."""
    match subject:
        case Subject.LISTS | Subject.DOMAINS | Subject.CLIENTS | Subject.GROUPS:
            entries: tuple[Entry, ...] = getattr(contents, subject)
            return len(entries), (_entry(subject, entry) for entry in entries)
        case Subject.DNS_HOSTS | Subject.CNAMES | Subject.STATIC_LEASES:
            texts: tuple[str, ...] = getattr(contents, subject)
            return len(texts), _texts(subject, texts)
        case Subject.SETTINGS:
            settings = contents.settings
            return len(settings), (_setting(key, settings[key]) for key in sorted(settings))
        case Subject.FILES:
            return len(contents.files), _texts(subject, sorted(contents.files))
        case Subject.LEASES:
            return len(contents.leases), _texts(subject, map(lease_text, contents.leases))


def _entry(subject: Subject, entry: Entry) -> _Item:
    return _Item(
        (entry.name, entry.comment),
        lambda: {
            "subject": subject.value,
            "item": redact(entry.name),
            "kind": redact(entry.kind),
            "enabled": entry.enabled,
            "comment": redact(entry.comment),
            "groups": [redact(group) for group in entry.groups],
        },
    )


def _texts(subject: Subject, texts: Iterable[str]) -> Iterator[_Item]:
    def item(text: str) -> _Item:
        return _Item((text,), lambda: {"subject": subject.value, "item": redact(text)})

    return map(item, texts)


def _setting(key: str, value: Setting | Secret) -> _Item:
    """Return a setting. A secret has no value that is shown."""
    is_secret = isinstance(value, Secret)
    return _Item(
        (key,) if is_secret else (key, _as_text(shown(value))),
        lambda: {
            "subject": Subject.SETTINGS.value,
            "item": redact(key),
            "value": shown(value),
            "is_secret": is_secret,
        },
    )
