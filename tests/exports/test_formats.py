"""Which formats there are, files named after learners, and what is said where a part is not installed."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from grader.cli import main
from grader.errors import UsageError
from grader.exports.classroom import of_rows
from grader.exports.formats import NAMES, OF_A_CLASS, OF_A_LEARNER, file_names
from grader.exports.gradescope import of_row, results
from grader.exports.moodle import feedback
from grader.exports.parquet import to_parquet
from grader.exports.sheet import Row, Sheet
from tests.exports.samples import AWKWARD, rows_of

ROOT = Path(__file__).parents[2]
TEMPLATE = "Student,ID,SIS Login ID,Section,One after the other or together? (5)\n=bob,7,bob,A,\n"


def run(*args: object) -> Result:
    return CliRunner().invoke(main, [str(arg) for arg in args])


def test_every_format_is_of_a_class_or_of_a_learner_or_canvas() -> None:
    assert sorted(NAMES) == sorted([*OF_A_CLASS, *OF_A_LEARNER, "canvas"])


@given(st.lists(AWKWARD, max_size=6, unique=True))
def test_no_two_learners_share_a_file_and_every_name_fits(learners: list[str]) -> None:
    names = file_names(tuple(learners))
    assert len({name.casefold() for name in names.values()}) == len(learners)
    for name in names.values():
        assert 0 < len(name.encode()) <= 240
        assert not set(name) & set('/\\:*?"<>|.\n\r\t ')
        assert name[0] not in "-_" or name == "learner"


def test_parquet_without_pyarrow_says_what_to_install(sheet: Sheet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(
        UsageError, match=r"Parquet needs pyarrow.*; install it with pip install 'asyncio-grader\[exports\]'"
    ):
        to_parquet(sheet)


def test_several_exercises_are_one_runner_as_bad_as_the_worst(sheet: Sheet) -> None:
    statuses = {learner: of_rows(sheet.of(learner))["status"] for learner in sheet.learners}
    assert statuses == {"=bob": "fail", "Ada Lovelace": "fail", "zoe": "error"}
    assert of_rows([row for row in sheet.of("Ada Lovelace") if row.verdict])["status"] == "pass"


@pytest.mark.parametrize("format_", OF_A_CLASS)
def test_the_command_writes_the_same_to_a_file_and_to_standard_output(format_: str, out: Path, tmp_path: Path) -> None:
    target = tmp_path / "new" / "file"
    written = run("export", out, "--format", format_, "--to", target)
    assert written.exit_code == 1
    assert written.stderr.splitlines() == [
        f"grader: the folder {target.parent} was not there and was made",
        "grader: left out: zoe, say-after: was not marked",
    ]
    assert "was made" not in run("export", out, "--format", format_, "--to", target).stderr
    assert run("export", out, "--format", format_).stdout_bytes == target.read_bytes()


def test_the_exit_code_is_0_when_nothing_is_left_out(out: Path) -> None:
    asked = run("export", out, "--format", "json", "--learner", "=bob", "--exercise", "say-after")
    assert (asked.exit_code, asked.stderr) == (0, "")
    assert [grade["learner"] for grade in json.loads(asked.stdout)["grades"]] == ["=bob"]


def test_a_format_for_each_learner_fills_a_folder(out: Path, tmp_path: Path) -> None:
    written = run("export", out, "--format", "gradescope", "--to", tmp_path / "each")
    assert written.exit_code == 1
    assert f"grader: 3 files written into {tmp_path / 'each'}\n" in written.stderr
    assert sorted(path.name for path in (tmp_path / "each").iterdir()) == ["=bob.json", "Ada_Lovelace.json", "zoe.json"]


def test_a_format_for_each_learner_needs_a_folder_unless_there_is_one_learner(out: Path, tmp_path: Path) -> None:
    refused = run("export", out, "--format", "github-classroom")
    assert refused.exit_code == 2
    assert "this format has a file for each learner (3); name a folder with --to" in refused.stderr
    alone = run("export", out, "--format", "github-classroom", "--learner", "=bob")
    assert alone.stdout.startswith("GRADER_RESULTS=")
    assert run("export", out, "--format", "gradescope", "--learner", "=bob", "--to", tmp_path / "r.json").exit_code == 0
    assert json.loads((tmp_path / "r.json").read_bytes())["score"] == 10.0


def test_canvas_without_a_template_is_refused_with_the_reason(out: Path) -> None:
    refused = run("export", out, "--format", "canvas")
    assert refused.exit_code == 2
    assert "without it Canvas would make new assignments" in refused.stderr


def test_canvas_says_whom_it_left_out_and_ends_with_1(out: Path, tmp_path: Path) -> None:
    (tmp_path / "canvas.csv").write_text(TEMPLATE)
    asked = ("export", out, "--format", "canvas", "--template", tmp_path / "canvas.csv", "--exercise", "say-after")
    filled = run(*asked, "--column", "say-after=One after the other or together?")
    assert filled.exit_code == 1
    assert filled.stdout_bytes.decode("utf-8-sig").splitlines()[1] == "'=bob,7,bob,A,6"
    assert filled.stderr == (
        "grader: left out: Ada Lovelace: is not in canvas.csv\ngrader: left out: zoe: is not in canvas.csv\n"
    )


def test_canvas_where_nothing_fits_writes_nothing(out: Path, tmp_path: Path) -> None:
    (tmp_path / "canvas.csv").write_text(TEMPLATE)
    refused = run(
        "export", out, "--format", "canvas", "--template", tmp_path / "canvas.csv", "--to", tmp_path / "x.csv"
    )
    assert refused.exit_code == 2
    assert "not one grade of these has a place in it" in refused.stderr
    assert not (tmp_path / "x.csv").exists()


@pytest.mark.parametrize("option", [("--template", "x.csv"), ("--column", "a=b"), ("--missing", "leave")])
def test_canvas_options_are_refused_elsewhere(out: Path, option: tuple[str, str]) -> None:
    refused = run("export", out, "--format", "csv", *option)
    assert refused.exit_code == 2
    assert "--template, --column and --missing are for the format canvas; leave them out for csv" in refused.stderr


def test_a_column_has_to_be_said_with_its_exercise(out: Path, tmp_path: Path) -> None:
    (tmp_path / "canvas.csv").write_text(TEMPLATE)
    asked = ("export", out, "--format", "canvas", "--template", tmp_path / "canvas.csv")
    refused = run(*asked, "--column", "say-after")
    assert "--column 'say-after': say it as EXERCISE=TITLE" in refused.stderr


def test_a_file_that_cannot_be_written_is_named(out: Path, tmp_path: Path) -> None:
    refused = run("export", out, "--format", "csv", "--to", tmp_path)
    assert refused.exit_code == 2
    assert f"{tmp_path}: cannot be written (Is a directory)" in refused.stderr


def test_moodle_tells_who_handed_in_what_cannot_be_graded_why() -> None:
    nothing = Row("bob", "say-after", "missing", None, 0.0, 10.0)
    left = replace(nothing, comment="nothing here could be graded: work.rar (an archive)")
    assert [feedback(nothing), feedback(left)] == ["Nothing was handed in.", left.comment]


def test_moodle_says_of_points_whether_the_rules_or_a_person_changed_them() -> None:
    ruled = Row("bob", "say-after", "missing", 5.0, 7.5, 10.0)
    by_hand = replace(ruled, comment="set by eve: shown in the lab", by_hand=True)
    assert feedback(ruled).splitlines()[-1] == "7.5 points count after the course's rules."
    assert feedback(by_hand).splitlines()[-2:] == ["7.5 points count, for they were set by hand.", by_hand.comment]


def cells_of(out: Path, *options: object) -> list[list[str]]:
    return rows_of(run("export", out, *options).stdout_bytes)


def test_what_is_missing_is_told_apart_from_a_zero_in_every_table(out: Path) -> None:
    """In csv and Moodle an empty cell, in Canvas what stood there, in JSON null."""
    csv_rows = cells_of(out, "--format", "csv", "--exercise", "two-downloads", "--learner", "Ada Lovelace")
    assert csv_rows[1][2:6] == ["missing", "", "", "10"]
    moodle = cells_of(out, "--format", "moodle", "--exercise", "two-downloads", "--learner", "Ada Lovelace")
    assert moodle[1:] == [["Ada Lovelace", "", ""]]
    made = json.loads(run("export", out, "--format", "json", "--learner", "Ada Lovelace").stdout)
    missing = made["grades"][1]
    assert (missing["verdict"], missing["points"], missing["points_adjusted"]) == ("missing", None, None)


@pytest.mark.parametrize(("options", "cell"), [((), "7"), (("--missing", "leave"), "7"), (("--missing", "zero"), "0")])
def test_canvas_keeps_the_cell_of_what_is_missing_unless_a_zero_is_asked_for(
    out: Path, tmp_path: Path, options: tuple[str, ...], cell: str
) -> None:
    header = "Student,ID,SIS Login ID,Section,Two downloads (78)"
    (tmp_path / "canvas.csv").write_text(f"{header}\nPoints Possible,,,,10\nAda Lovelace,1,ada,A,7\n")
    asked = ("--template", tmp_path / "canvas.csv", "--exercise", "two-downloads", "--learner", "Ada Lovelace")
    column = ("--column", "two-downloads=Two downloads (78)")
    assert cells_of(out, "--format", "canvas", *asked, *column, *options)[-1][4] == cell


def test_who_handed_in_what_cannot_be_graded_is_told_why_and_not_that_nothing_came() -> None:
    row = Row("bob", "say-after", "missing", None, None, 10.0, comment="nothing here could be graded: work.rar")
    [test] = json.loads(results([of_row(row)]))["tests"]
    assert test["output"] == row.comment
    [told] = of_rows([row])["tests"]
    assert (told["message"], told["status"], told["score"]) == (row.comment, "fail", 0)
    by_hand = replace(row, comment="set by eve: oral", by_hand=True, adjusted=8.0)
    for other, scores in ((replace(row, comment=""), [0]), (by_hand, [0, 8])):
        told = of_rows([other])["tests"]
        assert told[0]["message"].startswith("nothing was handed in")
        assert [test["score"] for test in told] == scores
