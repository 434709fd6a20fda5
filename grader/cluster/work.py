"""What the command asks a worker of dask's to do. These functions travel by name: the worker has the grader itself.

Plain bytes come and go, and no exception: what a worker cannot do is in its report.
"""

import asyncio
import time
from collections.abc import Iterator

from distributed import get_worker

from grader.cluster.messages import Chunk, Hello, Ready, Report, packed, unpacked
from grader.cluster.seats import Seats
from grader.errors import GraderError

ENOUGH = 5.0  # real seconds, after which a chunk goes back
_seats = Seats()  # a worker's; dask runs several chunks at once in its threads


def course(content: bytes) -> bytes:
    """A task of its own, so that dask brings the course to each worker once, and makes it anew where it is lost."""
    return content


def grade_chunk(course: bytes, chunk: bytes) -> bytes:
    worker = get_worker().address
    try:
        order = unpacked(chunk, Chunk)
        report = Report(worker, tuple(_for_a_while(_seats.grade(order, course))))
    except Exception as error:
        report = Report(worker, failed=_described(error))
    return packed(report)


def _for_a_while(verdicts: Iterator[bytes]) -> Iterator[bytes]:
    """Programs that run away take long: what is done goes back, and the rest of the chunk is sent again."""
    until = time.monotonic() + ENOUGH
    for verdict in verdicts:
        yield verdict
        if time.monotonic() > until:
            return


async def hello(asked: bytes) -> bytes:
    """Who this worker is, and what it can do."""
    try:
        ready = await asyncio.to_thread(_seats.hello, unpacked(asked, Hello))
    except Exception as error:
        from grader.cluster.stamp import stamp

        ready = Ready(stamp(()), refused=_described(error))
    return packed(ready)


async def admit(resources: dict[str, float], dask_worker: object) -> None:
    """From now on the scheduler gives it chunks that ask for these."""
    await dask_worker.set_resources(**resources)  # type: ignore[attr-defined]


async def end(run: str) -> None:
    """Nobody waits any more for what is graded for this run."""
    await asyncio.to_thread(_seats.end, run)


def _described(error: Exception) -> str:
    return str(error) if isinstance(error, GraderError) else f"{type(error).__name__}: {error}"
