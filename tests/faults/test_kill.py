import pytest

from pihole_simulator import Simulator
from scripts.soaking.deeds import Plan
from scripts.soaking.kill import at_every_step
from scripts.soaking.killed_engine import Death, Victims


@pytest.mark.parametrize(("deed", "stride"), [("backup", 3), ("prune", 1)])
async def test_a_kill_at_any_step_loses_nothing_that_was_told_and_leaves_nothing_half_done(
    socket_enabled: None, deed: str, stride: int
) -> None:
    killed = 0
    async with Victims() as victims:
        # Of the many steps of a backup, a few; scripts/soak tries them all, and those of the rest.
        async for what, death in at_every_step(victims, deed, stride=stride):
            assert death.problems == [], what
            killed += death.killed

    assert killed > 10


async def test_what_a_kill_would_have_taken_is_noticed(
    socket_enabled: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Victims() as victims:
        look = victims.look

        async def taken(plan: Plan, death: Death, simulator: Simulator) -> None:
            damaged, lost, *_ = sorted(plan.store.glob("*.zip"))
            damaged.write_bytes(damaged.read_bytes()[:-1])
            lost.unlink()
            (plan.store / "rest.tmp").touch()
            await look(plan, death, simulator)

        monkeypatch.setattr(victims, "look", taken)
        _, death = await victims.kill("backup", at=1)

    told = " ".join(death.problems)
    for problem in ("is not what it was", "is not good, but shown", "is lost", "rest.tmp"):
        assert problem in told
