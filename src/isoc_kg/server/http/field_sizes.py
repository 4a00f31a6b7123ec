"""How long the head of an answer may be: proxies refuse longer ones, and take the server for broken."""

from collections.abc import Sequence

from .problems import Problem

__all__ = ["MOST_HEAD_BYTES", "fits", "shortened"]

#: Of the head of an answer: nginx takes 4096 by default, of which it needs some for what it stores beside it.
MOST_HEAD_BYTES = 3000
_OTHERS = 200  #: for the status line, the date, the identifier of the request, and `connection`
_LEAST_NOTE = 100
_AND_MORE = "... (shortened)"


def shortened(fields: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The fields within `MOST_HEAD_BYTES`: of links the last ones are left out, notes are cut.

    Raises `Problem`: 414, with the address, for one in `Location` that does not fit, since it cannot be shortened.
    """
    excess = sum(map(_size, fields)) + _OTHERS - MOST_HEAD_BYTES
    if excess <= 0:
        return list(fields)
    headers = dict(fields)
    for name, shorten in (("link", _fewer_links), ("x-result-note", _cut)):
        if excess > 0 and name in headers:
            value = shorten(headers[name], len(headers[name]) - excess)
            excess -= _size((name, headers[name])) - (_size((name, value)) if value else 0)
            headers[name] = value
            if not value:
                del headers[name]
    if excess > 0:
        address = headers.get("location", "")
        text = f"this leads to an address of {len(address):,} characters, too long for a header: ask for that one."
        raise Problem(414, text, location=address)
    return list(headers.items())


def fits(head: bytes) -> bool:
    """Whether a status line with its fields is short enough as it is."""
    return len(head) + _OTHERS <= MOST_HEAD_BYTES


def _size(field: tuple[str, str]) -> int:
    """Bytes of a field in a head."""
    return len(field[0]) + len(field[1]) + len(": \r\n")


def _fewer_links(value: str, most: int) -> str:
    """As many of the first links as fit."""
    start, *others = value.split(", <")
    if len(start) > most:
        return ""
    for link in others:
        if len(start) + len(link) + len(", <") > most:
            break
        start += f", <{link}"
    return start


def _cut(value: str, most: int) -> str:
    """The start of a text, and that it goes on."""
    return value[: max(most, _LEAST_NOTE) - len(_AND_MORE)] + _AND_MORE
