"""What a draft asks of defaults, and for how many points: no check is lost, and none passes whatever the default is."""

from pathlib import Path

import pytest

from grader.authoring.adopted.checks import drafts_of
from grader.authoring.adopted.defaults import default_check
from grader.authoring.adopted.drafting import Drafting
from grader.authoring.adopted.exercise import POINTS
from grader.authoring.adopted.reference import read_reference
from grader.authoring.adopted.variables import names_of, variables_of
from grader.authoring.adopted.world import world_of
from grader.course.model import Exercise
from tests.authoring.test_draft import drafted, loaded
from tests.authoring.test_draft_checks import GATHER, WAIT, failed, the_draft
from tests.authoring.test_reference import put

READINGS = "import asyncio, random\n" + "".join(
    f"""async def {name}(count, pause={pause}):
    for _ in range(count):
        await asyncio.sleep(pause)
        yield random.uniform(0, {most})
"""
    for name, pause, most in (("temps", 1, 10), ("winds", 2, 100), ("rains", 3, 5))
)
GEN = """import asyncio, random
async def gen(number, delay=1):
    for _ in range(number):
        await asyncio.sleep(delay)
        yield random.random()
"""
THROUGH = 'gen = __import__("0-gen").gen\n' + "".join(
    f"async def {name}(n, pause): return {how}([x async for x in gen(n, pause)])\n"
    for name, how in (("all_of", ""), ("most", "max"), ("least", "min"), ("total", "sum"), ("last", "sorted"))
)
MANY = "import asyncio\nasync def many(n={}):\n    await asyncio.gather(*(asyncio.sleep(2) for _ in range(n)))\n"
BETWEEN = """import asyncio, random
async def fetch({}):
    delay = random.uniform(low, high)
    await asyncio.sleep(delay)
    return delay
"""
CHAIN = """wait = __import__("0-wait").wait
async def chain(most, n=2):
    return [await wait(most) for _ in range(n)]
"""


def exercise(folder: Path, **files: str) -> Exercise:
    """The last one."""
    return loaded(drafted(put(folder / "in", **files)), folder / "out").exercises[-1]


@pytest.mark.parametrize(
    "files",
    [
        {"a__0_readings": READINGS},
        {"a__0_gen": GEN, "a__1_through": THROUGH},
        {"a__0_wait": WAIT, "a__1_many": GATHER + "async def more" + GATHER.partition("async def many")[2]},
    ],
    ids=["generators", "through-one", "together"],
)
def test_no_check_is_lost_where_many_entries_share_the_points(tmp_path: Path, files: dict[str, str]) -> None:
    made = exercise(tmp_path, **files)
    reference = read_reference(tmp_path / "in")
    file = reference.files[-1]
    world = world_of(reference, file)
    drafting = Drafting(reference, file, world, names_of(variables_of(reference, file, world)))
    for function in file.entries:
        names = [one.name for one in drafts_of(drafting, function)]
        names += ["default"] if default_check(drafting, function) is not None else []
        checks = [one for one in made.file.entries[function.name].checks if not one.gate]
        assert sorted(one.id for one in checks) == sorted(names)
        assert all(one.points >= 1 for one in checks)
    given = [sum(one.points for one in entry.checks) for entry in made.file.entries.values()]
    assert sum(given) == made.points >= POINTS


def test_of_three_generators_none_gives_what_it_likes_when_it_likes(tmp_path: Path) -> None:
    made = exercise(tmp_path, a__0_readings=READINGS)
    assert failed(made, READINGS) == set()
    assert ("pace", "drawn-1") in failed(made, READINGS.replace("sleep(pause)", "sleep(pause + 1)"))
    assert ("spread", "drawn-1") in failed(made, READINGS.replace("random.uniform(0, 5)", "2.5"))


@pytest.mark.parametrize(("default", "other"), [(3, 9), (3, 2), (1, 2), (0, 1)])
def test_a_default_of_how_many_sleep_at_once_is_neither_more_nor_less(tmp_path: Path, default: int, other: int) -> None:
    made = exercise(tmp_path, a__0_many=MANY.format(default))
    shown = ("default", "by-default")
    assert shown not in failed(made, MANY.format(default))
    assert shown in failed(made, MANY.format(other))


@pytest.mark.parametrize(
    ("given", "other", "said"),
    [
        ("low=0.1, high=0.5", "low=0.1, high=0.9", "low < high"),
        ("low=0.1, high=0.5", "low=0.3, high=0.5", "low < high"),
        ("low, high=0.5", "low, high=0.9", "low < high"),
        ("low, high: float = 2", "low, high=1.5", "low + 1 <= high"),
        ("low: int, high: int = 2", "low, high=4", "low + 1 <= high"),
        ("low, high=7", "low, high=9", "low + 1 <= high"),
        ("low=2, high=5", "low=2, high=7", "low + 1 <= high"),
    ],
)
def test_ends_whose_defaults_are_near_each_other_can_be_played(
    tmp_path: Path, given: str, other: str, said: str
) -> None:
    made = exercise(tmp_path, a__0_fetch=BETWEEN.format(given))
    assert made.file.such_that == [f"={said}"]
    assert failed(made, BETWEEN.format(given)) == set()
    assert failed(made, BETWEEN.format(other)) == {("default", "by-default")}


@pytest.mark.parametrize("given", ["low=5, high=1", "low=2, high=2", "low, high=0"])
def test_no_case_has_defaults_between_which_nothing_can_be_drawn(tmp_path: Path, given: str) -> None:
    made = exercise(tmp_path, a__0_fetch=BETWEEN.format(given))
    assert made.file.such_that == ["=low + 1 <= high"]
    assert [case.name for case in made.file.cases] == ["many"]
    assert failed(made, BETWEEN.format("low, high")) == set()
    assert "# TODO: no case shows that" in (tmp_path / "out" / "exercises" / "01_fetch" / "exercise.yaml").read_text()


def test_who_draws_whole_numbers_has_the_default_all_the_same(tmp_path: Path) -> None:
    text = BETWEEN.format("high=10").replace("low", "0")
    made = exercise(tmp_path, a__0_fetch=text)
    assert failed(made, text.replace("uniform", "randint")) == {("spread", "many")}
    assert failed(made, text.replace("high=10", "high=12")) == {("default", "by-default")}
    assert failed(made, text.replace("high=10", "high=8")) == {("default", "by-default")}


def test_no_case_has_a_default_that_no_sleep_can_last(tmp_path: Path) -> None:
    made = the_draft(tmp_path, a__0_nap="import asyncio\nasync def nap(delay=-1):\n    await asyncio.sleep(delay)\n")
    todo = "no case shows that 'delay' has the default -1; add a case with 'omit: 1' and 'checks: [default]'"
    assert f"# TODO: {todo}, and here a check 'default' that fails for another default\n" in made
    assert ", omit:" not in made


def test_a_default_that_no_case_leaves_out_is_left_to_do(tmp_path: Path) -> None:
    todo = "# TODO: no case shows that 'n' has the default 2; add a case with 'omit: 1'"
    made = the_draft(tmp_path / "few", a__0_wait=WAIT, a__1_chain=CHAIN)
    assert todo in made
    assert ", omit:" not in made
    more = the_draft(tmp_path / "more", a__0_wait=WAIT, a__1_chain=CHAIN.replace("n=2", "n=4"))
    assert "# TODO: no case" not in more
    assert "omit: 1" in more


PLAIN = """import asyncio
async def shout(text{}):
    await asyncio.sleep(1)
    return text
"""


@pytest.mark.parametrize(
    ("given", "case", "asked"),
    [
        (
            ", sep=None",
            "omit: 1, checks: [default], with: {sep: null}",
            "Give 'sep' the default None, if it is not so yet.",
        ),
        (
            ", least=-3",
            "omit: 1, checks: [default], with: {least: -3}",
            "Give 'least' the default -3, if it is not so yet.",
        ),
        (
            ", least=-3.5, sep=None",
            "omit: 2, checks: [default], with: {least: -3.5, sep: null}",
            "the default -3.5 and",
        ),
    ],
)
def test_defaults_that_are_negative_or_none_have_a_case(tmp_path: Path, given: str, case: str, asked: str) -> None:
    made = the_draft(tmp_path, a__0_shout=PLAIN.format(given))
    assert f"  - {{name: by-default, {case}}}\n" in made
    assert 'result: "TODO: what is returned without' in made
    assert asked in made


def test_a_check_that_shows_one_default_says_what_it_does_not_show(tmp_path: Path) -> None:
    nap = "import asyncio\nasync def nap(delay=2, limit=None):\n    await asyncio.sleep(delay)\n"
    made = exercise(tmp_path, a__0_nap=nap)
    shown = ("default", "by-default")
    assert shown not in failed(made, nap)
    assert shown in failed(made, nap.replace("=2", "=3"))
    text = (tmp_path / "out" / "exercises" / "01_nap" / "exercise.yaml").read_text()
    assert "# TODO: nothing here shows which default 'limit' has" in text


@pytest.mark.parametrize(("default", "omit"), [("True", 2), ("'a'", 2), ("(1, 2)", 2), ("-2", 2)])
def test_other_defaults_are_left_to_do_with_what_to_write(tmp_path: Path, default: str, omit: int) -> None:
    made = the_draft(tmp_path, a__0_shout=PLAIN.format(f", on={default}, name='x'"))
    todo = f"'on' has the default {default}, 'name' has the default 'x'; add a case with 'omit: {omit}'"
    assert f"# TODO: no case shows that {todo} and 'checks: [default]', and here a check 'default'" in made
