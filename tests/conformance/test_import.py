"""`POST /api/teleporter`: which parts of an archive are taken, and what follows."""

from pihole_simulator import Entry, broken, pack

from .archives import (
    GRAVITY,
    LEASES,
    OWN_ROWS,
    TOML,
    configured,
    exported,
    imported,
    member,
    only,
    renamed,
    tables,
    with_own_rows,
)
from .conftest import Expect
from .credentials import use_app_password
from .pihole import Pihole
from .seen import Plain, seen

_LEASE = "2000000000 02:00:00:00:00:01 203.0.113.78 conformance 01:02:00:00:00:00:01\n"


async def _everything_changed(pihole: Pihole) -> bytes:
    """Export, and change some of each part in that archive."""
    archive = await exported(pihole)
    text = member(archive, TOML).decode().replace("blockTTL = 2\n", "blockTTL = 9\n")
    archive = broken.replace_member(archive, TOML, text.encode())
    archive = broken.replace_member(archive, LEASES, _LEASE.encode())
    return broken.with_sql(archive, OWN_ROWS)


async def test_everything_is_taken(pihole: Pihole, expect: Expect) -> None:
    expect(await imported(pihole, await _everything_changed(pihole)))


async def test_its_own_export_changes_nothing(pihole: Pihole, expect: Expect) -> None:
    expect(await imported(pihole, await exported(pihole)))


async def test_one_part_is_taken(pihole: Pihole, expect: Expect) -> None:
    archive = await _everything_changed(pihole)
    group = tables("group")
    expect([await imported(pihole, archive, selection) for selection in ({"config": True}, group)])


async def test_the_leases_alone_are_taken(pihole: Pihole, expect: Expect) -> None:
    archive = await _everything_changed(pihole)
    expect(await imported(pihole, archive, {"dhcp_leases": True}))


async def test_selections_that_take_nothing(pihole: Pihole, expect: Expect) -> None:
    archive = await _everything_changed(pihole)
    selections: list[Plain] = [
        {},
        {"config": "true", "dhcp_leases": "true", "gravity": {"group": "true"}},
        {"config": 1, "dhcp_leases": 1, "gravity": {"group": 1}},
        {"config": False, "gravity": True},
        {"Config": True, "dhcp.leases": True, "group": True, "nonsense": True},
        {"gravity": {"Group": True, "nonsense": True}},
    ]
    expect([await imported(pihole, archive, selection) for selection in selections])


async def test_a_selection_with_other_letters(pihole: Pihole, expect: Expect) -> None:
    archive = await with_own_rows(pihole)
    expect(await imported(pihole, archive, {"Gravity": {"group": True}}))


async def test_a_selection_that_is_no_json(pihole: Pihole, expect: Expect) -> None:
    archive = await _everything_changed(pihole)
    expect(
        [
            await imported(pihole, archive, selection)
            for selection in ("", "nonsense", "[]", "true", "{")
        ]
    )


async def test_a_selection_that_is_no_json_behind_the_file(pihole: Pihole, expect: Expect) -> None:
    archive = await _everything_changed(pihole)
    expect(await imported(pihole, archive, "nonsense", file_first=True))


async def test_a_selection_behind_the_file(pihole: Pihole, expect: Expect) -> None:
    archive = await _everything_changed(pihole)
    expect(await imported(pihole, archive, {"config": True}, file_first=True))


async def test_a_selection_with_something_behind_the_json(pihole: Pihole, expect: Expect) -> None:
    archive = await with_own_rows(pihole)
    expect(await imported(pihole, archive, '{"gravity": {"group": true}} nonsense'))


async def test_empty_leases(pihole: Pihole, expect: Expect) -> None:
    archive = only(await _everything_changed(pihole), LEASES)
    await pihole.upload(archive)
    await pihole.restarts_now()
    expect(await imported(pihole, broken.replace_member(archive, LEASES, b"")))


async def test_broken_leases(pihole: Pihole, expect: Expect) -> None:
    """They are not looked at."""
    lines = b"nonsense\n\xff\xfe no lease\n"
    expect(await imported(pihole, pack([Entry(name=LEASES, data=lines)])))


async def test_no_leases(pihole: Pihole, expect: Expect) -> None:
    archive = await _everything_changed(pihole)
    await pihole.upload(only(archive, LEASES))
    await pihole.restarts_now()
    expect(await imported(pihole, broken.without(archive, LEASES)))


async def test_members_of_other_names_are_passed_over(pihole: Pihole, expect: Expect) -> None:
    archive = only(await with_own_rows(pihole), GRAVITY)
    other_names = (
        *("etc/pihole/db/gravity.db", "/etc/pihole/gravity.db", "gravity.db"),
        *("etc/pihole/Gravity.db", "etc\\pihole\\gravity.db", "./etc/pihole/gravity.db"),
    )
    expect([await imported(pihole, renamed(archive, GRAVITY, name)) for name in other_names])


async def test_other_files_are_passed_over(pihole: Pihole, expect: Expect) -> None:
    files = ("etc/hosts", "etc/dnsmasq.d/99-conformance.conf", "etc/pihole/pihole-FTL.db", "../x")
    archive = pack(Entry(name=name, data=b"conformance\n") for name in files)
    expect(await imported(pihole, archive))


async def test_members_that_cannot_be_unpacked_are_passed_over(
    pihole: Pihole, expect: Expect
) -> None:
    archive = await _everything_changed(pihole)
    flipped = [broken.flipped(archive, name) for name in (TOML, GRAVITY)]
    odd = [*flipped, broken.encrypted(archive), broken.lying_about_size(archive, GRAVITY, 100)]
    expect([await imported(pihole, changed) for changed in odd])


async def test_a_member_twice(pihole: Pihole, expect: Expect) -> None:
    """Both are taken, one after the other."""
    first, second = (f"[dns]\nblockTTL = {seconds}\n".encode() for seconds in (9, 10))
    expect(await imported(pihole, pack(Entry(name=TOML, data=text) for text in (first, second))))


async def test_the_order_of_the_members(pihole: Pihole, expect: Expect) -> None:
    archive = only(await with_own_rows(pihole), GRAVITY)
    expect(await imported(pihole, broken.with_member(archive, TOML, b"[dns]\nblockTTL = 9\n")))


async def test_an_import_ends_no_session(pihole: Pihole, expect: Expect) -> None:
    other = await pihole.session()
    await pihole.upload(await exported(pihole))
    await pihole.restarts_now()
    expect([(await pihole.ask("GET", "api/auth", sid=sid)).status for sid in (pihole.sid, other)])


async def test_an_import_with_an_app_password(pihole: Pihole, expect: Expect) -> None:
    sid = await _app_session(pihole, await use_app_password(pihole))
    expect(await imported(pihole, configured("[dns]\nblockTTL = 9\n"), sid=sid))


async def test_an_import_with_an_app_password_that_may(pihole: Pihole, expect: Expect) -> None:
    app_password = await use_app_password(pihole)
    setting = {"webserver": {"api": {"app_sudo": True}}}
    await pihole.ask("PATCH", "api/config", {"config": setting})
    sid = await _app_session(pihole, app_password)
    expect(await imported(pihole, configured("[dns]\nblockTTL = 9\n"), sid=sid))


async def test_an_import_without_a_session(pihole: Pihole, expect: Expect) -> None:
    archive = configured("[dns]\nblockTTL = 9\n")
    expect(seen(await pihole.upload(archive, sid=None)))


async def _app_session(pihole: Pihole, app_password: str) -> str | None:
    """Log in when no attempt was made in this second: two of three are needed."""
    await pihole.wait_for_the_next_second()
    return await pihole.session(app_password)
