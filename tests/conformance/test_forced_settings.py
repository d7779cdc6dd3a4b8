"""A setting that the environment of the Pi-hole fixes: `FTLCONF_webserver_api_temp_limit=61`."""

import io
import re
from typing import cast
import zipfile

from .conftest import Expect
from .pihole import Pihole
from .settings import Table, change, flat, outcomes, patch, refusal, value_of

_FORCED = "webserver.api.temp.limit"


async def _lines(pihole: Pihole) -> list[str]:
    """Return what the exported pihole.toml says of it."""
    archive = (await pihole.ask("GET", "api/teleporter")).body
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        text = opened.read("etc/pihole/pihole.toml").decode()
    lines = re.findall(r"^ *limit = .*|^.*forced through environment:|^# +- .*", text, re.MULTILINE)
    return [str(line) for line in lines]


async def test_a_forced_setting_is_marked(pihole: Pihole, expect: Expect) -> None:
    details = dict(
        flat(
            (await pihole.ask("GET", "api/config/webserver/api/temp?detailed=true")).json["config"]
        )
    )[_FORCED]
    kept = {key: cast("Table", details)[key] for key in ("value", "default", "modified", "flags")}
    expect([kept, await _lines(pihole)])


async def test_another_value_for_a_forced_setting(pihole: Pihole, expect: Expect) -> None:
    expect(await outcomes(pihole, _FORCED, (61, 61.0, 62, "x", None)))


async def test_a_forced_setting_among_others(pihole: Pihole, expect: Expect) -> None:
    shown = []
    for limit in (62, 61):
        answer = await patch(pihole, {_FORCED: limit, "dns.blockTTL": 9})
        shown.append(answer.status if answer.status == 200 else refusal(answer))
    expect([*shown, await value_of(pihole, "dns.blockTTL")])


async def test_a_forced_setting_after_a_restart(pihole: Pihole, expect: Expect) -> None:
    await change(pihole, "webserver.api.temp.unit", "K")
    await pihole.ask("POST", "api/action/restartdns")
    await pihole.restarts_now()
    expect([await value_of(pihole, _FORCED), await value_of(pihole, "webserver.api.temp.unit")])
