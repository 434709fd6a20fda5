# -*- coding: utf-8 -*-
import asyncio

async def count_primes(limit, step):
    """Return how many primes are smaller than `limit`; give the others a turn after every `step` numbers."""
    count = 0
    looked = 0
    for number in range(2, limit):
        for divisor in range(2, number):
            if divisor * divisor > number:
                count += 1
                break
            if number % divisor == 0:
                break
        else:
            count += 1
        looked += 1
        if looked % step == 0:
            await asyncio.sleep(0)
    return count


if __name__ == "__main__":
    print("this file is a module")
