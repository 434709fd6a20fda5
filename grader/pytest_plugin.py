"""`pytest exercises/NN_slug` runs an exercise: an item for each entry and case, whose failure is the feedback.

Items run in this process, so that `breakpoint()` and an IDE's debugger work. Nothing of the grader is imported until an
exercise is collected, so other people's test runs pay nothing for this plugin.
"""

import contextlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from grader.course.model import Case, Exercise
    from grader.verdict import CaseReport, Verdict

FILE = "exercise.yaml"
_PROPERTY = "grader"
_EXTRA_SECONDS = 30  # beyond the run's own limits, before pytest-timeout ends the item
_LAST_SECONDS = 5  # beyond that, before the whole process is ended


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("grader", "exercises in asyncio")
    group.addoption("--seed", dest="grader_seed", metavar="S", help="draw the exercises' values from S")
    group.addoption("--hints", dest="grader_hints", type=int, default=1, metavar="N", help="how many hints to show")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "ExerciseFile | None":
    if file_path.name == FILE:
        return ExerciseFile.from_parent(parent, path=file_path)
    beside = file_path.parent / FILE
    if file_path.suffix == ".py" and parent.session.isinitpath(file_path) and beside.is_file():
        return ExerciseFile.from_parent(parent, path=file_path, submission=file_path)
    return None


class ExerciseFile(pytest.File):
    """One exercise. `submission`: the file to run, the stub in the exercise's folder if none is named.

    `stopped`: the entries that ran away in this test run, each with the case in which it did.
    """

    def __init__(self, *, submission: Path | None = None, **rest: Any):
        super().__init__(**rest)
        self.submission = submission
        self.stopped: dict[str, CaseReport] = {}

    def collect(self) -> "Iterator[CaseItem]":
        from grader.course.cases import cases_of
        from grader.course.load import load_exercise
        from grader.errors import GraderError

        try:
            exercise = load_exercise(self.path.parent)
            seed = self.config.getoption("grader_seed") or exercise.slug
            cases = cases_of(exercise, seed, hidden=False)
        except GraderError as error:
            raise self.CollectError(str(error)) from error
        submission = self.submission or self.path.parent / f"{exercise.module}.py"
        for case in cases:
            yield CaseItem.from_parent(
                self, name=f"{case.entry}[{case.id}]", exercise=exercise, case=case, seed=seed, submission=submission
            )


class NotYet(Exception):
    """The case is not passed; the text is the feedback."""


class CaseItem(pytest.Item):
    """One entry in one case."""

    def __init__(self, *, exercise: "Exercise", case: "Case", seed: str, submission: Path, **rest: Any):
        # given as text, which pytest takes apart: since 9.2 `--lf` compares the parts, the case in brackets being one
        super().__init__(nodeid=f"{rest['parent'].nodeid}::{rest['name']}", **rest)
        self.exercise, self.case, self.seed, self.submission = exercise, case, seed, submission
        self.seconds = _wall_seconds(exercise) + _EXTRA_SECONDS
        self.add_marker(pytest.mark.timeout(self.seconds))

    def runtest(self) -> None:
        stopped = self._stopped()
        if self.case.entry in stopped:
            raise NotYet(self._not_run(stopped[self.case.entry]))
        with _backstop(self.config, self.seconds + _LAST_SECONDS):
            verdict = self.grade()
        self.user_properties.append((_PROPERTY, _summary(verdict)))
        stopped.update({case.entry: case for case in verdict.cases if _ran_away(case)})
        if verdict.status != "passed":
            raise NotYet(self.feedback(verdict))

    def _stopped(self) -> "dict[str, CaseReport]":
        assert isinstance(self.parent, ExerciseFile)
        return self.parent.stopped

    def _not_run(self, before: "CaseReport") -> str:
        """Its checks are lost already, and each further case would cost as much real time again."""
        why = before.fault.title if before.fault else "it was stopped"
        line = f", line {before.fault.line}" if before.fault and before.fault.line is not None else ""
        where = f"{self.exercise.slug}: {self.case.entry}, case {self.case.id}"
        return f"{where}: not run, because in case {before.case} {why}{line}; mend that first"

    def grade(self) -> "Verdict":
        from functools import partial

        from grader.errors import UsageError
        from grader.grading import grade_with
        from grader.grading.judge import source_of
        from grader.grading.recorded import recorded_of
        from grader.run import open_submission
        from grader.run.submitted import read_submitted

        name = str(self.submission)
        try:
            handed = read_submitted(self.submission, self.exercise)
        except UsageError as error:
            raise NotYet(str(error)) from error
        limits = self.exercise.limits
        opener = partial(open_submission, handed.source, filename=name, limits=limits, files=handed.files)
        source = source_of(handed, name)
        return grade_with(
            opener,
            self.exercise,
            [self.case],
            source,
            seed=self.seed,
            isolation="in-process",
            recorded=recorded_of(self.exercise),
        )

    def feedback(self, verdict: "Verdict") -> str:
        from grader.feedback.screen import ascii_only, columns
        from grader.feedback.text import render

        reporter = self.config.pluginmanager.get_plugin("terminalreporter")
        colour = bool(reporter is not None and reporter.hasmarkup)
        hints = self.config.getoption("grader_hints")
        text = render(verdict, width=columns(None), colour=colour, ascii_only=ascii_only(), hints=hints)
        return text.rstrip("\n")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, NotYet):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where an IDE's test tree leads: the learner's function."""
        return self.submission, self._line(), f"{self.exercise.slug}: {self.name}"

    def _line(self) -> int:
        from grader.errors import UsageError
        from grader.run.program import read_program

        try:
            lines = read_program(self.submission).decode(errors="replace").splitlines()
        except UsageError:
            return 0
        wanted = (f"async def {self.case.entry}(", f"def {self.case.entry}(")
        return next((number for number, line in enumerate(lines) if line.startswith(wanted)), 0)


def _wall_seconds(exercise: "Exercise") -> float:
    from grader.run.limits import complete

    return complete(exercise.limits).wall_seconds or 0


def _ran_away(case: "CaseReport") -> bool:
    from grader.grading.ends import RUNAWAY

    return case.outcome in RUNAWAY


@contextlib.contextmanager
def _backstop(config: pytest.Config, seconds: float) -> Iterator[None]:
    """Against a call that hears no signal, and so nothing of pytest-timeout; pytest's own `faulthandler_timeout` stands in."""
    from grader.run.backstop import backstop

    if _has_its_own(config):
        yield
        return
    capture: Any = config.pluginmanager.getplugin("capturemanager")
    with contextlib.ExitStack() as stack:
        with capture.global_and_fixture_disabled() if capture else contextlib.nullcontext():
            descriptor = os.dup(2)  # what is written to the captured one is lost with the process
        stack.callback(os.close, descriptor)
        stack.enter_context(backstop(seconds, descriptor))
        yield


def _has_its_own(config: pytest.Config) -> bool:
    with contextlib.suppress(ValueError):  # where that plugin was switched off
        return float(config.getini("faulthandler_timeout") or 0) > 0
    return False


# ---------------------------------------------------------------- the points, when all is done


def _summary(verdict: "Verdict") -> dict[str, Any]:
    """What the end of the test run needs; plain data, because it may come from another process."""
    return {
        "exercise": verdict.exercise,
        "left_out": verdict.hidden_cases_left_out,
        "checks": [[check.entry, check.id, check.points, check.max_points] for check in verdict.checks],
    }


def _summaries(reports: Iterable[Any]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for report in reports:
        for name, summary in getattr(report, "user_properties", ()):
            if name == _PROPERTY and getattr(report, "when", "") == "call":
                found.setdefault(summary["exercise"], []).append(summary)
    return found


def _points(summaries: list[dict[str, Any]]) -> tuple[float, float]:
    """A check earns its points only if it earned them in every case."""
    least: dict[tuple[str, str], tuple[float, float]] = {}
    for summary in summaries:
        for entry, check, points, most in summary["checks"]:
            if most:
                before = least.get((entry, check), (points, most))
                least[entry, check] = (min(before[0], points), most)
    return sum(points for points, _ in least.values()), sum(most for _, most in least.values())


def pytest_terminal_summary(terminalreporter: Any) -> None:
    stats = terminalreporter.stats
    found = _summaries([*stats.get("passed", ()), *stats.get("failed", ())])
    if not found:
        return
    terminalreporter.section("points")
    for exercise, summaries in sorted(found.items()):
        points, most = _points(summaries)
        line = f"{exercise}: {points:g} of {most:g} points in the cases that were run"
        left = summaries[0]["left_out"]
        if points == most and left:
            line += f"; {left} more {'case is' if left == 1 else 'cases are'} run when it is marked"
        terminalreporter.line(line)
