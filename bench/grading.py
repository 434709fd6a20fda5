"""Measures what a class costs: each further file at every level of isolation, beside an interpreter that does nothing.

CPU time of whole process trees, as the difference of two classes divided by the files between them, so that what is done once
counts for none; the quickest of interleaved rounds. `make bench-grading`.
"""

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench import notebooks, page
from bench.page import ROOT, Row
from bench.pythons import interpreters, version
from bench.run import ENVIRONMENT, REFERENCE, cpu_seconds
from grader.run.levels import LEVELS, why_not

SECTION = "make bench-grading"
FEW, MANY = 20, 100  # files, between which each is measured
BARE = 4  # times as many for the row with the aim: a machine that others use has seconds of its own
ROUNDS = 5
COMMAND = "grader"  # as it is
WITHOUT_PAGES = "bench.graded"  # with the feedback as plain text, and no report
IN_NBGRADER = 2, 10  # notebooks, between which nbgrader's autograde is measured
PASS = "`python -c pass`"
Taken = tuple[float, float, int]  # CPU seconds, real seconds, bytes of the largest process
REAL = 1  # where the real seconds stand


def make_class(folder: Path, files: int) -> None:
    """So many learners, each with the same file."""
    folder.mkdir()
    for number in range(files):
        shutil.copy(REFERENCE, folder / f"learner{number:05}.py")


def started(
    folder: Path,
    level: str,
    jobs: int,
    core: int | None = None,
    program: str = COMMAND,
    python: str = sys.executable,
) -> "subprocess.Popen[bytes]":
    """The command, from nothing; all of it on one core if that is given."""
    # none is removed before all are written: for some seconds a file system may have trouble with what is just gone
    out = tempfile.mkdtemp(prefix="out", dir=folder.parent)
    options: list[str | Path] = [
        "--exercise",
        "say-after",
        "--out",
        out,
        "--course",
        ROOT,
        "--isolation",
        level,
        "--jobs",
        str(jobs),
    ]
    command = subprocess.Popen(
        [python, "-m", program, "grade", folder, *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=ENVIRONMENT,
        cwd=ROOT,
    )
    if core is not None:
        os.sched_setaffinity(command.pid, {core})
    return command


def ended(command: "subprocess.Popen[bytes]", began: float) -> Taken:
    with command:
        _, status, usage = os.wait4(command.pid, 0)
        command.returncode = os.waitstatus_to_exitcode(status)
    if command.returncode:
        raise SystemExit(f"grader grade ended with {command.returncode}")
    return usage.ru_utime + usage.ru_stime, time.perf_counter() - began, usage.ru_maxrss * 1024


def graded(folder: Path, level: str, jobs: int, program: str = COMMAND, python: str = sys.executable) -> Taken:
    began = time.perf_counter()
    return ended(started(folder, level, jobs, program=program, python=python), began)


def beside(folder: Path, level: str) -> Taken:
    """Two commands at the same time that have nothing to do with each other, each on a core of its own: as two workers can be
    at best on this machine. What both took, each half of it, for they did twice the work.
    """
    began = time.perf_counter()
    both = [started(folder, level, 1, core) for core in sorted(os.sched_getaffinity(0))[:2]]
    one, two = (ended(command, began) for command in both)
    return (one[0] + two[0]) / 2, max(one[1], two[1]) / 2, max(one[2], two[2])


def best(found: Sequence[Taken], place: int) -> float:
    return min(taken[place] for taken in found)


def each(few: Sequence[Taken], many: Sequence[Taken], files: int, place: int = 0) -> float:
    """What one further file takes."""
    return (best(many, place) - best(few, place)) / files


@dataclass(slots=True)
class Bare:
    """What an interpreter takes for a class with the feedback as plain text and no report, and for nothing at all."""

    python: str
    few: list[Taken] = field(default_factory=list)
    many: list[Taken] = field(default_factory=list)
    passes: list[float] = field(default_factory=list)  # CPU seconds of `python -c pass`

    def play(self, small: Path, large: Path, level: str) -> None:
        self.few.append(graded(small, level, 1, WITHOUT_PAGES, self.python))
        self.many.append(graded(large, level, 1, WITHOUT_PAGES, self.python))
        self.passes.append(cpu_seconds([self.python, "-c", "pass"], small.parent))

    def row(self, what: str, files: int, aim: str) -> Row:
        return Row(what, PASS, each(self.few, self.many, files), min(self.passes), aim)


def measured(folder: Path, rounds: int, few: int, many: int) -> list[Row]:
    small, large, larger = (folder / name for name in ("few", "many", "more"))
    for path, files in ((small, few), (large, many), (larger, BARE * many)):
        make_class(path, files)
    levels = [level for level in LEVELS if not why_not(level)]
    runs: dict[tuple[str, int, Path], list[Taken]] = {}  # by level, workers and class
    apart: dict[Path, list[Taken]] = {small: [], large: []}
    own, *others = (Bare(python) for python in interpreters())
    pytest = list[float]()
    course = notebooks.made_by_hand(folder / "course")
    books: dict[int, list[float]] = {count: [] for count in IN_NBGRADER}
    shutil.copy(ROOT / "bench" / "peer_say_after.py", folder / "peer_say_after.py")
    for number in range(rounds):
        for level in levels:
            for path in (small, large):
                runs.setdefault((level, 1, path), []).append(graded(path, level, 1))
        for path in (small, large):
            runs.setdefault((levels[0], 2, path), []).append(graded(path, levels[0], 2))
            apart[path].append(beside(path, levels[0]))
        for one in (own, *others):
            one.play(small, larger, levels[0])
        peer = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "peer_say_after.py"]
        pytest.append(cpu_seconds(peer, folder))
        for count, seconds in books.items():
            seconds.append(autograded(course, folder / f"autograded-{count}-{number}", count))
        print(f"round {number + 1} of {rounds}", file=sys.stderr)
    costs = {level: each(runs[level, 1, small], runs[level, 1, large], many - few) for level in levels}
    aim = "at most 1.2" if levels[0] == "A" else ""
    between = BARE * many - few
    rows = [own.row(f"verdict, feedback, row of the gradebook, isolation {levels[0]}", between, aim)]
    rows += [one.row(f"the same on Python {version(one.python)}", between, aim) for one in others]
    rows += of_each_file(costs, rows[0].other, min(pytest), further(books))
    alone, together = runs[levels[0], 1, large], runs[levels[0], 2, large]
    real = each(runs[levels[0], 1, small], alone, many - few, REAL)
    faster = each(runs[levels[0], 2, small], together, many - few, REAL)
    rows.append(Row("each file, two workers, real time", "one", faster, real, "at most 0.56"))
    at_best = each(apart[small], apart[large], many - few, REAL)
    rows.append(Row("the same, by two commands side by side", "one", at_best, real, "what is possible"))
    whole = best(together, REAL), best(alone, REAL)
    rows.append(Row(f"{many} files from nothing, two workers, real time", "one", *whole, ""))
    memory = [max(taken[2] for taken in runs[levels[0], 1, path]) for path in (large, small)]
    rows.append(Row(f"largest process, {many} files", f"{few} files", memory[0], memory[1], "1", "MB"))
    return rows


def autograded(course: Path, root: Path, learners: int) -> float:
    """CPU seconds of nbgrader's own command for a class of right notebooks."""
    unit = notebooks.handed_in(course, root, learners)
    seconds = cpu_seconds(notebooks.nbgrader(root, "autograde", unit), root)
    # in a process of its own: with nbgrader in this one, whatever it starts is as large at first, and so at its peak
    looks = "import pathlib, sys, bench.notebooks as b; b.everybody_has_all_points(pathlib.Path(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", looks, root], cwd=ROOT, check=True)
    return seconds


def further(books: Mapping[int, Sequence[float]]) -> float:
    """What one further notebook takes; `books`: what each round took, by the count of notebooks."""
    few, many = IN_NBGRADER
    return (min(books[many]) - min(books[few])) / (many - few)


def of_each_file(costs: Mapping[str, float], nothing: float, pytest: float, notebook: float) -> list[Row]:
    """CPU seconds of a file with its page of the report, by its level, the best first."""
    rows = list[Row]()
    for level, one in costs.items():
        rows.append(Row(f"each file, isolation {level}", PASS, one, nothing, ""))
        if len(rows) == 1:
            rows.append(Row("the same", "`pytest`, a process for each file", one, pytest, "at most 0.04"))
            rows.append(Row("the same", "`nbgrader autograde`, each notebook", one, notebook, "at most 0.0167"))
    return rows


def section(rows: Sequence[Row], rounds: int) -> list[str]:
    head = ["measured", "against", "ours", "the other", "ratio", "aim"]
    return [
        "## A class",
        "",
        "Written by `make bench-grading`. CPU time of all processes together, of each further file: all visible and hidden",
        "cases, the verdict, its records and its part of the report. The quickest of interleaved rounds; a ratio carries over",
        f"to another machine, a time does not. Python {platform.python_version()}, {os.cpu_count()} cores, {rounds} rounds.",
        "",
        *page.table(head, [row.cells() for row in rows]),
        "",
        "The first row is what the aim speaks of: the verdict with its records, the feedback as the plain text that a terminal",
        "shows, in a file for each learner, and what the gradebook keeps. Each row below it has a page of the report in the",
        "place of that text, as the command writes it.",
        "",
        "A page that is written to for the first time is dearer at some hours than at others on a machine that others use, and",
        "an interpreter that does nothing writes to few. Three runs of a quiet hour gave 1.17 to 1.22 for the first row on",
        "Python 3.11, 1.03 to 1.13 on 3.12, and 0.86 to 0.91 on 3.13; the table is the last of them. In other hours, before",
        "the last savings, it was up to 1.57 on 3.11. A sixtieth of what nbgrader takes for a notebook, half a second, is less",
        "than an interpreter takes that does nothing.",
        "",
        "The peer checks three functions of the file with asserts, once, in real time made short. Two commands side by side",
        "share nothing but the machine: more than they do together, two workers cannot. What is done once (a course read, a",
        "gradebook opened, processes started) is not in the rows of each file, and is in the one from nothing.",
        "",
        "With one worker, the process that keeps the gradebook has the other core for itself; and when all is graded, it",
        "writes the records and the report alone, a millisecond or less for each learner, while no worker has anything to",
        "do. So two workers on two cores do not take half the time.",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--few", type=int, default=FEW)
    parser.add_argument("--many", type=int, default=MANY)
    parser.add_argument("--print", action="store_true", help="print the section, leave the file alone")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        rows = measured(Path(name), options.rounds, options.few, options.many)
    lines = section(rows, options.rounds)
    print("\n".join(lines))
    if not options.print:
        page.write(SECTION, lines)


if __name__ == "__main__":
    main()
