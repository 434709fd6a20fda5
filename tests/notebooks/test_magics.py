"""IPython's own shell in the isolated child: what its magics leave behind earns what it earns in a kernel."""

from collections.abc import Sequence
from pathlib import Path
from time import time

import pytest
from nbformat import writes
from nbformat.v4 import new_code_cell, new_notebook

from grader.isolation import ISOLATIONS
from grader.notebooks.by_hand import beside, codes, has_shell, installed
from grader.notebooks.kernel_needed import distributions
from grader.notebooks.refused import of_a_learners, refused
from grader.notebooks.shell_needed import is_asked_for
from grader.run.levels import level_of, why_not
from grader.run.outside import Code, Ran, run_cells
from grader.run.packages import located, released
from tests.notebooks.magics import MAGICS, PROCESSES
from tests.notebooks.test_parity import earned


def listed(cells: Sequence[str]) -> list[Code]:
    return codes(new_notebook(cells=[new_code_cell(cell) for cell in cells]), (), ())  # type: ignore[no-untyped-call]


def run(cells: Sequence[str], level: str = "child", folder: Path | None = None) -> Ran:
    found = listed(cells)
    assert has_shell(found)
    names = installed(found)
    inside, files = level_of(level, located(names)), beside(folder, found) if folder else {}
    return run_cells(found, files, inside, seconds=20, seed="a seed", epoch=time(), released=released(names))


def test_each_magic_earns_what_it_earns_in_a_kernel() -> None:
    if reason := why_not("A"):
        pytest.skip(f"isolation A cannot be had here: {reason}")
    ran = run([cell.text for cell in MAGICS.values()], "A")
    assert (ran.lost, ran.ended, ran.really) == ({}, {}, False)
    outputs = [ran.outputs[number] for number in range(1, len(MAGICS) + 1)]
    assert earned(MAGICS, outputs) == {name: cell.earns for name, cell in MAGICS.items()}


@pytest.mark.parametrize("level", [one for one in ISOLATIONS if one in ("B", "none")])
def test_so_do_those_that_need_no_disk_where_nothing_can_be_written(level: str) -> None:
    ran = run(
        [
            "%load_ext autoreload\n%autoreload 2\n%env SAID=1",
            "import os\nassert os.environ['SAID'] == '1'",
            "%time x = 1\nassert x == 1 == get_ipython().ev('x')",
        ],
        level,
    )
    assert [one for number in (1, 2, 3) for one in ran.outputs[number] if one.get("name") != "stdout"] == []
    assert refused(ran, 1) == ""


def test_a_process_is_not_begun_and_the_cell_goes_on() -> None:
    cells = [text if text.startswith("%%") else f"{text}\nbehind = {at}" for at, text in enumerate(PROCESSES)]
    ran = run([*cells, "behind"])
    assert ran.lost == {}
    for number, (text, said) in enumerate(PROCESSES.items(), 1):
        assert said in refused(ran, number), (text, ran.outputs[number])
        assert bool(said) == bool(refused(ran, number)), text
        assert all(one.get("name") == "stdout" for one in ran.outputs[number]), text
    assert ran.outputs[len(cells) + 1][0]["data"]["text/plain"] == str(len(cells) - 1)


def test_what_installs_what_is_installed_is_no_reason_to_look() -> None:
    for command, is_there in {
        "!pip install nbformat": True,
        "!/bin/python -m pip install -q nbformat>=5 traitlets[test]": True,
        "!pip install nbformat nobodys-package": False,
        "!pip install nbformat; make": False,
    }.items():
        ran = Ran(reached={1: [("sure", command)]}, shell=True)
        assert bool(refused(ran, 1)) != is_there, command


def test_nobody_has_a_hand_in_the_text_of_a_test() -> None:
    cells = [
        "get_ipython().prefilter_manager.prefilter_lines = lambda *_: '1.5'\n"
        "import sys\nfrom grader.runner.cells.outputs import _Cells\nfrom grader.runner.cells.shell import Shell\n"
        "Shell.text = Shell.plain = _Cells.text = lambda *_: '1.5'",
        "0.5",
        "pwd",
    ]
    tests = [code._replace(given=code.number > 1) for code in listed(cells)]
    names = installed(tests)
    ran = run_cells(tests, {}, level_of("child", located(names)), seconds=20, seed="a seed", released=released(names))
    assert ran.outputs[1] == []
    assert ran.outputs[2][0]["data"]["text/plain"] == "0.5"
    assert ran.outputs[3][0]["ename"] == "NameError"


def test_what_a_learner_does_to_the_shell_earns_nothing() -> None:
    """What it shows is displayed, and no value of the cell; what it makes of texts and errors is not asked."""
    ran = run(
        [
            "shell = get_ipython()\nshell.displayhook(2); shell.run_cell('2'); None",
            "import sys\nshell.displayhook(2)\n0.5",
            "shell.set_custom_exc((ZeroDivisionError,), lambda *_: None)\n1 / 0",
            "shell.input_transformers_cleanup.append(lambda lines: ['2'])\nshell.transform_cell = lambda text: '2'",
            "0.5",
            "shell.display_formatter.format = lambda value: ({'text/plain': '2'}, {})\nshell.showtraceback = print",
            "0.5",
            "1 / 0",
        ]
    )
    said = [[one.get("ename", one["output_type"]) for one in ran.outputs[number]] for number in range(1, 9)]
    assert said[0] == ["display_data", "display_data"]
    assert said[1] == ["display_data", "execute_result"]
    assert said[2] == said[7] == ["ZeroDivisionError"]
    for number in (2, 5, 7):
        assert ran.outputs[number][-1]["data"]["text/plain"] == "0.5"


ASKING = (
    "%env A=1",
    "if True:\n    %env A=1",
    "%%writefile a.py\nx = 1",
    "x = !ls",
    "get_ipython()",
    "import IPython",
    "display(1, display_id=True)",
    "run a.py",
    "ls",
    "%autoreload 2",  # which fails where the extension was not loaded
    "%%time\nawait f()",  # so does this
    "%no_such_magic",
    "%config InteractiveShell.ast_node_interactivity = 'all'",
)
NOT_ASKING = (
    "x = 1",
    "%load_ext autoreload\n%autoreload 2",
    "%matplotlib inline",
    "%config InlineBackend.figure_format = 'retina'",
    "%%time\nf()",
    "print?",
    "from IPython.display import HTML",
    "run = 1",
    "time.sleep(1)",
    "x = '''\n%env A=1\n'''",
)


@pytest.mark.parametrize("text", ASKING)
def test_a_cell_asks_for_the_shell(text: str) -> None:
    assert is_asked_for(["x = 1", text])


@pytest.mark.parametrize("text", NOT_ASKING)
def test_another_does_not(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.notebooks.shell_needed._draws", lambda: True)
    assert not is_asked_for(["x = 1", text])


def test_where_nothing_draws_the_magic_for_it_fails_as_in_a_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.notebooks.shell_needed._draws", lambda: False)
    assert is_asked_for(["%matplotlib inline\nx = 1"])


def test_what_magics_import_is_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.notebooks.shell_needed._draws", lambda: True)
    for text in ("%pylab inline", "get_ipython().run_line_magic('matplotlib', 'inline')"):
        assert "matplotlib" in installed([Code(1, "", False, text)])
    assert installed([Code(1, "", False, "get_ipython()")], "iniconfig") == ("iniconfig", "ipython")
    assert distributions(["%load_ext iniconfig"]) == ("iniconfig",)
    assert distributions(["%load_ext autoreload"]) == ()


def test_what_the_shell_has_is_nothing_to_be_looked_at() -> None:
    text = "import IPython\nshown = display(1, display_id=True)"
    assert of_a_learners(Ran(shell=True), 1, text) == ""
    assert of_a_learners(Ran(), 1, text) == "it asks for IPython"


def test_another_notebook_is_run_without_its_tests(tmp_path: Path) -> None:
    test = {"grade_id": "hidden", "grade": True, "solution": False, "locked": True, "points": 1}
    hidden = new_code_cell("hidden = 1", metadata={"nbgrader": test})  # type: ignore[no-untyped-call]
    other = new_notebook(cells=[new_code_cell("%env OTHER=1\nthere = 2"), hidden])  # type: ignore[no-untyped-call]
    for name in ("other", "nobody's"):
        (tmp_path / f"{name}.ipynb").write_text(writes(other))  # type: ignore[no-untyped-call]
    cells = [
        "%run other.ipynb",
        "import os\nassert os.environ['OTHER'] == '1' and there == 2 and 'hidden' not in globals()",
    ]
    assert [*beside(tmp_path, listed(cells))] == ["other.ipynb"]
    assert run(cells, folder=tmp_path).outputs[2] == []


def test_a_package_that_asks_for_its_own_version_and_place_has_them() -> None:
    ran = run(
        [
            "get_ipython()\n%run nobodys.ipynb",
            "import nbformat\nassert nbformat.__version__",
            "from importlib.metadata import distribution\n"
            "assert distribution('nbformat').locate_file('nbformat/__init__.py').samefile(nbformat.__file__)",
        ]
    )
    assert ran.outputs[2] == ran.outputs[3] == []
