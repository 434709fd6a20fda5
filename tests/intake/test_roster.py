"""A roster is read whatever wrote it, its mistakes are told with their lines, and nobody in it is guessed."""

from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.intake.roster import read_roster
from grader.intake.take import Asked
from tests.intake.builders import blackboard, canvas, classroom, gradescope, moodle
from tests.intake.taking import put, strays, take_in, taken

PLAIN = "id,name,email\na1,Ada Lovelace,ada@example.org\nc1,Charles Babbage,charles@example.org\n"


def roster(folder: Path, content: str | bytes = PLAIN) -> Path:
    return put(folder / "roster.csv", content)


def ids(path: Path) -> list[str]:
    return list(read_roster(path).enrolled)


def mistakes(folder: Path, content: str | bytes) -> list[str]:
    path = roster(folder, content)
    with pytest.raises(UsageError) as told:
        read_roster(path)
    return [line.replace(str(path), "r") for line in str(told.value).splitlines()]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_delimiter_and_byte_order_mark_are_found(delimiter: str, encoding: str, tmp_path: Path) -> None:
    content = 'Student ID,Full Name,E-Mail\r\n7,"Zoë, van",z@x\r\n'.replace("E-Mail", "Email")
    rows = [row.replace(",", delimiter) for row in content.replace('"Zoë, van"', "Zoë").split("\r\n")]
    [one] = read_roster(roster(tmp_path, "\r\n".join(rows).encode(encoding))).enrolled.values()
    assert (one.learner.id, one.learner.name, one.learner.email, one.line) == ("7", "Zoë", "z@x", 2)


def test_a_first_line_that_names_the_separator_to_a_spreadsheet_is_no_head(tmp_path: Path) -> None:
    [one] = read_roster(roster(tmp_path, b"sep=;\r\nid;name\r\n7;Ada\r\n")).enrolled.values()
    assert (one.learner.id, one.learner.name, one.line) == ("7", "Ada", 3)
    assert mistakes(tmp_path, "sep=;\nwho;mark\n7;1\n")[0].startswith(
        "r:2: no column tells who a learner is, found 'who'"
    )


def test_lines_may_end_as_on_an_old_mac(tmp_path: Path) -> None:
    enrolled = read_roster(roster(tmp_path, "id;name\r7;Ada\r8;Zoë\r")).enrolled.values()
    assert [(one.learner.id, one.learner.name, one.line) for one in enrolled] == [("7", "Ada", 2), ("8", "Zoë", 3)]


@pytest.mark.parametrize(
    ("head", "row", "id", "name"),
    [
        (
            "Student,ID,SIS User ID,SIS Login ID,Section,Week 1 (12)",
            '"Lovelace, Ada",11,S1,ada,A,',
            "11",
            "Lovelace, Ada",
        ),
        ("Identifier,Full name,Email address,Status,Grade", "Participant 11,Ada Lovelace,a@x,,", "a@x", "Ada Lovelace"),
        ("Identifier,Status,Grade", "Participant 11,,", "Participant 11", ""),
        ("First Name,Last Name,SID,Email,Role,Sections", "Ada,Lovelace,s1,a@x,Student,A", "s1", "Ada Lovelace"),
        ("Last Name,First Name,Username,Student ID", "Lovelace,Ada,ada,s1", "s1", "Ada Lovelace"),
        ("identifier,github_username,github_id,name", "a1,ada-l,99,", "a1", ""),
        ("Vorname,LOGIN_ID,Name", "x,ada,Ada", "ada", "Ada"),
        ("Name", "Ada", "Ada", "Ada"),
    ],
    ids=["Canvas", "Moodle", "Moodle, blind", "Gradescope", "Blackboard", "GitHub", "own", "names alone"],
)
def test_the_columns_of_each_platform_are_known(head: str, row: str, id: str, name: str, tmp_path: Path) -> None:
    [one] = read_roster(roster(tmp_path, f"{head}\n{row}\n")).enrolled.values()
    assert (one.learner.id, one.learner.name) == (id, name)


def test_rows_that_are_nobody_are_passed_over(tmp_path: Path) -> None:
    assert ids(roster(tmp_path, "Student,ID\n    Points Possible,,\n\n,\nAda,11\n")) == ["11"]


def test_all_mistakes_are_told_at_once_with_their_lines(tmp_path: Path) -> None:
    content = 'id,name,email\na,"Ada\nLovelace",a@x\na,Eve,e@x\nb,Bob,A@X\nc,Cleo,c@x,surplus\n,,no@x\n,Nobody,\n'
    assert mistakes(tmp_path, content) == [
        "r:4: id 'a' stands in line 2 too; give each learner one row",
        "r:6: has 4 cells, and there are 3 columns; put texts with separators into quotes",
        "r:5: email 'A@X' stands in line 2 too; mend one of them",
    ]


def test_a_row_that_does_not_say_who_it_is_is_a_mistake(tmp_path: Path) -> None:
    assert mistakes(tmp_path, "id,section\na,1\n,2\n") == [
        "r:3: does not say who it is, 'id' is empty; fill it or take the row out"
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "r: is empty; its first line names the columns, for example id,name,email"),
        ("id,name\n", "r: there is nobody in it; give each learner a row"),
        (b"id,name\na,Zo\xeb\n", "r:2: is not UTF-8; save it as 'CSV UTF-8'"),
        ('id,name\na,"Ada"x\n', "r:2: is no CSV (',' expected after '\"'); look at the quotation marks there"),
        (
            "a,\x1b[2J\n1,2\n",
            "r:1: no column tells who a learner is, found 'a', '\\x1b[2J'; known are id, student id, SIS",
        ),
    ],
)
def test_what_is_no_roster_is_said(content: str | bytes, told: str, tmp_path: Path) -> None:
    [line] = mistakes(tmp_path, content)
    assert line.startswith(told)


def test_a_roster_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nowhere.csv: the roster cannot be read \(No such file or directory\)$"):
        read_roster(tmp_path / "nowhere.csv")


# ---------------------------------------------------------------- joined


def asked(folder: Path, content: str = PLAIN) -> Asked:
    return Asked(roster=read_roster(roster(folder / "r", content)))


def test_who_handed_in_nothing_is_a_learner_too(tmp_path: Path) -> None:
    put(tmp_path / "class" / "a1" / "say_after.py")
    intake = take_in([tmp_path / "class"], asked=asked(tmp_path))
    assert intake.learners == ("a1", "c1")
    assert [item.learner for item in intake.handed] == ["a1"]
    assert intake.people["c1"].name == "Charles Babbage"


@pytest.mark.parametrize("folder", ["a1", "A1", "Ada Lovelace", "ada lovelace", "ADA@example.org"])
def test_a_folder_may_have_the_id_the_name_or_the_address(folder: str, tmp_path: Path) -> None:
    put(tmp_path / "class" / folder / "say_after.py")
    [item] = take_in([tmp_path / "class"], asked=asked(tmp_path)).handed
    assert (item.learner, item.name, item.email) == ("a1", "Ada Lovelace", "ada@example.org")


def test_canvas_joins_by_its_id_and_else_by_the_name_that_it_mashed(tmp_path: Path) -> None:
    canvas(tmp_path / "class", "lovelaceada", 11)
    canvas(tmp_path / "class", "babbagecharles", 12)
    with_ids = 'Student,ID\n"Babbage, Charles",12\n"Lovelace, Ada",11\n'
    assert [item.learner for item in take_in([tmp_path / "class"], asked=asked(tmp_path, with_ids)).handed] == [
        "11",
        "12",
    ]
    assert [item.learner for item in take_in([tmp_path / "class"], asked=asked(tmp_path)).handed] == ["a1", "c1"]


def test_moodles_worksheet_says_who_a_participant_is(tmp_path: Path) -> None:
    moodle(tmp_path / "class", "Participant", 4711)
    worksheet = "Identifier,Full name,Email address\nParticipant 4711,Ada Lovelace,a@x\nParticipant 4712,Eve,e@x\n"
    assert [item.learner for item in take_in([tmp_path / "class"], asked=asked(tmp_path, worksheet)).handed] == ["a@x"]


def test_a_group_of_moodles_is_all_of_the_rosters_section(tmp_path: Path) -> None:
    moodle(tmp_path / "class", "Group 7", 31)
    content = "id,name,group\na1,Ada,Group 7\nb1,Bob,Group 8\nc1,Charles,Group 7\n"
    intake = take_in([tmp_path / "class"], asked=asked(tmp_path, content))
    assert [item.learner for item in intake.handed] == ["a1", "c1"]


def test_other_platforms_join_by_what_they_know(tmp_path: Path) -> None:
    content = "id,name,email,username,github\na1,Ada,ada@x,ada_l,ada-lovelace\n"
    gradescope(tmp_path / "g", {"submission_1": {"submitters": [{"name": "A. L.", "email": "Ada@x"}]}})
    blackboard(tmp_path / "b", "A. L.", "ada_l", "2026-11-06-10-11-12", {"two_downloads.py": ""})
    classroom(tmp_path / "c", "week-1-ada-lovelace", {"first_await.py": ""})
    classroom(tmp_path / "c", "week-1-ada-byron", {"first_await.py": ""})
    intake = take_in([tmp_path / "g", tmp_path / "b", tmp_path / "c"], asked=asked(tmp_path, content))
    assert [(learner, exercise) for learner, exercise, _ in taken(intake)] == [
        ("a1", "first-await"),
        ("a1", "say-after"),
        ("a1", "two-downloads"),
    ]
    assert strays(intake) == {
        "c/week-1-ada-byron/first_await.py": "nobody in the roster is byron (week-1-ada-byron, 1-ada-byron, ada-byron, byron)"
    }


def test_who_is_in_no_roster_is_listed_and_not_graded(tmp_path: Path) -> None:
    put(tmp_path / "class" / "Eve" / "say_after.py")
    (tmp_path / "class" / "Mallory").mkdir()
    intake = take_in([tmp_path / "class"], asked=asked(tmp_path))
    assert (intake.learners, intake.handed) == (("a1", "c1"), ())
    assert strays(intake) == {
        "Eve/say_after.py": "nobody in the roster is Eve (Eve)",
        "Mallory": "nobody in the roster is Mallory (Mallory)",
    }


def test_a_name_that_two_of_the_roster_have_joins_with_neither(tmp_path: Path) -> None:
    moodle(tmp_path / "class", "Kim Lee", 1)
    intake = take_in([tmp_path / "class"], asked=asked(tmp_path, "id,name\nk1,Kim Lee\nk2,KIM  LEE\n"))
    assert intake.handed == ()
    assert list(strays(intake).values()) == ["several in the roster are called 'Kim Lee': k1 in line 2, k2 in line 3"]


def test_a_name_that_two_who_handed_in_have_joins_with_neither(tmp_path: Path) -> None:
    moodle(tmp_path / "class", "Kim Lee", 1)
    moodle(tmp_path / "class", "Kim Lee", 2)
    intake = take_in([tmp_path / "class"], asked=asked(tmp_path, "id,name\nk1,Kim Lee\n"))
    reason = "several who handed in are called 'Kim Lee', and the roster does not know their ids"
    assert (intake.handed, set(strays(intake).values())) == ((), {reason})


def test_two_files_of_one_person_are_not_two_persons(tmp_path: Path) -> None:
    moodle(tmp_path / "class", "Kim Lee", 1, {"say_after.py": "", "two_downloads.py": ""}, flat=True)
    intake = take_in([tmp_path / "class"], asked=asked(tmp_path, "id,name\nk1,Kim Lee\n"))
    assert [item.learner for item in intake.handed] == ["k1", "k1"]


def test_ids_that_two_of_the_roster_share_join_with_neither(tmp_path: Path) -> None:
    put(tmp_path / "class" / "17" / "say_after.py")
    intake = take_in([tmp_path / "class"], asked=asked(tmp_path, "id,sid\n17,1\n18,17\n"))
    assert list(strays(intake).values()) == ["several in the roster have its ids: 17 in line 2, 18 in line 3"]


def test_names_join_however_their_accents_are_composed(tmp_path: Path) -> None:
    moodle(tmp_path / "class", "Zoe\u0308 Ångström", 1)
    intake = take_in([tmp_path / "class"], asked=asked(tmp_path, "id,name\nz1,ZOË A\u030angström\n"))
    assert [item.learner for item in intake.handed] == ["z1"]


def test_a_name_joins_in_either_order(tmp_path: Path) -> None:
    put(tmp_path / "class" / "Ada Lovelace" / "say_after.py")
    put(tmp_path / "class" / "Babbage, Charles" / "say_after.py")
    content = 'Student,ID,Section\n"Lovelace, Ada",11,A\nCharles Babbage,12,A\n"Roe, Jane, Dr.",13,A\n'
    intake = take_in([tmp_path / "class"], asked=asked(tmp_path, content))
    assert [learner for learner, _, _ in taken(intake)] == ["11", "12"]


def test_a_name_that_two_handed_in_under_in_either_order_joins_with_neither(tmp_path: Path) -> None:
    put(tmp_path / "class" / "Ada Lovelace" / "say_after.py")
    put(tmp_path / "class" / "Lovelace, Ada" / "say_after.py")
    intake = take_in([tmp_path / "class"], asked=asked(tmp_path, 'Student,ID\n"Lovelace, Ada",11\n'))
    assert taken(intake) == []


def test_ids_that_somebody_has_besides_are_known(tmp_path: Path) -> None:
    put(tmp_path / "class" / "Ada Lovelace" / "say_after.py")
    put(tmp_path / "class" / "cb" / "say_after.py")
    content = "id,login,name\n11,al,Ada Lovelace\n12,cb,Charles Babbage\n13,shared,X\n14,shared,Y\n"
    intake = take_in([tmp_path / "class"], asked=asked(tmp_path, content))
    assert intake.former == {"al": "11", "cb": "12", "Ada Lovelace": "11"}
