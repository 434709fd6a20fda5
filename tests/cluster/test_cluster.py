"""Every file has one answer, whatever workers and schedulers do. The workers here are in this process, and do as told."""

import hashlib
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from threading import Event
from types import SimpleNamespace

import pytest

from grader.batch.grading import GoneError
from grader.batch.worker import Job, Terms, fault
from grader.cluster.messages import Chunk, File, Hello, Ready, Report
from grader.cluster.stamp import stamp
from grader.course.load import load_course
from grader.errors import UsageError
from grader.intake.model import Handed
from grader.verdict import decode, encode

pytest.importorskip("distributed", reason="needs dask.distributed: pip install 'asyncio-grader[cluster]'")

from distributed import KilledWorker

from grader.cluster import cluster as module
from grader.cluster import work
from grader.cluster.cluster import GOES_ON, Cluster
from tests.cluster.fakes import FakeClient, FakePlace, WorkerDo, able

COURSE = load_course(Path(__file__).parents[2])
SAY_AFTER = next(one for one in COURSE.exercises if one.slug == "say-after")
STAMP = stamp(())
ONE, TWO = "tcp://10.0.0.1:41", "tcp://10.0.0.2:42"


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No waiting: what is to come is there."""
    for name in ("TURN", "ANSWER", "PAUSE"):
        monkeypatch.setattr(module, name, 0)


@pytest.fixture
def jobs(tmp_path: Path) -> Callable[[int], list[Job]]:
    def made(count: int) -> list[Job]:
        found = []
        for number in range(count):
            path = tmp_path / f"{number}.py"
            path.write_text(f"# {number}\n")
            found.append(Job(Handed(f"l{number}", "say-after", str(path), path.name), SAY_AFTER, Terms(isolation="A")))
        return found

    return made


def verdict(file: File) -> bytes:
    """An error, which is the shortest verdict; it names its file."""
    handed = Handed(file.learner, file.exercise, "", file.name)
    return encode(fault(Job(handed, SAY_AFTER, Terms(isolation="A")), f"for {file.learner}"))


def right(worker: str, chunk: Chunk) -> Report:
    return Report(worker, tuple(map(verdict, chunk.files)))


def client_of(do: WorkerDo = right, workers: dict[str, int] | None = None) -> FakeClient:
    return FakeClient(workers or {ONE: 1, TWO: 1}, able(STAMP), do)


def cluster_of(*clients: FakeClient, told: list[str] | None = None, starts: bool = False) -> Cluster:
    place = FakePlace(list(clients), starts=starts)
    tell = (told if told is not None else []).append
    return Cluster(place, COURSE, [SAY_AFTER], isolation="child", required=None, tell=tell)


def said(cluster: Cluster, jobs: list[Job], *, alone: bool = False) -> dict[str, str]:
    """By learner, what the verdict says; each has one."""
    found: dict[str, str] = {}
    for job, (_, encoded) in cluster.graded(jobs, alone=alone):
        assert job.handed.learner not in found
        found[job.handed.learner] = decode(encoded).error
    return found


def all_right(jobs: list[Job]) -> dict[str, str]:
    return {job.handed.learner: f"for {job.handed.learner}" for job in jobs}


def killed() -> Exception:
    error: Exception = KilledWorker("task", None, 2)
    return error


# ---------------------------------------------------------------- as it should be


def test_each_file_has_its_own_answer_and_travels_in_a_chunk(jobs: Callable[[int], list[Job]]) -> None:
    client = client_of()
    assert said(cluster_of(client), jobs(100)) == all_right(jobs(100))
    assert len(client.sent) < 60
    assert sum(len(chunk.files) for chunk in client.sent) == 100


def test_the_digest_is_of_what_was_sent(jobs: Callable[[int], list[Job]]) -> None:
    [(_, (digest, _))] = cluster_of(client_of()).graded(jobs(1), alone=False)
    assert digest == hashlib.sha256(b"# 0\n").hexdigest()


def test_a_file_that_is_gone_is_answered_all_the_same(jobs: Callable[[int], list[Job]]) -> None:
    two = jobs(2)
    Path(two[0].handed.path).unlink()
    found = said(cluster_of(client_of()), two)
    assert found["l0"].startswith("FileNotFoundError: ")
    assert found["l1"] == "for l1"


def test_no_more_is_in_flight_than_keeps_the_workers_busy(jobs: Callable[[int], list[Job]]) -> None:
    client = client_of(lambda worker, chunk: None, {ONE: 2, TWO: 1})
    assert len(in_flight(client, jobs(200))) == 6


def in_flight(client: FakeClient, jobs: list[Job], *, alone: bool = False) -> list[Chunk]:
    """What was sent before anything came back."""
    before: list[Chunk] = []

    def leave() -> dict[str, int]:
        before.extend(client.sent)
        client.status = "lost"
        raise OSError("lost")

    cluster = cluster_of(client)
    client.nthreads = leave  # type: ignore[method-assign]
    with pytest.raises(GoneError):
        list(cluster.graded(jobs, alone=alone))
    return before


def test_never_more_than_a_few_hundred_chunks_are_in_flight(jobs: Callable[[int], list[Job]]) -> None:
    client = client_of(lambda worker, chunk: None, {ONE: 400})
    assert len(in_flight(client, jobs(310))) == module.MOST == 300


def test_what_is_to_be_alone_is_so_on_its_machine(jobs: Callable[[int], list[Job]]) -> None:
    workers = {"tcp://m:1": 1, "tcp://m:2": 1, "tcp://n:1": 1}
    sent = in_flight(client_of(lambda worker, chunk: None, workers), jobs(9), alone=True)
    assert [len(chunk.files) for chunk in sent] == [1, 1]
    used: list[str] = []

    def do(worker: str, chunk: Chunk) -> Report:
        used.append(worker)
        return right(worker, chunk)

    assert said(cluster_of(client_of(do, workers)), jobs(9), alone=True) == all_right(jobs(9))
    assert set(used) == {"tcp://m:1", "tcp://n:1"}


def test_at_the_end_the_workers_hear_that_it_is_over(jobs: Callable[[int], list[Job]]) -> None:
    client = client_of()
    cluster = cluster_of(client)
    said(cluster, jobs(1))
    said(cluster, jobs(1))
    assert len(set(client.over)) == 2  # each pass is a run of its own
    assert {chunk.run for chunk in client.sent} == set(client.over)
    cluster.close()
    assert client.closed


def test_what_is_in_flight_is_cancelled_when_it_is_broken_off(jobs: Callable[[int], list[Job]]) -> None:
    def do(worker: str, chunk: Chunk) -> Report | None:
        return right(worker, chunk) if chunk.files[0].learner == "l0" else None

    client = client_of(do)
    running = cluster_of(client).graded(jobs(50), alone=False)
    next(running)
    assert isinstance(running, Iterator)
    running.close()  # type: ignore[attr-defined]
    assert client.cancelled == 3
    assert len(client.over) == 1


# ---------------------------------------------------------------- workers that die


def test_a_file_that_kills_every_worker_is_an_error_alone(jobs: Callable[[int], list[Job]]) -> None:
    def do(worker: str, chunk: Chunk) -> Report | Exception:
        return killed() if any(file.learner == "l7" for file in chunk.files) else right(worker, chunk)

    found = said(cluster_of(client_of(do)), jobs(300))
    assert found.pop("l7") == "the process that graded this file died"
    assert found == {learner: text for learner, text in all_right(jobs(300)).items() if learner != "l7"}


def test_who_was_on_the_same_worker_is_tried_alone_before_it_is_blamed(jobs: Callable[[int], list[Job]]) -> None:
    seen: list[str] = []

    def do(worker: str, chunk: Chunk) -> Report | Exception:
        first = [file.learner for file in chunk.files if file.learner not in seen]
        seen.extend(first)
        return killed() if first and "l19" not in first else right(worker, chunk)  # the last one flies alone

    client = client_of(do)
    assert said(cluster_of(client), jobs(20)) == all_right(jobs(20))
    assert {len(chunk.files) for chunk in client.sent[-19:]} == {1}


def test_a_file_whose_process_died_each_time_does_not_sink_its_chunk(jobs: Callable[[int], list[Job]]) -> None:
    def do(worker: str, chunk: Chunk) -> Report:
        return Report(worker, tuple(b"" if file.learner == "l3" else verdict(file) for file in chunk.files))

    found = said(cluster_of(client_of(do)), jobs(300))
    assert found.pop("l3") == "the process that graded this file died"
    assert len(set(found.values())) == 299


# ---------------------------------------------------------------- workers that fail


def test_a_worker_that_fails_again_and_again_is_dismissed_and_told(jobs: Callable[[int], list[Job]]) -> None:
    told: list[str] = []

    def do(worker: str, chunk: Chunk) -> Report:
        return Report(worker, failed="no space left on device") if worker == ONE else right(worker, chunk)

    client = client_of(do)
    cluster = cluster_of(client, told=told)
    assert said(cluster, jobs(400)) == all_right(jobs(400))
    assert told == [f"{ONE}: no space left on device; it gets no more work"]
    assert cluster.session.crew.threads == {TWO: 1}


def test_a_worker_that_fails_once_in_a_while_is_kept(jobs: Callable[[int], list[Job]]) -> None:
    told: list[str] = []
    failed: list[str] = []

    def do(worker: str, chunk: Chunk) -> Report:
        name = chunk.files[0].learner
        if name.endswith("0") and name not in failed:
            failed.append(name)
            return Report(worker, failed="busy")
        return right(worker, chunk)

    assert said(cluster_of(client_of(do), told=told), jobs(100)) == all_right(jobs(100))
    assert failed
    assert told == []


def test_without_a_worker_that_can_it_ends_and_says_that_it_goes_on(jobs: Callable[[int], list[Job]]) -> None:
    told: list[str] = []
    client = client_of(lambda worker, chunk: Report(worker, failed="broken"), {ONE: 1})
    with pytest.raises(GoneError, match=f"^no worker is left that can grade; {GOES_ON}$"):
        said(cluster_of(client, told=told), jobs(400))
    assert told == [f"{ONE}: broken; it gets no more work"]


def test_a_file_that_no_worker_can_do_anything_with_is_an_error_alone(jobs: Callable[[int], list[Job]]) -> None:
    def do(worker: str, chunk: Chunk) -> Report | Exception:
        found = any(file.learner == "l9" for file in chunk.files)
        return ValueError("cannot be sent") if found else right(worker, chunk)

    found = said(cluster_of(client_of(do)), jobs(10))
    assert found.pop("l9") == "ValueError: cannot be sent"
    assert len(found) == 9


def test_what_took_too_long_for_one_chunk_is_sent_again(jobs: Callable[[int], list[Job]]) -> None:
    def do(worker: str, chunk: Chunk) -> Report:
        return Report(worker, right(worker, chunk).verdicts[:3])

    client = client_of(do)
    assert said(cluster_of(client), jobs(100)) == all_right(jobs(100))
    assert max(len(chunk.files) for chunk in client.sent) > 3


def test_a_chunk_that_takes_long_goes_back_with_what_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    verdicts = [b"one", b"two", b"three"]
    assert list(work._for_a_while(iter(verdicts))) == verdicts
    monkeypatch.setattr(work, "ENOUGH", -1)
    assert list(work._for_a_while(iter(verdicts))) == [b"one"]


@pytest.mark.parametrize("report", [Report(ONE, (b"",) * 99), Report(ONE, ())])
def test_a_report_that_does_not_fit_is_a_failure(jobs: Callable[[int], list[Job]], report: Report) -> None:
    def do(worker: str, chunk: Chunk) -> Report:
        return report if len(chunk.files) > 1 and not client.sent[1:] else right(worker, chunk)

    client = client_of(do)
    assert said(cluster_of(client), jobs(40)) == all_right(jobs(40))


# ---------------------------------------------------------------- schedulers that go


def gone_after(count: int, client_status: str = "lost") -> FakeClient:
    """The scheduler is gone when so many chunks have come."""

    def do(worker: str, chunk: Chunk) -> Report | None:
        if len(client.sent) > count:
            client.status = client_status
            return None
        return right(worker, chunk)

    client = client_of(do)
    return client


def test_a_scheduler_that_comes_back_costs_time_only(jobs: Callable[[int], list[Job]]) -> None:
    told: list[str] = []
    assert said(cluster_of(gone_after(4), client_of(), told=told), jobs(100)) == all_right(jobs(100))
    assert told == []


def test_a_scheduler_that_was_started_again_is_told(jobs: Callable[[int], list[Job]]) -> None:
    told: list[str] = []
    cluster = cluster_of(gone_after(4), client_of(), told=told, starts=True)
    assert said(cluster, jobs(100)) == all_right(jobs(100))
    assert told == ["the scheduler was gone and has been started again"]


def test_a_scheduler_that_stays_away_leaves_what_has_arrived(jobs: Callable[[int], list[Job]]) -> None:
    cluster = cluster_of(gone_after(4))
    arrived: list[str] = []
    coming = (job.handed.learner for job, _ in cluster.graded(jobs(100), alone=False))
    with pytest.raises(GoneError, match=f"^tcp://fake:8786: nobody answers; {GOES_ON}$"):
        arrived.extend(coming)
    assert len(arrived) == len(set(arrived)) > 0


def test_a_scheduler_that_is_gone_again_and_again_is_given_up(jobs: Callable[[int], list[Job]]) -> None:
    clients = [gone_after(0) for _ in range(9)]
    with pytest.raises(GoneError, match=f"^tcp://fake:8786: the scheduler is gone again and again; {GOES_ON}$"):
        said(cluster_of(*clients), jobs(10))
    assert [client.closed for client in clients].count(True) == module.TRIES


def test_workers_that_all_left_are_waited_for_and_then_do_the_work(jobs: Callable[[int], list[Job]]) -> None:
    def do(worker: str, chunk: Chunk) -> Report | None:
        if worker == ONE:
            client.workers = {TWO: 1}  # it leaves, and what it had is lost
            del client.resources[ONE]
            return None
        return right(worker, chunk)

    client = client_of(do, {ONE: 1})
    assert said(cluster_of(client), jobs(30)) == all_right(jobs(30))


def test_a_chunk_that_no_worker_has_any_more_is_sent_again(jobs: Callable[[int], list[Job]]) -> None:
    """One left while nobody else could have its chunk, and the other came before it was missed."""
    late: list[str] = []

    def do(worker: str, chunk: Chunk) -> Report | None:
        if chunk.files[0].learner == "l0" and not late:
            late.append(worker)
            del client.workers[worker]
            return None
        return right(worker, chunk)

    client = client_of(do)
    assert said(cluster_of(client), jobs(30)) == all_right(jobs(30))
    assert client.cancelled == 1


def test_workers_that_never_come_back_are_not_waited_for_for_ever(
    jobs: Callable[[int], list[Job]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0)

    def do(worker: str, chunk: Chunk) -> None:
        client.workers = {}

    client = client_of(do, {ONE: 1})
    with pytest.raises(GoneError, match=f"^no worker came for 0 s; {GOES_ON}$"):
        said(cluster_of(client), jobs(3))


def test_that_workers_are_waited_for_is_told_once_for_each_time(
    jobs: Callable[[int], list[Job]], monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds, told, there = count(), list[str](), {ONE: 1}
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: next(seconds), sleep=print))

    def do(worker: str, chunk: Chunk) -> Report | None:
        client.workers = {}
        return right(worker, chunk) if not told else None

    def tell(line: str) -> None:
        told.append(line)
        client.workers = dict(there) if len(told) < 2 else {}

    client = client_of(do, dict(there))
    cluster = Cluster(FakePlace([client]), COURSE, [SAY_AFTER], isolation="child", required=None, tell=tell)
    with pytest.raises(GoneError, match=f"^no worker came for 300 s; {GOES_ON}$"):
        said(cluster, jobs(100))
    assert told == ["no worker is there any more; others are waited for, 300 s at most"] * 2


def test_that_nothing_comes_back_is_told_once_until_something_does(
    jobs: Callable[[int], list[Job]], monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds, told, held = count(), list[str](), list[tuple[str, Chunk]]()
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: next(seconds), sleep=print))

    def do(worker: str, chunk: Chunk) -> Report | None:
        held.append((worker, chunk))
        return right(worker, chunk) if len(held) > 1 else None

    def tell(line: str) -> None:
        told.append(line)
        client.workers = {TWO: 1}  # the scheduler drops the one that hangs, and another comes

    client = client_of(do, {ONE: 1})
    cluster = Cluster(FakePlace([client]), COURSE, [SAY_AFTER], isolation="child", required=None, tell=tell)
    assert said(cluster, jobs(1)) == all_right(jobs(1))
    assert [line.partition(";")[0] for line in told] == ["nothing has come back for 120 s"]


# ---------------------------------------------------------------- at the beginning


def test_a_cluster_without_workers_is_refused() -> None:
    client = FakeClient({}, able(STAMP), right)
    with pytest.raises(UsageError) as refused:
        cluster_of(client)
    assert str(refused.value) == "tcp://fake:8786: it has no workers; start some with: dask worker tcp://fake:8786"
    assert client.closed


@pytest.mark.parametrize("answers", [False, True])
def test_who_does_not_answer_at_the_beginning_is_told_while_it_is_waited_for(
    answers: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SLOW", 60.0 if answers else 0.0)
    asked, told = Event(), list[str]()

    def ready(address: str, hello: Hello) -> Ready:
        assert answers or asked.wait(60)
        return Ready(STAMP, "A")

    def tell(line: str) -> None:
        told.append(line)
        asked.set()

    place = FakePlace([FakeClient({ONE: 1}, ready, right)])
    Cluster(place, COURSE, [SAY_AFTER], isolation="child", required=None, tell=tell).close()
    assert [line.partition(";")[0] for line in told] == ["not every worker has answered for 0 s"] * (not answers)


def test_a_scheduler_that_is_lost_at_once_is_told_in_a_line() -> None:
    client = client_of()
    client.status = "lost"
    with pytest.raises(GoneError) as refused:
        cluster_of(client)
    assert str(refused.value) == "tcp://fake:8786: the scheduler was lost (closed); see that it runs"
    assert refused.value.exit_code == 3


def test_a_cluster_of_another_kind_is_left_as_it_was() -> None:
    client = FakeClient({ONE: 1}, able(stamp(["pytest"])), right)
    client.ready = able(STAMP.__class__("9.9", "0", "3.0", {}))
    with pytest.raises(UsageError, match="^nothing was graded, because not every worker can do it:\n"):
        cluster_of(client)
    assert (client.closed, client.sent, client.resources) == (True, [], {})
