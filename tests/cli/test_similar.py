"""`grader similar`: whose programs look alike, in words that accuse nobody."""

import shutil
from pathlib import Path

from click.testing import CliRunner, Result

from grader.cli import main

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
