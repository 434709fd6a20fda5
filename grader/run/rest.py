"""Whether a child that is late waits for something of its own, or may be waiting for the machine.

Told from outside, by what the system counts. Where that says nothing, it may be the machine: nobody's mark hangs on a guess.
"""

import os
from pathlib import Path

SILENT = 0.5  # of the limit on real time: so long at least it has said nothing, and was asked nothing
BUSY = 0.25  # of the limit: it has computed, and stood in line for a processor, for less than that
_PROCESSES = Path("/proc")
_ASLEEP = "S"


def number_of(descriptor: int) -> int | None:
    """The process that a pidfd is for, by its number here."""
    try:
        lines = Path(f"/proc/self/fdinfo/{descriptor}").read_text().splitlines()
    except OSError:
        return None
    return next((int(line.removeprefix("Pid:")) for line in lines if line.startswith("Pid:")), None)


def rests(number: int | None, silent: float, limit: float, processes: Path = _PROCESSES) -> bool:
    """Whether each thread of the process `number` sleeps, and it was neither busy nor kept waiting for long.

    `silent`: seconds since it last said something; `limit`: those of real time that it had.
    """
    if number is None or silent < SILENT * limit:
        return False
    threads = processes / str(number) / "task"
    busy = 0
    try:
        for thread in os.listdir(threads):
            # the name in brackets may hold anything, brackets too
            state = (threads / thread / "stat").read_text(errors="replace").rpartition(")")[2].split()[0]
            computed, waited, *_ = map(int, (threads / thread / "schedstat").read_text().split())
            if state != _ASLEEP:
                return False
            busy += computed + waited
    except (OSError, ValueError, IndexError):
        return False
    return 0 < busy < BUSY * limit * 1e9
