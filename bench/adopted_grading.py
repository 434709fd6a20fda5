"""Measures what a file of examples/adopted costs, and compares the grader's verdicts with the judge's in real time.

CPU time of the whole process tree, as the difference of a class and a larger one, divided by the files between them; files
that only end when they are stopped are left out of that, for they cost what the course's limit lets them.
`make bench-adopted`.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from msgspec import UNSET

from bench import page
from bench.adopted import COURSE, DIFFERING, Verdicts, differences, differing, files, jobs, judge_all, planned, verdict
from bench.adopted_child import NO_IMPORT
from bench.adopted_own import WITH_OWN
from bench.adopted_scenarios import NOT_YET, RIGHT, SCENARIOS
from bench.page import ROOT
from bench.pythons import interpreters, version
from bench.run import ENVIRONMENT, cpu_seconds
from grader.verdict import Own, decode, outcome_of

SECTION = "make bench-adopted"
ROUNDS = 3
FEW, MANY = 8, 32  # learners, between whom a file is measured
STOPPED = "time-out"
MOST = 0.015  # seconds of CPU for a file
SUBMISSIONS = COURSE / "submissions"


def graded(submissions: Path, out: Path, python: str = sys.executable) -> float:
    """CPU seconds of the whole command, from nothing."""
    options = ["--course", str(COURSE), "--out", str(out), "--jobs", "1"]
    with subprocess.Popen(
        [python, "-m", "grader", "grade", str(submissions), *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=ENVIRONMENT,
        cwd=ROOT,
    ) as command:
        _, status, usage = os.wait4(command.pid, 0)
        command.returncode = os.waitstatus_to_exitcode(status)
    if command.returncode:
        raise SystemExit(f"grader grade ended with {command.returncode}")
    return usage.ru_utime + usage.ru_stime


def said(records: Path) -> Verdicts:
    """The grader's verdicts in the words of the table, without what was not handed in."""
    found = {}
    for line in records.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        if record["status"] != "missing":
            graded = decode(line)
            outcome = outcome_of(graded)
            ran = RIGHT if graded.status == "passed" else NOT_YET
            not_met = [check.id for check in graded.checks if check.status == "failed"]
            key = record["learner"], record["exercise"]
            found[key] = verdict(ran if outcome == "result" else outcome, not_met)
            if graded.own is not UNSET:
                found[key[0], key[1] + WITH_OWN] = said_of_own(graded.own)
    return found


def said_of_own(own: Own) -> str:
    ran = {True: RIGHT, False: NOT_YET, None: "too little is seen"}[own.passed]
    return ran if own.outcome == "result" else {"import": NO_IMPORT}.get(own.outcome, own.outcome)


def make_class(folder: Path, learners: int, programs: Mapping[str, Sequence[Path]]) -> int:
    """So many repositories that hold a file for each exercise, in turn; gives how many files there are."""
    for number in range(learners):
        for exercise, paths in programs.items():
            scenario = SCENARIOS[exercise]
            path = folder / f"learner{number:03}" / scenario.folder / scenario.file
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(paths[number % len(paths)], path)
    return learners * len(programs)


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU seconds of each further file, of `files` of them, and of an interpreter that does nothing.

    `cases`: how many a file was played in, on average; one with the learner's own earlier files is played twice in each.
    """

    python: str
    each: float
    files: int
    nothing: float
    cases: float


def costs(place: Path, verdicts: Verdicts, rounds: int) -> list[Cost]:
    """Of files that come to an end by themselves, on each Python by turns; each exercise counts alike."""
    programs = defaultdict[str, list[Path]](list)
    for job in jobs(SUBMISSIONS):
        if job.exercise in SCENARIOS and verdicts[job.learner, job.exercise] != STOPPED:
            programs[job.exercise].append(job.path)
    files = {name: make_class(place / name, learners, programs) for name, learners in (("few", FEW), ("many", MANY))}
    took: dict[tuple[str, str], list[float]] = defaultdict(list)  # by interpreter and class
    nothing: dict[str, list[float]] = defaultdict(list)
    for number in range(rounds):
        for at, python in enumerate(interpreters()):
            for name in files:
                took[python, name].append(graded(place / name, place / f"out-{name}-{at}-{number}", python))
            nothing[python] += [cpu_seconds([python, "-c", "pass"], place) for _ in range(5)]
        print(f"round {number + 1} of {rounds}", file=sys.stderr)
    more = files["many"] - files["few"]
    cases = cases_of(place / "out-few-0-0" / "verdicts.jsonl")
    return [
        Cost(python, (min(took[python, "many"]) - min(took[python, "few"])) / more, more, min(passes), cases)
        for python, passes in nothing.items()
    ]


def cases_of(records: Path) -> float:
    """How many cases a file was played in, on average."""
    counts = [
        len(verdict.cases) * (1 if verdict.own is UNSET else 2)
        for line in records.read_text(encoding="utf-8").splitlines()
        for verdict in [decode(line)]
    ]
    return sum(counts) / len(counts)


@dataclass(frozen=True, slots=True)
class Compared:
    """Two tellers of the same files; `lines` are where they differ and should not, `known` how often they may."""

    files: int
    lines: Sequence[str]
    known: int = 0


def compared_odd(judged: Verdicts, graded: Verdicts) -> Compared:
    """Of the programs of which the table says what each of the two thinks."""
    real, planned_grader = differing()
    lines = [*differences(judged, real), *(f"the grader: {line}" for line in differences(graded, planned_grader))]
    return Compared(len(real), lines, sum(real[key] != planned_grader[key] for key in real))


def row(cost: Cost) -> list[str]:
    took = [f"{cost.each * 1000:.1f} ms", f"{cost.nothing * 1000:.1f} ms", f"{cost.each / cost.nothing:.2f}"]
    what = f"each file, {cost.cases:.1f} cases, Python {version(cost.python)}"
    return [what, "`python -c pass`", *took, f"at most {MOST * 1000:g} ms"]


def section(costs: Sequence[Cost], compared: Mapping[str, Compared], seconds: float) -> list[str]:
    head = ["measured", "against", "ours", "the other", "ratio", "aim"]
    rows = [[what, str(one.files), str(len(one.lines)), str(one.known)] for what, one in compared.items()]
    return [
        "## Files as they are",
        "",
        "Written by `make bench-adopted`, from `examples/adopted`. CPU time of all processes together, of each further file,",
        f"as the difference of two classes with {costs[0].files} files between them: all cases, the verdict, its records and",
        "its part of the report; without files that had to be stopped. The quickest of interleaved rounds; a ratio carries",
        f"over to another machine, a time does not. {os.cpu_count()} cores.",
        "",
        *page.table(head, [row(cost) for cost in costs]),
        "",
        "The judge in real time says how each file ends and, of a file that ran, all that is not met; and in a word what",
        "becomes of it with the learner's own earlier files, where those are tried. Programs of other kinds are those of",
        "`bench/differing`, of which `bench/differing.csv` says what each of the two thinks, and why.",
        "",
        *page.table(["the judge in real time, against", "files", "differences", "known to differ"], rows),
        "",
        f"The judge took {seconds:.0f} s for all files, several at once.",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--jobs", type=int, default=4, help="files at once in real time")
    parser.add_argument("--print", action="store_true", help="print the section, leave the file alone")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        graded(SUBMISSIONS, place / "out")
        verdicts = said(place / "out" / "verdicts.jsonl")
        measured = costs(place, verdicts, options.rounds)
        graded(DIFFERING, place / "differing")
        odd = said(place / "differing" / "verdicts.jsonl")
    begin = time.monotonic()
    judged = judge_all(SUBMISSIONS, options.jobs)
    seconds = time.monotonic() - begin
    compared = {
        "the grader's verdicts": Compared(files(judged), differences(judged, verdicts)),
        "the table written by hand": Compared(files(judged), differences(judged, planned(COURSE / "verdicts.csv"))),
        "programs of other kinds": compared_odd(judge_all(DIFFERING, options.jobs), odd),
    }
    lines = section(measured, compared, seconds)
    print("\n".join([*lines, *(line for found in compared.values() for line in found.lines)]))
    if not options.print:
        page.write(SECTION, lines)
    own = measured[0]  # the others are told; this one is what the command speaks for
    dear = own.each > MOST
    if dear:
        print(f"each file costs {own.each * 1000:.1f} ms, and may cost {MOST * 1000:g} ms", file=sys.stderr)
    sys.exit(int(dear or any(found.lines for found in compared.values())))


if __name__ == "__main__":
    main()
