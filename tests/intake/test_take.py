"""What is taken in, and what is listed as left out."""

import os
import sys
from pathlib import Path

import pytest

from grader.batch.nothing import insist
from grader.door.text import LARGEST
from grader.errors import UsageError
from grader.intake.roster import read_roster
from grader.intake.take import Asked
from grader.names import printable
from tests.intake.taking import EXERCISES, named, put, strays, take_in, taken


def test_files_are_found_at_any_depth(tmp_path: Path) -> None:
    put(tmp_path / "ann" / "say_after.py")
    put(tmp_path / "bob" / "week 2" / "05_say_after" / "say_after.py")
    assert taken(take_in([tmp_path], EXERCISES)) == [
        ("ann", "say-after", "ann/say_after.py"),
        ("bob", "say-after", "bob/week 2/05_say_after/say_after.py"),
    ]


@pytest.mark.parametrize("name", ["say_after.py", "05_say_after.py", "say-after.py", "Say_After.py"])
def test_a_name_is_read_generously(name: str, tmp_path: Path) -> None:
    put(tmp_path / "ann" / name)
    assert taken(take_in([tmp_path], EXERCISES)) == [("ann", "say-after", f"ann/{name}")]


def test_what_is_not_recognised_is_listed(tmp_path: Path) -> None:
    put(tmp_path / "ann" / "notes.txt")
    put(tmp_path / "ann" / "scratch.py")
    put(tmp_path / "ann" / ".git" / "say_after.py")
    put(tmp_path / "loose.py")
    intake = take_in([tmp_path], EXERCISES)
    assert intake.learners == ("ann",)
    assert intake.handed == ()
    assert strays(intake) == {
        "ann/notes.txt": "not named after an exercise",
        "ann/scratch.py": "not named after an exercise",
        "ann/.git": "hidden or made by a program; not looked into",
        "loose.py": "not a learner's folder",
    }


def test_of_two_files_for_one_exercise_the_one_in_its_folder_is_taken(tmp_path: Path) -> None:
    put(tmp_path / "ann" / "say_after.py")
    put(tmp_path / "ann" / "05_say_after" / "say_after.py")
    intake = take_in([tmp_path], EXERCISES)
    assert taken(intake) == [("ann", "say-after", "ann/05_say_after/say_after.py")]
    assert strays(intake) == {
        "ann/say_after.py": "another file for say-after; ann/05_say_after/say_after.py was graded"
    }


def test_a_learner_who_handed_in_nothing_is_still_a_learner(tmp_path: Path) -> None:
    (tmp_path / "ann").mkdir()
    intake = take_in([tmp_path], EXERCISES)
    assert (intake.learners, intake.handed, intake.strays) == (("ann",), (), ())


def test_links_that_lead_outside_are_refused(tmp_path: Path) -> None:
    put(tmp_path / "class" / "bob" / "say_after.py")
    put(tmp_path / "secret.py")
    (tmp_path / "class" / "ann").mkdir()
    (tmp_path / "class" / "ann" / "say_after.py").symlink_to(tmp_path / "secret.py")
    (tmp_path / "class" / "ann" / "two_downloads.py").symlink_to("../bob/say_after.py")
    (tmp_path / "class" / "ann" / "again").symlink_to(".")
    (tmp_path / "class" / "ann" / "gone.py").symlink_to("nowhere")
    (tmp_path / "class" / "eve").symlink_to(tmp_path)
    intake = take_in([tmp_path / "class"], EXERCISES)
    assert taken(intake) == [("bob", "say-after", "bob/say_after.py")]
    assert strays(intake) == {
        "ann/say_after.py": "a link that leads outside",
        "ann/two_downloads.py": "a link that leads outside",
        "ann/again": "a link to a folder",
        "ann/gone.py": "a link that leads nowhere",
        "eve": "a link that leads outside",
    }


def test_a_link_within_a_learners_own_folder_is_followed(tmp_path: Path) -> None:
    put(tmp_path / "ann" / "final" / "version.py")
    (tmp_path / "ann" / "say_after.py").symlink_to("final/version.py")
    assert taken(take_in([tmp_path], EXERCISES)) == [("ann", "say-after", "ann/say_after.py")]


def test_huge_files_and_special_ones_are_refused(tmp_path: Path) -> None:
    put(tmp_path / "ann" / "say_after.py", "#" * (LARGEST + 1))
    os.mkfifo(tmp_path / "ann" / "two_downloads.py")
    assert strays(take_in([tmp_path], EXERCISES)) == {
        "ann/say_after.py": "larger than 1 MiB",
        "ann/two_downloads.py": "neither a file nor a folder",
    }


def test_with_an_exercise_a_file_per_learner_will_do(tmp_path: Path) -> None:
    put(tmp_path / "ann.py")
    put(tmp_path / "bob.py")
    put(tmp_path / "carla" / "say_after.py")
    put(tmp_path / "carla" / "two_downloads.py")
    intake = take_in([tmp_path], EXERCISES, named("say-after"))
    assert taken(intake) == [
        ("ann", "say-after", "ann.py"),
        ("bob", "say-after", "bob.py"),
        ("carla", "say-after", "carla/say_after.py"),
    ]
    assert strays(intake) == {"carla/two_downloads.py": "belongs to two-downloads, which is not graded now"}


def test_files_of_exercises_that_are_not_graded_now_are_counted_in_one_line(tmp_path: Path) -> None:
    for learner in ("ann", "bob"):
        for exercise in ("say_after", "two_downloads", "needless_task"):
            put(tmp_path / learner / f"{exercise}.py")
    put(tmp_path / "ann" / "notes.txt")
    intake = take_in([tmp_path], EXERCISES, named("say-after"))
    assert len(taken(intake)) == 2
    assert strays(intake) == {
        "4 files": "belong to exercises that are not graded now: needless-task, two-downloads",
        "ann/notes.txt": "not named after an exercise",
    }


def test_of_names_that_mean_the_same_the_stubs_own_is_graded(tmp_path: Path) -> None:
    for name in ("Say_After.py", "say-after.py", "say_after (1).py", "say_after.py", "05_say_after.py"):
        put(tmp_path / "ann" / name)
    intake = take_in([tmp_path])
    assert taken(intake) == [("ann", "say-after", "ann/say_after.py")]
    assert set(strays(intake).values()) == {"another file for say-after; ann/say_after.py was graded"}


def test_a_name_in_capitals_is_taken(tmp_path: Path) -> None:
    put(tmp_path / "ann" / "SAY_AFTER.PY")
    assert taken(take_in([tmp_path])) == [("ann", "say-after", "ann/SAY_AFTER.PY")]


def test_a_name_that_a_browser_gave_a_second_download_is_taken(tmp_path: Path) -> None:
    put(tmp_path / "ann" / "say_after (2).py")
    assert taken(take_in([tmp_path])) == [("ann", "say-after", "ann/say_after (2).py")]


def test_a_name_that_is_nearly_an_exercises_is_asked_about(tmp_path: Path) -> None:
    put(tmp_path / "ann" / "sayafter.py")
    put(tmp_path / "ann" / "homework.py")
    put(tmp_path / "ann" / "sayafter.txt")
    put(tmp_path / "ann" / "say_after.txt")
    put(tmp_path / "ann" / "say_after.py.txt")
    put(tmp_path / "ann" / "two_downloads.py")
    assert strays(take_in([tmp_path])) == {
        "ann/sayafter.py": "not named after an exercise; is say_after.py meant?",
        "ann/homework.py": "not named after an exercise",
        "ann/sayafter.txt": "not named after an exercise",
        "ann/say_after.txt": "not named after an exercise; if it is a program, it has to end in .py",
        "ann/say_after.py.txt": "not named after an exercise; if it is a program, it has to end in .py",
    }


def test_with_an_exercise_one_file_may_be_named(tmp_path: Path) -> None:
    put(tmp_path / "ann.py")
    assert taken(take_in([tmp_path / "ann.py"], EXERCISES, named("say-after"))) == [("ann", "say-after", "ann.py")]


def test_without_an_exercise_a_file_cannot_be_told(tmp_path: Path) -> None:
    put(tmp_path / "ann.py")
    with pytest.raises(UsageError, match=r"ann.py: is a file; name its exercise with --exercise"):
        take_in([tmp_path / "ann.py"], EXERCISES)


def test_a_path_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nowhere: there is no such folder"):
        take_in([tmp_path / "nowhere"], EXERCISES)


def test_an_empty_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no learner's work found; give a folder that has a folder per learner"):
        insist(take_in([tmp_path], EXERCISES), [tmp_path])


def test_learners_are_sorted_as_people_sort_names(tmp_path: Path) -> None:
    for name in ("zoe", "Émile", "emil", "Ann", "李"):
        (tmp_path / name).mkdir()
    assert take_in([tmp_path], EXERCISES).learners == ("Ann", "emil", "Émile", "zoe", "李")


def test_a_name_that_is_no_utf8_is_spelled_out() -> None:
    assert printable("caf\udce9") == "caf\\xe9"


def test_several_folders_make_one_class(tmp_path: Path) -> None:
    put(tmp_path / "a" / "ann" / "say_after.py")
    put(tmp_path / "b" / "ann" / "say_after.py")
    put(tmp_path / "b" / "bob" / "two_downloads.py")
    intake = take_in([tmp_path / "a", tmp_path / "b"], EXERCISES)
    assert [item.learner for item in intake.handed] == ["ann", "bob"]
    assert strays(intake) == {"b/ann/say_after.py": "another file for say-after; a/ann/say_after.py was graded"}


# ---------------------------------------------------------------- whose a folder is


def test_a_folder_in_which_exercises_lie_is_a_learners_own(tmp_path: Path) -> None:
    put(tmp_path / "ann" / "say_after.py")
    put(tmp_path / "bob" / "05_say_after" / "say_after.py")
    put(tmp_path / "cleo" / "notes.txt")
    paths = [tmp_path / "ann", tmp_path / "bob"]
    assert taken(take_in(paths, EXERCISES)) == [
        ("ann", "say-after", "ann/say_after.py"),
        ("bob", "say-after", "bob/05_say_after/say_after.py"),
    ]
    assert taken(take_in(paths[:1], EXERCISES)) == [("ann", "say-after", "ann/say_after.py")]


def test_a_learners_folder_may_be_where_one_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "ann" / "say_after.py")
    monkeypatch.chdir(tmp_path / "ann")
    assert taken(take_in([Path(".")], EXERCISES)) == [("ann", "say-after", "say_after.py")]


def test_a_file_per_learner_stays_a_file_per_learner(tmp_path: Path) -> None:
    put(tmp_path / "ann.py")
    put(tmp_path / "bob.py")
    intake = take_in([tmp_path], EXERCISES, named("say-after"))
    assert taken(intake) == [("ann", "say-after", "ann.py"), ("bob", "say-after", "bob.py")]


@pytest.mark.parametrize("expanded", [False, True])
def test_the_records_of_a_class_are_no_learners_work(tmp_path: Path, expanded: bool) -> None:
    put(tmp_path / "ann" / "say_after.py")
    for name in ("verdicts.jsonl", "grades.csv", "report/index.html", "report/learners/bob-0.html"):
        put(tmp_path / "grades" / name)
    intake = take_in(sorted(tmp_path.iterdir()) if expanded else [tmp_path], EXERCISES)
    assert intake.learners == ("ann",)
    assert strays(intake) == {"grades": "the records of a class that was graded"}


def test_records_that_were_written_among_what_was_handed_in_are_left_out_alone(tmp_path: Path) -> None:
    put(tmp_path / "ann" / "say_after.py")
    put(tmp_path / "report" / "say_after.py")  # a learner's
    for name in ("verdicts.jsonl", "grades.csv", "gradebook.sqlite", "gradebook.sqlite-wal"):
        put(tmp_path / name)
    intake = take_in([tmp_path])
    assert intake.learners == ("ann", "report")
    assert set(strays(intake)) == {"verdicts.jsonl", "grades.csv", "gradebook.sqlite", "gradebook.sqlite-wal"}
    put(tmp_path / "report" / "index.html")
    intake = take_in([tmp_path])
    assert intake.learners == ("ann",)
    assert strays(intake)["report"] == "the records of a class that was graded"


def test_where_a_class_is_being_graded_is_no_learners_folder(tmp_path: Path) -> None:
    put(tmp_path / "ann" / "say_after.py")
    put(tmp_path / "grades" / "gradebook.sqlite")  # and no records yet: it was killed
    intake = take_in([tmp_path], EXERCISES)
    assert intake.learners == ("ann",)
    assert strays(intake) == {"grades": "the records of a class that was graded"}


def test_a_class_in_which_nothing_is_recognised_is_refused_with_the_list(tmp_path: Path) -> None:
    put(tmp_path / "ann" / "notes.py")
    intake = take_in([tmp_path], EXERCISES)
    with pytest.raises(UsageError) as refused:
        insist(intake, [tmp_path])
    said = "no file was recognised; name the files as the stubs are, or the exercise with --exercise"
    assert str(refused.value) == f"{tmp_path}: {said}\nnot graded: ann/notes.py: not named after an exercise"


def test_who_handed_in_only_what_cannot_be_graded_is_told_apart_from_who_handed_in_nothing(tmp_path: Path) -> None:
    put(tmp_path / "ann" / "say_after.py")
    put(tmp_path / "ann" / "notes.txt")
    put(tmp_path / "bob" / "work.rar")
    put(tmp_path / "carl.zip", "not an archive")
    for number in range(5):
        put(tmp_path / "dora" / f"{number}.txt")
    left = take_in([tmp_path]).left
    assert left["bob"] == "work.rar (an archive of a kind that is not unpacked; ask for a .zip)"
    assert left["carl"] == "carl.zip (an archive that is not unpacked: damaged, or not what its name says)"
    assert left["dora"] == ", ".join([*(f"{number}.txt (not named after an exercise)" for number in range(3)), "..."])
    assert set(left) == {"bob", "carl", "dora"}


def test_a_file_that_has_another_in_its_place_is_not_left_over(tmp_path: Path) -> None:
    put(tmp_path / "ann" / "say_after.py")
    assert take_in([tmp_path], only=named("two-downloads")).left == {}


def test_a_path_that_is_named_twice_is_one(tmp_path: Path) -> None:
    put(tmp_path / "ann" / "say_after.py")
    intake = take_in([tmp_path, tmp_path / "ann" / ".."], EXERCISES)
    assert (taken(intake), strays(intake)) == ([("ann", "say-after", "ann/say_after.py")], {})


def test_what_is_neither_a_folder_nor_a_file_is_told_from_what_is_not_there(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UsageError, match="pipe: is neither a folder nor a file"):
        take_in([tmp_path / "pipe"], EXERCISES)


def test_a_folder_that_cannot_be_read_is_its_learners_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "ann" / "say_after.py")
    put(tmp_path / "bob" / "say_after.py")
    real = os.scandir

    def scandir(path: Path) -> object:
        if path == tmp_path / "bob":  # as for an ordinary user
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    intake = take_in([tmp_path], EXERCISES)
    assert intake.learners == ("ann", "bob")
    assert strays(intake) == {"bob": "cannot be read (no permission)"}
    assert intake.left == {"bob": "bob (cannot be read (no permission))"}


def test_where_no_work_joins_with_the_roster_that_is_said(tmp_path: Path) -> None:
    put(tmp_path / "class" / "Ada Lovelace_101_assignsubmission_file" / "say_after.py")
    roster = read_roster(put(tmp_path / "class.csv", "id,name\n1,Ada Lovelace\n2,Ada Lovelace\n"))
    intake = take_in([tmp_path / "class"], EXERCISES, asked=Asked("moodle", roster))
    with pytest.raises(UsageError, match="no work joins with anybody in the roster; name a roster of this class"):
        insist(intake, [tmp_path])


@pytest.mark.skipif(sys.platform == "darwin", reason="the two names are one file's")
def test_two_names_that_look_alike_are_told_apart(tmp_path: Path) -> None:
    for name in ("Zo\u00eb", "Zoe\u0308"):
        put(tmp_path / name / "say_after.py")
    intake = take_in([tmp_path], EXERCISES)
    assert len(intake.handed) == 1
    [reason] = strays(intake).values()
    how = "with their letters" if intake.handed[0].file.startswith("Zo\u00eb") else "as characters of their own"
    assert (
        reason
        == f"another file for say-after; one whose name has the same letters, its accents written {how}, was graded"
    )
