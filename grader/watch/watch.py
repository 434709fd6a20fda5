"""The watch: a save, a key or an answer, one after the other, and what is shown for each.

Whatever is wrong with a file, with the course or with the process that checks is told, and the watch goes on.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from grader.course.model import Exercise
from grader.errors import GraderError
from grader.feedback.characters import columns
from grader.feedback.colour import Paint, Tone
from grader.feedback.message import compose
from grader.verdict import Verdict, decode
from grader.watch.files import Files
from grader.watch.keys import REDRAW, Keys
from grader.watch.places import concerned, defines, files_of, folders_of
from grader.watch.progress import Progress, Work
from grader.watch.runs import Answer, Question, Runs
from grader.watch.screen import Screen, as_lines, fitted

IDLE = 0.2  # real seconds from one look to the next
SOON = 0.05  # where a save was seen that has not come to rest
BUSY = 0.02  # and while a check runs, so that its answer is shown at once
LONG = 0.5  # so long a check runs before that is said
_PLAIN = Paint(False)
QUIT = ("q", "Q", "\x04")  # the last is Ctrl-D


@dataclass(frozen=True, slots=True)
class Terms:
    """`load` gives the exercises in order, anew each time; `course` is the file that orders them, if there is one.

    `whole`: it goes through all of them; else there is one. `shown` makes the feedback with so many hints, `asked` what an
    exercise asks for, each of whole lines; `paint` colours what stands below. `hints` are shown without being asked for.
    """

    load: Callable[[], Sequence[Work]]
    whole: bool
    course: str | None
    shown: Callable[[Verdict, int], str]
    asked: Callable[[Exercise], str]
    paint: Paint = _PLAIN
    seed: str | None = None
    hints: int = 1


class Watch:
    """`clock` gives real seconds. `go` raises CourseError, UsageError where there is nothing to begin with."""

    def __init__(self, terms: Terms, keys: Keys, screen: Screen, files: Files, runs: Runs, clock: Callable[[], float]):
        self._terms, self._keys, self._screen = terms, keys, screen
        self._files, self._runs, self._clock = files, runs, clock
        self._progress = Progress()
        self._at: Work | None = None  # which is shown
        self._asked: Work | None = None  # which is being checked
        self._since, self._said_so = 0.0, False  # when that began, and whether it was said that it takes long
        self._introduced = True  # whether it was shown what the exercise asks for
        self._hints = 0  # of it that were shown
        self._page: Callable[[], str] | None = None
        self._full_marks = False
        self._owes_progress = False  # it could not be said yet
        self._columns = 0

    def go(self) -> None:
        """Until it is told to end."""
        self._progress.works = self._terms.load()
        if self._terms.whole:
            self._watch_files()
        else:
            self._arrive(self._progress.works[0])
        while self._turn():
            pass

    def _turn(self) -> bool:
        key = self._keys.wait(BUSY if self._runs.busy else SOON if self._files.restless else IDLE)
        if key in QUIT:
            return False
        self._press(key)
        self._look()
        self._hear()
        self._go_through()
        if self._page is not None and self._screen.columns() != self._columns:
            self._draw()
        return True

    # ------------------------------------------------------------ keys

    def _press(self, key: str) -> None:
        if self._at is None:
            return
        if key == REDRAW:
            self._draw()
        elif key in ("\r", "\n"):
            self._check()
        elif key in ("h", "H"):
            self._hint(self._at.exercise)
        elif key in ("s", "S"):
            self._show_asked(self._at.exercise)
        elif key in ("n", "N") and self._terms.whole:
            self._next()

    def _hint(self, exercise: Exercise) -> None:
        hints = exercise.file.hints
        if self._hints >= len(hints):
            self._screen.note(f"{exercise.slug} has no more hints.")
            return
        self._hints += 1
        self._screen.note(f"Hint {self._hints} of {len(hints)}: {hints[self._hints - 1]}")

    def _show_asked(self, exercise: Exercise) -> None:
        self._show(lambda: self._asked_of(exercise))

    def _asked_of(self, exercise: Exercise) -> str:
        return fitted(self._terms.asked(exercise), self._screen.columns())

    def _next(self) -> None:
        following = self._progress.following(self._at)
        if following is None:
            self._screen.note("There is no other that is not done.")
        else:
            self._arrive(following, introduced=False)

    # ------------------------------------------------------------ files

    def _arrive(self, work: Work, *, introduced: bool = True) -> None:
        self._at, self._hints, self._introduced, self._full_marks = work, 0, introduced, False
        self._watch_files()
        self._check()

    def _watch_files(self) -> None:
        works = self._progress.works
        self._files.watch(files_of(works, self._at, self._terms.course), folders_of(self._at))

    def _look(self) -> None:
        saved = self._files.saved()
        if saved.changed:
            self._changed(saved.changed)
        elif saved.as_before and self._at is not None and self._at.path in saved.as_before and not self._runs.busy:
            self._screen.note(f"{self._at.file.name} was saved without a change.")

    def _changed(self, paths: Sequence[str]) -> None:
        learners = {work.path for work in self._progress.works}
        if not learners.issuperset(paths):
            self._give_up()  # a new process reads the course anew
        if any(map(defines, paths)) and not self._reloaded():
            return
        works = self._progress.works
        found = {work.slug: work for path in paths for work in concerned(works, self._at, path)}
        self._progress.forget(found.values())
        if self._at is not None and self._at.slug in found:
            self._check()
            return
        if self._at is None and self._progress.is_known():  # it is no more, and no other is looked for
            self._arrive(self._progress.following(None) or works[-1])
            return
        written = [work for work in works if work.path in paths]
        if written:
            self._arrive(written[0])

    def _reloaded(self) -> bool:
        try:
            self._progress.works = self._terms.load()
        except GraderError as error:
            told = f"The course cannot be used as it is; watching goes on.\n\n{error}\n"
            self._full_marks = False
            self._show(lambda: told)
            return False
        if self._at is not None:
            self._at = self._progress.now(self._at)
        self._watch_files()
        return True

    # ------------------------------------------------------------ checks

    def _check(self) -> None:
        """The one that is shown."""
        work = self._at
        if work is None:
            return
        if work.file.exists():
            self._ask(work)
        else:
            self._give_up()
            told = f"{work} is not there; it is checked as soon as it is.\n"
            self._progress.done[work.slug] = self._full_marks = False
            self._show(lambda: told)

    def _ask(self, work: Work) -> None:
        self._asked, self._since, self._said_so = work, self._clock(), False
        self._runs.ask(Question(work.exercise.folder, str(work.file), self._terms.seed))

    def _give_up(self) -> None:
        self._asked = None
        self._runs.renew()

    def _go_through(self) -> None:
        """What is not known yet is found out while nothing else is to do."""
        if self._terms.whole and not self._runs.busy:
            for work in self._progress.unknown()[:1]:
                self._ask(work)

    def _hear(self) -> None:
        answer, work = self._runs.answer(), self._asked
        if work is None:
            return
        if answer is None:
            self._tell_if_long(work)
            return
        self._asked = None
        verdict = decode(bytes(answer.verdict)) if bytes(answer.verdict) else None
        self._progress.done[work.slug] = done = verdict is not None and verdict.status == "passed"
        if self._at is None and not (done and self._progress.unknown()):
            self._at, self._introduced = work, False
            self._watch_files()
        if self._at is not None and self._at.slug == work.slug:
            self._full_marks = done
            self._show_answer(self._at, answer, verdict)
        elif self._owes_progress and self._progress.is_known():
            self._owes_progress = False
            self._screen.note(self._standing())

    def _tell_if_long(self, work: Work) -> None:
        if self._said_so or self._clock() - self._since < LONG:
            return
        self._said_so = True
        if self._at is None:
            self._screen.note(f"looking for the first that is not done: {work.slug} ...")
        elif self._at.slug == work.slug:
            self._screen.note(f"checking {work.file.name} ...")

    # ------------------------------------------------------------ what is shown

    def _show_answer(self, work: Work, answer: Answer, verdict: Verdict | None) -> None:
        if verdict is None:
            told = f"{answer.refused}\n" if answer.refused else f"{work.slug} was not checked: {answer.fault}\n"
            self._show(lambda: told)
            return
        if compose(verdict).hints and verdict.status == "failed":
            self._hints = max(self._hints, min(self._terms.hints, len(verdict.hints)))
        introduced, self._introduced = self._introduced, True
        if not introduced and verdict.points == 0 and self._keys.there:
            self._show(lambda: f"{self._asked_of(work.exercise)}\nNo points yet; Enter shows why.\n")
        else:
            asked = "" if introduced or verdict.points else f"{self._asked_of(work.exercise)}\n"
            self._show(lambda: asked + self._terms.shown(verdict, max(self._terms.hints, self._hints)))

    def _show(self, page: Callable[[], str]) -> None:
        self._page = page
        self._draw()

    def _draw(self) -> None:
        if self._page is None or self._at is None:
            return
        self._columns = self._screen.columns()
        room = self._columns
        tone: Tone = "good" if self._full_marks else "quiet"
        below = [self._painted(tone, as_lines(self._standing(), room))]
        below += [self._painted("quiet", _status(self._at, self._keys, self._terms, room))]
        self._screen.page(f"{self._page()}\n{''.join(below)}")

    def _painted(self, tone: Tone, text: str) -> str:
        return "".join(f"{self._terms.paint(tone, line)}\n" for line in text.splitlines())

    def _standing(self) -> str:
        """How far the learner is; nothing while that is not known."""
        said = "Full marks." if self._full_marks else ""
        if not self._terms.whole:
            return f"{said} 'grader watch' goes through the whole course." if said else ""
        self._owes_progress = not self._progress.is_known()
        if self._owes_progress:
            return said
        following = self._progress.following(self._at)
        if self._full_marks and following is not None:
            how = "press n, or save" if self._keys.there else "save"
            return f"{said} {self._progress}; next is {following.slug}: {how} {following}"
        return f"{said} {self._progress}".strip()


def _status(work: Work, keys: Keys, terms: Terms, room: int) -> str:
    """In one line where there is room, so that no key is parted from what it does."""
    onward = "n next, " if terms.whole else ""
    how = f"h hint, s show, {onward}q quit, Enter run again" if keys.there else "Ctrl-C ends it"
    line = f"watching {work}; {how}\n"
    return line if columns(line) <= room else as_lines(f"watching {work}\n{how}", room)
