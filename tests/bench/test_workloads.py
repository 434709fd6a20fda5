"""The workloads do the same on plain asyncio and on ours, and a candidate that does less is found out."""

import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from bench.candidates import CANDIDATES, Candidate, Plays
from bench.play import PlayError, check, cpu_seconds, peak_bytes
from bench.workloads import WORKLOADS, Main, Seen, Workload

ROOT = Path(__file__).parent.parent.parent
BY_NAME = {candidate.name: candidate for candidate in CANDIDATES}
INSTALLED = [candidate for candidate in CANDIDATES if candidate.package is None]
SIZE = 30


@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda workload: workload.name)
@pytest.mark.parametrize("candidate", INSTALLED, ids=lambda candidate: candidate.name)
def test_a_workload_counts_the_same_on_plain_asyncio_and_on_ours(candidate: Candidate, workload: Workload) -> None:
    plain = workload.prepare(BY_NAME["plain"].load(), SIZE)()
    seen = workload.prepare(candidate.load(), SIZE)()
    assert seen.count == plain.count == workload.expected(SIZE).count


@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda workload: workload.name)
def test_our_clock_goes_as_far_as_was_slept(workload: Workload) -> None:
    seen = workload.prepare(BY_NAME["ours"].load(), SIZE)()
    assert seen.seconds == pytest.approx(workload.expected(SIZE).seconds, abs=1e-6)


@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda workload: workload.name)
def test_what_is_measured_grows_with_the_size(workload: Workload) -> None:
    assert workload.expected(20).count > workload.expected(10).count
    assert [workload.sized(share) for share in (1, 0.5, 0)] == [workload.size, workload.size // 2, 1]


def test_a_candidate_that_leaves_something_out_is_found_out() -> None:
    def lazy(main: Main) -> Seen:
        return Seen(SIZE - 1, float(SIZE))

    candidate = replace(BY_NAME["ours"], load=lambda: Plays(lazy, BY_NAME["ours"].load().words))
    with pytest.raises(PlayError, match=r"^counted 29 instead of 30$"):
        cpu_seconds(candidate, WORKLOADS[0], SIZE)
    with pytest.raises(PlayError, match=r"^counted 29 instead of 30$"):
        peak_bytes(candidate, WORKLOADS[0], SIZE)


def test_a_candidate_without_a_runner_of_asyncio_s_says_so() -> None:
    (by_runner,) = [workload for workload in WORKLOADS if workload.name == "w5"]
    plain = BY_NAME["plain"].load()
    with pytest.raises(SystemExit, match=r"^has no `asyncio.Runner`$"):
        by_runner.prepare(replace(plain, by_runner=None), SIZE)


def test_a_candidate_whose_clock_stands_is_found_out() -> None:
    asleep = replace(BY_NAME["plain"], virtual=True)
    with pytest.raises(PlayError, match=r"^its clock went 0 s instead of 10 s$"):
        check(asleep, Seen(10, 0.0), Seen(10, 10.0))
    check(BY_NAME["plain"], Seen(10, 0.0), Seen(10, 10.0))


def test_the_extra_installs_every_peer_and_nothing_else_does() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extra = {re.split(r"[>=; ]", line)[0]: line for line in project["optional-dependencies"]["bench"]}
    peers = {candidate.package: candidate for candidate in CANDIDATES if candidate.package}
    assert set(extra) == {*peers, "typing-extensions"}
    for name, candidate in peers.items():
        assert ("python_version >= '3.12'" in extra[str(name)]) == (candidate.python == (3, 12))
    others = " ".join([*project["dependencies"], *project["optional-dependencies"]["dev"]])
    assert [name for name in peers if str(name) in others] == []
