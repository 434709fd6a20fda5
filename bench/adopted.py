"""A second opinion on examples/adopted: each file is played in real time, and what comes out is compared with a table.

Imports nothing of the grader. Delays are some hundredths of what the statements say, each file has a process of its own and a
time-out, and what was not right is tried again, more slowly: only what it says twice counts. `make bench-adopted`.
"""

import argparse
import csv
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from bench.adopted_child import LATE, TIME_OUT
from bench.adopted_own import ALL, WITH_OWN
from bench.adopted_scenarios import NOT_YET, Scenario

ROOT = Path(__file__).parents[1]
COURSE = ROOT / "examples" / "adopted"
# programs of kinds of which virtual time and real time might think differently, and what each of them says
DIFFERING, DIFFERING_TABLE = ROOT / "bench" / "differing", ROOT / "bench" / "differing.csv"
MISSING = "missing"
SLOWER = (1.0, 2.5, 5.0)
SECONDS = 20.0  # what computes without end, or waits for nothing, is found out long before
Verdicts = dict[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class Job:
    learner: str
    exercise: str
    path: Path


def found(folder: Path, scenario: Scenario) -> Path | None:
    """The file of an exercise in a learner's folder: of several the one nearest the top."""
    fitting = [
        path
        for path in folder.rglob(scenario.file)
        if path.is_file() and path.parent.name.lower().endswith(scenario.folder)
    ]
    return min(fitting, key=lambda path: (len(path.parts), str(path)), default=None)


def jobs(submissions: Path) -> Iterator[Job]:
    for folder in sorted(path for path in submissions.iterdir() if path.is_dir()):
        for exercise, scenario in ALL.items():
            path = found(folder, scenario)
            if path is not None:
                yield Job(folder.name, exercise, path)


def once(job: Job, slower: float) -> str:
    """What the file does, run once; whatever happens to its process, there is an answer."""
    scenario, seconds = ALL[job.exercise], SECONDS * slower
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        for file, text in scenario.provides.items():
            (place / file).write_text(text)
        for file in scenario.own:
            if (job.path.parent / file).is_file():
                (place / file).write_bytes((job.path.parent / file).read_bytes())
        (place / scenario.file).write_bytes(job.path.read_bytes())
        try:
            ended = subprocess.run(
                [sys.executable, "-W", "ignore", "-m", "bench.adopted_child", job.exercise, str(slower), str(seconds)],
                cwd=place,
                env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=seconds + 30,
            )
        except subprocess.TimeoutExpired:
            return LATE
    lines = ended.stdout.decode(errors="replace").splitlines()
    return lines[-1] if lines else f"ended with {ended.returncode}"


def judged(job: Job) -> str:
    """What the file does. Real time may have been in its way where it is late or not in order: then the slower run decides."""
    outcomes: list[str] = []
    for slower in SLOWER:
        outcomes.append(once(job, slower))
        if not outcomes[-1].startswith((NOT_YET, LATE)) or outcomes.count(outcomes[-1]) > 1:
            break
    return TIME_OUT if outcomes[-1] == LATE else outcomes[-1]


def judge_all(submissions: Path, at_once: int) -> Verdicts:
    every = list(jobs(submissions))
    with ThreadPoolExecutor(at_once) as pool:
        outcomes = pool.map(judged, every)
        return {(job.learner, job.exercise): _told(job, outcome) for job, outcome in zip(every, outcomes, strict=True)}


def _told(job: Job, outcome: str) -> str:
    """With the learner's own files it is one sentence that is said, and no list."""
    return outcome.partition(":")[0] if job.exercise.endswith(WITH_OWN) else outcome


def files(verdicts: Iterable[tuple[str, str]]) -> int:
    """How many files these verdicts are about."""
    return len([exercise for _, exercise in verdicts if not exercise.endswith(WITH_OWN)])


def planned(table: Path) -> Verdicts:
    """The table without those that were not handed in."""
    with table.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["outcome"] != MISSING]
    own = {(row["learner"], row["exercise"] + WITH_OWN): row["own"] for row in rows if row["own"]}
    return {(row["learner"], row["exercise"]): verdict(row["outcome"], row["not_met"].split()) for row in rows} | own


def differing(table: Path = DIFFERING_TABLE) -> tuple[Verdicts, Verdicts]:
    """What is said in real time, and by the grader, of those programs; where the two differ the table says why."""
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    unsaid = [row["learner"] for row in rows if (row["real"] != row["grader"]) != bool(row["why"])]
    if unsaid:
        raise SystemExit(f"{table}: {', '.join(unsaid)}: 'why' has to stand where the two differ, and nowhere else")
    real, graded = ({(row["learner"], row["exercise"]): row[who] for row in rows} for who in ("real", "grader"))
    return real, graded


def verdict(outcome: str, not_met: Iterable[str]) -> str:
    """As the judge says it: the outcome, and of a file that ran all that is not met."""
    return f"{outcome}: {' '.join(sorted(set(not_met)))}" if outcome == NOT_YET else outcome


def differences(seen: Verdicts, table: Verdicts) -> list[str]:
    """One line each; what only one of the two has is missing in the other."""
    pairs = {key: (seen.get(key, MISSING), table.get(key, MISSING)) for key in sorted(seen.keys() | table.keys())}
    return [
        f"{learner} {exercise}: {ours!r} in real time, {other!r} in the table"
        for (learner, exercise), (ours, other) in pairs.items()
        if ours != other
    ]


def report(seen: Verdicts, different: Sequence[str], seconds: float) -> list[str]:
    outcomes = Counter(said.partition(":")[0] for (_, name), said in seen.items() if not name.endswith(WITH_OWN))
    counts = ", ".join(f"{count} {outcome}" for outcome, count in outcomes.most_common())
    return [f"{files(seen)} files in real time: {counts}; {seconds:.0f} s", *different, f"{len(different)} differences"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=COURSE / "submissions")
    parser.add_argument("--table", type=Path, default=COURSE / "verdicts.csv")
    parser.add_argument("--jobs", type=int, default=4, help="how many at once")
    options = parser.parse_args()
    begin = time.monotonic()
    seen = judge_all(options.folder, options.jobs)
    different = differences(seen, planned(options.table))
    print("\n".join(report(seen, different, time.monotonic() - begin)))
    sys.exit(bool(different))


if __name__ == "__main__":
    main()
