"""What a run tells only where the exercise looks at it: it would cost every operation of all others."""

from collections.abc import Iterator
from itertools import chain

from grader.course.check_model import HoldsCheck, PythonCheck
from grader.course.expressions import names_in, names_in_text
from grader.course.model import ExerciseFile

WHERE = frozenset({"in_loop", "in_thread"})


def looks_where(file: ExerciseFile) -> bool:
    """Whether a check or a misconception may look at where operations began; an author's own function may look at anything."""
    checks = chain.from_iterable(entry.checks for entry in file.entries.values())
    return any(isinstance(check, PythonCheck) for check in checks) or any(
        not WHERE.isdisjoint(names) for names in _looked_at(file)
    )


def _looked_at(file: ExerciseFile) -> Iterator[frozenset[str]]:
    for entry in file.entries.values():
        for check in entry.checks:
            if isinstance(check, HoldsCheck):
                yield names_in(check.holds) | names_in_text(check.says)
    for misconception in file.misconceptions:
        yield names_in(misconception.when.where)
