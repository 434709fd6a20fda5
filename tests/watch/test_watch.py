"""What the watch does at each save, key and answer. Files are real; the clock, the keys and the process that checks are not."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.errors import CourseError, Problem
from tests.watch.played import DIES, FULL, HANGS, NONE, PART, Played, Step

REST: list[Step] = [None] * 16  # looks until a save has come to rest, and is answered


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Played]:
    monkeypatch.chdir(tmp_path)

    def made(*names: str, whole: bool = True, there: bool = True) -> Played:
        return Played(tmp_path, *(names or ("a", "b", "c")), whole=whole, there=there)

    return made


def last(line: str) -> str:
    return line.splitlines()[-1]


# ---------------------------------------------------------------- the course, in its order


def test_it_begins_at_the_first_that_does_not_have_full_marks(course: Callable[..., Played]) -> None:
    watch = course()
    watch.save("a", FULL)
    [page] = watch.play(*REST)
    assert page.startswith("what b asks for\n\nNo points yet; Enter shows why.\n\nwatching ")
    assert watch.asked == ["a", "b", "c"]
    assert last(page) == "1 of 3 done"


def test_with_points_it_begins_with_the_feedback(course: Callable[..., Played]) -> None:
    watch = course()
    watch.save("a", PART)
    [page] = watch.play(*REST)
    assert page.startswith("a: 5 of 10 points\n")


def test_without_keys_it_begins_with_both(course: Callable[..., Played]) -> None:
    [page] = course(there=False).play(*REST)
    assert page.startswith("what a asks for\n\na: 0 of 10 points\n")
    assert "Ctrl-C ends it\n" in page
    assert "Enter" not in page


def test_a_save_shows_the_new_feedback(course: Callable[..., Played]) -> None:
    watch = course()
    pages = watch.play(*REST, watch.saves("a", PART), *REST)
    assert pages[1].startswith("a: 5 of 10 points\n")
    assert "0 of 3 done\nwatching " in pages[1]
    assert watch.asked == ["a", "b", "c", "a"]


def test_full_marks_are_said_with_what_is_next(course: Callable[..., Played]) -> None:
    watch = course()
    pages = watch.play(*REST, watch.saves("a", FULL), *REST)
    assert "\nFull marks. 1 of 3 done; next is b: press n, or save exercises/b/b.py\n" in pages[1]


def test_all_of_them_done_is_the_end_of_the_course(course: Callable[..., Played]) -> None:
    watch = course("a", "b")
    watch.save("a", FULL)
    watch.save("b", FULL)
    [page] = watch.play(*REST, "n")
    assert page.startswith("b: 10 of 10 points\n")
    assert "\nFull marks. 2 of 2 done\n" in page
    assert last(page) == "There is no other that is not done."


def test_n_goes_to_the_next_that_is_not_done_and_behind_the_last_to_the_first(course: Callable[..., Played]) -> None:
    watch = course()
    watch.save("b", FULL)
    pages = watch.play(*REST, "n", *REST, "n", *REST)
    assert [page.splitlines()[0] for page in pages] == ["what a asks for", "what c asks for", "what a asks for"]


def test_a_save_of_another_exercise_shows_that_one(course: Callable[..., Played]) -> None:
    watch = course()
    pages = watch.play(*REST, watch.saves("c", PART), *REST)
    assert pages[1].startswith("c: 5 of 10 points\n")


def test_a_save_before_the_first_is_found_shows_that_one(course: Callable[..., Played]) -> None:
    watch = course()
    watch.save("a", HANGS)
    [page] = watch.play(watch.saves("c", PART), *[None] * 12)
    assert page.startswith("c: 5 of 10 points\n")
    assert watch.given_up == 1


def test_it_goes_on_where_the_process_that_checks_dies(course: Callable[..., Played]) -> None:
    watch = course()
    watch.save("a", DIES)
    pages = watch.play(*REST, watch.saves("a", PART), *REST)
    assert pages[0].startswith("a was not checked: it died\n")
    assert pages[1].startswith("a: 5 of 10 points\n")


def test_the_progress_is_told_once_it_is_known(course: Callable[..., Played]) -> None:
    watch = course()
    watch.save("b", HANGS)
    [page] = watch.play(*REST)
    assert "done\n" not in page
    watch = course("d", "e")
    assert watch.play(*REST)[0].count("0 of 2 done") == 1


# ---------------------------------------------------------------- one exercise


def test_one_that_is_named_is_the_only_one(course: Callable[..., Played]) -> None:
    watch = course("a", whole=False)
    pages = watch.play(*REST, "n", watch.saves("a", FULL), *REST)
    assert pages[0].startswith("a: 0 of 10 points\n")
    assert "n next" not in pages[0]
    assert "\nFull marks. 'grader watch' goes through the whole course.\nwatching " in pages[1]
    assert watch.asked == ["a", "a"]


# ---------------------------------------------------------------- saves of all kinds


def test_a_save_without_a_change_is_said_and_not_checked(course: Callable[..., Played]) -> None:
    watch = course("a", whole=False)
    [page] = watch.play(*REST, lambda: os.utime(watch.file("a"), (5, 5)), *REST)
    assert last(page) == "a.py was saved without a change."
    assert watch.asked == ["a"]


def test_saves_within_a_moment_are_one(course: Callable[..., Played]) -> None:
    watch = course("a", whole=False)
    watch.play(*REST, watch.saves("a", PART), watch.saves("a", ""), watch.saves("a", FULL), *REST)
    assert watch.asked == ["a", "a"]
    assert watch.shown[-1].startswith("a: 10 of 10 points\n")


def test_a_save_that_was_seen_is_looked_at_again_soon(course: Callable[..., Played]) -> None:
    watch = course("a", whole=False)
    saved = list[float]()

    def save() -> None:
        watch.save("a", PART)
        saved.append(watch.now)

    watch.play(*REST, save, *REST)
    assert watch.when[1] - saved[0] < 0.2


def test_a_save_during_a_check_gives_it_up_and_begins_another(course: Callable[..., Played]) -> None:
    watch = course("a", whole=False)
    watch.save("a", HANGS)
    [page] = watch.play(*[None] * 3, watch.saves("a", PART), *[None] * 12)
    assert (watch.asked, watch.given_up) == (["a", "a"], 1)
    assert page.startswith("a: 5 of 10 points\n")


def test_a_check_that_takes_long_is_said_once(course: Callable[..., Played]) -> None:
    watch = course("a", whole=False)
    watch.save("a", HANGS)
    assert watch.play(*[None] * 100) == ["checking a.py ...\n"]
    watch = course("b", "c")
    watch.save("b", HANGS)
    assert watch.play(*[None] * 100) == ["looking for the first that is not done: b ...\n"]


def test_a_file_that_is_gone_is_said_and_checked_when_it_is_back(course: Callable[..., Played]) -> None:
    watch = course("a", whole=False)
    pages = watch.play(*REST, watch.file("a").unlink, *REST, watch.saves("a", PART), *REST)
    assert pages[1].startswith("exercises/a/a.py is not there; it is checked as soon as it is.\n\nwatching ")
    assert pages[2].startswith("a: 5 of 10 points\n")


def test_an_editor_that_puts_another_file_in_its_place_has_saved_it_once(course: Callable[..., Played]) -> None:
    watch = course("a", whole=False)
    kept = watch.file("a").with_name("a.py~")
    watch.play(*REST, lambda: watch.file("a").rename(kept), None, watch.saves("a", PART), *REST)
    assert watch.asked == ["a", "a"]
    assert len(watch.shown) == 2


def test_a_folder_that_vanishes_ends_nothing(course: Callable[..., Played]) -> None:
    import shutil

    watch = course("a", "b")

    def gone() -> None:
        shutil.rmtree(watch.home("a"))
        watch.broken = CourseError(Problem("course.yaml", 7, "there is no folder 'a'"))

    def back() -> None:
        watch.home("a").mkdir()
        (watch.home("a") / "exercise.yaml").write_text("as it is")
        watch.save("a", FULL)
        watch.broken = None

    pages = watch.play(*REST, gone, *REST, back, *REST)
    assert "course.yaml:7: there is no folder 'a'\n" in pages[-2]
    assert pages[-1].startswith("a: 10 of 10 points\n")


def test_a_helper_of_an_adopted_exercise_counts_and_so_does_an_earlier_file(course: Callable[..., Played]) -> None:
    watch = course("a", "b")
    watch.adopted, watch.needs = True, {"b": ["a"]}
    watch.save("a", FULL)
    helper = watch.home("b") / "utils" / "more.py"
    helper.parent.mkdir()
    watch.play(*REST, lambda: helper.write_text("x"), *REST, watch.saves("a", PART), *REST)
    assert watch.asked == ["a", "b", "b", "b", "a"]  # a, which b is made of, is looked at again behind it
    assert "1 of 2 done" not in watch.shown[-1].splitlines()[-1]


# ---------------------------------------------------------------- an author's changes


def test_what_defines_the_exercise_is_read_anew_by_a_new_process(course: Callable[..., Played]) -> None:
    watch = course("a", whole=False)
    world = watch.home("a") / "world.py"
    watch.play(*REST, watch.saves("a", PART), *REST)
    assert (watch.asked, watch.renewed) == (["a", "a"], 0)
    watch.play(*REST, lambda: world.write_text("x"), *REST)
    assert (watch.asked, watch.renewed) == (["a"] * 4, 1)


def test_a_course_that_cannot_be_read_is_told_and_checked_again_when_it_is_mended(
    course: Callable[..., Played],
) -> None:
    watch = course("a", "b")
    watch.save("a", FULL)
    watch.save("b", FULL)

    def broken() -> None:
        watch.broken = CourseError(Problem("exercises/b/exercise.yaml", 3, "no"))
        (watch.home("b") / "exercise.yaml").write_text("broken")

    def mended() -> None:
        watch.broken = None
        (watch.home("b") / "exercise.yaml").write_text("mended")

    pages = watch.play(*REST, broken, *REST, mended, *REST)
    told = "The course cannot be used as it is; watching goes on.\n\nexercises/b/exercise.yaml:3: no\n\n"
    assert pages[1].startswith(f"{told}2 of 2 done\n")
    assert pages[2].startswith("b: 10 of 10 points\n")
    assert watch.asked == ["a", "b", "b"]


def test_a_course_that_is_another_is_gone_through_anew(course: Callable[..., Played]) -> None:
    watch = course("a", "b")

    def without_a() -> None:
        watch.names.remove("a")
        (watch.folder / "course.yaml").write_text("without a")

    pages = watch.play(*REST, without_a, *REST)
    assert pages[1].startswith("what b asks for\n")
    assert last(pages[1]).endswith("Enter run again")


def test_of_exercises_without_a_course_one_may_be_taken_away(course: Callable[..., Played]) -> None:
    watch = course("a", "b")

    def without_a() -> None:
        watch.names.remove("a")
        (watch.home("a") / "exercise.yaml").unlink()

    pages = watch.play(*REST, without_a, *REST)
    assert [page.splitlines()[0] for page in pages] == ["what a asks for", "b: 0 of 10 points"]


# ---------------------------------------------------------------- keys


def test_h_shows_one_hint_after_the_other_and_the_next_feedback_has_them(course: Callable[..., Played]) -> None:
    watch = course("a", whole=False)
    watch.save("a", PART)
    pages = watch.play(*REST, "h", "h", "h", watch.saves("a", NONE), *REST)
    assert [line[:11] for line in pages[0].splitlines() if "Hint " in line] == [
        "  Hint 1 of",
        "Hint 2 of 3",
        "Hint 3 of 3",
    ]
    assert last(pages[0]) == "a has no more hints."
    assert pages[1].count("Hint ") == 3


@pytest.mark.parametrize("key", ["\r", "\n"])
def test_enter_checks_again_and_shows_the_feedback_that_an_exercise_without_points_began_without(
    course: Callable[..., Played], key: str
) -> None:
    watch = course("a", "b")
    pages = watch.play(*REST, key, *REST)
    assert pages[1].startswith("a: 0 of 10 points\n")
    assert watch.asked == ["a", "b", "a"]


def test_s_shows_what_is_asked_for(course: Callable[..., Played]) -> None:
    assert course("a", whole=False).play(*REST, "s")[1].startswith("what a asks for\n\nwatching ")


@pytest.mark.parametrize("key", ["q", "Q", "\x04"])
def test_q_ends_it(course: Callable[..., Played], key: str) -> None:
    assert course("a", whole=False).play(*REST, key, "s", "s")[1:] == []


@pytest.mark.parametrize("key", ["x", "\t", "é"])
def test_any_other_key_does_nothing(course: Callable[..., Played], key: str) -> None:
    assert len(course("a", whole=False).play(*REST, key, *REST)) == 1


@pytest.mark.parametrize("key", ["h", "n", "s", "\n", "\f"])
def test_before_there_is_anything_to_show_keys_do_nothing(course: Callable[..., Played], key: str) -> None:
    watch = course("a", "b")
    watch.save("a", HANGS)
    assert watch.play(None, key, None) == []


# ---------------------------------------------------------------- the window


def test_a_window_of_another_width_is_drawn_anew(course: Callable[..., Played]) -> None:
    watch = course("a", whole=False)
    watch.save("a", PART)

    def wider() -> None:
        watch.width = 120

    pages = watch.play(*REST, wider, None)
    assert [max(map(len, page.splitlines())) > 80 for page in pages] == [False, True]
    assert watch.asked == ["a"]


def test_what_was_shown_is_drawn_anew_after_the_program_was_suspended(course: Callable[..., Played]) -> None:
    first, second = course("a", whole=False).play(*REST, "\f")
    assert first == second


def test_no_key_is_parted_from_what_it_does(course: Callable[..., Played]) -> None:
    watch = course("a", whole=False)
    watch.width = 40
    [page] = watch.play(*REST)
    assert page.endswith("\nh hint, s show, q quit, Enter run again\n")
