"""Settings: changed one at a time, and read again."""

from collections.abc import Iterable, Iterator, Mapping
import json
import re
from typing import cast

from .pihole import Pihole
from .plain_http import Answer

type Table = dict[str, object]

_LINE = re.compile(r"(?<= at line )\d+(?= of )")
_FIRST_WORD = re.compile(r"(?<=: Invalid configuration: )(dnsmasq: )?\S+")
_SECRET = re.compile(r"\$BALLOON-SHA256\$.*")


async def change(pihole: Pihole, name: str, value: object, query: str = "") -> Answer:
    """Send another value for a setting, by its full name."""
    return await patch(pihole, {name: value}, query)


async def patch(pihole: Pihole, settings: Mapping[str, object], query: str = "") -> Answer:
    """Send other values for settings, by their full names."""
    return await pihole.ask("PATCH", f"api/config{query}", {"config": by_section(settings)})


async def value_of(pihole: Pihole, name: str) -> object:
    """Return the value of a setting; `None` where there is no such setting."""
    answer = await pihole.ask("GET", f"api/config/{name.replace('.', '/')}")
    return dict(flat(answer.json["config"])).get(name)


async def outcomes(pihole: Pihole, name: str, sent: Iterable[object]) -> Table:
    """Send one value after the other; return what became of each."""
    return {json.dumps(one, ensure_ascii=False): await _outcome(pihole, name, one) for one in sent}


async def _outcome(pihole: Pihole, name: str, sent: object) -> object:
    answer = await change(pihole, name, sent)
    return refusal(answer) if answer.status != 200 else {"is": await value_of(pihole, name)}


def refusal(answer: Answer) -> str:
    """Return why a change is refused, in one line.

    What the DNS server says lacks its first letter now and then, and names a line of a file.
    """
    error = cast("Table", answer.json["error"])
    text = f"{answer.status} {error['key']}: {error['message']}: {error['hint']}"
    return _FIRST_WORD.sub("...", _LINE.sub("...", text))


def by_section(settings: Mapping[str, object]) -> Table:
    """Return settings by section, as the API takes them."""
    sections: Table = {}
    for name, value in settings.items():
        *path, key = name.split(".")
        table = sections
        for section in path:
            table = cast("Table", table.setdefault(section, {}))
        table[key] = value
    return sections


def flat(table: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Yield settings by their full name: each value, or the object that describes it."""
    for key, value in cast("Table", table).items():
        name = f"{path}{key}"
        if isinstance(value, dict) and not value.keys() >= {"value", "flags"}:
            yield from flat(value, f"{name}.")
        else:
            yield name, value


def without_hashes(value: object) -> object:
    """Replace the hash of a password."""
    return _SECRET.sub("<hash>", value) if isinstance(value, str) else value
