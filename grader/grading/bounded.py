"""How long the grader may compute over one text: one that takes longer is an error of the grader's, and no standstill.

What is read is bounded by its size (`grader.checks.source`); this is for what nobody thought of. Only what this process
computes counts, so a busy machine changes nothing, and the programs that are played are outside of it.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from grader.errors import GraderError

SECONDS = 60.0  # of computing: some twenty times what the largest text takes that is read
_AGAIN = 1.0  # where the first interrupt was lost


class TakesTooLongError(GraderError):
    """To read this text takes the grader too long."""


class _OutOfTime(BaseException):
    """Whatever is read catches what an exception is, and goes on."""


@contextmanager
def bounded() -> Iterator[None]:
    """Raises TakesTooLongError. Nothing is bounded outside of the main thread, on Windows, and inside of another `bounded`."""
    if not _is_possible():
        yield
        return
    before = signal.signal(signal.SIGVTALRM, _stop)
    try:
        signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS, _AGAIN)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    except _OutOfTime:
        raise TakesTooLongError(f"the text takes the grader more than {SECONDS:g} s of computing to read") from None
    finally:
        with suppress(_OutOfTime):
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, signal.SIG_DFL if before is None else before)


def _is_possible() -> bool:
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        return False
    return not signal.getitimer(signal.ITIMER_VIRTUAL)[0]


def _stop(*_: object) -> None:
    raise _OutOfTime
