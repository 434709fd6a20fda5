"""Why a cell may have failed here and nowhere else: by a bound, by what isolation refuses, by what is not there.

What it reached for is told by the process that has run it, where a learner's program can make it look so; and what it asks for
that answers without an error is read in its text. All that comes of either is that somebody looks.
"""

import os
import re
import sys
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec

from grader.run.outside import DIED, Ran

# which a kernel is given beside those of whoever starts it
_OF_A_KERNEL = {
    "JPY_PARENT_PID",
    "JPY_SESSION_NAME",
    "MPLBACKEND",
    "TERM",
    "CLICOLOR",
    "FORCE_COLOR",
    "PAGER",
    "GIT_PAGER",
}
# of the ends of a test: where a kernel would go on, or has no such bound
_ONLY_HERE = {"livelock", "threads"}
_NAME = re.compile(r"[A-Za-z0-9]\w*")
# what answers without an error, and otherwise than where a kernel would run: functions, and words
_FUNCTIONS = (
    "which|getenv|expanduser|find_library|get_exec_path|getppid|getrlimit|gettempdirb?|getpreferredencoding|getencoding"
    "|guess_type|setlocale|raise_signal"
    # of another folder, on another disk
    "|cwd|getcwdb?|abspath|realpath|disk_usage|f?statvfs"
    # and what is refused, of which an audit hook does not hear
    "|mkfifo|mknod|memfd_create|pidfd_open|posix_fa(?:llocate|dvise)|copy_file_range|[gs]etpriority|fchdir"
    "|sched_(?:[gs]etparam|[gs]etscheduler|setaffinity)|getgroups|getlogin|getres[ug]id|[gs]etpgid|[gs]etsid|openpty|pwritev"
    "|preadv|killpg|initgroups"
)
_ASKS = re.compile(
    rf"(?<!\w)({_FUNCTIONS})\s*\(|(?<!\w)(environ\b(?!\s*\[)|ProcessPoolExecutor\b|importlib\.metadata\b)"
    r"|\b(Path\.home|sys\.executable|sys\.modules|gc\.isenabled|gc\.get_\w+|os\.(?:sep|path\.sep|pardir|path\.pardir|nice|sendfile|splice|chroot|set\w*[ug]id))\b"
)
# each test finds the builtins as they were
_CHANGES = re.compile(r"(?<![\w.])(builtins)\.(?!input\b)\w+[ \t]*=(?!=)")
_VARIABLES = re.compile(r"%(env)\b(?:[ \t]+[^\s=]+)?[ \t]*$", re.MULTILINE)
_OF_IPYTHON = re.compile(r"(?<!\w)(display_id\b|IPython\b(?!\.display\b))")
_HEARS_OF_MEMORY = hasattr(sys, "monitoring")
# the folder above, or what lies in this one where a kernel runs; what a text is split by is no folder
_ELSEWHERE = re.compile(
    r"""(?<!split\()(?<!partition\()['"](\.\.)(?:['"](?!\.join)|/[^'"\n]*['"])|\.(anchor|ipynb)\b|\.(absolute|resolve)\(\s*\)"""
)
_PATH = re.compile(r"""['"](/\w+)/?[^'"\n]*['"]""")
_INSTALLS = re.compile(
    r"!(?:\S+ -m )?pip3? install(?: -(?:q|U|qU|-quiet|-upgrade|-user))*"
    r"((?: [A-Za-z0-9][\w.-]*(?:\[[\w,-]+\])?(?:[=<>~!]=[\w.]+)?)+)\s*"
)
_VERSION = re.compile(r"[\[=<>~!]")
_LONGEST = 160


def of_a_learners(ran: Ran, number: int, text: str) -> str:
    """Why that cell of a learner's may not have done here what it does in a kernel; empty where nothing says so."""
    why = _gone(ran, number) or _stopped(ran, number) or refused(ran, number) or asks(text, shell=ran.shell)
    failed = any(one["output_type"] == "error" for one in ran.outputs.get(number, ()))
    return why or (
        "it asks for environ" if "environ[" in text and not failed else ""
    )  # else it has said which it misses


def of_a_test(ran: Ran, number: int) -> str:
    """The same of a test. One that takes all its time, or waits for what never comes, has no points in a kernel either."""
    gone = _gone(ran, number)
    if gone:
        return gone
    if number in ran.early and number in ran.ended:
        return f"{_stopped(ran, number)}: it had a tenth of its time, since an earlier cell took all of it there"
    return (_stopped(ran, number) if ran.ended.get(number) in _ONLY_HERE else "") or refused(ran, number)


def _gone(ran: Ran, number: int) -> str:
    """Of a cell that ended the process, and of one that was not run because too many did."""
    left_out = any(one.get("ename") == DIED for one in ran.outputs.get(number, ()))
    return ran.lost.get(number) or ("too many cells ended the process" if left_out else "")


def _stopped(ran: Ran, number: int) -> str:
    errors = [one["evalue"] for one in ran.outputs.get(number, ()) if one["output_type"] == "error"]
    return str(errors[-1]).removeprefix("not yet: ") if number in ran.ended and errors else ""


def refused(ran: Ran, number: int) -> str:
    """What that cell reached for that is not there, and is where a kernel would run; empty where there is no such thing."""
    found = (_said(kind, what) for kind, what in ran.reached.get(number, ()))
    return next((said[:_LONGEST] for said in found if said), "")


def asks(text: str, *, shell: bool = False) -> str:
    """What a cell asks for that is another thing where it was run, and is no error; its text is read, and never parsed.
    `shell`: IPython's own was there.
    """
    found = (
        _ASKS.search(text)
        or _ELSEWHERE.search(text)
        or _CHANGES.search(text)
        or _VARIABLES.search(text)
        or (None if shell else _OF_IPYTHON.search(text))
    )
    if found is not None:
        return f"it asks for {next(name for name in found.groups() if name)}"
    if not _HEARS_OF_MEMORY and "MemoryError" in text:
        return "it asks for MemoryError"
    paths = (path for path in _PATH.finditer(text) if os.path.lexists(path[1]))
    return next((f"it asks for {path[0][:80]}" for path in paths), "")


def _said(kind: str, what: str) -> str:
    match kind:
        case "module":
            return f"the module {what} is not there" if _is_module(what) else ""
        case "distribution":
            return f"the package {what} is not there" if _is_installed(what) else ""
        case "variable":
            return f"the variable {what} is not set" if what in os.environ or what in _OF_A_KERNEL else ""
    return "" if _is_done(what) else what


def _is_done(what: str) -> bool:
    """Of a command that installs what is installed."""
    found = _INSTALLS.fullmatch(what)
    return found is not None and all(_is_installed(_VERSION.split(name)[0]) for name in found[1].split())


def _is_module(name: str) -> bool:
    top = name.partition(".")[0]
    try:
        return _NAME.fullmatch(top) is not None and find_spec(top) is not None
    except (ImportError, ValueError):
        return False


def _is_installed(name: str) -> bool:
    try:
        distribution(name)
    except (PackageNotFoundError, ValueError):
        return False
    return True
