"""What the marks of an XML document tell of its tags: without names and texts they are a sixth of it."""

import re
from collections.abc import Iterator

__all__ = ["XmlMarks"]

#: In place of names, and no characters of XML: of the attribute that a node has, and of those that a property has.
_OF_NODE, _OF_PROPERTY = b"\x01", b"\x02"
#: What the letters that stay leave of names, be it of other names too: few letters, as the time goes with their number.
_LETTERS = b"bdDuy:="
_ABOUT, _RESOURCE, _DATATYPE, _TYPE, _DESCRIPTION = b":bu=", b":u=", b":dy=", b":y=", b":D="
_OTHERS = bytes(range(256)).translate(None, b"<>/!?\"'\n\t" + _LETTERS)
_STEP = 500  # marks looked at together; an element without attributes has five
_BLOCK = 1 << 16
#: A tag with more than the quotes of one attribute, or not the usual ones.
_SEVERAL = re.compile(rb"<(?:\"\"[\"']|\"'|')")
#: A tag with an attribute of properties, and behind it another start tag.
_WITH_ELEMENT = re.compile(rb"\x02[\"'][^<>]*+(?<!/)><(?!/)")


class XmlMarks:
    """The marks behind the start tag of a root element; `rest` is the document from that tag's last character on.

    What is said holds for a well-formed document; where marks are not enough to say it, they say the worse.
    `markup`: there are comments, CDATA sections or processing instructions, and nothing else is to be asked.
    `spaced`: there may be line feeds or tabs within tags.
    """

    def __init__(self, rest: bytes) -> None:
        self._rest = rest
        self._named = rest.translate(None, _OTHERS)
        marks = self._named.translate(None, _LETTERS)
        self.markup = b"<!" in marks or b"<?" in marks
        self._tags = marks.translate(None, b"!?\n\t")
        # `<` stands in tags alone; so does `>` when there are as many of them
        self._balanced = self._tags.count(b"<") + 1 == self._tags.count(b">")
        spaces = marks.translate(None, b"!?/\"'")
        self.spaced = not self._balanced or b"\n>" in spaces or b"\t>" in spaces

    def are_flat(self, deepest: int) -> bool:
        """Whether no element is nested deeper than that, and none has more than some hundreds of attributes."""
        return self._balanced and self._depth(deepest)

    def have_usual_places(self) -> bool:
        """Whether RDF/XML's attributes stand where nodes and properties are in turn.

        That is rdf:about at nodes alone, rdf:resource and rdf:datatype at properties alone, these without elements in
        them, and rdf:type nowhere. The root is to be rdf:RDF, and `are_flat` to be true.
        """
        named = self._named.translate(None, b"!?\n\t")
        if not self._balanced or _TYPE in named or _DESCRIPTION in named:
            return False
        placed = named.replace(_ABOUT, _OF_NODE).replace(_RESOURCE, _OF_PROPERTY).replace(_DATATYPE, _OF_PROPERTY)
        placed = placed.translate(None, _LETTERS)
        if _WITH_ELEMENT.search(placed):
            return False
        # a mark for each step up or down makes the number of steps between two nodes' tags even
        steps = placed.replace(b"</", b"<").replace(b"/>", b"<").translate(None, b">/\"'")
        odd = (b"<" + steps.replace(_OF_PROPERTY, b"<" + _OF_NODE + b"<")).replace(b"<<", b"")
        return b"<" not in odd.rstrip(b"<")

    def tags_of_several(self, most: int) -> list[bytes] | None:
        """The start tags that have, or may have, several attributes; None if they are more than so many."""
        if not self._balanced:
            return None
        tags = [tag for tag, _ in zip(self._texts(), range(most + 1), strict=False)]
        return tags if len(tags) <= most else None

    def _texts(self) -> Iterator[bytes]:
        """The tags that marks belong to: the nth `<` of the marks is the nth of the document."""
        rest, at, before = self._rest, 0, 0
        quotes = self._tags.translate(None, b"/")
        for match in _SEVERAL.finditer(quotes):
            ahead = quotes.count(b"<", before, match.start())
            before = match.start() + 1
            while (count := rest.count(b"<", at, at + _BLOCK)) <= ahead:
                ahead -= count
                at += _BLOCK
            for _ in range(ahead + 1):
                at = rest.find(b"<", at) + 1
            yield rest[at : rest.find(b">", at)]

    def _depth(self, deepest: int) -> bool:
        tags, depth = self._tags, 1
        for at in range(0, len(tags), _STEP):
            end = at + _STEP  # a mark of two characters may lie across it
            begun = tags.count(b"<", at, end)
            opened = begun - tags.count(b"/>", at, end + 1)
            if depth + opened > deepest or (not begun and end < len(tags)):  # so many quotes in one tag, or in a text
                return False
            depth += opened - tags.count(b"</", at, end + 1)
        return depth == 0  # else there is an empty element without attributes, which has the marks of an end tag
