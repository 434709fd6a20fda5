"""What is known of an exercise that is drafted: how many operations a function begins, and how many of them at once."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from grader.authoring.adopted.endings import is_cut_short, leaves_early, may_not_begin
from grader.authoring.adopted.flow import Flow
from grader.authoring.adopted.functions import Function
from grader.authoring.adopted.handed_on import HandingOn
from grader.authoring.adopted.names import quoted
from grader.authoring.adopted.reference import Reference, ReferenceFile
from grader.authoring.adopted.sites import Site, Sites, sites_of
from grader.authoring.adopted.waits import Wait, rounds_of, wait_of
from grader.authoring.adopted.world import DraftWorld

MANY = 300  # calls of what draws at random: one in 10**13 right programs has no draw near an end


@dataclass(frozen=True, slots=True)
class Drafting:
    """One exercise: its file, its world, and by each function's name the names of its values by those of the parameters."""

    reference: Reference
    file: ReferenceFile
    world: DraftWorld
    names: Mapping[str, Mapping[str, str]]

    def known(self, function: Function) -> dict[str, str]:
        """The names of its values by those of the function's parameters."""
        names = self.names.get(function.name, {})
        return {one: names[one] for one in names.keys() & function.steady}

    def named(self, function: Function, parameter: str) -> str:
        """The name of its value; what is no parameter is as it is."""
        return self.names.get(function.name, {}).get(parameter, parameter)

    def values(self) -> frozenset[str]:
        return frozenset(name for names in self.names.values() for name in names.values())

    def wait(self, function: Function) -> Wait:
        return wait_of(function, self.file.origins) or Wait()

    def flow(self, function: Function) -> Flow:
        witness = self.world.witness(function)
        operations = frozenset(use for use, name in self.world.operations.items() if name == witness)
        return Flow(function, self.file.origins, self.file.top, operations, witness == "sleep[*]", self._number)

    def _number(self, name: str) -> str:
        """Of a constant of the file, or of one before it; empty where it is none, or no plain number."""
        file: ReferenceFile | None = self.file
        nearby, handing_on = {one.module: one for one in self.reference.imported(self.file)}, HandingOn(self.reference)
        while file is not None and not (found := file.top.number(name)):
            is_set = any(name in one.names for one in file.top.constants)  # what it was before is not known by then
            use = handing_on.by(file).get(name) if not is_set else None
            file, name = (nearby.get(use.module), use.name) if use is not None else (None, name)
        return found if file is not None else ""

    def is_shown(self, function: Function) -> bool:
        """Whether it returns what it slept: over many draws that can be seen by itself."""
        wait = self.wait(function)
        return function.kind == "coroutine" and wait.given and wait.evenly


@dataclass(frozen=True, slots=True)
class Drafted:
    """A check of kind `kind`, with `value`; `count`, `says` and `help` as there. `bounds`: `max` and `min`, empty for none.
    `todo`: what about it is left to be filled in. `hanging`: of a relation, what hangs on an argument; empty for all."""

    name: str
    kind: str
    value: str
    help: str
    says: str = ""
    count: str = ""
    bounds: tuple[str, str] = "", ""
    todo: str = ""
    hanging: str = ""

    def names(self, name: str) -> bool:
        """Whether it hangs on this value."""
        told = f"{self.value} {self.count} {' '.join(self.bounds)}"
        return not self.value.startswith("TODO") and re.search(rf"\b{re.escape(name)}\b", told) is not None

    def asks_for_waits(self) -> bool:
        """Whether who sleeps more often, for longer, or at other times may not meet it."""
        told = ("elapsed", "yields", "len(keys['sleep'])")
        return self.kind in ("concurrency", "parallel") or (
            self.kind == "holds" and any(one in self.value for one in told)
        )

    def asks_for_calls(self) -> bool:
        """Whether who calls an operation more often, or waits for longer, may not meet it."""
        return self.asks_for_waits() or self.kind == "calls" or (self.kind == "holds" and "calls[" in self.value)

    def lines(self, points: int) -> Iterator[str]:
        if self.todo:
            yield f"      # TODO: {self.todo}"
        yield f"      - id: {self.name}"
        yield f"        points: {points}"
        yield f"        {self.kind}: {quoted(self.value)}"
        for name, bound in zip(("max", "min"), self.bounds, strict=True):
            if bound:
                yield f"        {name}: {quoted(bound)}"
        if self.count:
            yield f"        count: {quoted(self.count)}"
        if self.says:
            yield f"        says: {quoted(self.says)}"
        yield f"        help: {quoted(self.help)}"


def is_together(drafting: Drafting, function: Function) -> bool:
    """Whether it starts several operations at once."""
    known = frozenset(drafting.world.operations)
    homes = {use: drafting.reference.home(drafting.file, use) for use in function.uses}
    in_loop = frozenset(use for use, home in homes.items() if home is not None and home[1].kind == "function_in_loop")
    witness = drafting.world.witness(function)
    if function.kind != "coroutine" or witness in ("", "sleep[*]"):
        return False
    return sites_of(function, drafting.file.origins).of(known).together(in_loop)


def is_open(drafting: Drafting, function: Function) -> bool:
    """Whether what it asks for may not come to its end: it leaves before that, or there is a timeout."""
    flow = drafting.flow(function)
    return leaves_early(flow) or is_cut_short(flow)


def shows_work(drafting: Drafting, function: Function) -> bool:
    """Whether something that it asks for comes to its end, whatever it is called with."""
    flow = drafting.flow(function)
    return bool(drafting.world.witness(function)) and not (is_cut_short(flow) or may_not_begin(flow))


def limit_of(drafting: Drafting, function: Function) -> str:
    """How many may be on their way at once, as an expression; empty where its text tells of no such bound."""
    is_one = function.kind == "coroutine" and drafting.world.witness(function)
    return drafting.flow(function).at_most(drafting.known(function)) if is_one else ""


def started(drafting: Drafting, function: Function) -> str:
    """How many things of its own file it starts at once, as an expression; empty where its text does not tell."""
    flow = drafting.flow(function)
    is_one = function.kind == "coroutine" and not flow.is_direct and flow.together() and flow.each_once()
    is_one = is_one and (flow.is_free() or bool(limit_of(drafting, function)))
    return flow.starts.times(drafting.known(function)) if is_one else ""


def times_of(drafting: Drafting, function: Function) -> str:
    """How many operations it begins, as an expression; empty where its text does not tell."""
    sites = sites_of(function, drafting.file.origins).of(frozenset(drafting.world.operations))
    named = {one.id for one in ast.walk(function.node) if isinstance(one, ast.Name)} - {function.name}
    others = (one for name, one in drafting.file.top.functions.items() if name in named)
    elsewhere = {use for one in others for node in ast.walk(one) if (use := drafting.file.origins.use(node))}
    if len({drafting.world.operations[site.use] for site in sites.all}) != 1 or elsewhere & set(function.uses):
        return ""
    known = drafting.known(function)
    times, site = sites.times(known), sites.all[0]
    home = drafting.reference.home(drafting.file, site.use)
    if home is None or home[1].kind in ("coroutine", "function", "function_in_loop"):
        return times
    if not goes_to_its_end(sites, site):
        return ""
    rounds, names = rounds_of(home[1]), [one.name for one in home[1].parameters]
    if times != "1" or site.mapped is not None or rounds not in names or names.index(rounds) >= len(site.node.args):
        return rounds if times == "1" and rounds.isdigit() else ""
    given = site.node.args[names.index(rounds)]
    return known.get(given.id, "") if isinstance(given, ast.Name) else ""


def goes_to_its_end(sites: Sites, site: Site) -> bool:
    """Whether an asynchronous generator that is called there is not left before it is over, as far as the text shows."""
    loop = sites.parents.get(id(site.node))
    leaves = (ast.Break, ast.Return, ast.Raise)
    return not isinstance(loop, ast.AsyncFor) or not any(isinstance(one, leaves) for one in ast.walk(loop))


def handed_out(drafting: Drafting, function: Function) -> str:
    """How many things its workers take, as an expression; empty where its text does not tell."""
    return drafting.flow(function).handed_out(drafting.known(function)) if limit_of(drafting, function) else ""


def lengths_of(drafting: Drafting, function: Function) -> frozenset[str]:
    """The names of those of its values of which the number of items tells how many there are of something."""
    flow, known = drafting.flow(function), drafting.known(function)
    counts = (times_of(drafting, function), flow.starts.times(known), handed_out(drafting, function))
    return frozenset(one[4:-1] for one in counts if one.startswith("len("))


def any_of(drafting: Drafting, function: Function) -> str:
    witness = drafting.world.witness(function)
    return f"{witness}[*]" if witness in drafting.world.keyed else witness


def often(count: str) -> str:
    if count.startswith("len("):
        return f"once for each of `{count[4:-1]}`"
    return "once" if count == "1" else f"{in_words(count)} times"


def in_words(count: str) -> str:
    """A number as it is, and a name as one."""
    return count if count.isdigit() else f"`{count}`"
