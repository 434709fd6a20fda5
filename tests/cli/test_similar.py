"""`grader similar`: whose programs look alike, in words that accuse nobody."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from grader.cli import main
from grader.exports.similar import LARGEST

ROOT = Path(__file__).parents[2]
SOLUTIONS = ROOT / "solutions" / "09_request_response"


def run(*args: object) -> Result:
    return CliRunner().invoke(main, ["similar", "--course", str(ROOT), *map(str, args)])


def handed_in(folder: Path, **programs: str) -> Path:
    for learner, file in programs.items():
        (folder / learner).mkdir(parents=True)
        shutil.copy(SOLUTIONS / file, folder / learner / "request_response.py")
    return folder


def test_two_with_the_same_program_are_shown_and_a_third_is_not(tmp_path: Path) -> None:
    others = sorted(path.name for path in SOLUTIONS.glob("accepted_*.py"))
    shown = run(handed_in(tmp_path / "class", ann="reference.py", bob="reference.py", cem=others[0]), "--least", "1")
    assert (shown.exit_code, shown.stderr) == (0, "")
    first, second, last = shown.stdout.splitlines()
    assert first == "ann and bob: alike in 1 of 1 exercises"
    assert second.startswith("  request-response: 100% of ann's own code, 100% of bob's (")
    assert last == "3 files compared; 1 pair looks alike"


def test_a_file_that_would_take_too_long_is_listed_and_not_compared(tmp_path: Path) -> None:
    folder = handed_in(tmp_path / "class", ann="reference.py", bob="reference.py", cem="reference.py")
    for learner in ("bob", "cem"):
        file = folder / learner / "request_response.py"
        file.write_text(file.read_text() + "#" * LARGEST)
    shown = run(folder)
    assert (shown.exit_code, shown.stdout) == (0, "1 file compared; no pair looks alike\n")
    assert shown.stderr.splitlines() == [
        f"not compared: {learner}/request_response.py: larger than 64 KiB; look at it yourself"
        for learner in ("bob", "cem")
    ]


def test_nobody_alike_is_said(tmp_path: Path) -> None:
    shown = run(handed_in(tmp_path / "class", ann="reference.py"))
    assert (shown.exit_code, shown.stdout) == (0, "1 file compared; no pair looks alike\n")


def test_a_folder_of_records_is_refused_with_what_to_name(tmp_path: Path) -> None:
    (tmp_path / "verdicts.jsonl").write_text("")
    refused = run(tmp_path)
    assert refused.exit_code == 2
    assert f"{tmp_path}: holds records and no programs; name the folders that were graded" in refused.stderr


def test_how_many_share_what_was_left_out_is_said_with_the_remedy(tmp_path: Path) -> None:
    class_ = handed_in(tmp_path / "class", ann="reference.py", bob="reference.py", cem="reference.py")
    shown = run(class_, "--common", "2").stdout.splitlines()
    assert shown == [
        "3 files compared; no pair looks alike",
        "request-response: 3 files share code that more than 2 have, left out; to compare that too, say --common 3",
    ]
    assert "left out" not in run(class_, "--common", "3").stdout


def handed_in_again(folder: Path) -> Path:
    """A download of Blackboard's: ann copied at first, and wrote a program of her own then."""
    folder.mkdir()
    other = next(path.name for path in sorted(SOLUTIONS.glob("accepted_*.py")))
    for learner, day, file in (("ann", 1, "reference.py"), ("ann", 2, other), ("bob", 3, "reference.py")):
        name = f"Week 1_{learner}_attempt_2026-11-0{day}-10-11-12"
        shutil.copy(SOLUTIONS / file, folder / f"{name}_request_response.py")
        (folder / f"{name}.txt").write_text(
            f"Name: {learner.title()} A ({learner})\nAssignment: Week 1\nDate Submitted: today\n\nFiles:\n"
            f"\tOriginal filename: request_response.py\n\tFilename: {name}_request_response.py\n"
        )
    return folder


@pytest.mark.parametrize(
    ("said", "files", "alike"), [((), 2, False), (("last",), 2, False), (("first",), 2, True), (("all",), 3, True)]
)
def test_the_last_attempt_is_compared_unless_it_is_said_which(
    tmp_path: Path, said: tuple[str, ...], files: int, alike: bool
) -> None:
    words = ["--attempts", *said] if said else []
    shown = run(handed_in_again(tmp_path / "class"), *words, "--least", "1")
    assert (shown.exit_code, shown.stderr) == (0, "")
    pair = ["ann and bob: alike in 1 of 1 exercises"] if alike else []
    assert [line for line in shown.stdout.splitlines() if line.startswith("ann")] == pair
    assert shown.stdout.splitlines()[-1].startswith(f"{files} files compared; ")


def test_the_attempt_that_is_compared_by_default_stands_in_the_help() -> None:
    assert "[default: last]" in " ".join(run("--help").stdout.split())


def test_records_among_the_learners_are_passed_over(tmp_path: Path) -> None:
    class_ = handed_in(tmp_path / "class", ann="reference.py", bob="reference.py")
    for where in (class_, class_ / "grades"):
        (where / "report").mkdir(parents=True)
        for name in ("verdicts.jsonl", "grades.csv", "gradebook.sqlite", "report/index.html"):
            (where / name).write_text("{}")
    shown = run(class_)
    assert (shown.exit_code, shown.stdout.splitlines()[-1]) == (0, "2 files compared; 1 pair looks alike")
    assert "ann and bob" in shown.stdout
    every = run(*sorted(class_.iterdir()))
    assert (every.exit_code, every.stdout) == (0, shown.stdout)


def test_what_cannot_be_compared_is_listed(tmp_path: Path) -> None:
    class_ = handed_in(tmp_path / "class", ann="reference.py", bob="reference.py")
    (class_ / "bob" / "notes.txt").write_text("notes")
    assert run(class_).stderr == "not compared: bob/notes.txt: not named after an exercise\n"
