"""What the standard library has in place of its own while any thread is on a clock: put up by the first, taken down by the last.

Each replacement asks which clock the present thread is on; a thread that is on none has the real thing. So two runs at the same
time, in two threads, do not meet, and a test runner's own threads and durations stay real.
"""

import _thread
from collections.abc import Callable
from typing import Any

Replacement = tuple[Any, str, Any]  # whose attribute, its name, what stands there meanwhile

_lock = _thread.allocate_lock()
_users = [0]
_before: list[Replacement] = []


def put_up(replacements: Callable[[], list[Replacement]]) -> None:
    """One more needs them; `replacements()` is asked only by the first."""
    with _lock:
        _users[0] += 1
        if _users[0] > 1:
            return
        for owner, name, value in replacements():
            _before.append((owner, name, getattr(owner, name)))
            setattr(owner, name, value)


def take_down() -> None:
    """One less needs them."""
    with _lock:
        _users[0] -= 1
        if _users[0] == 0:
            while _before:
                setattr(*_before.pop())
