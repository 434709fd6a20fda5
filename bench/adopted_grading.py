"""Measures what a file of examples/adopted costs, and compares the grader's verdicts with the judge's in real time.

CPU time of the whole process tree, as the difference of a class and a larger one, divided by the files between them; files
that only end when they are stopped are left out of that, for they cost what the course's limit lets them.
`make bench-adopted`.
"""

import argparse
import json
import os
import platform
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
from bench.run import ENVIRONMENT, cpu_seconds
from grader.verdict import Own, decode, outcome_of

SECTION = "make bench-adopted"
ROUNDS = 3
FEW, MANY = 8, 32  # learners, between whom a file is measured
STOPPED = "time-out"
MOST = 0.015  # seconds of CPU for a file
SUBMISSIONS = COURSE / "submissions"


def graded(submissions: Path, out: Path) -> float:
    """CPU seconds of the whole command, from nothing."""
    options = ["--course", str(COURSE), "--out", str(out), "--jobs", "1"]
    with subprocess.Popen(
        [sys.executable, "-m", "grader", "grade", str(submissions), *options],
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

    each: float
    files: int
    nothing: float
    cases: float


def cost(place: Path, verdicts: Verdicts, rounds: int) -> Cost:
    """Of files that come to an end by themselves; each exercise counts alike."""
    programs = defaultdict[str, list[Path]](list)
    for job in jobs(SUBMISSIONS):
        if job.exercise in SCENARIOS and verdicts[job.learner, job.exercise] != STOPPED:
            programs[job.exercise].append(job.path)
    files = {name: make_class(place / name, learners, programs) for name, learners in (("few", FEW), ("many", MANY))}
    took: dict[str, list[float]] = {"few": [], "many": []}
    nothing = list[float]()
    for number in range(rounds):
        for name, seconds in took.items():
            seconds.append(graded(place / name, place / f"out-{name}-{number}"))
        nothing += [cpu_seconds([sys.executable, "-c", "pass"], place) for _ in range(5)]
        print(f"round {number + 1} of {rounds}", file=sys.stderr)
    more = files["many"] - files["few"]
    each = (min(took["many"]) - min(took["few"])) / more
    return Cost(each, more, min(nothing), cases_of(place / "out-few-0" / "verdicts.jsonl"))


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


def section(cost: Cost, compared: Mapping[str, Compared], seconds: float) -> list[str]:
    costs = [f"{cost.each * 1000:.1f} ms", f"{cost.nothing * 1000:.1f} ms", f"{cost.each / cost.nothing:.2f}"]
    measured = [["measured", "against", "ours", "the other", "ratio", "aim"]]
    measured.append([f"each file, {cost.cases:.1f} cases", "`python -c pass`", *costs, f"at most {MOST * 1000:g} ms"])
    rows = [[what, str(one.files), str(len(one.lines)), str(one.known)] for what, one in compared.items()]
    return [
        "## Files as they are",
        "",
        "Written by `make bench-adopted`, from `examples/adopted`. CPU time of all processes together, of each further file,",
        f"as the difference of two classes with {cost.files} files between them: all cases, the verdict, its records and its",
        "part of the report; without files that had to be stopped. The quickest of some rounds; a ratio carries over to",
        f"another machine, a time does not. Python {platform.python_version()}, {os.cpu_count()} cores.",
        "",
        *page.table(measured[0], measured[1:]),
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
        measured = cost(place, verdicts, options.rounds)
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
    dear = measured.each > MOST
    if dear:
        print(f"each file costs {measured.each * 1000:.1f} ms, and may cost {MOST * 1000:g} ms", file=sys.stderr)
    sys.exit(int(dear or any(found.lines for found in compared.values())))


if __name__ == "__main__":
    main()
