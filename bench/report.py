"""Measures what the grader's own side of a class costs, and whether it grows: verdicts kept, records and report written.

Nothing is played: each learner's verdict is one of those of the solutions of an exercise, handed over as a worker would. Each
size is measured in a process of its own; CPU time and the peak of memory. `make bench-report`.
"""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import page
from bench.page import ROOT, table

SECTION = "make bench-report"
EXERCISE = "say-after"
SIZES = (1_000, 10_000)
COLUMNS = ("verdicts kept", "records and report", "the same again", "memory at its peak")


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU seconds of a class of `count` learners, bytes of the process at its peak, and what the first page opens with."""

    count: int
    kept: float
    written: float
    again: float
    memory: int
    first: int
    data: int

    def each(self) -> tuple[float, float, float]:
        return self.kept / self.count, self.written / self.count, self.again / self.count


class Canned(Executor):
    """Answers each job at once with one of `answers`."""

    def __init__(self, answers: list[tuple[str, bytes]]):
        self.answers, self.given = answers, 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(self.answers[self.given % len(self.answers)])
        self.given += 1
        return future


def measured(count: int, folder: Path) -> Cost:
    """In this process."""
    from grader.batch.book import write_records
    from grader.batch.grading import grade_all
    from grader.batch.kept import asked, grades_of, keeping
    from grader.batch.worker import Terms
    from grader.course.load import find_exercise, load_course
    from grader.gradebook.opening import opened
    from grader.grading import grade
    from grader.intake.model import Handed, Intake
    from grader.report.report import Report
    from grader.verdict import encode

    course = load_course(ROOT)
    exercise = find_exercise(course, EXERCISE)
    programs = sorted((ROOT / "solutions").glob(f"*_{EXERCISE.replace('-', '_')}/**/*.py"))
    programs = [path for path in programs if path.name == "reference.py" or path.parent.name == "wrong"]
    answers = [("", encode(grade(exercise, path, isolation="in-process"))) for path in programs]
    names = [f"Learner with a Name {number:06}" for number in range(count)]
    handed = [
        Handed(name, exercise.slug, str(programs[at % len(programs)]), f"{name}/{exercise.module}.py")
        for at, name in enumerate(names)
    ]
    intake = Intake(tuple(names), tuple(handed), ())
    with opened(str(folder)) as book:
        began = time.process_time()
        todo = asked(book, intake, [exercise], Terms())
        keep = keeping(book, todo)

        def kept(handed: Handed, line: Any, final: bool) -> None:
            keep(handed, _as_asked(line, todo.wanted[handed].key.sha256), final)

        grade_all(
            todo.handed,
            {exercise.slug: exercise},
            Terms(),
            keep=kept,
            done=lambda line: None,
            workers=1,
            pool=lambda workers: Canned(answers),
        )
        ready = time.process_time()
        grades = grades_of(book, course, [exercise], intake)
        counts = write_records(grades, folder, Report)
        written = time.process_time()
        write_records(grades, folder, Report)
        ended = time.process_time()
    if counts.graded != count:
        raise SystemExit(f"{counts.graded} of {count} verdicts were kept")
    report = folder / "report"
    return Cost(
        count,
        ready - began,
        written - ready,
        ended - written,
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        (report / "index.html").stat().st_size,
        (report / "assets" / "learners.js").stat().st_size,
    )


def _as_asked(line: Any, sha256: str) -> Any:
    """As if it was this content that was graded."""
    from dataclasses import replace

    return replace(line, sha256=sha256)


def alone(count: int) -> Cost:
    """In a process of its own, so that no other's memory is counted."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "bench.report", "--one", str(count), "--folder", folder]
        told = subprocess.run(command, cwd=ROOT, env=os.environ, stdout=subprocess.PIPE, text=True, check=True)
    return Cost(**json.loads(told.stdout))


def section(costs: list[Cost]) -> list[str]:
    small, large = costs[0], costs[-1]
    rows = [
        [
            f"{cost.count:,} learners",
            *(f"{1000 * seconds:.2f} ms" for seconds in cost.each()),
            f"{cost.memory / 2**20:.0f} MB",
            f"{cost.first / 1024:.0f} kB",
            f"{cost.data / 1024:.0f} kB",
        ]
        for cost in costs
    ]
    ratios = [f"{after / before:.2f}" for before, after in zip(small.each(), large.each(), strict=True)]
    rows.append(["ratio", *ratios, f"{large.memory / small.memory:.2f}", f"{large.first / small.first:.2f}", ""])
    rows.append(["aim", "at most 1.1", "at most 1.1", "", "below 200 MB", "", ""])
    return [
        "## A class, written down",
        "",
        "Written by `make bench-report`. What the grader's own side costs for each learner with one submission, beside playing",
        "it: the verdict taken and kept in the gradebook; the records and the report (a page for each learner) written; the",
        "same written again where nothing has changed. CPU time; then memory of the process at its peak, and what a browser",
        "reads to open the report: its first page, and the data of the table.",
        f"Python {platform.python_version()}, {os.cpu_count()} cores.",
        "",
        *table(["", *COLUMNS, "first page", "data of the table"], rows),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--one", type=int, help="measure this many learners here, and print JSON")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--print", action="store_true", help="print the section, leave the file alone")
    options = parser.parse_args()
    if options.one is not None:
        cost = measured(options.one, options.folder)
        print(json.dumps({name: getattr(cost, name) for name in Cost.__slots__}))
        return
    lines = section([alone(count) for count in options.sizes])
    print("\n".join(lines))
    if not options.print:
        page.write(SECTION, lines)


if __name__ == "__main__":
    main()
