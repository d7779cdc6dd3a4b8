"""How `scripts/test` and `.ci/run` run several commands at the same time."""

from pathlib import Path
import signal
import subprocess
import sys
import time

import pytest

ROOT = Path(__file__).parents[2]
TOGETHER = (sys.executable, "-m", "scripts.together")
SLEEPER = """\
import pathlib, sys, time
folder = pathlib.Path(sys.argv[1])
try:
    (folder / "begun").mkdir()
    time.sleep(60)
except KeyboardInterrupt:
    (folder / "ended").mkdir()
    print("tidied up")
"""


def together(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own
        [*TOGETHER, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_they_run_at_the_same_time_and_what_each_says_is_shown_whole(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    one = f"sh -c 'mkfifo {fifo}; echo begun; read it < {fifo}; echo ended >&2'"
    other = f"sh -c 'until test -p {fifo}; do sleep 0.01; done; echo meanwhile; echo > {fifo}'"

    done = together(one, other)

    assert done.returncode == 0
    assert "begun\nended\n" in done.stdout
    assert "meanwhile\n" in done.stdout


def test_one_that_fails_is_named_and_the_others_go_on() -> None:
    done = together("--at-once", "1", "sh -c 'exit 3'", "echo done")

    assert done.returncode == 1
    assert "===== sh -c 'exit 3' ===== FAILED with 3" in done.stdout
    assert "\ndone\n" in done.stdout
    assert "FAILED: sh -c 'exit 3'" in done.stderr


def test_no_more_run_at_once_than_may(tmp_path: Path) -> None:
    alone = f"sh -c 'mkdir {tmp_path}/here && sleep 0.1 && rmdir {tmp_path}/here'"

    assert together("--at-once", "1", alone, alone, alone).returncode == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_ends_all_that_was_begun(tmp_path: Path, number: signal.Signals) -> None:
    (tmp_path / "sleeper.py").write_text(SLEEPER)
    sleeper = f"{sys.executable} {tmp_path}/sleeper.py {tmp_path}"

    with subprocess.Popen(  # noqa: S603 - our own
        [*TOGETHER, sleeper], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        while not (tmp_path / "begun").exists():
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(number)
        said, _ = process.communicate()

    assert process.returncode == 130
    assert f"Interrupted by {number.name}." in said
    assert "tidied up" in said
    assert (tmp_path / "ended").exists()
