"""The child process: limits first, then case after case through the pipe, until the other side is gone.

Started with a bare interpreter and nothing inherited but one socket; or forked, with its limits in force already.
"""

import contextlib
import json
import os
import socket
import sys
from os import _exit  # as it is before anything stands in its place
from types import CodeType
from typing import Any

from grader.clock.surroundings import stand_for_good
from grader.door.messages import USED
from grader.door.pipe import Pipe
from grader.runner.bounds import bound_cpu, limit, limit_cpu, threads_of_user, used_memory
from grader.runner.cells.outputs import play_cells
from grader.runner.deaths import stand_with_site
from grader.runner.executed import Codes
from grader.runner.imported import imported
from grader.runner.notebook import Notebook
from grader.runner.packages import offer
from grader.runner.play_case import Play
from grader.runner.source import compile_source
from grader.runner.standing import STANDING
from grader.runner.traces import Traces, in_own_context


def main() -> None:
    """A process that was started for this."""
    descriptor, memory_mb, open_files, processes = map(int, sys.argv[1:5])
    connection = socket.socket(fileno=descriptor)
    offer(json.loads(sys.argv[5]))
    # a bound on all that this user runs: so what is there already counts
    limit(used_memory(), memory_mb, open_files, processes, there=threads_of_user())
    try:
        serve(connection)
    finally:
        STANDING.take_down()


def serve(connection: socket.SocketType, *, for_good: bool = True) -> None:
    """Play what comes. `for_good`: with bounds on CPU time, of which one cannot be raised again."""
    pipe = Pipe(connection)
    code: dict[str, CodeType | Notebook | bytes] = {}
    home, codes, last = os.getcwd(), Codes(), dict[str, Any]()
    traces: Traces | None = None
    played, stands = False, bool(_prepared)
    stand_with_site()
    for start in pipe.starts():
        if "cells" in start:
            STANDING.take_down()
            stand_for_good()
            play_cells(pipe, start)
            stands = False
            continue
        # what has a source has all of its fields; of others those that are left out are as they were
        last = start = start if "source" in start else last | start
        if not stands:
            STANDING.stand()
        stands = False
        folder = start.get("folder")
        if folder:
            traces = _without_traces(traces)
        if for_good:
            _bound_cpu(start, played)
        played = True
        if folder:
            _play(pipe, start | {"home": home, "codes": codes})
            continue
        text = start["source"]
        if text not in code or isinstance(code[text], bytes):
            source = code[text] = text.encode("latin-1")
            with contextlib.suppress(SyntaxError, RecursionError, MemoryError):
                code[text] = compile_source(source, start["filename"])
        _play(pipe, start | {"source": code[text]})


def _bound_cpu(start: dict[str, Any], played: bool) -> None:
    """Where what was `played` before left too little CPU time for this case, a fresh process plays it in place of this one."""
    folder = start.get("folder")
    seconds = start["limits"]["cpu_seconds"] + (folder["import_seconds"] if folder else 0)
    if not played:
        bound_cpu(seconds)
    if not limit_cpu(seconds) and played:
        _exit(USED)


def _without_traces(traces: Traces | None) -> Traces:
    """Of what was played here before; where they cannot be mended, a fresh process goes on in the place of this one."""
    try:
        used = traces is not None and not traces.mended()
    except BaseException:  # whatever it is that was changed
        used = True
    if used:
        _exit(USED)
    if traces is None and _prepared:
        traces = _prepared[0]
        traces.begin_in_fork()
    return traces or Traces()


# of the process of which this is a fork: there all stands as it should, until something is played
_prepared: list[Traces] = []


def prepare() -> None:
    """What stands in forks of this process, and what they compare themselves with; to be called when all is imported."""
    STANDING.stand()
    _prepared[:] = [Traces()]
    imported()
    STANDING.stand()  # now that all is there, so that a fork finds nothing that it has to look at


def _play(pipe: Pipe, start: dict[str, Any]) -> None:
    play = Play(pipe, start)
    pipe.end_of_run, pipe.tells_entry = play.end_of_run, play.folder is not None
    pipe.bye(in_own_context(play.play))
