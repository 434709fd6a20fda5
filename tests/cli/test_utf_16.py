"""A file that an editor saved as UTF-16: the same clear words from `grader check`, from `grader grade` and from pytest."""

import codecs
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from grader.cli import main
from tests.proof.the_course import EXERCISES, ROOT, reference

TITLE = "your file is not valid Python yet"
DETAIL = "it is saved as UTF-16 (Windows calls that Unicode), which Python does not read; save it as UTF-8"
EXERCISE = EXERCISES["first-await"]


@pytest.fixture(params=["utf-16-le", "utf-16-be"])
def content(request: pytest.FixtureRequest) -> bytes:
    mark = codecs.BOM_UTF16_LE if request.param == "utf-16-le" else codecs.BOM_UTF16_BE
    return mark + reference(EXERCISE).decode().encode(request.param)


def on_one_line(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("isolation", ["in-process", "child"])
def test_check_says_how_it_is_saved(content: bytes, isolation: str, tmp_path: Path) -> None:
    (tmp_path / "first_await.py").write_bytes(content)
    words = ["check", "first-await", str(tmp_path / "first_await.py"), "--isolation", isolation]
    done = CliRunner().invoke(main, ["--course", str(ROOT), *words])
    assert done.exit_code == 1
    assert f"{TITLE} {DETAIL}" in on_one_line(done.output)


@pytest.mark.slow
def test_grade_says_how_it_is_saved(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "class" / "ann").mkdir(parents=True)
    (tmp_path / "class" / "ann" / "first_await.py").write_bytes(content)
    words = [
        "grade",
        str(tmp_path / "class"),
        "--out",
        str(tmp_path / "out"),
        "--exercise",
        "first-await",
        "--jobs",
        "1",
    ]
    done = CliRunner().invoke(main, ["--course", str(ROOT), *words])
    assert done.exit_code == 0, done.output
    [line] = (tmp_path / "out" / "verdicts.jsonl").read_text().splitlines()[-1:]
    assert json.dumps(DETAIL) in line


@pytest.mark.slow
def test_pytest_says_how_it_is_saved(content: bytes, tmp_path: Path) -> None:
    folder = tmp_path / Path(EXERCISE.folder).name
    shutil.copytree(EXERCISE.folder, folder)
    (folder / "first_await.py").write_bytes(content)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder)]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": "200"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=tmp_path, check=False)
    assert done.returncode == 1
    assert f"{TITLE} {DETAIL}" in on_one_line(done.stdout)
