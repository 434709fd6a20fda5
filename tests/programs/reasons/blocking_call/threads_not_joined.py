# reason: fire-and-forget; at most 0
import threading


async def convert_all(convert, files):
    names = []
    for file in files:
        threading.Thread(target=lambda file=file: names.append(convert(file))).start()
    return names
