"""A class graded on a cluster: every file has its answer, whatever becomes of workers and schedulers on the way.

A worker that dies costs what it had in hand, which goes elsewhere. A file whose worker dies again and again is tried alone, and
only it answers for that. Where the scheduler is gone and does not come back, what has arrived stands.
"""

import hashlib
import threading
import time
import uuid
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

import msgspec

from grader.batch.grading import GoneError
from grader.batch.worker import Answer, Job, fault
from grader.cluster import chunks
from grader.cluster.crew import Crew, Tell
from grader.cluster.messages import Report, unpacked
from grader.cluster.parcel import parcel
from grader.cluster.place import ANSWER, Place
from grader.cluster.session import RESULT, Flight, LostError, Parcel, Session, lost
from grader.cluster.stamp import stamp
from grader.course.model import Course, Exercise
from grader.errors import UsageError
from grader.grading.stamp import digest
from grader.grading.workers import told_once
from grader.verdict import encode

MOST = 300  # chunks in flight
TRIES = 3  # of a file at workers that fail, of a worker that fails, and of a scheduler that is gone again at once
TURN = 1.0  # real seconds between two looks at who is there
PAUSE = 0.5  # between two tries to find the scheduler again
PATIENCE = 300.0  # real seconds without any worker
MISSED = 5.0  # of them, after which that is told: workers that are started again are back by then
QUIET = 120.0  # in which something comes back wherever somebody works: a chunk is given back after seconds, a program is ended
SLOW = 15.0  # real seconds in which every worker answers, its first look at the grader and its isolation included
_DROPPED = (
    "one whose machine hangs is waited for until the scheduler drops it (worker-ttl, by default after five minutes)"
)
GOES_ON = "what was graded is in the gradebook, and the same command goes on from there"


class Cluster:
    """`isolation` is where programs run there; all workers that are used have it."""

    def __init__(
        self,
        place: Place,
        course: Course,
        exercises: Sequence[Exercise],
        *,
        isolation: str,
        required: str | None,
        tell: Tell,
    ):
        """Raises UsageError where there is no scheduler, no worker, or one that cannot do what is asked; GoneError where the
        scheduler goes meanwhile.
        """
        content = parcel(course, exercises)
        digests = {exercise.slug: digest(exercise) for exercise in exercises}
        self._place, self._tell = place, tell
        self._parcel = Parcel(content, hashlib.sha256(content).hexdigest(), digests)
        self._stamp = stamp(course.file.packages)
        self._session = self._opened(isolation)
        try:
            with lost():
                self._wait_for_workers()
                with _told_if_slow(tell):
                    self._session.crew.muster(required)
        except LostError as error:
            self.close()
            raise GoneError(f"{place.address}: the scheduler was lost ({error}); see that it runs") from None
        except BaseException:
            self.close()
            raise
        self.isolation = self._session.crew.isolation
        for line in self._session.crew.warnings:
            tell(line)

    def _opened(self, isolation: str) -> Session:
        client = self._place.connect()
        return Session(client, Crew(client, self._stamp, isolation), self._parcel, uuid.uuid4().hex)

    def _wait_for_workers(self) -> None:
        until = time.monotonic() + self._place.patience
        while not self._session.client.nthreads():
            if time.monotonic() > until:
                address = self._place.address
                raise UsageError(f"{address}: it has no workers; start some with: dask worker {address}")
            time.sleep(0.1)

    def close(self) -> None:
        self._session.close()

    def graded(self, jobs: Sequence[Job], *, alone: bool) -> Iterator[tuple[Job, Answer]]:
        """Each with its answer, in no order. With `alone` none beside another on one machine. Raises GoneError."""
        if not jobs:
            return
        self._session.run = uuid.uuid4().hex  # what was over for the last pass is not for this one
        with told_once():
            try:
                yield from _Work(self, jobs, alone).done()
            finally:
                self._session.over()

    # ---------------------------------------------------------------- what a run needs of it

    @property
    def session(self) -> Session:
        return self._session

    @property
    def address(self) -> str:
        return self._place.address

    def tell(self, line: str) -> None:
        self._tell(line)

    def keep(self) -> None:
        self._place.keep()

    def reopen(self) -> None:
        """Speaks with the scheduler anew, if it comes back. Raises GoneError where nobody answers any more."""
        self._session.close()
        until = time.monotonic() + ANSWER
        while True:
            try:
                if self._place.again():
                    self.tell("the scheduler was gone and has been started again")
                self._session = self._opened(self.isolation)
                return
            except UsageError as error:
                if time.monotonic() >= until:
                    raise GoneError(f"{error}; {GOES_ON}") from None
                time.sleep(PAUSE)


@contextmanager
def _told_if_slow(tell: Tell) -> Iterator[None]:
    """A worker whose machine hangs is waited for as long as the scheduler believes in it."""
    timer = threading.Timer(SLOW, tell, [f"not every worker has answered for {SLOW:g} s; {_DROPPED}"])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


class _Work:
    """One pass over some jobs."""

    def __init__(self, cluster: Cluster, jobs: Sequence[Job], alone: bool):
        self._cluster, self._alone = cluster, alone
        self._left, self._suspects = deque(jobs), deque[Job]()
        self._tries: Counter[int] = Counter()  # of a job that a worker failed on, by id
        self._strikes: Counter[str] = Counter()  # of a worker
        self._reopened = 0  # times in a row
        self._looked = self._seen = time.monotonic()  # when who is there was looked at; when there was somebody
        self._heard = self._looked  # when something came back
        self._missed = self._quiet = False  # whether it was told that nobody is there, and that nothing comes back

    def done(self) -> Iterator[tuple[Job, Answer]]:
        while self._left or self._suspects or self._session.flying:
            try:
                yield from self._turn()
            except LostError:
                self._take_back()
                self._reopen()

    @property
    def _session(self) -> Session:
        return self._cluster.session

    def _turn(self) -> Iterator[tuple[Job, Answer]]:
        yield from self._send()
        for flight in self._session.arrived(TURN):
            self._heard, self._quiet = time.monotonic(), False
            yield from self._landed(flight)
        self._session.check()
        if time.monotonic() - self._looked >= TURN:
            self._look()
            self._looked = time.monotonic()

    # ---------------------------------------------------------------- there

    def _send(self) -> Iterator[tuple[Job, Answer]]:
        """As much as keeps everybody busy; answers what cannot be sent."""
        crew, flying = self._session.crew, self._session.flying
        while crew.threads and len(flying) < self._most() and (jobs := self._next()):
            work, unreadable = chunks.read(jobs, self._cluster.isolation)
            yield from unreadable
            if work:
                wanted = {crew.resource: 1.0} | ({crew.alone: 1.0} if self._alone else {})
                flight = Flight(work, alone=len(jobs) == 1 and not self._left and not flying)
                try:
                    self._session.send(flight, wanted)
                except LostError:
                    self._back(flight)
                    raise

    def _most(self) -> int:
        crew = self._session.crew
        if self._alone:
            return crew.machines()
        return min(MOST, 2 * sum(crew.threads.values())) if self._left else 1

    def _next(self) -> list[Job]:
        """Suspects last, each by itself when all else has landed."""
        if self._left:
            return (
                [self._left.popleft()]
                if self._alone
                else chunks.take(self._left, sum(self._session.crew.threads.values()))
            )
        return [self._suspects.popleft()] if self._suspects and not self._session.flying else []

    # ---------------------------------------------------------------- and back

    def _landed(self, flight: Flight) -> Iterator[tuple[Job, Answer]]:
        status = flight.future.status
        if status == "finished":
            yield from self._read(flight)
        elif status == "error":
            yield from self._erred(flight)
        else:  # cancelled: the scheduler is gone, or forgot us
            self._back(flight)

    def _read(self, flight: Flight) -> Iterator[tuple[Job, Answer]]:
        try:
            with lost():
                said = flight.future.result(timeout=RESULT)
        except LostError:
            self._back(flight)
            raise
        try:
            report = unpacked(said, Report)
        except msgspec.DecodeError as error:
            report = Report("", failed=f"no report: {error}")
        if report.failed or not 0 < len(report.verdicts) <= len(flight.work):
            yield from self._failed(flight, report)
            return
        self._reopened = 0
        self._strikes.pop(report.worker, None)
        done, rest = flight.work[: len(report.verdicts)], flight.work[len(report.verdicts) :]
        self._left.extendleft(job for job, _ in reversed(rest))
        for (job, file), verdict in zip(done, report.verdicts, strict=True):
            course = self._session.parcel.digests[file.exercise]
            yield job, chunks.answer(job, file, verdict, self._session.crew.stamp, course, report.worker)

    def _erred(self, flight: Flight) -> Iterator[tuple[Job, Answer]]:
        from distributed import KilledWorker

        with lost():
            error = flight.future.exception(timeout=RESULT)
        if not isinstance(error, KilledWorker):
            yield from self._failed(flight, Report("", failed=f"{type(error).__name__}: {error}"))
        elif flight.alone:
            for job, file in flight.work:
                yield job, chunks.answer(job, file, b"", self._session.crew.stamp, "", "")
        else:
            self._suspects.extend(job for job, _ in flight.work)

    def _failed(self, flight: Flight, report: Report) -> Iterator[tuple[Job, Answer]]:
        """The worker could not do it. Another will, unless it is the file that no worker can do anything with."""
        said = report.failed or "its report does not fit what it was sent"
        if report.worker:
            self._strikes[report.worker] += 1
            if self._strikes[report.worker] == TRIES:
                self._dismiss(report.worker, said)
        for job, _ in flight.work:
            self._tries[id(job)] += 1
            if self._tries[id(job)] < TRIES:
                self._left.append(job)
            else:
                yield job, (None, encode(fault(job, f"{report.worker}: {said}".removeprefix(": "))))

    def _dismiss(self, worker: str, reason: str) -> None:
        self._cluster.tell(f"{worker}: {reason}; it gets no more work")
        with lost():
            self._session.crew.dismiss(worker)
        self._take_back()  # what waits there would wait for ever
        if not self._session.crew.threads:
            raise GoneError(f"no worker is left that can grade; {GOES_ON}")

    def _back(self, flight: Flight) -> None:
        self._left.extendleft(job for job, _ in reversed(flight.work))

    def _take_back(self) -> None:
        for flight in self._session.take_back():
            self._back(flight)

    # ---------------------------------------------------------------- who is there

    def _look(self) -> None:
        self._cluster.keep()
        with lost():
            changed = self._session.crew.watch(self._cluster.tell)
        if changed:
            for flight in self._session.strand():
                self._back(flight)
        now = time.monotonic()
        if self._session.crew.threads:
            self._seen, self._missed = now, False
        elif now - self._seen > PATIENCE:
            raise GoneError(f"no worker came for {PATIENCE:g} s; {GOES_ON}")
        elif now - self._seen > MISSED and not self._missed:
            self._missed = True
            self._cluster.tell(f"no worker is there any more; others are waited for, {PATIENCE:g} s at most")
        if self._session.crew.threads and now - self._heard > QUIET and not self._quiet:
            self._quiet = True
            self._cluster.tell(f"nothing has come back for {QUIET:g} s; {_DROPPED}")

    def _reopen(self) -> None:
        self._reopened += 1
        if self._reopened > TRIES:
            raise GoneError(f"{self._cluster.address}: the scheduler is gone again and again; {GOES_ON}")
        self._cluster.reopen()
        with suppress(LostError):
            self._look()
