"""Whose a file's cost is: told apart by process, and what a case costs from what a file costs once."""

import os
import subprocess
import sys

import pytest

from bench import page, parts

FEW = parts.Parts((0.005, 0.002, 0.010), (3.0, 150.0, 1180.0))
MANY = parts.Parts((0.015, 0.002, 0.020), (3.0, 160.0, 1200.0))


def test_what_a_case_costs_is_told_from_what_a_file_costs_once() -> None:
    lines = parts.section({14: MANY, 4: FEW}, FEW, nothing=0.02, files=40, rounds=5)
    assert [line for line in lines if line.startswith("| ")][2:] == [
        "| a file of 14 cases | 15.00 ms | 2.00 ms | 20.00 ms | 37.0 ms | 1.85 | 160 | 1200 |",
        "| a file of 4 cases | 5.00 ms | 2.00 ms | 10.00 ms | 17.0 ms | 0.85 | 150 | 1180 |",
        "| so each case | 1.00 ms | 0.00 ms | 1.00 ms | 2.0 ms | 0.10 | 1 | 2 |",
        "| and once for a file | 1.00 ms | 2.00 ms | 6.00 ms | 9.0 ms | 0.45 | 146 | 1172 |",
        "| a file that is called 303 times | 5.00 ms | 2.00 ms | 10.00 ms | 17.0 ms | 0.85 | 150 | 1180 |",
    ]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /proc")
def test_a_process_is_found_below_the_one_that_started_it_with_what_it_used() -> None:
    program = "import time\nwhile time.process_time() < 0.1: pass\nprint('used', flush=True)\ninput()"
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"used\n"
        assert process.pid in parts.below(os.getpid())
        used, of_children, faults, of_theirs = parts.usage_of(process.pid)
        process.communicate(b"\n")
    assert 0.05 <= used < 5
    assert faults > 100
    assert (of_children, of_theirs) == (0, 0)


def test_the_page_tells_of_the_files_and_rounds_that_are_measured() -> None:
    there = page.parts(page.PAGE.read_text(encoding="utf-8"))[parts.SECTION]
    assert f"{parts.FILES} files, the\nquickest of {parts.ROUNDS} rounds" in there


def test_the_page_is_written_as_the_bench_writes_it_now() -> None:
    there = page.parts(page.PAGE.read_text(encoding="utf-8"))[parts.SECTION].splitlines()
    fresh = parts.section({8: MANY, 4: FEW}, FEW, nothing=0.02, files=parts.FILES, rounds=parts.ROUNDS)

    def fixed(lines: list[str]) -> list[str]:
        return [line for line in lines if not line.startswith(("|", "Python "))]

    assert fixed(there) == fixed(fresh)
