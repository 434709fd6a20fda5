"""The nearest right word: what an author or a learner most likely meant."""

from collections.abc import Iterable


def nearest(word: object, known: Iterable[str]) -> str | None:
    """The one of `known` that is most like `word`, or None if none is like it."""
    # Imported late: only a mistake needs it.
    from difflib import get_close_matches

    found = get_close_matches(str(word).lower(), lowered := {name.lower(): name for name in sorted(known)}, 1, 0.6)
    return lowered[found[0]] if found else None


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """`; did you mean 'parallel'?`, else what there is to choose from, else nothing."""
    known = sorted(set(known))
    near = nearest(word, known)
    if near is not None:
        return f"; did you mean {near!r}?"
    return f"; choose from {', '.join(known)}" if known else ""
