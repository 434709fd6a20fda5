"""A class of three at isolation none, in a namespace of processes of its own: `python -m tests.isolation.ending_the_grader OUT
guarded|bare`. The second program signals every process that it may; with `bare` the filter that refuses that is left out.

Told on standard output: the verdicts' status by learner, as JSON. Never run outside of such a namespace.
"""

import json
import os
import sys
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

from grader.batch.begun import FOLDER
from grader.batch.grading import grade_all
from grader.batch.worker import Terms
from grader.feedback.grades import Line
from grader.intake.model import Handed
from grader.run import process
from tests.proof.the_course import EXERCISES, reference

ENDING = """
import ctypes
libc = ctypes.CDLL(None)
libc.kill(-1, 9)
libc.kill(libc.getppid(), 9)
libc.kill(1, 9)
async def one_after_the_other(say): ...
async def together(say): ...
"""


class Here(Executor):
    """In this very process, so that what is left out here is left out."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def main() -> None:
    out, how = Path(sys.argv[1]), sys.argv[2]
    assert 1 < os.getpid() < 10, "this is no namespace of processes of its own"
    if how == "bare":
        process._BOOT = process._BOOT.replace("grader.isolation.unisolated", "grader.runner.child_main")
    exercise = EXERCISES["say-after"]
    files = {"ann": reference(exercise), "bob": ENDING.encode(), "eve": reference(exercise)}
    for learner, content in files.items():
        (out / f"{learner}.py").write_bytes(content)
    handed = [Handed(learner, exercise.slug, str(out / f"{learner}.py"), f"{learner}.py") for learner in files]
    told: dict[str, str] = {}

    def done(line: Line) -> None:
        assert line.verdict is not None
        told[line.learner] = f"{line.verdict.status} {line.verdict.error}".strip()

    terms = Terms(None, "none", str(out / FOLDER))
    grade_all(handed, {exercise.slug: exercise}, terms, done=done, workers=1, pool=lambda _: Here())
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
