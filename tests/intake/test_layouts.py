"""Each platform's download: who handed in what and when, what belongs to nobody, and how its layout is found."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from grader.door.text import LARGEST
from grader.errors import UsageError
from grader.intake.layouts import LAYOUTS, layout_of
from grader.intake.layouts.base import Setting
from grader.intake.take import Asked
from grader.intake.tree import scan
from tests.intake.builders import blackboard, canvas, classroom, gradescope, moodle, nbgrader, tarred, zip_of, zipped
from tests.intake.taking import EXERCISES, named, put, strays, take_in, taken

SETTING = Setting(frozenset(exercise.module for exercise in EXERCISES))
ONE = Setting(SETTING.modules, one_exercise=True)


def found(top: Path, setting: Setting = SETTING) -> str | None:
    layout = layout_of(scan(top), setting)
    return layout.name if layout else None


def made(name: str, top: Path) -> None:
    """A small class of two in this layout."""
    match name:
        case "folders":
            put(top / "ann" / "say_after.py")
            put(top / "bob" / "say_after.py")
        case "files":
            zipped(top / "ann.zip")
            tarred(top / "bob.tar.gz", mode="w:gz")
        case "canvas":
            canvas(top, "lovelaceada", 11)
            canvas(top, "babbagecharles", 12, late=True)
        case "moodle":
            moodle(top, "Ada Lovelace", 11)
            moodle(top, "Charles Babbage", 12)
        case "gradescope":
            people = {
                f"submission_{at}": {"submitters": [{"name": name, "sid": at}]} for at, name in ((1, "A"), (2, "C"))
            }
            gradescope(top, people)
        case "blackboard":
            blackboard(top, "Ada Lovelace", "ada", "2026-11-06-10-11-12")
            blackboard(top, "Charles Babbage", "charles", "2026-11-06-10-11-12")
        case "classroom":
            classroom(top, "week-1-ada")
            classroom(top, "week-1-charles")
        case "nbgrader":
            nbgrader(top, "ada", "say_after")
            nbgrader(top, "charles", "say_after")


@pytest.mark.parametrize("name", LAYOUTS)
def test_each_layout_is_found_by_itself(name: str, tmp_path: Path) -> None:
    made(name, tmp_path / "class")
    assert found(tmp_path / "class") == name


@pytest.mark.parametrize("name", LAYOUTS)
def test_each_layout_has_a_file_for_each_of_two_learners(name: str, tmp_path: Path) -> None:
    made(name, tmp_path / "class")
    intake = take_in([tmp_path / "class"])
    assert (len(intake.handed), len(intake.learners), intake.strays) == (2, 2, ())


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_download_may_stay_the_archive_that_it_is(name: str, tmp_path: Path) -> None:
    made(name, tmp_path / "class")
    archive = zip_of(tmp_path, tmp_path / "download.zip")
    # What is hidden in an archive is not unpacked, so that repositories look like any folders.
    intake = take_in([archive], asked=Asked("classroom" if name == "classroom" else None))
    assert (len(intake.handed), len(intake.learners), intake.strays) == (2, 2, ())


@pytest.mark.parametrize("name", LAYOUTS)
def test_each_layout_lists_what_is_not_its_own(name: str, tmp_path: Path) -> None:
    made(name, tmp_path)
    put(tmp_path / "odd.txt")
    intake = take_in([tmp_path], asked=Asked(name))
    reason = "not a learner's folder" if name == "folders" else f"not named as the layout {name!r} has it"
    assert (len(intake.handed), strays(intake)) == (2, {"odd.txt": reason})


@pytest.mark.parametrize("name", sorted({*LAYOUTS} - {"folders", "files", "classroom"}))
def test_a_layout_that_was_named_is_not_looked_for_elsewhere(name: str, tmp_path: Path) -> None:
    made("folders", tmp_path)
    if name == "gradescope":
        with pytest.raises(UsageError, match="there is no submission_metadata.yml; give the folder of the export"):
            take_in([tmp_path], asked=Asked(name))
    elif name == "nbgrader":
        assert taken(take_in([tmp_path], asked=Asked(name)))[0] == ("ann", "say-after", "ann/say_after.py")
    else:
        assert taken(take_in([tmp_path], asked=Asked(name))) == []


def test_a_layout_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"^there is no layout 'moodel'; there are folders, files, canvas, moodle, "):
        take_in([tmp_path], asked=Asked("moodel"))


def test_a_folder_that_may_be_two_things_is_a_question(tmp_path: Path) -> None:
    made("folders", tmp_path)
    canvas(tmp_path, "lovelaceada", 11)
    with pytest.raises(UsageError) as told:
        take_in([tmp_path])
    assert str(told.value) == (
        f"{tmp_path}: it may be laid out in several ways: folders (it has 2 folders); "
        "canvas (1 of 3 entries are named as Canvas names them); say which with --layout"
    )


def test_an_odd_file_or_two_make_no_question(tmp_path: Path) -> None:
    for name in ("ann", "bob", "cleo", "dmitri", "emil"):
        put(tmp_path / name / "say_after.py")
    canvas(tmp_path, "lovelaceada", 11)
    assert found(tmp_path) == "folders"


def test_two_platforms_in_one_folder_are_a_question(tmp_path: Path) -> None:
    made("moodle", tmp_path)
    made("blackboard", tmp_path)
    with pytest.raises(UsageError, match=r"moodle \(2 of 6 entries .*; blackboard \(4 of 6 entries"):
        take_in([tmp_path])


def test_what_one_learner_puts_into_their_folder_does_not_decide_how_all_are_read(tmp_path: Path) -> None:
    for name in ("ann", "bob", "cleo", "dmitri", "emil"):
        put(tmp_path / "many" / name / "say_after.py")
    nbgrader(tmp_path / "many", "eve", "week1")
    assert found(tmp_path / "many") == "folders"
    gradescope(tmp_path / "one" / "eve", {"submission_3": {"submitters": [ADA]}})
    assert found(tmp_path / "one") == "folders"


# ---------------------------------------------------------------- plain


def test_an_archive_will_do_for_a_learners_folder(tmp_path: Path) -> None:
    put(tmp_path / "ann" / "say_after.py")
    zipped(tmp_path / "bob.zip", [("week 1/say_after.py", b"pass\n"), ("notes.txt", b"")])
    intake = take_in([tmp_path])
    assert taken(intake) == [
        ("ann", "say-after", "ann/say_after.py"),
        ("bob", "say-after", "bob.zip/week 1/say_after.py"),
    ]
    assert strays(intake) == {"bob.zip/notes.txt": "not named after an exercise"}


def test_files_that_are_named_after_learners_need_an_exercise(tmp_path: Path) -> None:
    put(tmp_path / "ann.py")
    put(tmp_path / "bob.ipynb", '{"nbformat": 4, "cells": [{"cell_type": "code", "source": "x = 1"}]}')
    one = take_in([tmp_path], only=named("say-after"), asked=Asked("files"))
    assert taken(one) == [("ann", "say-after", "ann.py"), ("bob", "say-after", "bob.ipynb")]
    none = take_in([tmp_path], asked=Asked("files"))
    assert taken(none) == []
    assert set(strays(none).values()) == {"a file per learner; name its exercise with --exercise"}


def test_with_an_exercise_the_only_program_of_a_learner_may_be_called_anything(tmp_path: Path) -> None:
    put(tmp_path / "ann" / "hw1.py")
    put(tmp_path / "bob" / "hw1.py")
    put(tmp_path / "bob" / "helper.py")
    intake = take_in([tmp_path], only=named("say-after"))
    assert taken(intake) == [("ann", "say-after", "ann/hw1.py")]
    assert set(strays(intake)) == {"bob/hw1.py", "bob/helper.py"}


def test_an_archive_of_one_learner_is_named_after_them(tmp_path: Path) -> None:
    assert taken(take_in([zipped(tmp_path / "Zoë.zip")])) == [("Zoë", "say-after", "Zoë.zip/say_after.py")]


# ---------------------------------------------------------------- Canvas


def test_canvas_tells_the_user_the_name_and_whether_it_was_late(tmp_path: Path) -> None:
    canvas(tmp_path, "lovelaceada", 11, "say_after.py")
    canvas(tmp_path, "babbagecharles", 12, "say_after-2.py", late=True)
    ann, charles = take_in([tmp_path]).handed
    assert (ann.learner, ann.name, ann.late, ann.submitted) == ("11", "lovelaceada", False, None)
    assert (charles.learner, charles.name, charles.late) == ("12", "babbagecharles", True)
    assert charles.file == "babbagecharles_LATE_12_7_say_after-2.py"


@pytest.mark.parametrize("late", [False, True])
def test_canvas_leaves_underscores_in_names(late: bool, tmp_path: Path) -> None:
    canvas(tmp_path, "smithann_marie", 13, "05_say_after.py", late=late)
    [item] = take_in([tmp_path]).handed
    assert (item.learner, item.name, item.late, item.exercise) == ("13", "smithann_marie", late, "say-after")


def test_several_files_of_one_canvas_user_are_one_attempt(tmp_path: Path) -> None:
    canvas(tmp_path, "lovelaceada", 11, "say_after.py", attachment=1)
    canvas(tmp_path, "lovelaceada", 11, "two_downloads.py", attachment=2)
    intake = take_in([tmp_path])
    assert [(item.learner, item.exercise, item.attempt) for item in intake.handed] == [
        ("11", "say-after", 1),
        ("11", "two-downloads", 1),
    ]


def test_anonymous_files_of_canvas_have_the_id_that_it_gives(tmp_path: Path) -> None:
    put(tmp_path / "anon_Xy3_7_say_after.py")
    put(tmp_path / "LATE_anon_Zq9_8_say_after.py")
    assert [(item.learner, item.late) for item in take_in([tmp_path]).handed] == [
        ("anon_Xy3", False),
        ("anon_Zq9", True),
    ]


def test_what_was_typed_into_canvas_is_listed_and_its_learner_known(tmp_path: Path) -> None:
    canvas(tmp_path, "lovelaceada", 11)
    put(tmp_path / "babbagecharles_12_text.html")
    put(tmp_path / "nobodyno_13_link.html")
    intake = take_in([tmp_path])
    assert intake.learners == ("11", "12", "13")
    assert strays(intake) == {
        "babbagecharles_12_text.html": "text typed into Canvas; files only are graded",
        "nobodyno_13_link.html": "a link; files only are graded",
    }


def test_an_archive_handed_in_through_canvas_is_unpacked(tmp_path: Path) -> None:
    zipped(tmp_path / "lovelaceada_11_7_week1.zip")
    assert taken(take_in([tmp_path])) == [("11", "say-after", "lovelaceada_11_7_week1.zip/say_after.py")]


# ---------------------------------------------------------------- Moodle


@pytest.mark.parametrize("trailing", ["", "_"])
def test_moodles_folders_tell_the_name_and_an_id_of_this_assignment(trailing: str, tmp_path: Path) -> None:
    moodle(tmp_path, "Ada_Maria Lovelace", 4711, {"a/say_after.py": "pass\n"}, trailing=trailing)
    [item] = take_in([tmp_path]).handed
    assert (item.learner, item.name) == ("Ada_Maria Lovelace_4711", "Ada_Maria Lovelace")
    assert item.file == f"Ada_Maria Lovelace_4711_assignsubmission_file{trailing}/a/say_after.py"


def test_moodle_may_be_flat(tmp_path: Path) -> None:
    moodle(tmp_path, "Ada Lovelace", 11, {"say_after.py": "", "two_downloads.py": "", "notes.txt": ""}, flat=True)
    intake = take_in([tmp_path])
    assert [(item.learner, item.exercise, item.attempt) for item in intake.handed] == [
        ("Ada Lovelace_11", "say-after", 1),
        ("Ada Lovelace_11", "two-downloads", 1),
    ]
    assert strays(intake) == {"Ada Lovelace_11_assignsubmission_file_notes.txt": "not named after an exercise"}


def test_moodle_may_be_blind(tmp_path: Path) -> None:
    moodle(tmp_path, "Participant", 11)
    [item] = take_in([tmp_path]).handed
    assert (item.learner, item.name) == ("Participant_11", "")


def test_text_typed_into_moodle_is_listed(tmp_path: Path) -> None:
    moodle(tmp_path, "Ada Lovelace", 11)
    put(tmp_path / "Ada Lovelace_11_assignsubmission_onlinetext" / "onlinetext.html")
    assert strays(take_in([tmp_path])) == {
        "Ada Lovelace_11_assignsubmission_onlinetext/onlinetext.html": "text typed into Moodle; files only are graded"
    }


# ---------------------------------------------------------------- Gradescope

ADA = {"name": "Ada Lovelace", "sid": "a1", "email": "ada@example.org"}
WHEN = datetime(2026, 11, 6, 10, 11, 12, tzinfo=timezone(timedelta(hours=-7)))


def test_gradescopes_metadata_tells_who_when_and_which_attempt(tmp_path: Path) -> None:
    about = {"submitters": [ADA], "created_at": WHEN, "history": [{"id": 1}, {"id": 2}]}
    gradescope(tmp_path / "assignment_9_export", {"submission_3": about})
    [item] = take_in([tmp_path]).handed
    assert (item.learner, item.name, item.email, item.attempt) == ("a1", "Ada Lovelace", "ada@example.org", 3)
    assert (item.submitted, item.submitted_by) == (WHEN, "submission_metadata.yml")


def test_who_has_neither_number_nor_address_at_gradescope_goes_by_the_name(tmp_path: Path) -> None:
    people = [{"name": "No Mail", "sid": 77}, {"name": "No Number", "email": "n@x"}, {"name": "Neither"}]
    gradescope(tmp_path, {f"submission_{at}": {"submitters": [one]} for at, one in enumerate(people)})
    assert take_in([tmp_path]).learners == ("77", "n@x", "Neither")


def test_a_group_of_gradescopes_hands_in_for_each_of_its_members(tmp_path: Path) -> None:
    gradescope(tmp_path, {"submission_3": {"submitters": [ADA, {"name": "Charles", "sid": "c1"}]}})
    assert taken(take_in([tmp_path])) == [
        ("a1", "say-after", "submission_3/say_after.py"),
        ("c1", "say-after", "submission_3/say_after.py"),
    ]


def test_a_submission_without_a_submitter_is_listed(tmp_path: Path) -> None:
    gradescope(tmp_path, {"submission_3": {"submitters": [ADA]}, "submission_4": {"submitters": []}})
    put(tmp_path / "submission_5" / "say_after.py")
    reason = "submission_metadata.yml does not say whose it is"
    assert strays(take_in([tmp_path])) == {"submission_4/say_after.py": reason, "submission_5/say_after.py": reason}


@pytest.mark.parametrize("content", ["a: [", "- 1", "!!python/object/apply:os.system ['true']", "[" * 5000])
def test_metadata_that_cannot_be_read_is_said(content: str, tmp_path: Path) -> None:
    put(tmp_path / "submission_metadata.yml", content)
    with pytest.raises(UsageError, match=r"submission_metadata.yml: .*; export once more$"):
        take_in([tmp_path])


def test_the_metadata_of_a_large_class_may_be_large(tmp_path: Path) -> None:
    gradescope(tmp_path, {"submission_3": {"submitters": [ADA], "results": ["#" * LARGEST]}})
    assert found(tmp_path) == "gradescope"
    assert len(take_in([tmp_path]).handed) == 1


def test_a_time_without_zone_is_none_until_somebody_names_it(tmp_path: Path) -> None:
    gradescope(tmp_path, {"submission_3": {"submitters": [ADA], "created_at": datetime(2026, 7, 6, 10, 11, 12)}})
    [item] = take_in([tmp_path]).handed
    told = "submission_metadata.yml says 2026-07-06 10:11:12 and no time zone; name it with --time-zone"
    assert (item.submitted, item.submitted_by) == (None, told)
    [item] = take_in([tmp_path], asked=Asked(zone=ZoneInfo("Europe/Berlin"))).handed
    assert item.submitted is not None
    assert item.submitted.isoformat() == "2026-07-06T10:11:12+02:00"


# ---------------------------------------------------------------- Blackboard


def test_blackboards_receipt_tells_who_and_the_files_own_names(tmp_path: Path) -> None:
    blackboard(tmp_path, "Ada Lovelace", "ada_l", "2026-11-06-10-11-12", {"say after.py": "", "say_after.py": "pass\n"})
    intake = take_in([tmp_path], asked=Asked(zone=UTC))
    [item] = intake.handed
    assert (item.learner, item.name) == ("ada_l", "Ada Lovelace")
    assert item.submitted == datetime(2026, 11, 6, 10, 11, 12, tzinfo=UTC)
    assert strays(intake) == {
        "Week 1_ada_l_attempt_2026-11-06-10-11-12_sayafter.py": "not named after an exercise; is say_after.py meant?"
    }


def test_a_name_on_blackboards_receipt_may_have_brackets(tmp_path: Path) -> None:
    blackboard(tmp_path, "Wang Wei (Vivian)", "wwei", "2026-11-06-10-11-12")
    [item] = take_in([tmp_path]).handed
    assert (item.learner, item.name) == ("wwei", "Wang Wei (Vivian)")


def test_blackboards_attempts_come_in_order(tmp_path: Path) -> None:
    for stamp in ("2026-11-06-10-11-12", "2026-11-06-09-11-12", "2026-9-30-23-59-59"):
        blackboard(tmp_path, "Ada Lovelace", "ada", stamp)
    assert [(item.attempt, item.file[19:]) for item in take_in([tmp_path]).handed] == [
        (1, "2026-9-30-23-59-59_say_after.py"),
        (2, "2026-11-06-09-11-12_say_after.py"),
        (3, "2026-11-06-10-11-12_say_after.py"),
    ]


def test_files_without_a_receipt_are_listed(tmp_path: Path) -> None:
    blackboard(tmp_path, "Ada Lovelace", "ada", "2026-11-06-10-11-12").unlink()
    blackboard(tmp_path, "Charles Babbage", "charles", "2026-11-06-10-11-12")
    assert strays(take_in([tmp_path])) == {
        "Week 1_ada_attempt_2026-11-06-10-11-12_say_after.py": "no receipt of Blackboard's says whose it is"
    }


def test_a_receipt_that_a_student_made_is_a_file_of_theirs(tmp_path: Path) -> None:
    forged = "Week 1_bob_attempt_2026-11-06-11-00-00.txt"
    blackboard(tmp_path, "Eve", "eve", "2026-11-06-10-11-12", {forged: "Name: Bob (bob)\n\nFiles:\n"})
    intake = take_in([tmp_path])
    assert intake.learners == ("eve",)
    assert list(strays(intake).values()) == ["not named after an exercise"]


def test_what_a_student_typed_into_a_receipt_is_not_believed(tmp_path: Path) -> None:
    saved = "Week 1_eve_attempt_2026-11-06-10-11-12_x.py"
    typed = f"Name: Bob (bob)\nFiles:\n\tOriginal filename: say_after.py\n\tFilename: {saved}"
    blackboard(tmp_path, "Eve", "eve", "2026-11-06-10-11-12", {"x.py": ""}, comment=typed)
    intake = take_in([tmp_path])
    assert (intake.learners, taken(intake)) == (("eve",), [])


def test_a_receipt_that_names_another_than_its_own_name_is_listed(tmp_path: Path) -> None:
    receipt = blackboard(tmp_path, "Eve", "eve", "2026-11-06-10-11-12")
    receipt.write_text(receipt.read_text().replace("(eve)", "(bob)"))
    assert take_in([tmp_path]).handed == ()


# ---------------------------------------------------------------- GitHub Classroom


def test_repositories_are_named_after_the_assignment_and_the_user(tmp_path: Path) -> None:
    classroom(tmp_path, "say-after-ada-l", {"src/say_after.py": "pass\n", "README.md": ""})
    classroom(tmp_path, "say-after-charles")
    intake = take_in([tmp_path])
    assert taken(intake) == [
        ("ada-l", "say-after", "say-after-ada-l/src/say_after.py"),
        ("charles", "say-after", "say-after-charles/say_after.py"),
    ]
    assert strays(intake) == {"say-after-ada-l/README.md": "not named after an exercise"}  # and not a word of .git


def test_the_folder_of_a_classroom_tells_where_the_users_names_begin(tmp_path: Path) -> None:
    classroom(tmp_path / "week-1-submissions", "week-1-ann-a")
    classroom(tmp_path / "week-1-submissions", "week-1-ann-b")
    assert take_in([tmp_path / "week-1-submissions"]).learners == ("ann-a", "ann-b")


def test_folders_without_repositories_are_no_classroom(tmp_path: Path) -> None:
    put(tmp_path / "Anna-Lena" / "say_after.py")
    put(tmp_path / "Anna-Maria" / "say_after.py")
    assert found(tmp_path) == "folders"


# ---------------------------------------------------------------- nbgrader


@pytest.mark.parametrize(
    ("stamp", "moment"),
    [
        ("2026-11-06 10:11:12.123456 UTC", "2026-11-06T10:11:12.123456+00:00"),
        ("2026-11-06 10:11:12 Europe/Berlin\n", "2026-11-06T10:11:12+01:00"),
        ("2026-11-06 10:11:12 -0700", "2026-11-06T10:11:12-07:00"),
        ("2026-11-06T10:11:12+00:00", "2026-11-06T10:11:12+00:00"),
    ],
)
def test_nbgraders_timestamp_is_the_time_of_submission(stamp: str, moment: str, tmp_path: Path) -> None:
    nbgrader(tmp_path, "ada", "week1", stamp=stamp)
    [item] = take_in([tmp_path]).handed
    assert item.submitted is not None
    assert (item.submitted.isoformat(), item.submitted_by) == (moment, "timestamp.txt")


@pytest.mark.parametrize("stamp", ["yesterday", "2026-11-06 10:11:12 EST", "2026-11-06 10:11:12 Mars/Base", "", "\xff"])
def test_a_timestamp_that_may_mean_several_times_is_none(stamp: str, tmp_path: Path) -> None:
    nbgrader(tmp_path, "ada", "week1", stamp=stamp)
    [item] = take_in([tmp_path]).handed
    assert (item.submitted, item.submitted_by) == (None, "timestamp.txt says no time that is known")


NO_LEARNER = "a folder of an nbgrader course; what learners handed in was taken from submitted/"


@pytest.mark.parametrize("stamp", ["2026-11-06 10:11:12 UTC", None], ids=["collected", "put there by hand"])
@pytest.mark.parametrize(
    "others", [["source"], ["nbgrader_config.py"], ["source", "release", "autograded", "feedback", "gradebook.db"]]
)
def test_of_nbgraders_course_folder_only_the_submitted_one_has_learners_in_it(
    tmp_path: Path, others: list[str], stamp: str | None
) -> None:
    nbgrader(tmp_path / "submitted", "ada", "week1", stamp=stamp)
    for name in others:
        put(tmp_path / name if "." in name else tmp_path / name / "ada" / "say_after.py")
    intake = take_in([tmp_path])
    assert taken(intake) == [("ada", "say-after", "submitted/ada/week1/say_after.py")]
    assert intake.learners == ("ada",)
    assert strays(intake) == {name: NO_LEARNER for name in others if "." not in name}


def test_an_nbgrader_course_in_which_nothing_was_collected_has_no_learners(tmp_path: Path) -> None:
    put(tmp_path / "nbgrader_config.py")
    put(tmp_path / "source" / "week1" / "say_after.py")
    intake = take_in([tmp_path])
    assert (intake.learners, strays(intake)) == ((), {"source": NO_LEARNER})


def test_a_learner_may_be_called_as_one_of_nbgraders_folders_is(tmp_path: Path) -> None:
    put(tmp_path / "release" / "say_after.py")
    put(tmp_path / "ada" / "say_after.py")
    assert take_in([tmp_path]).learners == ("ada", "release")


def test_the_stub_beside_a_notebook_of_nbgraders_is_nobodys_work(tmp_path: Path) -> None:
    book = '{"nbformat": 4, "cells": [{"cell_type": "code", "source": "x = 1"}]}'
    beside = {"exercises/05_say_after/say_after.py": "pass\n", "exercises/05_say_after/exercise.yaml": "x: 1"}
    nbgrader(tmp_path, "ada", "week1", {"say-after.ipynb": book, **beside})
    nbgrader(tmp_path, "bob", "week1", beside)
    intake = take_in([tmp_path])
    assert taken(intake) == [
        ("ada", "say-after", "ada/week1/say-after.ipynb"),
        ("bob", "say-after", "bob/week1/exercises/05_say_after/say_after.py"),
    ]
    assert list(strays(intake)) == ["bob/week1/exercises/05_say_after/exercise.yaml"]


BOOK = '{"nbformat": 4, "cells": [{"cell_type": "code", "source": "x = 1"}]}'
UNIT = named("say-after").unit
BUILT = {
    "say-after.ipynb": BOOK,
    "exercises/05_say_after/say_after.py": Path(named("say-after").folder, "say_after.py").read_text(),
    "exercises/05_say_after/exercise.yaml": "x: 1",
    "exercises/05_say_after/README.md": "",
}


def test_nbgraders_folder_without_any_timestamp_is_known_by_a_units_notebooks(tmp_path: Path) -> None:
    for name in ("ada", "bob"):
        nbgrader(tmp_path, name, UNIT, BUILT, stamp=None)
    setting = Setting(SETTING.modules, books=frozenset({(UNIT, "say_after")}))
    assert found(tmp_path, setting) == "nbgrader"
    assert found(tmp_path, Setting(SETTING.modules, books=frozenset({("elsewhere", "say_after")}))) == "folders"
    intake = take_in([tmp_path])
    assert taken(intake) == [(name, "say-after", f"{name}/{UNIT}/say-after.ipynb") for name in ("ada", "bob")]
    assert not intake.strays


def test_repositories_with_a_units_notebooks_are_a_classrooms(tmp_path: Path) -> None:
    for name in ("ada", "bob"):
        classroom(tmp_path / "lab-submissions", f"lab-{name}", {f"{UNIT}/say-after.ipynb": BOOK})
    assert take_in([tmp_path / "lab-submissions"]).learners == ("ada", "bob")


@pytest.mark.parametrize("way", ["folders", "zip", "moodle", "canvas"])
def test_a_whole_released_folder_is_its_notebook_however_it_is_handed_in(way: str, tmp_path: Path) -> None:
    files = [(f"week1/{name}", content.encode()) for name, content in BUILT.items()]
    match way:
        case "folders":
            for name, content in files:
                put(tmp_path / "ada" / "mine" / name, content)
        case "zip":
            zipped(tmp_path / "ada.zip", files)
        case "moodle":
            zipped(tmp_path / "Ada Lee_11_assignsubmission_file" / "all.zip", files)
        case "canvas":
            zipped(tmp_path / "leeada_11_7_all.zip", files)
    intake = take_in([tmp_path])
    assert [item.file.rpartition("/")[2] for item in intake.handed] == ["say-after.ipynb"]
    assert not intake.strays


def test_who_changed_the_stub_beside_the_notebook_is_told_that_the_notebook_is_graded(tmp_path: Path) -> None:
    changed = {**BUILT, "exercises/05_say_after/say_after.py": "pass\n"}
    for name, content in changed.items():
        put(tmp_path / "ada" / name, content)
    intake = take_in([tmp_path])
    assert taken(intake) == [("ada", "say-after", "ada/say-after.ipynb")]
    assert strays(intake) == {
        "ada/exercises/05_say_after/say_after.py": "another file for say-after; ada/say-after.ipynb was graded"
    }


def test_who_works_in_the_exercises_folder_beside_another_notebook_is_graded_there(tmp_path: Path) -> None:
    nbgrader(
        tmp_path, "ada", "repository", {**BUILT, "first-await.ipynb": BOOK} | {"say-after.ipynb": "{}"}, stamp=None
    )
    (tmp_path / "ada" / "repository" / "say-after.ipynb").unlink()
    files = [(item.exercise, item.file) for item in take_in([tmp_path]).handed]
    assert files == [
        ("first-await", "ada/repository/first-await.ipynb"),
        ("say-after", "ada/repository/exercises/05_say_after/say_after.py"),
    ]


def test_the_courses_own_stub_is_never_preferred_to_a_notebook(tmp_path: Path) -> None:
    exercise = named("say-after")
    stub = Path(exercise.folder, "say_after.py").read_text()
    put(tmp_path / "ada" / "say_after" / "say_after.py", stub.replace("\n", "\r\n"))
    put(tmp_path / "ada" / "my" / "say-after.ipynb", BOOK)
    put(tmp_path / "bob" / "say_after" / "say_after.py", stub + "# mine\n")
    put(tmp_path / "bob" / "my" / "say-after.ipynb", BOOK)
    put(tmp_path / "eve" / "say_after" / "say_after.py", stub)
    assert [file for _, _, file in taken(take_in([tmp_path]))] == [
        "ada/my/say-after.ipynb",
        "bob/say_after/say_after.py",
        "eve/say_after/say_after.py",
    ]


def test_the_only_program_in_an_assignment_named_after_an_exercise_is_its(tmp_path: Path) -> None:
    nbgrader(tmp_path, "ada", "05_say_after", {"problem1.py": "pass\n"})
    nbgrader(tmp_path, "bob", "05_say_after", {"problem1.py": "", "problem2.py": ""})
    intake = take_in([tmp_path])
    assert taken(intake) == [("ada", "say-after", "ada/05_say_after/problem1.py")]
    assert len(intake.strays) == 2


# ---------------------------------------------------------------- everywhere


def test_links_of_one_learner_to_another_are_refused_in_any_layout(tmp_path: Path) -> None:
    secret = put(tmp_path / "secret.py")
    top = tmp_path / "class"
    nbgrader(top / "n", "ada", "week1", {"x.txt": ""})
    nbgrader(top / "n", "bob", "week1")
    (top / "n" / "ada" / "week1" / "say_after.py").symlink_to(top / "n" / "bob" / "week1" / "say_after.py")
    moodle(top / "m", "Ada", 11)
    (top / "m" / "Ada_11_assignsubmission_file" / "two_downloads.py").symlink_to(secret)
    canvas(top / "c", "lovelaceada", 11)
    (top / "c" / "eveeve_12_7_say_after.py").symlink_to("lovelaceada_11_7_say_after.py")
    for name, refused in (
        ("n", "ada/week1/say_after.py"),
        ("m", "Ada_11_assignsubmission_file/two_downloads.py"),
        ("c", "eveeve_12_7_say_after.py"),
    ):
        assert strays(take_in([top / name]))[refused] == "a link that leads outside"


def test_names_that_are_composed_differently_are_one_learner(tmp_path: Path) -> None:
    put(tmp_path / "Zoe\u0308" / "say_after.py")
    put(tmp_path / "Zo\u00eb" / "two_downloads.py")
    intake = take_in([tmp_path])
    assert [(item.learner, item.exercise) for item in intake.handed] == [("Zoë", "say-after"), ("Zoë", "two-downloads")]


def test_folders_without_end_are_not_followed(tmp_path: Path) -> None:
    deep = tmp_path / "ann"
    for _ in range(70):
        deep = deep / "d"
    put(deep / "say_after.py")
    [(path, reason)] = strays(take_in([tmp_path])).items()
    assert (path.count("/"), reason) == (64, "deeper than 64 folders; not looked into")


def test_paths_that_end_alike_keep_their_files_apart(tmp_path: Path) -> None:
    put(tmp_path / "1" / "class" / "ann" / "say_after.py")
    put(tmp_path / "2" / "class" / "bob" / "say_after.py")
    files = [file for _, _, file in taken(take_in([tmp_path / "1" / "class", tmp_path / "2" / "class"]))]
    assert files == [f"{tmp_path}/1/class/ann/say_after.py", f"{tmp_path}/2/class/bob/say_after.py"]


@pytest.mark.parametrize("sid", ["0012345", "1_000", "12e4", "0x1f", "1:30", "007.50"])
def test_a_number_of_gradescopes_is_taken_as_it_is_written(tmp_path: Path, sid: str) -> None:
    put(tmp_path / "submission_3" / "say_after.py")
    told = f":submitters:\n  - :name: No\n    :sid: {sid}\n    :email:\n  :created_at: 2026-07-06 10:11:12 Z\n"
    put(tmp_path / "submission_metadata.yml", "submission_3:\n  " + told)
    [one] = take_in([tmp_path]).handed
    assert (one.learner, one.name, str(one.submitted)) == (sid, "No", "2026-07-06 10:11:12+00:00")
