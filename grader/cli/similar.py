"""`grader similar`: submissions that look alike; never a part of grading, and never a proof."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.options import course_option, exercise_option, said_course
from grader.errors import UsageError
from grader.records import RECORDS

if TYPE_CHECKING:
    from grader.course.model import Exercise
    from grader.exports.similar import Compared, Pair
    from grader.intake.model import Intake


@click.command("similar", short_help="Submissions that look alike.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@exercise_option("This one only; then a file per learner will do.")
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
    context: click.Context, paths: tuple[Path, ...], exercise: str | None, least: float, common: int, course: str | None
) -> int:
    """Show whose programs look alike; PATH is what you would give to `grader grade`.

    Names, texts and comments make no difference. What the stub gives and what many wrote is left out. The shorter an exercise,
    the more people find the same program by themselves: a pair that is alike in one exercise says little. Look at the programs,
    and talk to their authors. Needs the extra `similar`.

    \b
    grader similar class/
    grader similar class/ --exercise request-response --least 0.6
    """
    from grader.batch.nothing import insist
    from grader.cli.place import found_course
    from grader.course.load import find_exercise
    from grader.exports.similar import pairs
    from grader.intake.take import take_in
    from grader.intake.unpack import scratch

    for path in paths:
        if (path / RECORDS).is_file():
            raise UsageError(f"{path}: holds records and no programs; name the folders that were graded")
    opened = found_course(said_course(context, course))
    only = find_exercise(opened, exercise) if exercise is not None else None
    with scratch() as place:
        intake = take_in(paths, opened.exercises, place, only)
        insist(intake, paths)
        handed: dict[str, set[str]] = {learner: set() for learner in intake.learners}
        for item in intake.handed:
            handed[item.learner].add(item.exercise)
        compared = [_compared(each, intake, least, common) for each in ([only] if only else opened.exercises)]
    _tell(pairs([one for each in compared for one in each.alike], handed), len(intake.handed))
    _tell_left_out(compared, common)
    return 0


def _compared(exercise: "Exercise", intake: "Intake", least: float, common: int) -> "Compared":
    from grader.exports.similar import compare
    from grader.run.program import read_program

    programs = {
        item.learner: read_program(Path(item.path)).decode("utf-8", "replace")
        for item in intake.handed
        if item.exercise == exercise.slug
    }
    stub = Path(exercise.folder, f"{exercise.module}.py").read_text(encoding="utf-8")
    return compare(exercise.slug, programs, stub, least=least, common=common)


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
