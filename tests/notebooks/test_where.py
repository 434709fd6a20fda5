"""Where commands are run: in the folder of an nbgrader course, and in what a learner has of it."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from grader.cli import main
from tests.notebooks.classroom import FIRST, UNIT, Classroom, plain


def _run(*words: str) -> Result:
    return CliRunner().invoke(main, words)


def test_in_a_folder_of_nbgraders_the_course_is_the_one_that_it_names(
    room: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(room.root)
    listed = _run("list")
    assert (listed.exit_code, "first-await" in listed.output, "old-coroutines" in listed.output) == (0, True, False)
    book = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [plain(FIRST, "mine")]}
    Path("any name.ipynb").write_text(json.dumps(book))
    assert _run("check", "any name.ipynb").output.startswith("first-await: 10 of 10 points\n")


def test_one_that_names_a_course_that_is_not_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "nbgrader_config.py").write_text("configure(c, course='/nowhere/at/all', course_id='x')\n")
    monkeypatch.chdir(tmp_path)
    run = _run("list")
    assert (run.exit_code, run.output) == (
        2,
        "grader: there is no course.yaml here or above; go to the course's folder, or say --course PATH\n",
    )


def test_files_are_made_of_a_notebook_where_a_learner_has_the_exercises_alone(
    room: Classroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.hand_in("ann", first_await=FIRST)
    here = shutil.copytree(room.root / "release" / UNIT, tmp_path / "mine")
    shutil.copy(room.submitted("ann", "first-await"), here)
    monkeypatch.chdir(here)
    assert _run("notebooks", "extract", "first-await.ipynb", "--out", "files").output == "files/first_await.py: new\n"
