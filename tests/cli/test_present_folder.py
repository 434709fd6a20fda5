"""What the grader starts looks for no module where it stands: that may be the folder of the submissions."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from grader.exports import wheels
from grader.grading import workers

MODULES = ("warnings", "typing", "pathlib", "multiprocessing", "pip", "json", "grader")
POISON = """\
import os
with open(os.path.join(os.path.dirname(__file__), "told"), "a") as told:
    told.write(__name__)
"""


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where somebody's modules say that they ran; the folder that they are in is the present one."""
    for name in MODULES:
        (tmp_path / f"{name}.py").write_text(POISON)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "told"


class Begun(Exception):
    """Instead of a process; what it would run."""


def begun(command: list[str], **_: Any) -> None:
    raise Begun(*command)


def of_a_seat() -> list[str]:
    from grader.cluster.seats import Seat

    return command(Seat)


def of_a_node() -> list[str]:
    pytest.importorskip("distributed")
    from grader.cluster.local import Local

    local = Local(1, "", SimpleNamespace(tls_ca_file="", tls_client_key=""))
    return command(lambda: local._process("scheduler", 0))


def of_pip() -> list[str]:
    asked = command(lambda: wheels.download(Path(), ["3.12"]))
    return [*asked[: asked.index("download")], "no-such-command"]


def command(begins: Callable[[], object]) -> list[str]:
    with pytest.MonkeyPatch.context() as replaced:
        replaced.setattr("grader.run.folders.made", lambda: "nowhere")
        replaced.setattr(subprocess, "Popen", begun)
        replaced.setattr(subprocess, "run", begun)
        with pytest.raises(Begun) as found:
            begins()
    return list(found.value.args)


@pytest.mark.parametrize("asked", [of_a_seat, of_a_node, of_pip])
def test_a_process_looks_for_no_module_there(told: Path, asked: Callable[[], list[str]]) -> None:
    program = asked()
    run(program)
    assert not told.exists()
    run([word for word in program if word != "-P"])
    assert told.exists()


def run(program: list[str]) -> None:
    """It hears nothing that it could do, and ends."""
    subprocess.run(program, input=b"nothing\n", capture_output=True, check=False)


def test_a_worker_looks_for_no_module_there(told: Path) -> None:
    """Nor what multiprocessing starts beside it, which it does once for all workers: that may be there already."""
    with workers.processes(1) as executor:
        (answer,) = workers._answers(executor, len, ["one"], 1)
    assert answer == ("one", 3)
    assert not told.exists()
    assert "PYTHONSAFEPATH" not in os.environ
