"""The page docs/coverage.md: for each unit what it says in our own words, and the statements that carry it.

`python tests/coverage_page.py` writes the part of the page between its marks anew.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import groupby

from isoc_kg.authoring.annotations import SUPPORTING
from isoc_kg.authoring.dataset import Dataset, build_dataset
from isoc_kg.evidence.coverage import measure_coverage, not_covering
from isoc_kg.iris import compact
from isoc_kg.namespaces import EV
from isoc_kg.project import load_project
from isoc_kg.rdf import iri, literal, split
from isoc_kg.rdf.tokens import is_literal
from propositions import Proposition, read_propositions

from material import ROOT

PAGE = ROOT / "docs" / "coverage.md"
BEGIN, END = "<!-- units: written by tests/coverage_page.py -->\n", "<!-- end of units -->\n"


def _word(dataset: Dataset, token: bytes) -> str:
    """An end of a statement as the page writes it: a thing by its local name, a text in quotation marks."""
    if is_literal(token):
        text, language, _ = literal(token)
        return f"“{text}”" if language else text
    return compact(iri(token), dataset.project.prefixes).removeprefix("id:")


def _carried(dataset: Dataset, claims: list[tuple[bytes, bytes, bytes, bool]]) -> str:
    """Statements by subject and predicate; those that the unit only implies are in italics."""
    parts = []
    for (subject, predicate), group in groupby(sorted(claims), key=lambda claim: claim[:2]):
        objects = [f"*{_word(dataset, o)}*" if implied else _word(dataset, o) for _, _, o, implied in group]
        parts.append(
            f"{_word(dataset, subject)} `{compact(iri(predicate), dataset.project.prefixes)}` {', '.join(objects)}"
        )
    return "; ".join(parts).replace("|", r"\|")


def _gists(dataset: Dataset) -> Iterator[tuple[bytes, bytes]]:
    """Units with what they say, as tokens."""
    for line in dataset.graph("document"):
        subject, predicate, value, _ = split(line)
        if iri(predicate) == EV.gist:
            yield subject, value


def unit_table(dataset: Dataset, propositions: list[Proposition]) -> str:
    """One row for each unit: number, content, number of propositions, statements or the reason for the exemption."""
    (edition,) = dataset.editions
    naming = not_covering(dataset.project)
    said = Counter(proposition.unit for proposition in propositions if not proposition.denied)
    gists = {iri(unit): literal(text)[0] for unit, text in _gists(dataset)}
    rows = ["| unit | content | propositions | statements |", "| --- | --- | --- | --- |"]
    for unit in measure_coverage(dataset, edition).units:
        claims = []
        for claim in unit.claims:
            subject, predicate, object_, _ = split(claim.triple)
            kinds = {kind for kind, name, _ in claim.units(*SUPPORTING) if name == unit.iri}
            if predicate not in naming and kinds:
                claims.append((subject, predicate, object_, EV.supportedBy not in kinds))
        why = f"exempt: {unit.exempt.rpartition('#')[2]}" if unit.exempt else ""
        number = unit.unit.number
        rows.append(f"| {number} | {gists.get(unit.iri, '–')} | {said[number]} | {_carried(dataset, claims) or why} |")
    return "\n".join(rows) + "\n"


def rewritten(page: str, dataset: Dataset) -> str:
    """The page with its table as it has to be."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{unit_table(dataset, read_propositions(dataset))}\n{END}{after}"


if __name__ == "__main__":
    shipped = build_dataset(load_project(ROOT))
    PAGE.write_text(rewritten(PAGE.read_text(encoding="utf-8"), shipped), encoding="utf-8")
