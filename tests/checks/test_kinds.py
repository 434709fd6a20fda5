"""Each kind of check, as an author writes it: a program that it must fail, with what is said then, and one that it passes."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from grader.checks import evidence_of
from grader.course.check_model import HoldsCheck
from grader.course.load import load_exercise
from grader.grading import grade
from grader.verdict import Verdict

EXERCISE = """\
schema: 1
slug: trial
goal: Try one check.
prompt: Try it.
concepts: [trial]
docs: ["https://docs.python.org/3/"]
hints: [Try.]
vars: {{a: 1, b: 3}}
world:
  operations:
    get: {{params: [name], key: name, duration: "=a if name == 'x' else b", result: "=name", cleanup: 0.5}}
    fail: {{params: [], duration: 1, fails: true, raises: ConnectionError, message: no route}}
entries:
  main:
    args: ["=get", "=fail"]
    checks:
      - {{id: check, points: 1, {check}}}
cases:
  - {{name: only{cancel}}}
"""


@dataclass(frozen=True)
class Trial:
    """`says` is the rationale for the failing program."""

    check: str
    passes: str
    fails: str
    says: str
    cancel: str = ""


ONE_BY_ONE = 'async def main(get, fail):\n    return [await get("x"), await get("y")]\n'
TOGETHER = 'import asyncio\nasync def main(get, fail):\n    return await asyncio.gather(get("x"), get("y"))\n'
NEEDLESS = (
    "import asyncio\nasync def main(get, fail):\n    task = asyncio.create_task(get('x'))\n    x = await task\n"
    "    return [x, await get('y')]\n"
)
LEFT = (
    "import asyncio\nasync def main(get, fail):\n    kept = asyncio.create_task(get('y'))\n    await get('x')\n"
    "    return kept and None\n"
)
CANCELS = (
    "import asyncio\nasync def main(get, fail):\n    task = asyncio.create_task(get('y'))\n    await get('x')\n"
    "    task.cancel()\n    await asyncio.wait([task])\n"
)
ONLY_ASKS = (
    "import asyncio\nasync def main(get, fail):\n    task = asyncio.create_task(get('y'))\n    await get('x')\n"
    "    task.cancel()\n    await asyncio.sleep(0)\n    await asyncio.sleep(0)\n"
)
FAILS = "async def main(get, fail):\n    await fail()\n"
CATCHES = "async def main(get, fail):\n    try:\n        await fail()\n    except ConnectionError:\n        pass\n"
FORGETS = "async def main(get, fail):\n    get('x')\n    return [await get('x'), await get('y')]\n"
BACKWARDS = 'async def main(get, fail):\n    return [await get("y"), await get("x")]\n'

TRIALS = {
    "result": Trial(
        'result: ["x", "y"]', ONE_BY_ONE, BACKWARDS, "your function returned ['y', 'x']; ['x', 'y'] is asked for"
    ),
    "result unordered": Trial(
        'result: ["y", "x"], unordered: true',
        ONE_BY_ONE,
        LEFT,
        "your function returned None; the list ['y', 'x'] is asked for",
    ),
    "raises": Trial(
        "raises: ConnectionError, message: no route",
        FAILS,
        CATCHES,
        "your function returned None; it has to raise ConnectionError",
    ),
    "calls": Trial('calls: "get[*]", count: 2', ONE_BY_ONE, FAILS, "get was called 0 times; twice is asked for"),
    "starts_in_order": Trial(
        'starts_in_order: ["get[x]", "get[y]"]',
        TOGETHER,
        BACKWARDS,
        "get(y) started at 0 s, line 2, before get(x), which started at 3 s, line 2",
    ),
    "ends_in_order": Trial(
        'ends_in_order: ["get[x]", "get[y]"]',
        TOGETHER,
        BACKWARDS,
        "get(y) ended at 3 s, before get(x), which ended at 4 s",
    ),
    "elapsed": Trial(
        'elapsed: "=max(a, b)"', TOGETHER, ONE_BY_ONE, "your function took 4 s of virtual time; it can take 3 s"
    ),
    "elapsed bounds": Trial(
        "elapsed: {at_least: 4, at_most: 5}",
        ONE_BY_ONE,
        TOGETHER,
        "your function took 3 s of virtual time; the work takes at least 4 s",
    ),
    "sequential": Trial(
        'sequential: ["get[x]", "get[y]"]',
        ONE_BY_ONE,
        TOGETHER,
        "get(y) started at 0 s, line 3, while get(x) was still running (it ended at 1 s)",
    ),
    "parallel": Trial(
        'parallel: "get[*]"',
        TOGETHER,
        ONE_BY_ONE,
        "get(y) started at 1 s, line 2, when get(x) had finished: they never ran at the same time",
    ),
    "relation": Trial(
        'relation: {a: "get[x]", b: "get[y]", is: [starts]}',
        TOGETHER,
        ONE_BY_ONE,
        "get(x) (0 s to 1 s, line 2) ended just as get(y) (1 s to 4 s, line 2) started; "
        "what is asked for: it started together with the other and ended before it",
    ),
    "concurrency": Trial(
        'concurrency: "get[*]", min: 2, max: 2',
        TOGETHER,
        ONE_BY_ONE,
        "1 of get ran at once, the first time at 0 s; 2 can run at once",
    ),
    "at_return idle": Trial(
        "at_return: idle", ONE_BY_ONE, LEFT, "get(y) was still running when your function returned"
    ),
    "at_return running": Trial(
        'at_return: {running: ["get[y]"], finished: ["get[x]"]}',
        LEFT,
        ONE_BY_ONE,
        "get(y) had ended at 4 s; it is to go on when your function has returned",
    ),
    "cancelled": Trial(
        'cancelled: ["get[y]"]',
        CANCELS,
        TOGETHER,
        "get(y) started at 0 s, line 3, and went on to its end at 3 s; it has to be cancelled",
    ),
    "cleaned": Trial(
        'cleaned: ["get[y]"]',
        CANCELS,
        ONLY_ASKS,
        "get(y), line 3 was still running when your function returned; it has to be cancelled",
    ),
    "tasks none redundant": Trial(
        "tasks: none_redundant", ONE_BY_ONE, NEEDLESS, "the task made in line 3 was awaited at once"
    ),
    "tasks": Trial("tasks: 1", NEEDLESS, TOGETHER, "your code made 2 tasks; 1 will do"),
    "source": Trial(
        'source: {require: ["await:asyncio.gather"]}',
        TOGETHER,
        ONE_BY_ONE,
        "an `await` directly on `asyncio.gather(...)` is asked for; there is none in your file",
    ),
    "hygiene": Trial("hygiene: default", ONE_BY_ONE, FORGETS, "get(...) in line 2 was called and never awaited"),
    "for each": Trial(
        "for_each: {n: \"=['x', 'y']\"}, calls: \"get[{n}]\", count: 1",
        ONE_BY_ONE,
        FORGETS.replace('get("y")', 'get("x")').replace("await get('y')", "await get('x')"),
        "get(x) was called twice (line 3); once is asked for",
    ),
    "holds": Trial(
        "holds: \"=sum(durations['get']) == 4 and result == keys['get']\", "
        "says: \"it took {sum(durations['get'])} s and returned {result}\"",
        ONE_BY_ONE,
        "async def main(get, fail):\n    return [await get('x')]\n",
        "it took 1.0 s and returned ['x']",
    ),
    "holds without words": Trial(
        "holds: \"=elapsed == max(durations['get'])\"",
        TOGETHER,
        ONE_BY_ONE,
        "it took 4.0 s and get took: [1.0, 3.0]",
    ),
    "holds of one of two operations": Trial(
        "holds: \"=len(keys['get']) == 2\"",
        TOGETHER,
        "async def main(get, fail):\n    try:\n        await fail()\n    except Exception:\n        pass\n",
        "get was called with: []",
    ),
    "holds of another kind of value": Trial(
        'holds: "=result[0] < result[1]"', ONE_BY_ONE, LEFT, "your function returned None"
    ),
    "holds of where it began": Trial(
        "holds: \"=len(set(in_loop['get'])) == 1 and set(in_thread['get']) == set([1])\"",
        TOGETHER,
        "import asyncio\nasync def main(get, fail):\n    await get('x')\n"
        "    await asyncio.to_thread(asyncio.run, get('y'))\n",
        "get began in loop: [1, 2] and get began in thread: [1, 2]",
    ),
    "holds of what was printed": Trial(
        "holds: '=\"got x\\n\" in output and len(result) == 1'",
        "async def main(get, fail):\n    found = await get('x')\n    print('got', found)\n    return [found]\n",
        "async def main(get, fail):\n    found = await get('x')\n    print('got', [found])\n    return [found]\n",
        "your function returned ['x'] and it printed \"got ['x']\\n\"",
    ),
    "python": Trial('python: "checks.py:two_rows"', ONE_BY_ONE, FAILS, "two calls were expected, there were 0"),
    "cancelled entry": Trial(
        "raises: CancelledError",
        ONE_BY_ONE,
        "import asyncio\nasync def main(get, fail):\n    try:\n        await get('y')\n"
        "    except asyncio.CancelledError:\n        pass\n",
        "your function returned None; it has to raise CancelledError",
        cancel=", cancel_at: 0.5",
    ),
}


def graded(folder: Path, trial: Trial, program: str) -> Verdict:
    text = EXERCISE.format(check=trial.check.replace("{", "{").replace("}", "}"), cancel=trial.cancel)
    (folder / "exercise.yaml").write_text(text)
    (folder / "trial.py").write_text("async def main(get, fail):\n    raise NotImplementedError\n")
    (folder / "checks.py").write_text(
        "def two_rows(view):\n"
        "    n = sum(row.operation == 'get' for row in view.record.ledger.rows)\n"
        "    return None if n == 2 else f'two calls were expected, there were {n}'\n"
    )
    return grade(load_exercise(folder), program)


@pytest.mark.parametrize("trial", TRIALS.values(), ids=TRIALS.keys())
def test_a_check_passes_what_is_right_and_says_what_is_not_yet(trial: Trial, tmp_path: Path) -> None:
    folder = tmp_path / "1_trial"
    folder.mkdir()
    right = graded(folder, trial, trial.passes)
    assert [check.rationale for check in right.checks if check.status != "passed"] == []
    wrong = graded(folder, trial, trial.fails)
    assert [check.status for check in wrong.checks] == ["failed"]
    assert wrong.checks[0].rationale == trial.says


def test_every_kind_of_check_is_tried() -> None:
    from grader.checks import EVIDENCE

    tried = {name.split()[0] for name in TRIALS}
    assert set(EVIDENCE) <= tried


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("=result == keys['get']", "witnessed"),
        ("=elapsed == max(durations['get'])", "witnessed"),
        ("=yields == [1, 2]", "reported"),
        ("=tasks == 2 and result == 1", "reported"),
        ("='done' in output", "reported"),
    ],
)
def test_a_relation_stands_on_what_it_names(text: str, evidence: str) -> None:
    assert evidence_of(HoldsCheck(id="one", holds=text)) == evidence
