"""One cell after the other: what becomes of each is told as what was seen of it here, and nowhere else.

To be used as a copy that `apart` makes. Of what else is asked (limits, streams, loops) the worst that a learner's program can
make of it is that a cell is not run to its end, and that is a failure.
"""

import builtins
import sys
from collections.abc import Callable
from contextvars import Context, copy_context
from typing import Any, Protocol

from grader.runner.cells.below import below
from grader.runner.cells.evaluator import evaluator
from grader.runner.cells.faults import described
from grader.runner.cells.history import History

_CUT_SHORT = "not yet: the cell was not run to its end"
Tell = Callable[..., None]
Play = Callable[[int, str, bool], None]


class Stage(Protocol):
    """What the cells are run on."""

    @property
    def names(self) -> dict[str, Any]: ...

    def stand_in(self, display: Any, clear_output: Any, failed: Any) -> None: ...

    def text(self, text: str) -> str: ...

    def interactivity(self) -> str: ...

    def prepare(self, number: int, text: str) -> str: ...

    def stream(self, name: str) -> str: ...

    def run(self, coroutine: Any, context: Context) -> None: ...

    def reached(self, error: BaseException | None) -> list[list[str]]: ...

    def kept_a_turn(self) -> bool: ...

    def stopped(self, error: BaseException | None) -> tuple[str, str] | None: ...


def player(stage: Stage, tell: Tell) -> Play:
    """Of (number, text, whether it is the author's, who finds the builtins as they were): runs that cell, and tells of it."""
    history, context = History(stage.names), copy_context()
    begin, show, display, clear_output, failed, taken = below(stage.stream, history)
    stage.stand_in(display, clear_output, failed)
    evaluate = evaluator(stage.names, show, stage.interactivity)
    put_back, as_they_were = vars(builtins).update, dict(vars(builtins))
    asks = {"input": builtins.input}  # which ipykernel puts in place for each cell, whatever one before has put there

    def play(number: int, text: str, given: bool) -> None:
        tell("cell", number)
        begin(number)
        put_back(as_they_were if given else asks)
        text = text if given else stage.text(text)  # nobody has a hand in the author's
        awaits, run, ended = evaluate(text, stage.prepare(number, text))
        history.began(number, text)
        late: BaseException | None = None
        try:
            # as ipykernel has it: one context for all cells, and a copy of it for one that awaits
            stage.run(run(), context.copy() if awaits else context)
        except BaseException as error:  # the cell's own, or an alarm that was late
            late = error
        whole, its_own = ended()
        kind, said = _how_it_ended(stage, whole, its_own or late)
        met = stage.reached(its_own or late)
        if its_own is not None and not kind:
            _keep(its_own)
        its_own = late = None
        tell("over", number, kind, [*taken(), *said], met, stage.kept_a_turn())

    return play


def _keep(error: BaseException) -> None:
    """By the names under which Python has what failed, and with it all that is in its frames, until something else fails;
    memory alone, which is short here, is not kept.
    """
    if isinstance(error, MemoryError):
        return
    last = {"last_type": type(error), "last_value": error, "last_traceback": error.__traceback__}
    vars(sys).update(last)
    if sys.version_info >= (3, 12):
        vars(sys)["last_exc"] = error


def _how_it_ended(stage: Stage, whole: bool, error: BaseException | None) -> tuple[str, list[list[str]]]:
    """What stopped it, if anything had to, and what is to be said of that or of what failed."""
    stopped = stage.stopped(error)
    if stopped is not None:
        return str(stopped[0]), [["error", "CellTimeoutError", str(stopped[1]), str(stopped[1])]]
    if error is not None:
        return "", [described(error)]
    return "", [] if whole else [["error", "RuntimeError", _CUT_SHORT, _CUT_SHORT]]
