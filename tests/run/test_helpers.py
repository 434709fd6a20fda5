"""A file of their own that a learner's file imports is there, as where they wrote it; and what is another's is not."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.cli.check_imports import only_here
from grader.course.model import Exercise
from grader.grading import grade
from grader.run.helpers import _named_in, imported, may_be_one, reached
from grader.run.submitted import Submitted, identity, read_submitted
from grader.verdict import Verdict
from tests.adopted import MODULE, adopted, returns
from tests.staging import PLACES

Files = Callable[..., Path]
HELPED = "from helpers import two\nasync def main():\n    return two()\n"
HELPER = "def two():\n    return 2\n"


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """Writes files, by their names without the ending; the path of the first."""

    def write(**texts: str) -> Path:
        (tmp_path / f"{MODULE}.py").write_text(texts.pop("main"))
        for name, text in texts.items():
            (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
            (tmp_path / f"{name}.py").write_text(text)
        return tmp_path / f"{MODULE}.py"

    return write


def taken(path: Path, exercise: Exercise) -> list[str]:
    return [name for name, _ in read_submitted(path, exercise).files]


@pytest.mark.parametrize("place", PLACES)
def test_what_it_imports_of_their_own_is_there(files: Files, place: str) -> None:
    assert grade(returns(2), files(main=HELPED, helpers=HELPER), isolation=place).status == "passed"


@pytest.mark.parametrize("place", PLACES)
def test_helpers_have_helpers(files: Files, place: str) -> None:
    path = files(main=HELPED, helpers="import more\ndef two():\n    return more.ONE * 2\n", more="ONE = 1\n")
    assert grade(returns(2), path, isolation=place).status == "passed"


@pytest.mark.parametrize("dependencies", ["provided", "own", "both"])
def test_they_are_there_whosever_the_earlier_files_are(files: Files, dependencies: str) -> None:
    checks = [{"kind": "result", "id": "check", "points": 10, "result": 2}]
    world: dict[str, Any] = {"world": {}} if dependencies == "own" else {}
    exercise = adopted(entries={"main": {"args": [], "checks": checks}}, dependencies=dependencies, **world)
    path = files(
        main="wait = __import__('0-wait_a_while').wait_a_while\n"
        + HELPED.replace("return", "await wait()\n    return"),
        helpers=HELPER,
        **{"0-wait_a_while": "import at_first\nasync def wait_a_while():\n    pass\n", "at_first": ""},
    )
    assert taken(path, exercise) == (
        ["helpers"] if dependencies == "provided" else ["0-wait_a_while", "at_first", "helpers"]
    )
    verdict = grade(exercise, path)
    assert (verdict.status, getattr(verdict.own, "passed", True)) == ("passed", True)


def test_with_both_the_provided_file_is_the_exercises(files: Files) -> None:
    checks = [{"kind": "result", "id": "check", "points": 10, "result": "Part of the exercise."}]
    exercise = adopted(entries={"main": {"args": [], "checks": checks}}, dependencies="both")
    path = files(
        main="import helpers\nasync def main():\n    await helpers.wait()\n    return helpers.words\n",
        helpers="earlier = __import__('0-wait_a_while')\nwords, wait = earlier.__doc__, earlier.wait_a_while\n",
        **{"0-wait_a_while": "'''Mine.'''\n"},
    )
    assert grade(exercise, path).status == "passed"


def test_a_fault_in_a_helper_is_told_with_its_file(files: Files) -> None:
    verdict = grade(returns(2), files(main=HELPED, helpers="def two():\n    return 1 / 0\n"))
    fault = verdict.cases[0].fault
    assert fault is not None
    assert (fault.title, fault.line, fault.file) == (
        "your function raised ZeroDivisionError in line 2 of your `helpers.py`",
        2,
        "helpers.py",
    )


PACKAGE = {
    "utils/__init__": "from .numbers import ONE\nfrom . import deeper\nfrom more import ZERO\n",
    "utils/numbers": "ONE = 1\n",
    "utils/deeper/__init__": "from ..numbers import ONE\ndef two():\n    return ONE + 1\n",
    "utils/not_asked_for": "raise SystemExit\n",
    "more": "ZERO = 0\n",
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    "text",
    [
        "from utils.deeper import two",
        "import utils\ntwo = utils.deeper.two",
        "import utils.deeper as it\ntwo = it.two",
        "import importlib\ntwo = importlib.import_module('.deeper', 'utils').two",
    ],
)
def test_so_is_a_package_of_their_own(files: Files, text: str, place: str) -> None:
    path = files(main=f"{text}\nasync def main():\n    return two()\n", **PACKAGE, **{"other/__init__": ""})
    exercise = returns(2, cases=[{"name": "one"}, {"name": "two"}])
    assert taken(path, exercise) == sorted(PACKAGE)
    assert grade(exercise, path, isolation=place).status == "passed"
    before = identity(read_submitted(path, exercise), exercise)
    (path.parent / "utils/not_asked_for.py").write_text("")
    assert identity(read_submitted(path, exercise), exercise) != before


def test_a_file_of_a_package_may_be_loaded_by_its_way(files: Files) -> None:
    text = "import runpy\nasync def main():\n    return runpy.run_path('utils/numbers.py')['ONE']\n"
    assert grade(returns(1), files(main=text, **PACKAGE)).status == "passed"


def test_a_folder_without_an_init_is_a_package_unless_a_file_has_its_name(files: Files) -> None:
    main = "from utils import numbers\nasync def main():\n    return numbers.ONE\n"
    path = files(main=main, **{"utils/numbers": "ONE = 1\n"})
    assert grade(returns(1), path).status == "passed"
    (path.parent / "utils.py").write_text("class numbers:\n    ONE = 2\n")
    assert grade(returns(2), path).status == "passed"


def test_a_fault_in_a_package_is_told_with_its_file(files: Files) -> None:
    path = files(main=HELPED.replace("helpers", "utils"), **{"utils/__init__": "def two():\n    return 1 / 0\n"})
    assert fault_of(grade(returns(2), path)) == (
        "your function raised ZeroDivisionError in line 2 of your `utils/__init__.py`"
    )


def test_of_a_package_links_caches_and_what_is_hidden_are_not_there(files: Files, tmp_path: Path) -> None:
    names = {"utils/__pycache__/one": "", "utils/.hidden/one": "", "utils/one": "", "elsewhere/two": ""}
    path = files(main="import utils, elsewhere_\n", **names)
    (tmp_path / "utils/linked").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere_").symlink_to(tmp_path / "elsewhere")
    assert taken(path, returns(2)) == ["utils/one"]


def fault_of(verdict: Verdict) -> str:
    assert verdict.cases[0].fault is not None
    return verdict.cases[0].fault.title


def test_what_is_not_there_is_missing_still(files: Files) -> None:
    assert "your file imports `helpers`, which is not there" in fault_of(grade(returns(2), files(main=HELPED)))


def test_a_link_is_not_followed(files: Files, tmp_path: Path) -> None:
    path = files(main=HELPED, elsewhere=HELPER)
    (tmp_path / "helpers.py").symlink_to(tmp_path / "elsewhere.py")
    assert taken(path, returns(2)) == []


def test_what_is_too_large_is_not_there(files: Files) -> None:
    main = HELPED + "import small\n"
    assert taken(files(main=main, helpers="#" * ((1 << 20) - 8), small="#" * 8), returns(2)) == ["helpers", "small"]
    assert taken(files(main=main, helpers="#" * (1 << 20), small="#" * 8), returns(2)) == ["helpers"]
    assert taken(files(main=main, helpers="#" * ((1 << 20) + 1)), returns(2)) == ["small"]


def test_beside_a_file_that_was_renamed_lies_anothers(files: Files, tmp_path: Path) -> None:
    path = files(main=HELPED, helpers=HELPER)
    other = path.rename(tmp_path / "ann_3-fetch_all.py")
    assert taken(other, returns(2)) == []


def test_what_is_not_imported_makes_the_same_work_no_other(files: Files) -> None:
    exercise = returns(2)
    alone = identity(Submitted(HELPED.encode()), exercise)
    path = files(main=HELPED, main2="x = 1\n", other="y = 1\n")
    assert identity(read_submitted(path, exercise), exercise) == alone
    with_helper = Submitted(HELPED.encode(), (("helpers", HELPER.encode()), ("other", b"")))
    assert identity(with_helper, exercise) != alone
    assert identity(with_helper, exercise) == identity(Submitted(HELPED.encode(), with_helper.files[:1]), exercise)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import helpers", True),
        ("from helpers import *", True),
        ("import os, helpers as h", True),
        ("x = __import__('helpers')", True),
        ("importlib.import_module('helpers')", True),
        ("spec_from_file_location('x', 'helpers.py')", True),
        ("helpers = 1", False),
        ("import my_helpers", False),
        ("import helpers2", False),
        ("__import__('0-helpers')", False),
        ("# all imports\nhelpers()", False),
        ("open('my_helpers.py')", False),
        ("spec_from_file_location('x', 'helpers/one.py')", True),
        ("helpers / 2", False),
    ],
)
def test_a_name_is_imported_where_the_text_says_so(text: str, found: bool) -> None:
    assert imported(text.encode(), ["helpers"]) == (["helpers"] if found else [])


@pytest.mark.parametrize(
    ("name", "theirs"),
    [
        ("helpers", True),
        ("1-all", True),
        ("helpers/__init__", True),
        ("random/__init__", False),
        (f"{MODULE}/__init__", False),
        (MODULE, False),
        ("0-wait_a_while", False),
        ("random", False),
        ("_exercise", False),
    ],
)
def test_names_of_the_course_and_of_python_are_not_theirs(name: str, theirs: bool) -> None:
    assert may_be_one(name, adopted()) is theirs


def test_a_text_is_read_once_for_what_it_may_import_and_not_where_nothing_is_asked_for() -> None:
    text, before = b"import a, b  # seldom\n", _named_in.cache_info()
    assert imported(text, ["a"]) + imported(text, ["b", "c"]) == ["a", "b"]
    after = _named_in.cache_info()
    assert (after.misses - before.misses, after.hits - before.hits) == (1, 1)
    assert reached([text], [], lambda name: {}) == {}
    assert _named_in.cache_info() == after


@pytest.mark.parametrize("name", ["msgspec", "msgspec/__init__", "msgspec/more"])
def test_an_own_file_or_package_of_an_installed_ones_name_is_not_taken_for_that(name: str) -> None:
    text = b"import msgspec.more\n"
    assert only_here(returns(1), text) == ("msgspec",)
    assert only_here(returns(1), Submitted(text, ((name, b""),))) == ()


def test_nothing_is_remembered_of_the_folders_of_a_run(files: Files) -> None:
    path = files(main="from utils.deeper import two\nasync def main():\n    return two()\n", **PACKAGE)
    before = set(sys.path_importer_cache)
    assert grade(returns(2), path).status == "passed"
    assert set(sys.path_importer_cache) == before
