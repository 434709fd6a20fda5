"""A stand-in for IPython, which is not there when a notebook is graded: what is displayed is printed, all else does nothing.

So does one for `grader.notebooks`: what is graded checks nothing itself.
"""

import builtins
import sys
import types
from collections.abc import Mapping
from functools import wraps
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from typing import Any, cast


class Shown:
    """Whatever wraps something for the screen (`HTML`, `Markdown`, ...), and the shell itself: takes anything, does nothing."""

    def __init__(self, *args: Any, **named: Any) -> None:
        """Nothing of it is kept."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return nothing

    def __enter__(self) -> "Shown":
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing was begun."""

    def __repr__(self) -> str:
        return ""


class DisplayObject(Shown):
    """What holds something in a form for the screen, as IPython's of that name; `data` is what it was given."""

    def __init__(self, data: Any = None, *args: Any, **named: Any) -> None:
        self.data = named.get("filename") if data is None else data

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return nothing

    def __repr__(self) -> str:
        return f"<IPython.core.display.{type(self).__name__} object>"


def _holding(name: str, method: str | None) -> type[DisplayObject]:
    def itself(self: DisplayObject) -> Any:
        return self.data

    return type(name, (DisplayObject,), {} if method is None else {method: itself})


class Pretty(DisplayObject):
    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(self.data)


class Code(DisplayObject):
    def __repr__(self) -> str:
        return str(self.data)


class Anything:
    """A part of the shell: it takes any call, and has any part of its own. Libraries that draw tell the shell's `events`."""

    def __call__(self, *args: Any, **named: Any) -> None:
        """Takes anything."""

    def __getattr__(self, name: str) -> "Anything":
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __getitem__(self, key: Any) -> "Anything":
        return self


class InteractiveShell(Shown):
    """`ast_node_interactivity`: of which statements of a cell the value is shown."""

    ast_node_interactivity = "last_expr"
    gone: tuple[str, ...] = ()  # what there was in earlier versions

    def __getattr__(self, name: str) -> Any:
        if name in type(self).gone:
            raise AttributeError(f"'ZMQInteractiveShell' object has no attribute {name!r}")
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything()

    @classmethod
    def instance(cls, *args: Any, **named: Any) -> Shown:
        return _SHELL


class Settings(dict[str, Any]):
    """Of the shell: those of a kernel are there, by which programs know that they are run in one."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self.get(name, Settings())


ZMQInteractiveShell = type("ZMQInteractiveShell", (InteractiveShell,), {"__module__": "ipykernel.zmqshell"})


def nothing(*args: Any, **named: Any) -> None:
    """Takes anything."""


class StdinNotImplementedError(NotImplementedError):
    """What a kernel that has nobody at its keyboard raises, as at nbgrader's autograde; by this name."""


def nobody_there(prompt: object = "") -> str:
    """In the place of `input`."""
    raise StdinNotImplementedError("not yet: nobody is there to answer input()")


@wraps(open)
def _opened(file: Any, *args: Any, _real: Any = open, **named: Any) -> Any:
    """A name of a notebook's own, as in a kernel: whoever replaces that of `builtins` does not replace this one."""
    if file in {0, 1, 2}:
        raise ValueError(f"not yet: a notebook cannot open {file}; it is the kernel's own")
    return _real(file, *args, **named)


IN_A_NOTEBOOK = {"exit": nothing, "quit": nothing, "open": _opened}  # in a kernel the first two go on, too


async def nothing_later(*args: Any, **named: Any) -> None:
    """The same, where it is awaited."""


def display(*objects: Any, **named: Any) -> None:
    """Prints each on a line of its own, as a notebook shows it."""
    for one in objects:
        if not isinstance(one, Shown):
            print(repr(one))


def get_ipython() -> Shown:
    return _SHELL


class _StandIn(types.ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Shown if name[:1].isupper() else nothing


def interactivity() -> str:
    """Of the shell as the cells have set it."""
    return str(vars(_SHELL).get("ast_node_interactivity", InteractiveShell.ast_node_interactivity))


def counts(number: int) -> None:
    """The cell of that number is run; the shell has the next one's already."""
    vars(_SHELL)["execution_count"] = number + 1


def stand_in(names: dict[str, Any], display: Any, clear_output: Any) -> None:
    """These are what a notebook finds by those names, and modules beside it; its own `names` are the shell's."""
    for module in (_display, _functions):
        vars(module).update(display=display, clear_output=clear_output)
    vars(builtins).update(NAMES, display=display, __IPYTHON__=True)
    names.update(IN_A_NOTEBOOK, get_ipython=get_ipython)
    vars(_SHELL).update(user_ns=names, user_global_ns=names)


def _module(name: str, **holds: Any) -> types.ModuleType:
    made = _StandIn(name)
    vars(made).update({"__path__": [], "display": display, "get_ipython": get_ipython, **holds})
    return made


_FORMS = {
    **dict.fromkeys(("HTML", "IFrame", "FileLink", "FileLinks", "YouTubeVideo"), "_repr_html_"),
    **dict.fromkeys(("Latex", "Math"), "_repr_latex_"),
    "Markdown": "_repr_markdown_",
    "SVG": "_repr_svg_",
    "JSON": "_repr_json_",
    "Javascript": "_repr_javascript_",
    **dict.fromkeys(("TextDisplayObject", "GeoJSON", "Image", "Audio", "Video", "VimeoVideo", "ProgressBar")),
}
_SHELL = cast(InteractiveShell, ZMQInteractiveShell())
vars(_SHELL)["config"] = Settings(IPKernelApp=Settings(connection_file="kernel.json"))
NAMES = {"display": display, "get_ipython": get_ipython}
_objects: dict[str, Any] = {name: _holding(name, method) for name, method in _FORMS.items()}
_display = _module("IPython.display", DisplayObject=DisplayObject, Pretty=Pretty, Code=Code, **_objects)
vars(_display).update(update_display=nothing, clear_output=nothing, DisplayHandle=Shown)
_functions = _module("IPython.core.display_functions", update_display=nothing)
_shell = _module("IPython.core.interactiveshell", InteractiveShell=InteractiveShell)
_release = _module("IPython.core.release")
_magic, _getipython = _module("IPython.core.magic"), _module("IPython.core.getipython")
_core = _module(
    "IPython.core",
    display=_display,
    display_functions=_functions,
    interactiveshell=_shell,
    magic=_magic,
    getipython=_getipython,
    release=_release,
)
_capture = _module("IPython.utils.capture", capture_output=Shown)
_io = _module("IPython.utils.io", capture_output=Shown)
_utils, _lib = _module("IPython.utils", capture=_capture, io=_io), _module("IPython.lib", display=_display)
MODULES: dict[str, types.ModuleType] = {
    "IPython": _module(
        "IPython", display=_display, core=_core, utils=_utils, lib=_lib, InteractiveShell=InteractiveShell
    ),
    "IPython.display": _display,
    "IPython.core": _core,
    "IPython.core.display": _display,
    "IPython.core.display_functions": _functions,
    "IPython.core.interactiveshell": _shell,
    "IPython.core.magic": _magic,
    "IPython.core.release": _release,
    "IPython.core.getipython": _getipython,
    "IPython.utils": _utils,
    "IPython.utils.capture": _capture,
    "IPython.utils.io": _io,
    "IPython.lib": _lib,
    "IPython.lib.display": _display,
    "grader.notebooks": _module(
        "grader.notebooks", check=nothing, check_async=nothing_later
    ),  # a cell that has itself checked, when it is
    # a loop need not be run within another here; where cells are run as in a kernel there is one that does it
    **{name: _module(name, apply=nothing) for name in ("nest_asyncio", "nest_asyncio2")},
}


def put_in_place(*, without: str = "") -> None:
    """From here on a notebook finds these, in whatever way it imports them; but for those of the package `without`."""
    sys.modules.update({name: module for name, module in MODULES.items() if name.partition(".")[0] != without})
    _PACKAGE["notebooks"] = MODULES["grader.notebooks"]


def known_as(versions: Mapping[str, str]) -> None:
    """It says that it is of these versions, as what a kernel here would have; of none it says nothing."""
    shell, kernel = versions.get("IPython"), versions.get("ipykernel")
    if shell is not None:
        info = _numbers(shell)
        vars(_release).update(version=shell, version_info=info)
        InteractiveShell.gone = ("magic",) if info >= (9,) else ()
        vars(MODULES["IPython"]).update(__version__=shell, version_info=info, release=_release)
    if kernel is not None and "ipykernel" not in sys.modules and find_spec("ipykernel") is None:
        made = sys.modules["ipykernel"] = types.ModuleType(
            "ipykernel"
        )  # for who looks whether it is there, and how old
        vars(made).update(__version__=kernel, version_info=_numbers(kernel), __spec__=ModuleSpec("ipykernel", None))


def _numbers(version: str) -> tuple[Any, ...]:
    return (*(int(number) if number.isdecimal() else 0 for number in version.split(".")[:3]), "")


# `import grader.notebooks` is asked of the package, which knows the real one where somebody has imported that before; and a
# program may take the package away from where it is looked for
_PACKAGE: dict[str, Any] = vars(sys.modules[__name__.partition(".")[0]])


def there() -> tuple[dict[str, Any], Any]:
    """What has these names now, which hardly ever is anything."""
    return _modules_there(), _PACKAGE.get("notebooks")


def _modules_there() -> dict[str, Any]:
    names, there = MODULES.keys(), sys.modules.keys()
    return {} if names.isdisjoint(there) else {name: sys.modules[name] for name in names & there}


def taken_away(before: tuple[dict[str, Any], Any]) -> None:
    """Whatever was `there` before has these names again."""
    modules, package = before
    now = _modules_there()
    if now or modules:
        for name in now.keys() - modules.keys():
            del sys.modules[name]
        sys.modules.update(modules)
    if package is None:
        _PACKAGE.pop("notebooks", None)
    else:
        _PACKAGE["notebooks"] = package
