"""Learner's cells that reach for what is not there without a kernel, or that a bound may end; each leaves its answer in `made`.

Each is followed by a test that asks for that. In a kernel of nbgrader's it has its point behind all of `REACH`, and behind none
of `FAIL`, which fail everywhere: nobody is to be asked to look because of them.
"""

REACH = {
    "a database": "import sqlite3\nc = sqlite3.connect('a.db')\nc.execute('create table t(a)')\nmade = c.commit() is None",
    "a pool of processes": (
        "from concurrent.futures import ProcessPoolExecutor\n"
        "with ProcessPoolExecutor(2) as pool:\n    made = list(pool.map(abs, [-1])) == [1]"
    ),
    "a queue of processes": "import multiprocessing\nq = multiprocessing.Queue()\nq.put(1)\nmade = q.get() == 1",
    "a pool of threads": "from multiprocessing.pool import ThreadPool\nmade = ThreadPool(2).map(abs, [-1]) == [1]",
    "a folder copied": (
        "import os, shutil\nos.mkdir('from')\nopen('from/a', 'w').close()\nshutil.copytree('from', 'to')\n"
        "made = os.listdir('to') == ['a']"
    ),
    "a file copied": "import shutil\nopen('b', 'w').close()\nmade = shutil.copy('b', 'c') == 'c'",
    "many files": "files = [open(f'many{n}', 'w') for n in range(300)]\n[f.close() for f in files]\nmade = True",
    "a language": "import locale\nmade = bool(locale.setlocale(locale.LC_ALL, 'C.UTF-8'))",
    "a package's version": "import importlib.metadata\nmade = bool(importlib.metadata.version('nbformat'))",
    "a program": "import shutil\nmade = bool(shutil.which('sh'))",
    "another program": "import shutil\nmade = 'yes' if shutil.which('ls') else None",
    "a file of the system's": "made = bool(open('/etc/passwd').read())",
    "its own process": "made = 'Name' in open('/proc/self/status').read()",
    "rights of a file": "import os\nopen('d', 'w').close()\nos.chmod('d', 0o600)\nmade = os.stat('d').st_mode & 0o777 == 0o600",
    "a link": "import os\nopen('e', 'w').close()\nos.link('e', 'f')\nmade = os.path.exists('f')",
    "a lock": "import fcntl\nf = open('g', 'w')\nfcntl.flock(f, fcntl.LOCK_EX)\nmade = True",
    "a lock that is minded": (
        "import fcntl\nf = open('h', 'w')\ntry:\n    fcntl.lockf(f, fcntl.LOCK_EX)\n    made = True\n"
        "except OSError:\n    made = False"
    ),
    "a temporary file": "import tempfile\nwith tempfile.NamedTemporaryFile() as f:\n    made = f.write(b'a') == 1",
    "shared memory": "import mmap\nmade = mmap.mmap(-1, 100).write(b'a') == 1",
    "many threads": (
        "import threading\ngo = threading.Event()\nts = [threading.Thread(target=go.wait) for _ in range(200)]\n"
        "[t.start() for t in ts]\ngo.set()\n[t.join() for t in ts]\nmade = True"
    ),
    "a variable": "import os\nmade = bool(os.environ['PATH'])",
    "a variable, if there is one": "import os\nmade = os.environ.get('MPLBACKEND') or os.environ.get('PATH')",
    "a signal": (
        "import signal\nseen = []\nsignal.signal(signal.SIGUSR1, lambda *_: seen.append(1))\n"
        "signal.raise_signal(signal.SIGUSR1)\nmade = seen == [1]"
    ),
    "a server": (
        "import asyncio\nserver = await asyncio.start_server(lambda r, w: None, '127.0.0.1', 0)\nserver.close()\nmade = True"
    ),
    "a descriptor": (
        "import asyncio, os\nr, w = os.pipe()\ncame = asyncio.Event()\nloop = asyncio.get_running_loop()\n"
        "loop.add_reader(r, came.set)\nos.write(w, b'a')\nawait came.wait()\nloop.remove_reader(r)\nmade = True"
    ),
    "a socket": "import socket\na, b = socket.socketpair()\na.send(b'a')\nmade = b.recv(1) == b'a'",
    "a child": "import subprocess\nmade = subprocess.run(['true']).returncode == 0",
    "a child that is minded": (
        "import os\ntry:\n    made = os.system('true') == 0\nexcept Exception:\n    made = False"
    ),
    "a child of asyncio's": (
        "import asyncio\np = await asyncio.create_subprocess_exec('true')\nmade = await p.wait() == 0"
    ),
    "a large file": "made = open('large', 'wb').write(bytes(40_000_000)) > 0",
    "all of the disk": "import os\nmade = 'etc' in os.listdir('/')",
    "another shell": "%%bash --out made\necho so",
    "a shell": "made = !echo so",
    "turns of the loop": "import asyncio\nfor _ in range(30_000):\n    await asyncio.sleep(0)\nmade = True",
    "a home": "import os\nmade = os.path.expanduser('~') != os.getcwd()",
    "a processor": "import platform\nmade = platform.processor() is not None and bool(platform.platform())",
    "the interpreter": "import os, sys\nmade = os.path.exists(sys.executable)",
    "a parent": "import os\nmade = os.getppid()>0",
    "a limit": "import resource\nmade = resource.getrlimit(resource.RLIMIT_NOFILE)[0]>500",
    "a time": "import os\nopen('u','w').close()\nos.utime('u',(1,1))\nmade = os.stat('u').st_mtime==1",
    "a shorter file": "open('t','w').write('abc')\nimport os\nos.truncate('t',1)\nmade = open('t').read()=='a'",
    "a link by name": "import os\nopen('k', 'w').close()\nos.symlink('k', 'l')\nmade = os.path.islink('l')",
    "a shelf": "import shelve\nwith shelve.open('sh') as s: s['a']=1\nmade=True",
    "a pool of many threads": (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "with ThreadPoolExecutor(64) as p: made = list(p.map(abs,range(200)))==list(range(200))"
    ),
    "the user's language": "import locale\nmade = bool(locale.setlocale(locale.LC_ALL,''))",
    "an encoding": "import locale\nmade = locale.getpreferredencoding()=='UTF-8'",
    "IPython's version": "import IPython\nmade = IPython.version_info[0] >= 7",
    "IPython's tools": (
        "from IPython.utils.capture import capture_output\nwith capture_output() as c: print(1)\n"
        "made = c.stdout=='1\\n'"
    ),
    "a priority": "import os\nmade=os.nice(0)>=0",
    "a value of processes": "import multiprocessing\nmade = multiprocessing.Value('i',1).value==1",
    "a process": (
        "import multiprocessing\np=multiprocessing.Process(target=print)\np.start();p.join()\nmade=p.exitcode==0"
    ),
    "a client and its server": (
        "import asyncio\nasync def h(r,w):\n    w.write(await r.readline());w.close()\n"
        "s=await asyncio.start_server(h,'127.0.0.1',0)\n"
        "r,w=await asyncio.open_connection(*s.sockets[0].getsockname())\nw.write(b'a\\n')\n"
        "made = await r.readline()==b'a\\n'\ns.close()"
    ),
    "a name of the network": "import socket\nmade=bool(socket.getaddrinfo('localhost',80))",
    "a handler of the loop's": (
        "import asyncio,signal\nl=asyncio.get_running_loop()\nl.add_signal_handler(signal.SIGUSR1,print)\n"
        "l.remove_signal_handler(signal.SIGUSR1)\nmade=True"
    ),
    "a fork": "import os\np=os.fork()\nif not p: os._exit(0)\nmade=os.waitpid(p,0)[0]==p",
    "a kind of file": "import mimetypes\nmade=mimetypes.guess_type('a.docx')[0] is not None",
    "the collector": "import gc\nmade=gc.isenabled()",
    "a signal to itself": (
        "import os,signal\nseen=[]\nsignal.signal(signal.SIGUSR1,lambda *_: seen.append(1))\n"
        "os.kill(os.getpid(),signal.SIGUSR1)\nmade = seen==[1]"
    ),
    "a file in memory": "import os\nf=os.memfd_create('a')\nmade = os.write(f,b'a')==1",
    "a deep call": "def f(n): return n and f(n-1)+1\nmade = f(900)==900",
    "a text": "import inspect\ndef g(): return 1\nmade = 'return 1' in inspect.getsource(g)",
    "all modules": "import pkgutil\nmade = len(list(pkgutil.iter_modules()))>50",
    "certificates": "import ssl\nmade = bool(ssl.create_default_context())",
    "a name of the machine": "import socket\nmade = bool(socket.gethostname())",
    **{
        f"{what}, which is minded": f"import os\ntry:\n    {text}\n    made = True\nexcept OSError:\n    made = False"
        for what, text in {
            "a large file": "open('m', 'wb').write(bytes(6_000_000))",
            "a file made large": "open('n', 'wb').truncate(50_000_000)",
            "many files": "[open(f'minded{n}', 'w').close() for n in range(300)]",
            "many folders": "[os.mkdir(f'folder{n}') for n in range(300)]",
            "many open files": "fs = [open(os.devnull) for _ in range(300)]; [f.close() for f in fs]",
            "a pipe by name": "os.mkfifo('o')",
            "a priority": "os.nice(0)",
            "a file in memory": "os.memfd_create('b')",
            "a socket": "import socket; socket.socket(type=socket.SOCK_DGRAM).close()",
            "a process": "import subprocess; subprocess.run(['true'])",
        }.items()
    },
    **{
        f"many {what}, which is minded": (
            f"import os\nfs, made = [], True\ntry:\n    for n in range(300): fs += {call}\n"
            "except OSError:\n    made = False\nfor f in fs: os.close(f)"
        )
        for what, call in {
            "pipes": "os.pipe()",
            "copies of a descriptor": "[os.dup(1)]",
            "numbers of a descriptor": "[os.dup2(1, 200 + n)]",
        }.items()
    },
    "much memory, which is minded": "try:\n    made = len(bytes(2_000_000_000)) > 0\nexcept MemoryError:\n    made = False",
    "much on the disk, which is given back": (
        "import os\nmade = True\ntry:\n    [open(f'p{n}', 'wb').write(bytes(2_000_000)) for n in range(4)]\n"
        "except OSError:\n    made = False\n[os.remove(f'p{n}') for n in range(4) if os.path.exists(f'p{n}')]"
    ),
}
FAIL = {
    "a name": "made = no_such_name",
    "nothing by nothing": "made = 1 / 0",
    "a file": "made = open('missing.csv').read()",
    "a file, read by the library": "from pathlib import Path\nmade = Path('missing.csv').read_text()",
    "a text": "import json\nmade = json.loads('{')",
    "a table": "import sqlite3\nmade = sqlite3.connect(':memory:').execute('select 1 from t')",
    "a variable": "import os\nmade = os.environ['OF_NOBODY']",
    "time": "import asyncio\nmade = await asyncio.wait_for(asyncio.Event().wait(), 0.01)",
    "a loop in a loop": "import asyncio\nasync def f(): return 1\nmade = asyncio.run(f())",
    "a line": "made = (",
    "a deep call": "def f(n): return f(n + 1)\nmade = f(0)",
    "what is open for something else": "import os\nmade = open(os.devnull, 'w').read()",
    "an answer": "made = False",
}


def kept(number: int) -> str:
    """The cell behind one of these: what that made stays there under a name of its own."""
    return f"try:\n    made{number} = made\n    del made\nexcept NameError:\n    made{number} = False"


def called(text: str) -> tuple[str, str, str]:
    """It as a function; a test that calls it; and one that goes on from there. Some cells can be no function."""
    if text.startswith("%%"):
        return text, "result = made", "assert result"
    awaits = "await " if "await " in text else ""
    lines = "\n    ".join(["def reach():", *text.split("\n"), "return made"])
    return f"{'async ' if awaits else ''}{lines}", f"result = {awaits}reach()\nassert result", "assert result"


def asking(number: int) -> str:
    return f"assert made{number}"
