"""`nbgrader export --exporter=grader.notebooks.export.GradesExport`: what is in nbgrader's gradebook, as our own.

What nbgrader says counts in the end: where its points are not those that the course's policy makes of the checks', because
somebody set them there, they stand in our gradebook as set by hand.
"""

import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from nbgrader.plugins import ExportPlugin
from traitlets import List, Unicode, default

from grader import __version__
from grader.batch.book import can_be_written, write_records
from grader.batch.kept import grades_of
from grader.course.model import Course, Exercise
from grader.errors import GraderError, UsageError
from grader.exports.canvas import fill, read_template
from grader.exports.formats import NAMES, OF_A_CLASS, OF_A_LEARNER, per_learner
from grader.exports.sheet import Sheet, read_sheet
from grader.gradebook.by_hand import ByHand, scores_by_hand, set_score
from grader.gradebook.lateness import adjusted
from grader.gradebook.opening import Gradebook, opened, reading, settled
from grader.gradebook.verdicts import give, wanted
from grader.gradebook.work import Given, Key, Work
from grader.grading.seeds import seed_of
from grader.grading.stamp import digest, versions
from grader.intake.model import Intake
from grader.notebooks import late
from grader.notebooks.homes import exercise_called
from grader.notebooks.items import exercise_of, items
from grader.notebooks.known import added_to, most_of, names_of, to_look_at, total_of
from grader.records import GRADEBOOK
from grader.report.report import Report
from grader.verdict import CheckResult, Verdict, encode

FOLDER = "grades"
BY = ISOLATION = "nbgrader"
_SAME = 1e-6
_LESS = "this cell did not earn all of its points in nbgrader"
_NOT_LOOKED_AT = "this cell is still to be looked at by a person in nbgrader"
_ENDINGS = {"junit": "xml", "json": "json", "parquet": "parquet"}


class Marked(NamedTuple):
    """A notebook with grades. `points`: what nbgrader says of the exercise's cells, with all that was set by hand, without what
    lateness costs, which is the `penalty`; both out of as many as the course has now, `most` out of as many as nbgrader has.
    """

    work: Work
    key: Key
    verdict: Verdict
    points: float
    penalty: float
    most: float


class GradesExport(ExportPlugin):  # type: ignore[misc]
    """Into the folder `--to`: the gradebook, its records and report, and the `formats` that are asked for."""

    course = Unicode("", help="The course: the folder of its course.yaml.").tag(config=True)
    formats = List(Unicode(), help=f"Formats of 'grader export' to be written as well: {', '.join(NAMES)}.").tag(
        config=True
    )
    template = Unicode("", help="For the format canvas: the gradebook that Canvas exported.").tag(config=True)

    _told = frozenset[str]()
    _scales = frozenset[str]()

    @default("course")
    def _course(self) -> str:
        return late.course_said(self.config)

    def export(self, gradebook: Any) -> None:
        """Ends the program with a sentence where there is no course, or a format cannot be written."""
        try:
            self._export(gradebook)
        except GraderError as error:  # nbgrader would show where in our files it was raised
            self.log.error("%s", error)
            sys.exit(1)

    def _export(self, gradebook: Any) -> None:
        course, to = self._opened(), Path(self.to or FOLDER)
        students, marked = self._students(gradebook), self._of_one_place(self._marked(gradebook, course), course)
        can_be_written(to)
        extensions, told = late.more_time(course, gradebook)
        for line in told:
            self.log.warning("%s", line)
        with opened(str(to / GRADEBOOK)) as book:
            _keep(book, students, marked)
            for one in marked:
                self._tell_of_scale(one, _exercise(course, one.work.exercise))
                self._set(book, one, _exercise(course, one.work.exercise), extensions)
            exercises = [one for one in course.exercises if self._is_asked(one.unit)]
            grades = grades_of(book, course, exercises, Intake(tuple(students), (), ()), extensions)
            write_records(grades, to, Report)
            settled(book)
        for name in self.formats:
            _write(read_sheet(to), name, to, self.template)
        self.log.info("%s: the grades of %s notebooks, as 'grader grade' writes them", to, len(marked))

    def _opened(self) -> Course:
        unknown = [name for name in self.formats if name not in NAMES]
        if unknown:
            raise UsageError(f"there is no format {unknown[0]!r}; there are {', '.join(NAMES)}")
        if "canvas" in self.formats and not self.template:
            raise UsageError("canvas needs --GradesExport.template: the gradebook that Canvas exported, as CSV")
        if not self.course:
            raise UsageError("nbgrader_config.py does not say where the course is; say --GradesExport.course")
        return late.opened(self.course)

    def _of_one_place(self, marked: Iterable[Marked], course: Course) -> list[Marked]:
        """Of an exercise that was moved or renamed, and was handed in before it and again where it is now, the latter."""
        found = dict[tuple[str, str], Marked]()
        for one in marked:
            learner, slug = who = one.work.learner, one.work.exercise
            now = f"{learner}/{_exercise(course, slug).unit}/{slug}.ipynb"
            first, *others = sorted(
                (found[who], one) if who in found else (one,), key=lambda each: each.work.file != now
            )
            found[who] = first
            for other in others:
                self.log.warning("left out: %s: %s counts for it", other.work.file, first.work.file)
        return list(found.values())

    def _is_asked(self, unit: str) -> bool:
        return not self.assignment or unit in map(str, self.assignment)

    def _students(self, gradebook: Any) -> list[str]:
        asked = set(map(str, self.student))
        return sorted(one.id for one in gradebook.students if not asked or one.id in asked)

    def _marked(self, gradebook: Any, course: Course) -> Iterator[Marked]:
        """Those of the course's exercises; what else there is, and what has no grade yet, is told."""
        students = set(self._students(gradebook))
        for assignment in gradebook.assignments:
            for submission in assignment.submissions if self._is_asked(assignment.name) else ():
                for notebook in submission.notebooks if submission.student.id in students else ():
                    exercise = _exercise_of(course, notebook)
                    name = f"{submission.student.id}, {notebook.name}"
                    verdict = None if exercise is None else _verdict(exercise, submission.student.id, notebook)
                    handed_in = self._is_handed_in(submission, notebook)
                    asked = to_look_at(notebook)
                    if asked:
                        self.log.warning("%s: to be looked at in nbgrader: %s", name, ", ".join(asked))
                    if exercise is None:
                        self.log.warning("left out: %s: is no exercise of the course", name)
                    elif not handed_in:
                        self.log.warning("missing: %s: was not handed in", name)
                    elif verdict is None:
                        self.log.warning("left out: %s: is not graded yet", name)
                    else:
                        self._tell_of_cells(exercise, notebook)
                        yield _handed(exercise, submission, notebook, verdict, self._submitted(submission, notebook))

    def _tell_of_cells(self, exercise: Exercise, notebook: Any) -> None:
        """Our gradebook has the exercise's points, and knows of no cells that somebody added; nbgrader has no cells for checks
        that the course was given since."""
        if exercise.slug in self._told:
            return
        self._told |= {exercise.slug}
        if added := added_to(notebook.notebook, notebook.name):
            self.log.warning("left out: %s: cells that were added to it: %s", exercise.slug, names_of(added))
        cells = {grade.name for grade in notebook.grades}
        lacking = [f"{one.entry}, {one.check}" for one in items(exercise, notebook.name) if one.grade_id not in cells]
        if lacking:
            said = "%s: nbgrader has no cell for %s; what the others earned counts, in the same share"
            self.log.warning(said, exercise.slug, "; ".join(lacking))

    def _tell_of_scale(self, one: Marked, exercise: Exercise) -> None:
        """The exercise was given other points since its assignment was generated."""
        if abs(one.most - exercise.points) > _SAME and exercise.slug not in self._scales:
            self._scales |= {exercise.slug}
            points = f"{exercise.slug}: has {one.most:g} points in nbgrader, and {exercise.points:g} in the course"
            self.log.warning("%s: the same share counts; generate the assignment again, and grade it", points)

    def _is_handed_in(self, submission: Any, notebook: Any) -> bool:
        """At autograde nbgrader gives every cell of a notebook that is not there a 0, as it does to one that is all wrong.

        Where the folder of what was handed in is not at hand, or somebody has set a score, it is taken for one.
        """
        by_hand = any(grade.manual_score is not None or grade.auto_score for grade in notebook.grades)
        folder = self._folder(submission)
        return by_hand or not folder.is_dir() or (folder / f"{notebook.name}.ipynb").is_file()

    def _folder(self, submission: Any) -> Path:
        directory = self.parent.coursedir
        names = submission.student.id, submission.assignment.name
        return Path(directory.format_path(directory.submitted_directory, *names))

    def _submitted(self, submission: Any, notebook: Any) -> bytes:
        """What was handed in; where that is not at hand, its names and its time."""
        names = submission.student.id, submission.assignment.name
        try:
            return (self._folder(submission) / f"{notebook.name}.ipynb").read_bytes()
        except OSError:
            return "/".join([*names, notebook.name, str(submission.timestamp)]).encode()

    def _set(self, book: Gradebook, one: Marked, exercise: Exercise, extensions: Any) -> None:
        """A score by hand where nbgrader's is another than the policy's; one of before is taken back where it is not."""
        slug, learner = one.work.exercise, one.work.learner
        rules = late.rules_for(exercise, extensions, learner, None)
        ours = adjusted(one.verdict.points, one.work.submitted, rules).points
        theirs = min(max(one.points - one.penalty, 0.0), exercise.points)
        if one.points > exercise.points + _SAME:
            self.log.warning("%s, %s: %g points are more than there are; %g count", learner, slug, one.points, theirs)
        with reading(book) as connection:
            there = scores_by_hand(connection, [slug]).get((learner, slug))
        if abs(ours - theirs) > _SAME:
            score: float | None = theirs
        elif there is not None and there.set_by == BY:
            score = None
        else:
            return
        other = there is None or there.points is None or score is None or abs(there.points - score) > _SAME
        if other or (there is not None and there.max_points != exercise.points):
            said = ByHand(score, "as it is in nbgrader", BY, datetime.now(UTC))
            set_score(book, learner, slug, said, most=exercise.points)


def _exercise(course: Course, slug: str) -> Exercise:
    return next(one for one in course.exercises if one.slug == slug)


def _exercise_of(course: Course, notebook: Any) -> Exercise | None:
    """By its name, if it has a cell of that exercise's."""
    ours = any(exercise_of(grade.name) == notebook.name for grade in notebook.grades)
    return exercise_called(course.exercises, notebook.name) if ours else None


def _verdict(exercise: Exercise, learner: str, notebook: Any) -> Verdict | None:
    """By its checks, as far as nbgrader's cells tell; None where one of them has no grade. Where nbgrader has no cell for a
    check the exercise's points are the others'.
    """
    scores = {grade.name: grade for grade in notebook.grades}
    found, there = list[CheckResult](), [one for one in items(exercise, notebook.name) if one.grade_id in scores]
    if not there:
        return None
    by = exercise.points / sum(one.points for one in there)
    for item in there:
        grade, points = scores[item.grade_id], round(item.points * by, 9)
        if grade.auto_score is None:
            return None
        share = grade.auto_score / grade.max_score if grade.max_score else 0.0
        passed = share >= 1
        asked = grade.needs_manual_grade and grade.manual_score is None
        found.append(
            CheckResult(
                id=item.check,
                kind=BY,
                entry=item.entry,
                case=BY,
                hidden=False,
                status="passed" if passed else "failed",
                points=points if passed else points * share,
                max_points=points,
                rationale="" if passed else _NOT_LOOKED_AT if asked else _LESS,
                help="" if passed else "Read its feedback there.",
            )
        )
    points = sum(check.points for check in found)
    return Verdict(
        exercise=exercise.slug,
        title=exercise.title,
        status="passed" if all(check.status == "passed" for check in found) else "failed",
        points=float(points),
        max_points=float(sum(check.max_points for check in found)),
        seed=seed_of(exercise, learner),
        isolation=ISOLATION,
        checks=tuple(found),
        misconception=None,
        explanation=None,
        cases=(),
        timeline=(),
        hints=tuple(exercise.file.hints),
        docs=tuple(exercise.file.docs),
        hidden_cases_left_out=0,
        versions=versions(exercise),
    )


def _handed(exercise: Exercise, submission: Any, notebook: Any, verdict: Verdict, content: bytes) -> Marked:
    learner, hashed = submission.student.id, sha256(content).hexdigest()
    moment = None if submission.timestamp is None else submission.timestamp.replace(tzinfo=UTC)
    file = f"{learner}/{submission.assignment.name}/{notebook.name}.ipynb"
    work = Work(learner, exercise.slug, file, hashed, moment)
    # other scores for the same file are another verdict; and none of these is ever taken for one of 'grader grade'
    scores = sha256(repr([check.points for check in verdict.checks]).encode()).hexdigest()[:12]
    key = Key(exercise.slug, hashed, verdict.seed, f"{digest(exercise)} {scores}", f"{__version__} {BY}")
    points, penalty = total_of(notebook, notebook.name), float(notebook.late_submission_penalty or 0)
    most = most_of(notebook, notebook.name)
    by = exercise.points / most if most else 1.0
    return Marked(work, key, verdict, round(points * by, 9), round(penalty * by, 9), most)


def _keep(book: Gradebook, students: list[str], marked: list[Marked]) -> None:
    now, verdicts = datetime.now(UTC), {one.work: one.verdict for one in marked}
    keys = {one.work: one.key for one in marked}
    for asked in wanted(book, students, keys, isolation=ISOLATION, regrade=False, now=now):
        verdict = verdicts[asked.works[0]]
        give(book, asked, Given(verdict, encode(verdict), True, now))


def _write(sheet: Sheet, name: str, to: Path, template: str) -> None:
    """`canvas.csv`, `moodle.csv`, ...; of a format with a file for each learner a folder."""
    if name in OF_A_LEARNER:
        folder = to / name
        folder.mkdir(exist_ok=True)
        for file, content in per_learner(sheet, name).items():
            (folder / file).write_bytes(content)
        return
    path = to / f"{name}.{_ENDINGS.get(name, 'csv')}"
    if name == "canvas":
        try:
            content = Path(template).read_bytes()
        except OSError as error:
            raise UsageError(
                f"{template}: cannot be read: {error.strerror}; name the file that Canvas exported"
            ) from None
        filled = fill(read_template(content, Path(template).name), sheet, {}, True)
        path.write_bytes(filled.content)
    else:
        path.write_bytes(OF_A_CLASS[name](sheet))
