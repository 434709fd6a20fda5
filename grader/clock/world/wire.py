"""One direction of a connection in memory: what was written and is not yet read, and the tick at which each piece arrives.

Nothing is moved by anybody: a piece carries the tick of its arrival from the moment that it is sent, in order and exact.
"""

import errno
import math
from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.clock.seconds import check_seconds
from grader.ticks import NEVER, to_ticks

if TYPE_CHECKING:
    from grader.clock.clock import Clock
    from grader.clock.world.sockets import MemorySocket

PIECE = 16 * 1024  # bytes that arrive together where the bandwidth is limited


class Link:
    """What connections are like: `latency` in seconds for each way, `bandwidth` in bytes a second for each way.

    None stands for what the network has. With a latency of `math.inf` nothing ever arrives.

    Raises ValueError for a latency below 0 and a bandwidth that is not above 0.
    """

    def __init__(
        self, latency: float | None = None, bandwidth: float | None = None, beneath: "Link | None" = None
    ) -> None:
        self._beneath = beneath
        self.latency = latency
        self.bandwidth = bandwidth

    @property
    def latency(self) -> float | None:
        return self._latency

    @latency.setter
    def latency(self, seconds: float | None) -> None:
        if seconds is not None:
            check_seconds("latency", seconds)
        if seconds is not None and not seconds >= 0:
            raise ValueError(f"latency is {seconds!r}: give seconds, 0 or more")
        self._latency = seconds

    @property
    def bandwidth(self) -> float | None:
        return self._bandwidth

    @bandwidth.setter
    def bandwidth(self, rate: float | None) -> None:
        if rate is not None and not rate > 0:
            raise ValueError(f"bandwidth is {rate!r}: give bytes a second, more than 0")
        self._bandwidth = rate

    def rate(self) -> float:
        """Bytes a second; infinite where nothing limits them."""
        if self._bandwidth is None:
            return math.inf if self._beneath is None else self._beneath.rate()
        return self._bandwidth

    def after(self, tick: int) -> int:
        """When what leaves at `tick` arrives; NEVER where it does not."""
        seconds = self.seconds()
        return NEVER if math.isinf(seconds) else tick + to_ticks(seconds)

    def seconds(self) -> float:
        """How long a byte is on its way."""
        if self._latency is None:
            return 0.0 if self._beneath is None else self._beneath.seconds()
        return self._latency


class Wire:
    """`window`: bytes between writing and reading, above which nothing more is taken. `back` is the other direction."""

    back: "Wire"

    def __init__(self, clock: "Clock", link: Link, window: int, writer: "MemorySocket", reader: "MemorySocket") -> None:
        self.clock, self.link, self.window = clock, link, window
        self.writer, self.reader = writer, reader
        self.unread = 0
        self.end: int | None = None  # when the end of file arrives
        self.shut = False  # nobody reads any more
        self._pieces: deque[tuple[int, bytes]] = deque()
        self._reset: int | None = None  # when the news arrives that the other side is gone
        self._reset_told = False
        self._last = clock.now  # nothing overtakes
        self._free = self._busy_since = clock.now
        self._rate, self._busy_with = math.inf, 0

    # ------------------------------------------------------------ the side that writes

    @property
    def room(self) -> int:
        return max(self.window - self.unread, 0)

    def put(self, data: memoryview) -> int:
        """Take as many bytes as there is room for, and say how many."""
        if self.shut:
            self.back.reset(self.link.after(self.link.after(self.clock.now)))
            return len(data)
        taken = min(len(data), self.room)
        rate = self.link.rate()
        for piece in _pieces(data[:taken], math.isinf(rate)):
            self._pieces.append((self._arrival(self._sent(len(piece), rate)), piece))
        self.unread += taken
        self.reader.changed()
        return taken

    def finish(self) -> None:
        """No more will be written."""
        if self.end is None:
            self.end = self._arrival(max(self.clock.now, self._free))
            self.reader.changed()

    def reset(self, tick: int) -> None:
        """The other side is gone, and its news arrives at `tick`."""
        if self._reset is None:
            self._reset = max(tick, self._last)
            self.reader.changed()

    def sever(self) -> None:
        """What is on its way is lost, and whoever reads hears that the other side is gone."""
        self._pieces.clear()
        self._reset, self.end = self.clock.now, None
        self.reader.changed()
        self.writer.changed()

    def _sent(self, size: int, rate: float) -> int:
        """When the last of `size` bytes leaves. Counted from where the link became busy, so that nothing adds up."""
        now = self.clock.now
        if now >= self._free or rate != self._rate:
            self._rate, self._busy_since, self._busy_with = rate, max(now, self._free), 0
        self._busy_with += size
        self._free = self._busy_since + to_ticks(self._busy_with / rate)
        return self._free

    def _arrival(self, sent: int) -> int:
        self._last = max(self._last, self.link.after(sent))
        return self._last

    # ------------------------------------------------------------ the side that reads

    @property
    def next_tick(self) -> int:
        """When there is something to read next, or has been since; NEVER if nothing is on its way."""
        if self._pieces:
            return self._pieces[0][0]
        return min(NEVER if tick is None else tick for tick in (self.end, self._reset))

    @property
    def is_reset(self) -> bool:
        return self._reset is not None and self._reset <= self.clock.now

    def take(self, size: int) -> bytes:
        """What has arrived, at most `size` bytes; nothing at the end of file.

        Raises BlockingIOError if nothing has, and ConnectionResetError once.
        """
        if self.next_tick > self.clock.now:
            raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")
        if not self._pieces:
            self.told_of_reset()
            return b""
        data = b"".join(self._arrived(size))
        self.unread -= len(data)
        self.writer.changed()
        return data

    def told_of_reset(self) -> None:
        """Raise ConnectionResetError if that is news, and the other side did not say goodbye before."""
        if self.is_reset and not self._reset_told and self.end is None:
            self._reset_told = True
            raise ConnectionResetError(errno.ECONNRESET, "Connection reset by peer")

    def _arrived(self, size: int) -> Iterator[bytes]:
        while size and self._pieces and self._pieces[0][0] <= self.clock.now:
            tick, piece = self._pieces.popleft()
            if len(piece) > size:
                self._pieces.appendleft((tick, piece[size:]))
                piece = piece[:size]
            size -= len(piece)
            yield piece

    def close(self) -> int | None:
        """Nobody reads any more. The tick at which something meets that, if something is there or on its way."""
        self.shut = True
        met = max(self._pieces[0][0], self.clock.now) if self._pieces else None
        self._pieces.clear()
        self.unread = 0
        self.writer.changed()
        return met


def _pieces(data: memoryview, whole: bool) -> Iterator[bytes]:
    size = max(len(data), 1) if whole else PIECE
    for start in range(0, len(data), size):
        yield bytes(data[start : start + size])
