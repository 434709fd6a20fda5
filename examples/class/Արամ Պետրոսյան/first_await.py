async def greet_twice(say_after, name):
  """Say `hello NAME` after 1 second, then `goodbye NAME` after 2 more; return the two answers as a list."""
  hello = await say_after(1, f"hello {name}")
  goodbye = await say_after(2, f"goodbye {name}")
  return [hello, goodbye]
