"""Sentences, things, terms, documents and questions by words, each with a statement in Turtle to begin from."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any, overload

from ..authoring.dataset import Dataset
from ..authoring.terms import DeclaredTerms, namespace, vocabularies
from ..authoring.vocabulary import DESCRIPTIONS
from ..authoring.vocabulary_values import (
    Offered,
    literal_datatypes,
    offered_classes,
    offered_properties,
    successors,
    things_alone,
)  # fmt: skip
from ..documents.unit_names import current_editions
from ..errors import visible
from ..iris import compact, local_name
from ..namespaces import EV, OWL, RDF, RDFS, SKOS, XSD
from ..query import NamedQuery
from ..query.notebook import caption, cut, linked, table
from ..query.solutions import imported
from ..rdf.lines import iri, literal, split
from ..rdf.tokens import iri_token, is_literal
from ..wording.term_names import name_of_property, term_names
from .retrieval.entries import KINDS, Entry, SearchIndex, entries_of, parted, search_index
from .retrieval.reason import reason
from .skeletons import Skeletons
from .words import fold, is_unspaced

__all__ = ["KINDS", "Match", "SearchResult", "Searcher", "search", "search_names", "search_published"]

_NAMING = frozenset((RDFS.label, SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel))
_SHORTEST_DOER = 5  #: letters of a word that names who does something: “maker”
_SHOWN = 30  #: matches that a notebook shows
_MOST_CHARACTERS = 300  # of a text that is shown


@dataclass(frozen=True, slots=True)
class Match:
    """One sentence, thing, term, document or question."""

    kind: str  #: one of `KINDS`
    name: str  #: what commands and Turtle call it: `guide:4.1`, `id:old-harbour`, `schema:founder`
    iri: str
    text: str  #: the sentence or its gist, the thing's names, the term's label
    definition: str | None  #: of a term, or the description of a thing
    turtle: str  #: a statement to complete; empty for documents and questions
    why: str = ""  #: what has the words where the label has not: `established 2014 (15.2; contradicted by 3.1)`
    claim: str | None = None  #: the IRI of the statement that has them
    label: str = ""  #: the best of its names

    def to_json(self) -> dict[str, Any]:
        """The members that there are."""
        values = {"kind": self.kind, "name": self.name, "iri": self.iri, "text": self.text, "turtle": self.turtle}
        more = {"definition": self.definition, "why": self.why, "claim": self.claim}
        return values | {name: value for name, value in more.items() if value}


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The matches, best first, and what is to be known of them."""

    matches: tuple[Match, ...]
    left_out: int  #: more that there are
    prefixes: Mapping[str, str]  #: of all that the statements name
    meant: Mapping[str, tuple[str, ...]]  #: word → words in its place, where nothing has it
    not_at_hand: tuple[str, ...]  #: editions of whose sentences the gists alone were searched
    partial: bool = False  #: whether no match has all of the words

    def __iter__(self) -> Iterator[Match]:
        return iter(self.matches)

    def __len__(self) -> int:
        return len(self.matches)

    @overload
    def __getitem__(self, number: int) -> Match: ...
    @overload
    def __getitem__(self, number: slice) -> "SearchResult": ...
    def __getitem__(self, number: int | slice) -> "Match | SearchResult":
        if isinstance(number, slice):
            some = self.matches[number]
            return replace(self, matches=some, left_out=self.left_out + len(self.matches) - len(some))
        return self.matches[number]

    def to_pandas(self) -> Any:
        """A pandas `DataFrame` (extra `pandas`): a row for each match."""
        columns = ("kind", "name", "label", "text", "why", "iri")
        rows = [[getattr(match, column) for column in columns] for match in self.matches]
        return imported("pandas").DataFrame(rows, columns=columns)

    def __repr__(self) -> str:
        """The first matches, a line each."""
        lines = [f"<{self._head()}>"]
        lines += [cut(f"{match.kind}  {match.name}  {_line(match.text)}") for match in self.matches[:_SHOWN]]
        return "\n".join(visible(line, line=True) for line in lines)

    def _repr_html_(self) -> str:
        rows = [
            [linked(match.kind), linked(match.name, match.iri), linked(match.text), linked(match.definition or "")]
            for match in self.matches[:_SHOWN]
        ]
        head = ("kind", "name", "text", "definition")
        return caption(self._head()) + (table(head, rows, len(self.matches)) if rows else "")

    def _head(self) -> str:
        number = len(self.matches)
        meant = [f"“{cut(word)}” taken for {' or '.join(words)}" for word, words in self.meant.items()]
        left_out = [f"{self.left_out:,} more with a higher limit"] if self.left_out else []
        partial = ["none with all of the words"] if self.partial else []
        return "; ".join([f"{number:,} match{'' if number == 1 else 'es'}", *partial, *left_out, *meant])

    def to_turtle(self) -> str:
        """All of it as a Turtle text: what was found in comments, with statements to complete."""
        lines = [f"@prefix {name}: <{space}> ." for name, space in self.prefixes.items()]
        for match in self.matches:
            lines += ["", f"# {match.name}  {match.kind}", f"# {_line(match.text)}"]
            lines += [f"# {_line(match.definition)}"] if match.definition else []
            lines += [f"# why: {_line(match.why)}"] if match.why else []
            lines += [match.turtle] if match.turtle else []
        return "\n".join(lines) + "\n"

    def to_json(self) -> dict[str, Any]:
        """All of it as members of JSON."""
        return {
            "matches": [match.to_json() for match in self.matches],
            "left_out": self.left_out,
            "partial": self.partial,
            "prefixes": dict(self.prefixes),
            "meant": {word: list(words) for word, words in self.meant.items()},
            "gists_alone": list(self.not_at_hand),
        }


def search(
    dataset: Dataset,
    texts: Mapping[str, str | None],
    question: str,
    *,
    kinds: Sequence[str] = KINDS,
    limit: int = 5,
    queries: Mapping[str, NamedQuery] | None = None,
) -> SearchResult:
    """What `Searcher` finds, for one question alone."""
    return Searcher(dataset, texts, queries).search(question, kinds=kinds, limit=limit)


class Searcher:
    """Searches a dataset, which is read once for all questions.

    `texts` are the texts at hand by their editions' IRIs; without one, the gists of its units are searched. Terms are
    those of the ontology files and of the vocabularies in wide use.
    """

    def __init__(
        self, dataset: Dataset, texts: Mapping[str, str | None], queries: Mapping[str, NamedQuery] | None = None
    ) -> None:
        self._dataset = dataset
        self._texts = texts
        self._queries = queries
        self._skeletons = Skeletons(dataset)
        self._shown = _Shown(dataset, self._skeletons)
        self._editions = current_editions(dataset.editions)
        self._indexes: dict[frozenset[str], SearchIndex] = {}

    def search(self, question: str, *, kinds: Sequence[str] = KINDS, limit: int = 5) -> SearchResult:
        """What has words of a question, the best first, at most `limit` of each kind."""
        index = self._index(frozenset(kinds))
        result = _found(index, question, limit, self._shown.match)
        editions = self._editions if "sentence" in kinds else ()
        return replace(
            result,
            prefixes=self._skeletons.used(match.turtle for match in result.matches if match.turtle),
            not_at_hand=tuple(edition.name for edition in editions if self._texts.get(edition.iri) is None),
        )

    def _index(self, kinds: frozenset[str]) -> SearchIndex:
        """What is searched for entries of some kinds: words that others alone have count as misspelt."""
        if kinds not in self._indexes:
            entries = [entry for entry in self._entries if entry.kind in kinds]
            dataset = self._dataset
            languages = (dataset.project.language, "en", *(edition.index.language for edition in dataset.editions))
            self._indexes[kinds] = search_index(entries, languages)
        return self._indexes[kinds]

    @cached_property
    def _entries(self) -> list[Entry]:
        dataset = self._dataset
        units: dict[str, str] = {}
        for edition in self._editions:
            if (text := self._texts.get(edition.iri)) is not None:
                units |= {edition.unit_iri(unit.number): unit.text(text) for unit in edition.index.units.values()}
        type_, ontology = iri_token(RDF.type), iri_token(OWL.Ontology)
        heads = {iri(line[0]) for line in map(split, dataset.graph("ontology")) if line[1:3] == (type_, ontology)}
        entries = [
            entry for entry in entries_of(dataset.project, dataset.lines, self._queries)
            if entry.kind != "term" or entry.iri not in heads
        ]  # fmt: skip
        for entry in entries:
            if (words := units.get(entry.iri)) is not None:
                entry.text, entry.more = words, [entry.text, *entry.more]
        terms = {entry.iri: entry for entry in entries if entry.kind == "term"}
        languages = dict.fromkeys((dataset.project.language, *(edition.index.language for edition in self._editions)))
        for entry in _terms_in_wide_use(languages):
            if (own := terms.get(entry.iri)) is None:
                entries.append(entry)
            else:  # what the ontology does not say of it
                own.text = own.text or entry.text
                names = (entry.label, *entry.names) if entry.label not in entry.hidden else entry.names
                own.names += [name for name in names if name not in (own.label, *own.names)]
        return sorted(entries, key=lambda entry: entry.order)


def search_published(
    index: SearchIndex, question: str, prefixes: Mapping[str, str], *, kinds: Sequence[str] = KINDS, limit: int = 5
) -> SearchResult:
    """What has words of a question in what is published, as `search` gives it, without statements to complete."""

    def match(entry: Entry) -> Match | None:
        if entry.kind not in kinds:
            return None
        is_unit = entry.kind == "sentence"
        names = entry.place if is_unit else compact(entry.iri, prefixes)
        text = entry.text if is_unit else ", ".join((entry.label, *entry.names))
        return Match(entry.kind, names, entry.iri, text, None if is_unit else entry.text or None, "")

    return _found(index, question, limit, match)


def search_names(
    names: Mapping[str, Sequence[str]], question: str, prefixes: Mapping[str, str], language: str, limit: int = 5
) -> SearchResult:
    """The things (IRI → names) with words of a question in their names, where no project is known."""
    entries = [
        Entry("thing", thing, texts[0], names=list(texts[1:]), hidden=[local_name(thing)])
        for thing, texts in names.items()
        if texts
    ]
    return search_published(
        search_index(sorted(entries, key=lambda entry: entry.order), [language]), question, prefixes, limit=limit
    )


def _found(index: SearchIndex, question: str, limit: int, match: Callable[[Entry], Match | None]) -> SearchResult:
    """The matches, at most `limit` of each kind, each with its reason."""
    ranking = index.ranked(question)
    matches: list[Match] = []
    counts: dict[str, int] = {}
    left_out = 0
    partial = False
    for place, number in enumerate(ranking.numbers):
        entry = index.entries[number]
        if counts.get(entry.kind, 0) >= limit:
            left_out += 1
        elif (found := match(entry)) is not None:
            partial = partial if matches else place >= ranking.whole
            counts[entry.kind] = counts.get(entry.kind, 0) + 1
            found = replace(found, label=entry.label)
            why = reason(entry, question, ranking.meant, index.inflection)
            if why.statement and why.statement.claim:
                told = "; ".join(filter(None, (why.statement.unit, why.statement.note)))
                found = replace(found, why=f"{why.text} ({told})", claim=why.statement.claim)
            elif why.kind and why.kind != "text":
                found = replace(found, why=why.text)
            matches.append(found)
    return SearchResult(tuple(matches), left_out, {}, ranking.meant, (), partial)


class _Shown:
    """What a curator is shown of entries."""

    def __init__(self, dataset: Dataset, skeletons: Skeletons) -> None:
        self.dataset, self.skeletons = dataset, skeletons

    def match(self, entry: Entry) -> Match | None:
        """An entry with a statement to complete; None for a unit without words to show."""
        skeletons = self.skeletons
        short = skeletons.name(entry.iri)
        if entry.kind == "sentence":
            if not entry.text:
                return None
            subject, object_ = (*_things_in(self.dataset, entry.text), None, None)[:2]
            parts = (skeletons.name(subject) if subject else skeletons.subject, skeletons.property)
            object_name = skeletons.name(object_) if object_ else skeletons.object
            turtle = skeletons.statement(*parts, object_name, unit=entry.iri)
            return Match(entry.kind, entry.place, entry.iri, entry.text, None, turtle)
        if entry.kind == "term":
            return self._term(entry, short)
        is_thing = entry.iri.startswith(self.dataset.project.ids.things)
        turtle = skeletons.statement(short, skeletons.property, skeletons.object) if is_thing else ""
        labels = ", ".join(self.dataset.labels.get(entry.iri, (entry.label,)))
        return Match(entry.kind, short, entry.iri, labels, entry.text or None, turtle)

    def _term(self, entry: Entry, short: str) -> Match:
        skeletons, name = self.skeletons, entry.iri
        roles, own = self._declared.get(name), self._labels.get(name)
        is_class = "class" in roles if roles else local_name(name)[:1].isupper()
        kind = "class" if is_class else "property"
        datatype = self._datatypes.get(name)
        typed = datatype not in (None, XSD.string, RDF.langString)
        value = f'"OBJECT"^^{skeletons.name(str(datatype))}' if typed else '"OBJECT"' if datatype else skeletons.object
        turtle = skeletons.statement(skeletons.subject, *(("a", short) if is_class else (short, value)))
        labels = dict.fromkeys((entry.label, *(own or ()), *entry.names))
        if not own and len(labels) == 1 and entry.label.casefold() == parted(local_name(name)).casefold():
            labels = {}  # it has no name but its IRI
        text = f"{kind}: {', '.join(labels)}" if labels else f"{kind} of <{namespace(name)}>"
        definition = next(iter(self._definitions.get(name, ())), None) or entry.text or None
        return Match("term", short, name, text, definition, turtle)

    @cached_property
    def _ontology(self) -> list[bytes]:
        return self.dataset.graph("ontology")

    @cached_property
    def _declared(self) -> Mapping[str, Any]:
        return DeclaredTerms(self._ontology).roles

    @cached_property
    def _labels(self) -> dict[str, list[str]]:
        return _texts_of(self._ontology, _NAMING)

    @cached_property
    def _definitions(self) -> dict[str, list[str]]:
        return _texts_of(self._ontology, frozenset(DESCRIPTIONS))

    @cached_property
    def _datatypes(self) -> dict[str, str]:
        datatypes = dict(literal_datatypes())
        for subject, predicate, object_, _ in map(split, self._ontology):
            if (predicate, object_) == (iri_token(RDF.type), iri_token(OWL.DatatypeProperty)):
                datatypes.setdefault(iri(subject), XSD.string)
        for subject, predicate, object_, _ in map(split, self._ontology):
            if predicate == iri_token(RDFS.range) and object_.startswith(f"<{XSD.iri}".encode()):
                datatypes[iri(subject)] = iri(object_)
        return datatypes


def _terms_in_wide_use(languages: Iterable[str]) -> Iterator[Entry]:
    """The terms of vocabularies in wide use, by the words of their local names.

    And by what they mean and are called in languages, where that is given.
    """
    replaced: dict[str, list[str]] = {}  # term → those that it replaces, by whose words it is found as well
    for old, new in successors().items():
        replaced.setdefault(new, []).append(local_name(old))
    names_in = [term_names(language) for language in languages]
    for space, locals_ in vocabularies().items():
        for local in sorted(locals_):
            name = space + local
            if local and name not in successors() and space != EV.iri:
                offer = _offered().get(name)
                first, *further = (names.get(iri_token(name), "") for names in names_in)
                words = name_of_property(name, parted(local))
                label = first or (offer.label if offer else words)
                others = dict.fromkeys(filter(None, (offer.label if offer else "", *further)))
                entry = Entry("term", name, label, hidden=[local, words])
                entry.names = [other for other in others if other != label]
                entry.text, entry.more = offer.definition if offer else "", list(map(parted, replaced.get(name, ())))
                entry.more += _verbs(local) if name in things_alone() else []
                yield entry


def _verbs(local: str) -> list[str]:
    """The verb, as far as its forms tell, behind a property that is called by who does it or to whom it is done.

    >>> _verbs("employee"), _verbs("producer"), _verbs("knows")
    (['employ', 'employe'], ['produc', 'produce'], [])
    """
    stem = local[:-2] if local.endswith(("ee", "er", "or")) and len(local) > _SHORTEST_DOER else ""
    return [stem, local[:-1]] if stem else []


@cache
def _offered() -> Mapping[str, Offered]:
    """Term (IRI) in wide use → its label and definition, where this project gives one."""
    return {offer.name: offer for offer in (*offered_properties(), *offered_classes())}


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
