"""Cells of one notebook, in their order, and what each would earn of two points in a kernel, by what nbgrader goes by."""

from typing import NamedTuple


class Graded(NamedTuple):
    text: str
    earns: float = 2.0


CELLS = {
    "what the others need": Graded(
        "import asyncio, contextvars, decimal, gc, io, os, signal, sys, time, timeit, warnings\n"
        "from IPython.display import HTML, Image, Latex, Markdown, Pretty, clear_output, display\n"
        "async def later(x):\n    await asyncio.sleep(0.05)\n    return x\n"
        "def busy():\n    return sum(i * i for i in range(400_000))\n"
    ),
    # what a value looks like
    "a number is points": Graded("0.5", 0.5),
    "HTML has a text too": Graded("HTML('<b>1</b>')"),
    "so has Markdown": Graded("Markdown('1')"),
    "and an image": Graded("Image(data=b'no')"),
    "Pretty is its text": Graded("Pretty('0.25')", 0.25),
    "own html beside own repr": Graded(
        "class Table:\n    def _repr_html_(self): return '<b>'\n    def __repr__(self): return '1.5'\nTable()", 1.5
    ),
    "own html alone": Graded("class Bare:\n    def _repr_html_(self): return '<b>'\nBare()"),
    "pretty before repr of a base": Graded(
        "class Said:\n    def _repr_pretty_(self, p, cycle): p.text('0.75')\nSaid()", 0.75
    ),
    "repr before pretty of a base": Graded("class Again(Said):\n    def __repr__(self): return '1.25'\nAgain()", 1.25),
    "a bundle of its own": Graded(
        "class Both:\n    def _repr_mimebundle_(self, include=None, exclude=None): return {'text/plain': '1.75'}\nBoth()",
        1.75,
    ),
    "shows itself": Graded(
        "class Self:\n    def _ipython_display_(self): print('x')\n    def __repr__(self): return '0.5'\nSelf()"
    ),
    "would show itself": Graded(
        "class Not:\n    def _ipython_display_(self): raise NotImplementedError\n    def __repr__(self): return '0.5'\nNot()",
        0.5,
    ),
    "a form that fails": Graded("class Bad:\n    def _repr_html_(self): 1 / 0\nBad()", 0),
    "a form that is none": Graded("class Odd:\n    def _repr_html_(self): return 3\nOdd()", 0),
    "a text that fails": Graded("class Mute:\n    def __repr__(self): return 1 / 0\nMute()", 0),
    "a class shows nothing of its objects": Graded("Table"),
    "what is displayed is no points": Graded("display(0.5)"),
    "nor in front of them": Graded("display('x', HTML('y'))\n1.5", 1.5),
    "a semicolon": Graded("0.5;"),
    "a semicolon and a comment": Graded("0.5 ; # half"),
    "a semicolon in a text": Graded("'0.5;'"),
    "cleared": Graded("print('x', file=sys.stderr); clear_output()"),
    "cleared before what comes": Graded("print('x', file=sys.stderr); clear_output(wait=True); print('y')"),
    "not cleared when nothing comes": Graded("print('x', file=sys.stderr); clear_output(wait=True)", 0),
    # what is kept
    "a coroutine as a value": Graded("later(1)"),
    "is nobody's loss": Graded("1.0", 1.0),
    "nor is one in a list": Graded("[later(1)]"),
    "here neither": Graded("gc.collect()\n1.0", 1.0),
    "one that is dropped is": Graded("later(1); None", 0),
    "the last values": Graded(
        "_, __ == 1.0\nassert _ == 0 or True\nassert In[-1].startswith('_, __') and len(Out) > 5"
    ),
    "by number": Graded("assert In[2] == '0.5' and Out[2] == 0.5 == _2 and _i2 == '0.5' and _ih is In and _oh is Out"),
    "a name of one's own": Graded("_ = 7\n1.0", 1.0),
    "stays": Graded("assert _ == 7\ndel _"),
    "statement by statement": Graded("kept = 1\nreturn 5", 0),
    "so that what stood above is there": Graded("assert kept == 1"),
    # contexts
    "a variable of the context": Graded("seen = contextvars.ContextVar('seen', default=0)\nseen.set(5);"),
    "is that of the next cell": Graded("assert seen.get() == 5\ndecimal.getcontext().prec = 5"),
    "so are decimals": Graded("assert str(decimal.Decimal(1) / 3) == '0.33333'"),
    "a cell that awaits has a copy": Graded("assert seen.get() == 5\nseen.set(6)\nawait later(1);"),
    "of which nothing stays": Graded("assert seen.get() == 5"),
    # time
    "computing takes time": Graded("t = time.perf_counter(); busy(); assert time.perf_counter() - t > 0.001"),
    "by every clock": Graded(
        "for clock in time.time, time.monotonic, asyncio.get_running_loop().time:\n"
        "    t = clock(); busy(); assert clock() - t > 0.001\n"
    ),
    "too much for some": Graded("t = time.perf_counter(); busy(); assert time.perf_counter() - t < 0.0001", 0),
    "no time is none": Graded("t = time.perf_counter(); assert time.perf_counter() > t"),
    "timeit": Graded("assert 0.001 < timeit.timeit(busy, number=1)"),
    "a sleep is as long as it is": Graded(
        "t = time.perf_counter(); time.sleep(0.1); assert 0.1 <= time.perf_counter() - t < 1"
    ),
    "and awaited": Graded(
        "t = time.perf_counter()\nawait asyncio.gather(later(1), later(2), later(3))\n"
        "assert 0.05 <= time.perf_counter() - t < 0.14"
    ),
    "computed beside it": Graded(
        "async def both():\n    busy(); await asyncio.sleep(0.1)\n"
        "t = time.perf_counter(); await both(); assert time.perf_counter() - t > 0.101"
    ),
    "polled": Graded("t = time.time()\nwhile time.time() - t < 0.02: pass"),
    "the year": Graded(
        "import datetime\nassert abs(datetime.datetime.now().timestamp() - os.stat('.').st_mtime) < 10 ** 9"
    ),
    "an alarm": Graded(
        "def ring(*_): raise TimeoutError\n"
        "signal.signal(signal.SIGALRM, ring)\nsignal.setitimer(signal.ITIMER_REAL, 0.05)\n"
        "try:\n    time.sleep(1)\nexcept TimeoutError: pass\nelse: assert False"
    ),
    # past Python's streams
    "descriptor 2": Graded("os.write(2, b'x'); time.sleep(0.2)", 0),
    "descriptor 1": Graded("os.write(1, b'x'); time.sleep(0.2)"),
    "the first stderr": Graded("sys.__stderr__.write('x'); sys.__stderr__.flush(); time.sleep(0.2)", 0),
    "the first stdout": Graded("sys.__stdout__.write('x'); time.sleep(0.2)"),
    "the descriptor of a stream": Graded("os.write(sys.stderr.fileno(), b'x'); time.sleep(0.2)"),
    "a stream takes no bytes": Graded("sys.stdout.buffer", 0),
    # what goes on beside
    "a callback that fails": Graded("asyncio.get_running_loop().call_soon(lambda: 1 / 0);"),
    "a task that writes": Graded(
        "async def writes():\n    await asyncio.sleep(0.05)\n    print('x', file=sys.stderr)\n"
        "task = asyncio.create_task(writes())"
    ),
    "in a later cell": Graded("await task"),
    "one of the cell's own": Graded("await writes()", 0),
    "one that it has started": Graded("await asyncio.create_task(writes())", 0),
    # the shell's own
    "help": Graded("help(len)"),
    "prompts": Graded("assert sys.ps1 == 'In : ' and __builtin__.len([1]) == 1 and os.environ['HOME'] and copyright"),
    "ended": Graded("assert True"),
}
