"""What is on the disk when something depends on it, as far as the order of the calls tells.

A kill does not lose what the system has in its cache; a power cut does. So each file has to be
synced before it is renamed to where it counts, and a folder before anybody is told of what was
changed in it, or anything is deleted because of it.
"""

from pathlib import Path

import pytest

from custom_components.pihole_checkpoint.engine import files
from custom_components.pihole_checkpoint.engine.repository.folder import STAGING
from pihole_simulator import Simulator
from scripts.soaking.deeds import DEEDS, Plan, do
from scripts.soaking.steps import Step, heard
from tests.support.passwords import APP_PASSWORD


class Disk:
    """Knows what a power cut could still take away."""

    def __init__(self) -> None:
        self.files: set[Path] = set()
        """Written, and not synced."""
        self.folders: set[Path] = set()
        """With something new in it that is not synced."""
        self.wrong: list[str] = []
        self.renamed = 0

    def hear(self, step: Step) -> None:
        if step.when == "before" and step.call == "unlink" and STAGING not in step.path.parts:
            self._expect_all_synced(str(step))
        if step.when != "after":
            return
        match step.call:
            case "write":
                self.files.add(step.path)
                self._changed(step.path)
            case "fsync":
                self.files.discard(step.path)
                self.folders.discard(step.path)
            case "rename" | "replace":
                assert step.target is not None
                self.renamed += 1
                if step.path in self.files:
                    self.wrong.append(f"{step} while it was not synced")
                self._changed(step.target)
            case "mkdir":
                self._changed(step.path)
            case "unlink" | "remove":
                self.files.discard(step.path)
                # What comes back after a deletion that nobody was told of does no harm.

    def told(self, what: str, **_: object) -> None:
        if what != "moving":
            self._expect_all_synced(f"telling that it is {what}")

    def _changed(self, path: Path) -> None:
        if STAGING not in (path.name, path.parent.name):
            self.folders.add(path.parent)

    def _expect_all_synced(self, when: str) -> None:
        # What is in the staging folder counts for nothing.
        late = {path for path in self.files if path.parent.name != STAGING} | self.folders
        self.wrong += [f"{path.name or path} is not synced before {when}" for path in sorted(late)]


@pytest.fixture
def plan(tmp_path: Path, sim: Simulator) -> Plan:
    sim.auth.login_attempts_per_second = 1000
    sim.pihole.settings["webserver.api.app_sudo"] = True
    made = Plan(deed="", root=str(tmp_path), mark=None, url=sim.url, password=APP_PASSWORD)
    made.store.parent.parent.joinpath("elsewhere").mkdir()
    return made


async def live(plan: Plan, sim: Simulator) -> Disk:
    """Do all that can be done, one after the other, in one store."""
    disk = Disk()
    mark: str | None = None

    def tell(what: str, **values: object) -> None:
        nonlocal mark
        disk.told(what)
        mark = str(values["mark"]) if what == "mark" else mark

    with heard(Path(plan.root), disk.hear):
        for deed in ("first start", *["backup"] * 4, "confirmation", *DEEDS):
            if deed != "confirmation":
                sim.pihole.add_domain(f"domain-{len(sim.pihole.domains)}.example")
            ids = [path.stem[-12:] for path in sorted(plan.store.glob("*.zip"))]
            await do(
                Plan(
                    deed=deed,
                    root=plan.root,
                    mark=mark,
                    url=plan.url,
                    password=plan.password,
                    backup_id=ids[-1] if ids else "",
                ),
                tell,
            )
    return disk


async def test_each_file_and_folder_is_on_the_disk_before_anything_depends_on_it(
    plan: Plan, sim: Simulator
) -> None:
    plan.store.parent.mkdir()

    disk = await live(plan, sim)

    assert not set(disk.wrong)
    assert disk.renamed > 10, "it has heard of what was done"


async def test_a_file_that_is_renamed_before_it_is_synced_is_noticed(
    plan: Plan, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan.store.parent.mkdir()
    monkeypatch.setattr(files, "sync", lambda file: file.flush())

    assert any("while it was not synced" in it for it in (await live(plan, sim)).wrong)


async def test_a_folder_that_is_not_synced_before_a_backup_is_told_of_is_noticed(
    plan: Plan, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan.store.parent.mkdir()
    monkeypatch.setattr(files, "sync_folder", lambda _folder: None)

    told = (await live(plan, sim)).wrong
    assert any("kitchen is not synced before telling that it is stored" in it for it in told)
