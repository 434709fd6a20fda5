"""nbgrader's own program, whose commands are run one after the other, each in a copy of a process that has imported it.

Nothing of it is left out or replaced; what its import costs is paid once.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.notebooks.classroom import ROOT

_SERVES = """
import json, os, sys
from nbgrader.apps.nbgraderapp import main
for line in sys.stdin:
    asked = json.loads(line)
    if not (child := os.fork()):
        os.chdir(asked["folder"])
        os.environ.update(asked["environment"])
        said = os.open(asked["said"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(said, 1)
        os.dup2(said, 2)
        sys.argv = ["nbgrader", *asked["words"]]
        sys.exit(main())
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class Commands:
    """What each prints is returned; `exchange`: where assignments are handed out and in."""

    def __init__(self, process: "subprocess.Popen[str]", folder: Path):
        self._process, self._said = process, folder / "said"
        self.exchange = folder / "exchange"
        self.exchange.mkdir()
        self.exchange.chmod(0o777)

    def run(self, folder: Path, *words: str, environment: Mapping[str, str] = {}) -> str:
        """The command of the instructor, or of whoever is in `folder`; fails where it does."""
        asked: dict[str, Any] = {
            "folder": str(folder),
            "environment": dict(environment),
            "said": str(self._said),
            "words": [*words, f"--Exchange.root={self.exchange}"],
        }
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        code = self._process.stdout.readline().strip()
        said = self._said.read_text()
        assert code == "0", said
        return said


@contextmanager
def commands(folder: Path) -> Iterator[Commands]:
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", _SERVES],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Commands(process, folder)
    finally:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.close()
        process.wait()
        process.stdout.close()
