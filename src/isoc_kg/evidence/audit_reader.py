"""What a second reader adds to the evidence check, measured on what the audit's corrupted claims got past it."""

from collections import Counter
from dataclasses import replace

from ..errors import ProjectError
from ..rdf.lines import iri, split
from ..rdf.tokens import iri_token, triple_line
from .audit import Audit, ReaderScore
from .corpus import Corpus
from .verifier import Asked, ask_verifier

__all__ = ["audit_reader"]


def audit_reader(corpus: Corpus, audit: Audit) -> Audit:
    """The audit with what the project's second reader says of each miss and of each true pair."""
    evidence = corpus.dataset.project.evidence
    if not evidence.verifier:
        raise ProjectError("no verifier is named.", advice='Name a command in kg.toml: [evidence] verifier = "…".')
    questions, misses = [], []
    for claim in corpus.dataset.claims.values():
        subject, predicate, object_, _ = split(claim.triple)
        for unit, implied in corpus.units(claim):
            statement = corpus.statement((iri(subject), iri(predicate), object_))
            questions.append(Asked(claim.iri, unit, corpus.passages[unit].text, statement, implied))
    identifiers = corpus.dataset.project.ids
    for miss in audit.misses:
        name, property_, token = miss.triple
        claim_iri = identifiers.claim(triple_line(iri_token(name), iri_token(property_), token))
        unit, text = miss.unit, corpus.passages[miss.unit].text
        if miss.denial:
            place, word = miss.denial
            folded = corpus.passages[unit].folded
            unit, text = f"{unit}~{place}", folded[:place] + word + folded[place:]
        misses.append((miss, Asked(claim_iri, unit, text, corpus.statement(miss.triple), implied=False)))
    asked = {
        (question.claim, question.unit): question for question in (*(question for _, question in misses), *questions)
    }
    judgements, failures = ask_verifier(
        evidence.verifier,
        list(asked.values()),
        folder=corpus.dataset.project.root,
        seconds=evidence.verifier_seconds,
        memory=corpus.dataset.project.limits.command_memory_bytes,
    )

    def flags(question: Asked) -> bool:
        judgement = judgements.get((question.claim, question.unit))
        return judgement is not None and not judgement.accepts(implied=question.implied)

    caught = Counter(miss.kind for miss, question in misses if flags(question))
    return replace(
        audit,
        scores=tuple(replace(score, by_reader=caught[score.kind]) for score in audit.scores),
        reader=ReaderScore(len(asked), sum(map(flags, questions)), tuple(failures)),
    )
