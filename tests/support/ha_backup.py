"""Home Assistant's own backup, paused in its middle."""

import asyncio
from dataclasses import dataclass, field
import hashlib
from pathlib import Path
import tarfile

from custom_components.pihole_checkpoint.const import DOMAIN
from homeassistant.components.backup.const import DATA_MANAGER
from homeassistant.core import HomeAssistant


def look_at(folder: Path) -> dict[str, tuple[int, int, int]]:
    """List everything below a folder, with what would change when it is touched."""
    return {
        str(path.relative_to(folder)): (stat.st_ino, stat.st_size, stat.st_mtime_ns)
        for path in folder.rglob("*")
        for stat in [path.stat()]
    }


@dataclass(kw_only=True)
class HaBackup:
    """Home Assistant's own backup, with its middle: the time in which it reads the files."""

    hass: HomeAssistant
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    at_begin: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    at_end: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    _making: asyncio.Task[object] | None = None

    def look(self) -> dict[str, tuple[int, int, int]]:
        return look_at(Path(self.hass.config.path(DOMAIN)))

    async def make(self) -> None:
        await self.start()
        await self.finish()

    async def start(self) -> None:
        """Come to the middle."""
        self.ask()
        await self.until_begun()

    def ask(self) -> None:
        self.begun.clear()
        self.go_on.clear()
        self._making = self.hass.async_create_task(
            self.hass.data[DATA_MANAGER].async_create_backup(
                agent_ids=["backup.local"],
                include_addons=None,
                include_all_addons=False,
                include_database=False,
                include_folders=None,
                include_homeassistant=True,
                name=None,
                password=None,
            )
        )

    async def until_begun(self) -> None:
        assert self._making is not None
        waiting = asyncio.create_task(self.begun.wait())
        await asyncio.wait([waiting, self._making], return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        assert self.begun.is_set()

    async def finish(self) -> None:
        """Read the files, and end."""
        assert self._making is not None
        self.go_on.set()
        await self._making
        assert self.at_begin == self.at_end, "no file came, changed or went"

    @property
    def made(self) -> list[Path]:
        return list(Path(self.hass.config.path("backups")).glob("*.tar"))

    def contents(self) -> dict[str, str]:
        """Give the hashes of our files in the backup that was made."""
        [path] = self.made
        hashes: dict[str, str] = {}
        with (
            tarfile.open(path) as outer,
            tarfile.open(fileobj=outer.extractfile("homeassistant.tar.gz")) as inner,
        ):
            for member in inner.getmembers():
                if member.isfile() and member.name.startswith(f"data/{DOMAIN}/"):
                    file = inner.extractfile(member)
                    assert file is not None
                    name = member.name.removeprefix(f"data/{DOMAIN}/")
                    hashes[name] = hashlib.sha256(file.read()).hexdigest()
        return hashes
