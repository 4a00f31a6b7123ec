"""Long strings of Turtle and TriG where the engine takes none: in triple terms and reified triples.

RDF 1.2 allows them there like anywhere (https://www.w3.org/TR/rdf12-turtle/#grammar-production-ttObject).
"""

import re

__all__ = ["with_short_strings"]

_TOKEN = re.compile(
    rb"(?P<long>\"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*+\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*+''')|"
    rb"\"(?:[^\"\\\n]|\\.)*+\"|'(?:[^'\\\n]|\\.)*+'|#[^\n\r]*|\\.|<[^<>\s]*+>|(?P<open><<)|(?P<close>>>)",
    re.DOTALL,
)
_ESCAPED = re.compile(rb"\\.|[\"'\n\r]", re.DOTALL)
_ESCAPES = {b"\n": rb"\n", b"\r": rb"\r"}


def with_short_strings(data: bytes) -> bytes:
    r"""The text with short strings for long ones between `<<` and `>>`; the line feeds in one go before it.

    >>> with_short_strings(b"<< :s :p '''a \"b'''@en >> :q 1 .")
    b'<< :s :p \'a "b\'@en >> :q 1 .'
    """
    if b"<<" not in data or (b'"""' not in data and b"'''" not in data):
        return data
    depth = 0

    def replaced(match: re.Match[bytes]) -> bytes:
        nonlocal depth
        kind = match.lastgroup
        if kind == "long" and depth:
            return _short(match[0])
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth -= 1
        return match[0]

    return _TOKEN.sub(replaced, data)


def _short(token: bytes) -> bytes:
    quote = token[:1]

    def escaped(match: re.Match[bytes]) -> bytes:
        return _ESCAPES.get(match[0]) or (b"\\" + quote if match[0] == quote else match[0])

    return b"\n" * token.count(b"\n") + quote + _ESCAPED.sub(escaped, token[3:-3]) + quote
