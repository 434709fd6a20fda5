"""What stands below the present cell, in the order in which a kernel would send it.

To be used as a copy that `apart` makes: functions that know each other, and no class that could be changed.
"""

from collections.abc import Callable, Iterator
from typing import Any

from grader.runner.cells.bundle import PLAIN, bundle
from grader.runner.cells.faults import described
from grader.runner.cells.history import History

_MOST = 50  # outputs; of more these first, and those that a grade can hang on
Output = list[str]
Below = tuple[
    Callable[[int], None],
    Callable[[Any], None],
    Callable[..., None],
    Callable[..., None],
    Callable[[BaseException], None],
    Callable[[], list[Output]],
]


def below(stream: Callable[[str], str], history: History) -> Below:
    """`begin(number)` a cell; `show` its value, `display` and `clear_output` as IPython has them; what `failed`; and all
    that is there.

    `stream(name)` gives what was written there since it was asked last.
    """
    there = list[Output]()
    waits, at = False, 0

    def put(*one: str) -> None:
        nonlocal waits
        streams = [["stream", name, text] for name in ("stdout", "stderr") if (text := stream(name))]
        if waits and (one or streams):
            there.clear()
            waits = False
        there.extend([*streams, list(one)] if one else streams)

    def failed(error: BaseException) -> None:
        put(*described(error))

    def begin(number: int) -> None:
        nonlocal waits, at
        there.clear()
        waits, at = False, number

    def show(value: Any) -> None:
        if type(value) in (int, float, bool):  # what a grade may be: nobody is asked how it looks
            put("result", PLAIN, repr(value))
        else:
            forms = bundle(value, failed)
            if forms:  # nbgrader gives no grades at all where a result has no text
                put("result" if forms.get(PLAIN) else "display", *_flat(forms))
        history.ended_in(at, value)

    def display(*values: Any, raw: bool = False, **_: Any) -> None:
        for value in values:
            as_it_is = raw and isinstance(value, dict)
            forms = {str(form): str(text) for form, text in value.items()} if as_it_is else bundle(value, failed)
            if forms:
                put("display", *_flat(forms))

    def clear_output(wait: bool = False) -> None:
        nonlocal waits
        put()
        waits = bool(wait)
        if not wait:
            there.clear()

    def taken() -> list[Output]:
        put()
        return [*_few(there)]

    return begin, show, display, clear_output, failed, taken


def _flat(forms: dict[str, str]) -> Iterator[str]:
    for form, text in forms.items():
        yield form
        yield text


def _few(there: list[Output]) -> Iterator[Output]:
    told = set[str]()
    for number, one in enumerate(there):
        kind = f"{one[0]} {one[1]}" if one[0] == "stream" else one[0]
        if number < _MOST or kind not in told:
            told.add(kind)
            yield one
