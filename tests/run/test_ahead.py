"""A process that is told of the next cases while it plays one: in which order, how far ahead, and what becomes of that."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from msgspec.structs import replace

from grader.course.cases import cases_of
from grader.course.model import Case, Exercise, Limits
from grader.door.messages import USED
from grader.grading import grade
from grader.run import child
from grader.run.child import AHEAD, Child
from grader.run.levels import BEST, ISOLATED, Level, resolved
from grader.run.limits import complete
from grader.run.played import Played
from grader.run.stage import stage_case
from grader.run.wire import Closed
from grader.run.wire import Wire as RealWire
from tests.proof.the_course import EXERCISES, every_case, reference

EXERCISE = EXERCISES["say-after"]
CASES = every_case(EXERCISE)[:4]
DONE = b'["enter",0]', b'["finish",0,"result",null]', b'["bye",{}]'
DEAD = (b'["enter",0]',)


@dataclass
class Job:
    """A process that says what stands in the script: `told` is what it hears, one list for each time."""

    connection: Any = None
    cpu_seconds: float = 0.0
    code: int = 1
    told: list[list[dict[str, Any]]] = field(default_factory=list)
    cleared: int = 0

    def place(self, files: Any) -> str | None:
        return None

    def how_it_ended(self) -> int:
        return self.code

    def stop(self) -> None:
        pass


class Room:
    """Processes, one after the other, and what each says: lines of each case, and then it ends."""

    def __init__(self, *scripts: list[tuple[bytes, ...]], code: int = 1):
        self._scripts, self._code = list(scripts), code
        self.jobs: list[Job] = []

    def process(self, limits: Limits) -> Any:
        script = [line for lines in self._scripts[len(self.jobs)] for line in lines]
        self.jobs.append(job := Job(code=self._code))
        job.connection = job, iter(script)
        return job

    def told(self) -> list[list[list[str]]]:
        """By process, and each time that it was told something: the entries and what they say."""
        return [[[_name(start) for start in starts] for starts in job.told] for job in self.jobs]


class Wire:
    """In the place of the real one."""

    def __init__(self, connection: tuple[Job, Any]):
        self._job, self._lines = connection

    def new_case(self, seconds: float, *, begun: bool = False) -> None:
        self._job.cleared += not begun

    def send_lines(self, data: bytes) -> None:
        self._job.told.append([json.loads(line) for line in data.splitlines()])

    def receive(self) -> bytes:
        line = next(self._lines, None)
        if line is None:
            raise Closed
        return bytes(line)


def _name(start: dict[str, Any]) -> str:
    return f"{start['entry']} {start['seed']}"


NAMES = [f"{case.entry} {case.seed}" for case in CASES]
Opened = Callable[..., Child]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Opened:
    monkeypatch.setattr(child, "Wire", Wire)
    return lambda room, level="A", source=b"": Child(source, "p.py", complete(Limits()), Level(level, room.process))


def played(submission: Child, *places: int) -> list[str]:
    """How each of these cases ended; whoever plays one knows of all that come then."""
    left = list(places)
    found: list[Played] = []
    while left:
        place = left.pop(0)
        found.append(submission.play(EXERCISE, CASES[place], then=CASES[place + 1 :]))
    return [one.record.outcome.kind for one in found]


def test_a_process_hears_of_all_cases_at_once_and_is_told_none_again(opened: Opened) -> None:
    room = Room([DONE] * 4)
    assert played(opened(room), 0, 1, 2, 3) == ["result"] * 4
    assert room.told() == [[NAMES]]
    assert room.jobs[0].cleared == 1, "what it says of the next case while this one ends is not thrown away"


def test_a_case_that_is_left_out_has_a_fresh_process_go_on_behind_it(opened: Opened) -> None:
    room = Room([DONE], [DONE] * 2)
    assert played(opened(room), 0, 2, 3) == ["result"] * 3
    assert room.told() == [[NAMES], [NAMES[2:]]]


def test_what_a_process_that_died_was_told_of_is_told_the_next(opened: Opened) -> None:
    room = Room([DONE, DEAD], [DONE] * 2)
    assert played(opened(room), 0, 1, 2, 3) == ["result", "died", "result", "result"]
    assert room.told() == [[NAMES], [NAMES[2:]]]


def test_a_process_that_has_traces_in_it_is_followed_by_one_for_each_case(opened: Opened) -> None:
    room = Room([DONE], [DONE], [DONE], [DONE], code=USED)
    assert played(opened(room), 0, 1, 2, 3) == ["result"] * 4
    one, two, three = ([name] for name in NAMES[1:])
    assert room.told() == [[NAMES], [one, two], [two, three], [three]]


def test_no_more_lies_in_a_socket_than_it_holds(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    room, source = Room([DONE] * 4), b"#" * 1000
    monkeypatch.setattr(child, "AHEAD", 2000)  # the first start with the source, and one more
    assert played(opened(room, source=source), 0, 1, 2, 3) == ["result"] * 4
    assert [len(starts) for starts in room.jobs[0].told] == [2, 2]
    assert [sum(map(len, map(json.dumps, starts))) < 2000 for starts in room.jobs[0].told] == [True, True]


def test_what_is_as_it_was_is_told_a_process_once(opened: Opened) -> None:
    room = Room([DONE] * 4)
    assert played(opened(room, source=b"#"), 0, 1, 2, 3) == ["result"] * 4
    first, *others = room.jobs[0].told[0]
    once = {"source", "filename", "module", "epoch", "limits"}
    assert [first.keys() - other.keys() for other in others] == [once] * 3
    assert [other.keys() - first.keys() for other in others] == [set()] * 3


def test_what_is_not_as_it_was_is_told_and_all_where_there_are_other_fields(opened: Opened) -> None:
    room = Room([DONE] * 3)
    cases = [CASES[0], *(replace(case, repeat=times) for times, case in enumerate(CASES[1:3], 2))]
    assert opened(room).play(EXERCISE, cases[0], then=cases[1:]).record.outcome.kind == "result"
    first, second, third = room.jobs[0].told[0]
    assert second.keys() - first.keys() == {"repeat"}
    assert (third["repeat"], third["limits"]["tasks"]) == (3, 3 * first["limits"]["tasks"])
    assert "source" not in third


def test_a_file_that_is_longer_than_that_is_told_alone(opened: Opened) -> None:
    room = Room([DONE] * 2)
    assert played(opened(room, source=b"#" * AHEAD), 0, 1) == ["result"] * 2
    assert room.told() == [[NAMES[:1], NAMES[1:]]]


def test_without_isolation_a_process_is_told_of_each_case_in_its_turn(opened: Opened) -> None:
    room = Room([DONE] * 4)
    assert played(opened(room, "none"), 0, 1, 2, 3) == ["result"] * 4
    assert room.told() == [[[name] for name in NAMES]]


def test_where_files_are_laid_out_for_each_case_none_is_told_of_before(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = stage_case

    def with_folder(*args: Any, **named: Any) -> Any:
        stage = real(*args, **named)
        stage.start["folder"] = {"files": {"p.py": ""}, "import_seconds": 1.0}
        return stage

    monkeypatch.setattr(child, "stage_case", with_folder)
    room = Room([DONE] * 2)
    monkeypatch.setattr(Job, "place", lambda job, files: "/place")
    assert played(opened(room), 0, 1) == ["result"] * 2
    assert room.told() == [[NAMES[:1], NAMES[1:2]]]


def test_a_case_that_cannot_be_set_up_fails_in_its_turn_and_not_before(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = stage_case

    def broken(exercise: Exercise, case: Case, *args: Any, **named: Any) -> Any:
        if case is CASES[1]:
            raise ValueError("no such world")
        return real(exercise, case, *args, **named)

    monkeypatch.setattr(child, "stage_case", broken)
    room = Room([DONE] * 3)
    submission = opened(room)
    assert played(submission, 0) == ["result"]
    with pytest.raises(ValueError, match="no such world"):
        played(submission, 1)
    assert played(submission, 2, 3) == ["result"] * 2
    assert room.told() == [[NAMES[:1], NAMES[2:]]]


# ---------------------------------------------------------------- with a real process


def test_of_hidden_cases_nothing_is_said_before_those_are_over_whose_output_is_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if resolved(BEST) not in ISOLATED:
        pytest.skip("isolation cannot be had here")
    told = list[list[bool] | str]()  # of the starts in each message, whether they are hidden; and each goodbye
    hidden = {case.seed: case.hidden for case in cases_of(EXERCISE, f"{EXERCISE.slug}/ann", hidden=True)}
    send, receive = RealWire.send_lines, RealWire.receive

    def sent(wire: RealWire, data: bytes) -> None:
        messages = [json.loads(line) for line in data.splitlines()]
        if isinstance(messages[0], dict):
            told.append([hidden[start["seed"]] for start in messages])
        send(wire, data)

    def received(wire: RealWire) -> bytes:
        line = receive(wire)
        if json.loads(line)[0] == "bye":
            told.append("bye")
        return line

    monkeypatch.setattr(RealWire, "send_lines", sent)
    monkeypatch.setattr(RealWire, "receive", received)
    verdict = grade(EXERCISE, reference(EXERCISE), learner="ann", isolation=BEST, hidden=True)
    shown, secret = ([one for one in hidden.values() if one is kind] for kind in (False, True))
    assert verdict.status == "passed"
    assert told == [shown, *["bye"] * len(shown), secret, *["bye"] * len(secret)]
