# reason: none
async def greet_twice(say_after, name):
    answers = {}
    answers["hello"] = await say_after(1, f"hello {name}")
    answers["goodbye"] = await say_after(2, f"goodbye {name}")
    return [answers["Hello"], answers["Goodbye"]]
