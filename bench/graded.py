"""`grader grade` with each learner's feedback as plain text in the place of the report's pages, for `bench.grading`.

All else is the command's own: what is played, the verdicts and what they say, the gradebook, the records.
"""

from collections.abc import Iterable, Iterator
from unittest.mock import patch

from grader import cli
from grader.feedback.grades import Grades, Learner
from grader.feedback.text import render
from grader.report import report
from grader.report.address import page_of
from grader.report.shell import SIGN

WIDTH = 80


class Texts:
    """In the place of `grader.report.report.Report`: a file a learner, with the text that a terminal shows."""

    sign = SIGN

    def __init__(self, book: Grades):
        """There is nothing in it that needs the class."""

    def of(self, learner: Learner) -> Iterator[tuple[str, bytes]]:
        verdicts = [line.verdict for line in learner.lines if line.verdict is not None]
        texts = [render(verdict, width=WIDTH, colour=False, ascii_only=False) for verdict in verdicts]
        yield f"learners/{page_of(learner.name)}.txt", "\n".join(texts).encode()

    def rest(self) -> Iterable[tuple[str, bytes]]:
        return ()


def main() -> None:
    """The command finds it where the report would be. Raises SystemExit."""
    with patch.object(report, "Report", Texts):
        cli.main()


if __name__ == "__main__":
    main()
