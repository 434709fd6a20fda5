"""What a notebook needs a kernel for is seen in its text: each kind, and what is like it and needs none."""

from collections.abc import Iterator
from importlib import metadata
from types import SimpleNamespace

import pytest

from grader.notebooks.kernel_needed import distributions, why_kernel
from grader.run import packages

NEEDS = {
    "%%bash\nls": "%%bash",
    "%%timeit\nf()": "%%timeit",
    "%%writefile a.txt\nimport numpy": "%%writefile a.txt",
    "files = !ls": "files = !ls",
    "if True:\n    !ls": "!ls",
    "%time x = f()": "%time x = f()",
    "get_ipython().run_line_magic('time', 'f()')": "get_ipython()",
    "import ipywidgets": "import ipywidgets: say c.GradeExercises.packages",
    "import os, numpy as np": "import numpy: say c.GradeExercises.packages",
    "def f():\n    from numpy.random import rand": "import numpy: say c.GradeExercises.packages",
    "import subprocess": "import subprocess",
    "from urllib.request import urlopen": "import urllib.request",
}
NONE = (
    "%matplotlib inline\n%load_ext autoreload\n%autoreload 2",
    "%%time\nf()",
    "f?",
    "x = int(input('a number'))",  # nbgrader's kernel has nobody at its keyboard
    "# get_ipython()\nmy_get_ipython(3)",
    "text = '''\n%%bash\n'''",
    "import asyncio, os.path as p\nfrom IPython.display import display",
    "import urllib.parse",
    "from grader.notebooks import check",
    "from . import other",
    "import pandas as pd",
)

# what is looked at in the author's cells alone
AUTHORS = {
    "import os; import numpy as np; np.arange(3)": "import numpy: say c.GradeExercises.packages",
    "import importlib\nimportlib.import_module('numpy.random')": "import numpy: say c.GradeExercises.packages",
    "numpy = __import__('numpy')": "import numpy: say c.GradeExercises.packages",
    "from urllib import request": "import urllib.request",
    "p = await asyncio.create_subprocess_exec('echo')": "asyncio.create_subprocess_exec()",
    "s = await asyncio.start_server(f)": "asyncio.start_server()",
    "asyncio.get_running_loop().add_reader(r, f)": ".add_reader()",
    "assert os.system('true') == 0": "os.system()",
    "from os import popen as p\np('ls')": "p()",
    "os.execv('a', [])": "os.execv()",
    "with ProcessPoolExecutor(1) as ex: pass": "ProcessPoolExecutor()",
    "import matplotlib.pyplot as plt": "import matplotlib.pyplot, which draws",
    "from matplotlib import colors, pyplot": "import matplotlib.pyplot, which draws",
    "import seaborn.objects as so": "import seaborn, which draws",
}
NOT_AUTHORS = (
    "'''\nimport numpy\n'''",
    "import __main__",
    "from . import other",
    "importlib.import_module('.other', 'here')",
    "asyncio.start_server = fake",
    "platform.system()",
    "self.get_ipython(3)",
    "x = input(\n)",
    "def f():\n    'import numpy; os.system(1)'",
    "from matplotlib import colors",
)


@pytest.mark.parametrize("cell", NEEDS | AUTHORS)
def test_an_author_needs_a_kernel_for_it(cell: str) -> None:
    known = {"pandas", "matplotlib", "seaborn"}
    assert list(why_kernel([cell, "x = 1", cell], known, given=True)) == [(NEEDS | AUTHORS)[cell]]


@pytest.mark.parametrize("cell", NONE + NOT_AUTHORS)
def test_an_author_needs_none_for_it(cell: str) -> None:
    assert list(why_kernel([cell], {"pandas", "matplotlib"}, given=True)) == []


def test_what_is_no_python_is_read_by_its_lines() -> None:
    assert list(why_kernel(["def f(:\nimport subprocess"], given=True)) == ["import subprocess"]


@pytest.mark.parametrize("cell", NEEDS)
def test_it_needs_a_kernel(cell: str) -> None:
    assert list(why_kernel([cell, "x = 1", cell], {"pandas"})) == [NEEDS[cell]]


@pytest.mark.parametrize("cell", NONE)
def test_it_needs_none(cell: str) -> None:
    assert list(why_kernel([cell], {"pandas"})) == []


_DRAWS = "numpy", "matplotlib>=3; extra == 'plot'", 'no-such-thing; extra == "excel"', "yaml; extra == 'test'"


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """`tables`, which can draw with what is installed beside it."""
    here: dict[str, tuple[str, ...]] = {"tables": _DRAWS, "numpy": (), "matplotlib": (), "yaml": ()}
    known = {name: [name] for name in here}
    monkeypatch.setattr("grader.notebooks.kernel_needed.packages_distributions", lambda: known)
    monkeypatch.setattr(metadata, "distribution", lambda name: SimpleNamespace(requires=here[name]))
    monkeypatch.setattr(packages, "_version", lambda name: "1" if name in here else None)
    packages.usable.cache_clear()
    yield
    packages.usable.cache_clear()


@pytest.mark.usefixtures("installed")
def test_of_a_package_that_is_imported_what_it_can_use_is_there_if_it_is_installed() -> None:
    assert distributions(["import tables as t\nimport os, missing"]) == ("tables", "matplotlib")
    assert distributions(["import os"]) == ()
