"""What is imported while nothing is to be done at forks does nothing there; afterwards whoever asks for it has it again."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from grader.run import zygote

ROOT = Path(__file__).parent.parent.parent
_PROGRAM = """
import os
from grader.isolation.forks import nothing_at_forks
real = os.register_at_fork
{imported}
assert os.register_at_fork is real
os.register_at_fork(after_in_child=lambda: print("asked for later", flush=True))
random.seed(1)
if os.fork() == 0:
    print(random.random() == random.Random(1).random(), flush=True)
    os._exit(0)
os.wait()
"""
_AS_EVER = "import random"
_IN_A_ZYGOTE = "with nothing_at_forks():\n    import random"


def said(imported: str) -> list[str]:
    command = [sys.executable, "-S", "-c", _PROGRAM.format(imported=imported)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.splitlines()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a zygote forks")
def test_random_numbers_go_on_in_a_fork_where_nothing_is_done_at_it_and_what_is_asked_for_later_is_done() -> None:
    assert said(_AS_EVER) == ["asked for later", "False"]
    assert said(_IN_A_ZYGOTE) == ["asked for later", "True"]


def test_a_zygote_is_begun_so() -> None:
    assert "from grader.isolation.forks import main" in zygote._BOOT
