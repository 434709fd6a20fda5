"""Expressions: what they compute, what they refuse, and that they refuse it by counting."""

import ast
import contextlib
import gc
import weakref
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.course.budget import MAX_ITEMS, MAX_STEPS, Budget
from grader.course.expressions import (
    FUNCTIONS,
    ExpressionError,
    _remembered,
    complaints,
    complaints_in_text,
    evaluate,
    fill,
    names_in,
    names_in_text,
    names_written,
)
from grader.course.interpreter import meaning

NAMES: dict[str, Any] = {
    "a": 1,
    "b": 2.5,
    "xs": [3, 1, 2],
    "ys": [4, 5, 6],
    "first": "hello",
    "pages": {"home": 1, "news": 2},
    "none": None,
    "thing": object(),
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("=max(a, b)", 2.5),
        ("=a + 1", 2),
        ("=7 // 2", 3),
        ("=7 / 2", 3.5),
        ("=2 ** 10", 1024),
        ("=-a", -1),
        ("=not a", False),
        ("=a < b <= 2.5", True),
        ("=a > b < 1 / 0", False),
        ("=first if a else 1 / 0", "hello"),
        ("=0 or 'x'", "x"),
        ("=a and b", 2.5),
        ("=xs[0]", 3),
        ("=xs[-1]", 2),
        ("=xs[1:]", [1, 2]),
        ("=xs[::-1]", [2, 1, 3]),
        ("=first[1:3]", "el"),
        ("=pages['news']", 2),
        ("={'a': a, 'b': b}['b']", 2.5),
        ("=[*xs, 9]", [3, 1, 2, 9]),
        ("=(1, 'x')", (1, "x")),
        ("={1, 2} | {3}", {1, 2, 3}),
        ("=[x + y for x, y in zip(xs, ys)]", [7, 6, 8]),
        ("=[x for x in xs if x > 1 if x < 3]", [2]),
        ("=[(x, y) for x in xs[:2] for y in range(x) if y]", [(3, 1), (3, 2)]),
        ("=sum(x for x in xs)", 6),
        ("={x: x * x for x in xs}", {3: 9, 1: 1, 2: 4}),
        ("={x % 2 for x in xs}", {0, 1}),
        ("=[x for x, (y, z) in [(1, (2, 3))]]", [1]),
        ("=[0 for _ in range(2)]", [0, 0]),
        ("=f'{first} took {b:.2f} s'", "hello took 2.50 s"),
        ("=f'{a:>3}|{first!r}'", "  1|'hello'"),
        ("=none is None", True),
        ("='l' in first", True),
        ("=9 not in xs", True),
        ("=sorted(xs, reverse=True)", [3, 2, 1]),
        ("=max([], default=0)", 0),
        ("=min(xs)", 1),
        ("=len(xs) + len(first)", 8),
        ("=list(range(3))", [0, 1, 2]),
        ("=range(5, 0, -2)", [5, 3, 1]),
        ("=enumerate(xs, start=1)", [(1, 3), (2, 1), (3, 2)]),
        ("=reversed(xs)", [2, 1, 3]),
        ("=any(x > 2 for x in xs)", True),
        ("=all(x > 2 for x in xs)", False),
        ("=round(2.675, 1)", 2.7),
        ("=abs(-3)", 3),
        ("=str(2.0) + str(a)", "2.01"),
        ("=uppercase(first) + lowercase('Straße Ö')", "HELLOstraße ö"),
        ("=[uppercase(x) for x in pages]", ["HOME", "NEWS"]),
        ("=int('12') + int(2.9)", 14),
        ("=float(a)", 1.0),
        ("=dict([('k', 1)])", {"k": 1}),
        ("=tuple(xs)", (3, 1, 2)),
        ("=list(pages)", ["home", "news"]),
        ("=b'x' + b'y'", b"xy"),
    ],
)
def test_an_expression_has_the_value_that_python_gives_it(text: str, value: Any) -> None:
    found = evaluate(text, NAMES)
    assert found == value
    assert type(found) is type(value)


def test_plain_data_passes_and_what_is_in_it_is_computed() -> None:
    value = {"x": ["=a", "a", 3, None], "y": {"z": "=b"}}
    assert evaluate(value, NAMES) == {"x": [1, "a", 3, None], "y": {"z": 2.5}}


def test_a_name_alone_gives_what_it_stands_for() -> None:
    names = {"short": "x" * 63, "long": "x" * 10_000, "items": [1], "flag": True, "thing": NAMES["thing"]}
    for name, value in names.items():
        assert evaluate(f"={name}", names) is value
        assert evaluate([f"= {name} "], names) == [value]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("=a b", "cannot be read"),
        ("=__class__", "names do not begin with"),
        ("=nobody", "unknown name 'nobody'"),
        ("=", "is empty"),
    ],
)
def test_a_name_that_is_none_is_refused_though_something_stands_for_it(text: str, says: str) -> None:
    with pytest.raises(ExpressionError, match=says):
        evaluate(text, {"a b": 1, "": 1, "__class__": 1})


def test_what_a_name_stands_for_is_weighed_where_it_may_be_endless() -> None:
    doubled: list[Any] = [0]
    for _ in range(30):
        doubled = [doubled, doubled]
    with pytest.raises(ExpressionError, match="needs more than"):
        evaluate("=doubled", {"doubled": doubled})


@pytest.mark.parametrize(("value", "kind"), [("7", "int"), ("[first]", "list")])
def test_what_is_no_text_has_no_letters(value: str, kind: str) -> None:
    with pytest.raises(ExpressionError, match=f"{kind} has no letters; make it text"):
        evaluate(f"=uppercase({value})", NAMES)


def test_an_object_of_the_world_passes_through_untouched() -> None:
    assert evaluate("=[thing, a]", NAMES)[0] is NAMES["thing"]


@pytest.mark.parametrize(
    "text", ["=thing + 1", "=thing < 1", "=len(thing)", "=str(thing)", "=thing[0]", "=thing in xs"]
)
def test_an_object_of_the_world_is_never_asked(text: str) -> None:
    with pytest.raises(ExpressionError):
        evaluate(text, NAMES)


def test_sums_of_floats_are_added_from_left_to_right_on_every_python() -> None:
    assert evaluate("=sum([0.1] * 10)", {}) == 0.9999999999999999


def test_sets_are_walked_in_an_order_of_their_own() -> None:
    words = {"pear", "apple", "fig"}
    assert evaluate("=[w for w in words]", {"words": words}) == ["apple", "fig", "pear"]
    assert evaluate("=list({2, 'b', None, 1.5, (1,)})", {}) == [1.5, 2, "b", None, (1,)]


@pytest.mark.parametrize(
    "text",
    [
        "=9**9**9",
        "=2 ** 4097",
        "=1 << 10**9",
        "=(2**4000) * (2**4000)",
        "='a' * 10**9",
        "=10**9 * [0]",
        "=[0 for a in range(10**9)]",
        "=range(10**30)",
        "=[0 for i in range(1000) for j in range(1000)]",
        "=sum(1 for i in range(90000) for j in range(90000))",
        "=[[0 for i in range(90000)] for j in range(90000)]",
        "=[[[[[0]*1000]*1000]*1000]*1000] == 1",
        "=[[[[0]*1000]*1000]*1000]",
        "=str([[[[0]*1000]*1000]*1000])",
        "=sorted([[[[0]*1000]*1000]*1000])",
        "=round(3, -10**9)",
        "='%999999999d' % 3",
        "=f'{1:999999999}'",
        "=sum([[0] * 9000] * 9000, [])",
        "=" + "(" * 300 + "1" + ")" * 300,
        "=" + "(" * 100 + "1" + ")" * 100,
        "=" + "-" * 1900 + "1",
        "=" + "1+" * 900 + "1",
        "=" + "[" * 41 + "]" * 41,
        "=" + "1" * 2001,
        "=" + "not " * 400 + "1",
    ],
)
def test_an_expression_that_would_be_large_or_long_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError, match=r"at most|too large|too deeply|more than|not available|adds numbers"):
        evaluate(text, {})


def test_the_budget_is_counted_in_steps() -> None:
    with pytest.raises(ExpressionError) as error:
        evaluate("=[0 for i in range(1000) for j in range(1000)]", {})
    assert str(error.value) == f"the expression needs more than {MAX_STEPS} steps; make it or its values smaller"


def test_a_long_value_is_refused_before_it_is_made() -> None:
    with pytest.raises(ExpressionError) as error:
        evaluate("='ab' * 10**9", {})
    assert (
        str(error.value) == f"a value of 2000000000 items or characters is too large; at most {MAX_ITEMS} are allowed"
    )


def test_data_that_is_deeply_nested_is_refused() -> None:
    value: Any = "=1"
    for _ in range(200):
        value = [value]
    with pytest.raises(ExpressionError, match="too deeply nested"):
        evaluate(value, {})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("=frist", "unknown name 'frist'; did you mean 'first'?"),
        ("=smu(xs)", "'smu' is not a function of expressions; did you mean 'sum'?"),
        ("=sorted", "sorted is a function; call it as sorted(...)"),
        ("=pages['nwes']", "there is no key 'nwes'; did you mean 'news'?"),
        ("=xs[3]", "there is no item 3 among 3"),
        ("=xs['a']", "list is indexed with whole numbers, not str"),
        ("=1 / 0", "int / int: division by zero"),
        ("=xs + a", "list + int is not possible"),
        ("=first < a", "str < int is not possible"),
        ("=10.0 ** 400", "float ** int: the number is too large"),
        ("=(-8) ** 0.5", "the value is not a real number"),
        ("=max([])", "max() of nothing; give default=..."),
        ("=max(1, 'a')", "max(int, str) is not possible"),
        ("=str({1})", "a set has no fixed order as text; sort it first"),
        ("=sorted(xs, key=a)", "sorted() has no argument 'key' in expressions"),
        ("=a.real", "attributes (a dot) are not available; index with [...] or call a function instead"),
        ("=lambda: 1", "lambda is not available"),
        ("=(x := 1)", "assignment with := is not available"),
        ("=__import__('os')", "names do not begin with '_': '__import__'"),
        ("=open('x')", "'open' is not a function of expressions; choose from "),
        ("=1 +", "cannot be read as an expression: 1 +"),
        ("=", "the expression is empty"),
        ("=1j", "1j is not available in expressions"),
        ("=a is b", "'is' is for None only; compare values with =="),
        ("=[x for x.y in xs]", "the loop variables of a comprehension are names"),
        ("={**pages}", "** is not available in expressions"),
        ("=a @ b", "the operator @ is not available"),
        ("=xs[0](1)", "only the functions of expressions can be called, by their names"),
        ("=[x for x, y in xs]", "int cannot be taken apart into 2 names"),
        ("=first\n+ a", "an expression stands on one line"),
    ],
)
def test_what_is_wrong_is_said_in_plain_words(text: str, message: str) -> None:
    with pytest.raises(ExpressionError) as error:
        evaluate(text, NAMES)
    assert str(error.value).startswith(message)


@pytest.mark.parametrize(
    "text",
    ["=f'{d['k']}'", "=f'{\"\\n\"}'", "=f'{f'{a}'}'", "=f\"{f'{a}'}\"", "=f'{a:{a}}'", "=f'{a!a}'", "=f'{a}' 'b'"],
)
def test_an_f_string_that_only_a_newer_python_reads_is_refused_on_all(text: str) -> None:
    with pytest.raises(ExpressionError):
        evaluate(text, {"d": {"k": 1}, "a": 1})


def test_a_name_hides_no_function_but_cannot_be_called() -> None:
    assert evaluate("=sum", {"sum": 3}) == 3
    with pytest.raises(ExpressionError, match="'sum' is not a function of expressions"):
        evaluate("=sum([1])", {"sum": 3})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("get[{url}]", "get[a.example]"),
        ("get[*]", "get[*]"),
        ("{n + 1} and {words[0]}", "3 and x"),
        ("{{n}} {n}", "{n} 2"),
        ("say[{ {'k': 'v'}['k'] }]", "say[v]"),
        ("{'}' + url}", "}a.example"),
    ],
)
def test_fill_puts_the_values_of_its_fields_into_the_text(text: str, value: str) -> None:
    assert fill(text, {"url": "a.example", "n": 2, "words": ["x"]}) == value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("get[{url]", "'{' without '}' in 'get[{url]'"),
        ("get[url}]", "'}' without '{' in 'get[url}]'"),
        ("get[{}]", "the expression is empty"),
        ("get[{u}]", "unknown name 'u'; did you mean 'url'?"),
    ],
)
def test_fill_says_what_is_wrong_with_a_field(text: str, message: str) -> None:
    with pytest.raises(ExpressionError) as error:
        fill(text, {"url": 1, "ur": 2})
    assert str(error.value).startswith(message.partition(";")[0])


def test_free_names_are_those_that_a_case_must_have() -> None:
    value = {"x": "=[q + z for q in xs if w for r in q]", "y": ["=max(r)", "plain"]}
    assert names_in(value) == {"z", "xs", "w", "r"}
    assert names_in_text("get[{url}] {a + b}") == {"url", "a", "b"}


def test_the_first_loop_of_a_comprehension_sees_the_outer_name() -> None:
    assert names_in("=[x for x in x]") == {"x"}
    assert evaluate("=[x for x in x]", {"x": [1]}) == [1]


def test_everything_that_keeps_an_expression_from_a_value_is_told_without_values() -> None:
    assert complaints("=max(a, nowhere)") == ()
    assert complaints("=mx(a.b) + (lambda: smu(mx(c)))()") == (
        "only the functions of expressions can be called, by their names",
        "attributes (a dot) are not available; index with [...] or call a function instead",
        "lambda is not available",
        "'mx' is not a function of expressions; did you mean 'max'?",
        "'smu' is not a function of expressions; did you mean 'sum'?",
    )
    assert complaints("=a +") == ("cannot be read as an expression: a +; mend its syntax",)
    assert complaints_in_text("get[{ln(a)}]") == ["'ln' is not a function of expressions; did you mean 'len'?"]
    assert complaints_in_text("get[{a]") == ["'{' without '}' in 'get[{a]'"]


def test_what_is_found_in_an_expression_is_found_once_however_often_a_course_has_it() -> None:
    assert complaints("=mx(a)") is complaints("=mx(a)")
    assert names_written("a + b") is names_written("a + b")


def test_the_names_of_an_expression_are_known_also_where_it_is_not_allowed() -> None:
    assert names_written("=a.b + mx(c, [d for d in e])") == {"a", "c", "e"}
    assert names_written("=(lambda a: a + b)") == names_written("=a +") == frozenset()


@pytest.mark.parametrize(
    "text", ["=str(n)", "=d[n]", "=xs[n]", "=f'{n}'", "=xs * n", "=n + 1", "=deep == deep", "=str(deep)"]
)
def test_values_of_any_size_end_in_an_expression_error(text: str) -> None:
    deep: list[Any] = []
    for _ in range(5000):
        deep = [deep]
    with pytest.raises(ExpressionError):
        evaluate(text, {"n": 10**5000, "d": {}, "xs": [1], "deep": deep})
    with pytest.raises(ExpressionError):
        fill("{" + text[1:] + "}", {"n": 10**5000, "d": {}, "xs": [1], "deep": deep})


LEAVES = st.one_of(
    st.sampled_from([ast.Name(name, ast.Load()) for name in [*NAMES, "unknown", "max", "_", "__x"]]),
    st.one_of(st.integers(), st.floats(), st.text(max_size=5), st.booleans(), st.none(), st.binary(max_size=3)).map(
        ast.Constant
    ),
)
OPERATORS = st.sampled_from([kind() for kind in ast.operator.__subclasses__()])
COMPARISONS = st.sampled_from([kind() for kind in ast.cmpop.__subclasses__()])
UNARY = st.sampled_from([kind() for kind in ast.unaryop.__subclasses__()])
CALLED = st.sampled_from([*FUNCTIONS, "open"])


def _call(name: str, args: list[ast.expr]) -> ast.expr:
    return ast.Call(ast.Name(name, ast.Load()), args, [])


def _loop(element: ast.expr, source: ast.expr) -> ast.expr:
    target = ast.Name("x", ast.Store())
    return ast.ListComp(element, [ast.comprehension(target, source, [], 0)])


def _larger(part: st.SearchStrategy[ast.expr]) -> st.SearchStrategy[ast.expr]:
    parts = st.lists(part, max_size=3)
    return st.one_of(
        st.builds(ast.BinOp, part, OPERATORS, part),
        st.builds(ast.UnaryOp, UNARY, part),
        st.builds(lambda a, op, b: ast.Compare(a, [op], [b]), part, COMPARISONS, part),
        st.builds(ast.IfExp, part, part, part),
        st.builds(lambda a, b: ast.Subscript(a, b, ast.Load()), part, part),
        st.builds(lambda a, b, c: ast.Subscript(a, ast.Slice(b, c, None), ast.Load()), part, part, part),
        parts.map(lambda items: ast.List(items, ast.Load())),
        parts.map(lambda items: ast.Tuple(items, ast.Load())),
        parts.filter(bool).map(ast.Set),
        st.builds(lambda a, b: ast.Dict([a], [b]), part, part),
        st.builds(_call, CALLED, parts),
        st.builds(_loop, part, part),
        st.builds(lambda a: ast.Attribute(a, "real", ast.Load()), part),
        st.builds(lambda a: ast.JoinedStr([ast.FormattedValue(a, -1, None)]), part),
    )


@settings(max_examples=200, deadline=None)
@given(st.recursive(LEAVES, _larger, max_leaves=12))
def test_nothing_but_an_expression_error_ever_comes_out(tree: ast.expr) -> None:
    try:
        text = "=" + ast.unparse(ast.fix_missing_locations(ast.Expression(tree)))
    except ValueError:
        return  # an f-string that cannot be written down
    with contextlib.suppress(ExpressionError):
        evaluate(text, NAMES)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab01xs[](){}+-*/%<>=!,.:'\" forinlambda\n\\f#", max_size=30))
def test_no_text_breaks_the_reader(text: str) -> None:
    for act in (lambda: evaluate("=" + text, NAMES), lambda: fill(text, NAMES), lambda: names_in("=" + text)):
        with contextlib.suppress(ExpressionError):
            act()


class Thing:
    """Something that can be missed when it is gone."""


def test_no_value_outlives_its_evaluation() -> None:
    values = {"kept": Thing(), "text": "a learner's own"}
    gone = weakref.ref(values["kept"])
    found = evaluate("=[kept, text, {'x': kept}, [y for y in [kept]]]", values)
    assert fill("{text} {len([kept])}", values) == "a learner's own 1"
    assert found[0] is values["kept"]
    del found
    values.clear()
    gc.collect()
    assert gone() is None


def test_each_evaluation_makes_its_value_anew() -> None:
    for text in ("=[1, [2]]", "={'a': 1}", "={1, 2}", "=list((1, 2))"):
        one, two = evaluate(text, {}), evaluate(text, {})
        assert one == two
        assert one is not two
    assert evaluate("=[[1]]", {})[0] is not evaluate("=[[1]]", {})[0]


def test_the_same_text_has_the_value_that_the_present_names_give_it() -> None:
    assert [evaluate("=[n * 2, f'{n}']", {"n": n}) for n in (1, 2.5, "x")] == [[2, "1"], [5.0, "2.5"], ["xx", "x"]]
    assert [fill("<{n}>", {"n": n}) for n in (1, "two")] == ["<1>", "<two>"]
    with pytest.raises(ExpressionError, match="unknown name 'n'"):
        evaluate("=[n * 2, f'{n}']", {})


def test_each_step_is_paid_for_whatever_is_quick_about_it() -> None:
    """What is done in one go for numbers costs what it costs for all values."""
    for text, steps in {
        "a": 1, "a + 1": 5, "a < 2": 5, "a == 'x'": 5, "-a": 2, "[a, 1]": 3, "a if a else 1": 3, "xs[0]": 4,
        "[x + a for x in xs]": 26, "len(xs)": 2, "f'{a}!'": 5, "xs == xs": 11, "a < 2 < 3": 8,
    }.items():  # fmt: skip
        budget = Budget()
        meaning(f"={text}")(NAMES, budget)
        assert (text, MAX_STEPS - budget.left) == (text, steps)


def test_an_expression_without_names_is_computed_once_and_given_anew_each_time() -> None:
    text = "=[[n, {n: {n}}] for n in range(2, 30) if all([n % d for d in range(2, min(n, 6))])]"
    before = _remembered.cache_info().misses
    one, two = evaluate(text, {}), evaluate(text, {"other": 1})
    assert one == two == [[n, {n: {n}}] for n in (2, 3, 5, 7, 11, 13, 17, 19, 23, 29)]
    assert _remembered.cache_info().misses == before + 1
    one[0][1][2].add("changed by whoever got it")
    assert evaluate(text, {}) == two


def test_a_function_that_is_hidden_by_a_name_is_hidden_also_where_nothing_else_is_named() -> None:
    assert evaluate("=len('abc')", {}) == 3
    with pytest.raises(ExpressionError, match="'len' is not a function of expressions"):
        evaluate("=len('abc')", {"len": 4})


def test_a_large_constant_is_not_kept() -> None:
    assert len(evaluate("=list(range(2000))", {})) == 2000
    assert _remembered("=list(range(2000))") == (False, None)
