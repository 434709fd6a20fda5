"""What learners handed in that nothing could be made of, as the last run met it.

Without it they would seem to have handed in nothing.
"""

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, bindparam, select, update

from grader.gradebook.opening import Gradebook, reading, writing
from grader.gradebook.tables import learners


def untaken(connection: Connection) -> dict[str, str]:
    """By learner, in words."""
    query = select(learners.c.name, learners.c.untaken).where(learners.c.untaken.is_not(None))
    return {name: said for name, said in connection.execute(query)}


def keep_untaken(book: Gradebook, run: Collection[str], left: Mapping[str, str]) -> None:
    """Writes down what there is of it in this `run`, of whose learners the gradebook knows all; of others it stays."""
    with reading(book) as connection:
        before = untaken(connection)
    changed = [{"who": id, "said": left.get(id)} for id in {*before, *left} & {*run} if before.get(id) != left.get(id)]
    if changed:
        with writing(book) as connection:
            changing = update(learners).where(learners.c.name == bindparam("who")).values(untaken=bindparam("said"))
            connection.execute(changing, changed)
