"""Which errors say that something is not there where a cell is played, and which are the program's own."""

from pathlib import Path

import pytest

from grader.runner.cells.reached import Reached, reached

NOT_THERE = {
    "a right that the system does not give": "raise PermissionError(1, 'Operation not permitted', 'here')",
    "files without end": "raise OSError(24, 'Too many open files', 'here')",
    "a path outside": "open('/nowhere/a.csv')",
    "one above": "open('../nowhere.csv')",
    "a file of the library's own": "import tempfile\ntempfile.mkdtemp(dir='/nowhere')",
    "what the library puts together": "import shutil\nraise shutil.Error([('a', 'b', '[Errno 1] Operation not permitted')])",
    "a database": (
        "import sqlite3\ne = sqlite3.OperationalError('access permission denied')\ne.sqlite_errorcode = 3\nraise e"
    ),
    "a language": "import locale\nlocale.setlocale(locale.LC_ALL, 'xx_XX')",
    "memory": "raise MemoryError",
    "a library that fails by what it is made of": "import subprocess\nsubprocess.run([None])",
    "what was refused": "from grader.clock.over import RefusedError\nraise RefusedError('a needs b, which is not here')",
    "a name of what stands in for something": "import grader\ngrader.clock.no_such_thing\n",
    "the same, to be imported": "from grader.clock import no_such_thing",
    "an attribute of the shell's": "from grader.runner import ipython\nipython.nothing.no_such_thing",
    "what stands behind another": "try:\n    raise OSError(38, 'Function not implemented')\nexcept OSError:\n    1 / 0",
    "one of several": "raise ExceptionGroup('', [ValueError(), PermissionError(13, '')])",
    "what the library has not here": "import asyncio\nasyncio.AbstractEventLoop().time()",
}
OWN = {
    "a name": "no_such_name",
    "a test": "assert 1 == 2",
    "nothing by nothing": "1 / 0",
    "a file": "open('missing.csv')",
    "a file, read by the library": "from pathlib import Path\nPath('missing.csv').read_text()",
    "a file, by its whole path": "import os\nopen(os.path.join(os.getcwd(), 'missing.csv'))",
    "a file that is copied": "import shutil\nshutil.copy('missing.csv', 'there')",
    "a folder": "open('.')",
    "what is open for something else": "open('w.txt', 'w').read()",
    "what is closed": "f = open('w.txt', 'w')\nf.close()\nf.write('')",
    "a text": "import json\njson.loads('{')",
    "a table": "import sqlite3\nsqlite3.connect(':memory:').execute('select * from missing')",
    "a rule": (
        "import sqlite3\nc = sqlite3.connect(':memory:')\nc.execute('create table t(a unique)')\n"
        "c.executemany('insert into t values (?)', [(1,), (1,)])"
    ),
    "time": "import asyncio\nasync def main():\n    await asyncio.wait_for(asyncio.Event().wait(), 0)\nasyncio.run(main())",
    "no loop": "import asyncio\nasyncio.get_running_loop()",
    "a queue": "import queue\nqueue.Queue().get_nowait()",
    "a thread that was started": "import threading\nt = threading.Thread()\nt.start()\nt.start()",
    "of its own": "raise OSError('my own')",
    "an attribute of a task's": (
        "import asyncio\nfrom grader.clock import VirtualLoop\nasync def main():\n    asyncio.current_task().no_such_thing\n"
        "with asyncio.Runner(loop_factory=VirtualLoop) as runner:\n    runner.run(main())"
    ),
    "a stub": "raise NotImplementedError",
    "a deep call": "def f():\n    f()\nf()",
    "a terminal": "import os\nos.get_terminal_size(os.open('w.txt', os.O_CREAT))",
}


def _raised(text: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[Reached]:
    monkeypatch.chdir(folder)
    with pytest.raises(BaseException) as seen:  # noqa: PT011
        exec(compile(text, "cell 1", "exec"), {"__name__": "__main__"})
    return reached(seen.value, str(folder))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", NOT_THERE)
def test_it_is_not_there(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [kind for kind, _ in _raised(NOT_THERE[name], tmp_path, monkeypatch)] == ["sure"]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", OWN)
def test_it_is_the_programs_own(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _raised(OWN[name], tmp_path, monkeypatch) == []


ASKED = {
    "import a_module.of_nobody": ("module", "a_module"),
    "import importlib.metadata as m\nm.version('of-nobody')": ("distribution", "of-nobody"),
    "import os\nos.environ['OF_NOBODY']": ("variable", "OF_NOBODY"),
}


@pytest.mark.parametrize("text", ASKED)
def test_whether_it_is_there_elsewhere_is_for_others_to_say(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _raised(text, tmp_path, monkeypatch)[0] == ASKED[text]


def test_an_error_that_will_not_be_asked_says_nothing() -> None:
    class Sly(OSError):
        @property
        def errno(self) -> int:  # type: ignore[override]
            raise ValueError

    assert reached(Sly(), "/") == []
