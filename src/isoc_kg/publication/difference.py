"""What changed between two datasets: statements added and removed, and evidence that moved."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from ..namespaces import RDF
from ..rdf.lines import iri, split, triples
from ..rdf.tokens import PART_TOKENS, iri_token

__all__ = ["Change", "compare", "render_json", "render_text"]

_STATEMENT = iri_token(RDF.Statement)


@dataclass(slots=True)
class Change:
    """What changed about one thing; statements as canonical lines without their end."""

    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    evidence: list[tuple[str, list[str], list[str]]] = field(default_factory=list)  #: statement, added, removed


def _statements(lines: Iterable[bytes]) -> dict[bytes, frozenset[bytes]]:
    """Statement → its evidence; the claims themselves are not statements of the comparison."""
    claims: dict[bytes, dict[bytes, bytes]] = {}
    evidence: dict[bytes, set[bytes]] = {}
    plain: list[bytes] = []
    for line in triples(lines):
        subject, predicate, object_, _ = split(line)
        if predicate in PART_TOKENS:
            claims.setdefault(subject, {})[predicate] = object_
        plain.append(line)
    result: dict[bytes, set[bytes]] = {}
    for line in plain:
        subject, predicate, object_, _ = split(line)
        if subject not in claims:
            result.setdefault(line, set())
        elif predicate not in PART_TOKENS and object_ != _STATEMENT:
            evidence.setdefault(subject, set()).add(predicate + b" " + object_)
    for claim, parts in claims.items():
        if len(parts) == len(PART_TOKENS):
            triple = b" ".join(parts[part] for part in PART_TOKENS) + b" .\n"
            result.setdefault(triple, set()).update(evidence.get(claim, set()))
    return {triple: frozenset(found) for triple, found in result.items()}


def compare(old: Iterable[bytes], new: Iterable[bytes]) -> dict[str, Change]:
    """Subject → what changed about it, subjects in order; empty when nothing did."""
    before, after = _statements(old), _statements(new)
    changes: dict[str, Change] = {}
    for triple in sorted(before.keys() | after.keys()):
        first, second = before.get(triple), after.get(triple)
        if first == second:
            continue
        token = split(triple)[0]
        change = changes.setdefault(iri(token) if token.startswith(b"<") else token.decode(), Change())
        text = triple[:-3].decode()
        if first is None:
            change.added.append(text)
        elif second is None:
            change.removed.append(text)
        else:
            change.evidence.append(
                (text, sorted(x.decode() for x in second - first), sorted(x.decode() for x in first - second))
            )
    return changes


def render_text(changes: dict[str, Change]) -> str:
    """The changes to read, grouped by thing: + added, - removed, ~ other evidence."""
    lines = []
    for subject, change in changes.items():
        lines.append(f"<{subject}>")
        rest = len(subject) + 3
        lines += [f"  + {text[rest:]}" for text in change.added]
        lines += [f"  - {text[rest:]}" for text in change.removed]
        for text, added, removed in change.evidence:
            lines.append(f"  ~ {text[rest:]}")
            lines += [f"      + {one}" for one in added] + [f"      - {one}" for one in removed]
    more = sum(len(change.added) for change in changes.values())
    fewer = sum(len(change.removed) for change in changes.values())
    moved = sum(len(change.evidence) for change in changes.values())
    lines.append(f"{more} added, {fewer} removed, {moved} with other evidence")
    return "\n".join(lines) + "\n"


def render_json(changes: dict[str, Change]) -> str:
    """The changes as JSON."""
    value = {
        subject: {
            "added": change.added,
            "removed": change.removed,
            "evidence": [{"statement": t, "added": a, "removed": r} for t, a, r in change.evidence],
        }
        for subject, change in changes.items()
    }
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
