# D'Angelo, Gianluca
async def greet_twice(say_after, name):
    say_after(1, f"hello {name}")
    say_after(2, f"goodbye {name}")
    return [f"hello {name}", f"goodbye {name}"]


if __name__ == "__main__":
    print("this file is a module")
