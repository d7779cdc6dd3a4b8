from datetime import datetime
import hashlib
import json
import zipfile

from custom_components.pihole_checkpoint.engine.repository.naming import record_filename
from pihole_simulator import Simulator
from tests.support.home import Home


async def test_a_hundred_presses_leave_a_hundred_archives_and_no_session(
    home: Home, sim: Simulator
) -> None:
    for _ in range(100):
        await home.press()
        sim.clock.advance(1)  # or the Pi-hole would find them too many a second

    assert home.count == len(home.archives) == 100
    assert sim.logins == 100
    assert sim.sessions == []
    for archive in home.archives:
        record = json.loads((home.folder / record_filename(archive.name)).read_text())
        assert record["sha256"] == hashlib.sha256(archive.read_bytes()).hexdigest()
        with zipfile.ZipFile(archive) as opened:
            assert opened.testzip() is None
    newest = json.loads((home.folder / record_filename(home.archives[-1].name)).read_text())
    assert datetime.fromisoformat(newest["created_at"]).replace(
        microsecond=0
    ) == datetime.fromisoformat(home.last_backup or "")
