"""One candidate plays one workload in a process of its own, so that nothing that a peer replaces falls on the others.

python -m bench.play CANDIDATE WORKLOAD SIZE [--warm-up SIZE] [--beside SIZE] [--peak]
"""

import argparse
import gc
import json
import math
import os
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Sequence

from bench.candidates import CANDIDATES, Candidate
from bench.page import ROOT
from bench.workloads import WORKLOADS, Seen, Workload

PATIENCE = 600.0  # seconds of real time, in which whoever really sleeps is found out
# compiled files are kept, or else compiling would be counted
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | {
    "PYTHONHASHSEED": "0"
}
_CLOSE = 0.001  # clocks of floats, and those that fire a little early


class PlayError(Exception):
    """It could not be played; the text is the reason."""


def played(
    candidate: Candidate,
    workload: Workload,
    size: int,
    *options: str,
    under: Sequence[str] = (),
    patience: float = PATIENCE,
) -> tuple[float, str]:
    """What a child `under` a tool measured (seconds of CPU time, or with `--peak` bytes), and what was said on stderr."""
    command = [*under, sys.executable, "-m", "bench.play", candidate.name, workload.name, str(size), *options]
    environment = ENVIRONMENT | {"PATH": os.environ["PATH"]}
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=patience, check=False
        )
    except subprocess.TimeoutExpired:
        raise PlayError(f"was not done after {patience:g} s") from None
    if done.returncode:
        raise PlayError((done.stderr.strip().splitlines() or [f"ended with {done.returncode}"])[-1])
    return json.loads(done.stdout.splitlines()[-1])["measured"], done.stderr


def check(candidate: Candidate, seen: Seen, expected: Seen) -> None:
    """Raises PlayError for a candidate that did not do what was measured."""
    if seen.count != expected.count:
        raise PlayError(f"counted {seen.count} instead of {expected.count}")
    if candidate.virtual and not math.isclose(seen.seconds, expected.seconds, rel_tol=_CLOSE):
        raise PlayError(f"its clock went {seen.seconds:g} s instead of {expected.seconds:g} s")


def cpu_seconds(candidate: Candidate, workload: Workload, size: int, warm_up: int = 0, beside: int = 0) -> float:
    """In this process. What is `beside` is prepared as well, and not played: so two sizes differ by what is played alone."""
    player = candidate.load()
    if warm_up:
        workload.prepare(player, warm_up)()
    plays = {each: workload.prepare(player, each) for each in sorted({size, beside or size})}
    gc.collect()
    start = time.process_time()
    seen = plays[size]()
    taken = time.process_time() - start
    check(candidate, seen, workload.expected(size))
    return taken


def peak_bytes(candidate: Candidate, workload: Workload, size: int) -> float:
    """Most bytes of Python's that there were at once, beyond those before, in this process."""
    player = candidate.load()
    workload.prepare(player, 10)()
    play = workload.prepare(player, size)
    gc.collect()
    tracemalloc.start()
    seen = play()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    check(candidate, seen, workload.expected(size))
    return float(peak)


def main() -> None:
    candidates = {candidate.name: candidate for candidate in CANDIDATES}
    workloads = {workload.name: workload for workload in WORKLOADS}
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("candidate", choices=candidates)
    parser.add_argument("workload", choices=workloads)
    parser.add_argument("size", type=int)
    parser.add_argument("--warm-up", type=int, default=0)
    parser.add_argument("--beside", type=int, default=0)
    parser.add_argument("--peak", action="store_true", help="bytes instead of seconds")
    options = parser.parse_args()
    candidate, workload = candidates[options.candidate], workloads[options.workload]
    if options.peak:
        found = peak_bytes(candidate, workload, options.size)
    else:
        found = cpu_seconds(candidate, workload, options.size, options.warm_up, options.beside)
    print(json.dumps({"measured": found}))


if __name__ == "__main__":
    main()
