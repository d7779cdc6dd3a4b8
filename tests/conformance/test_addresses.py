"""Which address leads where, and what is at addresses that lead nowhere."""

from time import perf_counter
from typing import cast

import aiohttp

from .conftest import Expect
from .pihole import Host, Pihole
from .plain_http import ConnectionCut
from .seen import Plain, seen
from .settings import change

_HALF_THE_COST = 0.02


async def test_addresses_that_people_type(pihole: Pihole, expect: Expect) -> None:
    paths = (
        "",
        "admin",
        "admin/",
        "admin/login",
        "admin/api.php",
        "admin/api.php?version",
        "admin/nothing",
        "nothing",
    )
    expect({f"/{path}": await _page(pihole, path) for path in paths})


async def test_the_api_at_addresses_that_are_not_quite_right(
    pihole: Pihole, expect: Expect
) -> None:
    paths = ("api", "api/", "api/auth/", "api/nothing", "api/auth/nothing", "API/auth", "api//auth")
    answers = {path: await pihole.ask("GET", path) for path in paths}
    expect({f"/{path}": seen(answer) for path, answer in answers.items()})


async def test_methods_that_there_are_not(pihole: Pihole, expect: Expect) -> None:
    asked = [("PUT", "api/auth"), ("POST", "api/info/version"), ("DELETE", "api/teleporter")]
    asked += [("PATCH", "api/groups"), ("OPTIONS", "api/auth")]
    expect([{"asked": request, **seen(await pihole.ask(*request, sid=None))} for request in asked])


async def test_a_port_that_redirects(pihole: Pihole, expect: Expect) -> None:
    if (url := pihole.redirecting_url) is None or (secure := pihole.tls_url) is None:
        expect.cannot_be_asked("no port redirects to https")
    answers: list[Plain] = []
    for method, path in (
        ("GET", ""),
        ("GET", "api/auth"),
        ("POST", "api/auth"),
        ("GET", "admin/login?a=b"),
    ):
        answer = await pihole.ask(method, path, sid=None, url=url)
        shown = seen(answer, "Location")
        shown["location"] = str(shown["location"]).replace(str(secure.port), "<https port>")
        answers.append({"asked": f"{method} /{path}", **shown})
    expect(answers)


async def test_a_port_that_redirects_after_another_domain_was_set(
    pihole: Pihole, expect: Expect
) -> None:
    if (url := pihole.redirecting_url) is None or (secure := pihole.tls_url) is None:
        expect.cannot_be_asked("no port redirects to https")
    await change(pihole, "webserver.domain", "conformance.example")
    await pihole.restarts_now()
    answer = await pihole.ask("GET", "api/auth", sid=None, url=url)
    location = answer.header("location") or ""
    expect([answer.status, location.replace(str(secure.port), "<https port>")])


async def test_http_at_a_port_for_https(pihole: Pihole, expect: Expect) -> None:
    if (secure := pihole.tls_url) is None:
        expect.cannot_be_asked("no port is for https")
    try:
        answer = await pihole.ask("GET", "api/auth", sid=None, url=secure.with_scheme("http"))
    except ConnectionCut:
        expect("the connection is closed without an answer")
    else:
        expect(seen(answer))


async def test_the_login_page_is_announced(pihole: Pihole, expect: Expect) -> None:
    answer = await pihole.ask("GET", "api/info/login", sid=None)
    shown = answer.json
    port = pihole.tls_url.port if pihole.tls_url else 0
    expect(
        {
            "status": answer.status,
            **{
                name: value if value != port else "<https port>"
                for name, value in shown.items()
                if name != "took"
            },
        }
    )


async def test_the_versions(pihole: Pihole, expect: Expect) -> None:
    answer = await pihole.ask("GET", "api/info/version")
    parts = cast("dict[str, object]", answer.json["version"])
    expect(_forms({name: part for name, part in parts.items() if name != "docker"}))


async def test_the_versions_where_they_are_not_known(
    pihole: Pihole, host: Host, expect: Expect
) -> None:
    """Two answers come at once: what is read next from that connection is no HTTP."""
    with host.without_versions():
        answer = await pihole.ask("GET", "api/info/version")
    expect(seen(answer))


async def test_the_host(pihole: Pihole, expect: Expect) -> None:
    answer = await pihole.ask("GET", "api/info/host")
    host = answer.json["host"]
    assert isinstance(host, dict)
    expect({"status": answer.status, "uname": sorted(host["uname"])})


async def test_the_name_of_the_host_is_that_in_the_name_of_an_archive(
    pihole: Pihole, expect: Expect
) -> None:
    """It's for those who are logged in."""
    answer = await pihole.ask("GET", "api/info/host")
    host = cast("dict[str, dict[str, str]]", answer.json["host"])
    archive = await pihole.ask("GET", "api/teleporter")
    begin = f"pi-hole_{host['uname']['nodename']}_teleporter_"
    expect(
        {
            "without a session": (await pihole.ask("GET", "api/info/host", sid=None)).status,
            "is in the archive's name": begin in (archive.header("content-disposition") or ""),
        }
    )


async def test_a_kept_connection_is_slower_than_a_new_one(pihole: Pihole, expect: Expect) -> None:
    """The first few answers on a connection are acknowledged at once; 20 ms are half the cost."""
    kept: list[float] = []
    new: list[float] = []
    for times, force_close in ((kept, False), (new, True)):
        connector = aiohttp.TCPConnector(force_close=force_close)
        async with aiohttp.ClientSession(connector=connector) as http:
            for _ in range(10):
                begun = perf_counter()
                async with http.get(pihole.url / "api/auth") as response:
                    await response.read()
                times.append(perf_counter() - begun)
    expect(min(kept[5:]) - min(new) > _HALF_THE_COST)


async def _page(pihole: Pihole, path: str) -> Plain:
    """Return what is seen of a page, with the port replaced in the address it leads to."""
    answer = await pihole.ask("GET", path, sid=None)
    shown = seen(answer, "Location", "Content-Type")
    if location := answer.header("location"):
        shown["location"] = location.replace(str(pihole.url.authority), "<here>")
    return shown


def _forms(value: object) -> object:
    """Return the names in an answer, with the types of their values."""
    if isinstance(value, dict):
        return {name: _forms(part) for name, part in value.items()}
    return "text" if isinstance(value, str) else value
