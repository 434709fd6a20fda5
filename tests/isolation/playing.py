"""Plays programs at a level of isolation, in a process of its own: reads JSON on standard input, writes it on standard output.

In: `level`, `mark`, and `plays`, each with `source`, what is played `before` it, and what it is `without`. Out, for each: how
it ended, how many processes it left, and whether an honest program after it was played as if nothing had been.
"""

import contextlib
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

import msgspec

from grader.course.model import Limits
from grader.run.child import Child
from grader.run.levels import Level
from grader.run.limits import complete
from grader.run.zygote import Zygote
from tests.staging import staged, waiting

LIMITS = complete(Limits(cpu_seconds=2, wall_seconds=20, memory_mb=256, threads=50))
HONEST = "async def main(op):\n    return await op(1, 'done')\n"


def _play(zygote: Zygote, source: str) -> dict[str, Any]:
    child = Child(source.encode(), "program.py", LIMITS, Level(zygote.level, zygote.start))
    try:
        outcome = child.run(staged(lambda world: [waiting(world)], records=("op",), limits=LIMITS)).outcome
    finally:
        child.close()
    failure = None if outcome.failure is None else outcome.failure.type
    return {"kind": outcome.kind, "detail": outcome.detail, "value": outcome.value, "failure": failure}


def _neighbour(zygote: Zygote) -> bool:
    """Whether one that comes after it has what is its due."""
    try:
        return bool(_play(zygote, HONEST)["value"] == "done")
    except Exception:
        return False


def _left(mark: str) -> int:
    """How many processes of this name there are when the run is over; they are ended now."""
    found = 0
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (entry / "comm").read_text().strip() == mark:
                found += 1
                os.kill(int(entry.name), signal.SIGKILL)
    return found


def main() -> None:
    told = json.load(sys.stdin)
    zygotes: dict[tuple[str, ...], Zygote] = {}
    answers = []
    try:
        for play in told["plays"]:
            without = tuple(sorted(play["without"]))
            if without not in zygotes:
                zygotes[without] = Zygote(told["level"], without=without)
            zygote = zygotes[without]
            if play["before"]:
                _play(zygote, play["before"])
            answer = _play(zygote, play["source"])
            answer["left"] = _left(told["mark"])
            answer["neighbour"] = _neighbour(zygote)
            if not answer["neighbour"]:
                zygotes.pop(without).close()
            answers.append(answer)
    finally:
        for zygote in zygotes.values():
            zygote.close()
    sys.stdout.buffer.write(msgspec.json.encode(answers))


if __name__ == "__main__":
    main()
