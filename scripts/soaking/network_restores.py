"""Restores over a network on which anything may go wrong."""

import asyncio
from collections import Counter
from collections.abc import Coroutine, Sequence
from random import Random
from typing import Final

from custom_components.pihole_checkpoint.engine.errors import (
    RestoreDiffers,
    RestoreFailed,
    RestoreGravityFailed,
    RestoreNotBegun,
    RestorePartial,
    RestoreRefused,
)
from custom_components.pihole_checkpoint.engine.models import (
    BackupRecord,
    BackupTrigger,
    RestorePart,
)
from custom_components.pihole_checkpoint.engine.pihole.errors import CheckpointError
from custom_components.pihole_checkpoint.engine.restore.restore import RestoreRequest, RestoreResult
from pihole_simulator import Lease, configuration_of
from tests.support.kitchen import mess_up

from .finding import Finding
from .network_backups import Places
from .network_scene import SENTENCES, Scene, a_scene
from .strike import Strike, make_plan

PLACES: Final[Places] = (
    ("login", 1),
    ("export", 3),
    ("export", 3),
    ("sessions", 2),
    ("import", 1),
    ("import", 1),
    ("import", 1),
    ("import", 1),
    ("probe", 8),
    ("gravity", 1),
    ("logout", 1),
)
_ALL: Final = frozenset(RestorePart)
_FAR_OFF: Final = 4_000_000_000
_BACK_SECONDS: Final = 5.0

type _Configuration = dict[str, dict[str, object]]


class _Guide:
    """Lets everything happen, and remembers what was said."""

    def __init__(self) -> None:
        self.safety: BackupRecord | None = None

    async def with_files[T](self, work: Coroutine[object, object, T]) -> T:
        """See `Guide`."""
        return await work

    async def begin(self, safety: BackupRecord) -> None:
        """See `Guide`."""
        self.safety = safety


async def try_restores(seed: int, count: int) -> list[Finding]:
    """Restore through a network with faults, and look each time at what the Pi-hole holds."""
    failures: list[str] = []
    tally = Counter[str]()
    for number in range(count):
        plan = make_plan(Random(f"restore {seed} {number}"), PLACES)  # noqa: S311 - a trial
        async with a_scene() as scene:
            scene.tally = tally
            try:
                complaints = await _try(scene, plan)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
                complaints = [f"{type(error).__name__}: {error}"]
        told = "; ".join(map(str, plan))
        failures += [f"seed {seed}, plan {number} ({told}): {it}" for it in complaints]
    return [
        Finding(
            trial="network",
            what="restores with faults on the way",
            tried=count,
            failures=tuple(failures),
            detail=", ".join(f"{what}: {many}" for what, many in sorted(tally.items())),
        )
    ]


def _held(scene: Scene) -> _Configuration:
    return configuration_of(scene.sim.pihole, counts=False)


async def _try(scene: Scene, plan: Sequence[Strike]) -> list[str]:
    scene.sim.pihole.leases = [Lease(mac="00:11:22:33:44:66", ip="192.168.1.77", expires=_FAR_OFF)]
    wanted = _held(scene)
    backup = await scene.engine.back_up(BackupTrigger.BUTTON)
    mess_up(scene.sim.pihole)
    before, files = _held(scene), scene.files()

    scene.proxy.expect(plan)
    guide = _Guide()
    order = RestoreRequest(backup_id=backup.id, parts=_ALL)
    try:
        restored = await scene.engine.restore(order, scene.engine, guide)
    except CheckpointError as error:
        scene.tally[_name(error)] += 1
        complaints = _look_at_error(scene, error, guide, before=before, wanted=wanted)
    else:
        scene.tally["restored"] += 1
        complaints = _look_at_result(restored, guide, _held(scene), wanted)
    if guide.safety is None:
        if scene.files() != files:
            complaints.append("something was left in the store")
    elif scene.files().keys() - files.keys() != {
        guide.safety.filename,
        guide.safety.filename.removesuffix(".zip") + ".json",
    }:
        complaints.append("there are other files than the safety backup")
    elif scene.stored(guide.safety) not in scene.proxy.archives:
        complaints.append("the safety backup is not what was sent")
    complaints += scene.left_open()
    if not scene.proxy.struck:
        scene.tally["not struck"] += 1
    return complaints + await _go_on(scene, order, guide.safety, before=before, wanted=wanted)


def _name(error: CheckpointError) -> str:
    return f"{error.key} ({error.placeholders.get('reason', '')})".removesuffix(" ()")


def _look_at_result(
    restored: RestoreResult, guide: _Guide, now: _Configuration, wanted: _Configuration
) -> list[str]:
    complaints = []
    if not restored.proven:
        complaints.append(f"not proven: {[str(it.key) for it in restored.remarks]}")
    elif now != wanted:
        complaints.append("told to be restored, but is not")
    if restored.safety is None or restored.safety != guide.safety:
        complaints.append("there is no safety backup")
    return complaints


def _look_at_error(
    scene: Scene,
    error: CheckpointError,
    guide: _Guide,
    *,
    before: _Configuration,
    wanted: _Configuration,
) -> list[str]:
    now = _held(scene)
    complaints = []
    if error.key not in SENTENCES:
        complaints.append(f"{error.key} has no sentence")
    if isinstance(error, RestoreNotBegun):
        fitting = frozenset[str]().union(*(it.fitting for it in scene.proxy.struck))
        if error.placeholders["reason"] not in fitting:
            complaints.append(f"{_name(error)} is told of what is one of {sorted(fitting)}")
    if not _is_true(error, now, before=before, wanted=wanted):
        complaints.append(f"{_name(error)} is not true")
    if isinstance(error, RestoreFailed) and (
        guide.safety is None or error.placeholders["safety"] != guide.safety.filename
    ):
        complaints.append(f"{_name(error)} names a safety backup that there is not")
    return complaints


def _is_true(
    error: CheckpointError,
    now: _Configuration,
    *,
    before: _Configuration,
    wanted: _Configuration,
) -> bool:
    match error:
        case RestoreNotBegun() | RestoreRefused():
            return now == before
        case RestorePartial():
            return now != before
        case RestoreDiffers():
            return now != wanted
        case RestoreGravityFailed():
            return now == wanted
        case _:  # of others it is not known what the Pi-hole holds
            return isinstance(error, RestoreFailed)


async def wait_until_back(scene: Scene) -> None:
    """Wait for the end of a restart that may still be going on."""
    async with asyncio.timeout(_BACK_SECONDS):
        while not await scene.engine.is_reachable():  # noqa: ASYNC110 - only asking tells
            await asyncio.sleep(0.01)


async def _go_on(
    scene: Scene,
    order: RestoreRequest,
    safety: BackupRecord | None,
    *,
    before: _Configuration,
    wanted: _Configuration,
) -> list[str]:
    """Take it back, or do what could not be begun: now that all is well it works."""
    scene.proxy.expect(())
    scene.sim.auth.end_all_sessions()
    await wait_until_back(scene)
    if safety is not None:
        order = RestoreRequest(backup_id=safety.id, parts=_ALL)
    try:
        done = await scene.engine.restore(order, scene.engine, _Guide())
    except CheckpointError as error:
        return [f"the next restore failed: {_name(error)}"]
    if not done.proven or _held(scene) != (wanted if safety is None else before):
        return ["the next restore did not bring back what it should"]
    if scene.sim.sessions:
        return ["the next restore left a session"]
    return []
