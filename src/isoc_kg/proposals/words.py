"""A proposed claim in words, as reviewers and programs read it."""

from ..iris import compact
from ..namespaces import RDF
from ..rdf.lines import iri, literal, split
from ..wording.term_names import term_names
from .judge import Judge
from .proposal import ProposedClaim

__all__ = ["StatementText", "readable"]


class StatementText(str):
    """A statement in words, made of subject, property and object, which pages keep apart from each other."""

    parts: tuple[str, str, str]

    @classmethod
    def of(cls, *parts: str) -> "StatementText":
        """The three parts with a space between."""
        made = cls(" ".join(parts))
        made.parts = parts  # type: ignore[assignment]
        return made


def readable(judge: Judge, claim: ProposedClaim) -> StatementText:
    """A claim's statement in words, for people and programs: names of things between quotation marks.

    Properties and classes are called as in the project's language, where they have a name in it.
    """
    subject, predicate, object_, _ = split(claim.triple)
    names = {split(line)[0]: literal(split(line)[2])[0] for line in claim.introduces if split(line)[2].startswith(b'"')}
    prefixes = judge.prefixes
    known = term_names(judge.project.language)

    def named(token: bytes) -> str:
        if token.startswith(b'"'):
            return f"“{literal(token)[0]}”"
        labels = judge.corpus.labels.get(iri(token))
        name = names.get(token) or (labels[0] if labels else None)
        return f"“{name}”" if name else compact(iri(token), prefixes)

    def term(token: bytes) -> str:
        name = iri(token)
        own = [*judge.project.words.get(name, ()), *judge.corpus.labels.get(name, ())]
        return own[0] if own else known.get(token) or judge.corpus.label(name)

    is_type = iri(predicate) == RDF.type
    word = known.get(predicate, "is a") if is_type else term(predicate)
    return StatementText.of(named(subject), word, term(object_) if is_type else named(object_))
