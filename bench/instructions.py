"""How many instructions an operation takes: by callgrind, as the difference of two sizes, divided by the operations between.

Unlike a time it does not depend on what else the machine does. It says nothing about memory that has to be waited for.
"""

import re
import shutil
from collections.abc import Callable

from bench.candidates import Candidate
from bench.play import PlayError, played
from bench.workloads import Workload

SMALL, LARGE = 0.01, 0.03  # of the full size
_TOOL = ("valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null")
_COLLECTED = re.compile(r"Collected : (\d+)")


def missing() -> str | None:
    """Why nothing can be counted here, or None."""
    return None if shutil.which(_TOOL[0]) else "valgrind is not installed"


def counted(candidate: Candidate, workload: Workload, size: int, beside: int) -> int:
    """Instructions of a whole process that plays `size` and prepares `beside` as well."""
    _, said = played(candidate, workload, size, "--beside", str(beside), under=_TOOL)
    found = _COLLECTED.search(said)
    if found is None:
        raise PlayError("callgrind did not say how many instructions there were")
    return int(found[1])


def per_operation(
    candidate: Candidate,
    workload: Workload,
    share: float = 1.0,
    count: Callable[[Candidate, Workload, int, int], int] = counted,
) -> float:
    count(candidate, workload, 1, 1)  # compiles what is not compiled yet
    small, large = workload.sized(SMALL * share), workload.sized(LARGE * share)
    more = count(candidate, workload, large, small) - count(candidate, workload, small, large)
    return more / ((large - small) * workload.per)
