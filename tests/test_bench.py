"""The measurements that are told are those that `make bench` makes."""

from pathlib import Path

import pytest

from bench import page, run

ROOT = Path(__file__).parent.parent


def test_the_page_tells_of_as_many_rounds_as_make_bench_makes() -> None:
    assert "$(BIN)/python -m bench.run\n" in (ROOT / "Makefile").read_text()
    assert f", {run.told(run.ROUNDS)}.\n" in page.PAGE.read_text()


def test_the_page_is_written_as_the_bench_writes_it_now() -> None:
    there = page.parts(page.PAGE.read_text())[run.SECTION].splitlines()
    kept = [line for line in there if not line.startswith(("|", "to another machine"))]
    fresh = run.section([], run.ROUNDS)
    assert kept == [line for line in fresh if not line.startswith(("|", "to another machine"))]


def test_the_peer_is_run_as_often_as_there_are_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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
