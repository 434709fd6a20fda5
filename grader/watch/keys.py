"""Keys of the terminal, each as it is pressed, and the terminal left as it was found, whatever ends or suspends the program.

Only where standard input is a terminal, and only while the program is in its foreground; elsewhere nobody presses a key.
"""

import contextlib
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from types import FrameType
from typing import Any, Protocol

REDRAW = "\f"  # Ctrl-L; and what is heard after the program was suspended
_CHUNK = 1024
_NEXT = 0.02  # real seconds until a console is asked again


class Keys(Protocol):
    """`there`: whether there is somebody who could press one. `wait`: the next one within so many real seconds, else ""."""

    there: bool

    def wait(self, seconds: float) -> str: ...


class NoKeys:
    there = False

    def wait(self, seconds: float) -> str:
        time.sleep(seconds)
        return ""


@contextlib.contextmanager
def keyboard() -> Iterator[Keys]:
    """The keys of standard input. What ends the program from outside (SIGTERM, SIGHUP) leaves this as SystemExit."""
    with _ended_in_order():
        try:
            terminal = sys.stdin is not None and sys.stdin.isatty()
        except ValueError:  # it is closed
            terminal = False
        if not terminal:
            yield NoKeys()
        elif sys.platform == "win32":
            yield Console()
        else:
            with Terminal(sys.stdin.fileno()) as keys:
                yield keys


@contextlib.contextmanager
def _ended_in_order() -> Iterator[None]:
    def end(number: int, frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    with _handled({"SIGTERM": end, "SIGHUP": end}):
        yield


@contextlib.contextmanager
def _handled(handlers: dict[str, Any]) -> Iterator[None]:
    """Those signals that this system has, and that nobody has had ignored (nohup); they are the main thread's."""
    here = threading.current_thread() is threading.main_thread()
    numbers = {getattr(signal, name): handler for name, handler in handlers.items() if here and hasattr(signal, name)}
    before = {
        number: signal.signal(number, handler)
        for number, handler in numbers.items()
        if signal.getsignal(number) is not signal.SIG_IGN
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)


if sys.platform == "win32":
    import msvcrt

    class Console:
        """Windows' own."""

        there = True

        def wait(self, seconds: float) -> str:
            until = time.monotonic() + seconds
            while not msvcrt.kbhit():
                left = until - time.monotonic()
                if left <= 0:
                    return ""
                time.sleep(min(left, _NEXT))
            key = msvcrt.getwch()
            if key in "\x00\xe0":  # an arrow, or the like, which is two
                msvcrt.getwch()
                return ""
            if key == "\x03":
                raise KeyboardInterrupt
            return key

else:
    import select
    import termios

    class Terminal:
        """The terminal of a descriptor: keys come one by one and are not shown, while Ctrl-C and Ctrl-Z are what they are."""

        def __init__(self, descriptor: int):
            self.there = True
            self._descriptor = descriptor
            self._pressed = deque[str]()
            self._found: list[Any] | None = None  # its modes, as they were before the first key
            self._taken = False
            self._left = contextlib.ExitStack()
            self._redraw = False

        def __enter__(self) -> "Terminal":
            self._left.callback(self._put_back)
            self._left.enter_context(_handled({"SIGTSTP": self._suspend, "SIGCONT": self._go_on}))
            return self

        def __exit__(self, *_: object) -> None:
            self._left.close()

        def wait(self, seconds: float) -> str:
            if not self._pressed and self._listens():
                ready, _, _ = select.select([self._descriptor], [], [], seconds)
                if ready:
                    self._read()
            elif not self._pressed:
                time.sleep(seconds)
            if self._redraw:
                self._redraw = False
                return REDRAW
            return self._pressed.popleft() if self._pressed else ""

        def _listens(self) -> bool:
            """Whether keys are ours: who asks from the background is stopped by the system."""
            if not (self.there and _is_ours(self._descriptor)):
                return False
            if not self._taken:
                try:
                    self._take()
                except termios.error:
                    self.there = False
            return self.there

        def _take(self) -> None:
            found = termios.tcgetattr(self._descriptor)
            self._found = self._found or found
            changed = [*found[:6], [*found[6]]]
            changed[3] &= ~(termios.ICANON | termios.ECHO)
            changed[6][termios.VMIN], changed[6][termios.VTIME] = 1, 0
            self._taken = True
            termios.tcsetattr(self._descriptor, termios.TCSANOW, changed)

        def _put_back(self) -> None:
            if self._taken and _is_ours(self._descriptor):
                with contextlib.suppress(termios.error):
                    termios.tcsetattr(self._descriptor, termios.TCSANOW, self._found or [])
            self._taken = False

        def _read(self) -> None:
            try:
                data = os.read(self._descriptor, _CHUNK)
            except OSError:
                data = b""
            if not data:
                self.there = False  # the terminal is gone
            elif not data.startswith(b"\x1b"):  # which begins an arrow, or the like
                self._pressed.extend(data.decode("utf-8", "replace"))

        def _suspend(self, number: int, frame: FrameType | None) -> None:
            self._put_back()
            signal.signal(signal.SIGTSTP, signal.SIG_DFL)
            os.kill(os.getpid(), signal.SIGTSTP)  # here it stands until it is to go on
            signal.signal(signal.SIGTSTP, self._suspend)

        def _go_on(self, number: int, frame: FrameType | None) -> None:
            """Whoever had the terminal meanwhile has set it as they like it, also where we were stopped without being asked."""
            self._taken = False
            self._redraw = True

    def _is_ours(descriptor: int) -> bool:
        """Whether we are in the foreground of it; so is who is under no control of it."""
        try:
            return os.tcgetpgrp(descriptor) == os.getpgrp()
        except OSError:
            return True
