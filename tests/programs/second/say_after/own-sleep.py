from asyncio import gather, sleep


async def one_after_the_other(say_after, a, first, b, second):
    # sleep gives back what you hand it
    said = [await sleep(a, first)]
    said.append(await sleep(b, result=second))
    return said


async def together(say_after, a, first, b, second):
    return list(await gather(sleep(a, first), sleep(b, second)))
