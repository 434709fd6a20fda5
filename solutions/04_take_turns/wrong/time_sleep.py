import time


def is_prime(number):
    return number > 1 and all(number % divisor for divisor in range(2, int(number**0.5) + 1))


async def count_primes(limit, step):
    count = 0
    for number in range(2, limit):
        if is_prime(number):
            count += 1
        if number % step == 0:
            time.sleep(0.001)
    return count
