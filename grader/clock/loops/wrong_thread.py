"""A loop that is called in another thread than its own, which asyncio takes, and is not woken: refused in words."""

import threading
from types import FrameType

from grader.clock.lines import call_in, called, frame_of

# as programs call them
_OURS = ("Scheduling", "ByHand", "LoopOnClock", "MemoryLoop", "BaseEventLoop", "BaseSelectorEventLoop")
_TASKS = ("NumberedTask", "CountedTask", "DeliveredTask", "WatchedTask")
_OWNERS = dict.fromkeys(_OURS, "loop") | dict.fromkeys(_TASKS, "Task")
_OWNERS |= {"WatchedFuture": "Future", "MemoryTransport": "transport"}


def wrong_thread(ident: int, frame: FrameType, known: str = "") -> str:
    """What the present thread does in `frame` to a loop of the thread `ident`, and what it could do instead.

    `known`: what it calls, where no frame need tell that, as of a coroutine that a task of its own may run.
    """
    loops = next((thread.name for thread in threading.enumerate() if thread.ident == ident), "another thread")
    call = known or called("", frame)
    owner, _, name = call.rpartition(".")
    call = f"{_OWNERS.get(owner, owner)}.{name}" if owner else call or call_in(frame_of(frame))
    what = f"{call} was called" if call else "a future, a task or the loop was changed"
    return (
        "Non-thread-safe operation invoked on an event loop other than the current one: "  # as asyncio's debug mode says it
        f"{what} in the thread {threading.current_thread().name}, but the loop runs in {loops}, which does not hear of it; "
        "use loop.call_soon_threadsafe, or asyncio.run_coroutine_threadsafe for a coroutine"
    )
