"""Dates that lie after the edition whose unit is their evidence: a text does not report what was yet to come."""

from collections.abc import Iterator

from ..authoring.dataset import Dataset
from ..authoring.dates import DATATYPES, past_properties, precedes
from ..authoring.facts import Claim
from ..errors import Finding
from ..iris import compact
from ..rdf.lines import iri, literal, split
from .answers import unit_name
from .flags import LATER

__all__ = ["later_dates"]


def later_dates(dataset: Dataset) -> Iterator[tuple[Claim, str, Finding]]:
    """Claims whose date is after that of the edition of a unit (an IRI), where that one is known, with a finding.

    Asked of what properties of the past say (`authoring/dates.py`); a flag, since documents speak of plans, too.
    """
    published = {source.iri: source.document.date for source in dataset.editions if source.document.date}
    if not published:
        return
    properties = past_properties(dataset.graph("ontology"))
    prefixes = dataset.project.prefixes
    for claim in dataset.claims.values():
        subject, predicate, object_, _ = split(claim.triple)
        if iri(predicate) not in properties or not object_.startswith(b'"'):
            continue
        text, _, datatype = literal(object_)
        if datatype not in DATATYPES:
            continue
        for _, unit, (file, line) in claim.units():
            edition = published.get(unit.partition("#")[0])
            if edition and precedes(edition, text):
                number = unit_name(dataset, unit)
                yield (
                    claim,
                    unit,
                    Finding(
                        f"{LATER}: {compact(iri(predicate), prefixes)} of {compact(iri(subject), prefixes)} is {text}, "
                        f"and the edition of unit {number} is of {edition}.",
                        *("warning", file, line, claim.iri),
                        "Correct the date, or the edition's in kg.toml. Where the text speaks of a plan, state that. "
                        f'Else answer: ev:answer "{number} {LATER}: …"',
                    ),
                )
