"""Whether the evidence holds: digests of the text, and words of each claim in its sentences."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..authoring.dataset import Dataset
from ..authoring.facts import Claim
from ..documents.editions import Edition
from ..errors import Finding
from ..namespaces import EV
from ..rdf import iri, literal, split
from ..rdf.tokens import is_literal
from .words import Lexicon

__all__ = ["check_digests", "check_words", "lexicon_of"]


def check_digests(edition: Edition, text: str, file: Path) -> list[Finding]:
    """Units whose text is not the one that was indexed."""
    findings = []
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    if digest != edition.index.sha256:
        findings.append(
            Finding(
                f"this is not the text of {edition.document.slug}, edition {edition.document.edition}: "
                f"its digest is {digest[:16]}…, the edition's {edition.index.sha256[:16]}….",
                file=file,
                advice="Name the text that was indexed, or index this one as a new edition: "
                f"isoc-kg evidence index {file.name} --document {edition.document.slug} --edition NEW",
            )
        )
    for unit in edition.index.units.values():
        if hashlib.sha256(unit.text(text).encode()).hexdigest() != unit.sha256:
            findings.append(
                Finding(
                    f"unit {unit.number} has another text than was indexed.",
                    file=file,
                    line=text.count("\n", 0, unit.start) + 1,
                    iri=edition.unit_iri(unit.number),
                    advice="isoc-kg evidence drift tells what a new edition changes.",
                )
            )
    return findings


def lexicon_of(edition: Edition, text: str) -> Lexicon:
    """The words of an edition's units."""
    return Lexicon(edition.index.language, (unit.text(text) for unit in edition.index.units.values()))


def check_words(
    dataset: Dataset, edition: Edition, text: str, shift: int = 0
) -> Iterator[tuple[Claim, str, bool, Finding]]:
    """Each pair of a claim and a unit that says it, and whether a word of the claim occurs there.

    Two thirds of the content words of one of the object's names, of its text, or of the property's label must
    occur in the unit; what is only implied is not asked. `shift` moves all units by so many
    places: then nearly every pair must fail.
    """
    lexicon = lexicon_of(edition, text)
    units = list(edition.index.units.values())
    position = {edition.unit_iri(unit.number): index for index, unit in enumerate(units)}
    words = [lexicon.words(unit.text(text)) for unit in units]
    texts = [unit.text(text) for unit in units]
    for claim in dataset.claims.values():
        _, predicate, object_, _ = split(claim.triple)
        names = [literal(object_)[0]] if is_literal(object_) else dataset.labels.get(iri(object_), [])
        asked = [lexicon.content(name) for name in (*names, *dataset.labels.get(iri(predicate), [])[:1])]
        for _, unit, (file, line) in claim.units(EV.supportedBy):
            if unit not in position:
                continue
            index = (position[unit] + shift) % len(units)
            found = any(one and 3 * len(one & words[index]) >= 2 * len(one) for one in asked) or (
                is_literal(object_) and literal(object_)[0] in texts[index]
            )
            yield (
                claim,
                unit,
                found,
                Finding(
                    f"too few words of {_quoted(names[:2]) or object_.decode()} occur in {_short(unit)}.",
                    file=file,
                    line=line,
                    iri=claim.iri,
                    advice="Name the sentence that says it, or write ev:impliedBy if it only follows from this one.",
                ),
            )


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)


def _short(unit: str) -> str:
    return "unit " + unit.rpartition("#")[2]
