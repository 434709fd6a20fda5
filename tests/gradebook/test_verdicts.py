"""One verdict for a key, which is never asked for twice; what counts, and what remains."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from grader.gradebook.history import history
from grader.gradebook.opening import Gradebook, opened, reading, writing
from grader.gradebook.verdicts import Giving, give, give_all
from grader.gradebook.work import Work
from tests.gradebook.content import ask, at, counted, give_points, given, points, rows, work

ROOT = Path(__file__).parents[2]


def had(book: Gradebook, learner: str = "ann") -> list[tuple[int, float, str, bool]]:
    """Round, points, status and whether it counts, of each verdict that a work has had."""
    with reading(book) as connection:
        graded = history(connection, learner, "say-after").graded
    return [(one.round, one.points, one.status, one.counts) for one in graded]


def test_what_has_its_verdict_is_not_asked_for_again(book: Gradebook) -> None:
    give_points(book, 7.0)
    assert ask(book, work()) == []
    assert points(book) == [("ann", 1, 7.0)]


def test_another_content_is_asked_for(book: Gradebook) -> None:
    give_points(book, 7.0)
    assert [one.key.sha256 for one in ask(book, work(content="b"))] == ["b"]


def test_another_version_of_the_course_is_asked_for_and_then_counts(book: Gradebook) -> None:
    give_points(book, 7.0)
    give_points(book, 9.0, course="c2")
    assert had(book) == [(0, 7.0, "passed", False), (0, 9.0, "passed", True)]


def test_a_course_that_goes_back_has_its_old_verdict_count_again_ungraded(book: Gradebook) -> None:
    give_points(book, 7.0)
    give_points(book, 9.0, course="c2")
    assert ask(book, work(), course="c1") == []
    assert [(one[1], one[3]) for one in had(book)] == [(7.0, False), (9.0, False), (7.0, True)]


def test_a_regrade_asks_for_all_and_the_old_verdicts_remain(book: Gradebook) -> None:
    give_points(book, 7.0)
    give_points(book, 8.0, regrade=True)
    assert had(book) == [(0, 7.0, "passed", False), (1, 8.0, "passed", True)]
    assert ask(book, work()) == []


def test_an_error_is_kept_and_asked_for_again(book: Gradebook) -> None:
    [asked] = ask(book, work())
    give(book, asked, given(0.0, status="error", final=False))
    assert had(book) == [(0, 0.0, "error", True)]
    give_points(book, 7.0)
    assert had(book) == [(0, 0.0, "error", False), (1, 7.0, "passed", True)]
    assert ask(book, work()) == []


def test_an_error_in_a_regrade_takes_no_mark_away(book: Gradebook) -> None:
    give_points(book, 7.0)
    [asked] = ask(book, work(), regrade=True)
    give(book, asked, given(0.0, status="error", final=False))
    assert points(book) == [("ann", 1, 7.0)]
    assert rows(book, "verdicts") == 2
    assert ask(book, work()) == []


def test_an_error_with_a_new_course_is_no_mark_of_the_old_one(book: Gradebook) -> None:
    give_points(book, 7.0)
    [asked] = ask(book, work(), course="c2")
    give(book, asked, given(0.0, status="error", final=False))
    assert [(one[2], one[3]) for one in had(book)] == [("passed", False), ("error", True)]


def test_what_is_not_final_is_asked_for_again(book: Gradebook) -> None:
    [asked] = ask(book, work())
    give(book, asked, given(3.0, status="failed", final=False))
    assert [one.round for one in ask(book, work())] == [0]


def test_a_verdict_from_another_isolation_is_not_taken(book: Gradebook) -> None:
    [asked] = ask(book, work(), isolation="in-process")
    give(book, asked, given(9.0, isolation="in-process"))
    give_points(book, 7.0)
    assert had(book) == [(0, 9.0, "passed", False), (1, 7.0, "passed", True)]
    assert ask(book, work(), isolation="in-process") == []
    assert points(book) == [("ann", 1, 9.0)]


def test_works_that_share_their_key_are_asked_for_once_and_all_have_the_verdict(book: Gradebook) -> None:
    first, second = work(submitted=at(1)), work(submitted=at(2))
    [asked] = ask(book, first, second)
    give(book, asked, given(7.0))
    assert points(book) == [("ann", 1, 7.0), ("ann", 2, 7.0)]
    assert rows(book, "verdicts") == 1


def test_who_comes_second_with_the_same_verdict_changes_nothing(book: Gradebook) -> None:
    [one], [two] = ask(book, work()), ask(book, work())
    give(book, one, given(7.0))
    give(book, two, given(7.0))
    assert had(book) == [(0, 7.0, "passed", True)]
    assert rows(book, "verdicts") == 1


def test_who_comes_second_after_an_error_has_the_say(book: Gradebook) -> None:
    [one], [two] = ask(book, work()), ask(book, work())
    give(book, one, given(0.0, status="error", final=False))
    give(book, two, given(7.0))
    assert points(book) == [("ann", 1, 7.0)]


def test_a_file_that_was_changed_before_it_was_graded_counts_as_what_was_graded(book: Gradebook) -> None:
    [asked] = ask(book, work(content="a"))
    give(book, asked, given(7.0), "b")
    assert [(row[2], row[3], row[10]) for row in counted(book)] == [(1, "b", 7.0)]
    assert ask(book, work(content="b")) == []


def test_a_file_that_was_changed_when_it_is_graded_again_is_the_next_attempt(book: Gradebook) -> None:
    give_points(book, 7.0, work(content="a"))
    [asked] = ask(book, work(content="a"), regrade=True)
    give(book, asked, given(8.0), "b")
    assert [(row[2], row[3], row[10]) for row in counted(book)] == [(1, "a", 7.0), (2, "b", 8.0)]


def test_a_file_that_cannot_be_read_is_asked_for_each_time(book: Gradebook) -> None:
    for _ in range(2):
        [asked] = ask(book, work(content=""))
        give(book, asked, given(0.0, status="error", final=False))
    assert len(ask(book, work(content=""))) == 1


def test_one_verdict_at_most_counts_whatever_is_written(book: Gradebook) -> None:
    give_points(book, 7.0)
    columns = "submission_id, verdict_id, counts, given"
    again = text(f"INSERT INTO gradings ({columns}) SELECT {columns} FROM gradings")
    with pytest.raises(IntegrityError, match="(?i)unique"), writing(book) as connection:
        connection.execute(again)


WRITER = """\
import sys
from grader.gradebook.opening import opened
from grader.gradebook.verdicts import Giving, give, give_all
from tests.gradebook.content import ask, given, work

with opened(sys.argv[1]) as book:
    print("ready", flush=True)
    sys.stdin.read(1)
    learners = [f"learner {number}" for number in range(30)]
    for asked in ask(book, *map(work, learners), course=sys.argv[2]):
        give(book, asked, given(5.0))
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    "courses",
    [
        pytest.param(("c1", "c1", "c1"), id="the same"),
        pytest.param(("c1", "c2", "c3"), id="different versions", marks=pytest.mark.slow),
    ],
)
def test_several_processes_at_once_lose_nothing_and_double_nothing(place: str, courses: tuple[str, ...]) -> None:
    pipe = subprocess.PIPE
    running = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, place, course], cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True
        )
        for course in courses
    ]
    for one in running:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in running:  # all at once: each waits for one sign
        assert one.stdin is not None
        one.stdin.write("!")
        one.stdin.flush()
    ends = [one.communicate() for one in running]
    assert [(one.returncode, told) for one, (_, told) in zip(running, ends, strict=True)] == [(0, "")] * len(running)
    with opened(place) as book:
        assert points(book) == sorted((f"learner {number}", 1, 5.0) for number in range(30))
        assert rows(book, "verdicts") == 30 * len(set(courses))
        assert rows(book, "gradings") >= rows(book, "submissions") == 30


def test_a_work_is_found_by_all_that_it_is() -> None:
    assert work() == Work("ann", "say-after", "ann/say_after.py", "a")


# ---------------------------------------------------------------- several together


def all_rows(book: Gradebook) -> list[list[tuple[object, ...]]]:
    tables = ("submissions", "verdicts", "gradings")
    with reading(book) as connection:
        return [
            [tuple(row) for row in connection.execute(text(f"SELECT * FROM {name} ORDER BY id"))] for name in tables
        ]


def rounds_of_a_class(book: Gradebook, together: bool) -> None:
    """Verdicts, one that is no mark, a regrade, an error after marks, and one that another process gave first."""
    class_ = [work("ann"), work("bob", "b"), work("carla", "c"), work("dan", "d")]
    firsts = [given(7.0), given(8.0), given(0.0, status="error", final=False), given(10.0)]
    seconds = [given(7.5), given(0.0, status="error", final=False), given(9.0), given(9.5)]
    for regrade, verdicts in ((False, firsts), (True, seconds)):
        givings: list[Giving] = [
            (asked, made, None) for asked, made in zip(ask(book, *class_, regrade=regrade), verdicts, strict=True)
        ]
        give(book, *givings[3])
        if together:
            give_all(book, givings)
        else:
            for one in givings:
                give(book, *one)


def test_several_verdicts_together_leave_the_rows_of_each_by_itself(book: Gradebook, tmp_path: Path) -> None:
    rounds_of_a_class(book, together=True)
    with opened(str(tmp_path / "other.sqlite")) as other:
        rounds_of_a_class(other, together=False)
        assert all_rows(book) == all_rows(other)
    assert points(book) == [("ann", 1, 7.5), ("bob", 1, 8.0), ("carla", 1, 9.0), ("dan", 1, 9.5)]


def test_works_that_were_changed_to_be_alike_have_one_verdict(book: Gradebook) -> None:
    asked = [
        replace(one, key=one.key._replace(seed="all"))
        for one in ask(book, work("ann"), work("bob", "b"), work("carla", "c"))
    ]
    give_all(book, [(one, given(6.0), "same") for one in asked])
    assert rows(book, "verdicts") == 1
    assert [row[3] for row in counted(book)] == ["same"] * 3
    assert points(book) == [("ann", 1, 6.0), ("bob", 1, 6.0), ("carla", 1, 6.0)]
