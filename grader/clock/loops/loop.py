"""The loop on virtual time that stands alone: all that asyncio has, in memory.

What needs the outside world is in memory (`memory`), or refused by name (`refusals`).
"""

from grader.clock.loops.core import LoopOnClock
from grader.clock.loops.light import LightLoop
from grader.clock.loops.memory import MemoryLoop


class VirtualLoop(LoopOnClock, MemoryLoop):
    """An event loop on virtual time; without a clock it is on that of the present thread, or else on one of its own.

    `start` is the loop's time at the beginning and `epoch` the time of day then, both in seconds. Without `jump` the clock
    moves by `advance` only. `cpu_limit`: for how many seconds of CPU time one step of a task or thread may compute.
    `time_limit`: for how many seconds of virtual time the clock goes on from here.

    Raises grader.clock.over.DeadlockError out of `run_until_complete` when nothing can ever run again, TimeLimitError beyond
    the `time_limit`, and BusyLoopError beyond the `cpu_limit`.
    """

    _make, _unmake = LightLoop.__init__, LightLoop.close  # without a selector and a pair of sockets
