"""What several serving processes have counted, in memory that they share, so that each can tell the figures of all."""

import json
import mmap
import struct
import zlib
from collections.abc import Mapping
from typing import Any

from .metrics import Metrics

__all__ = ["SiblingFigures"]

_SLOT = 65_536  #: bytes for the figures of a process, twice: one is whole while the other is written
_HEAD = struct.Struct("<QII")  #: number of the record, its length, its checksum
_TOTAL = "_total"  #: how the names of counters end; other gauges are of a process as long as it lives


class SiblingFigures:
    """A place for the figures of each of so many processes; made before they are forked."""

    def __init__(self, processes: int) -> None:
        self.processes = processes
        self._memory = mmap.mmap(-1, processes * 2 * _SLOT)
        self.number = 0  #: which process this is
        self._record = 0
        self._before = Metrics()  # of those that had this number before
        self._counted: dict[str, float] = {}

    def begin(self, number: int) -> None:
        """Be the process with a number, from nought, and go on counting where the last one with it ended."""
        self.number = number
        record, found = self._read(number)
        self._record = record
        if found:
            self._before.add_record(found["requests"])
            self._counted = {name: value for name, value in found["gauges"].items() if name.endswith(_TOTAL)}

    def publish(self, metrics: Metrics, gauges: Mapping[str, tuple[str, float]]) -> None:
        """Have the others know the figures of this process."""
        own = self._own(metrics)
        values = {name: value + self._counted.get(name, 0) for name, (_, value) in gauges.items()}
        data = json.dumps({"requests": own.record(), "gauges": values}).encode()
        if len(data) > _SLOT - _HEAD.size:
            return
        self._record += 1
        at = (self.number * 2 + self._record % 2) * _SLOT
        self._memory[at + _HEAD.size : at + _HEAD.size + len(data)] = data
        self._memory[at : at + _HEAD.size] = _HEAD.pack(self._record, len(data), zlib.crc32(data))

    def of_all(
        self, metrics: Metrics, gauges: Mapping[str, tuple[str, float]]
    ) -> tuple[Metrics, dict[str, tuple[str, float]]]:
        """The figures of this process with those that the others published last."""
        total = self._own(metrics)
        sums = {name: value + self._counted.get(name, 0) for name, (_, value) in gauges.items()}
        for number in range(self.processes):
            _, found = self._read(number) if number != self.number else (0, None)
            if found:
                total.add_record(found["requests"])
                for name, value in found["gauges"].items():
                    sums[name] = sums.get(name, 0) + value
        return total, {name: (text, sums[name]) for name, (text, _) in gauges.items()}

    def _own(self, metrics: Metrics) -> Metrics:
        total = Metrics()
        total.add_record(self._before.record())
        total.add_record(metrics.record())
        return total

    def _read(self, number: int) -> tuple[int, dict[str, Any] | None]:
        """The newest whole record of a process, and its number."""
        best: tuple[int, dict[str, Any] | None] = 0, None
        for half in range(2):
            at = (number * 2 + half) * _SLOT
            record, length, checksum = _HEAD.unpack(self._memory[at : at + _HEAD.size])
            data = self._memory[at + _HEAD.size : at + _HEAD.size + min(length, _SLOT)]
            if record > best[0] and zlib.crc32(data) == checksum:
                best = record, json.loads(data)
        return best
