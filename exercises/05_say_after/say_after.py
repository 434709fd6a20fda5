"""One after the other, or together?"""

import asyncio


async def one_after_the_other(say_after, a, first, b, second):
    """Say `first` after `a` seconds; when it is said, say `second` after `b` seconds; return [first, second]."""
    raise NotImplementedError


async def together(say_after, a, first, b, second):
    """Let both wait at the same time; return [first, second]."""
    # asyncio.create_task(...) starts a coroutine without waiting for it.
    raise NotImplementedError
