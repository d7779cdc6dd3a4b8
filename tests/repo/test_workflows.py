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
PINNED = re.compile(r"[\w./-]+@[0-9a-f]{40} # (?:v[0-9]+(?:\.[0-9]+){2}|main|master)")
CONSTRAINTS = sorted(ROOT.glob("constraints*.txt"))
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
def test_nothing_may_write_but_the_job_that_publishes(path: Path) -> None:
    workflow = load_yaml_dict(path)
    assert workflow["permissions"] == {"contents": "read"}
    may = {
        name: job["permissions"] for name, job in workflow["jobs"].items() if "permissions" in job
    }
    rights = {"contents": "write", "id-token": "write", "attestations": "write"}
    assert may == ({"publish": rights} if path.stem == "release" else {})


def test_the_job_that_publishes_runs_nothing_of_this_repository_nor_of_a_registry() -> None:
    publish = load_yaml_dict(ROOT / ".github/workflows/release.yml")["jobs"]["publish"]
    used = [step["uses"].partition("@")[0] for step in publish["steps"] if "uses" in step]
    assert used == ["actions/download-artifact", "actions/attest"]
    run = [step["run"].split()[0] for step in publish["steps"] if "run" in step]
    assert run == ["sha256sum", "case"]
    assert "gh release create" in publish["steps"][-1]["run"]


def test_the_zip_is_built_where_nothing_is_installed() -> None:
    build = load_yaml_dict(ROOT / ".github/workflows/release.yml")["jobs"]["build"]
    [said] = [step["run"] for step in build["steps"] if "run" in step]
    assert {*SCRIPT.findall(said)} == {"scripts/release"}
    assert "scripts/setup" not in (ROOT / "scripts/release").read_text()


def test_the_zip_is_released_with_its_checksum_and_an_attestation() -> None:
    released = load_yaml_dict(ROOT / ".github/workflows/release.yml")["jobs"]
    *_, upload = released["build"]["steps"]
    assert upload["with"]["path"].split() == [
        "notes.md",
        "pihole_checkpoint.zip",
        "pihole_checkpoint.zip.sha256",
    ]
    _, _, attest, create = released["publish"]["steps"]
    assert attest["with"] == {"subject-path": "pihole_checkpoint.zip"}
    assert "pihole_checkpoint.zip pihole_checkpoint.zip.sha256" in create["run"]


@each_workflow
def test_no_job_keeps_the_token_in_its_folder(path: Path) -> None:
    for step in steps(path):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


@each_workflow
def test_every_job_has_an_end(path: Path) -> None:
    assert all(0 < job["timeout-minutes"] <= 60 for job in jobs(path))


@each_workflow
def test_actions_are_pinned_by_a_hash_that_names_what_it_is(path: Path) -> None:
    used = re.findall(r"uses: (?!\./)(.+)", path.read_text())
    assert used
    assert [action for action in used if not PINNED.fullmatch(action)] == []


def test_pinned_actions_are_kept_fresh() -> None:
    kept = load_yaml_dict(ROOT / ".github/dependabot.yml")["updates"]
    assert "github-actions" in [update["package-ecosystem"] for update in kept]


@pytest.mark.parametrize("path", CONSTRAINTS, ids=lambda path: path.name)
def test_every_package_has_its_hashes_and_names_no_registry(path: Path) -> None:
    text = path.read_text()
    assert "://" not in text
    assert "--index" not in text
    packages = text.replace("\\\n", "").splitlines()
    assert len(packages) > 100
    for package in packages:
        assert re.match(r"[\w.-]+==[\w.!+-]+ ", package), package
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", package), package


def test_no_release_of_home_assistant_is_installed_without_hashes() -> None:
    for script in ("setup", "test-on"):
        installs = re.findall(r"pip install (?:\\\n|.)+", (ROOT / "scripts" / script).read_text())
        assert installs
        assert all("--require-hashes" in install for install in installs)
    releases = re.findall(r"^  (\d+\.\d+)\)$", (ROOT / "scripts/test-on").read_text(), re.MULTILINE)
    names = ["constraints.txt", *(f"constraints-{release}.txt" for release in releases)]
    assert [path.name for path in CONSTRAINTS] == sorted(names)


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

    assert len(together) == 6
    assert sorted(ran) == sorted([*together, "scripts/test --quiet tests/browser"])


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


def test_nothing_is_released_before_all_tests_passed_also_on_real_piholes() -> None:
    released = load_yaml_dict(ROOT / ".github/workflows/release.yml")["jobs"]
    assert {*released["publish"]["needs"]} == {*released} - {"publish"}
    assert released["piholes"]["uses"] == "./.github/workflows/live.yml"
    assert released["test"]["steps"][-1]["run"] == "bash .ci/run"


def test_the_guide_names_the_piholes_that_are_tried() -> None:
    [job] = [flow for flow in jobs(ROOT / ".github/workflows/live.yml") if "strategy" in flow]
    tried = [item["version"] for item in job["strategy"]["matrix"]["include"]]
    named = f"{', '.join(tried[:-1])} and {tried[-1]}"
    assert named in " ".join((ROOT / "docs/guide/install.md").read_text().split())
