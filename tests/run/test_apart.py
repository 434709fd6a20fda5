"""What replaces what marks a hand-written cell, by whatever name it is found, earns nothing."""

from textwrap import dedent

import pytest

from grader.run.levels import level_of
from grader.run.outside import Code, Output, run_cells

_CELLS = ("outputs", "player", "evaluator", "below", "bundle", "faults", "history", "apart")
_MARKING = [*(f"cells.{one}" for one in _CELLS), "text"]
# each is a cell of a learner's above the author's
TRICKS = {
    "nothing": "",
    "every function of what marks": f"""\
        import sys, types
        for name in {_MARKING}:
            module = sys.modules["grader.runner." + name]
            for name, value in list(vars(module).items()):
                if isinstance(value, types.FunctionType):
                    setattr(module, name, lambda *a, **k: None)
    """,
    "their code": f"""\
        import sys, types
        def nothing(*a, **k): return []
        for name in {_MARKING}:
            for value in list(vars(sys.modules["grader.runner." + name]).values()):
                if isinstance(value, types.FunctionType) and not value.__code__.co_freevars:
                    value.__code__ = nothing.__code__
    """,
    "the way to the other side": """\
        import sys
        pipe = sys.modules["grader.door.pipe"].Pipe
        said = pipe._say
        pipe._say = lambda self, kind, *more: said(self, kind, *more[:-1], [])
        pipe.tell = pipe._say
        import json
        json.dumps = json.JSONEncoder.encode = json.encoder.encode_basestring_ascii = lambda *a, **k: "[]"
    """,
    "a message without the word": """\
        import os
        os.write(3, b'["over", "", 1, "", []]\\n["cell", "", 2]\\n["over", "", 2, "", []]\\n["bye", ""]\\n')
    """,
    "a loop that runs nothing": """\
        import sys
        loop = sys.modules["grader.runner.run_loop"].RunLoop
        loop.run_until_complete = loop.run_forever = lambda *a: None
    """,
    "a stage that runs nothing": """\
        import sys
        stage = sys.modules["grader.runner.cells.outputs"]._Cells
        stage.run = lambda self, made, context: made.close()
        stage.stream = lambda self, name: ""
    """,
    "what ended it": """\
        import sys
        stage = sys.modules["grader.runner.cells.outputs"]._Cells
        stage.stopped = lambda self, error: None
        stage.interactivity = lambda self: "none"
    """,
    "what compiles and runs": """\
        import ast, builtins, tokenize
        real = builtins.compile
        builtins.compile = lambda text, *a, **k: real("None", "x", "eval")
        builtins.exec = builtins.eval = lambda *a, **k: None
        builtins.repr = lambda value: "2.0"
        builtins.AssertionError = builtins.Exception = type("E", (BaseException,), {})
        ast.parse = tokenize.generate_tokens = lambda *a, **k: []
    """,
    "who traces": """\
        import sys
        def traced(frame, event, argument):
            for name in list(frame.f_locals):
                frame.f_locals[name] = None
            return traced
        sys.settrace(traced)
        sys.setprofile(traced)
    """,
    "what failed, as a text": """\
        import traceback, linecache
        traceback.TracebackException = traceback.StackSummary = None
        linecache.cache = None
    """,
}
AUTHORS = ("assert answer() == 42", "float(answer() == 42)")


@pytest.mark.parametrize("trick", TRICKS)
def test_a_wrong_answer_earns_nothing_whatever_is_replaced(trick: str) -> None:
    cells = [f"def answer():\n    return 41\n{dedent(TRICKS[trick])}", *AUTHORS]
    codes = [Code(number, text, text in AUTHORS) for number, text in enumerate(cells, 1)]
    outputs = run_cells(codes, {}, level_of("child"), seconds=5, seed="a seed").outputs
    assert [_earns(outputs[2]), _earns(outputs[3])] == [False, False]


def test_a_right_one_earns_it() -> None:
    codes = [
        Code(number, text, number > 1) for number, text in enumerate(["def answer():\n    return 42", *AUTHORS], 1)
    ]
    outputs = run_cells(codes, {}, level_of("child"), seconds=5, seed="a seed").outputs
    assert [_earns(outputs[2]), _earns(outputs[3])] == [True, True]


@pytest.mark.parametrize("trick", TRICKS)
def test_what_is_replaced_there_is_there(trick: str) -> None:
    """Else it would prove nothing; that its own cell ends badly may be what it does."""
    found = run_cells([Code(1, dedent(TRICKS[trick]), False)], {}, level_of("child"), seconds=5, seed="a seed")
    assert not {one.get("ename") for one in found.outputs[1]} & {
        "AttributeError",
        "ImportError",
        "KeyError",
        "NameError",
    }


def _earns(outputs: list[Output]) -> bool:
    """As nbgrader has it: an error is nothing, a number is that much, and all else is all."""
    for one in outputs:
        if one["output_type"] == "error" or one.get("name") == "stderr":
            return False
        if one["output_type"] == "execute_result":
            return str(one["data"]["text/plain"]) != "0.0"
    return True
