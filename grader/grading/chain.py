"""What becomes of the learner's file with their own earlier files: seen, and said in one sentence; it gives no points.

So a mistake in an earlier file is not counted again in each that needs it, and is not hidden either. Calls of the learner's
own functions are looked at as those of the exercise's operations are; what cannot be seen is not looked at, and where that is
most of what is asked for, it is not called right.
"""

import ast
from collections.abc import Collection, Iterator, Sequence

from msgspec import UnsetType

from grader.checks import Source
from grader.checks.words import listed
from grader.course.check_model import AnyCheck, HoldsCheck, RaisesCheck, SourceCheck
from grader.course.model import Exercise
from grader.course.proof_entries import selectors_of
from grader.course.withheld import asks_for, withheld
from grader.grading.faults import fault_of
from grader.grading.imports import REMEDIES
from grader.grading.marks import Found, find
from grader.grading.play import Run
from grader.grading.reports import call_text
from grader.run.files import noted_of
from grader.verdict import HIDDEN, Own


def own_chain(exercise: Exercise, runs: Sequence[Run], source: Source) -> Own:
    """`runs` are those with the learner's own files, `source` is theirs."""
    seen = _seen(exercise, source, runs)
    found = [find(check, run) for run in runs for check in _looked_at_in(exercise, run, seen)]
    begins = f"With your own {listed([f'`{name}`' for name in exercise.file.needs])} it"
    run, why = next(_reasons(exercise, runs, found), (runs[0], ""))
    if why:
        said = f"{begins} is not right yet: {HIDDEN if run.case.hidden else why}."
        return Own(passed=False, outcome=_outcome(run), says=said)
    known, said = _known(exercise, found, seen)
    return Own(passed=known, outcome=_outcome(run), says=f"{begins} {said}.")


def _known(exercise: Exercise, found: Sequence[Found], seen: Collection[str]) -> tuple[bool | None, str]:
    """What is known where all holds that was looked at; and that in words."""
    if not too_little(exercise, seen):
        whole = all(looked == every for looked, every in _shares(exercise, seen).values())
        return True, "is right" if whole else "is right, as far as it can be seen there"
    if all(isinstance(one.check, SourceCheck) for one in found):
        return None, "runs to its end; whether it is right is not looked at there"
    return None, "runs to its end; too little can be seen there to say whether it is right"


def _reasons(exercise: Exercise, runs: Sequence[Run], found: Sequence[Found]) -> Iterator[tuple[Run, str]]:
    """Runs that came to no result come first: what stopped a program is above all else."""
    stopped = ((run, _stopped(exercise, run, found)) for run in runs)
    yield from ((run, why) for run, why in stopped if why)
    for one in found:
        if not one.passed:
            yield one.run, _why(one)


def _why(one: Found) -> str:
    """A relation that its author put into no words is followed by what they say is to be done."""
    if one.finding is None:
        return "it could not be looked at"
    is_bare = isinstance(one.check, HoldsCheck) and not one.check.says and one.check.help
    return f"{one.finding.rationale}. {one.check.help.rstrip('.')}" if is_bare else one.finding.rationale


def _outcome(run: Run) -> str:
    return run.view.record.outcome.kind if run.view else "error"


_CANNOT = ("cannot be imported", *REMEDIES)  # which of the files is not there, or what it does not have


def _stopped(exercise: Exercise, run: Run, found: Sequence[Found]) -> str:
    """Why this run came to no result; empty if it did."""
    if run.view is None:
        return "it could not be run"
    entry = exercise.called(run.case)
    asked = [one for one in found if one.run is run and isinstance(one.check, RaisesCheck)]
    call = call_text(run.case.entry, entry, run.view.names, exercise)
    expected = bool(asked) and all(one.passed for one in asked)
    fault = fault_of(run.view, entry, call, exercise.limits, expected=expected)
    if fault is None:
        return ""
    if fault.line is None or f"line {fault.line} of" in fault.title:
        return fault.title
    earlier = not isinstance(fault.file, UnsetType) and fault.file not in fault.title
    said = f"{fault.title} (line {fault.line}{f' of your `{fault.file}`' if earlier else ''})"
    return f"{said}: {fault.detail}" if fault.detail.endswith(_CANNOT) else said


# ---------------------------------------------------------------- what can be seen


def seen_in(exercise: Exercise, source: Source, loaded: Collection[str] | None = None) -> frozenset[str]:
    """The operations that can be seen with the learner's own files: functions of these that have such a name. `loaded`: the
    names of the files that are looked at, if not all are."""
    files = {name: f"{name}.py" for name in exercise.file.needs}
    there = {name: file for name, file in files.items() if loaded is None or file in loaded}
    trees = ((name, source.of(file).tree) for name, file in there.items() if file in source.beside)
    from grader.runner.noted import functions_in  # with it comes asyncio, which is not needed here

    found = (functions_in(tree, noted_of(exercise, name)) for name, tree in trees if tree is not None)
    return frozenset(name for functions in found for name in functions)


def _looked_at_in(exercise: Exercise, run: Run, seen: Collection[str]) -> list[AnyCheck]:
    asked = exercise.called(run.case).checks
    return [check for check in looked_at(exercise, run.case.entry, seen) if check in asked]


def _seen(exercise: Exercise, source: Source, runs: Sequence[Run]) -> frozenset[str]:
    """Those of them that were seen, in every run, however the files were loaded: of a file of which an altered copy is
    executed, say, calls are not looked at."""
    if not _executes(source):
        return seen_in(exercise, source)
    loaded = [frozenset(run.view.record.facts.own_files) for run in runs if run.view is not None]
    return seen_in(exercise, source, frozenset.intersection(*loaded) if loaded else frozenset())


def _executes(source: Source) -> bool:
    """Whether the learner's file, or one of those beside it, executes texts."""
    texts = [source, *(source.of(name) for name in source.beside)]
    trees = [text.tree for text in texts if text.tree is not None]
    return any(_EXECUTING.intersection(_said(node)) for tree in trees for node in ast.walk(tree))


def _said(node: ast.AST) -> tuple[str, ...]:
    if isinstance(node, ast.Name):
        return (node.id,)
    if isinstance(node, ast.Constant):
        return (node.value,) if isinstance(node.value, str) else ()
    return (node.attr,) if isinstance(node, ast.Attribute) else ()


_EXECUTING = frozenset({"exec", "eval", "compile", "FunctionType", "InteractiveInterpreter", "source_to_code"})


def looked_at(exercise: Exercise, entry: str, seen: Collection[str]) -> list[AnyCheck]:
    """The checks of an entry that are looked at with the learner's own files."""
    needed = {name for name in exercise.file.needs if name in exercise.file.world.modules}
    gone = {name for module in needed for name in exercise.file.world.modules[module].operations}.difference(seen)
    secret = withheld(exercise, entry)
    checks = exercise.file.entries[entry].checks
    return [check for check in checks if not (check.under or _names(check, gone) or asks_for(check, secret))]


def too_little(exercise: Exercise, seen: Collection[str]) -> dict[str, tuple[float, float]]:
    """The entries of which so little is looked at with the learner's own files that nothing is called right for it: checks of
    less than a third of the points, or the source alone. With the points of these checks, and of all."""
    return {
        name: share
        for name, share in _shares(exercise, seen).items()
        if 3 * share[0] < share[1] or not _beside_source(exercise, name, seen)
    }


def _shares(exercise: Exercise, seen: Collection[str]) -> dict[str, tuple[float, float]]:
    return {
        name: (_points(_beside_source(exercise, name, seen)), _points(entry.checks))
        for name, entry in exercise.file.entries.items()
    }


def _points(checks: Sequence[AnyCheck]) -> float:
    return float(sum(check.points for check in checks if not isinstance(check, SourceCheck)))


def _beside_source(exercise: Exercise, entry: str, seen: Collection[str]) -> list[AnyCheck]:
    return [check for check in looked_at(exercise, entry, seen) if not isinstance(check, SourceCheck)]


def _names(check: AnyCheck, operations: Collection[str]) -> bool:
    """Whether what `check` looks at are calls of one of these."""
    if isinstance(check, HoldsCheck):
        return any(f"{quote}{name}{quote}" in check.holds for name in operations for quote in "'\"")
    return any(str(selector).partition("[")[0] in operations for _, selector in selectors_of(check))
