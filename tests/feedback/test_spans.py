"""What a timeline shows, before it is drawn."""

import pytest

from grader.feedback.spans import label, scale_marks, seconds, spans_of
from grader.verdict import Bar, Timeline


@pytest.mark.parametrize(
    ("value", "said"),
    [(0, "0"), (1.0, "1"), (1.25, "1.25"), (10.0, "10"), (0.001, "0.001"), (1e-9, "1e-09"), (0.1 + 0.2, "0.3")],
)
def test_seconds_are_written_as_people_write_them(value: float, said: str) -> None:
    assert seconds(value) == said


@pytest.mark.parametrize(
    ("until", "most", "marks"),
    [
        (3, 5, (0, 1, 2, 3)),
        (0.6, 4, (0, 0.2, 0.4, 0.6)),
        (13.75, 4, (0, 5, 10)),
        (1e-9, 3, (0, 1e-9)),
        (0, 5, (0,)),
        (5, 1, (0,)),
    ],
)
def test_marks_are_round_moments(until: float, most: int, marks: tuple[float, ...]) -> None:
    assert scale_marks(until, most) == marks


def test_marks_are_never_more_than_asked() -> None:
    for until in (0.007, 0.3, 1, 9.99, 86_400, 1e7):
        for most in range(2, 12):
            assert len(scale_marks(until, most)) <= most


def test_a_blocked_stretch_stands_after_what_began_with_it() -> None:
    first = Bar(operation="a", key=None, start=0, end=3, line=None, outcome="ok")
    later = Bar(operation="b", key=None, start=2, end=3, line=None, outcome="ok")
    spans = spans_of(Timeline(bars=(first, later), blocked=((0, 1, "time.sleep", 3),)))
    assert [span.label for span in spans] == ["a", "time.sleep", "b"]


def test_a_key_is_shown_and_not_obeyed() -> None:
    found = label(Bar(operation="get", key="\x1b[31m\n", start=0, end=1, line=None, outcome="ok"))
    assert found == r"get(\x1b[31m\n)"
