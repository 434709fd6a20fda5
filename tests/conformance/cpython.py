"""CPython's own tests, as they are shipped with an interpreter, played on a loop: what was seen, against what is listed."""

import functools
import json
import os
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
VERSIONS = ("3.11", "3.12", "3.13")


@dataclass(frozen=True, slots=True)
class Seen:
    """One module, played: how many tests, how many of them built the loop or were skipped, and the text of each failure."""

    tests: int
    built: int
    skipped: int
    failures: dict[str, str]


@dataclass(frozen=True, slots=True)
class Deviation:
    """A test that does not pass, and why; `debug` is None where that is the same in both modes."""

    test: str
    reason: str
    pythons: tuple[str, ...] = VERSIONS
    debug: bool | None = None


@functools.cache
def interpreter(version: str) -> str | None:
    """The command of a Python of this version that has its own tests with it."""
    found = [sys.executable] if "{}.{}".format(*sys.version_info) == version else []
    found += [str(path) for path in [ROOT / f".venv-{version}" / "bin" / "python"] if path.exists()]
    asked = subprocess.run([ROOT / "tests" / "find-python", version], capture_output=True, text=True, check=False)
    found += asked.stdout.split()
    return next((command for command in found if _has_its_tests(command)), None)


def _has_its_tests(command: str) -> bool:
    return (
        subprocess.run([command, "-c", "import test.test_asyncio.utils"], capture_output=True, check=False).returncode
        == 0
    )


def modules(python: str) -> set[str]:
    """The names of the modules of `test.test_asyncio` that this Python has."""
    program = "import test.test_asyncio as tests; print(tests.__path__[0])"
    folder = subprocess.run([python, "-c", program], capture_output=True, text=True, check=True).stdout.strip()
    return {path.stem for path in Path(folder).glob("test_*.py")}


def play(python: str, module: str, debug: bool, kind: str) -> Seen:
    """A test that fails is played once more, as by CPython's own runner: real sockets and children depend on the machine."""
    tests = _once(python, module, debug, kind)
    failed = [name for name, test in tests.items() if test["end"] == "failed"]
    if failed:
        tests |= _once(python, module, debug, kind, *failed)
    ends = [test["end"] for test in tests.values()]
    return Seen(
        tests=len(tests),
        built=sum(test["built"] for test in tests.values()),
        skipped=ends.count("skipped"),
        failures={name: test["detail"] for name, test in tests.items() if test["end"] == "failed"},
    )


def _once(python: str, module: str, debug: bool, kind: str, *only: str) -> dict[str, dict[str, Any]]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [python, str(HERE / "one_module.py"), module, kind, *only],
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        env=environ | {"PYTHONASYNCIODEBUG": "1" if debug else "0"},
    )
    assert done.stdout, f"{module} did not come to its end ({done.returncode}):\n{done.stderr[-3000:]}"
    tests: dict[str, dict[str, Any]] = json.loads(done.stdout)
    return tests


def deviations(path: Path = HERE / "deviations.toml") -> list[Deviation]:
    """The list, in which every test has a reason."""
    rows = tomllib.loads(path.read_text())["deviation"]
    return [Deviation(**row | ({"pythons": tuple(row["pythons"])} if "pythons" in row else {})) for row in rows]


def expected(listed: list[Deviation], module: str, version: str, debug: bool) -> set[str]:
    """The tests of `module` that are listed for this Python and mode."""
    return {
        each.test
        for each in listed
        if each.test.startswith(f"{module}.") and version in each.pythons and each.debug in (None, debug)
    }


def surprises(seen: Seen, listed: set[str]) -> list[str]:
    """What is not as listed, a line each and then the failure."""
    new = [
        f"{test} fails, and is not listed:\n{detail}" for test, detail in seen.failures.items() if test not in listed
    ]
    gone = [f"{test} is listed as a deviation, but does not fail: take it off the list" for test in sorted(listed)]
    return new + [line for line in gone if line.split(" ", 1)[0] not in seen.failures]
