"""What `make bench-adopted` writes: the grader's verdicts in the judge's words, a class of whole repositories, its section."""

import json
import sys
from pathlib import Path

import pytest

from bench import adopted, adopted_grading, page
from bench.adopted_grading import Compared, Cost
from bench.adopted_own import WITH_OWN
from bench.adopted_scenarios import SCENARIOS
from grader.grading import grade
from grader.verdict import encode, outcome_of
from tests.adopted_course.planned import EXERCISES, SUBMISSIONS


def test_verdicts_are_told_in_the_words_of_the_table(tmp_path: Path) -> None:
    lines = [json.dumps({"learner": "ann", "exercise": "watcher", "status": "missing", "points": 0, "max_points": 10})]
    for learner, slug, file in (
        ("edgar", "watcher", "night_bus/3-watcher.py"),
        ("otto", "watcher", "night_bus/3-watcher.py"),
        ("dora", "mean-wait", "night_bus/2-timed.py"),
        ("nora", "high-water", "river_gauge/1-high_water.py"),
        ("knut", "high-water", "river_gauge/1-high_water.py"),
    ):
        verdict = grade(EXERCISES[slug], SUBMISSIONS / learner / file)
        lines.append(json.dumps({"learner": learner, **json.loads(encode(verdict))}))
    (tmp_path / "verdicts.jsonl").write_text("\n".join(lines) + "\n")
    assert adopted_grading.said(tmp_path / "verdicts.jsonl") == {
        ("edgar", "watcher"): "right",
        ("otto", "watcher"): "not yet: once result",
        ("dora", "mean-wait"): "crash",
        ("nora", "high-water"): "right",
        ("nora", f"high-water{WITH_OWN}"): "not yet",
        ("knut", "high-water"): "right",
        ("knut", f"high-water{WITH_OWN}"): "does not import",
    }


def test_a_file_that_is_tried_with_the_learners_own_files_as_well_is_played_twice_in_each_case(tmp_path: Path) -> None:
    verdicts = [
        grade(EXERCISES["watcher"], SUBMISSIONS / "edgar" / "night_bus" / "3-watcher.py"),
        grade(EXERCISES["high-water"], SUBMISSIONS / "jill" / "river_gauge" / "1-high_water.py"),
    ]
    (tmp_path / "verdicts.jsonl").write_bytes(b"\n".join(map(encode, verdicts)))
    first, second = (len(verdict.cases) for verdict in verdicts)
    assert adopted_grading.cases_of(tmp_path / "verdicts.jsonl") == (first + 2 * second) / 2


def test_a_class_is_of_repositories_that_hold_a_file_for_each_exercise(tmp_path: Path) -> None:
    programs = {"next-bus": [tmp_path / "a.py", tmp_path / "b.py"], "stations": [tmp_path / "c.py"]}
    for name in "abc":
        (tmp_path / f"{name}.py").write_text(name)
    assert adopted_grading.make_class(tmp_path / "class", 3, programs) == 6
    found = {str(path.relative_to(tmp_path / "class")): path.read_text() for path in (tmp_path / "class").rglob("*.py")}
    assert found == {
        "learner000/night_bus/0-next_bus.py": "a",
        "learner000/river_gauge/2-timed.py": "c",
        "learner001/night_bus/0-next_bus.py": "b",
        "learner001/river_gauge/2-timed.py": "c",
        "learner002/night_bus/0-next_bus.py": "a",
        "learner002/river_gauge/2-timed.py": "c",
    }


def test_the_page_is_written_as_the_bench_writes_it_now_and_tells_of_no_difference() -> None:
    there = page.parts(page.PAGE.read_text())[adopted_grading.SECTION].splitlines()
    between = (adopted_grading.MANY - adopted_grading.FEW) * len(SCENARIOS)
    names = ("the grader's verdicts", "the table written by hand", "programs of other kinds")
    fresh = adopted_grading.section(
        [Cost(sys.executable, 0.01, between, 0.01, 3.5)], {name: Compared(1, ()) for name in names}, 9
    )

    def fixed(lines: list[str]) -> list[str]:
        return [line for line in lines if not line.startswith(("|", "The judge took", "over to another"))]

    assert fixed(there) == fixed(fresh)
    rows = [line.split("|")[1:-1] for line in there if line.startswith(("| the grader's", "| the table", "| programs"))]
    files = adopted.files((job.learner, job.exercise) for job in adopted.jobs(SUBMISSIONS))
    known = sum(one != other for one, other in zip(*(table.values() for table in adopted.differing()), strict=True))
    assert [[cell.strip() for cell in row[1:]] for row in rows] == [
        [str(files), "0", "0"],
        [str(files), "0", "0"],
        [str(len(list(adopted.jobs(adopted.DIFFERING)))), "0", str(known)],
    ]


@pytest.mark.parametrize(
    ("each", "lines", "code"), [(0.0149, [], 0), (0.0151, [], 1), (0.01, ["a line"], 1)], ids=["ok", "dear", "differs"]
)
def test_it_fails_where_a_file_is_too_dear_or_a_verdict_differs(
    each: float, lines: list[str], code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bench = adopted_grading
    monkeypatch.setattr(bench, "graded", lambda submissions, out, python=sys.executable: 1.0)
    monkeypatch.setattr(bench, "said", lambda records: {})
    costs = [Cost(sys.executable, cpu, 192, 0.01, 3.5) for cpu in (each, 0.02)]  # of this Python, and of another
    monkeypatch.setattr(bench, "costs", lambda place, verdicts, rounds: costs)
    monkeypatch.setattr(bench, "judge_all", lambda submissions, at_once: {})
    monkeypatch.setattr(bench, "planned", lambda table: {})
    monkeypatch.setattr(bench, "compared_odd", lambda judged, graded: Compared(11, lines))
    monkeypatch.setattr("sys.argv", ["adopted_grading", "--print"])
    with pytest.raises(SystemExit) as ended:
        bench.main()
    assert ended.value.code == code
    assert ("each file costs 15.1 ms, and may cost 15 ms" in capsys.readouterr().err) == (each > 0.015)


@pytest.mark.slow
def test_programs_of_which_the_grader_might_think_differently_end_as_the_table_says() -> None:
    _, planned = adopted.differing()
    found = {}
    for job in adopted.jobs(adopted.DIFFERING):
        verdict = grade(EXERCISES[job.exercise], job.path, hidden=True)
        outcome = outcome_of(verdict)
        not_met = [check.id for check in verdict.checks if check.status == "failed"]
        ran = "right" if verdict.status == "passed" else "not yet"
        found[job.learner, job.exercise] = adopted.verdict(ran if outcome == "result" else outcome, not_met)
    assert found == planned
