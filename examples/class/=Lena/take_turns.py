import time


async def count_primes(is_prime, limit, step):
	count = 0
	for i, n in enumerate(range(2, limit), start=1):
		if is_prime(n):
			count += 1
		if i % step == 0:
			time.sleep(0)
	return count
