# reason: never-yields
async def turn():
    pass


async def count_primes(is_prime, limit, step):
    total = 0
    for number in range(2, limit):
        total += is_prime(number)
        if number % step == 0:
            turn()
    return total
