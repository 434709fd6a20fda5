"""Which workers of the cluster grade for this run: those that were asked and give the same verdicts as this machine would.

Each worker that is admitted gets a resource of this run's kind, one for each of its threads, and chunks ask for that; so none
ever reaches a worker that was not asked, whenever it joins.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from grader.cluster import work
from grader.cluster.messages import Hello, Ready, Stamp, packed, unpacked
from grader.cluster.stamp import differences
from grader.errors import UsageError
from grader.run.levels import LEVELS

Tell = Callable[[str], None]
NEEDS_GRADER = "the grader is not installed there; pip install 'asyncio-grader[cluster]=={}' there, and start it again"


@dataclass(slots=True)
class Crew:
    """`isolation` is what is asked for until `muster` has found the level that all can have. `threads` by address.

    `refused` get no work; `apart` are those that what has to be alone on its machine is sent to.
    """

    client: Any
    stamp: Stamp
    isolation: str
    threads: dict[str, int] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    apart: set[str] = field(default_factory=set)
    warnings: list[str] = field(default_factory=list)

    @property
    def resource(self) -> str:
        kind = msgspec.json.encode((self.stamp, self.isolation))
        return f"grader-{hashlib.sha256(kind).hexdigest()[:12]}"

    @property
    def alone(self) -> str:
        """One worker of each machine has it."""
        return f"{self.resource}-alone"

    def machines(self) -> int:
        return len(set(map(machine, self.threads)))

    def muster(self, required: str | None) -> None:
        """Asks all that are there. Raises UsageError where one of them cannot do what is asked: nothing is graded then."""
        present = {address: one["nthreads"] for address, one in self._seen().items()}
        ready, problems = self._ask(present)
        problems += [
            f"{address}: isolation {required} is required, and it would be {one.level}; {'; '.join(one.reasons)}"
            for address, one in ready.items()
            if required and (one.level not in ("A", "B") or one.level > required)
        ]
        if problems:
            raise UsageError("\n".join(["nothing was graded, because not every worker can do it:", *problems]))
        level = max((one.level for one in ready.values()), key=LEVELS.index)
        if self.isolation == "child" and level == "none":
            reasons = (f"{at}: {reason}" for at, one in ready.items() if one.level == level for reason in one.reasons)
            self.warnings += [*reasons, "isolation none: grade so only programs that you trust (docs/isolation.md)"]
        self.isolation = level
        self._admit({address: present[address] for address in ready})

    def watch(self, tell: Tell) -> bool:
        """Admits who has joined, forgets who has left; whether anybody did."""
        seen = self._seen()
        present = {address: one["nthreads"] for address, one in seen.items()}
        able = {address for address, one in seen.items() if one["resources"].get(self.resource)}
        gone = self.threads.keys() - able
        self.threads = {address: count for address, count in self.threads.items() if address in able}
        self.apart &= able
        fresh = {at: count for at, count in present.items() if at not in self.refused and at not in self.threads}
        if fresh:
            ready, problems = self._ask(fresh)
            for problem in problems:
                tell(f"{problem}; it gets no work")
            self.refused |= fresh.keys() - ready.keys()
            self._admit({address: fresh[address] for address in ready})
        else:
            self._leave_one_alone()
        return bool(gone or fresh.keys() & self.threads.keys())

    def dismiss(self, address: str) -> None:
        """It gets no more work."""
        self.refused.add(address)
        if self.threads.pop(address, None) is not None:
            nothing = {self.resource: 0.0, self.alone: 0.0}
            self.client.run(work.admit, nothing, workers=[address], on_error="ignore")

    def _seen(self) -> dict[str, dict[str, Any]]:
        """As the scheduler sees them. One that was started again at its old address has none of its resources."""
        workers: dict[str, dict[str, Any]] = self.client.scheduler_info(n_workers=-1)["workers"]
        return workers

    def _ask(self, addresses: Iterable[str]) -> tuple[dict[str, Ready], list[str]]:
        """What those said that can do it, and why the others cannot."""
        hello = packed(Hello(self.isolation, tuple(self.stamp.packages)))
        said = self.client.run(work.hello, hello, workers=list(addresses), on_error="return")
        ready, problems = dict[str, Ready](), list[str]()
        for address, answer in sorted(said.items()):
            found = self._problems(answer)
            if isinstance(found, Ready):
                ready[address] = found
            else:
                problems.append(f"{address}: {found}")
        return ready, problems

    def _problems(self, answer: object) -> Ready | str:
        if isinstance(answer, Exception) and "No module named 'grader" in str(answer):
            return NEEDS_GRADER.format(self.stamp.grader)
        try:
            ready = unpacked(answer, Ready)
        except msgspec.DecodeError as error:
            return f"it gave no answer ({answer if isinstance(answer, Exception) else error})"
        here = msgspec.structs.replace(self.stamp, packages={}) if ready.refused else self.stamp
        problems = [*differences(here, ready.stamp), *filter(None, [ready.refused])]
        return "; ".join(problems) if problems else ready

    def _admit(self, threads: dict[str, int]) -> None:
        counts: dict[int, list[str]] = {}
        for address, count in threads.items():
            counts.setdefault(count, []).append(address)
        for count, addresses in counts.items():
            self.client.run(work.admit, {self.resource: float(count)}, workers=addresses, on_error="ignore")
        self.threads.update(threads)
        self._leave_one_alone()

    def _leave_one_alone(self) -> None:
        """So that what has to be alone is so on its machine."""
        self.apart &= self.threads.keys()
        served = set(map(machine, self.apart))
        first: dict[str, str] = {}
        for address in self.threads:
            first.setdefault(machine(address), address)
        fresh = [address for where, address in first.items() if where not in served]
        if fresh:
            self.client.run(work.admit, {self.alone: 1.0}, workers=fresh, on_error="ignore")
            self.apart.update(fresh)


def machine(address: str) -> str:
    """The host in `tls://10.0.0.7:43211`."""
    return address.partition("://")[2].rpartition(":")[0]
