"""One sentence that answers “what is this?”: a thing's description, else its class and key facts by patterns.

The patterns are strings (`"lead schema:founder" = "founded by {value}"`), so each language has its own grammar. A fact
without one is left to the statements of the page: “property: value” is no sentence.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ..authoring.dates import DATATYPES
from ..namespaces import OWL, PROV, RDF, RDFS, SCHEMA, SKOS, XSD
from ..rdf.lines import literal, split
from ..rdf.text_preference import NO_LANGUAGE, language_rank
from ..rdf.tokens import iri_token, is_iri, is_literal
from ..wording.sentences import begun
from ..wording.strings import OURS, fields, figure, in_english, is_translated, moment, plain
from .renderer import Renderer
from .resource import WITHDRAWN, Resource, Statement

__all__ = ["Leads"]

_TYPE = iri_token(RDF.type)
#: Classes that say nothing of a thing beside any other.
_ANYTHING = frozenset(
    map(iri_token, (OWL.Thing, OWL.NamedIndividual, RDFS.Resource, SCHEMA.Thing, PROV.Entity, SKOS.Concept))
)
_CLASS_ALONE = tuple(f"lead_class{called}{vowel}" for called in ("", "_called") for vowel in ("", "_vowel"))
_APART = frozenset(("derived", "alignments", WITHDRAWN))  #: graphs of which no sentence is made
_TEXTS = frozenset((None, XSD.string))
_NUMBERS = frozenset((XSD.integer, XSD.decimal, XSD.nonNegativeInteger, XSD.positiveInteger, XSD.int, XSD.long))
_MOST_FACTS = 3
_MOST_NAMES = 3
_LONGEST = 200  #: characters of a sentence that is composed
_LONGEST_VALUE = 80
_LONGEST_TEXT = 300  #: of a description that is shown whole
_DATE = re.compile(r"\d{4}(-(?!00)\d\d(?!:)(-(?!00)\d\d(?!:))?)?")
_YEAR = re.compile(r"(\d{4})(?=-|$|[Z+])")
#: What a sentence can hold in no place: the end of one, which a full stop is behind more than an abbreviation.
_SENTENCE = re.compile(r"[!?。！？]\s|\w{5,}\.(?:\s|$)")
_FULL_STOP = re.compile(r"(?<=\w{5})\.$")
_COMMA = re.compile(r"(?<!\d)[,،]|[,،](?!\d)|[;؛、，；]")  # not the one within a number
_ENDED = re.compile("[.!?…。！？]$")
#: An English class whose name is spoken with a vowel first: “an NGO”, “an hour”, but “a unit”, “a UN body”.
_VOWEL = re.compile(
    r"(?!uni(?!n|m[^o])|u(?:bi|kr|[cdgkrstv][aeiou])|e(?:u|we)|one\b|once\b)[aeiou]|hour|heir|honest|honou?r"
    r"|8|1[18](?:,?\d{3})*(?!\d)",
    re.IGNORECASE,
)
_LETTERS_VOWEL = re.compile(r"[AEFHILMNORSX](?=[A-Z0-9]|\b)")
#: Letters that are spoken as a word: “a SPARQL query”, “a NATO body”, “a LAN”.
_SPOKEN = re.compile(r"(?:LAN|RAM|ROM|SIM|[FHLMNRS][AEIOU][A-Z]{2,}|S[CHKPT][AEIOU][A-Z]+)\b")
_LETTERS = re.compile(r"[A-Z](?=[A-Z0-9]|\b)")
_END = re.compile(r"(?<=[.!?])\s|(?<=[。！？])")


def shortened(text: str) -> str:
    """A description in one line and of a bearable length: whole, or its first sentence, or its beginning."""
    line = " ".join(text.split())
    if len(line) <= _LONGEST_TEXT:
        return line
    first = _END.split(line, maxsplit=1)[0]
    return first if len(first) <= _LONGEST_TEXT else line[: _LONGEST_TEXT - 2].rsplit(" ", 1)[0] + " …"


@dataclass(frozen=True)
class Leads:
    """Composes the sentences of one publication."""

    renderer: Renderer
    _known_kinds: dict[tuple[bytes, ...], list[str]] = field(default_factory=dict)
    _class_ends: dict[tuple[bytes, ...], tuple[str, ...]] = field(default_factory=dict)

    def answer(self, token: bytes, resource: Resource) -> tuple[str, str]:
        """What the thing is, and the language of that: its description, else a sentence; empty where there is none."""
        text, language = self.description(token, resource)
        return (text, language) if text else (self.sentence(resource), self.renderer.project.language)

    def description(self, token: bytes, resource: Resource) -> tuple[str, str]:
        """What describes a thing in its own data, and the language of that; empty where sources disagree about it."""
        text, language = self.renderer.index.about.get(token, ("", ""))
        denied = any(
            is_literal(one.object) and literal(one.object)[0] == text and not self._is_sound(one)
            for one in resource.statements
        )
        return ("", "") if denied else self.shown((text, language))

    @staticmethod
    def shown(described: tuple[str, str]) -> tuple[str, str]:
        """A description, of which nothing is denied, at a bearable length, and its language."""
        return shortened(described[0]), described[1]

    def sentence(self, resource: Resource) -> str:
        """The sentence that the thing's facts make, in the publication's language; empty where they make none.

        Nothing is taken that any source denies, that another value contests, that the editors took back, or that did
        not hold when the publication was last changed.
        """
        values: dict[tuple[bytes, bool], list[bytes]] = {}
        for statement in resource.statements:
            if statement.graph not in _APART and self._is_sound(statement):
                values.setdefault((statement.predicate, False), []).append(statement.object)
        kinds = self._kinds(values.get((_TYPE, False), ()))
        kind = self._joined(kinds)
        for group in resource.incoming:
            if (group.predicate, True) in self._turned and not group.derived and group.total == len(group.subjects):
                token = iri_token(resource.iri)
                sound = [one for one in group.subjects if self.renderer.index.is_sound(one, group.predicate, token)]
                values[group.predicate, True] = sound
        facts = list(dict.fromkeys(self._facts(values)))[:_MOST_FACTS]
        within = any(_COMMA.search(fact) for fact in facts[:-1])  # where a comma would part what belongs together
        mark = self._mark("lead_comma" if facts and not within else "lead_semicolon")
        text = "" if any(fact.startswith(f"{kind}:") for fact in facts) else kind
        for fact in facts:
            longer = f"{text}{mark}{fact}" if text else fact
            if len(longer) > _LONGEST:
                break
            text = longer
        return self._whole(text) if text not in ("", kind) else self._class_alone(iri_token(resource.iri), kinds)

    def class_alone(self, resource: Resource) -> str:
        """The sentence of a thing that says no more than its class, which a page has beside its name."""
        sound = filter(self._is_sound, resource.statements)
        types = [one.object for one in sound if one.graph not in _APART and one.predicate == _TYPE]
        return self.of_classes(iri_token(resource.iri), tuple(types))

    def of_classes(self, token: bytes, types: tuple[bytes, ...]) -> str:
        """The same for a thing of these classes."""
        kinds = self._known_kinds.get(types)
        if kinds is None:
            kinds = self._known_kinds[types] = self._kinds(types)
        return self._class_alone(token, kinds)

    def may_be_class(self, text: str, types: tuple[bytes, ...]) -> bool:
        """Whether a text may be what `of_classes` gives for a thing: whether it ends like it."""
        ends = self._class_ends.get(types)
        if ends is None:
            kinds = self._known_kinds.setdefault(types, self._kinds(types))
            patterns = [self.renderer.theme.strings[key] for key in _CLASS_ALONE] if kinds else []
            found = [end if name else "" for _, name, end in (one.rpartition("{name}") for one in patterns)]
            ends = self._class_ends[types] = tuple([end.format(kind=kinds[0]) for end in found])
        return text.endswith(ends)

    def _class_alone(self, token: bytes, kinds: Sequence[str]) -> str:
        """What a thing is of which nothing but its class is known; empty where a name cannot stand in a sentence."""
        index, t = self.renderer.index, self.renderer.theme.strings
        name = " ".join(index.name_of(token)[0].split())
        if not kinds or token not in index.label or not self._is_own(token) or not index.has_sound_name(token):
            return ""
        if max(len(name), len(kinds[0])) > _LONGEST_VALUE or any(map(_SENTENCE.search, (name, kinds[0]))):
            return ""
        called = "" if name[:1].isupper() or name[:1].isdigit() else "_called"
        text = t[f"lead_class{called}{'_vowel' if _has_vowel_first(kinds[0]) else ''}"]
        return begun(text.format(name=name, kind=kinds[0])) if is_translated(text) else ""

    def _whole(self, text: str) -> str:
        """A sentence that ends with one mark, also where a name has brought its own."""
        before, _, end = self._mark("lead_whole").partition("{text}")
        text = f"{before}{begun(text)}"
        return text + (end[1:] if end and _ENDED.search(plain(text)) else end)

    def _mark(self, key: str) -> str:
        """A string that is made of marks, which other languages share where they have none of their own."""
        return plain(self.renderer.theme.strings[key])

    def _kinds(self, types: Iterable[bytes]) -> list[str]:
        """The most specific classes of a thing, two at most."""
        index = self.renderer.index
        own = list(dict.fromkeys(type_ for type_ in types if is_iri(type_)))
        above = {upper for lower, _, upper, _ in map(split, index.above(own)) if lower != upper}
        kinds = [type_ for type_ in own if type_ not in above and type_ not in _ANYTHING]
        names = (self._marked(type_, self._class_name(type_)) for type_ in kinds)
        return list(dict.fromkeys(filter(None, names)))[:2]

    def _marked(self, token: bytes, name: str) -> str:
        """A name as a sentence has it: one in English alone is marked as that, one in another language is none."""
        if self._is_own(token):
            return name
        return in_english(name) if language_rank(self.renderer.index.name_of(token)[1], OURS) < NO_LANGUAGE else ""

    def _is_own(self, token: bytes) -> bool:
        """Whether a resource's name can stand in a sentence of the publication's language."""
        language = self.renderer.index.name_of(token)[1]
        return not language or language_rank(language, self.renderer.project.language) < NO_LANGUAGE

    def _class_name(self, type_: bytes) -> str:
        name = self.renderer.text_of(type_)
        if type_ in self.renderer.index.label or not name.isascii():
            return name
        return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()  # the end of its IRI is all there is

    def _facts(self, values: Mapping[tuple[bytes, bool], Sequence[bytes]]) -> Iterator[str]:
        """What the patterns make of the values, in their order; a property that one has used is left out of others."""
        used: set[tuple[bytes, bool]] = set()
        for terms, pattern in self.renderer.patterns:
            if used.intersection(terms):
                continue
            filled = dict(self._filled(pattern, [values.get(term, ()) for term in terms]))
            if all(filled.values()):
                used.update(terms)
                yield pattern.format(**filled)

    def _filled(self, pattern: str, values: Sequence[Sequence[bytes]]) -> Iterator[tuple[str, str]]:
        """What a pattern is filled in with, from the values of its one or two properties."""
        wanted = fields(pattern)
        for name, tokens in zip(("value", "other"), values, strict=False):
            count = "count" if name == "value" else "other_count"
            dates = sorted(wanted & {"date", "when"}) if name == "value" else []
            if count in wanted:
                yield count, self._count(tokens)
            for date in dates:
                yield date, self._moment(tokens, adverb=date == "when")
            if name in wanted or not (count in wanted or dates):
                yield name, self._value(tokens)

    def _count(self, tokens: Sequence[bytes]) -> str:
        """How many, as the language writes it; empty for one, which has another form of words, and for what is none."""
        text = self._value(tokens)
        is_count = re.fullmatch(r"\d{1,15}", text) and all(literal(token)[2] in _NUMBERS for token in tokens)
        return figure(self.renderer.theme.strings, int(text)) if is_count and int(text) != 1 else ""

    def _moment(self, tokens: Sequence[bytes], *, adverb: bool) -> str:
        """A date as exact as the data have it; of several within one year, that year."""
        year = self._value(tokens)
        if not _YEAR.fullmatch(year) or any(literal(token)[2] not in DATATYPES for token in tokens):
            return year
        days = {day[0] for token in tokens if (day := _DATE.match(literal(token)[0]))}
        strings = self.renderer.theme.strings
        exact = moment(strings, days.pop(), adverb=adverb) if len(days) == 1 else ""
        return exact or moment(strings, year, adverb=adverb)

    def _value(self, tokens: Sequence[bytes]) -> str:
        """Values in words; empty where one of them has none that a sentence can hold."""
        literals = [token for token in tokens if is_literal(token)]
        if literals:
            texts = list(dict.fromkeys(filter(None, map(self._text, literals))))
            return texts[0] if len(texts) == 1 and len(literals) == len(tokens) else ""
        index = self.renderer.index
        if any(token not in index.label for token in tokens):
            return ""
        counts = Counter(self._marked(token, " ".join(index.name_of(token)[0].split())) for token in set(tokens))
        if not all(counts):
            return ""
        if any(len(name) > _LONGEST_VALUE or _SENTENCE.search(name) for name in counts):
            return ""
        if len(counts) > 1 and any(map(_COMMA.search, counts)):
            return ""  # “Lind, Ada” among others would be two
        if not all(map(index.has_sound_name, tokens)):
            return ""
        named = sorted(counts.items(), key=lambda pair: plain(pair[0]))
        return self._joined([f"{count} × {name}" if count > 1 else name for name, count in named])

    def _text(self, token: bytes) -> str:
        """A literal in words: of a date its year, since that is right however exact the date is."""
        text, language, datatype = literal(token)
        if datatype in DATATYPES:
            year = _YEAR.match(text)
            return year[1] if year else ""
        if language:
            own = language_rank(language, self.renderer.project.language) < NO_LANGUAGE
        else:
            own = datatype in _TEXTS or datatype in _NUMBERS
        line = _FULL_STOP.sub("", " ".join(text.split()))
        return line if own and len(line) <= _LONGEST_VALUE and not re.search(r"[.!?]\s", line) else ""

    def _joined(self, names: Sequence[str]) -> str:
        t, comma = self.renderer.theme.strings, self._mark("lead_comma")
        if len(names) < 2:
            return "".join(names)
        if len(names) > _MOST_NAMES:
            more = t["and_more"].format(count=len(names) - _MOST_NAMES + 1) if is_translated(t["and_more"]) else "…"
            return f"{comma.join(names[: _MOST_NAMES - 1])} {more}"
        if not is_translated(t["lead_and"]):
            return comma.join(names)
        return t["lead_and"].format(first=comma.join(names[:-1]), last=names[-1])

    @cached_property
    def _turned(self) -> frozenset[tuple[bytes, bool]]:
        return frozenset(term for terms, _ in self.renderer.patterns for term in terms if term[1])

    def _is_sound(self, statement: Statement) -> bool:
        """Whether a statement may be taken for a fact: it holds, and nothing denies it or the editors prefer it."""
        claim = statement.claim
        if claim is None:
            return True
        if claim.retracted or statement.graph == WITHDRAWN or not self.renderer.index.holds(claim.further):
            return False
        return bool(claim.preferred) or not (claim.contradicting or claim.rivals)


def _has_vowel_first(name: str) -> bool:
    """Whether an English name is spoken with a vowel first, so that “an” goes before it.

    >>> [name for name in ("island", "unit", "NGO", "UN body", "hour", "umbrella", "concept") if _has_vowel_first(name)]
    ['island', 'NGO', 'hour', 'umbrella']
    """
    letters = "".join(one for one in unicodedata.normalize("NFKD", name) if not unicodedata.combining(one))
    if _SPOKEN.match(letters):
        return False
    return bool((_LETTERS_VOWEL if _LETTERS.match(letters) else _VOWEL).match(letters))
