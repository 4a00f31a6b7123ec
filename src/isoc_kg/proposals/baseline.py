"""The deterministic proposer: cue words and names alone. A measure for others, and one that tests can rely on.

It proposes a statement where a unit names two things around the words for a property whose declared ends they fit, or
gives a year or a number beside these words behind a name, and the judge neither refuses nor flags it. Where the judge
cannot ask for the direction, the subject stands first. It invents no thing, but for a proper name that stands where the
property's one declared class is expected.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from ..evidence.cues import Occurrence
from ..evidence.figures import figures
from ..iris import compact
from ..namespaces import RDF, XSD
from .json_claims import claim_of_json
from .judge import Judge

__all__ = ["propose_baseline"]

#: So many words may stand between the words for a property and a name.
_GAP = 2
#: So many proposals on one unit.
_MOST = 30
_NUMBERS = frozenset((XSD.gYear, XSD.integer, XSD.nonNegativeInteger, XSD.positiveInteger))
_FAR = 1 << 30
#: A proper name of two words or more, in a script with capitals.
_PROPER = re.compile(r"[^\W\d_a-z]\w+(?:[ -](?:of |the |and )?[^\W\d_a-z]\w+)+")


def propose_baseline(judge: Judge, unit: str) -> Iterator[dict[str, Any]]:
    """What it proposes on a unit (IRI), as JSON claims; the unit's whole text is the quote."""
    if unit not in judge.corpus.passages or unit in judge.corpus.exempt:
        return
    for claim in islice(_claims(judge, unit), _MOST):
        made = {"unit": unit, **claim, "support": "supported", "quote": judge.unit_text(unit)}
        assessment = judge.assess(claim_of_json(judge, made))
        if assessment.accepted and not assessment.flags:
            yield made


def _claims(judge: Judge, unit: str) -> Iterator[dict[str, Any]]:
    corpus, prefixes = judge.corpus, judge.prefixes
    things = corpus.things(unit)
    for property_ in judge.properties:
        cues, _, composing = corpus.occurrences(property_, unit)
        if not cues or composing or property_ == RDF.type or judge.is_naming(property_):
            continue
        domain, range_ = corpus.declarations.declared(property_)
        ends = corpus.declarations.ends(property_)
        datatype = judge.datatype(property_)
        pairs: list[tuple[int, str, str]] = []
        for subject in things:
            types = corpus.types.get(subject, frozenset())
            if datatype in _NUMBERS and ends.literal is not False and not ends.object:
                if (domain or types) and all(corpus.declarations.fit(property_, types, None)):
                    yield from _numbers(judge, unit, subject, property_, str(datatype), cues)
                continue
            for object_ in things if domain or range_ else ():
                fits = corpus.declarations.fit(property_, types, corpus.types.get(object_, frozenset()))
                if object_ != subject and all(fits) and _around(judge, unit, subject, object_, cues):
                    distance = _distance(judge, unit, subject, cues)
                    pairs += [(distance, subject, object_)] if distance < _FAR else []
        nearest = {}
        for _, subject, object_ in sorted(pairs, reverse=True):
            nearest[object_] = subject  # the words are said of what stands next to them
        for object_, subject in nearest.items():
            yield {
                "subject": compact(subject, prefixes),
                "property": compact(property_, prefixes),
                "object": compact(object_, prefixes),
            }
        if not pairs and len(ends.object) == 1 and len(ends.object[0]) == 1 and domain:
            yield from _new_objects(judge, unit, property_, cues, next(iter(ends.object[0])))


def _distance(judge: Judge, unit: str, subject: str, cues: list[Occurrence]) -> int:
    """How many characters stand between a thing's name and the words for the property, at least.

    `_FAR` where all these words are within its name.
    """
    gaps = [
        max(cue.place[0] - end, start - cue.place[1])
        for cue in cues
        for start, end in judge.corpus.places(subject, unit)
    ]
    return min((gap for gap in gaps if gap >= 0), default=_FAR)


def _around(judge: Judge, unit: str, subject: str, object_: str, cues: list[Occurrence]) -> bool:
    """Whether words for the property stand between two names, the subject first where the order is not known."""
    ends = judge.corpus.places(subject, unit), judge.corpus.places(object_, unit)
    either = judge.corpus.passages[unit].grammar is not None
    return any(
        first[1] <= cue.place[0] and cue.place[1] <= second[0]
        for cue in cues
        for firsts, seconds in ((ends, ends[::-1]) if either else (ends,))
        for first in firsts
        for second in seconds
    )


def _numbers(
    judge: Judge, unit: str, subject: str, property_: str, datatype: str, cues: list[Occurrence]
) -> Iterator[dict[str, Any]]:
    passage = judge.corpus.passages[unit]
    if len(passage.text) != len(passage.folded):
        return
    starts = {
        thing: [span[0] for span in spans if not any(span[0] <= a and b <= span[1] for a, b in spans if (a, b) != span)]
        for thing, spans in ((thing, judge.corpus.places(thing, unit)) for thing in judge.corpus.things(unit))
    }
    language = judge.corpus.lexicons[judge.corpus.edition[unit]].language
    for figure in figures(passage.text, language):
        text = figure.text.replace(",", "")
        if not text.isdecimal() or (datatype == XSD.gYear) != (len(text) == 4 and figure.dated):
            continue
        start, end = figure.place
        beside = [cue for cue in cues if 0 <= passage.between(min(end, cue.place[1]), max(start, cue.place[0])) <= _GAP]
        first = min([start, *(cue.place[0] for cue in beside)])
        before = {thing: max((at for at in own if at < first), default=-1) for thing, own in starts.items()}
        if beside and before.get(subject, -1) == max(before.values()) >= 0:
            prefixes = judge.prefixes
            yield {
                "subject": compact(subject, prefixes),
                "property": compact(property_, prefixes),
                "object": {"value": text, "datatype": compact(datatype, prefixes)},
            }


def _new_objects(
    judge: Judge, unit: str, property_: str, cues: list[Occurrence], class_: str
) -> Iterator[dict[str, Any]]:
    """A proper name that nobody knows, next behind a cue, as a thing of the class that is expected there."""
    corpus, prefixes = judge.corpus, judge.prefixes
    passage = corpus.passages[unit]
    if len(passage.text) != len(passage.folded):
        return
    named = [span for thing in corpus.things(unit) for span in corpus.places(thing, unit)]
    subjects = [
        thing
        for thing in corpus.things(unit)
        if all(corpus.declarations.fit(property_, corpus.types[thing], frozenset((class_,))))
        and any(place[1] <= cue.place[0] for place in corpus.places(thing, unit) for cue in cues)
    ]
    for match in _PROPER.finditer(passage.text):
        behind = any(
            0 <= passage.between(cue.place[1], match.start()) <= 2 for cue in cues if cue.place[1] <= match.start()
        )
        if behind and len(subjects) == 1 and not any(a < match.end() and match.start() < b for a, b in named):
            yield {
                "subject": compact(subjects[0], prefixes),
                "property": compact(property_, prefixes),
                "object": {"new": {"type": compact(class_, prefixes), "label": match[0]}},
            }
            return
