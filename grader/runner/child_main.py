"""The child process: limits first, then case after case through the pipe, until the other side is gone.

Started with a bare interpreter and nothing inherited but one socket; or forked, with its limits in force already.
"""

import contextlib
import json
import socket
import sys
from types import CodeType

from grader.clock.surroundings import stand_for_good
from grader.door.pipe import Pipe
from grader.runner.bounds import limit, limit_cpu, threads_of_user, used_memory
from grader.runner.notebook import Notebook
from grader.runner.packages import offer
from grader.runner.play_case import Play
from grader.runner.source import compile_source


def main() -> None:
    """A process that was started for this."""
    descriptor, memory_mb, open_files, processes = map(int, sys.argv[1:5])
    connection = socket.socket(fileno=descriptor)
    offer(json.loads(sys.argv[5]))
    # a bound on all that this user runs: so what is there already counts
    limit(used_memory(), memory_mb, open_files, processes, there=threads_of_user())
    serve(connection)


def serve(connection: socket.socket) -> None:
    """Play what comes."""
    pipe = Pipe(connection)
    code: dict[str, CodeType | Notebook | bytes] = {}
    for start in pipe.starts():
        limit_cpu(start["limits"]["cpu_seconds"])
        stand_for_good()
        source = code.setdefault(start["source"], start["source"].encode("latin-1"))
        if isinstance(source, bytes):
            with contextlib.suppress(SyntaxError, RecursionError, MemoryError):
                code[start["source"]] = compile_source(source, start["filename"])
        play = Play(pipe, start | {"source": code[start["source"]]})
        pipe.end_of_run = play.end_of_run
        pipe.bye(play.play())
