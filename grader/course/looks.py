"""What a run tells only where the exercise looks at it: it would cost every operation of all others."""

from collections.abc import Iterator

from grader.course.check_model import HoldsCheck, PythonCheck
from grader.course.expressions import names_in, names_in_text
from grader.course.model import ExerciseFile

WHERE = frozenset({"in_loop", "in_thread"})


def looks_where(file: ExerciseFile, entry: str) -> bool:
    """Whether a check of `entry`, or a misconception, may look at where operations began.

    Of an author's own function nobody can tell what it looks at.
    """
    return any(isinstance(check, PythonCheck) for check in file.entries[entry].checks) or any(
        not WHERE.isdisjoint(names) for names in _looked_at(file, entry)
    )


def _looked_at(file: ExerciseFile, entry: str) -> Iterator[frozenset[str]]:
    for check in file.entries[entry].checks:
        if isinstance(check, HoldsCheck):
            yield names_in(check.holds) | names_in_text(check.says)
    for misconception in file.misconceptions:
        if misconception.when.entry in (None, entry):
            yield names_in(misconception.when.where)
