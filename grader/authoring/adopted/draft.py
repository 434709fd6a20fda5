"""The first draft of a course for files that exist: texts of its files, in which what cannot be known is marked TODO.

What the draft says is what the reference files say; a course that loads, and that `grader validate` proves once the marked
places are filled in.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from unicodedata import combining, normalize

from grader.authoring.adopted.code import packages
from grader.authoring.adopted.exercise import POINTS, exercise_of, first_sentence, signature
from grader.authoring.adopted.names import key, quoted
from grader.authoring.adopted.reference import Reference, ReferenceFile
from grader.authoring.adopted.stub import stub_of
from grader.run.helpers import ways

TODO = "TODO"
_PREFIX = re.compile(r"^(0x[0-9a-f]+|\d+)[-_. ]+", re.IGNORECASE)


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
    withins, pattern = _withins(reference.files)
    files, points = dict[str, bytes](), list[int]()
    for file, slug, folder in zip(reference.files, slugs, folders, strict=True):
        needed = [slugs[reference.files.index(other)] for other in _needed(reference, file)]
        lines, given = exercise_of(reference, file, slug, needed, withins[file.within])
        points.append(given)
        files[f"exercises/{folder}/exercise.yaml"] = _text(lines)
        files[f"exercises/{folder}/{file.module}.py"] = stub_of(file).encode()
        files[f"exercises/{folder}/README.md"] = _text(_readme(file, slug))
        files[f"solutions/{folder}/reference.py"] = file.path.read_bytes()
        for name, text in reference.read(file).items():
            files[f"exercises/{folder}/{name}"] = text.encode()
        for other in reference.imported(file):  # the right chain, by which 'dependencies: both' is proved
            files.setdefault(f"solutions/{folder}/{other.module}.py", other.path.read_bytes())
        for way, data in _packages(file, *reference.imported(file)):
            files.setdefault(f"solutions/{folder}/{way}.py", data)
    course = _text(_course(reference.files, folders, points, title, pattern))
    return Draft({"course.yaml": course, **files}, tuple(zip(reference.files, folders, strict=True)))


def _packages(*files: ReferenceFile) -> Iterator[tuple[str, bytes]]:
    """The files of the packages beside these of which they import something, by their ways."""
    for file in files:
        for way in (way for name in packages(file) for way in ways(str(file.path.parent), name)):
            path = file.path.parent / f"{way}.py"
            if path.is_file() and not path.is_symlink():
                yield way, path.read_bytes()


# ---------------------------------------------------------------- names


def _slugs(files: Sequence[ReferenceFile]) -> list[str]:
    """The file's name without its number. Where two have the same, the function's in one folder, and the folder's with it
    in two; and a number where that is not enough."""
    places = [(_words(file.within), _words(file.module)) for file in files]
    functions = [_words(file.entries[0].name) or "exercise" for file in files]
    names = [
        name if name and places.count((within, name)) == 1 else function
        for (within, name), function in zip(places, functions, strict=True)
    ]
    wanted = [
        f"{within}-{name}".strip("-") if names.count(name) > 1 else name
        for (within, _), name in zip(places, names, strict=True)
    ]
    slugs: list[str] = []
    for slug in wanted:
        tries = (slug, *(f"{slug}-{at}" for at in range(2, len(files) + 2)))
        slugs.append(next(one for one in tries if one not in slugs and (one == slug or one not in wanted)))
    return slugs


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


def _withins(files: Sequence[ReferenceFile]) -> tuple[dict[str, str], str]:
    """The name of each folder without the number before it, which learners write in many ways, and the pattern by which such
    a folder is found. Where one such name would find two folders all keep theirs."""
    names = list(dict.fromkeys(file.within for file in files))
    for withins in ({name: _PREFIX.sub("", name) or name for name in names}, {name: name for name in names}):
        found = [name for within in withins.values() for name in names if name.lower().endswith(within.lower())]
        if len(found) == len(names):
            return withins, "**/*{within}/{module}.py"
    return {name: name for name in names}, "**/{within}/{module}.py"


# ---------------------------------------------------------------- course.yaml


def _course(
    files: Sequence[ReferenceFile], folders: Sequence[str], points: Sequence[int], title: str, pattern: str
) -> list[str]:
    lines = [
        "schema: 1",
        f"title: {quoted(title)}",
        "",
        'submissions: # without the folder: "**/{module}.py"',
        f'  files: "{pattern}" # where an exercise\'s file lies in what a learner hands in',
        "",
        "units:",
    ]
    names = [_words(file.within) or "unit" for file in files]
    for name in dict.fromkeys(names):
        lines += [f"  - id: {key(name)}", f"    title: {quoted(_title(name))}", "    exercises:"]
        lines += [
            _listed(folder, given)
            for file_name, folder, given in zip(names, folders, points, strict=True)
            if file_name == name
        ]
    return lines


def _listed(folder: str, given: int) -> str:
    title = quoted(_title(folder.partition("_")[2].replace("_", "-")))
    points = f", points: {given}" if given != POINTS else ""
    return f"      - {{folder: {folder}, title: {title}{points}}}"


def _readme(file: ReferenceFile, slug: str) -> list[str]:
    told = [f"- `{signature(one)}`: {first_sentence(one.doc)}".rstrip(": ") for one in file.entries]
    return [f"# {_title(slug)}", "", f"Your file is `{file.within}/{file.module}.py`. It has:", "", *told]


def _text(lines: Sequence[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode()
