"""The same seed gives the same verdict and the same ledgers on every Python that is supported, byte for byte."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from grader.authoring.programs import programs_of
from tests.proof.misuse import programs as misused
from tests.proof.pythons import SUPPORTED, python_of, run
from tests.proof.the_course import EXERCISES, PROGRAMS, ROOT
from tests.staging import PLACES

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

SCRIPT = Path(__file__).with_name("verdicts.py")


STREAMS = PROGRAMS / "streams"


@pytest.fixture(scope="module")
def said() -> dict[str, list[str]]:
    """What each Python says of every program."""
    return each_says(ROOT)


def each_says(course: Path) -> dict[str, list[str]]:
    """What each Python says of every program of `course`; skips where one is missing, and in CI fails."""
    commands = {version: python_of(version) for version in SUPPORTED}
    missing = [version for version, command in commands.items() if command is None]
    if missing:
        reason = f"no Python {', '.join(missing)} with the grader's packages; `make pythons` sets them up"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return {version: run(command, SCRIPT, str(course)) for version, command in commands.items() if command}


def test_every_program_is_judged_by_each_python_in_both_places(said: dict[str, list[str]]) -> None:
    programs = sum(len(programs_of(exercise)) for exercise in EXERCISES.values()) + len(list(misused()))
    assert {version: len(lines) for version, lines in said.items()} == dict.fromkeys(SUPPORTED, programs * len(PLACES))


@pytest.mark.parametrize("version", SUPPORTED[1:])
def test_a_newer_python_gives_the_same_verdicts_and_ledgers(version: str, said: dict[str, list[str]]) -> None:
    differences = [
        difference
        for old, new in zip(said[SUPPORTED[0]], said[version], strict=True)
        for difference in parted(json.loads(old), json.loads(new))
    ]
    assert differences == []
    assert said[version] == said[SUPPORTED[0]]


def test_a_scripted_network_gives_the_same_verdicts_and_ledgers_everywhere() -> None:
    said = each_says(STREAMS)
    assert len(said[SUPPORTED[0]]) == len(list(STREAMS.glob("solutions/**/*.py"))) * len(PLACES) + 2 * len(PLACES)
    assert all(lines == said[SUPPORTED[0]] for lines in said.values())


def parted(old: list[Any], new: list[Any]) -> list[str]:
    """Where two lines about one program part: at which place of the verdict, and with which values."""
    *program, old_verdict, old_ledgers = old
    *same_program, new_verdict, new_ledgers = new
    assert program == same_program
    found = _places(old_verdict, new_verdict, "verdict") + (["ledgers"] if old_ledgers != new_ledgers else [])
    return [f"{', '.join(program)}: {place}" for place in found]


def _places(old: Any, new: Any, place: str) -> list[str]:
    if isinstance(old, dict) and isinstance(new, dict) and set(old) == set(new):
        return [found for key in old for found in _places(old[key], new[key], f"{place}.{key}")]
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        pairs = enumerate(zip(old, new, strict=True))
        return [found for at, (one, two) in pairs for found in _places(one, two, f"{place}[{at}]")]
    return [] if old == new else [f"{place} is {old!r} and {new!r}"]


def test_where_two_verdicts_part_is_said() -> None:
    old = ["two-downloads", "right/reference.py", "child", {"points": 10, "checks": [{"id": "a"}]}, "00ff"]
    new = ["two-downloads", "right/reference.py", "child", {"points": 9, "checks": [{"id": "b"}]}, "00fe"]
    assert parted(old, new) == [
        "two-downloads, right/reference.py, child: verdict.points is 10 and 9",
        "two-downloads, right/reference.py, child: verdict.checks[0].id is 'a' and 'b'",
        "two-downloads, right/reference.py, child: ledgers",
    ]
