"""Run a command where the system refuses some calls, as a container's filter does: `python -m tests.isolation.restricted
'{"unshare": 1}' COMMAND...`, each call with the number of the error that it gives.
"""

import json
import os
import struct
import sys

from grader.isolation import system

# the number on x86-64 and on aarch64
NUMBERS = {
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "pivot_root": (155, 41),
    "seccomp": (317, 277),
    "landlock_create_ruleset": (444, 444),
    "landlock_add_rule": (445, 445),
    "landlock_restrict_self": (446, 446),
}


def refusing(calls: dict[str, int]) -> bytes:
    at = (system.X86_64, system.AARCH64).index(system.architecture() or "")
    steps = [(0x20, 0, 0, 0)]
    for name, error in calls.items():
        steps += [(0x15, 0, 1, NUMBERS[name][at]), (0x06, 0, 0, 0x00050000 | error)]
    return b"".join(struct.pack("<HBBI", *step) for step in [*steps, (0x06, 0, 0, 0x7FFF0000)])


def main() -> None:
    calls, *command = sys.argv[1:]
    system.prctl(system.PR_SET_NO_NEW_PRIVS, 1)
    system.make([system.filtering(refusing(json.loads(calls)))])
    os.execv(command[0], command)


if __name__ == "__main__":
    main()
