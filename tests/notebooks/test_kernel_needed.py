"""What a notebook needs a kernel for is seen in its text: each kind, and what is like it and needs none."""

import pytest

from grader.notebooks.kernel_needed import why_kernel

NEEDS = {
    "%%bash\nls": "%%bash",
    "%%timeit\nf()": "%%timeit",
    "%%writefile a.txt\nimport numpy": "%%writefile a.txt",
    "files = !ls": "files = !ls",
    "if True:\n    !ls": "!ls",
    "%time x = f()": "%time x = f()",
    "x = input('a number')": "input()",
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
    "# input()\nself.input(3)\nmy_input(3)",
    "text = '''\n%%bash\n'''",
    "import asyncio, os.path as p\nfrom IPython.display import display",
    "import urllib.parse",
    "from grader.notebooks import check",
    "from . import other",
    "import pandas as pd",
)


@pytest.mark.parametrize("cell", NEEDS)
def test_it_needs_a_kernel(cell: str) -> None:
    assert list(why_kernel([cell, "x = 1", cell], {"pandas"})) == [NEEDS[cell]]


@pytest.mark.parametrize("cell", NONE)
def test_it_needs_none(cell: str) -> None:
    assert list(why_kernel([cell], {"pandas"})) == []
