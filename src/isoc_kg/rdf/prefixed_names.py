"""Short names: IRIs written with the prefixes of a document, and the prefixes that were used."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

__all__ = ["PrefixedNames", "ShortNames"]

_MOST = 100_000  # names remembered; in sorted data those of one subject come together, so few are enough
#: The part of a name that both Turtle and TriG take without escapes, a subset of PN_LOCAL.
TURTLE_LOCAL = rb"(?:[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?)?"
#: What a compact IRI of JSON-LD may have after its colon: anything that does not make it look like `http://…`.
JSONLD_LOCAL = rb"(?!//)[^\\\"\x00-\x20]*"


class ShortNames(dict[bytes, bytes]):
    """Token of an IRI → how it is written; asked by indexing, so that a known name costs one look-up.

    `used` fills with the prefixes that were needed, `before` and `after` enclose a name that was shortened,
    and `whole` is what an IRI is enclosed in that was not.
    """

    def __init__(
        self,
        prefixes: Mapping[str, str],
        local: bytes,
        *,
        quote: bytes = b"",
        whole: tuple[bytes, bytes] = (b"<", b">"),
    ) -> None:
        self.used: set[str] = set()
        self._quote, self._whole = quote, whole
        self._names, self._match = _matcher(tuple(prefixes.items()), local)

    def __missing__(self, token: bytes) -> bytes:
        result = self.written(token)
        if len(self) > _MOST:
            self.clear()
        self[token] = result
        return result

    def written(self, token: bytes) -> bytes:
        """How a token is written, for who remembers it elsewhere."""
        found = self._match(token) if self._match else None
        if found:
            name = self._names[found[1]]
            self.used.add(name)
            result = self._quote + name.encode() + b":" + found[2] + self._quote
        elif token.startswith(b"<"):
            result = self._whole[0] + token[1:-1] + self._whole[1]
        else:
            result = self._quote + token + self._quote
        return result


class PrefixedNames(dict[bytes, tuple[bytes, int]]):
    """Token of an IRI or a blank node → how it is written, and the bit of the prefix that this takes, or 0.

    For many documents: `prefixes_of` tells which prefixes the bits of one stand for.
    """

    def __init__(self, prefixes: Mapping[str, str], local: bytes) -> None:
        self._names, self._match = _matcher(tuple(prefixes.items()), local)
        self._bits = {name: 1 << place for place, name in enumerate(self._names.values())}

    def __missing__(self, token: bytes) -> tuple[bytes, int]:
        found = self._match(token) if self._match else None
        result = token, 0
        if found:
            name = self._names[found[1]]
            result = name.encode() + b":" + found[2], self._bits[name]
        if len(self) > _MOST:
            self.clear()
        self[token] = result
        return result

    def prefixes_of(self, bits: int) -> list[str]:
        """The prefixes that bits, put together by `|`, stand for."""
        return [name for name, bit in self._bits.items() if bits & bit]


@lru_cache(64)
def _matcher(
    prefixes: tuple[tuple[str, str], ...], local: bytes
) -> tuple[Mapping[bytes, str], Callable[[bytes], re.Match[bytes] | None] | None]:
    """Namespace → prefix, and what cuts the token of an IRI into the longest namespace it begins with and the rest."""
    names = {namespace.encode(): name for name, namespace in sorted(prefixes, reverse=True)}
    longest_first = sorted(names, key=lambda namespace: (-len(namespace), namespace))
    pattern = b"|".join(map(re.escape, longest_first))
    return names, re.compile(b"<(" + pattern + b")(" + local + b")>").fullmatch if pattern else None
