"""Which level of isolation is had, what is said where one cannot be had, and that nothing is played where one does not hold."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from grader.cli import main
from grader.course.model import Limits
from grader.errors import GraderFault, UsageError
from grader.grading import grade
from grader.run import levels, resolved
from grader.run.child import Child
from grader.run.levels import ISOLATED, _Zygotes, level_of, why_not
from grader.run.limits import DEFAULTS
from grader.run.zygote import Died, Unavailable, Zygote
from tests.proof.the_course import EXERCISES, ROOT, reference
from tests.staging import staged, waiting

# what changes the process that tries it, or the machine
DEFINITE = ("execute a program", "make a namespace", "mount", "write into Python's library", "write elsewhere")
HONEST = b"async def main(op):\n    return await op(1, 'done')\n"


@pytest.fixture
def zygotes(monkeypatch: pytest.MonkeyPatch) -> Iterator[_Zygotes]:
    """A fresh process, as it were: none has been started."""
    fresh = _Zygotes()
    monkeypatch.setattr(levels, "_zygotes", fresh)
    yield fresh
    fresh.close()


@pytest.fixture(params=ISOLATED)
def level(request: pytest.FixtureRequest) -> str:
    name = str(request.param)
    if why_not(name):
        pytest.skip(f"isolation {name} cannot be had here: {why_not(name)}")
    return name


def result(level: str) -> object:
    child = Child(HONEST, "program.py", DEFAULTS, level_of(level))
    try:
        return child.run(staged(lambda world: [waiting(world)], records=("op",))).outcome.value
    finally:
        child.close()


# ---------------------------------------------------------------- which one


@pytest.mark.usefixtures("zygotes")
@pytest.mark.parametrize(
    ("missing", "found"), [((), "A"), (("A",), "B"), (("A", "B"), "none")], ids=["all", "no namespaces", "no Landlock"]
)
def test_a_child_has_the_best_level_that_there_is(
    missing: tuple[str, ...], found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(levels, "why_not", lambda level, packages=None: "it is not there" if level in missing else "")
    assert resolved("child") == found


@pytest.mark.usefixtures("zygotes")
@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_elsewhere_than_on_linux_there_is_none(system: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", system)
    assert resolved("child") == "none"
    assert result("child") == "done"
    with pytest.raises(
        UsageError, match=f"^isolation A cannot be had here: it is made for Linux, and this is {system}$"
    ):
        resolved("A")


def test_an_unknown_one_is_an_error_that_names_those_that_there_are() -> None:
    with pytest.raises(UsageError, match="^unknown isolation 'C'; use one of in-process, child, A, B, none$"):
        resolved("C")


def test_the_level_stands_in_the_verdict(level: str) -> None:
    exercise = EXERCISES["say-after"]
    verdict = grade(exercise, reference(exercise), isolation=level)
    assert (verdict.isolation, verdict.status) == (level, "passed")


# ---------------------------------------------------------------- what holds


def test_nothing_is_played_where_a_defence_does_not_hold(
    level: str, zygotes: _Zygotes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(level: str, packages: object = None) -> Zygote:
        return Zygote(level, without=["seccomp"])

    zygotes.close()
    monkeypatch.setattr(levels, "Zygote", broken)
    with pytest.raises(
        GraderFault, match=f"isolation {level} does not hold on this machine, so nothing is played"
    ) as raised:
        level_of(level)
    done = ("fork", "share memory", "open a unix socket", "make a file in memory")
    assert [name for name in done if name not in str(raised.value)] == []


def test_what_can_be_done_outside_of_a_job_is_found_out(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("")
    code = f"from grader.isolation import probes; print(*probes.succeeded([{str(secret)!r}], {DEFINITE!r}), sep='\\n')"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, env=environment)
    found = set(done.stdout.splitlines())
    assert {
        f"read {secret}",
        "read /etc/passwd",
        "fork",
        "open a network socket",
        "share memory",
        "make a link",
    } <= found


KEEPING = b"""
async def main(op):
    import tempfile
    with tempfile.TemporaryFile("w+") as file:
        file.write("kept")
        file.seek(0)
        return file.read()
"""


def test_temporary_files_are_written_where_anything_can_be(level: str) -> None:
    child = Child(KEEPING, "program.py", DEFAULTS, level_of(level))
    try:
        outcome = child.run(staged(lambda world: [waiting(world)], records=("op",))).outcome
    finally:
        child.close()
    if level == "A":
        assert (outcome.kind, outcome.value) == ("result", "kept")
    else:
        assert outcome.failure is not None
        assert "No usable temporary directory" in outcome.failure.message


# ---------------------------------------------------------------- what lasts


@pytest.mark.usefixtures("zygotes")
def test_a_zygote_that_died_is_replaced(level: str, zygotes: _Zygotes) -> None:
    assert result(level) == "done"
    zygote = zygotes.zygote(level, {})
    os.kill(zygote._process.pid, signal.SIGKILL)
    zygote._process.wait()
    assert result(level) == "done"
    assert zygotes.zygote(level, {}) is not zygote


def test_zygotes_that_die_again_and_again_are_given_up(zygotes: _Zygotes, monkeypatch: pytest.MonkeyPatch) -> None:
    class Dying:
        def __init__(self, level: str, packages: object) -> None: ...
        def probe(self, secrets: object) -> list[str]:
            return []

        def start(self, limits: Limits) -> None:
            raise Died

        def close(self) -> None: ...

    monkeypatch.setattr(levels, "Zygote", Dying)
    with pytest.raises(GraderFault, match="^isolation A was lost: the process that forks died 3 times$"):
        zygotes.job("A", {}, DEFAULTS)


def test_a_fork_has_zygotes_of_its_own(level: str, zygotes: _Zygotes) -> None:
    ours = zygotes.zygote(level, {})
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            other = zygotes.zygote(level, {})
            os.write(write, b"other" if other is not ours and result(level) == "done" else b"same")
            zygotes.close()
        finally:
            os._exit(0)
    os.close(write)
    with open(read, "rb") as answer:
        assert answer.read() == b"other"
    os.waitpid(child, 0)
    assert result(level) == "done"


def test_a_reason_is_asked_for_once(zygotes: _Zygotes, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []

    def missing(level: str, packages: object) -> Zygote:
        tried.append(level)
        raise Unavailable("the kernel has no Landlock, or it is switched off")

    monkeypatch.setattr(levels, "Zygote", missing)
    for _ in range(2):
        assert zygotes.why_not("A", {}) == "the kernel has no Landlock, or it is switched off"
    assert tried == ["A"]


class Slow:
    """A process that forks, as it were, which takes its time to get ready."""

    def __init__(self, level: str, packages: object, *, soon: bool = False):
        self.said = ["begun soon" if soon else "begun"]
        started.append(self)

    def wait(self) -> None:
        self.said.append("waited for")

    def probe(self, secrets: object) -> list[str]:
        return []

    def abandon(self) -> None:
        self.said.append("abandoned")

    def close(self) -> None: ...


started: list[Slow] = []


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Slow]]:
    monkeypatch.setattr(levels, "Zygote", Slow)
    monkeypatch.setattr(sys, "platform", "linux")
    yield started
    started.clear()


def test_one_that_was_begun_is_waited_for_where_it_is_needed_and_no_other_is_started(
    zygotes: _Zygotes, slow: list[Slow]
) -> None:
    for _ in range(2):
        levels.begin("child")
    assert [each.said for each in slow] == [["begun soon"]]
    assert why_not("A") == ""
    assert [each.said for each in slow] == [["begun soon", "waited for"]]


def test_one_that_nobody_needed_ends_with_this_process(zygotes: _Zygotes, slow: list[Slow]) -> None:
    levels.begin("B")
    zygotes.close()
    assert [each.said for each in slow] == [["begun soon", "abandoned"]]


def test_nothing_is_begun_where_no_level_is_asked_for(zygotes: _Zygotes, slow: list[Slow]) -> None:
    levels.begin("none")
    levels.begin("in-process")
    assert not slow


def test_a_job_is_gone_when_it_is_stopped(level: str, zygotes: _Zygotes) -> None:
    job = zygotes.job(level, {}, DEFAULTS)
    held = os.dup(job._process)
    job.stop()
    job.stop()  # twice does no harm
    ended = select.poll()
    ended.register(held, select.POLLIN)
    assert ended.poll(0)
    os.close(held)


STARTING = """
import sys
from grader.run.levels import _zygotes
from grader.run.limits import DEFAULTS
job = _zygotes.job(sys.argv[1], {}, DEFAULTS)
print("started", flush=True)
sys.stdin.read()
"""


def descendants(process: int) -> list[int]:
    found = []
    for children in Path(f"/proc/{process}/task").glob("*/children"):
        for child in map(int, children.read_text().split()):
            found += [child, *descendants(child)]
    return found


def test_nothing_is_left_of_a_grader_that_is_killed(level: str) -> None:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", STARTING, level]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment) as grader:
        assert grader.stdout is not None
        assert grader.stdout.readline() == "started\n"
        left = [os.pidfd_open(process) for process in descendants(grader.pid)]
        assert len(left) >= 2  # the zygote and the job
        grader.kill()
    for descriptor in left:
        ended = select.poll()
        ended.register(descriptor, select.POLLIN)
        assert ended.poll(30_000)
        os.close(descriptor)


# ---------------------------------------------------------------- the command


def graded(tmp_path: Path, *options: str) -> Result:
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "ann.py").write_bytes(reference(EXERCISES["say-after"]))
    words = ["grade", str(tmp_path / "class"), "--out", str(tmp_path / "out"), "--exercise", "say-after", "--jobs", "1"]
    return CliRunner().invoke(main, ["--course", str(ROOT), *words, *options])


def test_a_class_that_requires_isolation_is_not_graded_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(levels, "why_not", lambda level, packages=None: "" if level == "none" else "it is not there")
    done = graded(tmp_path, "--require-isolation", "B")
    assert done.exit_code == 2
    assert "isolation B is required, and it would be none: it is not there" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_class_that_asks_for_less_than_it_requires_is_not_graded(tmp_path: Path) -> None:
    done = graded(tmp_path, "--require-isolation", "A", "--isolation", "none")
    assert done.exit_code == 2
    assert "isolation A is required, and it would be none: leave out --isolation" in done.stderr


def test_who_asks_for_no_isolation_is_told_what_it_is_for(tmp_path: Path) -> None:
    done = graded(tmp_path, "--isolation", "none")
    assert done.exit_code == 0, done.output
    assert "grader: isolation none: grade so only programs that you trust (docs/isolation.md)\n" in done.stderr
    assert "cannot be had" not in done.stderr


def test_without_isolation_it_is_said_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(levels, "why_not", lambda level, packages=None: "" if level == "none" else f"no {level}")
    done = graded(tmp_path)
    assert done.exit_code == 0, done.output
    assert "grader: isolation A cannot be had here: no A\n" in done.stderr
    assert "grader: isolation none: grade so only programs that you trust (docs/isolation.md)\n" in done.stderr
    assert '"isolation":"none"' in (tmp_path / "out" / "verdicts.jsonl").read_text()


def test_a_better_level_than_is_required_will_do(tmp_path: Path) -> None:
    if why_not("A"):
        pytest.skip(f"isolation A cannot be had here: {why_not('A')}")
    done = graded(tmp_path, "--require-isolation", "B")
    assert done.exit_code == 0, done.output
    assert '"isolation":"A"' in (tmp_path / "out" / "verdicts.jsonl").read_text()
