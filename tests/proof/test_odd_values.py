"""Whatever a program calls with, returns, prints or raises: it is judged, the verdict can be written, and both doors agree."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from grader.batch.grading import grade_all
from grader.batch.worker import Terms
from grader.feedback.text import render
from grader.grading import grade
from grader.intake.model import Handed
from grader.verdict import Verdict, encode, for_learner
from tests.proof.the_course import EXERCISES, reference

TWO = EXERCISES["two-downloads"]
LARGEST = 71_000  # for each case: its output is kept up to a bound

ARGUMENTS = {
    "a dict": "{1: 2}",
    "a dict of tuples": "{(1, 2): 3}",
    "a list": "[1, [2]]",
    "a set of two types": "{1, 'a'}",
    "None": "None",
    "the operation itself": "get",
    "an object": "object()",
    "bytes": r"b'\xff'",
    "not a number": "float('nan')",
    "infinity": "float('-inf')",
    "a huge integer": "10**5000",
    "half a character": r"'\ud800'",
    "control characters": r"'\x1b[2J\x00\n'",
    "a long text": "'x' * 1_000_000",
    "an equal of everything": "type('All', (str,), {'__eq__': lambda *_: True, '__hash__': lambda _: 0})(url1)",
}
ENDINGS = {
    "returns a huge integer": "return 10**5000",
    "returns a tuple with a huge integer": "return (10**5000, '')",
    "returns half a character": r"return '\ud800', url2",
    "returns a set of sets": "return {frozenset([get]), frozenset()}",
    "returns a dict of things": "return {get: get}",
    "returns itself": "pages = []; pages.append(pages); return pages",
    "prints half a character": r"print('\ud800')",
    "prints control characters": r"print('\x1b[2J\x00' * 1000)",
    "prints without end": "print('x' * 10_000_000)",
    "raises with half a character": r"raise ValueError('\ud800')",
    "raises with a long text": "raise ValueError('x' * 1_000_000)",
    "raises a type with a long name": "raise type('T' * 1_000_000, (Exception,), {})",
    "looks for an attribute with a long name": "getattr(get, 'a' * 1_000_000)",
    "raises what has no text": "raise type('E', (Exception,), {'__str__': lambda self: 5})",
    "raises a group of everything": "raise BaseExceptionGroup('g', [ValueError(1), KeyboardInterrupt(), SystemExit()])",
    "raises what ends a generator": "raise StopAsyncIteration",
    "names a coroutine with half a character": (r"c = other(); c.__qualname__ = '\ud800'"),
    "leaves a coroutine with a long name": "c = other(); c.__qualname__ = 'x' * 1_000_000",
}

PROGRAM = """\
async def other():
    pass

async def fetch_both(get, url1, url2):
    await get({argument})
    {ending}
"""
PROGRAMS = {
    **{f"calls with {name}": PROGRAM.format(argument=text, ending="return None") for name, text in ARGUMENTS.items()},
    **{name: PROGRAM.format(argument="url1", ending=text) for name, text in ENDINGS.items()},
}

each_program = pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS.keys())


def judged(program: str, isolation: str) -> Verdict:
    return grade(TWO, program, isolation=isolation, hidden=True)


@each_program
@pytest.mark.parametrize("isolation", ["in-process", "child"])
def test_an_odd_program_is_judged(program: str, isolation: str) -> None:
    verdict = judged(program, isolation)
    assert (verdict.status, verdict.error) == ("failed", "")
    assert "tampered" not in str([case.fault for case in verdict.cases])


@each_program
@pytest.mark.parametrize("isolation", ["in-process", "child"])
def test_the_verdict_on_an_odd_program_can_be_written_and_shown(program: str, isolation: str) -> None:
    verdict = judged(program, isolation)
    assert len(encode(verdict)) < LARGEST * len(verdict.cases)
    assert len(encode(for_learner(verdict))) < LARGEST * len(verdict.cases)
    assert len(render(verdict, width=80, colour=False, ascii_only=False).encode()) < LARGEST * len(verdict.cases)


@each_program
def test_both_doors_give_the_same_verdict_on_an_odd_program(program: str) -> None:
    here, child = (judged(program, isolation) for isolation in ("in-process", "child"))
    assert replace(child, isolation=here.isolation) == here


def test_an_odd_program_costs_nobody_else_the_mark(tmp_path: Path) -> None:
    odd, right = tmp_path / "odd.py", tmp_path / "right.py"
    odd.write_text(PROGRAMS["calls with a dict"])
    right.write_bytes(reference(TWO))
    handed = [Handed(path.stem, TWO.slug, str(path), path.name) for path in (odd, right)]
    graded = grade_all(handed, {TWO.slug: TWO}, Terms(seed="s"), done=lambda line: None, workers=1)
    assert {handed.learner: standing for handed, standing in graded.standings.items()} == {
        "odd": "failed",
        "right": "passed",
    }
