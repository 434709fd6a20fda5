"""What is told of a file's cost: with a page of the report, and without; and what stands in the place of that page."""

import sys
from pathlib import Path

import pytest

from bench import cluster, graded, grading, page, pythons
from grader import cli
from grader.batch.book import write_records
from grader.feedback.grades import Column, Line, grades
from grader.feedback.text import render
from grader.report import report
from grader.verdict import decode

ASKED_FOR = "verdict, feedback, row of the gradebook"
VERDICT = decode((Path(__file__).parent.parent / "feedback" / "verdicts" / "passed.json").read_bytes())


COSTS = {"A": 0.014, "B": 0.015, "none": 0.1}


def bare(few: float, many: float) -> grading.Bare:
    return grading.Bare(sys.executable, [(few, 9, 9), (few + 1, 1, 1)], [(many, 9, 9), (many + 2, 1, 1)], [0.02, 0.01])


def made() -> list[page.Row]:
    own = bare(1, 2.04).row(f"{ASKED_FOR}, isolation A", 80, "at most 1.2")
    return [own, *grading.of_each_file(COSTS, nothing=0.01, pytest=0.35, notebook=0.7)]


def test_the_aim_is_at_what_it_speaks_of_and_the_page_of_the_report_has_a_row_of_its_own() -> None:
    assert [row.cells() for row in made()] == [
        [f"{ASKED_FOR}, isolation A", grading.PASS, "13.0 ms", "10.0 ms", "1.30", "at most 1.2"],
        ["each file, isolation A", grading.PASS, "14.0 ms", "10.0 ms", "1.40", ""],
        ["the same", "`pytest`, a process for each file", "14.0 ms", "350.0 ms", "0.040", "at most 0.04"],
        ["the same", "`nbgrader autograde`, each notebook", "14.0 ms", "700.0 ms", "0.020", "at most 0.0167"],
        ["each file, isolation B", grading.PASS, "15.0 ms", "10.0 ms", "1.50", ""],
        ["each file, isolation none", grading.PASS, "100.0 ms", "10.0 ms", "10.00", ""],
    ]


def test_in_the_place_of_the_report_there_is_the_text_that_a_terminal_shows_and_nothing_else(tmp_path: Path) -> None:
    lines = [Line(name, "say-after", f"{name}/say_after.py", "ab" * 32, VERDICT) for name in ("ann", "bob")]
    book = grades("A course", [Column("say-after", "Say after", 10)], ["ann", "bob"], lines)
    assert write_records(book, tmp_path, graded.Texts).graded == 2
    files = [path for path in (tmp_path / "report").rglob("*") if path.is_file()]
    assert len(files) == 2
    shown = render(VERDICT, width=graded.WIDTH, colour=False, ascii_only=False)
    assert [path.read_text(encoding="utf-8") for path in files] == [shown, shown]
    assert {path.name for path in tmp_path.iterdir()} == {"grades.csv", "report", "verdicts.jsonl"}


def test_the_command_finds_it_where_the_report_would_be_and_only_as_long_as_it_runs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found, before = list[object](), report.Report
    monkeypatch.setattr(cli, "main", lambda: found.append(report.Report))
    graded.main()
    assert found == [graded.Texts]
    assert report.Report is before


def test_what_a_further_notebook_costs_is_the_difference_of_the_quickest_of_two_classes() -> None:
    assert grading.further({2: [4.0, 5.0], 10: [9.0, 8.8]}) == pytest.approx(0.6)


def test_each_python_that_is_installed_is_measured_once_and_this_one_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    versions = {sys.executable: "3.11.7"}
    for name, said in ((".venv-3.11", "3.11.7"), (".venv-3.13", "3.13.0"), (".venv-bench", "3.12.1")):
        python = tmp_path / name / "bin" / "python"
        python.parent.mkdir(parents=True)
        python.touch()
        versions[str(python)] = said
    monkeypatch.setattr(pythons, "ROOT", tmp_path)
    monkeypatch.setattr(pythons, "version", versions.__getitem__)
    assert pythons.interpreters() == [sys.executable, str(tmp_path / ".venv-3.13" / "bin" / "python")]


def test_the_page_is_written_as_the_bench_writes_it_now() -> None:
    there = page.parts(page.PAGE.read_text(encoding="utf-8"))[grading.SECTION].splitlines()

    def fixed(lines: list[str]) -> list[str]:
        return [line for line in lines if not line.startswith(("|", "to another machine"))]

    def told(lines: list[str]) -> list[list[str]]:
        cells = [[cell.strip() for cell in line.split("|")] for line in lines if line.startswith("| ")]
        found = [[row[1], row[2], row[6]] for row in cells if not row[1].startswith("the same on Python")]
        return found[2:][: len(made())]

    fresh = grading.section(made(), grading.ROUNDS)
    assert fixed(there) == fixed(fresh)
    assert told(there) == told(fresh)
    assert cluster.grading_seconds() > 0  # which reads it there
