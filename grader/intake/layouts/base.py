"""What a layout is: how a platform names files and folders in a download, told from the names alone."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from grader.intake.kinds import is_program, module_of, stem
from grader.intake.model import Stray
from grader.intake.places import Places
from grader.intake.tree import File, Folder

POSSIBLE, LIKELY, SURE = 1, 2, 3
MOST, SOME = 0.8, 0.2  # of the entries: from `MOST` on they are a layout's, below `SOME` they are odd ones in another's


@dataclass(frozen=True, slots=True)
class Evidence:
    """How sure a layout is of a folder, and what it saw there, for people."""

    level: int
    why: str


@dataclass(frozen=True, slots=True)
class Person:
    """Who handed in, as a platform says it. `key` is the learner's id where no roster gives another.

    `ids` are all that may stand in a roster. `mashed` is a name without spaces and signs, family name first. With
    `maybe_group` the name can be a group's.
    """

    key: str
    name: str = ""
    email: str = ""
    ids: tuple[str, ...] = ()
    mashed: str = ""
    maybe_group: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A file of a delivery. `name` is how its learner called it; `loose`: it may be called anything, for it stood alone."""

    file: File
    name: str
    loose: bool = False


@dataclass(frozen=True, slots=True)
class Delivery:
    """What was handed in at once by one person, or by several together.

    `called` names it in the records. Deliveries with an `order` are attempts, in that order; those without are one together.
    `number` is the platform's number of the attempt, if it has one. `own` is the folder that links must not lead out of;
    without one every link does. `hint` is a name that may be an exercise's.
    """

    people: tuple[Person, ...]
    called: str
    pieces: tuple[Piece, ...]
    own: Folder | None = None
    order: str | None = None
    number: int | None = None
    submitted: datetime | None = None
    submitted_by: str = ""
    late: bool | None = None
    hint: str = ""


@dataclass(slots=True)
class Reading:
    """What a layout found. What is neither in a delivery, nor a stray, nor `used` (by name) is listed by who asked."""

    deliveries: list[Delivery] = field(default_factory=list)
    strays: list[Stray] = field(default_factory=list)
    used: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Setting:
    """What layouts may know: the names of the exercises' modules, whether one exercise was named, and the time zone.

    `places`: where a course says that its files lie; then a name alone does not make a file an exercise's. `books`: each
    exercise's unit and module, which are a folder and a notebook where the course was built for nbgrader.
    """

    modules: frozenset[str]
    one_exercise: bool = False
    zone: tzinfo | None = None
    places: Places | None = None
    books: frozenset[tuple[str, str]] = frozenset()

    def is_named(self, file: File) -> bool:
        if self.places is not None:
            return bool(self.places.elsewhere(file.name))
        return is_program(file.name) and module_of(stem(file.name)) in self.modules


@dataclass(frozen=True, slots=True)
class Layout:
    """`furniture` are names of hidden entries that belong to it and are not worth a line each."""

    name: str
    says: str
    sure: Callable[[Folder, Setting], Evidence | None]
    read: Callable[[Folder, Setting], Reading]
    furniture: frozenset[str] = frozenset()


def by_share(fits: int, of: int, level: int, why: str) -> Evidence | None:
    """`level` where most entries fit; where some do, hardly more than nothing, which makes two layouts a question."""
    if not fits or fits < SOME * of:
        return None
    return Evidence(level if fits >= MOST * of else POSSIBLE, f"{fits} of {of} entries are {why}")


def pieces(files: Iterable[File]) -> tuple[Piece, ...]:
    return tuple(Piece(file, file.name) for file in files)


def entries(top: Folder) -> Iterator[File | Folder]:
    yield from top.files
    yield from top.folders


def flat(entry: File | Folder) -> Iterator[File]:
    """The files of an entry that is a file or a folder."""
    if isinstance(entry, Folder):
        yield from entry.all_files()
    else:
        yield entry


def at_zone(moment: datetime, said_by: str, zone: tzinfo | None) -> tuple[datetime | None, str]:
    """A moment with its zone, or none and why."""
    if moment.tzinfo is not None:
        return moment, said_by
    if zone is None:
        return None, f"{said_by} says {moment.isoformat(' ')} and no time zone; name it with --time-zone"
    return moment.replace(tzinfo=zone), f"{said_by}, in {zone}"
