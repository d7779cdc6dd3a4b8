import asyncio

import pytest

from custom_components.pihole_checkpoint.engine.waiting import to_the_end


async def test_what_was_begun_ends_before_a_cancellation_is_passed_on() -> None:
    begun, go, done = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()
        await go.wait()
        done.set()

    waiter = asyncio.ensure_future(to_the_end(work()))
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

    waiter = asyncio.ensure_future(to_the_end(work(), grace=0.01))
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

    assert await to_the_end(give()) == 7
    with pytest.raises(OSError):  # noqa: PT011 - it has no message
        await to_the_end(fail())


async def test_an_error_after_a_cancellation_is_not_left_unseen() -> None:
    begun, go = asyncio.Event(), asyncio.Event()
    unseen: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: unseen.append(context))

    async def fail() -> None:
        begun.set()
        await go.wait()
        raise OSError

    waiter = asyncio.ensure_future(to_the_end(fail()))
    await begun.wait()
    waiter.cancel()
    await asyncio.sleep(0)
    go.set()

    with pytest.raises(asyncio.CancelledError):
        await waiter
    assert unseen == []
