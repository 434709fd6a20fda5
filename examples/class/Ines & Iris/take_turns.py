"""Ines & Iris: my solution."""

from asyncio import sleep


async def numbers(limit, step):
  for i, n in enumerate(range(2, limit), 1):
    yield n
    if i % step == 0:
      await sleep(0)


async def count_primes(is_prime, limit, step):
  primes = []
  async for n in numbers(limit, step):
    if is_prime(n):
      primes.append(n)
  return len(primes)
