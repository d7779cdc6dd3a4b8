"""When a Pi-hole restarts, and what that is like."""

from .conftest import Expect
from .pihole import Pihole
from .seen import seen
from .settings import Table, change, patch, refusal, value_of


async def _restarts_for(pihole: Pihole, name: str, value: object, query: str = "") -> list[object]:
    answer = await change(pihole, name, value, query)
    restarts = await pihole.restarts_now()
    return [answer.status, "restarts" if restarts else "goes on", await value_of(pihole, name)]


async def test_settings_that_restart_it(pihole: Pihole, expect: Expect) -> None:
    """Those that say so: `restart_dnsmasq` in the details of all settings."""
    changes: Table = {
        "dns.cnameRecords": ["conformance.example,conformance.lan"],
        "webserver.api.maxHistory": 3600,
        "webserver.api.max_sessions": 17,
    }
    expect({name: await _restarts_for(pihole, name, value) for name, value in changes.items()})


async def test_settings_that_do_not_restart_it(pihole: Pihole, expect: Expect) -> None:
    changes: Table = {
        "dns.hosts": ["203.0.113.1 conformance"],
        "dns.blockTTL": 9,
        "dns.blocking.mode": "NX",
        "webserver.api.app_sudo": True,
        "database.maxDBdays": 90,
    }
    answer = await patch(pihole, changes)
    expect([answer.status, await pihole.restarts_now()])


async def test_less_privacy_restarts_it(pihole: Pihole, expect: Expect) -> None:
    """Although its details do not say so."""
    expect([await _restarts_for(pihole, "misc.privacylevel", level) for level in (2, 1)])


async def test_less_privacy_without_a_restart(pihole: Pihole, expect: Expect) -> None:
    """It restarts all the same, unless something else changes for which it need not."""
    await change(pihole, "misc.privacylevel", 2)
    shown = [await _restarts_for(pihole, "misc.privacylevel", 1, "?restart=false")]
    both: Table = {"misc.privacylevel": 0, "dns.cache.size": 9000}
    answer = await patch(pihole, both, "?restart=false")
    expect([*shown, answer.status, await pihole.restarts_now()])


async def test_a_refused_change_that_restarts_it(pihole: Pihole, expect: Expect) -> None:
    await change(pihole, "misc.privacylevel", 2)
    answer = await patch(pihole, {"misc.privacylevel": 1, "misc.check.disk": "x"})
    restarts = await pihole.restarts_now()
    expect([refusal(answer), restarts, await value_of(pihole, "misc.privacylevel")])


async def test_equal_values(pihole: Pihole, expect: Expect) -> None:
    names = ("dns.port", "dns.upstreams", "webserver.api.pwhash", "misc.privacylevel")
    answer = await patch(pihole, {name: await value_of(pihole, name) for name in names})
    session = await pihole.ask("GET", "api/auth")
    expect([answer.status, await pihole.restarts_now(), session.status])


async def test_the_whole_own_configuration_sent_back(pihole: Pihole, expect: Expect) -> None:
    """The stars that stand for secrets are no secrets."""
    whole = (await pihole.ask("GET", "api/config")).json
    answer = await pihole.ask("PATCH", "api/config", {"config": whole["config"]})
    session = await pihole.ask("GET", "api/auth")
    expect([answer.status, await pihole.restarts_now(), session.status])


async def test_a_change_without_a_restart(pihole: Pihole, expect: Expect) -> None:
    """It is written down; an own restart later makes it work."""
    shown = []
    for size, query in ((9000, "?restart=false"), (9001, "?restart=FALSE"), (9002, "?restart=0")):
        shown.append(await _restarts_for(pihole, "dns.cache.size", size, query))
    expect(shown)


async def test_a_restart_that_is_asked_for(pihole: Pihole, expect: Expect) -> None:
    answer = await pihole.ask("POST", "api/action/restartdns")
    shown = seen(answer)
    restarts = await pihole.restarts_now()
    session = await pihole.ask("GET", "api/auth")
    expect([shown, restarts, session.status])


async def test_a_restart_that_is_not_allowed(pihole: Pihole, expect: Expect) -> None:
    await change(pihole, "webserver.api.allow_destructive", value=False)
    shown = seen(await pihole.ask("POST", "api/action/restartdns"))
    expect([shown, await pihole.restarts_now()])


async def test_sessions_outlive_it(pihole: Pihole, expect: Expect) -> None:
    ids = [await pihole.session() for _ in range(2)]
    await pihole.ask("POST", "api/action/restartdns")
    await pihole.restarts_now()
    expect([(await pihole.ask("GET", "api/auth", sid=sid)).status for sid in ids])
