"""Cue words of properties: where a passage has words for what a property says, and which way they point."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from ..namespaces import RDFS, SKOS
from ..rdf.lines import iri, literal, split
from ..rdf.tokens import iri_token
from .grammar import Grammar
from .passage import Span, UnitText
from .words import Lexicon, fold, is_unspaced

__all__ = ["Cue", "CueBook", "Occurrence", "acts", "composed", "holds", "is_held_by", "occurrences", "points"]

_LABEL, *_AUTHORED = (iri_token(name) for name in (RDFS.label, SKOS.altLabel, SKOS.hiddenLabel))
#: An opening of a sentence that puts the agent behind what is done: “By doing this, somebody …”.
_FRONTED = 2


@dataclass(frozen=True, slots=True)
class Cue:
    """Words for a property; `inverse` ones stand for “is done by”: the object is the agent."""

    text: str
    stems: tuple[str, ...]
    inverse: bool
    unspaced: bool = False
    weak: bool = False  #: whether it is of stop words alone: “owns”, “is in”
    composing: bool = False  #: whether these only link, such as “of”: said by how a name is put together


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A cue in a passage; `by` is the mark of the agent where the passage is in the passive there."""

    cue: Cue
    place: Span
    by: Span | None


class CueBook:
    """The cues of all properties: their labels, and the other labels that an ontology gives them, per language.

    `words` are those that the project has for others' properties: property, language, words.
    """

    def __init__(self, ontology: Iterable[bytes], words: Iterable[tuple[str, str, Iterable[str]]] = ()) -> None:
        self._labels: dict[str, list[tuple[str, str, bool]]] = {}
        for line in ontology:
            subject, predicate, object_, _ = split(line)
            if (predicate == _LABEL or predicate in _AUTHORED) and object_.startswith(b'"'):
                text, tagged, _ = literal(object_)
                tag = (tagged or "").split("-")[0].lower()
                self._labels.setdefault(iri(subject), []).append((text, tag, predicate != _LABEL))
        for property_, language, texts in words:
            tag = language.split("-")[0].lower()
            self._labels.setdefault(property_, []).extend((text, tag, True) for text in texts)
        self._cues: dict[tuple[str, str], tuple[list[Cue], bool]] = {}

    def cues(self, property_: str, lexicon: Lexicon, grammar: Grammar | None) -> tuple[list[Cue], bool]:
        """The cues of a property in a language, and whether any is authored beside its label."""
        key = property_, lexicon.language
        if key not in self._cues:
            tag = lexicon.language.split("-")[0].lower()
            labels = [entry for entry in self._labels.get(property_, ()) if entry[1] in ("", tag)]
            cues = [_cue(text, lexicon, grammar) for text, _, _ in labels]
            self._cues[key] = [cue for cue in cues if cue.stems], any(authored for *_, authored in labels)
        return self._cues[key]

    def folded(self, property_: str, language: str) -> tuple[str, ...]:
        """The labels of a property in a language, folded."""
        tag = language.split("-")[0].lower()
        return tuple(fold(text) for text, own, _ in self._labels.get(property_, ()) if own in ("", tag))

    def loose(self, property_: str, lexicon: Lexicon, grammar: Grammar | None) -> list[Cue]:
        """The cues of a property without the words that only link: “founded” for “was founded in”."""
        return [
            replace(cue, stems=stems)
            for cue in self.cues(property_, lexicon, grammar)[0]
            if not cue.unspaced and not cue.weak
            and (stems := tuple(stem for stem in cue.stems if stem not in lexicon.stop)) != cue.stems
        ]  # fmt: skip


def _cue(text: str, lexicon: Lexicon, grammar: Grammar | None) -> Cue:
    folded = fold(text)
    inverse = False
    if grammar is not None and (match := grammar.ending_by.search(folded)):
        inverse, folded = True, (folded[: match.start()] + folded[match.end() :]).strip()
    if is_unspaced(text):
        return Cue(text, (folded,), inverse, unspaced=True)
    stems = tuple(stem for stem, _, _ in lexicon.tokens(folded))
    weak = lexicon.stop.issuperset(stems)
    links = {lexicon.stem(word) for word in grammar.links} if grammar else lexicon.stop
    return Cue(text, stems, inverse, weak=weak, composing=weak and links.issuperset(stems))


def occurrences(cues: Iterable[Cue], passage: UnitText) -> list[Occurrence]:
    """Where any of the cues stands in a passage."""
    standing = []
    for cue in cues:
        if cue.unspaced:
            places, start = [], passage.folded.find(cue.stems[0])
            while start >= 0:
                places.append((start, start + len(cue.stems[0])))
                start = passage.folded.find(cue.stems[0], start + 1)
        elif cue.stems[0] in passage.places:
            places = passage.run(cue.stems)
        else:
            continue
        standing += [Occurrence(cue, place, _by(place, passage)) for place in places]
    return standing


def _by(place: Span, passage: UnitText) -> Span | None:
    """The mark of the agent, where the clause around a cue is in the passive."""
    grammar = passage.grammar
    if grammar is None:
        return None
    start, end = passage.clause(place[0])
    if grammar.by_follows:
        match = grammar.by.match(passage.folded, place[1])
    elif grammar.agent_first:
        match = grammar.by.search(passage.folded, start, place[0])
        if match is None and grammar.weak_by and grammar.passive and grammar.passive.match(passage.folded, place[1]):
            match = next(reversed([*grammar.weak_by.finditer(passage.folded, start, place[0])]), None)
    else:
        match = grammar.by.search(passage.folded, start, end)
        if grammar.passive is not None and not grammar.passive.search(passage.folded, start, end):
            match = _apposed_by(place, passage, grammar)
    return match.span() if match else None


def _apposed_by(place: Span, passage: UnitText, grammar: Grammar) -> re.Match[str] | None:
    """The mark of the agent right behind a cue that opens what only says more: “die Bank, gestützt von der Gilde”."""
    opens = grammar.apposing is not None and grammar.apposing.search(passage.folded, 0, place[0])
    return grammar.by.match(passage.folded, place[1] + 1) if opens else None


def points(occurrence: Occurrence, subject: list[Span], object_: list[Span], passage: UnitText) -> bool:
    """Whether the ends stand around a cue as the property says; a subject that is not named may be anywhere."""
    agent, patient = (object_, subject) if occurrence.cue.inverse else (subject, object_)
    if occurrence.by is not None:
        return _near_mark(occurrence.by, agent, patient, passage)
    grammar = passage.grammar
    orders = _expected(occurrence, passage)
    if grammar and (agent or patient):
        ends = agent, patient
        agent, patient = _unlike(agent, grammar.no_agent, passage), _unlike(patient, grammar.no_patient, passage)
        agent = [span for span in agent if not _before(span, grammar.object_before, passage)]
        if any(before and not after for before, after in zip(ends, (agent, patient), strict=True)):
            return False
    cue = occurrence.place[0]
    for start, end in patient:
        if start < cue < end:
            cue = start  # the cue is a part of the name: “projects of local groups”
    if not agent or not patient:
        short = {order.replace("a" if not agent else "p", "") for order in orders}
        letter = "p" if not agent else "a"
        return any(("c" + letter if span[1] > cue and span[0] >= cue else letter + "c") in short or span[0] == cue
                   for span in patient or agent)  # fmt: skip
    for first in agent:
        for second in patient:
            for order in _orders(first[0], cue, second[0]):
                if order in orders and (order != "cpa" or _fronted(cue, passage)) and (
                    order != "pac" or acts(first, passage)
                ):  # fmt: skip
                    return True
                if order in _FRONT and _in_front(second, passage):
                    return True
                if order == "acp" and _says_more(first, cue, second, passage):
                    return True
    return False


def is_held_by(occurrence: Occurrence, end: list[Span], passage: UnitText) -> bool:
    """Whether a cue is a noun, and an end stands behind it as whose it is: “Ida was elected secretary of the guild”."""
    grammar = passage.grammar
    if occurrence.cue.inverse or grammar is None or grammar.office is None or grammar.whose is None:
        return False
    start, stop = occurrence.place
    if not grammar.office.search(passage.folded, max(passage.clause(start)[0], start - _ARTICLES), start):
        return False
    tie = grammar.whose.match(passage.folded, stop)
    return tie is not None and any(stop < span[0] <= tie.end() for span in end)


def holds(occurrence: Occurrence, end: list[Span], passage: UnitText) -> bool:
    """Whether a cue ends as “keeper of” does, and an end stands right behind it: “The keeper of the tower is Ida”."""
    grammar = passage.grammar
    if occurrence.cue.inverse or grammar is None or grammar.office is None or grammar.whose is None:
        return False
    start, stop = occurrence.place
    words = grammar.whose.search(f"{fold(occurrence.cue.text)} ")
    if words is None or words.end() <= len(fold(occurrence.cue.text)):
        return False
    at_noun = grammar.office.search(passage.folded, max(passage.clause(start)[0], start - _ARTICLES), start)
    return at_noun is not None and any(passage.between(stop, span[0]) <= 1 for span in end if span[0] >= stop)


def _expected(occurrence: Occurrence, passage: UnitText) -> frozenset[str]:
    """The orders in which a sentence may put agent, cue and patient, by what stands around the cue."""
    grammar = passage.grammar
    if grammar is None:
        return frozenset(("acp",))
    if grammar.cleft and grammar.cleft.match(passage.folded, occurrence.place[1]):
        return _CLEFT
    return _FRONT if grammar.resumed and _resumed(occurrence, grammar.resumed, passage) else grammar.orders


#: Orders in which the patient stands before the agent.
_FRONT = frozenset(("pca", "pac", "cpa"))


#: The order in which a sentence names the agent last, to say that it was nobody else.
_CLEFT = frozenset(("pca",))


def _before(span: Span, mark: re.Pattern[str] | None, passage: UnitText) -> bool:
    """Whether a mark stands before a name."""
    return mark is not None and mark.search(passage.folded, max(0, span[0] - _ARTICLES), span[0]) is not None


#: Articles and the adjectives behind them are at most so long.
_ARTICLES = 80


def _in_front(patient: Span, passage: UnitText) -> bool:
    """Whether a name's case says that it is the patient, wherever it stands: “Den Hof kaufte die Gilde”."""
    grammar = passage.grammar
    if grammar is None:
        return False
    return _before(patient, grammar.object_before, passage) and not _before(patient, grammar.oblique, passage)


def _says_more(agent: Span, cue: int, patient: Span, passage: UnitText) -> bool:
    """Whether agent and cue only say more of the patient behind them: 「協会が支援する組合」."""
    grammar = passage.grammar
    if grammar is None or grammar.relative is None or not grammar.relative.match(passage.folded, agent[1]):
        return False
    start, end = passage.clause(cue)
    return start <= agent[0] and patient[0] < end and not re.search("[をにへがは、]", passage.folded[cue : patient[0]])


def _resumed(occurrence: Occurrence, ending: re.Pattern[str], passage: UnitText) -> bool:
    """Whether a pronoun at a cue's end stands for a patient in front: “the guild, the union supports it”."""
    start, end = occurrence.place
    return ending.search(passage.folded, start, end) is not None and not ending.search(fold(occurrence.cue.text))


def _unlike(spans: list[Span], mark: re.Pattern[str] | None, passage: UnitText) -> list[Span]:
    """The spans behind which a mark does not stand."""
    return spans if mark is None else [span for span in spans if not mark.match(passage.folded, span[1])]


def acts(span: Span, passage: UnitText) -> bool:
    """Whether what is named may be the one who acts: by the mark behind it, where the language has one."""
    mark = passage.grammar.actor if passage.grammar else None
    return mark is None or mark.match(passage.folded, span[1]) is not None


def composed(subject: list[Span], object_: list[Span]) -> bool:
    """Whether a name of the subject holds one of the object, or goes on with it."""
    return any(first[0] <= second[0] < first[1] for first in subject for second in object_)


def _orders(agent: int, cue: int, patient: int) -> list[str]:
    """The orders in which three places may be read; what starts at one place may be read either way."""
    marks = sorted(((agent, "a"), (cue, "c"), (patient, "p")))
    orders = ["".join(letter for _, letter in marks)]
    for first in (0, 1):
        if marks[first][0] == marks[first + 1][0]:
            swapped = [*marks[:first], marks[first + 1], marks[first], *marks[first + 2 :]]
            orders.append("".join(letter for _, letter in swapped))
    return orders


def _fronted(cue: int, passage: UnitText) -> bool:
    """Whether a cue opens its part of the sentence."""
    comma = max(passage.folded.rfind(mark, 0, cue) for mark in (",", "–"))
    return passage.between(max(comma, passage.clause(cue)[0]), cue) <= _FRONTED


def _near_mark(by: Span, agent: list[Span], patient: list[Span], passage: UnitText) -> bool:
    """Whether the agent is what stands next to the mark of the passive."""
    before = passage.grammar is not None and passage.grammar.agent_first

    def distance(spans: list[Span]) -> float:
        far = float("inf")
        gaps = [by[0] - span[1] if before else span[0] - by[1] for span in spans]
        return min((gap for gap in gaps if gap >= -1), default=far)

    if not agent:
        return distance(patient) > 2
    return distance(agent) < distance(patient)
