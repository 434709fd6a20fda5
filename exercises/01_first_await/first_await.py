"""A call is not a run: get the result out of a coroutine function."""


async def greet_twice(say_after, name):
    """Say `hello NAME` after 1 second, then `goodbye NAME` after 2 more; return the two answers as a list.

    `say_after(delay, what)` is a coroutine function: it waits `delay` seconds, says `what` and returns the answer.
    """
    # say_after(1, f"hello {name}") alone only makes a coroutine object. What makes it run?
    raise NotImplementedError
