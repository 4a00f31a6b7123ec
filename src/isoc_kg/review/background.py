"""A thread beside the one that paints: it does what takes long, in order, and wakes the other with the results."""

import os
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress

__all__ = ["Background"]

#: What is to be done beside; it gives what the main thread does with the result.
_Job = Callable[[], Callable[[], None]]


class Background:
    """Jobs of one thread. `awake` can be read when there are results, and `wake` makes it so."""

    def __init__(self) -> None:
        self._jobs: deque[tuple[_Job, bool]] = deque()  #: each with whether it is waited for at the end
        self._results: deque[Callable[[], None]] = deque()
        self._more = threading.Condition()
        self._ending = False
        self._thread = threading.Thread(target=self._work, name="desk")
        self.awake, self.wake = os.pipe()
        os.set_blocking(self.wake, False)

    def start(self) -> None:
        """Begin with the jobs."""
        self._thread.start()

    def end(self) -> None:
        """Finish what is needed, and take its results."""
        with self._more:
            self._ending = True
            self._more.notify()
        self._thread.join()
        self.take_results()
        os.close(self.awake)
        os.close(self.wake)

    @property
    def busy(self) -> bool:
        """Whether a job waits."""
        return bool(self._jobs)

    def add(self, job: _Job, *, needed: bool = True) -> None:
        """Have something done, behind what waits; without `needed` it is left out at the end."""
        with self._more:
            self._jobs.append((job, needed))
            self._more.notify()

    def give(self, result: Callable[[], None]) -> None:
        """Have the main thread do something, from any thread."""
        self._results.append(result)
        with suppress(BlockingIOError):
            os.write(self.wake, b"x")

    def take_results(self) -> None:
        """Do what results ask for; in the main thread."""
        while self._results:
            self._results.popleft()()

    def _work(self) -> None:
        while True:
            with self._more:
                while not self._jobs and not self._ending:
                    self._more.wait()
                if not self._jobs:
                    return
                job, needed = self._jobs.popleft()
            if needed or not self._ending:
                self.give(job())
