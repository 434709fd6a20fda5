"""A file's bytes as code, as Python itself takes them when it runs a file: BOM, declared encoding, any line ends.

Whatever is not right about them is a SyntaxError with a line, on every Python.
"""

from types import CodeType

from grader.door.cells import cells_of
from grader.door.text import decoded
from grader.runner.notebook import Notebook, compile_cells

_NOT_PLAIN = (b"coding", b"\r", b"\0")
_compile = compile  # as it is before a run puts another in its place


def compile_source(data: bytes, filename: str) -> CodeType | Notebook:
    """A file's code; of a notebook's module, each cell's.

    Raises SyntaxError; RecursionError and MemoryError for sources that are too deep.
    """
    text = text_of(data, filename)
    cells = cells_of(text)
    return compile_cells(text, cells, filename) if cells else _compiled(text, filename)


def compile_file(data: bytes, filename: str) -> CodeType:
    """The same of a file that is imported, where a notebook's module is a file as any other."""
    return _compiled(text_of(data, filename), filename)


def _compiled(text: str, filename: str) -> CodeType:
    try:
        return _compile(text, filename, "exec", dont_inherit=True)
    except UnicodeEncodeError as error:  # since 3.13, which looks at the spaces before the lines of a docstring
        half = error.object[error.start : error.end]
        message = f"a docstring has {ascii(half)[1:-1]}, which is half a letter and cannot be written to a file"
        raise SyntaxError(message, (filename, _line_with(half, text), None, None)) from None


def _line_with(half: str, text: str) -> int:
    import ast

    strings = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant))
    return min((node.lineno for node in strings if isinstance(node.value, str) and half in node.value), default=1)


def text_of(data: bytes, filename: str) -> str:
    if data.isascii() and not any(map(data.__contains__, _NOT_PLAIN)):
        return data.decode("ascii")  # as most are: that asks for next to nothing
    try:
        text = decoded(data)
    except UnicodeDecodeError as error:
        raise _refused("the file is not text in its encoding", data, error.start, filename) from None
    except (LookupError, UnicodeError) as error:  # of codecs in which no program is read: undefined, punycode
        raise _refused(str(error), data, 0, filename) from None
    except SyntaxError as error:  # an encoding that does not exist, or bytes that are none in the first two lines
        raise _refused(error.msg, data, _first_undecodable(data), filename) from None
    if "\0" in text:
        raise _refused("source code cannot contain null bytes", data, data.find(b"\0"), filename)
    return text


def _first_undecodable(data: bytes) -> int:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return error.start
    return 0


def _refused(message: str, data: bytes, at: int, filename: str) -> SyntaxError:
    return SyntaxError(message, (filename, data.count(b"\n", 0, max(at, 0)) + 1, None, None))
