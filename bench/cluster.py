"""Measures what a class costs on a cluster beside the grading itself, and sizes classes with it. `make bench-cluster`.

CPU time, so that it does not hang on what else the machine does. What one submission costs to grade is taken from the page
of `make bench-grading`; the rest is measured here, with real verdicts, a real gradebook, and a scheduler of its own.
"""

import argparse
import os
import platform
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import page
from bench.page import ROOT
from grader.batch.grading import _line
from grader.batch.kept import asked, keeping
from grader.batch.worker import Job, Terms, grade_job
from grader.cluster import chunks, work
from grader.cluster.local import local_cluster
from grader.cluster.messages import Chunk, Report, packed
from grader.cluster.parcel import parcel
from grader.cluster.stamp import stamp
from grader.course.load import load_course
from grader.course.model import Course
from grader.feedback.grades import Standing
from grader.gradebook.opening import opened
from grader.grading.stamp import digest
from grader.intake.model import Handed, Intake

SECTION = "make bench-cluster"
PAGE = ROOT / "docs" / "cluster.md"
FILES = 2_000  # through the gradebook
CHUNKS = 60  # through the scheduler
CLASSES = (1_000, 100_000, 10_000_000)
PART = 100_000  # submissions in one command
GB = 1e9


@dataclass(frozen=True, slots=True)
class Costs:
    """Of each submission: seconds of CPU time, bytes. `course` is once for each worker."""

    grading: float
    command: float
    scheduler: float
    sent: float
    received: float
    disk: float
    memory: float
    course: int

    @property
    def serial(self) -> float:
        """What no further worker makes shorter: the command and the scheduler work beside each other."""
        return max(self.command, self.scheduler)


def grading_seconds() -> float:
    """What `make bench-grading` wrote, at isolation A."""
    there = page.parts(page.PAGE.read_text(encoding="utf-8"))["make bench-grading"]
    found = re.search(r"\| each file, isolation A \| [^|]+ \| ([0-9.]+) ms \|", there)
    assert found is not None
    return float(found[1]) / 1000


def handed(course: Course, folder: Path) -> list[Handed]:
    """So many files, in turn the reference and the first wrong solution of every exercise, each of its own content."""
    sources = []
    for exercise in course.exercises:
        solutions = Path(exercise.solutions or "")
        sources += [
            (exercise.slug, path) for path in (solutions / "reference.py", *sorted(solutions.glob("wrong/*.py"))[:1])
        ]
    found = []
    for number in range(FILES):
        slug, source = sources[number % len(sources)]
        path = folder / f"{number}.py"
        path.write_bytes(source.read_bytes() + b"# %d\n" % number)
        found.append(Handed(f"learner{number:05}", slug, str(path), path.name))
    return found


def verdicts(jobs: Sequence[Job], kinds: int) -> dict[str, bytes]:
    """A real one for each kind of file; the others have those of their kind."""
    return {job.handed.learner: grade_job(job)[1] for job in jobs[:kinds]}


def memory() -> int:
    """Bytes of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def measured(folder: Path) -> Costs:
    course = load_course(ROOT)
    by_slug = {exercise.slug: exercise for exercise in course.exercises}
    empty = memory()
    items = handed(course, folder)
    terms = Terms("one for all", "none")  # so that each may have the verdict of its kind
    jobs = [Job(item, by_slug[item.exercise], terms) for item in items]
    waiting = memory() - empty  # what there is of each file until the end
    kinds = 2 * len(course.exercises)
    given = list(verdicts(jobs, kinds).values())
    files, _ = chunks.read(jobs, "none")
    said = [given[number % kinds] for number in range(FILES)]
    own = stamp(())
    digests = {slug: digest(exercise) for slug, exercise in by_slug.items()}

    began, before = time.process_time(), memory()
    standings: dict[Handed, Standing] = {}  # all that is kept of a verdict, as `grade_all` does
    with opened(str(folder / "book.sqlite")) as book:
        todo = asked(book, Intake(tuple(item.learner for item in items), tuple(items), ()), course.exercises, terms)
        keep = keeping(book, todo)
        for (job, file), verdict in zip(files, said, strict=True):
            line = _line(job, chunks.answer(job, file, verdict, own, digests[file.exercise], "w"))
            assert line.marked
            keep(job.handed, line, line.marked)
            standings[job.handed] = line.standing
        held = (waiting + memory() - before) / FILES
    command = (time.process_time() - began) / FILES
    assert len(standings) == FILES
    disk = sum(path.stat().st_size for path in folder.glob("book.sqlite*")) / FILES

    size = chunks.FILES
    chunk = packed(Chunk("0" * 32, own, "0" * 64, digests, tuple(file for _, file in files[:size])))
    report = packed(Report("tcp://10.0.0.1:40000", tuple(said[:size])))
    client, scheduler = through_dask(chunk, report)
    return Costs(
        grading=grading_seconds(),
        command=command + client / size,
        scheduler=scheduler / size,
        sent=len(chunk) / size,
        received=len(report) / size,
        disk=disk,
        memory=held,
        course=len(parcel(course, course.exercises)),
    )


def through_dask(chunk: bytes, report: bytes) -> tuple[float, float]:
    """CPU seconds of the command and of the scheduler for one chunk there and its report back."""
    import psutil

    with local_cluster(1) as here:
        client: Any = here.connect()
        while not client.nthreads():
            time.sleep(0.1)
        assert here._scheduler is not None
        scheduler = psutil.Process(here._scheduler.pid)

        def taken() -> tuple[float, float]:
            times = scheduler.cpu_times()
            return time.process_time(), times.user + times.system

        client.submit(work.course, report, pure=False).result()
        before = taken()
        # what is sent goes both ways, so that what is received does: as much more is sent as a report is larger
        futures = [client.submit(work.course, bytes([number]) + report, pure=False) for number in range(CHUNKS)]
        for future in futures:
            assert len(future.result()) > len(report) > len(chunk) / 10
        after = taken()
        del futures
        client.close()
    return (after[0] - before[0]) / CHUNKS, (after[1] - before[1]) / CHUNKS


# ---------------------------------------------------------------- the page


def hours(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 3600:,.1f} h" if seconds >= 3600 else f"{seconds / 60:,.0f} min"


def size(count: float) -> str:
    return f"{count / GB:,.1f} GB" if count >= GB else f"{count / 1e6:,.0f} MB"


def rows(costs: Costs) -> list[list[str]]:
    found = []
    for count in CLASSES:
        serial = count * costs.serial
        found.append(
            [
                f"{count:,}",
                f"{count * costs.grading / 3600:,.3g}",
                *(hours(max(count * costs.grading / cores, serial)) for cores in (8, 64)),
                hours(serial),
                size(count * costs.disk),
                size(min(count, PART) * costs.memory),
                f"{size(count * costs.sent)} / {size(count * costs.received)}",
            ]
        )
    return found


def section(costs: Costs) -> list[str]:
    head = ["submissions", "core hours", "8 cores", "64 cores", "the command", "disk", "its memory", "sent / received"]
    where = f"Python {platform.python_version()}, {os.cpu_count()} cores"
    busy = f"{costs.grading / costs.serial:.0f} cores busy"
    return [
        f"Written by `make bench-cluster`. {where}. CPU time and bytes of one submission, of the mean of",
        f"{FILES:,} files of all exercises, half of them right. Grading: the row of isolation A that",
        "`make bench-grading` wrote into [performance.md](performance.md).",
        "",
        *page.table(
            ["what", "each submission"],
            [
                ["grading, on a worker", f"{costs.grading * 1000:.1f} ms"],
                [
                    "the command: reads, checks, writes a row, and its share of a chunk",
                    f"{costs.command * 1000:.2f} ms",
                ],
                ["the scheduler", f"{costs.scheduler * 1000:.2f} ms"],
                ["sent to a worker", f"{costs.sent / 1000:.1f} kB"],
                ["its verdict back", f"{costs.received / 1000:.1f} kB"],
                ["in the gradebook (SQLite)", f"{costs.disk / 1000:.1f} kB"],
                ["in the command's memory until it ends", f"{costs.memory / 1000:.1f} kB"],
            ],
        ),
        "",
        f"The course, once for each worker: {costs.course / 1000:.0f} kB.",
        f"So one command writes {1 / costs.command:,.0f} verdicts a second, and keeps {busy}.",
        "",
        *page.table(head, rows(costs)),
    ]


def write(lines: Sequence[str], path: Path = PAGE) -> None:
    """In the place of what stood between the markers."""
    begin, end = page.markers(SECTION)
    before, _, rest = path.read_text(encoding="utf-8").partition(begin)
    after = rest.partition(end)[2]
    path.write_text("\n".join([before + begin, "", *lines, "", end]) + after, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--print", action="store_true", help="print the section, leave the file alone")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    try:
        lines = section(measured(folder))
    finally:
        shutil.rmtree(folder)
    print("\n".join(lines), file=sys.stdout)
    if not options.print:
        write(lines)


if __name__ == "__main__":
    main()
