"""A difference for people and programs: as text, grouped by thing, and as JSON."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping

from ..errors import counted
from ..namespaces import EV, OA, PREFIXES, RDF
from ..rdf.labelling import blank_nodes_of
from ..rdf.lines import split
from ..rdf.prefixed_names import TURTLE_LOCAL, ShortNames
from ..rdf.tokens import iri_token, is_blank, is_iri
from .difference import Change, Difference

__all__ = ["render_json", "render_text"]

_TYPE, _FIRST, _REST, _NIL = map(iri_token, (RDF.type, RDF.first, RDF.rest, RDF.nil))
_ELSEWHERE = (b"", b"")
_IRI_OR_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"|<[^<>\s"]*>')
_DEEPEST = 20  #: brackets within brackets; what lies deeper is shown by itself
_FEW = 20  #: nodes of a document's units that are listed one by one all the same
_UNIT = re.compile(r"#(\d+\.\d+)(?:\.[a-z]+)?$")
#: What is said of units and their selectors alone.
_OF_UNITS = re.compile(f"<(?:{re.escape(OA.iri)}|{re.escape(EV.iri)})|<{re.escape(RDF.value)}>")
_SHORTENED = {name: PREFIXES[name] for name in ("rdf", "rdfs", "owl", "xsd")}


def render_text(difference: Difference, prefixes: Mapping[str, str] | None = None, *, all_units: bool = True) -> str:
    """The changes to read, grouped by thing: + added, - removed, ~ other evidence.

    With `prefixes`, those that the data declare, IRIs are prefixed names, and the prefixes used come first.

    A blank node all of whose statements are new, or gone, stands in brackets where it is used. The figures count
    statements, those in brackets too; of evidence nothing is said where none of the data has any.

    Documents and their units come after all else. Without `all_units`, those of a document are counted where more than
    a few changed.
    """
    changes = difference.changes
    units = {subject: document for subject in changes if (document := _document_of(subject, changes))}
    documents = set(units.values()) | {document.rpartition("/")[0] for document in units.values()}
    ranks = {
        subject: 2 if subject in units else int(bool({subject, subject.rpartition("/")[0]} & documents))
        for subject in changes
    }  # fmt: skip
    per_document = Counter(units.values())
    many = {} if all_units else {name: count for name, count in per_document.items() if count > _FEW}
    known = {**_SHORTENED, **(prefixes or {})}
    names = ShortNames(known, TURTLE_LOCAL)
    new = _Nested((line for change in changes.values() for line in change.added), difference.fresh, names)
    old = _Nested((line for change in changes.values() for line in change.removed), difference.gone, names)
    lines: list[str] = []
    for subject, change in sorted(changes.items(), key=lambda item: ranks[item[0]]):
        if units.get(subject) in many:
            continue
        here = [f"  + {text}" for text in map(new.rest, change.added) if text]
        here += [f"  - {text}" for text in map(old.rest, change.removed) if text]
        for text, added, removed in change.evidence:
            here.append(f"  ~ {new.rest(text)}")
            here += [f"      + {one}" for one in added] + [f"      - {one}" for one in removed]
        if here:
            path = difference.paths.get(subject)
            heading = f"<{subject}>" if not subject.startswith("_:") else f"{subject} ({path})" if path else subject
            lines += [_shortened(text, names) for text in (heading, *here)] if prefixes else [heading, *here]
    for document, count in sorted(many.items()):
        named = sorted({_number(subject) for subject, of in units.items() if of == document})
        about = f"{counted(len(named), 'unit')} changed ({counted(count, 'node')}); --all lists them"
        text = f"<{document}>: {about}"
        lines.append(_shortened(text, names) if prefixes else text)
    more = sum(len(change.added) for change in changes.values())
    fewer = sum(len(change.removed) for change in changes.values())
    moved = sum(len(change.evidence) for change in changes.values())
    of_evidence = f", {moved} with other evidence" if moved or difference.has_evidence else ""
    lines.append(f"{more} added, {fewer} removed{of_evidence}")
    legend = [f"prefix {name}: <{known[name]}>" for name in sorted(names.used)] if prefixes else []
    return "\n".join([*legend, *lines]) + "\n"


def _document_of(subject: str, changes: Mapping[str, Change]) -> str | None:
    """The edition whose unit, or whose unit's selector, changed; None for anything else."""
    document, mark, _ = subject.partition("#")
    if not mark or not _UNIT.search(subject):
        return None
    change = changes[subject]
    texts = [*change.added, *change.removed, *(text for text, _, _ in change.evidence)]
    return document if any(_OF_UNITS.search(text) for text in texts) else None


def _number(subject: str) -> str:
    """The number of the unit that a unit's or a selector's IRI names."""
    match = _UNIT.search(subject)
    return match[1] if match else subject


def render_json(difference: Difference) -> str:
    """The changes as JSON."""
    value = {
        subject: {
            "added": change.added,
            "removed": change.removed,
            "evidence": [{"statement": t, "added": a, "removed": r} for t, a, r in change.evidence],
        }
        for subject, change in difference.changes.items()
    }
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _shortened(text: str, names: ShortNames) -> str:
    """A text with its IRIs as prefixed names; strings stay as they are."""
    return _IRI_OR_STRING.sub(
        lambda match: names[match[0]] if match[0].startswith(b"<") else match[0], text.encode()
    ).decode()


class _Nested:
    """Statements all of which are new, or all gone, with the nodes that are used once in place of their labels."""

    def __init__(self, lines: Iterable[str], whole: frozenset[bytes], names: ShortNames) -> None:
        self._names = names
        self._about: dict[bytes, list[tuple[bytes, bytes, bytes]]] = {}
        used: dict[bytes, list[tuple[bytes, bytes]]] = {}
        for line in lines if whole else ():
            subject, predicate, object_, graph = split(line.encode() + b" .\n")
            if subject in whole:
                self._about.setdefault(subject, []).append((predicate, object_, graph))
            if object_ in whole:
                used.setdefault(object_, []).append((subject, graph))
            for token in (subject, object_) if b"<<(" in line.encode() else ():
                for node in blank_nodes_of(token) if not is_blank(token) else ():
                    used.setdefault(node, []).extend([_ELSEWHERE, _ELSEWHERE])
            if is_blank(graph):
                used.setdefault(graph, []).extend([_ELSEWHERE, _ELSEWHERE])
        self._users = {
            node: places[0][0]
            for node, places in used.items()
            if len(places) == 1 and all(graph == places[0][1] for _, _, graph in self._about.get(node, ()))
        }
        self._cells = self._list_cells()
        self._inner = self._shallow()

    def _list_cells(self) -> set[bytes]:
        """The cells of lists that are here to their ends."""
        rests = {
            node: {predicate: object_ for predicate, object_, _ in parts}[_REST]
            for node, parts in self._about.items()
            if sorted(predicate for predicate, _, _ in parts) == [_FIRST, _REST]
        }
        cells = set()
        for last in [node for node, rest in rests.items() if rest == _NIL]:
            cells.add(last)
            while last in self._users and rests.get(self._users[last]) == last:
                last = self._users[last]
                cells.add(last)
        return cells

    def _shallow(self) -> set[bytes]:
        """The nodes that stand within another: at most so many brackets deep, lists as one, and none within itself."""
        depths: dict[bytes, int] = {}
        for node in self._users:
            way: dict[bytes, None] = {}
            at = node
            while at in self._users and at not in depths and at not in way:
                way[at] = None
                at = self._users[at]
            depth = _DEEPEST + 1 if at in way else depths.get(at, 0)
            for one in reversed(way):
                depth += one not in self._cells or at not in self._cells or self._first(at) == one
                depths[one] = depth
                at = one
        return {node for node, depth in depths.items() if depth <= _DEEPEST}

    def rest(self, line: str) -> str:
        """A statement without its subject; empty for one that stands within another."""
        subject, predicate, object_, graph = split(line.encode() + b" .\n")
        if subject in self._inner:
            return ""
        token = self._term(object_) if object_ in self._inner else object_
        return f"{predicate.decode()} {token.decode()}" + (f" (graph {graph.decode()})" if graph else "")

    def _term(self, token: bytes) -> bytes:
        if token not in self._inner:
            return self._names[token] if is_iri(token) else token
        about = self._about.get(token, [])
        if token in self._cells:
            items = []
            while token != _NIL:
                cell = {predicate: object_ for predicate, object_, _ in self._about[token]}
                items.append(self._term(cell[_FIRST]))
                token = cell[_REST]
            return b"( " + b" ".join(items) + b" )"
        if not about:
            return b"[]"
        parts = [(b"a" if predicate == _TYPE else self._names[predicate]) + b" " + self._term(object_)
                 for predicate, object_, _ in sorted(about, key=lambda part: (part[0] != _TYPE, part))]  # fmt: skip
        return b"[ " + b" ; ".join(parts) + b" ]"

    def _first(self, cell: bytes) -> bytes:
        return next(object_ for predicate, object_, _ in self._about[cell] if predicate == _FIRST)
