"""What a cell computes takes its time to the microsecond, by whatever clock it is measured."""

import pytest

from grader.run.levels import level_of
from grader.run.outside import Code, run_cells

# half a millisecond or more; shorter than it takes Linux to bring the clock of a process up to date
BUSY = """
import threading, time, timeit
def busy():
    for _ in range(rounds): pass
rounds = 1000
while timeit.timeit(busy, timer=time.thread_time, number=1) < 0.0005: rounds *= 2
def asked(clock):
    found = []
    for _ in range(20):
        t = clock(); busy(); found.append(clock() - t)
    return found
"""
CLOCKS = {
    "perf_counter": "found = asked(time.perf_counter)",
    "process_time": "found = asked(time.process_time)",
    "process_time_ns": "found = [each / 1e9 for each in asked(time.process_time_ns)]",
    "clock_gettime": "found = asked(lambda: time.clock_gettime(time.CLOCK_PROCESS_CPUTIME_ID))",
    "timeit": "found = timeit.repeat(busy, number=1, repeat=20)",
    "perf_counter in a thread": """
t = threading.Thread(target=lambda: globals().update(found=asked(time.perf_counter)))
t.start(); t.join()""",
}
RIGHT = "assert len(found) == 20 and all(0.0002 < each < 0.05 for each in found), found"


@pytest.mark.parametrize("really", [False, True])
def test_half_a_millisecond_of_computing_is_never_none(really: bool) -> None:
    cells = [BUSY, *(f"{text}\n{RIGHT}" for text in CLOCKS.values())]
    codes = [Code(number, text, True) for number, text in enumerate(cells, 1)]
    ran = run_cells(codes, {}, level_of("child"), seconds=2, seed="a seed", really=really)
    assert dict(zip(CLOCKS, list(ran.outputs.values())[1:], strict=True)) == {name: [] for name in CLOCKS}
