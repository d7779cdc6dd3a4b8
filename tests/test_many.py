from datetime import datetime
import hashlib
import json
import logging
import zipfile

import pytest

from custom_components.pihole_checkpoint.engine.naming import record_filename
from homeassistant.exceptions import HomeAssistantError

from .conftest import Home
from .simulator import Credentials, Simulator, faults


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
        record = json.loads((home.store / record_filename(archive.name)).read_text())
        assert record["sha256"] == hashlib.sha256(archive.read_bytes()).hexdigest()
        with zipfile.ZipFile(archive) as opened:
            assert opened.testzip() is None
    newest = json.loads((home.store / record_filename(home.archives[-1].name)).read_text())
    assert datetime.fromisoformat(newest["created_at"]).replace(
        microsecond=0
    ) == datetime.fromisoformat(home.last_backup or "")


async def test_no_secret_is_in_a_log_a_state_an_answer_or_a_file_but_the_archives(
    home: Home, sim: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    records = await home.back_up()
    sim.faults.always("export", faults.error(500, "compression_error", "Cannot read a file"))
    with pytest.raises(HomeAssistantError) as raised:
        await home.press()
    sim.faults.clear()
    sim.change_credentials(Credentials(password="another"))
    with pytest.raises(HomeAssistantError) as refused:
        await home.press()
    await home.poll()

    files = [path for path in home.store.rglob("*") if path.is_file() and path.suffix != ".zip"]
    seen = [
        caplog.text,
        repr(records),
        repr(home.hass.states.async_all()),
        repr(home.entry.runtime_data.data),
        *(f"{it.value} {it.value!r} {it.value.__cause__!r}" for it in (raised, refused)),
        *(path.read_text() for path in files),
    ]
    assert len(files) == 2
    assert len(sim.secrets) >= 6
    for secret in sim.secrets:
        assert not [text for text in seen if secret in text]
