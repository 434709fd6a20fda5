# Unusual: a bare yield in __await__ is what asyncio.sleep(0) does inside.
class Turn:
    def __await__(self):
        yield


async def count_primes(is_prime, limit, step):
    primes = []
    for number in range(limit - 1, 1, -1):
        if is_prime(number):
            primes.append(number)
        if number % step == step - 1:
            await Turn()
    return len(primes)
