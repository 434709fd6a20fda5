"""A pool whose threads began outside, used on a clock: its jobs there are done by threads of its own on that clock, as many as
it may have, so that time stands while they run and passes while they wait.

Those that began outside stay there, and do what is given to the pool outside. Who is given a job on a clock has not done
any job outside: what a thread keeps for itself (`threading.local`) is made anew, by the pool's initializer or when it is asked.

Checked on 3.11, 3.12 and 3.13: a `ThreadPoolExecutor` starts its threads in `submit`, keeps them in `_threads`, and what they
are made with in `_max_workers`, `_thread_name_prefix`, `_initializer`, `_initargs`; `map` and `run_in_executor` call `submit`.
"""

import weakref
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, NamedTuple

from grader.clock.library.present import clock_here
from grader.clock.library.replaced import Replacement
from grader.clock.threads.pools import is_elsewhere, waits_for_work

if TYPE_CHECKING:
    from grader.clock.clock import Clock

_real_submit: Any = ThreadPoolExecutor.submit
_real_shutdown: Any = ThreadPoolExecutor.shutdown
_HOME, _SHADOWS = "_at_home", "_shadows"


class _Home(NamedTuple):
    """So many threads of a pool are all on that clock."""

    clock: "weakref.ref[Clock]"
    threads: int


def submit(self: Any, fn: Any, /, *args: Any, **kwargs: Any) -> "Future[Any]":
    clock = clock_here()
    if (
        clock is None
        or clock.door is not None
        or clock.lookout is not None
        or self._shutdown
        or _is_at_home(self, clock)
    ):
        return _real_submit(self, fn, *args, **kwargs)  # type: ignore[no-any-return]
    return _shadow(self, clock).submit(fn, *args, **kwargs)


def _is_at_home(pool: Any, clock: "Clock") -> bool:
    """Whether no thread of the pool is elsewhere; asked for each job, so that it is kept."""
    home: _Home | None = vars(pool).get(_HOME)
    number = len(pool._threads)
    if home is not None and home.clock() is clock and home.threads == number:
        return True
    if is_elsewhere(pool, clock):
        return False
    vars(pool)[_HOME] = _Home(weakref.ref(clock), number)
    return True


def _shadow(pool: Any, clock: "Clock") -> ThreadPoolExecutor:
    shadows: list[tuple[Any, ThreadPoolExecutor]] = vars(pool).setdefault(_SHADOWS, [])
    for known, shadow in shadows:
        if known() is clock:
            return shadow
    for each in [each for each in shadows if _is_idle(each[1])]:
        shadows.remove(each)  # of a run that is over
        each[1].shutdown()
    shadow = ThreadPoolExecutor(pool._max_workers, pool._thread_name_prefix, pool._initializer, pool._initargs)
    shadows.append((weakref.ref(clock), shadow))
    return shadow


def _is_idle(pool: Any) -> bool:
    return all(waits_for_work(thread.ident) for thread in pool._threads)


def shutdown(self: Any, wait: bool = True, *, cancel_futures: bool = False) -> None:
    for _, shadow in vars(self).pop(_SHADOWS, ()):
        shadow.shutdown(wait, cancel_futures=cancel_futures)
    _real_shutdown(self, wait, cancel_futures=cancel_futures)


for _ours, _real in ((submit, _real_submit), (shutdown, _real_shutdown)):
    _ours.__qualname__, _ours.__doc__ = _real.__qualname__, _real.__doc__


def replacements() -> list[Replacement]:
    """What stands in `ThreadPoolExecutor`."""
    return [(ThreadPoolExecutor, "submit", submit), (ThreadPoolExecutor, "shutdown", shutdown)]
