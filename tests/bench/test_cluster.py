"""What the page says that a cluster needs is what the bench makes of what it measured."""

from pathlib import Path

import pytest

from bench import cluster, page
from bench.cluster import Costs

COSTS = Costs(
    grading=0.1, command=0.002, scheduler=0.0005, sent=400.0, received=20e3, disk=20e3, memory=50e3, course=60_000
)


def test_many_cores_are_held_up_by_the_command_and_few_by_the_grading() -> None:
    thousand, _, million = cluster.rows(COSTS)
    assert thousand == ["1,000", "0.0278", "12 s", "2 s", "2 s", "20 MB", "50 MB", "0 MB / 20 MB"]
    assert million == ["10,000,000", "278", "34.7 h", "5.6 h", "5.6 h", "200.0 GB", "5.0 GB", "4.0 GB / 200.0 GB"]


def test_what_a_command_keeps_busy_is_grading_against_what_is_its_own() -> None:
    [line] = [line for line in cluster.section(COSTS) if "cores busy" in line]
    assert line == "So one command writes 500 verdicts a second, and keeps 50 cores busy."


def test_the_section_takes_the_place_of_what_stood_there_and_of_nothing_else(tmp_path: Path) -> None:
    begin, end = page.markers(cluster.SECTION)
    (tmp_path / "page.md").write_text(f"before\n{begin}\nold\n{end}\nafter\n")
    for _ in range(2):
        cluster.write(["new"], tmp_path / "page.md")
    assert (tmp_path / "page.md").read_text() == f"before\n{begin}\n\nnew\n\n{end}\nafter\n"


def test_the_page_is_written_as_the_bench_writes_it_now() -> None:
    begin, end = page.markers(cluster.SECTION)
    there = cluster.PAGE.read_text(encoding="utf-8").partition(begin)[2].partition(end)[0].strip("\n").splitlines()
    varies = ("|", "Written by", "The course, once")
    prose = [line for line in there if not line.startswith(varies) and not line.endswith("cores busy.")]
    fresh = cluster.section(COSTS)
    assert prose == [line for line in fresh if not line.startswith(varies) and not line.endswith("cores busy.")]
    assert len(there) == len(fresh)


def test_what_grading_costs_is_read_from_the_page_of_its_own_bench(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    begin, end = page.markers("make bench-grading")
    (tmp_path / "page.md").write_text(f"{begin}\n| each file, isolation A | `x` | 12.5 ms | 1 ms | 1 | |\n{end}\n")
    monkeypatch.setattr(page, "PAGE", tmp_path / "page.md")
    assert cluster.grading_seconds() == 0.0125
