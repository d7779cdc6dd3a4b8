"""Items that an import brought, and that would have been refused or stored in another form."""

from typing import Final

from pihole_simulator import broken

from .conftest import Expect
from .items import ALLOW_LIST, BLOCK_LIST, CLIENT, DENY_EXACT, DENY_REGEX, Items, Kind
from .pihole import Pihole

_IMPORTED: Final[tuple[tuple[Kind, str], ...]] = (
    (DENY_EXACT, "Conformance.EXAMPLE"),
    (DENY_EXACT, "bücher.conformance.example"),
    (DENY_EXACT, "my conformance.example"),
    (DENY_EXACT, "*.conformance.example"),
    (DENY_REGEX, "conformance(["),
    (BLOCK_LIST, "https://my conformance.example/"),
    (ALLOW_LIST, "conformance\tlist"),
    (CLIENT, "my conformance"),
)
_FIRST_ID: Final = 900_001
_INTO: Final = {
    DENY_EXACT.name: "domainlist (id, domain, comment, date_added, date_modified, enabled, type)"
    " VALUES (?1, ?2, 'C', 1, 1, 0, 1)",
    DENY_REGEX.name: "domainlist (id, domain, comment, date_added, date_modified, enabled, type)"
    " VALUES (?1, ?2, 'C', 1, 1, 0, 3)",
    BLOCK_LIST.name: "adlist (id, address, comment, date_added, date_modified, enabled, type,"
    " number, invalid_domains, status, abp_entries) VALUES (?1, ?2, 'C', 1, 1, 0, 0, 0, 0, 0, 0)",
    ALLOW_LIST.name: "adlist (id, address, comment, date_added, date_modified, enabled, type,"
    " number, invalid_domains, status, abp_entries) VALUES (?1, ?2, 'C', 1, 1, 0, 1, 0, 0, 0, 0)",
    CLIENT.name: "client (id, ip, comment, date_added, date_modified) VALUES (?1, ?2, 'C', 1, 1)",
}


async def test_read_an_imported_item(pihole: Pihole, items: Items, expect: Expect) -> None:
    await _import(pihole)
    expect({name: items.seen(await items.get(kind, name)) for kind, name in _IMPORTED})


async def test_delete_an_imported_item(pihole: Pihole, items: Items, expect: Expect) -> None:
    await _import(pihole)
    half = len(_IMPORTED) // 2
    answers = {name: items.brief(await items.delete(kind, name)) for kind, name in _IMPORTED[:half]}
    for kind, name in _IMPORTED[half:]:
        answers[name] = items.brief(await items.delete_several(kind, [name]))
    left = [name for kind, name in _IMPORTED if await items.row(kind, name)]
    expect([answers, {"left": left}])


async def test_change_an_imported_item(pihole: Pihole, items: Items, expect: Expect) -> None:
    """It stays as it is: the change is refused, or makes another item."""
    await _import(pihole)
    expect(
        {
            name: {
                "put": items.outcome(kind, answer)
                if (answer := await items.put(kind, name, comment="D")).status < 400
                else items.brief(answer),
                "still": await items.state(kind, name),
                "add": items.brief(await items.add(kind, name)),
            }
            for kind, name in _IMPORTED
        }
    )


async def _import(pihole: Pihole) -> None:
    """Import the lists of the Pi-hole itself, and these."""
    archive = (await pihole.ask("GET", "api/teleporter")).body
    statements = [
        (f"INSERT INTO {_INTO[kind.name]}", (_FIRST_ID + number, name))
        for number, (kind, name) in enumerate(_IMPORTED)
    ]
    tables = ("adlist", "adlist_by_group", "domainlist", "domainlist_by_group")
    wanted = {"gravity": dict.fromkeys((*tables, "client", "client_by_group"), True)}
    await pihole.upload(broken.with_sql(archive, "", statements), wanted)
    assert await pihole.restarts_now()
