async def count_primes(is_prime, limit, step):
    count = 0
    for number in range(2, limit):
        if is_prime(number):
            count += 1
    return count
