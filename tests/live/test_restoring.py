import pytest

from scripts.demo_home.telling import DemoError
from tests.conformance.credentials import set_webserver_api, use_app_password
from tests.conformance.real import RealPihole

from .conftest import AddPihole, Past
from .holdings import fill, held, set_dns, with_parts, without_dates
from .kitchen import Kitchen, Report

_LATER = "password-of-later"
ALL = ("settings", "groups", "lists", "domains", "clients")


both_ways = pytest.mark.parametrize("way", ["live", "import"])


async def restore_and_undo(
    kitchen: Kitchen, pihole: RealPihole, past: Past, *parts: str, way: str
) -> Report:
    """Restore with a look before it, and take it back; see each time what the Pi-hole holds."""
    wanted: dict[str, object] = {"way": way, **({"include": [*parts]} if parts else {})}
    preview = await kitchen.restore(past.record, dry_run=True, **wanted)
    assert (preview["proven"], preview["safety_backup"]) == (None, None)
    assert await held(pihole) == past.now

    restored = await kitchen.restore(past.record, **wanted)
    assert restored["proven"] is True
    assert restored["changes"] == preview["changes"]
    assert restored["safety_backup"] is not None
    is_held, should = await held(pihole), with_parts(past.before, past.now, parts or ALL)
    assert without_dates(is_held) == without_dates(should)
    if way == "import":
        assert is_held == should

    undone = await kitchen.undo()
    assert undone["proven"] is True
    assert without_dates(await held(pihole)) == without_dates(past.now)
    return restored


@both_ways
async def test_a_restore_brings_back_all_and_is_taken_back(
    kitchen: Kitchen, pihole: RealPihole, past: Past, way: str
) -> None:
    restored = await restore_and_undo(kitchen, pihole, past, way=way)
    assert restored["gravity_updated"] is True


@both_ways
@pytest.mark.parametrize("part", ALL)
async def test_a_part_is_restored_and_nothing_else(
    kitchen: Kitchen, pihole: RealPihole, past: Past, part: str, way: str
) -> None:
    await restore_and_undo(kitchen, pihole, past, part, way=way)


@both_ways
async def test_settings_that_make_a_pihole_restart_are_restored(
    kitchen: Kitchen, pihole: RealPihole, way: str
) -> None:
    before = await held(pihole)
    record = await kitchen.back_up()
    aliases = ["live-a.example,live-b.example", "live-c.example,live-b.example,60"]
    await set_dns(pihole, cnameRecords=aliases, domainNeeded=True)
    assert await pihole.restarts_now()
    past = Past(record=record, before=before, now=await held(pihole))
    await restore_and_undo(kitchen, pihole, past, "settings", way=way)


async def test_a_restore_with_an_app_password_that_may_not_change_anything_is_refused(
    add: AddPihole, pihole: RealPihole
) -> None:
    if pihole.version == "6.0":
        pytest.skip("v6.0 imports without asking for a permission")
    kitchen = await add(pihole.url, await use_app_password(pihole))
    record = await kitchen.back_up()
    async with pihole.lists() as lists:
        await fill(pihole, lists.url)
    now = await held(pihole)
    with pytest.raises(DemoError, match=r"nothing on the Pi-hole was changed.*app_sudo true"):
        await kitchen.restore(record)
    assert await held(pihole) == now
    restored = await kitchen.restore(record, include=["groups", "lists", "domains", "clients"])
    assert restored["proven"] is True


@both_ways
async def test_a_restore_with_an_app_password_that_may_change_all_works(
    add: AddPihole, pihole: RealPihole, way: str
) -> None:
    app_password = await use_app_password(pihole)
    await set_webserver_api(pihole, app_sudo=True)
    kitchen = await add(pihole.url, app_password)
    before = await held(pihole)
    record = await kitchen.back_up()
    async with pihole.lists() as lists:
        await fill(pihole, lists.url)
    assert (await kitchen.restore(record, way=way))["proven"] is True
    assert await held(pihole) == before


async def test_an_older_password_that_comes_back_is_reported(
    add: AddPihole, pihole: RealPihole
) -> None:
    past = await add(pihole.url)
    record = await past.back_up()
    await past.go()
    await set_webserver_api(pihole, password=_LATER)
    pihole.sid = await pihole.session(_LATER)
    kitchen = await add(pihole.url, _LATER)
    restored = await kitchen.restore(record)
    assert restored["proven"] is True
    assert any(
        remark.startswith("The backup brought back an older password")
        for remark in restored["remarks"]
    )


@both_ways
async def test_a_restore_through_a_proxy_is_verified(
    add: AddPihole, pihole: RealPihole, pytestconfig: pytest.Config, way: str
) -> None:
    url = pytestconfig.getoption("--pihole-proxy-url") or pytest.skip("it needs --pihole-proxy-url")
    kitchen = await add(url)
    before = await held(pihole)
    record = await kitchen.back_up()
    async with pihole.lists() as lists:
        await fill(pihole, lists.url)
    assert (await kitchen.restore(record, way=way))["proven"] is True
    assert await held(pihole) == before


async def test_a_restore_of_what_is_there_changes_nothing(
    kitchen: Kitchen, pihole: RealPihole
) -> None:
    record = await kitchen.back_up()
    restored = await kitchen.restore(record)
    assert (restored["proven"], restored["safety_backup"]) == (True, None)
