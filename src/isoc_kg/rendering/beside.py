"""What stands beside a link to a thing that only one other thing leads to: what is said of it, in a line.

Such a thing is a part of the one that leads to it: a wording of a mission, an item of an agenda. Whoever asks what the
mission is asks for its wording, too, and would else have to go on to a page that nothing else leads to.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from ..namespaces import DCTERMS, RDF, SCHEMA
from ..rdf.lines import split
from ..rdf.tokens import iri_token
from .renderer import Renderer

__all__ = ["MENTIONING", "MOST_LINKS", "Beside"]

MOST_LINKS = 3  #: of one property beside which something stands; a longer list stays a list
_MOST_LINES = 60  #: about a thing that are read
_LONGEST = 160  #: characters of a line
_LONGEST_VALUE = 50
_QUOTE = ord('"')

_TYPE = iri_token(RDF.type)
#: What only mentions a thing has no part in it.
MENTIONING = frozenset(map(iri_token, (SCHEMA.mentions, SCHEMA.about, DCTERMS.subject)))


@dataclass(frozen=True)
class Beside:
    """The lines of one publication; none where not everything was read: then nobody knows what else leads there."""

    renderer: Renderer

    def texts(self, subject: bytes) -> Iterator[str]:
        """The lines on the page of a thing, whatever their property."""
        for line in self.renderer.index.lines_of(subject):
            _, predicate, rest = line.split(b" ", 2)
            if rest[0] != _QUOTE and (text := self.text(subject, predicate, split(line)[2])):
                yield text

    def text(self, subject: bytes, predicate: bytes, object_: bytes) -> str:
        """The line beside a link: properties with their values; empty for what other things lead to, too."""
        renderer = self.renderer
        if not self._leads_alone(subject, object_) or predicate in MENTIONING or predicate in renderer.not_covering:
            return ""
        is_blank = object_.startswith(b"_:")
        values: dict[bytes, list[str]] = {}
        for line in islice(renderer.index.lines_of(object_), _MOST_LINES):
            _, property_, value, graph = split(line)
            if (
                (graph == self._facts or is_blank)
                and property_ not in renderer.not_covering
                and value != subject
                and not (is_blank and property_ == _TYPE)  # which is its name
                and renderer.index.is_sound(object_, property_, value)
            ):
                text = " ".join(renderer.text_of(value).split())
                values.setdefault(property_, []).append(
                    text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1].rstrip()}…"
                )
        said = ""
        for property_ in sorted(values, key=lambda one: (renderer.ranks.get(one, len(renderer.ranks)), one)):
            longer = f"{said}; " if said else ""
            longer += f"{renderer.text_of(property_)} {', '.join(values[property_])}"
            if len(longer) > _LONGEST:
                return f"{said} …" if said else ""
            said = longer
        return said

    def _leads_alone(self, subject: bytes, object_: bytes) -> bool:
        """Whether what leads to a thing of the publication's own, mentions aside, is said of one other thing alone."""
        index = self.renderer.index
        if object_ not in index.paged or object_ == subject or not index.whole:
            return False
        is_blank = object_.startswith(b"_:")
        if not is_blank and not object_.startswith(self._things):
            return False
        lines, end = index.lines, self._end
        for number in index.incoming.of(object_):
            one, predicate, rest = lines[number].split(b" ", 2)
            if one != subject and predicate not in MENTIONING and (is_blank or rest.endswith(end)):
                return False
        return True

    @cached_property
    def _things(self) -> bytes:
        return f"<{self.renderer.project.ids.things}".encode()

    @cached_property
    def _end(self) -> bytes:
        """How lines in the graph of facts end."""
        return b" %b .\n" % self._facts

    @cached_property
    def _facts(self) -> bytes:
        return iri_token(self.renderer.project.ids.graph("facts"))
