"""What the text of reference files tells: functions, kinds, arguments, sleeps, imports; and what cannot be described."""

from pathlib import Path

import pytest

from grader.authoring.adopted.code import imports_of
from grader.authoring.adopted.functions import Function
from grader.authoring.adopted.origins import Imported, Use
from grader.authoring.adopted.reference import ReferenceFile, read_reference
from grader.errors import CourseError, UsageError

ADOPTED = Path(__file__).parents[2] / "examples" / "adopted" / "reference"


def put(folder: Path, **files: str) -> Path:
    """`a__0_b="..."` is the file a/0-b.py."""
    for name, text in files.items():
        within, _, stem = name.partition("__")
        path = folder / within / f"{stem.replace('_', '-', 1) if stem[0].isdigit() else stem}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def read_one(folder: Path, text: str) -> ReferenceFile:
    (file,) = read_reference(put(folder, part__0_one=text)).files
    return file


def function_of(folder: Path, text: str) -> Function:
    (function,) = read_one(folder, text).functions
    return function


def told(error: pytest.ExceptionInfo[CourseError], folder: Path) -> list[str]:
    return [str(problem).replace(f"{folder.resolve()}/", "") for problem in error.value.problems]


def test_files_come_in_the_order_of_folders_and_of_numbers(tmp_path: Path) -> None:
    text = "def f(): pass\n"
    found = read_reference(put(tmp_path, b__2_x=text, b__10_x=text, a__1_y=text))
    assert [(file.within, file.module) for file in found.files] == [("a", "1-y"), ("b", "2-x"), ("b", "10-x")]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("async def f(): return 1", "coroutine"),
        ("async def f():\n    yield 1", "async_generator"),
        ("async def f():\n    def inner():\n        yield 1\n    return inner", "coroutine"),
        ("def f(): return asyncio.run(g())", "function"),
        ("def f(): return asyncio.create_task(g())", "function_in_loop"),
        ("def f(): return loop.create_task(g())", "function_in_loop"),
        ("def f() -> asyncio.Task: return g()", "function_in_loop"),
        (
            "def f():\n    loop = new_event_loop()\n    return loop.run_until_complete(loop.create_task(g()))",
            "function",
        ),
        ("def f(): return 1", "function"),
        ("def f(): return asyncio.gather(g(), h())", "function_in_loop future"),
        ("import asyncio as aio\ndef f(): return aio.shield(g())", "function_in_loop future"),
        ("def f():\n    made = asyncio.ensure_future(g())\n    return made", "function_in_loop task"),
        ("def f(n): return [asyncio.create_task(g()) for _ in range(n)]", "function_in_loop value"),
        ("def f(n) -> List[asyncio.Task]:\n    return made(n)", "function_in_loop value"),
        ("def f() -> 'asyncio.Task[int]': return g()", "function_in_loop task"),
        ("def f() -> Awaitable[int]: return g()", "function_in_loop None"),
        ("def f(): return _g()\nasync def _g(): return 1", "function_in_loop coroutine"),
        ("def f(): return _g()\ndef _g(): return asyncio.create_task(h())", "function_in_loop task"),
        ("def f(): return asyncio.sleep(1)", "function_in_loop coroutine"),
        ("def f(): return f()", "function"),
        ("def f(): return _g()\ndef _g(): return asyncio.run(h())", "function"),
        ("from asyncio import run as go\ndef f(): return go(g())", "function"),
    ],
)
def test_the_kind_of_a_function_is_read_from_its_text(tmp_path: Path, text: str, kind: str) -> None:
    function = function_of(tmp_path, text)
    assert f"{function.kind} {function.returns}".startswith(kind)


def test_arguments_defaults_and_sleeps_are_read_as_text(tmp_path: Path) -> None:
    text = "async def f(n: int, most=10, *rest, named=1):\n    await asyncio.sleep(random.uniform(0, most))\n"
    function = function_of(tmp_path, text)
    assert [(one.name, one.default, one.annotation) for one in function.parameters] == [
        ("n", "", "int"),
        ("most", "10", ""),
    ]
    assert function.sleeps == ("random.uniform(0, most)",)


def test_a_function_that_is_private_is_none_of_the_course(tmp_path: Path) -> None:
    assert function_of(tmp_path, "def _own(): pass\nasync def f(): pass\n").name == "f"


@pytest.mark.parametrize(
    "line",
    [
        '__import__("0-wait").wait',
        "importlib.import_module('0-wait').wait",
        'getter = __import__("0-wait")\nuse = getter.wait',
        'spec = importlib.util.spec_from_file_location("w", "./0-wait.py")\nw = importlib.util.module_from_spec(spec)\n'
        "spec.loader.exec_module(w)\nuse = w.wait",
    ],
)
def test_an_import_of_a_name_that_is_no_identifier_is_seen(tmp_path: Path, line: str) -> None:
    many = "async def many():\n    return await use()\n"
    found = read_reference(put(tmp_path, a__0_wait="async def wait(): pass\n", a__1_many=f"use = {line}\n{many}"))
    assert found.files[1].imports == (Imported("0-wait", ("wait",)),)
    assert found.files[1].functions[0].uses == (Use("0-wait", "wait"),)
    assert found.needs(found.files[1]) == ("0-wait",)


def test_an_import_of_a_plain_name_is_seen_and_a_text_that_looks_like_one_is_not(tmp_path: Path) -> None:
    wait = "async def wait(): pass\n"
    many = 'from wait import wait as w\nimport random\nfrom typing import List\nasync def many(): print("other")\n'
    found = read_reference(put(tmp_path, a__other=wait, a__wait=wait, a__many=many))
    assert [file.module for file in found.files] == ["wait", "many", "other"]
    assert found.files[1].imports == (Imported("wait", ("wait",)),)
    assert imports_of(found.files[1]) == (["random", "typing.List"], [])


def test_what_is_needed_is_followed_through_other_files(tmp_path: Path) -> None:
    found = read_reference(
        put(
            tmp_path,
            a__0_a="async def a(): pass\n",
            a__1_b='a = __import__("0-a").a\nasync def b(): pass\n',
            a__2_c='b = __import__("1-b").b\nasync def c(): pass\n',
            b__0_a="async def a(): pass\n",
        )
    )
    assert found.needs(found.files[2]) == ("0-a", "1-b")
    assert found.needs(found.files[3]) == ()


def test_files_that_only_run_or_test_others_are_left_out(tmp_path: Path) -> None:
    found = read_reference(
        put(
            tmp_path,
            a__0_a="def a(): pass\n",
            a__0_main="def m(): pass\n",
            a__test_a="def t(): pass\n",
            a__data="X = 1\n",
        )
    )
    assert [file.module for file in found.files] == ["0-a"]
    assert [(left.path.stem, left.reason) for left in sorted(found.left_out, key=str)] == [
        ("0-main", "by its name it runs or tests other files"),
        ("data", "it has no function at its top that could be called"),
        ("test_a", "by its name it runs or tests other files"),
    ]


def test_what_makes_a_package_of_its_folder_is_told_so(tmp_path: Path) -> None:
    put(tmp_path, a__0_a="def a(): pass\n")
    (tmp_path / "a" / "__init__.py").write_text("def i(): pass\n")
    (left,) = read_reference(tmp_path).left_out
    assert left.reason == "it makes a package of its folder, and is no exercise"


def test_bytes_are_read_as_python_reads_them(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes("# coding: latin-1\n# \xe9\r\ndef f():\r\n\treturn '\\d'\r\n".encode("latin-1"))
    (tmp_path / "b.py").write_bytes(b"\xef\xbb\xbfdef g(): pass\n")
    assert [file.functions[0].name for file in read_reference(tmp_path).files] == ["f", "g"]


def test_a_folder_that_is_not_there_or_has_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no such folder; name one that holds reference files"):
        read_reference(tmp_path / "nowhere")
    with pytest.raises(UsageError, match="there is no Python file in it"):
        read_reference(tmp_path)
    (tmp_path / "data.py").write_text("X = 1\n")
    with pytest.raises(UsageError, match="no file in it has a function"):
        read_reference(tmp_path)


def test_every_file_that_is_no_python_is_told_with_its_line(tmp_path: Path) -> None:
    put(tmp_path, a__0_a="def a():\n    return (\n", a__1_b="x = 1\ndef b()\n    pass\n")
    with pytest.raises(CourseError) as error:
        read_reference(tmp_path)
    assert told(error, tmp_path) == [
        "a/0-a.py:2: it is no Python that can be read ('(' was never closed); mend it, or move it away",
        "a/1-b.py:2: it is no Python that can be read (expected ':'); mend it, or move it away",
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("async def a():\n    pass\nreturn 1\n", 3),
        ("def a(n, n):\n    return n\n", 1),
        ("def a():\n    try:\n        pass\n    except* ValueError:\n        return 1\n", 5),
    ],
)
def test_what_can_be_parsed_and_not_compiled_is_no_python_either(tmp_path: Path, text: str, line: int) -> None:
    put(tmp_path, a__0_a=text)
    with pytest.raises(CourseError) as error:
        read_reference(tmp_path)
    (said,) = told(error, tmp_path)
    assert said.startswith(f"a/0-a.py:{line}: it is no Python that can be read (")
    assert said.endswith("); mend it, or move it away")


def test_two_files_that_one_pattern_would_find_are_told(tmp_path: Path) -> None:
    put(tmp_path / "first", a__0_a="def a(): pass\n", b__0_a="def a(): pass\n")
    put(tmp_path / "second", a__0_a="def a(): pass\n")
    with pytest.raises(CourseError) as error:
        read_reference(tmp_path)
    (line,) = told(error, tmp_path)
    assert line.startswith("second/a/0-a.py: ")
    assert line.endswith("0-a.py has the same name in a folder of the same name; rename one of the folders")


WAITS = "import asyncio\nasync def wait(n): await asyncio.sleep(n)\n"


def test_a_linked_file_is_one_of_its_own_name_in_the_folder_in_which_the_link_lies(tmp_path: Path) -> None:
    folder = put(tmp_path / "in", week1__1_two='wait = __import__("0-wait").wait\nasync def two(n): await wait(n)\n')
    away = put(tmp_path, away__wait_v2=WAITS) / "away"
    (folder / "week1" / "0-wait.py").symlink_to(away / "wait_v2.py")
    (folder / "week1" / "3-again.py").symlink_to("1-two.py")
    (tmp_path / "link").symlink_to(folder / "week1")
    found = read_reference(folder)
    assert [(file.within, file.module) for file in found.files] == [
        ("week1", "0-wait"),
        ("week1", "1-two"),
        ("week1", "3-again"),
    ]
    assert [found.needs(file) for file in found.files] == [(), ("0-wait",), ("0-wait",)]
    assert {file.within for file in read_reference(tmp_path / "link").files} == {"link"}
    assert [file.module for file in read_reference(folder, tmp_path / "away").files] == ["1-two", "3-again"]


def test_files_that_import_each_other_are_told(tmp_path: Path) -> None:
    put(
        tmp_path,
        a__0_a='c = __import__("2-c").c\n\nb = __import__("1-b").b\ndef a(): pass\n',
        a__1_b='def b():\n    return __import__("0-a").a\n',
        a__2_c="def c(): pass\n",
        a__3_d='d = __import__("3-d")\ndef e(): pass\n',
    )
    with pytest.raises(CourseError) as error:
        read_reference(tmp_path)
    assert told(error, tmp_path) == [
        "a/0-a.py:3: '0-a' imports itself, by way of '1-b'; cut the circle",
        "a/1-b.py:2: '1-b' imports itself, by way of '0-a'; cut the circle",
        "a/3-d.py:1: '3-d' imports itself, by way of no other file; cut the circle",
    ]


def test_nothing_of_a_file_is_run(tmp_path: Path) -> None:
    touched = tmp_path / "touched"
    read_one(tmp_path, f"open({str(touched)!r}, 'w')\ndef f(): pass\n")
    assert not touched.exists()


def test_the_example_is_read_as_it_is_meant() -> None:
    kinds = [(file.within, file.module, file.functions[0].kind) for file in read_reference(ADOPTED).files]
    assert kinds == [
        ("night_bus", "0-next_bus", "coroutine"),
        ("night_bus", "1-all_lines", "coroutine"),
        ("night_bus", "2-timed", "function"),
        ("night_bus", "3-watcher", "function_in_loop"),
        ("night_bus", "4-first_buses", "coroutine"),
        ("river_gauge", "0-readings", "async_generator"),
        ("river_gauge", "1-high_water", "coroutine"),
        ("river_gauge", "2-timed", "coroutine"),
        ("river_gauge", "3-how_often", "coroutine"),
    ]
