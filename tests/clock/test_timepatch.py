import asyncio
import contextlib
import copy
import datetime
import json
import pickle
import sqlite3
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from datetime import date as date_imported_before
from datetime import datetime as imported_before
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from grader.clock import VirtualLoop, surroundings
from grader.clock import clock as clock_module
from grader.clock.clock import Clock
from grader.clock.library import replaced, timepatch
from grader.clock.over import BusyLoopError
from grader.clock.surroundings import on

EPOCH = 1_893_456_000.0


@pytest.fixture
def clock() -> Iterator[Clock]:
    clock = Clock(epoch=EPOCH)
    with on(clock):
        yield clock


def test_every_clock_of_the_time_module_agrees(clock: Clock) -> None:
    time.sleep(1.5)
    assert (time.time(), time.monotonic(), time.perf_counter()) == (EPOCH + 1.5, 1.5, 1.5)
    assert (time.time_ns(), time.monotonic_ns(), time.perf_counter_ns()) == (
        int(EPOCH + 1) * 10**9 + 500_000_000,
        1_500_000_000,
        1_500_000_000,
    )


@pytest.fixture
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The local time's, as POSIX writes it, so that no table of zones has to be there."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone of a process is the system's here")
@pytest.mark.parametrize("zone", ["UTC0", "EST5EDT,M3.2.0,M11.1.0"], indirect=True)
def test_the_calendar_agrees_with_the_clock(zone: str, clock: Clock) -> None:
    time.sleep(60)
    assert time.localtime().tm_hour == (0 if zone == "UTC0" else 19)
    assert time.gmtime()[:6] == (2030, 1, 1, 0, 1, 0)
    assert datetime.datetime.now(datetime.UTC).isoformat() == "2030-01-01T00:01:00+00:00"
    assert datetime.datetime.now().timestamp() == EPOCH + 60
    assert datetime.date.today() == datetime.datetime.today().date()
    assert time.localtime() == time.localtime(EPOCH + 60)
    assert time.strftime("%Y", time.gmtime()) == "2030"


def test_dates_are_the_real_ones_however_they_were_imported(clock: Clock) -> None:
    time.sleep(60)
    found = imported_before.now()
    assert found == datetime.datetime.now() == datetime.datetime.fromtimestamp(EPOCH + 60)
    assert imported_before.now(datetime.UTC).isoformat() == "2030-01-01T00:01:00+00:00"
    assert imported_before.utcnow() == found.astimezone(datetime.UTC).replace(tzinfo=None)
    assert date_imported_before.today() == found.date()
    assert type(found) is datetime.datetime is imported_before
    assert type(date_imported_before.today()) is datetime.date is date_imported_before


def test_what_a_date_shows_and_where_it_can_be_kept_is_as_ever(clock: Clock) -> None:
    assert repr(datetime.date(2020, 1, 1)) == "datetime.date(2020, 1, 1)"
    assert json.dumps(str(datetime.datetime(2020, 1, 1))) == '"2020-01-01 00:00:00"'
    with contextlib.closing(sqlite3.connect(":memory:")) as database, warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # later Pythons would rather be told how
        database.execute("create table kept (moment)")
        database.execute("insert into kept values (?)", (datetime.datetime.now(datetime.UTC),))
        ((kept,),) = database.execute("select moment from kept").fetchall()  # in whose words is for the process to say
    assert datetime.datetime.fromisoformat(kept) == datetime.datetime(2030, 1, 1, tzinfo=datetime.UTC)


def test_a_kind_of_date_of_a_programs_own_tells_virtual_time_too(clock: Clock) -> None:
    class Moment(datetime.datetime):
        pass

    assert type(Moment.now()) is Moment
    assert Moment.now(datetime.UTC).year == 2030


def test_outside_of_runs_dates_tell_real_time() -> None:
    before, seen = time.time(), list[datetime.datetime]()
    replaced.take_down()
    with on(Clock(epoch=EPOCH)):
        assert datetime.datetime.now().year >= 2029
    thread = threading.Thread(target=lambda: seen.append(datetime.datetime.now()))
    thread.start()
    thread.join()
    assert seen[0].timestamp() >= before - 1
    assert type(vars(datetime.datetime)["now"]).__name__ == "classmethod_descriptor"


@pytest.fixture
def module(tmp_path: Path) -> Iterator[ModuleType]:
    """A program's, which took names of `time` before any loop ran."""
    with replaced.restored():
        replaced.take_down()
        made = ModuleType("took_names")
        made.__file__ = str(tmp_path / "took_names.py")
        exec("from time import monotonic as tick, sleep, process_time", vars(made))
        sys.modules[made.__name__] = made
        yield made
        del sys.modules[made.__name__]


def test_a_module_that_took_a_function_by_name_before_is_on_the_clock_too(module: ModuleType) -> None:
    real = module.tick, module.sleep, module.process_time

    async def main() -> float:
        module.sleep(3600)
        return float(module.tick())

    with replaced.restored():
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            assert runner.run(main()) == 3600
        assert module.tick() >= real[0]() - 60  # outside of runs it is the real one
        assert module.process_time is real[2]
    assert (module.tick, module.sleep) == real[:2]


@pytest.mark.parametrize("where", ["lib/site-packages/took_names.py", None])
def test_what_is_installed_keeps_what_it_took(module: ModuleType, where: str | None) -> None:
    module.__file__ = where
    real = module.tick
    with replaced.restored():
        surroundings.see_to_it(Clock())
        assert module.tick is real


def test_a_negative_sleep_is_an_error_as_in_python(clock: Clock) -> None:
    with pytest.raises(ValueError, match="sleep length must be non-negative"):
        time.sleep(-1)


def test_a_thread_that_began_before_sees_real_time() -> None:
    seen: list[float] = []
    go, gone = threading.Event(), threading.Event()

    def look() -> None:
        go.wait()
        seen.append(time.time())
        gone.set()

    thread = threading.Thread(target=look)
    thread.start()
    with on(Clock(epoch=EPOCH)):
        go.set()
        thread.join()
    assert abs(seen[0] - EPOCH) > 1_000_000


def test_a_thread_of_the_run_sees_virtual_time(clock: Clock) -> None:
    seen: list[float] = []
    thread = threading.Thread(target=lambda: seen.append(time.time()))
    thread.start()
    thread.join()
    assert seen == [EPOCH]


def test_everything_is_as_before_when_it_is_over() -> None:
    before = (time.sleep, time.time, time.monotonic, datetime.datetime, datetime.date)
    with pytest.raises(KeyError), on(Clock()):
        raise KeyError
    assert (time.sleep, time.time, time.monotonic, datetime.datetime, datetime.date) == before


def test_a_sleep_in_a_coroutine_is_reported_with_its_caller_and_ticks() -> None:
    heard: list[tuple[str, str, int, int]] = []
    clock = Clock()
    clock.on_block = lambda name, frame, start, end: heard.append((name, frame.f_code.co_name, start, end))

    async def hold_up() -> None:
        time.sleep(2)  # noqa: ASYNC251

    with asyncio.Runner(loop_factory=lambda: VirtualLoop(clock)) as runner:
        runner.run(hold_up())
    assert heard == [("time.sleep", "hold_up", 0, 2_000_000_000)]


@pytest.mark.parametrize("ask", [time.monotonic, time.time_ns], ids=["monotonic", "time_ns"])
def test_who_asks_for_the_time_again_and_again_is_told_that_it_does_not_pass(
    ask: Callable[[], float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock_module, "MAX_ASKS", 100)

    async def main() -> None:
        tell = getattr(time, ask.__name__)
        end = tell() + 1
        while tell() < end:
            pass

    said = rf"^test_timepatch.py, line {main.__code__.co_firstlineno + 3}: asks for the time again and again, and it passes"
    with asyncio.Runner(loop_factory=VirtualLoop) as runner, pytest.raises(BusyLoopError, match=said):
        runner.run(main())


def test_who_asks_for_it_once_in_a_while_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock_module, "MAX_ASKS", 100)

    async def main() -> float:
        for _ in range(1000):
            time.monotonic()
            await asyncio.sleep(0.001)
        return time.monotonic()

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        assert runner.run(main()) == 1


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_dates_are_pickled_in_a_run_and_read_outside_and_the_other_way_round(protocol: int) -> None:
    there = [datetime.datetime(2020, 1, 2, 3, 4, 5, 6, datetime.UTC), datetime.date(2020, 1, 2)]

    async def main() -> tuple[bytes, bytes, list[datetime.date]]:
        inside = [datetime.datetime(2020, 1, 2, 3, 4, 5, 6, datetime.UTC), datetime.date(2020, 1, 2)]
        assert copy.deepcopy(there) == there
        return pickle.dumps(there, protocol), pickle.dumps(inside, protocol), pickle.loads(before)

    before = pickle.dumps(there, protocol)
    with replaced.restored(), asyncio.Runner(loop_factory=VirtualLoop) as runner:
        of_outside, of_inside, read = runner.run(main())
    assert pickle.loads(of_outside) == pickle.loads(of_inside) == read == there
    assert [type(each) for each in pickle.loads(of_inside)] == [datetime.datetime, datetime.date]


def test_waits_of_subprocess_are_real_and_move_no_clock() -> None:
    async def main() -> float:
        subprocess.run([sys.executable, "-c", ""], timeout=60, check=True)  # noqa: ASYNC221
        return asyncio.get_running_loop().time()

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        assert runner.run(main()) == 0


def test_a_function_of_time_is_no_method_where_a_class_has_it(clock: Clock) -> None:
    class Meter:
        timer: Any = time.perf_counter
        converter: Any = time.gmtime

    time.sleep(2)
    assert Meter().timer() == 2
    assert Meter().converter(0).tm_year == 1970
    assert pickle.loads(pickle.dumps(time.perf_counter)) is time.perf_counter


def test_what_is_in_place_stays_after_a_run_and_comes_down_with_a_part_that_was_on_a_clock() -> None:
    with replaced.restored():
        replaced.take_down()
        with on(Clock()):
            assert time.monotonic is timepatch.EITHER["monotonic"]
        assert time.monotonic is timepatch.REAL["monotonic"]
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            runner.run(asyncio.sleep(1))
        assert time.monotonic is timepatch.EITHER["monotonic"]
        replaced.take_down()
