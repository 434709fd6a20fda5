"""Every byte that a child is sent: the start, leases, outcomes of operations that are over; no answer before its time."""

import json
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from grader.course.model import Case, Exercise, Limits
from grader.referee.ledger import Ledger
from grader.run import child, open_submission
from grader.run.stage import Stage, stage_case
from grader.run.wire import Wire
from grader.ticks import to_ticks
from tests.proof.overheard import INWARD, OUTWARD, Overheard, numbers_told, secrets_told, too_much
from tests.proof.the_course import EXERCISES, every_case, reference

Overhear = Callable[[Exercise, Case], tuple[Overheard, Ledger]]


def hidden_cases(exercise: Exercise) -> list[Case]:
    return [case for case in every_case(exercise) if case.hidden]


@pytest.fixture
def overhear(monkeypatch: pytest.MonkeyPatch) -> Overhear:
    """Plays the reference on a case in a child, and gives all that was said with the ledger of the run."""
    heard: list[Overheard] = []
    send, receive = Wire.send_lines, Wire.receive

    def sent(wire: Wire, data: bytes) -> None:
        heard[-1].lines += [(OUTWARD, line) for line in data.splitlines()]
        send(wire, data)

    def received(wire: Wire) -> bytes:
        line = receive(wire)
        heard[-1].lines.append((INWARD, line))
        return line

    monkeypatch.setattr(Wire, "send_lines", sent)
    monkeypatch.setattr(Wire, "receive", received)

    def play(exercise: Exercise, case: Case) -> tuple[Overheard, Ledger]:
        heard.append(Overheard())
        name = f"{exercise.module}.py"
        with open_submission(reference(exercise), filename=name, isolation="child", limits=exercise.limits) as opened:
            played = opened.play(exercise, case)
        return heard[-1], played.record.ledger

    return play


# ---------------------------------------------------------------- the secrets of each exercise


def _pairs(values: list[str], operation: str, keys: list[str]) -> dict[str, str]:
    return {value: f"{operation}({key})" for value, key in zip(values, keys, strict=True)}


# What is drawn as an answer, and the operation that gives it.
GIVEN_BY: dict[str, Callable[[Any], dict[str, str]]] = {
    "first-await": lambda v: {
        v.to_hello: f"say_after(hello {v.name})",
        v.to_goodbye: f"say_after(goodbye {v.name})",
    },
    "run-it-once": lambda v: _pairs(v.texts, "fetch", v.urls),
    "old-coroutines": lambda v: {v.answer: f"read_response({v.name})"},
    "take-turns": lambda v: {},
    "say-after": lambda v: {},
    "needless-task": lambda v: {v.profile: "read_profile", v.avatar: "read_avatar"},
    "task-is-a-join": lambda v: {v.style: "chop(onions)"},
    "two-downloads": lambda v: {v.text1: f"get({v.url1})", v.text2: f"get({v.url2})"},
    "request-response": lambda v: _pairs(v.answers, "read_response", v.clients),
    "process-output": lambda v: {},
    "blocking-call": lambda v: _pairs(v.converted, "convert", v.files),
    "loops-in-threads": lambda v: _pairs(v.data, "load", v.items) | _pairs(v.results, "crunch", v.data),
}


def ends(ledger: Ledger) -> dict[str, int | None]:
    return {row.label: row.end for row in ledger.rows}


def secrets_of(exercise: Exercise, case: Case, ledger: Ledger) -> dict[str, int | None]:
    """Text that is an answer, and the tick of the end that brings it; an entry may not need it, and then none does."""
    v = SimpleNamespace(**case.values)
    found = {text: ends(ledger).get(label) for text, label in GIVEN_BY[exercise.slug](v).items()}
    if exercise.slug == "process-output":
        for name, count, gap in zip(v.names, v.lines, v.gap, strict=True):
            found.update({f"{name} {number}": to_ticks(number * gap) for number in range(1, count + 1)})
    return found


def durations_of(case: Case) -> set[str]:
    """Drawn times are the floats among a case's values; they are told neither as seconds nor as ticks."""
    return {repr(told) for seconds in _floats(list(case.values.values())) for told in (seconds, to_ticks(seconds))}


def _floats(value: Any) -> Iterator[float]:
    if isinstance(value, float):
        yield value
    for part in value if isinstance(value, list | tuple) else ():
        yield from _floats(part)


def leaks(exercise: Exercise, case: Case, heard: Overheard, ledger: Ledger) -> list[str]:
    """All that the child got to know too early."""
    recorded = frozenset([*exercise.file.world.operations, *exercise.file.world.records])
    found = too_much(heard, recorded, ledger) + secrets_told(heard, secrets_of(exercise, case, ledger))
    if exercise.slug != "say-after":  # there the learner is told how long to wait
        found += [f"{number} was told" for number in sorted(numbers_told(heard) & durations_of(case))]
    return found


# ---------------------------------------------------------------- the tests


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES.keys())
def test_a_child_is_sent_nothing_before_its_time(exercise: Exercise, overhear: Overhear) -> None:
    for case in hidden_cases(exercise):
        heard, ledger = overhear(exercise, case)
        assert leaks(exercise, case, heard, ledger) == []


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES.keys())
def test_what_does_not_depend_on_the_case_is_sent_to_all_alike(exercise: Exercise, overhear: Overhear) -> None:
    same = set()
    for case in hidden_cases(exercise):
        start = json.loads(overhear(exercise, case)[0].start)
        for drawn in ("args", "replaced", "ticker", "seed", "entry", "kind"):
            del start[drawn]
        same.add(json.dumps(start, sort_keys=True))
    assert len(same) == 1


@pytest.mark.parametrize(
    "exercise",
    [one for slug, one in EXERCISES.items() if slug not in ("take-turns", "say-after")],
    ids=lambda one: one.slug,
)
def test_each_answer_is_sent_in_its_time(exercise: Exercise, overhear: Overhear) -> None:
    # else the test above would look for what is never there
    for case in hidden_cases(exercise):
        heard, ledger = overhear(exercise, case)
        told = b"".join(heard.sent)
        secrets = secrets_of(exercise, case, ledger)
        assert [text for text, tick in secrets.items() if tick is not None and text.encode() not in told] == []


# ---------------------------------------------------------------- that the test can fail

TWO = EXERCISES["two-downloads"]
CASE = next(case for case in hidden_cases(TWO) if case.values["t1"] < case.values["t2"])
WORDS = {
    "first": to_ticks(CASE.values["t1"]),
    "soon": to_ticks(CASE.values["t1"]) + 1,
    "second": to_ticks(CASE.values["t2"]),
    **CASE.values,
}

Idle = tuple[Any, Any, list[Any]]


def in_an_argument(stage: Stage) -> None:
    stage.start["args"].append(CASE.values["t1"])


def in_an_argument_in_ticks(stage: Stage) -> None:
    stage.start["args"].append(WORDS["second"])


def in_a_field_of_its_own(stage: Stage) -> None:
    stage.start["durations"] = [CASE.values["t1"]]


def in_a_manifest(stage: Stage) -> None:
    stage.start["args"][1][2]["doc"] = CASE.values["text2"]


def in_the_limits(stage: Stage) -> None:
    stage.start["limits"]["expected"] = [CASE.values["text1"], CASE.values["text2"]]


def _with_each_idle(stage: Stage, more: Callable[[int, int], list[Any]]) -> None:
    idle = stage.referee.idle

    def leaking(at: int, timer: int | None, number: int) -> Idle:
        now, lease, events = idle(at, timer, number)
        return now, lease, [*events, *more(now or at, number)]

    stage.referee.idle = leaking  # type: ignore[method-assign]


def beside_an_outcome(stage: Stage) -> None:
    _with_each_idle(stage, lambda now, number: [["set", now, number, 0, {"hint": CASE.values["text2"]}]])


def as_an_outcome_before_its_time(stage: Stage) -> None:
    begun = stage.referee._open
    outcome = ["ok", CASE.values["text2"]]
    _with_each_idle(stage, lambda now, number: [["end", now, number, still, outcome] for still in begun])


def as_an_event_of_the_future(stage: Stage) -> None:
    _with_each_idle(stage, lambda now, number: [["feed", now + 1, number, 0, "more"]])


@pytest.mark.parametrize(
    ("doctor", "found"),
    [
        (in_an_argument, "{t1} was told"),
        (in_an_argument_in_ticks, "{second} was told"),
        (in_a_field_of_its_own, "'durations' in the start"),
        (in_a_manifest, "'{text2}' in the start"),
        (in_the_limits, "'{text1}' in the start"),
        (beside_an_outcome, "'{text2}' at {first}, before {second}"),
        (as_an_outcome_before_its_time, "end of get({url2}) ({first}) at {first}"),
        (as_an_event_of_the_future, "feed of {soon} at {first}"),
    ],
)
def test_a_stage_that_tells_too_much_is_caught(
    doctor: Callable[[Stage], None], found: str, overhear: Overhear, monkeypatch: pytest.MonkeyPatch
) -> None:
    def doctored(exercise: Exercise, case: Case, limits: Limits, *files: Any, own: bool) -> Stage:
        stage = stage_case(exercise, case, limits, *files, own=own)
        doctor(stage)
        return stage

    monkeypatch.setattr(child, "stage_case", doctored)
    heard, ledger = overhear(TWO, CASE)
    assert found.format(**WORDS) in leaks(TWO, CASE, heard, ledger)
