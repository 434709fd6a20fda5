"""Hand-written tests that pass in a kernel alone: they are had one, or somebody looks; and no learner's doing starts one."""

from collections.abc import Callable
from json import dumps
from pathlib import Path
from typing import Any

import pytest

from grader.notebooks.by_hand import variables
from grader.notebooks.trial import Trial, fails_without, only_in_a_kernel
from tests.notebooks.classroom import UNIT
from tests.notebooks.foreign import BOOK, OURS, Foreign

RIGHT = "def squares(n):\n    return [x * x for x in range(n)]\n"
SOME = (1, "assert squares(3) == [0, 1, 4]")
# what no text shows, and a child has not
SURROUNDINGS = {
    "absolute": (1, "assert 'root' in open('/etc/passwd').read()"),
    "asked": (1, "import os\nassert os.path.exists('/etc/passwd')"),
    "environ": (1, "import os\nassert os.environ['GIVEN_' + 'BY_THE_COURSE'] == 'x'"),
    "shared": (1, "import mmap\nmmap.mmap(-1, 10).close()"),
    "link": (1, "import os\nopen('a', 'w').close()\nos.link('a', 'b')"),
    "large": (1, "open('large', 'wb').write(bytes(5_000_000));"),
    "many": (1, "for n in range(300): open(f'{n}.txt', 'w').close()"),
}
# that IPython takes as it is, and ours does too
TYPED = {
    "indented": (1, "    x = 1\n    assert x == 1"),
    "prompts": (1, ">>> x = 1\n>>> assert x == 1"),
    "numbered": (1, "In [1]: x = 2\n   ...: assert x == 2"),
    "itself": (1, "import __main__\nassert __main__.squares(2) == [0, 1]"),
    "docstring": (1, "'''\nimport numpy\n'''\nassert squares(1) == [0]"),
}
Made = Callable[..., Foreign]


@pytest.fixture
def room(alembic: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Made:
    monkeypatch.setenv("GIVEN_BY_THE_COURSE", "x")

    def room(tests: dict[str, tuple[int, str]], more: str = "", **cells: tuple[str, ...]) -> Foreign:
        made = Foreign.made(tmp_path / "made", tests=tests).copied(tmp_path / "ours", OURS + more)
        for learner, texts in cells.items():
            made.takes(learner, *texts)
        return made

    return room


def _unsure(room: Foreign, learner: str) -> list[str]:
    with room.gradebook as book:
        grades = book.find_submission_notebook(BOOK, UNIT, learner).grades
        asked = [one.name for one in grades if one.needs_manual_grade and one.auto_score is not None]
        return sorted({*asked} - {"free"})  # which is for people, and was left as it is


def test_a_variable_that_the_author_names_is_there_and_no_other(room: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that answers without an error would else earn what it does not in a kernel."""
    monkeypatch.setenv("KEPT_FROM_ALL", "y")
    tests = {
        "named": (1, "import os\nassert os.environ.get('GIVEN_BY_THE_COURSE') == 'x'"),
        "absent": (1, "import os\nassert 'GIVEN_BY_THE_COURSE' not in os.environ"),
        "others": (1, "assert seen is None"),
    }
    ours = room(tests, ann=("import os\nseen = os.environ.get('KEPT_FROM_ALL')",))
    assert "kernel" not in ours.autograde("ann")
    assert ours.earned("ann") == {"named": 1.0, "others": 1.0}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("os.environ['A'] + environ.get( 'B', '')", {"A", "B"}),
        ('os.getenv("A") or os.environ.pop("B")', {"A", "B"}),
        ("'A' in os.environ and 'B' not in environ", {"A", "B"}),
        ("os.environ['A' + 'B']; os.environ[C]; 'B' in names", {"A"}),
        ("os.environ['HOME'], os.environ['PATH'], os.environ['NOT_SET_AT_ALL']", set()),
    ],
)
def test_which_variables_a_source_names(text: str, named: set[str], monkeypatch: pytest.MonkeyPatch) -> None:
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

    for name in ("A", "B", "C"):
        monkeypatch.setenv(name, name.lower())
    cells = [new_code_cell(text), new_markdown_cell("os.environ['C']")]  # type: ignore[no-untyped-call]
    source = new_notebook(cells=cells)  # type: ignore[no-untyped-call]
    assert variables(source) == {name: name.lower() for name in named}


def test_without_a_source_no_variable_is_named() -> None:
    assert variables(None) == {}


@pytest.mark.slow
def test_what_the_authors_own_solution_passes_in_a_kernel_alone_is_graded_in_one(room: Made) -> None:
    ours = room({**SURROUNDINGS, "some": SOME}, ann=(RIGHT,), bob=("def squares(n):\n    return []\n",))
    told = ours.autograde("*")
    said = "is run in a kernel, with less trust, for: the source's own solution passes {} only there"
    assert f"ann, squares: {said.format(', '.join(SURROUNDINGS))}" in told
    assert ours.earned("ann") == dict.fromkeys([*SURROUNDINGS, "some"], 1.0)
    assert ours.earned("bob") == dict.fromkeys(SURROUNDINGS, 1.0)
    assert _unsure(ours, "ann") == []


def test_where_there_is_to_be_no_kernel_somebody_looks_at_them_and_the_log_says_why(room: Made) -> None:
    ours = room({**SURROUNDINGS, "some": SOME}, "c.GradeExercises.kernel = 'never'\n", ann=("def squares(n): ...",))
    told = ours.autograde("ann")
    assert _unsure(ours, "ann") == sorted(SURROUNDINGS)
    why = "the source's own solution does not pass it without a kernel"
    assert all(f"ann, squares: {name} needs to be looked at: {why}" in told for name in SURROUNDINGS)
    assert "some needs" not in told


def test_what_ipython_takes_is_taken_without_a_kernel(room: Made) -> None:
    ours = room({**TYPED, "some": SOME}, ann=(RIGHT,))
    assert "kernel" not in ours.autograde("ann")
    assert ours.earned("ann") == dict.fromkeys([*TYPED, "some"], 1.0)


FORGED = {
    "refused": "def squares(n):\n    import os\n    os.system('true')\n    return [x * x for x in range(n)]\n",
    "outside": "def squares(n):\n    return open('/srv/squares').read()\n",
    "raises": "def squares(n):\n    raise PermissionError(13, 'Permission denied')\n",
    "atonce": "open('/srv/squares')\ndef squares(n):\n    return []\n",
    "waits": "import asyncio\nawait asyncio.Event().wait()\ndef squares(n):\n    return []\n",
    "exits": "import os\nos._exit(0)",
    "minds": "def squares(n):\n    try:\n        return open('/srv/squares').read()\n    except OSError:\n        return []\n",
}
OWN = {
    "wrong": "def squares(n):\n    return []\n",
    "unnamed": "squares = no_such_name",
    "nofile": "def squares(n):\n    return open('squares.txt').read()\n",
    "nosyntax": "def squares(n",
    "asserts": "def squares(n):\n    return []\nassert squares(3)",
}


NEEDED = {"path": (1, "import os\nassert os.environ['HOME']"), "there": (1, "open('some.txt', 'w').close()")}
SPOILT = f"import os\nos.environ.clear()\nos.chdir('/')\n{RIGHT}"


def of_many(test: Any) -> Any:
    """Of all learners together, through nbgrader: three seconds."""
    return pytest.mark.slow(pytest.mark.ends(test))


@pytest.fixture(scope="module")
def graded(alembic: None, tmp_path_factory: pytest.TempPathFactory) -> tuple[Foreign, str]:
    """Learners who all would like a kernel, and some who are not there yet; and what nbgrader told."""
    folder = tmp_path_factory.mktemp("wishes")
    room = Foreign.made(folder / "made", tests={"some": SOME, **NEEDED}).copied(folder / "ours", OURS)
    others = {"spoilt": SPOILT, "files": RIGHT, **OWN}
    for learner, text in (FORGED | others).items():
        room.takes(learner, text)
    for number in range(250):
        (room.root / "submitted" / "files" / UNIT / f"{number}.txt").write_text("")
    return room, room.autograde("*")


@of_many
def test_nothing_that_a_learner_does_starts_a_kernel(graded: tuple[Foreign, str]) -> None:
    assert "is run in a kernel" not in graded[1]


@of_many
def test_what_a_learners_program_is_refused_is_looked_at_and_nothing_else_is(graded: tuple[Foreign, str]) -> None:
    room, told = graded
    asked = {name: _unsure(room, name) for name in (*FORGED, *OWN)}
    assert asked == {name: ["some"] if name in FORGED else [] for name in asked}
    assert "outside, squares: some needs to be looked at: FileNotFoundError: [Errno 2]" in told
    assert "atonce, squares: some needs to be looked at: cell 1, before it: FileNotFoundError: [Errno 2]" in told
    said = "to be looked at by a person: PermissionError: [Errno 13] Permission denied\\n"
    assert said in room.page("raises")


@of_many
def test_so_is_what_fails_because_a_learner_took_away_what_a_test_needs(graded: tuple[Foreign, str]) -> None:
    assert graded[0].earned("spoilt") == {"some": 1.0}
    assert _unsure(graded[0], "spoilt") == ["path", "there"]


@of_many
def test_many_files_of_a_learners_are_told_and_cost_nothing(graded: tuple[Foreign, str]) -> None:
    room, told = graded
    assert "files, squares: is run without a kernel, and so without: 250 files of 0 bytes beside it" in told
    assert room.earned("files") == {"some": 1.0, "path": 1.0, "there": 1.0}


STUB = '"cells": [{"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": null, "source": "%s"}, %s]'
TEST = (
    '{"cell_type": "code", "outputs": [], "execution_count": null, "source": "f()", "metadata": {"nbgrader": {"grade": true,'
    ' "grade_id": "t", "points": 1, "locked": true, "solution": false, "task": false, "schema_version": 3}}}'
)


@pytest.mark.parametrize(("raises", "fails"), [("ZeroDivisionError", {"t"}), ("NotImplementedError", set())])
def test_a_stub_in_place_of_a_solution_shows_nothing(raises: str, fails: set[str]) -> None:
    cells = STUB % (f"def f(): raise {raises}", TEST)
    book = f'{{"nbformat": 4, "nbformat_minor": 4, "metadata": {{}}, {cells}}}'
    assert fails_without(Trial(book, (), "child", (), 5.0)) == fails


def test_a_solution_that_looks_for_what_a_thread_brings_fails_nowhere() -> None:
    looks = (
        "import threading\ndef f():\n    came = []; threading.Timer(0.01, came.append, [1]).start()\n"
        "    for _ in range(2_000_000):\n        if came: return\n    raise TimeoutError"
    )
    cells = STUB % (dumps(looks)[1:-1], TEST)
    book = f'{{"nbformat": 4, "nbformat_minor": 4, "metadata": {{}}, {cells}}}'
    assert fails_without(Trial(book, (), "child", (), 5.0)) == set()


def test_a_solution_that_asks_for_the_time_of_a_file_is_tried_in_real_time() -> None:
    waits = "import os, time; open('p', 'w').close(); time.sleep(0.05); open('q', 'w').close()"
    later = "assert os.path.getmtime('q') - os.path.getmtime('p') > 0.04"
    cells = STUB % (waits, TEST.replace("f()", later))
    book = f'{{"nbformat": 4, "nbformat_minor": 4, "metadata": {{}}, {cells}}}'
    assert fails_without(Trial(book, (), "child", (), 5.0)) == set()


@pytest.mark.slow
def test_what_fails_in_a_kernel_too_asks_for_none() -> None:
    cells = STUB % ("def f(): return 1 / 0", TEST)
    book = f'{{"nbformat": 4, "nbformat_minor": 4, "metadata": {{}}, {cells}}}'
    assert only_in_a_kernel(Trial(book, (), "child", (), 5.0)) == set()
