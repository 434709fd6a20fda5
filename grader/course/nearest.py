"""The nearest right word: what an author or a learner most likely meant."""

from collections.abc import Iterable

MOST = 500  # to choose from: each that is compared costs some hundred microseconds


def nearest(word: object, known: Iterable[str]) -> str | None:
    """The one of `known` that is most like `word`, or None if none is like it."""
    # Imported late: only a mistake needs it.
    from difflib import get_close_matches

    wanted, lowered = str(word).lower(), {name.lower(): name for name in sorted(known)}
    some = lowered if len(lowered) <= MOST else sorted(lowered, key=lambda name: _unlike(name, wanted))[:MOST]
    found = get_close_matches(wanted, some, 1, 0.6)
    return lowered[found[0]] if found else None


def _unlike(name: str, wanted: str) -> tuple[bool, bool, int]:
    """What is seen at a glance: one that begins or ends alike, and has about as many letters, is the likeliest."""
    return name != wanted, name[:2] != wanted[:2] and name[-2:] != wanted[-2:], abs(len(name) - len(wanted))


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """`; did you mean 'parallel'?`, else what there is to choose from, else nothing."""
    known = sorted(set(known))
    near = nearest(word, known)
    if near is not None:
        return f"; did you mean {near!r}?"
    return f"; choose from {', '.join(known)}" if known else ""
