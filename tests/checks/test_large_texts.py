"""Texts that are made to hold up who reads them: the work that each costs is counted, with its bound and without."""

import ast
import difflib
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from grader.checks import Source, View, imports, reading, unawaited
from grader.checks.patterns import find, parse
from grader.course import nearest as module
from grader.course.nearest import nearest

MANY = 300
DENSE = b"1;" * 120_000 + b"1\n"
DEEP = (b"x" + b".a" * 900 + b"\n") * 20


def read(data: bytes) -> Source:
    return Source.read(data, "main.py")


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The lengths of the texts that were parsed."""
    lengths: list[int] = []
    parse = ast.parse

    def counting(text: str, *args: Any) -> ast.Module:
        lengths.append(len(text))
        tree: ast.Module = parse(text, *args)
        return tree

    monkeypatch.setattr(ast, "parse", counting)
    return lengths


def test_a_text_of_too_many_words_is_not_parsed(parsed: list[int]) -> None:
    source = read(DENSE)
    assert source.is_too_long
    assert source.error is not None
    assert source.error.message == "it has more than 200,000 words and signs"
    assert (source.text, source.tree, parsed) == ("", None, [])


def test_without_that_bound_it_is(parsed: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[Source.__module__], "MOST_WORDS", 1_000)
    assert read(b"1;" * 400 + b"1\n").error is None
    assert parsed == [802]
    monkeypatch.setattr(sys.modules[Source.__module__], "MOST_WORDS", 500)
    assert read(b"1;" * 400 + b"1\n").is_too_long
    assert parsed == [802]


@pytest.mark.parametrize("text", ["#" * 400_000, "x = '" + "a" * 400_000 + "'\n", "\n" * 400_000])
def test_a_long_text_of_few_words_is_read(text: str) -> None:
    assert read(text.encode()).error is None


def test_a_text_whose_parts_stand_too_deep_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    source = read(DEEP)
    assert source.error is not None
    assert (source.error.type, source.error.message) == ("TooLong", "too much stands inside one another in it")
    monkeypatch.setattr(imports, "MOST_LEVELS", 10**9)
    unbound = read(DEEP)
    assert unbound.error is None
    assert (
        imports._levels(unbound.names.nodes, unbound.names.parents) > 8_000_000
    )  # steps, for each thing that is asked


# ---------------------------------------------------------------- what grows as the text does


class Counting(set[str]):
    """A set that counts what is looked at in it."""

    looked = 0

    def __contains__(self, one: object) -> bool:
        type(self).looked += 1
        return super().__contains__(one)

    def __sub__(self, other: Any) -> "Counting":
        type(self).looked += len(self)
        return Counting(super().__sub__(other))


def test_functions_that_are_given_up_are_found_with_a_look_or_two_for_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "set", Counting, raising=False)
    monkeypatch.setattr(Counting, "looked", 0)
    tree = ast.parse("".join(f"def f{number}(): 0\n" for number in range(MANY)) + "def f0(): 0\n")
    assert len(reading._given_up(tree.body)) == 1
    assert MANY <= Counting.looked <= 3 * MANY


@pytest.fixture
def walked(monkeypatch: pytest.MonkeyPatch) -> list[ast.AST]:
    """The nodes that are walked over in what is imported."""
    nodes: list[ast.AST] = []
    walk = ast.walk

    def noting(node: ast.AST) -> Iterator[ast.AST]:
        for one in walk(node):
            nodes.append(one)
            yield one

    monkeypatch.setattr(ast, "walk", noting)
    return nodes


@pytest.mark.parametrize(
    ("pattern", "line", "found"),
    [("unawaited:ask", "    x = ask()\n", MANY), ("items:ask", "    x = ask()\n    for y in x: 0\n", MANY)],
)
def test_what_becomes_of_a_variable_is_looked_up_in_a_function_that_is_walked_once(
    pattern: str, line: str, found: int, walked: list[ast.AST]
) -> None:
    source = read(b"def f():\n" + line.encode() * MANY)
    assert source.tree is not None
    walked.clear()
    assert len(find(parse(pattern), source.tree, source.names)) == found
    assert len(walked) <= 6 * len(source.names.nodes)


def test_a_name_is_looked_for_in_ten_modules_of_which_everything_was_imported() -> None:
    source = read("".join(f"from m{number} import *\n" for number in range(MANY)).encode() + b"sleep\n")
    assert source.tree is not None
    assert source.names.resolve(ast.Name("sleep")) == ("sleep", *(f"m{number}.sleep" for number in range(10)))


# ---------------------------------------------------------------- what is most like a name


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    words: list[str] = []

    class Matcher(difflib.SequenceMatcher[str]):
        def set_seq1(self, a: Any) -> None:
            words.append(a)
            super().set_seq1(a)

    monkeypatch.setattr(difflib, "SequenceMatcher", Matcher)
    return lambda: len(words)


def test_of_many_names_the_likeliest_are_compared(compared: Callable[[], int], monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"other{number}" for number in range(2_000)]
    assert nearest("together", [*names, "togethr"]) == "togethr"
    bound = compared()
    monkeypatch.setattr(module, "MOST", 10**9)
    assert nearest("together", [*names, "togethr"]) == "togethr"
    assert bound <= 501
    assert compared() - bound > 2_000


# ---------------------------------------------------------------- what is said of it


def test_of_a_very_long_line_the_beginning_is_told() -> None:
    assert read(b"x = '" + b"a" * 100_000 + b"'\n").line(1) == "x = '" + "a" * 995
    error = read(b"x = '" + b"a" * 100_000 + b"' = 1\n").error
    assert error is not None
    assert error.about is not None
    assert len(error.about) == 1_000


def test_the_statement_of_a_line_is_found_among_the_nodes_that_are_known(
    walked: list[ast.AST], seen: Callable[..., View]
) -> None:
    view = seen(source="async def main():\n    x = (\n        1)\n")
    walked.clear()
    assert unawaited._statement(3, view) == range(2, 4)
    assert walked == []
