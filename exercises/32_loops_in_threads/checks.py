"""Whether each shard had a thread and a loop of its own: it computes one thing at a time, and beside all other shards.

That the shards computed at the same time and each for itself alone is witnessed, and needs a thread for each. In which loop and
in which thread an item was loaded is reported with each call.
"""

from grader.ticks import to_seconds

MAIN = 1  # the number of the thread that called the function


def one_at_a_time(view):
    """Inside a shard no two computations at once, and all in its thread: a thread that computes does nothing else."""
    return _beside(view) or _elsewhere(view)


def own_loops(view):
    """A loop for each shard, in a thread for each, in which all its items are loaded; and all shards at work beside each other."""
    if view.record.outcome.kind != "result":
        return "your function did not return, so its work was not done"
    loads = [_rows(view, "load", items) for items in view.value("=shards")]
    if not all(loads):
        return "not all shards were loaded"
    found = _torn(loads) or _shared(loads)
    if found is not None:
        return found
    return _late(loads) or _idle(view) or _beside(view) or _in_turn(view)


# ---------------------------------------------------------------- where the items of a shard were loaded


def _torn(loads):
    """A shard whose items were loaded in several loops, or in none."""
    for rows in loads:
        first = rows[0]
        if first.loop is None:
            return f"{_called(first)} was called where no event loop was running"
        other = next((row for row in rows if row.loop != first.loop), None)
        if other is not None:
            if first.line == other.line:
                calls = f"{first.label} by one and {_called(other)} by another"
            else:
                calls = f"{_called(first)} by one and {_called(other)} by another"
            return f"the items of one shard were loaded by several event loops: {calls}"
    return None


def _shared(loads):
    """Several shards that were loaded in one loop, or in one thread."""
    for what in ("loop", "thread"):
        places = [getattr(rows[0], what) for rows in loads]
        some = next((place for place in places if places.count(place) > 1), None)
        if some is not None:
            shards = [number for number, place in enumerate(places, 1) if place == some]
            rows = [row for number in shards for row in loads[number - 1]]
            return f"{_numbered(shards, len(loads))} loaded {_SHARED[what, rows[0].thread == MAIN]}{_in_lines(rows)}"
    return None


_SHARED = {
    ("loop", True): "by the same event loop, in the main thread",
    ("loop", False): "by the same event loop, in a thread that is not the main one",
    ("thread", True): "in the main thread, by one event loop after the other",
    ("thread", False): "in the same thread, by one event loop after the other",
}


def _numbered(shards, of):
    if len(shards) == of:
        return "both shards were" if of == 2 else f"all {of} shards were"
    return f"shards {' and '.join(map(str, shards))} of {of} were"


def _called(row):
    return f"{row.label}{_in_lines([row])}"


def _in_lines(rows):
    lines = sorted({row.line for row in rows if row.line is not None})
    if not lines:
        return ""
    return f" (line{'s' * (len(lines) > 1)} {', '.join(map(str, lines))})"


# ---------------------------------------------------------------- who computed, and when


def _beside(view):
    """Two computations of one shard at the same time."""
    for part in view.value("=parts"):
        rows = _rows(view, "crunch", part)
        for before, row in zip(rows, rows[1:]):
            if before.end is None or row.start < before.end:
                return (
                    f"crunch({row.key}) began at {to_seconds(row.start):g} s, while crunch({before.key}) of the same shard "
                    "still ran"
                )
    return None


def _elsewhere(view):
    """A computation in another thread than the one in which the item was loaded."""
    for items, part in zip(view.value("=shards"), view.value("=parts")):
        for item, data in zip(items, part):
            loaded = {row.thread for row in _rows(view, "load", [item])}
            strange = next((row for row in _rows(view, "crunch", [data]) if row.thread not in loaded), None)
            if strange is not None:
                return f"{_called(strange)} ran in another thread than load({item}), whose data it was given"
    return None


def _late(loads):
    """An item that was loaded after others: of its own shard, or of another that was at work before."""
    for rows in loads:
        late = next((row for row in rows if row.start > rows[0].start), None)
        if late is not None and late.key in [row.key for row in rows if row.start < late.start]:
            return f"{_called(late)} was called again at {to_seconds(late.start):g} s"
        if late is not None:
            return (
                f"{_called(late)} began at {to_seconds(late.start):g} s, and {rows[0].label} of the same shard at "
                f"{to_seconds(rows[0].start):g} s"
            )
    last = max((rows[0] for rows in loads), key=lambda row: row.start)
    return _AT_WORK.format(last.key) if any(rows[0].start < last.start for rows in loads) else None


_AT_WORK = "while other shards were at work, the one with {} was not"


def _idle(view):
    """A shard that did not compute while the others did."""
    spans = [_first_and_last(view, part) for part in view.value("=parts")]
    if None in spans:
        return "not all shards were crunched"
    begun, over = max(spans), min(spans, key=lambda span: span[1])
    return None if begun[0] < over[1] else _AT_WORK.format(view.value("=shards")[spans.index(begun)][0])


def _in_turn(view):
    """Shards that compute in turn, because each of them waits for what another computes: never all of them at once."""
    shards = [_rows(view, "crunch", part) for part in view.value("=parts")]
    rows = sorted((row for of in shards for row in of), key=lambda row: row.start)
    most = max(sum(any(_runs_at(row.start, one) for one in of) for of in shards) for row in rows)
    if most == len(shards):
        return None
    told = f"at most {most} of {len(shards)} shards computed at the same time"
    for row in rows:
        others = (one for of in shards if row not in of for one in of)
        before = next((one for one in others if one.end == row.start), None)
        if before is not None:
            at = to_seconds(row.start)
            return f"{told}: {_called(row)} began at {at:g} s, when {before.label} of another shard was over"
    return told


def _runs_at(tick, row):
    return row.start <= tick and (row.end is None or tick < row.end)


def _first_and_last(view, part):
    """From the beginning of a shard's first computation to the end of its last; None if none has ended."""
    rows = _rows(view, "crunch", part)
    ended = [row.end for row in rows if view.record.ledger.done(row)]
    return (min(row.start for row in rows), max(ended)) if ended else None


def _rows(view, operation, keys):
    return [row for row in view.record.ledger.begun_before_return() if row.operation == operation and row.key in keys]
