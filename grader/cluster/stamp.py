"""What this process would grade with, and how that of another differs: a verdict must not hang on who gave it."""

import sys
from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import sha256
from importlib import metadata
from pathlib import Path

import grader
from grader.cluster.messages import Stamp


def stamp(packages: Iterable[str]) -> Stamp:
    python = ".".join(map(str, sys.version_info[:2]))
    return Stamp(grader.__version__, _code(), python, {name: _version(name) for name in packages})


@cache
def _code() -> str:
    """Of the grader's modules as they lie here; two of the same version may differ while it is worked on."""
    total, home = sha256(), Path(grader.__file__).parent
    for path in sorted(home.rglob("*.py")):
        data = path.read_bytes().replace(b"\r\n", b"\n")
        total.update(f"{path.relative_to(home).as_posix()} {len(data)}\n".encode())
        total.update(data)
    return total.hexdigest()[:12]


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def differences(here: Stamp, there: Stamp) -> list[str]:
    """Each with what to do about it; empty where both give the same verdicts."""
    return list(_differences(here, there))


def _differences(here: Stamp, there: Stamp) -> Iterator[str]:
    if here.python != there.python:
        yield f"it runs Python {there.python}, and here is {here.python}; start it with Python {here.python}"
    if here.grader != there.grader:
        remedy = f"pip install 'asyncio-grader[cluster]=={here.grader}' there, and start it again"
        yield f"it has grader {there.grader}, and here is {here.grader}; {remedy}"
    elif here.code != there.code:
        remedy = "install the same on both, and start it again"
        yield f"it has other code of grader {there.grader} ({there.code}) than is here ({here.code}); {remedy}"
    for name, version in here.packages.items():
        found = there.packages.get(name, "")
        if found != version:
            said = f"has {name} {found}" if found else f"does not have {name}"
            yield f"it {said}, and here is {version}; pip install '{name}=={version}' there, and start it again"
