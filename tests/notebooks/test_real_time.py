"""The time of a file, and some waits, are the system's: who asks for one is run in real time, where all of them agree."""

from time import time
from typing import Any

import pytest

from grader.notebooks.real_time import is_asked_for
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
    "x = 1\nimport time, select": True,
    "    import select as s; s.select([], [], [], 1)": True,
    "from selectors import DefaultSelector": True,
    "import selectors  # of them": True,
    "from sqlalchemy import select\nselect(a)": False,
    "import selection\nimport select_one, a.selectors.b": False,
    "signal.pause()": True,
    "from signal import SIGALRM, pause": True,
    "from signal import alarm\nplayer.pause()": False,
    "signal.pauses, my_signal.pause()": False,
}


@pytest.mark.parametrize("text", TEXTS)
def test_who_asks_for_it_names_it(text: str) -> None:
    cell, nothing = Code(1, text, False), Code(1, "", False)
    found = is_asked_for([cell], {}), is_asked_for([nothing], {"a.py": text.encode()})
    assert found == (TEXTS[text], TEXTS[text])


def test_a_file_that_is_no_module_is_not_read() -> None:
    assert not is_asked_for([], {"a.txt": b"os.path.getmtime"})


FILES = (
    "import os, time\nopen('p', 'w').close()\ntime.sleep(0.05)\nopen('q', 'w').close()",
    "0.04 < os.path.getmtime('q') - os.path.getmtime('p') < 9, abs(time.time() - os.path.getmtime('q')) < 9",
)


ENDED = (
    "import select, signal, time\nbegan = time.time()\nselect.select([], [], [], 0.02)\nselected = time.time() - began",
    "signal.signal(signal.SIGALRM, lambda *_: None)\nsignal.setitimer(signal.ITIMER_REAL, 0.02)\nsignal.pause()\n"
    "0.02 <= selected < 9, 0.04 <= time.time() - began < 9",
)


@pytest.mark.parametrize("cells", [FILES, ENDED], ids=["files", "waits"])
def test_what_comes_after_a_wait_is_later_by_it(cells: tuple[str, ...]) -> None:
    codes = [Code(number, text, False) for number, text in enumerate(cells, 1)]
    told: dict[str, Any] = {"seconds": 5, "seed": "a seed", "epoch": time()}
    ran = run_cells(codes, {}, level_of("child"), really=is_asked_for(codes, {}), **told)
    [value] = ran.outputs[2]
    assert (ran.really, value["data"]["text/plain"]) == (True, "(True, True)")
