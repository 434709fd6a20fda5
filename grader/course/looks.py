"""What a run tells only where the exercise looks at it: it would cost every operation of all others."""

from collections.abc import Iterator

from grader.course.check_model import HoldsCheck, PythonCheck
from grader.course.expressions import names_in, names_in_text
from grader.course.model import ExerciseFile

WHERE = frozenset({"in_loop", "in_thread"})


def looks_where(file: ExerciseFile) -> bool:
    """Whether a check or a misconception may look at where operations began; an author's own function may look at anything."""
    return any(isinstance(check, PythonCheck) for entry in file.entries.values() for check in entry.checks) or any(
        not WHERE.isdisjoint(_names(text)) for text in _expressions(file) if _may_name(text)
    )


def _names(text: str) -> frozenset[str]:
    return names_in(text) if text.startswith("=") else names_in_text(text)


def _may_name(text: str) -> bool:
    """A glance, because this is asked for every case, and hardly any exercise does."""
    return "in_loop" in text or "in_thread" in text


def _expressions(file: ExerciseFile) -> Iterator[str]:
    for entry in file.entries.values():
        for check in entry.checks:
            if isinstance(check, HoldsCheck):
                yield check.holds
                yield check.says
    for misconception in file.misconceptions:
        if misconception.when.where is not None:
            yield misconception.when.where
