"""Verdicts: one for a key, never asked for twice; a regrade is a further round, and which one counts is written down.

An error of the grader's own is kept and not final, and never takes the place of a mark with the same key.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain
from typing import Any

from sqlalchemy import Connection, and_, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from grader.gradebook.handed_in import hand_in
from grader.gradebook.moments import written
from grader.gradebook.opening import Gradebook, writing
from grader.gradebook.tables import gradings, submissions, verdicts
from grader.gradebook.work import Given, Key, Wanted, Work

NEVER = -1  # the round before the first
_Counting = tuple[int, int, datetime]  # submission, the id of its verdict, and when that was given
_TRIES = 5


def wanted(
    book: Gradebook,
    learners: Iterable[str],
    works: Mapping[Work, Key],
    *,
    isolation: str,
    regrade: bool,
    now: datetime,
    anew: bool = False,
) -> list[Wanted]:
    """Writes down what was handed in; gives what is still to be graded, all of it with `regrade`. `anew`: see `handed_in`.

    What has its verdict already has that one count from now on. A verdict from another isolation is not taken.
    """
    with writing(book) as connection:
        handed = hand_in(connection, learners, list(works), now, anew)
        rounds, finals = _known(connection, {key.exercise for key in works.values()}, isolation)
        asked: dict[Key, list[tuple[Work, int]]] = {}
        done: list[_Counting] = []
        for work, submission in handed:
            key = works[work]
            if key in finals and not regrade:
                done.append((submission, finals[key], now))
            else:
                asked.setdefault(key, []).append((work, submission))
        _count(connection, done)
    return [
        Wanted(key, tuple(work for work, _ in pairs), tuple(id for _, id in pairs), rounds.get(key, NEVER))
        for key, pairs in asked.items()
    ]


def _known(connection: Connection, exercises: set[str], isolation: str) -> tuple[dict[Key, int], dict[Key, int]]:
    """By key, the last round, and the id of the last verdict that is final."""
    columns = verdicts.c
    query = select(
        columns.exercise,
        columns.sha256,
        columns.seed,
        columns.course,
        columns.grader,
        columns.round,
        columns.id,
        columns.final,
        columns.isolation,
    ).where(columns.exercise.in_(sorted(exercises)))
    rounds: dict[Key, int] = {}
    finals: dict[Key, int] = {}
    for *key, round_, id, final, where in connection.execute(query.order_by(columns.round)):
        rounds[Key(*key)] = round_
        if final and where == isolation:
            finals[Key(*key)] = id
    return rounds, finals


def give(book: Gradebook, asked: Wanted, given: Given, sha256: str | None = None) -> None:
    """Writes a verdict, and lets it count, in one transaction.

    `sha256` is of what was graded, where that is not what was asked for: the file was changed meanwhile. Where another
    process gave a final verdict first, that one counts and this one is dropped.
    """
    asked = _as_graded(book, asked, given, sha256)
    for left in reversed(range(_TRIES)):
        try:
            with writing(book, "/".join(asked.key)) as connection:
                _give(connection, asked, given)
            return
        except IntegrityError:  # in PostgreSQL, another version's verdict for the same submission at the same moment
            if not left:
                raise


Giving = tuple[Wanted, Given, str | None]  # what `give` is told


def give_all(book: Gradebook, givings: Sequence[Giving]) -> None:
    """The same for several verdicts: where one process writes at a time, in one transaction, and else in one for each."""
    if book.engine.dialect.name != "sqlite":
        for one in givings:
            give(book, *one)
        return
    ready = [(_as_graded(book, *one), one[1]) for one in givings]
    if not ready:
        return
    with writing(book) as connection:
        if 1 < len(ready) == len({asked.key for asked, _ in ready}):
            _give_several(connection, ready)
        else:  # of works that were changed meanwhile, two may be alike now
            for asked, given in ready:
                _give(connection, asked, given)


def _as_graded(book: Gradebook, asked: Wanted, given: Given, sha256: str | None) -> Wanted:
    return asked if sha256 in (None, asked.key.sha256) else _changed(book, asked, str(sha256), given.made)


def _changed(book: Gradebook, asked: Wanted, sha256: str, now: datetime) -> Wanted:
    """What is wanted with another content: the same submission, unless it has a verdict; then it is the next attempt."""
    fresh = [replace(work, sha256=sha256) for work in asked.works]
    with writing(book) as connection:
        graded = _counting(connection, asked.submissions)
        for submission in set(asked.submissions) - graded.keys():
            there = submissions.c.id == submission
            connection.execute(update(submissions).where(there).values(sha256=sha256))
        ids = [id for _, id in hand_in(connection, (), fresh, now)]
    return Wanted(asked.key._replace(sha256=sha256), tuple(fresh), tuple(ids), NEVER)


def _give(connection: Connection, asked: Wanted, given: Given) -> None:
    verdict = _id_or_row(connection.execute(_OF_KEY, asked.key._asdict()), asked, given)
    if not isinstance(verdict, int):
        verdict = int(connection.execute(_ADD_VERDICT, verdict).scalar_one())
    _count(connection, _counting_now(connection, asked, given, verdict))


def _give_several(connection: Connection, ready: Sequence[tuple[Wanted, Given]]) -> None:
    """The same for several keys, no two alike, with as many statements as for one."""
    there: dict[Key, list[tuple[Any, ...]]] = {}
    keys = [asked.key for asked, _ in ready]
    wanted = {name: list({getattr(key, name) for key in keys}) for name in ("exercise", "sha256", "seed")}
    for *key, id, round_, final, isolation in connection.execute(_OF_KEYS, wanted):
        there.setdefault(Key(*key), []).append((id, round_, final, isolation))
    found = [_id_or_row(there.get(asked.key, ()), asked, given) for asked, given in ready]
    rows = [each for each in found if not isinstance(each, int)]
    added = iter(connection.execute(_ADD_VERDICTS, rows).scalars().all() if rows else ())
    ids = [each if isinstance(each, int) else next(added) for each in found]
    pairs = (_counting_now(connection, *one, id) for one, id in zip(ready, ids, strict=True))
    _count(connection, list(chain.from_iterable(pairs)))


def _counting_now(connection: Connection, asked: Wanted, given: Given, verdict: int) -> list[_Counting]:
    """Of which submissions this verdict counts from now on."""
    ids: Sequence[int] = asked.submissions
    if given.verdict.status == "error":
        ids = [id for id in ids if not _is_marked(connection, id, asked.key)]
    return [(id, verdict, given.made) for id in ids]


def _id_or_row(there: Iterable[Any], asked: Wanted, given: Given) -> int | dict[str, Any]:
    """The id of the verdict that the key has, of those `there` (id, round, whether it is final, isolation); or the row that it
    is to have.
    """
    last = NEVER
    for id, round_, final, isolation in there:
        last = max(last, round_)
        if final and round_ > asked.round and isolation == given.verdict.isolation:
            return int(id)
    return {
        **asked.key._asdict(),
        "round": last + 1,
        "final": given.final,
        "isolation": given.verdict.isolation,
        "status": given.verdict.status,
        "points": given.verdict.points,
        "max_points": given.verdict.max_points,
        "verdict": given.encoded.decode(),
        "made": written(given.made),
    }


def _is_marked(connection: Connection, submission: int, key: Key) -> bool:
    """Whether a verdict with this key counts for it already, and is no error."""
    return connection.execute(_MARK_OF_KEY, {**key._asdict(), "submission": submission}).first() is not None


def _count(connection: Connection, counting: Sequence[_Counting]) -> None:
    """Of each submission, the verdict counts from that moment on, and no other."""
    before = _counting(connection, [submission for submission, *_ in counting])
    fresh = [one for one in counting if before.get(one[0]) != one[1]]
    if not fresh:
        return
    over = [{"submission": submission} for submission, *_ in fresh if submission in before]
    if over:
        connection.execute(_COUNTS_NO_MORE, over)
    rows = [{"submission_id": s, "verdict_id": v, "counts": True, "given": written(now)} for s, v, now in fresh]
    connection.execute(_ADD_GRADING, rows)


def _counting(connection: Connection, ids: Sequence[int]) -> dict[int, int]:
    """The verdict that counts, by submission."""
    if len(ids) > FEW:
        return {submission: verdict for submission, verdict in connection.execute(_ALL_COUNTING)}
    if len(ids) > 1:
        rows = connection.execute(_COUNTING_OF, {"submissions": list(ids)})
        return {submission: verdict for submission, verdict in rows}
    found = (connection.execute(_COUNTING, {"submission": id}).first() for id in ids)
    return {row.submission_id: row.verdict_id for row in found if row is not None}


# ---------------------------------------------------------------- statements, made once: making them costs more than they do

FEW = 20
_KEY = and_(*(verdicts.c[name] == bindparam(name) for name in Key._fields))
_OF_KEY = select(verdicts.c.id, verdicts.c.round, verdicts.c.final, verdicts.c.isolation).where(_KEY)
_MARK_OF_KEY = (
    select(verdicts.c.id)
    .join(gradings, gradings.c.verdict_id == verdicts.c.id)
    .where(gradings.c.submission_id == bindparam("submission"), gradings.c.counts, _KEY, verdicts.c.status != "error")
)
_OF_KEYS = select(
    *(verdicts.c[name] for name in Key._fields), verdicts.c.id, verdicts.c.round, verdicts.c.final, verdicts.c.isolation
).where(*(verdicts.c[name].in_(bindparam(name, expanding=True)) for name in ("exercise", "sha256", "seed")))
_ADD_VERDICT = insert(verdicts).returning(verdicts.c.id)
_ADD_VERDICTS = insert(verdicts).returning(verdicts.c.id, sort_by_parameter_order=True)
_ALL_COUNTING = select(gradings.c.submission_id, gradings.c.verdict_id).where(gradings.c.counts)
_COUNTING = _ALL_COUNTING.where(gradings.c.submission_id == bindparam("submission"))
_COUNTING_OF = _ALL_COUNTING.where(gradings.c.submission_id.in_(bindparam("submissions", expanding=True)))
_COUNTS_NO_MORE = (
    update(gradings).where(gradings.c.submission_id == bindparam("submission"), gradings.c.counts).values(counts=False)
)
_ADD_GRADING = insert(gradings)
