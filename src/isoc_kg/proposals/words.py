"""A proposed claim in words, as reviewers and programs read it."""

from ..iris import compact
from ..namespaces import RDF
from ..rdf.lines import iri, literal, split
from .judge import Judge
from .proposal import ProposedClaim

__all__ = ["readable"]


def readable(judge: Judge, claim: ProposedClaim) -> str:
    """A claim's statement in words, for people and programs: names of things between quotation marks."""
    subject, predicate, object_, _ = split(claim.triple)
    names = {split(line)[0]: literal(split(line)[2])[0] for line in claim.introduces if split(line)[2].startswith(b'"')}
    prefixes = judge.prefixes

    def named(token: bytes) -> str:
        if token.startswith(b'"'):
            return f"“{literal(token)[0]}”"
        labels = judge.corpus.labels.get(iri(token))
        name = names.get(token) or (labels[0] if labels else None)
        return f"“{name}”" if name else compact(iri(token), prefixes)

    word = "is a" if iri(predicate) == RDF.type else judge.corpus.label(iri(predicate))
    value = judge.corpus.label(iri(object_)) if iri(predicate) == RDF.type else named(object_)
    return f"{named(subject)} {word} {value}"
