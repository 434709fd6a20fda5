from asyncio import FIRST_COMPLETED, ensure_future, wait
from importlib import import_module

next_bus = import_module("0-next_bus").next_bus


async def all_lines(lines, longest):
    pending = {ensure_future(next_bus(longest)) for _ in range(lines)}
    result = []
    while pending:
        done, pending = await wait(pending, return_when=FIRST_COMPLETED)
        result.extend(task.result() for task in done)
    return result
