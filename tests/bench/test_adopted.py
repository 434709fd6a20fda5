"""The judge in real time is a second opinion: it shares nothing with the grader, and it tells right from wrong."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from bench import adopted, adopted_child, adopted_own, adopted_scenarios, page

RIGHT = """
import asyncio
next_bus = __import__("0-next_bus").next_bus
async def all_lines(lines, longest):
    return [await came for came in asyncio.as_completed([next_bus(longest) for _ in range(lines)])]
"""


@pytest.fixture(autouse=True)
def quicker(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not right is tried again more slowly; here as often, and sooner."""
    monkeypatch.setattr(adopted, "SLOWER", (0.6, 1.0, 2.5))


def judged(folder: Path, exercise: str, text: str) -> str:
    path = folder / "learner" / adopted_own.ALL[exercise].file
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return adopted.judged(adopted.Job("learner", exercise, path))


def test_the_judge_imports_nothing_of_the_grader() -> None:
    for module in (adopted, adopted_child, adopted_own, adopted_scenarios):
        for node in ast.walk(ast.parse(Path(module.__file__ or "").read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not [name for name in names if name.partition(".")[0] == "grader"]


@pytest.mark.parametrize(
    ("outcome", "text"),
    [
        ("right", RIGHT),
        ("not yet: result", RIGHT.replace("[await", "sorted([await").replace("(lines)])]", "(lines)])])")),
        (
            "not yet: parallel result time",
            RIGHT.replace("asyncio.as_completed([", "[").replace("(lines)])]", "(lines)]]"),
        ),
        pytest.param(
            "not yet: count result", RIGHT.replace("range(lines)", "range(lines + 1)"), marks=pytest.mark.slow
        ),
        pytest.param("not yet: count", RIGHT.replace("next_bus(longest)", "next_bus()"), marks=pytest.mark.slow),
        ("not yet: count parallel result time work", RIGHT.replace("    return [await", "    return []; [await")),
        ("empty file", '"""Nothing but a docstring."""\n'),
        ("does not import", RIGHT.replace("0-next_bus", "7-next_bus")),
        ("runs the loop at import", RIGHT + "asyncio.run(all_lines(2, 3))\n"),
        ("name missing", RIGHT.replace("def all_lines", "def all_buses")),
        ("wrong kind", RIGHT.replace("    return", "    yield")),
        ("crash", RIGHT.replace("range(lines)", "range(lanes)")),
    ],
)
def test_each_outcome_is_told(tmp_path: Path, outcome: str, text: str) -> None:
    assert judged(tmp_path, "all-lines", text) == outcome


GAUGE = """
import asyncio, random
async def readings(count):
    for _ in range(count):
        await asyncio.sleep(1)
        yield random.uniform(0, 10)
"""
HIGH = """
readings = __import__("0-readings").readings
async def high_water(mark, count):
    return [level async for level in readings(count) if level > mark]
"""
OFTEN = """
import asyncio
high_water = __import__("1-high_water").high_water
async def how_often(mark, counts):
    return [len(found) for found in await asyncio.gather(*(high_water(mark, count) for count in counts))]
"""


@pytest.mark.parametrize(
    ("outcome", "gauge", "text"),
    [
        ("right", GAUGE, OFTEN),
        (
            "not yet: time together",
            GAUGE,
            OFTEN.replace("await asyncio.gather(*(", "[await ").replace("in counts))]", "in counts]]"),
        ),
        ("not yet: time", GAUGE.replace("sleep(1)", "sleep(2)"), OFTEN),
        (
            "not yet: count time",
            GAUGE.replace("        await asyncio.sleep(1)\n", "        if not _: await asyncio.sleep(1)\n"),
            OFTEN,
        ),
        ("does not import", "", OFTEN),
    ],
)
def test_where_all_is_the_learners_own_their_files_are_played(
    tmp_path: Path, outcome: str, gauge: str, text: str
) -> None:
    (tmp_path / "learner").mkdir()
    if gauge:
        (tmp_path / "learner" / "0-readings.py").write_text(gauge)
        (tmp_path / "learner" / "1-high_water.py").write_text(HIGH)
    assert judged(tmp_path, "how-often", text) == outcome


STATIONS = """
import asyncio, time
high_water = __import__("1-high_water").high_water
async def three_stations(mark, count):
    begin = time.perf_counter()
    await asyncio.gather(*(high_water(mark, count) for _ in range(3)))
    return time.perf_counter() - begin
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("outcome", "gauge", "text"),
    [
        ("right", GAUGE, STATIONS),
        ("not yet: parallel three", GAUGE, STATIONS.replace("range(3)", "range(1)")),
        (
            "not yet: measured parallel three work",
            GAUGE,
            STATIONS.replace("    await asyncio", "    return 9.0; await asyncio"),
        ),
        ("does not import", "", STATIONS),
    ],
)
def test_a_file_is_judged_with_the_learners_own_files_as_well(
    tmp_path: Path, outcome: str, gauge: str, text: str
) -> None:
    (tmp_path / "learner").mkdir()
    if gauge:
        (tmp_path / "learner" / "0-readings.py").write_text(gauge)
        (tmp_path / "learner" / "1-high_water.py").write_text(HIGH)
    assert judged(tmp_path, f"stations{adopted_own.WITH_OWN}", text) == outcome


@pytest.mark.slow
@pytest.mark.parametrize(
    ("outcome", "line"),
    [("deadlock", "    await asyncio.Event().wait()\n"), ("time-out", "    while True: pass\n")],
)
def test_what_never_ends_is_told_apart(tmp_path: Path, outcome: str, line: str) -> None:
    assert judged(tmp_path, "all-lines", RIGHT.replace("    return", line + "    return")) == outcome


WAITS = """
import asyncio
from bench import adopted_child
watched = object.__new__(adopted_child.Watched)

def until_it_waits():
    while not watched.waits_for_nothing():
        pass
    return True

async def main():
    loop = asyncio.get_running_loop()
    watched.loops = [loop]
    return watched.waits_for_nothing(), await loop.run_in_executor(None, until_it_waits)

print(asyncio.run(main()))
"""


def test_a_loop_waits_for_nothing_in_its_selector_alone() -> None:
    """However little time the machine gives to a program that computes, that is none."""
    # where nothing stands in for the selector's own wait, as it does once the grader has played anything in a process
    told = subprocess.run([sys.executable, "-c", WAITS], cwd=page.ROOT, capture_output=True, text=True)
    assert (told.stdout, told.stderr) == ("(False, True)\n", "")


def test_what_was_not_right_once_is_right_if_it_is_so_more_slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    job = adopted.Job("ada", "next-bus", Path("0-next_bus.py"))
    for said, outcome in (
        (["not yet", "right"], "right"),
        (["not yet: time", "not yet: time"], "not yet: time"),
        (["not yet: result time", "not yet: result", "not yet: result"], "not yet: result"),
        (["late", "not yet: time", "not yet: time"], "not yet: time"),
        (["late", "late"], "time-out"),
        (["crash"], "crash"),
    ):
        answers = iter(said)
        monkeypatch.setattr(adopted, "once", lambda job, slower, answers=answers: next(answers))
        assert adopted.judged(job) == outcome
        assert not list(answers)


def test_every_difference_has_a_line() -> None:
    seen = {("ada", "next-bus"): "right", ("bob", "next-bus"): "not yet: time"}
    table = {("ada", "next-bus"): "right", ("bob", "next-bus"): "not yet: result", ("eve", "watcher"): "right"}
    assert adopted.differences(seen, table) == [
        "bob next-bus: 'not yet: time' in real time, 'not yet: result' in the table",
        "eve watcher: 'missing' in real time, 'right' in the table",
    ]
    assert adopted.differences(table, table) == []


def test_the_table_has_all_that_is_not_met(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text(
        "learner,exercise,outcome,not_met,own\nada,watcher,right,,\nbob,stations,not yet,time once,right\n"
        "eve,watcher,missing,,\nfay,watcher,crash,,\n"
    )
    assert adopted.planned(tmp_path / "table.csv") == {
        ("ada", "watcher"): "right",
        ("bob", "stations"): "not yet: once time",
        ("bob", f"stations{adopted_own.WITH_OWN}"): "right",
        ("fay", "watcher"): "crash",
    }


def test_what_is_known_to_differ_says_why_and_nothing_else_does(tmp_path: Path) -> None:
    real, grader = adopted.differing()
    assert real.keys() == grader.keys() == {(job.learner, job.exercise) for job in adopted.jobs(adopted.DIFFERING)}
    assert [key for key in real if real[key] != grader[key]] == [
        ("busy_for_a_moment", "all-lines"),
        ("poll_by_turns", "all-lines"),
    ]
    for row in ("ada,watcher,right,crash,", "ada,watcher,right,right,because"):
        (tmp_path / "table.csv").write_text(f"learner,exercise,real,grader,why\n{row}\n")
        with pytest.raises(SystemExit, match="ada: 'why' has to stand where the two differ, and nowhere else"):
            adopted.differing(tmp_path / "table.csv")


@pytest.mark.slow
def test_programs_of_which_real_time_might_think_differently_end_there_as_the_table_says() -> None:
    real, _ = adopted.differing()
    assert adopted.differences(adopted.judge_all(adopted.DIFFERING, 2), real) == []


def test_of_several_files_the_one_nearest_the_top_is_judged(tmp_path: Path) -> None:
    scenario = adopted_scenarios.SCENARIOS["mean-wait"]
    for way in ("old/0x01-Night_Bus", "night_bus", "river_gauge"):
        (tmp_path / way).mkdir(parents=True)
        (tmp_path / way / "2-timed.py").touch()
    assert adopted.found(tmp_path, scenario) == tmp_path / "night_bus" / "2-timed.py"
    assert adopted.found(tmp_path / "old", scenario) == tmp_path / "old" / "0x01-Night_Bus" / "2-timed.py"
