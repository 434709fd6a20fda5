"""What the library's functions cannot take is told in Python's own words; what ours cannot take, with what to give."""

import datetime
import queue
import threading
import time
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from grader.clock import Outside, OutsideLoop, VirtualLoop
from grader.clock.library import replaced
from tests.clock.running import here, run

DAY = datetime.timedelta(days=1)
MOMENT = datetime.datetime(2030, 1, 1)

# ---------------------------------------------------------------- the library's

CALLS: dict[str, tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]] = {
    f"{function.__name__}{given}{named or ''}": (function, given, named)
    for function, several in (
        (time.sleep, [(), (1, 2), ("x",), (None,), (-1,), (float("nan"),), (float("inf"),), (10**20,), (Decimal(1),)]),
        (time.sleep, [(Fraction(1, 2),), ([1],), ({},)]),
        (time.time, [(1,)]),
        (time.time_ns, [(1,)]),
        (time.monotonic, [(1,)]),
        (time.perf_counter_ns, [(None,)]),
        (time.localtime, [("x",), (1, 2)]),
        (time.gmtime, [("x",), (1, 2)]),
        (time.ctime, [("x",), (1, 2)]),
        (time.asctime, [(1,), (None,), (1, 2)]),
        (time.strftime, [(), (1,), ("%Y", None), ("%Y", 1), (1, 2, 3)]),
    )
    for given in several
    for named in ({}, {"seconds": 1})
}


def error_of(call: Callable[[], Any]) -> tuple[type, str]:
    with pytest.raises((TypeError, ValueError, OverflowError)) as raised:
        call()
    return raised.type, str(raised.value)


def in_a_run(call: Callable[[], Any]) -> Any:
    async def main() -> Any:
        return call()

    return run(main())


def error_of_time(name: str) -> tuple[type, str]:
    function, given, named = CALLS[name]
    return error_of(lambda: getattr(time, function.__name__)(*given, **named))


def test_a_function_of_time_says_what_is_wrong_as_pythons_own() -> None:
    with replaced.restored():
        replaced.take_down()
        real = {name: error_of_time(name) for name in CALLS}
        assert in_a_run(lambda: {name: error_of_time(name) for name in CALLS}) == real


OF_DATES: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = [
    (function, given, named)
    for function in ("now", "utcnow")
    for given, named in [(("x",), {}), ((1, 2), {}), ((), {"zone": None}), ((None,), {"tz": None})]
]


def error_of_dates(function: str, given: tuple[Any, ...], named: dict[str, Any]) -> tuple[type, str]:
    return error_of(lambda: getattr(datetime.datetime, function)(*given, **named))


def test_a_function_of_dates_does_too() -> None:
    def errors() -> list[tuple[type, str]]:
        return [error_of_dates(*each) for each in OF_DATES]

    with replaced.restored():
        replaced.take_down()
        real = errors()
        assert in_a_run(errors) == real


def test_a_date_takes_its_zone_in_both_ways() -> None:
    zone = datetime.timezone(datetime.timedelta(hours=1))
    expected = datetime.datetime(2030, 1, 1, 1, tzinfo=zone)
    assert in_a_run(lambda: (datetime.datetime.now(zone), datetime.datetime.now(tz=zone))) == (expected, expected)


def test_a_sleep_that_no_clock_goes_is_an_error_that_the_real_one_is_not_asked_for() -> None:
    with pytest.raises(OverflowError, match="timestamp too large"):
        in_a_run(lambda: time.sleep(6e9))


def test_locks_and_queues_are_named_as_pythons_own() -> None:
    def errors() -> list[str]:
        calls = (
            lambda: threading.Lock().acquire(1, 2, 3),  # type: ignore[arg-type, call-arg]
            lambda: threading.RLock().acquire(1, 2, 3),  # type: ignore[arg-type, call-arg]
            lambda: queue.SimpleQueue[int]().get(1, 2, 3),  # type: ignore[arg-type, call-arg]
        )
        return [error_of(call)[1].partition("(")[0] for call in calls]

    assert in_a_run(errors) == ["lock.acquire", "RLock.acquire", "SimpleQueue.get"]


# ---------------------------------------------------------------- ours

OF_DAY = r"datetime.timedelta\(days=1\): give a number of seconds; a timedelta has them in .total_seconds\(\)$"
OF_MOMENT = r"datetime.datetime\(2030, .*\): give a number of seconds; a datetime has them in .timestamp\(\)$"
OF_TEXT = "'x': give a number of seconds$"


@pytest.mark.parametrize(("given", "told"), [("x", OF_TEXT), (DAY, OF_DAY), (MOMENT, OF_MOMENT)])
@pytest.mark.parametrize(
    ("name", "take"),
    [
        ("start", lambda given: VirtualLoop(start=given)),
        ("epoch", lambda given: VirtualLoop(epoch=given)),
        ("cpu_limit", lambda given: VirtualLoop(cpu_limit=given)),
        ("epoch", lambda given: OutsideLoop(epoch=given)),
        ("grace", lambda given: Outside(grace=given)),
        ("patience", lambda given: Outside(patience=given)),
        ("delay", lambda given: in_a_run(lambda: here().call_later(given, print))),
        ("when", lambda given: in_a_run(lambda: here().call_at(given, print))),
        ("seconds", lambda given: run(advance(given))),
        ("latency", lambda given: in_a_run(lambda: setattr(here().network, "latency", given))),
    ],
)
def test_what_is_no_number_of_seconds_is_told_with_what_to_give(name: str, take: Any, given: Any, told: str) -> None:
    with pytest.raises(TypeError, match=f"^{name} is {told}"):
        take(given)


async def advance(seconds: Any) -> None:
    await here().advance(seconds)


@pytest.mark.parametrize("given", [5, MOMENT, "2030"])
def test_what_is_no_clock_is_told_with_what_to_give(given: Any) -> None:
    with pytest.raises(
        TypeError, match=r"is no Clock: give what is to be set by its name, start=\.\.\. or epoch=\.\.\.$"
    ):
        VirtualLoop(given)


def test_what_is_no_outside_is_told_with_what_to_give() -> None:
    outside: Any = 3
    with pytest.raises(TypeError, match=r"^outside is 3: give an Outside\(grace=..., patience=...\)$"):
        OutsideLoop(outside=outside)


@pytest.mark.parametrize("start", [float("nan"), float("inf")])
def test_a_clock_begins_at_some_time(start: float) -> None:
    with pytest.raises(ValueError, match="^a clock cannot begin at (NaN|inf) seconds; give less than 4611686018$"):
        VirtualLoop(start=start)


def test_every_number_will_do() -> None:
    async def main() -> float:
        here().call_later(Fraction(1, 2), print)  # type: ignore[arg-type]
        await here().advance(Fraction(1, 2))  # type: ignore[arg-type]
        return here().time()

    assert run(main(), VirtualLoop(start=True)) == 1.5
