"""When files in repositories may change."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path


class WriteGate:
    """Lets writers through until it is closed, and knows who is writing.

    One gate serves all repositories, so that one freeze stops all changes.
    """

    def __init__(self) -> None:
        self._open = asyncio.Event()
        self._open.set()
        self._writers: Counter[str] = Counter()
        self._nobody_writes = asyncio.Event()
        self._locks: defaultdict[Path, asyncio.Lock] = defaultdict(asyncio.Lock)

    def lock_of(self, folder: Path) -> asyncio.Lock:
        """Return the lock that is held by what uses a folder.

        A share that does not answer may hold it for longer than the `Repository` is used that
        asked; the next one for the same folder waits for that.
        """
        return self._locks[folder]

    @property
    def is_closed(self) -> bool:
        """Whether no change may begin."""
        return not self._open.is_set()

    @property
    def writers(self) -> list[str]:
        """The names of those whose changes have not ended yet."""
        return sorted(+self._writers)

    @asynccontextmanager
    async def writing(self, *names: str) -> AsyncIterator[None]:
        """Wait until the gate is open, and count as a writer as long as the context lasts.

        Never enter it twice at the same time for one change: the gate may close in between, and
        wait for the first.
        """
        await self.wait_until_open()
        # No await from the check to the count: a change that begins before the gate closes counts.
        self._writers.update(names)
        try:
            yield
        finally:
            self._writers.subtract(names)
            if not self.writers:
                self._nobody_writes.set()

    def close(self) -> None:
        """Let no change begin any more."""
        self._open.clear()

    def open(self) -> None:
        """Let files change again."""
        self._open.set()

    async def wait_until_open(self) -> None:
        """Wait until a change may begin."""
        while self.is_closed:  # again, when it was closed before this woke up
            await self._open.wait()

    async def wait_for_writers(self) -> None:
        """Wait until all changes have ended that began before the gate closed."""
        while self.writers:
            self._nobody_writes.clear()
            await self._nobody_writes.wait()
