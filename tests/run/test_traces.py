"""Each case of a submission finds its interpreter as the first did, whatever a case before it changed there."""

import atexit
import ctypes
import decimal
import logging
import os
import sys
from typing import Any

import pytest

from grader.clock.library.dict_memory import CAN_LOOK, DictMemory
from grader.grading import grade
from grader.run.child import Child
from grader.runner.traces import Traces
from tests.adopted import ALONE, adopted, asking, returns
from tests.staging import PLACES

# what a file does while it is imported, and how the next case would notice
LEAVES = {
    "a new builtin": ("builtins.spoiled = 1", "hasattr(builtins, 'spoiled')"),
    "another builtin": ("builtins.sum = lambda *a: 7", "sum([1]) != 1"),
    "a builtin that all use": ("builtins.len = lambda x: 7", "len('x') != 1"),
    "a builtin that is gone": ("del builtins.zip", "not hasattr(builtins, 'zip')"),
    "the state of random": ("random.seed(5); random.random()", "random.getstate() != start"),
    "a function of random": ("random.uniform = lambda a, b: 5", "random.uniform(1, 1) != 1"),
    "a method of random": ("random.Random.uniform = lambda *a: 5", "random.Random().uniform(1, 1) != 1"),
    "the environment": ("os.environ['SPOILED'] = '1'", "'SPOILED' in os.environ"),
    "the time zone": ("os.environ['TZ'] = 'XYZ-5'; time.tzset()", "time.tzname[0] == 'XYZ'"),
    "the path": ("sys.path.append('/spoiled')", "'/spoiled' in sys.path"),
    "the path itself": ("sys.path = ['/spoiled', *sys.path]", "'/spoiled' in sys.path"),
    "the working folder": ("os.chdir('/')", "os.getcwd() == '/'"),
    "a function of asyncio": ("asyncio.gather = asyncio.tasks.gather = spoiled", "asyncio.gather.__name__ == 'spoiled'"),
    "asyncio.sleep": ("asyncio.sleep = spoiled", "asyncio.sleep.__name__ == 'spoiled'"),
    "asyncio.run": ("asyncio.run = spoiled", "asyncio.run.__name__ == 'spoiled'"),
    "a class of asyncio": ("asyncio.Task = type('T', (asyncio.Task,), {})", "asyncio.Task.__name__ == 'T'"),
    "a method of asyncio": ("asyncio.Queue.put = spoiled", "asyncio.Queue.put.__name__ == 'spoiled'"),
    "a name of asyncio": ("asyncio.mine = 1", "hasattr(asyncio, 'mine')"),
    "time.sleep": ("time.sleep = spoiled", "time.sleep.__name__ == 'spoiled'"),
    "time.clock_gettime": ("time.clock_gettime = spoiled", "time.clock_gettime.__name__ == 'spoiled'"),
    "the class of dates": ("datetime.datetime = type('D', (datetime.datetime,), {})", "datetime.datetime.__name__ == 'D'"),
    "a module": ("sys.modules['statistics'] = types.ModuleType('statistics')", "not hasattr(__import__('statistics'), 'mean')"),
    "a module that is imported first": ("__import__('sched').scheduler = None", "__import__('sched').scheduler is None"),
    "a module of its own": ("sys.modules['spoiled'] = sys", "'spoiled' in sys.modules"),
    "the depth of calls": ("sys.setrecursionlimit(777)", "sys.getrecursionlimit() == 777"),
    "decimals": ("decimal.getcontext().prec = 5", "decimal.getcontext().prec == 5"),
    "a handler of logs": ("logging.basicConfig(level=10)", "logging.getLogger().level == 10"),
    "a logger": ("logging.getLogger('mine').setLevel(10)", "logging.getLogger('mine').level == 10"),
    "a logger of asyncio's": ("logging.getLogger('asyncio').setLevel(50)", "logging.getLogger('asyncio').level == 50"),
    "a file": ("writes('spoiled.txt')", "os.path.exists('spoiled.txt')"),
    "a file beside": ("writes('../spoiled.txt')", "os.path.exists('../spoiled.txt')"),
    "the mask of files": ("os.umask(0o777)", "os.umask(0o22) == 0o777"),
    "warnings": ("warnings.simplefilter('error')", "warnings.filters[0][0] == 'error'"),
    "a signal": ("signal.signal(signal.SIGUSR1, spoiled)", "signal.getsignal(signal.SIGUSR1) not in (None, signal.SIG_DFL)"),
    "a variable of the context": (
        "contextvars.ContextVar('mine').set(1)",
        "any(v.name == 'mine' for v in contextvars.copy_context())",
    ),
    "the thread": ("threading.current_thread().mine = 1", "hasattr(threading.current_thread(), 'mine')"),
    "the policy": (
        "asyncio.set_event_loop_policy(type('P', (asyncio.DefaultEventLoopPolicy,), {})())",
        "type(asyncio.get_event_loop_policy()).__name__ == 'P'",
    ),
    "a hook": ("sys.excepthook = spoiled", "sys.excepthook.__name__ == 'spoiled'"),
    "importing": (
        "sys.meta_path.append(type('Mine', (), {'find_spec': staticmethod(lambda *a: None)}))",
        "getattr(sys.meta_path[-1], '__name__', '') == 'Mine'",
    ),
    "what tells of the process": ("os.umask = sys.getrecursionlimit = spoiled", "sys.getrecursionlimit() is None"),
    "standard output": ("os.close(1)", "not there(1)"),
    "standard error": ("os.dup2(os.open(__file__, os.O_RDONLY), 2)", "os.path.samestat(os.fstat(2), os.stat(__file__))"),
    "the context of decimals": ("decimal.DefaultContext.prec = 5", "decimal.DefaultContext.prec == 5"),
    "the traps of decimals": (
        "decimal.BasicContext.traps[decimal.Inexact] = True",
        "decimal.BasicContext.traps[decimal.Inexact]",
    ),
    "the stack of threads": ("threading.stack_size(1 << 18)", "threading.stack_size() == 1 << 18"),
    "how many files may be open": (
        "resource.setrlimit(resource.RLIMIT_NOFILE, (20, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))",
        "resource.getrlimit(resource.RLIMIT_NOFILE)[0] == 20",
    ),
    "the name of a level": ("logging.addLevelName(7, 'MINE')", "logging.getLevelName(7) == 'MINE'"),
    "the folder of files that pass": ("tempfile.tempdir = '/spoiled'", "tempfile.gettempdir() == '/spoiled'"),
    "pickling": ("copyreg.pickle(types.SimpleNamespace, str)", "types.SimpleNamespace in copyreg.dispatch_table"),
}  # fmt: skip
HEAD = """
import asyncio, builtins, contextvars, copyreg, datetime, decimal, logging, os, random, resource, signal, sys, tempfile
import threading, time, types, warnings
start = random.getstate()
def spoiled(*args):
    pass
def there(number):
    try:
        return bool(os.fstat(number))
    except OSError:
        return False
def writes(path):
    try:
        open(path, "w").close()
    except OSError:
        pass
"""
CASES = [{"name": "one"}, {"name": "two"}, {"name": "three"}]


def program(leaves: str, notices: str) -> str:
    return f"{HEAD}found = bool({notices})\n{leaves}\nasync def main():\n    return found\n"


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("what", LEAVES)
def test_no_case_finds_what_another_has_left(what: str, place: str) -> None:
    verdict = grade(returns(False, cases=CASES), program(*LEAVES[what]), isolation=place)
    assert [(check.status, check.rationale) for check in verdict.checks] == [("passed", "")] * 3
    assert verdict.points == 10


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A name for each process that was started for the sake of a case."""
    started, real = list[str](), Child._open

    def opened(self: Child) -> Any:
        if self._wire is None:
            started.append("process")
        return real(self)

    monkeypatch.setattr(Child, "_open", opened)
    return started


@pytest.mark.parametrize(
    ("leaves", "processes"),
    [
        ("pass", 1),
        ("import statistics, sched, html.parser, urllib.request; logging.getLogger(__name__).info('x')", 1),
        ("random.seed(3); datetime.datetime.strptime('2020', '%Y'); print(time.strftime('%Y'))", 1),
        ("os.environ['A'] = 'b'; logging.basicConfig(); os.chdir('/'); sys.setrecursionlimit(900)", 1),
        ("threading.Thread(target=print).start(); asyncio.get_event_loop_policy()", 1),
        ("time.sleep = asyncio.sleep", 3),
        ("builtins.mine = 1", 1),
        ("asyncio.Queue.mine = 1", 3),
    ],
)
def test_a_fresh_process_is_there_for_what_cannot_be_put_back_and_for_nothing_else(
    leaves: str, processes: int, fresh: list[str]
) -> None:
    verdict = grade(returns(False, cases=CASES), program(leaves, "False"), isolation="child")
    assert (verdict.points, len(fresh)) == (10, processes)


def test_who_says_that_it_is_used_up_when_it_is_not_has_died(fresh: list[str]) -> None:
    dies = program("pass", "False") + "import ctypes\nctypes.CDLL(None)._exit(75)\n"
    verdict = grade(returns(False, cases=CASES), dies, isolation="child")
    assert [case.outcome for case in verdict.cases] == ["import_died"]
    assert len(fresh) == 1


def test_a_process_that_says_so_again_and_again_is_not_started_for_ever(
    fresh: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Child, "_played", property(lambda self: 1, lambda self, number: None), raising=False)
    dies = program("pass", "False") + "import ctypes\nctypes.CDLL(None)._exit(75)\n"
    verdict = grade(returns(False), dies, isolation="child")
    assert [case.outcome for case in verdict.cases] == ["import_died"]
    assert len(fresh) == 2


def test_in_process_all_is_as_it_was_afterwards() -> None:
    traces = Traces()
    before = (dict(os.environ), sys.getrecursionlimit(), decimal.getcontext().prec, logging.root.level, len("x"))
    for leaves, notices in LEAVES.values():
        grade(returns(False), program(leaves, notices))
    assert before == (
        dict(os.environ),
        sys.getrecursionlimit(),
        decimal.getcontext().prec,
        logging.root.level,
        len("x"),
    )
    assert traces.renamed() is False


@pytest.mark.parametrize(
    "closes",
    ["os.close(n)", "posix.close(n)", "os.closerange(n, 4096)", "os.dup2(0, n)", "os.closerange(0, 99)"],
)
def test_in_process_what_the_host_has_open_is_open_afterwards(closes: str) -> None:
    file, reading = os.pipe()
    os.set_inheritable(reading, True)
    inner = f"""
import os, posix
async def main():
    n, first = {reading}, os.fstat({file}).st_mode
    {closes}
    try:
        return os.path.sameopenfile(n, 0)
    except OSError:
        return "closed"
"""
    every = (0, 1, 2, file, reading)
    places = {each: os.fstat(each).st_ino for each in every}
    there = set(os.listdir("/dev/fd"))
    verdict = grade(returns("dup2" in closes or "closed"), inner)
    assert verdict.status == "passed", verdict.cases[0]
    assert places == {each: os.fstat(each).st_ino for each in every}
    assert set(os.listdir("/dev/fd")) == there
    assert (os.get_inheritable(file), os.get_inheritable(reading)) == (False, True)
    for each in (file, reading):
        os.close(each)


def test_what_is_held_for_the_host_is_not_there_for_a_program() -> None:
    """And who closes what it has opened itself closes that."""
    inner = """
import contextlib, os
async def main():
    mine = os.open(__file__, os.O_RDONLY)
    os.close(mine)
    place = os.fstat(HOST)
    os.close(HOST)
    for each in map(int, os.listdir("/dev/fd")):
        with contextlib.suppress(OSError):  # that of the listing itself
            if os.path.samestat(os.fstat(each), place) and each != OTHER:
                held = each
    try:
        os.close(held)
    except OSError as error:
        return [held > HOST, error.errno, str(error)]
"""
    host, other = os.pipe()
    program = inner.replace("HOST", str(host)).replace("OTHER", str(other))
    verdict = grade(returns([True, 9, "[Errno 9] Bad file descriptor"]), program)
    assert verdict.status == "passed", verdict.cases[0]
    for each in (host, other):
        os.close(each)


@pytest.mark.parametrize("place", PLACES)
def test_what_a_program_wants_done_at_the_end_of_its_process_is_not_done(place: str) -> None:
    inner = """
import atexit, inspect
@atexit.register
def main():
    names = [main.__name__, atexit.register.__name__]
    return [atexit.unregister(print), atexit.register(print, 1, sep="") is print, *names, refused()]
def refused():
    try:
        atexit.register(5)
    except TypeError as error:
        return str(error)
"""
    before, count = atexit.register, atexit._ncallbacks()
    grade(returns(None), "async def main(): pass")
    expected = [None, True, "main", "register", "the first argument must be callable"]
    verdict = grade(
        adopted(**ALONE, **asking({"kind": "result", "result": expected}, kind="function")), inner, isolation=place
    )
    assert verdict.status == "passed", verdict.cases[0]
    assert (atexit.register, atexit._ncallbacks()) == (before, count)


def test_what_somebody_else_changed_before_is_theirs(monkeypatch: pytest.MonkeyPatch) -> None:
    grade(returns(1), "async def main():\n    return 1\n")
    monkeypatch.setattr("random.mine", 5, raising=False)
    monkeypatch.setenv("MINE", "5")
    sees = "import os, random\nasync def main():\n    return [random.mine, os.environ['MINE']]\n"
    assert grade(returns([5, "5"]), sees).points == 10
    assert (sys.modules["random"].mine, os.environ["MINE"]) == (5, "5")


# ---------------------------------------------------------------- a dictionary's memory


def test_a_dictionary_can_be_looked_at_on_every_python_that_is_supported() -> None:
    assert CAN_LOOK


@pytest.mark.parametrize("size", [1, 5, 100, 3000])
@pytest.mark.parametrize(
    "change",
    [
        "d['k0'] = []",
        "d['new'] = 1",
        "del d['k0']",
        "d.clear()",
        "d.pop('k0'); d['k0'] = 0",
        "d.update(dict.fromkeys(range(9999)))",
    ],
)
def test_any_change_of_a_dictionary_shows_in_its_memory(size: int, change: str) -> None:
    d: dict[Any, Any] = {f"k{number}": object() for number in range(size)}
    look = DictMemory(d)
    assert look.same()
    [*d.values()], d.get("k0"), "other" in d, dict(d)
    assert look.same()
    exec(change, {"d": d})
    assert not look.same()


def test_what_comes_and_goes_again_is_no_change() -> None:
    d: dict[Any, Any] = {f"k{number}": number for number in range(3)}
    look, value = DictMemory(d), d["k1"]
    d["k1"] = object()
    assert not look.same()
    d["k1"] = value
    assert look.same()


def test_a_dictionary_whose_values_are_apart_is_refused() -> None:
    class Thing:
        def __init__(self) -> None:
            self.a = 1

    thing = Thing()
    apart = ctypes.c_void_p.from_address(id(vars(thing)) + 40).value
    if apart:
        with pytest.raises(ValueError, match="apart"):
            DictMemory(vars(thing))
    else:
        assert DictMemory(vars(thing)).same()
