"""A fixed program with all that threads have: a pipeline of pools and queues, conditions, loops that call one another, and
time-outs that fire.
"""

import asyncio
import concurrent.futures
import queue
import threading
import time
from typing import Any

from grader.clock import VirtualLoop
from grader.clock.clock import Clock

Trace = list[tuple[float, str, Any]]


class Rich:
    def __init__(self) -> None:
        self.trace: Trace = []
        self.orders: queue.Queue[int | None] = queue.Queue(2)
        self.parcels: queue.PriorityQueue[tuple[int, int]] = queue.PriorityQueue()
        self.stock = threading.Condition()
        self.shelf: list[int] = []
        self.rounds = threading.Barrier(3)
        self.desk = threading.Semaphore(2)
        self.closing = threading.Event()

    def note(self, who: str, what: Any) -> None:
        self.trace.append((time.monotonic(), who, what))

    # ------------------------------------------------------------ threads

    def customer(self, number: int) -> None:
        for order in range(4):
            time.sleep(0.1 * number)
            try:
                self.orders.put(10 * number + order, timeout=0.15)
            except queue.Full:
                self.note(f"customer {number}", f"went away with {order}")
        self.rounds.wait()
        self.note(f"customer {number}", "all were here")

    def clerk(self, number: int) -> int:
        served = 0
        while (order := self.orders.get()) is not None:
            with self.desk:
                time.sleep(0.25)
            with self.stock:
                if not self.stock.wait_for(lambda: self.shelf, timeout=0.4):
                    self.note(f"clerk {number}", f"no goods for {order}")
                    continue
                goods = self.shelf.pop()
            self.parcels.put((-goods, order))
            self.note(f"clerk {number}", f"packed {goods} for {order}")
            served += 1
        self.orders.put(None)
        return served

    def supplier(self) -> None:
        goods = 0
        while not self.closing.wait(0.3):
            with self.stock:
                goods += 1
                self.shelf.append(goods)
                self.stock.notify(1)
        self.note("supplier", f"{goods} delivered")

    def courier(self, loop: asyncio.AbstractEventLoop) -> None:
        """With a loop of its own, and calls for the first one."""

        async def deliver(parcel: tuple[int, int]) -> str:
            async with asyncio.timeout(0.35):
                await asyncio.sleep(0.1 * (parcel[1] % 5))
                return await asyncio.to_thread(self.ring, parcel)

        async def tour() -> None:
            while not (self.closing.is_set() and self.parcels.empty()):
                try:
                    parcels = [await asyncio.to_thread(self.parcels.get, timeout=0.5)]
                except queue.Empty:
                    continue
                while not self.parcels.empty():
                    parcels.append(self.parcels.get())
                said = await asyncio.gather(*map(deliver, parcels), return_exceptions=True)
                reported = asyncio.run_coroutine_threadsafe(self.report(len(said)), loop)
                kinds = [each if isinstance(each, str) else type(each).__name__ for each in said]
                self.note("courier", (kinds, await asyncio.wrap_future(reported)))

        asyncio.run(tour())

    def ring(self, parcel: tuple[int, int]) -> str:
        time.sleep(0.2)
        self.note(threading.current_thread().name.partition("_")[0], parcel)
        return "delivered"

    async def report(self, number: int) -> str:
        await asyncio.sleep(0.01)
        return f"{number} reported"

    # ------------------------------------------------------------ the whole

    async def day(self) -> None:
        loop = asyncio.get_running_loop()
        others = [
            threading.Thread(target=self.supplier),
            threading.Thread(target=self.courier, args=(loop,)),
            threading.Timer(9, self.closing.set),
        ]
        for thread in others:
            thread.start()
        with concurrent.futures.ThreadPoolExecutor(3) as clerks:
            at_work = {clerks.submit(self.clerk, number) for number in range(3)}
            await asyncio.gather(*(asyncio.to_thread(self.customer, number) for number in (1, 2, 3)))
            await asyncio.to_thread(self.orders.put, None)
            for finished in asyncio.as_completed([asyncio.wrap_future(future) for future in at_work]):
                self.note("clerks", await finished)
            done, _ = concurrent.futures.wait(at_work)
            self.note("clerks", [future.result() for future in done])
        for thread in others:
            await asyncio.to_thread(thread.join)
        self.note("all", "home")


def rich() -> Trace:
    played = Rich()
    with asyncio.Runner(loop_factory=lambda: VirtualLoop(Clock())) as runner:
        runner.run(played.day())
    return played.trace


if __name__ == "__main__":
    for line in rich():
        print(line)
