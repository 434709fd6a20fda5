"""A run of two-downloads in which the other end is ours: what is said is up to a test, and what comes of it is looked at."""

import contextlib
from typing import Any

from grader.checks import Source
from grader.course.model import Limits
from grader.grading import grade_with
from grader.grading.recorded import Recorded
from grader.referee.record import Record
from grader.run.limits import complete
from grader.run.stage import stage_case
from grader.verdict import Verdict
from tests.proof.peer import Line, Peer, Talk
from tests.proof.the_course import EXERCISES, every_case

TWO = EXERCISES["two-downloads"]
CASE = every_case(TWO)[0]
PAGES = ["t", "all about a", "all about b"]


def get(line: Line, number: int, url: str = "a.example", at: int = 0) -> None:
    line.say("begin", at, number, 0, "__call__", [url], None)


def both(line: Line, start: Any) -> int:
    """Both downloads together, as asked; the tick at which they are done."""
    _, _, url1, url2 = start["args"]
    get(line, 1, url1)
    get(line, 2, url2)
    now, number = 0, 3
    for _ in range(2):
        now, _, _ = line.ask("idle", now, None, number)
        number += 1
    return int(now)


def said(talk: Talk) -> Record:
    """The record of a run whose other end is `talk`."""
    peer = Peer(talk)
    with contextlib.closing(peer):
        return peer.run(stage_case(TWO, CASE, complete(Limits())))


def graded(talk: Talk, limits: Limits | None = None) -> Verdict:
    """The verdict on a submission whose other end is `talk` in every case."""

    def opened() -> Any:
        return contextlib.closing(Peer(talk, limits))

    text = Source.read(b"", "two_downloads.py")
    return grade_with(opened, TWO, every_case(TWO), text, seed="", isolation="", recorded=Recorded())
