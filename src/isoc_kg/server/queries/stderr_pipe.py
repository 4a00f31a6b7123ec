"""What a process writes to its standard error: the first bytes of it are there when it has ended, for one log line."""

import os

__all__ = ["StderrPipe"]

_MOST_BYTES = 2000  #: of a text


class StderrPipe:
    """A pipe of which nobody reads before its process has ended: what it does not hold is lost, and nobody waits.

    The reader closes itself with its text taken; the writing end is `given` to the process. Raises `OSError` where no
    file can be opened.
    """

    def __init__(self) -> None:
        self._reader, self.writer = os.pipe()
        os.set_blocking(self._reader, False)
        os.set_blocking(self.writer, False)  # as the process has it, too

    def given(self) -> None:
        """Close the writing end here, as the process has its own."""
        if self.writer >= 0:
            os.close(self.writer)
            self.writer = -1

    def text(self) -> str:
        """What was written, from its beginning, as far as it goes into a line; for whatever shows it to escape."""
        try:
            data = os.read(self._reader, _MOST_BYTES + 1) if self._reader >= 0 else b""
        except BlockingIOError:  # it lives, and has written nothing
            return ""
        more = "…" if len(data) > _MOST_BYTES else ""
        return data[:_MOST_BYTES].decode("utf-8", "replace").strip() + more

    def close(self) -> None:
        """Leave nothing open."""
        self.given()
        if self._reader >= 0:
            os.close(self._reader)
            self._reader = -1
