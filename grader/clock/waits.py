"""What a suspended program waits for, in words: the thing by the name that the program has for it, its state, and who could
have ended the wait.

Read from the frames of asyncio and threading, checked on 3.11, 3.12 and 3.13: the functions that wait, and their `self`.
"""

import asyncio
import threading
from collections.abc import Callable, Iterable
from types import FrameType
from typing import Any

Frames = list[FrameType]
_PLAIN = {
    "ClockLock": "Lock",
    "lock": "Lock",
    "PyRLock": "RLock",
    "_RLock": "RLock",
    "PySimpleQueue": "SimpleQueue",
    "_PySimpleQueue": "SimpleQueue",
}


def what_for(within: Frames, waiter: Any, program: Frames) -> str:
    """`within`: the library's frames, outermost first; `waiter`: the future at their end; `program`: the program's frames."""
    for frame in within:
        describe = _KNOWN.get((_module(frame), frame.f_code.co_name))
        if describe is not None:
            said = describe(frame.f_locals, lambda thing: named(thing, program))
            if said:
                return said
    return "" if waiter is None else _future(waiter, lambda thing: named(thing, program))


def call_of(frames: Frames) -> str:
    """The first call among the library's `frames` that waits, as the program would write it: `Event.wait`; may be empty."""
    frame = next((frame for frame in frames if (_module(frame), frame.f_code.co_name) in _KNOWN), None)
    if frame is None:
        return ""
    owner, _, name = frame.f_code.co_qualname.rpartition(".")
    return "Thread.join" if name == "_join" else f"{_PLAIN.get(owner, owner)}.{name}".lstrip(".")


Name = Callable[[Any], str]


def _module(frame: FrameType) -> str:
    return frame.f_code.co_filename.replace("\\", "/").rsplit("/", 1)[-1].removesuffix(".py")


def named(thing: Any, program: Frames) -> str:
    """`Queue 'q'`: its type and the program's name for it, where the innermost frames have one."""
    kind = type(thing).__name__.lstrip("_")
    kind = _PLAIN.get(kind, kind)
    for frame in reversed(program):
        for names in (frame.f_locals, frame.f_globals):
            for name, value in list(names.items()):
                if value is thing:
                    return f"{kind} {name!r}"
                if name == "self" and (attribute := _attribute(value, thing)):
                    return f"{kind} 'self.{attribute}'"
    return f"{'an' if kind[0] in 'AEIOUaeiou' else 'a'} {kind}"


def _attribute(owner: Any, thing: Any) -> str | None:
    try:
        attributes = object.__getattribute__(owner, "__dict__")
    except (AttributeError, TypeError):
        return None
    return next((name for name, value in list(attributes.items()) if value is thing), None)


def _names(tasks: Iterable[Any]) -> str:
    """`Task-2 (worker) and Task-3 (worker), which wait themselves`."""
    left = sorted(_task_name(task) for task in tasks if not task.done())
    if not left:
        return ""
    shown = ", ".join(left[:3]) + (f" and {len(left) - 3} more" if len(left) > 3 else "")
    return f"{shown}, which {'waits itself' if len(left) == 1 else 'wait themselves'}"


def _task_name(task: Any) -> str:
    if isinstance(task, asyncio.Task):
        return f"{task.get_name()} ({getattr(task.get_coro(), '__qualname__', 'another function')})"
    return "a future that nothing which runs can set"


# ---------------------------------------------------------------- asyncio and threads: queues, locks, events


def _get(names: dict[str, Any], name: Name) -> str:
    return f"an item from {name(names['self'])}: it is empty, and nothing that runs can put one"


def _put(names: dict[str, Any], name: Name) -> str:
    queue = names["self"]
    size = getattr(queue, "maxsize", 0) or getattr(queue, "_maxsize", 0)
    taken = "its place is taken" if size == 1 else f"its {size} places are taken"
    return f"room in {name(queue)}: {taken}, and nothing that runs can take an item"


def _queue_join(names: dict[str, Any], name: Name) -> str:
    queue = names["self"]
    left = getattr(queue, "_unfinished_tasks", None) or getattr(queue, "unfinished_tasks", 0)
    return f"{left} more task_done() of {name(queue)}, and nothing that runs can call it"


def _acquire(names: dict[str, Any], name: Name) -> str:
    lock = names["self"]
    if isinstance(lock, asyncio.Semaphore | threading.Semaphore):
        return f"{name(lock)}: it is used up, and nothing that runs can release it"
    return f"{name(lock)}: it is held, and nothing that runs can release it"


def _wait(names: dict[str, Any], name: Name) -> str:
    thing = names["self"]
    if isinstance(thing, asyncio.Barrier | threading.Barrier):
        # who waits here has been counted already
        return f"{name(thing)}: {thing.n_waiting} of {thing.parties} are there, and nothing that runs can join them"
    if isinstance(thing, asyncio.Event | threading.Event):
        return f"{name(thing)}: nothing that runs can set it"
    return f"{name(thing)}: nothing that runs can notify it"


# ---------------------------------------------------------------- tasks, futures, streams, threads


def _group(names: dict[str, Any], name: Name) -> str:
    left = _names(names["self"]._tasks)
    return f"the tasks of its group: {left}" if left else ""


def _wait_for_all(names: dict[str, Any], name: Name) -> str:
    return _names(names["fs"])


def _stream(names: dict[str, Any], name: Name) -> str:
    whose = getattr(names["self"], "key", None)
    return f"data from a stream{'' if whose is None else f' of {whose}'}: nothing that runs can send any"


def _drain(names: dict[str, Any], name: Name) -> str:
    return "room in a stream: nothing that runs can read what was written"


def _no_end(names: dict[str, Any], name: Name) -> str:
    return f"the end of {name(names['self'])}: nothing that runs can close it"


def _server(names: dict[str, Any], name: Name) -> str:
    server = names["self"]
    if server.is_serving() or not server.open_connections:
        return _no_end(names, name)
    return f"the end of the connections of {name(server)}: nothing that runs can close them"


def _connect(names: dict[str, Any], name: Name) -> str:
    return f"a connection to {names['address']!r}: nothing answers there"


def _program(names: dict[str, Any], name: Name) -> str:
    return "the end of a program, which waits itself"


def _thread_join(names: dict[str, Any], name: Name) -> str:
    thread = names["self"]
    return f"the end of the thread {thread.name}, which waits itself"


def _result(names: dict[str, Any], name: Name) -> str:
    if asyncio._get_running_loop() is not None:
        return "the result of a future, in the very thread that would have to bring it about"
    return f"the result of {name(names['self'])}: nothing that runs can set it"


def _future(future: Any, name: Name) -> str:
    if isinstance(future, asyncio.Task):
        return _names([future])
    children = getattr(future, "_children", None)
    if children is not None:
        return _names(children)
    for callback, *_ in getattr(future, "_callbacks", None) or ():
        if "_chain_future" in getattr(callback, "__qualname__", ""):
            return "the result of a thread, which waits itself"
    return f"{name(future)}: nothing that runs can set it"


_KNOWN: dict[tuple[str, str], Callable[[dict[str, Any], Name], str]] = {
    ("queues", "get"): _get,
    ("queues", "put"): _put,
    ("queues", "join"): _queue_join,
    ("locks", "acquire"): _acquire,
    ("locks", "wait"): _wait,
    ("streams", "_wait_for_data"): _stream,
    ("streams", "_drain_helper"): _drain,
    ("streams", "wait_closed"): _no_end,
    ("connections", "_drain"): _drain,
    ("servers", "serve_forever"): _server,
    ("servers", "wait_closed"): _server,
    ("selector_events", "sock_connect"): _connect,
    ("base_subprocess", "_wait"): _program,
    ("taskgroups", "__aexit__"): _group,
    ("tasks", "_wait"): _wait_for_all,
    ("queue", "get"): _get,
    ("queue", "put"): _put,
    ("queue", "join"): _queue_join,
    ("threading", "wait"): _wait,
    ("threading", "acquire"): _acquire,
    ("threads", "acquire"): _acquire,
    ("threads", "_join"): _thread_join,
    ("_base", "result"): _result,
}
