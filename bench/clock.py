"""Measures the virtual clock against plain asyncio and its peers, and writes its section of docs/performance.md.

Every round plays every workload with every candidate once, in turn, each in a process of its own, after a warm-up. CPU
time; the quickest rounds are compared, since what else a machine does only adds to them. `make bench-clock` has the peers;
whoever is missing here is listed.
"""

import argparse
import os
import platform
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from bench import instructions, page
from bench.candidates import CANDIDATES, Candidate
from bench.play import PlayError, played
from bench.workloads import WORKLOADS, Workload

SECTION = "make bench-clock"
SLOW = 2.0  # seconds; whoever takes longer is played in one round only
AIMS = {"w1": 0.8, "w2": 0.35, "w3": 0.85, "w4": 5.0}
FEW, MANY = 10_000, 300_000  # events, between which memory is to stay flat
LONG = ("w1", "w3")  # of which there can be as many events as one likes
Key = tuple[str, str]  # names of a candidate and a workload


@dataclass(slots=True)
class Measured:
    """By candidate and workload: seconds of each round, or why there are none."""

    seconds: dict[Key, list[float]] = field(default_factory=dict)
    failed: dict[Key, str] = field(default_factory=dict)
    loads: list[float] = field(default_factory=list)  # of the machine, after each round

    def share(self, candidate: Candidate, workload: Workload) -> float | None:
        """Of the throughput of what it is compared with, each in its quickest round."""
        own = self.seconds.get((candidate.name, workload.name))
        other = self.seconds.get((candidate.against, workload.name))
        return min(other) / min(own) if own and other else None

    def spread(self, workload: Workload) -> float:
        """How many times longer the slowest round of plain asyncio took than the quickest."""
        rounds = self.seconds.get(("plain", workload.name), [1.0])
        return max(rounds) / min(rounds)


def measured(
    candidates: Sequence[Candidate],
    rounds: int,
    share: float = 1.0,
    play: Callable[[Candidate, Workload, int, int], float] | None = None,
) -> Measured:
    """`share` of the full size; `play(candidate, workload, size, warm_up)` gives seconds."""
    found = Measured()
    for candidate in candidates:
        reason = candidate.missing()
        if reason is not None:
            found.failed |= {(candidate.name, workload.name): reason for workload in WORKLOADS}
    for number in range(rounds):
        for workload in WORKLOADS:
            for candidate in candidates:
                _one(found, candidate, workload, share, play or _played)
        if hasattr(os, "getloadavg"):
            found.loads.append(os.getloadavg()[0])
        print(f"round {number + 1} of {rounds}", file=sys.stderr)
    return found


def _played(candidate: Candidate, workload: Workload, size: int, warm_up: int) -> float:
    return played(candidate, workload, size, "--warm-up", str(warm_up))[0]


def _one(
    found: Measured,
    candidate: Candidate,
    workload: Workload,
    share: float,
    play: Callable[[Candidate, Workload, int, int], float],
) -> None:
    key = (candidate.name, workload.name)
    before = found.seconds.get(key, [])
    if key in found.failed or (before and before[0] > SLOW):
        return
    try:
        taken = play(candidate, workload, workload.sized(share), workload.sized(share / 20))
        found.seconds.setdefault(key, []).append(taken)
    except PlayError as error:
        found.failed[key] = str(error)
        found.seconds.pop(key, None)


# ---------------------------------------------------------------- as text


def shares(found: Measured, candidates: Sequence[Candidate]) -> list[str]:
    """The throughputs, and who has none and why."""
    rows = [["aim", *(f"{AIMS[workload.name]:g}" if workload.name in AIMS else "—" for workload in WORKLOADS)]]
    for candidate in candidates:
        cells = [found.share(candidate, workload) for workload in WORKLOADS]
        rows.append([candidate.titled(), *("—" if cell is None else f"{cell:.2g}" for cell in cells)])
    return [
        *page.table(["share of the throughput of plain asyncio", *(w.name for w in WORKLOADS)], rows),
        *_left_out(found, candidates),
    ]


def missed(found: Measured) -> list[str]:
    """Of each aim that our own loop does not reach, and of each peer that is ahead of it, a line."""
    (ours,) = (candidate for candidate in CANDIDATES if candidate.name == "ours")
    lines = []
    for workload in WORKLOADS:
        own, aim = found.share(ours, workload), AIMS.get(workload.name)
        if own is None:
            continue
        if aim is not None and own < aim:
            lines.append(f"- {workload.name}: {own:.2g} of {aim:g}.")
        for peer in CANDIDATES:
            share = found.share(peer, workload)
            ahead = share is not None and share > own and peer.virtual and peer.against == "plain"
            if peer.package is not None and ahead:
                lines.append(f"- {workload.name}: {peer.title} is ahead with {share:.2g}.")
    return ["", "Aims that are missed:", "", *lines] if lines else ["", "All aims are met, and no peer is ahead."]


def _left_out(found: Measured, candidates: Sequence[Candidate]) -> list[str]:
    lines = []
    for candidate in candidates:
        reasons: dict[str, list[str]] = {}
        for workload in WORKLOADS:
            reason = found.failed.get((candidate.name, workload.name))
            if reason is not None:
                reasons.setdefault(reason, []).append(workload.name)
        for reason, names in reasons.items():
            where = "" if len(names) == len(WORKLOADS) else f" in {', '.join(names)}"
            lines.append(f"- {candidate.title}{where}: {reason}.")
    return ["", "Not measured:", "", *lines] if lines else []


def _loads(found: Measured) -> list[str]:
    """One program computes at a time, so more than one means that others did as well."""
    if not found.loads:
        return []
    return [f"The machine's load was {min(found.loads):.1f} to {max(found.loads):.1f}, 1 of it ours."]


def counts(
    candidates: Sequence[Candidate], count: Callable[[Candidate, Workload], float] = instructions.per_operation
) -> list[str]:
    """Instructions of an operation, and plain asyncio's as a share of them; counted side by side, which changes no count."""

    def one(key: tuple[Candidate, Workload]) -> float | PlayError:
        try:
            return count(*key)
        except PlayError as error:
            return error

    keys = [(candidate, workload) for candidate in candidates for workload in WORKLOADS]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = {
            (candidate.name, workload.name): n
            for (candidate, workload), n in zip(keys, pool.map(one, keys), strict=True)
        }
    rows = []
    for candidate in candidates:
        cells = []
        for workload in WORKLOADS:
            own = found[candidate.name, workload.name]
            plain = found.get((candidate.against, workload.name))
            if isinstance(own, PlayError):
                cells.append(f"none: {own}")
            elif plain is None or isinstance(plain, PlayError):
                cells.append(f"{own:,.0f}")
            else:
                cells.append(f"{own:,.0f} ({plain / own:.2f})")
        rows.append([candidate.titled(), *cells])
    return page.table(["instructions", *(f"{w.name}, per {w.operation}" for w in WORKLOADS)], rows)


def memory(candidates: Sequence[Candidate], few: int = FEW, many: int = MANY) -> list[str]:
    """Peaks at two numbers of events."""
    rows = []
    for candidate in candidates:
        for workload in WORKLOADS:
            if workload.name not in LONG:
                continue
            try:
                low, high = (played(candidate, workload, size, "--peak")[0] for size in (few, many))
                cells = [f"{low / 1000:.1f} kB", f"{high / 1000:.1f} kB", f"{high / low:.2f}"]
            except PlayError as error:
                cells = [f"none: {error}", "—", "—"]
            rows.append([candidate.titled(), workload.name, *cells])
    return page.table(["memory at its peak", "", f"{few:,} events", f"{many:,} events", "ratio"], rows)


def section(found: Measured, rounds: int, counted: list[str], remembered: list[str], share: float = 1.0) -> list[str]:
    spreads = ", ".join(f"{workload.name} {found.spread(workload):.2f}" for workload in WORKLOADS)
    return [
        "## The virtual clock",
        "",
        "Written by `make bench-clock`. CPU time, the quickest of interleaved rounds, each candidate in a process of its own;",
        "a ratio carries over to another machine, a time does not.",
        f"Python {platform.python_version()}, {os.cpu_count()} cores, {rounds} rounds.",
        "",
        *(f"- {w.name}: {w.title} ({w.sized(share):,})" for w in WORKLOADS),
        "",
        *shares(found, CANDIDATES),
        *missed(found),
        "",
        "Rows with `sleep(0)` have no virtual clock, nor any time: their tasks turn the loop, and are what there is to compare",
        "with. That trio turns faster so than a timer can be set is no virtual clock's matter; its own is the last row.",
        "An `asyncio.Runner` (w5) does some things besides, for each loop alike: it puts up a handler of Ctrl-C and takes it",
        "down, looks for tasks that are left, and has generators and threads shut down.",
        "",
        f"Noise: the slowest round of plain asyncio, as a multiple of its quickest: {spreads}. Whoever needs more",
        f"than {SLOW:g} s was played once. Of a peer the loop alone is measured, without what its package does around it.",
        *_loads(found),
        "",
        *counted,
        "",
        *remembered,
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--share", type=float, default=1.0, help="of the full size of the workloads that are timed")
    parser.add_argument("--print", action="store_true", help="print the section, leave the file alone")
    options = parser.parse_args()
    by_name = {candidate.name: candidate for candidate in CANDIDATES}
    found = measured(CANDIDATES, options.rounds, options.share)
    reason = instructions.missing()
    counted = (
        [f"Instructions were not counted: {reason}."]
        if reason
        else [
            "Instructions of an operation, by callgrind, as the difference of two sizes; they do not vary with the machine's",
            "load. In brackets: plain asyncio's as a share. What the kernel does (selector, socket pair) is not among them.",
            "",
            *counts([by_name[name] for name in ("plain", "timer", "ours", "traced")]),
        ]
    )
    remembered = memory([by_name[name] for name in ("plain", "ours")])
    lines = section(found, options.rounds, counted, remembered, options.share)
    print("\n".join(lines))
    if not options.print:
        page.write(SECTION, lines)


if __name__ == "__main__":
    main()
