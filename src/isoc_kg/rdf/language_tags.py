"""Language tags as their authors wrote them: the engine makes all letters small.

`en-GB` and `en-gb` are the same tag (RDF 1.1 Concepts, section 3.3), so a dataset has one spelling of each: the first.
"""

import re
from collections.abc import Iterable, Mapping

from ..formats import JSONLD, RDFXML, Format
from ..lazy_patterns import lazy_pattern
from .lines import sort_lines

__all__ = ["respelled", "spelled_otherwise", "spellings"]

#: A search begins at each `@`, of which there are few.
_CAPITAL = re.compile(rb"@(?<=[\"']@)[a-z0-9-]*[A-Z]")
_TURTLE_TAG = lazy_pattern(
    rb"<[^<>\"{}|^`\\\x00-\x20]*+>|#[^\n]*|\\.|"
    rb'(?:"""(?:[^"\\]|\\.|"(?!""))*+"""|\'\'\'(?:[^\'\\]|\\.|\'(?!\'\'))*+\'\'\'|'
    rb'"(?:[^"\\\n]|\\.)*+"|\'(?:[^\'\\\n]|\\.)*+\')(?:@([A-Za-z]+(?:-[A-Za-z0-9]+)*))?',
    re.DOTALL,
)
_XML_TAG = lazy_pattern(rb"xml:lang\s*=\s*[\"']([A-Za-z][A-Za-z0-9-]*)[\"']")
_JSON_TAG = lazy_pattern(rb'"([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)"')


def spellings(data: bytes, format_: Format) -> dict[str, str]:
    """The tags of a document that have capital letters, by what the engine makes of them.

    In JSON-LD any text of that form may be one; what also occurs in small letters is left so.
    """
    if format_ is not RDFXML and format_ is not JSONLD and not _CAPITAL.search(data):
        return {}
    pattern = _XML_TAG if format_ is RDFXML else _JSON_TAG if format_ is JSONLD else _TURTLE_TAG
    small: set[str] = set()
    made: dict[str, str] = {}
    for match in pattern.finditer(data):
        if match[1]:
            tag = match[1].decode()
            lower = tag.lower()
            if tag != lower:
                made.setdefault(lower, tag)
            elif format_ is JSONLD:
                small.add(lower)
    return {lower: tag for lower, tag in made.items() if lower not in small}


def spelled_otherwise(lines: Iterable[bytes], wanted: Iterable[bytes]) -> dict[str, str]:
    """Tags in small letters → as the wanted lines spell them, for those that other lines spell otherwise."""
    spelling = {tag.lower(): tag for tag in map(_tag, wanted) if tag}
    others = {small for tag in map(_tag, lines) if spelling.get(small := tag.lower(), tag) != tag}
    return {small.decode(): spelling[small].decode() for small in others}


def respelled(lines: list[bytes], tags: Mapping[str, str]) -> list[bytes]:
    """The lines with the tags in these spellings, by their small letters, sorted again; the list itself may change."""
    wanted = {lower.encode(): tag.encode() for lower, tag in tags.items()}
    changed = False
    for number, line in enumerate(lines):
        if (place := _place(line)) is None:
            continue
        tag = line[place]
        if (other := wanted.get(tag.lower(), tag)) != tag:
            lines[number] = line[: place.start] + other + line[place.stop :]
            changed = True
    return sort_lines(lines) if changed else lines


def _tag(line: bytes) -> bytes:
    """The language tag of a line; empty where there is none."""
    place = _place(line)
    return line[place] if place else b""


def _place(line: bytes) -> slice | None:
    """Where the language tag of a line stands, if it has one; a direction is not part of it."""
    # tags, datatypes and graph names hold no quote, so the last one ends the literal
    end = line.rfind(b'"') + 1
    if line[end : end + 1] != b"@" or not end:
        return None
    tag = line[end + 1 : line.index(b" ", end)].partition(b"--")[0]
    return slice(end + 1, end + 1 + len(tag))
