"""The real setup.sh and run_autograder in Gradescope's folders, without network; and killed at every step of their way."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from grader.cli import main
from grader.run import resolved
from tests.exports.gradescope_folders import ROOT, SOLUTIONS, result, submit, unpacked

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

REFERENCE = SOLUTIONS / "05_say_after" / "reference.py"
PACKAGE = "iniconfig"  # which the grader itself does not need
VERSION = f"{sys.version_info[0]}.{sys.version_info[1]}"

# Loaded by every Python of the image at its start. KILL_AT counts what it does to files and processes, and at that number
# the process dies, alone or (KILL=all) with run_autograder and all that it started.
KILLER = """\
import os, sys
_at, _done, _log = int(os.environ.get("KILL_AT", 0)), 0, os.environ.get("KILL_LOG")
_steps = ("open", "os.rename", "os.chmod", "os.remove", "os.mkdir", "tempfile.mkstemp", "subprocess.Popen", "import")
def _count(event, args):
    global _done
    if event not in _steps or (event in ("open", "import") and not any("results" in str(a) for a in args)):
        return
    _done += 1
    if _done == _at:
        with open(os.dup(2), "w") as err:
            err.write("killed at " + event + "\\n")
        if os.environ.get("KILL") == "all":
            os.kill(int(os.environ["RUN_PID"]), 9)
            os.kill(os.getppid(), 9)
        os.kill(os.getpid(), 9)
if _at and "gradescope" in sys.orig_argv:
    sys.addaudithook(_count)
"""

# Sourced by bash before the script: each command counts, and at KILL_SHELL_AT the shell dies before it.
SHELL_KILLER = """\
steps=0
die() {
    steps=$((steps + 1))
    if [ "$steps" -eq "${KILL_SHELL_AT:-0}" ]; then echo "killed before $BASH_COMMAND" >&2; kill -9 $$; fi
}
set -T
trap die DEBUG
"""


def environment(root: Path, **more: str) -> dict[str, str]:
    """No network for pip, and no path to the grader that is tested here."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PIP_", "COV_"))}
    return kept | {"AUTOGRADER_ROOT": str(root), "AUTOGRADER_PYTHON": sys.executable, "PIP_NO_INDEX": "1"} | more


def run(root: Path, **more: str) -> subprocess.CompletedProcess[str]:
    script = f'RUN_PID=$$ exec bash "{root}/run_autograder"'
    return subprocess.run(
        ["bash", "-c", f"export RUN_PID=$$; {script}"],
        cwd=root,
        env=environment(root, **more),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The image, built as Gradescope builds it."""
    folder = tmp_path_factory.mktemp("autograder")
    for name in ("exercises", "solutions"):
        shutil.copytree(ROOT / name, folder / "course" / name)
    named = (ROOT / "course.yaml").read_text().replace("\nschema: 1\n", f"\nschema: 1\npackages: [{PACKAGE}]\n")
    (folder / "course" / "course.yaml").write_text(named)
    asked = [
        "gradescope",
        "build",
        "--course",
        str(folder / "course"),
        "--out",
        str(folder / "a.zip"),
        "--python",
        VERSION,
    ]
    built = CliRunner().invoke(main, [*asked, "say-after", "two-downloads"])
    assert (built.exit_code, built.stderr) == (0, "")
    root = unpacked((folder / "a.zip").read_bytes(), folder / "root")
    setup = subprocess.run(
        ["bash", str(root / "source" / "setup.sh")], env=environment(root), capture_output=True, text=True, check=False
    )
    assert setup.returncode == 0, setup.stderr
    assert "not all wheels" not in setup.stdout
    shutil.copy(root / "results" / "results.json", root / "as_built.json")
    (site,) = (root / "grader" / "lib").glob("python*/site-packages")
    (site / "sitecustomize.py").write_text(KILLER)
    (root / "shell_killer").write_text(SHELL_KILLER)
    return root


def is_not_graded(found: Mapping[str, Any]) -> bool:
    return found["score"] == 0.0 and all(test["output"].startswith("not graded yet") for test in found["tests"])


def test_a_result_stands_as_soon_as_the_image_is_built(root: Path) -> None:
    (root / "results").mkdir(exist_ok=True)
    shutil.copy(root / "as_built.json", root / "results" / "results.json")
    assert is_not_graded(result(root))


def test_the_hidden_cases_are_not_for_other_users(root: Path) -> None:
    assert (root / "source" / "course" / "solutions").stat().st_mode & 0o077 == 0


def test_a_submission_is_graded_by_the_installed_grader(root: Path) -> None:
    submit(root, REFERENCE, SOLUTIONS / "08_two_downloads" / "reference.py")
    handed_in = root / "submission" / "say_after.py"
    handed_in.write_text(f"import {PACKAGE}\n{handed_in.read_text()}")
    ended = run(root)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert f"say-after: passed, 10 of 10 points, isolation {resolved('child')}" in ended.stdout
    assert result(root)["score"] == 20.0


def test_it_is_graded_as_it_is_graded_here(root: Path) -> None:
    from grader import grade, load_course

    wrong = SOLUTIONS / "05_say_after" / "wrong" / "await_await.py"
    submit(root, wrong)
    run(root)
    exercise = next(one for one in load_course(ROOT).exercises if one.slug == "say-after")
    verdict = grade(exercise, wrong, learner="ann@x.org", isolation="child", hidden=True, filename="say_after.py")
    found = result(root)
    assert found["score"] == verdict.points
    assert found["extra_data"]["grader"]["exercises"][0]["misconception"] == verdict.misconception


@pytest.mark.parametrize(
    "program", ["import os\nos._exit(0)\n", "import ctypes\nctypes.string_at(0)\n", "while True: pass\n"]
)
def test_a_program_that_dies_or_never_ends_is_graded(program: str, root: Path) -> None:
    submit(root)
    (root / "submission" / "say_after.py").write_text(program)
    run(root)
    found = result(root)
    assert found["score"] == 0.0
    assert any(test.get("status") == "failed" for test in found["tests"])


def test_the_shell_killed_before_each_of_its_commands_leaves_a_valid_result(root: Path) -> None:
    killed = 0
    for at in range(1, 100):
        submit(root, REFERENCE)
        shutil.copy(root / "source" / "not_graded.json", root / "results" / "results.json")  # as setup.sh leaves it
        ended = run(root, BASH_ENV=str(root / "shell_killer"), KILL_SHELL_AT=str(at))
        found = result(root)
        if ended.returncode == 0:
            break
        assert "killed before" in ended.stderr
        killed += 1
        assert is_not_graded(found) or found["score"] == 10.0
    assert killed >= 10
    assert found["score"] == 10.0


@pytest.mark.parametrize(("with_whom", "each"), [("alone", 1), ("all", 2)], ids=["alone", "all"])
def test_the_grader_killed_at_each_of_its_steps_leaves_a_valid_result(
    with_whom: str, each: int, root: Path, tmp_path: Path
) -> None:
    scores = []
    for at in range(1, 200, each):
        (tmp_path / str(at)).mkdir()  # where nobody before it has left anything that it would take away
        submit(root, REFERENCE, SOLUTIONS / "08_two_downloads" / "reference.py")
        ended = run(root, KILL_AT=str(at), KILL=with_whom, TMPDIR=str(tmp_path / str(at)))
        scores.append(result(root)["score"])
        if "killed at" not in ended.stderr:
            break
        assert ended.returncode == (0 if with_whom == "alone" else -signal.SIGKILL)
        if with_whom == "alone":
            assert "the grader ended with code 137" in ended.stdout
    assert len(scores) > 16 / each
    assert scores == sorted(scores)
    assert set(scores) == {0.0, 10.0, 20.0}


def test_time_that_is_over_leaves_what_says_so(root: Path) -> None:
    submit(root, REFERENCE)
    seconds = root / "source" / "seconds"
    before = seconds.read_text()
    seconds.write_text("0.001\n")
    ended = run(root)
    seconds.write_text(before)
    assert ended.returncode == 0
    assert "the grader ended with code 124 (124: its time was over" in ended.stdout
    assert is_not_graded(result(root))


def test_an_image_without_its_grader_still_says_something(root: Path, tmp_path: Path) -> None:
    (tmp_path / "source").symlink_to(root / "source")
    shutil.copy(root / "run_autograder", tmp_path)
    submit(tmp_path, REFERENCE)
    ended = run(tmp_path)
    assert ended.returncode == 0
    assert is_not_graded(result(tmp_path))
    assert "the grader ended with code 127" in ended.stdout


def test_a_course_that_cannot_be_read_leaves_what_says_so(root: Path) -> None:
    submit(root, REFERENCE)
    settings = root / "source" / "settings.json"
    before = settings.read_bytes()
    settings.write_bytes(b"{")
    ended = run(root)
    settings.write_bytes(before)
    assert is_not_graded(result(root))
    assert "the grader ended with code 3" in ended.stdout
