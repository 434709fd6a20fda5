"""A watch that is played: a clock that goes on only while it waits, keys and saves from a list, and a process that checks by
looking for a word in the file."""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from msgspec import Raw
from msgspec.structs import replace

from grader.course.load import load_exercise
from grader.course.model import Exercise
from grader.feedback.text import render
from grader.verdict import Verdict, decode, encode
from grader.watch.files import Files
from grader.watch.progress import Work
from grader.watch.runs import Answer, Question
from grader.watch.watch import Terms, Watch

ROOT = Path(__file__).parents[2]
FULL, PART, NONE, HANGS, DIES = "full", "part", "none", "hangs", "dies"
_VERDICTS = ROOT / "tests" / "feedback" / "verdicts"

Step = str | Callable[[], object] | None


@cache
def _exercise() -> Exercise:
    return load_exercise(ROOT / "exercises" / "05_say_after")


@cache
def _verdict(name: str) -> Verdict:
    return decode((_VERDICTS / f"{name}.json").read_bytes())


class Played:
    """`steps` are what happens: a key, a call (a save, say), or nothing, one at each wait; behind the last one it is quit.

    `shown`: the pages, each with the sentences below it, and `when`. `asked`: the slugs that were checked, in order.
    `renewed`: how often the process that checks was to be another.
    """

    def __init__(self, folder: Path, *names: str, whole: bool = True, there: bool = True):
        self.folder, self.names, self.whole, self.there = folder, list(names), whole, there
        self.now, self.width, self.error = 1000.0, 80, ""
        self.broken: Exception | None = None
        self.adopted = False
        self.needs: dict[str, list[str]] = {}
        self.shown = list[str]()
        self.when = list[float]()
        self.asked = list[str]()
        self.given_up = self.renewed = 0
        self._steps = list[Step]()
        self._question: Question | None = None
        self._read = ""
        self.busy = False
        for name in names:
            self.home(name).mkdir(parents=True)
            (self.home(name) / "exercise.yaml").write_text("as it is")
            self.save(name, NONE)
        (folder / "course.yaml").write_text("as it is")

    def play(self, *steps: Step) -> list[str]:
        self._steps = list(steps)
        terms = Terms(
            load=self._load,
            whole=self.whole,
            course=str(self.folder / "course.yaml"),
            shown=lambda verdict, hints: render(
                verdict, width=self.width, colour=False, ascii_only=False, hints=hints, next_hint="press h"
            ),
            asked=lambda exercise: f"what {exercise.slug} asks for\n",
        )
        Watch(terms, self, self, Files(lambda: self.now), self, lambda: self.now).go()  # type: ignore[arg-type]
        return self.shown

    # ------------------------------------------------------------ what happens

    def home(self, name: str) -> Path:
        return self.folder / "exercises" / name

    def file(self, name: str) -> Path:
        return self.home(name) / f"{name.replace('-', '_')}.py"

    def save(self, name: str, text: str) -> None:
        self.file(name).write_text(text)

    def saves(self, name: str, text: str) -> Callable[[], None]:
        return lambda: self.save(name, text)

    def _load(self) -> Sequence[Work]:
        if self.broken is not None:
            raise self.broken
        return [self._work(name) for name in self.names]

    def _work(self, name: str) -> Work:
        module = self.file(name).stem
        own = {"module": module, "needs": self.needs.get(name, []), "dependencies": "own"} if self.adopted else {}
        file = replace(_exercise().file, slug=name, **own)
        return Work(replace(_exercise(), file=file, folder=str(self.home(name)), solutions=None), self.file(name))

    # ------------------------------------------------------------ the keys

    def wait(self, seconds: float) -> str:
        self.now += seconds
        step = self._steps.pop(0) if self._steps else "q"
        if callable(step):
            step()
            return ""
        return step or ""

    # ------------------------------------------------------------ the screen

    def columns(self) -> int:
        return self.width

    def page(self, text: str) -> None:
        self.shown.append(text)
        self.when.append(self.now)

    def note(self, text: str) -> None:
        self.shown = self.shown or [""]
        self.shown[-1] += f"{text}\n"

    # ------------------------------------------------------------ the process that checks

    def ask(self, question: Question) -> None:
        if self.busy:
            self.renew()
        self.busy, self._question, self._read = True, question, Path(question.file).read_text()
        self.asked.append(Path(question.folder).name)

    def renew(self) -> None:
        self.given_up += self.busy
        self.renewed += 1
        self.busy = False

    def answer(self) -> Answer | None:
        if not self.busy or self._question is None:
            return None
        text = self._read
        if text == HANGS:
            return None
        self.busy = False
        if text == DIES:
            return Answer(fault="it died")
        found = _verdict({FULL: "passed", PART: "sequential"}.get(text, "sequential"))
        points = {} if text in (FULL, PART) else {"points": 0.0}
        slug = Path(self._question.folder).name
        return Answer(verdict=Raw(encode(replace(found, exercise=slug, hints=tuple(_exercise().file.hints), **points))))
