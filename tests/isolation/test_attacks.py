"""Every attack, at every level, as root and as an ordinary user; and with the defences off that stop it, where it succeeds."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.run.levels import ISOLATED, why_not
from tests.isolation.attack import Attack
from tests.isolation.attacks import ATTACKS

ROOT = Path(__file__).parents[2]
ORDINARY = 12345
USERS = ("root", "ordinary")
Answer = dict[str, Any]


@pytest.fixture(scope="module", params=ISOLATED)
def level(request: pytest.FixtureRequest) -> str:
    name = str(request.param)
    reason = why_not(name)
    if reason:
        pytest.skip(f"isolation {name} cannot be had here: {reason}")
    return name


@pytest.fixture(scope="module", params=USERS)
def user(request: pytest.FixtureRequest) -> str:
    name = str(request.param)
    if name == "root" and os.getuid():
        pytest.skip("these tests are not run by root")
    return name


@pytest.fixture(scope="module")
def places() -> Iterator[dict[str, Any]]:
    """What there is to be had: a secret, a folder where anybody may write, a server."""
    folder = Path(tempfile.mkdtemp(prefix="attacked-"))
    folder.chmod(0o755)
    open_folder = folder / "open"
    open_folder.mkdir()
    open_folder.chmod(0o777)
    (folder / "secret.txt").write_text("a secret")
    (folder / "secret.txt").chmod(0o644)
    name = f"attacked-{os.getpid()}"
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as unnamed:
        unnamed.bind(f"\0{name}")
        unnamed.listen()
        yield {
            "secret": str(folder / "secret.txt"),
            "open_folder": str(open_folder),
            "port": server.getsockname()[1],
            "name": name,
            "home": str(ROOT),
            "mark": f"left-{os.getpid()}",
        }
    shutil.rmtree(folder)


def played(
    level: str, user: str, places: dict[str, Any], plays: list[tuple[Attack, frozenset[str]]], passable: bool = False
) -> list[Answer]:
    """All of them, one after the other, in a process of this user's; `passable`: Python can be read by anybody."""
    command = [sys.executable, "-m", "tests.isolation.playing"]
    if os.getuid() == 0 and (passable or user == "ordinary"):
        number = ORDINARY if user == "ordinary" else 0
        command = [sys.executable, "-m", "tests.isolation.as_user", str(number), *command]
    told = {
        "level": level,
        "mark": places["mark"],
        "plays": [
            {
                "source": attack.source(**places),
                "before": attack.source_before(**places),
                "without": sorted(without),
            }
            for attack, without in plays
        ],
    }
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        command, input=json.dumps(told), capture_output=True, text=True, cwd=ROOT, env=environment, timeout=100
    )
    assert done.returncode == 0, done.stderr
    answers: list[Answer] = json.loads(done.stdout)
    return answers


def did_harm(attack: Attack, answer: Answer) -> bool:
    if attack.harm == "left":
        return bool(answer["left"])
    if attack.harm == "died":
        return bool(answer["kind"] == "died")
    return answer["value"] is True


@pytest.fixture(scope="module")
def defended(level: str, user: str, places: dict[str, Any]) -> dict[str, Answer]:
    """All attacks with everything in place."""
    answers = played(level, user, places, [(attack, frozenset()) for attack in ATTACKS])
    return {attack.name: answer for attack, answer in zip(ATTACKS, answers, strict=True)}


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_an_attack_fails_and_the_next_submission_has_its_due(attack: Attack, defended: dict[str, Answer]) -> None:
    answer = defended[attack.name]
    assert (answer["kind"], answer["value"]) == ("result", False)
    assert not did_harm(attack, answer)
    assert answer["left"] == 0
    assert answer["neighbour"]


# One test and not one an attack: tests are dealt out to several processes, each of which would play all of them.
@pytest.mark.slow
def test_with_the_defences_off_that_stop_it_each_program_does_its_harm(
    level: str, user: str, places: dict[str, Any]
) -> None:
    answers = played(level, user, places, [(attack, attack.without(level)) for attack in ATTACKS], passable=True)
    harmless = {
        attack.name: answer for attack, answer in zip(ATTACKS, answers, strict=True) if not did_harm(attack, answer)
    }
    assert harmless == {}
