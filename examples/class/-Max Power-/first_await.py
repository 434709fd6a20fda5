class greet_twice:
    def __init__(self, say_after, name):
        self.say_after = say_after
        self.name = name

    async def run(self):
        hello = await self.say_after(1, f"hello {self.name}")
        goodbye = await self.say_after(2, f"goodbye {self.name}")
        return [hello, goodbye]
