"""Where the packages lie that a course names: each with all that it needs itself, found in the grader's own environment; and
the versions of those that programs ask for."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import metadata

from grader.errors import UsageError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_QUOTED = re.compile(r"(['\"])([A-Za-z0-9][A-Za-z0-9._-]{0,99})\1")
_NOT_FOR_PROGRAMS = re.compile(r"extra == ['\"](?:all|tests?|testing|dev|docs?|lint|mypy|jupyter|notebook)['\"]")
SHELL = ("IPython", "ipykernel")
NESTING = ("nest_asyncio", "nest_asyncio2")  # files beside a notebook import them as well


@cache
def located(names: tuple[str, ...]) -> dict[str, str]:
    """The folder or file of each module, by its name. Raises UsageError for a distribution that is not installed."""
    return {name: place for one in _with_needed(names) for name, place in _modules(one)}


@cache
def released(names: tuple[str, ...]) -> dict[str, str]:
    """The versions of the same distributions, by their names. Raises as `located`."""
    return {str(one.name): one.version for one in _with_needed(names)}


@cache
def _with_needed(names: tuple[str, ...]) -> tuple[metadata.Distribution, ...]:
    found = dict[str, metadata.Distribution]()
    waiting = list(names)
    while waiting:
        name = waiting.pop(0)
        if name.lower() in found:
            continue
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            if name not in names:
                continue  # needed on other systems or Pythons only
            raise UsageError(
                f"packages: {name!r} is not installed beside the grader; install it there, or leave it out"
            ) from None
        found[name.lower()] = distribution
        waiting += _needed(distribution)
    return tuple(found.values())


def pinned(names: Iterable[str]) -> list[str]:
    """Each as pip is asked for it: in the version that is here. Raises UsageError for a distribution that is not installed."""
    named = tuple(dict.fromkeys(names))
    located(named)
    return [f"{name}=={metadata.version(name)}" for name in named]


def _modules(distribution: metadata.Distribution) -> Iterator[tuple[str, str]]:
    """What stands at the top, but for what is no code of its own."""
    for top in dict.fromkeys(file.parts[0] for file in distribution.files or ()):
        if top not in ("..", "__pycache__") and not top.endswith((".dist-info", ".pth", ".egg-info")):
            is_folder = not top.endswith((".py", ".so", ".pyd"))
            yield top if is_folder else top.partition(".")[0], str(distribution.locate_file(top))


def _needed(distribution: metadata.Distribution) -> list[str]:
    """Of what it requires, all that is no extra."""
    lines = (line for line in distribution.requires or () if "extra ==" not in line)
    return [match[0] for match in map(_NAME.match, lines) if match]


def versions(texts: Iterable[str]) -> dict[str, str]:
    """Of the distributions here that some of these texts ask for by `importlib.metadata`, by the names that stand there; and
    always of IPython and its kernel, whose versions libraries ask for, and of what lets a loop be run within another.
    """
    joined = "\n".join(texts)
    asked = {match[2]: None for match in _QUOTED.finditer(joined)} if "metadata" in joined else {}
    found = ((name, _version(name)) for name in asked | dict.fromkeys((*NESTING, *SHELL)))
    return {name: version for name, version in found if version is not None}


@cache
def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except (metadata.PackageNotFoundError, ValueError):
        return None


@cache
def usable(names: tuple[str, ...]) -> tuple[str, ...]:
    """What those that are installed use where it is there, and do without else: of their extras what is installed, too."""
    lines = (line for name in names for line in metadata.distribution(name).requires or ())
    extras = (line for line in lines if "extra ==" in line and not _NOT_FOR_PROGRAMS.search(line))
    asked = dict.fromkeys(match[0] for match in map(_NAME.match, extras) if match)
    return tuple(name for name in asked if _version(name) is not None)
