"""Sheets of any texts, and readers that undo nothing."""

import csv
import io
from dataclasses import replace
from pathlib import Path

from hypothesis import strategies as st

from grader.exports.sheet import Column, Row, Sheet
from grader.verdict import Verdict, decode

VERDICTS = Path(__file__).parent.parent / "feedback" / "verdicts"


def verdict(name: str) -> Verdict:
    return decode((VERDICTS / f"{name}.json").read_bytes())


# quotes, commas, newlines, what begins a formula, letters from right to left, emoji, and a name that looks defused already
AWKWARD = st.one_of(
    st.text(min_size=1, max_size=12),
    st.sampled_from(
        [
            "O'Brien",
            'Li "Bo"',
            "a,b;c",
            "=1+1",
            "+1",
            "-x",
            "@x",
            "'=1",
            "''",
            "\uff1dx",
            " =1",
            "\tx",
            "two\nlines",
            "c\rr",
            "\u05d3\u05e0\u05d4 \u05dc\u05d5\u05d9",
            "\u0645\u062d\u0645\u062f",
            "\u202eabc",
            "\U0001f98a",
            "\u674e\u5c0f\u9f99",
            "e\u0301",
        ]
    ),
)


@st.composite
def sheets(draw: st.DrawFn, texts: st.SearchStrategy[str] = AWKWARD) -> Sheet:
    """A class whose learners and comments are any texts, with late work, adjusted points, and what is missing or unknown."""
    columns = (Column("say-after", "Say after", 10.0), Column("two-downloads", draw(texts), 2.5))
    learners = tuple(draw(st.lists(texts, min_size=1, max_size=4, unique=True)))
    rows = tuple(_row(draw, learner, column, texts) for learner in learners for column in columns)
    return Sheet(columns, learners, rows)


def _row(draw: st.DrawFn, learner: str, column: Column, texts: st.SearchStrategy[str]) -> Row:
    kind = draw(st.sampled_from(["passed", "sequential", "own-fault", "missing"]))
    points = draw(st.integers(0, 400)) / 16
    row = Row(
        learner,
        column.slug,
        "missing",
        None,
        None,
        column.points,
        late=draw(st.booleans()),
        comment=draw(st.one_of(st.just(""), texts)),
    )
    if kind == "missing":
        return row
    found = verdict(kind)
    known = None if found.status == "error" else points
    return replace(row, standing=found.status, raw=known, adjusted=known, file="x.py", verdict=found)


def rows_of(content: bytes) -> list[list[str]]:
    """A table as somebody else's program reads it: nothing undone."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
