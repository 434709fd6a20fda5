"""An exercise's page: scores, what each check says about the class, and misconceptions, each with a run that shows it."""

from collections.abc import Iterator

from grader.feedback.grades import Grades
from grader.feedback.markup import Content, Html, joined, tag
from grader.feedback.statistics import CheckStatistics, ExerciseStatistics
from grader.report.feedback import drawn, prose
from grader.report.figures import counted, figures, histogram, meter, number, row, table
from grader.report.shell import of_the_class
from grader.report.table import named, shown
from grader.report.tally import OfExercise

_LITTLE = 0.2  # a discrimination below it says little
_STOPS = {
    "import": "the file could not be loaded",
    "import_loop": "the file runs a loop while it is imported",
    "import_limit": "importing the file took too long",
    "import_time_out": "importing the file took too long",
    "import_deadlock": "importing the file waited for ever",
    "import_died": "importing the file ended its process",
    "empty": "the file was empty",
    "missing": "the function was not there",
    "wrong_kind": "the function was not of the kind that is asked for",
    "raised": "it raised an exception",
    "deadlock": "it waited for something that could not come",
    "livelock": "it ran on without time moving",
    "busy_loop": "it computed without end",
    "virtual_limit": "it went on beyond the limit of virtual time",
    "time_out": "it met the limit on real time",
    "died": "its process ended",
}


def page(book: Grades, tally: OfExercise) -> bytes:
    column = tally.column
    found = tally.statistics()
    body = [
        figures(_figures(book, tally, found)),
        *(_sections(tally, found) if found else [tag("p", "Nothing is marked here.", class_="quiet")]),
    ]
    return of_the_class(column.title, book.course, body, here=column.title)


def _figures(book: Grades, tally: OfExercise, found: ExerciseStatistics | None) -> Iterator[tuple[Content, str]]:
    yield number(tally.column.points), "points"
    yield str(tally.handed_in), f"of {len(book.learners)} handed in"
    if found:
        yield str(found.passed), "with full marks"
        yield f"{found.difficulty:.2f}", "difficulty"
    if tally.late:
        yield str(tally.late), "late"
    if tally.errors:
        yield str(tally.errors), "not marked"


def _sections(tally: OfExercise, found: ExerciseStatistics) -> Iterator[Html]:
    scores = histogram(found.distribution, "Scores in this exercise, in percent", "program")
    earned = tag("p", "What the programs earned, before lateness and scores set by hand.", class_="quiet")
    yield tag("section", tag("h2", "Scores"), scores, earned, _stale(tally))
    yield tag("section", tag("h2", "Checks"), _checks(found), _key())
    yield tag("section", tag("h2", "Misconceptions"), *_misconceptions(tally, found), id="misconceptions")
    if tally.stops:
        yield tag("section", tag("h2", "Programs that came to no result"), _stops(tally))


def _stale(tally: OfExercise) -> Html | None:
    if not tally.stale:
        return None
    some = "1 verdict is" if tally.stale == 1 else f"{tally.stale} verdicts are"
    said = "of an earlier version of the exercise or of the grader: those files were not graded since."
    return tag("p", f"{some} {said}", class_="quiet")


# ---------------------------------------------------------------- checks


def _checks(found: ExerciseStatistics) -> Html:
    several = len({check.entry for check in found.checks}) > 1
    head = ["Check", "Met by", "Points", "Difficulty", "Discrimination"]
    rows = (_check(check, several) for check in found.checks)
    return table(head, rows, "The checks of this exercise", numbers=3)


def _check(check: CheckStatistics, several: bool) -> Html:
    name = joined(tag("code", check.id), tag("small", f" in {check.entry}") if several else None)
    met = joined(meter(check.met, check.count), f"{check.met} of {check.count}")
    return row(name, met, number(check.points), f"{check.difficulty:.2f}", _discrimination(check), numbers=3)


def _discrimination(check: CheckStatistics) -> Html:
    found = check.discrimination
    if found is None:
        return joined(tag("span", "–", aria_hidden="true"), tag("span", "says nothing", class_="hidden"))  # noqa: RUF001
    word = "look at it" if found < 0 else "says little" if found < _LITTLE else ""
    return joined(f"{found:.2f}", tag("small", f" {word}", class_="look" if found < 0 else None) if word else None)


def _key() -> Html:
    return tag(
        "p",
        "Difficulty is the share of the points that was lost. Discrimination says whether those who met the check did better "
        "at all else in the exercise: 1 is perfectly so, below 0.2 it says little, and below 0 those who did well otherwise "
        "did not meet it.",
        class_="quiet",
    )


# ---------------------------------------------------------------- misconceptions


def _misconceptions(tally: OfExercise, found: ExerciseStatistics) -> Iterator[Html]:
    if not found.misconceptions:
        yield tag("p", "No misconception was recognised.", class_="quiet")
    for name, count in found.misconceptions:
        yield tag("article", *_misconception(tally, name, count, found.distribution.count), id=f"m-{name}")


def _misconception(tally: OfExercise, name: str, count: int, whole: int) -> Iterator[Html | None]:
    yield tag("h3", tag("code", name), " ", tag("small", f"{count} of {whole}"))
    yield meter(count, whole)
    yield tag("p", prose(tally.says.get(name, "")))
    example = tally.examples.get(name)
    if example is not None:
        where = f"For example, {example.entry} in case {example.case}: "
        yield tag("p", where, tag("code", example.call) if example.call else None, class_="quiet")
        for title, picture in drawn(example, "What this program did"):
            yield tag("h4", title)
            yield picture
    yield _who(tally, name, count)


def _who(tally: OfExercise, name: str, count: int) -> Html | None:
    """Some by name; all of them in the table of the class, where scripts may run."""
    learners = tally.learners.get(name, [])
    if not learners:
        return None
    items = [tag("li", named(learner, "../", tally.called.get(learner, ""))) for learner in learners]
    if count > len(learners):
        more = f"and {count - len(learners)} more, in the table of the class"
        items.append(tag("li", tag("a", more, href=f"../{shown(tally.column.slug, name)}")))
    return tag("ul", *items, class_="names", aria_label="Who showed it")


def _stops(tally: OfExercise) -> Html:
    rows = (row(_STOPS.get(how, how), str(count), numbers=1) for how, count in tally.stops.most_common())
    said = f"{counted(tally.stops.total(), 'program')}, by how they ended"
    return table(["How it ended", "Programs"], rows, said, numbers=1)
