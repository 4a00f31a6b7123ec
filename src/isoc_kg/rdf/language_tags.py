"""Language tags as their authors wrote them: the engine makes all letters small.

`en-GB` and `en-gb` are the same tag (RDF 1.1 Concepts, section 3.3), so a dataset has one spelling of each: the first.
"""

import re
from collections.abc import Mapping

from ..formats import JSONLD, RDFXML, Format
from .lines import sort_lines

__all__ = ["respelled", "spellings"]

_CAPITAL = re.compile(rb"[\"']@[a-z0-9-]*[A-Z]")
_TURTLE_TAG = re.compile(
    rb"<[^<>\"{}|^`\\\x00-\x20]*+>|#[^\n]*|\\.|"
    rb'(?:"""(?:[^"\\]|\\.|"(?!""))*+"""|\'\'\'(?:[^\'\\]|\\.|\'(?!\'\'))*+\'\'\'|'
    rb'"(?:[^"\\\n]|\\.)*+"|\'(?:[^\'\\\n]|\\.)*+\')(?:@([A-Za-z]+(?:-[A-Za-z0-9]+)*))?',
    re.DOTALL,
)
_XML_TAG = re.compile(rb"xml:lang\s*=\s*[\"']([A-Za-z][A-Za-z0-9-]*)[\"']")
_JSON_TAG = re.compile(rb'"([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)"')


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


def respelled(lines: list[bytes], tags: Mapping[str, str]) -> list[bytes]:
    """The lines with the tags in these spellings, sorted again."""
    wanted = {b"@" + lower.encode(): b"@" + tag.encode() for lower, tag in tags.items()}
    changed = False
    for number, line in enumerate(lines):
        # tags, datatypes and graph names hold no quote, so the last one ends the literal
        end = line.rfind(b'"') + 1
        if line[end : end + 1] != b"@" or not end:
            continue
        stop = line.index(b" ", end)
        tag = line[end:stop].partition(b"--")[0]
        if (other := wanted.get(tag)) is not None:
            lines[number] = line[:end] + other + line[end + len(other) :]
            changed = True
    return sort_lines(lines) if changed else lines
