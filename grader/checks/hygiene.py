"""The check on what is left lying about: coroutines, tasks, exceptions, generators, and on calls that block.

Each rule takes what the run reported or, where the text shows it, what stands there; the first that is broken is named.
"""

from collections.abc import Callable, Mapping
from typing import get_args

from grader.checks.base import PASSED, Finding, View, not_yet, over
from grader.checks.failures import known_name
from grader.checks.reading import blocking_calls, never_awaited, unkept_tasks
from grader.checks.words import in_line, plainly, seconds
from grader.course.check_model import HygieneCheck
from grader.course.parts import HygieneRule


def hygiene(check: HygieneCheck, view: View) -> Finding:
    rules: tuple[HygieneRule, ...] = get_args(HygieneRule) if check.hygiene == "default" else tuple(check.hygiene)
    findings = (_RULES[rule](view) for rule in rules)
    return next((found for found in findings if not found.passed), PASSED)


def _never_awaited(view: View) -> Finding:
    found = view.record.facts.never_awaited or never_awaited(view.source, view.case.entry)
    if not found:
        return PASSED
    return not_yet(
        f"{plainly(found[0].name)}(...){in_line(found[0].line)} was called and never awaited",
        "A call only makes a coroutine; it runs when you await it or make a task of it.",
    )


def _orphan_task(view: View) -> Finding:
    pending = view.record.facts.pending_at_return
    if pending:
        return not_yet(
            f"a task of yours{in_line(pending[0].line)} was not done when {over(view)}",
            "Await every task that you start, or cancel it and await that.",
        )
    unkept = unkept_tasks(view.source, view.case.entry)
    if unkept:
        return not_yet(
            f"the task made in line {unkept[0].line} is not kept anywhere, so it may vanish before it is done",
            "Keep what create_task gives you, and await it.",
        )
    return PASSED


def _lost_exception(view: View) -> Finding:
    found = view.record.facts.lost_exceptions
    if not found:
        return PASSED
    name = known_name(found[0], view.source, view.record.ledger.rows)
    return not_yet(
        f"a task of yours failed with {name}{in_line(found[0].line, found[0].file)} and nothing looked at it",
        "Await the task: the await raises its exception.",
    )


def _blocking_call(view: View) -> Finding:
    help = "Use the awaitable form, for example `await asyncio.sleep(...)`."
    if view.record.facts.blocked:
        first = view.record.facts.blocked[0]
        stretch = f"from {seconds(first.start)} to {seconds(first.end)}"
        return not_yet(f"{first.name}(...){in_line(first.line)} held up everything else {stretch}", help)
    called = blocking_calls(view.source, view.case.entry)
    if called:
        return not_yet(f"{called[0].name}(...){in_line(called[0].line)} holds up everything else while it runs", help)
    return PASSED


def _open_async_generator(view: View) -> Finding:
    found = view.record.facts.open_generators
    if not found:
        return PASSED
    return not_yet(
        f"the generator {found[0].name}{in_line(found[0].line)} was left open when {over(view)}",
        "Close it with `await generator.aclose()`, or use contextlib.aclosing.",
    )


def _swallowed_cancel(view: View) -> Finding:
    found = view.record.facts.swallowed_cancels
    if not found:
        return PASSED
    return not_yet(
        f"{found[0].name}{in_line(found[0].line)} was cancelled and went on as if nothing had happened",
        "Clean up in `finally`, or raise the CancelledError again.",
    )


_RULES: Mapping[HygieneRule, Callable[[View], Finding]] = {
    "never_awaited": _never_awaited,
    "orphan_task": _orphan_task,
    "lost_exception": _lost_exception,
    "blocking_call": _blocking_call,
    "open_async_generator": _open_async_generator,
    "swallowed_cancel": _swallowed_cancel,
}
