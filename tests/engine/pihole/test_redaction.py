"""What is taken out of texts before anybody sees them."""

from collections.abc import AsyncIterator
import json

import aiohttp
from hypothesis import given
from hypothesis import strategies as st
import pytest
from yarl import URL

from custom_components.pihole_checkpoint.engine.pihole.client import PiholeClient
from custom_components.pihole_checkpoint.engine.pihole.redaction import redact, redact_strictly
from pihole_simulator import Simulator, faults

PASSWORD = "q7w8e9r1t2y3"
HASH = "$BALLOON-SHA256$v=1$s=1024,t=32$RqUPWqWqWqW1Uw==$c29tZXRoaW5nLXNlY3JldA=="
LIST = f"http://me:{PASSWORD}@lists.example/ads?key={PASSWORD}"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (f"[✗] Status: {LIST} (401)", "[✗] Status: http://***@lists.example/ads?key=*** (401)"),
        (f"see {LIST}&v=2, {LIST}", None),
        (f'{{"item":"{LIST}","error":"no"}}', None),
        (f"ftp://{PASSWORD}@host/a", "ftp://***@host/a"),
        (f"http://me:{PASSWORD}/{PASSWORD}@host/a", "http://***@host/a"),
        (f"http://me:{PASSWORD}?{PASSWORD}#{PASSWORD}@host/a", None),
        (f"http://me:{PASSWORD}", "http://***"),
        (f"http://host/a?{PASSWORD}", "http://host/a?***"),
        (f"http://host/a#token={PASSWORD}", "http://host/a#token=***"),
        (f"host/a?x={PASSWORD}", "host/a?x=***"),
        (f"Status: {PASSWORD}@host is blocked by", "Status: ***@host is blocked by"),
        (f"to /etc/pihole/list.1.{PASSWORD}@host", "to /etc/pihole/***@host"),
        (f"me:{PASSWORD}@host/a", None),
        (f"heard {PASSWORD}", "heard ***"),
        (f"line 7: pwhash = '{HASH}'", "line 7: pwhash = ***"),
        (f'line 7: pwhash = "{HASH}', "line 7: pwhash = ***"),
        (f"line 7: {HASH}", "line 7: ***"),
        (f"totp_secret={PASSWORD}", "totp_secret=***"),
        (f'"api_key" : "{PASSWORD}"', '"api_key" : ***'),
        (f"http://me:{PASSWORD[:6]}\n{PASSWORD[6:]}@host", None),
    ],
)
def test_what_opens_something_is_taken_out_of_the_words_of_a_pihole(
    said: str, shown: str | None
) -> None:
    secrets = {PASSWORD} if said == f"heard {PASSWORD}" else set[str]()
    redacted = redact_strictly(said, secrets)

    assert PASSWORD[:6] not in redacted
    assert HASH[16:40] not in redacted
    assert shown is None or redacted == shown
    assert redact_strictly(redacted) == redacted


@pytest.mark.parametrize("password", ['correct"horse', "back\\slash", "großes Geheimnis"])
@pytest.mark.parametrize("is_ascii", [True, False])
def test_a_password_is_also_found_where_the_request_is_quoted(
    password: str, *, is_ascii: bool
) -> None:
    quoted = json.dumps(password, ensure_ascii=is_ascii)

    assert redact_strictly(f"cannot read {quoted} here", {password}) == 'cannot read "***" here'
    quoted = json.dumps({"password": password}, ensure_ascii=is_ascii)
    assert redact_strictly(f"cannot read {quoted}", {password}).endswith('{"password": ***}')


@pytest.mark.parametrize(
    "said",
    [
        "[✗] Status: Not found; List download failed: no cached list available",
        "Failed to create gravity database for heap ZIP archive!",
        "File etc/pihole/pihole.toml in ZIP archive is not a valid TOML file",
        "Field password has to be of type 'string'",
        "Using DNS server 127.0.0.1#5335 instead",
        "[i] Target: https://cdn.jsdelivr.net/gh/someone/lists@latest/ads.txt",
        "[i] Target: https://[fd00::1]:8443/ads.txt",
        "Could not connect to http://192.168.1.2:8080: refused",
        "webserver.api.pwhash: not a valid hash",
        "    - @@||example.com^",
    ],
)
def test_words_that_open_nothing_stay_as_they_are(said: str) -> None:
    assert redact_strictly(said) == said.strip()


def test_a_harmless_parameter_of_a_list_can_still_be_read() -> None:
    address = "https://x.example/serverlist.php?hostformat=hosts&showintro=0&auth="

    assert redact(f"{address}{PASSWORD}") == f"{address}***"
    assert redact(f"a list of joe@x.example: {address}") == f"a list of joe@x.example: {address}"


@given(st.text(), st.text(), st.sampled_from([" ", "\n", "\t", "", '"', "'"]))
def test_a_list_is_recognised_in_any_text(before: str, after: str, mark: str) -> None:
    assert PASSWORD not in redact_strictly(f"{before} {mark}{LIST}{mark} {after}")


@given(st.text(), st.text())
def test_a_known_secret_is_taken_out_of_any_text(before: str, after: str) -> None:
    assert PASSWORD not in redact_strictly(f"{before}{PASSWORD}{after}", {PASSWORD})


@given(st.text())
def test_words_are_one_line_that_can_be_printed(text: str) -> None:
    assert redact_strictly(text).isprintable()


@pytest.fixture
async def sim(socket_enabled: None) -> AsyncIterator[Simulator]:
    async with Simulator(password=PASSWORD) as simulator:
        yield simulator


async def heard(sim: Simulator) -> list[str]:
    """Update the lists, and give the lines that are heard."""
    lines: list[str] = []
    async with (
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http,
        PiholeClient(http, URL(sim.url), PASSWORD).session() as session,
    ):
        await session.update_gravity(lines.append)
    return lines


async def test_the_server_of_a_list_refuses_and_the_line_does_not_tell_the_password(
    sim: Simulator,
) -> None:
    sim.pihole.add_adlist(LIST)
    sim.refused_lists = {LIST}
    sim.gravity_in_colour = True

    lines = await heard(sim)

    assert "[✗] Status: http://***@lists.example/ads?key=*** (401)" in lines
    assert "[i] Target: http://***@lists.example/ads?key=***" in lines
    assert not [line for line in lines if PASSWORD in line]


@pytest.mark.parametrize("end", ["\n", " and more\n", "x" * 2000, "x" * 100_000 + "\n"])
@pytest.mark.parametrize("mark", ["", " "])
@pytest.mark.parametrize("around", [1000, 16 * 1024, 64 * 1024])
async def test_no_part_of_a_secret_is_heard_wherever_a_line_is_cut(
    sim: Simulator, end: str, mark: str, around: int
) -> None:
    lines = [f"[✗] {'y' * (around - before)}{mark}{LIST}{end}" for before in range(0, 90, 3)]
    sim.faults.always("gravity", faults.replace("\n".join(lines).encode()))

    said = "\n".join(await heard(sim))

    assert "[✗]" in said
    assert not [at for at in range(len(PASSWORD) - 3) if PASSWORD[at : at + 4] in said]


@pytest.mark.parametrize("before", range(150, 205, 3))
async def test_no_part_of_a_secret_is_in_the_reason_of_a_refusal(
    sim: Simulator, before: int
) -> None:
    hint = json.dumps(f"{'z' * before} {LIST} \"pwhash = '{HASH}'")
    body = f'{{"error": {{"key": "bad_request", "message": "no", "hint": {hint}}}}}'.encode()
    sim.faults.always("sessions", faults.replace(body))

    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        with pytest.raises(Exception, match="pihole_failed") as raised:
            async with PiholeClient(http, URL(sim.url), PASSWORD).session() as session:
                await session.uses_app_password()

    said = repr(raised.value)
    assert "zzz" in said
    assert not [at for at in range(len(PASSWORD) - 3) if PASSWORD[at : at + 4] in said]
    assert HASH[16:24] not in said
