import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.door.values import MAX_DEPTH, ValueRefused, pack, unpack
from grader.run.wire import MAX_MESSAGE

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(st.characters(codec=None)),
    st.binary(),
)
hashable = st.recursive(scalars, lambda inner: st.tuples(inner, inner), max_leaves=5)
plain = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner), st.tuples(inner), st.sets(hashable), st.frozensets(hashable), st.dictionaries(hashable, inner)
    ),
    max_leaves=20,
)


def there_and_back(value: Any) -> Any:
    packed = json.loads(json.dumps(pack(value, lambda thing: None)))
    return unpack(packed, lambda ref: f"thing {ref}")


def same(a: Any, b: Any) -> bool:
    """Equal, of the same types all through."""
    if type(a) is not type(b):
        return False
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a.items(), b.items(), strict=True))
    return bool(a == b)


@given(plain)
def test_plain_data_crosses_as_an_equal_copy_of_the_same_types(value: Any) -> None:
    assert same(there_and_back(value), value)


def test_not_a_number_crosses() -> None:
    assert math.isnan(there_and_back(math.nan))


def test_what_is_not_plain_crosses_as_the_name_of_its_type() -> None:
    class Lying(str):
        def __eq__(self, other: object) -> bool:
            return True

        __hash__ = str.__hash__

    assert there_and_back([Lying("x"), print, 1j]) == ["<Lying>", "<builtin_function_or_method>", "<complex>"]


def test_sets_have_one_order() -> None:
    assert pack({"b", "a", "c"}, lambda thing: None) == ["s", "a", "b", "c"]


def test_too_deep_or_too_large_becomes_opaque() -> None:
    deep: list[Any] = []
    deep.append(deep)
    packed = json.dumps(pack(deep, lambda thing: None))
    assert packed == '["l", ' * MAX_DEPTH + '["o", "list, too large (more than 30 levels)"]' + "]" * MAX_DEPTH
    assert there_and_back([0] * 1_000_000) == "<list, too large (more than 100000 items)>"
    assert there_and_back(1 << 200_000) == "<int, too large (more than 4096 bits)>"


def test_a_reference_is_resolved() -> None:
    marker = object()
    packed = pack([marker], lambda thing: ["r", 7] if thing is marker else None)
    assert packed == ["l", ["r", 7]]
    assert unpack(packed, lambda ref: f"thing {ref}") == ["thing 7"]


@pytest.mark.parametrize(
    "packed",
    [
        [],
        [1],
        ["q"],
        ["d", 1],
        ["d", [1]],
        ["b", 1],
        ["b", "€"],
        ["i", "x"],
        ["f", "2"],
        ["u", "zz"],
        ["s", ["l"]],
        {"l": 1},
        ["o"],
        ["l", {}],
    ],
)
def test_what_pack_could_not_have_made_is_refused(packed: Any) -> None:
    with pytest.raises(ValueRefused):
        unpack(packed, lambda ref: None)


def test_nesting_without_end_is_refused() -> None:
    packed: list[Any] = ["l"]
    for _ in range(5_000):
        packed = ["l", packed]
    with pytest.raises(ValueRefused):
        unpack(packed, lambda ref: None)


def test_large_sets_and_dicts_do_not_cross() -> None:
    """Items can be chosen so that each of them meets all others: a set of them costs the square of its size."""
    assert there_and_back(set(range(3_000))) == "<set, too large (more than 2000 items)>"
    assert there_and_back(dict.fromkeys(range(3_000))) == "<dict, too large (more than 2000 items)>"
    assert len(there_and_back(set(range(2_000)))) == 2_000
    for tag in ("s", "z", "d"):
        with pytest.raises(ValueRefused, match="too large"):
            unpack([tag, *[[n, n] for n in range(3_000)]], lambda ref: None)


def test_texts_beyond_a_megabyte_do_not_cross() -> None:
    assert there_and_back(["x" * 1_000_001, b"x" * 1_000_001]) == [
        "<str, too large (more than 1000000 characters)>",
        "<bytes, too large (more than 1000000 bytes)>",
    ]


MUCH = {
    "list": [["x" * 1000] * 1000] * 1000,
    "tuple": (("\0" * 1000,) * 600,),
    "str": "é" * 900_000,
    "bytes": b"\xff" * 900_000,
    "dict": {"a": [1 << 4000] * 4000},
}


@pytest.mark.parametrize("kind", MUCH)
def test_parts_that_are_together_too_much_for_a_message_do_not_cross(kind: str) -> None:
    assert there_and_back(MUCH[kind]) == f"<{kind}, too large (more than 3200000 characters)>"


def named(name: str) -> object:
    return type(name, (), {})()


@pytest.mark.parametrize(
    "value",
    [
        [-1.2345678901234567e-300] * 60_000 + ["x" * 1_000_000, "x" * 400_000],
        [{n: -1.2345678901234567e-300 for n in range(2000)}] * 30,
        [named("€" * 80)] * 3_000,
        [[]] * 49_000,
        [(None,)] * 33_000,
    ],
    ids=["numbers and a text", "dicts", "objects", "nothing", "little"],
)
def test_whatever_crosses_fits_into_a_message(value: Any) -> None:
    packed = pack(value, lambda thing: None)
    assert packed[0] == "l"
    assert len(json.dumps(packed)) < MAX_MESSAGE
