"""The built wheel, in a folder of its own, on somebody else's course."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

COURSE = """\
schema: 1
title: Somebody else's course
units:
  - {id: only, title: The only unit, exercises: [{folder: 1_ping, title: Ping, points: 3}]}
"""
EXERCISE = """\
schema: 1
slug: ping
goal: Ping two hosts at the same time.
prompt: Write `both(ping, a, b)`.
concepts: [gather]
docs: ["https://docs.python.org/3/library/asyncio-task.html"]
hints: [Use gather.]
vars:
  a: {word: true}
  b: {word: true}
such_that: ["=a != b"]
world:
  operations:
    ping: {params: [host], key: host, duration: "=1 if host == a else 2", result: "=host"}
entries:
  both:
    args: ["=ping", "=a", "=b"]
    checks:
      - {id: result, points: 1, result: "=[a, b]"}
      - {id: parallel, points: 2, parallel: "ping[*]"}
cases:
  - {name: drawn}
"""
STUB = "async def both(ping, a, b):\n    raise NotImplementedError\n"
SOLVED = "import asyncio\n\n\nasync def both(ping, a, b):\n    return await asyncio.gather(ping(a), ping(b))\n"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the wheel was unpacked."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    target = folder / "installed"
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(target), str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    return target


@pytest.fixture
def course(tmp_path: Path) -> Path:
    folder = tmp_path / "exercises" / "1_ping"
    folder.mkdir(parents=True)
    (tmp_path / "course.yaml").write_text(COURSE)
    (folder / "exercise.yaml").write_text(EXERCISE)
    (folder / "ping.py").write_text(STUB)
    return tmp_path


def run(installed: Path, folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    return subprocess.run([sys.executable, *command], cwd=folder, env=environment, capture_output=True, text=True)


@pytest.mark.slow
def test_the_wheel_is_what_runs(installed: Path, course: Path) -> None:
    where = run(installed, course, "-c", "import grader; print(grader.__file__)").stdout.strip()
    assert Path(where).is_relative_to(installed)


@pytest.mark.slow
def test_it_grades_somebody_elses_course(installed: Path, course: Path) -> None:
    assert run(installed, course, "-m", "grader", "check", "ping").returncode == 1
    (course / "exercises" / "1_ping" / "ping.py").write_text(SOLVED)
    checked = run(installed, course, "-m", "grader", "check", "ping")
    assert (checked.returncode, checked.stdout.splitlines()[0]) == (0, "ping: 3 of 3 points")
    (course / "class" / "Zoë").mkdir(parents=True)
    (course / "class" / "Zoë" / "ping.py").write_text(SOLVED)
    graded = run(installed, course, "-m", "grader", "grade", "class", "--out", "grades")
    assert graded.returncode == 0, graded.stderr
    assert (course / "grades" / "grades.csv").read_text(encoding="utf-8-sig") == (
        "learner,ping,total,missing,not_marked\nZoë,3,3,,\n"
    )
    assert len(list((course / "grades" / "report" / "assets").iterdir())) == 3


@pytest.mark.slow
def test_its_pytest_plugin_finds_the_exercise(installed: Path, course: Path) -> None:
    (course / "exercises" / "1_ping" / "ping.py").write_text(SOLVED)
    tested = run(installed, course, "-m", "pytest", "exercises/1_ping", "-q", "-p", "no:cacheprovider")
    assert "1 passed" in tested.stdout
