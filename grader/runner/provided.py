"""A function of the exercise's as the file shows it in which it stands: name, text, signature and place are those of the file.

What it does is done elsewhere. Whoever asks `inspect` of it is told what a file of anybody's would tell.
"""

import functools
import inspect
from collections.abc import Callable
from typing import Any


def as_in_file(proxy: Callable[..., Any], function: Callable[..., Any]) -> Callable[..., Any]:
    """`proxy` in the dress of `function`, which stands in a provided file; of several files it is the first that counts."""
    if hasattr(proxy, "__wrapped__"):
        return proxy
    dressed: Any = functools.update_wrapper(proxy, function)  # for `getsource` and `signature`
    dressed.__signature__ = inspect.signature(function)  # for those that follow no wrapper
    code = function.__code__
    dressed.__code__ = proxy.__code__.replace(  # for `getfile`, and tracebacks
        co_filename=code.co_filename, co_firstlineno=code.co_firstlineno, co_name=code.co_name, co_qualname=code.co_name
    )
    return proxy
