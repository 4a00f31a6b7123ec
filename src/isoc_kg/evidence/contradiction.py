"""Whether a sentence that a claim names as contradicting it can do so."""

from collections.abc import Iterator

from ..authoring.facts import Claim, Place
from ..iris import compact
from ..namespaces import EV
from ..rdf.lines import iri, split
from .corpus import Corpus

__all__ = ["ask_contradictions"]


def ask_contradictions(corpus: Corpus, claim: Claim) -> Iterator[tuple[str, bool, str, str, Place]]:
    """What is wrong with the units that contradict a claim: unit, whether it is an error, message, advice, place.

    An error where the unit cannot contradict, being a heading or exempt. A flag where it does not
    read as if it did: it names neither the object nor the property's words, or not the subject.
    """
    subject, predicate, token, _ = split(claim.triple)
    for _, unit, place in claim.units(EV.contradictedBy):
        name = compact(unit, corpus.dataset.project.prefixes)
        if unit in corpus.exempt:
            yield unit, True, f"{name} is a heading or exempt, so it denies nothing.", "Name the sentence.", place
        elif unit in corpus.passages:
            pair = corpus.pair((iri(subject), iri(predicate), token), unit, implied=True, claim=claim)
            names_subject = pair.subject or pair.subject_nearby or pair.about or pair.structural
            if not names_subject or not (pair.object or pair.cues):
                missing = "the object nor the property" if names_subject else "the subject, nor does its paragraph"
                yield (
                    unit, False, f"{name} does not name {missing}, and is said to contradict the claim.",
                    "Name the sentence that denies it or says otherwise.", place,
                )  # fmt: skip
