"""What learners and exercises were called before: attempts with their verdicts follow to the name of now, once.

The rows of before stay where they are, and copies of them stand beside what the name of now has. A content that is there
already is the same attempt, met as early as the earlier of the two. What has become of each is written down (`trail`), so
whatever is repeated changes nothing, also when the attempts have other times of submission now.
"""

from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, func, insert, select

from grader.gradebook.by_hand import followed_scores, scores_by_hand
from grader.gradebook.opening import Gradebook, reading, writing
from grader.gradebook.rows import Place, Row, insert_rows, learner_ids, learners_of, there, update_rows
from grader.gradebook.tables import followed, gradings, learners, scores, submissions
from grader.gradebook.trail import Trail, trail_of, write_down

Moves = Mapping[Place, Place]
_FEW = 500  # ids that one query may list


def learners_follow(book: Gradebook, former: Mapping[str, str]) -> dict[str, tuple[str, int]]:
    """`former` has who they are now. Gives for an id of before who that is, and how many attempts came along."""
    with reading(book) as connection:
        names = _who_handed_in(connection, former)
    if not names:
        return {}
    with writing(book, "follow") as connection:
        ids = learners_of(connection, {former[name] for name in names})
        of_them = [ids[name] for before in names for name in (before, former[before])]
        now = {ids[before]: ids[former[before]] for before in names}
        found = _rows(connection, of_them)
        came = _bring(connection, found, {place: (now[place[0]], place[1]) for place in found if place[0] in now})
    count = {name: sum(number for (id, _), number in came.items() if id == ids[name]) for name in names}
    return {name: (former[name], number) for name, number in count.items() if number}


def exercises_follow(book: Gradebook, was: Mapping[str, str]) -> dict[str, tuple[str, int]]:
    """`was` has how exercises are called now. Gives for a slug of before the one of now, and how many attempts came along."""
    with reading(book) as connection:
        of_before = submissions.c.exercise.in_(sorted(was))
        if not was or connection.execute(select(submissions.c.id).where(of_before).limit(1)).first() is None:
            return {}
    with writing(book, "follow") as connection:
        found = there(connection, submissions.c.exercise.in_(sorted({*was, *was.values()})))
        came = _bring(connection, found, {place: (place[0], was[place[1]]) for place in found if place[1] in was})
    count = {slug: sum(number for (_, before), number in came.items() if before == slug) for slug in was}
    return {slug: (was[slug], number) for slug, number in count.items() if number}


def _who_handed_in(connection: Connection, former: Mapping[str, str]) -> list[str]:
    """Of the ids of before, those that the gradebook has submissions of."""
    ids = {id: name for name, id in learner_ids(connection).items() if name in former}
    return [ids[learner] for learner in sorted({learner for learner, _ in _rows(connection, sorted(ids))})]


def _rows(connection: Connection, of: Sequence[int]) -> dict[Place, list[Row]]:
    found: dict[Place, list[Row]] = {}
    for at in range(0, len(of), _FEW):
        found |= there(connection, submissions.c.learner_id.in_(of[at : at + _FEW]))
    return found


def _bring(connection: Connection, found: Mapping[Place, Sequence[Row]], moves: Moves) -> dict[Place, int]:
    """How many attempts came from each place."""
    rows = {place: list(of_it) for place, of_it in found.items()}
    trail, came, pairs = trail_of(connection), dict[Place, int](), list[tuple[int, int]]()
    for before, now in moves.items():
        old = {row.id: row for row in found.get(now, ())}
        # what has a copy at a place that goes to the same one goes with that, at the times that were put right there
        alone = [row for row in found[before] if all(moves.get(place) != now for place, _ in trail.of(row.id))]
        merged, copies, new = _merged(alone, rows.get(now, []), trail.at(now, alone))
        rows[now] = merged
        pairs += new
        came[before] = len(copies)
        ordered = sorted(range(len(merged)), key=lambda at: merged[at].order)
        for number, at in enumerate(ordered, 1):
            merged[at] = replace(merged[at], attempt=number)
        update_rows(connection, [row for row in merged if row.id > 0 and old[row.id] != row])
    ids = _copy(connection, [(place, row) for place in set(moves.values()) for row in rows[place] if row.id < 0])
    write_down(connection, [(row, ids.get(-at, at)) for row, at in pairs])
    return came


def _merged(
    before: Sequence[Row], now: Sequence[Row], followed: Mapping[int, int]
) -> tuple[list[Row], list[Row], list[tuple[int, int]]]:
    """All attempts together, and those of `before` among them that were not there; a copy has the id of its row, negative.

    `followed`: which of `now` rows of before have become already. The last are the others of `before`, with what they are now.
    """
    at_id = {row.id: at for at, row in enumerate(now)}
    rows, copies, pairs = list(now), list[Row](), list[tuple[int, int]]()
    taken = {at_id[id] for id in followed.values()}
    for row in sorted(before, key=lambda row: row.order):
        at = at_id[followed[row.id]] if row.id in followed else _same(row, rows[: len(now)], taken)
        if at is None:
            copies.append(replace(row, id=-abs(row.id)))
            pairs.append((row.id, -row.id))
            continue
        taken.add(at)
        if row.id not in followed:
            pairs.append((row.id, rows[at].id))
        late = row.late if rows[at].late is None else rows[at].late
        known = rows[at].submitted or row.submitted
        rows[at] = replace(rows[at], seen=min(row.seen, rows[at].seen), submitted=known, late=late)
    return rows + copies, copies, pairs


def _same(row: Row, rows: Sequence[Row], taken: set[int]) -> int | None:
    alike = [
        at
        for at, one in enumerate(rows)
        if at not in taken
        and one.sha256 == row.sha256
        and (one.submitted == row.submitted or not (one.submitted and row.submitted))
    ]
    return min(alike, key=lambda at: rows[at].submitted != row.submitted, default=None)


def _copy(connection: Connection, rows: Sequence[tuple[Place, Row]]) -> dict[int, int]:
    """Each with the verdicts that its row of before has had. Gives the ids of copies by those of their rows."""
    new = dict(insert_rows(connection, rows))
    columns = gradings.c
    copies = {-row.id: new[(place, row.attempt)] for place, row in rows}
    for at in range(0, len(rows), _FEW):
        ids = [-row.id for _, row in rows[at : at + _FEW]]
        query = select(columns.submission_id, columns.verdict_id, columns.counts, columns.given)
        had = connection.execute(query.where(columns.submission_id.in_(ids)).order_by(columns.id)).all()
        if had:
            values = [
                {"submission_id": copies[submission], "verdict_id": verdict, "counts": counts, "given": given}
                for submission, verdict, counts, given in had
            ]
            connection.execute(insert(gradings), values)
    return copies


# ---------------------------------------------------------------- who and what is not there


def handed_in_by_others(connection: Connection, people: Collection[str]) -> list[str]:
    """Learners of the gradebook with submissions who are none of these people, and whose work is not all one of theirs now."""
    query = select(learners.c.id, learners.c.name).where(
        select(submissions.c.id).where(submissions.c.learner_id == learners.c.id).exists()
    )
    others = {id: name for id, name in connection.execute(query.order_by(learners.c.name)) if name not in people}
    ids = learner_ids(connection)
    elsewhere = _elsewhere(connection, list(others), {ids[name] for name in people if name in ids})
    return [name for id, name in others.items() if id not in elsewhere]


def present_ids(connection: Connection) -> dict[str, str]:
    """By an id of before, all of whose work has followed to another one, that id; the last one, where there were several.

    Who has the old id again is not among them.
    """
    names = {id: name for name, id in learner_ids(connection).items()}
    moved = _elsewhere(connection, list(names), names.keys())
    return {names[id]: names[now] for id, now in moved.items() if now not in moved}


def _elsewhere(connection: Connection, of: Sequence[int], people: Container[int]) -> dict[int, int]:
    """Of learners, by id, those of whom every submission has become one of other people's; and the last one whose it is."""
    trail = trail_of(connection) if of else Trail({})
    found: dict[int, int] = {}
    left = set[int]()
    for (learner, _), rows in (_rows(connection, of) if trail.copies else {}).items():
        for row in rows:
            became = [place[0] for place, _ in trail.of(row.id) if place[0] in people and place[0] != learner]
            if became:
                found[learner] = became[-1]
            else:
                left.add(learner)
    return {learner: now for learner, now in found.items() if learner not in left}


@dataclass(frozen=True, slots=True)
class Gone:
    """An exercise of the gradebook that the course does not have: how many handed in, and for whom a score is set by hand."""

    slug: str
    handed_in: int
    by_hand: tuple[str, ...]


def gone_exercises(
    connection: Connection, course: Container[str], learner: str | None = None, left: bool = False
) -> list[Gone]:
    """Those that there are, of all learners or of one; with `left`, without what has followed to another name."""
    columns, those = submissions.c, [] if learner is None else [learners.c.name == learner]
    if left:
        those.append(~select(followed.c.id).where(followed.c.submission_id == columns.id).exists())
    count = (
        select(columns.exercise, func.count(columns.learner_id.distinct()))
        .join(learners, learners.c.id == columns.learner_id)
        .where(*those)
        .group_by(columns.exercise)
    )
    handed_in = {slug: number for slug, number in connection.execute(count) if slug not in course}
    ever = select(scores.c.exercise).distinct()
    slugs = sorted({*handed_in, *(slug for slug in connection.execute(ever).scalars() if slug not in course)})
    copied = followed_scores(connection, slugs) if left and slugs else set()
    every = [place for place in scores_by_hand(connection, slugs) if learner in (None, place[0])] if slugs else []
    held = [place for place in every if place not in copied]
    by_hand = {slug: tuple(sorted(who for who, what in held if what == slug)) for slug in slugs}
    return [Gone(slug, handed_in.get(slug, 0), by_hand[slug]) for slug in slugs if slug in handed_in or by_hand[slug]]
