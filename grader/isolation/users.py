"""Who root is, and who a program is in its place. Nothing here is Linux's alone: level `none` asks on every system."""

import os

NOBODY = 65534


def is_root() -> bool:
    """Root, and not an ordinary user who is only called so in a namespace that knows nobody else."""
    if not hasattr(os, "getuid") or os.getuid():
        return False
    try:
        with open("/proc/self/uid_map", encoding="ascii") as file:
            known = [tuple(map(int, line.split())) for line in file]
    except OSError:
        return True
    return any(first <= NOBODY < first + count for first, _, count in known)
