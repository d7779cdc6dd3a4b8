"""PUT and DELETE of one item of a list among the settings."""

from .conftest import Expect
from .pihole import Pihole, item
from .seen import seen
from .settings import change, patch, value_of

_HOST = "203.0.113.1 conformance"


async def _with(pihole: Pihole, method: str, path: str) -> object:
    return seen(await pihole.ask(method, f"api/config/{path}"))


async def _ours(pihole: Pihole, name: str) -> list[str]:
    """Return the items that a question added."""
    items = await value_of(pihole, name)
    return [entry for entry in items if "203.0.113." in entry] if isinstance(items, list) else []


async def test_an_item_comes_and_goes(pihole: Pihole, expect: Expect) -> None:
    path = f"dns/hosts/{item(_HOST)}"
    shown = [
        [await _with(pihole, method, path), await _ours(pihole, "dns.hosts")]
        for method in ("PUT", "PUT", "DELETE", "DELETE")
    ]
    expect([*shown, await pihole.restarts_now()])


async def test_items_that_are_checked(pihole: Pihole, expect: Expect) -> None:
    await change(pihole, "dns.hosts", [])
    items = ("nonsense", "203.0.113.1", "203.0.113.2  b", "203.0.113.3 ä", "203.0.113.4 a#b")
    shown = [await _with(pihole, "PUT", f"dns/hosts/{item(entry)}") for entry in items]
    expect([*shown, await _ours(pihole, "dns.hosts")])


async def test_an_item_with_a_slash(pihole: Pihole, expect: Expect) -> None:
    """There is no way to name it: the whole array has to be sent."""
    entry = "true,203.0.113.0/24,203.0.113.1"
    shown = [await _with(pihole, "PUT", f"dns/revServers/{name}") for name in (entry, item(entry))]
    shown.append((await change(pihole, "dns.revServers", [entry])).status)
    await pihole.restarts_now()
    shown.append(await _with(pihole, "DELETE", f"dns/revServers/{item(entry)}"))
    expect([*shown, await _ours(pihole, "dns.revServers")])


async def test_items_of_settings_that_are_not_arrays(pihole: Pihole, expect: Expect) -> None:
    paths = (
        *("", "dns", "dns/hosts", "dns/hosts/", "dns/nothing/x", "nothing/x", "nothing/hosts/x"),
        *("dns/blockTTL/9", "dns/blocking/mode/NX", "DNS/hosts/203.0.113.1%20x"),
    )
    expect(
        {
            f"{name} {path}": await _with(pihole, name, path)
            for path in paths
            for name in ("PUT", "DELETE")
        }
    )


async def test_items_of_arrays_deeper_down(pihole: Pihole, expect: Expect) -> None:
    path = "webserver/api/excludeDomains/203.0.113.1"
    shown = [await _with(pihole, "PUT", path)]
    shown.append(await _ours(pihole, "webserver.api.excludeDomains"))
    expect([*shown, await _with(pihole, "DELETE", path)])


async def test_an_item_that_is_there_twice(pihole: Pihole, expect: Expect) -> None:
    await patch(pihole, {"dns.hosts": [_HOST, "203.0.113.2 other", _HOST]})
    shown = await _with(pihole, "DELETE", f"dns/hosts/{item(_HOST)}")
    expect([shown, await _ours(pihole, "dns.hosts")])


async def test_an_item_of_an_array_that_restarts(pihole: Pihole, expect: Expect) -> None:
    shown: list[object] = []
    for method in ("PUT", "DELETE"):
        path = "dns/upstreams/203.0.113.1"
        shown.append([await _with(pihole, method, path), await pihole.restarts_now()])
    expect(shown)


async def test_an_item_that_the_dns_server_refuses(pihole: Pihole, expect: Expect) -> None:
    answer = await pihole.ask("PUT", f"api/config/dns/upstreams/{item('203.0.113.1#x')}")
    expect([answer.status, await _ours(pihole, "dns.upstreams"), await pihole.restarts_now()])


async def test_an_item_without_a_restart(pihole: Pihole, expect: Expect) -> None:
    shown: list[object] = []
    for method in ("PUT", "DELETE"):
        path = "dns/upstreams/203.0.113.1?restart=false"
        shown.append([await _with(pihole, method, path), await pihole.restarts_now()])
    expect([*shown, await _ours(pihole, "dns.upstreams")])
