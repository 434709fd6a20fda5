"""The first draft of a course for files that exist: texts of its files, in which what cannot be known is marked TODO.

What the draft says is what the reference files say; a course that loads, and that `grader validate` proves once the marked
places are filled in.
"""

import ast
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from unicodedata import category, combining, normalize

from grader.authoring.draft_world import key, var, world_of
from grader.authoring.reference import Function, Parameter, Reference, ReferenceFile

TODO = "TODO"
POINTS = 10
SLEEPING = "https://docs.python.org/3/library/asyncio-task.html"


@dataclass(frozen=True, slots=True)
class Draft:
    """The files of a course by their way in its folder. `folders` are the exercises' by the reference file each is made of."""

    files: Mapping[str, bytes]
    folders: tuple[tuple[ReferenceFile, str], ...]

    @property
    def places(self) -> int:
        """How many are left to fill in."""
        return sum(text.count(TODO.encode()) for name, text in self.files.items() if name.endswith(".yaml"))


def draft_course(reference: Reference, title: str) -> Draft:
    slugs = _slugs(reference.files)
    folders = [f"{number:02}_{slug.replace('-', '_')}" for number, slug in enumerate(slugs, 1)]
    files = {"course.yaml": _course(reference.files, folders, title).encode()}
    for file, slug, folder in zip(reference.files, slugs, folders, strict=True):
        needed = [slugs[reference.files.index(other)] for other in _needed(reference, file)]
        files[f"exercises/{folder}/exercise.yaml"] = _exercise(reference, file, slug, needed).encode()
        files[f"exercises/{folder}/{file.module}.py"] = _stub(file).encode()
        files[f"exercises/{folder}/README.md"] = _readme(file, slug).encode()
        files[f"solutions/{folder}/reference.py"] = file.path.read_bytes()
    return Draft(files, tuple(zip(reference.files, folders, strict=True)))


# ---------------------------------------------------------------- names


def _slugs(files: Sequence[ReferenceFile]) -> list[str]:
    """The file's name without its number; with the folder's where two are the same."""
    names = [_words(file.module) or _words(file.functions[0].name) or "exercise" for file in files]
    slugs = [
        f"{_words(file.within)}-{name}".strip("-") if names.count(name) > 1 else name
        for file, name in zip(files, names, strict=True)
    ]
    return [slug if slugs.count(slug) == 1 else f"{slug}-{at}" for at, slug in enumerate(slugs, 1)]


def _words(name: str) -> str:
    plain = "".join(letter for letter in normalize("NFKD", name.lower()) if not combining(letter))
    words = re.findall(r"[a-z0-9]+", plain)
    while words and not words[0][0].isalpha():
        words.pop(0)
    return "-".join(words)


def _title(slug: str) -> str:
    return slug.replace("-", " ").capitalize()


def _needed(reference: Reference, file: ReferenceFile) -> Iterator[ReferenceFile]:
    for module in reference.needs(file):
        other = reference.file(file.within, module)
        if other is not None:
            yield other


# ---------------------------------------------------------------- course.yaml


def _course(files: Sequence[ReferenceFile], folders: Sequence[str], title: str) -> str:
    lines = [
        "schema: 1",
        f"title: {quoted(title)}",
        "",
        "submissions:",
        '  files: "**/*{within}/{module}.py" # where an exercise\'s file lies in what a learner hands in',
        "",
        "units:",
    ]
    names = [_words(file.within) or "unit" for file in files]
    for name in dict.fromkeys(names):
        lines += [f"  - id: {name}", f"    title: {quoted(_title(name))}", "    exercises:"]
        lines += [
            f"      - {{folder: {folder}, title: {quoted(_title(folder.partition('_')[2].replace('_', '-')))}}}"
            for file_name, folder in zip(names, folders, strict=True)
            if file_name == name
        ]
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    """As YAML takes it on one line, whatever it holds."""
    return json.dumps(text, ensure_ascii=False)


# ---------------------------------------------------------------- exercise.yaml


def _exercise(reference: Reference, file: ReferenceFile, slug: str, needed: Sequence[str]) -> str:
    goal = _first_sentence(ast.get_docstring(file.tree) or file.functions[0].doc)
    lines = ["schema: 1", f"slug: {slug}", f"module: {quoted(file.module)}", f"within: {quoted(file.within)}"]
    if reference.needs(file):
        lines.append(f"needs: [{', '.join(map(quoted, reference.needs(file)))}]")
    lines.append(f"goal: {quoted(goal) if goal else quoted('TODO: one sentence')}")
    lines.append("concepts: [TODO]")
    lines += [f"prerequisites: [{', '.join(needed)}]"] if needed else []
    lines += ["docs:", f"  - {SLEEPING}", "prompt: |", *_prompt(file), ""]
    drawn = {parameter.name: parameter for function in file.functions for parameter in function.parameters}
    if drawn:
        lines += ["vars:", *(f"  {key(var(name))}: {_draw(parameter)}" for name, parameter in drawn.items()), ""]
    world = world_of(reference, file)
    lines += world.lines
    lines.append("entries:")
    for function, points in zip(file.functions, _shares(len(file.functions)), strict=True):
        lines += _entry(function, points, world.witnessed(function))
    lines += [
        "",
        "cases:",
        "  - {name: drawn, draws: 2}" if drawn else "  - {name: once}",
        "",
        "hints:",
        f"  - {quoted('TODO: a question')}",
    ]
    return "\n".join(lines) + "\n"


def _first_sentence(text: str) -> str:
    line = " ".join(text.split("\n\n")[0].split())
    return line if len(line) <= 200 else line[:199].rpartition(" ")[0]


def _prompt(file: ReferenceFile) -> Iterator[str]:
    yield "  TODO: what is returned, of which type and in which order; the docstrings say:"
    for function in file.functions:
        yield ""
        yield f"  {_signature(function)}"
        yield from (f"    {line}" for line in map(_plain, function.doc.splitlines()) if line.strip())


def _plain(line: str) -> str:
    """Without what YAML does not hold: control characters, and halves of letters."""
    return "".join(letter for letter in line if category(letter) not in {"Cc", "Cs"})


def _signature(function: Function) -> str:
    given = ", ".join(one.name + (f"={one.default}" if one.default else "") for one in function.parameters)
    return f"{function.name}({given})"


def _draw(parameter: Parameter) -> str:
    kind = parameter.annotation or _kind_of(parameter.default)
    if kind == "int":
        return "{int: [2, 6]}"
    if kind == "float":
        return "{number: [1, 9], step: 0.5}"
    if kind == "str":
        return "{word: true}"
    return "{int: [2, 6]} # TODO: the text does not tell what this is"


def _kind_of(default: str) -> str:
    try:
        return type(ast.literal_eval(default)).__name__ if default else ""
    except (ValueError, SyntaxError):
        return ""


def _shares(entries: int) -> list[int]:
    """The exercise's points, in whole numbers as far as they go."""
    most, rest = divmod(POINTS, entries)
    return [most + (at < rest) for at in range(entries)]


def _entry(function: Function, points: int, operation: str) -> Iterator[str]:
    given = ", ".join(quoted(f"={var(one.name)}") for one in function.parameters)
    yield f"  {key(function.name)}:"
    if function.kind != "coroutine":
        yield f"    kind: {function.kind}"
    if function.kind == "function_in_loop":
        yield "    returns: task"
    yield f"    args: [{given}]"
    yield "    checks:"
    if operation:
        yield f"      - {{id: work, gate: true, calls: {quoted(operation)}, at_least: 1, help: {quoted('TODO')}}}"
    yield "      - id: result"
    yield f"        points: {points}"
    yield f"        result: {quoted('TODO: what is returned, such as an expression over the vars above')}"
    yield f"        help: {quoted('TODO')}"


# ---------------------------------------------------------------- beside it


def _readme(file: ReferenceFile, slug: str) -> str:
    told = "\n".join(f"- `{_signature(one)}`: {_first_sentence(one.doc)}".rstrip(": ") for one in file.functions)
    return f"# {_title(slug)}\n\nYour file is `{file.within}/{file.module}.py`. It has:\n\n{told}\n"


def _stub(file: ReferenceFile) -> str:
    """The imports, and the functions with nothing in them."""
    kept: list[ast.stmt] = []
    names = {function.name: function for function in file.functions}
    for node in file.tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if node.name in names:
                kept.append(_emptied(node, names[node.name]))
        elif isinstance(node, ast.Import | ast.ImportFrom) or _is_text(node) or _imports(node):
            kept.append(node)
    return ast.unparse(ast.Module(kept, [])) + "\n"


def _emptied(node: ast.FunctionDef | ast.AsyncFunctionDef, function: Function) -> ast.stmt:
    body: list[ast.stmt] = [ast.parse("raise NotImplementedError").body[0]]
    if function.kind == "async_generator":
        body += ast.parse("yield").body
    if _is_text(node.body[0]):
        body.insert(0, node.body[0])
    made = ast.parse(ast.unparse(node)).body[0]
    assert isinstance(made, ast.FunctionDef | ast.AsyncFunctionDef)
    made.body, made.decorator_list = body, []
    return made


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _imports(node: ast.stmt) -> bool:
    """A line such as `next_bus = __import__("0-next_bus").next_bus`."""
    said = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
    said |= {one.attr for one in ast.walk(node) if isinstance(one, ast.Attribute)}
    meant = {"__import__", "import_module", "spec_from_file_location", "module_from_spec", "exec_module"}
    return isinstance(node, ast.Assign | ast.Expr) and bool(said & meant)
