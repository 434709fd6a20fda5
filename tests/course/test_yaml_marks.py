"""YAML with lines: what is read, and what is refused because a person would read it otherwise."""

import os
from pathlib import Path

import pytest

from grader.course.yaml_marks import Document, parse_yaml, read_yaml
from grader.errors import CourseError


def problems(data: bytes) -> list[str]:
    try:
        return [str(problem) for problem in parse_yaml(data, "f.yaml").problems]
    except CourseError as error:
        return [str(problem) for problem in error.problems]


def test_every_part_knows_its_line() -> None:
    document = parse_yaml(b"a: 1\nb:\n  - x\n  - {c: 2,\n     d: 3}\n", "f.yaml")
    assert document.data == {"a": 1, "b": ["x", {"c": 2, "d": 3}]}
    assert [document.line(path) for path in (("a",), ("b",), ("b", 1), ("b", 1, "d"), ("b", 1, "nowhere"))] == [
        1,
        2,
        4,
        5,
        4,
    ]


def test_a_byte_order_mark_and_windows_line_ends_change_nothing() -> None:
    document = parse_yaml(b"\xef\xbb\xbfa: 1\r\nb: |\r\n  x\r\n  y\r\nc: 2\r\n", "f.yaml")
    assert document.data == {"a": 1, "b": "x\ny\n", "c": 2}
    assert document.line(("c",)) == 5


def test_scalars_are_what_yaml_says() -> None:
    document = parse_yaml(b"[1, -2, 1.5, 1.0e+3, .inf, true, no, ~, 0x1F, '1', x, 1_000]", "f.yaml")
    assert document.data == [1, -2, 1.5, 1000.0, float("inf"), True, False, None, 31, "1", "x", 1000]


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", ["f.yaml:1: the file is empty; it needs at least 'schema: 1'"]),
        (b"# nothing\n", ["f.yaml:1: the file is empty; it needs at least 'schema: 1'"]),
        (b"a: 1\nb: \xff\n", ["f.yaml:2: byte 0xff is not UTF-8; save the file as UTF-8"]),
        (
            b"a: 1\nb: 1\na: 2\nb: 3\n",
            [
                "f.yaml:3: key 'a' stands here twice (first on line 1); keep one of them",
                "f.yaml:4: key 'b' stands here twice (first on line 2); keep one of them",
            ],
        ),
        (b"1: x\n", ["f.yaml:1: key '1' is not read as text; put it in quotes"]),
        (b"on: x\n", ["f.yaml:1: key 'on' is not read as text; put it in quotes"]),
        (b"? [a]\n: 1\n", ["f.yaml:1: a sequence cannot be a key; keys are text"]),
        (b"<<: {a: 1}\n", ["f.yaml:1: merge keys ('<<') are not supported; write the keys out"]),
        (b"a: 2020-01-01\n", ["f.yaml:1: '2020-01-01' is read as a date; put it in quotes"]),
        (b"a: 1:30\n", ["f.yaml:1: '1:30' would be read in another base; put it in quotes or write it in tens"]),
        (b"a: 010\n", ["f.yaml:1: '010' would be read in another base; put it in quotes or write it in tens"]),
        (
            b"a: !!python/name:os.system x\n",
            ["f.yaml:1: the tag '!!python/name:os.system' is not supported; write plain data"],
        ),
        (b"a: !!set {x}\n", ["f.yaml:1: the tag '!!set' is not supported; write plain data"]),
        (b"a: !!int xyz\n", ["f.yaml:1: 'xyz' is not a value of the type int"]),
        (b"a: &x [*x]\n", ["f.yaml:1: too deeply nested, or an alias inside itself; write it out"]),
        (b"a: *x\n", ["f.yaml:1: not valid YAML: found undefined alias; quote texts that begin with '*'"]),
        (
            b"a: 1\ngoal Run\nb: 2\n",
            [
                "f.yaml:2: not valid YAML: while scanning a simple key, could not find expected ':'; put ': ' after the key, "
                "or indent a text that goes on"
            ],
        ),
        (
            b"a: b: c\n",
            [
                "f.yaml:1: not valid YAML: mapping values are not allowed in this context; quote texts that hold ': ', and "
                "indent keys alike"
            ],
        ),
    ],
)
def test_what_cannot_be_read_is_said_with_its_line(data: bytes, found: list[str]) -> None:
    assert problems(data) == found


@pytest.mark.parametrize(
    ("data", "line"), [(b"a: [1\n", 2), (b"a: 1\n  b: 2\n", 2), (b"a: 1\n\nb: \x01\n", 3), (b"a: 1\n---\nb: 1\n", 2)]
)
def test_a_syntax_error_names_its_line(data: bytes, line: int) -> None:
    (found,) = problems(data)
    assert found.startswith(f"f.yaml:{line}: not valid YAML: ")


def test_aliases_that_grow_without_bounds_are_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    (found,) = problems("\n".join(lines).encode())
    assert "more than 50000 values; use fewer aliases" in found


def test_an_alias_is_written_out() -> None:
    assert parse_yaml(b"a: &x [1]\nb: *x\n", "f.yaml").data == {"a": [1], "b": [1]}


@pytest.mark.parametrize("depth", [100, 3000, 100_000])
def test_deep_nesting_is_refused_and_breaks_nothing(depth: int) -> None:
    assert problems(b"[" * depth + b"]" * depth)


def test_what_a_merge_key_brings_is_not_missed() -> None:
    document = parse_yaml(b"a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}\nc: {<<: [*a, {z: 4}]}\n", "f.yaml")
    assert document.data["b"] == {"y": 3, "x": 1}
    assert document.data["c"] == {"x": 1, "y": 2, "z": 4}
    assert [problem.line for problem in document.problems] == [2, 3]


def test_what_stands_under_a_key_twice_is_kept_together() -> None:
    document = parse_yaml(b"a: {x: 1}\nb: [1]\nc: 1\na: {x: 2, y: 010}\nb: [2]\nc: 1:30\n", "f.yaml")
    assert document.data == {"a": {"x": 1, "y": None}, "b": [1, 2], "c": 1}
    assert document.doubted == {("a",), ("b",), ("c",)}
    assert [document.line(path) for path in (("a", "x"), ("a", "y"), ("b", 1))] == [1, 4, 5]
    assert [problem.line for problem in document.problems] == [4, 4, 5, 6, 6]


def test_a_value_under_a_key_that_is_no_text_is_looked_at() -> None:
    document = parse_yaml(b"on: {x: 010}\n", "f.yaml")
    assert document.data == {"on": {"x": None}}
    assert len(document.problems) == 2


def test_bytes_that_are_no_text_hide_nothing_but_themselves() -> None:
    document = parse_yaml(b"a: \xff\nb: 010\nc: 1\n", "f.yaml")
    assert document.data == {"a": None, "b": None, "c": 1}
    assert [problem.line for problem in document.problems] == [1, 2]


def test_a_key_whose_text_is_not_yaml_hides_nothing_but_itself() -> None:
    document = parse_yaml(b"a: 1\nb: {\n  x: [1\nc: @d\nd: 010\ne: 2\n", "f.yaml")
    assert document.data == {"a": 1, "b": None, "c": None, "d": None, "e": 2}
    assert document.broken == {("b",), ("c",), ("d",)}
    assert [problem.line for problem in document.problems] == [4, 4, 5]


@pytest.mark.parametrize("text", [b"a: 'x\nb: 2\nc: it's\n", b"a: 1\nb\nc: 2\n", b"- a\nb: 1\n"])
def test_where_it_is_not_sure_what_is_not_yaml_only_that_is_told(text: bytes) -> None:
    assert len(problems(text)) == 1


def test_an_alias_whose_anchor_could_not_be_read_is_not_told(tmp_path: Path) -> None:
    assert len(problems(b"a: &a [1\nb: *a\nc: 1\n")) == 1


def test_a_pipe_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe.yaml")
    with pytest.raises(CourseError, match="^pipe.yaml: is not a file; put one in its place$"):
        read_yaml("pipe.yaml")


def test_a_file_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CourseError) as error:
        read_yaml("nowhere.yaml")
    assert str(error.value) == "nowhere.yaml: cannot be read: No such file or directory"


def test_a_file_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "big.yaml").write_bytes(b"#" * 1_000_001)
    with pytest.raises(CourseError, match="big.yaml: the file is larger than 1000000 bytes; make it smaller"):
        read_yaml("big.yaml")


def test_what_could_not_be_read_is_marked_as_broken() -> None:
    document = parse_yaml(b"a: 010\nb: 1\n", "f.yaml")
    assert isinstance(document, Document)
    assert document.broken == {("a",)}
    assert document.data == {"a": None, "b": 1}
