"""What a notebook understands and a module does not (magics, shell lines, `await` outside of a function), made comments.

A line keeps its number. Only lines that begin a statement are meant: `% b` inside of brackets or of a text stays.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_PYTHON_BELOW = {"time", "timeit", "capture", "prun", "debug"}  # cell magics whose cell is Python
_MAGIC = re.compile(r"[ \t]*(?:[%!?]|[\w.,\[\] \t]+=[ \t]*[%!](?!=)|%?%?[\w.*]+\?{1,2}[ \t]*(?:\n|$))")
_TOKEN = re.compile(  # a text without an end has all that is left, so that nothing is looked through twice
    r"'''(?:[^\\']|\\.|'(?!''))*+(?:'''|\\?\Z)"
    r'|"""(?:[^\\"]|\\.|"(?!""))*+(?:"""|\\?\Z)'
    r"|'(?:[^'\\\n]|\\.)*+'?"
    r'|"(?:[^"\\\n]|\\.)*+"?'
    r"|#[^\n]*|[(\[{]|[)\]}]|\\\n|\n",
    re.DOTALL,
)
_DEFINES = re.compile(r"(?:async[ \t]+def|def|class)\b|@")
_GOES_ON = re.compile(r"(?:else|elif|except|finally)\b")
# Most cells define and import, and need no closer look: there a line at the margin can begin nothing that waits.
_MAYBE_MAGIC = re.compile(r"^[ \t]*[%!?]|=[ \t]*[%!]|\?[ \t]*$", re.MULTILINE)
_NEVER_WAITS = re.compile(r"[ \t)\]}#@]|async[ \t]+def\b|def\b|class\b|(?:import|from)\b(?!.*\bawait\b)|$")
_WAITS = re.compile(r"\bawait\b|\basync[ \t]+(?:for|with)\b")


@dataclass(frozen=True, slots=True)
class _Statement:
    """Lines `first` to before `end`, counted from 0; `code` is without what stands in texts and comments."""

    first: int
    end: int
    code: str


def as_module(lines: list[str]) -> list[str]:
    """The lines of a cell as lines of a module, as many of them."""
    if not lines:
        return []
    begins = next((at for at, line in enumerate(lines) if line.strip()), 0)
    magic = re.match(r"%%(\w*)", lines[begins])
    if magic and magic[1] not in _PYTHON_BELOW:
        return [_comment(line) for line in lines]
    text = "\n".join(lines)
    if not _MAYBE_MAGIC.search(text):
        return _without_waits(lines)
    commented = {statement.first for statement in _statements(text) if _is_magic(lines, statement)}
    return _without_waits([_comment(line) if at in commented else line for at, line in enumerate(lines)])


def _is_magic(lines: list[str], statement: _Statement) -> bool:
    return _MAGIC.match(lines[statement.first]) is not None


def _comment(line: str) -> str:
    """A block whose only line this is would be empty, hence `pass`, which does nothing anywhere."""
    indent = line[: len(line) - len(line.lstrip())]
    return f"{indent}pass  # {line.lstrip()}" if indent else f"# {line}"


def _without_waits(lines: list[str]) -> list[str]:
    """A statement outside of any function that waits for something is for a notebook alone."""
    if all(_NEVER_WAITS.match(line) for line in lines):
        return lines
    made = list(lines)
    for first, end in _waiting(list(_statements("\n".join(lines))), lines):
        made[first:end] = [f"# {line}" for line in lines[first:end]]
    return made


def _waiting(statements: list[_Statement], lines: list[str]) -> Iterator[tuple[int, int]]:
    """From line, to line: blocks that begin at the margin, define nothing and wait."""
    for block in _blocks(statements, lines):
        head = lines[block[0].first]
        if not _DEFINES.match(head) and any(_WAITS.search(s.code) for s in _outside(block, lines)):
            yield block[0].first, block[-1].end


def _outside(block: list[_Statement], lines: list[str]) -> Iterator[_Statement]:
    """The statements of a block that stand in no function of it."""
    within: int | None = None
    for statement in block:
        line = lines[statement.first]
        indent = len(line) - len(line.lstrip())
        if within is not None and indent > within:
            continue
        within = indent if _DEFINES.match(line.lstrip()) else None
        if within is None:
            yield statement


def _blocks(statements: list[_Statement], lines: list[str]) -> Iterator[list[_Statement]]:
    block: list[_Statement] = []
    for statement in statements:
        line = lines[statement.first]
        if block and (line[:1].isspace() or _GOES_ON.match(line) or lines[block[-1].first].startswith("@")):
            block.append(statement)
            continue
        if block:
            yield block
        block = [statement]
    if block:
        yield block


def _statements(text: str) -> Iterator[_Statement]:
    """Each from the line on which it begins; blank lines and comments belong to none."""
    at, line = 0, 0
    while at <= len(text):
        end, code = _end_of_statement(text, at)
        rows = text.count("\n", at, end)
        if code.strip() or _MAGIC.match(text, at):
            yield _Statement(line, line + rows + 1, code)
        at, line = end + 1, line + rows + 1


def _end_of_statement(text: str, at: int) -> tuple[int, str]:
    """Where the line break stands that ends the statement beginning at `at`, and its code."""
    if _MAGIC.match(text, at):
        end = text.find("\n", at)
        return (end if end >= 0 else len(text)), ""
    depth, code, begins = 0, list[str](), at
    for token in _TOKEN.finditer(text, at):
        code.append(text[begins : token.start()])
        begins = token.end()
        found = token[0]
        if found in "([{":
            depth += 1
        elif found in ")]}":
            depth = max(depth - 1, 0)
        elif found == "\n" and not depth:
            return token.start(), "".join(code)
    return len(text), "".join([*code, text[begins:]])
