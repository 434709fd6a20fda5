"""Test cells that somebody wrote by hand, at nbgrader's own autograde: the scores of nbgrader's kernel, and no kernel."""

import json
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent, indent

import pytest

from tests.notebooks.classroom import FIRST, UNIT, Classroom, plain
from tests.notebooks.foreign import BOOK, OURS, PLAIN, Foreign, about, everything
from tests.notebooks.tricks import TRICKS

RIGHT = """\
import asyncio

def squares(n):
    return [x * x for x in range(n)]

async def later(x):
    await asyncio.sleep(0.01)
    return x
"""
FIXED = "import asyncio\ndef squares(n):\n    return [0, 1, 4]\nasync def later(x):\n    return x\n"
AGES = """\
    import os, time
    for name in "pq":
        open(name, "w").close()
        time.sleep(0.02)
    n *= os.path.getmtime("q") - os.path.getmtime("p") > 0.01
"""
POLLS = """\
    import threading, time
    task = asyncio.create_task(asyncio.to_thread(time.sleep, 0.01))
    while not task.done():
        await asyncio.sleep(0)
    done = []
    threading.Timer(0.01, done.append, [1]).start()
    while not done:
        pass
"""
# each is lost in virtual time, and found out in another way: by the questions for the time, and by the turn that is kept
WATCHES = """\
    import threading, time
    done = []
    threading.Timer(0.01, done.append, [1]).start()
    ends = time.monotonic() + 5
    while not done and time.monotonic() < ends:
        pass
    assert done
"""
COUNTS = """\
    import threading
    done = []
    threading.Timer(0.01, done.append, [1]).start()
    for _ in range(2_000_000):
        if done:
            break
    assert done
"""
# each hangs on a thread that in a kernel goes on when it is started, or at the next thing that is written
RACES = {
    "looks": "threading.Thread(target=lambda: found.append(n)).start()\n"
    "for _ in range(3000):\n    if found: break\nn, = found",
    "forgets": "threading.Thread(target=lambda: found.append(n)).start()\nn, = found",
    "writes": "threading.Thread(target=lambda: found.append(n)).start()\n"
    "with open('a.txt', 'w') as file: file.write('x' * 10**6)\nn, = found",
    "asks": "future = ThreadPoolExecutor().submit(lambda: n)\n"
    "for _ in range(1000):\n    if future.done(): break\nelse: raise TimeoutError\nn = future.result()",
}
COPIES = """\
    import os, shutil, tempfile, threading
    many = [threading.Thread(target=time.sleep, args=(0.01,)) for _ in range(80)]
    for one in many: one.start()
    with tempfile.TemporaryDirectory() as there:
        with open(os.path.join(there, "n"), "w") as file: file.write(str(n))
        with open(shutil.copy(file.name, file.name + "2")) as file: n = int(file.read())
    for one in many: one.join()
"""
# by learner: the cells, and what their test cells earn in a kernel of nbgrader's
HONEST: dict[str, tuple[tuple[str, ...], dict[str, float]]] = {
    "right": ((RIGHT,), everything()),
    "untouched": ((), {}),
    "fixed": ((FIXED,), everything(["some", "hidden", "share"]) | {"share": 1.0}),
    "loud": (
        (RIGHT.replace("    return [", "    import sys; print(n, file=sys.stderr)\n    return ["),),
        {"awaited": 2.0},
    ),
    "warns": (
        (RIGHT.replace("    return [", "    import warnings; warnings.warn('!')\n    return ["),),
        {"awaited": 2.0},
    ),
    "by magic": ((f"%%writefile mine.py\n{RIGHT}", "%run mine.py"), everything()),
    "raises": ((RIGHT, RIGHT.replace("    return x\n", "    raise ValueError(x)\n")), everything(["awaited"])),
    "syntax": ((RIGHT, "def squares(n"), everything()),
    "nested": (
        (RIGHT.replace("    await asyncio.sleep(0.01)", "    asyncio.run(asyncio.sleep(0))"),),
        everything(["awaited"]),
    ),
    "dropped": ((RIGHT.replace("async def later", "def later").replace("await ", ""),), everything(["awaited"])),
    "exits": ((RIGHT.replace("    await asyncio.sleep(0.01)", "    raise SystemExit"),), everything(["awaited"])),
    "polls": ((RIGHT.replace("    await asyncio.sleep(0.01)\n", POLLS),), everything()),
    "watches": ((RIGHT.replace("    await asyncio.sleep(0.01)\n", WATCHES),), everything()),
    "counts": ((RIGHT.replace("    await asyncio.sleep(0.01)\n", COUNTS),), everything()),
    **{
        name: (
            (
                RIGHT.replace(
                    "    return [",
                    indent(
                        f"import threading\nfrom concurrent.futures import ThreadPoolExecutor\nfound = []\n{race}\n",
                        "    ",
                    )
                    + "    return [",
                ),
            ),
            everything(),
        )
        for name, race in RACES.items()
    },
    "copies": ((f"import time\n{RIGHT}".replace("    return [", f"{COPIES}    return ["),), everything()),
    "ages": ((RIGHT.replace("    return [", f"{AGES}    return ["),), everything()),
    "magic": (("%matplotlib inline\n%time x = 1", RIGHT), everything()),
}
HANGS = (f"{RIGHT}\nawait asyncio.Event().wait()", "x = 1")


@pytest.fixture(scope="module")
def made(alembic: None, tmp_path_factory: pytest.TempPathFactory) -> Foreign:
    return Foreign.made(tmp_path_factory.mktemp("foreign") / "made")


Room = Callable[..., Foreign]


@pytest.fixture
def ours(made: Foreign, tmp_path: Path) -> Room:
    """A course of its own, with these learners' cells handed in, and graded with us."""

    def ours(more: str = "", **cells: tuple[str, ...]) -> Foreign:
        room = made.copied(tmp_path / "ours", OURS + more)
        for learner, texts in cells.items():
            room.takes(learner, *texts)
        return room

    return ours


@pytest.mark.slow
@pytest.mark.ends
def test_each_has_the_points_that_a_kernel_gives(ours: Room) -> None:
    room = ours(**{learner: cells for learner, (cells, _) in HONEST.items()})
    told = room.autograde("*")
    assert {learner: room.earned(learner) for learner in HONEST} == {one: earns for one, (_, earns) in HONEST.items()}
    assert [learner for learner in HONEST if room.unsure(learner)] == []
    assert "kernel" not in told


@pytest.mark.slow
def test_a_kernel_of_nbgraders_own_gives_the_same(made: Foreign, tmp_path: Path) -> None:
    room = made.copied(tmp_path / "plain", PLAIN)
    some = {learner: one for learner, one in HONEST.items() if learner not in ("magic", "syntax", "dropped", "raises")}
    for learner, (cells, _) in some.items():
        room.takes(learner, *cells)
    room.autograde("*")
    assert {learner: room.earned(learner) for learner in some} == {one: earns for one, (_, earns) in some.items()}


def test_an_await_that_hangs_leaves_what_stands_above_it(ours: Room) -> None:
    room = ours(ann=HANGS)
    room.autograde("ann")
    assert room.earned("ann") == everything()
    assert "not yet: it waits for something that never comes (line 10)" in room.page("ann")


def test_an_answer_that_a_person_marks_and_that_is_not_there_is_looked_at(ours: Room) -> None:
    room = ours(ann=("answer = 'in a cell of my own'", RIGHT))
    path = room.root / "submitted" / "ann" / UNIT / f"{BOOK}.ipynb"
    book = json.loads(path.read_text())
    book["cells"] = [cell for cell in book["cells"] if cell["id"] not in ("free", "words")]
    path.write_text(json.dumps(book))
    room.autograde("ann")
    with room.gradebook as gradebook:
        grades = {one.name: one for one in gradebook.find_submission_notebook(BOOK, UNIT, "ann").grades}
    found = [(grades[name].auto_score, grades[name].needs_manual_grade) for name in ("free", "words")]
    assert found == [(None, True)] * 2
    assert room.page("ann").count("This cell was missing from what was handed in, and was put back.") == 2
    assert room.earned("ann") == everything()


def test_cells_have_the_numbers_that_a_kernel_gives_them(ours: Room) -> None:
    room = ours(ann=("seen = len(In)", f"earlier = In[-2]\n{RIGHT}"))
    room.autograde("ann")
    cells = [one for one in json.loads(room.page("ann"))["cells"] if one["cell_type"] == "code" and one["source"]]
    counted = [one["execution_count"] for one in cells]
    assert counted == [*range(1, len(cells) + 1)]
    assert room.earned("ann") == everything()


ENDS = {
    "exit": "import os\nos._exit(0)",
    "crash": "import ctypes\nctypes.string_at(0)",
    "loop": "while True:\n    pass",
}


def test_what_ends_the_process_costs_its_own_cell_alone(ours: Room) -> None:
    last: dict[str, tuple[str, ...]] = {"last": (RIGHT, f"{ENDS['exit']}\n{RIGHT}", "x = 1")}
    last["really"] = (f"import _thread\n_thread.start_new_thread(len, ([],))\n{RIGHT}",)
    room = ours("c.GradeExercises.timeout = 1\n", **{name: (ends, RIGHT) for name, ends in ENDS.items()}, **last)
    told = room.autograde("*")
    assert "exit, squares: cell 1 was stopped: it ended the process (exit status 0)" in told
    assert "loop, squares: cell 1 was stopped: it computed for too long" in told
    assert [
        line for line in told.splitlines() if "were run in real time" in line and "really, squares: its cells" in line
    ]
    assert "last, squares: its cells were run in real time" not in told
    assert {name: room.earned(name) for name in (*ENDS, *last)} == dict.fromkeys((*ENDS, *last), everything())
    assert "not yet: it ended the process (exit status 0)" in room.page("exit")
    assert "not yet: the process was killed (signal 11)" in room.page("crash")
    assert "not yet: it computes for too long without waiting" in room.page("loop")


def test_files_beside_the_notebook_are_there(ours: Room) -> None:
    reads = RIGHT.replace(
        "    return [", "    from more import data\n    assert open('there/is.txt').read() == data\n    return ["
    )
    room = ours(ann=(reads,))
    folder = room.root / "submitted" / "ann" / "start"
    (folder / "there").mkdir()
    (folder / "there" / "is.txt").write_text("so")
    (folder / "more.py").write_text("data = 'so'\n")
    room.autograde("ann")
    assert room.earned("ann") == everything()


def test_a_learner_cannot_choose_to_be_run_in_a_kernel(ours: Room) -> None:
    room = ours(ann=("%%bash\ntouch here", "get_ipython()", RIGHT))
    told = room.autograde("ann")
    assert "ann, squares: is run without a kernel, and so without: %%bash" in told
    assert room.earned("ann") == everything()
    assert not (room.root / "autograded" / "ann" / "start" / "here").exists()


def test_a_package_that_the_course_names_can_be_imported(alembic: None, tmp_path: Path) -> None:
    made = Foreign.made(tmp_path / "made", "import iniconfig")
    room = made.copied(tmp_path / "ours", OURS + "c.GradeExercises.packages = ['iniconfig']\n")
    room.takes("ann", "import iniconfig", RIGHT.replace("n)]", "n)] if iniconfig.IniConfig else []"))
    assert "kernel" not in room.autograde("ann")
    assert room.earned("ann") == everything()


def test_a_package_that_is_installed_here_can_be_imported_by_learners_as_in_a_kernel_here(ours: Room) -> None:
    room = ours(ann=(f"import iniconfig\n{RIGHT.replace('n)]', 'n)] if iniconfig.IniConfig else []')}",))
    assert "without" not in room.autograde("ann")
    assert room.earned("ann") == everything()


def test_what_was_not_to_be_had_leaves_cells_to_be_looked_at(ours: Room) -> None:
    """And nobody is scored low without a word; what was right all the same is right."""
    room = ours(
        lost=(f"import a_package_of_mine\n{RIGHT}",),
        less=("import a_package_of_mine", RIGHT.replace("range(n)", "range(min(n, 3))")),
        right=("import a_package_of_mine", RIGHT),
        wrong=(FIXED,),
    )
    told = room.autograde("*")
    said = "is run without a kernel, and so without: import a_package_of_mine: say c.GradeExercises.packages"
    assert [f"{one}, squares: {said}" in told for one in ("lost", "less", "right", "wrong")] == [
        True,
        True,
        True,
        False,
    ]
    assert {one: room.unsure(one) for one in ("lost", "less", "right", "wrong")} == {
        "lost": ["awaited", "hidden", "quiet", "share", "shown", "some"],
        "less": ["hidden"],
        "right": [],
        "wrong": [],
    }


@pytest.mark.slow
def test_beside_an_exercises_own_a_cell_by_hand_is_graded_as_any(room: Classroom) -> None:
    path = room.root / "source" / UNIT / "first-await.ipynb"
    book = json.loads(path.read_bytes())
    by_hand = plain("assert isinstance(greet_twice, object)\n0.5", "mine")
    by_hand["metadata"] = about("mine", grade=True, locked=True, points=2)
    book["cells"].append(by_hand)
    path.write_text(json.dumps(book))
    room.generate()
    room.hand_in("ann", first_await=FIRST)
    room.hand_in("bob", first_await=["import os\nos._exit(0)", FIRST])
    room.hand_in("cem", first_await="import builtins\nbuiltins.float = lambda *a: 9.0")
    room.autograde("*")
    found = {one: room.scores(one)["first-await"] for one in ("ann", "bob", "cem")}
    assert found == {"ann": 10.5, "bob": 10.5, "cem": 0.0}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("others", "more"),
    [(["x = !echo 3"], ""), ([], "c.GradeExercises.kernel = 'any'\n")],
    ids=["the source asks", "a learner asks, and may"],
)
def test_what_only_a_kernel_has_is_run_in_one_and_that_is_said(
    alembic: None, tmp_path: Path, others: list[str], more: str
) -> None:
    made = Foreign.made(tmp_path / "made", *others)
    room = made.copied(tmp_path / "ours", OURS + more)
    room.takes("ann", "x = !echo 3", RIGHT.replace("n)]", "n)] if x == ['3'] else []"))
    told = room.autograde("ann")
    assert "ann, squares: is run in a kernel, with less trust, for: x = !echo 3\n" in told
    assert room.earned("ann") == everything()


TOLD = {
    "earned": (10, "earned = await greet_twice(say_after, 'ada')\nassert earned == ['hello ada', 'goodbye ada']"),
    "share": (10, "earned = await greet_twice(say_after, 'ada')\nfloat(earned == ['hello ada', 'goodbye ada'])"),
    "ours": (4, "from grader.notebooks import earned\n\nearned('first-await', 'greet_twice', 'order')"),
}
SAYS = "async def say_after(delay, what):\n    return what\n\nasync def greet_twice(say_after, name):\n    return []\n"


@pytest.mark.slow
def test_each_trick_earns_points_in_a_kernel(alembic: None, tmp_path: Path) -> None:
    room = Foreign.made(tmp_path / "tricked", tests=TOLD).copied(tmp_path / "plain", PLAIN)
    room.takes("honest", SAYS)
    for number, trick in enumerate(TRICKS.values()):
        room.takes(f"trick{number}", SAYS, dedent(trick))
    room.autograde("*")
    assert room.earned("honest") == {}
    earns = {name: bool(room.earned(f"trick{at}")) for at, name in enumerate(TRICKS)}
    with room.gradebook as book:  # where one of them wrote 10 points beside every cell's own
        assert book.find_grade("earned", BOOK, "start", "honest").manual_score == 10
    assert earns == {name: name != "the gradebook" for name in TRICKS}


@pytest.mark.slow
def test_of_these_tricks_only_an_answer_that_says_it_is_equal_earns_points_without_a_kernel(
    alembic: None, tmp_path: Path
) -> None:
    tests = {name: one for name, one in TOLD.items() if name != "ours"}
    room = Foreign.made(tmp_path / "tricked", tests=tests).copied(tmp_path / "ours", OURS)
    for number, trick in enumerate(TRICKS.values()):
        room.takes(f"trick{number}", SAYS, dedent(trick))
    room.autograde("*")
    with room.gradebook as book:
        scores = {name: book.find_submission("start", f"trick{at}").score for at, name in enumerate(TRICKS)}
    assert {name for name, score in scores.items() if score} == {"__eq__"}
