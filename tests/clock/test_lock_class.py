"""`threading.Lock` as programs use it besides calling it: since 3.13 it is a class."""

import _thread
import copy
import functools
import pickle
import threading
import typing
from collections.abc import Callable
from typing import Any

from grader.clock.clock import Clock
from grader.clock.surroundings import _replacements, on

KIND, RKIND = _thread.LockType, type(threading.RLock())
BEFORE, R_BEFORE = threading.Lock(), threading.RLock()
REAL: Any = threading.Lock
IS_A_CLASS = isinstance(REAL, type)


def tried(use: Callable[[], Any]) -> object:
    try:
        return use()
    except Exception as error:
        return type(error), str(error).replace("builtin_function_or_method", "function")  # until 3.12


def annotated(lock: Any) -> type:
    """What a program that is right has on 3.13."""

    class Held:
        held: lock | None = None

    return Held


def shape() -> list[object]:
    """What a program can see of it that is the same for each lock."""
    lock: Any = threading.Lock
    made = lock()

    @functools.singledispatch
    def kind(thing: object) -> str:
        return "another"

    kind.register(KIND, lambda thing: "a lock")
    return [
        isinstance(made, KIND),
        isinstance(BEFORE, KIND),
        isinstance(threading.RLock(), KIND),
        isinstance(threading.RLock(), RKIND),
        made.__class__ is KIND,
        kind(BEFORE),
        kind(object()),
        *map(
            tried,
            (
                lambda: isinstance(made, lock),
                lambda: isinstance(BEFORE, lock),
                lambda: isinstance(threading.RLock(), lock),
                lambda: isinstance(None, lock | None),
                lambda: isinstance(made, lock | None),
                lambda: isinstance(BEFORE, lock | int),
                lambda: type(made) == lock,  # noqa: E721 -- which they are, and not the same
                lambda: type(BEFORE) == lock,  # noqa: E721
                lambda: lock == KIND,
                lambda: lock != KIND,
                lambda: {lock: 1}.get(KIND),
                lambda: issubclass(KIND, lock),
                lambda: issubclass(int, lock),
                lambda: typing.get_type_hints(annotated(lock))["held"] == lock | None,
                lambda: type("Mine", (lock,), {}),
                lambda: lock(1),
                lambda: lock(a=1),
                lambda: IS_A_CLASS and lock.__module__,
                lambda: pickle.loads(pickle.dumps(KIND)) is KIND,
                lambda: copy.copy(lock) is lock,
                lambda: copy.copy(made),
                lambda: copy.deepcopy([made]),
                lambda: pickle.dumps(made),
                lambda: copy.copy(threading.RLock()),
                lambda: (made.acquire_lock(), made.locked_lock(), made.release_lock(), made.locked()),
            ),
        ),
    ]


def test_on_a_clock_locks_are_of_the_class_that_they_are_of_without() -> None:
    without = shape()
    with on(Clock()):
        assert shape() == without


def test_in_a_thread_on_no_clock_they_are_too() -> None:
    without, within = shape(), list[object]()
    begins = threading.Event()

    def look() -> None:
        begins.wait()
        within.extend(shape())

    thread = threading.Thread(target=look)
    thread.start()
    with on(Clock()):
        begins.set()
        thread.join()
    assert within == without


def test_what_stands_there_is_a_class_where_the_real_one_is_and_a_function_where_not() -> None:
    with on(Clock()):
        lock: Any = threading.Lock
        assert lock is not REAL
        assert isinstance(lock, type) is IS_A_CLASS
        assert not IS_A_CLASS or (repr(lock), lock.__name__, lock.__qualname__) == (repr(KIND), "lock", "lock")
        assert (type(lock()) is lock) is IS_A_CLASS


def test_a_class_that_was_pickled_on_a_clock_is_the_real_one_afterwards() -> None:
    with on(Clock()):
        packed = pickle.dumps(type(threading.Lock()))
        taken = type(threading.Lock())
    assert pickle.loads(packed) is KIND
    assert isinstance(threading.Lock(), taken)
    assert type(taken()) is KIND


def test_what_stands_for_a_class_is_a_class() -> None:
    is_a_class = [isinstance(getattr(owner, name), type) for owner, name, _ in _replacements()]
    ours = [isinstance(value, type) for _, _, value in _replacements()]
    assert all(now for before, now in zip(is_a_class, ours, strict=True) if before)
    classes = {
        name
        for (owner, name, _), before in zip(_replacements(), is_a_class, strict=True)
        if before and owner is threading
    }
    assert ("Lock" in classes) is IS_A_CLASS
