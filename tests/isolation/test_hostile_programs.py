"""The programs that attack the clock and the door, at every level and as every user: bounded, and no points but for their work.

At the best level, with hidden cases and the words of their verdicts, they are judged in tests/proof/test_hostile.py.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from grader.run.levels import LEVELS, why_not
from tests.isolation.test_attacks import ORDINARY, USERS
from tests.proof.test_hostile import HOSTILE, TWO, work_of
from tests.proof.the_course import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
[PARALLEL] = [check.points for check in TWO.file.entries["fetch_both"].checks if check.id == "parallel"]
Answer = dict[str, Any]


@pytest.fixture(scope="module", params=LEVELS)
def level(request: pytest.FixtureRequest) -> str:
    name = str(request.param)
    if why_not(name):
        pytest.skip(f"isolation {name} cannot be had here: {why_not(name)}")
    return name


@pytest.fixture(scope="module", params=USERS)
def answers(request: pytest.FixtureRequest, level: str) -> dict[str, Answer]:
    """All of them, played by one process; the last is that of an honest program."""
    user = str(request.param)
    if user == "root" and os.getuid():
        pytest.skip("these tests are not run by root")
    command = [sys.executable, "-m", "tests.isolation.grading"]
    if os.getuid() == 0:
        # where Python can be read by anybody, so that without isolation root's programs are nobody's
        number = ORDINARY if user == "ordinary" else 0
        command = [sys.executable, "-m", "tests.isolation.as_user", str(number), *command]
    told = {"level": level, "mark": f"{os.getpid()}-{level}-{user}-", "paths": list(map(str, HOSTILE))}
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        command, input=json.dumps(told), capture_output=True, text=True, cwd=ROOT, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    return dict(zip([*(path.stem for path in HOSTILE), "honest"], json.loads(done.stdout), strict=True))


# One test and not one a program: tests are dealt out to several processes, each of which would play all of them.
def test_each_earns_what_its_work_is_worth_and_leaves_nothing_and_an_honest_one_after_them_has_full_marks(
    answers: dict[str, Answer], level: str
) -> None:
    wrong = {
        path.stem: answers[path.stem] for path in HOSTILE if not is_as_it_should_be(path, answers[path.stem], level)
    }
    assert wrong == {}
    assert answers["honest"]["all"] == TWO.points


def is_as_it_should_be(path: Path, answer: Answer, level: str) -> bool:
    points, work = answer["points"], work_of(path)
    judged = answer["said"] in (["passed", "", level], ["failed", "", level]) and answer["left"] == 0
    due = points.get("parallel", 0) == (PARALLEL if work == "overlapped" else 0)
    return judged and due and (work != "none" or points == {})
