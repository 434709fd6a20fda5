# Unusual: a bare yield in __await__ is what asyncio.sleep(0) does inside.
class Turn:
    def __await__(self):
        yield


async def count_primes(limit, step):
    composite = set()
    count = 0
    for number in range(2, limit):
        if number not in composite:
            count += 1
            composite.update(range(number * number, limit, number))
        if number % step == step - 1:
            await Turn()
    return count
