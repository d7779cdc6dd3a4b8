"""Archives that people's computers packed again: what they hold is what their owner packed."""

import pytest

from custom_components.pihole_checkpoint.engine.errors import (
    ArchiveDamaged,
    ArchiveMemberMissing,
    ArchiveUnsafe,
)
from custom_components.pihole_checkpoint.engine.pihole.errors import ArchiveTooLarge
from custom_components.pihole_checkpoint.engine.teleporter.contents import fingerprint
from custom_components.pihole_checkpoint.engine.teleporter.limits import Limits
from pihole_simulator import broken
from tests.support.example import EXAMPLE
from tests.support.reading import ContentsOf, Read
from tests.support.repacked import REPACKED, below, members_of, packed, rescued


@pytest.mark.parametrize("how", REPACKED)
def test_an_archive_that_was_packed_again_holds_the_same(contents_of: ContentsOf, how: str) -> None:
    contents = contents_of(REPACKED[how](EXAMPLE))

    assert contents == contents_of(EXAMPLE)
    assert fingerprint(contents) == fingerprint(contents_of(EXAMPLE))


@pytest.mark.parametrize(
    "folder", ["", "pihole/", "etc/pihole/", "docker/etc-pihole/", "Etc/PIHOLE/"]
)
@pytest.mark.parametrize("damaged_blocklist", [False, True])
def test_a_rescued_folder_of_a_pihole_holds_what_was_in_it(
    contents_of: ContentsOf, folder: str, *, damaged_blocklist: bool
) -> None:
    """The blocklist is no part of a backup, so it may be damaged."""
    contents = contents_of(rescued(EXAMPLE, folder, damaged_blocklist=damaged_blocklist))

    exported = contents_of(EXAMPLE)
    assert contents.domains == exported.domains
    assert contents.lists == exported.lists
    assert contents.leases == exported.leases
    assert contents.settings == exported.settings
    assert contents.files == {}, "what else lies there is no part of a backup"


def test_what_is_of_no_use_in_a_rescued_folder_does_not_make_it_too_large(read: Read) -> None:
    members = [
        (name, bytes(3_000_000) if "FTL" in name else content)
        for name, content in members_of(rescued(EXAMPLE))
    ]

    assert read(packed(members), Limits(unpacked=2_000_000)) is not None


def test_what_an_export_holds_may_be_too_large_together(read: Read) -> None:
    large = broken.with_member(EXAMPLE, "etc/dnsmasq.d/large.conf", bytes(3_000_000))

    with pytest.raises(ArchiveTooLarge):
        read(large, Limits(unpacked=2_000_000))


def test_two_piholes_in_one_archive_are_refused_as_nobody_can_tell_which_is_meant(
    read: Read,
) -> None:
    with pytest.raises(ArchiveMemberMissing):
        read(packed([*below("kitchen/", EXAMPLE), *below("attic/", EXAMPLE)]))


def test_names_that_differ_in_case_are_one_file_twice_unless_one_of_them_is_pihole_s(
    read: Read, contents_of: ContentsOf
) -> None:
    twice = [("ETC/pihole/pihole.toml", b"x = 1"), *members_of(EXAMPLE)]
    assert contents_of(packed(twice)).settings == contents_of(EXAMPLE).settings

    without = [member for member in members_of(EXAMPLE) if member[0] != broken.GRAVITY]
    with pytest.raises(ArchiveUnsafe):
        read(packed([("etc/pihole/Gravity.DB", b""), ("etc/pihole/GRAVITY.db", b""), *without]))
    without = [member for member in members_of(EXAMPLE) if member[0] != broken.TOML]
    with pytest.raises(ArchiveMemberMissing):
        read(packed([("etc/pihole/Pihole.toml", b""), ("etc/pihole/PIHOLE.toml", b""), *without]))


def test_members_that_begin_at_the_same_place_are_refused(read: Read) -> None:
    content = bytearray(packed(members_of(EXAMPLE)))
    second = content.index(b"PK\x01\x02", content.index(b"PK\x01\x02") + 4)
    content[second + 42 : second + 46] = bytes(4)

    with pytest.raises(ArchiveDamaged):
        read(bytes(content))
