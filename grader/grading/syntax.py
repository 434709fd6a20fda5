"""Why text is not Python, in plain words: what Python said in words that all its versions share, or what the line itself shows.

Where neither tells it, nothing is guessed: what differs between versions may be in no verdict.
"""

import io
import keyword
import re
import tokenize
from collections.abc import Iterator

from grader.referee.outcome import Failure

_CHARACTER = re.compile(r"\bU\+([0-9A-F]{2,6})\b")
_HEADER = re.compile(r"expected an indented block after .* on line (\d+)")
_UNTOLD = "Python cannot read this line; look at all that stands in it, and at the end of the one above"
_IS_A_FUNCTION = "`{0}` is a function: what it is called with stands in brackets"
_QUOTES = "the quotes inside this text end it, for they are of the same kind; use the other kind inside"
_ESCAPE = re.compile(r"'unicodeescape' codec|invalid \\x escape")
_NO_ESCAPE = (
    "in quotes `\\U`, `\\u`, `\\x` and `\\N` begin a character by its number or name; for a plain `\\` write `\\\\`, or an `r` "
    "before the quotes"
)
_BROKEN = re.compile(r"(?<!\\)(?:\\\\)*\\(?:U(?![0-9a-fA-F]{8})|u(?![0-9a-fA-F]{4})|x(?![0-9a-fA-F]{2})|N)")
# Before 3.12 a text in quotes ends at the next such sign, even within braces: what is said then is about half of it.
_HALF = re.compile(r"f-string: (?:unmatched '[(\[{]'|expecting '}')(?= \(|$)")
_QUOTES_INSIDE = re.compile(r"""[^#]*?(?:\b[rR]?[fF]|\b[fF][rR])(['"])(?!\1)(?:(?!\1).)*\{(?:(?!\1)[^}])*\1.*\}.*\1""")
_STOPPED = re.compile(r"unexpected character after line continuation")  # at a `\` that is left outside of the half
_ESCAPE_INSIDE = re.compile(
    r"""[^#]*?(?:\b[rR]?[fF]|\b[fF][rR])(['"])(?!\1)(?:(?!\1).)*\{(?:(?!\1)[^}])*\1[^}]*\\[^}]*\1[^}]*\}.*\1"""
)
# Since 3.12 what stands in braces is read first: text that never ends is told as a bracket in it.
_IN_BRACES = re.compile(r"f-string: unmatched '[)\]]'")
_ENDLESS = re.compile(r"""[^#'"]*(?:\b[rR]?[fF]|\b[fF][rR])(['"])(?!\1)(?:(?!\1).)*$""")
_HALVES = (_HALF, _QUOTES_INSIDE), (_STOPPED, _ESCAPE_INSIDE)

# what Python said
_OF_MESSAGES = tuple(
    (re.compile(pattern), said)
    for pattern, said in (
        (
            r"'yield from' inside async",
            "`yield from` cannot stand in `async def`; to wait for something write `await`, to give all items of something "
            "`for item in ...: yield item`",
        ),
        (
            r"'(await|async for|async with)' outside ",
            "`{0}` may stand only inside `async def`; a `def` or `lambda` in one is none",
        ),
        (r"'(return|yield|yield from)' outside ", "`{0}` may stand only inside a function"),
        (
            r"asynchronous comprehension outside",
            "a comprehension with `async for` or `await` in it may stand only inside `async def`",
        ),
        (
            r"'return' with value in async generator",
            "an `async def` with `yield` is a generator, and cannot `return` a value; `yield` it, or write `return` alone",
        ),
        (
            r"'(break|continue)' (?:outside|not properly in) loop",
            "`{0}` may stand only inside a loop, `for` or `while`",
        ),
        (r"duplicate (?:argument|parameter) '(\w+)'", "two parameters are called `{0}`; each needs a name of its own"),
        (
            r"(?:positional argument|iterable argument unpacking) follows keyword",
            "in a call, what has no name comes before what has one (`name=value`, `**`); put it first",
        ),
        (r"keyword argument repeated: (\w+)", "`{0}` is given twice in one call; give it once"),
        (
            r"non-default argument follows|parameter without a default follows",
            "a parameter without a default stands behind one that has a default; put it before that",
        ),
        (
            r"Maybe you meant '=='",
            "`=` gives a name its value, which cannot be done here; to compare, write `==`",
        ),
        (
            r"expression cannot contain assignment",
            "in a call only the name of a parameter may stand left of `=`; to compare, write `==`",
        ),
        (
            r"cannot assign to ",
            "what is given a value here can have none; names, attributes and places such as `x[0]` can",
        ),
        (
            r"leading zeros in decimal integer",
            "a number cannot begin with 0; leave the 0 out, or write `0o` before a number in base 8",
        ),
        (r"invalid decimal literal", "a digit stands before letters or `_`; a name cannot begin with a digit"),
        (
            r"name '(\w+)' is (?:assigned to before|used prior to) (global|nonlocal) declaration",
            "`{1} {0}` has to stand before `{0}` is used",
        ),
        (r"name '(\w+)' is parameter and (global|nonlocal)", "`{0}` is a parameter, and cannot be `{1}` too"),
        (r"nonlocal declaration not allowed at module level", "`nonlocal` may stand only inside a function"),
        (r"no binding for nonlocal '(\w+)'", "`nonlocal {0}` needs a function around this one that sets `{0}`"),
        (
            r"import \* only allowed at module level",
            "`import *` may stand only outside of functions and classes; import by name what is used",
        ),
        (
            r"from __future__ imports must occur at the beginning",
            "`from __future__` has to come first in the file; only comments and a docstring may stand before it",
        ),
        (
            r"multiple exception types must be parenthesized",
            "several exceptions stand in brackets, `except (A, B):`; a name for it comes after `as`, `except A as error:`",
        ),
        (r"'(\W)' was never closed", "the bracket `{0}` of this line is never closed"),
        (
            r"f-string: unmatched '([)\]])'",
            "within the braces of an f-string `{0}` closes no bracket that is open; take it out, or end the braces and the "
            "text before it",
        ),
        (
            r"f-string: single '\}' is not allowed",
            "a `}}` in this f-string ends no braces; for a plain one write two: `}}}}`",
        ),
        (
            r"f-string: invalid conversion character",
            "in the braces of an f-string only `s`, `r` or `a` may stand behind `!`",
        ),
        (
            r"':' expected after dictionary key",
            "in `{{key: value}}` every key needs a `:` and a value; one here has none",
        ),
        (
            r"cannot have both 'except' and 'except\*'",
            "a `try` has either `except` or `except*` below it, and not both",
        ),
        (r"unmatched '([)\]}])'", "`{0}` closes no bracket that is open"),
        (
            r"closing parenthesis '(\W)' does not match .*? '(\W)'",
            "`{0}` stands where the bracket `{1}` is to be closed",
        ),
        (r"unterminated triple-quoted", "text in three quotes begins here and never ends"),
        (r"unterminated (?:f-)?string", "text in quotes begins in this line and does not end in it"),
        (r"unexpected character after line continuation", "outside of quotes nothing may stand after `\\` in a line"),
        (
            r"expected 'except' or 'finally' block",
            "a `try` above has no `except` or `finally`; write one below its block, as far to the left as the `try`",
        ),
        (r"Missing parentheses in call to '(\w+)'", _IS_A_FUNCTION),
        (
            r"Generator expression must be parenthesized",
            "a generator (`x for x in y`) that is not the only argument needs brackets of its own",
        ),
        (
            r"bytes can only contain ASCII",
            "with `b` before the quotes only plain letters, digits and signs may stand in them",
        ),
        (r"expected ':'", "Python expected a colon (`:`) in this line, and met something else"),
    )
)
# what Python said, where the line shows what it means
_BLOCKS = (
    r"\s*(?:(else|finally)|(except)(?:\s+[\w.]+(?:\s+as\s+\w+)?)?|(elif)\s+[\w.]+(?:\s*[=!<>]=?\s*[\w.]+)?)"
    r"\s*:\s*(?:#.*)?$"
)
_OF_BOTH = tuple(
    (re.compile(message), re.compile(line), said)
    for message, line, said in (
        (
            r"invalid syntax",
            _BLOCKS,
            "there is no block above to which this `{0}` belongs; that begins as far to the left, and nothing may stand "
            "between",
        ),
        (
            r"invalid syntax",
            r"\s*[^\W\d]\w*\s*:=",
            "`:=` gives a name its value within something larger; in a line of its own that is written `=`",
        ),
        (
            r"f-string: (?:empty expression not allowed|(?:valid )?expression required before)",
            r".*\{\s*[}!:=]",
            "there is nothing in the braces of this f-string; write in them what is to be shown, or `{{{{}}}}` for plain "
            "braces",
        ),
        (r"cannot include a backslash", _ESCAPE_INSIDE.pattern, _QUOTES),
        (
            r"cannot include a backslash",
            r"""[^{]*(?:\{\{[^{]*)*\{[^}'"]*\\['"]""",
            "outside of quotes nothing may stand after `\\` in a line",
        ),
        (
            r"cannot include a backslash",
            r"",
            "before Python 3.12 no `\\` may stand in the braces of an f-string, not in quotes either; give that text a name "
            "in a line above, and write the name in the braces",
        ),
    )
)
# what a line alone shows that cannot be read
_OF_LINES = tuple(
    (re.compile(pattern), said)
    for pattern, said in (
        (
            r"(?:<{7}|>{7}|\|{7})(?: |$)",
            "git wrote this line where two versions did not fit together; keep one of them, and take git's lines out",
        ),
        (r"\s*(>>>|\.\.\.(?= \S))", "`{0}` is shown by Python's own prompt, and is no part of a program; take it out"),
        (
            r"\s*[!%]?\s*(?:python3? -m )?(pip3?|conda) install\b",
            "`{0} install` is a command for a terminal; take the line out",
        ),
        (
            r"\s*%{1,2}(time|timeit|matplotlib|load_ext|autoreload|cd|run|capture|writefile)\b",
            "`%{0}` works in notebooks only; take it out",
        ),
        (
            r"\s*(?:from\s+\.*|import\s+(?:[\w.]+(?:\s+as\s+\w+)?\s*,\s*)*)(\d[\w-]*|\w+(?:-\w+)+)",
            '`{0}` is no name, so `import` cannot find a file that is called so; write `__import__("{0}")`',
        ),
        (
            r"\s*(?:from|import)\s+['\"]([^\W\d]\w*)['\"]",
            "after `import` and `from` a name stands without quotes: `{0}`",
        ),
        (
            r"\s*(?:from|import)\s+['\"](?:\./)?([\w -]+?)(?:\.py)?['\"]",
            '`import` takes names, and no text in quotes; a file that is called so is found by `__import__("{0}")`',
        ),
        (r"\s*```", "three backquotes mark a program in a chat or a text, and are no part of it; take them out"),
        (
            r"[^'\"#]*\basyncio\.async\b",
            "`asyncio.async` is gone, for `async` is a word of the language now; write `asyncio.create_task`",
        ),
        (
            rf"\s*({'|'.join(keyword.kwlist)})\s*=(?!=)",
            "`{0}` is a word of the language, and cannot be the name of anything; choose another",
        ),
        (r"\s*(print|exec)\s+[^\s(=.]", _IS_A_FUNCTION),
        (r"\s*else\s+if\b", "`else if` is written `elif`"),
        (r"\s*from\s+[\w.]+\s+import\s*(?:#.*)?$", "behind `import` stand the names that are taken; there are none"),
        (r"\s*(?:from\s+[\w.]+\s+)?import\s+[\w.]+\s+as\s*(?:#.*)?$", "behind `as` stands the new name; there is none"),
        (
            r"[^'\"#]*\blambda\b[^'\"#:]*:\s*(return|await return)\b",
            "a `lambda` gives the value of one expression, without `return`; for more write a `def`",
        ),
        (r"\s*raise\s+([\w.]+)\s*,", "what `{0}` is raised with stands in brackets: `raise {0}(...)`"),
        (r"\s*\w+\s*(\+\+|--)\s*(?:#.*)?$", "there is no `{0}` in Python; write `+= 1` or `-= 1`"),
        (r"[^'\"#]*&&", "`&&` is written `and`"),
        (r"[^'\"#]*\|\|", "`||` is written `or`"),
        (r"[^'\"#]*<>", "`<>` is written `!=`"),
    )
)


def _of_character(character: str, number: str) -> str:
    if not character.isprintable() or character.isspace():
        return (
            f"there is a character in this line that is not seen (U+{number}); write the line anew, with plain spaces"
        )
    return f"`{character}` (U+{number}) is no sign of the language; write the plain one, such as \", ' or -"


def header_line(failure: Failure) -> int | None:
    """The line below which a block is missing: where Python notices that may be the end of the file."""
    found = _HEADER.match(failure.message)
    return int(found[1]) if found else None


def escape_line(failure: Failure, text: str) -> int | None:
    """The line in which a text in quotes has what begins a character and is none: Pythons name its first or its last one."""
    line = failure.line
    if line is None or not _ESCAPE.search(failure.message):
        return None
    try:
        found = [one for one in _strings(text) if one.start[0] <= line <= one.end[0]]
    except (tokenize.TokenError, SyntaxError):
        return None
    lines = ((one.start[0] + at, part) for one in found for at, part in enumerate(one.string.split("\n")))
    return next((number for number, part in lines if _BROKEN.search(part)), None)


def _strings(text: str) -> Iterator[tokenize.TokenInfo]:
    """Those in which such a character may stand; of an f-string all Pythons name the same line."""
    for one in tokenize.generate_tokens(io.StringIO(text).readline):
        if one.type == tokenize.STRING and not re.match(r"[bBuU]?[rRfF]", one.string):
            yield one


def explained_syntax(failure: Failure, line: str) -> str:
    """Why text is not Python; `line` is where Python stopped reading."""
    if failure.type == "UnicodeDecodeError":
        return "it holds bytes that are not text in UTF-8; save it as UTF-8"
    if failure.type == "UnknownEncoding":
        return (
            "no program is read in the encoding that this line declares; save the file as UTF-8, and take the line out"
        )
    if failure.type == "UTF-16":
        return "it is saved as UTF-16 (Windows calls that Unicode), which Python does not read; save it as UTF-8"
    if failure.type == "NulByte":
        return "there is a NUL byte in this line, which no program can hold; save the file as plain text, in UTF-8"
    if is_too_deep(failure):
        return (
            "more stands inside one another here than Python can read: brackets, blocks or operators; use fewer levels"
        )
    if header_line(failure) is not None:
        return "a line that begins a block needs indented lines below it; comments do not count, `pass` does"
    if failure.type in ("IndentationError", "TabError"):
        return "the indentation of this line does not fit the lines around it"
    strange = _CHARACTER.search(failure.message)
    if strange:
        return _of_character(chr(int(strange[1], 16)), strange[1])
    if _ESCAPE.search(failure.message):
        return _NO_ESCAPE
    inside = next((found for part, found in _HALVES if part.search(failure.message)), None)
    if inside is not None and inside.match(line):
        return _QUOTES
    both = next((one for one in _OF_BOTH if one[0].search(failure.message) and one[1].match(line)), None)
    if both is not None:
        found = both[1].match(line)
        return both[2].format(*filter(None, found.groups() if found is not None else ()))
    is_endless = _IN_BRACES.search(failure.message) and _ENDLESS.match(line)
    message = "unterminated f-string" if is_endless else failure.message
    for table, text in ((_OF_LINES, line), (_OF_MESSAGES, message)):
        for pattern, said in table:
            found = pattern.match(text) if table is _OF_LINES else pattern.search(text)
            if found:
                return said.format(*found.groups())
    return _UNTOLD


def is_too_deep(failure: Failure) -> bool:
    """Whether text could not be read, or not be translated, because of its levels."""
    return (
        failure.type in ("TooDeep", "RecursionError", "MemoryError") or "too many statically nested" in failure.message
    )
