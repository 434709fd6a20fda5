"""A file's time is the system's: a notebook that asks for it is run in real time, where it agrees with what is waited."""

from time import time
from typing import Any

import pytest

from grader.notebooks.file_times import are_asked_for
from grader.run.levels import level_of
from grader.run.outside import Code, run_cells

TEXTS = {
    "os.path.getmtime(p)": True,
    "sorted(names, key=os.path.getctime)": True,
    "os.stat(p).st_mtime_ns": True,
    "entry.stat().st_atime": True,
    "os.stat(p)[stat.ST_MTIME]": True,
    "os.stat(p).st_size": False,
    "target_mtime = first_time": False,
}


@pytest.mark.parametrize("text", TEXTS)
def test_who_asks_for_it_names_it(text: str) -> None:
    cell, nothing = Code(1, text, False), Code(1, "", False)
    found = are_asked_for([cell], {}), are_asked_for([nothing], {"a.py": text.encode()})
    assert found == (TEXTS[text], TEXTS[text])


def test_a_file_that_is_no_module_is_not_read() -> None:
    assert not are_asked_for([], {"a.txt": b"os.path.getmtime"})


WAITS = (
    "import os, time\nopen('p', 'w').close()\ntime.sleep(0.05)\nopen('q', 'w').close()",
    "0.04 < os.path.getmtime('q') - os.path.getmtime('p') < 9, abs(time.time() - os.path.getmtime('q')) < 9",
)


def test_what_is_written_after_a_wait_is_later_by_it() -> None:
    codes = [Code(number, text, False) for number, text in enumerate(WAITS, 1)]
    told: dict[str, Any] = {"seconds": 5, "seed": "a seed", "epoch": time()}
    ran = run_cells(codes, {}, level_of("child"), really=are_asked_for(codes, {}), **told)
    [value] = ran.outputs[2]
    assert (ran.really, value["data"]["text/plain"]) == (True, "(True, True)")
