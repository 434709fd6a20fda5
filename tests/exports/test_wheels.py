"""The grader's own wheel, made of what is installed, and what is said where others cannot be had."""

import csv
import io
import subprocess
import zipfile
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from grader.errors import UsageError
from grader.exports.wheels import download, own_wheel, requirements


def test_the_wheel_has_every_file_of_the_package_and_records_each() -> None:
    import grader

    name, content = own_wheel()
    assert name == f"asyncio_grader-{grader.__version__}-py3-none-any.whl"
    package = Path(grader.__file__).parent
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        record = f"{name.removesuffix('-py3-none-any.whl')}.dist-info/RECORD"
        lines = list(csv.reader(io.StringIO(archive.read(record).decode())))
        for file, _, size in lines[:-1]:
            assert int(size) == len(archive.read(file))
    assert [line[0] for line in lines] == names
    assert lines[-1] == [record, "", ""]
    there = {path.relative_to(package.parent).as_posix() for path in package.rglob("*") if path.is_file()}
    assert set(names) >= {path for path in there if "__pycache__" not in path}
    assert not any("__pycache__" in file for file in names)
    assert "grader/exports/scripts/run_autograder" in names


def test_the_same_package_gives_the_same_wheel() -> None:
    assert sha256(own_wheel()[1]).digest() == sha256(own_wheel()[1]).digest()


def test_without_an_install_there_is_no_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "distribution", missing)
    with pytest.raises(UsageError, match="the package asyncio-grader is not installed here; install it with pip"):
        own_wheel()


def test_what_only_extras_need_is_not_required() -> None:
    names = " ".join(requirements())
    assert "msgspec" in names
    assert "pyarrow" not in names


def test_wheels_that_cannot_be_had_are_named_by_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    def fails(command: list[str], **_: Any) -> "subprocess.CompletedProcess[str]":
        asked.append(command)
        return subprocess.CompletedProcess(
            command, 1, "", "WARNING: x\nERROR: No matching distribution found for msgspec\n"
        )

    monkeypatch.setattr(subprocess, "run", fails)
    assert download(tmp_path, ["3.12"], ["manylinux2014_aarch64"], ["numpy==2.0.0"]) == [
        "the wheels for Python 3.12 could not be had (ERROR: No matching distribution found for msgspec); "
        "setup.sh will ask the package index"
    ]
    assert "--python-version=3.12" in asked[0]
    assert "--platform=manylinux2014_aarch64" in asked[0]
    assert asked[0][-1] == "numpy==2.0.0"


def test_an_index_that_does_not_answer_is_a_wheel_that_cannot_be_had(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hangs(command: list[str], **_: Any) -> "subprocess.CompletedProcess[str]":
        raise subprocess.TimeoutExpired(command, 300)

    monkeypatch.setattr(subprocess, "run", hangs)
    (problem,) = download(tmp_path, ["3.11"])
    assert "could not be had (no answer within 300 s)" in problem
