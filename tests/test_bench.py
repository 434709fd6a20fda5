"""The measurements that are told are those that `make bench` makes."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parent.parent


def bench() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bench_run", ROOT / "bench" / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_tells_of_as_many_rounds_as_make_bench_makes() -> None:
    run = bench()
    assert "$(BIN)/python bench/run.py\n" in (ROOT / "Makefile").read_text()
    assert f", {run.told(run.ROUNDS)}.\n" in run.PAGE.read_text()


def test_the_page_is_written_as_the_bench_writes_it_now() -> None:
    run = bench()
    kept = [line for line in run.PAGE.read_text().splitlines() if not line.startswith(("|", "to another machine"))]
    fresh = run.page([], run.ROUNDS).splitlines()
    assert kept == [line for line in fresh if not line.startswith(("|", "to another machine"))]


def test_the_peer_is_run_as_often_as_there_are_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = bench()
    ran: list[str] = []

    def cpu_seconds(command: list[str], folder: Path) -> float:
        ran.append(
            next(name for name in ("peer_say_after.py", "grade", "check", "other") if name in [*command, "other"])
        )
        return 1.0

    monkeypatch.setattr(run, "cpu_seconds", cpu_seconds)
    rows = run.measured(tmp_path, rounds=3)
    assert ran.count("peer_say_after.py") == run.FILES * ran.count("grade")
    assert [round(mine / peer, 3) for _, _, mine, peer, _ in rows] == [1, 1, 1 / run.FILES]
