"""Backups over a network on which anything may go wrong."""

from collections.abc import Sequence
from hashlib import sha256
from random import Random
from typing import Final

from custom_components.pihole_checkpoint.engine.models import BackupTrigger
from custom_components.pihole_checkpoint.engine.pihole.errors import CheckpointError
from pihole_simulator.fault_plan import Place

from .finding import Finding
from .network_scene import Scene, a_scene, wrong_sentence
from .strike import Strike, make_plan

type Places = Sequence[tuple[Place, int]]
"""Where a fault may strike, and how many requests there may be."""

PLACES: Final[Places] = (
    ("probe", 1),
    ("login", 1),
    ("login", 1),
    ("login", 2),
    ("export", 1),
    ("export", 1),
    ("export", 1),
    ("version", 1),
    ("logout", 1),
    ("logout", 2),
)
_TO_NO_HARM: Final = {"version", "logout", "probe"}
"""A backup does not need these."""


async def try_backups(seed: int, count: int) -> list[Finding]:
    """Back up through a network with faults, and look each time at what is left."""
    failures: list[str] = []
    async with a_scene() as scene:
        for number in range(count):
            plan = make_plan(Random(f"backup {seed} {number}"), PLACES)  # noqa: S311 - a trial
            try:
                complaints = await _try(scene, plan)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
                complaints = [f"{type(error).__name__}: {error}"]
            told = "; ".join(map(str, plan))
            failures += [f"seed {seed}, plan {number} ({told}): {it}" for it in complaints]
            await scene.tidy()
    return [
        Finding(
            trial="network",
            what="backups with faults on the way",
            tried=count,
            failures=tuple(failures),
            detail=", ".join(f"{what}: {many}" for what, many in sorted(scene.tally.items())),
        )
    ]


async def _try(scene: Scene, plan: Sequence[Strike]) -> list[str]:
    before = scene.files()
    scene.proxy.expect(plan)
    complaints = await _probe(scene)
    try:
        record = await scene.engine.back_up(BackupTrigger.BUTTON)
    except CheckpointError as error:
        struck = [it for it in scene.proxy.struck if it.place not in _TO_NO_HARM]
        fitting = frozenset[str]().union(*(it.fitting for it in struck))
        complaints += wrong_sentence(error, fitting)
        scene.tally[error.key] += 1
        if scene.files() != before:
            complaints.append("something was left in the store")
        if scene.engine.records:
            complaints.append("there is a record")
    else:
        scene.tally["backed up"] += 1
        stored = scene.stored(record)
        if stored not in scene.proxy.archives:
            complaints.append("what is stored is not what was sent")
        if record.sha256 != sha256(stored).hexdigest() or scene.engine.records != (record,):
            complaints.append("the record is not of what is stored")
        if len(scene.files()) != len(before) + 2:
            complaints.append("there are other files than an archive and its record")
    complaints += scene.left_open()
    if not scene.proxy.struck:
        scene.tally["not struck"] += 1
    return complaints + await _back_up_without_faults(scene)


async def _probe(scene: Scene) -> list[str]:
    try:
        await scene.client.probe()
    except CheckpointError as error:
        return wrong_sentence(
            error, frozenset[str]().union(*(it.fitting for it in scene.proxy.struck))
        )
    return []


async def _back_up_without_faults(scene: Scene) -> list[str]:
    scene.sim.auth.end_all_sessions()
    scene.proxy.expect(())
    try:
        await scene.client.probe()
        record = await scene.engine.back_up(BackupTrigger.BUTTON)
    except CheckpointError as error:
        return [f"the next backup failed: {error.key}"]
    if [scene.stored(record)] != scene.proxy.archives or scene.sim.sessions:
        return ["the next backup is another one, or left a session"]
    return []
