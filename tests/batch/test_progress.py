"""How far it is: told for all files, and anew for those that are graded once more."""

import pytest

from grader.batch.progress import progress
from grader.feedback.grades import Line

LINE = Line("ann", "say-after", "ann.py", None, None)


def test_each_tenth_is_told_and_then_each_that_is_graded_once_more(capsys: pytest.CaptureFixture[str]) -> None:
    with progress(4) as steps:
        for _ in range(4):
            steps.done(LINE)
        again = steps.alone(2)
        told_at_once = capsys.readouterr().err
        for _ in range(2):
            again(LINE)
    assert [line.partition(" (")[0] for line in told_at_once.splitlines()] == [
        *(f"graded {count} of 4" for count in range(1, 5)),
        "once more, alone: 2 files that met the limit on real time",
    ]
    assert [line.partition(" (")[0] for line in capsys.readouterr().err.splitlines()] == [
        "once more, alone: 1 of 2",
        "once more, alone: 2 of 2",
    ]


def test_a_terminal_has_a_bar_for_them(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with progress(1) as steps:
        steps.done(LINE)
        steps.alone(1)(LINE)
    assert "once more, alone" in capsys.readouterr().err
