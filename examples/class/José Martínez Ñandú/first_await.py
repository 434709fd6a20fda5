# -*- coding: latin-1 -*-
# José Martínez Ñandú
async def greet_twice(say_after, name):
    hello = await say_after(1, f"hello {name}")
    goodbye = await say_after(2, f"goodbye {name}")
    return [hello, goodbye]
