"""A scheduler and its workers in this process, which do at once what a test says."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from grader.cluster import work
from grader.cluster.messages import Chunk, Hello, Ready, Report, Stamp, packed, unpacked
from grader.errors import UsageError

WorkerDo = Callable[[str, Chunk], "Report | Exception | None"]


@dataclass(eq=False)
class FakeFuture:
    """Pending until it is told; `None` as an answer leaves it so."""

    key: str
    status: str = "pending"
    said: Any = None
    called: Callable[["FakeFuture"], None] | None = None

    def tell(self, said: "bytes | Exception | None") -> None:
        if said is not None:
            self.said, self.status = said, "error" if isinstance(said, Exception) else "finished"
            if self.called is not None:
                self.called(self)

    def add_done_callback(self, call: Callable[["FakeFuture"], None]) -> None:
        self.called = call
        if self.status != "pending":
            call(self)

    def result(self, timeout: float) -> Any:
        assert self.status == "finished"
        return self.said

    def exception(self, timeout: float) -> Any:
        return self.said


@dataclass(eq=False)
class FakeClient:
    """`workers` with their threads; `ready` is what one says of itself, `do` what it does with a chunk."""

    workers: dict[str, int]
    ready: Callable[[str, Hello], "Ready | Exception"]
    do: WorkerDo
    status: str = "running"
    resources: dict[str, dict[str, float]] = field(default_factory=dict)
    sent: list[Chunk] = field(default_factory=list)
    held: dict[str, str] = field(default_factory=dict)
    cancelled: int = 0
    over: list[str] = field(default_factory=list)
    closed: bool = False

    def nthreads(self) -> dict[str, int]:
        if self.status != "running":
            raise OSError("closed")
        return dict(self.workers)

    def scheduler_info(self, n_workers: int) -> dict[str, Any]:
        threads = self.nthreads().items()
        return {"workers": {at: {"nthreads": count, "resources": self.resources.get(at, {})} for at, count in threads}}

    def run(self, function: Any, argument: Any, *, workers: Iterable[str] = (), on_error: str) -> dict[str, Any]:
        if function is work.end:
            self.over.append(argument)
        elif function is work.admit:
            for address in workers:
                self.resources.setdefault(address, {}).update(argument)
        else:
            assert function is work.hello
            said = {at: self.ready(at, unpacked(argument, Hello)) for at in workers}
            return {at: one if isinstance(one, Exception) else packed(one) for at, one in said.items()}
        return {}

    def submit(self, function: Any, *args: Any, key: str, pure: bool, resources: dict[str, float]) -> FakeFuture:
        future = FakeFuture(key)
        if function is work.course:
            future.tell(args[0])
            return future
        if self.status != "running":
            raise OSError("closed")
        able = [at for at in self.workers if resources.keys() <= self._positive(at)]
        chunk = unpacked(args[1], Chunk)
        self.sent.append(chunk)
        worker = able[len(self.sent) % len(able)] if able else ""
        said = self.do(worker, chunk) if able else None
        if said is None:
            self.held[key] = worker
        future.tell(packed(said) if isinstance(said, Report) else said)
        return future

    def processing(self) -> dict[str, list[str]]:
        return {at: [key for key, worker in self.held.items() if worker == at] for at in self.workers}

    def _positive(self, address: str) -> set[str]:
        return {name for name, count in self.resources.get(address, {}).items() if count > 0}

    def cancel(self, futures: list[FakeFuture], force: bool) -> None:
        self.cancelled += len(futures)

    def close(self, timeout: float) -> None:
        self.closed = True


@dataclass
class FakePlace:
    """Gives one client after another; then nobody answers."""

    clients: list[FakeClient]
    address: str = "tcp://fake:8786"
    patience: float = 0.0
    starts: bool = False
    kept: int = 0

    def connect(self) -> FakeClient:
        if not self.clients:
            raise UsageError(f"{self.address}: nobody answers")
        return self.clients.pop(0)

    def keep(self) -> None:
        self.kept += 1

    def again(self) -> bool:
        return self.starts


def able(stamp: Stamp, level: str = "A", *reasons: str) -> Callable[[str, Hello], Ready]:
    """A worker that has all alike, and this level."""
    return lambda address, hello: Ready(stamp, level, reasons=reasons)
