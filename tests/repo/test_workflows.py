"""What runs at GitHub, as far as it can be looked at here."""

from collections.abc import Iterator
import os
from pathlib import Path
import re
import shlex
import subprocess
from typing import Any

import pytest

from homeassistant.util.yaml import load_yaml_dict

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
WITHOUT_VERSIONS = {"home-assistant/actions/hassfest@master", "hacs/action@main"}
SCRIPT = re.compile(r"(?<![\w./])(?:scripts|\.ci)/[\w-]+")

each_workflow = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)


def jobs(path: Path) -> list[dict[str, Any]]:
    """Return those with steps of their own."""
    return [job for job in load_yaml_dict(path)["jobs"].values() if "uses" not in job]


def steps(path: Path) -> Iterator[dict[str, Any]]:
    for job in jobs(path):
        yield from job["steps"]


def test_the_workflows_are_the_known_ones() -> None:
    assert [path.stem for path in WORKFLOWS] == ["live", "nightly", "release", "test", "validate"]


@each_workflow
def test_nothing_may_write_but_the_job_that_releases(path: Path) -> None:
    workflow = load_yaml_dict(path)
    assert workflow["permissions"] == {"contents": "read"}
    may = [job["permissions"] for job in workflow["jobs"].values() if "permissions" in job]
    assert may == ([{"contents": "write"}] if path.stem == "release" else [])


@each_workflow
def test_every_job_has_an_end(path: Path) -> None:
    assert all(0 < job["timeout-minutes"] <= 60 for job in jobs(path))


@each_workflow
def test_actions_are_pinned_by_their_major_version(path: Path) -> None:
    used = [step["uses"] for step in steps(path) if "uses" in step]
    assert "actions/checkout@v5" in used
    for action in {*used} - WITHOUT_VERSIONS:
        assert re.fullmatch(r"[\w./-]+@v[0-9]+", action)


@each_workflow
def test_what_is_run_is_bash_and_its_scripts_are_there(path: Path) -> None:
    for step in steps(path):
        if (said := step.get("run")) is None:
            continue
        checked = subprocess.run(
            ["/usr/bin/env", "bash", "-n"], input=said, text=True, capture_output=True, check=False
        )
        assert not checked.stderr
        for script in SCRIPT.findall(said):
            assert (ROOT / script).is_file(), script
            assert os.access(ROOT / script, os.X_OK) or f"bash {script}" in said, script
        for folder in re.findall(r"(?<![\w./])tests/\w+", said):
            assert (ROOT / folder).is_dir(), folder


def test_what_ci_runs_together_runs_at_github_in_jobs_of_their_own() -> None:
    whole = shlex.split((ROOT / ".ci/run").read_text().replace("\\\n", ""), comments=True)
    together = whole[whole.index("--at-once") + 2 :]

    ran = [job["steps"][-1]["run"] for job in jobs(ROOT / ".github/workflows/test.yml")]

    assert len(together) == 7
    assert sorted(ran) == sorted(together)


def test_a_browser_is_there_where_one_is_needed() -> None:
    for job in jobs(ROOT / ".github/workflows/test.yml"):
        said = [step.get("run", "") for step in job["steps"]]
        if said[-1] in ("scripts/test --quiet tests/browser", "scripts/test-on 2026.11"):
            assert said[-2] == "sudo scripts/chromium-from-debian"


@each_workflow
def test_a_workflow_that_another_one_calls_lets_itself_be_called(path: Path) -> None:
    for job in load_yaml_dict(path)["jobs"].values():
        if (called := job.get("uses")) is not None:
            assert "workflow_call" in load_yaml_dict(ROOT / called)[True]


def test_nothing_is_released_before_it_was_tried_on_real_piholes() -> None:
    released = load_yaml_dict(ROOT / ".github/workflows/release.yml")["jobs"]
    needed = released[released["release"]["needs"]]
    assert needed["uses"] == "./.github/workflows/live.yml"


def test_the_guide_names_the_piholes_that_are_tried() -> None:
    [job] = [flow for flow in jobs(ROOT / ".github/workflows/live.yml") if "strategy" in flow]
    tried = [item["version"] for item in job["strategy"]["matrix"]["include"]]
    named = f"{', '.join(tried[:-1])} and {tried[-1]}"
    assert named in " ".join((ROOT / "docs/guide/install.md").read_text().split())
