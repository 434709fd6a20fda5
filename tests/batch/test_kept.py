"""A class and its gradebook: graded once, kept as it comes, and read back with what the policy makes of it."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import event, select, update

from grader.batch import kept
from grader.batch.book import write_records
from grader.batch.grading import Graded, grade_all
from grader.batch.kept import asked, columns_of, grades_of, keeping
from grader.batch.records import grades_csv, verdicts_jsonl
from grader.batch.worker import Job, Terms
from grader.course.load import load_course
from grader.course.model import Course, Exercise
from grader.course.policy_model import Late, Policy
from grader.exports.sheet import read_sheet
from grader.feedback.grades import Grades, Line, Score
from grader.gradebook.attempts import verdicts_of
from grader.gradebook.by_hand import ByHand, set_score
from grader.gradebook.called import Called, keep
from grader.gradebook.extensions import Extensions
from grader.gradebook.lateness import Extension
from grader.gradebook.opening import Gradebook, opened, reading, writing
from grader.gradebook.tables import scores, verdicts
from grader.grading.stamp import versions
from grader.intake.model import Handed, Intake
from grader.report.learner import page
from grader.report.report import Report
from grader.verdict import CaseReport, Verdict, decode, encode

COURSE = load_course(Path(__file__).parents[2])
EXERCISES = {one.slug: one for one in COURSE.exercises if one.slug in ("say-after", "two-downloads")}
PASSED = decode((Path(__file__).parent.parent / "feedback" / "verdicts" / "passed.json").read_bytes())
TERMS = Terms()
DUE = "2026-03-01 12:00 UTC"
Answer = Callable[[Job], Verdict]


def answer(job: Job) -> Verdict:
    """As many points as the program is long, and full marks for ten."""
    points = float(Path(job.handed.path).stat().st_size)
    status: Any = "passed" if points == 10 else "failed"
    return msgspec.structs.replace(
        PASSED, exercise=job.handed.exercise, points=points, status=status, isolation=job.terms.isolation
    )


class AtOnce(Executor):
    def __init__(self, answer: Answer):
        self.answer = answer

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result((None, encode(self.answer(args[0]))))
        except KeyboardInterrupt as stop:
            future.set_exception(stop)
        return future


class Class:
    """Files of learners, and a gradebook; `graded` lists what was graded, in the order in which it was."""

    def __init__(self, folder: Path, book: Gradebook):
        self.folder, self.book = folder, book
        self.exercises: dict[str, Exercise] = dict(EXERCISES)
        self.handed: dict[tuple[str, str], Handed] = {}
        self.graded: list[str] = []
        self.learners = ["ann", "bob", "carla"]
        self.extensions: Extensions | None = None
        self.left: dict[str, str] = {}

    def put(self, learner: str, length: int, submitted: datetime | None = None, exercise: str = "say-after") -> None:
        file = self.folder / f"{learner}-{exercise}.py"
        file.write_text("#" * length)
        self.handed[(learner, exercise)] = Handed(learner, exercise, str(file), file.name, submitted=submitted)

    def points_are(self, points: float, exercise: str = "say-after") -> None:
        self.exercises[exercise] = msgspec.structs.replace(self.exercises[exercise], points=points)

    def policy(self, policy: Policy) -> None:
        self.exercises = {slug: msgspec.structs.replace(one, policy=policy) for slug, one in self.exercises.items()}

    def of(self, learner: str) -> Iterator[Handed]:
        return (handed for handed in self.handed.values() if handed.learner == learner)

    @property
    def intake(self) -> Intake:
        return Intake(tuple(self.learners), tuple(self.handed.values()), (), left=self.left)

    def grade(
        self, answer: Answer = answer, *, terms: Terms = TERMS, regrade: bool = False, only: str | None = None
    ) -> Graded:
        """`only`: the files of this learner."""

        def noted(job: Job) -> Verdict:
            verdict = answer(job)
            self.graded.append(job.handed.learner)
            return verdict

        self.graded.clear()
        intake = self.intake if only is None else replace(self.intake, handed=tuple(self.of(only)))
        todo = asked(self.book, intake, list(self.exercises.values()), terms, regrade=regrade)
        keep = keeping(self.book, todo)
        return grade_all(
            todo.handed,
            self.exercises,
            terms,
            keep=keep,
            done=lambda line: None,
            workers=1,
            pool=lambda workers: AtOnce(noted),
        )

    @property
    def grades(self) -> Grades:
        return grades_of(self.book, COURSE, list(self.exercises.values()), self.intake, self.extensions)

    def line(self, learner: str = "ann") -> Line | None:
        return self.grades.of(learner).line("say-after")

    def points(self) -> dict[str, float | None]:
        lines = {learner: self.line(learner) for learner in self.learners}
        return {learner: line.points if line else None for learner, line in lines.items()}


@pytest.fixture
def class_(tmp_path: Path) -> Iterator[Class]:
    with opened(str(tmp_path)) as book:
        class_ = Class(tmp_path, book)
        for learner, length in (("ann", 10), ("bob", 4), ("carla", 7)):
            class_.put(learner, length)
        yield class_


def keep_together(class_: Class, lines: int, stop: type[BaseException] | None = None) -> int:
    """Keeps the verdicts of the first so many learners in one go; how many transactions there were."""
    todo = asked(class_.book, class_.intake, list(class_.exercises.values()), TERMS)
    keep, commits = keeping(class_.book, todo), list[object]()
    event.listen(class_.book.engine, "commit", commits.append)
    with suppress(stop or ZeroDivisionError), keep.together():
        for handed in todo.handed[:lines]:
            verdict = answer(Job(handed, class_.exercises[handed.exercise], TERMS))
            keep(handed, Line(handed.learner, handed.exercise, handed.file, None, verdict), True)
        if stop:
            raise stop
    return len(commits)


def test_verdicts_that_come_back_together_are_written_in_one_transaction(class_: Class) -> None:
    assert keep_together(class_, 3) == 1
    assert class_.points() == {"ann": 10.0, "bob": 4.0, "carla": 7.0}
    assert keep_together(class_, 0) == 0


def test_a_verdict_is_written_as_whoever_reads_it_would_write_it(class_: Class) -> None:
    """Who made it may write 10 where all others have 10.0: what is kept does not hang on that."""
    todo = asked(class_.book, class_.intake, list(class_.exercises.values()), TERMS)
    handed = todo.handed[0]
    told = encode(answer(Job(handed, class_.exercises[handed.exercise], TERMS)))
    short = told.replace(b'"points":10.0,', b'"points":10,')
    line = Line(handed.learner, handed.exercise, handed.file, None, decode(short))
    keeping(class_.book, todo)(handed, line, True)
    with reading(class_.book) as connection:
        [text] = connection.execute(select(verdicts.c.verdict)).scalars()
    assert short != told == text.encode()


def test_what_was_kept_before_an_interruption_is_written(class_: Class) -> None:
    keep_together(class_, 2, stop=KeyboardInterrupt)
    assert class_.points() == {"ann": 10.0, "bob": 4.0, "carla": None}


def test_the_same_again_grades_nothing_and_has_the_same_grades(class_: Class) -> None:
    class_.grade()
    first = list(class_.grades.each())
    assert class_.graded == ["ann", "bob", "carla"]
    class_.grade()
    assert class_.graded == []
    assert list(class_.grades.each()) == first
    assert class_.points() == {"ann": 10, "bob": 4, "carla": 7}


def test_the_grades_of_a_class_are_read_a_few_learners_at_a_time(
    class_: Class, monkeypatch: pytest.MonkeyPatch
) -> None:
    class_.grade()
    whole = list(class_.grades.each())
    asked_for: list[int] = []

    def few_of(connection: Any, ids: Sequence[int]) -> dict[int, Verdict]:
        asked_for.append(len(ids))
        return verdicts_of(connection, ids)

    monkeypatch.setattr(kept, "verdicts_of", few_of)
    monkeypatch.setattr(kept, "FEW", 2)  # learners whose attempts are read at once
    monkeypatch.setattr(kept, "_VERDICTS", 2)  # verdicts, of two exercises
    reading = class_.grades.each()
    assert asked_for == []
    assert next(reading) == whole[0]
    assert asked_for == [1]
    assert list(reading) == whole[1:]
    assert asked_for == [1, 1, 1]


def test_only_what_is_new_or_changed_is_graded(class_: Class) -> None:
    class_.grade()
    class_.put("bob", 5)
    class_.learners.append("dmitri")
    class_.put("dmitri", 1)
    class_.grade()
    assert class_.graded == ["bob", "dmitri"]
    assert class_.points() == {"ann": 10, "bob": 5, "carla": 7, "dmitri": 1}


def test_what_was_done_when_it_was_stopped_is_kept_and_the_rest_goes_on(class_: Class) -> None:
    def stopped(job: Job) -> Verdict:
        if job.handed.learner == "carla":
            raise KeyboardInterrupt
        return answer(job)

    graded = class_.grade(stopped)
    assert graded.interrupted
    assert class_.points() == {"ann": 10, "bob": 4, "carla": None}
    assert class_.line("carla") is None
    class_.grade()
    assert class_.graded == ["carla"]


def test_what_the_grader_itself_failed_on_is_graded_again(class_: Class) -> None:
    def fails(job: Job) -> Verdict:
        if job.handed.learner == "bob":
            return msgspec.structs.replace(answer(job), status="error", points=0.0, error="ours")
        return answer(job)

    class_.grade(fails)
    line = class_.line("bob")
    assert line is not None
    assert (line.standing, line.marked) == ("error", False)
    class_.grade()
    assert class_.graded == ["bob"]
    assert class_.points()["bob"] == 4


def slow(job: Job) -> Verdict:
    """Bob's program meets the limit on real time whenever it is tried."""
    late = CaseReport(entry="e", case="c", hidden=False, passed=False, outcome="time_out")
    return msgspec.structs.replace(answer(job), cases=(late,)) if job.handed.learner == "bob" else answer(job)


def test_what_met_the_limit_on_real_time_is_final_when_it_was_tried_alone_as_well(class_: Class) -> None:
    class_.grade(slow)
    assert class_.graded == ["ann", "bob", "carla", "bob"]
    class_.grade(slow)
    assert class_.graded == []


def test_what_met_the_limit_on_real_time_is_not_final_before(class_: Class) -> None:
    def stopped(job: Job) -> Verdict:
        if "bob" in class_.graded and job.handed.learner == "bob":
            raise KeyboardInterrupt
        return slow(job)

    assert class_.grade(stopped).interrupted
    assert class_.points() == {"ann": 10, "bob": 4, "carla": 7}
    class_.grade(slow)
    assert class_.graded == ["bob", "bob"]


def test_a_regrade_grades_all_of_it(class_: Class) -> None:
    class_.grade()
    class_.grade(lambda job: msgspec.structs.replace(answer(job), points=1.0, status="failed"), regrade=True)
    assert class_.graded == ["ann", "bob", "carla"]
    assert class_.points() == {"ann": 1, "bob": 1, "carla": 1}


def test_with_one_seed_for_all_the_same_file_is_graded_once(class_: Class) -> None:
    class_.put("bob", 10)
    class_.grade(terms=Terms(seed="7"))
    assert class_.graded == ["ann", "carla"]
    assert class_.points() == {"ann": 10, "bob": 10, "carla": 7}


def test_a_changed_exercise_is_graded_again(class_: Class) -> None:
    class_.grade()
    class_.exercises["say-after"] = msgspec.structs.replace(class_.exercises["say-after"], title="Another title")
    class_.grade()
    assert class_.graded == ["ann", "bob", "carla"]


def test_a_file_that_cannot_be_read_is_asked_for_each_time(class_: Class) -> None:
    gone = class_.handed[("ann", "say-after")]
    Path(gone.path).unlink()
    error = msgspec.structs.replace(PASSED, exercise="say-after", status="error", points=0.0, isolation="child")
    for _ in range(2):
        class_.grade(lambda job: error)
        assert class_.graded[:1] == ["ann"]
    line = class_.line("ann")
    assert line is not None
    assert (line.sha256, line.standing) == (None, "error")


def test_who_handed_in_nothing_has_a_line_that_says_so(class_: Class) -> None:
    class_.grade()
    line = class_.grades.of("ann").line("two-downloads")
    assert line is not None
    assert (line.standing, line.score, line.points) == ("missing", None, 0)


def test_what_learners_are_called_is_told_where_their_ids_do_not_say_it(class_: Class) -> None:
    class_.grade()
    told = {"ann": Called("Lee, Ann", "ann@x.org"), "Bob Lu_4711": Called("Bob Lu"), "c": Called(email="c@x.org")}
    keep(class_.book, told)
    assert class_.grades.called == {"ann": "Lee, Ann"}
    assert class_.grades.of("ann").called == "Lee, Ann"


def test_who_handed_in_only_what_cannot_be_graded_has_a_line_that_says_why(class_: Class) -> None:
    class_.handed = {}
    class_.left = {"ann": "work.rar (an archive)"}
    class_.grade()
    ann, bob = class_.line("ann"), class_.line("bob")
    assert ann is not None
    assert (ann.standing, ann.score) == ("missing", Score(0, "nothing here could be graded: work.rar (an archive)"))
    assert bob is not None
    assert bob.score is None
    by_hand(class_, "ann", 6)
    ann = class_.line("ann")
    assert ann is not None
    assert ann.score == Score(6, "set by eve on 2026-03-05: seen in the lab", by_hand=True)


def test_what_was_once_handed_in_stays_when_the_file_is_gone(class_: Class) -> None:
    class_.grade()
    del class_.handed[("ann", "say-after")]
    class_.grade()
    assert class_.points()["ann"] == 10


# ---------------------------------------------------------------- policy, and scores set by hand


def moment(day: int, hour: int = 11) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=UTC)


def test_points_are_adjusted_for_lateness_and_the_raw_ones_kept_beside_them(class_: Class) -> None:
    class_.policy(Policy(due=DUE, late=Late(per="day", percent=10)))
    class_.put("ann", 10, moment(3))
    class_.put("bob", 4, moment(1))
    class_.grade()
    ann, bob, carla = (class_.line(name) for name in class_.learners)
    assert ann is not None
    assert bob is not None
    assert carla is not None
    assert (ann.points, ann.raw) == (8, 10)
    assert ann.score == Score(8, "2 days late (due 2026-03-01 12:00 UTC): 20 % of 10 points taken off", late=True)
    assert (bob.score, bob.points) == (None, 4)
    assert carla.score == Score(7, "the time of submission is not known: taken as in time")


def test_a_policy_that_changes_grades_nothing_again(class_: Class) -> None:
    class_.put("ann", 10, moment(3))
    class_.grade()
    class_.policy(Policy(due=DUE, late=Late(per="day", points=3)))
    class_.grade()
    assert (class_.graded, class_.points()["ann"]) == ([], 4)


def test_an_extension_counts_for_the_learner_who_has_it(class_: Class) -> None:
    class_.policy(Policy(due=DUE, late=Late(per="day", percent=10)))
    class_.put("ann", 10, moment(3))
    class_.put("bob", 10, moment(3))
    class_.extensions = Extensions({("ann", ""): Extension(days=2)}, {("ann", ""): 2}, "extensions.csv")
    class_.grade()
    assert (class_.points()["ann"], class_.points()["bob"]) == (10, 8)


def test_of_several_attempts_the_policy_says_which_counts(class_: Class) -> None:
    class_.put("ann", 9, moment(1))
    class_.grade()
    class_.put("ann", 5, moment(2))
    class_.grade()
    assert class_.points()["ann"] == 5
    class_.policy(Policy(counts="best"))
    line = class_.line()
    assert line is not None
    assert line.verdict is not None
    assert (line.points, line.verdict.points) == (9, 9)
    assert line.score == Score(9, "attempt 1 of 2 counts, the best")


def by_hand(class_: Class, learner: str, points: float, exercise: str = "say-after") -> None:
    score = ByHand(points, "seen in the lab", "eve", moment(5))
    set_score(class_.book, learner, exercise, score, most=10)


def test_a_score_set_by_hand_counts_and_shows_as_such_after_every_regrade(class_: Class) -> None:
    class_.grade()
    by_hand(class_, "bob", 9)
    class_.grade(regrade=True)
    line = class_.line("bob")
    assert line is not None
    assert line.score == Score(9, "set by eve on 2026-03-05: seen in the lab", by_hand=True)
    assert (line.points, line.raw) == (9, 4)
    shown = page(class_.grades, class_.grades.of("bob")).decode()
    report = Report(class_.grades)
    files = dict(file for learner in class_.grades.each() for file in report.of(learner)) | dict(report.rest())
    assert b'9<abbr title="set by hand">*</abbr>' in files["index.html"]
    assert "set by hand" in shown
    assert "set by eve on 2026-03-05: seen in the lab. The program itself earned 4." in shown


def test_a_score_set_by_hand_marks_where_nothing_was_handed_in_or_the_grader_failed(class_: Class) -> None:
    error = msgspec.structs.replace(PASSED, exercise="say-after", status="error", points=0.0, isolation="child")
    class_.grade(lambda job: error)
    by_hand(class_, "ann", 6)
    by_hand(class_, "bob", 5, "two-downloads")
    rows = grades_csv(class_.grades).decode("utf-8-sig").splitlines()
    assert rows == [
        "learner,say-after,two-downloads,total,missing,not_marked",
        "ann,6,,6,two-downloads,",
        "bob,,5,5,,say-after",
        "carla,,,0,two-downloads,say-after",
    ]


def test_a_score_set_by_hand_of_what_was_late_shows_as_late(class_: Class) -> None:
    class_.policy(Policy(due=DUE, late=Late(per="day", percent=10)))
    class_.put("ann", 10, moment(3))
    class_.grade()
    by_hand(class_, "ann", 9)
    class_.grade()
    line = class_.line("ann")
    assert line is not None
    assert line.score == Score(9, "set by eve on 2026-03-05: seen in the lab", by_hand=True, late=True)


def test_a_score_set_by_hand_keeps_its_share_when_the_exercise_has_other_points(class_: Class) -> None:
    class_.grade()
    by_hand(class_, "bob", 1)
    class_.points_are(20)
    line = class_.line("bob")
    assert line is not None
    said = "set by eve on 2026-03-05: seen in the lab; 1 of 10 then, as 2 of 20"
    assert line.score == Score(2, said, by_hand=True)


@pytest.mark.parametrize(("points", "now"), [(3.0, 3), (9.0, 5)])
def test_a_score_whose_scale_is_not_known_is_taken_as_it_is_and_never_as_more_than_there_is(
    class_: Class, points: float, now: float
) -> None:
    class_.grade()
    by_hand(class_, "bob", points)
    with writing(class_.book) as connection:
        connection.execute(update(scores).values(max_points=None))
    class_.points_are(5)
    line = class_.line("bob")
    assert line is not None
    said = f"set by eve on 2026-03-05: seen in the lab; out of how many it was set is not known: taken as {now} of 5"
    assert line.score == Score(now, said, by_hand=True)


def test_verdicts_of_other_points_are_added_up_and_recorded_on_the_scale_of_now(class_: Class) -> None:
    class_.grade()
    class_.points_are(20)
    rows = grades_csv(class_.grades).decode("utf-8-sig").splitlines()
    assert rows[1:3] == ["ann,20,,20,two-downloads,", "bob,8,,8,two-downloads,"]
    bob = next(
        one for one in map(msgspec.json.decode, verdicts_jsonl(class_.grades).splitlines()) if one["learner"] == "bob"
    )
    assert (bob["points"], bob["max_points"], bob["scaled"]) == (4, 10, {"points": 8.0, "max_points": 20.0})
    assert bob["score"]["said"] == "4 of 10 in an earlier version of the exercise, as 8 of 20"
    shown = page(class_.grades, class_.grades.of("ann")).decode()
    assert "20 points count: </strong>10 of 10 in an earlier version of the exercise, as 20 of 20." in shown
    assert "The program itself earned" not in shown


def test_exports_have_one_scale_though_verdicts_have_two(class_: Class, tmp_path: Path) -> None:
    class_.grade()
    class_.points_are(20)
    class_.put("bob", 5)
    class_.grade(lambda job: msgspec.structs.replace(answer(job), max_points=20.0), only="bob")
    (tmp_path / "verdicts.jsonl").write_bytes(verdicts_jsonl(class_.grades))
    sheet = read_sheet(tmp_path)
    rows = {row.learner: row for row in sheet.rows if row.exercise == "say-after"}
    assert {name: (row.raw, row.adjusted, row.max_points) for name, row in rows.items()} == {
        "ann": (20, 20, 20),
        "bob": (5, 5, 20),
        "carla": (14, 14, 20),
    }
    assert [column.points for column in sheet.columns if column.slug == "say-after"] == [20]
    ann = rows["ann"].verdict
    assert ann is not None
    assert (ann.points, ann.max_points) == (20, 20) == (20, sum(check.max_points for check in ann.checks))


def test_a_record_says_what_counts_beside_what_was_earned(class_: Class) -> None:
    class_.grade()
    by_hand(class_, "bob", 9)
    records = [msgspec.json.decode(line) for line in verdicts_jsonl(class_.grades).splitlines()]
    told = {(one["learner"], one["exercise"]): one for one in records}
    assert "score" not in told[("ann", "say-after")]
    bob = told[("bob", "say-after")]
    said = "set by eve on 2026-03-05: seen in the lab"
    assert (bob["points"], bob["score"]) == (4, {"points": 9.0, "said": said, "by_hand": True, "late": False})


# ---------------------------------------------------------------- weights


def weighted(**weights: float) -> Course:
    units = [msgspec.structs.replace(unit, weight=weights.get(unit.id, 0.0)) for unit in COURSE.file.units]
    return msgspec.structs.replace(COURSE, file=msgspec.structs.replace(COURSE.file, units=units))


def test_without_weights_points_are_added_up(class_: Class) -> None:
    assert [column.weight for column in columns_of(COURSE, COURSE.exercises)] == [1.0] * len(COURSE.exercises)


def test_a_unit_counts_as_much_as_its_weight_says_however_many_points_it_has() -> None:
    columns = columns_of(weighted(coroutines=30, awaiting=70), COURSE.exercises)
    shares: dict[str, float] = {}
    for column, exercise in zip(columns, COURSE.exercises, strict=True):
        shares[exercise.unit] = shares.get(exercise.unit, 0) + column.weight * column.points
    whole = sum(exercise.points for exercise in COURSE.exercises)
    assert shares["coroutines"] == pytest.approx(0.3 * whole)
    assert shares["awaiting"] == pytest.approx(0.7 * whole)
    assert sum(shares.values()) == pytest.approx(whole)  # the total is out of as many as before


def test_the_policy_says_who_is_excused() -> None:
    excused = msgspec.structs.replace(EXERCISES["say-after"], policy=Policy(missing="excused"))
    columns = columns_of(COURSE, [excused, EXERCISES["two-downloads"]])
    assert [column.excused for column in columns] == [True, False]


def test_of_units_that_are_graded_alone_the_weights_among_them_count() -> None:
    course = weighted(awaiting=1, together=3)
    graded = [one for one in COURSE.exercises if one.slug in ("say-after", "two-downloads")]
    assert [column.weight for column in columns_of(course, graded)] == [pytest.approx(0.5), pytest.approx(1.5)]


def test_where_only_what_has_no_weight_is_graded_its_points_are_shown() -> None:
    [column] = columns_of(weighted(coroutines=1), [EXERCISES["say-after"]])
    assert column.weight == 1


def test_an_earlier_file_that_counts_makes_the_work_another_and_one_that_does_not_leaves_it(class_: Class) -> None:
    def needing(dependencies: str) -> None:
        file = msgspec.structs.replace(
            EXERCISES["say-after"].file, module="say_after", needs=["0-say"], dependencies=dependencies
        )
        class_.exercises["say-after"] = msgspec.structs.replace(EXERCISES["say-after"], file=file)

    earlier = class_.folder / "0-say.py"
    needing("provided")
    class_.grade()
    earlier.write_text("a = 1\n")
    class_.grade()
    assert class_.graded == []
    needing("both")
    class_.grade()
    assert class_.graded == ["ann", "bob", "carla"]
    class_.grade()
    assert class_.graded == []
    earlier.write_text("a = 2\n")
    class_.grade()
    assert class_.graded == ["ann", "bob", "carla"]
    earlier.write_text("a = 1\n")
    class_.grade()
    assert class_.graded == []


# ---------------------------------------------------------------- a run that does not hold all


def test_verdicts_of_files_that_are_not_in_this_run_are_told_apart_and_those_that_are_of_an_earlier_version(
    class_: Class, tmp_path: Path
) -> None:
    class_.grade(current)
    counts = write_records(class_.grades, tmp_path / "all", Report)
    assert (counts.graded, counts.absent, dict(counts.stale)) == (3, 0, {})
    changed = msgspec.structs.replace(class_.exercises["say-after"], title="Another title")
    class_.exercises["say-after"] = changed
    for learner in ("ann", "carla"):
        del class_.handed[(learner, "say-after")]
    class_.grade(current)
    counts = write_records(class_.grades, tmp_path / "some", Report)
    assert (counts.graded, counts.absent, dict(counts.stale)) == (3, 2, {"say-after": 2})
    exercise = (tmp_path / "some" / "report" / "exercises" / "say-after.html").read_text()
    assert "2 verdicts are of an earlier version of the exercise or of the grader" in exercise
    assert "graded in an earlier version" in page(class_.grades, class_.grades.of("ann")).decode()
    assert "graded in an earlier version" not in page(class_.grades, class_.grades.of("bob")).decode()


def current(job: Job) -> Verdict:
    """Of the exercise as it is."""
    return msgspec.structs.replace(answer(job), versions=versions(job.exercise))
