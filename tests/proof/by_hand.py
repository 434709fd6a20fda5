"""The work of each exercise through the door: as asked, and its twin that does the same in the other manner.

What is asked one after the other the twin does at once, and what is asked together it does one after the other.
"""

from collections.abc import Callable
from typing import Any

from tests.proof.hand import Begins, Elsewhere, Hand, Strand, Stranded, Thing

Work = Callable[..., Strand]


def in_sequence(hand: Begins, *calls: tuple[Any, ...]) -> Strand:
    """Each call begun when the one before has ended; the list of what they gave."""
    given = []
    for call in calls:
        given.append((yield hand.begin(*call)))
    return given


def at_once(hand: Begins, *calls: tuple[Any, ...]) -> Strand:
    """All calls begun before any is waited for; the list of what they gave."""
    begun = [hand.begin(*call) for call in calls]
    given = []
    for number in begun:
        given.append((yield number))
    return given


Manner = Callable[..., Strand]
TOGETHER: dict[bool, Manner] = {True: at_once, False: in_sequence}


def greet_twice(hand: Hand, twin: bool, say_after: Thing, name: str) -> Strand:
    calls = [(say_after, "__call__", 1, f"hello {name}"), (say_after, "__call__", 2, f"goodbye {name}")]
    return (yield from TOGETHER[twin](hand, *calls))


def collect_pages(hand: Hand, twin: bool, fetch: Thing, urls: list[str]) -> Strand:
    return (yield from TOGETHER[not twin](hand, *((fetch, "__call__", url) for url in urls)))


def chat(hand: Hand, twin: bool, session: Thing) -> Strand:
    calls = [(session, "send_request", session.attribute("question")), (session, "read_response")]
    _, answer = yield from TOGETHER[twin](hand, *calls)
    return answer


def _say_both(hand: Hand, manner: Manner, say_after: Thing, a: float, first: str, b: float, second: str) -> Strand:
    return (yield from manner(hand, (say_after, "__call__", a, first), (say_after, "__call__", b, second)))


def one_after_the_other(hand: Hand, twin: bool, *args: Any) -> Strand:
    return (yield from _say_both(hand, TOGETHER[twin], *args))


def together(hand: Hand, twin: bool, *args: Any) -> Strand:
    return (yield from _say_both(hand, TOGETHER[not twin], *args))


def read_profile(hand: Hand, twin: bool, session: Thing) -> Strand:
    yield hand.begin(session, "login")
    visit = hand.begin(session, "log_visit")
    if twin:
        yield visit
    profile, avatar = yield from in_sequence(hand, (session, "read_profile"), (session, "read_avatar"))
    if not twin:
        yield visit
    return profile, avatar


def cook(hand: Hand, twin: bool, boil_water: Thing, chop: Thing) -> Strand:
    boiling = hand.begin(boil_water, "__call__")
    litres = (yield boiling) if twin else None
    onions, carrots = yield from in_sequence(hand, (chop, "__call__", "onions"), (chop, "__call__", "carrots"))
    if not twin:
        litres = yield boiling
    return litres, onions, carrots


def fetch_both(hand: Hand, twin: bool, get: Thing, url1: str, url2: str) -> Strand:
    pages = yield from TOGETHER[not twin](hand, (get, "__call__", url1), (get, "__call__", url2))
    return tuple(pages)


def ask(hand: Hand, twin: bool, session: Thing, request: str) -> Strand:
    _, answer = yield from TOGETHER[twin](hand, (session, "send_request", request), (session, "read_response"))
    return answer


def ask_all(hand: Hand, twin: bool, sessions: list[Thing], requests: list[str]) -> Strand:
    talks = [ask(hand, False, session, request) for session, request in zip(sessions, requests, strict=True)]
    return (yield from _all(hand, twin, talks))


def _all(hand: Hand, one_by_one: bool, strands: list[Strand]) -> Strand:
    """What the strands return: all started before any is waited for, or each waited for before the next."""
    given, started = [], []
    for strand in strands:
        if one_by_one:
            given.append((yield hand.start(strand)))
        else:
            started.append(hand.start(strand))
    for each in started:
        given.append((yield each))
    return given


def collect_lines(hand: Hand, twin: bool, shell: Thing, commands: dict[str, str]) -> Strand:
    """Lines are taken as they are fed, so they stand in the order in which they came."""
    names: dict[int, str] = {}
    lines: list[tuple[str, str]] = []

    def heard(stream: int, data: str | None) -> None:
        if data is not None:
            lines.append((names[stream], data.rstrip()))

    def program(name: str, command: str) -> Strand:
        pipes = {"stdin": None, "stdout": "pipe", "stderr": None}
        process = yield hand.begin(shell, "__call__", command, pipes)
        names[process.attribute("stdout").ref] = name
        yield hand.begin(process, "wait")

    hand.feeds = heard
    yield from _all(hand, twin, [program(name, command) for name, command in commands.items()])
    return lines


def convert_all(hand: Hand, twin: bool, convert: Thing, files: list[str]) -> Strand:
    return (yield from TOGETHER[not twin](hand, *((convert, "__call__", file) for file in files)))


def beats(hand: Hand, beat: Thing) -> Strand:
    """The heart of who keeps the time: each beat begun when the one before has ended."""
    while True:
        yield hand.begin(beat, "__call__")


def run_shards(hand: Hand, twin: bool, shards: list[list[str]], load: Thing, crunch: Thing) -> Strand:
    """In which loop and thread each shard is, anybody may claim."""

    def shard(number: int, items: list[str]) -> Strand:
        there = Elsewhere(hand, (number, number + 1))
        loaded = yield from at_once(there, *((load, "__call__", item) for item in items))
        return (yield from in_sequence(there, *((crunch, "__call__", data) for data in loaded)))

    return (yield from _all(hand, twin, [shard(number, items) for number, items in enumerate(shards, 1)]))


WORK: dict[tuple[str, str], Work] = {
    ("first-await", "greet_twice"): greet_twice,
    ("run-it-once", "collect"): collect_pages,
    ("run-it-once", "main_program"): collect_pages,
    ("old-coroutines", "chat"): chat,
    ("say-after", "one_after_the_other"): one_after_the_other,
    ("say-after", "together"): together,
    ("needless-task", "read_profile"): read_profile,
    ("task-is-a-join", "cook"): cook,
    ("two-downloads", "fetch_both"): fetch_both,
    ("request-response", "ask"): ask,
    ("request-response", "ask_all"): ask_all,
    ("process-output", "collect"): collect_lines,
    ("blocking-call", "convert_all"): convert_all,
    ("loops-in-threads", "run_shards"): run_shards,
}

__all__ = ["WORK", "Stranded", "Work", "beats"]
