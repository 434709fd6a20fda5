"""What a learner is told of the commonest misuses: their own line and the first cause, in plain words, in both places."""

import json

import msgspec
import pytest

from grader.feedback.text import render
from grader.grading import grade
from grader.verdict import CaseReport, Verdict, encode
from tests.proof.misuse import program, programs
from tests.proof.the_course import EXERCISES
from tests.staging import PLACES


def judged(name: str, isolation: str = "in-process") -> Verdict:
    slug, text = program(name)
    return grade(EXERCISES[slug], text, isolation=isolation)


def failing(verdict: Verdict) -> CaseReport:
    return next(case for case in verdict.cases if not case.passed)


def fault(name: str, isolation: str = "in-process") -> tuple[str, int | None, str]:
    found = failing(judged(name, isolation)).fault
    assert found is not None
    return found.title, found.line, found.detail


def shown(verdict: Verdict) -> str:
    """The feedback as one line."""
    return " ".join(render(verdict, width=200, colour=False, ascii_only=True, hints=0).split())


@pytest.mark.parametrize("isolation", PLACES)
@pytest.mark.parametrize(
    ("name", "call", "needs", "line"),
    [
        ("a_socket", "socket.socket", "a network socket", 6),
        ("a_connection", "asyncio.open_connection", "a network connection", 5),
        ("a_page", "socket.getaddrinfo", "the network", 6),
        ("a_shell", "os.system", "a real process", 6),
        ("a_process", "subprocess", "a real process", 6),
        ("a_fork", "os.fork", "a real process", 6),
        ("a_question", "input", "a person at the keyboard", 5),
        ("an_alarm", "signal.alarm", "an alarm in real time", 6),
        ("an_alarm_again_and_again", "signal.setitimer", "an alarm in real time", 6),
        ("refused_while_loading", "socket.socket", "a network socket", 3),
    ],
)
def test_what_is_refused_is_said_by_name_with_its_line(
    name: str, call: str, needs: str, line: int, isolation: str
) -> None:
    verdict = judged(name, isolation)
    found = failing(verdict).fault
    assert found is not None
    assert found.title == f"`{call}` cannot be used in an exercise"
    assert found.line == line
    assert found.detail == (
        f"{call} needs {needs}, which an exercise on virtual time does not have; use what the exercise gives you"
    )
    assert f"line {line}: " in shown(verdict)
    assert found.detail in shown(verdict)
    assert b"RefusedError" not in encode(verdict)


@pytest.mark.parametrize("isolation", PLACES)
def test_what_is_refused_is_mentioned_also_where_the_program_goes_on(isolation: str) -> None:
    verdict = judged("a_refusal_that_is_caught", isolation)
    note = (
        "`socket.socket` was refused in line 7: an exercise on virtual time does not have it; "
        "use what the exercise gives you"
    )
    assert failing(verdict).fault is None
    assert failing(verdict).notes == (note,)
    assert note in shown(verdict)


TOO_MANY = "TypeError: get() takes 1 argument (url), 2 given"


@pytest.mark.parametrize(
    ("name", "title", "line", "detail"),
    [
        (
            "read_beside_send",
            "a task of yours failed with ProtocolError",
            5,
            "ProtocolError: read_response() before the request was sent; it came out of your function in line 7",
        ),
        ("group_of_wrong_arguments", "your function raised TypeError", 6, TOO_MANY),
        (
            "calls_made_before",
            "a task of yours failed with TypeError",
            5,
            f"{TOO_MANY}; it came out of your function in line 6",
        ),
        (
            "too_few_parameters",
            "`fetch_both` cannot be called as the exercise calls it",
            1,
            "it is called as fetch_both(get, 'a.example', 'b.example'), with 3 arguments; yours takes 2",
        ),
        (
            "sleep_a_text_in_a_task",
            "a task of yours failed with TypeError",
            5,
            "`sleep` takes a number of seconds, and what it was given is no number; "
            "it came out of your function in line 7",
        ),
        (
            "stop_iteration",
            "your function raised RuntimeError",
            5,
            "`next` was asked for one more item than there is",
        ),
        ("value_of_a_task", "your function raised AttributeError", 7, "a Task has no `value`"),
        (
            "timeout_that_is_met",
            "your function raised TimeoutError",
            5,
            "the time that was given for it was over, so what was awaited there was cancelled",
        ),
        (
            "a_cancelled_task",
            "your function raised CancelledError",
            7,
            "what was awaited there was cancelled before it was done, so there is no result",
        ),
        (
            "assert_with_a_message",
            "your function raised AssertionError",
            6,
            "this `assert` does not hold: the text is all about a",
        ),
        (
            "run_of_a_gather",
            "your function raised ValueError",
            7,
            "asyncio.run needs one coroutine, which is what the call of a coroutine function (`async def`) makes",
        ),
        (
            "gather_of_a_generator",
            "your function raised TypeError",
            5,
            "gather takes coroutines and tasks one by one; put a star in front of a list or a generator of them",
        ),
    ],
)
def test_a_crash_is_told_by_its_first_cause_and_their_own_line(name: str, title: str, line: int, detail: str) -> None:
    assert fault(name) == (title, line, detail)


@pytest.mark.parametrize("isolation", PLACES)
@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("past_the_limit", "your program went on for more than 3600 s of virtual time"),
        ("past_the_limit_at_once", "your program went on for more than 3600 s of virtual time"),
        ("past_the_limit_by_operations", "your program began more than 1000 operations"),
        ("past_the_limit_by_tasks", "your program made more than 200 tasks"),
    ],
)
def test_a_limit_names_the_line_in_which_it_was_met(name: str, title: str, isolation: str) -> None:
    assert fault(name, isolation) == (title, 6, "")


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_both_places_tell_the_same_of_every_misuse() -> None:
    for _, name, _ in programs():
        here, there = (_without_isolation(judged(name, isolation)) for isolation in PLACES)
        assert here == there, name


def _without_isolation(verdict: Verdict) -> object:
    return json.loads(encode(msgspec.structs.replace(verdict, isolation="")))


@pytest.mark.slow
def test_no_verdict_names_a_class_of_the_graders() -> None:
    ours = (
        b"RefusedError",
        b"RunTask",
        b"NumberedFuture",
        b"FedStream",
        b"VirtualLoop",
        b"LimitError",
        b"DeadlockError",
    )
    found = {name: [word for word in ours if word in encode(judged(name))] for _, name, _ in programs()}
    assert {name: words for name, words in found.items() if words} == {}
