"""`grader grade`, killed at a moment: where something is about to be written, or has just been.

    python -m tests.gradebook.killed CLASS FOLDER MOMENTS

Grades CLASS into FOLDER/whole without a break, counting the moments; then, for MOMENTS of them drawn by number, into
FOLDER/0, FOLDER/1, ...: killed with -9 there, and started again. Prints one line of JSON for each: how the first ended and
with which code the second.

It forks, so that each start costs little; graded is in the process that is killed, so that what is in flight dies with it.
"""

import json
import os
import random
import signal
import sys
from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextlib import nullcontext, redirect_stderr, redirect_stdout, suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from grader.cli import main
from grader.grading import workers

_FILES = ("open", "os.rename", "os.remove", "os.mkdir", "sqlite3.connect")


class Here(Executor):
    """A pool without processes."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def here(workers: int) -> Executor:
    return Here()


def graded(class_: Path, out: Path, moment: int | None) -> int:
    """In a child: the number of moments that there were, in a file beside `out`; the child's exit status."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    moments = 0

    def one_more(*_: Any) -> None:
        nonlocal moments
        if moments == moment:
            os.kill(os.getpid(), signal.SIGKILL)
        moments += 1

    for name in ("before_cursor_execute", "after_cursor_execute", "commit", "checkin"):
        event.listen(Engine if name != "checkin" else __import__("sqlalchemy.pool").pool.Pool, name, one_more)
    sys.addaudithook(lambda name, args: one_more() if name in _FILES and str(out) in str(args[0]) else None)
    code: Any = 1
    try:
        with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
            main(["grade", str(class_), "--out", str(out), "--isolation", "in-process", "--jobs", "1"])
    except SystemExit as end:
        code = end.code
    Path(f"{out}.moments").write_text(str(moments))
    Path(f"{out}.modules").write_text("\n".join(sys.modules))
    os._exit(int(code or 0))


def all_of_it(class_: Path, folder: Path, count: int) -> None:
    workers.processes, workers.early = here, lambda *_: nullcontext(here)  # type: ignore[assignment]
    whole = graded(class_, folder / "whole", None)
    moments = int((folder / "whole.moments").read_text())
    for name in (folder / "whole.modules").read_text().split():
        with suppress(ImportError):  # a module of an exercise's world, under a name of its own
            import_module(name)  # once here, and not in each child
    print(json.dumps({"whole": os.waitstatus_to_exitcode(whole), "moments": moments}), flush=True)
    for number in range(count):
        moment = random.Random(number).randrange(moments)
        first = graded(class_, folder / str(number), moment)
        second = graded(class_, folder / str(number), None)
        ends = [os.waitstatus_to_exitcode(status) for status in (first, second)]
        print(json.dumps({"moment": moment, "first": ends[0], "second": ends[1]}), flush=True)


if __name__ == "__main__":
    all_of_it(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
