import tomllib

from hypothesis import given
from hypothesis import strategies as st
import pytest

from custom_components.pihole_checkpoint.engine.errors import ArchiveConfigBroken
from custom_components.pihole_checkpoint.engine.teleporter import config

LINES = st.sampled_from(
    [
        "# a comment",
        "  # another one, with 'quotes\"",
        "[dns]",
        'upstreams = ["192.168.1.1#53", "# no comment"] # a comment',
        "hosts = [",
        "  # in a list",
        "]",
        'text = """',
        '"""',
        "key = '''",
        "'''",
        "blocking = true",
        "",
    ]
)


@given(st.lists(LINES, max_size=12))
def test_what_is_read_without_its_comments_is_what_toml_says(lines: list[str]) -> None:
    text = "\n".join([*lines, ""])
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        with pytest.raises(ArchiveConfigBroken):
            config.parse(text.encode())
    else:
        assert config.parse(text.encode()) == values
