"""What Python says of event loops, and of what belongs to one of them, in plain words: what happened, and what to do."""

from grader.checks import Source
from grader.referee.outcome import Failure

_NO_LOOP = (
    "there is no event loop here, or none any more: `asyncio.run` closes its own when it is over; put all that belongs "
    "together "
    "into one coroutine, and run that with one `asyncio.run`"
)
_OTHER_LOOP = (
    "what was awaited there belongs to another event loop, and each loop waits only for its own; make it in the coroutine that "
    "awaits it, and run all of it with one `asyncio.run`"
)
_OTHERS_LOCK = (
    "a lock, queue or event that was used in one event loop was used in another; make it in the coroutine that you "
    "run, and not "
    "outside of your functions"
)
_STOPPED = (
    "the event loop was stopped while your coroutine still waited; leave `loop.stop()` out: the loop stops by itself when the "
    "coroutine is over"
)
_CLOSED = (
    "the event loop was closed already, and a closed one cannot be used again; put what comes after it into the same "
    "coroutine, "
    "or make a new loop"
)
_CLOSING = "the event loop was to be closed while it runs; leave the closing to `asyncio.run`, which does it at the end"
_STOP = "loop stopped before Future completed"
# what Python says, in whatever version, and what it means
MEANINGS = (
    ("no current event loop", _NO_LOOP),
    ("attached to a different loop", _OTHER_LOOP),
    ("belongs to a different loop", _OTHER_LOOP),
    ("belong to different loops", _OTHER_LOOP),
    ("loop argument must agree with", _OTHER_LOOP),
    ("are not attached to the same event loop", _OTHER_LOOP),
    ("bound to a different event loop", _OTHERS_LOCK),
    (_STOP, _STOPPED),
    ("Event loop is closed", _CLOSED),
    ("Runner is closed", _CLOSED),
    ("Cannot close a running event loop", _CLOSING),
    (
        "released too many times",
        "a semaphore was released more often than it was acquired; `async with` does both by itself, once each",
    ),
    (
        "Executor shutdown has been called",
        "a pool was given work when the loop was about to close; wait for it inside your coroutine",
    ),
    (
        "Cannot enter into task",
        "one task was run from inside another, which the loop alone can do; await it, or give it to `asyncio.gather`",
    ),
    (
        "threads can only be started once",
        "a thread was started a second time, and each runs once; make a new one each time",
    ),
    (
        "cannot schedule new futures after",
        "a pool was given work when it was closed already; do that inside its `with` block",
    ),
    (
        "changed size during iteration",
        "something was added to what a loop goes through, or taken from it, while the loop went on; go through a copy, "
        "`list(...)`",
    ),
    (
        "should be used inside a task",
        "a time-out works only in a coroutine that a task or `asyncio.run` runs; use it there",
    ),
    (
        "generator is already running",
        "an async generator was asked for its next item before it had given the last one; ask for one after the other",
    ),
    (
        "generator didn't yield",
        "what stands after `with` has to `yield` once, and did not; put a `yield` where the block is to run",
    ),
    ("generator didn't stop", "what stands after `with` has to `yield` once, and did so twice; leave the second out"),
)


def line_of(failure: Failure, source: Source) -> int | None:
    """The line that is to be shown: that of a `stop()` where the loop was stopped under somebody, else the failure's own."""
    if failure.type != "RuntimeError" or _STOP not in failure.message:
        return failure.line
    return next(iter(source.places("method:stop")), failure.line)
