"""The messages, as methods: what the runner may ask of the referee, and the events that come back.

`at`, `to`, `timer` and leases are ticks. A lease says how far the runner may move the clock alone: strictly before that
tick; None is without end. Ids and numbers come from one counter of the run and only grow.

Events, in the order in which they happened; `number` is that of the wait which ended, and orders equal ticks:

    ["end", tick, number, id, outcome]      outcome: ["ok", value] | ["error", name, message, base] | ["cancelled"]
    ["feed", tick, number, ref, data]       bytes (as latin-1 text) for a stream, None for its end, an outcome that is an
                                            error for a break; for those who connect to a server: a packed connection
    ["set", tick, number, ref, {name: value}]
    ["cancel", tick, number]                the case cancels the entry

Across a pipe any question may be answered by ["over", kind, detail]: the run went beyond a limit, and is to end.
"""

from typing import Any, Protocol

from grader.door.values import Packed

Lease = int | None
# in which loop (None: in none) and in which thread, by their numbers
Where = tuple[int | None, int]
OutcomePacked = list[Any]
EventPacked = list[Any]


class Door(Protocol):
    """Implemented by the referee itself in process, and by the pipe in a child."""

    def enter(self, at: int) -> None:
        """The entry is called now. One way. What the file did while it was loaded is not the entry's time."""

    def begin(
        self, at: int, id: int, ref: int, method: str, args: list[Packed], line: int | None, where: Where | None = None
    ) -> None:
        """An operation starts. One way: what ends it comes as an event. `where`: told only where the start asks for it."""

    def call(
        self, at: int, id: int, ref: int, method: str, args: list[Packed], line: int | None, where: Where | None = None
    ) -> tuple[OutcomePacked | None, Lease]:
        """A plain method: its outcome, or None where it parks the calling thread."""
        ...

    def cancel(self, at: int, id: int) -> bool:
        """Cancel an operation; True if it ended at once, False if its end comes as an event."""
        ...

    def block(self, at: int, to: int) -> Lease:
        """The loop's thread sleeps until `to`; events of that time wait for the next `idle`."""
        ...

    def idle(self, at: int, timer: int | None, number: int) -> tuple[int | None, Lease, list[EventPacked]]:
        """Nothing is ready before `timer`: the new tick (None: nothing can ever come), the lease, the events there."""
        ...

    def finish(self, at: int, how: str, value: Any) -> None:
        """The entry is over. One way. `value`: the packed result, or what is known of the failure."""


# how a run ends that ends while the file is imported, where it is graded as it is
AT_IMPORT = {
    "busy_loop": "import_limit",
    "livelock": "import_limit",
    "virtual_limit": "import_limit",
    "time_out": "import_time_out",
    "deadlock": "import_deadlock",
    "died": "import_died",
}
# what a runner says of a program that called what ends its process, and how that run has ended; with which of them it was
EXITS = {"exit": "died", "import_exit": "import_died"}
EXIT_CALLS = ("os._exit", "os.abort")
# what a runner says of the limit that a program met whose time passes: it waits, goes on a little, and waits again
SLEEPS = "sleeps"
# the exit status of a child that says nothing more: what ran there has left traces, and the next case needs a fresh one
USED = 75
# the module from which files that the exercise provides take its operations
OFFERED = "_exercise"
# those of a child's first start; behind one that has the same fields a start has no source, and not all that is as it was there
START_FIELDS = frozenset(
    {"source", "filename", "module", "entry", "kind", "args", "replaced", "ticker", "epoch", "seed", "limits"}
)
# what only some exercises need: how often the entry is called, what it has to give back, whether it is `told_where` (in which
# loop and thread) operations begin; and of files that are graded as they
# are the folder: its `files` (latin-1 texts by name) or the `path` where they lie, what of the exercise they are `offers`,
# `import_seconds`, the names of those that are the learner's `earlier` files, if any are, and by them the functions whose
# calls are `noted`. `home` and `codes` are the
# runner's own, for all cases of a submission. `foreseen` is the number of the sleep whose ends are known from its calls, with
# how many arguments it takes. `begins` is where the clock stands in the beginning, in seconds, if not at 0.
MORE_FIELDS = frozenset({"repeat", "returns", "told_where", "folder", "home", "codes", "foreseen", "begins"})
