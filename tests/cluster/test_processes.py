"""Clusters of real processes: the same records as on this machine, whoever is killed in the middle, and nothing left behind."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

import grader
from tests.cluster.conftest import Class
from tests.cluster.real import (
    NODE,
    ROOT,
    SEAT,
    Processes,
    ended,
    grade,
    records,
    scheduler,
    worker,
)

pytest.importorskip("distributed", reason="needs dask.distributed: pip install 'asyncio-grader[cluster]'")

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a system that forks and kills"),
    pytest.mark.timeout(300),
]
NO_ISOLATION = ("--isolation", "none")  # there a program can be heard of
LOOPBACK = ("127.0.0.1", "::1")


@pytest.fixture(autouse=True)
def _nobody_waits(class_: Class) -> Iterator[None]:
    yield
    class_.marker.unlink(missing_ok=True)


def node_of(started: Processes, seat: int) -> psutil.Process:
    """The worker of a cluster of ours in whose seat a program is played."""
    node = psutil.Process(psutil.Process(seat).ppid())
    assert seat in {one.pid for one in started.marked(SEAT)}
    assert node.pid in {one.pid for one in started.marked(NODE)}
    return node


def end_of(out: Path, before: str = "") -> str:
    return f"3 files of 3 learners graded{before}; the report is {out}/report/index.html\n"


@pytest.mark.slow
def test_a_cluster_comes_to_what_this_machine_comes_to(started: Processes, class_: Class, tmp_path: Path) -> None:
    address, _ = scheduler(started)
    worker(
        started, address, "--nthreads", "2"
    )  # with dask's own nanny, under which no process may have children of its own
    code, said, told = ended(grade(started, class_.folder, tmp_path, "--cluster", address))
    assert (code, said) == (0, end_of(tmp_path)), told
    assert "graded 3 of 3 (" in told
    assert ended(grade(started, class_.folder, tmp_path / "here"))[0] == 0
    assert records(tmp_path) == records(tmp_path / "here")
    assert started.left(SEAT) == []  # the workers are somebody else's; what was started there is gone


@pytest.mark.slow
def test_a_worker_and_the_scheduler_killed_in_the_middle_cost_time_only(
    started: Processes, class_: Class, tmp_path: Path, whole: list[bytes]
) -> None:
    class_.marker.touch()
    command = grade(started, class_.folder, tmp_path, "--cluster", "local:2", *NO_ISOLATION)
    first = node_of(started, class_.wait())
    addresses = {at.laddr.ip for one in started.marked(NODE) for at in one.net_connections() if at.status == "LISTEN"}
    assert addresses
    assert addresses <= set(LOOPBACK)
    first.kill()
    second = node_of(started, class_.wait())
    assert second.pid != first.pid
    oldest = min(started.marked(NODE), key=lambda node: node.create_time())
    assert NODE in oldest.cmdline()[-1]
    oldest.kill()  # the scheduler, which was there before the workers
    class_.wait()
    class_.marker.unlink()
    code, said, told = ended(command)
    assert (code, said) == (0, end_of(tmp_path)), told
    assert "grader: the scheduler was gone and has been started again\n" in told
    assert started.left() == []
    assert records(tmp_path) == whole


@pytest.mark.slow
def test_a_scheduler_that_dies_and_is_not_ours_leaves_what_has_arrived(
    started: Processes, class_: Class, tmp_path: Path, whole: list[bytes]
) -> None:
    address, process = scheduler(started)
    worker(started, address, "--nthreads", "1")
    class_.marker.touch()
    command = grade(started, class_.folder, tmp_path, "--cluster", address, *NO_ISOLATION)
    class_.wait()
    process.kill()
    code, said, told = ended(command)
    assert code == 3
    assert said == end_of(tmp_path).replace("3 files of 3 learners", "2 files")
    assert told.splitlines()[-1] == (
        f"grader: {address}: the scheduler cannot be reached (Connection refused); "
        "see that it runs, and that this is its address; "
        "what was graded is in the gradebook, and the same command goes on from there"
    )
    class_.marker.unlink()
    code, said, _ = ended(grade(started, class_.folder, tmp_path, *NO_ISOLATION))
    assert (code, said) == (0, end_of(tmp_path, ", 2 of them before"))
    assert records(tmp_path) == whole


@pytest.mark.slow
def test_ctrl_c_breaks_off_what_a_cluster_does_and_leaves_nothing_there(
    started: Processes, class_: Class, tmp_path: Path
) -> None:
    address, _ = scheduler(started)
    worker(started, address, "--nthreads", "1", "--no-nanny")
    class_.marker.touch()
    command = grade(started, class_.folder, tmp_path, "--cluster", address, *NO_ISOLATION)
    class_.wait()
    [program] = [child for seat in started.marked(SEAT) for child in seat.children()]
    for _ in range(5):
        os.killpg(command.pid, signal.SIGINT)
    code, _, told = ended(command)
    assert code == 130
    assert "Traceback" not in told
    assert "grader: interrupted; " in told
    assert (started.left(SEAT), program.is_running()) == ([], False)
    assert class_.marker.exists()  # it was broken off, and did not end


@pytest.mark.slow
@pytest.mark.parametrize("signal_", [signal.SIGINT, signal.SIGKILL])
def test_a_command_that_is_ended_takes_its_own_cluster_with_it(
    started: Processes, class_: Class, tmp_path: Path, signal_: signal.Signals
) -> None:
    class_.marker.touch()
    command = grade(started, class_.folder, tmp_path, "--cluster", "local:1", *NO_ISOLATION)
    class_.wait()
    os.killpg(command.pid, signal_)
    code, _, told = ended(command)
    assert code == (130 if signal_ == signal.SIGINT else -signal.SIGKILL)
    assert "Traceback" not in told
    assert started.left() == []


@pytest.mark.slow
def test_a_worker_that_has_another_grader_is_refused_by_name(started: Processes, class_: Class, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(ROOT / "grader", other / "grader", ignore=shutil.ignore_patterns("__pycache__"))
    init = other / "grader" / "__init__.py"
    assert f'"{grader.__version__}"' in init.read_text()
    init.write_text(init.read_text().replace(f'"{grader.__version__}"', '"0.0.9"'))
    address, _ = scheduler(started)
    worker(started, address, "--nthreads", "1", path=other)
    code, said, told = ended(grade(started, class_.folder, tmp_path, "--cluster", address))
    assert (code, said) == (2, "")
    first, second = told.splitlines()
    assert first == "grader: nothing was graded, because not every worker can do it:"
    assert second.startswith("tcp://127.0.0.1:")
    assert second.endswith(
        f": it has grader 0.0.9, and here is {grader.__version__}; "
        f"pip install 'asyncio-grader[cluster]=={grader.__version__}' there, and start it again"
    )
    assert list(tmp_path.iterdir()) == [other]


# ---------------------------------------------------------------- keys


def openssl(folder: Path, *options: str) -> None:
    subprocess.run(["openssl", *options], cwd=folder, check=True, capture_output=True)


def certificates(folder: Path, *names: str) -> dict[str, list[str]]:
    """For each name a key and a certificate that one authority has signed, as the page says it; as options."""
    folder.mkdir()
    new = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    openssl(folder, "req", "-x509", *new, "-days", "2", "-subj", "/CN=grading", "-keyout", "ca.key", "-out", "ca.pem")
    signed = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2")
    options = {}
    for name in names:
        openssl(folder, "req", "-new", *new, "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.csr")
        openssl(folder, "x509", "-req", "-in", f"{name}.csr", *signed, "-out", f"{name}.pem")
        files = [str(folder / file) for file in ("ca.pem", f"{name}.pem", f"{name}.key")]
        options[name] = ["--tls-ca", files[0], "--tls-cert", files[1], "--tls-key", files[2]]
    return options


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl to make certificates")
def test_a_cluster_that_wants_keys_serves_who_has_them_and_nobody_else(
    started: Processes, class_: Class, tmp_path: Path
) -> None:
    ours = certificates(tmp_path / "ours", "me", "scheduler", "worker")
    others = certificates(tmp_path / "others", "me")["me"]
    theirs = {
        name: [option.replace("--tls-ca", "--tls-ca-file") for option in options] for name, options in ours.items()
    }
    address, _ = scheduler(started, "--protocol", "tls", *theirs["scheduler"])
    assert address.startswith("tls://")
    worker(started, address, "--nthreads", "1", *theirs["worker"])
    code, _, told = ended(grade(started, class_.folder, tmp_path, "--cluster", address, *ours["me"]))
    assert code == 0, told
    assert len(records(tmp_path)) == 3
    code, said, told = ended(grade(started, class_.folder, tmp_path / "refused", "--cluster", address, *others))
    assert (code, said) == (2, ""), told
    assert told.startswith(f"grader: {address}: ")
    assert len(told.splitlines()) == 1
    assert not (tmp_path / "refused").exists()


def test_nobody_at_the_address_is_told_at_once(started: Processes, class_: Class, tmp_path: Path) -> None:
    code, said, told = ended(grade(started, class_.folder, tmp_path, "--cluster", "tcp://127.0.0.1:1"))
    assert (code, said) == (2, "")
    assert told == (
        "grader: tcp://127.0.0.1:1: the scheduler cannot be reached (Connection refused); "
        "see that it runs, and that this is its address\n"
    )
