"""Turtle and TriG (https://www.w3.org/TR/rdf12-turtle/), written straight from sorted lines.

The lines are grouped by subject already and a canonical literal is a Turtle literal, so that the writing is
mostly leaving out; the blocks are put into the order in which they are read.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from operator import itemgetter
from typing import BinaryIO, NamedTuple

from ..limits.forking import forked, may_fork
from ..namespaces import RDF
from .lines import split
from .prefixed_names import TURTLE_LOCAL, ShortNames
from .reading_order import SECTIONS, ReadingOrder, SortKey
from .tokens import iri_token

__all__ = ["BlockTemplate", "block_template", "statements", "turtle_head", "write_trig", "write_turtle"]

_TYPE = iri_token(RDF.type)
_QUOTE = ord('"')
_ANY_DATA = ReadingOrder()
_IN_A_LINE = 4  # values of a property; of more, each has a line
_REMEMBERED = 100  # statements of a block that may be like others
_WORTH = 200_000  #: lines that are worth a child
_MOST_PARTS = 20_000  # pieces of text kept apart; millions of them would take several times their size


def write_turtle(
    lines: Iterable[bytes], out: BinaryIO, prefixes: Mapping[str, str], order: ReadingOrder = _ANY_DATA
) -> None:
    """Write the union of all graphs in reading order, with the prefixes that are used at the top."""
    names = ShortNames(prefixes, TURTLE_LOCAL)
    body = _blocks(lines, names, order)
    out.write(turtle_head(names.used, prefixes))
    out.writelines(body)


def write_trig(lines: list[bytes], out: BinaryIO, prefixes: Mapping[str, str], order: ReadingOrder = _ANY_DATA) -> None:
    """Write the default graph, then each named graph in a block of its own, all in reading order."""
    names = ShortNames(prefixes, TURTLE_LOCAL)
    graphs: dict[bytes, list[bytes]] = {}
    for line in lines:
        graphs.setdefault(split(line)[3], []).append(line)
    body: list[bytes] = []
    for graph in sorted(graphs, key=order.graph_place):
        block = _blocks(graphs.pop(graph), names, order)
        body += [b"\n", names[graph], b" {", *block, b"}\n"] if graph else block
    out.write(turtle_head(names.used, prefixes))
    out.writelines(body)


def turtle_head(used: Iterable[str], prefixes: Mapping[str, str]) -> bytes:
    """The declarations of the prefixes that are used."""
    return "".join(f"@prefix {name}: <{prefixes[name]}> .\n" for name in sorted(used)).encode()


def _blocks(lines: Iterable[bytes], names: ShortNames, order: ReadingOrder) -> list[bytes]:
    """The text of the triples, a block for each subject, in reading order and in large pieces.

    Of many, a child writes the second half of the subjects meanwhile.
    """
    if not isinstance(lines, list) or len(lines) < _WORTH or not may_fork():
        texts, placed = _sections(lines, names, order)
    else:
        middle = len(lines) // 2
        while 0 < middle < len(lines) and _subject(lines[middle]) == _subject(lines[middle - 1]):
            middle += 1
        with forked(lambda: (*_sections(lines[middle:], names, order), names.used)) as child:
            texts, placed = _sections(islice(lines, middle), names, order)
            found = child.result()
        further, placed_further, used = found or (*_sections(lines[middle:], names, order), names.used)
        names.used |= used
        texts = [[*pieces, *more] for pieces, more in zip(texts, further, strict=True)]
        placed = [[*blocks, *more] for blocks, more in zip(placed, placed_further, strict=True)]
    for blocks in placed:
        blocks.sort(key=itemgetter(0))
    return [
        piece
        for pieces, blocks in zip(texts, placed, strict=True)
        for piece in (*pieces, b"".join([text for _, text in blocks]))
    ]


def _subject(line: bytes) -> bytes:
    return line[: line.index(b" ")]


_Texts = list[list[bytes]]
_Placed = list[list[tuple[SortKey, bytes]]]


def _sections(lines: Iterable[bytes], names: ShortNames, order: ReadingOrder) -> tuple[_Texts, _Placed]:
    """The text of each section, in large pieces, and the blocks of those sections that have an order of their own.

    Blocks are put into the text of their section as they come.
    """
    sections: list[_Pieces] = [_Pieces() for _ in SECTIONS]
    placed: list[list[tuple[SortKey, bytes]]] = [[] for _ in SECTIONS]
    templates: dict[tuple[bytes, ...], BlockTemplate] = {}
    for subject, predicates, objects in _groups(lines):
        key = tuple(predicates) if len(predicates) < _REMEMBERED else ()
        if (template := templates.get(key)) is None:
            template = block_template(predicates, order, names.__getitem__)
            if key:
                if len(templates) > _MOST_PARTS:
                    templates.clear()
                templates[key] = template
        section = order.section(subject, [objects[number] for number in template.types])
        text = _block(subject, objects, template, names)
        if section in order.sorted_sections:
            placed[section].append((order.place(section, subject), text))
        else:
            sections[section].add(text)
    return [section.all() for section in sections], placed


class _Pieces:
    """A text that grows by small pieces, kept in large ones: millions of them would take several times their size."""

    def __init__(self) -> None:
        self._whole: list[bytes] = []
        self._parts: list[bytes] = []

    def add(self, text: bytes) -> None:
        self._parts.append(text)
        if len(self._parts) > _MOST_PARTS:
            self._whole.append(b"".join(self._parts))
            self._parts.clear()

    def all(self) -> list[bytes]:
        return [*self._whole, b"".join(self._parts)]


def _groups(lines: Iterable[bytes]) -> Iterator[tuple[bytes, list[bytes], list[bytes]]]:
    """Each subject with its predicates and objects in the order of the lines, no triple twice."""
    last_subject = last_predicate = last_object = b""
    predicates: list[bytes] = []
    objects: list[bytes] = []
    for line in lines:
        if line.count(b" ") == 3:  # an IRI or a blank node as object, or a text of one word
            subject, predicate, object_, _ = line.split(b" ")
        else:
            subject, predicate, object_, _ = split(line)
        if subject != last_subject:
            if last_subject:
                yield last_subject, predicates, objects
            last_subject = subject
            predicates, objects = [], []
        elif object_ == last_object and predicate == last_predicate:
            continue  # the same triple in another graph
        predicates.append(predicate)
        objects.append(object_)
        last_predicate, last_object = predicate, object_
    if last_subject:
        yield last_subject, predicates, objects


class BlockTemplate(NamedTuple):
    """What blocks with the same predicates have in common."""

    texts: list[tuple[int, bytes]]  #: the numbers of the objects in reading order, and what stands before each
    types: list[int]  #: the numbers of the classes


def block_template(
    predicates: Sequence[bytes], order: ReadingOrder, written: Callable[[bytes], bytes]
) -> BlockTemplate:
    """The template of blocks with these predicates, of which `written` gives the names."""
    texts = []
    counts = Counter(predicates)
    last = b""
    for number in order.permutation(predicates):
        predicate = predicates[number]
        if predicate == last:
            before = b",\n        " if counts[predicate] > _IN_A_LINE else b", "
        else:
            before = (b" ;\n    " if last else b" ") + (b"a " if predicate == _TYPE else written(predicate) + b" ")
            last = predicate
        texts.append((number, before))
    return BlockTemplate(texts, [number for number, predicate in enumerate(predicates) if predicate == _TYPE])


def _block(subject: bytes, objects: list[bytes], template: BlockTemplate, names: ShortNames) -> bytes:
    """The text of what is said of a subject."""
    parts = [b"\n", names[subject]]
    for number, before in template.texts:
        parts.append(before)
        object_ = objects[number]
        if object_[0] != _QUOTE:
            parts.append(_triple_term(object_, names) if object_[:2] == b"<<" else names[object_])
        elif object_[-1] == _QUOTE:
            parts.append(object_)
        else:
            parts.append(_literal(object_, names))
    parts.append(b" .\n")
    return b"".join(parts)


def statements(lines: Iterable[bytes], names: ShortNames) -> Iterator[bytes]:
    """The text of the triples in the order of the lines, in large pieces."""
    parts: list[bytes] = []
    last_subject = last_predicate = last_object = verb = b""
    for line in lines:
        if line.count(b" ") == 3:  # an IRI or a blank node as object, or a text of one word
            subject, predicate, object_, _ = line.split(b" ")
        else:
            subject, predicate, object_, _ = split(line)
        if subject != last_subject:
            before = (b" .\n\n" if last_subject else b"\n") + names[subject]
            last_subject, last_predicate = subject, b""
            if len(parts) > _MOST_PARTS:
                yield b"".join(parts)
                parts.clear()
        elif predicate != last_predicate:
            before = b" ;\n   "
        elif object_ != last_object:
            before = b""
        else:
            continue  # the same triple in another graph
        if object_[0] != _QUOTE:
            text = _triple_term(object_, names) if object_[:2] == b"<<" else names[object_]
        elif object_[-1] == _QUOTE:
            text = object_
        else:
            text = _literal(object_, names)
        last_object = object_
        if predicate == last_predicate:
            parts.append(b", " + text)
        else:
            last_predicate = predicate
            verb = b" a " if predicate == _TYPE else b" " + names[predicate] + b" "
            parts.append(before + verb + text)
    if last_subject:
        parts.append(b" .\n")
    yield b"".join(parts)


def _literal(token: bytes, names: ShortNames) -> bytes:
    end = token.rindex(b'"') + 1
    return token[: end + 2] + names[token[end + 2 :]] if token[end : end + 2] == b"^^" else token


def _triple_term(token: bytes, names: ShortNames) -> bytes:
    subject, predicate, object_, _ = split(token[4:-3] + b".\n")
    if object_[0] == _QUOTE:
        text = _literal(object_, names)
    else:
        text = _triple_term(object_, names) if object_[:2] == b"<<" else names[object_]
    return b" ".join((b"<<(", names[subject], names[predicate], text, b")>>"))
