"""How a document's units are corrected in place, and how facts follow them: none may come to rest on other words."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ..atomic import write_together
from ..authoring.dataset import Dataset
from ..documents.corrections import Corrections
from ..documents.corrections_file import corrections_path
from ..documents.cutting.rules import CutRules
from ..documents.editions import Edition
from ..documents.index import UnitIndex, index_content, index_text
from ..documents.succession import next_index
from ..documents.units import Unit
from ..errors import ProjectError, UsageError
from ..project import Project, files_in
from .audit import judgements_file, read_judgements
from .held import replaced_editions
from .rewriting import followed_judgements, resting_claims, resting_files, rewrite_units

__all__ = ["Recutting", "recut_document", "text_of"]

_NOT_AS_INDEXED = {"layout": "in another layout", "words": "another one"}
_FEW = 5  # so many places are named in a message


@dataclass(frozen=True, slots=True)
class Recutting:
    """What cutting anew did: the new index, and what became of units that are not what they were."""

    index: UnitIndex
    became: Mapping[str, tuple[str, ...]]  #: old number → new numbers, of units with another number or other words
    files: tuple[Path, ...] = ()  #: that were written; none where nothing changed


def text_of(edition: Edition) -> str:
    """The text of an edition, which cutting anew needs. Raises `ProjectError` where it is not at hand as indexed."""
    if edition.comparison is not None and edition.comparison.case == "same":
        return edition.comparison.text
    case = edition.comparison.case if edition.comparison else ""
    raise ProjectError(
        f"the text of {edition.name} is {_NOT_AS_INDEXED.get(case, 'not at hand')}.",
        file=edition.document.path,
        advice="Give the index this layout first: isoc-kg evidence index FILE --relayout"
        if case == "layout"
        else "Put it where kg.toml says, or name it: --document FILE.",
    )


def recut_document(dataset: Dataset, edition: Edition, corrections: Corrections, rules: CutRules) -> Recutting:
    """Cut an edition anew, and write its index, its corrections, and the facts and gists whose units have new numbers.

    All of it or nothing is written. Evidence on a unit that became part of a longer one follows it. Raises
    `UsageError` where something rests on a unit that is cut apart, or a proposal on one that would have another
    number; where a later edition is there; and `ParseError` for corrections that do not fit.
    """
    project, document = dataset.project, edition.document
    if edition.iri in {other.iri for other in replaced_editions(dataset)}:
        raise UsageError(
            f"{edition.name}, has a later edition.", advice="Correct the latest edition; earlier ones stay as they are."
        )
    path = project.index_path(document)
    file = corrections_path(path)
    text, old = text_of(edition), edition.index
    if corrections and rules.settings != old.rules.settings:  # whose numbers are those of the old rules
        former = index_text(text, old.slug, old.edition, old.language, old.rules, corrections, file)
        following = next_index(former, text, old.edition, rules)
        if following.lost:
            raise UsageError(
                f"the corrections of {', '.join(following.lost[:_FEW])} do not fit what the new settings give.",
                advice="Take these corrections out, run isoc-kg document recut, and correct what is left to correct.",
            )
        corrections = following.index.corrections
    made = index_text(text, old.slug, old.edition, old.language, rules, corrections, file)
    made = replace(made, extractor=old.extractor, units=_with_places(made.units, old.units))
    became = {
        number: new
        for number, new in _becoming(old.units, made.units).items()
        if new != (number,) or made.units[number].sha256 != old.units[number].sha256
    }
    files: dict[Path, bytes] = {path: index_content(made)}
    if corrections or file.is_file():
        files[file] = corrections.toml.encode()
    _refuse_torn(dataset, edition, {number for number, new in became.items() if len(new) != 1})
    _refuse_proposed(project, edition, became)
    if became:
        targets = {number: became.get(number, (number,)) for number in old.units}
        for source in resting_files(project):
            files |= _moved(project, source, edition.iri, targets)
        files |= followed_judgements(project, edition.iri, edition.iri, targets)
        gists = project.gists_path(document)
        if gists.is_file():
            before = gists.read_bytes().decode("utf-8")
            files[gists] = rewrite_units(before, edition.iri, edition.iri, targets).encode()
    files = {target: data for target, data in files.items() if not target.is_file() or target.read_bytes() != data}
    if files:
        write_together(project.root, files)
    return Recutting(made, became, tuple(files))


def _becoming(old: Mapping[str, Unit], new: Mapping[str, Unit]) -> dict[str, tuple[str, ...]]:
    """Each old unit's new ones: those that have words of it."""
    result: dict[str, tuple[str, ...]] = {}
    units = list(new.values())
    at = 0
    for number, unit in old.items():
        while at < len(units) and units[at].end <= unit.start:
            at += 1
        last = at
        while last < len(units) and units[last].start < unit.end:
            last += 1
        result[number] = tuple(other.number for other in units[at:last])
    return result


def _with_places(new: Mapping[str, Unit], old: Mapping[str, Unit]) -> dict[str, Unit]:
    """Units with their places in the original, each that of the first old unit that it has words of, boxes joined."""
    places: dict[str, Unit] = {}
    for number, became in _becoming(new, old).items():
        former = [old[other].place for other in became]
        place = former[0] if former else None
        if place is not None:
            boxes = dict.fromkeys(box for other in former if other and other.page == place.page for box in other.boxes)
            place = replace(place, boxes=tuple(boxes))
        places[number] = replace(new[number], place=place)
    return places


def _refuse_torn(dataset: Dataset, edition: Edition, torn: Collection[str]) -> None:
    """Raise `UsageError` where something rests on a unit that is cut apart: only its author knows on which part."""
    resting = []
    for claim in dataset.resting:
        for predicate in claim.evidence:
            for token, place in claim.evidence[predicate].items():
                iri = token[1:-1]
                if iri.startswith(f"{edition.iri}#") and iri.rpartition("#")[2] in torn:
                    resting.append((f"{place[0]}:{place[1]}", iri.rpartition("#")[2]))
    judged = {unit for _, unit in read_judgements(judgements_file(dataset.project))}
    for number in sorted(torn):
        if edition.unit_iri(number) in judged:
            resting.append((str(judgements_file(dataset.project)), number))
        if number in edition.gists:
            resting.append((str(dataset.project.gists_path(edition.document)), number))
    if resting:
        places = ", ".join(f"{place} ({number})" for place, number in resting[:_FEW])
        more = f" and {len(resting) - _FEW} more" if len(resting) > _FEW else ""
        raise UsageError(
            f"what rests on units that are to be cut apart cannot follow by itself: {places}{more}.",
            advice="Take these out or let them rest on another unit, cut, and name the part that says it.",
        )


def _refuse_proposed(project: Project, edition: Edition, became: Mapping[str, tuple[str, ...]]) -> None:
    """Raise `UsageError` where a proposal or a query is about a unit that would be another: they are never rewritten.

    The same for decisions on proposals.
    """
    slug = edition.document.slug
    named = re.compile(
        rf"(?:{re.escape(edition.iri)}#|\b{re.escape(slug)}(?:/{re.escape(edition.document.edition)})?:)"
    )
    proposals = [*sorted(project.proposals_folder.glob("*.ttl")), *sorted(project.decisions_folder.glob("*.jsonl"))]
    queries = files_in(project.folder("queries"), ".rq")
    for file in [*proposals, *queries] if became else ():
        text = file.read_text(encoding="utf-8", errors="replace")
        prefixes = re.findall(rf"prefix\s+([\w.-]*:)\s*<{re.escape(edition.iri)}#>", text, re.IGNORECASE)
        spellings = [named.pattern, *(rf"(?<![\w.-]){re.escape(prefix)}" for prefix in prefixes)]
        for number in re.findall(rf"(?:{'|'.join(spellings)})(\d+\.\d+)", text):
            if number in became:
                if file in queries:
                    raise UsageError(
                        f"{file}: the query names unit {number}, which would have another number or other words.",
                        advice="Take the unit out of the query, cut, and name the one that is meant.",
                    )
                raise UsageError(
                    f"{file}: a proposal is about unit {number}, which would have another number or other words.",
                    advice="Make the corrected text a new edition: give --edition another name in isoc-kg evidence "
                    "drift, or withdraw the proposal first.",
                )


def _moved(project: Project, path: Path, edition: str, targets: dict[str, tuple[str, ...]]) -> dict[Path, bytes]:
    """A file of facts in which evidence on units has their new numbers, if it has some.

    Raises `UsageError` where a unit is written in a form that cannot be rewritten: what was meant is compared with
    what the new text means.
    """
    before = path.read_bytes()
    after = rewrite_units(before.decode("utf-8"), edition, edition, targets).encode()
    expected = {
        (claim, predicate, target)
        for claim, predicate, unit in _resting(project, path, before, edition)
        for target in targets.get(unit, (unit,))
    }
    if set(_resting(project, path, after, edition)) != expected:
        raise UsageError(
            f"{path}: names units in a form that cannot be rewritten here.",
            advice="Write them with a prefix of the whole edition, or as full IRIs.",
        )
    return {path: after} if after != before else {}


def _resting(project: Project, path: Path, content: bytes, edition: str) -> Iterator[tuple[str, str, str]]:
    """Claim, annotation and number of each unit of an edition that the claims of a file rest on."""
    for claim in resting_claims(project, path, content):
        for predicate, values in claim.evidence.items():
            for token in values:
                if token.startswith(f"<{edition}#"):
                    yield claim.iri, predicate, token[1:-1].rpartition("#")[2]
