"""The Pythons that the grader supports, as far as this machine has them with the grader's packages installed.

A version is looked for in GRADER_PYTHON_3_11 (and so on), in `.venv-3.11` and `.venv` of this repository, and on PATH.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.proof.the_course import ROOT

SUPPORTED = ("3.11", "3.12", "3.13")
_PROBE = "import sys, click, msgspec, yaml; print('%d.%d' % sys.version_info[:2])"


def python_of(version: str) -> str | None:
    """The command of an interpreter of this version that can run the grader."""
    return next((command for command in _candidates(version) if _is(command, version)), None)


def _candidates(version: str) -> Iterator[str]:
    named = os.environ.get(f"GRADER_PYTHON_{version.replace('.', '_')}")
    if named:
        yield named
    for folder in (f".venv-{version}", ".venv"):
        for inside in ("bin/python", "Scripts/python.exe"):
            if Path(ROOT, folder, inside).exists():
                yield str(Path(ROOT, folder, inside))
    found = shutil.which(f"python{version}")
    if found:
        yield found


def _is(command: str, version: str) -> bool:
    try:
        probed = subprocess.run([command, "-c", _PROBE], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return probed.stdout.strip() == version


def run(command: str, script: Path, *args: str) -> list[str]:
    """The lines that `script` prints; it imports this repository's grader."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [command, str(script), *args],
        capture_output=True,
        encoding="utf-8",
        check=False,
        env={**environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()
