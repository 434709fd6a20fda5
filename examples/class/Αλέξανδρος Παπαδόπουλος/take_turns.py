import asyncio
from math import isqrt

def is_prime(n):
	return all(n % d for d in range(2, isqrt(n) + 1))

async def count_primes(limit, step):
	total = 0
	for start in range(2, limit, step):
		total += sum(map(is_prime, range(start, min(limit, start + step))))
		await asyncio.sleep(0)
	return total
