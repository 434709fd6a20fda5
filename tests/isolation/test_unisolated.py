"""Level `none`: a program does not end the grader; if one can, the class is graded all the same; who it is if root grades."""

import json
import os
import shutil
import signal
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from grader.batch.begun import FOLDER, MOST, REFUSED, EndsTheGrader, forget, tidy, written_down
from grader.cli import main
from grader.course.model import Limits
from grader.isolation import seccomp, system
from grader.run import ordinary
from grader.run.levels import why_not
from grader.run.submitted import Submitted, identity
from tests.isolation.test_seccomp import ALLOW, BOTH, KILL, MARKS, number, steps
from tests.isolation.test_seccomp import REFUSED as NOT_PERMITTED
from tests.proof.the_course import EXERCISES, ROOT, reference
from tests.staging import in_child, staged, waiting

OWN = 4321
PROGRAM = reference(EXERCISES["first-await"])
DIGEST = identity(Submitted(PROGRAM), EXERCISES["first-await"])
UNSHARE = ("unshare", "--pid", "--fork", "--mount", "--mount-proc", "--kill-child")
SECOND = ("sh", "-c", '"$@"; exit $?', "sh")  # no signal from within ends the first process of a namespace


def answer(architecture: str, call: int, *args: int, mark: int | None = None) -> int:
    words = (call, MARKS[architecture] if mark is None else mark, 0, *(args + (0,) * 6)[:6])
    return steps(seccomp.alone(architecture, OWN), struct.pack("<IIQ6Q", *words))[-1]


# ---------------------------------------------------------------- the filter, computed


@BOTH
@pytest.mark.parametrize(
    "numbers",
    [(62, 129), (200, 130), (234, 131)],
    ids=["kill", "tkill", "tgkill"],
)
def test_a_process_signals_itself_and_nobody_else(numbers: tuple[int, int], architecture: str) -> None:
    call = number(architecture, *numbers)
    assert answer(architecture, call, OWN, 6) == ALLOW
    for other in (1, 0, OWN + 1, 2**32 - 1, 2**32 - OWN):
        assert answer(architecture, call, other, 9) == NOT_PERMITTED


@BOTH
def test_what_reaches_into_another_process_is_refused(architecture: str) -> None:
    for numbers in ((101, 117), (129, 138), (297, 240), (311, 271), (424, 424), (438, 438), (440, 440)):
        assert answer(architecture, number(architecture, *numbers), OWN) == NOT_PERMITTED


@BOTH
def test_only_ones_own_limits_can_be_set(architecture: str) -> None:
    prlimit = number(architecture, 302, 261)
    assert (answer(architecture, prlimit, 0), answer(architecture, prlimit, OWN)) == (ALLOW, ALLOW)
    assert answer(architecture, prlimit, 1) == NOT_PERMITTED


@BOTH
def test_nobody_else_is_signalled_by_way_of_a_descriptor(architecture: str) -> None:
    fcntl, ioctl = number(architecture, 72, 25), number(architecture, 16, 29)
    for refused in (8, 10, 15):
        assert answer(architecture, fcntl, 3, refused) == NOT_PERMITTED
    assert answer(architecture, fcntl, 3, 4) == ALLOW
    assert answer(architecture, ioctl, 3, 0x8901) == NOT_PERMITTED
    assert answer(architecture, ioctl, 3, 0x5401) == ALLOW


@BOTH
def test_all_else_is_allowed_and_calls_of_another_machine_end_the_process(architecture: str) -> None:
    for call in (0, 1, 41, 56, 57, 59, 221, 435):
        if call not in (62, 129, 200, 130):
            assert answer(architecture, call, 7) == ALLOW
    assert answer(architecture, 0, mark=0x40000003) == KILL
    assert answer(architecture, 0x40000000) == KILL


@BOTH
def test_it_does_not_stop_itself(architecture: str) -> None:
    kill, tkill, tgkill = (number(architecture, *each) for each in ((62, 129), (200, 130), (234, 131)))
    for stops in (signal.SIGSTOP, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU):
        assert answer(architecture, kill, OWN, stops) == NOT_PERMITTED
        assert answer(architecture, tkill, OWN, stops) == NOT_PERMITTED
        assert answer(architecture, tgkill, OWN, OWN, stops) == NOT_PERMITTED
    for goes_on in (0, signal.SIGTERM, signal.SIGKILL, signal.SIGALRM):
        assert answer(architecture, kill, OWN, goes_on) == ALLOW
        assert answer(architecture, tgkill, OWN, OWN, goes_on) == ALLOW
    assert answer(architecture, tgkill, OWN, signal.SIGSTOP, signal.SIGALRM) == ALLOW


STOPPING = """
import os, signal
async def main(op):
    try:
        os.kill(os.getpid(), signal.SIGSTOP)
    except PermissionError:
        return "goes on"
"""


@pytest.mark.skipif(system.architecture() is None, reason="there is no filter")
def test_a_program_that_would_stop_goes_on() -> None:
    limits = Limits(cpu_seconds=2, wall_seconds=5)
    outcome = in_child(STOPPING, staged(lambda world: [waiting(world)], limits=limits), limits, "none").outcome
    assert outcome.value == "goes on"


# ---------------------------------------------------------------- the grader outlives it


def graded(out: Path, how: str) -> subprocess.CompletedProcess[str]:
    command = [*UNSHARE, *SECOND, sys.executable, "-m", "tests.isolation.ending_the_grader", str(out), how]
    if os.getuid():
        command.insert(1, "--map-root-user")
    # what one leaves there that is ended is nobody's outside of its namespace
    own = {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": str(out)}
    environment = os.environ | own
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment, timeout=100, check=False)


@pytest.fixture(scope="module")
def apart() -> None:
    if shutil.which("unshare") is None or system.architecture() is None:
        pytest.skip("there is no unshare")
    if subprocess.run([*UNSHARE, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no namespace of processes can be had here")


@pytest.mark.usefixtures("apart")
def test_a_program_that_signals_every_process_costs_nobody_anything(tmp_path: Path) -> None:
    done = graded(tmp_path, "guarded")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"ann": "passed", "bob": "failed", "eve": "passed"}
    assert list((tmp_path / FOLDER).iterdir()) == []


@pytest.mark.slow
@pytest.mark.usefixtures("apart")
def test_where_nothing_stops_it_the_grader_is_ended_twice_and_then_goes_on_without_it(tmp_path: Path) -> None:
    for _ in range(MOST):
        done = graded(tmp_path, "bare")
        assert (done.returncode != 0, done.stdout) == (True, "")
    done = graded(tmp_path, "bare")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"ann": "passed", "bob": f"error {REFUSED}", "eve": "passed"}


# ---------------------------------------------------------------- plays, written down


def test_a_play_that_ends_leaves_nothing_however_it_ended(tmp_path: Path) -> None:
    with written_down(str(tmp_path), "ann", "say-after", "1"):
        assert len(list(tmp_path.iterdir())) == 1
    with pytest.raises(KeyboardInterrupt), written_down(str(tmp_path), "ann", "say-after", "1"):
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def begin_and_die(folder: Path, learner: str, source: str, exercise: str = "say-after") -> None:
    child = os.fork()
    if child == 0:
        with written_down(str(folder), learner, exercise, source):
            os._exit(0)  # as if it had been killed
    os.waitpid(child, 0)


def test_what_ended_the_grader_twice_is_not_played_until_all_is_graded_again(tmp_path: Path) -> None:
    folder = tmp_path / FOLDER
    begin_and_die(folder, "ann", "1")
    with written_down(str(folder), "ann", "say-after", "2"):
        pass  # another program of hers
    begin_and_die(folder, "ann", "1")
    with pytest.raises(EndsTheGrader), written_down(str(folder), "ann", "say-after", "1"):
        pytest.fail("it was played")
    with written_down(str(folder), "bob", "say-after", "1"):
        pass  # the same program, handed in by another
    tidy(folder)
    assert folder.exists()
    forget(folder)
    with written_down(str(folder), "ann", "say-after", "1"):
        pass
    tidy(folder)
    assert not folder.exists()


def test_where_no_program_can_end_the_grader_nothing_is_written_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with written_down("", "ann", "say-after", "1"):
        assert list(tmp_path.iterdir()) == []


# ---------------------------------------------------------------- who a program is

WHO = """
import ctypes, os
async def main(op):
    libc = ctypes.CDLL(None)
    try:
        os.setuid(0)
        back = True
    except OSError:
        back = False
    return [os.getuid(), os.geteuid(), os.getgid(), os.getgroups(), os.listdir("."), back]
"""
ASKING = """
import sys
from tests.isolation.test_unisolated import asked_who
print(asked_who())
"""


def asked_who() -> object:
    limits = Limits(cpu_seconds=2, wall_seconds=20)
    return in_child(WHO, staged(lambda world: [waiting(world)], limits=limits), limits, "none").outcome.value


def as_root(passable: bool) -> str:
    """What a program says of itself where root grades, and Python lies where others may pass, or may not."""
    command = [sys.executable, "-c", ASKING]
    if passable:
        command = [sys.executable, "-m", "tests.isolation.as_user", "0", *command]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


needs_root = pytest.mark.skipif(os.getuid() != 0, reason="these tests are not run by root")


@needs_root
def test_where_root_grades_a_program_is_nobody_for_good() -> None:
    assert as_root(passable=True) == "[65534, 65534, 65534, [], [], False]"


@needs_root
def test_where_nobody_else_can_read_python_it_stays_root_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(ordinary, "_can_play", lambda user, paths: False)
    monkeypatch.setattr(ordinary, "_HOME", str(tmp_path))
    assert ordinary.user_of_programs({}) is None
    tmp_path.parent.chmod(0o700)
    assert ordinary.why_root({}).startswith("programs run as root, because Python or the grader lies where /")
    assert ordinary.why_root({}).endswith(" is closed to other users; grade as an ordinary user")
    assert asked_who() == [0, 0, 0, os.getgroups(), [], True]


def test_an_ordinary_user_stays_who_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 1000)
    assert (ordinary.user_of_programs({}), ordinary.why_root({})) == (None, "")


@needs_root
def test_what_cannot_be_read_by_others_is_found_out_by_trying(tmp_path: Path) -> None:
    secret = tmp_path / "package.py"
    secret.write_text("")
    secret.chmod(0o600)
    assert not ordinary._can_play(65534, (str(secret),))


def class_of_two(tmp_path: Path, *options: str) -> Result:
    for name in ("ann", "bob"):
        (tmp_path / "class" / name).mkdir(parents=True, exist_ok=True)
        (tmp_path / "class" / name / "first_await.py").write_bytes(PROGRAM)
    words = ["grade", str(tmp_path / "class"), "--out", str(tmp_path / "out"), "--exercise", "first-await"]
    return CliRunner().invoke(main, ["--course", str(ROOT), *words, "--jobs", "1", *options])


@pytest.mark.slow
def test_a_class_is_graded_without_what_ended_the_grader_twice_and_with_it_when_all_is_graded_again(
    tmp_path: Path,
) -> None:
    plays = tmp_path / "out" / FOLDER
    for _ in range(MOST):
        begin_and_die(plays, "ann", DIGEST, "first-await")
    done = class_of_two(tmp_path, "--isolation", "none")
    assert done.exit_code == 3
    assert "grader: on 1 of them the grader itself failed; they are not marked" in done.stderr
    assert (tmp_path / "out" / "verdicts.jsonl").read_text().count(REFUSED) == 1
    done = class_of_two(tmp_path, "--isolation", "none", "--regrade")
    assert done.exit_code == 0, done.output
    assert REFUSED not in (tmp_path / "out" / "verdicts.jsonl").read_text()
    assert not plays.exists()


def test_where_programs_cannot_end_the_grader_nobody_is_passed_over(tmp_path: Path) -> None:
    if why_not("B"):
        pytest.skip(f"isolation B cannot be had here: {why_not('B')}")
    for _ in range(MOST):
        begin_and_die(tmp_path / "out" / FOLDER, "ann", DIGEST, "first-await")
    done = class_of_two(tmp_path, "--isolation", "B")
    assert done.exit_code == 0, done.output


ELSEWHERE = """
import errno, os, signal, socket, sys
for name in [name for name in dir(os) if name.startswith(("ST_", "CLONE_", "memfd", "pidfd", "O_PATH", "O_TMPFILE"))]:
    delattr(os, name)
for name in ("EUSERS", "EOPNOTSUPP"):
    vars(errno).pop(name, None)
sys.modules["pwd"] = None
sys.platform = "darwin"
import grader.run.levels, grader.isolation.unisolated
print(grader.run.levels.resolved("child"))
"""


def test_nothing_that_level_none_needs_is_linuxs_alone() -> None:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", ELSEWHERE], capture_output=True, text=True, env=environment, check=False
    )
    assert (done.stdout, done.stderr) == ("none\n", "")
