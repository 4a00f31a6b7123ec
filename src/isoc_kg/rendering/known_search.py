"""What is searched, as a run before has left it: most entries are found by the same words, only by other numbers."""

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from ..evidence.retrieval.dictionary import Shard

__all__ = ["KnownSearch"]

#: The address of an entry's page in its record; no text has these characters, since quotes in it are escaped.
_ADDRESS = re.compile(rb'\{"i":"([^"]*)"')
_KEPT = 256  #: shards of entries


@dataclass(frozen=True)
class KnownSearch:
    """The files of what is searched as they were, and which of the things in them are as they were."""

    read: Callable[[str], bytes]  #: the content of a file that was there
    head: Mapping[str, Any]
    numbers: Mapping[str, int]  #: address of an entry that is as it was → its number then
    count: int  #: of all entries then
    _shards: Callable[[int], tuple[list[dict[str, Any]], list[str]]] = field(repr=False)

    @classmethod
    def reading(cls, read: Callable[[str], bytes], untouched: Collection[str]) -> "KnownSearch | None":
        """What `read` gives by its path, given the addresses of things that are as they were; None where it is not."""
        numbers: dict[str, int] = {}
        try:
            head = json.loads(read("data/search.json"))
            count, per = sum(head["counts"]), head["per"]
            for first in range(0, count, per):
                content = read(f"data/search/e{first // per}.json")
                addresses = _ADDRESS.findall(content)
                if len(addresses) != min(per, count - first) or not content.endswith(b"]}"):
                    return None
                names = ((address.decode(), number) for number, address in enumerate(addresses, first))
                numbers.update((name, number) for name, number in names if name in untouched)
        except (OSError, ValueError, LookupError, TypeError):
            return None

        @lru_cache(_KEPT)
        def shard(number: int) -> tuple[list[dict[str, Any]], list[str]]:
            value = json.loads(read(f"data/search/e{number}.json"))
            return value["entries"], value["properties"]

        return cls(read, head, numbers, count, shard)

    def record(self, number: int, properties: dict[str, int]) -> dict[str, Any]:
        """The record of an entry, which is asked for once, for a shard that has these properties."""
        entries, names = self._shards(number // self.head["per"])
        record: dict[str, Any] = entries[number % self.head["per"]]
        for statement in record.get("s", ()):
            statement[3] = properties.setdefault(names[statement[3]], len(properties))
        return record

    @property
    def shards(self) -> Iterator[Shard]:
        """The shards of the dictionary."""
        for number in range(len(self.head["firsts"])):
            keys, texts = json.loads(self.read(f"data/search/w{number}.json"))
            yield keys, texts
