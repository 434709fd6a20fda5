"""The last resort in process: a huge call in C (`sum(range(10**13))`) hears no signal, and no other thread of Python's runs.

A thread of the interpreter's own, which needs neither, then ends this whole process, and says in which line it was.
"""

import contextlib
import faulthandler
from collections.abc import Iterator

from grader.runner.limits import is_debugged

STDERR = 2


@contextlib.contextmanager
def backstop(seconds: float, descriptor: int = STDERR) -> Iterator[None]:
    """What stands inside may take `seconds` of real time; beyond that the process ends with code 1, told on `descriptor`.

    Not where a debugger is at work; one that is asked for meanwhile (`breakpoint()`) takes it away.
    """
    if is_debugged():
        yield
        return
    faulthandler.dump_traceback_later(seconds, exit=True, file=descriptor)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()
