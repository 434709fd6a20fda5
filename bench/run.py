"""Measures what learners and instructors wait for, as ratios to a peer in the same run, for docs/performance.md.

CPU time of whole processes and their children, medians of interleaved rounds: a ratio carries over to another machine, a
time does not. Run it on a machine that is otherwise idle: `make bench`.
"""

import argparse
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from bench import page
from bench.page import ROOT

SECTION = "make bench"
EXERCISE = ROOT / "exercises" / "05_say_after"
REFERENCE = ROOT / "solutions" / "05_say_after" / "reference.py"
FILES = 20
ROUNDS = 15
# compiled files are kept, as they are for everybody who did not ask for the contrary
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def cpu_seconds(command: Sequence[str | Path], folder: Path) -> float:
    """User and system time of one process and all that it waited for."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        command, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENVIRONMENT
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)


def interleaved(rounds: int, *measures: Callable[[], float]) -> list[float]:
    """The median of each, measured in turn, so that what else the machine does falls on all of them."""
    found: list[list[float]] = [[] for _ in measures]
    for _ in range(rounds):
        for place, measure in enumerate(measures):
            found[place].append(measure())
    return [statistics.median(each) for each in found]


def prepared(folder: Path) -> None:
    """A solved exercise, an empty test, and a class that handed in the same file."""
    shutil.copytree(EXERCISE, folder / "exercises" / EXERCISE.name)
    shutil.copy(REFERENCE, folder / "exercises" / EXERCISE.name / "say_after.py")
    (folder / "test_empty.py").write_text("def test_nothing():\n    pass\n")
    (folder / "class").mkdir()
    for number in range(FILES):
        shutil.copy(REFERENCE, folder / "class" / f"learner{number:02}.py")
    shutil.copy(ROOT / "bench" / "peer_say_after.py", folder / "peer_say_after.py")


def measured(folder: Path, rounds: int) -> list[tuple[str, str, float, float, str]]:
    """(what, against what, seconds of each, aim)."""
    python = sys.executable
    grader: list[str | Path] = [python, "-m", "grader"]
    pytest: list[str | Path] = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    exercise = folder / "exercises" / EXERCISE.name

    def one(*command: str | Path) -> Callable[[], float]:
        return lambda: cpu_seconds(command, folder)

    def peer() -> float:
        return sum(cpu_seconds([*pytest, "peer_say_after.py"], folder) for _ in range(FILES))

    def ours() -> float:
        shutil.rmtree(folder / "out", ignore_errors=True)
        command = [*grader, "grade", "class", "--exercise", "say-after", "--out", "out", "--course", ROOT]
        return cpu_seconds(command, folder)

    item, empty, check, bare = interleaved(
        rounds,
        one(*pytest, exercise),
        one(*pytest, "test_empty.py"),
        one(*grader, "check", "say-after", exercise / "say_after.py"),
        one(python, "-c", "import asyncio"),
    )
    graded, tested = interleaved(rounds_of_the_class(rounds), ours, peer)
    return [
        ("`pytest exercises/05_say_after`", "`pytest` on an empty test file", item, empty, "at most 1.5"),
        ("`grader check say-after`", '`python -c "import asyncio"`', check, bare, "at most 4"),
        (
            f"`grader grade`, each of {FILES} files",
            "`pytest`, one process a file",
            graded / FILES,
            tested / FILES,
            "below 1",
        ),
    ]


def rounds_of_the_class(rounds: int) -> int:
    """Fewer, for each of them is a class and as many processes of the peer."""
    return max(rounds // 3, 1)


def section(rows: list[tuple[str, str, float, float, str]], rounds: int) -> list[str]:
    head = ["measured", "against", "CPU", "of the peer", "ratio", "aim"]
    cells = [
        [what, against, f"{a * 1000:.0f} ms", f"{b * 1000:.0f} ms", f"{a / b:.2f}", aim]
        for what, against, a, b, aim in rows
    ]
    return [
        "## The grader",
        "",
        "Written by `make bench`. CPU time of whole processes, medians of interleaved rounds in one run; a ratio carries over",
        f"to another machine, a time does not. Python {platform.python_version()}, {os.cpu_count()} cores, {told(rounds)}.",
        "",
        *page.table(head, cells),
        "",
        f"`grader grade` plays each of {FILES} files on all visible and hidden cases in a child process of its own. The",
        f"peer is {FILES} runs of `pytest`, one after the other; each checks three functions of the same file with asserts,",
        "once, in real time made short.",
    ]


def told(rounds: int) -> str:
    return f"{rounds} rounds, and {rounds_of_the_class(rounds)} of the class"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="another number is printed only")
    parser.add_argument("--print", action="store_true", help="print the section, leave the file alone")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepared(folder)
        lines = section(measured(folder, options.rounds), options.rounds)
    print("\n".join(lines))
    if not options.print and options.rounds == ROUNDS:
        page.write(SECTION, lines)


if __name__ == "__main__":
    main()
