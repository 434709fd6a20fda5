def fib(n):
    return fib(n - 1) + fib(n - 2)


async def greet_twice(say_after, name):
    delay = fib(2)
    hello = await say_after(delay, f"hello {name}")
    return [hello, await say_after(2, f"goodbye {name}")]
