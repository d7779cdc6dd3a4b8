"""Another program writes to the gravity database, and nobody else may."""

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, contextmanager

import pytest

from scripts.demo_home.telling import DemoError
from tests.conformance.pihole import Host
from tests.conformance.real import RealPihole

from .conftest import AddPihole, Past
from .holdings import held, without_dates
from .kitchen import Kitchen
from .proxy import proxy_to


class Lock:
    """Locks the gravity database when an import arrives, if it is wanted."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._held = ExitStack()
        self._is_held = False
        self.is_wanted = False
        self.lasts = False
        """Whether it outlasts the import."""

    @contextmanager
    def during_an_import(self) -> Iterator[None]:
        if self.is_wanted and not self._is_held:
            self._held.enter_context(self._host.locked_gravity())
            self._is_held = True
        yield
        if not self.lasts:
            self._release()

    def end(self) -> None:
        """Let everybody write again, also during an import."""
        self.is_wanted = False
        self._release()

    def _release(self) -> None:
        self._held.close()
        self._is_held = False


@pytest.fixture
def lock(host: Host) -> Iterator[Lock]:
    made = Lock(host)
    yield made
    made.end()


@pytest.fixture
async def kitchen(add: AddPihole, pihole: RealPihole, lock: Lock) -> AsyncIterator[Kitchen]:
    """Give the Pi-hole behind a proxy, which knows when an import arrives."""
    place = ("POST", "/api/teleporter")
    async with proxy_to(pihole.url, place, lock.during_an_import) as url:
        yield await add(url)


async def test_a_backup_fails_in_one_sentence_and_the_next_one_works(
    kitchen: Kitchen, host: Host
) -> None:
    with (
        host.locked_gravity(),
        pytest.raises(DemoError, match=r"^The Pi-hole can't read its gravity"),
    ):
        await kitchen.press()
    assert await kitchen.count() == "0"
    await kitchen.press()
    assert await kitchen.count() == "1"


async def test_a_restore_is_not_begun(
    kitchen: Kitchen, pihole: RealPihole, host: Host, past: Past
) -> None:
    # Else a v6.0 may open its database for the changes while it is locked, and has none then.
    await pihole.ask("POST", "api/action/restartdns")
    assert await pihole.restarts_now()
    with (
        host.locked_gravity(),
        pytest.raises(DemoError, match=r"didn't start, and nothing on the Pi-hole was changed"),
    ):
        await kitchen.restore(past.record)
    assert await held(pihole) == past.now


async def test_an_import_that_gets_halfway_is_called_that_and_taken_back(
    kitchen: Kitchen, pihole: RealPihole, lock: Lock, past: Past
) -> None:
    lock.is_wanted = True
    with pytest.raises(DemoError, match=r"stopped halfway .*Changes made: .*Undo restore"):
        await kitchen.restore(past.record, way="import")
    lock.end()
    assert await held(pihole) == past.now | {"settings": past.before["settings"]}

    assert (await kitchen.undo())["proven"] is True
    assert without_dates(await held(pihole)) == without_dates(past.now)


async def test_an_import_that_does_nothing_is_called_that(
    kitchen: Kitchen, pihole: RealPihole, lock: Lock, past: Past
) -> None:
    lock.is_wanted = True
    with pytest.raises(DemoError, match=r"rejected the restore, and nothing was changed"):
        await kitchen.restore(past.record, include=["lists", "domains"], way="import")
    lock.end()
    assert await held(pihole) == past.now


async def test_an_import_after_which_nothing_can_be_read_is_not_called_done(
    kitchen: Kitchen, pihole: RealPihole, lock: Lock, past: Past
) -> None:
    lock.is_wanted = lock.lasts = True
    with pytest.raises(DemoError, match=r"couldn't be verified: .*Undo restore"):
        await kitchen.restore(past.record, way="import")
    lock.end()

    assert (await kitchen.undo())["proven"] is True
    assert without_dates(await held(pihole)) == without_dates(past.now)
