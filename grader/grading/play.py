"""Every case of a submission, played once; a run that met the wall limit is tried once more, if nobody else does that.

What goes wrong on the grader's side while a case is played stands beside that case and never counts as the learner's.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from functools import lru_cache
from itertools import product, takewhile
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from grader.checks import Source, View
from grader.checks.failures import alike
from grader.course.check_model import RaisesCheck
from grader.course.model import Case, Exercise, World
from grader.course.same import Same
from grader.errors import UsageError
from grader.grading.bounded import TakesTooLongError, bounded
from grader.grading.ends import RUNAWAY, TIME_OUTS
from grader.isolation import IN_PROCESS
from grader.referee.facts import Facts
from grader.referee.ledger import Ledger
from grader.referee.outcome import Outcome
from grader.referee.record import Record
from grader.run.files import provided_modules
from grader.run.played import Played

if TYPE_CHECKING:
    from grader.run import Submission

Opener = Callable[[], "AbstractContextManager[Submission]"]


class Run(Struct, frozen=True):
    """`view` is None where the grader failed; `error` then says how. `own`: with the learner's own earlier files."""

    case: Case
    view: View | None
    error: str = ""
    own: bool = False


def play_all(
    exercise: Exercise, cases: Sequence[Case], source: Source, open_: Opener, *, patient: bool = True
) -> tuple[Run, ...]:
    """With `patient` a run that met the wall limit is tried once more at once, where that may have been the machine's load.

    Raises UsageError where the caller asked for what cannot be had, and TakesTooLongError.

    Where the exercise wants both, all cases are played with what it provides, and then with the learner's own files.
    """
    if source.is_too_long:
        return tuple(
            _unread(exercise, case, source, own) for own in _WAYS[exercise.file.dependencies] for case in cases
        )
    try:
        with ExitStack() as stack:
            played = list(_play(exercise, cases, open_, stack, patient))
        with bounded():  # what is told alike on every Python may have the text read
            return tuple(_run(exercise, case, found, source, own) for case, found, own in played)
    except (UsageError, TakesTooLongError):
        raise
    except Exception as error:
        return tuple(Run(case, None, described(error)) for case in cases)


_WAYS = {"provided": (False,), "own": (True,), "both": (False, True)}


def _unread(exercise: Exercise, case: Case, source: Source, own: bool) -> Run:
    """What is too long for the grader is not played either: who looks at a part of it only may be misled."""
    from grader.run.stage import stage_case

    record = Record(Ledger((), None, None, 0), Outcome("import", failure=source.error), Facts())
    try:
        played = Played(record, stage_case(exercise, case, exercise.limits).gives, entered=False)
    except Exception as error:
        return Run(case, None, described(error), own)
    return Run(case, view_of(exercise, case, played, source, own=own), "", own)


def _run(exercise: Exercise, case: Case, found: Played | str, source: Source, own: bool) -> Run:
    told = found if isinstance(found, str) else _not_theirs(exercise, found.record.outcome, own)
    view = None if isinstance(found, str) or told else view_of(exercise, case, found, source, own=own)
    return Run(case, view, told, own)


def _not_theirs(exercise: Exercise, outcome: Outcome, own: bool) -> str:
    """A file that the exercise provides and that cannot be imported is the course's own fault; empty where there is none."""
    failure = outcome.failure
    if failure is None or failure.provided is None or outcome.kind not in ("import", "raised"):
        return ""
    name, line = failure.provided
    if name.removesuffix(".py") not in provided_modules(exercise, own=own):
        return ""
    said = f"{failure.type}: {failure.message}" if failure.message else failure.type
    return f"{name}, line {line}, which the exercise provides, cannot be imported ({said}); mend it under 'modules'"


def _play(
    exercise: Exercise, cases: Sequence[Case], open_: Opener, stack: ExitStack, patient: bool
) -> Iterator[tuple[Case, Played | str, bool]]:
    """Each case with what was seen, or how the grader failed; and whether it was with the learner's own earlier files."""
    submission = stack.enter_context(open_())
    runaway: set[tuple[bool, str]] = set()
    not_imported: dict[bool, Played] = {}
    waiting = deque(product(_WAYS[exercise.file.dependencies], cases))
    while waiting:
        own, case = waiting.popleft()
        if (own, case.entry) in runaway:
            continue  # its checks are lost, and each further case would cost as much real time again
        way: dict[str, Any] = {"then": _then(own, case, waiting)} | ({"own": True} if own else {})
        try:
            # Each entry imports the file anew, and would wait at the same place as long again.
            played = not_imported.get(own) or submission.play(exercise, case, **way)
            if patient and may_be_the_machine(played) and submission.isolation != IN_PROCESS:
                # The machine may have been busy, and this is for marks; in process somebody sits and waits. What meets
                # the limit twice meets it again, so only the first is retried.
                stack.close()
                submission = stack.enter_context(open_())
                played = submission.play(exercise, case, **{**way, "then": _then(own, case, waiting)})
                patient = not timed_out(played)
        except UsageError:
            raise
        except Exception as error:
            yield case, described(error), own
        else:
            if timed_out(played) and not played.entered:
                not_imported[own] = played
            if played.record.outcome.kind in RUNAWAY:
                runaway.add((own, case.entry))
            yield case, played, own


def _then(own: bool, case: Case, waiting: Iterable[tuple[bool, Case]]) -> Iterator[Case]:
    """What is played behind `case` in the same way. A program must not hear of hidden cases while what it says is shown."""
    return (other for _, other in takewhile(lambda each: (each[0], each[1].hidden) == (own, case.hidden), waiting))


def timed_out(played: Played) -> bool:
    return played.record.outcome.kind in TIME_OUTS


def may_be_the_machine(played: Played) -> bool:
    return timed_out(played) and not played.record.outcome.at_rest


@lru_cache(maxsize=64)
def _operations(one: Same[World]) -> frozenset[str]:
    return frozenset(one.it.operations).union(one.it.records)


def view_of(exercise: Exercise, case: Case, played: Played, source: Source, *, own: bool = False) -> View:
    return View(
        case=case,
        names={**case.values, **played.gives},
        record=alike(_told_apart(played.record, source) if exercise.is_adopted else played.record, source),
        source=source,
        operations=_operations(Same(exercise.file.world)),
        may_raise=any([isinstance(check, RaisesCheck) for check in exercise.called(case).checks]),
        ticker=exercise.file.entries[case.entry].ticker,
        folder=exercise.folder,
        solutions=exercise.solutions,
        module=exercise.module if exercise.is_adopted else None,
        theirs=frozenset(exercise.file.needs) if own else frozenset(),
    )


def _told_apart(record: Record, source: Source) -> Record:
    """A file in which nothing stands has no function of any name; it is told that it is empty."""
    if record.outcome.kind != "missing" or not source.is_empty():
        return record
    return replace(record, outcome=Outcome("empty"))


def described(error: BaseException) -> str:
    text = str(error)
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
