"""Patterns over the source: what each kind finds, whatever the names were imported as."""

import pytest

from grader.checks import Source, check_pattern
from grader.checks.patterns import parse


def places(pattern: str, text: str) -> tuple[int, ...]:
    return Source.read(text.encode(), "main.py").places(pattern)


@pytest.mark.parametrize(
    "text",
    [
        "import asyncio\nasyncio.run(x)",
        "import asyncio as aio\naio.run(x)",
        "from asyncio import run\nrun(x)",
        "from asyncio import run as go\ngo(x)",
        "from asyncio.runners import run\nrun(x)",
        "from asyncio import *\nrun(x)",
        "import asyncio; go = asyncio.run\ngo(x)",
    ],
)
def test_a_call_is_found_by_what_it_is_and_not_by_how_it_is_written(text: str) -> None:
    assert places("call:asyncio.run", text) == (2,)


@pytest.mark.parametrize(
    "text",
    [
        "x = 1\nsorted(x)",
        "srt = sorted\nsrt(x)",
        "srt: object = sorted\nsrt(x)",
        "a, srt = min, sorted\nsrt(x)",
        "a = sorted; srt = a\nsrt(x)",
        "def f(x, srt=sorted):\n return srt(x)",
        "def f(x, *, srt=sorted):\n return srt(x)",
        "if (srt := sorted):\n srt(x)",
        "from builtins import sorted as srt\nsrt(x)",
        "def f(x, sorted=sorted):\n return sorted(x)",
        "class A:\n def sorted(self): return sorted(x)",
        "def f(sorted): pass\nsorted(x)",
        "[x for sorted in y]\nsorted(x)",
        "sorted = sorted\nsorted(x)",
        "if __name__ == '__main__': pass\nelse: sorted(x)",
        "if __name__ != '__main__':\n sorted(x)",
        "def f():\n if __name__ == '__main__': sorted(x)",
        "import builtins as b\nb.sorted(x)",
        "import builtins; srt = builtins.sorted\nsrt(x)",
    ],
)
def test_a_builtin_is_found_by_another_name_that_it_was_given(text: str) -> None:
    assert places("call:sorted", text) == (2,)


@pytest.mark.parametrize(
    "text",
    [
        "srt = sorted\nsrt = other\nsrt(x)",
        "srt = sorted\ndef f(srt):\n return srt(x)",
        "def sorted(x): return x\nsrt = sorted\nsrt(x)",
        "from mine import sorted\nsorted(x)",
        "def sorted(x):\n return x\nsorted(x)",
        "def f(x):\n def sorted(x): return x\n return sorted(x)",
        "def f(x, sorted):\n return sorted(x)",
        "sorted = merge\nsorted(x)",
        "[sorted(x) for sorted in fs]",
        "class A:\n def sorted(self): pass\n sorted(1)",
        "if __name__ == '__main__':\n sorted(x)",
        "if '__main__' == __name__ and x:\n def f(): sorted(x)",
        "if __name__ != '__main__':\n pass\nelse:\n sorted(x)",
        "srt = sorted(x)\nsrt()",
        "x.sorted(y)",
    ],
)
def test_what_may_be_something_else_is_not_taken_for_a_builtin(text: str) -> None:
    assert places("call:sorted", text) == ((1,) if "= sorted(" in text else ())


@pytest.mark.parametrize(
    "text",
    [
        "x = []\nx.sort()",
        "order = x.sort\norder()",
        "order = list.sort\norder(x)",
        "x = []\nlist.sort(x)",
        "x = []\ngetattr(x, 'sort')()",
        "from helpers import *\ngetattr(x, 'sort')()",
    ],
)
def test_a_method_is_found_by_another_name_that_it_was_given(text: str) -> None:
    assert places("method:.sort", text) == (2,)
    assert places("call:.sort", text) == (2,)


@pytest.mark.parametrize(
    "text", ["order = x.sort()\norder(1)", "order = x.sort\norder = y\norder()", "sort(x)", "x.sort"]
)
def test_what_is_no_call_of_a_method_is_not_found(text: str) -> None:
    assert places("method:.sort", text) == ((1,) if "sort()" in text else ())


def test_a_second_name_of_a_method_is_no_attribute() -> None:
    assert (
        places("name:.sort", "order = x.sort\norder()") == places("attribute:.sort", "order = x.sort\norder()") == (1,)
    )


def test_another_thing_of_that_name_is_not_found() -> None:
    assert places("call:asyncio.run", "import subprocess\nsubprocess.run(x)\nrun(x)") == ()


@pytest.mark.parametrize(
    ("pattern", "text", "lines"),
    [
        ("await:asyncio.create_task", "import asyncio\nasync def f():\n await asyncio.create_task(g())", (3,)),
        ("await:asyncio.create_task", "import asyncio\nasync def f():\n t = asyncio.create_task(g())\n await t", ()),
        ("unpack:asyncio.gather", "import asyncio\na, b = asyncio.gather(x, y)", (2,)),
        ("unpack:asyncio.gather", "import asyncio\nasync def f():\n a, b = await asyncio.gather(x, y)", ()),
        ("unpack:asyncio.gather", "import asyncio\na = asyncio.gather(x, y)", ()),
        ("bare:say", "say(1)\nx = say(1)", (1,)),
        ("unawaited:say", "async def f():\n say(1)\n await say(2)\n g(say(3))\n return say(4)", (2,)),
        (
            "unawaited:say",
            "async def f():\n x = say(1)\n await x\n y = say(2)\n return [say(3)][0] + say(4)",
            (4, 5, 5),
        ),
        ("unawaited:.send", "async def f(s):\n s.send(1)\n await s.send(2)", (2,)),
        ("name:asyncio.sleep", "from asyncio import sleep\nx = sleep", (2,)),
        ("name:threading", "import threading\nthreading.Thread()", (2,)),
        ("attribute:.result", "t.result\nt.result()\nresult", (1, 2)),
        ("method:.result", "t.result\nt.result()\nresult()", (2,)),
        ("call:.result", "t.result\nt.result()\nresult()", (2,)),
        ("call:asyncio.*", "import asyncio\nasyncio.run(asyncio.sleep(1))\nprint()", (2, 2)),
        ("import:asyncio", "import asyncio as a\nfrom asyncio import run\nimport os", (1, 2)),
        ("import:time.sleep", "from time import sleep\nfrom time import time", (1,)),
        ("decorator:types.coroutine", "import types\n@types.coroutine\ndef f(): pass", (3,)),
        ("decorator:cache", "@cache()\ndef f(): pass\n@other\nclass C: pass", (2,)),
        ("yield_from", "def f():\n yield from g()\n yield 1", (2,)),
        ("yield_from_in_async", "def f():\n yield from g()\nasync def h():\n yield from g()", (4,)),
        ("await_outside_async", "await f()\ndef g():\n await f()\nasync def h():\n await f()", (1, 3)),
        ("await_outside_async", "async def f():\n def g():\n  return await h()\n return [await x for x in g()]", (3,)),
        ("lone:asyncio.gather", "import asyncio\nasyncio.gather(x)\nasyncio.gather(*x)\nasyncio.gather(x, y)", (2,)),
        (
            "items:asyncio.wait",
            "import asyncio\nasync def f():\n d, p = await asyncio.wait(x)\n return [t for t in d]",
            (4,),
        ),
        ("items:asyncio.wait", "import asyncio\nasync def f():\n d, p = await asyncio.wait(x)\n a, b = d", (4,)),
        (
            "items:asyncio.wait",
            "import asyncio\nasync def f():\n d, p = await asyncio.wait(x)\n return d.pop(), x.pop()",
            (4,),
        ),
        ("items:asyncio.wait", "import asyncio\nasync def f():\n return tuple((await asyncio.wait(x))[0])", (3,)),
        ("items:asyncio.wait", "import asyncio\nasync def f():\n for t in (await asyncio.wait(x))[0]: g(*t)", (3,)),
        ("items:asyncio.wait", "import asyncio\nasync def f():\n await asyncio.wait(x)\n return [t for t in x]", ()),
        ("items:asyncio.wait", "import asyncio\nasync def f():\n d = await asyncio.wait(x)\nfor t in d: pass", ()),
        ("async_def:f", "async def f(): pass\ndef f(): pass", (1,)),
        ("def:f", "async def f(): pass\ndef f(): pass", (2,)),
        ("while_true", "while True: pass\nwhile 1: pass\nwhile x: pass", (1, 2)),
        ("in f: call:g", "def f():\n g()\n\ndef h():\n g()", (2,)),
        ("in f: def:f", "def f():\n pass", ()),
        ("in nobody: call:g", "g()", ()),
    ],
)
def test_each_kind_finds_its_own_and_nothing_else(pattern: str, text: str, lines: tuple[int, ...]) -> None:
    assert places(pattern, text) == lines


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("cal:asyncio.run", "unknown kind of source pattern 'cal'; did you mean 'call'?"),
        ("call", "source pattern 'call' needs a name, found ''; write for example 'call:asyncio.run'"),
        ("call:a b", "source pattern 'call' needs a name, found 'a b'; write for example 'call:asyncio.run'"),
        ("yield_from:x", "source pattern 'yield_from' takes no name, found 'x'; leave it out"),
        ("in f: loop", "unknown kind of source pattern 'loop'"),
    ],
)
def test_a_pattern_that_is_not_understood_is_refused(pattern: str, words: str) -> None:
    assert (check_pattern(pattern) or "").startswith(words)


def test_a_pattern_that_is_understood_is_not_refused() -> None:
    assert check_pattern("in main: call:asyncio.run") is None


def test_a_pattern_that_is_not_understood_never_simply_finds_nothing() -> None:
    with pytest.raises(ValueError, match="unknown kind"):
        places("cal:x", "not python (")


def test_a_pattern_is_said_in_words() -> None:
    assert str(parse("in main: call:asyncio.run")) == "a call of `asyncio.run` in `main`"
    assert str(parse("method:.result")) == "a call of a method `.result(...)`"
    assert str(parse("yield_from")) == "`yield from`"
