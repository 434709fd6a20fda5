"""nbgrader's commands, begun without what they import and do not use."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from grader.cli import main
from grader.notebooks.sooner import newest, put_off


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """One that tells when it is imported; it is forgotten afterwards."""
    (tmp_path / "rarely_used.py").write_text("print('imported')\ndef twice(number): return 2 * number\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "rarely_used", raising=False)
    yield "rarely_used"
    sys.modules.pop("rarely_used", None)


def test_a_module_that_is_put_off_is_imported_when_it_is_asked(module: str, capsys: pytest.CaptureFixture[str]) -> None:
    put_off(module, "twice")
    from rarely_used import twice  # type: ignore[import-not-found]

    assert capsys.readouterr().out == ""
    assert [twice(2), twice(number=3)] == [4, 6]
    assert capsys.readouterr().out == "imported\n"
    assert sys.modules[module].__file__ is not None


def test_one_that_is_there_already_or_nowhere_is_left_alone(module: str) -> None:
    there = __import__(module)
    put_off(module, "twice")
    put_off("not_there_at_all", "twice")
    assert sys.modules[module] is there
    assert "not_there_at_all" not in sys.modules


def test_nbgrader_is_given_all_that_stands_behind_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    import nbgrader.api
    from nbgrader.apps import nbgraderapp

    given = list[list[str]]()
    monkeypatch.setattr(nbgrader.api, "get_alembic_version", None)
    monkeypatch.setattr(sys, "argv", [])
    monkeypatch.setattr(nbgraderapp, "main", lambda: given.append(sys.argv))
    words = ["autograde", "start", "--student=ann", "--help", "--force"]
    assert CliRunner().invoke(main, ["notebooks", "nbgrader", *words]).exit_code == 0
    assert given == [["nbgrader", *words]]
    assert nbgrader.api.get_alembic_version is newest


def test_where_there_is_no_nbgrader_it_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nbgrader.apps.nbgraderapp", None)
    run = CliRunner().invoke(main, ["notebooks", "nbgrader", "list"])
    told = "grader: nbgrader is not installed; run pip install 'asyncio-grader[notebooks]'\n"
    assert (run.exit_code, run.output) == (2, told)
