"""`grader notebooks build`: an nbgrader course; what has grades in nbgrader's gradebook does not go away unasked."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.files import put
from grader.cli.options import course_option, exercise_arguments, said_course
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.course.model import Course, Exercise
    from grader.notebooks.build import Wanted
    from grader.notebooks.known import Known

_REMEDY = (
    "give each check its old id back, or say --force: the notebooks are built without these cells, and nbgrader keeps them "
    "with their grades until 'nbgrader db assignment remove {unit} --force' takes all of the assignment away"
)


@click.command("build", short_help="An nbgrader course from course.yaml.")
@exercise_arguments
@click.option(
    "--out", required=True, metavar="DIR", type=click.Path(path_type=Path, file_okay=False), help="The nbgrader course."
)
@click.option("--force", is_flag=True, help="Also without cells on which learners have grades.")
@course_option
@click.pass_context
def build(context: click.Context, exercises: tuple[str, ...], out: Path, force: bool, course: str | None) -> int:
    """Make an nbgrader course in DIR of EXERCISE..., or of the whole course; docs/notebooks.md says how it goes on from there.

    Building again updates the notebooks where they are: cells keep their names, so grades stand, and what was added to a
    notebook or to nbgrader_config.py stays. Where a cell would go on which learners have grades in DIR/gradebook.db, nothing is
    built. An exercise that imports the learner's own earlier files is told, and left out. The references are in DIR/source, so
    DIR is for instructors.

    \b
    grader notebooks build --out nbcourse
    cd nbcourse && nbgrader generate_assignment coroutines
    """
    from grader.cli.place import open_chosen
    from grader.notebooks.build import files_of
    from grader.notebooks.known import known
    from grader.notebooks.said import CONFIG

    opened, chosen = open_chosen(said_course(context, course), exercises)
    chosen = _with_a_notebook(chosen, bool(exercises))
    there = known(out)
    wanted = list(files_of(opened, chosen, out, there))
    _keep_grades([one for one in wanted if one.path.suffix == ".ipynb"], there, force)
    states = [one.state for one in wanted if one.path.suffix == ".ipynb"]
    for one in wanted:
        _written(one)
    _moved(chosen, out, there)
    _gone(opened, out, there)
    counted = ", ".join(
        f"{states.count(state)} {state}" for state in ("new", "updated", "unchanged") if state in states
    )
    click.echo(f"{out}: {counted} notebook{'' if len(states) == 1 else 's'}, {CONFIG}")
    return 0


def _with_a_notebook(chosen: "Sequence[Exercise]", named: bool) -> "list[Exercise]":
    from grader.notebooks.build import why_not

    found = list["Exercise"]()
    for exercise in chosen:
        if reason := why_not(exercise):
            if named:
                raise UsageError(f"{exercise.slug}: {reason}")
            _say(f"{exercise.slug}: {reason}")
            continue
        if not exercise.hidden:
            _say(f"{exercise.slug}: no hidden cases are at hand; it is graded on the visible ones alone")
        found.append(exercise)
    return found


def _keep_grades(notebooks: "Sequence[Wanted]", there: "Mapping[tuple[str, str], Known]", force: bool) -> None:
    """Tells of cells that go, and of those that nbgrader will not have any more; raises UsageError for one with grades."""
    from grader.notebooks.build import lost_names, names_in
    from grader.notebooks.known import Known

    goes, units = "goes" if force else "would go", list[str]()
    for one in notebooks:
        unit, names = one.path.parent.name, names_in(one.content)
        found = there.get((unit, one.path.stem), Known())
        graded = [(name, count) for name, count in found.graded if name not in names]
        for name, count in graded:
            _say(
                f"{one.path}: {name} {goes}, and {count} learner{' has a grade' if count == 1 else 's have grades'} on it"
            )
        units += [unit] * bool(graded)
        if found.handed_in and found.cells != names:
            added, gone = sorted(names - found.cells), sorted(found.cells - names)
            which = "; ".join(f"{what} {', '.join(some)}" for what, some in (("added", added), ("gone", gone)) if some)
            _say(
                f"{one.path}: learners have handed it in, and nbgrader refuses to generate it with other cells ({which})"
            )
        elif not found.cells and any(known.handed_in for (other, _), known in there.items() if other == unit):
            _say(
                f"{one.path}: learners have handed in {unit}, and nbgrader refuses to generate it with another notebook"
            )
        elif lost := lost_names(one):
            _say(f"{one.path}: no longer there: {', '.join(lost)}")
    if units and not force:
        raise UsageError(f"nothing was built; {_REMEDY.format(unit=units[0])}")


def _written(one: "Wanted") -> None:
    from grader.notebooks.build import configures
    from grader.notebooks.said import CONFIG

    if one.path.name == CONFIG and one.state == "updated":
        _say(f"{one.path}: the course was elsewhere, and is now the one that this is built from")
    if one.state in ("new", "updated"):
        put(one.path, one.content, "another with --out")
    elif one.state == "kept" and not configures(one.path):
        lines = one.content.decode().splitlines()
        _say(f"{one.path} is yours and was left; put these lines into it:\n  {lines[2]}\n  {lines[-1]}")


def _moved(chosen: "Sequence[Exercise]", out: Path, there: "Mapping[tuple[str, str], Known]") -> None:
    from grader.notebooks.build import elsewhere, place_of
    from grader.notebooks.known import Known

    for exercise in chosen:
        place = place_of(exercise, there)
        if place != (exercise.unit, exercise.slug):
            why = f"learners have handed in {exercise.unit}, to which it adds no notebook then"
            _say(f"{exercise.slug}: stays {place.name} of {place.unit} in nbgrader: {why}")
        for path in elsewhere(out, exercise, place):
            now = f"{path.stem} is {exercise.slug} now, in {exercise.unit}" if path.stem != exercise.slug else ""
            now = now or f"{exercise.slug} is in {exercise.unit} now"
            if there.get((path.parent.name, path.stem), Known()).handed_in:
                _say(f"{path}: {now}; left, for learners have grades on it here")
            else:
                _taken_out(path, exercise)
                _say(f"{path}: taken out; {now}")


def _gone(course: "Course", out: Path, there: "Mapping[tuple[str, str], Known]") -> None:
    from grader.notebooks.build import of_nobody
    from grader.notebooks.known import Known

    for path in of_nobody(out, course):
        handed_in = there.get((path.parent.name, path.stem), Known()).handed_in
        what = "left, and learners keep what it earned" if handed_in else "take it away, or it is handed out"
        _say(f"{path}: the course has no exercise {path.stem} any more; {what}")


def _taken_out(path: Path, exercise: "Exercise") -> None:
    from grader.notebooks.build import without

    for one in list(without(path, exercise)):
        one.unlink()
    with suppress(OSError):  # what somebody put there stays
        for folder in (
            *path.parent.glob(f"exercises/*_{path.stem.replace('-', '_')}"),
            path.parent / "exercises",
            path.parent,
        ):
            folder.rmdir()


def _say(line: str) -> None:
    click.echo(f"grader: {line}", err=True)
