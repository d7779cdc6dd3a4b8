"""Which settings there are, and how they are shown."""

from collections.abc import Iterator
from typing import cast

from .conftest import Expect
from .pihole import Pihole
from .settings import Table, flat, without_hashes

_SECRETS = ("pwhash", "password", "totp_secret", "app_pwhash")


async def _about(pihole: Pihole, section: str) -> Table:
    """Return type, default, flags and allowed values of each setting in a section."""
    answer = await pihole.ask("GET", f"api/config/{section}?detailed=true")
    return {
        name: [*_about_one(cast("Table", setting))] for name, setting in flat(answer.json["config"])
    }


def _about_one(details: Table) -> Iterator[object]:
    yield details["type"]
    yield details["default"]
    yield from (name for name, is_set in cast("Table", details["flags"]).items() if is_set)
    if isinstance(allowed := details["allowed"], list):
        yield [choice["item"] for choice in allowed]


async def test_the_settings_of_dns(pihole: Pihole, expect: Expect) -> None:
    expect(await _about(pihole, "dns"))


async def test_the_settings_of_dhcp(pihole: Pihole, expect: Expect) -> None:
    expect(await _about(pihole, "dhcp"))


async def test_the_settings_of_ntp(pihole: Pihole, expect: Expect) -> None:
    expect(await _about(pihole, "ntp"))


async def test_the_settings_of_the_resolver(pihole: Pihole, expect: Expect) -> None:
    expect(await _about(pihole, "resolver"))


async def test_the_settings_of_the_database(pihole: Pihole, expect: Expect) -> None:
    expect(await _about(pihole, "database"))


async def test_the_settings_of_the_web_server(pihole: Pihole, expect: Expect) -> None:
    expect(await _about(pihole, "webserver"))


async def test_the_settings_of_files(pihole: Pihole, expect: Expect) -> None:
    expect(await _about(pihole, "files"))


async def test_the_settings_of_misc(pihole: Pihole, expect: Expect) -> None:
    expect(await _about(pihole, "misc"))


async def test_the_settings_of_debugging(pihole: Pihole, expect: Expect) -> None:
    expect(await _about(pihole, "debug"))


async def test_all_settings_in_their_order(pihole: Pihole, expect: Expect) -> None:
    """The order is that of the file, and a refused change depends on it."""
    plain = (await pihole.ask("GET", "api/config")).json
    detailed = (await pihole.ask("GET", "api/config?detailed=true")).json
    names = [name for name, _ in flat(plain["config"])]
    same = names == [name for name, _ in flat(detailed["config"])]
    sections = list(cast("Table", plain["config"]))
    expect([len(names), same, sections, [name for name in names if name.count(".") == 1]])


async def test_what_comes_with_the_settings(pihole: Pihole, expect: Expect) -> None:
    queries = ("", "?detailed=false", "?detailed=true", "?detailed=TRUE", "?detailed=1")
    expect({name: list((await pihole.ask("GET", f"api/config{name}")).json) for name in queries})


async def test_what_comes_with_one_setting(pihole: Pihole, expect: Expect) -> None:
    answer = await pihole.ask("GET", "api/config/dns/blockTTL?detailed=true")
    [(name, details)] = flat(answer.json["config"])
    expect({name: {**cast("Table", details), "description": "...", "allowed": "..."}})


async def test_settings_below_a_path(pihole: Pihole, expect: Expect) -> None:
    """A path that leads nowhere is no error."""
    paths = (
        *("dns/blocking", "dns/blocking/", "dns/blocking/mode", "dns/blocking/mode/"),
        *("dns//blocking", "DNS/blocking", "dns/nothing", "nothing", "/"),
        *("dns/blocking/mode/NULL", "dns/hosts", "dns/hosts/203.0.113.1%20conformance"),
        *("webserver/api/temp", "webserver%2Fapi%2Ftemp", "webserver/api/temp/limit/61"),
    )
    shown = {}
    for path in paths:
        answer = await pihole.ask("GET", f"api/config/{path}")
        shown[path] = [answer.status, *(name for name, _ in flat(answer.json["config"]))]
    expect(shown)


async def test_whether_app_passwords_may_change_settings(pihole: Pihole, expect: Expect) -> None:
    answer = await pihole.ask("GET", "api/config/webserver/api/app_sudo")
    expect({"status": answer.status, "config": answer.json["config"]})


async def test_secrets_are_shown_or_masked(pihole: Pihole, expect: Expect) -> None:
    """The hashes of the passwords are shown to every session."""
    shown = {}
    for query in ("", "?detailed=true"):
        answer = await pihole.ask("GET", f"api/config/webserver/api{query}")
        values = dict(flat(answer.json["config"]))
        shown[query] = {
            name: without_hashes(value["value"] if isinstance(value, dict) else value)
            for name, value in values.items()
            if name.endswith(_SECRETS)
        }
    expect(shown)
