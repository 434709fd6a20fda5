"""A file that is graded as it is: a real file under its own name, in a folder of its own that no run shares with another."""

import gc
import os
import random
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from msgspec.structs import replace

from grader.course.model import Limits
from grader.grading import grade
from grader.run.limits import complete
from grader.run.submitted import Submitted
from grader.run.zygote import Zygote
from grader.runner import folder
from grader.verdict import Verdict, encode, outcome_of
from tests.adopted import GOOD, MODULE, adopted, asking, returns
from tests.staging import PLACES

EVERYWHERE = (*PLACES, "none")


def output(verdict: Verdict) -> list[str]:
    assert outcome_of(verdict) == "result", verdict.cases
    return verdict.cases[0].output.split()


@pytest.mark.parametrize("place", EVERYWHERE)
@pytest.mark.parametrize(
    "found",
    [
        '__import__("0-wait_a_while").wait_a_while',
        'importlib.import_module("0-wait_a_while").wait_a_while',
        'by_path("0-wait_a_while.py").wait_a_while',
        'by_path(os.path.join(os.path.dirname(__file__), "0-wait_a_while.py")).wait_a_while',
        'by_path(pathlib.Path(__file__).parent / "0-wait_a_while.py").wait_a_while',
        'runpy.run_path("0-wait_a_while.py")["wait_a_while"]',
    ],
)
def test_a_name_that_is_no_identifier_is_found_in_every_way(found: str, place: str) -> None:
    program = f"""
import asyncio, importlib, importlib.util, os, pathlib, runpy
def by_path(path):
    spec = importlib.util.spec_from_file_location("waits", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
wait_a_while = {found}
async def fetch_all(n):
    return sorted(await asyncio.gather(*[wait_a_while() for _ in range(n)]))
"""
    verdict = grade(adopted(), program, isolation=place)
    assert (verdict.status, verdict.points) == ("passed", 10), verdict.cases


@pytest.mark.parametrize("place", EVERYWHERE)
def test_the_file_is_a_module_of_its_own_name_in_its_own_working_folder(place: str) -> None:
    program = """
import os, sys
print(__name__, sys.modules[__name__].__file__ == __file__, os.path.abspath(sys.path[0]) == os.getcwd(), os.listdir())
print(os.path.basename(__file__), __spec__.name, open(__file__).read() != "", sys.argv)
async def main():
    return __name__
"""
    verdict = grade(returns(MODULE), program, isolation=place)
    assert output(verdict) == [
        *(MODULE, "True", "True", "['3-fetch_all.py']"),
        *("3-fetch_all.py", MODULE, "True", "['3-fetch_all.py']"),
    ]


@pytest.mark.parametrize("place", PLACES)
def test_where_the_folder_lies_does_not_show_in_a_verdict(place: str) -> None:
    program = """
import os, traceback
print(__file__, os.getcwd())
async def main():
    try:
        1 / 0
    except ZeroDivisionError:
        traceback.print_exc()
"""
    verdict = grade(returns(None), program, isolation=place)
    assert verdict.cases[0].output.splitlines()[:3] == [
        "3-fetch_all.py .",
        "Traceback (most recent call last):",
        '  File "3-fetch_all.py", line 6, in main',
    ]


@pytest.mark.parametrize("place", PLACES)
def test_every_run_finds_an_interpreter_that_has_seen_no_file_of_it(place: str) -> None:
    program = """
import os, sys, types
seen = ["mine" in sys.modules, os.path.exists("left.txt"), os.path.basename(sys.path[0]) == "elsewhere"]
seen.append(getattr(sys.modules["0-wait_a_while"], "marked", False) if "0-wait_a_while" in sys.modules else False)
import importlib
importlib.import_module("0-wait_a_while").marked = True
sys.modules["mine"] = types.ModuleType("mine")
sys.path.insert(0, "elsewhere")
sys.path[:] = sys.path
try:
    open("left.txt", "w").close()
except OSError:
    pass
os.chdir("/")
async def main():
    return seen
"""
    world = {"modules": {"0-wait_a_while": {"also": ["asyncio"]}}}
    cases = [{"name": "one"}, {"name": "two"}, {"name": "three"}]
    verdict = grade(returns([False] * 4, world=world, cases=cases), program, isolation=place)
    assert [check.rationale for check in verdict.checks] == [""] * 3
    assert verdict.points == 10


def test_in_process_everything_is_as_it_was_afterwards() -> None:
    grade(adopted(), GOOD)  # what the grader itself imports when it needs it
    modules, caches, before = set(sys.modules), set(sys.path_importer_cache), _state()
    leaves = "import os, sys, types\nos.chdir('/')\nsys.path.clear()\nsys.argv.clear()\nsys.modules['mine'] = types\n"
    grade(adopted(), GOOD + leaves)
    assert _state() == before
    assert {name for name in sys.modules if name not in modules} <= sys.stdlib_module_names
    assert set(sys.path_importer_cache) <= caches


def _state() -> tuple[object, ...]:
    drawing = (random.seed, random.Random.seed, os.urandom, random.getstate())
    return (os.getcwd(), list(sys.path), list(sys.argv), sys.dont_write_bytecode, *drawing)


def test_two_folders_may_have_files_of_one_name() -> None:
    for value in (1, 2, 1):
        program = f"async def main():\n    return {value}\n"
        assert grade(returns(value, within=f"folder_{value}"), program).points == 10


@pytest.mark.parametrize("place", PLACES)
def test_bytes_that_python_takes_are_taken(place: str) -> None:
    text = "# -*- coding: latin-1 -*-\nname = 'é'\nasync def main():\n\treturn name\n"
    for data in (text.replace("\n", "\r\n").encode("latin-1"), b"\xef\xbb\xbf" + text.encode().split(b"\n", 1)[1]):
        assert grade(returns("é"), data, isolation=place).points == 10


def test_a_learners_file_never_hides_one_that_the_exercise_provides() -> None:
    own = Submitted(GOOD.encode(), (("0-wait_a_while", b"raise SystemExit\n"), ("stray", b"x = 1\n")))
    assert grade(adopted(), own).points == 10


@pytest.mark.slow
def test_nothing_of_a_submission_is_left_when_it_is_graded() -> None:
    program = (
        GOOD
        + "class OfALearner:\n    def __init__(self):\n        self.me = self\nkept = [OfALearner() for _ in range(3)]\n"
    )
    assert grade(adopted(), program).points == 10
    gc.collect()
    assert [one for one in gc.get_objects() if type(one).__name__ == "OfALearner"] == []


@pytest.mark.parametrize(
    "program",
    [
        GOOD,
        GOOD.replace("range(n)", "range(0)"),
        GOOD + "import nowhere\n",
        GOOD + "import random\nprint(random.random(), random.Random().random(), __file__)\n",
        GOOD.replace("return sorted(", "return x + sorted("),
        "async def fetch_all(n):\n    yield n\n",
    ],
)
def test_a_verdict_is_the_same_wherever_the_file_was_played(program: str) -> None:
    own = Submitted(program.encode(), (("0-wait_a_while", b"async def wait_a_while():\n    return 1\n"),))
    exercise = adopted(dependencies="both")
    here, *others = (replace(grade(exercise, own, isolation=place), isolation="") for place in ("in-process", "A", "B"))
    assert [encode(other) for other in others] == [encode(here)] * 2


@pytest.mark.parametrize("place", ["A", "B"])
def test_submissions_that_are_played_at_the_same_time_have_folders_of_their_own(place: str) -> None:
    cases = [{"name": "one"}, {"name": "two"}]

    def played(number: int) -> float:
        program = f"async def main():\n    return {number}, open(__file__).read()[-2:]\n# {number}"
        return grade(returns(f"=({number}, ' {number}')", cases=cases), program, isolation=place).points

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(played, range(8))) == [10] * 8


@pytest.mark.parametrize("place", ["in-process", "none"])
def test_nothing_of_a_folder_is_left_on_the_disk(place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert grade(adopted(), GOOD, isolation=place).points == 10
    gc.collect()
    assert list(tmp_path.iterdir()) == []


def test_what_is_laid_out_for_a_job_is_gone_with_it() -> None:
    zygote = Zygote("B")
    job = zygote.start(complete(Limits()))
    path = Path(job.place({"a.py": "x = 1", "b.py": "\xff"}) or "")
    assert sorted(file.read_bytes() for file in path.iterdir()) == [b"x = 1", b"\xff"]
    assert path == Path(job.place({"a.py": "x = 2"}) or "")
    assert [file.read_bytes() for file in path.iterdir()] == [b"x = 2"]
    shelf = path.parent.parent
    job.stop()
    assert list(shelf.iterdir()) == []
    zygote.close()
    assert not shelf.exists()


TOUCHED = {
    # what a run does to a file that lies there: whether it is written anew
    "pass": False,
    "Path(file).read_text()": False,
    "Path(file).write_text('y = 1')": True,
    "Path(file).write_text('x = 1y')": True,
    "os.chmod(file, 0o600)": True,
    "os.utime(file, (1, 1))": True,
    "os.link(file, file + '2')": True,
    "os.rename(file, file + '2'); os.symlink(file + '2', file)": True,
    "os.unlink(file); os.mkdir(file)": True,
}


@pytest.mark.skipif(os.name == "nt", reason="files have other modes there")
@pytest.mark.parametrize("does", TOUCHED)
def test_a_file_stays_for_the_next_case_where_it_lies_as_it_was_written(
    does: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files, written, write = {"a.py": "x = 1", "b.py": "z"}, list[str](), folder._write

    def noted(file: str, data: bytes) -> None:
        written.append(Path(file).name)
        write(file, data)

    before = os.umask(0o022)
    try:
        path = Path(folder.place(str(tmp_path), files))
        exec(does, {"os": os, "Path": Path, "file": str(path / "a.py")})
        monkeypatch.setattr(folder, "_write", noted)
        assert folder.place(str(tmp_path), files) == str(path)
    finally:
        os.umask(before)
    assert {each.name: each.read_text() for each in path.iterdir()} == files
    assert [each.lstat().st_nlink for each in path.iterdir()] == [1, 1]
    assert written == (["a.py"] if TOUCHED[does] else [])


@pytest.mark.parametrize("place", PLACES)
def test_other_files_that_the_exercise_provides_can_be_read_by_any_path(place: str) -> None:
    program = """
from pathlib import Path
HERE = Path(__file__).parent
NAMES = open("people.txt", encoding="utf-8").read().split()
async def main():
    return [NAMES, (HERE / "people.txt").read_text(encoding="utf-8"), sorted(each.name for each in HERE.iterdir())]
"""
    text = "ann\nb\u00f6b \u20ac\n"
    expected = [["ann", "b\u00f6b", "\u20ac"], text, [f"{MODULE}.py", "people.txt"]]
    made = adopted(
        **{"needs": [], **asking({"kind": "result", "result": expected})}, world={"files": {"people.txt": text}}
    )
    verdict = grade(made, program, isolation=place)
    assert verdict.status == "passed", verdict.cases[0]
