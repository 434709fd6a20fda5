"""What runs were told to count is written down once, and the last of it is known in either database."""

from grader.gradebook.choices import keep_choice
from grader.gradebook.opening import Gradebook
from tests.gradebook.content import at, rows


def test_it_is_written_down_when_it_is_another_and_not_with_every_run(book: Gradebook) -> None:
    for slugs, said, count in (
        ("a", "best", 1),
        ("a b", "best", 2),
        ("a b", "best", 2),
        ("b", "last", 3),
        ("b", "best", 4),
    ):
        keep_choice(book, slugs.split(), said, at(1))
        assert rows(book, "choices") == count
