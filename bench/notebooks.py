"""Measures what a notebook costs at `nbgrader autograde`, beside the same notebooks graded by nbgrader in a kernel.

CPU time of the whole tree of processes, learner by learner, each graded in turn by all of those that are compared, in an
nbgrader that runs already; the median. `make bench-notebooks`.
"""

import argparse
import contextlib
import json
import math
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench import page
from bench.page import ROOT, Row
from bench.run import ENVIRONMENT, REFERENCE

SECTION = "make bench-notebooks"
LEARNERS = 12  # of one notebook each; before them one more, by whom nothing is measured
CLASSES = 12, 60  # notebooks of a whole command
AIM = 0.33
_WHOLE = "the whole command for"
UNIT, BOOK, SLUG = "unit", "by-hand", "say-after"
PLAIN = "c = get_config()\nc.CourseDirectory.course_id = 'bench'\n"
OURS = f"{PLAIN}from grader.notebooks.config import configure\nconfigure(c, course={str(ROOT)!r}, course_id='bench')\n"
SAY = "import asyncio\n\nasync def say_after(delay, what):\n    await asyncio.sleep(delay / 100)\n    return what"
TESTS = (
    "assert await one_after_the_other(say_after, 1, 'a', 2, 'b') == ['a', 'b']",
    "found = await together(say_after, 2, 'b', 1, 'b')\nsum(one == 'b' for one in found) / 2",
    "### BEGIN HIDDEN TESTS\nassert await together(say_after, 2, 'x', 1, 'y') == ['x', 'y']\n### END HIDDEN TESTS",
)


def _cell(text: str, name: str, **about: Any) -> dict[str, Any]:
    usual = {"schema_version": 3, "grade": False, "solution": False, "locked": False, "task": False, "grade_id": name}
    return {
        "cell_type": "code",
        "id": name,
        "metadata": {"nbgrader": usual | about},
        "source": text,
        "execution_count": None,
        "outputs": [],
    }


def by_hand() -> dict[str, Any]:
    """A notebook of somebody's own, with test cells of asserts, a share of the points and hidden tests."""
    solution = f"### BEGIN SOLUTION\n{REFERENCE.read_text()}\n### END SOLUTION"
    tests = [_cell(text, f"test{at}", grade=True, locked=True, points=1) for at, text in enumerate(TESTS)]
    cells = [_cell(SAY, "given", locked=True), _cell(solution, "solution", solution=True), *tests]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": kernel, "cells": cells}


def nbgrader(root: Path, *command: str) -> list[str]:
    return command_of(root, ["nbgrader"], *command)


def command_of(root: Path, program: Sequence[str], *command: str) -> list[str]:
    """The command, with the grader of this folder; `alembic`, which it calls, is on the path."""
    paths = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    said = [f"{name}={value}" for name, value in paths.items()]
    return ["env", "-C", str(root), *said, sys.executable, "-m", *program, *command]


def made_by_hand(folder: Path) -> Path:
    """A course of that notebook, released."""
    source = folder / "source" / UNIT
    source.mkdir(parents=True)
    (source / f"{BOOK}.ipynb").write_text(json.dumps(by_hand()))
    (folder / "nbgrader_config.py").write_text(PLAIN)
    _run(nbgrader(folder, "generate_assignment", UNIT))
    return folder


def made(folder: Path) -> dict[str, Path]:
    """Courses, released: one by hand, and one of ours; of each one that is graded by nbgrader alone, and one with us."""
    plain, ours, exercise = (folder / name for name in ("plain", "ours", "exercise"))
    shutil.copytree(made_by_hand(plain), ours)
    (ours / "nbgrader_config.py").write_text(OURS)
    command = [
        sys.executable,
        "-m",
        "grader",
        "notebooks",
        "build",
        SLUG,
        "--course",
        str(ROOT),
        "--out",
        str(exercise),
    ]
    _run(command)
    [unit] = (path.name for path in (exercise / "source").iterdir())
    _run(nbgrader(exercise, "generate_assignment", unit))
    kernel = folder / "kernel"
    shutil.copytree(exercise, kernel)
    (kernel / "nbgrader_config.py").write_text(PLAIN)
    return {"plain": plain, "ours": ours, "kernel": kernel, "exercise": exercise}


def _run(command: Sequence[str]) -> None:
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, env=ENVIRONMENT)


def handed_in(course: Path, into: Path, learners: int) -> str:
    """A copy of the course with so many right submissions; its assignment."""
    shutil.rmtree(into, ignore_errors=True)
    shutil.copytree(course, into)
    [release] = (into / "release").iterdir()
    for number in range(learners):
        folder = into / "submitted" / f"learner{number:02}" / release.name
        shutil.copytree(release, folder)
        [path] = folder.glob("*.ipynb")
        book = json.loads(path.read_bytes())
        solution = next(one for one in book["cells"] if one["metadata"].get("nbgrader", {}).get("solution"))
        solution["source"] = REFERENCE.read_text()
        path.write_text(json.dumps(book))
    return release.name


def scores(root: Path) -> set[float]:
    """The points of all submissions."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{root}/gradebook.db") as book:
        return {one.score for assignment in book.assignments for one in assignment.submissions}


def everybody_has_all_points(course: Path) -> None:
    """Raises SystemExit where somebody has not: nothing else may be compared."""
    found, all_points = scores(course), 10.0 if course.name in ("exercise", "kernel") else float(len(TESTS))
    if found != {all_points}:
        raise SystemExit(f"{course.name}: not everybody has all points: {sorted(found)}")


def cpu_of_all() -> float:
    """User and system seconds of this process, of all below it, and of those that are gone already."""
    import psutil

    own = psutil.Process()
    return sum(sum(one.cpu_times()[:4]) for one in (own, *own.children(recursive=True)))


def opened(root: Path) -> Any:
    """nbgrader as its commands have it; its gradebook's version, for which it starts a process each time, is right."""
    import nbgrader.api
    import nbgrader.utils
    from nbgrader.apps import NbGraderAPI
    from traitlets.config.loader import PyFileConfigLoader

    from grader.notebooks.sooner import newest

    nbgrader.api.get_alembic_version = newest
    # test cells of ours refuse to be graded in a kernel where they are told that it is for marks
    nbgrader.utils.setenv = lambda **_: contextlib.nullcontext()
    config = PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()
    config.CourseDirectory.root, config.Application.log_level = str(root), 50
    return NbGraderAPI(config=config)


def measured(folder: Path) -> list[Row]:
    courses = made(folder)
    os.environ["PATH"] = f"{Path(sys.executable).parent}:{os.environ['PATH']}"  # of kernels, too
    os.environ["PYTHONPATH"] = os.environ["GRADER_COURSE"] = str(ROOT)
    roots = {name: folder / "graded" / name for name in courses}
    units = {name: handed_in(courses[name], root, LEARNERS + 1) for name, root in roots.items()}
    taken: dict[str, list[float]] = {name: [] for name in courses}
    running = {name: opened(root) for name, root in roots.items()}
    for number in range(LEARNERS + 1):
        for name in courses:
            before = cpu_of_all()
            told = running[name].autograde(units[name], f"learner{number:02}")
            taken[name].append(cpu_of_all() - before)
            if not told["success"]:
                raise SystemExit(f"{name}: {told.get('error', '')}")
        print(f"learner {number} of {LEARNERS}", file=sys.stderr)
    for root in roots.values():
        everybody_has_all_points(root)
    found = rows({name: each[1:] for name, each in taken.items()})
    return [found[0], *whole(found[0], first_of_all(courses, folder / "whole")), *found[1:]]


def first_of_all(courses: Mapping[str, Path], folder: Path) -> tuple[float, float, float]:
    """Of a whole command of one notebook: with us by nbgrader's own command and as ours begins it, and nbgrader alone."""
    begun = [("ours", "nbgrader"), ("ours", "grader", "notebooks", "nbgrader"), ("plain", "nbgrader")]
    ours, sooner, plain = (whole_command(courses[name], folder / name, program) for name, *program in begun)
    return ours, sooner, plain


def whole(each: Row, first: tuple[float, float, float]) -> list[Row]:
    """Of a class, from what the command takes for its first notebook, and each further one."""
    ours, sooner, plain = first
    found = list[Row]()
    for count in CLASSES:
        more = count - 1
        for begun, how in ((ours, ""), (sooner, ", begun by `grader notebooks nbgrader`")):
            what = f"{_WHOLE} {count} of those{how} (reckoned from one)"
            found.append(Row(what, each.against, begun + more * each.ours, plain + more * each.other, each.aim, "s"))
    return found


def least_class(small: Row, large: Row) -> int | None:
    """The notebooks from which on a whole command keeps the aim, on the line through its rows, as the page shows them, for both
    of CLASSES; None where more of them bring it no nearer.
    """
    begun, each = _line(small.ours, large.ours)
    other_begun, other_each = _line(small.other, large.other)
    gained = AIM * other_each - each
    return max(1, math.ceil((begun - AIM * other_begun) / gained)) if gained > 0 else None


def _line(small: float, large: float) -> tuple[float, float]:
    """What no notebook would take, and each."""
    few, many = CLASSES
    each = (round(large, 2) - round(small, 2)) / (many - few)
    return round(small, 2) - few * each, each


def whole_command(course: Path, root: Path, program: Sequence[str]) -> float:
    """CPU seconds of `autograde` of one notebook, with all that it starts, from its beginning to its end."""
    unit = handed_in(course, root, 1)
    before = _of_children()
    _run(command_of(root, program, "autograde", unit))
    taken = _of_children() - before
    everybody_has_all_points(root)
    return taken


def _of_children() -> float:
    """Of those that have ended, and theirs."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def rows(taken: Mapping[str, Sequence[float]]) -> list[Row]:
    """`taken`: seconds of each notebook, by how it is graded."""
    each, aim = {name: statistics.median(seconds) for name, seconds in taken.items()}, f"at most {AIM}"
    by_hand = Row(
        "a notebook with test cells written by hand", "the same in a kernel", each["ours"], each["plain"], aim, "s"
    )
    of_ours = Row(
        "a notebook of the exercise say-after", "the same in a kernel", each["exercise"], each["kernel"], aim, "s"
    )
    return [by_hand, of_ours]


def section(rows: Sequence[Row]) -> list[str]:
    head = ["measured", "against", "with the grader", "nbgrader alone", "ratio", "aim"]
    return [
        "## Notebooks",
        "",
        "Written by `make bench-notebooks`. CPU time at nbgrader's autograde for one notebook, all processes together, in an",
        "nbgrader that runs already; nbgrader's own part (the notebook read, converted and written twice, the gradebook) is in",
        f"both. Medians of {LEARNERS} learners, each graded in turn by all; a ratio carries over to another machine, a time",
        "does not.",
        f"Python {platform.python_version()}, {os.cpu_count()} cores.",
        "",
        *page.table(head, [row.cells() for row in rows]),
        "",
        f"The notebook by hand has {len(TESTS)} test cells; the same scores are insisted on. The exercise is graded on all",
        "visible and hidden cases, in a kernel by what its test cells do where somebody practises. The whole command",
        "begins with the import of nbgrader, some seconds with the grader and without, so for a handful of notebooks it saves",
        "less; its rows are what it takes for one notebook, and for each further one what stands above. More than half of that",
        "import is left out where `grader notebooks nbgrader` begins the command.",
        "",
        "Two things cost more than these rows have, and in a small class perhaps more than a third of what nbgrader takes. A",
        "notebook that is run once more in real time (notebooks.md) is run twice, and a program that goes round computes until",
        "that is seen, up to a tenth of the time-out. And the trial of the source in a kernel, where somebody lost points,",
        "costs once what a notebook costs in a kernel, however many are handed in.",
        "",
        *_from_where(rows),
    ]


def _from_where(rows: Sequence[Row]) -> list[str]:
    own, sooner, own_more, sooner_more = (row for row in rows if row.what.startswith(_WHOLE))
    begun = {"nbgrader's own command": (own, own_more), "`grader notebooks nbgrader`": (sooner, sooner_more)}
    return [_from(name, least_class(*of)) for name, of in begun.items()]


def _from(name: str, least: int | None) -> str:
    kept = (
        "at no size of a class" if least is None else f"from a class of {least} notebooks on, and more in a smaller one"
    )
    return f"- {name}: at most {AIM} {kept}; by the line through its two rows."


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--print", action="store_true", help="print the section, leave the file alone")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        lines = section(measured(Path(name)))
    print("\n".join(lines))
    if not options.print:
        page.write(SECTION, lines)


if __name__ == "__main__":
    main()
