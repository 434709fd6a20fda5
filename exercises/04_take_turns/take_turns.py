"""Take turns: a long computation that lets others go on."""

import asyncio


async def count_primes(is_prime, limit, step):
    """Ask is_prime(number) about each number from 2 to `limit - 1`; return how many of them are prime.

    Give the others a turn after every `step` numbers.
    """
    # for number in range(2, limit): ...
    raise NotImplementedError
