"""What a run tells only where the exercise looks at it: it would cost every operation of all others."""

from collections.abc import Iterator
from functools import lru_cache

from grader.course.check_model import HoldsCheck, PythonCheck
from grader.course.expressions import names_in, names_in_text
from grader.course.model import ExerciseFile
from grader.course.same import Same

WHERE = frozenset({"in_loop", "in_thread"})


def looks_where(file: ExerciseFile) -> bool:
    """Whether a check or a misconception may look at where operations began; an author's own function may look at anything."""
    return _looks_where(Same(file))


@lru_cache(maxsize=64)
def _looks_where(one: Same[ExerciseFile]) -> bool:
    """Asked for every case."""
    file = one.it
    return any(isinstance(check, PythonCheck) for entry in file.entries.values() for check in entry.checks) or any(
        not WHERE.isdisjoint(_names(text)) for text in _expressions(file) if "in_loop" in text or "in_thread" in text
    )


def _names(text: str) -> frozenset[str]:
    return names_in(text) if text.startswith("=") else names_in_text(text)


def _expressions(file: ExerciseFile) -> Iterator[str]:
    for entry in file.entries.values():
        for check in entry.checks:
            if isinstance(check, HoldsCheck):
                yield check.holds
                yield check.says
    for misconception in file.misconceptions:
        if misconception.when.where is not None:
            yield misconception.when.where
