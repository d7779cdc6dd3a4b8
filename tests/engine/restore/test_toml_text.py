"""The configuration file that is made for an import."""

import re
import tomllib

from hypothesis import given
from hypothesis import strategies as st
import pytest
import tomli_w

from custom_components.pihole_checkpoint.engine.errors import ArchiveConfigBroken
from custom_components.pihole_checkpoint.engine.restore.toml_text import without

_NOTHING = re.compile("(?!)")
_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=10)
_keys = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="."), max_size=5)
_values = (
    _texts
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.lists(_texts, max_size=3)
)
_sections = st.recursive(
    st.dictionaries(_keys, _values, max_size=3),
    lambda inner: st.dictionaries(_keys, _values | inner, max_size=3),
    max_leaves=5,
)


def _without_empty(section: dict[str, object]) -> dict[str, object]:
    cleaned = {
        key: _without_empty(value) if isinstance(value, dict) else value
        for key, value in section.items()
    }
    return {key: value for key, value in cleaned.items() if value != {}}


@given(st.dictionaries(_keys, _sections, max_size=3))
def test_all_settings_are_what_they_were(config: dict[str, object]) -> None:
    made = without(tomli_w.dumps(config).encode(), _NOTHING)

    assert tomllib.loads(made.decode()) == _without_empty(config)


def test_what_is_to_stay_is_left_out_and_nothing_else() -> None:
    config = b"""
        [files]
        gravity = "/data/gravity.db"
        [files.log]
        ftl = "/data/FTL.log"
        [misc]
        readOnly = true
        nice = 5
        [other.files]
        gravity = "x"
    """

    made = without(config, re.compile(r"files\..*|misc\.readOnly"))

    expected = {"misc": {"nice": 5}, "other": {"files": {"gravity": "x"}}}
    assert tomllib.loads(made.decode()) == expected


def test_what_no_pihole_reads_is_left_out() -> None:
    config = b"[dns]\nday = 2026-01-01\nodd = [1, 2]\nfar = inf\nport = 53\n"

    assert tomllib.loads(without(config, _NOTHING).decode()) == {"dns": {"port": 53}}


def test_a_file_that_is_broken_says_so() -> None:
    with pytest.raises(ArchiveConfigBroken):
        without(b"[unclosed = ", _NOTHING)
