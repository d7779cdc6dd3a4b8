"""Which changes of settings end sessions, and which sessions may change settings."""

import asyncio
from collections.abc import Mapping

from .conftest import Expect
from .credentials import use_app_password
from .pihole import Host, Pihole, item
from .settings import Table, change, outcomes, patch, refusal, value_of, without_hashes

_OTHER = "conformance-password"
_API = "webserver.api"
_NOTICES_WITHIN_SECONDS = 10.0
_BETWEEN_LOOKS = 0.1


async def _is_logged_in(pihole: Pihole) -> bool:
    return (await pihole.ask("GET", "api/auth")).status == 200


async def _ends_sessions(pihole: Pihole, settings: Mapping[str, object]) -> list[object]:
    """Change settings; return the answer and whether the session is gone. Log in again."""
    answer = await patch(pihole, settings)
    shown = answer.status if answer.status == 200 else refusal(answer)
    gone = not await _is_logged_in(pihole)
    if gone:
        pihole.sid = await pihole.session()
    return [shown, "sessions end" if gone else "sessions go on"]


async def test_the_password_that_it_is_already(pihole: Pihole, expect: Expect) -> None:
    shown = await _ends_sessions(pihole, {f"{_API}.password": pihole.password})
    expect([*shown, await pihole.restarts_now()])


async def test_another_password_and_the_old_hash(pihole: Pihole, expect: Expect) -> None:
    """The hash that is shown is good enough to put a password back."""
    before, old = await value_of(pihole, f"{_API}.pwhash"), pihole.password
    pihole.password = _OTHER
    shown = [await _ends_sessions(pihole, {f"{_API}.password": _OTHER})]
    refused = (await pihole.log_in(old)).status
    pihole.password = old
    shown.append(await _ends_sessions(pihole, {f"{_API}.pwhash": before}))
    expect([*shown, refused, await pihole.restarts_now()])


async def test_secrets_that_are_equal_or_masked(pihole: Pihole, expect: Expect) -> None:
    hashes = {
        f"{_API}.{name}": await value_of(pihole, f"{_API}.{name}")
        for name in ("pwhash", "app_pwhash")
    }
    masked = {f"{_API}.{name}": "********" for name in ("password", "totp_secret")}
    expect(
        [
            await _ends_sessions(pihole, name)
            for name in (hashes, masked, {f"{_API}.totp_secret": ""})
        ]
    )


async def test_secrets_of_another_type(pihole: Pihole, expect: Expect) -> None:
    names = [f"{_API}.{name}" for name in ("pwhash", "password", "totp_secret", "app_pwhash")]
    values: tuple[object, ...] = (5, None, True)
    expect([await _ends_sessions(pihole, {name: value}) for name in names for value in values])


async def test_a_refused_change_that_ends_sessions(pihole: Pihole, expect: Expect) -> None:
    """The password stays what it was."""
    shown = [
        await _ends_sessions(pihole, {f"{_API}.password": _OTHER, f"{_API}.maxClients": "x"}),
        await _ends_sessions(pihole, {f"{_API}.app_pwhash": "x", f"{_API}.temp.limit": 62}),
        await _ends_sessions(pihole, {f"{_API}.password": _OTHER, "dns.blockTTL": "x"}),
    ]
    expect(shown)


async def test_a_change_that_restarts_and_ends_sessions(pihole: Pihole, expect: Expect) -> None:
    settings: Table = {f"{_API}.password": pihole.password, "dns.cache.size": 9000}
    answer = await patch(pihole, settings)
    restarts = await pihole.restarts_now()
    expect([answer.status, restarts, await _is_logged_in(pihole)])


async def _as_app(pihole: Pihole) -> dict[str, object]:
    """Try to change settings with the session of an app password; return what came of it."""
    own = pihole.sid
    pihole.sid = await pihole.session(await use_app_password(pihole))
    shown = without_hashes(await value_of(pihole, f"{_API}.pwhash"))
    ways = {
        "PATCH": await change(pihole, "dns.blockTTL", 9),
        "PATCH nothing": await patch(pihole, {}),
        "PUT": await pihole.ask("PUT", f"api/config/dns/hosts/{item('203.0.113.1 a')}"),
        "DELETE": await pihole.ask("DELETE", f"api/config/dns/hosts/{item('203.0.113.1 a')}"),
        "restart": await pihole.ask("POST", "api/action/restartdns"),
    }
    await pihole.restarts_now()
    pihole.sid = own
    statuses = {
        way: answer.status if answer.status < 400 else refusal(answer)
        for way, answer in ways.items()
    }
    return {"GET": shown, **statuses}


async def test_an_app_password(pihole: Pihole, expect: Expect) -> None:
    expect(await _as_app(pihole))


async def test_an_app_password_that_may_change_settings(pihole: Pihole, expect: Expect) -> None:
    await change(pihole, f"{_API}.app_sudo", value=True)
    expect(await _as_app(pihole))


async def test_an_app_password_that_takes_its_own_right(pihole: Pihole, expect: Expect) -> None:
    await change(pihole, f"{_API}.app_sudo", value=True)
    app = await pihole.session(await use_app_password(pihole))
    off = {"config": {"webserver": {"api": {"app_sudo": False}}}}
    expect([(await pihole.ask("PATCH", "api/config", off, sid=app)).status for _ in range(2)])


async def test_settings_that_are_read_only(pihole: Pihole, host: Host, expect: Expect) -> None:
    """Items come and go all the same."""
    await change(pihole, "dns.hosts", [])
    with host.read_only_settings():
        await _until(pihole, read_only=True)
        shown = [
            refusal(await change(pihole, "dns.blockTTL", 9)),
            refusal(await change(pihole, "misc.readOnly", value=False)),
            (await pihole.ask("PATCH", "api/config", {})).status,
            (await pihole.ask("PUT", f"api/config/dns/hosts/{item('203.0.113.1 a')}")).status,
            await value_of(pihole, "dns.hosts"),
            (await pihole.ask("DELETE", f"api/config/dns/hosts/{item('203.0.113.1 a')}")).status,
            await value_of(pihole, "dns.hosts"),
        ]
    await _until(pihole, read_only=False)
    expect(shown)


async def _until(pihole: Pihole, *, read_only: bool) -> None:
    """Wait until it has noticed that its file was edited. Raises `TimeoutError`."""
    async with asyncio.timeout(_NOTICES_WITHIN_SECONDS):
        while await value_of(pihole, "misc.readOnly") is not read_only:  # noqa: ASYNC110 - it is elsewhere
            await asyncio.sleep(_BETWEEN_LOOKS)


async def test_switching_read_only_on(pihole: Pihole, expect: Expect) -> None:
    values: tuple[object, ...] = (True, False, "x")
    expect(await outcomes(pihole, "misc.readOnly", values))
