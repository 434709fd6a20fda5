"""Why a cell may have failed where it was run and nowhere else: what is to be had here, and what is no reason."""

from typing import Any

import pytest

from grader.notebooks.refused import asks, of_a_learners, of_a_test, refused
from grader.run.outside import DIED, Ran

SEEN = {
    ("sure", "OSError: [Errno 27] File too large"): "OSError: [Errno 27] File too large",
    ("module", "pytest.no_such_thing"): "the module pytest.no_such_thing is not there",
    ("distribution", "pytest"): "the package pytest is not there",
    ("variable", "A_NAME_THAT_IS_SET"): "the variable A_NAME_THAT_IS_SET is not set",
    ("variable", "MPLBACKEND"): "the variable MPLBACKEND is not set",
}
NOT = [
    ("module", "a_package_of_nobody"),
    ("module", "../pytest"),
    ("module", ""),
    ("distribution", "a-package-of-nobody"),
    ("distribution", ""),
    ("variable", "a_name_that_is_not_set"),
]


def _reached(*found: tuple[str, str]) -> Ran:
    return Ran(reached={1: [*found]})


@pytest.mark.parametrize("found", SEEN, ids=str)
def test_it_is_there_elsewhere(found: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_NAME_THAT_IS_SET", "1")
    assert refused(_reached(NOT[0], found), 1) == SEEN[found]


@pytest.mark.parametrize("found", NOT, ids=str)
def test_it_is_nowhere(found: tuple[str, str]) -> None:
    assert refused(_reached(found), 1) == ""
    assert refused(_reached(found), 2) == ""


TEXTS = {
    "shutil.which('git')": "it asks for which",
    "builtins.print = log": "it asks for builtins",
    "builtins.input = answer": "",
    "home = %env HOME": "it asks for env",
    "%env": "it asks for env",
    "%env A=1\n%env B two": "",
    "assert builtins.open == opened": "",
    "home = os.environ.get('HOME')": "it asks for environ",
    "os.getenv('HOME')": "it asks for getenv",
    "Path.home() / 'data'": "it asks for Path.home",
    "import IPython\nIPython.version_info": "it asks for IPython",
    "from IPython.display import display": "",
    "Path.cwd().name": "it asks for cwd",
    "os.getcwd()": "it asks for getcwd",
    "os.path.abspath('a')": "it asks for abspath",
    "Path('a').resolve().parent": "it asks for resolve",
    "await resolve(host)": "",
    "await names.resolve(host)": "",
    "shutil.disk_usage('.').free": "it asks for disk_usage",
    "os.statvfs('.').f_bavail": "it asks for statvfs",
    "glob.glob('*.ipynb')": "it asks for ipynb",
    "os.path.exists('../ps')": "it asks for ..",
    'os.listdir("..")': "it asks for ..",
    "print('...')": "",
    "text.split('..') + text.rpartition('..') + ['..a']": "",
    "'..'.join(texts)": "",
    "os.path.join(here, '..', 'ps')": "it asks for ..",
    "print('wait ..')": "",
    "os.sep + 'etc'": "it asks for os.sep",
    "Path(start.anchor, 'etc')": "it asks for anchor",
    "print(1, sep=', ')": "",
    "os.path.exists('/dev/null')": "it asks for '/dev/null'",
    "get('/users/1')": "",
    "switch(x)": "",
    "environment = 1": "",
    "a = b / c / d": "",
}


@pytest.mark.parametrize("text", TEXTS)
def test_what_answers_without_an_error_is_read_in_the_text(text: str) -> None:
    assert asks(text) == TEXTS[text]


def _ended(kind: str, **more: Any) -> Ran:
    error = {"output_type": "error", "ename": "CellTimeoutError", "evalue": "not yet: it goes on", "traceback": []}
    return Ran(outputs={1: [error]}, ended={1: kind}, **more)


@pytest.mark.parametrize("kind", ["busy_loop", "time_out", "deadlock", "virtual_limit", "livelock", "threads"])
def test_a_learners_cell_that_was_stopped_may_have_gone_on(kind: str) -> None:
    assert of_a_learners(_ended(kind), 1, "") == "it goes on"


@pytest.mark.parametrize("kind", ["busy_loop", "time_out", "deadlock", "virtual_limit"])
def test_a_test_that_never_ends_has_no_points_anywhere(kind: str) -> None:
    assert of_a_test(_ended(kind), 1) == ""


@pytest.mark.parametrize("kind", ["livelock", "threads"])
def test_a_test_that_met_a_bound_that_a_kernel_has_not_may_have_gone_on(kind: str) -> None:
    assert of_a_test(_ended(kind), 1) == "it goes on"


def test_so_may_one_that_had_a_tenth_of_its_time() -> None:
    said = "it goes on: it had a tenth of its time, since an earlier cell took all of it there"
    assert of_a_test(_ended("busy_loop", early={1}), 1) == said


def test_nobody_knows_of_a_cell_that_ended_the_process() -> None:
    ran = Ran(lost={1: "the process was killed (signal 9)"})
    assert of_a_test(ran, 1) == of_a_learners(ran, 1, "") == "the process was killed (signal 9)"


def test_nor_of_one_that_was_not_run_after_many_of_them() -> None:
    ran = Ran(outputs={1: [{"output_type": "error", "ename": DIED, "evalue": "not yet: not run", "traceback": []}]})
    assert of_a_test(ran, 1) == of_a_learners(ran, 1, "") == "too many cells ended the process"
