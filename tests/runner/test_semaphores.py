"""What of `multiprocessing` needs no other process does in a job as elsewhere."""

import threading
from importlib import import_module
from typing import Any

import pytest

from grader.run.levels import level_of, why_not
from grader.run.outside import Code, run_cells
from grader.runner.cells import semaphores

_RECURSIVE, _COUNTS = 0, 1


def _used(kind: int, value: int, most: int, lock: type[Any]) -> list[object]:
    made = lock(kind, value, most, f"/grader-{lock.__module__}-{kind}{value}{most}", True)
    seen: list[object] = []

    def here(what: Any, *args: Any) -> None:
        try:
            said = what(*args)
        except (AssertionError, ValueError) as error:
            said = type(error)
        seen.append((said, made._count(), made._is_mine(), made._get_value(), made._is_zero()))

    def elsewhere(what: Any, *args: Any) -> None:
        thread = threading.Thread(target=here, args=(what, *args))
        thread.start()
        thread.join()

    here(made.acquire)
    here(made.acquire, False)
    elsewhere(made.acquire, True, 0)
    elsewhere(made.acquire, True, -1)
    elsewhere(made.release)
    here(made.release)
    here(made.release)
    here(made.release)
    with made:
        here(made.acquire, True, 0)
    return [*seen, made.kind, made.maxvalue, made.SEM_VALUE_MAX, made.name]


@pytest.mark.parametrize(("kind", "value", "most"), [(_RECURSIVE, 1, 1), (_COUNTS, 1, 1), (_COUNTS, 2, 2)])
def test_a_semaphore_does_as_the_systems(kind: int, value: int, most: int) -> None:
    real = import_module("_multiprocessing").SemLock
    assert _used(kind, value, most, semaphores.SemLock)[:-1] == _used(kind, value, most, real)[:-1]


def test_a_pool_of_threads_can_be_had_where_there_are_no_other_processes() -> None:
    if reason := why_not("A"):
        pytest.skip(f"isolation A cannot be had here: {reason}")
    cells = [
        "import multiprocessing, threading, time\nfrom multiprocessing.pool import ThreadPool",
        "with ThreadPool(3) as pool: found = pool.map(lambda x: (time.sleep(0.01), x * x)[1], range(4))\nfound",
        "event = multiprocessing.Event(); threading.Timer(0.01, event.set).start(); event.wait(5)",
        "multiprocessing.Process(target=print).start()",
    ]
    codes = [Code(number, text, False) for number, text in enumerate(cells, 1)]
    ran = run_cells(codes, {}, level_of("A"), seconds=2, seed="a seed", really=True)
    shown = [ran.outputs[number][0].get("data", {}).get("text/plain") for number in (2, 3)]
    assert (shown, ran.reached[2], ran.reached[3]) == (["[0, 1, 4, 9]", "True"], [], [])
    assert ("sure", "os.fork is refused") in ran.reached[4]
