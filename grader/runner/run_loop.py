"""The event loop of a run: sets of its tasks have an order that is the run's own, and no task is made past the count."""

import asyncio
import functools
import sys
from collections.abc import Callable
from contextvars import Context
from typing import TYPE_CHECKING, Any

from grader.clock.loops.loop import VirtualLoop
from grader.clock.over import RunOver
from grader.runner.tasks import RunTask

if TYPE_CHECKING:
    from grader.runner.report import Report

_KINDS = (asyncio.Task, asyncio.tasks._PyTask)  # type: ignore[attr-defined]


class ImportLoopError(RunOver):
    """A loop is run while the file is imported; `line` is the file's."""

    kind = "import_loop"


class RunLoop(VirtualLoop):
    """`salt` decides in which order a set of tasks stands: the same for one seed, another for another."""

    def __init__(self, report: "Report", salt: int) -> None:
        super().__init__(report.desk.clock)
        self.report, self.salt = report, salt
        self.make_task: Callable[..., asyncio.Task[Any]]  # also of a task that the program makes by its class

    def made_at_import(self) -> None:
        """A file that is graded as it is may make a loop while it is imported, and run it when its function is called."""
        for name in ("run_forever", "run_until_complete"):
            setattr(self, name, self._not_yet(getattr(self, name)))

    def _not_yet(self, run: Callable[..., Any]) -> Callable[..., Any]:
        def at_a_call(*args: Any, **kwargs: Any) -> Any:
            if self.report.importing:
                raise self.clock.break_off(ImportLoopError("", self.report.desk.line(sys._getframe(1))))
            return run(*args, **kwargs)

        return functools.update_wrapper(at_a_call, run)

    def call_soon(  # type: ignore[override]
        self, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        """A task that was made by its class, and not by the loop, is seen here at its first step."""
        task = getattr(callback, "__self__", None)
        if isinstance(task, _KINDS) and not isinstance(task, RunTask):
            self.report.unannounced(task)
        return super().call_soon(callback, *args, context=context)
