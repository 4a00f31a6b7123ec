"""What changed between two datasets: statements added and removed, and evidence that moved.

Blank nodes are compared by what is said of them: those that did not change have one label on both sides, those that
did are paired by what is left (`rdf.pairing`), and the old dataset's labels are replaced by the new one's. So the old
dataset without what was removed and with what was added is the new one.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ..namespaces import EV, RDF
from ..rdf.labelling import blank_nodes_of, may_have_blank_nodes, substituted
from ..rdf.language_tags import respelled, spelled_otherwise
from ..rdf.lines import iri, split
from ..rdf.pairing import pair_blank_nodes
from ..rdf.tokens import PART_TOKENS, iri_token, is_blank
from ..rdf.ways import places_above, way_to

__all__ = ["Change", "Difference", "compare"]

_STEP = 1000  #: lines that are looked at together


@dataclass(slots=True)
class Change:
    """What changed about one thing; statements as canonical lines without their end."""

    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    evidence: list[tuple[str, list[str], list[str]]] = field(default_factory=list)  #: statement, added, removed


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed, by subject, IRIs before the labels of blank nodes."""

    changes: dict[str, Change]
    fresh: frozenset[bytes]  #: blank nodes, by their tokens, that only the new dataset has
    gone: frozenset[bytes]  #: those that only the old one has
    has_evidence: bool  #: whether one of the datasets has evidence for anything
    paths: dict[str, str]  #: blank node → the properties that lead to it, from a thing with an IRI if there is one

    def __bool__(self) -> bool:
        """Whether anything changed."""
        return bool(self.changes)


def compare(old: Sequence[bytes], new: Sequence[bytes]) -> Difference:
    """What became of a dataset; both are middle forms with blank nodes labelled by content.

    A language tag in capital letters and in small ones is the same tag.
    """
    removed, added = _apart(old, new)
    if tags := spelled_otherwise(removed, added):
        old = respelled(list(old), tags)
        removed, added = _apart(old, new)
    fresh: frozenset[bytes] = frozenset()
    gone: frozenset[bytes] = frozenset()
    pairs: dict[bytes, bytes] = {}
    if may_have_blank_nodes(removed) or may_have_blank_nodes(added):
        nodes_removed, nodes_added = _nodes(removed), _nodes(added)
        same = nodes_removed & nodes_added | _elsewhere(nodes_removed ^ nodes_added, old, set(removed))
        pairs = pair_blank_nodes(removed, added, same)
        renamed = {substituted(line, pairs) for line in removed} if pairs else set(removed)
        fresh = frozenset(nodes_added - same - set(pairs.values()))
        gone = frozenset(nodes_removed - same - pairs.keys())
        removed, added = sorted(renamed - set(added)), sorted(set(added) - renamed)
    changes: dict[str, Change] = {}
    for text, more, fewer in _evidence(old, new, removed, added, pairs):
        _change(changes, text).evidence.append((_text(text), more, fewer))
    for line in removed:
        _change(changes, line).removed.append(_text(line))
    for line in added:
        _change(changes, line).added.append(_text(line))
    blank = {subject for subject in changes if subject.startswith("_:")}
    above = places_above(new, old) if blank else {}
    in_order = sorted(changes, key=lambda subject: (subject in blank, subject))
    return Difference(
        {subject: changes[subject] for subject in in_order},
        fresh,
        gone,
        any(_EVIDENCE in line for lines in (new, old) for line in lines),
        {subject: way_to(subject, above) for subject in blank},
    )


def _text(line: bytes) -> str:
    return line[:-3].decode()


def _change(changes: dict[str, Change], line: bytes) -> Change:
    token = split(line)[0]
    return changes.setdefault(token.decode() if is_blank(token) else iri(token), Change())


def _apart(old: Sequence[bytes], new: Sequence[bytes]) -> tuple[list[bytes], list[bytes]]:
    """The lines that only one of two sorted lists has."""
    removed, added = [], []
    at, there = 0, 0
    while at < len(old) and there < len(new):
        if old[at] == new[there]:
            while old[at : at + _STEP] == new[there : there + _STEP] and at < len(old):
                at, there = at + _STEP, there + _STEP
            while at < len(old) and there < len(new) and old[at] == new[there]:
                at, there = at + 1, there + 1
        elif old[at] < new[there]:
            removed.append(old[at])
            at += 1
        else:
            added.append(new[there])
            there += 1
    return removed + list(old[at:]), added + list(new[there:])


def _nodes(lines: Iterable[bytes]) -> set[bytes]:
    return {node for line in lines for node in blank_nodes_of(line)}


def _elsewhere(nodes: set[bytes], lines: Iterable[bytes], besides: set[bytes]) -> set[bytes]:
    """Those of the nodes that stand in a line that is not one of `besides`."""
    return {
        node
        for line in lines
        if b"_:" in line
        for node in blank_nodes_of(line)
        if node in nodes and line not in besides
    }


# -- evidence ---------------------------------------------------------------------------------------


def _evidence(
    old: Sequence[bytes], new: Sequence[bytes], removed: list[bytes], added: list[bytes], pairs: dict[bytes, bytes]
) -> list[tuple[bytes, list[str], list[str]]]:
    """Statement, evidence added and removed; what is told so is taken out of the two lists.

    Of a claim about a statement that is there itself, the claim's own triples are evidence. That of statements which
    are added or removed goes with them.
    """
    moved = []
    told: set[bytes] = set()
    differing = {*removed, *added}
    with_their_claims = {b"%b %b %b" % split(line)[:3] for line in differing}
    for subject in sorted({token for line in differing if not is_blank(token := split(line)[0])}):
        before, after = _claim(old, subject, pairs), _claim(new, subject, {})
        if before is None or after is None:
            continue
        if before.triple and after.triple and before.triple != after.triple:
            continue
        triple = after.triple or before.triple
        if before.triple and after.triple:
            told.update(after.evidence.values(), before.evidence.values())
        elif triple in with_their_claims:
            told.update(after.lines, before.lines)
            continue
        elif after.evidence or before.evidence:
            told.update(after.lines, before.lines)
        if after.evidence.keys() != before.evidence.keys():
            only_new = sorted(text.decode() for text in after.evidence.keys() - before.evidence.keys())
            only_old = sorted(text.decode() for text in before.evidence.keys() - after.evidence.keys())
            moved.append((triple + b" .\n", only_new, only_old))
    if told:
        removed[:] = [line for line in removed if line not in told]
        added[:] = [line for line in added if line not in told]
    return moved


class _Claim(NamedTuple):
    triple: bytes  #: subject, predicate and object of what is claimed
    evidence: dict[bytes, bytes]  #: what else is said of the claim, each with its line
    lines: list[bytes]


def _claim(lines: Sequence[bytes], subject: bytes, pairs: dict[bytes, bytes]) -> _Claim | None:
    """A claim; an empty one where the subject is not there, None where it is no claim."""
    about = [substituted(line, pairs) if b"_:" in line else line for line in _starting(lines, subject + b" ")]
    parts: dict[bytes, bytes] = {}
    evidence: dict[bytes, bytes] = {}
    for line in about:
        _, predicate, object_, graph = split(line)
        if predicate in PART_TOKENS:
            if predicate in parts:
                return None
            parts[predicate] = object_
        elif object_ != _STATEMENT:
            evidence[b" ".join(filter(None, (predicate, object_, graph)))] = line
    if not about:
        return _Claim(b"", {}, [])
    if len(parts) < len(PART_TOKENS):
        return None
    triple = b" ".join(parts[part] for part in PART_TOKENS)
    return _Claim(triple, evidence, about) if _starting(lines, triple + b" ") else None


def _starting(lines: Sequence[bytes], start: bytes) -> list[bytes]:
    """The lines that start so, of sorted ones."""
    number = bisect_left(lines, start)
    found = []
    while number < len(lines) and lines[number].startswith(start):
        found.append(lines[number])
        number += 1
    return found


_EVIDENCE = b"> <" + EV.iri.encode()  # a property of the vocabulary
_STATEMENT = iri_token(RDF.Statement)
