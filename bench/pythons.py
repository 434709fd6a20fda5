"""The interpreters that the grader is installed for, so that one run measures it on each of them by turns."""

import subprocess
import sys
from functools import cache

from bench.page import ROOT


def interpreters() -> list[str]:
    """This one first, then those that `make pythons` installed besides."""
    others = sorted(str(path) for path in ROOT.glob(".venv-3*/bin/python"))
    return [sys.executable, *(one for one in others if version(one) != version(sys.executable))]


@cache
def version(python: str) -> str:
    """As 3.13.0."""
    command = [python, "-c", "import platform; print(platform.python_version())"]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout.strip()
