"""Every case of a submission, played once; a run that met the wall limit is tried once more, if nobody else does that.

What goes wrong on the grader's side while a case is played stands beside that case and never counts as the learner's.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from grader.checks import Source, View
from grader.checks.failures import alike
from grader.course.check_model import RaisesCheck
from grader.course.model import Case, Exercise
from grader.door.messages import AT_IMPORT
from grader.errors import UsageError
from grader.referee.outcome import Outcome
from grader.referee.record import Record

if TYPE_CHECKING:
    from grader.run import Played, Submission

RUNAWAY = frozenset({"busy_loop", "livelock", "virtual_limit", "time_out", "died"}).union(AT_IMPORT.values())

TIME_OUTS = frozenset({"time_out", AT_IMPORT["time_out"]})

Opener = Callable[[], "AbstractContextManager[Submission]"]


@dataclass(frozen=True, slots=True)
class Run:
    """`view` is None where the grader failed; `error` then says how. `own`: with the learner's own earlier files."""

    case: Case
    view: View | None
    error: str = ""
    own: bool = False


def play_all(
    exercise: Exercise, cases: Sequence[Case], source: Source, open_: Opener, *, patient: bool = True
) -> tuple[Run, ...]:
    """With `patient` a run that met the wall limit is tried once more at once, where that may have been the machine's load.

    Raises UsageError where the caller asked for what cannot be had.

    Where the exercise wants both, all cases are played with what it provides, and then with the learner's own files.
    """
    try:
        with ExitStack() as stack:
            return tuple(_play(exercise, cases, source, open_, stack, patient))
    except UsageError:
        raise
    except Exception as error:
        return tuple(Run(case, None, described(error)) for case in cases)


_WAYS = {"provided": (False,), "own": (True,), "both": (False, True)}


def _play(
    exercise: Exercise, cases: Sequence[Case], source: Source, open_: Opener, stack: ExitStack, patient: bool
) -> Iterator[Run]:
    submission = stack.enter_context(open_())
    runaway: set[tuple[bool, str]] = set()
    not_imported: dict[bool, Played] = {}
    for own, case in product(_WAYS[exercise.file.dependencies], cases):
        if (own, case.entry) in runaway:
            continue  # its checks are lost, and each further case would cost as much real time again
        way: dict[str, Any] = {"own": True} if own else {}
        try:
            # Each entry imports the file anew, and would wait at the same place as long again.
            played = not_imported.get(own) or submission.play(exercise, case, **way)
            if patient and may_be_the_machine(played) and submission.isolation != "in-process":
                # The machine may have been busy, and this is for marks; in process somebody sits and waits. What meets
                # the limit twice meets it again, so only the first is retried.
                stack.close()
                submission = stack.enter_context(open_())
                played = submission.play(exercise, case, **way)
                patient = not timed_out(played)
        except UsageError:
            raise
        except Exception as error:
            yield Run(case, None, described(error), own)
        else:
            if timed_out(played) and not played.entered:
                not_imported[own] = played
            if played.record.outcome.kind in RUNAWAY:
                runaway.add((own, case.entry))
            yield Run(case, view_of(exercise, case, played, source), own=own)


def timed_out(played: "Played") -> bool:
    return played.record.outcome.kind in TIME_OUTS


def may_be_the_machine(played: "Played") -> bool:
    return timed_out(played) and not played.record.outcome.at_rest


def view_of(exercise: Exercise, case: Case, played: "Played", source: Source) -> View:
    world = exercise.file.world
    return View(
        case=case,
        names={**case.values, **played.gives},
        record=alike(_told_apart(played.record, source) if exercise.is_adopted else played.record, source),
        source=source,
        operations=frozenset(world.operations).union(world.records),
        may_raise=any(isinstance(check, RaisesCheck) for check in exercise.file.entries[case.entry].checks),
        ticker=exercise.file.entries[case.entry].ticker,
        folder=exercise.folder,
        solutions=exercise.solutions,
        module=exercise.module if exercise.is_adopted else None,
    )


def _told_apart(record: Record, source: Source) -> Record:
    """A file in which nothing stands has no function of any name; it is told that it is empty."""
    if record.outcome.kind != "missing" or not source.is_empty():
        return record
    return replace(record, outcome=Outcome("empty"))


def described(error: BaseException) -> str:
    text = str(error)
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
