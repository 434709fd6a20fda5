"""What is told of a class's cost is what was measured."""

from pathlib import Path

import pytest

from bench import page, report

SMALL = report.Cost(1_000, kept=1.5, written=4.0, again=3.0, memory=70 << 20, first=27 << 10, data=90 << 10)
LARGE = report.Cost(10_000, kept=15.0, written=42.0, again=27.0, memory=91 << 20, first=30 << 10, data=900 << 10)


def test_costs_are_told_for_each_learner_with_their_growth() -> None:
    rows = [line for line in report.section([SMALL, LARGE]) if line.startswith("| ")][2:]
    assert rows == [
        "| 1,000 learners | 1.50 ms | 4.00 ms | 3.00 ms | 70 MB | 27 kB | 90 kB |",
        "| 10,000 learners | 1.50 ms | 4.20 ms | 2.70 ms | 91 MB | 30 kB | 900 kB |",
        "| ratio | 1.00 | 1.05 | 0.90 | 1.30 | 1.11 |  |",
        "| aim | at most 1.1 | at most 1.1 |  | below 200 MB |  |  |",
    ]


def test_the_page_tells_of_the_sizes_that_are_measured() -> None:
    there = page.parts(page.PAGE.read_text(encoding="utf-8"))[report.SECTION]
    assert [f"| {count:,} learners |" in there for count in report.SIZES] == [True, True]


@pytest.mark.slow
def test_a_class_is_made_up_and_measured(tmp_path: Path) -> None:
    cost = report.measured(15, tmp_path)
    assert cost.count == 15
    assert min(cost.kept, cost.written, cost.again, cost.memory, cost.first, cost.data) > 0
    assert len(list((tmp_path / "report" / "learners").iterdir())) == 15
