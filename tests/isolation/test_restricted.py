"""Machines that refuse something: which levels remain there, what is said, and that what is required is not left out.

The refusals are real: filters as a container has them, namespaces that allow no further ones, roots that may not all that root
may. Those that no test can have (an old kernel) answer as that one does.
"""

import errno
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.isolation.reasons import REASONS, attempt, explained
from grader.isolation.system import architecture
from tests.proof.the_course import EXERCISES, ROOT, reference

pytestmark = pytest.mark.skipif(architecture() is None, reason="the filters are made for x86-64 and aarch64")
ASKING = """
import json
from grader.run import levels
print(json.dumps([levels.why_not("A"), levels.why_not("B"), levels.resolved("child")]))
"""
DOCKER = {"unshare": errno.EPERM, "setns": errno.EPERM, "mount": errno.EPERM, "pivot_root": errno.EPERM}
LANDLOCK = "landlock_create_ruleset"


def ran(*command: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment, check=False, timeout=100)


def behind(calls: dict[str, int], *command: str) -> list[str]:
    return [sys.executable, "-m", "tests.isolation.restricted", json.dumps(calls), *command]


def asked(*command: str) -> tuple[str, str, str]:
    """Why A cannot be had there, why B, and what the best one is."""
    done = ran(*command)
    assert done.returncode == 0, done.stderr
    a, b, best = json.loads(done.stdout)
    return a, b, best


# by name: what is refused, why A and B cannot be had, and what remains
FORBIDDEN = (
    "unshare: Operation not permitted: namespaces are forbidden; in a container, start that with --security-opt "
)
REFUSED = {
    "Docker's own filter": (DOCKER, FORBIDDEN, "", "B"),
    "mounts alone": (
        {"mount": errno.EACCES},
        "mount /: Permission denied: nothing can be mounted, even in a namespace: AppArmor, or a container's filter",
        "",
        "B",
    ),
    "an old kernel": (
        {LANDLOCK: errno.ENOSYS},
        *2
        * ("landlock_create_ruleset: Function not implemented: the kernel is older than 5.13, or was built without",),
        "none",
    ),
    "Landlock switched off": (
        {LANDLOCK: errno.EOPNOTSUPP},
        *2 * ("landlock_create_ruleset: Operation not supported: Landlock is switched off; start the kernel with",),
        "none",
    ),
    "an old container": (
        DOCKER | {LANDLOCK: errno.EPERM},
        *2
        * ("landlock_create_ruleset: Operation not permitted: Landlock is forbidden, as by the filter of a container",),
        "none",
    ),
    "no filters": (
        {"seccomp": errno.EINVAL},
        *2
        * ("seccomp: Invalid argument: filters of system calls are forbidden, or the kernel has none; in a container",),
        "none",
    ),
}


QUICK = ("Docker's own filter",)


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in QUICK else pytest.mark.slow) for name in REFUSED]
)
def test_what_is_refused_is_named_with_what_to_do_and_the_best_that_remains_is_taken(name: str) -> None:
    calls, why_a, why_b, remains = REFUSED[name]
    a, b, best = asked(*behind(calls, sys.executable, "-c", ASKING))
    assert (a[: len(why_a)], b[: len(why_b)], best) == (why_a, why_b, remains)
    assert bool(b) == bool(why_b)


UNSHARE = shutil.which("unshare") or ""
LEFT = f"echo $0 > /proc/sys/user/max_user_namespaces; exec {sys.executable} -c '{ASKING}'"


@pytest.fixture
def namespaces() -> None:
    if not UNSHARE or subprocess.run([UNSHARE, "--user", "--map-root-user", "true"], check=False).returncode:
        pytest.skip("no namespaces can be had here")


@pytest.mark.usefixtures("namespaces")
@pytest.mark.parametrize(
    "left",
    [pytest.param("0", marks=pytest.mark.slow), "1"],
    ids=["none for the process that forks", "none for a job"],
)
def test_where_no_further_namespaces_are_allowed_the_sysctl_is_named(left: str) -> None:
    a, b, best = asked(UNSHARE, "--user", "--map-root-user", "sh", "-c", LEFT, left)
    assert a.startswith(
        "unshare: No space left on device: no further namespaces are allowed; set the sysctl user.max_user"
    )
    assert (b, best) == ("", "B")


@pytest.mark.slow
@pytest.mark.usefixtures("namespaces")
def test_who_is_root_in_name_only_has_all_that_an_ordinary_user_has() -> None:
    assert asked(UNSHARE, "--user", "--map-root-user", sys.executable, "-c", ASKING) == ("", "", "A")


def without(capability: str, *, passable: bool = False) -> list[str]:
    """Root without it, as a container has; `passable`: Python can be read by anybody."""
    if os.getuid() or not shutil.which("setpriv"):
        pytest.skip("these tests are not run by root")
    view = [sys.executable, "-m", "tests.isolation.as_user", "0"] if passable else []
    drop = [str(shutil.which("setpriv")), f"--bounding-set=-{capability}", f"--inh-caps=-{capability}"]
    return [*view, *drop, sys.executable, "-c", ASKING]


def test_root_of_a_container_that_is_not_kept_from_namespaces_has_level_a() -> None:
    assert asked(*without("sys_admin", passable=True)) == ("", "", "A")


@pytest.mark.parametrize("capability", ["setuid", pytest.param("setgid", marks=pytest.mark.slow)])
def test_root_who_cannot_become_nobody_plays_no_program_as_root(capability: str) -> None:
    a, b, best = asked(*without(capability))
    assert a == b
    assert a.startswith(
        "become nobody: Operation not permitted: root becomes an ordinary user before a program is played"
    )
    assert best == "none"


# ---------------------------------------------------------------- the command


def test_what_is_required_and_cannot_be_had_is_said_in_the_same_words_and_nothing_is_graded(tmp_path: Path) -> None:
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "ann.py").write_bytes(reference(EXERCISES["say-after"]))
    words = ["grade", str(tmp_path / "class"), "--out", str(tmp_path / "out"), "--exercise", "say-after"]
    grade = [sys.executable, "-m", "grader", "--course", str(ROOT), *words, "--require-isolation", "A"]
    done = ran(*behind(DOCKER, *grade))
    assert done.returncode == 2
    assert f"grader: isolation A is required, and it would be B: {FORBIDDEN}seccomp=unconfined" in done.stderr
    assert not (tmp_path / "out").exists()


# ---------------------------------------------------------------- the words


def test_each_reason_stands_in_the_documentation_with_what_to_do() -> None:
    table = " ".join((ROOT / "docs" / "isolation.md").read_text().replace("`", "").split())
    assert [reason.means for reason in REASONS if reason.means not in table] == []
    assert [reason.remedy for reason in REASONS if reason.remedy not in table] == []


def test_a_namespace_that_cannot_be_used_is_told_as_ubuntu_has_it() -> None:
    said = explained(attempt("setgroups", PermissionError(errno.EACCES, "")))
    assert said.startswith(
        "setgroups: Permission denied: a namespace of users can be made and not be used, as Ubuntu has it"
    )
    assert "kernel.apparmor_restrict_unprivileged_userns=0" in said


def test_what_is_known_of_no_machine_is_told_as_the_system_says_it() -> None:
    assert explained(attempt("pivot_root", OSError(errno.EBUSY, ""))) == "pivot_root: Device or resource busy"
    assert explained(ValueError("what now")) == "what now"
    assert explained(ValueError()) == "ValueError"
