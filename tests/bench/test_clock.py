"""What `make bench-clock` writes, of small workloads; no time is asserted."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from bench import clock, instructions, page
from bench.candidates import CANDIDATES, Candidate
from bench.play import PlayError, played
from bench.workloads import WORKLOADS, Workload

BY_NAME = {candidate.name: candidate for candidate in CANDIDATES}
PLAIN, OURS = BY_NAME["plain"], BY_NAME["ours"]
GONE = Candidate("gone", "no-such-clock", PLAIN.load, package="no-such-clock")
TINY = 0.0005
TIMES = {"plain": 1.0, "ours": 2.0, "trio": 4.0, "trio-mock": 16.0}


def given(candidate: Candidate, workload: Workload, size: int, warm_up: int) -> float:
    return TIMES[candidate.name]


def test_the_table_has_a_share_for_each_workload() -> None:
    candidates = [PLAIN, OURS, BY_NAME["trio"], BY_NAME["trio-mock"]]
    candidates = [replace(candidate, package=None) for candidate in candidates]
    lines = clock.shares(clock.measured(candidates, 1, play=given), candidates)
    assert lines == [
        "| share of the throughput of plain asyncio | w1 | w2 | w3 | w4 | w5 |",
        "| --- | --- | --- | --- | --- | --- |",
        "| aim | 0.8 | 0.35 | 0.85 | 5 | — |",
        "| asyncio, `sleep(0)` | 1 | 1 | 1 | 1 | 1 |",
        "| **`VirtualLoop`** | 0.5 | 0.5 | 0.5 | 0.5 | 0.5 |",
        "| trio, `sleep(0)` | 0.25 | 0.25 | 0.25 | 0.25 | 0.25 |",
        "| trio `MockClock`, of trio | 0.25 | 0.25 | 0.25 | 0.25 | 0.25 |",
    ]


@pytest.mark.parametrize(
    ("ours", "peer", "said"),
    [
        (0.1, 1.0, ["All aims are met, and no peer is ahead."]),
        (0.25, 0.2, ["- w1: a peer is ahead with 5.", "- w4: 4 of 5."]),
        (2.0, 1.0, ["- w1: 0.5 of 0.8.", "- w5: a peer is ahead with 1."]),
    ],
)
def test_aims_that_are_missed_are_said_and_who_is_ahead(
    ours: float, peer: float, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Candidate("other", "a peer", PLAIN.load, package="pytest")
    all_three = [PLAIN, OURS, other]
    monkeypatch.setattr(clock, "CANDIDATES", all_three)
    times = {"plain": 1.0, "ours": ours, "other": peer}
    found = clock.measured(all_three, 1, play=lambda candidate, *_: times[candidate.name])
    assert [line for line in clock.missed(found) if line in said] == said
    assert ("Aims that are missed:" in clock.missed(found)) == (ours > 0.2)


def test_every_candidate_has_its_turn_in_every_round() -> None:
    turns: list[str] = []

    def noted(candidate: Candidate, workload: Workload, size: int, warm_up: int) -> float:
        turns.append(f"{workload.name} {candidate.name}")
        return 1.0

    clock.measured([PLAIN, OURS], 2, play=noted)
    assert turns == [f"{workload.name} {name}" for workload in WORKLOADS for name in ("plain", "ours")] * 2


def test_whoever_is_slow_is_played_once() -> None:
    turns: list[str] = []

    def slowly(candidate: Candidate, workload: Workload, size: int, warm_up: int) -> float:
        turns.append(workload.name)
        return clock.SLOW + 1 if workload.name == "w2" else 1.0

    clock.measured([PLAIN], 3, play=slowly)
    assert [turns.count(workload.name) for workload in WORKLOADS] == [3, 1, 3, 3, 3]


def test_what_else_the_machine_did_in_a_round_changes_no_share() -> None:
    seconds = {PLAIN.name: [0.3, 0.2, 0.9], OURS.name: [0.1, 1.9, 0.1]}
    found = clock.Measured({(name, "w1"): taken for name, taken in seconds.items()})
    assert found.share(OURS, WORKLOADS[0]) == 2


def test_the_noise_is_that_of_plain_asyncio() -> None:
    times = iter([0.1, 0.2, 0.3, 0.4, 0.25, 0.2, 0.2, 0.3, 0.2, 0.5])
    found = clock.measured([PLAIN], 2, play=lambda *asked: next(times))
    assert [found.spread(workload) for workload in WORKLOADS] == [2, 1, 1, 2, 2]


def test_a_peer_that_is_missing_is_listed_with_the_reason() -> None:
    old = replace(GONE, name="old", title="of-tomorrow", python=(99, 0))
    lines = clock.shares(clock.measured([PLAIN, GONE, old], 1, play=given), [PLAIN, GONE, old])
    assert "| no-such-clock | — | — | — | — | — |" in lines
    assert lines[-3:] == ["", "- no-such-clock: is not installed.", "- of-tomorrow: needs Python 99.0."]


def test_a_peer_that_fails_is_listed_with_the_reason_and_the_workload() -> None:
    def failing(candidate: Candidate, workload: Workload, size: int, warm_up: int) -> float:
        if candidate is OURS and workload.name in ("w2", "w3"):
            raise PlayError("RuntimeError: no queue")
        return 1.0

    lines = clock.shares(clock.measured([PLAIN, OURS], 1, play=failing), [PLAIN, OURS])
    assert "| **`VirtualLoop`** | 1 | — | — | 1 | 1 |" in lines
    assert lines[-1] == "- **`VirtualLoop`** in w2, w3: RuntimeError: no queue."


def test_a_child_that_fails_says_why() -> None:
    with pytest.raises(PlayError, match="invalid choice: 'gone'"):
        played(GONE, WORKLOADS[0], 10)


def test_a_child_that_really_sleeps_is_given_up() -> None:
    with pytest.raises(PlayError, match=r"^was not done after 0.001 s$"):
        played(PLAIN, WORKLOADS[0], 10, patience=0.001)


@pytest.mark.slow
def test_what_is_really_measured_is_written_to_the_page(tmp_path: Path) -> None:
    there = tmp_path / "performance.md"
    page.write("make bench", ["## The grader"], there)
    found = clock.measured([PLAIN, OURS], 1, TINY)
    lines = clock.section(found, 1, ["(counted)"], clock.memory([OURS], few=10, many=20), TINY)
    page.write(clock.SECTION, lines, there)
    assert found.failed == {}
    text = there.read_text(encoding="utf-8")
    assert text.startswith("# Performance\n\n<!-- written by make bench -->\n\n## The grader\n")
    number = r"\d[\d.e+]*"
    assert re.search(rf"^\| \*\*`VirtualLoop`\*\* \| {' . '.join([number] * 5)} \|$", text, re.MULTILINE)
    assert re.search(
        rf"^\| \*\*`VirtualLoop`\*\* \| w3 \| {number} kB \| {number} kB \| {number} \|$", text, re.MULTILINE
    )
    assert "\n| aim | 0.8 | 0.35 | 0.85 | 5 | — |\n" in text
    assert "\n(counted)\n" in text
    assert "\n- w1: one task, virtual sleeps (100)\n" in text


def test_memory_that_could_not_be_measured_is_listed_with_the_reason() -> None:
    assert clock.memory([GONE], few=1, many=2)[-1].startswith("| no-such-clock | w3 | none: ")


# ---------------------------------------------------------------- instructions


def test_an_operation_is_the_difference_of_two_sizes_divided_by_what_is_between() -> None:
    sizes = []
    compiling = [10_000_000]

    def count(candidate: Candidate, workload: Workload, size: int, beside: int) -> int:
        sizes.append((size, beside))
        return 1_000_000 + 7 * size * workload.per + (compiling.pop() if compiling else 0)

    assert [instructions.per_operation(OURS, workload, count=count) for workload in WORKLOADS] == [7, 7, 7, 7, 7]
    assert sizes[:3] == [(1, 1), (6_000, 2_000), (2_000, 6_000)]


def test_the_table_of_instructions_has_plain_asyncios_share() -> None:
    lines = clock.counts([PLAIN, OURS], lambda candidate, workload: 1000 * TIMES[candidate.name])
    assert lines == [
        "| instructions | w1, per sleep | w2, per sleep | w3, per item | w4, per loop | w5, per loop |",
        "| --- | --- | --- | --- | --- | --- |",
        "| asyncio, `sleep(0)` | 1,000 (1.00) | 1,000 (1.00) | 1,000 (1.00) | 1,000 (1.00) | 1,000 (1.00) |",
        "| **`VirtualLoop`** | 2,000 (0.50) | 2,000 (0.50) | 2,000 (0.50) | 2,000 (0.50) | 2,000 (0.50) |",
    ]


def test_a_count_that_failed_is_listed_with_the_reason() -> None:
    def failing(candidate: Candidate, workload: Workload) -> float:
        if workload.name == "w3":
            raise PlayError("no queue")
        return 1000

    assert clock.counts([PLAIN], failing)[-1] == (
        "| asyncio, `sleep(0)` | 1,000 (1.00) | 1,000 (1.00) | none: no queue | 1,000 (1.00) | 1,000 (1.00) |"
    )


def test_without_valgrind_the_reason_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert instructions.missing() == "valgrind is not installed"


def test_what_the_tool_counted_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tool = tmp_path / "valgrind"
    tool.write_text('#!/bin/sh\nshift 2\necho "==1== Collected : 123456" >&2\nexec "$@"\n')
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert instructions.missing() is None
    assert instructions.counted(PLAIN, WORKLOADS[0], 10, 20) == 123_456


def test_a_tool_that_counts_nothing_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tool = tmp_path / "valgrind"
    tool.write_text('#!/bin/sh\nshift 2\nexec "$@"\n')
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PlayError, match="^callgrind did not say how many instructions there were$"):
        instructions.counted(PLAIN, WORKLOADS[0], 10, 20)
