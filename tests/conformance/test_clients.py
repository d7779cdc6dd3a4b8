"""Clients: how they are named."""

from .conftest import Expect
from .items import CLIENT, Items
from .pihole import Pihole


async def test_what_is_stored_of_a_client(items: Items, expect: Expect) -> None:
    """It is kept as it is, and not looked at."""
    answers = {}
    for name in (
        *("192.0.2.7", "192.0.2.0/24", "192.0.2.7/99", "999.1.1.1", "2001:db8::7", "2001:DB8::7"),
        *("2001:db8:0::7", "AA:BB:CC:00:11:22", "aa:bb:cc:00:11:22", "conformance", "CONFORMANCE"),
        *(":conformance0", "bücher", "con/formance", "conformance;a", "my conformance", "a\tb"),
    ):
        answer = await items.add(CLIENT, name, comment="C")
        row = await items.row(CLIENT, name)
        answers[name] = [items.brief(answer), {"kept": row is not None and row["client"] == name}]
    expect(answers)


async def test_send_fields_that_a_client_has_not(items: Items, expect: Expect) -> None:
    answer = await items.add(CLIENT, CLIENT.sample, name="Tablet", enabled=False, id=5000)
    row = await items.row(CLIENT, CLIENT.sample)
    assert row is not None
    expect([items.seen(answer), {"fields": sorted(row), "id": row["id"] == 5000}])


async def test_suggest_clients(pihole: Pihole, items: Items, expect: Expect) -> None:
    """So one of that name can be added, and is not read."""
    added = await items.add(CLIENT, "_suggestions")
    suggested = await pihole.ask("GET", "api/clients/_suggestions")
    deleted = await items.delete(CLIENT, "_suggestions")
    fields = [key for key in suggested.json if key != "took"]
    expect([items.brief(added), {"suggested": [suggested.status, fields]}, items.brief(deleted)])
