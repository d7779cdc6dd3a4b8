from http import HTTPMethod

import aiohttp
import pytest
from yarl import URL

from custom_components.pihole_checkpoint.engine.pihole.client import PiholeClient
from custom_components.pihole_checkpoint.engine.pihole.errors import (
    AppPasswordReadOnly,
    ConnectionLost,
    NotAPihole,
    SettingsRefused,
)
from custom_components.pihole_checkpoint.engine.pihole.limits import Sizes
from custom_components.pihole_checkpoint.engine.pihole.models import OwnSession
from custom_components.pihole_checkpoint.engine.pihole.session import PiholeSession
from custom_components.pihole_checkpoint.engine.pihole.settings import (
    SettingValue,
    can_be_patched,
    patch_settings,
    read_settings,
)
from pihole_simulator import Simulator, faults
from tests.support.passwords import APP_PASSWORD, PASSWORD

RACE = faults.error(400, "bad_request", "Invalid configuration", "dnsmasq: syntax check OK.")


async def values(session: PiholeSession, *names: str) -> list[SettingValue | None]:
    settings = await read_settings(session)
    return [settings[name].value for name in names]


async def test_settings_are_read_with_their_values_and_what_a_change_would_do(
    session: PiholeSession,
) -> None:
    settings = await read_settings(session)

    hosts = settings["dns.hosts"]
    assert hosts.value == ("192.168.1.10 nas.lan", "192.168.1.11 printer.lan")
    assert not hosts.is_forced
    assert not hosts.restarts
    assert settings["dns.port"].value == 53
    assert settings["dns.blocking.active"].value is True
    assert settings["dns.upstreams"].restarts
    assert settings["webserver.api.app_pwhash"].ends_sessions
    assert [name for name, info in settings.items() if info.is_forced] == [
        "webserver.api.temp.limit"
    ]
    assert len(settings) > 140


async def test_no_secret_is_among_the_settings(session: PiholeSession, pihole: Simulator) -> None:
    settings = await read_settings(session)

    for name in ("password", "pwhash", "app_pwhash", "totp_secret"):
        assert settings[f"webserver.api.{name}"].value is None
    assert not any(
        secret and secret in str(info.value)
        for secret in pihole.secrets
        for info in settings.values()
    )
    assert "nas.lan" not in repr(settings["dns.hosts"]), "a value may hold anything"


async def test_settings_with_many_values_are_read_up_to_a_limit(
    http: aiohttp.ClientSession, pihole: Simulator
) -> None:
    pihole.pihole.hosts = [f"10.0.{n >> 8}.{n & 255} host-{n}.lan" for n in range(20_000)]
    client = PiholeClient(http, URL(pihole.url), PASSWORD)
    async with client.session() as session:
        assert await values(session, "dns.hosts") == [tuple(pihole.pihole.hosts)]

    client = PiholeClient(http, URL(pihole.url), PASSWORD, sizes=Sizes(settings=100_000))
    async with client.session() as session:
        with pytest.raises(NotAPihole):
            await read_settings(session)


async def test_only_the_settings_that_are_sent_change(
    session: PiholeSession, pihole: Simulator
) -> None:
    before = await read_settings(session)
    changes: dict[str, SettingValue] = {
        "dns.hosts": ("192.168.1.9 new.lan",),
        "dns.blocking.mode": "NX",
        "dns.blocking.active": False,
        "dns.blockTTL": 7,
        "webserver.api.temp.unit": "K",
        "dns.reply.host.force4": True,
    }

    await patch_settings(session, changes)

    after = await read_settings(session)
    assert {name for name in after if after[name] != before[name]} == changes.keys()
    assert {name: after[name].value for name in changes} == changes
    assert pihole.restarts == 0


async def test_equal_values_and_those_of_forced_settings_change_nothing(
    session: PiholeSession, pihole: Simulator
) -> None:
    before = await read_settings(session)

    await patch_settings(session, {"dns.port": 53, "webserver.api.temp.limit": 61})

    assert await read_settings(session) == before
    assert pihole.restarts == 0


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("webserver.api.temp.limit", 50, "webserver.api.temp.limit: Config items set via env"),
        ("dns.port", "abc", "dns.port: "),
        ("dns.hosts", ("nonsense",), "dns.hosts"),
        ("misc.readOnly", True, "misc.readOnly: This config option can only be set in pihole.toml"),
    ],
)
async def test_one_setting_that_is_refused_keeps_all_and_is_named_with_the_reason(
    session: PiholeSession, name: str, value: SettingValue, reason: str
) -> None:
    before = await read_settings(session)

    with pytest.raises(SettingsRefused) as raised:
        await patch_settings(session, {"dns.blockTTL": 7, name: value})

    assert raised.value.placeholders["reason"].startswith(reason)
    assert await read_settings(session) == before


async def test_a_refusal_without_a_reason_is_tried_again(
    session: PiholeSession, pihole: Simulator
) -> None:
    pihole.faults.next("change of settings", RACE, times=3)

    await patch_settings(session, {"dns.blockTTL": 7})

    assert await values(session, "dns.blockTTL") == [7]


async def test_a_refusal_that_stays_is_reported(
    impatient: PiholeSession, pihole: Simulator
) -> None:
    pihole.faults.always("change of settings", RACE)

    with pytest.raises(SettingsRefused) as raised:
        await patch_settings(impatient, {"dns.blockTTL": 7})

    assert raised.value.placeholders == {"reason": "dnsmasq: syntax check OK"}


async def test_settings_that_restart_are_taken_although_the_answer_is_lost(
    session: PiholeSession, pihole: Simulator
) -> None:
    pihole.faults.next("change of settings", faults.drop_answer())

    with pytest.raises(ConnectionLost):
        await patch_settings(session, {"dns.upstreams": ("9.9.9.9",)})

    await pihole.start()
    assert await values(session, "dns.upstreams") == [("9.9.9.9",)]
    assert pihole.restarts == 1


async def test_an_app_password_reads_settings_and_changes_them_only_where_that_is_allowed(
    app_session: PiholeSession, pihole: Simulator
) -> None:
    assert await values(app_session, "dns.port") == [53]
    with pytest.raises(AppPasswordReadOnly):
        await patch_settings(app_session, {"dns.blockTTL": 7})

    pihole.pihole.settings["webserver.api.app_sudo"] = True
    await patch_settings(app_session, {"dns.blockTTL": 7})

    assert await values(app_session, "dns.blockTTL") == [7]


async def test_a_pihole_whose_settings_are_read_only_says_so_itself(
    app_session: PiholeSession, pihole: Simulator
) -> None:
    pihole.pihole.settings |= {"webserver.api.app_sudo": True, "misc.readOnly": True}

    with pytest.raises(SettingsRefused) as raised:
        await patch_settings(app_session, {"dns.blockTTL": 7})

    assert raised.value.placeholders == {"reason": "The config is currently in read-only mode"}


async def test_more_settings_than_fit_into_a_request_are_known_before(
    session: PiholeSession,
) -> None:
    hosts = tuple(f"10.0.{n >> 8}.{n & 255} host-{n}.lan" for n in range(2_500))

    assert can_be_patched({"dns.hosts": hosts[:1000]})
    await patch_settings(session, {"dns.hosts": hosts[:1000]})
    assert await values(session, "dns.hosts") == [hosts[:1000]]

    assert not can_be_patched({"dns.hosts": hosts})
    with pytest.raises(SettingsRefused):
        await patch_settings(session, {"dns.hosts": hosts})
    assert await values(session, "dns.hosts") == [hosts[:1000]]


async def test_the_pihole_knows_where_a_session_comes_from_and_whether_it_is_of_an_app(
    session: PiholeSession, app_session: PiholeSession
) -> None:
    assert await session.own_session() == OwnSession(is_app=False, address="127.0.0.1")
    assert await app_session.own_session() == OwnSession(is_app=True, address="127.0.0.1")


async def test_a_pihole_without_a_password_knows_no_session(http: aiohttp.ClientSession) -> None:
    async with (
        Simulator(password="") as pihole,
        PiholeClient(http, URL(pihole.url), APP_PASSWORD).session() as session,
    ):
        assert await session.own_session() == OwnSession()


async def test_what_is_no_setting_is_passed_over(session: PiholeSession, pihole: Simulator) -> None:
    odd = b'{"config":{"a":1,"b":{"c":[]},"d":{"value":1},"e":{"value":[1],"flags":{}},"took":1}}'
    pihole.faults.next("settings", faults.replace(odd))

    settings = await read_settings(session)

    assert settings.keys() == {"e"}
    assert settings["e"].value is None
    await session.request(HTTPMethod.GET, "api/config")
