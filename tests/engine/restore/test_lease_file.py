"""The leases of a payload: lines of the Pi-hole's file and of the backup's."""

import re

from hypothesis import given
from hypothesis import strategies as st
import pytest

from custom_components.pihole_checkpoint.engine.restore.packing.lease_file import lease_file
from custom_components.pihole_checkpoint.engine.teleporter.contents import Lease
from custom_components.pihole_checkpoint.engine.teleporter.leases import read_lines

PHONE = b"1700000000 00:11:22:33:44:55 192.168.1.5 phone 01:00:11:22:33:44:55\n"
PHONE_LATER = PHONE.replace(b"1700000000", b"1800000000")
TV = b"0 66:77:88:99:aa:bb 192.168.1.6 tv *\n"
IPV6 = b"1700000000 1234 fd00::5 phone 00:01:00:01:2a\n"
OWN_ID = b"duid 00:01:00:01:aa\n"
OTHER_ID = b"duid 00:01:00:01:bb\n"
DETAILS = b"vendorclass 192.168.1.5 61:6e:64\nagent-info 192.168.1.5 01\n"
DETAILS_OF_TV = b"vendorclass 192.168.1.6 74\n"


def leases(content: bytes) -> tuple[Lease, ...]:
    return tuple(lease for _, lease in read_lines(content) if lease is not None)


@pytest.mark.parametrize(
    ("wanted", "live", "backup", "expected"),
    [
        (PHONE, PHONE_LATER + TV, PHONE, PHONE_LATER),
        (PHONE + TV, TV, PHONE + TV, TV + PHONE),
        (b"", PHONE, TV, b""),
        (b"", PHONE + OWN_ID + IPV6, OTHER_ID + IPV6, OWN_ID),
        (b"", PHONE, OTHER_ID + IPV6, b""),
        (IPV6, b"", OTHER_ID + IPV6, OTHER_ID + IPV6),
        (IPV6, OWN_ID, OTHER_ID + IPV6, OWN_ID + IPV6),
        (PHONE, PHONE + TV + DETAILS + DETAILS_OF_TV, b"", PHONE + DETAILS),
        (PHONE, PHONE + TV + DETAILS_OF_TV, PHONE + DETAILS, PHONE),
        (TV, PHONE, PHONE, b""),
        (TV, b"", b"nonsense\n\n" + TV.rstrip(), TV),
    ],
    ids=[
        "the Pi-hole's line of a lease in both",
        "one of each",
        "none",
        "its own id stays",
        "no id of another one for nothing",
        "an id where it has none",
        "its own id before the other",
        "with what else is known of it",
        "with what else is known by the same file only",
        "in neither",
        "no nonsense",
    ],
)
def test_just_the_wanted_leases_are_in_it(
    wanted: bytes, live: bytes, backup: bytes, expected: bytes
) -> None:
    assert lease_file(leases(wanted), live, backup) == expected


_words = st.binary(min_size=1, max_size=4)
_odd = st.sampled_from(
    [b"1 m 10.0.0.1 caf\xe9 *", b"1 m 10.0.0.1 x\x85y", b"1 m 10.0.0.2 x\xc2\x85y z q w"]
)
_files = st.lists(st.lists(_words, max_size=6).map(b" ".join) | _odd).map(b"\n".join)


@given(_files, _files)
def test_any_lease_is_found_by_its_line(live: bytes, backup: bytes) -> None:
    lines = {
        lease: line
        for content in (backup, live)
        for line, lease in reversed([*read_lines(content)])
        if lease is not None
    }

    for lease, line in lines.items():
        assert line + b"\n" in lease_file({lease}, live, backup)


@given(_files)
def test_the_lines_are_those_of_the_file(content: bytes) -> None:
    assert b"".join(line for line, _ in read_lines(content)) == re.sub(
        rb"[\n\r\v\f\x1c-\x1e]|\xc2\x85|\xe2\x80[\xa8\xa9]" if _is_utf8(content) else _ASCII_ENDS,
        b"",
        content,
    )


_ASCII_ENDS = rb"[\n\r\v\f\x1c-\x1e]"


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True
