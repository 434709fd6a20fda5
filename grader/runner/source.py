"""A file's bytes as code, as Python itself takes them when it runs a file: BOM, declared encoding, any line ends.

Whatever is not right about them is a SyntaxError with a line, on every Python.
"""

import io
import tokenize
from types import CodeType

from grader.door.cells import cells_of
from grader.runner.notebook import Notebook, compile_cells


def compile_source(data: bytes, filename: str) -> CodeType | Notebook:
    """A file's code; of a notebook's module, each cell's.

    Raises SyntaxError; RecursionError and MemoryError for sources that are too deep.
    """
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        text = io.TextIOWrapper(io.BytesIO(data), encoding).read()
    except UnicodeDecodeError as error:
        raise _refused("the file is not text in its encoding", data, error.start, filename) from None
    except LookupError as error:
        raise _refused(str(error), data, 0, filename) from None
    except SyntaxError as error:  # an encoding that does not exist, or bytes that are none in the first two lines
        raise _refused(error.msg, data, _first_undecodable(data), filename) from None
    if "\0" in text:
        raise _refused("source code cannot contain null bytes", data, data.find(b"\0"), filename)
    cells = cells_of(text)
    if cells:
        return compile_cells(text, cells, filename)
    return compile(text, filename, "exec", dont_inherit=True)


def _first_undecodable(data: bytes) -> int:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return error.start
    return 0


def _refused(message: str, data: bytes, at: int, filename: str) -> SyntaxError:
    return SyntaxError(message, (filename, data.count(b"\n", 0, max(at, 0)) + 1, None, None))
