"""The check on tasks: how many the learner's code made, and whether each was needed.

The number is reported by the run. That a task was needless is taken from the report or from the text.
"""

from grader.checks.base import PASSED, Finding, View, needs_return, not_yet, number
from grader.checks.reading import redundant_tasks
from grader.checks.words import in_line
from grader.course.check_model import Bounds, TasksCheck
from grader.referee.facts import Place

_NEEDLESS = "Nothing runs beside it, so await the coroutine itself."
_FEWER = "Which of them has something to run beside? Await the coroutines of the others."


def tasks(check: TasksCheck, view: View) -> Finding:
    missing = needs_return(view)
    if missing is not None:
        return missing
    if check.tasks == "none_redundant":
        found = redundant(view)
        return not_yet(f"the task made{in_line(found[0].line)} was awaited at once", _NEEDLESS) if found else PASSED
    return _number(check, view)


def redundant(view: View) -> tuple[Place, ...]:
    return view.record.facts.redundant or redundant_tasks(view.source, view.case.entry)


def _number(check: TasksCheck, view: View) -> Finding:
    made = view.record.facts.tasks
    bounds = check.tasks if isinstance(check.tasks, Bounds) else Bounds(at_least=check.tasks, at_most=check.tasks)
    exact = not isinstance(check.tasks, Bounds)
    if bounds.at_least is not None and made < number(bounds.at_least, view):
        wanted = _tasks(number(bounds.at_least, view))
        return not_yet(f"your code made {_tasks(made)}; {'' if exact else 'at least '}{wanted} can be used here")
    if bounds.at_most is not None and made > number(bounds.at_most, view):
        return not_yet(f"your code made {_tasks(made)}; {_enough(number(bounds.at_most, view), exact)}", _FEWER)
    return PASSED


def _enough(limit: float, exact: bool) -> str:
    if limit == 0:
        return "none is needed"
    return f"{limit:g} will do" if exact else f"at most {limit:g} will do"


def _tasks(count: float) -> str:
    if count == 0:
        return "no task"
    return "1 task" if count == 1 else f"{count:g} tasks"
