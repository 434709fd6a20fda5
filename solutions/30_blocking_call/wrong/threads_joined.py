import threading


async def convert_all(convert, files):
    names = {}

    def work(file):
        names[file] = convert(file)

    threads = [threading.Thread(target=work, args=(file,)) for file in files]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [names[file] for file in files]
