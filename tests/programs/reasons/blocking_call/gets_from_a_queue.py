# reason: waits-without-await; at most 5
import queue
import threading


async def convert_all(convert, files):
    done = queue.Queue()

    def work(number, file):
        done.put((number, convert(file)))

    for pair in enumerate(files):
        threading.Thread(target=work, args=pair).start()
    return [name for _, name in sorted(done.get() for _ in files)]
