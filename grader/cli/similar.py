"""`grader similar`: submissions that look alike; never a part of grading, and never a proof."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from grader.cli.intake_options import WithLayouts, laid_out_options, said_of
from grader.cli.options import course_option, exercise_option, said_course
from grader.errors import UsageError
from grader.records import RECORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from grader.course.model import Exercise
    from grader.exports.similar import Compared, Pair
    from grader.intake.model import Handed, Stray

T = TypeVar("T")


@click.command("similar", cls=WithLayouts, short_help="Submissions that look alike.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@exercise_option("This one only; then a file per learner will do.")
@laid_out_options
@click.option(
    "--attempts",
    type=click.Choice(["last", "first", "all"]),
    default="last",
    show_default=True,
    help="Which of several attempts at an exercise are compared; of all, the two that are most alike are shown.",
)
@click.option(
    "--least",
    type=click.FloatRange(0.1, 1),
    default=0.8,
    show_default=True,
    help="The share of one's own code that the other has to have as well.",
)
@click.option(
    "--common",
    type=click.IntRange(min=2),
    default=10,
    show_default=True,
    help="What more learners than this have written is nobody's own.",
)
@course_option
@click.pass_context
def command(
    context: click.Context,
    paths: tuple[Path, ...],
    exercise: str | None,
    layout: str | None,
    roster: Path | None,
    time_zone: str | None,
    attempts: str,
    least: float,
    common: int,
    course: str | None,
) -> int:
    """Show whose programs look alike; PATH is what you gave to `grader grade`, in any of its layouts. What the grader wrote
    there is passed over.

    Names, texts and comments make no difference. What the stub gives and what many wrote is left out. The shorter an exercise,
    the more people find the same program by themselves: a pair that is alike in one exercise says little. Look at the programs,
    and talk to their authors. Needs the extra `similar`.

    \b
    grader similar class/
    grader similar class/ --exercise request-response --least 0.6
    grader similar submissions.zip --roster class.csv --attempts all
    """
    from grader.batch.book import without_records
    from grader.batch.nothing import insist
    from grader.batch.told import lines_of
    from grader.cli.place import found_course
    from grader.course.load import find_exercise
    from grader.exports.similar import pairs
    from grader.intake.take import take_in
    from grader.intake.unpack import scratch
    from grader.notebooks.said import course_of

    paths = without_records(paths)
    opened = found_course(said_course(context, course) or course_of(paths))
    only = find_exercise(opened, exercise) if exercise is not None else None
    said = said_of(layout, roster, time_zone, opened)
    with scratch() as place:
        intake = take_in(paths, opened.exercises, place, only, said)
        if not intake.handed:
            _insist_on_programs(paths)
        insist(intake, paths)
        kept, large = _by_size(intake.handed)
        for line in lines_of((*intake.strays, *large), [path.name for path in paths]):
            click.echo(f"not compared{line.removeprefix('not graded')}", err=True)
        handed: dict[str, set[str]] = {learner: set() for learner in intake.learners}
        for item in kept:
            handed[item.learner].add(item.exercise)
        chosen = _chosen(kept, attempts)
        compared = [_compared(each, chosen, least, common) for each in ([only] if only else opened.exercises)]
    _tell(pairs([one for each in compared for one in each.alike], handed), len(chosen))
    _tell_left_out(compared, common)
    return 0


def _insist_on_programs(paths: tuple[Path, ...]) -> None:
    for path in paths:
        if (path / RECORDS).is_file():
            raise UsageError(f"{path}: holds records and no programs; name the folders that were graded")


def _by_size(handed: "Sequence[Handed]") -> "tuple[list[Handed], list[Stray]]":
    """Those that are compared, and of the others why they are not."""
    from grader.exports.similar import LARGEST
    from grader.intake.model import Stray

    kept = [item for item in handed if os.path.getsize(item.path) <= LARGEST]
    small = {id(item) for item in kept}
    reason = f"larger than {LARGEST >> 10} KiB; look at it yourself"
    return kept, [Stray(item.file, reason) for item in handed if id(item) not in small]


def _chosen(handed: "Sequence[Handed]", attempts: str) -> "list[Handed]":
    """`handed` has each learner's attempts in their order."""
    if attempts == "all":
        return [*handed]
    ordered = handed if attempts == "last" else reversed(handed)
    return list({(item.learner, item.exercise): item for item in ordered}.values())


def _compared(exercise: "Exercise", handed: "Sequence[Handed]", least: float, common: int) -> "Compared":
    from grader.exports.similar import compare
    from grader.run.program import read_program

    programs: dict[str, list[str]] = {}
    for item in handed:
        if item.exercise == exercise.slug:
            text = read_program(Path(item.path)).decode("utf-8", "replace")
            programs.setdefault(item.learner, []).append(text)
    stub = Path(exercise.folder, f"{exercise.module}.py").read_text(encoding="utf-8")
    return compare(exercise.slug, programs, stub, least=least, common=common, watched=_with_a_bar)


def _with_a_bar(items: "Sequence[T]", what: str) -> "Iterable[T]":
    """On a terminal, for as long as it takes."""
    from rich.console import Console
    from rich.progress import track

    if not sys.stderr.isatty():
        return items
    return track(items, what, console=Console(stderr=True), transient=True)


def _tell(found: "tuple[Pair, ...]", files: int) -> None:
    from grader.feedback.characters import visible

    for pair in found:
        first, second = visible(pair.first), visible(pair.second)
        click.echo(f"{first} and {second}: alike in {len(pair.found)} of {pair.compared} exercises")
        for one in pair.found:
            click.echo(
                f"  {one.exercise}: {one.of_first:.0%} of {first}'s own code, {one.of_second:.0%} of {second}'s "
                f"({one.characters} characters)"
            )
    noun = "pair looks" if len(found) == 1 else "pairs look"
    of = "1 file" if files == 1 else f"{files} files"
    click.echo(f"{of} compared; {len(found) or 'no'} {noun if found else 'pair looks'} alike")


def _tell_left_out(compared: "list[Compared]", common: int) -> None:
    """What many have is left out, and that is where a whole class that copied would hide."""
    for one in compared:
        if one.sharing:
            remedy = f"to compare that too, say --common {one.sharing}"
            click.echo(
                f"{one.exercise}: {one.sharing} files share code that more than {common} have, left out; {remedy}"
            )
