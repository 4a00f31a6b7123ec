"""Lines of N-Triples with a predicate, found without reading the others."""

import mmap
from collections.abc import Iterator

__all__ = ["Bytes", "lines_with"]

Bytes = bytes | mmap.mmap


def lines_with(data: Bytes, predicate: str) -> Iterator[tuple[bytes, bytes]]:
    """What stands before and behind a predicate on each line with it; texts that look like it are among them."""
    mark = b" <%b> " % predicate.encode()
    found = data.find(mark)
    while found >= 0:
        start, end = data.rfind(b"\n", 0, found) + 1, data.find(b"\n", found)
        end = len(data) if end < 0 else end
        yield data[start:found], data[found + len(mark) : end]
        found = data.find(mark, end)
