"""Measures whose a file's cost is: the worker's, that of the process that forks, or that of the learner's program itself.

A worker's work, done here, for two classes that differ in nothing but the number of cases: so what a case costs is told from
what a file costs once. The quickest of some rounds. `make bench-parts`.
"""

import argparse
import os
import platform
import resource
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bench import page
from bench.page import ROOT
from bench.run import REFERENCE, cpu_seconds
from grader.course.load import load_exercise
from grader.course.model import Exercise
from grader.grading import grade
from grader.grading.workers import give_way
from grader.run.levels import why_not
from grader.verdict import encode

SECTION = "make bench-parts"
EXERCISE = ROOT / "exercises" / "05_say_after"
REPEATED = ROOT / "examples" / "adopted" / "exercises" / "01_next_bus"  # in two cases called 303 times
REPEATED_REFERENCE = ROOT / "examples" / "adopted" / "solutions" / "01_next_bus" / "reference.py"
LEVEL = "A"
FILES = 20
ROUNDS = 8
WHO = ("worker", "forking process", "learner's process")
_TICK = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


@dataclass(frozen=True, slots=True)
class Parts:
    """CPU seconds and page faults of each of WHO."""

    seconds: tuple[float, float, float]
    faults: tuple[float, float, float]

    def whole(self) -> float:
        return sum(self.seconds)

    def less(self, other: "Parts", over: float) -> "Parts":
        """What lies between, divided by `over`."""
        return Parts(_less(self.seconds, other.seconds, over), _less(self.faults, other.faults, over))


def _less(more: Sequence[float], fewer: Sequence[float], over: float) -> tuple[float, float, float]:
    one, two, three = ((a - b) / over for a, b in zip(more, fewer, strict=True))
    return one, two, three


def usage_of(process: int) -> tuple[float, float, float, float]:
    """CPU seconds and page faults of a process, and of those that it has waited for (proc(5)).

    Raises OSError for one that has ended, whether it was waited for or not yet.
    """
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    if fields[0] == "Z":
        raise ProcessLookupError(process)
    faults, of_children, used, children = fields[7], fields[8], fields[11:13], fields[13:15]
    return sum(map(int, used)) / _TICK, sum(map(int, children)) / _TICK, float(faults), float(of_children)


def below(process: int) -> list[int]:
    """All that this process has started, and what they have."""
    try:
        started = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return []
    return [each for child in map(int, started) for each in (child, *below(child))]


def of_all_below() -> list[tuple[float, float, float, float]]:
    while True:
        try:
            return [usage_of(process) for process in below(os.getpid())]
        except OSError:
            continue  # the last file's process has ended, and is about to be waited for


def now() -> Parts:
    own, there = resource.getrusage(resource.RUSAGE_SELF), of_all_below()
    forking, jobs, faults, of_jobs = (sum(column) for column in zip(*there, strict=True))
    return Parts((own.ru_utime + own.ru_stime, forking, jobs), (float(own.ru_minflt), faults, of_jobs))


@cache
def _loaded(folder: Path) -> Exercise:
    """A worker has an exercise once for all of its files."""
    return load_exercise(folder)


def graded(files: int, hidden: bool, begin: int, *, repeated: bool = False) -> int:
    """Grades so many; gives how many cases each had. `repeated`: of the exercise whose function is called again and again."""
    exercise, cases = _loaded(REPEATED if repeated else EXERCISE), 0
    source = (REPEATED_REFERENCE if repeated else REFERENCE).read_bytes()
    for number in range(begin, begin + files):
        verdict = grade(exercise, source, learner=f"learner{number}", isolation=LEVEL, hidden=hidden)
        encode(verdict)
        cases = len(verdict.cases)
    return cases


def measured(files: int, rounds: int) -> tuple[dict[int, Parts], Parts, float]:
    """By the number of cases, what a file costs; one that is called often; and an interpreter that does nothing."""
    found, often, nothing = dict[int, Parts](), list[Parts](), list[float]()
    for number in range(rounds):
        for hidden in (False, True):
            graded(2, hidden, 0)
            before = now()
            cases = graded(files, hidden, 2 + number * files)
            parts = now().less(before, files)
            if cases not in found or parts.whole() < found[cases].whole():
                found[cases] = parts
            nothing += [cpu_seconds([sys.executable, "-c", "pass"], ROOT) for _ in range(3)]
        graded(2, True, 0, repeated=True)
        before = now()
        graded(files, True, 2 + number * files, repeated=True)
        often.append(now().less(before, files))
        print(f"round {number + 1} of {rounds}", file=sys.stderr)
    return found, min(often, key=Parts.whole), min(nothing)


def rows_of(found: dict[int, Parts]) -> list[tuple[str, Parts]]:
    few, many = sorted(found)
    case = found[many].less(found[few], many - few)
    once = found[few].less(Parts(_times(case.seconds, few), _times(case.faults, few)), 1)
    return [
        (f"a file of {many} cases", found[many]),
        (f"a file of {few} cases", found[few]),
        ("so each case", case),
        ("and once for a file", once),
    ]


def _times(parts: Sequence[float], by: float) -> tuple[float, float, float]:
    one, two, three = (part * by for part in parts)
    return one, two, three


def section(found: dict[int, Parts], often: Parts, nothing: float, files: int, rounds: int) -> list[str]:
    lines = [
        [
            what,
            *(f"{round(seconds * 1000, 2) + 0:.2f} ms" for seconds in parts.seconds),
            f"{parts.whole() * 1000:.1f} ms",
            f"{parts.whole() / nothing:.2f}",
            *(f"{round(faults)}" for faults in parts.faults[1:]),
        ]
        for what, parts in [*rows_of(found), ("a file that is called 303 times", often)]
    ]
    head = ["CPU time of", *WHO, "together", "of `python -c pass`", "page faults: forking", "learner's"]
    return [
        "### Where the time of a file goes",
        "",
        f"Written by `make bench-parts`: say-after at isolation {LEVEL}, by one worker on one core; {files} files, the",
        f'quickest of {rounds} rounds. The gradebook, the records and the report are not in it (see "A class, written down").',
        f"Python {platform.python_version()}; `python -c pass` took {nothing * 1000:.1f} ms.",
        "",
        *page.table(head, lines),
        "",
        "What a file costs once is for the most part page faults in the learner's process: pages of the process that forks",
        "are written to for the first time, nearly all for the counts of references to what is only read, and each is copied",
        "then. They are spread evenly: another allocator, fewer modules or no holes left behind made no fewer of them, and to",
        "ask the system for many at once, or for large pages, saves nothing. On Python 3.12 and later, what there is before a",
        "job begins is not counted in it; so its 1,050 pages became 670, those of the process that forks 90 of 165, and a file",
        "took a tenth less. Python 3.11 has no such objects. What a case costs is Python, on both sides, and",
        "no function has more than a few percent. A file costs as much as its cases: one with fewer hidden cases is graded",
        "the sooner.",
        "",
        "Python itself is less than a third of it: the worker alone computes 1.6 ms for such a file, and the learner's side",
        "2.2 ms, each with the other played back in its own process and everything warm. To fork such a process, and to end",
        "the fork, takes 1 ms before anything is done in it: half of that for its 4,700 pages, a third for its 230 mappings.",
        "Some 1,150 pages are copied, at 2 microseconds each. A worker gives way some 22 times for a file: for each question",
        "that has to wait for an answer, 16 times in 8 cases; for the fork, where hidden cases begin, of which the others",
        "must not hear, at the last goodbye, and for the end. With all answers lying there before they are asked for, a file",
        "took 1.3 ms less: so much do the two cost each other, and an answer that is there early is one that can be read.",
        "",
        "Nothing was gained by a core for each of the two (some percent more), by pinning workers in the command, by large",
        "pages under the worker or under the process that forks, by names that are all made first, so that they lie together",
        "(12 pages fewer), by a rehearsal of ten times the length (none), or by symbols that are all bound at the beginning",
        "(8 pages). Level B, without namespaces, takes as long as A.",
        "",
        "What compiling by mypyc 2.4 would save was measured, and it is not done. With 23 modules of the worker's side",
        "compiled (referee, door, checks, expressions, marks; 3,900 lines) a file took 0.4 ms less of the worker, of 3.9 ms",
        "outside the kernel, and what was graded in process 4.5 % fewer instructions; the learner's process and its page",
        "faults were as before, and the verdict that was compared the same. Six more modules of that side would have to be",
        "divided: their structs lose what is said in the head of a class. Of the first 1,205 tests 60 failed, since an",
        "interpreted class may not inherit from a compiled one. Of the learner's side mypyc refused the tasks, the handles,",
        "the clock, the turns of threads and what runs a loop, and made of the loop itself what no C compiler takes; and a",
        "compiled function has no frame, by which lines are told.",
        "",
        "Nor did it help to have the pages copied by one call of the system when a job begins that a rehearsal had written",
        "to: those were 2,800, where a file writes to 1,200, and it took the learner's process 3.5 ms longer.",
        "",
        "One process for all files of a learner, one after the other, saved some 5 ms of each further file, and is not done:",
        "though all was put back that could be, and only files took part that by their text cannot keep anything, a file found",
        "which names of codecs had been looked up before it, what abstract classes remember, and how memory was laid out. By",
        "that it could be told hidden values, and its points could hang on what was played before.",
        "",
        "The last row is next-bus of `examples/adopted`, with `repeat: 3` and `repeat: 300`: each call sleeps once, which is",
        "an operation that nobody is asked about. It is written down on both sides, and the loop turns twice for it.",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--files", type=int, default=FILES)
    parser.add_argument("--print", action="store_true", help="print the section, leave the file alone")
    options = parser.parse_args()
    if reason := why_not(LEVEL):
        raise SystemExit(f"isolation {LEVEL} cannot be had here: {reason}")
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    give_way()  # as workers do
    found, often, nothing = measured(options.files, options.rounds)
    lines = section(found, often, nothing, options.files, options.rounds)
    print("\n".join(lines))
    if not options.print:
        page.write(SECTION, lines)


if __name__ == "__main__":
    main()
