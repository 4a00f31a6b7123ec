"""An edition of a document: its entry in `kg.toml`, the index of its units, and the gists written of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from .. import rdf
from ..errors import Finding, ParseError
from ..namespaces import EV, SKOS
from ..project import DocumentSource, Project, UnitSettings
from ..rdf.tokens import term_token
from .comparison import TextComparison, compare_text
from .corrections_file import corrections_path
from .cutting.segmenter import segmenter_name
from .index import UnitIndex, load_index
from .units import EXEMPT_KINDS, KINDS, Unit

__all__ = ["Edition", "read_edition"]


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition of a document, with what is said of its units; the text itself need not be at hand.

    Where it is at hand in another layout, `index` has the units' places in it.
    """

    document: DocumentSource
    index: UnitIndex
    iri: str
    gists: Mapping[str, bytes]  #: unit number → the gist's literal token
    exempt: Mapping[str, str]  #: unit number → IRI of the reason, by hand or by kind
    stale: Mapping[str, bytes]  #: unit number → the note that its gist must be looked at again
    recorded: Mapping[str, Unit] = field(
        default_factory=dict
    )  #: units as the index's file has them, where that differs
    lines: Mapping[str, int] = field(default_factory=dict)  #: unit number → the line of the note in the gists' file
    comparison: TextComparison | None = None  #: with the text at hand; None when none is
    difference: Finding | None = None  #: what is wrong with the text at hand, or with its absence

    def unit_iri(self, number: str) -> str:
        """The IRI of a unit."""
        return f"{self.iri}#{number}"

    @property
    def name(self) -> str:
        """Document and edition, as messages have them."""
        return f"{self.document.slug}, edition {self.document.edition}"

    def text(self) -> str | None:
        """The document's text, when it is at hand and its words are the edition's."""
        return None if self.comparison is None or self.comparison.case == "words" else self.comparison.text

    def quote(self, number: str) -> str | None:
        """A unit's words, when the text at hand has them as they were indexed."""
        unit = self.comparison.units.get(number) if self.comparison else None
        return unit.text(self.comparison.text) if unit and self.comparison else None

    def compared(self, file: Path) -> "Edition":
        """The edition with the text in a file at hand; `difference` tells when it has another layout or other words.

        Raises `ParseError` for what is not a text.
        """
        recorded = replace(self.index, units=self.index.units | dict(self.recorded))
        comparison = compare_text(recorded, file)
        index = replace(recorded, units=recorded.units | dict(comparison.units))
        differing = {} if comparison.case == "same" else recorded.units
        edition = replace(self, index=index, recorded=differing, comparison=comparison)
        return replace(edition, difference=_difference(edition, comparison, file))


def _difference(edition: Edition, comparison: TextComparison, file: Path) -> Finding | None:
    """What to say of a text that is not, to the character, its edition's."""
    document = edition.document
    if comparison.case != "words" and (difference := _recut_difference(edition, comparison, file)):
        return difference
    if comparison.case == "same":
        return None
    options = f"--slug {document.slug} --edition"
    if comparison.case == "layout":
        return Finding(
            f"the words of {edition.name}, in another layout{_recut_names(comparison)}"
            + (", which publish_text does not allow." if document.publish_text else "; places are realigned."),
            severity="error" if document.publish_text else "warning",
            file=file,
            iri=edition.iri,
            advice="Make this layout the edition's: "
            f"isoc-kg evidence index {file} {options} {document.edition} --relayout",
        )
    if comparison.contradiction:
        return Finding(
            f"the index of {edition.name} contradicts its text: {comparison.contradiction} is wrong.",
            file=file,
            iri=edition.iri,
            advice="Restore the index from version control; it is written by isoc-kg evidence index alone.",
        )
    first = ""
    if comparison.first:
        differing = comparison.changed + comparison.missing + comparison.added
        unit = f"unit {comparison.first}"
        first = f"{unit} is the first that differs; " if differing else f"before {unit}, "
    return Finding(
        f"not the words of {edition.name}: {first}{comparison.counts}.",
        file=file,
        line=comparison.line,
        iri=edition.unit_iri(comparison.first) if comparison.first else edition.iri,
        advice="Restore the text, or make this one a new edition: "
        f"isoc-kg evidence drift OLD {file} {options} NEW --write, OLD being the indexed text or its index."
        + (
            " The index has no digests of words, by which another layout is known; with the indexed text it gets them: "
            f"isoc-kg evidence index OLD {options} {document.edition} --relayout."
            if edition.index.words is None
            else ""
        ),
    )


def _recut_names(comparison: TextComparison) -> str:
    names = comparison.recut.names
    return f", in which a cut gives other units ({names})" if names else ""


def _recut_difference(edition: Edition, comparison: TextComparison, file: Path) -> Finding | None:
    """What to say of an index whose units are not those that cutting its text gives.

    An older splitter, or the layout before `--relayout`, may have given others: a warning, as long as no sentence
    is torn and no words are lost. With `publish_text` it is an error.
    """
    document, made = edition.document, comparison.recut
    layout = comparison.case == "layout"
    if not made.differing or (layout and not made.lost):
        return None
    unlike = "" if edition.index.rules.segmenter == segmenter_name() else f", which {edition.index.splitter} has cut"
    return Finding(
        f"the index of {edition.name}{unlike} has other units than its text: {made.names}"
        + "".join(f"; {fault}" for fault in made.faults)
        + ".",
        severity="error" if made.faults or document.publish_text else "warning",
        file=file,
        line=None if made.start is None else comparison.text.count("\n", 0, made.start) + 1,
        iri=edition.iri,
        advice="Restore the index from version control, or cut the text anew as another edition: "
        f"isoc-kg evidence drift {file} {file} --slug {document.slug} --edition NEW --write; "
        f"when nothing rests on edition {document.edition} any more, remove it from kg.toml.",
    )


def _at_hand(edition: Edition) -> Edition:
    """The edition with its text, when the file that kg.toml names is there; with what is wrong with that file."""
    document = edition.document
    if document.path is not None and document.path.is_file():
        try:
            return edition.compared(document.path)
        except ParseError as error:
            wrong = Finding(error.message, file=error.file, line=error.line, iri=edition.iri, advice=error.advice)
            return replace(edition, difference=wrong)
    if document.publish_text:
        wrong = Finding(
            f"the text of {edition.name} is not there, and publish_text is set.",
            file=document.path,
            iri=edition.iri,
            advice="Put the text there, or remove publish_text from kg.toml.",
        )
        return replace(edition, difference=wrong)
    return edition


def read_edition(project: Project, document: DocumentSource) -> tuple[Edition, list[Finding]]:
    """An edition as its index and its file of gists describe it, and what is wrong with its text and its gists.

    Raises `ParseError` for an index that cannot be read, or that is another edition's.
    """
    index = load_index(project.index_path(document))
    if (index.slug, index.edition) != (document.slug, document.edition):
        raise ParseError(
            f"the index is of {index.slug}, edition {index.edition}.",
            file=project.index_path(document),
            advice=f"kg.toml names {document.slug}, edition {document.edition}.",
        )
    name = project.ids.edition(document.slug, document.edition)
    gists: dict[str, bytes] = {}
    exempt = {unit.number: KINDS[unit.kind] for unit in index.units.values() if unit.kind in EXEMPT_KINDS}
    stale: dict[str, bytes] = {}
    lines: dict[str, int] = {}
    findings: list[Finding] = []
    path = project.gists_path(document)
    if path.is_file():
        for quad, line in rdf.read_located(path, limits=project.limits):
            subject, predicate, object_ = str(quad.subject)[1:-1], quad.predicate.value, term_token(quad.object)
            number = subject.removeprefix(name + "#")
            if number not in index.units:
                findings.append(
                    Finding(
                        f"there is no unit <{subject}>.",
                        file=path,
                        line=line,
                        advice=f"Gists here are of units of <{name}>.",
                    )
                )
            elif predicate == EV.gist:
                gists[number] = object_
            elif predicate == EV.exemptAs:
                exempt[number] = rdf.iri(object_)
            elif predicate == SKOS.changeNote:
                stale[number], lines[number] = object_, line
            else:
                findings.append(
                    Finding(
                        f"<{predicate}> has no place among gists.",
                        file=path,
                        line=line,
                        advice="Here stand ev:gist, ev:exemptAs and skos:changeNote.",
                    )
                )
    findings += _unapplied(project, document, index)
    edition = _at_hand(Edition(document, index, name, gists, exempt, stale, lines=lines))
    return edition, [*findings, *([edition.difference] if edition.difference else [])]


def _unapplied(project: Project, document: DocumentSource, index: UnitIndex) -> list[Finding]:
    """What to say of corrections that an index was not made with, and of other settings than it was cut with."""
    path = project.index_path(document)
    advice = f"Apply them: isoc-kg document recut {document.slug}, or restore them."
    if index.corrections.digest != index.rules.corrections:
        what = "corrections" if index.corrections else "no corrections"
        return [
            Finding(
                f"the index of {document.slug}, edition {document.edition}, was made with other corrections than lie "
                f"beside it ({what}).",
                severity="error",
                file=corrections_path(path) if index.corrections else path,
                advice=advice,
            )
        ]
    if document.units != index.rules.settings and document.units != UnitSettings():
        return [
            Finding(
                f"the index of {document.slug}, edition {document.edition}, was cut with other settings than "
                "[document.units] has.",
                severity="warning",
                file=path,
                advice=advice,
            )
        ]
    return []
