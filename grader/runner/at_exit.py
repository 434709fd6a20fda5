"""What a program wants done at the end of its process: nothing, for the process is a host's, or goes on with the next case."""

import atexit
import sys
from typing import Any

from grader.clock.library.present import clock_here
from grader.clock.library.replaced import Replacement

_register = atexit.register


def register(func: Any, /, *args: Any, **kwargs: Any) -> Any:
    home = str(sys._getframe(1).f_globals.get("__name__")).partition(".")[0]
    if clock_here() is None or home in sys.stdlib_module_names:  # a module of Python's own, imported first in this run
        return _register(func, *args, **kwargs)
    if not callable(func):
        raise TypeError("the first argument must be callable")
    return func


register.__doc__, register.__module__ = atexit.register.__doc__, atexit.register.__module__


def at_exit() -> list[Replacement]:
    """What stands in `atexit` for the time of a run."""
    return [(atexit, "register", register)]
