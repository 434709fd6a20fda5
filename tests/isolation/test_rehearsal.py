"""The zygote plays a job before any is: it ends as it should, and leaves the process as it was but for what makes it quick."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
_PROGRAM = """
import asyncio, gc, json, random, resource, signal, sys, threading
from grader.clock.library import present
from grader.isolation.rehearsal import rehearse, rehearse_files
from grader.runner import child_main
from grader.runner.standing import Standing

import os, tempfile

def state():
    handlers = [str(signal.getsignal(each)) for each in (signal.SIGPROF, signal.SIGALRM, signal.SIGINT)]
    timers = [signal.getitimer(each) for each in (signal.ITIMER_PROF, signal.ITIMER_REAL)]
    return [handlers, timers, resource.getrlimit(resource.RLIMIT_CPU), gc.isenabled(), threading.active_count(),
            "rehearsal" in sys.modules, repr(sys.stdout), str(sys.unraisablehook), bool(present.CLOCKS),
            os.getcwd(), sys.path, sys.argv,
            [name for name in sys.modules if name.startswith("rehearsed")], os.listdir(os.environ["TMPDIR"]), tempfile.tempdir]

theirs = random.Random.seed, asyncio.SelectorEventLoop
before = state()
ends = rehearse(2)
same = state() == before
files, again = rehearse_files(2), state() == before
child_main.prepare()
ours = random.Random.seed, asyncio.SelectorEventLoop
stood, stand = [], Standing.stand
Standing.stand = lambda standing: (stood.append(1), stand(standing))
rehearse(1)
print(json.dumps({"ends": ends, "same": same, "files": files, "again": again, "stood": len(stood),
                  "ours": [one is not other for one, other in zip(ours, theirs)],
                  "back": theirs == (random.Random.seed, asyncio.SelectorEventLoop)}))
"""


def test_each_entry_of_the_rehearsal_ends_as_it_should_and_the_process_is_as_it_was(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _PROGRAM]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)}
    said = json.loads(subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout)
    assert said["same"]
    assert said["again"]
    assert said["ours"] == [True, True]  # which would be put there and taken away for each case
    assert said["back"]
    assert said["stood"] == 3  # before each of the four entries but the first, which finds what was prepared
    assert said["files"] == [["result", ["l", 2, 1]]] * 2
    gathered, grouped, together, one_by_one = said["ends"][:4]
    assert gathered[0] == "raised"
    assert (gathered[1]["type"], gathered[1]["message"]) == ("ValueError", "[0, 1]")
    assert grouped == ["result", ["s", 0, 1]]
    assert together == one_by_one == ["result", ["l", 0, 1]]
    assert [end[0] for end in said["ends"][4:]] == [end[0] for end in said["ends"][:4]]
