"""What a function can be called with, as its text says."""

import pytest

from grader.checks import Source
from grader.grading.parameters import parameters


@pytest.mark.parametrize(
    ("head", "fitting", "said"),
    [
        ("f()", [0], "yours takes none"),
        ("f(a, b)", [2], "yours takes 2"),
        ("f(a, /, b, c=1)", [2, 3], "yours takes 2 to 3"),
        ("f(a, *more)", [1, 2, 3, 4], "yours takes at least 1"),
        ("f(a, *, b=1)", [1], "yours takes 1"),
        ("f(a, *, b, c=1)", [], "yours takes 1, and needs `b` by name"),
    ],
)
def test_the_numbers_that_fit_are_those_that_python_takes(head: str, fitting: list[int], said: str) -> None:
    found = parameters(Source.read(f"x = 1\nasync def {head}: pass\n".encode(), "f.py"), "f")
    assert found is not None
    assert [number for number in range(5) if found.fits(number)] == fitting
    assert (found.line, str(found)) == (2, said)


@pytest.mark.parametrize(
    "text", ["", "f = 1\n", "@wrap\ndef f(a): pass\n", "class C:\n    def f(self): pass\n", "f = (\n"]
)
def test_nothing_is_said_of_what_the_text_does_not_show(text: str) -> None:
    assert parameters(Source.read(text.encode(), "f.py"), "f") is None


def test_the_last_function_of_a_name_counts() -> None:
    found = parameters(Source.read(b"def f(a): pass\ndef f(a, b): pass\n", "f.py"), "f")
    assert found is not None
    assert (found.line, found.least) == (2, 2)
