"""What a suspended program waits for, in words: the thing by the name that the program has for it, its state, and who could
have ended the wait.

Read from the frames of asyncio and threading, checked on 3.11, 3.12 and 3.13: the functions that wait, and their `self`.
"""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from types import FrameType
from typing import Any

from grader.clock.lines import of_a_program
from grader.clock.reasons.holders import acquire, holders
from grader.clock.reasons.names import Frames, by_number, plain
from grader.clock.reasons.packages import is_taking, tasks_of, why
from grader.clock.reasons.promises import closed_over, loop_to_begin, source_of, worker_of, workers_to_begin
from grader.clock.reasons.waiters import Name, names_of, who_wait
from grader.ticks import FAR, TICKS_PER_SECOND


def what_for(within: Frames, waiter: Any, name: Name) -> str:
    """`within`: the library's frames, outermost first; `waiter`: the future at their end."""
    for frame in within:
        describe = _KNOWN.get(_function(frame))
        if describe is not None:
            nameless = describe is _wait and not name.has(frame.f_locals["self"])
            said = (nameless and _of_package(within, name, name.has)) or describe(frame.f_locals, name)
            if said:
                return said
    return "" if waiter is None else _future(waiter, name, within)


def _of_package(within: Frames, name: Name, if_it: Callable[[Any], bool] = lambda thing: True) -> str:
    """The thing of a package's that it waits for; empty if there is none that is so."""
    method = name.method_of(within)
    if method is None or "self" not in method.f_locals or not if_it(method.f_locals["self"]):
        return ""
    tasks, thing = tasks_of(method), method.f_locals["self"]
    if tasks:
        return f"the tasks of its group: {names_of(tasks, name)}"
    by = holders(thing, name) if is_taking(method) and name.present.alone else ""
    return f"{name(thing)}: {f'it is held by {by}' if by else f'nothing that runs can {why(method)}'}"


def call_of(frames: Frames) -> str:
    """The first call among the library's `frames` that waits, as the program would write it: `Event.wait`; may be empty."""
    frame = next((frame for frame in frames if _function(frame) in _KNOWN), None)
    if frame is None:
        return ""
    owner, _, name = frame.f_code.co_qualname.rpartition(".")
    return "Thread.join" if name == "_join" else f"{plain(owner)}.{name}".lstrip(".")


def _function(frame: FrameType) -> tuple[str, str]:
    """The module and the name; an installed package may have others of these names."""
    file = frame.f_code.co_filename
    if of_a_program(file):
        return "", ""
    return file.replace("\\", "/").rsplit("/", 1)[-1].removesuffix(".py"), frame.f_code.co_name


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
    left = names_of(names["self"]._tasks, name)
    return f"the tasks of its group: {left}" if left else ""


def _sleep(names: dict[str, Any], name: Name) -> str:
    holder = asyncio.current_task(name.task.get_loop()) if name.present.alone and name.task is not None else None
    if holder is not None and holder is not name.task:
        return f"the end of a sleep of {names['delay']:g} s: {holder.get_name()} holds up its event loop"
    # nobody who stands alone is stuck in a sleep that ends while the clock goes
    moves = name.present.alone and any(
        loop.clock.targets is None for loop in name.present.loops if hasattr(loop, "clock")
    )
    far = moves or not -FAR < names["delay"] * TICKS_PER_SECOND < FAR
    return f"the end of a sleep of {names['delay']:g} s{LATER if far else ''}"


LATER = ", later than this clock goes"


def _wait_for_all(names: dict[str, Any], name: Name) -> str:
    return names_of(names["fs"], name)


def _next_of_some(names: dict[str, Any], name: Name) -> str:
    """In `as_completed`, whose queue is its own affair; its tasks know the set that they are in."""
    done = names["done"] if "done" in names else names["self"]._done
    for task in (task for loop in name.present.loops for task in asyncio.all_tasks(loop)):
        for callback, *_ in getattr(task, "_callbacks", None) or ():
            mine = closed_over(callback)
            iterator = getattr(callback, "__self__", None)  # since 3.13
            left = mine.get("todo", getattr(iterator, "_todo", ()))
            if left and mine.get("done", getattr(iterator, "_done", None)) is done:
                kind = "task" if all(isinstance(each, asyncio.Task) for each in left) else "future"
                return f"the next of {len(left)} {kind}{'s' * (len(left) > 1)}: {names_of(left, name, ', and ')}"
    return "the next of some futures: nothing that runs can set one"


def _stream(names: dict[str, Any], name: Name) -> str:
    whose = getattr(names["self"], "key", None)
    return f"data from a stream{'' if whose is None else f' of {whose}'}: nothing that runs can send any"


def _drain(names: dict[str, Any], name: Name) -> str:
    return "room in a stream: nothing that runs can read what was written"


def _no_end(names: dict[str, Any], name: Name) -> str:
    return f"the end of {name(names['self'])}: nothing that runs can close it"


def _server(names: dict[str, Any], name: Name) -> str:
    server = names["self"]
    still = [getattr(server, attribute, None) for attribute in ("open_connections", "_active_count", "_clients")]
    if server.is_serving() or not any(still):
        return _no_end(names, name)
    return f"the end of the connections of {name(server)}: nothing that runs can close them"


def _connect(names: dict[str, Any], name: Name) -> str:
    return f"a connection to {names['address']!r}: nothing answers there"


def _selected(names: dict[str, Any], name: Name) -> str:
    return f"what {names['look'].call} looks at: nothing that runs can write to it"


def _transferred(names: dict[str, Any], name: Name) -> str:
    there, can = ("room for", "read") if names["look"].writes else ("something for", "write")
    return f"{there} {names['look'].call}: nothing that runs can {can} at the other end"


def _program(names: dict[str, Any], name: Name) -> str:
    return "the end of a program, which waits itself"


def _thread_join(names: dict[str, Any], name: Name) -> str:
    thread = names["self"]
    return f"the end of the thread {thread.name}, which waits itself"


_NOT_BEGUN = "the result of a coroutine that its loop, which stands still, has not begun"


def _executor(names: dict[str, Any], name: Name) -> str:
    """Of a loop, which waits for the threads of its executor."""
    threads = getattr(names["self"]._default_executor, "_threads", ())
    # a number of one that has ended may be another's by now
    left = [f"the thread {each.name}" for each in threads if each.ident in name.present.idents and each.is_alive()]
    if not (left and name.present.alone):
        return "the end of its executor: a job of that waits itself"
    return f"the end of its executor, and so for {who_wait(sorted(left, key=by_number))}"


def _cancelled(names: dict[str, Any], name: Name) -> str:
    """It was told to end, and goes on."""
    return _future(names["fut"], name, [])


def _result(names: dict[str, Any], name: Name) -> str:
    future = names["self"]
    source = source_of(future)
    asked = isinstance(source, asyncio.Future)
    loop = source.get_loop() if asked else loop_to_begin(future, name.present.loops)
    if loop is None:
        return _of_pool(future, name)
    if loop._thread_id == name.ident:
        return "the result of a future, in the very thread that would have to bring it about"
    return _future(source, name, []) if asked else _NOT_BEGUN


def _of_pool(future: Any, name: Name) -> str:
    """The result of a future that a loop has nothing to do with."""
    present = name.present
    worker = worker_of(future, present.idents)
    if worker is not None:
        return f"the result of {f'the thread {worker}' if present.alone else 'a thread'}, which waits itself"
    workers = workers_to_begin(future, present.idents)
    if workers:
        return f"the result of a job that no thread of its pool has begun: {who_wait(workers)}"
    where = "nothing on this clock" if present.alone else "nothing that runs"
    return f"the result of {name(future)}: {where} can set it{present.hint}"


def _of_pools(names: dict[str, Any], name: Name) -> str:
    left = [future for future in names["fs"] if not future.done()]
    if len(left) == 1 or not (left and name.present.alone):
        return _of_pool(left[0], name) if left and name.present.alone else ""
    workers = [worker_of(future, name.present.idents) for future in left]
    known = sorted((f"the thread {worker}" for worker in workers if worker is not None), key=by_number)
    if known:
        return f"{len(left)} results, of {who_wait(known)}"
    return f"{len(left)} results: nothing on this clock can set them{name.present.hint}"


def _future(future: Any, name: Name, within: Frames) -> str:
    if isinstance(future, asyncio.Task):
        return names_of([future], name)
    children = getattr(future, "_children", None)
    if children is not None:
        return names_of(children, name)
    source = source_of(future)
    if isinstance(source, Future):
        return _of_pool(source, name) if loop_to_begin(source, name.present.loops) is None else _NOT_BEGUN
    if source is not None:
        return _future(source, name, within)
    return ("" if name.has(future) else _of_package(within, name)) or f"{name(future)}: nothing that runs can set it"


_KNOWN: dict[tuple[str, str], Callable[[dict[str, Any], Name], str]] = {
    ("queues", "get"): _get,
    ("queues", "put"): _put,
    ("queues", "join"): _queue_join,
    ("locks", "acquire"): acquire,
    ("locks", "wait"): _wait,
    ("streams", "_wait_for_data"): _stream,
    ("streams", "_drain_helper"): _drain,
    ("streams", "wait_closed"): _no_end,
    ("connections", "_drain"): _drain,
    ("servers", "serve_forever"): _server,
    ("servers", "wait_closed"): _server,
    ("base_events", "serve_forever"): _server,
    ("base_events", "wait_closed"): _server,
    ("base_events", "shutdown_default_executor"): _executor,
    ("selector_events", "sock_connect"): _connect,
    ("base_subprocess", "_wait"): _program,
    ("taskgroups", "__aexit__"): _group,
    ("tasks", "sleep"): _sleep,
    ("tasks", "_wait_for_one"): _next_of_some,
    ("tasks", "_wait"): _wait_for_all,
    ("tasks", "_cancel_and_wait"): _cancelled,
    ("queue", "get"): _get,
    ("queue", "put"): _put,
    ("queue", "join"): _queue_join,
    ("threading", "wait"): _wait,
    ("threading", "acquire"): acquire,
    ("real_locks", "acquire"): acquire,
    ("real_locks", "__enter__"): acquire,
    ("real_locks", "get"): _get,
    ("selects", "wait"): _selected,
    ("transfers", "wait"): _transferred,
    ("threads", "_join"): _thread_join,
    ("_base", "result"): _result,
    ("_base", "wait"): _of_pools,
    ("_base", "as_completed"): _of_pools,
}
