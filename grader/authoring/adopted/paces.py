"""How long a drafted exercise asks a function to take, and how long to sleep: what its reference file's waits show."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from grader.authoring.adopted.drafting import (
    Drafting,
    in_words,
    is_open,
    is_together,
    limit_of,
    often,
    started,
    times_of,
)
from grader.authoring.adopted.endings import is_cut_short, leaves_early, may_not_begin
from grader.authoring.adopted.functions import Function
from grader.authoring.adopted.names import free
from grader.authoring.adopted.sites import counted_of, sites_of
from grader.authoring.adopted.waits import is_number, lasts, paced, rounds_of, set_once, wait_of

_EACH = "=all([abs(one - {seconds}) < 0.001 for one in {them} or [0]])"  # a sleep of 0 is none


def time_of(drafting: Drafting, function: Function) -> tuple[str, ...]:
    """That it waits for nothing beside what it asks for: for the longest of those that are on their way at once, or for one.

    Not where some of it may not come to its end."""
    flow = drafting.flow(function)
    if is_cut_short(flow):
        return ()
    seconds = _seconds(drafting, function)
    if lasts(function, drafting.file.origins) and seconds not in ("", "0"):
        text = f"Wait for {_s(seconds)}, and no longer."
        return "time", "holds", f"=abs(elapsed - {seconds}) < 0.001", text, "it took {elapsed} s"
    if in_turn := _in_turn(drafting, function):
        return in_turn
    if leaves_early(flow):
        return ()
    used = [use for use in function.uses if use in drafting.world.operations]
    asked = {drafting.world.operations[use] for use in used}
    if started(drafting, function) and not limit_of(drafting, function):
        operation = drafting.world.witness(function).removesuffix("[*]")
        return _no_longer(
            operation, "max", "It takes as long as the slowest of them.", "longer than the slowest of them"
        )
    if function.kind != "coroutine" or function.sleeps or len(asked) != 1:
        return ()
    home, times = drafting.reference.home(drafting.file, used[0]), times_of(drafting, function)
    goes_through = home is not None and home[1].kind == "async_generator" and bool(times)
    together = is_together(drafting, function)
    if not (together or times == "1" or goes_through):
        return ()
    length = "sum" if goes_through and not together else "max"
    text = "It takes as long as the slowest of them." if together else "Wait for nothing beside it."
    return _no_longer(min(asked), length, text, "longer than what you called takes")


def _seconds(drafting: Drafting, function: Function) -> str:
    """How long it sleeps, by number or name; what is given by name only is not given, and as long as its default then."""
    known, seconds = drafting.known(function), drafting.wait(function).seconds
    by_default = next((one.value for one in function.named if one.name == seconds), seconds)
    found = known.get(seconds, by_default)
    return found if is_number(found) or found in known.values() else ""


def _no_longer(operation: str, length: str, text: str, longer: str) -> tuple[str, ...]:
    """`longer`: what is so of a program that did any of it."""
    there = f"durations[{operation!r}]"
    says = f"it took {{elapsed}} s, {{{longer!r} if {there} else 'and there was none of them'}}"
    return "time", "holds", f"={there} and elapsed <= {length}({there}) + 0.25", text, says


def _in_turn(drafting: Drafting, function: Function) -> tuple[str, ...]:
    """Where it sleeps again and again for as long as is told, and does nothing else."""
    times, seconds = drafting.flow(function).in_turn(drafting.known(function)), _seconds(drafting, function)
    if function.kind != "coroutine" or times in ("", "1") or seconds in ("", "0"):
        return ()
    holds, text = f"=abs(elapsed - {times} * {seconds}) < 0.001", f"Wait for {_s(seconds)}, {often(times)}."
    return "time", "holds", holds, text, "it took {elapsed} s"


def _s(seconds: str) -> str:
    return f"{seconds if is_number(seconds) else f'`{seconds}`'} s"


def pace_of(drafting: Drafting, function: Function) -> tuple[str, ...]:
    """Where a generator sleeps for as long as is told before each of so many items, or after it."""
    seconds, rounds, order = _seconds(drafting, function), rounds_of(function), paced(function)
    if function.kind != "async_generator" or not (rounds and order and seconds):
        return ()
    if is_number(seconds) and float(seconds) <= 0:
        return ()
    count, at = drafting.named(function, rounds), "(at + 1)" if order == "before" else "at"
    holds = f"=yields == [{seconds} * {at} for at in range({count})]"
    if not seconds.isdigit():
        near = f"all([abs(yields[at] - {seconds} * {at}) < 0.001 for at in range({count})])"
        holds = f"=len(yields) == {count} and {near}"
    first, then = (f"Wait {_s(seconds)}", "then yield") if order == "before" else ("Yield", f"then wait {_s(seconds)}")
    text = f"{first}, {then}, {in_words(count)} times."
    return "pace", "holds", holds, text, "what you gave did not come at the times that are asked for"


def pauses_of(drafting: Drafting, function: Function) -> tuple[str, ...]:
    """That it sleeps for as long as it is told: for what shows that in no other way."""
    seconds = _seconds(drafting, function)
    if (
        not seconds
        or is_number(seconds)
        or may_not_begin(drafting.flow(function))
        or drafting.world.witness(function) != "sleep[*]"
    ):
        return ()
    holds = _EACH.format(seconds=seconds, them="keys['sleep']")  # what is cancelled does not last so long
    return "pauses", "holds", holds, f"Sleep for {_s(seconds)} each time.", "you slept for {keys['sleep']} s"


def waits_of(drafting: Drafting, function: Function) -> tuple[str, ...]:
    """Where each of its sleeps is computed from which it is, `base * 2 ** k`, and nothing else is waited for."""
    flow, known = drafting.flow(function), drafting.known(function)
    site, times = flow.only_in_turn, flow.in_turn(known)
    loop = flow.starts.loop(site) if site is not None else None
    if function.kind != "coroutine" or not times or site is None or not isinstance(loop, ast.For) or is_cut_short(flow):
        return ()
    counted, goal = loop.iter, loop.target
    if not isinstance(counted, ast.Call) or not isinstance(goal, ast.Name) or not site.node.args:
        return ()
    given = set_once(function, site.node.args[0])
    said = {one.id for one in ast.walk(given) if isinstance(one, ast.Name)}
    if goal.id not in said or not said <= {goal.id, *known} or not all(map(_is_computed, ast.walk(given))):
        return ()
    first = counted_of(counted)[1]
    at = free("at", {*drafting.values(), *drafting.world.names()})
    names = {**known, goal.id: f"({at} + {first})" if first else at}
    each = ast.unparse(_Renamed(names).visit(ast.parse(ast.unparse(given))))
    asked = f"[one for one in [{each} for {at} in range({times})] if one > 0]"  # a sleep of 0 is none
    near = f"all([abs(pair[0] - pair[1]) < 0.001 for pair in zip(keys['sleep'], {asked})])"
    holds = f"=len(keys['sleep']) == len({asked}) and {near} and abs(elapsed - sum(keys['sleep'])) < 0.001"
    text = f"Sleep for `{ast.unparse(given)}` s each time, {often(times)}; `{goal.id}` begins with {first}."
    return "waits", "holds", holds, text, "you slept for {keys['sleep']} s, and it took {elapsed} s"


_COMPUTED = ast.BinOp | ast.UnaryOp | ast.operator | ast.unaryop | ast.Name | ast.expr_context


def _is_computed(node: ast.AST) -> bool:
    is_plain = isinstance(node, _COMPUTED) and not isinstance(node, ast.MatMult)
    return is_plain or (isinstance(node, ast.Constant) and type(node.value) in (int, float))


@dataclass
class _Renamed(ast.NodeTransformer):
    names: Mapping[str, str]

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.parse(self.names[node.id], mode="eval").body


def handed_on(drafting: Drafting, function: Function) -> tuple[str, ...]:
    """Where it goes through a generator of an earlier file: that this sleeps for as long as it is told."""
    if is_open(drafting, function):
        return ()
    sites = sites_of(function, drafting.file.origins).of(frozenset(drafting.world.operations))
    site = sites.all[0] if len(sites.all) == 1 and sites.all[0].mapped is None else None
    home = drafting.reference.home(drafting.file, site.use) if site is not None else None
    if site is None or home is None or home[1].kind != "async_generator":
        return ()
    wait, parameters = wait_of(home[1], home[0].origins), home[1].parameters
    at = next((at for at, one in enumerate(parameters) if wait is not None and one.name == wait.seconds), None)
    if at is None:
        return ()
    given = site.given(at, parameters[at].name)
    seconds = parameters[at].value
    if given is not None:
        seconds = drafting.known(function).get(ast.unparse(given), ast.unparse(given))
    elif len(site.node.args) > at or any(one.arg is None for one in site.node.keywords):
        return ()
    if not is_number(seconds) and seconds not in drafting.known(function).values():
        return ()
    operation, use = drafting.world.operations[site.use], f"{site.use.name} of {site.use.module}.py"
    holds = _EACH.format(seconds=seconds, them=f"durations[{operation!r}]")
    text = f"Go through {use} so that it waits {_s(seconds)} each time."
    return "handed-on", "holds", holds, text, f"{site.use.name} waited {{durations[{operation!r}]}} s"
