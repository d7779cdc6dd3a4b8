"""Archives that are meant to hurt: whole ones, as a Pi-hole would send them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
import io
import stat
import struct
from typing import Final
import zipfile
import zlib

from pihole_simulator import Pihole, broken, build_archive
from tests.support.kitchen import mess_up

_WHEN: Final = datetime(2026, 1, 20, 3, 24, tzinfo=UTC)
_UNSAFE: Final = frozenset({"archive_unsafe"})
_DAMAGED: Final = frozenset({"archive_damaged"})
_CONFIG: Final = frozenset({"archive_config_broken"})
_DATABASE: Final = frozenset({"archive_database_broken"})
_MEGABYTE: Final = 1_000_000


def _messed_up() -> bytes:
    pihole = Pihole.example()
    mess_up(pihole)
    return build_archive(pihole, _WHEN)


HEALTHY: Final = build_archive(Pihole.example(), _WHEN)
OTHER: Final = _messed_up()


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """One of them."""

    make: Callable[[], bytes]
    fitting: frozenset[str]
    may_succeed: bool = False
    """Whether it may be stored: nothing in it is ever unpacked under its name."""


def _named(name: str, *, may_succeed: bool = False) -> Archive:
    return Archive(
        make=lambda: broken.with_member(HEALTHY, name, b"x"),
        fitting=_UNSAFE | _DAMAGED,
        may_succeed=may_succeed,
    )


def _with_toml(text: Callable[[], str]) -> Archive:
    return Archive(
        make=lambda: broken.replace_member(HEALTHY, broken.TOML, text().encode()),
        fitting=_CONFIG | {"archive_member_missing"},
    )


def _with_sql(script: str, *, may_succeed: bool = True) -> Archive:
    return Archive(
        make=lambda: broken.with_sql(HEALTHY, script),
        fitting=_DATABASE,
        may_succeed=may_succeed,
    )


def _link(name: str, target: str) -> bytes:
    """Have a link in the place of a member."""
    packed = io.BytesIO(broken.without(HEALTHY, name))
    with zipfile.ZipFile(packed, "a") as opened:
        info = zipfile.ZipInfo(name)
        info.create_system = 3
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        opened.writestr(info, target)
    return packed.getvalue()


def _nested() -> bytes:
    """Pack bombs into bombs: a reader that looks into archives in archives would go on for ever."""
    inner = broken.bomb(HEALTHY, 50 * _MEGABYTE)
    for depth in range(5):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as opened:
            for copy in range(10):
                opened.writestr(f"{depth}-{copy}.zip", inner)
        inner = packed.getvalue()
    return broken.with_member(HEALTHY, "etc/dnsmasq.d/nested.zip", inner)


def _overlapping() -> bytes:
    """Let a thousand members be the same packed megabytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = bytes(50 * _MEGABYTE)
    packed = packer.compress(data) + packer.flush()
    checksum = zlib.crc32(data)
    name = b"etc/a0000"
    sizes = struct.pack("<3L", checksum, len(packed), len(data))
    local = b"PK\x03\x04" + struct.pack("<5H", 20, 0, 8, 0, 33) + sizes
    local += struct.pack("<2H", len(name), 0) + name + packed
    directory = b"".join(
        b"PK\x01\x02"
        + struct.pack("<6H", 20, 20, 0, 8, 0, 33)
        + sizes
        + struct.pack("<5H2L", len(name), 0, 0, 0, 0, 0, 0)
        + b"etc/a%04d" % number
        for number in range(1000)
    )
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1000, 1000, len(directory), len(local), 0)
    return local + directory + end


def _million() -> bytes:
    """Have a million members without anything in them."""
    entry = b"PK\x01\x02" + bytes(24) + struct.pack("<H", 1) + bytes(16) + b"a"
    directory = entry * _MEGABYTE
    local = b"PK\x03\x04" + bytes(22) + struct.pack("<2H", 1, 0) + b"a"
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 65535, 65535, len(directory), len(local), 0)
    return local + directory + end


_CALLS: Final = """
    CREATE TABLE told(x);
    CREATE VIEW bad AS SELECT writefile('../bait', 'x'), readfile('/etc/passwd');
    CREATE TRIGGER one AFTER INSERT ON adlist BEGIN SELECT load_extension('/tmp/x.so'); END;
    CREATE TRIGGER two AFTER DELETE ON adlist BEGIN SELECT randomblob(1000000000); END;
"""

ARCHIVES: Final[Mapping[str, Archive]] = {
    **{
        f"a member called {name!r}": _named(name)
        for name in (
            *("../bait", "etc/../../bait", "/bait", "//server/share/x", "..", "../", "etc/.."),
            *("..\\bait", "C:\\bait", "c:bait", "\\\\server\\share", "etc\\..\\..\\bait"),
            *("etc/\x1b[2J", "etc/a\nb", "etc/\u202egpj.exe"),
        )
    },
    **{
        f"a member called {name!r}": _named(name, may_succeed=True)
        for name in (
            "CON",
            "etc/NUL",
            "etc/aux.txt",
            "COM1",
            "etc/a\x00b",
            "etc/./a",
            "~/a",
            "-rf",
            "$(x)",
        )
    },
    "a link to a file": Archive(
        make=lambda: _link("etc/hosts", "../../bait"), fitting=_UNSAFE | _DAMAGED
    ),
    "a link for a configuration": Archive(
        make=lambda: _link(broken.TOML, "/etc/passwd"), fitting=_UNSAFE | _CONFIG
    ),
    "a link for a database": Archive(
        make=lambda: _link(broken.GRAVITY, "/etc/passwd"), fitting=_UNSAFE | _DATABASE
    ),
    "a bomb of bombs": Archive(
        make=_nested, fitting=_UNSAFE | _DAMAGED | {"archive_too_large"}, may_succeed=True
    ),
    "members that lie in each other": Archive(
        make=_overlapping, fitting=_UNSAFE | _DAMAGED | {"archive_too_large"}
    ),
    "a bomb of 500 megabytes": Archive(
        make=lambda: broken.bomb(HEALTHY, 500 * _MEGABYTE),
        fitting=frozenset({"archive_too_large"}),
        may_succeed=True,  # so much a member may have
    ),
    "a bomb of 600 megabytes": Archive(
        make=lambda: broken.bomb(HEALTHY, 600 * _MEGABYTE),
        fitting=frozenset({"archive_too_large"}),
    ),
    "a configuration of 200 megabytes": Archive(
        make=lambda: broken.bomb(HEALTHY, 200 * _MEGABYTE, broken.TOML), fitting=_CONFIG
    ),
    "a database of 200 megabytes of nothing": Archive(
        make=lambda: broken.bomb(HEALTHY, 200 * _MEGABYTE, broken.GRAVITY), fitting=_DATABASE
    ),
    "a million members": Archive(make=_million, fitting=_UNSAFE | _DAMAGED),
    "lists in lists, 10,000 deep": _with_toml(lambda: f"a = {'[' * 10_000}{']' * 10_000}"),
    "tables in tables, 10,000 deep": _with_toml(lambda: f"a = {'{a = ' * 10_000}1{'}' * 10_000}"),
    "a key of 10,000 parts": _with_toml(lambda: f"{'.'.join(['a'] * 10_000)} = 1"),
    "the name of a table of 10,000 parts": _with_toml(
        lambda: f"[{'.'.join(['a'] * 10_000)}]\nb = 1"
    ),
    "a number of a million digits": _with_toml(lambda: f"a = {'9' * _MEGABYTE}"),
    "a hundred thousand tables": _with_toml(
        lambda: "\n".join(f"[[a{n}.b]]" for n in range(100_000))
    ),
    "views and triggers that call functions": _with_sql(_CALLS),
    "a view instead of a table": _with_sql(
        "DROP TABLE adlist; CREATE VIEW adlist AS SELECT 1 AS id, load_extension('x') AS address",
        may_succeed=False,
    ),
    "a default that is random": _with_sql(
        "DROP TABLE client; CREATE TABLE client(id, ip DEFAULT (randomblob(1000000000)), comment)"
    ),
}
