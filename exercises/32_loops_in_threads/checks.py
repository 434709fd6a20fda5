"""Whether each shard had a thread and a loop of its own: one computation at a time inside a shard, and all shards at once.

That the shards computed at the same time and each for itself alone is witnessed, and needs a thread for each. How many loops
there were is reported.
"""

from grader.ticks import to_seconds


def one_at_a_time(view):
    """Inside a shard no two computations at once: a thread that computes does nothing else."""
    for part in view.value("=parts"):
        rows = [row for row in _crunched(view) if row.key in part]
        for before, row in zip(rows, rows[1:]):
            if before.end is None or row.start < before.end:
                return (
                    f"crunch({row.key}) began at {to_seconds(row.start):g} s, while crunch({before.key}) of the same shard "
                    "still ran"
                )
    return None


def own_loops(view):
    """As many loops as shards, and with them all shards loading and computing beside each other."""
    if view.record.outcome.kind != "result":
        return "your function did not return, so its work was not done"
    shards = len(view.value("=shards"))
    loops = view.record.facts.loops
    if loops < shards:
        return f"there {'was 1 event loop' if loops == 1 else f'were {loops} event loops'} for {shards} shards"
    idle = _idle_shard(view)
    if idle is not None:
        return f"while other shards were at work, the one with {idle} was not"
    return one_at_a_time(view)


def _idle_shard(view):
    """An item of a shard that did not load, or did not compute, while all others did; None if there is none."""
    ledger = view.record.ledger
    loaded = [row for row in ledger.begun_before_return() if row.operation == "load"]
    if len({row.start for row in loaded}) > 1:
        return max(loaded, key=lambda row: row.start).key
    spans = [_first_and_last(view, part) for part in view.value("=parts")]
    begun, over = max(spans), min(spans, key=lambda span: span[1])
    return None if begun[0] < over[1] else view.value("=shards")[spans.index(begun)][0]


def _first_and_last(view, part):
    """From the beginning of a shard's first computation to the end of its last."""
    rows = [row for row in _crunched(view) if row.key in part]
    ended = [row.end for row in rows if view.record.ledger.done(row)]
    return (min(row.start for row in rows), max(ended)) if ended else (view.record.ledger.end, 0)


def _crunched(view):
    return [row for row in view.record.ledger.begun_before_return() if row.operation == "crunch"]
