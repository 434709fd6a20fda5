"""Which files count as plain: all that could change, keep or find something beyond a run makes a file none."""

import ast
import asyncio
import builtins
import inspect
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from msgspec.structs import replace

from grader.checks.imports import Names
from grader.course.model import Exercise
from grader.run import plain
from grader.run.plain import ATTRIBUTES, MODULES, is_plain, plays_along
from tests.adopted import adopted
from tests.proof.the_course import EXERCISES, reference


def nodes_of(text: str) -> list[ast.AST]:
    return [*Names.of(ast.parse(text)).nodes]


FUNCTIONS = """
import asyncio as aio, collections.abc as abc
from asyncio import gather, create_task
from functools import lru_cache
import random, time

@lru_cache
def double(number: int) -> int:
    return 2 * number

async def main(say, urls: abc.Sequence[str], *more, key=None, **rest):
    global last
    results = {}
    for at, url in enumerate(urls):
        results[url] = await say(double(at), url)
        results.setdefault(url, []).append(f"{at!r:>3}")
    async with aio.TaskGroup() as group:
        tasks = [group.create_task(say(delay, what)) for delay, what in zip((1, 2), urls)]
    process = await aio.create_subprocess_shell("x", stdout=aio.subprocess.PIPE)
    try:
        line = (await process.stdout.readline()).decode().rstrip()
    except (aio.TimeoutError, ValueError) as error:
        raise RuntimeError("no line") from error
    del results[url]
    last = sorted(results, key=lambda name: (random.random(), time.time()))
    return [task.result() for task in tasks], await gather(*map(create_task, more)), line

if __name__ == "__main__":
    asyncio = aio
    aio.run(main(print, []))
"""


def test_functions_that_use_what_a_run_gives_them_are_plain() -> None:
    assert is_plain(nodes_of(FUNCTIONS))


@pytest.mark.parametrize(
    "name", ["first-await", "run-it-once", "say-after", "two-downloads", "request-response", "process-output"]
)
def test_references_are_plain_with_what_their_worlds_have(name: str) -> None:
    exercise = EXERCISES[name]
    assert plays_along(exercise, nodes_of(reference(exercise).decode()), alone=True)


TRICKS = {
    "state in a module": "import asyncio\nasyncio.kept = 1",
    "state in a module, taken back": "import random\ndel random.kept",
    "state in a module, added to": "import asyncio\nasyncio.kept += [1]",
    "state in a module, by a loop": "import asyncio\nfor asyncio.kept in [1]: pass",
    "state in a module, by with": "import asyncio\nwith f() as asyncio.kept: pass",
    "a name of a module, rebound": "import asyncio\nasyncio = asyncio.tasks",
    "a name of a module, as a parameter": "import asyncio\ndef f(asyncio): return asyncio.run",
    "another module": "import sys",
    "another module, as part": "import asyncio, os",
    "a part of a package": "import asyncio.tasks",
    "two modules of one name": "import asyncio as a\nimport random as a",
    "all names": "from asyncio import *",
    "a module of another file": "from . import asyncio",
    "an inner module": "import asyncio\nasyncio.tasks",
    "an inner module, taken": "from asyncio import events",
    "the module in a module": "import asyncio\nasyncio.subprocess.subprocess",
    "a module of several, passed on": "import asyncio\ns = asyncio.subprocess",
    "a module of several, by another name": "import asyncio\na = asyncio\na.subprocess.PIPE",
    "defaults of a function": "import asyncio\nasyncio.gather.__defaults__ = ()",
    "defaults, with setattr": "setattr(len, 'x', 1)",
    "a class attribute": "import asyncio\nasyncio.Queue.kept = 1",
    "an attribute of a proxy": "async def f(session): session.kept = 1",
    "a class": "class C: pass",
    "a class whose equals see others": "class M(type):\n    def __eq__(cls, other): print(other)",
    "a class made by hand": "C = type('C', (), {})",
    "registered with an abstract class": "from collections.abc import Sequence\nSequence.register(f)",
    "the cache of generic types": "from typing import List\nList[list[True]]",
    "the cache of annotations": "from typing import Annotated\nAnnotated[int, 1]",
    "overloads": "from typing import overload",
    "marks on a function": "import functools, asyncio\nfunctools.wraps(f)(asyncio.sleep)",
    "marks, with update_wrapper": "from functools import update_wrapper",
    "a thread": "import threading",
    "a thread of asyncio's": "import asyncio\nasyncio.to_thread(f)",
    "a thread of an executor": "import asyncio\nasyncio.get_running_loop().run_in_executor(None, f)",
    "the recursion limit": "import sys\nsys.setrecursionlimit(9)",
    "filters of warnings": "import warnings\nwarnings.simplefilter('error')",
    "handlers of logging": "import logging\nlogging.basicConfig()",
    "a policy of loops": "import asyncio\nasyncio.set_event_loop_policy(None)",
    "a context variable": "from contextvars import ContextVar",
    "a handler of signals": "import signal",
    "a handler of signals, by the loop": "import asyncio\nasyncio.get_running_loop().add_signal_handler(2, f)",
    "something at exit": "import atexit\natexit.register(f)",
    "an open file": "open('kept', 'w')",
    "a descriptor": "import os\nos.pipe()",
    "a connection": "import asyncio\nasyncio.open_connection('a', 1)",
    "the environment": "import os\nos.environ['A'] = 'b'",
    "a library by ctypes": "import ctypes",
    "what the collector knows": "import gc",
    "all tasks": "import asyncio\nasyncio.all_tasks()",
    "frames of a task": "import asyncio\nasyncio.current_task().get_stack()",
    "a frame of a coroutine": "def f(c): return c.cr_frame.f_globals",
    "a frame of an error": "try: f()\nexcept ValueError as error: error.__traceback__",
    "subclasses": "().__class__.__base__.__subclasses__()",
    "attributes, by a format": "'{0.__globals__}'.format(f)",
    "attributes, by a format of a mapping": "'{a}'.format_map(f)",
    "attributes, by a match": "match f:\n    case str(__globals__=g): pass",
    "attributes, by getattr": "getattr(f, 'cr_frame')",
    "getattr, that has its name elsewhere": "def g():\n    getattr = 1\ngetattr(f, 'cr_frame')",
    "getattr, by a listed name": "g = getattr",
    "names by vars": "vars()",
    "names by globals": "globals()['x'] = 1",
    "a text executed": "exec('import sys')",
    "a text evaluated": "eval('1')",
    "an import by name": "__import__('sys')",
    "builtins": "__builtins__['x'] = 1",
    "builtins, as a global name": "def f():\n    global __builtins__\n    __builtins__ = {}",
    "an attribute of the module": "def __getattr__(name): pass",
    "an address": "id(f)",
    "an address, as a hash": "hash(f)",
    "the order of a set": "for f in {g, h}: pass",
    "the order of a set that is drawn up": "list({g for g in h})",
    "the order of a set by its name": "set(h)",
    "the end of the process": "exit()",
    "what ends a process": "raise SystemExit",
    "a breakpoint": "breakpoint()",
    "the keyboard": "input()",
}  # fmt: skip


@pytest.mark.parametrize("trick", TRICKS)
def test_what_could_keep_or_find_something_is_not_plain(trick: str) -> None:
    text = TRICKS[trick]
    assert not is_plain(nodes_of(text))
    assert not is_plain(nodes_of(f"async def main():\n    pass\nif 1:\n    {text.replace(chr(10), chr(10) + '    ')}"))


@pytest.mark.parametrize("text", ["type X = int", "def f[T](x: T): pass", "try: f()\nexcept* ValueError: pass"])
def test_what_is_not_known_is_not_plain(text: str) -> None:
    try:
        nodes = nodes_of(text)
    except SyntaxError:
        pytest.skip("a later Python has it")
    assert not is_plain(nodes)


def _reached() -> Iterator[tuple[str, Any]]:
    """All that has a listed name, by what has one."""
    modules = {name: import_module(name) for name in MODULES}
    left = [(f"{name}.{each}", vars(modules[name])[each]) for name in MODULES for each in MODULES[name]]
    left += [(name, getattr(builtins, name)) for name in plain._BUILTINS if name != "__name__"]
    left += [(name, getattr(asyncio.subprocess, name)) for name in plain._OF_SUBPROCESS]
    left += modules.items()  # as a value that has another name
    seen = set[int]()
    while left:
        path, value = left.pop()
        if id(value) not in seen:
            seen.add(id(value))
            yield path, value
            for name in ATTRIBUTES.intersection(dir(value)):
                left.append((f"{path}.{name}", inspect.getattr_static(value, name)))


def test_by_listed_names_nothing_is_reached_that_lasts_and_can_be_changed() -> None:
    reached = dict(_reached())
    assert {name for name, value in reached.items() if isinstance(value, ModuleType)} <= MODULES.keys()
    assert not [name for name, value in reached.items() if isinstance(value, dict | list | set | bytearray)]
    assert {id(asyncio.Queue.put), id(asyncio.wait), id(str.join)} <= {id(value) for value in reached.values()}


def test_no_attribute_is_hidden_or_leads_to_a_frame() -> None:
    assert not {name for name in ATTRIBUTES if name.startswith("_") or name in ("format", "format_map", "register")}
    assert not {name for name in ATTRIBUTES if name.partition("_")[0] in ("f", "cr", "gi", "ag", "tb", "co")}


@pytest.mark.parametrize("name", ["cr_frame", "f_back", "format", "register", "tasks", "get_stack", "to_thread"])
def test_a_world_does_not_lend_its_names_to_what_the_library_has(name: str, tmp_path: Path) -> None:
    (tmp_path / "world.py").write_text(f"class A:\n    def {name}(self): self.ours = self._hidden = 1\n")
    exercise = _in_folder(EXERCISES["request-response"], tmp_path)
    assert plays_along(exercise, nodes_of("def f(a): return a.ours"), alone=True)
    assert not plays_along(exercise, nodes_of(f"def f(a): return a.{name}"), alone=True)
    assert not plays_along(exercise, nodes_of("def f(a): return a._hidden"), alone=True)
    assert not plays_along(EXERCISES["say-after"], nodes_of("def f(a): return a.ours"), alone=True)


def _in_folder(exercise: Exercise, folder: Path) -> Exercise:
    world = replace(exercise.file.world, python="world.py")
    return replace(exercise, folder=str(folder), file=replace(exercise.file, world=world))


def test_where_more_lies_than_one_file_none_plays_along() -> None:
    one = EXERCISES["say-after"]
    nodes = nodes_of("x = 1")
    assert plays_along(one, nodes, alone=True)
    assert not plays_along(one, nodes, alone=False)
    assert not plays_along(one, (), alone=True)
    assert not plays_along(replace(one, packages=("numpy",)), nodes, alone=True)
    assert not plays_along(adopted(), nodes, alone=True)
