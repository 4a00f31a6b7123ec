"""Claims in RDF 1.2: each reifies its triple (https://www.w3.org/TR/rdf12-concepts/#section-reification)."""

from collections.abc import Iterable, Mapping

from ..namespaces import RDF, STATEMENT_PARTS
from ..rdf.lines import split
from ..rdf.tokens import iri_token

__all__ = ["reifying"]

_PARTS = {iri_token(part) for part in STATEMENT_PARTS}
_STATEMENT = iri_token(RDF.Statement)
_REIFIES = iri_token(RDF.reifies)


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
