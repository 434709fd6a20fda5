"""Beside a learner's run stands what is possible with the numbers that they drew, and none of the reference's own."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from grader.authoring.record import record
from grader.course.model import Exercise
from grader.grading.drawn import MOST, with_draws
from grader.verdict import Bar, Timeline
from tests.adopted import ALONE, SLEEP, adopted, asking

OPERATIONS = {
    "sleep": SLEEP,
    "fixed": {"params": ["key"], "key": "key", "duration": 1},
    "bare": {"params": [], "duration": 1},
}
EXERCISE: Exercise = adopted(
    **{
        **ALONE,
        "world": {"operations": OPERATIONS, "replaces": ["asyncio.sleep"]},
        **asking({"kind": "calls", "calls": "sleep", "at_least": 0}),
    }
)
Span = tuple[str, float | str | None, float, float | None]


def line(returned: float | None, *spans: Span, outcome: str = "ok") -> Timeline:
    bars = [
        Bar(operation=name, key=key, start=start, end=end, line=None, outcome=outcome)
        for name, key, start, end in spans
    ]
    return Timeline(bars=tuple(bars), returned=returned)


def spans(timeline: Timeline) -> list[Span]:
    return [(bar.operation, bar.key, bar.start, bar.end) for bar in timeline.bars]


THEIRS = line(9, ("sleep", 4, 0, 4), ("sleep", 1, 4, 5), ("sleep", 2, 5, 7))


def test_one_after_another_they_are_in_the_same_places() -> None:
    reference = line(10, ("sleep", None, 0, 2), ("sleep", None, 2, 7), ("fixed", "x", 7, 8), ("sleep", None, 8, 10))
    found = with_draws(reference, THEIRS, EXERCISE)
    assert spans(found) == [("sleep", 4, 0, 4), ("sleep", 1, 4, 5), ("fixed", "x", 5, 6), ("sleep", 2, 6, 8)]
    assert found.returned == 8


def test_at_the_same_time_the_longest_counts() -> None:
    reference = line(6, ("sleep", None, 0, 2), ("sleep", None, 0, 5), ("sleep", None, 0, 3), ("fixed", "x", 5, 6))
    found = with_draws(reference, THEIRS, EXERCISE)
    assert spans(found) == [("sleep", 4, 0, 4), ("sleep", 1, 0, 1), ("sleep", 2, 0, 2), ("fixed", "x", 4, 5)]
    assert found.returned == 5


def test_what_follows_one_of_several_follows_it_still() -> None:
    reference = line(8, ("sleep", None, 0, 2), ("sleep", None, 0, 8), ("sleep", None, 2, 3))
    found = with_draws(reference, THEIRS, EXERCISE)
    assert spans(found) == [("sleep", 4, 0, 4), ("sleep", 1, 0, 1), ("sleep", 2, 4, 6)]
    assert found.returned == 6


def unchanged(reference: Timeline, theirs: Timeline = THEIRS) -> bool:
    return with_draws(reference, theirs, EXERCISE) is reference


def test_numbers_that_are_the_exercises_stay() -> None:
    assert unchanged(line(6, ("sleep", 1, 0, 1), ("sleep", 2, 1, 3), ("sleep", 3, 3, 6)))
    assert unchanged(line(1, ("bare", None, 0, 1)), line(2, ("bare", None, 0, 2)))  # it has no key


def test_whoever_drew_another_number_of_times_sees_none() -> None:
    reference = line(10, ("sleep", None, 0, 2), ("sleep", None, 2, 7))
    assert unchanged(reference)
    assert unchanged(reference, line(4, ("sleep", 4, 0, 4)))
    assert unchanged(reference, line(5, ("sleep", 4, 0, 4), ("sleep", 1, 4, 5), outcome="running"))


def test_where_it_is_not_told_what_follows_what_there_are_none() -> None:
    assert unchanged(line(10, ("sleep", None, 0, 2), ("sleep", None, 3, 7), ("sleep", None, 7, 10)))
    assert unchanged(line(11, ("sleep", None, 0, 2), ("sleep", None, 2, 7), ("sleep", None, 7, 10)))
    assert unchanged(line(None, ("sleep", None, 0, 2), ("sleep", None, 2, 7), ("sleep", None, 7, 10)))
    blocked = replace(line(3, *[("sleep", None, at, at + 1) for at in range(3)]), blocked=((0, 1, "time.sleep", 2),))
    assert unchanged(blocked)


def test_of_very_many_nobody_compares_the_numbers() -> None:
    def many(count: int, key: float | None) -> Timeline:
        return line(count, *[("sleep", key, at, at + 1) for at in range(count)])

    assert unchanged(many(MOST + 1, None), many(MOST + 1, 1))
    assert not unchanged(many(MOST, None), many(MOST, 1))


@pytest.mark.parametrize(("waits", "keys"), [("random.uniform(0, 3)", [None, None]), ("2", [2, 2])])
def test_what_a_reference_draws_is_not_recorded(tmp_path: Path, waits: str, keys: list[float | None]) -> None:
    folder = tmp_path / "exercises" / "fetch-all"  # so that it is no exercise of other tests' folders
    folder.mkdir(parents=True)
    (folder / "exercise.yaml").write_text("slug: fetch-all\n")
    sleeps = f"    await asyncio.sleep({waits})\n" * 2
    (folder / "reference.py").write_text(f"import asyncio, random\nasync def main():\n{sleeps}")
    found = record(replace(EXERCISE, folder=str(folder), solutions=str(folder)))
    assert found is not None
    assert [row.key for row in found.runs["main/seen"].rows] == keys
