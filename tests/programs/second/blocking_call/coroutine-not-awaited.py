import asyncio


class Converter:
    def __init__(self, convert):
        self.convert = convert

    async def run(self, file):
        return await asyncio.to_thread(self.convert, file)


async def convert_all(convert, files):
    converter = Converter(convert)
    for file in files:
        converter.run(file)
    return list(files)
