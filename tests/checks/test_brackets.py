"""Brackets that are never closed, told from the text."""

import pytest

from grader.checks.brackets import unclosed


@pytest.mark.parametrize(
    "text",
    [
        "f(",
        "f(g(1)\n",
        "x = [1, 2\ny = 3\n",
        "f('a)'\n",
        "f(\n  # )\n  1\n",
        'f(""")""",\n',
    ],
)
def test_a_file_that_ends_inside_a_bracket_has_one_unclosed(text: str) -> None:
    assert unclosed(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "f(g(1))\n",
        "x = '('\n",
        "# (\n",
        'x = """\n(\n"""\n',
        "x = 'it\\'s ('\n",
        "for x in y\n    f(x)\n",
        "f(1]\n",
        "f 1)\n",
        "x = '(\ny = 1\n",
    ],
)
def test_other_mistakes_are_none_of_this(text: str) -> None:
    assert not unclosed(text)
