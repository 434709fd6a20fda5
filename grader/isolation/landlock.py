"""Landlock: which files a process may ever open, whoever it is (`Documentation/userspace-api/landlock.rst` of the kernel).

The rules are made once, by the zygote; each job then only takes them on.
"""

import contextlib
import os
import struct
from collections.abc import Iterable

from grader.isolation import system

WRITE_FILE, READ_FILE, READ_DIR = 1 << 1, 1 << 2, 1 << 3
REMOVE_DIR, REMOVE_FILE, MAKE_DIR, MAKE_REG, TRUNCATE = 1 << 4, 1 << 5, 1 << 7, 1 << 8, 1 << 14
READ = READ_FILE | READ_DIR
OWN = READ | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | TRUNCATE
_ON_FILES = WRITE_FILE | READ_FILE | TRUNCATE
_VERSION = 1  # the flag that asks for it
_RULE_PATH_BENEATH = 1
# what each version of it can forbid: kinds of access to files, to the network, and what leads out of the process
_FILES = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
_NETWORK, _NETWORK_FROM = 3, 4
_SCOPED, _SCOPED_FROM = 3, 6


def version() -> int:
    """At least 1. Raises Refused where the kernel has none, or it is switched off."""
    return system.syscall("landlock_create_ruleset", None, 0, _VERSION)


def _handled(found: int) -> tuple[int, bytes]:
    """What is forbidden, unless a rule allows it: all that this version knows; and the structure that says so."""
    files = _FILES[max(known for known in _FILES if known <= found)]
    fields = [files]
    if found >= _NETWORK_FROM:
        fields.append(_NETWORK)
    if found >= _SCOPED_FROM:
        fields.append(_SCOPED)
    return files, struct.pack(f"<{len(fields)}Q", *fields)


def rules(allowed: Iterable[tuple[str, int]]) -> int:
    """The descriptor of rules that allow these kinds of access to these files and all below them, where they exist.

    Raises Refused where there is no Landlock.
    """
    files, attributes = _handled(version())
    made = system.syscall("landlock_create_ruleset", attributes, len(attributes), 0)
    for path, access in allowed:
        with contextlib.suppress(FileNotFoundError, PermissionError):
            allow(made, path, access & files)
    return made


def allow(made: int, path: str, access: int) -> None:
    """Add one rule. Raises Refused, or OSError for a path that is not there."""
    found = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not os.path.isdir(path):
            access &= _ON_FILES
        system.syscall("landlock_add_rule", made, _RULE_PATH_BENEATH, struct.pack("<Qi", access, found), 0)
    finally:
        os.close(found)


def taking_on(made: int) -> system.Call:
    """What takes these rules on, for good, in a process that can get no new privileges."""
    return system.ready("landlock_restrict_self", made, 0)
