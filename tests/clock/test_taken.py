"""What a program took of `time` before the first loop agrees with the clock, where it has put it; others' keep theirs."""

import asyncio
import enum
import functools
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from grader.clock import VirtualLoop
from grader.clock.library import replaced, taken, timepatch

Made = Callable[..., ModuleType]


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Made]:
    """A module of a program's, or of whose else the file is, that was loaded before any loop ran."""
    names: list[str] = []

    def make(source: str, file: str = "took.py") -> ModuleType:
        module = ModuleType(f"took_{len(names)}")
        module.__file__ = str(tmp_path / file)
        sys.modules[module.__name__] = module
        names.append(module.__name__)
        exec(f"import datetime, functools, os, time\nfrom dataclasses import dataclass, field\n{source}", vars(module))
        return module

    with replaced.restored():
        replaced.take_down()
        yield make
        replaced.take_down()
    for name in names:
        del sys.modules[name]


def told(module: ModuleType) -> Any:
    """What `asked()` of that module says when a day has passed."""
    return all_told({"": module})[""]


def all_told(modules: Mapping[str, Any]) -> dict[str, Any]:
    """What `asked()` of each says. To look into all that is loaded takes a while, and is done once for all of them."""

    async def main() -> dict[str, Any]:
        await asyncio.sleep(86_400)
        return {name: module.asked() for name, module in modules.items()}

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main())


AGREES = {
    "a default": "def asked(now=time.monotonic):\n    return now()",
    "a default by keyword": "def asked(*, now=time.monotonic):\n    return now()",
    "an attribute of a class": "class A:\n    now = time.monotonic\ndef asked():\n    return A().now()",
    "a static method": "class A:\n    now = staticmethod(time.monotonic)\ndef asked():\n    return A().now()",
    "a default of a method": "class A:\n    def ask(self, now=time.monotonic):\n        return now()\nasked = A().ask",
    "a default of a class method": "class A:\n    @classmethod\n    def ask(cls, now=time.monotonic):\n"
    "        return now()\nasked = A.ask",
    "a default of a property": "class A:\n    @property\n    def now(self, now=time.monotonic):\n"
    "        return now()\ndef asked():\n    return A().now",
    "a default of a cached property": "class A:\n    @functools.cached_property\n    def now(self, now=time.monotonic):\n"
    "        return now()\ndef asked():\n    return A().now",
    "a cached function": "@functools.cache\ndef asked(now=time.monotonic):\n    return now()",
    "a decorated function": "def twice(f):\n    @functools.wraps(f)\n    def call():\n        return f()\n    return call\n"
    "@twice\ndef asked(now=time.monotonic):\n    return now()",
    "a static method of dates": "class A:\n    now = staticmethod(datetime.datetime.now)\ndef asked():\n"
    "    return (A.now().timestamp() - datetime.datetime(2030, 1, 1).timestamp())",
    "a context manager": "import contextlib\n@contextlib.contextmanager\ndef ask(now=time.monotonic):\n    yield now()\n"
    "def asked():\n    with ask() as now:\n        return now",
    "an asynchronous context manager": "import contextlib\n@contextlib.asynccontextmanager\n"
    "async def ask(now=time.monotonic):\n    yield now()\ndef asked():\n    try:\n        ask().__aenter__().send(None)\n"
    "    except StopIteration as entered:\n        return entered.value",
    "a method that is a context manager": "import contextlib\nclass A:\n    @contextlib.contextmanager\n"
    "    def ask(self, now=time.monotonic):\n        yield now()\ndef asked():\n    with A().ask() as now:\n        return now",
    "a closure that is a context manager": "import contextlib\ndef make(now):\n    @contextlib.contextmanager\n"
    "    def ask():\n        yield now()\n    return ask\nask = make(time.monotonic)\n"
    "def asked():\n    with ask() as now:\n        return now",
    "a choice by the type": "@functools.singledispatch\ndef ask(what, now=time.monotonic):\n    return now()\n"
    "def asked():\n    return ask(1)",
    "another choice by the type": "@functools.singledispatch\ndef ask(what):\n    pass\n@ask.register\n"
    "def _(what: int, now=time.monotonic):\n    return now()\ndel _\ndef asked():\n    return ask(1)",
    "a method that is chosen by the type": "class A:\n    @functools.singledispatchmethod\n"
    "    def ask(self, what):\n        pass\n    @ask.register\n    def _(self, what: int, now=time.monotonic):\n"
    "        return now()\n    del _\ndef asked():\n    return A().ask(1)",
    "an argument of a partial method": "class A:\n    def call(self, now):\n        return now()\n"
    "    ask = functools.partialmethod(call, time.monotonic)\ndef asked():\n    return A().ask()",
    "a scheduler": "import sched\nS = sched.scheduler()\ndef asked():\n    assert S.delayfunc is time.sleep\n"
    "    return S.timefunc()",
    "a variable of a closure": "def make(now):\n    return lambda: now()\nasked = make(time.monotonic)",
    "a partial": "asked = functools.partial(time.monotonic)",
    "an argument of a partial": "def call(f):\n    return f()\nasked = functools.partial(call, time.monotonic)",
    "a keyword of a partial": "def call(f):\n    return f()\nasked = functools.partial(call, f=time.monotonic)",
    "a dictionary": "BY = {'now': time.monotonic}\ndef asked():\n    return BY['now']()",
    "a list": "ALL = [1, time.monotonic]\ndef asked():\n    return ALL[1]()",
    "a tuple": "ALL = (1, (2, time.monotonic))\ndef asked():\n    return ALL[1][1]()",
    "a list of dictionaries": "ALL = [{'now': time.monotonic}]\ndef asked():\n    return ALL[0]['now']()",
    "a list as deep as is looked into": "ALL = [[[[[time.monotonic]]]]]\ndef asked():\n    return ALL[0][0][0][0][0]()",
    "a tuple as deep as is looked into": "ALL = (((((time.monotonic,),),),),)\ndef asked():\n    return ALL[0][0][0][0][0]()",
    "a deque": "from collections import deque\nALL = deque([1, time.monotonic], 5)\ndef asked():\n    return ALL[1]()",
    "an ordered dictionary": "from collections import OrderedDict\nBY = OrderedDict(now=time.monotonic)\ndef asked():\n"
    "    return BY['now']()",
    "a dictionary with defaults": "from collections import defaultdict\nBY = defaultdict(int, now=time.monotonic)\n"
    "def asked():\n    return BY['now']()",
    "what makes the defaults of a dictionary": "from collections import defaultdict\nBY = defaultdict(time.monotonic)\n"
    "def asked():\n    return BY.default_factory()",
    "an item of a named tuple": "from collections import namedtuple\nA = namedtuple('A', 'now')(time.monotonic)\n"
    "def asked():\n    assert type(A).__name__ == 'A'\n    return A.now()",
    "a named tuple in a list": "from typing import NamedTuple\nclass A(NamedTuple):\n    now: object\n"
    "ALL = [A(time.monotonic)]\ndef asked():\n    return ALL[0].now()",
    "an attribute of a function": "def asked():\n    return asked.now()\nasked.now = time.monotonic",
    "an attribute of an object": "class A:\n    def __init__(self, now):\n        self.now = now\nA = A(time.monotonic)\n"
    "def asked():\n    return A.now()",
    "a field": "@dataclass\nclass A:\n    now: object = time.monotonic\ndef asked():\n    return A().now()",
    "a field with slots": "@dataclass(slots=True)\nclass A:\n    now: object = time.monotonic\ndef asked():\n"
    "    return A().now()",
    "what makes a field": "@dataclass\nclass A:\n    at: float = field(default_factory=time.monotonic)\ndef asked():\n"
    "    return A().at",
    "a field that is inherited": "@dataclass\nclass A:\n    at: float = field(default_factory=time.monotonic)\ndef asked():\n"
    "    @dataclass\n    class B(A):\n        other: int = 0\n    return B().at",
    "a named tuple": "from typing import NamedTuple\nclass A(NamedTuple):\n    now: object = time.monotonic\ndef asked():\n"
    "    return A().now()",
}


def test_what_a_program_took_agrees_with_the_clock_and_is_as_it_was_when_all_comes_down(made: Made) -> None:
    modules = {name: made(source) for name, source in AGREES.items()}
    before = snapshots(modules)
    assert all_told(modules) == dict.fromkeys(AGREES, 86_400)
    assert [name for name, held in snapshots(modules).items() if held == before[name]] == []
    replaced.take_down()
    assert snapshots(modules) == before


def snapshots(modules: dict[str, ModuleType]) -> dict[str, list[tuple[Any, ...]]]:
    return {name: snapshot(module) for name, module in modules.items()}


def snapshot(module: ModuleType) -> list[tuple[Any, ...]]:
    """All that its holders hold, as identities; what a program's own functions have cached is not among it."""
    own: list[Any] = [vars(module)]
    found: list[tuple[Any, ...]] = []
    left: list[Any] = [*vars(module).values()]
    seen: set[int] = set()
    while left:
        value = left.pop()
        if id(value) in seen or value is vars(module):
            continue
        seen.add(id(value))
        holders, inside = taken._look_into(value)
        left += inside
        own += holders
    for holder in own:
        items = holder.items() if isinstance(holder, dict) else ()
        found.append((id(getattr(holder, "default_factory", None)),))
        found.append((id(holder), *((name, id(value)) for name, value in items if name != "asked")))
        if isinstance(holder, type):
            found.append(tuple((name, id(value)) for name, value in vars(holder).items()))
        elif isinstance(holder, functools.partial):
            found.append((id(holder.func), *map(id, holder.args)))
        elif isinstance(holder, list | deque):
            found.append(tuple(map(id, holder)))
        elif not isinstance(holder, dict):
            found.append(tuple((name, id(value)) for name, value in taken._attributes(holder)))
    return sorted(found, key=repr)


def test_dates_by_a_name_of_their_own_agree_too(made: Made) -> None:
    module = made(
        "now = datetime.datetime.now\nat = [datetime.datetime.utcnow]\ndef asked(now=now):\n    return now(), at[0]()"
    )
    before = vars(module)["now"]
    now, utc = told(module)
    assert (now.timestamp(), utc.isoformat()) == (1_893_456_000 + 86_400, "2030-01-02T00:00:00")
    replaced.take_down()
    assert vars(module)["now"] is before


def test_what_the_program_has_changed_meanwhile_is_left_to_it(made: Made) -> None:
    module: Any = made(
        "ALL = [time.monotonic, time.sleep]\nclass A:\n    now = time.time\ndef asked():\n    ALL.pop(0)"
    )
    told(module)
    module.A.now = now = object()
    replaced.take_down()
    assert [time.sleep] == module.ALL
    assert module.A.now is now


def test_what_was_no_function_of_time_stays_the_very_thing(made: Made) -> None:
    module: Any = made("T = (1, (2, 3))\nP = functools.partial(print, 1)\ndef asked(a=T, *, b=[]):\n    pass")
    before = module.T, module.P.args, module.asked.__defaults__, module.asked.__kwdefaults__["b"]
    told(module)
    after = module.T, module.P.args, module.asked.__defaults__, module.asked.__kwdefaults__["b"]
    assert all(one is other for one, other in zip(before, after, strict=True))


def test_what_is_installed_keeps_what_it_took(made: Made) -> None:
    real = timepatch.REAL["monotonic"]
    installed = made(
        "class A:\n    now = time.monotonic\n    def __init__(self):\n        self.mine = time.monotonic\n"
        "def ask(now=time.monotonic):\n    return now()",
        "site-packages/took.py",
    )
    program: Any = made("A = ask = a = None\ndef asked():\n    return [A.now(), ask(), a.mine()]")
    program.A, program.ask, program.a = installed.A, installed.ask, installed.A()
    assert max(told(program)) < real() + 3600
    assert program.A.now is program.a.mine is real


def test_what_a_program_has_from_others_is_left_to_them(made: Made) -> None:
    installed = made(
        "BY = {'now': time.monotonic}\nALL = [time.sleep]\nnow = functools.partial(time.time)", "site-packages/took.py"
    )
    program: Any = made("ALL = BY = now = None\ndef asked():\n    return BY['now'](), now()")
    vars(program).update({name: vars(installed)[name] for name in ("ALL", "BY", "now")})
    program.REAL = timepatch.REAL  # ours, too
    ticks, seconds = told(program)
    assert ticks < timepatch.REAL["monotonic"]() + 3600
    assert seconds < 1_893_456_000
    assert timepatch.REAL["sleep"] is program.ALL[0]


TOO_MUCH = {
    "a long list": "ALL = [0] * 100 + [time.monotonic]\ndef asked():\n    return ALL[-1]",
    "a long dictionary": "ALL = dict.fromkeys(range(101), time.monotonic)\ndef asked():\n    return ALL[0]",
    "a long tuple": "ALL = (0,) * 100 + (time.monotonic,)\ndef asked():\n    return ALL[-1]",
    "a deep list": "ALL = [[[[[[time.monotonic]]]]]]\ndef asked():\n    return ALL[0][0][0][0][0][0]",
    "a deep tuple": "ALL = ((((((time.monotonic,),),),),),)\ndef asked():\n    return ALL[0][0][0][0][0][0]",
    "a slot": "class A:\n    __slots__ = ('now',)\nA = A()\nA.now = time.monotonic\ndef asked():\n    return A.now",
    "a namespace": "import types\nA = types.SimpleNamespace(now=time.monotonic)\ndef asked():\n    return A.now",
    "a set": "ALL = {time.monotonic}\ndef asked():\n    return next(iter(ALL))",
    "a long deque": "from collections import deque\nALL = deque([0] * 100 + [time.monotonic])\n"
    "def asked():\n    return ALL[-1]",
    "a program's own list": "class A(list):\n    pass\nALL = A([time.monotonic])\ndef asked():\n    return ALL[0]",
    "a program's own dictionary": "class A(dict):\n    pass\nBY = A(now=time.monotonic)\ndef asked():\n    return BY['now']",
    "a tuple that has more than its items": "from collections import namedtuple\nclass A(namedtuple('A', 'now')):\n    pass\n"
    "A = A(time.monotonic)\ndef asked():\n    return A.now",
}


def test_what_is_not_looked_into_stays_real(made: Made) -> None:
    had = all_told({name: made(source) for name, source in TOO_MUCH.items()})
    assert had == dict.fromkeys(TOO_MUCH, timepatch.REAL["monotonic"])


def test_what_holds_itself_is_looked_into_once(made: Made) -> None:
    module = made(
        "ALL = [time.monotonic]\nALL.append(ALL)\nDEEP = ()\nfor _ in range(100_000):\n    DEEP = (DEEP,)\n"
        "def asked():\n    return ALL[1][1][0]()"
    )
    assert told(module) == 86_400


def test_nobody_is_asked_who_could_answer_with_something_else(made: Made) -> None:
    module = made(
        "class Never:\n    def __getattribute__(self, name):\n        raise RuntimeError('asked')\n"
        "    @property\n    def __class__(self):\n        raise RuntimeError('asked')\n"
        "    def __eq__(self, other):\n        raise RuntimeError('asked')\n    __hash__ = None\n"
        "ONE = Never()\nALL = [Never(), time.monotonic]\ndef asked(one=ONE):\n    return ALL[1]()"
    )
    assert told(module) == 86_400


def test_a_variable_without_a_value_and_a_member_of_an_enum_are_no_hindrance(made: Made) -> None:
    module: Any = made(
        "import enum\nclass E(enum.Enum):\n    A = (time.monotonic,)\ndef make():\n    def asked():\n        return later()\n"
        "    return asked\n    later = 1\nf = make()\ndef asked():\n    return E.A.value"
    )
    real = timepatch.REAL["monotonic"]
    assert told(module) == (real,)
    assert isinstance(module.E.A, enum.Enum)
    assert module.E((real,)) is module.E.A
