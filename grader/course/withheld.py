"""Values of a case that only what the exercise provides brings about: nobody's own files can be asked for them."""

from typing import Any

import msgspec

from grader.course.check_model import AnyCheck
from grader.course.expressions import names_in
from grader.course.model import Exercise


def withheld(exercise: Exercise, entry: str) -> frozenset[str]:
    """The vars by which operations of the files that it needs last or give something, and what is computed from them; but for
    those that the entry is given."""
    file = exercise.file
    provided = [file.world.modules[name] for name in file.needs if name in file.world.modules]
    operations = [file.world.operations[name] for module in provided for name in module.operations]
    found = {name for one in operations for name in names_in(_plain(one)) if name in file.vars}
    given = names_in(file.entries[entry].args)
    found -= given
    for name, value in file.vars.items():  # each may name those before it
        if name not in given and not found.isdisjoint(names_in(_plain(value))):
            found.add(name)
    return frozenset(found)


def asks_for(check: AnyCheck, names: frozenset[str]) -> bool:
    """Whether it asks for a value that one of these tells."""
    return not names.isdisjoint(names_in(_plain(check)))


def _plain(value: Any) -> Any:
    return msgspec.to_builtins(value)
