import asyncio


class Counter:
    """Counts, and lets the others go on now and then."""

    def __init__(self, step):
        self.step = step
        self.count = 0

    async def add(self):
        self.count += 1
        if self.count % self.step == 0:
            await asyncio.sleep(0)


async def count_primes(is_prime, limit, step):
    counter = Counter(step)
    for n in range(2, limit):
        if is_prime(n):
            await counter.add()
    return counter.count
