"""All submissions of the example, graded as an instructor grades them: every planned verdict is met, no other is said."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from grader.authoring.validate import validate_course
from grader.cli import main
from grader.verdict import decode
from tests.adopted_course.planned import ADOPTED, COURSE, EXERCISES, MISSING, PLANNED, SUBMISSIONS, Key, Said, said

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[Key, Said], str]:
    """What was said of each learner's each exercise, and what was told on the way."""
    out = tmp_path_factory.mktemp("adopted") / "out"
    options = ["--course", str(ADOPTED), "--out", str(out), "--jobs", "2"]
    ended = CliRunner().invoke(main, ["grade", str(SUBMISSIONS), *options])
    assert ended.exit_code == 0, ended.output
    return _read(out / "verdicts.jsonl"), ended.stderr


def _read(records: Path) -> dict[Key, Said]:
    found = {}
    for line in records.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        key = record["learner"], record["exercise"]
        found[key] = MISSING if record["status"] == "missing" else said(decode(line))
    return found


def test_every_planned_verdict_is_met(graded: tuple[dict[Key, Said], str]) -> None:
    found, _ = graded
    assert {key: found[key] for key in PLANNED} == PLANNED


def test_what_nobody_handed_in_is_missing(graded: tuple[dict[Key, Said], str]) -> None:
    found, _ = graded
    everything = {(learner, slug) for learner, _ in PLANNED for slug in EXERCISES}
    assert found.keys() == everything
    assert {found[key].outcome for key in everything - PLANNED.keys()} == {"missing"}


def test_the_files_that_were_not_graded_are_named_with_the_reason(graded: tuple[dict[Key, Said], str]) -> None:
    _, told = graded
    assert [line for line in told.splitlines() if line.startswith("not graded")] == [
        "not graded: jakob/backup/old/night_bus/1-all_lines.py: another file for all-lines; "
        "jakob/night_bus/1-all_lines.py was graded",
        "not graded: kira/night-bus/1-all_lines.py: has the name of all-lines's file, and lies elsewhere than "
        "**/*night_bus/1-all_lines.py",
        "not graded: leo/night_bus/1-all_lines.py.txt: not one of the course's files; "
        "is **/*night_bus/1-all_lines.py meant?",
        "not graded: yves/README.md: not one of the course's files",
    ]


def test_the_example_is_proved_as_a_course_of_ones_own_would_be() -> None:
    """Its references earn all points, and each wrong program is explained by its own misconception."""
    assert [str(problem) for problem in validate_course(COURSE, seeds=2)] == []
