"""Ctrl-C put off until a step is over that must not be left half done; it is not lost, and comes once."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def put_off() -> Iterator[None]:
    """In the main thread KeyboardInterrupt comes at the end of this, also of one that fails; in others it never comes.

    The system may tell an interrupt to any thread that hears it, and Python raises it in the main one. So to block it in the
    main thread is not enough where there are others, such as a progress bar's.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came = list[int]()
    before = signal.signal(signal.SIGINT, lambda number, frame: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL if before is None else before)
        if came:
            signal.raise_signal(signal.SIGINT)
