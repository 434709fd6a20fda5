"""Every program of the course, and every small misuse, graded under this Python, with all that must not differ.

A script: `python verdicts.py COURSE`. It prints a line of JSON for each: `[exercise, program, isolation, verdict without its
versions, digest of the ledgers]`.
"""

import hashlib
import json
import sys
from collections.abc import Iterator
from typing import Any

import msgspec

from grader import load_course
from grader.authoring.programs import programs_of
from grader.checks import Source
from grader.course.cases import cases_of
from grader.course.model import Case, Exercise
from grader.grading import grade_with
from grader.grading.recorded import recorded_of
from grader.run import Played, Submission, open_submission
from tests.proof.misuse import programs
from tests.staging import PLACES


class Overseen:
    """A submission whose ledgers are noted as they are played."""

    def __init__(self, submission: Submission):
        self.submission, self.isolation = submission, submission.isolation
        self.ledgers = hashlib.sha256()

    def play(self, exercise: Exercise, case: Case, **way: Any) -> Played:
        played = self.submission.play(exercise, case, **way)
        self.ledgers.update(msgspec.json.encode(played.record.ledger, order="deterministic"))
        return played


class Opened:
    """Opens `submission` once; what was noted stays."""

    def __init__(self, submission: Submission):
        self.overseen = Overseen(submission)

    def __enter__(self) -> Overseen:
        return self.overseen

    def __exit__(self, *_: object) -> None:
        pass


def judged(exercise: Exercise, program: str, source: bytes, isolation: str) -> list[Any]:
    seed, name = exercise.slug, f"{exercise.module}.py"
    with open_submission(source, filename=name, isolation=isolation, limits=exercise.limits) as submission:
        opened = Opened(submission)
        verdict = grade_with(
            lambda: opened,
            exercise,
            cases_of(exercise, seed, hidden=True),
            Source.read(source, name),
            seed=seed,
            isolation=isolation,
            recorded=recorded_of(exercise),
        )
    said = json.loads(msgspec.json.encode(verdict, order="deterministic"))
    del said["versions"]
    return [exercise.slug, program, isolation, said, opened.overseen.ledgers.hexdigest()]


def lines(course: str) -> Iterator[str]:
    for exercise in load_course(course).exercises:
        texts = [
            (f"{program.role}/{program.path.name}", program.path.read_bytes()) for program in programs_of(exercise)
        ]
        texts += [(f"misused/{name}", text) for slug, name, text in programs() if slug == exercise.slug]
        for program, text in texts:
            for isolation in PLACES:
                yield json.dumps(judged(exercise, program, text, isolation), sort_keys=True)


if __name__ == "__main__":
    for line in lines(sys.argv[1]):
        print(line)
