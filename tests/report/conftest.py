"""A small class with every kind of outcome in it, and names chosen to hurt."""

from pathlib import Path

import pytest

from grader.feedback.grades import Column, Grades, Line, Stray, grades
from grader.verdict import Verdict, decode

VERDICTS = Path(__file__).parent.parent / "feedback" / "verdicts"
EVIL = "<script>alert('name')</script>"


def verdict(name: str) -> Verdict:
    return decode((VERDICTS / f"{name}.json").read_bytes())


@pytest.fixture
def book() -> Grades:
    columns = [
        Column("say-after", "One after the other, or together?", 10),
        Column("two-downloads", "Two downloads", 10),
        Column("process-output", "The output of several programs", 10),
    ]
    kinds = [
        "passed",
        "sequential",
        "everything-marked",
        "markup",
        "non-ascii",
        "own-fault",
        "hidden-case",
        "syntax-error",
    ]
    names = ["ann", "bob", "Émile", EVIL, "李小龍", "=1+1", "zoe", "carla"]
    lines = [
        Line(name, "say-after", f"{name}/say_after.py", "ab12" * 16, verdict(kind))
        for name, kind in zip(names, kinds, strict=True)
    ]
    lines += [Line(name, "two-downloads", f"{name}/t.py", "cd" * 32, verdict("long-timeline")) for name in names[:2]]
    lines += [Line(name, "two-downloads") for name in names[2:]]
    lines += [Line("ann", "process-output", "ann/p.py", "ef" * 32, verdict("crash"))]
    strays = [Stray("ann/<b>.txt", "not named after an exercise")]
    return grades("asyncio & friends", columns, names, lines, strays, waiting=1)
