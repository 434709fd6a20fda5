"""Why a level of isolation cannot be had: what the system refused, what that means, and what to do about it.

Told by the call and the error alone, so the same words come from a container, a sysctl or an old kernel that act alike.
"""

import errno
import os
from dataclasses import dataclass

from grader.isolation.system import Refused

_CONTAINER = "in a container, start that with --security-opt seccomp=unconfined"
_APPARMOR = "kernel.apparmor_restrict_unprivileged_userns=0"


@dataclass(frozen=True, slots=True)
class Reason:
    """`calls` are those that fail with one of `errors`, or with any where there are none."""

    calls: tuple[str, ...]
    errors: tuple[int, ...]
    means: str
    remedy: str


REASONS = (
    Reason(
        ("unshare",),
        (errno.ENOSPC, errno.EUSERS),
        "no further namespaces are allowed",
        "set the sysctl user.max_user_namespaces, and those beside it, to 10000 or more",
    ),
    Reason(
        ("unshare",),
        (errno.EPERM, errno.EACCES),
        "namespaces are forbidden",
        f"{_CONTAINER}; on a machine of its own, set the sysctl kernel.unprivileged_userns_clone=1",
    ),
    Reason(
        ("unshare", "setns"),
        (errno.EINVAL, errno.ENOSYS),
        "the kernel was built without namespaces",
        "use level B, or another kernel",
    ),
    Reason(
        ("setgroups", "uid_map", "gid_map"),
        (errno.EPERM, errno.EACCES),
        "a namespace of users can be made and not be used, as Ubuntu has it since 23.10",
        f"set the sysctl {_APPARMOR}, or give this Python an AppArmor profile that allows userns",
    ),
    Reason(
        ("mount", "umount2", "pivot_root"),
        (errno.EPERM, errno.EACCES),
        "nothing can be mounted, even in a namespace: AppArmor, or a container's filter, forbids it",
        f"in a container, start that with --security-opt apparmor=unconfined --security-opt seccomp=unconfined; on Ubuntu, "
        f"set the sysctl {_APPARMOR}",
    ),
    Reason(
        ("read",),
        (),
        "root becomes an ordinary user first, who cannot read what a program needs",
        "install Python and the grader where others can read them, or grade as an ordinary user",
    ),
    Reason(
        ("become nobody",),
        (),
        "root becomes an ordinary user before a program is played, and may not",
        "grade as an ordinary user (--user 1000), or leave the container the capabilities SETUID and SETGID",
    ),
    Reason(
        ("landlock_create_ruleset",),
        (errno.ENOSYS,),
        "the kernel is older than 5.13, or was built without Landlock",
        "use a newer kernel; in a container it is the machine's",
    ),
    Reason(
        ("landlock_create_ruleset",),
        (errno.EOPNOTSUPP,),
        "Landlock is switched off",
        "start the kernel with landlock among those of its parameter lsm=",
    ),
    Reason(
        ("landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self"),
        (errno.EPERM, errno.EACCES),
        "Landlock is forbidden, as by the filter of a container runtime of before 2022",
        f"use a newer one, or, {_CONTAINER}",
    ),
    Reason(("seccomp", "prctl"), (), "filters of system calls are forbidden, or the kernel has none", _CONTAINER),
    Reason(("/proc",), (), "/proc is not mounted", "mount it: mount -t proc proc /proc"),
)


_CALLS = frozenset(call for reason in REASONS for call in reason.calls)


def explained(error: BaseException) -> str:
    """What is known of it in one line; the error's own text where nothing is."""
    said = str(error) or type(error).__name__
    if not isinstance(error, Refused):
        return said
    for reason in REASONS:
        if error.what in reason.calls and (not reason.errors or error.errno in reason.errors):
            return f"{error.said}: {reason.means}; {reason.remedy}"
    return error.said


def attempt(what: str, error: OSError) -> Refused:
    """`error` as a refusal of `what`, which is one of the calls above."""
    number = error.errno or 0
    return Refused(number, f"{what}: {os.strerror(number)}", what if what in _CALLS else what.partition(" ")[0])
