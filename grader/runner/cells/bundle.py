"""What a value looks like below a cell: in all the forms that IPython would send, of which plain text is always one.

As IPython's DisplayFormatter has it, for what a grade can hang on: whoever shows itself is shown by nobody else, and a form
that fails, or is none, is said on the way, as there.
"""

import sys
from collections.abc import Callable, Iterator
from typing import Any

from grader.runner.text import whole

PLAIN = "text/plain"
_LONGEST = 10_000  # of plain text
_LARGEST = 100_000  # of another form; a larger one is left out
_METHODS: dict[str, tuple[str, tuple[type, ...]]] = {
    "text/html": ("_repr_html_", (str,)),
    "text/markdown": ("_repr_markdown_", (str,)),
    "image/svg+xml": ("_repr_svg_", (str,)),
    "image/png": ("_repr_png_", (bytes, str)),
    "application/pdf": ("_repr_pdf_", (bytes, str)),
    "image/jpeg": ("_repr_jpeg_", (bytes, str)),
    "text/latex": ("_repr_latex_", (str,)),
    "application/json": ("_repr_json_", (list, dict)),
    "application/javascript": ("_repr_javascript_", (str,)),
}
_CANARY = "_ipython_canary_method_should_not_exist_"  # whoever has this has everything, and means nothing by it
Failed = Callable[[BaseException], object]


def bundle(value: Any, failed: Failed) -> dict[str, str]:
    """The forms by their names, text alone; empty where the value has shown itself. `failed` hears of what cannot be made."""
    shows_itself = _method(value, "_ipython_display_")
    if shows_itself is not None and _called(shows_itself, failed) is not _NOTHING:
        return {}
    found = _by_itself(value, failed)
    if PLAIN not in found:
        text = _called(lambda: text_of(value), failed)
        if isinstance(text, str):
            found[PLAIN] = text
    for form, (name, kinds) in _METHODS.items():
        method = None if form in found else _method(value, name)
        made = None if method is None else _called(method, failed)
        if isinstance(made, tuple) and len(made) == 2:
            made = made[0]
        if made is not None and made is not _NOTHING:
            if isinstance(made, kinds):
                found[form] = made
            else:
                said = f"{form} formatter returned invalid type {type(made)} for object: {value!r}"
                sys.stderr.write(f"FormatterWarning: {said}\n")
    return dict(_fit(found))


def _by_itself(value: Any, failed: Failed) -> dict[str, Any]:
    method = _method(value, "_repr_mimebundle_")
    made = None if method is None else _called(lambda: method(include=None, exclude=None), failed)
    if isinstance(made, tuple) and len(made) == 2:
        made = made[0]
    return dict(made) if isinstance(made, dict) else {}


def _fit(found: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for form, made in found.items():
        if form == PLAIN:
            yield form, whole(str(made))[:_LONGEST]
        elif isinstance(made, str) and len(made) <= _LARGEST:
            yield whole(str(form)), whole(made)


_NOTHING: Any = object()


def _called(method: Callable[[], Any], failed: Failed) -> Any:
    """Its answer, or _NOTHING where it has none."""
    try:
        return method()
    except NotImplementedError:
        return _NOTHING
    except Exception as error:
        failed(error)
        return None


def _method(value: Any, name: str) -> Callable[..., Any] | None:
    """A method of that name which is meant; a class has none for itself."""
    try:
        if isinstance(value, type) or getattr(value, _CANARY, None) is not None:
            return None
        found = getattr(value, name, None)
    except Exception:
        return None
    return found if callable(found) else None


def text_of(value: Any) -> str:
    """`repr`, unless the nearest of its classes that says anything says it by `_repr_pretty_`."""
    for kind in type(value).__mro__[:-1]:
        own = vars(kind)
        if callable(own.get("_repr_pretty_")):
            printer = Printer()
            value._repr_pretty_(printer, False)
            return printer.said()
        if callable(own.get("__repr__")):
            break
    return repr(value)


class Printer:
    """What IPython gives to `_repr_pretty_`: what is said is put together, and lines break where they are told to."""

    def __init__(self) -> None:
        self.output, self.indentation = list[str](), 0

    def text(self, said: str) -> None:
        self.output.append(str(said))

    def pretty(self, value: Any) -> None:
        self.output.append(text_of(value))

    def breakable(self, sep: str = " ") -> None:
        self.output.append(sep)

    def break_(self) -> None:
        self.output.append("\n" + " " * self.indentation)

    def begin_group(self, indent: int = 0, open: str = "") -> None:
        self.indentation += indent
        self.text(open)

    def end_group(self, dedent: int = 0, close: str = "") -> None:
        self.text(close)
        self.indentation -= dedent

    def group(self, indent: int = 0, open: str = "", close: str = "") -> "_Group":
        return _Group(self, indent, open, close)

    def indent(self, indent: int) -> "_Group":
        return _Group(self, indent, "", "")

    def said(self) -> str:
        return "".join(self.output)


class _Group:
    def __init__(self, printer: Printer, indent: int, open: str, close: str) -> None:
        self._printer, self._indent, self._open, self._close = printer, indent, open, close

    def __enter__(self) -> None:
        self._printer.begin_group(self._indent, self._open)

    def __exit__(self, *_: object) -> None:
        self._printer.end_group(self._indent, self._close)
