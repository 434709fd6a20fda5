"""Ask both at once."""

import asyncio


async def ask_both(hosts, question):
    """Ask both hosts at the same time; return their answers in the order of `hosts`."""
    raise NotImplementedError
