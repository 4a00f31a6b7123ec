"""Sentences, things and terms by words, each with a statement in Turtle to begin from."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

from ..authoring.dataset import Dataset
from ..authoring.terms import DeclaredTerms, namespace, vocabularies
from ..authoring.vocabulary import DESCRIPTIONS
from ..documents.editions import Edition
from ..documents.unit_names import current_editions, unit_prefixes
from ..documents.units import Unit
from ..iris import compact, local_name
from ..namespaces import EV, OWL, RDF, RDFS, SKOS
from ..rdf.lines import iri, literal, split
from ..rdf.tokens import iri_token, is_literal
from ..rdf.turtle_tokens import lexemes
from .abbreviation import prefixes_of_facts
from .word_index import WordIndex
from .words import fold, is_unspaced

__all__ = ["KINDS", "Match", "SearchResult", "Skeletons", "search"]

#: What is searched, in the order of results.
KINDS = ("sentence", "thing", "term")
_CAMEL = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")
_NAMING = frozenset((RDFS.label, SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel))
_MOST_CHARACTERS = 300  # of a text that is shown


@dataclass(frozen=True, slots=True)
class Match:
    """One sentence, thing or term."""

    kind: str  #: one of `KINDS`
    name: str  #: what commands and Turtle call it: `guide:4.1`, `id:old-harbour`, `schema:founder`
    iri: str
    text: str  #: the sentence or its gist, the thing's names, the term's label
    definition: str | None  #: of a term, or the description of a thing
    turtle: str  #: a statement to complete

    def to_json(self) -> dict[str, Any]:
        """The members that there are."""
        values = {"kind": self.kind, "name": self.name, "iri": self.iri, "text": self.text, "turtle": self.turtle}
        return values | ({"definition": self.definition} if self.definition else {})


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The matches, best first within each kind, and what is to be known of them."""

    matches: tuple[Match, ...]
    left_out: int  #: more that there are
    prefixes: Mapping[str, str]  #: of all that the statements name
    meant: Mapping[str, tuple[str, ...]]  #: word → words in its place, where nothing has it
    not_at_hand: tuple[str, ...]  #: editions of whose sentences the gists alone were searched

    def to_turtle(self) -> str:
        """All of it as a Turtle text: what was found in comments, with statements to complete."""
        lines = [f"@prefix {name}: <{space}> ." for name, space in self.prefixes.items()]
        for match in self.matches:
            lines += ["", f"# {match.name}  {match.kind}", f"# {_line(match.text)}"]
            lines += [f"# {_line(match.definition)}"] if match.definition else []
            lines.append(match.turtle)
        return "\n".join(lines) + "\n"

    def to_json(self) -> dict[str, Any]:
        """All of it as members of JSON."""
        return {
            "matches": [match.to_json() for match in self.matches],
            "left_out": self.left_out,
            "prefixes": dict(self.prefixes),
            "meant": {word: list(words) for word, words in self.meant.items()},
            "gists_alone": list(self.not_at_hand),
        }


def search(
    dataset: Dataset, texts: Mapping[str, str | None], question: str, *, kinds: Sequence[str] = KINDS, limit: int = 5
) -> SearchResult:
    """The sentences, things and terms with words of a question, at most `limit` of each kind.

    `texts` are the texts at hand by their editions' IRIs. Terms are those of the ontology files and of the vocabularies
    in wide use.
    """
    skeletons = Skeletons(dataset)
    sources = {"sentence": lambda: _sentences(dataset, texts, skeletons), "thing": lambda: _things(dataset, skeletons)}
    sources["term"] = lambda: _terms(dataset, skeletons)
    entries = [(kind, entry) for kind in kinds for entry in sources[kind]()]
    index = WordIndex(language for _, entry in entries for language in entry.languages)
    for _, entry in entries:
        index.add(entry.words, entry.languages)
    ranking = index.ranked(question)
    matches: list[Match] = []
    for kind in kinds:
        best = (entries[number][1] for number in ranking.texts if entries[number][0] == kind)
        matches += [entry.match() for entry in islice(best, limit)]
    current = current_editions(dataset.editions) if "sentence" in kinds else []
    return SearchResult(
        tuple(matches),
        len(ranking.texts) - len(matches),
        skeletons.used(match.turtle for match in matches),
        ranking.meant,
        tuple(edition.name for edition in current if texts.get(edition.iri) is None),
    )


@dataclass(frozen=True, slots=True)
class _Entry:
    words: tuple[str, ...]
    languages: tuple[str, ...]
    match: Callable[[], Match]


class Skeletons:
    """Statements to complete, with prefixes as the files of facts have them: pasted there, they mean the same.

    What an author puts in stands in capitals, which no thing of a project may be called: the build refuses it.
    """

    def __init__(self, dataset: Dataset) -> None:
        project = dataset.project
        self.prefixes = _prefixes(project.prefixes, list(prefixes_of_facts(project)))
        self.subject, self.object = (self.name(project.ids.things + part) for part in ("SUBJECT", "OBJECT"))
        self.property = self.name(f"{project.ids.ontology}#PROPERTY")
        editions = current_editions(dataset.editions)
        self.unit = self.name(f"{editions[0].iri}#UNIT" if editions else f"{project.ids.document('DOCUMENT')}/1#UNIT")

    def name(self, name: str) -> str:
        """An IRI as Turtle has it."""
        return compact(name, self.prefixes)

    def statement(self, *parts: str, unit: str | None = None) -> str:
        """A statement that rests on a unit (an IRI)."""
        supported = self.name(EV.supportedBy)
        return f"{' '.join(parts)} {{| {supported} {self.name(unit) if unit else self.unit} |}} ."

    def used(self, statements: Iterable[str]) -> dict[str, str]:
        """The prefixes that statements need, sorted."""
        names = {token.text.partition(":")[0] for text in statements for token in lexemes(text) if token.kind == "name"}
        return {name: self.prefixes[name] for name in sorted(names)}


def _prefixes(own: Mapping[str, str], files: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """A project's prefixes, in the place of each that files of facts have for a namespace, theirs."""
    result = dict(own)
    for declared in files:
        for name, space in declared.items():
            if any(other.get(name, space) != space for other in files):
                result.pop(name, None)  # it means several things
            else:
                result = {other: value for other, value in result.items() if value != space} | {name: space}
    return result


def _sentences(dataset: Dataset, texts: Mapping[str, str | None], skeletons: Skeletons) -> Iterator[_Entry]:
    names = unit_prefixes(dataset.editions)

    def match(edition: Edition, unit: Unit, words: str) -> Match:
        name = edition.unit_iri(unit.number)
        subject, object_ = (*_things_in(dataset, words), None, None)[:2]
        parts = (skeletons.name(subject) if subject else skeletons.subject, skeletons.property)
        turtle = skeletons.statement(*parts, skeletons.name(object_) if object_ else skeletons.object, unit=name)
        return Match("sentence", names[edition.iri] + unit.number, name, words, None, turtle)

    for edition in current_editions(dataset.editions):
        text = texts.get(edition.iri)
        for unit in edition.index.units.values():
            gist = literal(edition.gists[unit.number])[0] if unit.number in edition.gists else None
            words = unit.text(text) if text is not None else gist
            if words:
                found_by = (words, *([gist] if gist else []))
                yield _Entry(found_by, (edition.index.language,), partial(match, edition, unit, words))


def _things_in(dataset: Dataset, words: str) -> list[str]:
    """The things that a text names, in its order; one within a longer name is none."""
    folded = fold(words)
    places: list[tuple[int, int, str]] = []
    for name, labels in dataset.labels.items():
        if name.startswith(dataset.project.ids.things):
            for label in map(fold, labels):
                at = folded.find(label) if label else -1
                end = at + len(label)
                alone = not (folded[at - 1 : at].isalnum() or folded[end : end + 1].isalnum()) or is_unspaced(label)
                if at >= 0 and alone:
                    places.append((at, -end, name))
    things: list[str] = []
    last = 0
    for at, end, name in sorted(places):
        if at >= last and name not in things:
            things.append(name)
            last = -end
    return things


def _things(dataset: Dataset, skeletons: Skeletons) -> Iterator[_Entry]:
    languages = tuple(dict.fromkeys((dataset.project.language, "en")))
    described = _texts_of(dataset.graph("facts"), frozenset(DESCRIPTIONS))

    def match(name: str, labels: Sequence[str]) -> Match:
        short = skeletons.name(name)
        turtle = skeletons.statement(short, skeletons.property, skeletons.object)
        return Match("thing", short, name, ", ".join(labels), next(iter(described.get(name, ())), None), turtle)

    for name, labels in dataset.labels.items():
        if name.startswith(dataset.project.ids.things):
            yield _Entry((*labels, local_name(name)), languages, partial(match, name, labels))


def _terms(dataset: Dataset, skeletons: Skeletons) -> Iterator[_Entry]:
    """Declared terms, then those of the vocabularies in wide use."""
    ontology = dataset.graph("ontology")
    declared = DeclaredTerms(ontology).roles
    labels, definitions = _texts_of(ontology, _NAMING), _texts_of(ontology, frozenset(DESCRIPTIONS))
    literals = {
        iri(subject)
        for subject, predicate, object_, _ in map(split, ontology)
        if (predicate, object_) == (iri_token(RDF.type), iri_token(OWL.DatatypeProperty))
    }
    languages = tuple(dict.fromkeys((dataset.project.language, "en")))
    listed = [space + local for space, names in vocabularies().items() for local in sorted(names)]

    def match(name: str) -> Match:
        roles, own = declared.get(name), labels.get(name)
        is_class = "class" in roles if roles else local_name(name)[:1].isupper()
        short, kind = skeletons.name(name), "class" if is_class else "property"
        value = '"OBJECT"' if name in literals else skeletons.object
        turtle = skeletons.statement(skeletons.subject, *(("a", short) if is_class else (short, value)))
        text = f"{kind}: {', '.join(own)}" if own else f"{kind} of <{namespace(name)}>"
        return Match("term", short, name, text, next(iter(definitions.get(name, ())), None), turtle)

    for name in dict.fromkeys((*sorted(name for name, roles in declared.items() if roles), *listed)):
        if local_name(name) and namespace(name) != EV.iri:
            words = (
                *labels.get(name, ()),
                local_name(name),
                " ".join(_CAMEL.findall(local_name(name))),
                *definitions.get(name, ()),
            )
            yield _Entry(words, languages, partial(match, name))


def _texts_of(lines: Sequence[bytes], properties: frozenset[str]) -> dict[str, list[str]]:
    """Subject → the texts that it has by these properties."""
    texts: dict[str, list[str]] = {}
    for line in lines:
        subject, predicate, object_, _ = split(line)
        if is_literal(object_) and subject.startswith(b"<") and iri(predicate) in properties:
            texts.setdefault(iri(subject), []).append(literal(object_)[0])
    return texts


def _line(text: str) -> str:
    """A text in one line of bounded length."""
    line = " ".join(text.split())
    return line if len(line) <= _MOST_CHARACTERS else f"{line[:_MOST_CHARACTERS]}…"
