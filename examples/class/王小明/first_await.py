async def greet_twice(say_after, name):
    answers = []
    for delay, word in enumerate(["hello", "goodbye"], start=1):
        answers.append(await say_after(delay, word + " " + name))
    return answers


if __name__ == "__main__":
    print("this file is a module")
