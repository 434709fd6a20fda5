"""Level `none`: a program of one's own in a bare process. It is no isolation, but no signal of a program reaches the grader.

On Linux a filter refuses the calls that end, stop or rewrite another process, however the program comes to them. Where there is
no such filter a program that goes past the runner can do that to all processes of its user.
"""

import contextlib
import os
import sys

from grader.isolation import seccomp, system
from grader.runner import child_main


def main() -> None:
    """The program of the process."""
    if sys.platform.startswith("linux"):
        guard()
    child_main.main()


def guard() -> None:
    """From now on, for good, where the system has it."""
    architecture = system.architecture()
    if architecture is None:
        return
    with contextlib.suppress(OSError):
        system.prctl(system.PR_SET_NO_NEW_PRIVS, 1)
        system.make([system.filtering(seccomp.alone(architecture, os.getpid()))])
