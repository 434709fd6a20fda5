"""The policy in `course.yaml`: what stands further in goes first, and what cannot be meant is refused with its line."""

from pathlib import Path

import pytest

from grader.course.load import load_course
from grader.course.model import Course
from grader.course.policy_model import Late, Policy, overlaid
from grader.errors import CourseError

ROOT = Path(__file__).parents[2]
PLAIN = """\
schema: 1
title: A course
{course}units:
  - id: one
    title: One
    {unit}exercises:
      - folder: 01_first_await
        title: First
        {exercise}
  - id: two
    title: Two
    {other}exercises: [{{folder: 02_run_it_once, title: Second}}]
"""


def course(folder: Path, **parts: str) -> Course:
    (folder / "exercises").mkdir()
    for name in ("01_first_await", "02_run_it_once"):
        (folder / "exercises" / name).symlink_to(ROOT / "exercises" / name)
    text = PLAIN.format(**{"course": "", "unit": "", "exercise": "", "other": ""} | parts)
    (folder / "course.yaml").write_text(text)
    return load_course(folder)


def refused(folder: Path, monkeypatch: pytest.MonkeyPatch, **parts: str) -> list[str]:
    monkeypatch.chdir(folder)
    with pytest.raises(CourseError) as error:
        course(folder, **parts)
    return str(error.value).splitlines()


def test_a_course_without_a_policy_has_none(tmp_path: Path) -> None:
    assert [exercise.policy for exercise in course(tmp_path).exercises] == [Policy(), Policy()]


def test_what_is_missing_may_be_excused_and_nothing_else_can_be_said_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "good").mkdir()
    (tmp_path / "bad").mkdir()
    loaded = course(tmp_path / "good", course="policy: {missing: excused}\n", unit="policy: {missing: zero}\n    ")
    assert [exercise.policy.missing for exercise in loaded.exercises] == ["zero", "excused"]
    (line,) = refused(tmp_path / "bad", monkeypatch, course="policy: {missing: ignored}\n")
    assert line == "course.yaml:3: 'missing' is 'ignored', which is not known; choose from excused, zero"


def test_what_stands_further_in_goes_first(tmp_path: Path) -> None:
    loaded = course(
        tmp_path,
        course='policy: {due: "2026-03-01 12:00 UTC", attempts: 3, counts: best, late: {per: day, percent: 10}}\n',
        unit="policy: {attempts: 2, grace_minutes: 15}\n    ",
        exercise="policy: {attempts: 1, late: {per: hour, points: 1, cap: 4}}",
    )
    say_after, two_downloads = (exercise.policy for exercise in loaded.exercises)
    due = "2026-03-01 12:00 UTC"
    assert two_downloads == Policy(due=due, attempts=3, counts="best", late=Late(per="day", percent=10))
    late = Late(per="hour", points=1, cap=4)
    assert say_after == Policy(due=due, attempts=1, counts="best", grace_minutes=15, late=late)


def test_nothing_said_changes_nothing() -> None:
    policy = Policy(due="2026-03-01 12:00 UTC", attempts=3)
    assert overlaid(policy, Policy()) == policy
    assert overlaid(Policy(), policy) == policy


def test_a_naive_date_is_refused_with_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused(tmp_path, monkeypatch, course='policy:\n  due: "2026-03-01 23:59"\n') == [
        "course.yaml:4: 'due' is '2026-03-01 23:59', which has no time zone; write it as "
        "'2026-03-01 23:59 Europe/Berlin', or with 'Z' or '+01:00' at its end"
    ]


def test_all_dates_that_are_wrong_are_told_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {
        "unit": "policy: {due: soon}\n    ",
        "exercise": "policy: {due: later}",
        "other": "policy: {due: never}\n    ",
    }
    assert [line.split(", which")[0] for line in refused(tmp_path, monkeypatch, **wrong)] == [
        "course.yaml:6: 'due' is 'soon'",
        "course.yaml:10: 'due' is 'later'",
        "course.yaml:13: 'due' is 'never'",
    ]


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        ("{late: {per: day}}", "'late' has neither 'percent' nor 'points'; write one of them"),
        ("{late: {per: day, percent: 1, points: 1}}", "'late' has both 'percent' and 'points'; write one of them"),
        ("{late: {per: day, percent: 9, cap: 101}}", "'cap' is 101, and a percentage here; it must be at most 100"),
        ("{late: {per: day, percent: 101}}", "'percent' is 101; it must be at most 100"),
        ("{late: {per: week, percent: 1}}", "'per' is 'week', which is not known; choose from day, hour"),
        ("{attempts: 0}", "'attempts' is 0; it must be at least 1"),
        ("{grace_minutes: -1}", "'grace_minutes' is -1; it must be at least 0"),
        ("{counts: first}", "'counts' is 'first', which is not known; choose from best, last"),
        ("{dew: x}", "unknown key 'dew'; did you mean 'due'?"),
    ],
)
def test_a_policy_that_cannot_be_meant_is_refused(
    policy: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert f"course.yaml:3: {said}" in refused(tmp_path, monkeypatch, course=f"policy: {policy}\n")


def test_a_cap_in_points_may_be_large(tmp_path: Path) -> None:
    loaded = course(tmp_path, course="policy: {late: {per: day, points: 50, cap: 200}}\n")
    assert loaded.exercises[0].policy.late == Late(per="day", points=50, cap=200)


def test_weights_stand_at_all_units_or_at_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused(tmp_path, monkeypatch, unit="weight: 30\n    ") == [
        "course.yaml:11: unit 'two' has no 'weight', and others have one; give one to each, or to none"
    ]


def test_weights_that_are_all_nothing_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused(tmp_path, monkeypatch, unit="weight: 0\n    ", other="weight: 0\n    ") == [
        "course.yaml:6: the weights of all units are 0, so nothing would count; give one of them more"
    ]


def test_weights_and_a_file_of_extensions_are_read(tmp_path: Path) -> None:
    loaded = course(tmp_path, course="extensions: private.csv\n", unit="weight: 30\n    ", other="weight: 70\n    ")
    assert [unit.weight for unit in loaded.file.units] == [30, 70]
    assert loaded.file.extensions == "private.csv"
