"""Claims in RDF 1.2: each reifies its triple (https://www.w3.org/TR/rdf12-concepts/#section-reification)."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from ..authoring.facts import Claim
from ..namespaces import RDF, STATEMENT_PARTS
from ..rdf.lines import iri, split
from ..rdf.tokens import PART_TOKENS, iri_token, is_iri, triple_line

__all__ = ["claims_in", "reifying"]

_PARTS = {iri_token(part) for part in STATEMENT_PARTS}
_STATEMENT = iri_token(RDF.Statement)
_REIFIES = iri_token(RDF.reifies)
_NOWHERE = (Path(), 0)


def claims_in(lines: Iterable[bytes]) -> dict[bytes, Claim]:
    """The claims among triples by what they are about, each with all that is said in its support.

    A claim is an `rdf:Statement` with its three parts, or reifies its triple. Several about one triple are one.
    """
    parts: dict[bytes, dict[bytes, bytes]] = {}
    said: dict[bytes, list[tuple[str, str]]] = {}
    for line in lines:
        name, predicate, object_, _ = split(line)
        if predicate in _PARTS:
            parts.setdefault(name, {})[predicate] = object_
        elif predicate == _REIFIES and object_.startswith(b"<<( "):
            parts[name] = dict(zip(PART_TOKENS, split(object_[4:-4] + b" .\n"), strict=False))
        else:
            said.setdefault(name, []).append((iri(predicate), object_.decode()))
    claims: dict[bytes, Claim] = {}
    for name, tokens in parts.items():
        if len(tokens) != len(PART_TOKENS):
            continue
        triple = triple_line(*(tokens[part] for part in PART_TOKENS))
        claim = claims.setdefault(triple, Claim(triple, iri(name) if is_iri(name) else name.decode(), [_NOWHERE]))
        for property_, value in said.get(name, ()):
            claim.evidence.setdefault(property_, {})[value] = _NOWHERE
    return claims


def reifying(lines: Iterable[bytes], claims: Mapping[bytes, bytes]) -> list[bytes]:
    """The sorted triples with `rdf:reifies` in place of the `rdf:Statement` that each claim is in RDF 1.1.

    `claims` gives each claim's triple: token → canonical line.
    """
    kept = []
    for line in lines:
        subject, predicate, object_, _ = split(line)
        if subject not in claims or (predicate not in _PARTS and object_ != _STATEMENT):
            kept.append(line)
    kept += [b"%s %s <<( %s )>> .\n" % (claim, _REIFIES, triple[:-3]) for claim, triple in claims.items()]
    return sorted(kept)
