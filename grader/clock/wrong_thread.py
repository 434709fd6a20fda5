"""A loop that is called in another thread than its own, which asyncio takes, and is not woken: refused in words."""

import threading
from types import FrameType

from grader.clock.lines import called


def wrong_thread(ident: int, frame: FrameType) -> str:
    """What the present thread does in `frame` to a loop of the thread `ident`, and what it could do instead."""
    loops = next((thread.name for thread in threading.enumerate() if thread.ident == ident), "another thread")
    call = called("", frame).replace("Scheduling.", "loop.")
    what = f"{call} was called" if call else "a future, a task or the loop was changed"
    return (
        "Non-thread-safe operation invoked on an event loop other than the current one: "  # as asyncio's debug mode says it
        f"{what} in the thread {threading.current_thread().name}, but the loop runs in {loops}, which does not hear of it; "
        "use loop.call_soon_threadsafe, or asyncio.run_coroutine_threadsafe for a coroutine"
    )
