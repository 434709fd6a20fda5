"""Grades files at a level of isolation, one after the other, in one process: JSON on standard input and on standard output.

In: `level`, `paths`, and a `mark` for what is started. Out, for each path: status, error, level and points by check as they
stand in its verdict, and how many processes it left; and last, how a program that deserves full marks fared after them.
"""

import json
import os
import secrets
import select
import sys
from pathlib import Path
from typing import Any

from grader.grading import grade
from tests.proof.left_over import marked
from tests.proof.test_hostile import BOUNDED, TWO
from tests.proof.the_course import reference


def below(process: int) -> set[int]:
    """The processes that descend from it."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    found, more = set[int](), {process}
    while more:
        more = {child for child, parent in parents.items() if parent in more}
        found |= more
    return found


def stays(process: int) -> bool:
    """One that is about to end has five seconds for it: a verdict may be there before the last of its job has gone."""
    try:
        descriptor = os.pidfd_open(process)
    except ProcessLookupError:
        return False
    ended, _, _ = select.select([descriptor], [], [], 5)
    os.close(descriptor)
    return not ended


def graded(source: Path | bytes, level: str) -> dict[str, Any]:
    verdict = grade(BOUNDED, source, isolation=level)
    points: dict[str, float] = {}
    for check in verdict.checks:
        if check.points:
            points[check.id] = points.get(check.id, 0.0) + check.points
    said = (verdict.status, verdict.error, verdict.isolation)
    return {"said": said, "points": points, "all": verdict.points}


def main() -> None:
    told = json.load(sys.stdin)
    token, mark = secrets.token_hex, told["mark"]
    secrets.token_hex = lambda nbytes=None: mark + token(nbytes)
    graded(reference(TWO), told["level"])  # what forks is there from now on
    there = below(os.getpid())
    answers = []
    for path in told["paths"]:
        answer = graded(Path(path), told["level"])
        answers.append(
            answer | {"left": sum(stays(process) for process in (below(os.getpid()) - there) | marked(mark))}
        )
    answers.append(graded(reference(TWO), told["level"]))
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
