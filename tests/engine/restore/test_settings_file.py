"""The configuration file of a payload: the chosen settings, and no others."""

import tomllib

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
import pytest
import tomli_w

from custom_components.pihole_checkpoint.engine.errors import ArchiveConfigBroken
from custom_components.pihole_checkpoint.engine.restore.packing.settings_file import settings_file
from custom_components.pihole_checkpoint.engine.teleporter.contents import Setting

_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=10)
_keys = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="."), max_size=5)
_plain = _texts | st.booleans() | st.integers(-(2**63), 2**63 - 1)
_values = _plain | st.floats(allow_nan=False, allow_infinity=False) | st.lists(_texts, max_size=3)
_sections = st.recursive(
    st.dictionaries(_keys, _values, max_size=3),
    lambda inner: st.dictionaries(_keys, _values | inner, max_size=3),
    max_leaves=5,
)
LIVE = b"# Pi-hole configuration file (v6.4.1)\n"
STORED = b"""
[dns]
upstreams = ["1.1.1.1"]
day = 2026-01-01
odd = [1, 2]
far = inf
[webserver.api]
pwhash = "$BALLOON-SHA256$v=1$s=1024,t=32$of the backup"
totp_secret = ""
[webserver."api.more"]
x = 1
"""


def _flat(section: dict[str, object], path: str = "") -> dict[str, object]:
    return {
        name: found
        for key, value in section.items()
        for name, found in (
            _flat(value, f"{path}{key}.").items()
            if isinstance(value, dict)
            else {f"{path}{key}": value}.items()
        )
    }


def made(
    settings: dict[str, Setting | None], stored: bytes = STORED, live: bytes = LIVE
) -> dict[str, object]:
    return tomllib.loads(settings_file(settings, stored, live).decode())


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(_keys, _sections, max_size=3), st.data())
def test_what_is_copied_is_as_in_the_backup_and_nothing_else_is_there(
    config: dict[str, object], data: st.DataObject
) -> None:
    all_of_them = _flat(config)
    chosen = data.draw(st.sets(st.sampled_from(sorted(all_of_them)))) if all_of_them else set()

    text = settings_file(dict.fromkeys(chosen), tomli_w.dumps(config).encode(), LIVE)

    assert _flat(tomllib.loads(text.decode())) == {name: all_of_them[name] for name in chosen}


@given(_values)
def test_what_is_given_is_written(value: Setting | list[str]) -> None:
    given_value = tuple(value) if isinstance(value, list) else value

    assert made({"dns.domain.name": given_value}) == {"dns": {"domain": {"name": value}}}


def test_a_secret_is_copied_and_what_is_given_is_not() -> None:
    assert made({"webserver.api.pwhash": None, "dns.upstreams": ("9.9.9.9",)}) == {
        "webserver": {"api": {"pwhash": "$BALLOON-SHA256$v=1$s=1024,t=32$of the backup"}},
        "dns": {"upstreams": ["9.9.9.9"]},
    }


def test_a_setting_is_where_the_backup_has_it() -> None:
    assert made({"webserver.api.more.x": 5}) == {"webserver": {"api.more": {"x": 5}}}


def test_a_setting_in_no_section_is_in_none() -> None:
    assert made({"dns.port": 53, "first": True}) == {"first": True, "dns": {"port": 53}}


def test_an_empty_list_is_written() -> None:
    assert made({"dns.hosts": ()}) == {"dns": {"hosts": []}}


@pytest.mark.parametrize(
    "name", ["dns.day", "dns.odd", "dns.far", "dns.not_in_the_backup", "webserver.api"]
)
def test_what_cannot_be_copied_is_left_out(name: str) -> None:
    assert settings_file({name: None}, STORED, LIVE) == b""


def test_no_settings_are_no_file() -> None:
    assert settings_file({}, STORED, LIVE) == b""


def test_a_broken_file_of_the_backup_is_reported() -> None:
    with pytest.raises(ArchiveConfigBroken):
        settings_file({"dns.port": 53}, b"[unclosed = ", LIVE)


OLD = b"""# Pi-hole configuration file (v6.0)
[dns]
upstreams = ["8.8.8.8"]
hosts = ["10.0.0.1 nas"]
blockTTL = 2
[dns.cache]
size = 10000
[dhcp]
hosts = []
"""


@pytest.mark.parametrize("version", [b"v6.0", b"v6.0.2", b"vDev-1a2b3c4", b""])
def test_lists_go_along_to_a_pihole_that_would_empty_them(version: bytes) -> None:
    live = OLD.replace(b"v6.0", version)

    assert made({"dns.cache.size": 5, "dns.upstreams": ("9.9.9.9",)}, live=live) == {
        "dns": {"cache": {"size": 5}, "upstreams": ["9.9.9.9"], "hosts": ["10.0.0.1 nas"]}
    }
    assert made({}, live=live) == {}


@pytest.mark.parametrize("version", [b"v6.0.3", b"v6.1", b"v6.4.1", b"v10.0"])
def test_no_list_goes_along_to_a_pihole_that_keeps_it(version: bytes) -> None:
    live = OLD.replace(b"v6.0", version)

    assert made({"dns.cache.size": 5}, live=live) == {"dns": {"cache": {"size": 5}}}
