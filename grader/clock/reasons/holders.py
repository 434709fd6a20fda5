"""Who has a lock or the places of a semaphore, in words, and in which line it was taken if that is known."""

import asyncio
import threading
from typing import Any

from grader.clock.lines import Place, of_a_program, said
from grader.clock.reasons.chains import holders_of
from grader.clock.reasons.names import by_number
from grader.clock.reasons.promises import is_over
from grader.clock.reasons.slots import slots_of
from grader.clock.reasons.takers import taker_of as task_of
from grader.clock.reasons.waiters import Name, listed, names_of, task_name, thread_name, who_wait
from grader.clock.threads.in_line import Taken, taken_at, taker_of

_ITSELF, _THREAD_ITSELF = "the very task that waits for it", "the very thread that waits for it"


def acquire(names: dict[str, Any], name: Name) -> str:
    lock = names["self"]
    if isinstance(lock, asyncio.Semaphore | threading.Semaphore):
        by = _users(lock, name) if name.present.alone else ""
        return f"{name(lock)}: it is used up{f' by {by}' if by else ', and nothing that runs can release it'}"
    by = _holder(lock, name) if name.present.alone else ""
    return (
        f"{name(lock)}: it is held by {by}" if by else f"{name(lock)}: it is held, and nothing that runs can release it"
    )


def _users(semaphore: Any, name: Name) -> str:
    """Who has its places."""
    inside = holders_of(semaphore, name.present.loops) if isinstance(semaphore, asyncio.Semaphore) else []
    slots = [(slot.who(), slot.name, _said(slot.place)) for slot in slots_of(semaphore)]
    tasks = [(task, task.get_name(), "") for task in sorted(inside, key=lambda task: by_number(task.get_name()))]
    users = [*tasks, *slots]
    if users and all(_is_waiter(who, name) for who, *_ in users):
        return _ITSELF if isinstance(semaphore, asyncio.Semaphore) else _THREAD_ITSELF
    over = any(_has_ended(who, name) for who, *_ in users)
    shown = [
        f"{_user(who, called, name)}{f' since {place}' if place else ''}{', which is over' if _has_ended(who, name) else ''}"
        for who, called, place in users
    ]
    return listed(shown) if over else who_wait(shown)


def _said(place: Place) -> str:
    """Where a program stands; a method that a thread was given alone is called by the library."""
    return said(place) if of_a_program(place[0]) else ""


def _is_waiter(who: Any, name: Name) -> bool:
    return who is name.task if isinstance(who, asyncio.Task) else who is not None and who.ident == name.ident


def _has_ended(who: Any, name: Name) -> bool:
    return who is None or (who.done() if isinstance(who, asyncio.Task) else who.ident not in name.present.idents)


def _user(who: Any, called: str, name: Name) -> str:
    if who is None:
        return called
    return task_name(who) if isinstance(who, asyncio.Task) else thread_name(who)


def _holder(lock: Any, name: Name) -> str:
    """Who has it; empty if that is not known."""
    if isinstance(lock, asyncio.Lock):
        return holders(lock, name)
    ident = taker_of(lock)
    if ident == name.ident:
        return _THREAD_ITSELF
    thread = next((thread for thread in threading.enumerate() if thread.ident == ident), None)
    taken = taken_at(lock)
    if ident == 0 or (ident is not None and thread is None):
        return f"a thread that is over{_where(taken)}"
    if thread is not None and taken is not None and is_over(taken.job, thread.ident):
        return f"the job {taken.job} of {thread_name(thread)}{_where(taken)}, and is over"
    if thread is None or ident not in name.present.idents:
        return ""
    if any(loop._thread_id == ident for loop in name.present.loops):
        return f"{thread_name(thread)}, which runs its loop"
    return who_wait([thread_name(thread)])


def _where(taken: Taken | None) -> str:
    return f", which took it in {_said(taken.place)}" if taken is not None and _said(taken.place) else ""


def holders(lock: Any, name: Name) -> str:
    """The tasks that are in an `async with` of it, or the one that took it by `acquire()`."""
    holders = holders_of(lock, name.present.loops)
    if holders:
        return _ITSELF if holders == [name.task] else names_of(holders, name)
    taker = task_of(lock) if isinstance(lock, asyncio.Lock) else None  # a package's has none
    if taker is None:
        return ""
    task, since = taker.task(), f"took it in {said(taker.place)}"
    if task is None or task.done():
        who = f"the task {taker.name}" if task is None else task_name(task)
        return f"{who}, which {since}, and is over"
    return f"{_ITSELF if task is name.task else task_name(task)}, which {since}"
