"""nbgrader's commands, begun without what they import and do not use."""

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from grader.cli import main
from grader.notebooks.sooner import newest, put_off


@pytest.fixture(params=["rarely_used", "rarely.used"])
def module(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """One that tells when it is imported, alone or in a package that tells; it is forgotten afterwards."""
    (tmp_path / "rarely").mkdir()
    (tmp_path / "rarely" / "__init__.py").write_text("print('imported')\n")
    (tmp_path / "rarely" / "used.py").write_text("def twice(number): return 2 * number\n")
    (tmp_path / "rarely_used.py").write_text("print('imported')\ndef twice(number): return 2 * number\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield str(request.param)
    for name in ("rarely_used", "rarely.used", "rarely"):
        sys.modules.pop(name, None)


def test_a_module_that_is_put_off_is_imported_when_it_is_asked(module: str, capsys: pytest.CaptureFixture[str]) -> None:
    put_off(module, "twice")
    names = dict[str, Any]()
    exec(f"from {module} import twice", names)
    assert capsys.readouterr().out == ""
    assert [names["twice"](2), names["twice"](number=3)] == [4, 6]
    assert capsys.readouterr().out == "imported\n"
    assert sys.modules[module].__file__ is not None


def test_one_that_is_there_already_or_nowhere_is_left_alone(module: str) -> None:
    there = import_module(module)
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
