"""What is asked of a claim and a unit that it rests on: one small question each."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from ..namespaces import DCTERMS, ONTOLEX, RDF, RDFS, SCHEMA, SKOS
from .cues import Occurrence, acts, composed, holds, is_held_by, points
from .literals import is_text, missing_parts
from .passage import Span, UnitText

__all__ = ["NAMING", "QUESTIONS", "Pair", "Question"]

#: Properties whose statement names a thing; the words of the literal itself are asked for, all of them.
NAMING = frozenset(
    (SCHEMA.name, SCHEMA.alternateName, RDFS.label, SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel, DCTERMS.title,
     ONTOLEX.writtenRep, ONTOLEX.phoneticRep, RDF.value)
)  # fmt: skip


@dataclass(slots=True)
class Pair:
    """A claim and a unit that it rests on, with all that the questions read."""

    predicate: str
    literal: tuple[str, str | None, str | None] | None  #: lexical form, datatype and language of a literal object
    passage: UnitText
    implied: bool
    exempt: bool  #: whether the unit is a heading, or needs no claim
    structural: bool  #: whether the subject is a part of the document's layout, such as an answer
    about: bool  #: whether the subject is what the document is about
    subject: list[Span]  #: where the unit names the subject
    subject_nearby: bool  #: whether what stands before it and rules it, or what it refers to, names the subject
    object: list[Span]  #: where the unit names the object
    fit: tuple[bool, bool]  #: whether the classes of subject and object are among those declared
    cues: Sequence[Occurrence]
    cued: bool  #: whether cue words are authored for the property in this language
    composing: bool  #: whether one of them says it by how a name is put together
    others: Sequence[Span]  #: where the unit names other things that could be the subject, by their classes
    rivals: Sequence[Span]  #: cues of other properties, unrelated to this one
    attribute: bool  #: whether the unit names an end only to say more of another thing: “oak” in “cranes of oak”
    one_way: bool  #: whether the ends' classes fit as they are, and not the other way round
    order: tuple[int, int]  #: how many other claims of the property name the subject first, and the object first
    language: str
    denying_name: bool = field(default=False)  #: whether a name of an end has a denial in it
    positional: bool = field(default=False)  #: whether the object is a place in a list
    fellows: Sequence[Span] = ()  #: where it names others of which the same is stated
    resumed: Sequence[Span] = ()  #: where it goes on about a subject that it does not name: “the guild”
    sorting: Sequence[Span] = ()  #: where the unit says what something is or is not, by the class that is the object
    pronouns: Sequence[Span] = ()  #: pronouns behind cues that stand for the object
    elsewhere: bool = False  #: whether the unit gives the literal of another thing, or as another property's value
    opened: bool = False  #: whether the document is about the subject, but the unit begins with another thing
    bounded: bool = False  #: whether the unit gives the literal only as a bound: “more than 300”
    partial: bool = False  #: whether the unit says it of a part, a member or a share of an end
    left_out: bool = False  #: whether all that names an end only leaves it out: “all stations except the halt”
    mistimed: bool = (
        False  #: whether the unit gives a year of the claim's period as that of something else, or not at all
    )
    limited: bool = False  #: whether the claim says until when it holds
    denied_above: bool = False  #: whether the heading or lead-in above the unit denies
    doubted_above: bool = False  #: whether the heading or lead-in above the unit hedges
    announced: bool = False  #: whether the lead-in of an item names the object
    announced_cue: bool = False  #: whether the lead-in of an item has the words for the property with one of the ends
    headed: bool = False  #: whether the object stands in a table's column whose head has words for the property

    @property
    def linked(self) -> bool:
        """Whether the unit says what the property says by how names are put together."""
        return self.composing and any(cue.cue.composing for cue in self.cues)

    @property
    def naming(self) -> bool:
        """Whether the statement names or sorts its subject."""
        return self.predicate in NAMING or self.predicate == RDF.type


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its name, what its answer means, and whether a claim that is only implied is asked it."""

    name: str
    severity: Literal["error", "flag"]
    implied: bool
    reads: bool  #: whether the unit's text decides; the classes alone otherwise
    raised: Callable[[Pair], bool]
    message: str
    advice: str


#: Statistics of order speak from so many other claims on, and when so large a share agrees.
_CLAIMS, _AGREEING = 3, 0.8


#: A word that is quoted alone is no part of what the sentence says.
_QUOTES = frozenset("“„«‚‘「")


def _digits(pair: Pair) -> bool:
    if pair.literal is None or pair.positional:
        return False
    lexical, datatype, language = pair.literal
    return bool(missing_parts(lexical, datatype, pair.passage.text, pair.language, language))


def _object(pair: Pair) -> bool:
    if pair.literal is not None and pair.predicate not in NAMING and not pair.object:
        # a number is asked by its digits; a text that is no name is asked by its words
        return not _is_number(pair) and not pair.positional and not _digits(pair)
    return not pair.object and not pair.announced and not _digits(pair)


def _is_number(pair: Pair) -> bool:
    return pair.literal is not None and not is_text(pair.literal[1])


def _heading(pair: Pair) -> bool:
    return pair.exempt and not pair.naming and not pair.structural


def _subject(pair: Pair) -> bool:
    if pair.structural or pair.predicate in NAMING:
        return False
    if pair.opened:
        return True
    return not pair.about and not pair.subject and not pair.subject_nearby


def _classes(pair: Pair) -> bool:
    return not all(pair.fit)


def _asks_words(pair: Pair) -> bool:
    return not pair.naming and not pair.structural and not pair.positional and not pair.headed


def _predicate(pair: Pair) -> bool:
    if not _asks_words(pair) or not pair.cued or pair.cues or pair.announced_cue:
        return False
    return not (pair.composing and composed(pair.subject, pair.object))


def _direction(pair: Pair) -> bool:
    if not _asks_words(pair) or not pair.object or pair.literal is not None:
        return False
    if pair.implied and not (pair.cues and pair.subject):
        return False  # what only follows may follow from other words
    if pair.composing and composed(pair.subject, pair.object):
        return False
    if pair.cues and pair.passage.grammar:
        patients = [*pair.object, *pair.pronouns]
        return not any(
            _of_bracket(cue, pair)
            if _is_bracketed(cue, pair.passage)
            else points(cue, pair.subject, patients, pair.passage)
            or (pair.subject and holds(cue, pair.object, pair.passage))
            # classes that tell the ends apart are asked; where they do not, a noun does not say who is whose
            or (pair.one_way and is_held_by(cue, [*pair.subject, *pair.resumed], pair.passage))
            for cue in pair.cues
        )
    if not pair.subject:
        return False
    first, second = pair.order
    if first + second < _CLAIMS:
        return False
    subject_first = min(pair.subject)[0] <= min(pair.object)[0]
    return (second if subject_first else first) >= _AGREEING * (first + second)


def _is_bracketed(cue: Occurrence, passage: UnitText) -> bool:
    """Whether a cue stands in brackets behind a name, as what somebody is: “Ida Penn (chair), Jo Reed (treasurer)”."""
    start, end = cue.place
    return passage.folded[start - 1 : start] == "(" and passage.folded[end : end + 1] in (")", ",", ";")


def _of_bracket(cue: Occurrence, pair: Pair) -> bool:
    """Whether an end of the statement is the name before the brackets in which a cue stands."""
    before = len(pair.passage.folded[: cue.place[0] - 1].rstrip())
    return any(stop == before for _, stop in (*pair.object, *pair.subject))


#: A cue so many words behind another belongs to it: “aims to promote”.
_CHAIN = 2


def _nearest(pair: Pair) -> bool:
    """Whether a cue of another property stands between every cue that points rightly and the object."""
    if not _asks_words(pair) or not pair.rivals or pair.literal is not None or pair.passage.grammar is None:
        return False
    if pair.composing:
        return _parted(pair)
    between = pair.passage.between
    pointing = False
    for cue in pair.cues:
        end = cue.place[1]
        for span in pair.object:
            if points(cue, pair.subject, [span], pair.passage):
                pointing = True
                if not any(
                    end < start and stop <= span[0] and between(end, start) > _CHAIN for start, stop in pair.rivals
                ):
                    return False
    return pointing


def _parted(pair: Pair) -> bool:
    """Whether a verb of another property stands between the ends, where a preposition is all that ties them."""
    if not pair.subject or not pair.object or composed(pair.subject, pair.object):
        return False
    return all(
        any(min(first[1], second[1]) <= start and end <= max(first[0], second[0]) for start, end in pair.rivals)
        for first in pair.subject
        for second in pair.object
    )


def _actor(pair: Pair) -> bool:
    """Whether something else that could be the subject stands between the subject and every cue that points rightly."""
    if not _asks_words(pair) or not (pair.others or pair.fellows) or pair.linked or pair.passage.grammar is None:
        return False
    pointing = False
    others = [span for span in pair.others if acts(span, pair.passage)]
    # of whom the same is stated may stand there as well, where the subject stands there too
    named = [
        span for span in (*others, *pair.fellows) if acts(span, pair.passage) and not pair.passage.ruled(span)
    ]  # fmt: skip
    for cue in pair.cues:
        start = cue.place[0]
        if (pair.subject and cue.cue.inverse) or (cue.by and not cue.cue.inverse):
            continue
        if not points(cue, pair.subject, [*pair.object, *pair.pronouns], pair.passage):
            continue
        pointing = True
        # a subject that is named behind the cue alone does not stand before it, unless the language puts it there
        free = "cap" in pair.passage.grammar.orders
        front = 0 if not pair.subject else -1 if free else pair.passage.clause(start)[0]
        before = max((span[1] for span in (*pair.subject, *pair.resumed) if span[0] <= start), default=front)
        there = others if not pair.subject or any(span[0] <= start for span in pair.subject) else named
        if not pair.subject and not pair.resumed:
            there = [*others, *named]
        between = before >= 0 and any(
            before <= first and last <= start and not _is_put_in((first, last), cue.place, pair.passage)
            for first, last in there
        )
        if not between and not _overtaken(cue.place[1], others, pair):
            return False
    return pointing


def _is_put_in(span: Span, cue: Span, passage: UnitText) -> bool:
    """Whether a name stands in what is put into a clause, and a cue does not: “Ida, whose sister Una …, sings”."""
    return any(start <= span[0] and span[1] <= end and not start <= cue[0] < end for start, end in passage.insertions)


def _attribute(pair: Pair) -> bool:
    """Whether an end only says more of something else, where no cue tells what the sentence does say of it."""
    return _asks_words(pair) and pair.attribute and not pair.composing


def _overtaken(end: int, others: list[Span], pair: Pair) -> bool:
    """Whether somebody else, with a cue of their own, stands between a cue and the object behind it."""
    starts = [(cue.place[0], cue.place[1]) for cue in pair.cues if cue.place[0] > end]
    behind = [span for span in pair.object if span[0] >= end]
    return bool(behind) and all(
        any(end <= first and last <= start and stop <= span[0] for first, last in others for start, stop in starts)
        for span in behind
    )


def _in_clause(pair: Pair, marks: list[Span]) -> bool:
    """Whether one of the marks stands in a clause with the object or a cue, outside the names of the ends."""
    if not marks:
        return False
    ends = [*pair.subject, *pair.object]
    folded = pair.passage.folded
    marks = [mark for mark in marks if folded[mark[0] - 1 : mark[0]] not in _QUOTES]
    marks = [mark for mark in marks if not any(_is_of(mark, cue, pair.passage) for cue in pair.cues)]
    if pair.denying_name:
        marks = [mark for mark in marks if not any(start <= mark[0] and mark[1] <= end for start, end in ends)]
    if pair.predicate == RDF.type:
        clauses = {pair.passage.clause(span[0]) for span in pair.sorting}
        return any(start <= mark[0] < end for mark in marks for start, end in clauses)
    clauses = {pair.passage.clause(span[0]) for span in pair.object}
    cues = [cue.place[0] for cue in pair.cues]
    with_cue = {pair.passage.clause(cue) for cue in cues}
    if pair.implied and cues:
        clauses = with_cue
    if not any(start <= cue < end for cue in cues for start, end in clauses):
        clauses.update(pair.passage.clause(place) for place in cues)
    with_subject = {pair.passage.clause(span[0]) for span in pair.subject}
    if any(_goes_on(clause, pair) for clause in with_cue & with_subject) and all(
        clause in with_subject or _parted_by(clause, with_cue & with_subject, pair.passage) for clause in clauses
    ):
        clauses = (clauses | with_cue) & with_subject  # what another clause denies, it denies of something else
    clauses = clauses or {pair.passage.clause(0)}
    return any(start <= mark[0] < end for mark in marks for start, end in clauses)


def _parted_by(clause: Span, others: set[Span], passage: UnitText) -> bool:
    """Whether a clause is a statement by itself beside each of some others."""
    grammar = passage.grammar
    return grammar is not None and all(
        grammar.parting.match(passage.folded, max(clause, other)[0]) is not None for other in others
    )


def _goes_on(clause: Span, pair: Pair) -> bool:
    """Whether a clause speaks of the object, by its name or by a word that refers back: “it is owned by the guild”."""
    start, end = clause
    back = pair.passage.grammar.back if pair.passage.grammar else None
    if any(start <= span[0] < end for span in pair.object):
        return True
    return back is not None and back.search(pair.passage.folded, start, end) is not None


def _is_of(mark: Span, cue: Occurrence, passage: UnitText) -> bool:
    """Whether a denial or a doubt is itself what the property says: “rejects”."""
    return cue.place[0] <= mark[0] and mark[1] <= cue.place[1] and passage.hedges(cue.cue.text)


def _asks_clause(pair: Pair) -> bool:
    """Whether a denial would concern the statement: a name is a name in a sentence that denies, too.

    What something is, is denied where the clause says that it is not; what only follows, where the property is.
    """
    if pair.predicate == RDF.type and pair.passage.grammar:
        return bool(pair.sorting)
    return not pair.structural and pair.predicate not in NAMING and not (pair.implied and not pair.cues)


def _part(pair: Pair) -> bool:
    """Whether the unit says it of a part, a member or a share of an end."""
    return pair.partial and _asks_words(pair) and not pair.composing


def _period(pair: Pair) -> bool:
    return pair.mistimed and not pair.structural


def _elsewhere(pair: Pair) -> bool:
    return pair.elsewhere and not pair.naming and not pair.structural and not pair.positional


def _denial(pair: Pair) -> bool:
    if not _asks_clause(pair):
        return False
    return pair.left_out or _in_clause(pair, pair.passage.denials) or (pair.denied_above and _is_ruled(pair))


def _doubt(pair: Pair) -> bool:
    if not _asks_clause(pair):
        return False
    # a date may be that end itself, and the claim may say until when it holds
    past = pair.literal is None and not pair.limited and _in_clause(pair, pair.passage.ended)
    return (
        pair.bounded
        or past
        or _in_clause(pair, pair.passage.doubts)
        or _in_clause(pair, [mark for mark in pair.passage.reports if _governs(mark, pair)])
        or _in_clause(pair, [mark for mark in pair.passage.qualifiers if _qualifies(mark, pair)])
        or (pair.doubted_above and _is_ruled(pair))
    )


def _is_ruled(pair: Pair) -> bool:
    """Whether what a heading says concerns the statement: not what something is called or is."""
    return not pair.naming and not any(pair.passage.hedges(cue.cue.text) for cue in pair.cues)


def _governs(mark: Span, pair: Pair) -> bool:
    """Whether the words for the property, or else the object, stand behind a mark: “thinks that”."""
    places = [cue.place for cue in pair.cues] or pair.object
    return any(start >= mark[1] for start, _ in places) or not places


#: What may stand between a word that qualifies and the noun: one word, no article.
_BETWEEN = re.compile(r"(?:(?!the\b|an?\b|de[rmns]\b|die\b|das\b)[\w-]+\s)?")


def _qualifies(mark: Span, pair: Pair) -> bool:
    """Whether a mark stands before the words for the property, or right before the name of an end."""
    if pair.limited:
        return False  # the claim says itself that it is past
    if any(cue.place[0] <= mark[0] < cue.place[1] for cue in pair.cues):
        return False  # “vice-president” is what the property says
    folded = pair.passage.folded
    if any(start == mark[1] for start, _ in (*pair.subject, *pair.object)):
        return True
    places = [cue.place[0] for cue in pair.cues if cue.place[0] >= mark[1]]
    return any(_BETWEEN.fullmatch(folded, mark[1], start) for start in places)


#: Every question, in the order in which flags are listed.
QUESTIONS = (
    Question(
        "heading", "error", True, True, _heading,
        "{unit} is a heading or exempt, so it states nothing.",
        "Name the sentence that says it.",
    ),
    Question(
        "digits", "error", True, True, _digits,
        "{object} is not in {unit}, neither in digits nor in words.",
        "Correct the number, or name the sentence that gives it.",
    ),
    Question(
        "object", "error", False, True, _object,
        "{unit} does not name the object, {object}.",
        "Name the sentence that says it, add a label that the text uses, or write ev:impliedBy if it only follows.",
    ),
    Question(
        "subject", "flag", True, True, _subject,
        "neither {unit} nor what it goes on from names the subject, {subject}; or {unit} begins with another.",
        "Name the sentence that says it, or add a label that the text uses.",
    ),
    Question(
        "classes", "flag", True, False, _classes,
        "the classes of {ends} are not among those declared for {predicate}.",
        "Correct the statement or the type, or declare the class with schema:domainIncludes or schema:rangeIncludes.",
    ),
    Question(
        "predicate", "flag", False, True, _predicate,
        "{unit} has no cue word of {predicate}.",
        "Use the property that the sentence expresses, or add its words to the property as skos:hiddenLabel.",
    ),
    Question(
        "direction", "flag", True, True, _direction,
        "{unit} does not put {subject} and {object} around the words for {predicate} in this order.",
        "Turn the statement round, or use the property that the sentence expresses.",
    ),
    Question(
        "nearest", "flag", False, True, _nearest,
        "in {unit} words for another property stand between those for {predicate} and {object}.",
        "Use the property whose words stand next to the object, or add the words to this property as skos:hiddenLabel.",
    ),
    Question(
        "actor", "flag", True, True, _actor,
        "in {unit} something else that could be the subject stands nearer to the words for {predicate} than {subject}.",
        "Make that the subject, if the sentence says it of that.",
    ),
    Question(
        "attribute", "flag", False, True, _attribute,
        "{unit} names {subject} or {object} only to say more of something else.",
        "State what the sentence says of that, or add its words to the property as skos:hiddenLabel.",
    ),
    Question(
        "part", "flag", False, True, _part,
        "{unit} states it of a part, a member or a share of {subject} or {object}, or of another thing of theirs.",
        "State it of that part, or name the sentence that states it of the whole.",
    ),
    Question(
        "elsewhere", "flag", True, True, _elsewhere,
        "{unit} gives {object} of something else than {subject}, or not as {predicate}.",
        "State the value that stands with the words for the property and its subject, or add the words that the "
        "sentence uses to the property as skos:hiddenLabel.",
    ),
    Question(
        "period", "flag", True, True, _period,
        "{unit} does not give schema:validFrom or schema:validThrough of the claim, or gives it of something else.",
        "Correct the date, or name the sentence that gives it, too.",
    ),
    Question(
        "denial", "flag", True, True, _denial,
        "{unit} has a denial in the clause, in the heading above or in what announces it.",
        "Remove the claim if the sentence denies it; ev:contradictedBy keeps it beside a source that says otherwise.",
    ),
    Question(
        "doubt", "flag", True, True, _doubt,
        "{unit} expresses doubt, a report of others, a plan, a condition, a bound or a time past in the clause.",
        "Look whether the sentence states it.",
    ),
)  # fmt: skip
