"""What is said of text that is no Python: for each program what is true of it, on every Python."""

import sys

import pytest

from grader.checks import Source
from grader.checks.failures import told_in
from grader.checks.fstrings import told_alike
from grader.door.cells import joined
from grader.grading.syntax import escape_line, explained_syntax, header_line
from grader.referee.outcome import Failure

ASSIGNED = "`=` gives a name its value, which cannot be done here; to compare, write `==`"
NO_PLACE = "what is given a value here can have none; names, attributes and places such as `x[0]` can"
IN_CALL = "in a call, what has no name comes before what has one (`name=value`, `**`); put it first"
DEFAULT = "a parameter without a default stands behind one that has a default; put it before that"
EXCEPT = "several exceptions stand in brackets, `except (A, B):`; a name for it comes after `as`, `except A as error:`"
COLON = "Python expected a colon (`:`) in this line, and met something else"
BLOCK = "a line that begins a block needs indented lines below it; comments do not count, `pass` does"
INDENT = "the indentation of this line does not fit the lines around it"
STRING = "text in quotes begins in this line and does not end in it"
UNTOLD = "Python cannot read this line; look at all that stands in it, and at the end of the one above"
ASYNC = "may stand only inside `async def`; a `def` or `lambda` in one is none"
PRINT = "`print` is a function: what it is called with stands in brackets"
GENERATOR = "a generator (`x for x in y`) that is not the only argument needs brackets of its own"
ESCAPE = (
    "in quotes `\\U`, `\\u`, `\\x` and `\\N` begin a character by its number or name; for a plain `\\` write `\\\\`, or an `r` "
    "before the quotes"
)
NO_NAME = '`0-simmer` is no name, so `import` cannot find a file that is called so; write `__import__("0-simmer")`'
IN_QUOTES = '`import` takes names, and no text in quotes; a file that is called so is found by `__import__("0-simmer")`'
CHAT = "three backquotes mark a program in a chat or a text, and are no part of it; take them out"
PROMPT = "`>>>` is shown by Python's own prompt, and is no part of a program; take it out"
QUOTES = "the quotes inside this text end it, for they are of the same kind; use the other kind inside"
GIT = "git wrote this line where two versions did not fit together; keep one of them, and take git's lines out"
NEVER = "text in three quotes begins here and never ends"

IN_BRACES = (
    "within the braces of an f-string `{0}` closes no bracket that is open; take it out, or end the braces and the text "
    "before it"
)

PROGRAMS = {
    # what only the compiler refuses
    "async def f():\n    yield 1\n    return 5\n": (
        3,
        "an `async def` with `yield` is a generator, and cannot `return` a value; `yield` it, or write `return` alone",
    ),
    "def f():\n    return [x async for x in y]\n": (
        2,
        "a comprehension with `async for` or `await` in it may stand only inside `async def`",
    ),
    "def f():\n    await g()\n": (2, f"`await` {ASYNC}"),
    "def f():\n    async for x in y: pass\n": (2, f"`async for` {ASYNC}"),
    "f = lambda: await g()\n": (1, f"`await` {ASYNC}"),
    "return 5\n": (1, "`return` may stand only inside a function"),
    "async def f():\n    yield from g()\n": (2, "`yield from` cannot stand in `async def`; write `await`"),
    "break\n": (1, "`break` may stand only inside a loop, `for` or `while`"),
    "if x:\n    continue\n": (2, "`continue` may stand only inside a loop, `for` or `while`"),
    "def f(a, a): pass\n": (1, "two parameters are called `a`; each needs a name of its own"),
    "def f():\n    x = 1\n    global x\n": (3, "`global x` has to stand before `x` is used"),
    "def f():\n    print(x)\n    global x\n": (3, "`global x` has to stand before `x` is used"),
    "def f(x):\n    global x\n": (2, "`x` is a parameter, and cannot be `global` too"),
    "nonlocal x\n": (1, "`nonlocal` may stand only inside a function"),
    "def f():\n    nonlocal x\n": (2, "`nonlocal x` needs a function around this one that sets `x`"),
    "def f():\n    from os import *\n": (
        2,
        "`import *` may stand only outside of functions and classes; import by name what is used",
    ),
    "x = 1\nfrom __future__ import annotations\n": (
        2,
        "`from __future__` has to come first in the file; only comments and a docstring may stand before it",
    ),
    "f(a=1, a=2)\n": (1, "`a` is given twice in one call; give it once"),
    # what cannot be read, and Python says why
    "f(a=1, 2)\n": (1, IN_CALL),
    "f(**a, *b)\n": (1, IN_CALL),
    "def f(a=1, b): pass\n": (1, DEFAULT),
    "5 = x\n": (1, ASSIGNED),
    "f() = 3\n": (1, ASSIGNED),
    "if x = 5: pass\n": (1, ASSIGNED),
    "if x.y = 5: pass\n": (1, ASSIGNED),
    "f() += 1\n": (1, UNTOLD),
    "for f() in x: pass\n": (1, NO_PLACE),
    "f(a.b=1)\n": (1, "in a call only the name of a parameter may stand left of `=`; to compare, write `==`"),
    "x = 0777\n": (1, "a number cannot begin with 0; leave the 0 out, or write `0o` before a number in base 8"),
    "x = 2nd\n": (1, "a digit stands before letters or `_`; a name cannot begin with a digit"),
    "try:\n    x\nexcept A, e: pass\n": (3, EXCEPT),
    "try:\n    x\ny = 1\n": (
        3,
        "a `try` above has no `except` or `finally`; write one below its block, as far to the left as the `try`",
    ),
    "x = (1,\n2\n": (1, "the bracket `(` of this line is never closed"),
    "x = 1)\n": (1, "`)` closes no bracket that is open"),
    "x = (1]\n": (1, "`]` stands where the bracket `(` is to be closed"),
    'x = "abc\n': (1, STRING),
    'x = f"abc\n': (1, STRING),
    'x = """abc\n': (1, NEVER),
    "x = 1 \\ 2\n": (1, "outside of quotes nothing may stand after `\\` in a line"),
    "if x\n    pass\n": (1, COLON),
    "def f() { return 1; }\n": (1, COLON),
    "async def f():\n    def g():\n        await x\n": (3, f"`await` {ASYNC}"),
    "async def f():\n    return lambda: await x\n": (2, f"`await` {ASYNC}"),
    "async with x: pass\n": (1, f"`async with` {ASYNC}"),
    'if n: print "a"\n': (1, PRINT),
    "x = print a, b\n": (1, PRINT),
    "f(1, x for x in y)\n": (1, GENERATOR),
    "f(x for x in y, z=3)\n": (1, GENERATOR),
    'x = "C:\\Users\\me"\n': (1, ESCAPE),
    "x = (1,\n    '\\x')\n": (2, ESCAPE),
    "x = b'\\x'\n": (1, ESCAPE),
    'def f():\n    """Look:\n\n    >>> open("C:\\Users")\n    """\n': (4, ESCAPE),
    'x = ("""a\\\\U\nb""" "\\N{no such one}")\n': (2, ESCAPE),
    "x = b'\u00e9'\n": (1, "with `b` before the quotes only plain letters, digits and signs may stand in them"),
    "x = f'{y]}'\n": (1, IN_BRACES.format("]")),
    "print(f'waiting {w)\n": (1, STRING),
    "print(f'waiting {w)')\n": (1, IN_BRACES.format(")")),
    "x = f'{y[}'\n": (1, "`}` stands where the bracket `[` is to be closed"),
    'x = f"{a(b"\n': (1, UNTOLD),
    # what a line shows
    "from .0-simmer import x\n": (1, NO_NAME),
    "import asyncio, 0-simmer\n": (1, NO_NAME),
    "import os.path as p, 0-simmer as x\n": (1, NO_NAME),
    "import '0-simmer'\n": (1, IN_QUOTES),
    'from "./0-simmer.py" import x\n': (1, IN_QUOTES),
    "import 'asyncio'\n": (1, "after `import` and `from` a name stands without quotes: `asyncio`"),
    "```python\nx = 1\n```\n": (1, CHAT),
    "x = 1\n```\n": (2, CHAT),
    ">>>\n": (1, PROMPT),
    "x = 1\n>>>x\n": (2, PROMPT),
    "async def f():\n    x = asyncio.async(g())\n": (
        2,
        "`asyncio.async` is gone, for `async` is a word of the language now; write `asyncio.create_task`",
    ),
    "x = 1\n<<<<<<< HEAD\nx = 2\n=======\nx = 3\n>>>>>>> other\n": (2, GIT),
    ">>> x = 5\n": (1, "`>>>` is shown by Python's own prompt, and is no part of a program; take it out"),
    "pip install x\n": (1, "`pip install` is a command for a terminal; take the line out"),
    "!pip install x\n": (1, "`pip install` is a command for a terminal; take the line out"),
    "%time x\n": (1, "`%time` works in notebooks only; take it out"),
    "if 1: pass\nelse if 2: pass\n": (2, "`else if` is written `elif`"),
    'raise E, "x"\n': (1, "what `E` is raised with stands in brackets: `raise E(...)`"),
    "x++\n": (1, "there is no `++` in Python; write `+= 1` or `-= 1`"),
    "if a && b: pass\n": (1, "`&&` is written `and`"),
    "if a || b: pass\n": (1, "`||` is written `or`"),
    "if a <> b: pass\n": (1, "`<>` is written `!=`"),
    # where neither tells it: no guess
    "else:\n    pass\n": (1, UNTOLD),
    "def f():\n    x = yield from y z\n": (2, UNTOLD),
    "x = await\n": (1, UNTOLD),
    "f(x=)\n": (1, UNTOLD),
    "x = [y for y z]\n": (1, UNTOLD),
    'x = f"{a b}"\n': (1, UNTOLD),
    "from x import\n": (1, UNTOLD),
    "Title\n=======\n": (2, UNTOLD),
    # blocks
    "async def f():\n    # write it here\n\n\n": (1, BLOCK),
    "x = 1\nif x:\npass\n": (2, BLOCK),
    "x = 1\n    y = 2\n": (2, INDENT),
    "if 1:\n        x = 1\n\ty = 2\n": (3, INDENT),
    # f-strings of several lines, of which each Python names another line
    'x = f"""a\nb\n{(1]}\nc"""\n': (3, "`]` stands where the bracket `(` is to be closed"),
    'x = f"""\na {f(1} c\nd\n"""\n': (2, "`}` stands where the bracket `(` is to be closed"),
    'x = f"""\n{{ {a} }} {b:>{w}}\n{y)} c\n"""\n': (3, IN_BRACES.format(")")),
    'x = f"""\na {b:{c]} c\n"""\n': (2, IN_BRACES.format("]")),
    'x = f"""\na {b} c\nd }\n"""\n': (3, UNTOLD),
    'x = f"""\na { c\nd\n"""\n': (2, UNTOLD),
    'x = f"""\n\n{} c\n"""\n': (3, UNTOLD),
    'x = f"""\n{b!r} {b != c!z}\n"""\n': (2, UNTOLD),
    "x = f'''\n{a(\n'''\n": (2, UNTOLD),
    'x = f"""\n{a # c}\n\n"""\n': (2, UNTOLD),
    'x = f"""\n{a \\ b}\n"""\n': (2, "outside of quotes nothing may stand after `\\` in a line"),
    'x = rf"""\n{"a}\n"""\n': (2, "text in quotes begins in this line and does not end in it"),
    'x = f"""\n{(1]}\n': (1, NEVER),
    # and what stands beside one
    'x = [f"""\n{x}\n""")\n': (3, "`)` stands where the bracket `[` is to be closed"),
    'x = f"""\n{x[0]}\n""" + f"""\n{(}"""\n': (4, "`}` stands where the bracket `(` is to be closed"),
    'x = """\n{(}\n""" + (1]  # f"""\n': (3, "`]` stands where the bracket `(` is to be closed"),
}


# right since 3.12, and ended by the second of its quotes before
QUOTED = (
    'x = f"{x["a"]}"\n',
    "x = f'{d.get('a')}'\n",
    "print(f'{n} of {d['a']}, {b}')\n",
    "print(f'{', '.join(x)}')\n",
    "print(rf'{d['a']}' + 'b')\n",
)


@pytest.mark.parametrize("text", QUOTED)
def test_quotes_of_the_same_kind_inside_are_told_as_that_where_they_end_the_text(text: str) -> None:
    for said in ("f-string: unmatched '['", "f-string: expecting '}' (f.py, line 1)"):
        assert explained_syntax(Failure("SyntaxError", said, 1), text) == QUOTES
    if sys.version_info < (3, 12):
        failure = _failure(text)
        assert (failure.line, explained_syntax(failure, text)) == (1, QUOTES)
    else:
        compile(text, "f.py", "exec")


@pytest.mark.parametrize(
    ("text", "is_inside"),
    [
        ('x = f"{"\\n".join(x)}"\n', True),
        ("x = rf'{'\\d'}'\n", True),
        ('x = f"{x}" \\ "{a}"\n', False),
        ('x = f"{a}" \\ 3\n', False),
        ("x = 3 \\ 4\n", False),
    ],
)
def test_a_backslash_in_quotes_of_the_same_kind_is_told_as_quotes_and_no_other_is(text: str, is_inside: bool) -> None:
    said = "unexpected character after line continuation character"
    assert (explained_syntax(Failure("SyntaxError", said, 1), text) == QUOTES) == is_inside
    if sys.version_info < (3, 12) or not is_inside:
        assert (explained_syntax(_failure(text), text) == QUOTES) == is_inside


@pytest.mark.parametrize("text", ['x = f"{a(b"', 'x = f"{a[b", c', "x = f'{a(b', g('c')", 'x = f"{a}" "b{" "}"'])
def test_nothing_is_said_of_quotes_where_none_are_inside(text: str) -> None:
    assert explained_syntax(Failure("SyntaxError", "f-string: unmatched '('", 1), text) == UNTOLD


def _failure(text: str) -> Failure:
    """As the file's own reading has it, or else the run, whose compiler refuses more."""
    read = Source.read(text.encode(), "f.py").error
    if read is not None:
        return read
    with pytest.raises(SyntaxError) as raised:
        compile(text, "f.py", "exec")
    return Failure(type(raised.value).__name__, str(raised.value), raised.value.lineno)


@pytest.mark.parametrize("text", PROGRAMS)
def test_what_is_said_of_a_line_that_is_no_python_is_true_of_it(text: str) -> None:
    failure = _failure(text)
    told = told_alike(failure, text)
    number = header_line(told) or escape_line(told, text) or told.line
    assert number is not None
    assert (number, explained_syntax(told, text.split("\n")[number - 1])) == PROGRAMS[text]


CELLS = 'f"""\n{(1]}\n', '"""\n', 'x = f"""\n{1]}\n"""'


@pytest.mark.parametrize(
    ("cell", "line", "said"),
    [(CELLS[0], 2, NEVER), (CELLS[2], 8, IN_BRACES.format("]"))],
)
def test_an_f_string_in_a_cell_is_read_without_the_other_cells(cell: str, line: int, said: str) -> None:
    source = Source.read(joined([(at, each.split("\n")) for at, each in enumerate(CELLS, 1)]).encode(), "f.py")
    first = next(one.first for one, each in zip(source.cells, CELLS, strict=True) if each == cell)
    with pytest.raises(SyntaxError) as raised:
        compile("\n" * (first - 1) + cell, "f.py", "exec")
    told = told_in(Failure("SyntaxError", str(raised.value), raised.value.lineno), source)
    assert (told.line, explained_syntax(told, source.line(told.line))) == (line, said)
