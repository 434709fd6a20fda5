async def convert_all(convert, files):
    return [await convert(file) for file in files]
