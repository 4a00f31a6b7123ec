"""A publication as one tree: what it is about, with what belongs to it, each thing at its place; JSON-LD 1.1."""

import json
from bisect import bisect_left
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ..authoring.dataset import Dataset
from ..namespaces import DCTERMS, EV, RDF, RDFS, SCHEMA, SKOS
from ..rdf.jsonld import node_object
from ..rdf.jsonld_terms import ContextTerms, Mistakable, without_name
from ..rdf.lines import iri, literal, split
from ..rdf.tokens import iri_token, is_iri, is_literal, statement_line, text_token
from .frame import Frame
from .indented_json import indented_json

__all__ = ["Tree", "write_tree"]

_TYPE, _LABEL, _GIST, _POSITION = map(iri_token, (RDF.type, RDFS.label, EV.gist, SCHEMA.position))
_SCHEME = iri_token(SKOS.ConceptScheme)
#: The graphs whose statements are in a tree; evidence only where it is asked for.
_GRAPHS = ("facts", "derived", "alignments")
_DEPTH = 3  #: links in a row that are followed where no frame says which
_MOST = 5_000  #: things that are written, and not only named
_KINDS = 6  #: of what is left out, named
_Object = dict[str, Any]


@dataclass(frozen=True)
class Tree:
    """A tree as JSON, and what it holds of the whole."""

    text: bytes
    statements: int
    of: int  #: statements
    left_out: str  #: in a sentence
    triples: int  #: in the text: with what it says of itself, and labels of what is only named
    unmet: tuple[str, ...] = ()  #: the members of the frame that nothing has, with the members before them

    @property
    def summary(self) -> str:
        """How much of the whole it holds, and what it leaves out."""
        return f"Holds {self.statements:,} of {self.of:,} statements. {self.left_out}"


def write_tree(
    dataset: Dataset, context: Any, frame: Frame | None, address: str, whole: str, *, evidence: bool = False
) -> Tree:
    """The tree of a dataset's subject by a frame, or, without one, of all that it links to, three links deep.

    Without a frame each thing stands at the place that is nearest to the root; further links to it give its name. With
    one it stands wherever the frame leads to. So circles end, and no tree is larger than some thousand things.

    `context` is one of plain terms. `address` is the tree's own IRI, `whole` the name of the file that leaves nothing
    out: the first node of the document, under `@included`, says which part of it the tree is. With `evidence` each
    thing has its claims, whatever the frame says.
    """
    while True:
        try:
            return _Writer(dataset, context, frame, evidence=evidence).tree(address, whole)
        except Mistakable as mistakable:
            context = without_name(context, str(mistakable))


class _Writer:
    def __init__(self, dataset: Dataset, context: Any, frame: Frame | None, *, evidence: bool) -> None:
        self._evidence = evidence
        self._dataset, self._project = dataset, dataset.project
        self._terms = ContextTerms({}, context)
        self._context = context
        ids = self._project.ids
        others = (iri_token(ids.claims)[:-1], iri_token(ids.document(""))[:-1])
        self._lines = [line for line in dataset.graph(*_GRAPHS) if not line.startswith(others)]
        self._claims = dataset.graph("evidence", "alignments")
        self._frame = frame
        self._ranks = {json.loads(name): rank for name, rank in self._terms.ranks.items()}
        self._members: dict[bytes, str] = {}  #: by the properties that link with them
        self._names: dict[bytes, _Object] = {}  #: what is written of things that are only named
        self._written: set[bytes] = set()  #: lines
        self._beside: set[bytes] = set()  #: lines of names and of evidence
        self._things: set[bytes] = set()  #: written, not only named
        self._count = 0  #: how often
        self._met: set[int] = set()  #: the frames, by identity, that something was written by
        self._waiting: deque[tuple[bytes, _Object, Frame | None, int]] = deque()
        self._incoming: dict[str, dict[bytes, list[bytes]]] = {}
        if frame:
            self._read_incoming(frame)

    def _read_incoming(self, frame: Frame) -> None:
        wanted = {iri_token(property_): name for name, property_ in frame.reverse.items()}
        names: dict[bytes, list[str]] = {}
        for name, property_ in frame.reverse.items():
            names.setdefault(iri_token(property_), []).append(name)
            self._incoming[name] = {}
        for line in self._lines if wanted else ():
            subject, predicate, object_, _ = split(line)
            for name in names.get(predicate, ()):
                self._incoming[name].setdefault(object_, []).append(subject)

    def tree(self, address: str, whole: str) -> Tree:
        root: _Object = {}
        subject = (self._frame.id if self._frame else b"") or self._subject
        self._plan(subject, root, self._frame, 0)
        while self._waiting:
            self._write(*self._waiting.popleft())
        left_out = self._left_out(whole)
        summary = f"Holds {len(self._written):,} of {len(self._lines):,} statements. {left_out}"
        header = self._header(address, summary)
        context = dict(self._context)
        context |= {
            name: self._reverse(property_) for name, property_ in (self._frame.reverse if self._frame else {}).items()
        }
        document = {"@context": context, "@included": [header], **root}
        text = indented_json(document)
        unmet = tuple(self._unmet(self._frame, "")) if self._frame else ()
        held = len(self._written | self._beside)
        return Tree(text, len(self._written), len(self._lines), left_out, held, unmet)

    def _unmet(self, frame: Frame, path: str) -> Iterator[str]:
        for name, inner in frame.members.items():
            if id(inner) in self._met:
                yield from self._unmet(inner, f"{path}{name}.")
            else:
                yield path + name

    @property
    def _subject(self) -> bytes:
        return iri_token(self._project.ids.thing(self._project.subject or ""))

    def _reverse(self, property_: str) -> _Object:
        return {"@reverse": json.loads(self._terms.names[iri_token(property_)]), "@container": "@set"}

    def _plan(self, token: bytes, into: _Object, frame: Frame | None, depth: int) -> None:
        self._things.add(token)
        self._count += 1
        self._met.add(id(frame))
        into["@id"] = json.loads(self._terms.names[token])
        self._waiting.append((token, into, frame, depth))

    def _write(self, token: bytes, into: _Object, frame: Frame | None, depth: int) -> None:
        """Fill a node object with what is said of a thing."""
        own: list[bytes] = []
        links: dict[bytes, list[bytes]] = {}
        for line in _starting(self._lines, token):
            _, predicate, object_, _ = split(line)
            name = self._member(predicate)
            if is_literal(object_) or predicate == _TYPE:
                if frame and frame.explicit and predicate not in (_TYPE, _LABEL) and name not in frame.members:
                    continue
                own.append(line)
            elif not (frame and frame.explicit and name not in frame.members):
                links.setdefault(predicate, []).append(object_)
            else:
                continue
            self._written.add(line)
        into |= node_object(token, own, self._terms)
        for predicate, objects in links.items():
            self._link(
                into, predicate, [self._value(self._member(predicate), o, frame, depth) for o in self._placed(objects)]
            )
        for name in frame.members if frame else ():
            if name in self._incoming:
                subjects = self._incoming[name].get(token, [])
                back = iri_token(self._frame.reverse[name]) if self._frame else b""
                chosen = [subject for subject in self._placed(subjects) if self._follows(frame, name, subject)]
                self._written.update(b"%s %s %s .\n" % (subject, back, token) for subject in chosen)
                if chosen:
                    into[name] = [self._value(name, subject, frame, depth) for subject in chosen]
        if self._evidence or (frame and frame.claims):
            self._add_claims(token, into)
        order = sorted(into, key=lambda name: (not name.startswith("@"), self._ranks.get(name, len(self._ranks))))
        for name in order:
            into[name] = into.pop(name)

    def _member(self, predicate: bytes) -> str:
        """The member that links by a property stand under."""
        if (name := self._members.get(predicate)) is None:
            name = self._members[predicate] = str(json.loads(self._terms.places[predicate, b""].name))
        return name

    def _link(self, into: _Object, predicate: bytes, values: list[Any]) -> None:
        place = self._terms.places[predicate, b""]
        if self._terms.uniform and not place.array and len(values) > 1:
            place = self._terms.plain(predicate, b"")
        name = json.loads(place.name)
        if name in into:
            before = into[name] if isinstance(into[name], list) else [into[name]]
            into[name] = before + values
        else:
            into[name] = values if place.array or len(values) > 1 else values[0]

    def _value(self, member: str, token: bytes, frame: Frame | None, depth: int) -> Any:
        """A thing that is linked to: written where it is followed, else named."""
        described = next(_starting(self._lines, token), None) is not None
        if (
            described
            and self._count < _MOST
            and (self._follows(frame, member, token) if frame else depth < _DEPTH and token not in self._things)
        ):
            value: _Object = {}
            self._plan(token, value, frame.members[member] if frame else None, depth + 1)
            return value
        return self._named(token)

    def _follows(self, frame: Frame | None, member: str, token: bytes) -> bool:
        """Whether a frame leads on to a thing by a member."""
        inner = frame.members.get(member) if frame else None
        if inner is None or (inner.id and inner.id != token):
            return False
        return not inner.type or inner.type in self._types(token)

    def _types(self, token: bytes) -> list[bytes]:
        prefix = token + b" " + _TYPE + b" "
        return [line[len(prefix) : -3] for line in _starting(self._lines, prefix[:-1])]

    def _named(self, token: bytes) -> _Object:
        """A thing by its IRI and, where it has one, its label."""
        if (named := self._names.get(token)) is None:
            named = self._names[token] = self._named_by(token, self._lines, _LABEL)
        return named

    def _placed(self, tokens: Iterable[bytes]) -> list[bytes]:
        """Things by their `schema:position`, those without one last, in the order in which they are."""

        def place(token: bytes) -> tuple[int, str]:
            for line in _starting(self._lines, token + b" " + _POSITION):
                text = literal(split(line)[2])[0]
                if text.isascii() and text.isdigit():
                    return len(text.lstrip("0")), text.lstrip("0")
            return 1 << 30, ""

        return sorted(tokens, key=place)

    def _add_claims(self, token: bytes, into: _Object) -> None:
        """The claims behind what is said of a thing, each with its units by number and gist."""
        pointer, member = next(iter(self._terms.reverse.items()), (b"", b""))
        if not member:
            return
        claims = []
        for line in _starting(self._lines, token):
            lines = list(_starting(self._claims, iri_token(self._project.ids.claim(line))))
            if not lines:
                continue
            name = lines[0].split(b" ", 1)[0]
            self._beside.update(lines)
            plain = [
                one
                for one in lines
                if split(one)[1] != pointer and (is_literal(split(one)[2]) or not self._is_unit(one))
            ]
            claim = node_object(name, plain, self._terms)
            units: dict[bytes, list[bytes]] = {}
            for one in lines:
                if self._is_unit(one):
                    units.setdefault(split(one)[1], []).append(split(one)[2])
            for predicate, tokens in units.items():
                self._link(claim, predicate, [self._unit(one) for one in tokens])
            claims.append(claim)
        if claims:
            into[json.loads(member)] = claims

    def _is_unit(self, line: bytes) -> bool:
        return is_iri(split(line)[2]) and iri(split(line)[2]) in self._dataset.units

    def _unit(self, token: bytes) -> _Object:
        return self._named_by(token, self._document, _GIST)

    def _named_by(self, token: bytes, lines: Sequence[bytes], property_: bytes) -> _Object:
        found = list(_starting(lines, token + b" " + property_))
        self._beside.update(found)
        return node_object(token, found, self._terms)

    @property
    def _document(self) -> Sequence[bytes]:
        return self._dataset.graphs.get(self._project.ids.graph("document"), [])

    def _left_out(self, whole: str) -> str:
        """What is not in the tree, by kind, and where it is."""
        missing: Counter[bytes] = Counter()
        things = set()
        for line in self._lines:
            subject, predicate, object_, _ = split(line)
            if subject not in self._things:
                things.add(subject)
                if predicate == _TYPE:
                    missing[object_] += 1
        kinds = sorted(missing, key=lambda token: (-missing[token], token))
        shown = [f"{json.loads(self._terms.type(kind))} ({missing[kind]:,})" for kind in kinds[:_KINDS]]
        shown += ["others"] if len(kinds) > _KINDS else []
        parts = []
        if things:
            by_kind = f", by kind {', '.join(shown)}" if shown else ""
            parts.append(f"statements about {len(things):,} things that are named at most{by_kind}")
        if len(self._written) < len(self._lines) and not things:
            parts.append("statements that the frame does not name")
        if not self._evidence:
            parts.append("the evidence")
        return f"Left out: {'; '.join(parts) or 'nothing but documents'}. All is in {whole}."

    def _header(self, address: str, summary: str) -> _Object:
        """The node that says what the document is."""
        project = self._project
        lines = [
            statement_line(address, DCTERMS.title, text_token(f"{project.title}: tree", project.language)),
            statement_line(address, DCTERMS.description, text_token(summary, "en")),
            statement_line(address, DCTERMS.source, project.ids.dataset),
        ]
        lines += [statement_line(address, DCTERMS.license, name) for name in project.licences if "://" in name]
        self._beside.update(lines)
        return node_object(iri_token(address), sorted(lines), self._terms)


def _starting(lines: Sequence[bytes], prefix: bytes) -> Iterator[bytes]:
    """The lines that start with a token, or several."""
    prefix += b" "
    number = bisect_left(lines, prefix)
    while number < len(lines) and lines[number].startswith(prefix):
        yield lines[number]
        number += 1
