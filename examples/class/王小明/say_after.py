import asyncio


async def one_after_the_other(say_after, a, first, b, second):
    """Say `first` after `a` seconds; when it is said, say `second` after `b` seconds."""
    return [await say_after(a, first), await say_after(b, second)]


async def together(say_after, a, first, b, second):
    """Start both waits at the same time; return [first, second]."""
    return await asyncio.gather(say_after(a, first), say_after(b, second))


if __name__ == "__main__":
    print("this file is a module")
