"""What FTL notes behind the values in `pihole.toml`."""

from hypothesis import given
from hypothesis import strategies as st
import pytest

from custom_components.pihole_checkpoint.engine.teleporter import config
from custom_components.pihole_checkpoint.engine.teleporter.contents import Marks, fingerprint
from custom_components.pihole_checkpoint.engine.teleporter.limits import (
    BudgetExceeded,
    Limits,
    MemoryBudget,
)
from custom_components.pihole_checkpoint.engine.teleporter.marks import read_marks
from pihole_simulator import Pihole
from pihole_simulator.configuration import render
from pihole_simulator.definitions import Setting
from pihole_simulator.rules import VERSIONS
from tests.support.example import NOW
from tests.support.reading import ContentsOf

MARK = " ### CHANGED, default = "
SETTINGS: dict[str, Setting] = {
    "dns.upstreams": ["9.9.9.9"],
    "dns.piholePTR": "NONE",
    "dns.blockTTL": 9,
    "dns.bogusPriv": False,
    "webserver.domain": f'"{MARK}"',
    "webserver.api.excludeClients": [MARK, "]", '"', "[dns]", "x = 1"],
}


def marks_of(text: str, memory: int = Limits().memory) -> Marks | None:
    limits, content = Limits(), text.encode()
    settings = config.flatten(config.parse(content), MemoryBudget(limits.memory), limits)
    return read_marks(content, settings.keys(), MemoryBudget(memory))


@pytest.mark.parametrize("version", VERSIONS)
def test_the_settings_that_are_not_at_their_defaults_are_known(version: str) -> None:
    pihole = Pihole(version=version, settings=dict(SETTINGS))
    pihole.forced = {"webserver.api.temp.limit": 61.0, "dns.blockTTL": 5, "dns.dnssec": False}

    marks = marks_of(render(pihole, NOW))

    assert marks == Marks(
        changed=frozenset({*SETTINGS, "webserver.api.temp.limit", "webserver.api.pwhash"}),
        forced=frozenset({"webserver.api.temp.limit", "dns.blockTTL"}),
    )


@given(st.lists(st.text(max_size=20), max_size=4), st.text(max_size=20))
def test_no_text_is_taken_for_a_mark(items: list[str], text: str) -> None:
    settings: dict[str, Setting] = {
        "dns.upstreams": [*items, MARK],
        "webserver.domain": f"{text}{MARK}",
    }
    marks = marks_of(render(Pihole(settings=settings), NOW))
    assert marks == Marks(changed=frozenset({*settings, "webserver.api.pwhash"}))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (MARK, " # "),
        ("# --> ", "# "),
        ("# --> ", "# --> 7"),
        ("  blockTTL = 9", "  blockTTL=9"),
        ("  bogusPriv = false", '  "bogusPriv" = false'),
        ("[dns]", "[dns]\nnothing.more = 1\n"),
        ("[dns]", "['dns']"),
        ("  dnssec = false", f"  dnssec = false{MARK}true"),
        ("# Configuration statistics", "# --> 6 entries are modified\n#"),
    ],
)
def test_of_a_file_that_ftl_did_not_write_alone_nothing_is_known(old: str, new: str) -> None:
    text = render(Pihole(settings=dict(SETTINGS)), NOW)
    assert marks_of(text) is not None
    assert old in text
    assert marks_of(text.replace(old, new, 1)) is None


@pytest.mark.parametrize("text", ["", "# --> 0 entries are modified", "[dns]\nport = 53\n", "["])
def test_of_a_file_of_a_few_lines_nothing_is_known(text: str) -> None:
    assert read_marks(text.encode(), {"dns.port"}, MemoryBudget(1000)) is None


def test_marks_cost_memory() -> None:
    with pytest.raises(BudgetExceeded):
        marks_of(render(Pihole(settings=dict(SETTINGS)), NOW), memory=100)


def test_marks_are_in_the_contents_but_not_in_the_fingerprint(contents_of: ContentsOf) -> None:
    pihole = Pihole.example()
    before = contents_of(pihole)
    pihole.forced = {"dns.upstreams": pihole.settings["dns.upstreams"]}
    after = contents_of(pihole)

    assert before.marks is not None
    assert after.marks is not None
    assert before.marks.forced == frozenset()
    assert after.marks.forced == {"dns.upstreams"}
    assert before.marks.changed == after.marks.changed
    assert fingerprint(before) == fingerprint(after)
    assert before == after
