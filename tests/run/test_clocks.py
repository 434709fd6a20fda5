"""All clocks of Python tell a run's virtual time, however a file came by them; those that count CPU time stay real."""

import logging
import os
import time
import uuid

import pytest

from grader.grading import grade
from tests.adopted import returns
from tests.staging import PLACES

SLEEPS = (
    "import asyncio\nasync def main():\n    before = now()\n    await asyncio.sleep(100)\n"
    "    return abs(now() - before - 100) < 0.001\n"
)
NOW = {
    "a clock of the system": "from time import clock_gettime, CLOCK_MONOTONIC\nnow = lambda: clock_gettime(CLOCK_MONOTONIC)\n",
    "the time of day": "import time\nnow = lambda: time.clock_gettime(time.CLOCK_REALTIME)\n",
    "since the system began": "import time as t\nnow = lambda: t.clock_gettime_ns(t.CLOCK_BOOTTIME) / 1e9\n",
    "one without a name": "import time\nnow = lambda: time.clock_gettime_ns(5) / 1e9\n",
    "of the process": "import os\nnow = lambda: os.times().elapsed\n",
    "beneath os": "import posix\nnow = lambda: posix.times()[4]\n",
    "in a class": "import time\nclass A:\n    get = time.clock_gettime\nnow = lambda: A().get(time.CLOCK_MONOTONIC)\n",
    "in a uuid": "import uuid\nnow = lambda: uuid.uuid1().time / 1e7\n",
    "in a uuid's function": "from uuid import uuid1\nnow = lambda: uuid1(node=1).time / 1e7\n",
    "in a log": "import logging\nnow = lambda: logging.makeLogRecord({}).created\n",
    "in a log from its start": "import logging\nnow = lambda: logging.makeLogRecord({}).relativeCreated / 1000\n",
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", NOW)
def test_a_clock_tells_virtual_time(name: str, place: str) -> None:
    verdict = grade(returns(True), f"{NOW[name]}{SLEEPS}", isolation=place)
    assert (verdict.checks[0].rationale, verdict.points) == ("", 10)


BEGINS = {
    "time.clock_gettime(time.CLOCK_REALTIME) == time.time() == 1_893_456_000": True,
    "time.clock_gettime(time.CLOCK_MONOTONIC) == time.monotonic()": True,
    "time.clock_gettime_ns(time.CLOCK_MONOTONIC) == time.perf_counter_ns()": True,
    "datetime.datetime(1582, 10, 15) + datetime.timedelta(microseconds=uuid.uuid1().time // 10)": "2030-01-01 00:00:00",
    "uuid.uuid1() != uuid.uuid1() and uuid.uuid1().version == 1": True,
    "uuid.uuid1().node == uuid.getnode() != uuid.uuid1(node=7).node == 7": True,
    "uuid.uuid1(clock_seq=5).clock_seq": 5,
    "logging.makeLogRecord({}).relativeCreated": 0.0,
    "isinstance(os.times(), os.times_result) and os.times().user >= 0 == os.times().elapsed - time.monotonic()": True,
    "time.clock_gettime.__name__ + os.times.__module__": "clock_gettimeposix",
}


@pytest.mark.parametrize("what", BEGINS)
def test_all_agree_with_one_another(what: str) -> None:
    program = f"import datetime, logging, os, time, uuid\nasync def main():\n    found = {what}\n"
    value = BEGINS[what]
    program += f"    return str(found) if {isinstance(value, str)} else found\n"
    assert grade(returns(value), program).checks[0].rationale == ""


@pytest.mark.parametrize("clock", ["time.perf_counter()", "time.monotonic()", "asyncio.get_running_loop().time()"])
def test_the_time_at_the_end_is_no_runtime(clock: str) -> None:
    checks = [{"kind": "holds", "id": "measured", "points": 10, "holds": "=abs(result - elapsed) < 0.001"}]
    exercise = returns(1, entries={"main": {"args": [], "checks": checks}})
    program = (
        "import asyncio, time\nasync def main():\n    start = {}\n    await asyncio.sleep(7)\n    return {} - start\n"
    )
    assert [grade(exercise, program.format(start, clock)).points for start in (clock, "0")] == [10, 0]


def test_what_counts_cpu_time_stays_real() -> None:
    program = (
        "import asyncio, os, time\ndef spent():\n    return [time.clock_gettime(time.CLOCK_PROCESS_CPUTIME_ID),\n"
        "        time.clock_gettime(time.CLOCK_THREAD_CPUTIME_ID), time.process_time(), time.thread_time(), os.times().user]\n"
        "async def main():\n    before = spent()\n    await asyncio.sleep(1000)\n"
        "    return all(0 <= b - a < 100 for a, b in zip(before, spent()))\n"
    )
    assert grade(returns(True), program).points == 10


@pytest.mark.parametrize(
    "call", ["clock_gettime(99)", "clock_gettime('x')", "clock_gettime()", "clock_gettime_ns(1, 2)"]
)
def test_what_is_no_clock_is_refused_as_python_refuses_it(call: str) -> None:
    with pytest.raises((OSError, TypeError)) as found:
        eval(f"time.{call}")
    program = (
        f"import time\nasync def main():\n    try:\n        time.{call}\n"
        "    except Exception as error:\n        return type(error).__name__\n"
    )
    assert grade(returns(type(found.value).__name__), program).points == 10


def test_a_uuid_is_the_same_for_one_seed_and_another_for_another_text() -> None:
    program = "import uuid\nasync def main():\n    return str(uuid.uuid1())\n"
    told = [
        grade(returns(1), text, isolation=place).checks[0].rationale
        for text in (program, program + "#\n")
        for place in PLACES
    ]
    assert told[0] == told[1] != told[2] == told[3]


def test_for_a_thread_that_is_in_no_run_every_clock_is_real() -> None:
    before = (time.clock_gettime, os.times, uuid.uuid1, uuid.getnode, logging._startTime)  # type: ignore[attr-defined]
    grade(returns(1), "async def main():\n    return 1\n")
    after = (time.clock_gettime, os.times, uuid.uuid1, uuid.getnode, logging._startTime)  # type: ignore[attr-defined]
    assert before == after
