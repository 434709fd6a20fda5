"""Plays programs that run away, in a process of its own: reads JSON on standard input, writes it on standard output.

In: `level`, and `plays`, each with `source`, `limits`, and whether it is played `here`, in a fork of the grader itself. Out,
for each: how it ended, what it returned, and how long its output is.
"""

import json
import os
import resource
import signal
import sys
from typing import Any

from grader.course.model import Limits
from grader.run.limits import complete
from tests.staging import in_child, in_process, staged, waiting


def _play(source: str, limits: Limits, level: str) -> dict[str, Any]:
    record = in_child(source, staged(lambda world: [waiting(world)], limits=limits), limits, level)
    outcome, output = record.outcome, record.facts.output or ""
    return {"kind": outcome.kind, "detail": outcome.detail, "value": outcome.value, "output": len(output)}


def _play_here(source: str, limits: Limits) -> dict[str, Any]:
    """Where there is no process of its own; the grader is a fork."""
    process = os.fork()
    if process == 0:
        try:
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            in_process(source, staged(lambda world: [waiting(world)], limits=limits), limits)
        finally:
            os._exit(0)
    _, status = os.waitpid(process, 0)
    ended = f"killed by {signal.Signals(os.WTERMSIG(status)).name}" if os.WIFSIGNALED(status) else "goes on"
    return {"kind": "the grader", "detail": ended, "value": None, "output": 0}


def main() -> None:
    told = json.load(sys.stdin)
    answers = []
    for play in told["plays"]:
        limits = complete(Limits(**play["limits"]))
        answers.append(
            _play_here(play["source"], limits) if play["here"] else _play(play["source"], limits, told["level"])
        )
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
