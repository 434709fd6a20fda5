"""Reading the learner's bytes, and the check on what stands in them."""

import ast
import gc
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.checks import Source, View, imports, run_check
from grader.checks.imports import Names
from grader.checks.reading import unkept_tasks
from grader.course.check_model import SourceCheck, SourceRules
from grader.door.text import LARGEST

ROOT = Path(__file__).parents[2]
Seen = Callable[..., View]


def read(data: bytes) -> Source:
    return Source.read(data, "main.py")


def test_line_ends_and_a_mark_at_the_start_are_read_as_python_does() -> None:
    source = read(b"\xef\xbb\xbfimport os\r\n\r\nx = 1\r\n")
    assert source.text == "import os\n\nx = 1\n"
    assert source.error is None
    assert source.line(3) == "x = 1"


def test_a_declared_encoding_is_used() -> None:
    assert read("# coding: latin-1\nx = 'é'\n".encode("latin-1")).line(2) == "x = 'é'"


@pytest.mark.parametrize(
    ("data", "type_", "line"),
    [
        (b"x = 1\ny = '\xff'\n", "UnicodeDecodeError", 2),
        (b"\n# coding: nonsense\nx = 1\n", "UnknownEncoding", 2),
        (b"# coding: undefined\nx = 1\n", "UnknownEncoding", 1),
        (b"\n# coding: punycode\nx = 1\n", "UnknownEncoding", 2),
        (b"# coding: utf-16\nx = 1\n", "UnknownEncoding", 1),
        (b"# coding: rot13\nx = 1\n", "UnknownEncoding", 1),
        (b"# coding: nonsense\nx = '\xff'\n", "UnicodeDecodeError", 2),
    ],
)
def test_bytes_that_are_no_text_are_an_error(data: bytes, type_: str, line: int) -> None:
    source = read(data)
    assert source.tree is None
    assert source.error is not None
    assert (source.error.type, source.error.line) == (type_, line)


def test_the_line_of_the_first_byte_that_is_no_text_is_known() -> None:
    error = read(b"x = 1\ny = '\xff'\n").error
    assert error is not None
    assert error.line == 2


@pytest.mark.parametrize(
    ("data", "type", "line"),
    [
        (b"x = 1\ny = (\n", "SyntaxError", 2),
        (b"if x:\npass\n", "IndentationError", 2),
        (b"x = 1\ny = \0\n", "NulByte", 2),
        (b"\xff\xfex\0=\x001\0", "UTF-16", None),
        (b"\xfe\xff\0x\0=\x001", "UTF-16", None),
        (b"\xfe\xff\xd8", "UTF-16", None),
        (b"x = " + b"(" * 100_000, "TooDeep", None),
        (b"x = " + b"-" * 100_000 + b"1", "TooDeep", None),
        (b"x = 1\ny = " + b"(" * 300 + b"1" + b")" * 300, "TooDeep", 2),
        (b"".join(b" " * n + b"if 1:\n" for n in range(120)), "TooDeep", 101),
        (b"#" * (LARGEST + 1), "TooLong", None),
    ],
)
def test_text_that_is_no_python_is_an_error(data: bytes, type: str, line: int | None) -> None:
    error = read(data).error
    assert error is not None
    assert error.type == type
    assert line is None or error.line == line


def test_an_error_has_pythons_words_for_feedback_to_put_in_its_own() -> None:
    error = read(b"x = (\n").error
    assert error is not None
    assert error.message == "'(' was never closed"


def test_a_text_that_makes_python_warn_is_read_in_silence() -> None:
    assert read(b"x = '\\d'\n").error is None


def test_an_empty_file_is_a_file() -> None:
    assert read(b"").functions() == ()


def test_the_functions_at_the_top_are_known() -> None:
    assert read(b"def f():\n def g(): pass\nasync def h(): pass\n").functions() == ("f", "h")


# ---------------------------------------------------------------- the check


def rules(*, require: str = "", forbid: str = "", once: str = "") -> SourceCheck:
    given = {"require": require, "forbid": forbid, "once": once}
    return SourceCheck(id="source", source=SourceRules(**{name: [text] for name, text in given.items() if text}))


RUN = "import asyncio\ndef main():\n    asyncio.run(x)\n"


def test_what_is_required_has_to_be_there(seen: Seen) -> None:
    check = rules(require="call:asyncio.run")
    assert run_check(check, seen(source=RUN)).passed
    assert run_check(check, seen(source="x = 1")).rationale == (
        "a call of `asyncio.run` is asked for; there is none in your file"
    )


def test_what_is_forbidden_is_named_with_its_lines(seen: Seen) -> None:
    check = rules(forbid="yield_from")
    assert run_check(check, seen(source=RUN)).passed
    source = "def f():\n    yield from g()\n    yield from h()\n"
    assert run_check(check, seen(source=source)).rationale == (
        "lines 2, 3: `yield from` stands there; the exercise asks you to do without"
    )


def test_once_is_once(seen: Seen) -> None:
    check = rules(once="call:asyncio.run")
    assert run_check(check, seen(source=RUN)).passed
    assert run_check(check, seen(source=RUN + "asyncio.run(y)\n")).rationale == (
        "a call of `asyncio.run` stands in your file twice (lines 3, 4); once is asked for"
    )
    assert run_check(check, seen(source="")).rationale == (
        "a call of `asyncio.run` stands in your file 0 times; once is asked for"
    )


def test_a_file_that_does_not_parse_passes_no_rule(seen: Seen) -> None:
    assert run_check(rules(forbid="yield_from"), seen(source="x = (\n")).rationale == (
        "your file cannot be read as Python yet, line 1"
    )


def test_what_is_read_of_a_text_is_read_once_and_goes_with_it() -> None:
    source, calls = Source.read(b"go = 1\n", "x.py"), list[str]()

    def found() -> str:
        calls.append("read")
        return "found"

    assert [source.once("what", found) for _ in range(3)] == ["found"] * 3
    assert calls == ["read"]
    assert Source.read(b"go = 1\n", "x.py").once("what", lambda: "its own") == "its own"
    assert source.tree is not None
    tree = weakref.ref(source.tree)
    assert (unkept_tasks(source, "go"), source.places("call:go")) == ((), ())
    del source
    gc.collect()
    assert tree() is None


def test_all_nodes_of_a_text_are_known_with_their_parents() -> None:
    text = "async def f(a, *b, c=1):\n    async with x(1) as y, z:\n        return [n async for n in y if (m := n)]\n"
    names = Source.read(text.encode(), "x.py").names
    tree = names.nodes[0]
    said = (ast.expr_context,)
    assert list(names.nodes) == [node for node in ast.walk(tree) if not isinstance(node, said)]
    for node in names.nodes:
        for child in ast.iter_child_nodes(node):
            assert isinstance(child, said) or names.parents[id(child)] is node


def test_of_many_places_the_first_are_named(seen: Seen) -> None:
    text = "import asyncio\n" + "asyncio.run(x)\n" * 500
    found = run_check(rules(forbid="call:asyncio.run"), seen(source=text))
    assert found.rationale.startswith(
        f"lines {', '.join(map(str, range(2, 22)))} and 480 more: a call of `asyncio.run`"
    )


def test_a_text_that_is_too_long_is_told_so(seen: Seen) -> None:
    found = run_check(rules(require="call:asyncio.run"), seen(source="1;" * 150_000 + "1"))
    assert found.rationale == "your file is too long to be read"


# those that have the most nodes or levels for a character, and files as people write them
DENSE = (
    *(
        "x",
        "~x",
        "~-~x",
        "~" * 80 + "x",
        "~" * 40 + "x" + ";x" * 20,
        "~" * 40 + "[x,x,x,x,x]",
        "x;x\nx;x",
        "-x-x-x",
        "[[]]",
        "x[:]",
        "a.b.c",
        "f'{x=}{x}'",
        "lambda:x",
        "*_,=x",
        "x<x<x",
    ),
    *("def f():x", "@x\nclass C:x", "with x:x", "match x:\n case*_,:x", "async def f():\n [await x async for _ in x]"),
    *(path.read_text(encoding="utf-8") for path in sorted((ROOT / "solutions").glob("*/reference.py"))),
)


@pytest.mark.parametrize("text", DENSE)
def test_the_nodes_of_a_text_have_no_more_levels_than_the_square_of_its_length(text: str) -> None:
    names = Source.read(text.encode(), "f.py").names
    assert imports._levels(names.nodes, names.parents) <= (len(text) + 2) ** 2


def test_a_text_is_parsed_and_its_names_read_when_somebody_asks_and_once_but_for_one_that_may_be_tangled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked, real = list[int](), Names.of

    def of(tree: ast.Module) -> Names:
        asked.append(len(tree.body))
        return real(tree)

    monkeypatch.setattr(Names, "of", of)
    short = Source.read(b"import asyncio\nwith x(\n): pass\n", "f.py")
    parsed = ast.parse
    monkeypatch.setattr(ast, "parse", lambda *_: pytest.fail("nobody asked for it"))
    assert read(b"x = 1\n").is_too_long is False
    monkeypatch.setattr(ast, "parse", parsed)
    assert asked == []
    assert (short.names.known, short.names.known, short.heads) == ({"asyncio": "asyncio"},) * 2 + ({2: 2, 3: 2},)
    assert asked == [2]
    assert Source.read(b"x = 1\n" * 400, "f.py").heads == {}
    assert asked == [2, 400]
