"""Programs that look alike, by fingerprints as in Moss (Schleimer, Wilkerson, Aiken, "Winnowing", SIGMOD 2003).

copydetect reads the programs (names, texts and comments make no difference) and measures what two have in common; what the stub
gives, and what many wrote, is left out here. Every fingerprint is kept, so nothing is missed and each run finds the same.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import combinations
from typing import Any, Protocol, TypeVar

from grader.errors import UsageError

LONG_ENOUGH = 25  # characters of a fingerprint, names and texts counting one each: copydetect's own default
LEAST_SHARED = 60  # of those; less than that two people write alike by chance
LEAST_SHARE = 0.8
LARGEST = 64 << 10  # bytes of a program: what copydetect takes to read one grows with the square of its length
COMMON = 10  # Moss's own default: what more programs than that have is nobody's


@dataclass(frozen=True, slots=True)
class Alike:
    """Two programs on one exercise. `of_first` is the share of the first one's own code that the second has as well.

    `characters` is how much of the first one's that is; own code is what neither the stub nor many others have.
    """

    exercise: str
    first: str
    second: str
    of_first: float
    of_second: float
    characters: int


@dataclass(frozen=True, slots=True)
class Compared:
    """The programs of one exercise: those that are `alike`, and how many are `sharing` code that was left out as nobody's."""

    exercise: str
    alike: tuple[Alike, ...]
    sharing: int


Programs = Mapping[str, str | Sequence[str]]  # by learner: a text, or that of each attempt
_Key = tuple[str, int]  # learner, and which of their programs
T = TypeVar("T")


class Watched(Protocol):
    """The same items, one after the other."""

    def __call__(self, items: Sequence[T], what: str, /) -> Iterable[T]: ...


def _unwatched(items: Sequence[T], what: str) -> Iterable[T]:
    return items


def alike(
    exercise: str, programs: Programs, stub: str, *, least: float = LEAST_SHARE, common: int = COMMON
) -> tuple[Alike, ...]:
    """Those of `compare`."""
    return compare(exercise, programs, stub, least=least, common=common).alike


def compare(
    exercise: str,
    programs: Programs,
    stub: str,
    *,
    least: float = LEAST_SHARE,
    common: int = COMMON,
    watched: Watched = _unwatched,
) -> Compared:
    """The pairs of learners of whom either's program shares at least `least` with the other's, the most alike first.

    Of several attempts the two that are most alike stand for the pair; nobody is compared with themselves. `watched` is given
    what is read, and then what is compared, and says how far that is.
    Raises UsageError where copydetect is not installed.
    """
    library = _copydetect()
    read = {
        (learner, number): text
        for learner, texts in programs.items()
        for number, text in enumerate([texts] if isinstance(texts, str) else texts)
    }
    prints = {key: _fingerprint(library, read[key]) for key in watched([*read], f"{exercise}: reading")}
    owners = Counter(mark for _, mark in {(key[0], mark) for key, one in prints.items() for mark in one.hashes})
    given = _fingerprint(library, stub).hashes
    many = {mark for mark, count in owners.items() if count > common} - given
    sharing = len({key[0] for key, one in prints.items() if not many.isdisjoint(one.hashes)})
    theirs = given | many
    for one in prints.values():
        _leave_out(library, one, theirs)
    found = (
        _compared(library, exercise, pair, prints) for pair in watched(_candidates(prints), f"{exercise}: comparing")
    )
    kept = [one for one in found if max(one.of_first, one.of_second) >= least and one.characters >= LEAST_SHARED]
    kept.sort(key=lambda one: (-max(one.of_first, one.of_second), -one.characters, one.first, one.second))
    most = {(one.first, one.second): one for one in reversed(kept)}
    return Compared(exercise, tuple(one for one in kept if most[one.first, one.second] is one), sharing)


def _copydetect() -> Any:
    try:
        import copydetect
        import copydetect.utils
    except ImportError:
        raise UsageError(
            "comparing programs needs copydetect, which is not installed; "
            "install it with pip install 'asyncio-grader[similar]'"
        ) from None
    return copydetect


def _fingerprint(library: Any, text: str) -> Any:
    """With a window of 1 every fingerprint is kept: which ones a larger window drops hangs on the hashes of one process."""
    return library.CodeFingerprint("program.py", LONG_ENOUGH, 1, fp=StringIO(text), language="python")


def _leave_out(library: Any, one: Any, marks: set[Any]) -> None:
    """Done here because copydetect's own way goes wrong where a program has the same passage twice."""
    one.hashes = one.hashes - marks
    one.hash_idx = {mark: places for mark, places in one.hash_idx.items() if mark not in marks}
    one.token_coverage = library.utils.get_token_coverage(one.hash_idx, LONG_ENOUGH, len(one.filtered_code))


def _candidates(prints: Mapping[_Key, Any]) -> list[tuple[_Key, _Key]]:
    """Only pairs that share a fingerprint, of which none has many owners any more: a class is not compared each with each."""
    owners: dict[Any, list[_Key]] = {}
    for key in sorted(prints):
        for mark in prints[key].hashes:
            owners.setdefault(mark, []).append(key)
    every = {pair for keys in owners.values() for pair in combinations(keys, 2)}
    return sorted((one, other) for one, other in every if one[0] != other[0])


def _compared(library: Any, exercise: str, pair: tuple[_Key, _Key], prints: Mapping[_Key, Any]) -> Alike:
    first, second = pair
    characters, (of_first, of_second), _ = library.compare_files(prints[first], prints[second])
    return Alike(exercise, first[0], second[0], min(float(of_first), 1.0), min(float(of_second), 1.0), int(characters))


@dataclass(frozen=True, slots=True)
class Pair:
    """Two learners with all in which they are alike; `compared` exercises both of them handed in."""

    first: str
    second: str
    found: tuple[Alike, ...]
    compared: int


def pairs(found: Sequence[Alike], handed: Mapping[str, set[str]]) -> tuple[Pair, ...]:
    """By two learners, those first who are alike in most; `handed` has each learner's exercises."""
    groups: dict[tuple[str, str], list[Alike]] = {}
    for one in found:
        groups.setdefault((one.first, one.second), []).append(one)
    made = (
        Pair(first, second, tuple(group), len(handed[first] & handed[second]))
        for (first, second), group in groups.items()
    )
    return tuple(
        sorted(
            made,
            key=lambda pair: (-len(pair.found), -sum(one.characters for one in pair.found), pair.first, pair.second),
        )
    )
