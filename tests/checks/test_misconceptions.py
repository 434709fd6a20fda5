"""Which misconception a program shows: every key of a rule, and the order of the list."""

from collections.abc import Callable
from typing import Any

import pytest

from grader.checks import View
from grader.checks.misconceptions import first_match, matches
from grader.course.model import Misconception, When
from grader.referee.facts import Blocked, Facts, Place, Waiting
from grader.referee.outcome import Failure, Outcome

Op = Callable[..., Any]
Seen = Callable[..., View]
NOTHING: frozenset[str] = frozenset()


def fits(view: View, failed: frozenset[str] = NOTHING, **when: Any) -> bool:
    return matches(When(**when), view, failed)


def rule(id: str, **when: Any) -> Misconception:
    return Misconception(id=id, when=When(**when), says="", example="")


def test_the_first_rule_of_the_list_wins_whatever_run_it_fits(seen: Seen) -> None:
    failing = [(seen(entry="a"), frozenset({"x"})), (seen(entry="b"), frozenset({"y"}))]
    rules = [rule("root", fails=["y"]), rule("other", fails=["x"])]
    assert first_match(rules, failing) == (rules[0], 1)
    assert first_match(rules[1:], failing) == (rules[1], 0)


def test_no_rule_fits_where_nothing_failed() -> None:
    assert first_match([rule("any")], []) is None


def test_all_that_is_given_must_hold_in_one_run(seen: Seen) -> None:
    failing = [(seen(entry="a"), frozenset({"x"})), (seen(entry="b"), frozenset({"y"}))]
    assert first_match([rule("mixed", entry="a", fails=["y"])], failing) is None


def test_every_check_that_is_named_must_have_failed(seen: Seen) -> None:
    assert fits(seen(), frozenset({"x", "y"}), fails=["x", "y"])
    assert not fits(seen(), frozenset({"x"}), fails=["x", "y"])


def test_elapsed_is_compared_in_ticks(seen: Seen) -> None:
    names = {"a": 0.1, "b": 0.2}
    assert fits(seen(returned=0.3, names=names), elapsed="=a + b")
    assert not fits(seen(returned=0.300000001, names=names), elapsed="=a + b")
    assert not fits(seen(names=names), elapsed="=a + b")
    assert not fits(seen(returned=0.3, names=names), elapsed="=unknown")


def test_where_sees_result_elapsed_calls_and_tasks(op: Op, seen: Seen) -> None:
    view = seen(
        op("get", "a", 0, 1),
        op("get", "b", 1, 2, order=10),
        returned=1,
        result=[2, 1],
        facts=Facts(tasks=3),
        names={"n": 2},
        operations=frozenset({"get", "put"}),
    )
    assert fits(view, where="=result == [n, 1] and elapsed == 1 and calls['get'] == 1 and tasks == 3")
    assert fits(view, where="=calls['put'] == 0")
    assert not fits(view, where="=calls['get'] == 2")


def test_a_where_that_cannot_be_evaluated_does_not_fit(seen: Seen) -> None:
    assert not fits(seen(), where="=sorted(result) == [1]")
    assert not fits(seen(), where="=calls['unknown'] == 0")


def test_raised_looks_at_the_entry_and_at_the_first_task_that_failed(seen: Seen) -> None:
    own = seen(outcome=Outcome("raised", failure=Failure("KeyError", "", 3, bases=("LookupError",))))
    task = seen(outcome=Outcome("deadlock"), facts=Facts(first_failure=Failure("KeyError", "", 3)))
    assert fits(own, raised="KeyError")
    assert fits(own, raised="LookupError")
    assert fits(task, raised="KeyError")
    assert not fits(task, raised="ValueError")
    assert not fits(seen(), raised="KeyError")


def test_a_refusal_is_no_runtime_error_of_the_learners_own(seen: Seen) -> None:
    bases = ("RefusedError", "RuntimeError", "Exception")
    refused = Failure("RefusedError", "os.system needs a real process, which ...", 3, bases=bases)
    own = Failure("RuntimeError", "no running event loop", 3, bases=bases[1:])
    assert not fits(seen(outcome=Outcome("import", failure=refused)), raised="RuntimeError")
    assert fits(seen(outcome=Outcome("import", failure=own)), raised="RuntimeError")


def test_about_is_about_the_same_exception(seen: Seen) -> None:
    view = seen(
        outcome=Outcome("raised", failure=Failure("KeyError", "", 3, about="a")),
        facts=Facts(first_failure=Failure("AttributeError", "", 3, about="NoneType.readline")),
    )
    assert fits(view, raised="AttributeError", about="NoneType.*")
    assert not fits(view, raised="KeyError", about="NoneType.*")
    assert fits(view, about="NoneType.*")
    assert not fits(seen(), about="*")


def test_a_syntax_error_is_about_its_line_in_the_file(seen: Seen) -> None:
    failure = Failure("SyntaxError", "'await' outside function", 1, bases=("SyntaxError", "Exception"))
    view = seen(outcome=Outcome("import", failure=failure), source="await ask_all()\n")
    assert fits(view, event="import_error", raised="SyntaxError", about="*await*")


def test_a_name_that_a_module_does_not_have_is_about_both(seen: Seen) -> None:
    failure = Failure("ImportError", "cannot import name 'coroutine' from 'asyncio' (a/b.py)", 1, about="asyncio")
    assert fits(seen(outcome=Outcome("import", failure=failure)), event="import_error", about="*.coroutine")


def test_source_is_a_pattern(seen: Seen) -> None:
    source = "import asyncio as aio\n\nasync def main():\n    a, b = aio.gather(x, y)\n"
    assert fits(seen(source=source), source="unpack:asyncio.gather")
    assert not fits(seen(source=source), source="await:asyncio.gather")


@pytest.mark.parametrize(
    ("event", "facts"),
    [
        ("never_awaited", Facts(never_awaited=(Place("f", 1),))),
        ("background_at_return", Facts(pending_at_return=(Place("t", 1),))),
        ("nested_run", Facts(nested_run=Place("asyncio.run", 1))),
        ("blocking_call", Facts(blocked=(Blocked("time.sleep", 1, 0, 1),))),
        ("lost_exception", Facts(lost_exceptions=(Failure("E", "", 1),))),
        ("redundant_task", Facts(redundant=(Place("t", 1),))),
        ("refused", Facts(refused=(Place("socket", 1),))),
    ],
)
def test_an_event_that_was_reported_fits(seen: Seen, event: Any, facts: Facts) -> None:
    assert fits(seen(returned=1, facts=facts), event=event)
    assert not fits(seen(returned=1), event=event)


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        ("deadlock", "deadlock"),
        ("livelock", "livelock"),
        ("busy_loop", "busy_loop"),
        ("missing", "missing"),
        ("wrong_kind", "wrong_kind"),
        ("import_error", "import"),
        ("raised", "raised"),
    ],
)
def test_an_event_that_ended_the_run_fits(seen: Seen, event: Any, kind: Any) -> None:
    assert fits(seen(outcome=Outcome(kind)), event=event)
    assert not fits(seen(outcome=Outcome("died")), event=event)


def test_a_deadlock_after_a_failed_task_is_no_deadlock(seen: Seen) -> None:
    failed = Facts(first_failure=Failure("AttributeError", "", 3))
    assert not fits(seen(outcome=Outcome("deadlock"), facts=failed), event="deadlock")


def test_an_operation_left_running_is_background(op: Op, seen: Seen) -> None:
    assert fits(seen(op("get", "a", 0, 5), returned=1), event="background_at_return")


@pytest.mark.parametrize("kind", ["raised", "deadlock", "livelock", "busy_loop", "virtual_limit", "time_out", "died"])
def test_what_is_left_without_a_return_is_no_background(op: Op, seen: Seen, kind: Any) -> None:
    facts = Facts(pending_at_return=(Place("t", 1),))
    view = seen(op("get", "a", 0, 5), returned=1, outcome=Outcome(kind), facts=facts)
    assert not fits(view, event="background_at_return")


@pytest.mark.parametrize("text", ["cannot reuse already awaited coroutine", "coroutine is being awaited already"])
def test_a_coroutine_that_was_awaited_twice(seen: Seen, text: str) -> None:
    assert fits(seen(outcome=Outcome("raised", failure=Failure("RuntimeError", text, 3))), event="awaited_twice")
    assert not fits(seen(outcome=Outcome("raised", failure=Failure("RuntimeError", "no", 3))), event="awaited_twice")


def test_what_the_text_shows_is_an_event_too(seen: Seen) -> None:
    body = "    asyncio.sleep(1)\n    time.sleep(1)\n    await asyncio.create_task(f())\n"
    source = f"import asyncio, time\n\nasync def main():\n{body}"
    for event in ("never_awaited", "blocking_call", "redundant_task"):
        assert fits(seen(source=source), event=event)


# ---------------------------------------------------------------- what an event was about


@pytest.mark.parametrize(
    ("event", "view", "about", "other"),
    [
        ("never_awaited", {"facts": Facts(never_awaited=(Place("sleep", 1),))}, "*sleep", "say"),
        ("nested_run", {"facts": Facts(nested_run=Place("loop.run_forever", 1))}, "loop.*", "asyncio.run"),
        ("blocking_call", {"facts": Facts(blocked=(Blocked("time.sleep", 1, 0, 1),))}, "time.sleep", "input"),
        ("lost_exception", {"facts": Facts(lost_exceptions=(Failure("KeyError", "", 1),))}, "KeyError", "E"),
        ("refused", {"facts": Facts(refused=(Place("socket", 1),))}, "socket", "input"),
        ("redundant_task", {"facts": Facts(redundant=(Place("say", 1),))}, "say", "get"),
        ("background_at_return", {"facts": Facts(pending_at_return=(Place("reader", 1),))}, "reader", "writer"),
        ("wrong_kind", {"outcome": Outcome("wrong_kind", detail="generator")}, "generator", "function"),
        (
            "deadlock",
            {"outcome": Outcome("deadlock"), "facts": Facts(waiting=(Waiting("t", "f", 1, "room in a queue"),))},
            "room *",
            "an item *",
        ),
        (
            "livelock",
            {"outcome": Outcome("livelock", detail="turns"), "facts": Facts(spinning=Place("asks task.done()", 1))},
            "asks *",
            "turns",
        ),
        ("busy_loop", {"outcome": Outcome("busy_loop", detail="waits in real time")}, "waits *", "reads past *"),
    ],
)
def test_a_rule_may_ask_what_the_event_was_about(seen: Seen, event: Any, view: Any, about: str, other: str) -> None:
    found = seen(returned=1, **view)
    assert fits(found, event=event, what=about)
    assert fits(found, event=event, what="*")
    assert not fits(found, event=event, what=other)
    assert not fits(seen(returned=1), event=event, what="*")


def test_an_operation_that_was_left_running_is_what_the_background_is_about(op: Op, seen: Seen) -> None:
    view = seen(op("get", "a", 0, None), returned=1)
    assert fits(view, event="background_at_return", what="get")
    assert not fits(view, event="background_at_return", what="put")


def test_what_began_only_after_the_return_is_background_too(op: Op, seen: Seen) -> None:
    view = seen(op("get", "a", 1, 5, order=10), returned=1)
    assert fits(view, event="background_at_return", what="get")
    assert not fits(seen(op("beat", None, 1, 5, order=10), returned=1, ticker="beat"), event="background_at_return")
    assert not fits(seen(op("get", "a", 0, 1), returned=1), event="background_at_return")


def test_a_bracket_is_unclosed_only_where_the_file_could_not_be_read_for_it(seen: Seen) -> None:
    unread = Outcome("import", failure=Failure("SyntaxError", "", 1, bases=("SyntaxError",)))
    assert fits(seen(outcome=unread, source="f(1\n"), event="unclosed_bracket")
    assert not fits(seen(outcome=unread, source="for x in y\n    pass\n"), event="unclosed_bracket")
    assert not fits(seen(returned=1, source="f(1)\n"), event="unclosed_bracket")


def test_the_text_of_an_exception_can_be_asked_for(seen: Seen) -> None:
    view = seen(outcome=Outcome("raised", failure=Failure("RuntimeError", "no running event loop", 1)))
    assert fits(view, raised="RuntimeError", message="no running*")
    assert not fits(view, raised="RuntimeError", message="await*")
    assert not fits(seen(), message="*")


def test_the_graders_own_beat_is_no_background(op: Op, seen: Seen) -> None:
    assert not fits(seen(op("beat", None, 0, 5), returned=1, ticker="beat"), event="background_at_return")
