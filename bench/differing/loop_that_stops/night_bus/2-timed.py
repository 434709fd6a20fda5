import asyncio
import time

all_lines = __import__("1-all_lines").all_lines


def mean_wait(lines, longest):
    loop = asyncio.new_event_loop()
    begin = loop.time()
    task = loop.create_task(all_lines(lines, longest))
    task.add_done_callback(lambda task: loop.stop())
    loop.run_forever()
    took = loop.time() - begin
    loop.close()
    return took / lines
