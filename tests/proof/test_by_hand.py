"""Who does the concurrent work earns the marks, with whatever client; who does it in the other manner does not."""

import ast
import contextlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from grader.checks import Source
from grader.course.model import Case, Exercise
from grader.door.messages import Door
from grader.door.values import unpack
from grader.grading import grade_with
from grader.grading.recorded import Recorded
from grader.referee.facts import Facts
from grader.run import Played, Submission
from grader.run.limits import complete
from grader.run.stage import stage_case
from grader.verdict import Verdict
from tests.proof import by_hand, hand
from tests.proof.by_hand import WORK, beats
from tests.proof.hand import Hand, Thing
from tests.proof.peer import Line, Peer
from tests.proof.the_course import EXERCISES, every_case

BY_HAND = {slug: exercise for slug, exercise in EXERCISES.items() if slug != "take-turns"}
# What is only reported, anybody may claim: that one event loop ran, for run-it-once.
CLAIMED: dict[str, Facts] = {"run-it-once": Facts(runs=1, loops=1)}
MANNERS = {"parallel", "sequential"}


def work(door: Door, start: dict[str, Any], slug: str, *, twin: bool) -> None:
    """Play the case that `start` describes, through `door`."""
    args = [*start["replaced"].values()][:1] + start["args"][1:]
    client = Hand(door)
    given = [unpack(arg, Thing) for arg in args]
    ticker = [] if start["ticker"] is None else [beats(client, unpack(start["ticker"], Thing))]
    client.play(WORK[slug, start["entry"]](client, twin, *given), *ticker)


class InHand:
    """A submission that is no program: each case is played by hand, before the referee itself."""

    isolation = "in-process"

    def __init__(self, twin: bool):
        self.twin = twin

    def play(self, exercise: Exercise, case: Case, **way: Any) -> Played:
        stage = stage_case(exercise, case, complete(exercise.limits))
        work(stage.referee, stage.start, exercise.slug, twin=self.twin)
        return Played(stage.record(CLAIMED.get(exercise.slug, Facts()), None), stage.gives)


@contextlib.contextmanager
def across_a_socket(exercise: Exercise, *, twin: bool) -> Iterator[Submission]:
    """The same with both ends of a real socket between client and referee."""

    def talk(line: Line, start: dict[str, Any]) -> None:
        work(line, start, exercise.slug, twin=twin)
        line.say("bye", {})

    peer = Peer(talk)
    try:
        yield peer
    finally:
        peer.close()


def graded(exercise: Exercise, open_: Callable[[], Any]) -> Verdict:
    text = Source.read(b"", f"{exercise.module}.py")
    cases = every_case(exercise)
    return grade_with(open_, exercise, cases, text, seed="", isolation="", recorded=Recorded())


def in_hand(exercise: Exercise, *, twin: bool) -> Verdict:
    return graded(exercise, partial(contextlib.nullcontext, InHand(twin)))


def failed(verdict: Verdict) -> list[str]:
    return [
        f"{check.entry}, case {check.case}, {check.id}: {check.rationale}"
        for check in verdict.checks
        if check.status != "passed"
    ]


@pytest.mark.parametrize("exercise", BY_HAND.values(), ids=BY_HAND.keys())
def test_a_client_by_hand_that_does_the_work_has_full_marks(exercise: Exercise) -> None:
    verdict = in_hand(exercise, twin=False)
    assert failed(verdict) == []
    assert (verdict.status, verdict.points) == ("passed", exercise.points)


@pytest.mark.parametrize("exercise", BY_HAND.values(), ids=BY_HAND.keys())
def test_its_twin_in_the_other_manner_does_not_pass(exercise: Exercise) -> None:
    verdict = in_hand(exercise, twin=True)
    assert (verdict.status, verdict.error) == ("failed", "")
    assert verdict.points < exercise.points
    unlike = {check.entry for check in verdict.checks if check.status == "failed" and check.kind in MANNERS}
    assert unlike == set(exercise.file.entries)


def test_a_client_that_lets_the_heart_stop_loses_the_time_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(client: Hand, beat: Thing) -> hand.Strand:
        yield client.begin(beat, "__call__")

    monkeypatch.setattr(f"{__name__}.beats", stopped)
    verdict = in_hand(EXERCISES["blocking-call"], twin=False)
    assert {check.id for check in verdict.checks if check.status == "failed"} == {"heartbeat", "time"}
    assert {check.rationale for check in verdict.checks if check.id == "heartbeat" and check.case == "two-files"} == {
        "the heartbeat stopped from 0.5 s to 3 s: 5 beats are missing"
    }


@pytest.mark.parametrize("slug", ["two-downloads", "process-output", "blocking-call"])
def test_the_same_client_across_a_socket_has_full_marks(slug: str) -> None:
    exercise = EXERCISES[slug]
    verdict = graded(exercise, partial(across_a_socket, exercise, twin=False))
    assert failed(verdict) == []
    assert (verdict.status, verdict.points) == ("passed", exercise.points)


@pytest.mark.parametrize("slug", ["two-downloads", "process-output", "blocking-call"])
def test_the_twin_across_a_socket_is_judged_as_it_is_before_the_referee(slug: str) -> None:
    exercise = EXERCISES[slug]
    verdict = graded(exercise, partial(across_a_socket, exercise, twin=True))
    assert verdict.status == "failed"
    assert failed(verdict) == failed(in_hand(exercise, twin=True))


def test_who_only_claims_the_loops_of_the_shards_earns_nothing_for_them() -> None:
    verdict = in_hand(EXERCISES["loops-in-threads"], twin=True)
    assert {check.id: check.points for check in verdict.checks if check.points} == {"result": 4, "one-at-a-time": 0.5}


def test_a_sequential_client_earns_nothing_for_running_in_parallel() -> None:
    verdict = in_hand(EXERCISES["two-downloads"], twin=True)
    assert {check.id: check.points for check in verdict.checks if check.points} == {
        "result": 4,
        "each-once": 0.5,
        "idle": 1,
    }


def test_every_entry_whose_work_is_operations_is_done_by_hand() -> None:
    entries = {(slug, entry) for slug, exercise in BY_HAND.items() for entry in exercise.file.entries}
    assert set(WORK) == entries


@pytest.mark.parametrize("module", [hand, by_hand])
def test_the_client_knows_neither_asyncio_nor_the_runner(module: Any) -> None:
    tree = ast.parse(Path(module.__file__).read_text())
    imported = {name for node in ast.walk(tree) for name in _imported(node)}
    assert imported <= {"collections.abc", "itertools", "typing", "grader.door.messages", "grader.door.values"} | {
        "tests.proof.hand"
    }


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []
