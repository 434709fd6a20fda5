"""A seat: the process in which a worker of a cluster grades, one file after another, as a worker of the local pool does.

It has what the worker's process cannot offer: a main thread, children that are all its own, an end that costs one file. It
never outlives the worker, and leaves when nobody has asked for anything for a while.
"""

import os
import queue
import shutil
import signal
import threading
from contextlib import suppress
from pathlib import Path

from grader.batch.worker import Job, Terms, graded
from grader.cluster import frames
from grader.cluster.messages import Course, File, Hello, Order, Ready, Said, order, packed
from grader.cluster.parcel import Opened
from grader.cluster.stamp import stamp
from grader.errors import GraderError
from grader.grading.workers import GRACE, at_work, begin
from grader.intake.model import Handed
from grader.run.submitted import Submitted

IDLE = 60.0  # real seconds without work, after which it goes: its worker may serve others for weeks
Inbox = queue.SimpleQueue[bytes | None]


def main(place: str) -> None:
    """`place` is a folder for the course, and is removed at the end."""
    folder = Path(place)
    answers = _pipes()
    begin()
    inbox: Inbox = queue.SimpleQueue()
    threading.Thread(target=_hear, args=(inbox,), daemon=True).start()
    # KeyboardInterrupt is how the worker breaks off what is graded; a worker that is gone hears no answer.
    try:
        with suppress(KeyboardInterrupt, BrokenPipeError):
            _serve(inbox, answers, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _pipes() -> int:
    """Where the answers go; whatever is printed here goes nowhere."""
    answers = os.dup(1)
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    return answers


def _hear(inbox: Inbox) -> None:
    """When the worker is gone nobody asks for what is done here."""
    while (data := frames.read(0)) is not None:
        inbox.put(data)
    inbox.put(None)
    os.kill(os.getpid(), signal.SIGINT)
    threading.Event().wait(GRACE)
    os._exit(1)


def _serve(inbox: Inbox, answers: int, folder: Path) -> None:
    opened: Opened | None = None
    while (data := _next(inbox)) is not None:
        said: Ready | Said
        try:
            asked = order(data)
            if isinstance(asked, Course):
                opened = Opened(folder, asked.content, asked.sha256, asked.digests)
                said = Said()
            else:
                said = _answer(asked, opened)
        except Exception as error:
            said = Said(refused=_described(error))
        frames.write(answers, packed(said))


def _next(inbox: Inbox) -> bytes | None:
    try:
        return inbox.get(timeout=IDLE)
    except queue.Empty:
        return None


def _answer(asked: Order, opened: Opened | None) -> Ready | Said:
    if isinstance(asked, Hello):
        return _ready(asked)
    assert isinstance(asked, File)
    if opened is None:
        return Said(refused="it has no course")
    return Said(_graded(asked, opened))


def _graded(file: File, opened: Opened) -> bytes:
    job = Job(
        Handed(file.learner, file.exercise, "", file.name),
        opened.exercise(file.exercise),
        Terms(file.seed, file.isolation),
    )
    with at_work():
        return graded(job, Submitted(file.source, file.files))


def _ready(asked: Hello) -> Ready:
    """The level is tried here: what must fail in a job does fail."""
    from grader.run.levels import ISOLATED, resolved, why_not
    from grader.run.packages import located

    own = stamp(asked.packages)
    try:
        located(asked.packages)
        level = resolved(asked.isolation)
    except GraderError as error:
        return Ready(own, refused=str(error))
    better = [name for name in ISOLATED if name < level] if asked.isolation == "child" else []
    reasons = tuple(f"isolation {name} cannot be had there: {why_not(name)}" for name in better)
    return Ready(own, level, reasons=reasons)


def _described(error: Exception) -> str:
    return str(error) if isinstance(error, GraderError) else f"{type(error).__name__}: {error}"
