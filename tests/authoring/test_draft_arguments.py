"""What a draft gives an argument of which no annotation tells the type: what the reference can take, or a word."""

from pathlib import Path

import pytest

from tests.authoring.test_draft_checks import the_draft

ASKS = "asks for {}, and no value has that; leave it out of 'entries', or have a world.py give one"
ITEMS = "{number: [1, 9], step: 0.5, list: 4, distinct: true} # TODO: the text does not tell what this is"
NUMBER = "{int: [2, 6]} # TODO: the text does not tell what this is"
OPENS = "# TODO: 'f' opens it: the name of one of the world's 'files'"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("await q.get()", "{int: [2, 6]} # TODO: 'f' " + ASKS.format("await q.get(...)")),
        ("await q.put(1)", "{int: [2, 6]} # TODO: 'f' " + ASKS.format("await q.put(...)")),
        ("q.put_nowait(1); q.task_done()", "{int: [2, 6]} # TODO: 'f' " + ASKS.format("q.put_nowait, q.task_done")),
        ("async with q: await asyncio.sleep(1)", "{int: [2, 6]} # TODO: 'f' " + ASKS.format("with q")),
        ("return [x async for x in q]", "{int: [2, 6]} # TODO: 'f' " + ASKS.format("async for ... in q")),
        ("return await q", "{int: [2, 6]} # TODO: 'f' " + ASKS.format("await q")),
        (
            "return await q()",
            "{int: [2, 6]} # TODO: 'f' calls it: say what it does under 'operations', and name that in 'args', as \"=NAME\"",
        ),
        ("return open(q).read()", f"{{word: true}} {OPENS}"),
        ("return open(q).read(), 'people.txt'", f'"people.txt" {OPENS}'),
        ("return [x * 2 for x in q]", ITEMS),
        ("for x in q: await asyncio.sleep(1)", ITEMS),
        ("return await asyncio.gather(*map(asyncio.sleep, q))", ITEMS),
        ("q.append(3)", ITEMS),
        ("return q * 2", NUMBER),
        ("q = asyncio.Queue(); return await q.get()", NUMBER),
        ("return q.upper()", NUMBER),
    ],
)
def test_an_argument_is_what_the_function_does_with_it(tmp_path: Path, body: str, said: str) -> None:
    text = f"import asyncio\nasync def f(q):\n    {body}\n"
    folder = tmp_path / "a"
    folder.mkdir()
    (folder / "people.txt").write_text("ann\n")
    assert f"\n  q: {said}\n" in the_draft(tmp_path, a__0_file=text)


def test_an_annotation_and_a_default_tell_more_than_what_is_done(tmp_path: Path) -> None:
    text = "async def f(path: str, p=3, text: str = ''):\n    return [x for x in text], p.real, open(path)\n"
    made = the_draft(tmp_path, a__0_file=text)
    assert f"vars:\n  path: {{word: true}} {OPENS}\n  p: {{int: [2, 6]}}\n  text: {{word: true}}\n" in made
