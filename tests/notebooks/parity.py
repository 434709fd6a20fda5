"""Cells of one notebook, in their order, and what each would earn of two points in a kernel, by what nbgrader goes by.

`ON_DISK` are those that write files; `IN_DOUBT`: of these virtual time alone does not tell what becomes of them.
"""

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
    "nor does it say how it was opened": Graded("sys.stdout.mode", 0),
    "nor what it keeps back": Graded("sys.stderr.line_buffering", 0),
    "nor is it taken apart": Graded("sys.stdout.detach()", 0),
    "it has a name": Graded("assert (sys.stdout.name, sys.stderr.name) == ('stdout', 'stderr')"),
    "a stream is not set anew": Graded("sys.stdout.reconfigure(encoding='utf-8')", 0),
    # what goes on beside
    "a callback that fails": Graded("asyncio.get_running_loop().call_soon(lambda: 1 / 0);"),
    "while the cell awaits": Graded("asyncio.get_running_loop().call_soon(lambda: 1 / 0)\nawait later(0);"),
    "a task that fails": Graded("async def fails(): 1 / 0\nasyncio.create_task(fails())\nawait later(0);"),
    "who refers to it": Graded("referred = Table()\nassert [globals()] == gc.get_referrers(referred)"),
    "what a thread's loop lost": Graded(
        "import threading\nasync def loses():\n    asyncio.create_task(fails())\n    await asyncio.sleep(0.01)\n"
        "one = threading.Thread(target=asyncio.run, args=(loses(),)); one.start(); one.join(); gc.collect(); time.sleep(0.2)",
        0,
    ),
    "a function that drops what it calls": Graded("async def drops():\n    later(1)\nawait drops()", 0),
    "a function that drops it again": Graded("await drops()", 0),
    "a task that writes": Graded(
        "async def writes():\n    await asyncio.sleep(0.05)\n    print('x', file=sys.stderr)\n"
        "task = asyncio.create_task(writes())"
    ),
    "in a later cell": Graded("await task"),
    "one of the cell's own": Graded("await writes()", 0),
    "one that it has started": Graded("await asyncio.create_task(writes())", 0),
    # what failed last is kept, with what is in its frames
    "a failure": Graded(
        "import weakref\ndef fails():\n    here = {1}; fails.here = weakref.ref(here)\n    1 / 0\nfails()", 0
    ),
    "is the last": Graded("assert sys.last_type is ZeroDivisionError and sys.last_value and sys.last_traceback"),
    "whose frames are there": Graded("gc.collect()\nassert fails.here()"),
    "until another is": Graded("raise SystemExit", 0),
    "and then no more": Graded("gc.collect()\nassert not fails.here() and sys.last_type is SystemExit"),
    # whose a name is
    "open is the notebook's": Graded(
        "from unittest.mock import mock_open, patch\ndef first(name): return open(name).read()\n"
        "with patch('builtins.open', mock_open(read_data='x')): first('missing')",
        0,
    ),
    "by which it is replaced": Graded(
        "with patch('__main__.open', mock_open(read_data='x')): assert first('missing') == 'x'"
    ),
    "and it opens no standard stream": Graded("open(0).read()", 0),
    "display is everybody's": Graded("exec('display(1)', {})\ndel display\nassert 'display' not in globals()"),
    "so it is replaced": Graded("with patch('builtins.display') as shown: display(1)\nshown.assert_called_with(1)"),
    # how a program knows where it is
    "a shell of a kernel": Graded("assert type(get_ipython()).__name__ == 'ZMQInteractiveShell'"),
    "with its settings": Graded("assert 'IPKernelApp' in get_ipython().config and get_ipython().config.IPKernelApp"),
    "and its modules": Graded(
        "assert __IPYTHON__ and 'ipykernel' in sys.modules and 'google.colab' not in sys.modules"
    ),
    "and its count": Graded("assert get_ipython().execution_count == len(In)"),
    "and its streams": Graded("assert 'ipykernel' in str(type(sys.stdout))"),
    "and its arguments": Graded("assert sys.argv[0].endswith('ipykernel_launcher.py') and sys.argv[1] == '-f'"),
    "which are no program's": Graded("import argparse\nargparse.ArgumentParser().parse_args()", 0),
    "but may be": Graded(
        "p = argparse.ArgumentParser()\np.add_argument('-f')\np.parse_known_args()[0].f.endswith('.json')"
    ),
    "what there is no more": Graded("assert not hasattr(get_ipython(), 'magic') or IPython.version_info < (9,)"),
    "and what libraries ask of it": Graded(
        "import IPython, ipykernel\nassert ipykernel.version_info > (6, 18) and IPython.version_info[:2] > (7, 0)\n"
        "get_ipython().events.register('post_execute', print)\nget_ipython().display_formatter.formatters['text/html'];"
    ),
    # what is captured
    "all of it": Graded(
        "from IPython.utils.capture import capture_output\n"
        "with capture_output() as had:\n    print('x'); print('y', file=sys.stderr); display(HTML('z'), 1)\n"
        "assert (had.stdout, had.stderr, str(had)) == ('x\\n', 'y\\n', 'x\\n')\n"
        "assert [sorted(each.data) for each in had.outputs] == [['text/html', 'text/plain'], ['text/plain']]"
    ),
    "and shown": Graded("had.show()", 0),
    "each by itself": Graded("had.outputs[1]", 1),
    "some of it": Graded("with capture_output(stderr=False): print('y', file=sys.stderr)", 0),
    "one in the other": Graded(
        "from IPython.utils.io import capture_output\nwith capture_output() as had:\n"
        "    with capture_output(display=False) as none: display(1); print('x')\n    none()\n"
        "assert (had.stdout, len(had.outputs), none.outputs) == ('x\\n', 1, [])"
    ),
    # what is installed
    "a locale": Graded("import locale\nlocale.setlocale(locale.LC_ALL, '');"),
    "a version": Graded("from importlib import metadata\nassert metadata.version('nbgrader') > '0.9'"),
    "of what is not there": Graded("metadata.version('nbgrader-of-nobody')", 0),
    "of IPython": Graded("import IPython\nassert IPython.version_info[0] >= 7 and IPython.__version__ > '7'"),
    # many threads
    "many threads": Graded(
        "import threading\nseen = []\nthreads = [threading.Thread(target=seen.append, args=(n,)) for n in range(200)]\n"
        "for one in threads: one.start()\nfor one in threads: one.join()\nassert sorted(seen) == [*range(200)]"
    ),
    "at once": Graded(
        "from concurrent.futures import ThreadPoolExecutor\ndef slow(n):\n    time.sleep(0.05)\n    return n\n"
        "with ThreadPoolExecutor(150) as pool:\n    assert [*pool.map(slow, range(150))] == [*range(150)]"
    ),
    "polled without a wait": Graded(
        "done = []\nthreading.Thread(target=lambda: (time.sleep(0.02), done.append(1))).start()\n"
        "while not done: time.sleep(0)"
    ),
    # the shell's own
    "help": Graded("help(len)"),
    "it is graded, and told": Graded("assert os.environ['NBGRADER_EXECUTION'] == 'autograde'"),
    "prompts": Graded("assert sys.ps1 == 'In : ' and __builtin__.len([1]) == 1 and os.environ['HOME'] and copyright"),
    "ended": Graded("assert True"),
}
# what a job has only that has a disk and a root of its own
ON_DISK = {
    "where Python is": Graded(
        "import shutil\nassert shutil.which('python') or shutil.which('python3'); assert os.path.exists(sys.executable)"
    ),
    "modules of the present folder, and of no other": Graded(
        "os.mkdir('aside'); open('aside/aside_1.py', 'w').close(); open('aside_2.py', 'w').close()\n"
        "os.chdir('aside'); import aside_1\n"
        "try:\n    import aside_2\nexcept ImportError:\n    os.chdir('..'); import aside_2\nelse:\n    1 / 0"
    ),
    "a copy": Graded("import shutil\nopen('a', 'w').write('x')\nassert open(shutil.copy('a', 'b')).read() == 'x'"),
    "a copy with its times": Graded("assert os.stat(shutil.copy2('a', 'c')).st_mtime == os.stat('a').st_mtime"),
    "a tree": Graded(
        "os.makedirs('d/e')\nopen('d/e/x', 'w').close()\nassert os.listdir(shutil.copytree('d', 'f')) == ['e']"
    ),
    "times and rights": Graded("os.utime('a', (1, 2)); os.chmod('a', 0o600)\nassert os.stat('a').st_mtime == 2"),
    "temporary files": Graded(
        "import tempfile\nwith tempfile.TemporaryDirectory() as there, tempfile.NamedTemporaryFile('w+') as file:\n"
        "    open(os.path.join(there, 'x'), 'w').write('y'); file.write('z'); file.flush()\n"
        "    assert open(file.name).read() == 'z' and os.listdir(there) == ['x']"
    ),
    "lie beside the notebook": Graded("assert not any(name.startswith('tmp') for name in os.listdir('.'))"),
    "a database": Graded(
        "import sqlite3\nhere = sqlite3.connect('x.db')\nhere.execute('create table t(x)')\n"
        "here.execute('insert into t values (1)'); here.commit()\n"
        "assert sqlite3.connect('x.db').execute('select * from t').fetchall() == [(1,)]"
    ),
    "a database that is written ahead": Graded(
        "here.execute('pragma journal_mode=wal'); here.execute('insert into t values (2)'); here.commit()\n"
        "assert len(sqlite3.connect('x.db').execute('select * from t').fetchall()) == 2; here.close()"
    ),
    "a shelf": Graded(
        "import shelve\nwith shelve.open('shelf') as shelf: shelf['a'] = 1\n"
        "with shelve.open('shelf') as shelf: assert shelf['a'] == 1"
    ),
    "a mapped file": Graded(
        "import mmap\nwith open('a', 'r+b') as file, mmap.mmap(file.fileno(), 0) as seen:\n    seen[0] = 65\n"
        "assert open('a').read() == 'A'"
    ),
    "a locked file": Graded("import fcntl\nwith open('a') as file:\n    fcntl.flock(file, fcntl.LOCK_EX)"),
    "cut short": Graded("os.truncate('b', 0)\nassert os.path.getsize('b') == 0 < shutil.disk_usage('.').free"),
    "many files": Graded("files = [open(f'many{n}', 'w') for n in range(150)]\nfor one in files: one.close()"),
}
IN_DOUBT = {
    "turns beside a thread that waits": Graded(
        "task = asyncio.create_task(asyncio.to_thread(time.sleep, 0.05))\nwhile not task.done():\n    await asyncio.sleep(0)"
    ),
    "turns beside a timer": Graded(
        "task = asyncio.create_task(asyncio.sleep(0.05))\nwhile not task.done():\n    await asyncio.sleep(0)"
    ),
    "many turns": Graded("for _ in range(25_000): await asyncio.sleep(0)"),
    "many turns of two": Graded(
        "queue = asyncio.Queue(1)\nasync def puts():\n    for n in range(12_000): await queue.put(n)\n"
        "async def gets():\n    for n in range(12_000): assert await queue.get() == n\nawait asyncio.gather(puts(), gets());"
    ),
    "turns without end, and a time-out": Graded(
        "async def turns():\n    while True: await asyncio.sleep(0)\n"
        "try:\n    await asyncio.wait_for(turns(), 0.05)\nexcept TimeoutError: pass\nelse: assert False"
    ),
    "a flag": Graded(
        "done = []\nthreading.Thread(target=lambda: (time.sleep(0.02), done.append(1))).start()\nwhile not done: pass"
    ),
    "an event": Graded(
        "event = threading.Event()\nthreading.Timer(0.02, event.set).start()\nwhile not event.is_set(): pass"
    ),
    "a thread that lives": Graded(
        "thread = threading.Thread(target=time.sleep, args=(0.02,)); thread.start()\nwhile thread.is_alive(): pass"
    ),
    **{
        f"a flag until a deadline by {clock}": Graded(
            f"done = []; threading.Timer(0.02, done.append, [1]).start(); ends = time.{clock}() + 5 * {second}\n"
            f"while not done and time.{clock}() < ends: pass\nassert done"
        )
        for clock, second in {"time": 1, "monotonic": 1, "perf_counter": 1, "monotonic_ns": 10**9}.items()
    },
    "a thread that lives until a deadline": Graded(
        "thread = threading.Thread(target=time.sleep, args=(0.02,)); thread.start(); ends = time.time() + 5\n"
        "while thread.is_alive():\n    if time.time() > ends: raise TimeoutError"
    ),
    "a queue that is asked without a wait": Graded(
        "import queue\ncame = queue.Queue(); threading.Timer(0.02, came.put, [1]).start()\nwhile True:\n"
        "    try: came.get(timeout=0)\n    except queue.Empty: continue\n    break"
    ),
    "a flag some times": Graded(
        "done = []; threading.Timer(0.02, done.append, [1]).start()\n"
        "for _ in range(10_000_000):\n    if done: break\nassert done"
    ),
    "a beat beside computing": Graded(
        "beats, over = [], []\ndef beat():\n    while not over: beats.append(1); time.sleep(0.005)\n"
        "thread = threading.Thread(target=beat); thread.start(); busy(); busy(); over.append(1); thread.join()\n"
        "assert len(beats) > 1"
    ),
    "a beat beside a thread": Graded(
        "async def beats():\n    while True: seen.append(1); await asyncio.sleep(0.005)\n"
        "seen = []; task = asyncio.create_task(beats()); await asyncio.to_thread(lambda: (busy(), busy()))\n"
        "task.cancel(); assert len(seen) > 1"
    ),
    "a thread beneath threading": Graded(
        "import _thread\nlock = _thread.allocate_lock(); lock.acquire()\n"
        "_thread.start_new_thread(lambda: (time.sleep(0.02), lock.release()), ()); assert lock.acquire(timeout=5)"
    ),
    "a pair of sockets": Graded(
        "import socket\none, other = socket.socketpair()\nthreading.Timer(0.02, one.send, [b'x']).start()\n"
        "assert await asyncio.get_running_loop().sock_recv(other, 1) == b'x' if other.setblocking(False) is None else 0"
    ),
    "a pipe": Graded(
        "reads, writes = os.pipe()\nthreading.Timer(0.02, os.write, [writes, b'x']).start()\nassert os.read(reads, 1) == b'x'"
    ),
    "a reader": Graded(
        "came = asyncio.get_running_loop().create_future()\n"
        "asyncio.get_running_loop().add_reader(reads, lambda: came.done() or came.set_result(os.read(reads, 1)))\n"
        "os.write(writes, b'y'); assert await came == b'y'; asyncio.get_running_loop().remove_reader(reads);"
    ),
    "the platform": Graded("import platform\nassert platform.platform() and platform.python_version()"),
    "real waits": Graded(
        "t = time.perf_counter(); time.sleep(0.05); await asyncio.sleep(0.05)\nassert time.perf_counter() - t > 0.1"
    ),
    "to the end": Graded("assert True"),
}
