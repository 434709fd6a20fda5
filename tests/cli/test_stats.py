"""`grader stats` in the terminal."""

import os
from pathlib import Path

from click.testing import CliRunner
from msgspec.structs import replace

from grader.batch.records import grades_csv, verdicts_jsonl
from grader.cli import main
from grader.feedback.grades import Column, Line, Score, grades
from grader.verdict import decode

VERDICTS = Path(__file__).parents[1] / "feedback" / "verdicts"


def written(folder: Path) -> Path:
    kinds = {"ann": "passed", "bob": "sequential", "cem": "sequential", "zoe\x1b[1m": "own-fault"}
    lines = [
        Line(name, "say-after", f"{name}/x.py", "00", decode((VERDICTS / f"{kind}.json").read_bytes()))
        for name, kind in kinds.items()
    ]
    book = grades("A course", [Column("say-after", "Say after", 10)], kinds, lines)
    (folder / "verdicts.jsonl").write_bytes(verdicts_jsonl(book))
    (folder / "grades.csv").write_bytes(grades_csv(book))
    return folder


def test_it_tells_scores_checks_misconceptions_and_who_was_not_marked(tmp_path: Path) -> None:
    shown = CliRunner().invoke(main, ["stats", str(written(tmp_path)), "--width", "80", "--no-color"])
    assert shown.exit_code == 0
    lines = [line.rstrip() for line in shown.stdout.splitlines()]
    assert lines[:2] == ["4 learners, 1 exercise", "  mean 67 %, median 50 %"]
    assert lines[12] == "  1 learner left out: something of theirs is not graded yet, or not marked"
    assert any(line.startswith("say-after: 3 files, 1 with full marks, mean ") for line in lines)
    (parallel,) = [line.split() for line in lines if "together: parallel" in line]
    assert parallel[2:4] == ["1", "3"]
    at = lines.index("  Misconceptions, by programs:")
    assert lines[at + 1] == "     2  await-await-thought-parallel"
    assert lines[-2:] == ["Not marked, because the grader itself failed:", "  zoe\\x1b[1m: say-after"]
    assert "\x1b" not in shown.stdout
    assert max(map(len, lines)) <= 80


def test_its_totals_are_those_of_the_policy_with_weights_and_without_what_is_excused(tmp_path: Path) -> None:
    right = decode((VERDICTS / "passed.json").read_bytes())
    columns = [
        Column("say-after", "A", 10, weight=0.5),
        Column("b", "B", 10, weight=1.5),
        Column("c", "C", 10, 1, True),
    ]
    lines = [
        *(Line("=ann", slug, "x.py", "00", replace(right, exercise=slug)) for slug in ("say-after", "c")),
        *(Line(who, slug) for who, slug in (("=ann", "b"), ("bob", "say-after"), ("bob", "c"))),
        Line("bob", "b", "x.py", "00", replace(right, exercise="b")),
    ]
    book = grades("A course", columns, ["=ann", "bob"], lines)
    (tmp_path / "verdicts.jsonl").write_bytes(verdicts_jsonl(book))
    (tmp_path / "grades.csv").write_bytes(grades_csv(book))
    assert [learner.total for learner in book.each()] == [15.0, 22.5]
    assert "mean 62 %, median 62 %" in CliRunner().invoke(main, ["stats", str(tmp_path)]).stdout
    for slugs, mean in (("say-after c", 50), ("say-after b", 50), ("b c", 70)):
        some = [word for slug in slugs.split() for word in ("--exercise", slug)]
        assert f"mean {mean} %," in CliRunner().invoke(main, ["stats", str(tmp_path), *some]).stdout


def test_a_narrow_terminal_breaks_no_number_and_no_bar(tmp_path: Path) -> None:
    shown = CliRunner().invoke(main, ["stats", str(written(tmp_path)), "--width", "40", "--no-color"])
    lines = [line.rstrip() for line in shown.stdout.splitlines()]
    assert max(map(len, lines)) <= 40
    assert f"    90 to 100 %  {'#' * 8:<16} 1" in lines  # a bar and its number in one line
    [head] = [line.split() for line in lines if " met " in line]
    assert head == ["check", "met", "of", "pts", "diff.", "discr."]


def test_an_exercise_can_be_picked_and_an_unknown_one_is_refused(tmp_path: Path) -> None:
    refused = CliRunner().invoke(main, ["stats", str(written(tmp_path)), "--exercise", "sya-after"])
    assert refused.exit_code == 2
    assert "did you mean 'say-after'?" in refused.stderr


def test_a_gradebook_that_was_changed_since_is_told(tmp_path: Path) -> None:
    out, told = written(tmp_path), "grader: the gradebook was changed since these records were written"
    gradebook = out / "gradebook.sqlite"
    gradebook.touch()
    records = (out / "verdicts.jsonl").stat()
    os.utime(gradebook, ns=(records.st_atime_ns, records.st_mtime_ns))
    assert told not in CliRunner().invoke(main, ["stats", str(out)]).stderr
    os.utime(gradebook, ns=(records.st_atime_ns, records.st_mtime_ns + 1_000_000))
    for command in (["stats", str(out)], ["export", str(out), "--format", "json"]):
        assert told in CliRunner().invoke(main, command).stderr


def test_who_was_late_with_several_exercises_has_one_line(tmp_path: Path) -> None:
    late = Score(5, "a day late", late=True)
    kinds = {"say-after": "passed", "two-downloads": "long-timeline"}
    lines = [
        Line("ann", name, "a.py", "00ff", decode((VERDICTS / f"{kind}.json").read_bytes()), score=late)
        for name, kind in kinds.items()
    ]
    book = grades("A course", [Column(name, name, 10) for name in kinds], ["ann"], lines)
    (tmp_path / "verdicts.jsonl").write_bytes(verdicts_jsonl(book))
    (tmp_path / "grades.csv").write_bytes(grades_csv(book))
    shown = CliRunner().invoke(main, ["stats", str(tmp_path), "--no-color"])
    assert shown.stdout.splitlines()[-2:] == ["Late:", "  ann: say-after, two-downloads"]
