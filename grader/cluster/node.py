"""A process of a cluster that was started here: a scheduler, or a worker with one thread and a core to itself.

It is told what it is on its standard input, and ends when that does.
"""

import asyncio
import json
import os
import threading
from dataclasses import dataclass
from typing import Any

LOOPBACK = "127.0.0.1"
FAILURES = 2  # workers that a chunk may outlive and be tried again
CONFIGURATION = {
    # no pages: what answers there asks nobody for a key
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    # nobody looks at these, and each worker takes them up to a hundred times a second
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "5s",
}
CLOSING = 3.0  # real seconds to end in order


@dataclass(frozen=True, slots=True)
class Settings:
    """`role` is scheduler or worker; `certificate` is its own authority, and `key` belongs to it."""

    role: str
    number: int
    scheduler: str
    folder: str
    certificate: str
    key: str


def main() -> None:
    line = bytearray()
    while not line.endswith(b"\n"):
        line += os.read(0, 1) or b"\n"
    settings = Settings(**json.loads(line))
    asyncio.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    import dask

    dask.config.set(CONFIGURATION)
    over = asyncio.Event()
    threading.Thread(target=_watch, args=(asyncio.get_running_loop(), over), daemon=True).start()
    async with _server(settings) as server:
        if settings.role == "scheduler":
            print(server.address, flush=True)
        ended = asyncio.ensure_future(server.finished())
        await asyncio.wait([ended, asyncio.ensure_future(over.wait())], return_when=asyncio.FIRST_COMPLETED)


def _watch(loop: asyncio.AbstractEventLoop, over: asyncio.Event) -> None:
    while os.read(0, 1):
        pass
    loop.call_soon_threadsafe(over.set)
    threading.Event().wait(CLOSING)
    os._exit(0)


def _server(settings: Settings) -> Any:
    from distributed import Scheduler, Worker
    from distributed.security import Security

    files = {f"tls_{role}_{kind}": text for role in ("scheduler", "worker", "client") for kind, text in _pair(settings)}
    security = Security(require_encryption=True, tls_ca_file=settings.certificate, **files)
    common = {"host": LOOPBACK, "dashboard_address": f"{LOOPBACK}:0", "dashboard": False, "security": security}
    if settings.role == "scheduler":
        return Scheduler(port=0, protocol="tls", allowed_failures=FAILURES, **common)
    _keep_to_a_core(settings.number)
    return Worker(
        settings.scheduler,
        nthreads=1,
        name=f"grader-{settings.number}-{os.getpid()}",
        memory_limit=0,
        local_directory=settings.folder,
        death_timeout=CLOSING,
        **common,
    )


def _pair(settings: Settings) -> tuple[tuple[str, str], tuple[str, str]]:
    return ("cert", settings.certificate), ("key", settings.key)


def _keep_to_a_core(number: int) -> None:
    """With its seat, as a worker of the local pool does."""
    if hasattr(os, "sched_setaffinity"):
        there = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {there[number % len(there)]})
