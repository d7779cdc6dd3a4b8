"""Kills, and what a power cut could take: a few of the trials in `kill.py`."""

from dataclasses import replace
from pathlib import Path

import pytest

from pihole_simulator import Simulator
from tests.support.passwords import APP_PASSWORD

from . import hooks, kill
from .deeds import DEEDS, Plan, live
from .hooks import Kind, Step
from .kill import killing
from .world import World

pytestmark = pytest.mark.usefixtures("socket_enabled")


@pytest.mark.parametrize(
    ("deed", "stride"),
    [("backup", 4), ("prune", 2), ("prune after a loss", 1), ("adoption", 9), ("move", 7)],
)
async def test_a_kill_at_any_step_loses_nothing_that_was_reported_and_leaves_nothing_half_done(
    deed: str, stride: int
) -> None:
    killed = 0
    async with killing() as killer:
        # A few of the many steps; scripts/soak tries them all, and those of the other deeds.
        async for death in killer.at_every_step(deed, stride=stride):
            assert death.wrong == [], death.what
            killed += death.killed

    assert killed >= 4


async def test_the_trial_notices_what_a_kill_would_have_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    look = kill.look

    async def taken(world: World, *, killed: bool) -> list[str]:
        folder = world.plan.folder
        damaged, lost, *_ = sorted(folder.glob("pihole_*.zip"))
        damaged.write_bytes(damaged.read_bytes()[:-1])
        lost.unlink()
        (folder / "rest.tmp").touch()
        return await look(world, killed=killed)

    monkeypatch.setattr(kill, "look", taken)
    async with killing() as killer:
        wrong = " ".join((await killer.kill("backup", at=1)).wrong)

    for problem in ("is not what it was", "is not what its record says", "is lost", "rest.tmp"):
        assert problem in wrong


class PowerCut:
    """Knows what a power cut could take away: a kill does not lose what the system has cached.

    Each file has to be synced before it is renamed to where it counts, and a folder before anything
    is reported of it, or deleted because of it.
    """

    def __init__(self) -> None:
        self.files: set[Path] = set()
        """Written, and not synced."""
        self.folders: set[Path] = set()
        """Those with a new file that is not synced."""
        self.wrong: list[str] = []
        self.renamed = 0

    def hear(self, step: Step) -> None:
        is_staged = step.path.parent.name == ".staging"
        if step.when == "before" and step.kind is Kind.UNLINK and not is_staged:
            self.expect_all_synced(str(step))
        if step.when != "after":
            return
        match step.kind:
            case Kind.WRITE:
                self.files.add(step.path)
            case Kind.CREATE | Kind.MKDIR:
                self._changed(step.path)
            case Kind.FSYNC | Kind.FSYNC_FOLDER:
                self.files.discard(step.path)
                self.folders.discard(step.path)
            case Kind.RENAME if step.target is not None:
                self.renamed += 1
                if step.path in self.files:
                    self.wrong.append(f"{step} while it was not synced")
                self._changed(step.target)
            case Kind.UNLINK:  # it may come back until the deletion is reported
                self.files.discard(step.path)

    def _changed(self, path: Path) -> None:
        if ".staging" not in (path.name, path.parent.name):
            self.folders.add(path.parent)

    def expect_all_synced(self, when: str) -> None:
        # What is in the staging folder counts for nothing.
        late = {path for path in self.files if path.parent.name != ".staging"} | self.folders
        self.wrong += [f"{path.name} is not synced before {when}" for path in sorted(late)]


@pytest.fixture
def plan(tmp_path: Path, sim: Simulator) -> Plan:
    sim.auth.login_attempts_per_second = 1000
    sim.pihole.settings["webserver.api.app_sudo"] = True
    made = Plan(deed="", root=str(tmp_path), url=sim.url, password=APP_PASSWORD)
    made.folder.parent.mkdir()
    made.elsewhere.parent.mkdir()
    made.upload.parent.mkdir()
    return made


async def do_all(plan: Plan, sim: Simulator) -> PowerCut:
    """Do all that can be done, one after the other, in one folder."""
    disk = PowerCut()
    values = {"repository_id": ""}

    def report(what: str, **more: str) -> None:
        if what != "moving":
            disk.expect_all_synced(f"it is reported that it is {what}")
        values.update(more)

    with hooks.short_times(), hooks.watched_disk(Path(plan.root), disk.hear):
        loss = "prune after a loss"  # after which little is left
        others = (name for name in DEEDS if name != loss)
        for deed in ("first start", *["backup"] * 4, loss, *["backup"] * 4, *others):
            if deed != "confirmation":
                sim.pihole.add_domain(f"domain-{len(sim.pihole.domains)}.example")
            archives = sorted(plan.folder.glob("*.zip"))
            if archives:
                plan.upload.write_bytes(archives[0].read_bytes())
                disk.files.discard(plan.upload)
                disk.folders.discard(plan.upload.parent)
            about = archives[-1].stem[-12:] if archives else ""
            known = values["repository_id"] or None
            await live(replace(plan, deed=deed, repository_id=known, backup_id=about), report)
    return disk


async def test_each_file_and_folder_is_on_the_disk_before_anything_depends_on_it(
    plan: Plan, sim: Simulator
) -> None:
    disk = await do_all(plan, sim)

    assert not set(disk.wrong)
    assert disk.renamed > 10, "the trial has seen the steps"


@pytest.mark.parametrize(
    ("bug", "complaint"),
    [
        ("sync", "while it was not synced"),
        ("folder sync", "kitchen is not synced before it is reported"),
    ],
)
async def test_the_trial_notices_what_is_relied_on_before_it_is_synced(
    plan: Plan, sim: Simulator, bug: hooks.Bug, complaint: str
) -> None:
    with hooks.bug(bug):
        disk = await do_all(plan, sim)

    assert any(complaint in item for item in disk.wrong)
