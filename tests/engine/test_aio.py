import asyncio
import gc

import pytest

from custom_components.pihole_checkpoint.engine.aio import beside
from custom_components.pihole_checkpoint.engine.pihole.cancellation import shielded


async def test_what_was_begun_ends_before_a_cancellation_is_passed_on() -> None:
    begun, go, done = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()
        await go.wait()
        done.set()

    waiter = asyncio.ensure_future(shielded(work()))
    await begun.wait()
    for _ in range(3):  # however often
        waiter.cancel()
        await asyncio.sleep(0)
    assert not waiter.done()
    go.set()

    with pytest.raises(asyncio.CancelledError):
        await waiter
    assert done.is_set()


async def test_what_does_not_end_within_its_grace_is_cancelled_too() -> None:
    begun, cancelled = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    waiter = asyncio.ensure_future(shielded(work(), grace=0.01))
    await begun.wait()
    waiter.cancel()

    with pytest.raises(asyncio.CancelledError):
        await waiter
    assert cancelled.is_set()


async def test_a_result_and_an_error_come_through() -> None:
    async def give() -> int:
        return 7

    async def fail() -> int:
        raise OSError

    assert await shielded(give()) == 7
    with pytest.raises(OSError):  # noqa: PT011 - it has no message
        await shielded(fail())


async def test_an_error_after_a_cancellation_is_not_left_unseen() -> None:
    begun, go = asyncio.Event(), asyncio.Event()
    unseen: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: unseen.append(context))

    async def fail() -> None:
        begun.set()
        await go.wait()
        raise OSError

    waiter = asyncio.ensure_future(shielded(fail()))
    await begun.wait()
    waiter.cancel()
    await asyncio.sleep(0)
    go.set()

    with pytest.raises(asyncio.CancelledError):
        await waiter
    assert unseen == []


async def test_what_is_done_beside_something_has_ended_when_that_has() -> None:
    go = asyncio.Event()

    async def work() -> int:
        await go.wait()
        return 7

    async with beside(work()) as working:
        asyncio.get_running_loop().call_soon(go.set)

    assert working.result() == 7


async def test_what_is_beside_a_failure_is_called_off_and_ends_first() -> None:
    begun, cancelled = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            cancelled.set()

    async def fail_beside() -> None:
        async with beside(work()):
            await begun.wait()
            raise OSError

    with pytest.raises(OSError):  # noqa: PT011 - it has no message
        await fail_beside()
    assert cancelled.is_set()


async def test_a_failure_beside_something_is_only_for_who_asks() -> None:
    unseen: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: unseen.append(context))

    async def fail() -> None:
        raise OSError

    async with beside(fail()) as failing:
        pass

    with pytest.raises(OSError):  # noqa: PT011 - it has no message
        failing.result()
    del failing
    gc.collect()
    assert unseen == []


async def test_a_cancellation_is_passed_on_although_an_error_was_on_its_way() -> None:
    begun, go = asyncio.Event(), asyncio.Event()

    async def clean_up_slowly() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            begun.set()
            await go.wait()

    async def fail() -> None:
        async with beside(clean_up_slowly()):
            await asyncio.sleep(0)
            raise OSError

    waiter = asyncio.ensure_future(fail())
    await begun.wait()
    waiter.cancel()
    await asyncio.sleep(0)
    go.set()

    with pytest.raises(asyncio.CancelledError):
        await waiter
