from asyncio import to_thread


async def convert_all(convert, files):
    names = []
    for file in files:
        print("converting", file)
        names.append(to_thread(convert, file))
    return names
