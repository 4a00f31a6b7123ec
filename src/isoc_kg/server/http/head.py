"""What stands before a request's content: its request line and its fields (RFC 9112, sections 2 to 6)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from .problems import Problem

__all__ = ["HEAD_BYTES", "MOST_FIELDS", "RequestHead", "check_beginning", "parse_field", "parse_head"]

HEAD_BYTES = 65_536  #: request line and fields, and again what frames chunks
_SHORT = 1000  #: bytes of fields that are remembered
_LINE_BYTES = 32_768  #: the request line
MOST_FIELDS = 200
_TOKEN = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_NAME = re.compile(_TOKEN)
_LINE = re.compile(rb"(" + _TOKEN + rb") ([\x21-\x7e]+) HTTP/([0-9])\.([0-9])")
_CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_HOST = re.compile(rb"(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._~!$&'()*+;=%-]*)(?::[0-9]{0,5})?")
#: Fields that say how a request is read, and what becomes of its connection.
_DECISIVE = frozenset(b"host connection content-length transfer-encoding expect".split())
_ABSOLUTE = re.compile(rb"(?i)https?://[^/?#]+")

Field = tuple[bytes, bytes]  #: its name in lower case, and its value


@dataclass(slots=True)
class RequestHead:
    """A request as far as it is known before its content."""

    method: str
    target: bytes  #: path and query
    path: bytes  #: as it was sent, with the slash at its start; `*` for a server as a whole
    query: bytes
    version: str
    fields: list[Field]
    length: int | None  #: bytes of content; None where chunks tell
    keep_alive: bool
    awaits: bool  #: whether the client sends its content only after 100


def check_beginning(data: bytearray) -> bool:
    """Whether the request line is whole, and is one; False while more has to come.

    Raises `Problem`: 400 for what is no HTTP (as TLS, or lines that end otherwise), 414 for too long a line, 505.
    """
    end = data.find(b"\n", 0, _LINE_BYTES)
    if end < 0 and len(data) > _LINE_BYTES:
        raise Problem(414, f"a request line of over {_LINE_BYTES:,} bytes.")
    if end < 0:
        if data and not _NAME.match(data) and data != b"\r":
            raise Problem(400, "this is no HTTP/1.1; it is spoken here without TLS.")
        return False
    if data[end - 1 : end] != b"\r":
        raise Problem(400, "lines end with a carriage return and a line feed.")
    _request_line(bytes(data[: end - 1]))
    return True


def parse_head(data: bytes) -> RequestHead:
    """The request line and the fields; `data` ends with the last field, without the empty line.

    Raises `Problem`: 400, 414, 417, 431 (too many fields), 501 (a transfer coding), 505.
    """
    first, _, rest = data.partition(b"\r\n")
    if len(first) > _LINE_BYTES:
        raise Problem(414, f"a request line of over {_LINE_BYTES:,} bytes.")
    method, target, version = _request_line(first)
    read = _fields_before if len(rest) <= _SHORT else _fields
    fields, length, keep_alive, awaits = read(rest, version)
    target, path, query = _path_and_query(target, method)
    return RequestHead(method.decode(), target, path, query, version, list(fields), length, keep_alive, awaits)


def _fields(data: bytes, version: str) -> tuple[tuple[Field, ...], int | None, bool, bool]:
    """The fields behind a request line, and what they come to: length, `keep_alive` and `awaits` of `RequestHead`."""
    lines = data.split(b"\r\n") if data else []
    if len(lines) > MOST_FIELDS:
        raise Problem(431, f"more than {MOST_FIELDS} header fields.")
    fields: list[Field] = []
    decisive: dict[bytes, list[bytes]] = {}
    for line in lines:
        field = parse_field(line)
        fields.append(field)
        if field[0] in _DECISIVE:
            decisive.setdefault(field[0], []).append(field[1])
    hosts = decisive.get(b"host", [])
    if len(hosts) > 1 or (not hosts and version != "1.0") or not all(map(_HOST.fullmatch, hosts)):
        raise Problem(400, "a request has one Host field, with a host and perhaps a port.")
    length: int | None = 0
    awaits, keep_alive = False, version != "1.0"
    if len(decisive) > len(hosts):
        length = _length(decisive, version)
        awaits = _awaits(decisive, version)
        tokens = b",".join(decisive.get(b"connection", [])).lower().split(b",")
        keep_alive = keep_alive and b"close" not in map(bytes.strip, tokens)
    return tuple(fields), length, keep_alive, awaits


#: A client sends the same fields with each of its requests.
_fields_before = lru_cache(500)(_fields)


def parse_field(line: bytes) -> Field:
    """A header or trailer field. Raises `Problem`: 400."""
    name, colon, value = line.partition(b":")
    if not colon or not _NAME.fullmatch(name) or _CONTROL.search(value):
        raise Problem(400, "a header field is a name, a colon and a value without control characters, on one line.")
    return name.lower(), value.strip(b" \t")


def _request_line(line: bytes) -> tuple[bytes, bytes, str]:
    match = _LINE.fullmatch(line)
    if not match:
        raise Problem(400, "the request line is not a method, a target in ASCII and HTTP/1.1, with one blank between.")
    method, target, major, minor = match.groups()
    if major != b"1":
        raise Problem(505, "this is HTTP/1.1.")
    return method, target, "1.0" if minor == b"0" else "1.1"


def _path_and_query(target: bytes, method: bytes) -> tuple[bytes, bytes, bytes]:
    """A target in origin, absolute or asterisk form (RFC 9112, section 3.2): as a whole, its path, its query."""
    if not target.startswith(b"/") and (match := _ABSOLUTE.match(target)):
        target = target[match.end() :]
        if not target.startswith(b"/"):
            target = b"/" + target
    if not target.startswith(b"/") and not (target == b"*" and method == b"OPTIONS"):
        raise Problem(400, "the target of a request is a path.")
    target = target.partition(b"#")[0]
    path, _, query = target.partition(b"?")
    return target, path, query


def _length(fields: Mapping[bytes, list[bytes]], version: str) -> int | None:
    """How long the content is (RFC 9112, section 6.3): what can be read in two ways is refused."""
    lengths, codings = fields.get(b"content-length", []), fields.get(b"transfer-encoding", [])
    if codings:
        if lengths or version == "1.0":
            raise Problem(400, "Transfer-Encoding stands beside Content-Length, or in HTTP/1.0.")
        if [value.lower() for value in codings] != [b"chunked"]:
            raise Problem(501, "chunked is the only transfer coding here.")
        return None
    if not lengths:
        return 0
    if len(lengths) > 1 or not lengths[0].isdigit():
        raise Problem(400, "a request has one Content-Length, in digits.")
    return int(lengths[0]) if len(lengths[0]) < 19 else 10**18


def _awaits(fields: Mapping[bytes, list[bytes]], version: str) -> bool:
    """Whether 100 is expected (RFC 9110, section 10.1.1). Raises `Problem`: 417 for what else is."""
    expected = {value.lower() for value in fields.get(b"expect", [])}
    if version == "1.0" or not expected:
        return False
    if expected != {b"100-continue"}:
        raise Problem(417, "only 100-continue can be expected.")
    return True
