"""Take turns: a long computation that lets others go on."""

import asyncio


async def count_primes(limit, step):
    """Return how many primes are smaller than `limit`; give the others a turn after every `step` numbers."""
    # for number in range(2, limit): ...
    raise NotImplementedError
