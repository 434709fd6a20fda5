"""Programs that attack the clock and the door: each is bounded, earns no more than its work, and costs nobody else anything."""

import ast
import os
import secrets
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from grader.grading import grade
from grader.verdict import Verdict
from tests.proof.left_over import PROC, marked
from tests.proof.the_course import EXERCISES, PROGRAMS, reference

HOSTILE = sorted((PROGRAMS / "hostile").glob("*.py"))
TWO = EXERCISES["two-downloads"]
BOUNDED = replace(TWO, limits=replace(TWO.limits, wall_seconds=10.0, cpu_seconds=1.0))
MARK = f"0123proof{os.getpid()}-"  # this test run's own: others may play the same programs beside it


def work_of(path: Path) -> str:
    """What the program says of itself: overlapped, sequential or none."""
    last = (ast.get_docstring(ast.parse(path.read_text())) or "").splitlines()[-1]
    return last.removeprefix("work: ")


def by_work(*kinds: str) -> pytest.MarkDecorator:
    chosen = [path for path in HOSTILE if work_of(path) in kinds]
    return pytest.mark.parametrize("path", chosen, ids=[path.stem for path in chosen])


@pytest.fixture(scope="module")
def verdicts() -> dict[Path, Verdict]:
    """Each program is graded once; the tests look at it from several sides."""
    return {}


@pytest.fixture
def judged(verdicts: dict[Path, Verdict], monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], Verdict]:
    token = secrets.token_hex
    monkeypatch.setattr(secrets, "token_hex", lambda count: MARK + token(count))

    def judge(path: Path) -> Verdict:
        if path not in verdicts:
            verdicts[path] = grade(BOUNDED, path, isolation="child", hidden=True)
        return verdicts[path]

    return judge


Judged = Callable[[Path], Verdict]


def earned(verdict: Verdict) -> dict[str, float]:
    return {check.id: check.points for check in verdict.checks if check.points}


def test_every_program_says_what_it_does() -> None:
    assert {work_of(path) for path in HOSTILE} == {"overlapped", "sequential", "none"}


@by_work("overlapped", "sequential", "none")
def test_a_hostile_program_is_judged_and_leaves_nothing_running(path: Path, judged: Judged) -> None:
    verdict = judged(path)
    assert (verdict.status, verdict.error) in {("passed", ""), ("failed", "")}
    if PROC.exists():
        assert marked(MARK) == set()


@by_work("overlapped")
def test_who_overlapped_earns_the_points_for_it(path: Path, judged: Judged) -> None:
    [parallel] = [check for check in TWO.file.entries["fetch_both"].checks if check.id == "parallel"]
    assert earned(judged(path)).get("parallel") == parallel.points > 0


@by_work("sequential", "none")
def test_who_did_not_overlap_earns_no_points_for_it(path: Path, judged: Judged) -> None:
    verdict = judged(path)
    assert "parallel" not in earned(verdict)
    assert verdict.points < verdict.max_points


@by_work("none")
def test_who_did_no_work_earns_nothing(path: Path, judged: Judged) -> None:
    assert earned(judged(path)) == {}


def test_an_honest_program_after_all_of_them_has_full_marks(judged: Judged) -> None:
    for path in HOSTILE:
        judged(path)
    verdict = grade(BOUNDED, reference(TWO), isolation="child", hidden=True)
    assert (verdict.status, verdict.points) == ("passed", 10)
