"""What a cell in the isolated child tries that is not there, and of which its program minds no error."""

import sys

import pytest

from grader.isolation import ISOLATIONS
from grader.run.levels import level_of
from grader.run.outside import Code, run_cells
from grader.runner.cells.descriptors_met import TOO_MANY

_TRIES = "import os\ntry:\n    {}\nexcept Exception:\n    pass"
REACHED: dict[str, list[str]] = {
    _TRIES.format("os.system('ls')"): ["os.system is refused"],
    _TRIES.format("open('/nowhere')"): ["/nowhere: No such file or directory"],
    _TRIES.format("os.link('a', 'b')"): ["os.link is refused"],
    _TRIES.format("while True: os.open('.', os.O_RDONLY)"): [".: Too many open files"],
    "os.closerange(10, 3000)": [],
    _TRIES.format("open('missing')"): [],
    "os.listdir('.')\nos.close(os.open(os.path.abspath('.'), os.O_RDONLY))": [],
    "1 / 0": [],
    "import threading\nt = threading.Thread(target=lambda: 1 / 0)\nt.start()\nt.join()": [],
    "class A:\n    def __del__(self): 1 / 0\nA()": [],
    "async def f(): pass\nimport warnings\nwarnings.simplefilter('error')\nf()": [],
    "warnings.resetwarnings()\nopen('/usr/lib/nowhere/cell 1')": [
        "FileNotFoundError: [Errno 2] No such file or directory: '/usr/lib/nowhere/cell 1'",
        "/usr/lib/nowhere/cell 1: No such file or directory",
    ],
    "input('a number: ')": [],
    "os.system('ls')": ["RefusedError: os.system needs a real process", "os.system is refused"],
}


def test_what_a_cell_reached_for_is_told_where_it_minds_no_error_too() -> None:
    codes = [Code(number, text, False) for number, text in enumerate(REACHED, 1)]
    ran = run_cells(codes, {}, level_of("child"), seconds=2, seed="a seed")
    assert [ran.reached.get(number, []) for number in range(1, len(REACHED) + 1)] == [
        [("sure", said) for said in one] for one in REACHED.values()
    ]


def test_what_a_program_opens_by_a_whole_path_is_told_where_modules_lie_as_well() -> None:
    cells = (
        "import os, sys\nopen('f', 'w').close()",
        _TRIES.format("while True: os.open(os.path.abspath('f'), os.O_RDONLY)"),
        "os.closerange(10, 3000)",
        _TRIES.format("open(next(p for p in sys.path if p.endswith('.zip')) + '/g', 'w')"),
    )
    ran = run_cells([Code(*one, False) for one in enumerate(cells, 1)], {}, level_of("child"), seconds=2, seed="a seed")
    told = [[said for _, said in ran.reached.get(number, [])] for number in (1, 2, 4)]
    assert [len(one) for one in told] == [0, 1, 1]
    assert told[1][0].endswith("/f: Too many open files")
    assert "/g: " in told[2][0]


_UDP = "import socket; socket.socket(type=socket.SOCK_DGRAM).close()"
_LOOKS_UP = "import socket; socket.socketpair(); socket.getaddrinfo('localhost', 80)"
_RUNS = "import socket, subprocess; socket.socketpair(); subprocess.run(['true'])"
_LARGE = "open('l', 'wb').truncate(50_000_000)"
_OPEN = "[open(os.devnull) for _ in range(300)]"
_TOO_MANY = "/dev/null: Too many open files"
_PIPES = "while True: files += os.pipe()"
_MEMORY = ["MemoryError"] if hasattr(sys, "monitoring") else []  # else it is read in the text
# by level; in real time nobody else hears of the first three
BOUNDS: dict[str, dict[str, list[str]]] = {
    _UDP: {"A": ["socket is refused"], "B": ["socket is refused"], "none": []},
    _LOOKS_UP: {"A": ["socket.getaddrinfo is refused"], "B": ["socket.getaddrinfo is refused"], "none": []},
    _RUNS: {"A": ["subprocess.Popen is refused"], "B": ["subprocess.Popen is refused"], "none": []},
    "import socket; socket.socketpair()": {"A": [], "B": [], "none": []},
    _LARGE: {"A": ["no file can be larger"], "B": ["no file can be written"], "none": ["no file can be larger"]},
    "os.mkdir('m')": {"A": [], "B": ["no file can be written"], "none": []},
    _OPEN: {"A": [_TOO_MANY], "B": [_TOO_MANY], "none": [_TOO_MANY]},
    "open(os.devnull, 'w').close()": {"A": [], "B": [], "none": []},
    _PIPES: {"A": [TOO_MANY], "B": [TOO_MANY], "none": [TOO_MANY]},
    "while True: files.append(os.dup(1))": {"A": [TOO_MANY], "B": [TOO_MANY], "none": [TOO_MANY]},
    "os.dup2(1, 256)": {"A": [TOO_MANY], "B": [TOO_MANY], "none": [TOO_MANY]},
    "os.dup2(255, 3)": {"A": [], "B": [], "none": []},
    "os.dup(255)": {"A": [], "B": [], "none": []},
    "bytes(2_000_000_000)": {"A": _MEMORY, "B": _MEMORY, "none": _MEMORY},
}


_WITH_FILES = f"files = []\n{_TRIES}\nfor file in files: os.close(file)"


@pytest.mark.parametrize("isolation", [one for one in ISOLATIONS if one in ("A", "B", "none")])
def test_so_is_a_bound_that_it_met_at_every_level(isolation: str) -> None:
    codes = [Code(number, _WITH_FILES.format(text), False) for number, text in enumerate(BOUNDS, 1)]
    ran = run_cells(codes, {}, level_of(isolation), seconds=2, seed="a seed")
    found = {text: [said for _, said in ran.reached[number]] for number, text in enumerate(BOUNDS, 1)}
    assert found == {text: told[isolation] for text, told in BOUNDS.items()}
