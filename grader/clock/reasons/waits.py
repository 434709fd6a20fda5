"""What a suspended program waits for, in words: the thing by the name that the program has for it, its state, and who could
have ended the wait.

Read from the frames of asyncio and threading, checked on 3.11, 3.12 and 3.13: the functions that wait, and their `self`.
"""

import asyncio
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import Future
from types import FrameType, MappingProxyType
from typing import Any, NamedTuple

from grader.clock.lines import of_a_program, said
from grader.clock.reasons.chains import function_of, holders_of
from grader.clock.reasons.names import Frames, Owners, has_name, named, plain
from grader.clock.reasons.packages import is_taking, method_of, tasks_of, why
from grader.clock.reasons.promises import closed_over, loop_to_begin, source_of, worker_of, workers_to_begin
from grader.clock.reasons.takers import taker_of as task_of
from grader.clock.threads.in_line import taker_of
from grader.ticks import FAR, TICKS_PER_SECOND


class Present(NamedTuple):
    """Who is on the clock: its loops, and the threads by `idents`.

    `alone`: no exercise is graded, so that threads and the clock itself may be spoken of. `hint`: what to use for threads that
    are elsewhere, after a semicolon; empty if it is used. `awaiters`: by the id of a task, who waits for it. `owners`:
    see `names`.
    """

    loops: Collection[Any] = ()
    idents: Collection[int | None] = ()
    alone: bool = False
    hint: str = ""
    awaiters: Mapping[int, Collection["asyncio.Task[Any]"]] = MappingProxyType({})
    owners: Owners = dict


class Name(NamedTuple):
    """Called with a thing: what the program with these frames calls it. `task` waits; or
    a thread does, which has that `ident`."""

    program: Frames
    present: Present
    task: "asyncio.Task[Any] | None" = None
    ident: int | None = None

    def __call__(self, thing: Any) -> str:
        return named(thing, self.program, self.present.owners)

    def has(self, thing: Any) -> bool:
        """Whether the program has a name for it."""
        return has_name(thing, self.program)

    def method_of(self, within: Frames) -> FrameType | None:
        """The method of a package's that the program waits in."""
        return method_of(within, self.has)


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
        return f"the tasks of its group: {_names(tasks, name)}"
    by = _holders(thing, name) if is_taking(method) and name.present.alone else ""
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


def _names(tasks: Iterable[Any], name: Name) -> str:
    """`Task-2 (worker) and Task-3 (worker), which wait themselves`."""
    left = {id(task): _task_name(task, name) for task in _each(tasks) if not task.done()}
    return _who_wait(sorted(left.values()))


def _each(tasks: Iterable[Any]) -> Iterator[Any]:
    """Those of a gather in the place of what it promises, however deep."""
    for task in tasks:
        within = getattr(task, "_children", None)
        source = None if within is not None or isinstance(task, asyncio.Task) else source_of(task)
        if within is not None:
            yield from _each(within)
        elif isinstance(source, asyncio.Future):
            yield from _each([source])
        else:
            yield task


def _who_wait(left: list[str]) -> str:
    if not left:
        return ""
    shown = ", ".join(left[:3]) + (f" and {len(left) - 3} more" if len(left) > 3 else "")
    return f"{shown}, which {'waits itself' if len(left) == 1 else 'wait themselves'}"


def _task_name(task: Any, name: Name) -> str:
    if isinstance(task, asyncio.Task):
        return f"{task.get_name()} ({function_of(task) or 'another function'})"
    source = source_of(task)
    if isinstance(source, asyncio.Future):
        return _task_name(source, name)
    worker = worker_of(source, name.present.idents) if source is not None and name.present.alone else None
    return "a future that nothing which runs can set" if worker is None else f"the thread {worker}"


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
    by = _holder(lock, name) if name.present.alone else ""
    if isinstance(lock, asyncio.Semaphore | threading.Semaphore):
        return f"{name(lock)}: it is used up{f' by {by}' if by else ', and nothing that runs can release it'}"
    return (
        f"{name(lock)}: it is held by {by}" if by else f"{name(lock)}: it is held, and nothing that runs can release it"
    )


def _holder(lock: Any, name: Name) -> str:
    """Who has it; empty if that is not known."""
    if isinstance(lock, asyncio.Lock | asyncio.Semaphore):
        return _holders(lock, name)
    ident = taker_of(lock)
    if ident == name.ident:
        return "the very thread that waits for it"
    thread = next((thread for thread in threading.enumerate() if thread.ident == ident), None)
    if ident == 0 or (ident is not None and thread is None):
        return "a thread that is over"
    if thread is None or ident not in name.present.idents:
        return ""
    if any(loop._thread_id == ident for loop in name.present.loops):
        return f"{thread_name(thread)}, which runs its loop"
    return _who_wait([thread_name(thread)])


def _holders(lock: Any, name: Name) -> str:
    """The tasks that are in an `async with` of it, or the one that took it by `acquire()`."""
    holders = holders_of(lock, name.present.loops)
    if holders:
        return "the very task that waits for it" if holders == [name.task] else _names(holders, name)
    taker = task_of(lock) if isinstance(lock, asyncio.Lock) else None
    if taker is None:
        return ""
    task, since = taker.task(), f"took it in {said(taker.place)}"
    if task is None or task.done():
        who = f"the task {taker.name}" if task is None else _task_name(task, name)
        return f"{who}, which {since}, and is over"
    return f"{'the very task that waits for it' if task is name.task else _task_name(task, name)}, which {since}"


def thread_name(thread: threading.Thread) -> str:
    """As the texts call it."""
    return "the main thread" if thread is threading.main_thread() else thread.name


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
    left = _names(names["self"]._tasks, name)
    return f"the tasks of its group: {left}" if left else ""


def _sleep(names: dict[str, Any], name: Name) -> str:
    far = not -FAR < names["delay"] * TICKS_PER_SECOND < FAR
    return f"the end of a sleep of {names['delay']:g} s{', later than this clock goes' if far else ''}"


def _wait_for_all(names: dict[str, Any], name: Name) -> str:
    return _names(names["fs"], name)


def _next_of_some(names: dict[str, Any], name: Name) -> str:
    """In `as_completed`, whose queue is its own affair; its tasks know the set that they are in."""
    done = names["done"] if "done" in names else names["self"]._done
    for task in (task for loop in name.present.loops for task in asyncio.all_tasks(loop)):
        for callback, *_ in getattr(task, "_callbacks", None) or ():
            mine = closed_over(callback)
            iterator = getattr(callback, "__self__", None)  # since 3.13
            left = mine.get("todo", getattr(iterator, "_todo", ()))
            if left and mine.get("done", getattr(iterator, "_done", None)) is done:
                return f"the next of {len(left)} task{'s' * (len(left) > 1)}: {_names(left, name)}"
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


def _program(names: dict[str, Any], name: Name) -> str:
    return "the end of a program, which waits itself"


def _thread_join(names: dict[str, Any], name: Name) -> str:
    thread = names["self"]
    return f"the end of the thread {thread.name}, which waits itself"


def _result(names: dict[str, Any], name: Name) -> str:
    future = names["self"]
    source = source_of(future)
    asked = isinstance(source, asyncio.Future)
    loop = source.get_loop() if asked else loop_to_begin(future, name.present.loops)
    if loop is None:
        return _of_pool(future, name)
    if loop._thread_id == name.ident:
        return "the result of a future, in the very thread that would have to bring it about"
    return (
        _future(source, name, [])
        if asked
        else "the result of a coroutine that its loop, which stands still, has not begun"
    )


def _of_pool(future: Any, name: Name) -> str:
    """The result of a future that a loop has nothing to do with."""
    present = name.present
    worker = worker_of(future, present.idents)
    if worker is not None:
        return f"the result of {f'the thread {worker}' if present.alone else 'a thread'}, which waits itself"
    workers = workers_to_begin(future, present.idents)
    if workers:
        return f"the result of a job that no thread of its pool has begun: {_who_wait(workers)}"
    where = "nothing on this clock" if present.alone else "nothing that runs"
    return f"the result of {name(future)}: {where} can set it{present.hint}"


def _of_pools(names: dict[str, Any], name: Name) -> str:
    left = [future for future in names["fs"] if not future.done()]
    if len(left) == 1 or not (left and name.present.alone):
        return _of_pool(left[0], name) if left and name.present.alone else ""
    workers = [worker_of(future, name.present.idents) for future in left]
    known = sorted(f"the thread {worker}" for worker in workers if worker is not None)
    if known:
        return f"{len(left)} results, of {_who_wait(known)}"
    return f"{len(left)} results: nothing on this clock can set them{name.present.hint}"


def _future(future: Any, name: Name, within: Frames) -> str:
    if isinstance(future, asyncio.Task):
        return _names([future], name)
    children = getattr(future, "_children", None)
    if children is not None:
        return _names(children, name)
    source = source_of(future)
    if isinstance(source, Future):
        return _of_pool(source, name)
    if source is not None:
        return _future(source, name, within)
    return ("" if name.has(future) else _of_package(within, name)) or f"{name(future)}: nothing that runs can set it"


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
    ("base_events", "serve_forever"): _server,
    ("base_events", "wait_closed"): _server,
    ("selector_events", "sock_connect"): _connect,
    ("base_subprocess", "_wait"): _program,
    ("taskgroups", "__aexit__"): _group,
    ("tasks", "sleep"): _sleep,
    ("tasks", "_wait_for_one"): _next_of_some,
    ("tasks", "_wait"): _wait_for_all,
    ("queue", "get"): _get,
    ("queue", "put"): _put,
    ("queue", "join"): _queue_join,
    ("threading", "wait"): _wait,
    ("threading", "acquire"): _acquire,
    ("real_locks", "acquire"): _acquire,
    ("real_locks", "__enter__"): _acquire,
    ("real_locks", "get"): _get,
    ("selects", "wait"): _selected,
    ("threads", "_join"): _thread_join,
    ("_base", "result"): _result,
    ("_base", "wait"): _of_pools,
    ("_base", "as_completed"): _of_pools,
}
