"""A term: the course and the class change from week to week, and nobody gains or loses a point by that, or unheard."""

import importlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import update

from grader.cli import main
from grader.exports.sheet import OUTDATED
from grader.gradebook.opening import opened, writing
from grader.gradebook.tables import submissions

grade = importlib.import_module("grader.cli.grade")
ROOT = Path(__file__).parents[2]
RIGHT = ROOT / "solutions" / "05_say_after" / "reference.py"
FIRST = ROOT / "solutions" / "01_first_await" / "reference.py"
NOT_YET = ROOT / "solutions" / "05_say_after" / "wrong" / "await_await.py"  # 5.75 of 10
COURSE = """\
schema: 1
title: A term
units:
  - id: all
    title: All of it
    exercises:
      - {folder: 01_first_await, title: First await}
      - {folder: 05_say_after, title: Say after}
"""


class Term:
    """A course, a class by weeks, and a gradebook in `out`."""

    def __init__(self, folder: Path):
        self.folder, self.course = folder, folder / "course"
        for name in ("01_first_await", "05_say_after"):
            shutil.copytree(ROOT / "exercises" / name, self.course / "exercises" / name)
            edit(self.course / "exercises" / name / "exercise.yaml", r"^prerequisites: .*\n", "")
        (self.course / "course.yaml").write_text(COURSE)

    def hand_in(self, week: str, learner: str, name: str, program: Path) -> None:
        place = self.folder / week / learner
        place.mkdir(parents=True, exist_ok=True)
        shutil.copy(program, place / f"{name}.py")

    def points(self, points: float) -> None:
        """Say after is worth so many from now on, and so are its checks, together."""
        [file] = self.course.glob("exercises/05_*/exercise.yaml")
        edit(file, r"points: ([\d.]+)", lambda found: f"points: {float(found[1]) * points / self._points:g}")
        edit(self.course / "course.yaml", "title: Say after(, points: .*)?}", f"title: Say after, points: {points}}}")
        self._points = points

    _points = 10.0

    def rename(self, slug: str) -> None:
        """What was Say after has another slug, and another file."""
        module, before = slug.replace("-", "_"), self.course / "exercises" / "05_say_after"
        folder = before.rename(before.with_name(f"05_{module}"))
        (folder / "say_after.py").rename(folder / f"{module}.py")
        edit(folder / "exercise.yaml", "^slug: say-after", f"slug: {slug}")
        edit(self.course / "course.yaml", "folder: 05_say_after", f"folder: 05_{module}, was: say-after")

    def take_out(self) -> None:
        """There is no Say after any more."""
        shutil.rmtree(self.course / "exercises" / "05_say_after")
        edit(self.course / "course.yaml", ".*folder: 05_.*\n", "")

    def grade(self, *weeks: str, out: str = "grades", roster: str = "", options: tuple[str, ...] = ()) -> Result:
        told = self.folder / "roster.csv"
        told.write_text(roster)
        paths = [str(path) for week in weeks for path in sorted((self.folder / week).iterdir())]
        how = ("--isolation", "in-process", "--jobs", "1", "--course", str(self.course))
        who = ("--roster", str(told)) if roster else ()
        result = CliRunner().invoke(main, ["grade", *paths, "--out", str(self.folder / out), *how, *who, *options])
        assert result.exit_code == 0, result.output
        return result

    def gradebook(self, *said: str) -> str:
        return self.gradebook_said(*said).stdout

    def gradebook_said(self, *said: str) -> Result:
        where = ("--gradebook", str(self.folder / "grades"), "--course", str(self.course))
        result = CliRunner().invoke(main, ["gradebook", *said, *where])
        assert result.exit_code == 0, result.output
        return result

    def rows(self, out: str = "grades") -> list[str]:
        return (self.folder / out / "grades.csv").read_text(encoding="utf-8-sig").splitlines()


def edit(file: Path, pattern: str, by: "str | Callable[[re.Match[str]], str]") -> None:
    text = re.sub(pattern, by, file.read_text(), flags=re.MULTILINE)
    file.write_text(text)


class Here(Executor):
    """Does it at once, in this process: to start another takes longer than all that it would do."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


@contextmanager
def workers(*_: object) -> Iterator[Callable[[int], Executor]]:
    yield lambda number: Here()


@pytest.fixture
def term(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Term:
    monkeypatch.setattr(grade, "_workers", workers)
    return Term(tmp_path)


def told(result: Result) -> list[str]:
    """What a person is told that is worth a line, without the progress."""
    return [line.removeprefix("grader: ") for line in result.stderr.splitlines() if line.startswith("grader: ")]


def test_a_course_and_a_class_that_change_from_week_to_week_end_as_if_all_had_been_graded_at_once(term: Term) -> None:
    for learner, program in (("s1", RIGHT), ("s2", NOT_YET), ("s3", RIGHT)):
        term.hand_in("w1", learner, "say_after", program)
    for learner in ("s1", "s2"):
        term.hand_in("w2", learner, "first_await", FIRST)
    assert told(term.grade("w1")) == []
    assert term.rows()[1:] == ["s1,,10,10,first-await,", "s2,,5.75,5.75,first-await,", "s3,,10,10,first-await,"]
    term.gradebook("set", "s2", "say-after", "4", "--comment", "oral", "--by", "eve")
    term.gradebook("set", "s3", "first-await", "7", "--comment", "oral", "--by", "eve")

    term.points(20)
    roster = "id,login,name\nstud1,s1,Ada\ns2,,Bob\n"
    second = term.grade("w2", roster=roster)
    assert told(second) == [
        "1 attempt of s1 counts for stud1 from now on, who has that id too",
        "scores set by hand for learners who are not among these do not count here: s3; "
        "who has another id now needs it there, with 'grader gradebook set'",
        "1 learner of the gradebook is not in this run and has no line in its records: s3; a --roster names everybody",
        "say-after: it or the grader has changed since, and the verdicts of 2 learners are of an earlier version: "
        "the files that count were not graded in this run; grade those, too",
    ]
    assert second.stdout.startswith("2 files of 2 learners graded; 2 verdicts stand from earlier runs; the report is ")
    assert term.rows()[1:] == ["s2,10,8,18,,", "stud1,10,20,30,,"]
    assert "20 of 20: 10 of 10 in an earlier version of the exercise, as 20 of 20" in term.gradebook("show", "stud1")

    term.rename("say-later")
    third = term.grade("w2", roster=roster)
    assert told(third)[0] == "4 attempts on say-after count for say-later from now on, which was called so"
    assert told(third)[1] == (
        "the score set by hand for s2 on say-after counts for say-later from now on, which was called so"
    )
    assert third.stdout.startswith("2 files of 2 learners graded, 2 of them before; 2 verdicts stand from earlier runs")
    assert term.rows() == ["learner,first-await,say-later,total,missing,not_marked", "s2,10,8,18,,", "stud1,10,20,30,,"]
    records = map(json.loads, (term.folder / "grades" / "verdicts.jsonl").read_text().splitlines())
    assert {one["exercise"] for one in records} == {"first-await", "say-later"}
    assert "say-after" not in term.gradebook("show", "stud1")
    assert "attempt 1: " in term.gradebook("history", "stud1", "say-after")

    term.points(5)
    for learner, program in (("s1", RIGHT), ("s2", NOT_YET)):
        term.hand_in("all", learner, "say_later", program)
        term.hand_in("all", learner, "first_await", FIRST)
    fourth = term.grade("all", roster=roster)
    assert "say-later: it or the grader" not in fourth.stderr
    assert term.rows()[1:] == ["s2,10,2,12,,", "stud1,10,5,15,,"]
    assert " passed, 5 of 5 points " in term.gradebook("history", "stud1", "say-later")

    term.grade("all", out="at-once", roster=roster)
    term.gradebook("unset", "s2", "say-later", "--comment", "as if")
    term.grade("all", roster=roster)
    assert term.rows() == term.rows("at-once")


def test_ids_that_learners_swapped_are_told_before_anything_counts(term: Term) -> None:
    for learner, program in (("s1", RIGHT), ("s2", NOT_YET)):
        term.hand_in("w1", learner, "say_after", program)
    term.grade("w1", roster="id,name,email\ns1,Ada L,ada@x.org\ns2,Bob B,bob@x.org\n")
    swapped = "id,name,email\ns2,Ada L,ada@x.org\ns1,Bob B,bob@x.org\n"
    [said] = told(term.grade("w1", roster=swapped))
    assert said == (
        "ATTENTION: ids are somebody else's now: "
        "s1 was Ada L <ada@x.org>, whose id is s2 now, and is Bob B <bob@x.org> now; "
        "s2 was Bob B <bob@x.org>, whose id is s1 now, and is Ada L <ada@x.org> now. What was handed in, graded and set by "
        "hand under an id stays with the id, and counts for who has it now. If the ids were mixed up, put them right in the "
        "roster and grade again, with a copy of the gradebook from before this run; if they are right, use another gradebook "
        "(--gradebook) and grade all files again. This is said once"
    )
    assert told(term.grade("w1", roster=swapped)) == []


def test_an_id_that_went_on_to_the_next_in_the_list_is_told_though_no_names_were_known_before(term: Term) -> None:
    for learner, program in (("s1", NOT_YET), ("s2", RIGHT)):
        term.hand_in("w1", learner, "say_after", program)
    term.grade("w1")
    moved = "id,login,name\nx1,s1,Ada\ns1,s2,Bob\n"
    assert told(term.grade("w1", roster=moved))[0] == (
        "ATTENTION: the roster gives an id to two learners: s1 is s1's (Bob) and, as another id, x1's (Ada). What was handed "
        "in, graded and set by hand under it stays with who has it as the first of their ids. If it was the other one's until "
        "now, use another gradebook (--gradebook) and grade all files again"
    )
    assert told(term.grade("w1", roster=moved)) == []
    term.grade("w1", out="fresh", roster=moved)
    assert told(term.grade("w1", out="fresh", roster=moved)) == []


def test_what_stands_on_an_exercise_that_was_taken_out_is_told_and_can_be_looked_at(term: Term) -> None:
    term.hand_in("w1", "ann", "say_after", NOT_YET)
    term.hand_in("w1", "bob", "first_await", FIRST)
    term.grade("w1")
    term.gradebook("set", "ann", "say-after", "4", "--comment", "oral", "--by", "eve")
    term.take_out()
    term.hand_in("w2", "ann", "first_await", FIRST)
    term.hand_in("w2", "bob", "first_await", FIRST)
    said = (
        "the gradebook has work of 1 learner and scores set by hand for ann on say-after, which is no exercise of this "
        "course: that does not count; if it has another slug now, write 'was: say-after' beside its folder in course.yaml"
    )
    assert told(term.grade("w2")) == [said]
    assert term.rows()[1:] == ["ann,10,10,,", "bob,10,10,,"]
    shown = term.gradebook("show", "ann").splitlines()
    nothing = "nothing: it is no exercise of this course"
    assert shown[1:] == [
        "  first-await  10 of 10",
        "  total        10 of 10",
        f"  say-after    {nothing}; 'grader gradebook history' has all of it",
    ]
    history = term.gradebook("history", "ann", "say-after")
    assert "set to 4 of 10 points by eve: oral" in history
    assert "failed, 5.75 of 10 points" in history
    assert history.endswith(f"\n  counts: {nothing}\n")
    assert "say-after" not in term.gradebook("show", "bob")


def test_an_old_download_that_is_graded_again_makes_no_attempts_and_takes_no_points(term: Term) -> None:
    edit(term.course / "course.yaml", "^units:", "policy: {attempts: 3}\nunits:")
    better = ROOT / "solutions" / "05_say_after" / "accepted_gather.py"
    for week, program in (("old", NOT_YET), ("new", RIGHT), ("next", better)):
        term.hand_in(week, "ann", "say_after", program)
    said = (
        "say-after: the files of 1 learner are what they had handed in before their last attempt: ann; that is no new "
        "attempt, and the last one stays the last; if they were handed in once more, say so with --anew"
    )
    for week, expected in (("old", []), ("new", []), ("old", [said]), ("new", []), ("next", [])):
        assert told(term.grade(week)) == expected
    assert term.rows()[1:] == ["ann,,10,10,first-await,"]
    assert "10 of 10: attempt 3 of 3 counts, the last" in term.gradebook("show", "ann")
    assert told(term.grade("old", options=("--anew",))) == []
    assert "attempt 3 of 4 counts, the last of the 3 that are allowed" in term.gradebook("show", "ann")


def test_verdicts_of_before_a_case_was_added_are_told_until_those_files_are_graded_with_or_without_regrade(
    term: Term,
) -> None:
    for learner in ("ann", "bob"):
        term.hand_in("w1", learner, "say_after", RIGHT)
    term.hand_in("w2", "ann", "first_await", FIRST)
    term.hand_in("w2", "bob", "first_await", FIRST)
    term.grade("w1")
    case = "cases:\n  - {name: added, with: {a: 3, b: 4, first: one, second: other}}"
    edit(term.course / "exercises" / "05_say_after" / "exercise.yaml", "^cases:", case)
    stale = "say-after: it or the grader has changed since, and the verdicts of 2 learners are of an earlier version: "
    for options in ((), ("--regrade",)):
        result = term.grade("w2", options=options)
        assert told(result) == [f"{stale}the files that count were not graded in this run; grade those, too"]
        assert "2 files of 2 learners graded; 2 verdicts stand from earlier runs" in result.stdout
    assert told(term.grade("w1", "w2")) == []


def test_more_time_can_be_given_by_a_name_of_the_roster(term: Term) -> None:
    edit(term.course / "course.yaml", "^units:", "policy: {due: 2026-03-01 12:00 UTC}\nunits:")
    term.hand_in("w1", "s1", "say_after", RIGHT)
    more = term.folder / "more.csv"
    more.write_text("learner,days\nLovelace  Ada,2\nnobody,3\n")
    result = term.grade("w1", roster='id,name\ns1,"Ada, Lovelace"\n', options=("--extensions", str(more)))
    assert [line for line in told(result) if "more.csv" in line] == [
        f"{more}:3: no learner here is called 'nobody'; choose from s1"
    ]


def test_a_score_that_followed_to_another_id_and_was_put_right_there_is_not_told_as_left_behind(term: Term) -> None:
    for learner in ("s1", "s2"):
        term.hand_in("w1", learner, "say_after", NOT_YET)
        term.hand_in("w2", learner.replace("s", "x"), "first_await", FIRST)
    term.grade("w1")
    for learner in ("s1", "s2"):
        term.gradebook("set", learner, "say-after", "8", "--comment", "oral", "--by", "eve")
    roster = "id,login\nx1,s1\nx2,s2\n"
    assert len(told(term.grade("w1", roster=roster))) == 4
    term.gradebook("set", "x1", "say-after", "9", "--comment", "better", "--by", "eve")
    term.gradebook("unset", "x2", "say-after", "--comment", "a mistake")
    assert told(term.grade("w1", roster=roster)) == []
    assert told(term.grade("w2")) == []  # nor are s1 and s2 missed, whose work is all of x1 and x2
    assert term.rows()[1:] == ["x1,10,9,19,,", "x2,10,5.75,15.75,,"]
    term.gradebook("set", "s1", "say-after", "3", "--comment", "slip", "--by", "eve")
    said = "the score set by hand for s1 on say-after counts for x1, who has that id too"
    assert [told(term.grade("w1", roster=roster)) for _ in range(2)] == [[said], []]
    term.gradebook("unset", "s1", "say-after", "--comment", "slip")
    said = "the score set by hand for s1 on say-after was taken back, and so it is for x1, who has that id too"
    assert told(term.grade("w1", roster=roster)) == [said]


def test_who_looks_for_an_id_of_before_is_told_the_one_of_now(term: Term) -> None:
    term.hand_in("w1", "s1", "say_after", NOT_YET)
    term.hand_in("w1", "s2", "say_after", NOT_YET)
    term.grade("w1")
    term.grade("w1", roster="id,login\nx1,s1\ns2,\n")
    said = "grader: s1 is an id of before: all that was handed in under it counts for x1 now\n"
    assert [term.gradebook_said("show", who).stderr for who in ("s1", "s2", "x1")] == [said, "", ""]


def test_more_time_by_a_name_is_known_to_show_and_history_as_it_was_to_grade(term: Term) -> None:
    edit(term.course / "course.yaml", "^units:", "policy: {due: 2026-03-01 12:00 UTC}\nunits:")
    term.hand_in("w1", "s1", "say_after", RIGHT)
    more = term.folder / "more.csv"
    more.write_text('learner,days\n"Lovelace, Ada",2\nnobody,3\n')
    how = ("--extensions", str(more))
    term.grade("w1", roster="id,name\ns1,Ada Lovelace\n", options=how)
    with opened(str(term.folder / "grades")) as book, writing(book) as connection:
        connection.execute(update(submissions).values(submitted="2026-03-02T12:00:00.000000Z"))
    for said in (("show", "s1"), ("history", "s1", "say-after")):
        result = term.gradebook_said(*said, *how)
        assert "10 of 10: in time (due 2026-03-03 12:00 UTC, extended)" in result.stdout
        assert result.stderr == f"grader: {more}:3: no learner here is called 'nobody'; choose from s1\n"


def test_a_list_of_more_time_that_is_left_out_is_missed_and_who_is_not_in_it_any_more_is_told_once(term: Term) -> None:
    for learner in ("s1", "s2", "s3"):
        term.hand_in("w1", learner, "say_after", NOT_YET)
    more = term.folder / "more.csv"
    more.write_text("learner,exercise,days,hours\ns1,,7,\ns2,say-after,,36\ns2,first-await,1,\ns4,,1,\n")
    how = ("--extensions", str(more))
    missed = (
        "nobody has more time in this run, and in earlier ones there was a list of extensions: s1 (7 days), "
        "s2 (36 hours for say-after), s2 (1 day for first-await); name it with --extensions, or under 'extensions' in "
        "course.yaml, and grade again"
    )
    assert len(told(term.grade("w1", options=how))) == 1  # that nobody is called s4
    for _ in range(2):
        assert told(term.grade("w1")) == [missed]
    only = ("--exercise", "say-after")
    assert "s2 (36 hours for say-after); name it" in told(term.grade("w1", options=only))[0]
    assert term.gradebook_said("show", "s1").stderr == (
        "grader: s1 had more time when the class was graded (7 days); here only with --extensions\n"
    )
    assert term.gradebook_said("show", "s3").stderr == ""
    assert "had more time" not in term.gradebook_said("show", "s1", *how).stderr
    more.write_text("learner,exercise,days\nx1,,7\ns2,say-after,2\n")
    renamed = "id,login\nx1,s1\ns2,\ns3,\n"
    gone = "who had more time in earlier runs is not in it any more: s2 (1 day for first-await). This is said once"
    assert told(term.grade("w1", roster=renamed, options=how))[-1].endswith(f"more.csv: {gone}")
    assert told(term.grade("w1", roster=renamed, options=how)) == []
    assert (
        "list of extensions: x1 (7 days), s2 (2 days for say-after); name" in told(term.grade("w1", roster=renamed))[0]
    )


def test_attempts_that_are_left_out_once_are_told_until_they_or_the_policys_are_named(term: Term) -> None:
    for week, program in (("w1", RIGHT), ("w2", NOT_YET)):
        term.hand_in(week, "ann", "say_after", program)
    best = ("--attempts", "best")
    assert told(term.grade("w1", options=best)) == []
    assert told(term.grade("w1")) == []  # nobody has several
    assert told(term.grade("w2", options=best)) == []
    assert term.rows()[1:] == ["ann,,10,10,first-await,"]
    said = (
        "say-after: an earlier run was given --attempts best, and this one goes by the course's policy; name it again, or "
        "put it into the policy in course.yaml. If the policy is meant, name what that says with --attempts once"
    )
    for _ in range(2):
        assert told(term.grade("w2")) == [said]
    assert term.rows()[1:] == ["ann,,5.75,5.75,first-await,"]
    hint = "grader: the class was graded with --attempts best (say-after); here only with that option\n"
    assert [term.gradebook_said("show", "ann", *how).stderr for how in ((), best)] == [hint, ""]
    assert told(term.grade("w2", options=("--attempts", "last"))) == []
    assert told(term.grade("w2")) == []
    term.grade("w2", options=best)
    term.rename("say-later")
    term.hand_in("w3", "ann", "say_later", NOT_YET)
    assert told(term.grade("w3"))[-1].startswith("say-later: an earlier run was given --attempts best")
    edit(term.course / "course.yaml", "^units:", "policy: {counts: best}\nunits:")
    assert not [line for line in told(term.grade("w3")) if "--attempts" in line]
    assert term.rows()[1:] == ["ann,,10,10,first-await,"]


@pytest.mark.parametrize("place", ["grades", "elsewhere.sqlite"])
def test_records_are_outdated_when_the_gradebook_has_more_for_their_exercises_wherever_it_is(
    term: Term, place: str
) -> None:
    def said(*command: str) -> list[str]:
        how = (str(term.folder / "grades"), *command[1:])
        return told(CliRunner().invoke(main, [command[0], *how]))

    term.hand_in("w1", "ann", "say_after", NOT_YET)
    where = ("--gradebook", str(term.folder / place)) if place != "grades" else ()
    term.grade("w1", options=(*where, "--exercise", "say-after"))
    assert said("stats") == said("export", "--format", "csv") == []
    book = ("--gradebook", str(term.folder / place), "--course", str(term.course))
    score = ("gradebook", "set", "ann", "{}", "4", "--comment", "oral", "--by", "eve", *book)
    for slug, expected in (("first-await", []), ("say-after", [OUTDATED])):
        CliRunner().invoke(main, [word.format(slug) for word in score])
        later(term.folder / place)
        assert said("stats") == said("export", "--format", "csv") == expected
    (term.folder / place).rename(term.folder / "away")
    if place != "grades":
        assert "is not known: " in said("stats")[0]
        assert "there is no gradebook" in said("stats")[0]


def later(place: Path) -> None:
    """As if it was written a second after all else: to wait for a clock to go on would be slow."""
    file = place / "gradebook.sqlite" if place.is_dir() else place
    now = file.stat().st_mtime_ns + 1_000_000_000
    os.utime(file, ns=(now, now))


def test_a_name_that_was_an_id_is_the_learners_who_has_it_now_and_of_two_such_neither(term: Term) -> None:
    for week in ("w1", "w2"):
        term.hand_in(week, "Ada Lee" if week == "w1" else "x1", "say_after", NOT_YET)
    term.grade("w1")
    term.grade("w2", roster="id,login,name\nx1,Ada Lee,Ada Lee\nx2,,Bob\n")
    assert term.gradebook("set", "Ada Lee", "say-after", "8", "--comment", "oral", "--by", "eve").startswith(
        "x1 (Ada Lee)"
    )
    shown = term.gradebook_said("show", "Ada Lee")
    assert (shown.stdout.splitlines()[0], shown.stderr) == ("x1 (Ada Lee)", "")
    assert "8 of 10" in shown.stdout
    term.grade("w2", roster="id,login,name\nx1,Ada Lee,Ada M\nx2,,Ada Lee\n")
    where = ("--gradebook", str(term.folder / "grades"), "--course", str(term.course))
    refused = CliRunner().invoke(main, ["gradebook", "show", "Ada Lee", *where])
    assert refused.exit_code == 2
    assert "several learners are called 'Ada Lee': x1, x2; write the id" in refused.stderr
