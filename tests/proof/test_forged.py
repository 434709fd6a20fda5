"""Messages that no honest program sends: each ends the run or moves nothing, none earns a point, and the grader lives on."""

import contextlib
import threading
from typing import Any

import pytest

from grader.course.model import Limits
from grader.run.limits import complete
from grader.run.stage import stage_case
from grader.run.wire import MAX_MESSAGE
from tests.proof.conversation import CASE, PAGES, TWO, both, get, graded, said
from tests.proof.peer import PATIENCE, Line, Peer, Talk


def duplicated_id(line: Line, start: Any) -> None:
    get(line, 1)
    get(line, 1, "b.example")


def id_that_shrinks(line: Line, start: Any) -> None:
    get(line, 7)
    get(line, 3, "b.example")


def id_of_true(line: Line, start: Any) -> None:
    line.shout(b'["begin",0,true,0,"__call__",["a.example"],null]\n')


def timer_at_nan(line: Line, start: Any) -> None:
    line.shout(b'["idle",0,NaN,1]\n')


def timer_at_infinity(line: Line, start: Any) -> None:
    line.shout(b'["idle",0,1e999,1]\n')


def timer_as_a_fraction(line: Line, start: Any) -> None:
    line.say("idle", 0, 0.5, 1)


def timer_before_time_began(line: Line, start: Any) -> None:
    line.say("idle", 0, -1, 1)


def clock_set_back(line: Line, start: Any) -> None:
    get(line, 1)
    line.ask("idle", 0, None, 2)
    get(line, 3, "b.example", at=0)


def clock_put_forward(line: Line, start: Any) -> None:
    get(line, 1)
    get(line, 2, "b.example", at=10**15)


def sleep_into_the_past(line: Line, start: Any) -> None:
    get(line, 1)
    line.ask("idle", 0, None, 2)
    line.say("block", 2 * 10**9, 0)


def nothing_offered(line: Line, start: Any) -> None:
    line.say("begin", 0, 1, 0, "__class__", [], None)


def thing_that_is_not_there(line: Line, start: Any) -> None:
    line.say("begin", 0, 1, 99, "__call__", ["a.example"], None)


def huge_message(line: Line, start: Any) -> None:
    line.shout(b'["finish",0,"result","' + b"x" * 2 * MAX_MESSAGE + b'"]\n')


def message_without_end(line: Line, start: Any) -> None:
    while True:
        line.shout(b"x" * 65_536)


def deep_nesting(line: Line, start: Any) -> None:
    line.shout(b'["finish",0,"result",' + b"[" * 100_000 + b"]" * 100_000 + b"]\n")


def deep_value(line: Line, start: Any) -> None:
    value: Any = "x"
    for _ in range(100):
        value = ["l", value]
    line.say("finish", 0, "result", value)
    line.say("bye", {})


def huge_number(line: Line, start: Any) -> None:
    line.shout(b'["idle",0,' + b"9" * 5_000 + b",1]\n")


def bytes_that_are_no_text(line: Line, start: Any) -> None:
    line.shout(b'["begin",0,1,0,"\xff\xfe",[],null]\n')


def surplus_items(line: Line, start: Any) -> None:
    line.say("finish", 0, "result", PAGES, "full marks")


def unknown_message(line: Line, start: Any) -> None:
    line.say("end", 0, 1, ["ok", "all about a"])


def unknown_outcome(line: Line, start: Any) -> None:
    line.say("finish", 0, "passed", PAGES)


def report_of_no_shape(line: Line, start: Any) -> None:
    both(line, start)
    line.say("bye", {"tasks": "none"})


def too_much_in_all(line: Line, start: Any) -> None:
    message = b'["call",0,%d,0,"__call__",["' + b"x" * 4_000_000 + b'"],null]\n'
    for number in range(1, 100):
        line.shout(message % number)
        line.hear()


def operations_without_end(line: Line, start: Any) -> None:
    for number in range(1, 1_000_000):
        get(line, number)


def cancelling_what_was_never_begun(line: Line, start: Any) -> None:
    for number in (1, 7, 2**53):
        assert line.ask("cancel", 0, number) is True
    line.say("cancel", 0, 0)


REFUSED: dict[Talk, str] = {
    duplicated_id: "it tampered with the grader: ids only grow",
    id_that_shrinks: "it tampered with the grader: ids only grow",
    id_of_true: "it tampered with the grader: not a message: Expected `int`, got `bool` - at `$[2]`",
    timer_at_nan: "it tampered with the grader: not a message: JSON is malformed: invalid character (byte 10)",
    timer_at_infinity: "it tampered with the grader: not a message: Number out of range - at `$[2]`",
    timer_as_a_fraction: "it tampered with the grader: not a message: Expected `int | null`, got `float` - at `$[2]`",
    timer_before_time_began: "it tampered with the grader: not a message: Expected `int` >= 0 - at `$[2]`",
    clock_set_back: "it tampered with the grader: time outside the lease",
    clock_put_forward: "it tampered with the grader: time outside the lease",
    sleep_into_the_past: "it tampered with the grader: time cannot go back",
    nothing_offered: "it tampered with the grader: '__class__' is not offered",
    thing_that_is_not_there: "it tampered with the grader: no such thing",
    message_without_end: "it tampered with the grader: a message without end",
    too_much_in_all: "it tampered with the grader: too much was said",
    cancelling_what_was_never_begun: "it tampered with the grader: not a message: Expected `int` >= 1 - at `$[2]`",
    unknown_message: "it tampered with the grader: not a message: Invalid value 'end' - at `$[0]`",
}


@pytest.mark.parametrize("talk", REFUSED, ids=lambda talk: talk.__name__)
def test_what_no_honest_program_says_ends_the_run(talk: Talk) -> None:
    outcome = said(talk).outcome
    assert (outcome.kind, outcome.detail) == ("died", REFUSED[talk])


MALFORMED = [
    huge_message,
    deep_nesting,
    deep_value,
    huge_number,
    bytes_that_are_no_text,
    surplus_items,
    unknown_outcome,
    report_of_no_shape,
]


@pytest.mark.parametrize("talk", MALFORMED, ids=lambda talk: talk.__name__)
def test_what_cannot_be_read_ends_the_run(talk: Talk) -> None:
    outcome = said(talk).outcome
    assert outcome.kind == "died"
    assert outcome.detail.startswith("it tampered with the grader: ")


@pytest.mark.parametrize("talk", [*REFUSED, *MALFORMED], ids=lambda talk: talk.__name__)
def test_none_of_them_earns_a_point(talk: Talk) -> None:
    assert graded(talk).points == 0


# ---------------------------------------------------------------- messages out of turn


def false_idle(line: Line, start: Any) -> None:
    """Nothing was begun, and yet it asks and asks for time to go by."""
    number = 1
    while True:
        line.ask("idle", 0, None, number)
        number += 1


def bye_before_the_end(line: Line, start: Any) -> None:
    both(line, start)
    line.say("bye", {})


def finish_twice(line: Line, start: Any) -> None:
    """Says that it is done before it has begun, and says it again, with the right pages, when they are there."""
    line.say("finish", 0, "result", ["t", "", ""])
    now = both(line, start)
    line.say("finish", now, "result", PAGES)
    line.say("bye", {})


def begin_after_bye(line: Line, start: Any) -> None:
    """Says nothing but goodbye, and does its work in what it hopes is the next case."""
    line.say("finish", 0, "result", PAGES)
    line.say("bye", {})
    get(line, 1)
    get(line, 2, "b.example")


def silence(line: Line, start: Any) -> None:
    line.hear()


def hanging_up(line: Line, start: Any) -> None:
    line.hang_up()


def test_asking_for_time_when_nothing_was_begun_moves_nothing() -> None:
    heard: list[Any] = []

    def talk(line: Line, start: Any) -> None:
        heard.append(line.ask("idle", 0, None, 1))
        line.say("finish", 0, "deadlock", "nothing can ever run again")
        line.say("bye", {})

    verdict = graded(talk)
    assert heard[0] == [None, 86_400 * 10**9, []]
    assert (verdict.status, verdict.points) == ("failed", 0)


NEVER_ENDING = {false_idle, silence}
WAITING = Limits(wall_seconds=0.3)
OUT_OF_TURN = [false_idle, bye_before_the_end, finish_twice, begin_after_bye, silence, hanging_up]


@pytest.mark.parametrize("talk", OUT_OF_TURN, ids=lambda talk: talk.__name__)
def test_messages_out_of_turn_earn_nothing(talk: Talk) -> None:
    verdict = graded(talk, WAITING if talk in NEVER_ENDING else None)
    assert (verdict.status, verdict.error, verdict.points) == ("failed", "", 0)


def test_operations_without_end_meet_their_limit() -> None:
    outcome = said(operations_without_end).outcome
    assert (outcome.kind, outcome.detail) == ("virtual_limit", "operations")


def test_the_first_finish_is_the_one_that_counts() -> None:
    record = said(finish_twice)
    assert (record.outcome.value, record.ledger.returned) == (("", ""), 0)
    assert record.ledger.begun_before_return() == ()


def test_what_was_said_after_goodbye_is_not_heard_in_the_next_case() -> None:
    over, told = threading.Event(), threading.Event()

    def talk(line: Line, start: Any) -> None:
        line.say("finish", 0, "result", PAGES)
        line.say("bye", {})
        if not told.is_set() and over.wait(PATIENCE):
            get(line, 1)
            get(line, 2, "b.example")
            told.set()

    with contextlib.closing(Peer(talk)) as peer:
        peer.run(stage_case(TWO, CASE, complete(Limits())))
        over.set()
        assert told.wait(PATIENCE)
        assert peer.run(stage_case(TWO, CASE, complete(Limits()))).ledger.rows == ()


def test_after_all_that_an_honest_client_is_heard() -> None:
    for talk in (*REFUSED, *MALFORMED):
        said(talk)

    def honest(line: Line, start: Any) -> None:
        now = both(line, start)
        line.say("finish", now, "result", PAGES)
        line.say("bye", {})

    record = said(honest)
    assert record.outcome.value == ("all about a", "all about b")
    assert [(row.start, row.end) for row in record.ledger.rows] == [(0, 2 * 10**9), (0, 5 * 10**9)]
