"""Groups: their names, the one called Default, and what becomes of members."""

from .conftest import Expect
from .items import (
    BLOCK_LIST,
    CLIENT,
    DENY_EXACT,
    GROUP,
    MEMBERS,
    ONE_OF_EACH_TABLE,
    Items,
    Kind,
    alike,
)
from .pihole import Pihole


async def test_rename_a_group(items: Items, expect: Expect) -> None:
    group = await items.group(comment="C", enabled=False)
    await items.add(CLIENT, CLIENT.sample, groups=[group])
    renamed = await items.put(GROUP, "Conformance members", name=GROUP.sample)
    id_kept = await items.id_of(GROUP, GROUP.sample) == group
    expect(
        {
            "answer": items.seen(renamed),
            "old name": await items.state(GROUP, "Conformance members"),
            "new name": [await items.state(GROUP, GROUP.sample), {"id kept": id_kept}],
            "member": await items.state(CLIENT, CLIENT.sample),
        }
    )


async def test_rename_a_group_in_odd_ways(items: Items, expect: Expect) -> None:
    for name in (GROUP.sample, GROUP.other):
        await items.add(GROUP, name, comment="C")
    ways = {
        "to a name that is taken": (GROUP.sample, GROUP.other),
        "to its own name": (GROUP.sample, GROUP.sample),
        "to nothing": (GROUP.sample, ""),
        "to a number": (GROUP.sample, 5),
        "one that is not there": ("Conformance, not there", "Conformance C"),
    }
    answers = {}
    for way, (old, new) in ways.items():
        answers[way] = items.outcome(GROUP, await items.put(GROUP, old, name=new, comment="D"))
    left = [await items.state(GROUP, name) for name in (GROUP.sample, GROUP.other, "Conformance C")]
    expect({**answers, "afterwards": left})


async def test_names_of_groups_are_kept_as_they_are(items: Items, expect: Expect) -> None:
    names = ["Conformance", "CONFORMANCE", " Conformance ", "Conformance\t, \N{PARTY POPPER}"]
    answers = {name: items.brief(await items.add(GROUP, name)) for name in names}
    expect({name: [answer, await items.state(GROUP, name)] for name, answer in answers.items()})


async def test_change_the_default_group(items: Items, expect: Expect) -> None:
    await items.add(CLIENT, CLIENT.sample)
    disabled = await items.put(GROUP, "Default", enabled=False, comment="C")
    renamed = await items.put(GROUP, "Default", name="Conformance D")
    second = await items.add(GROUP, "Default", comment="second")
    await items.add(DENY_EXACT, DENY_EXACT.sample)
    expect(
        {
            "disabled": items.outcome(GROUP, disabled),
            "renamed": items.outcome(GROUP, renamed),
            "a second one": items.outcome(GROUP, second),
            "ids": [
                await items.id_of(GROUP, "Conformance D") == 0,
                await items.id_of(GROUP, "Default") == 0,
            ],
            "members": [
                await items.state(CLIENT, CLIENT.sample),
                await items.state(DENY_EXACT, DENY_EXACT.sample),
            ],
        }
    )


async def test_delete_a_group_with_members(items: Items, expect: Expect) -> None:
    group = await items.group()
    for kind in MEMBERS:
        await items.add(kind, kind.sample, groups=[group])
        await items.add(kind, kind.other, groups=[0, group])
    await items.add(GROUP, GROUP.sample)
    several = await items.delete_several(GROUP, [GROUP.sample, "Conformance members"])
    expect(
        {
            "with one that has none": items.brief(several),
            "that one": await items.state(GROUP, GROUP.sample),
            "alone": items.brief(await items.delete(GROUP, "Conformance members")),
            "the group": await items.state(GROUP, "Conformance members"),
            "members": [await items.state(kind, kind.sample) for kind in MEMBERS],
            "members of two": [await items.state(kind, kind.other) for kind in MEMBERS],
        }
    )


async def test_delete_the_default_group(items: Items, expect: Expect) -> None:
    group = await items.group()
    await items.put(GROUP, "Default", comment="C", enabled=False)
    await items.add(CLIENT, CLIENT.sample)
    await items.add(BLOCK_LIST, BLOCK_LIST.sample, groups=[0, group])
    deleted = await items.delete(GROUP, "Default")
    expect(
        {
            "deleted": items.brief(deleted),
            "afterwards": await items.state(GROUP, "Default"),
            "id": await items.id_of(GROUP, "Default"),
            "members": [
                await items.state(CLIENT, CLIENT.sample),
                await items.state(BLOCK_LIST, BLOCK_LIST.sample),
            ],
        }
    )


async def test_delete_group_zero_while_another_is_called_default(
    pihole: Pihole, items: Items, expect: Expect
) -> None:
    """Without group 0 nothing can be added. Where it has members, v6.0 keeps it."""
    await items.put(GROUP, "Default", name="Conformance D")
    await items.add(GROUP, ["Default", GROUP.sample])
    await items.add(CLIENT, CLIENT.other)
    deleted = await items.delete(GROUP, "Conformance D")

    async def has_group_zero() -> bool:
        return 0 in {row["id"] for row in await pihole.items("groups")}

    without = await has_group_zero()
    added = await items.add(CLIENT, CLIENT.sample)
    state = await items.state(CLIENT, CLIENT.sample)
    another = await items.delete(GROUP, GROUP.sample)
    then = await has_group_zero()
    namesake = await items.delete(GROUP, "Default")
    expect(
        {
            "deleted": items.brief(deleted),
            "group 0 is there": without,
            "a client is added": [items.brief(added), state],
            "another group is deleted": items.brief(another),
            "group 0 is there then": then,
            "the one called Default is deleted": items.brief(namesake),
            "group 0 is there in the end": await has_group_zero(),
        }
    )


async def test_give_an_id_again(pihole: Pihole, items: Items, expect: Expect) -> None:
    """No id is, until an update of the blocklists: then they go on behind the highest of each."""
    answers = {}
    for kind in (GROUP, *ONE_OF_EACH_TABLE):
        ids = []
        for _ in range(2):
            await items.add(kind, kind.sample)
            ids.append(await items.id_of(kind, kind.sample))
            await items.delete(kind, kind.sample)
        answers[kind.name] = {"the next one at once": ids[1] - ids[0]}
    await pihole.ask("POST", "api/action/gravity")
    for kind in (GROUP, *ONE_OF_EACH_TABLE):
        highest = await _highest_id(pihole, kind)
        added = await items.add_until_it_is_there(kind, kind.sample)
        answers[kind.name]["behind the highest after an update"] = added - highest
    expect(alike(answers))


async def _highest_id(pihole: Pihole, kind: Kind) -> int:
    return max([int(str(row["id"])) for row in await pihole.items(kind.plural)], default=0)
