"""Parts: whether a passage says something of a part, a member or a share of a thing rather than of the thing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .cues import Occurrence
from .grammar import Grammar
from .passage import Span, UnitText

__all__ = ["End", "concerns_part"]

#: Behind a possessive, a verb stands at most so many words away: “the guild's two oldest boats were sold”.
_NEAR = 4
_APPOSED = re.compile(r",[^,]{0,100},")


@dataclass(frozen=True, slots=True)
class End:
    """An end of a statement: where a passage names it, or goes on about it, and the nouns that it is called by."""

    spans: Sequence[Span]
    nouns: frozenset[str]


def concerns_part(cues: Sequence[Occurrence], ends: Sequence[End], passage: UnitText) -> bool:
    """Whether every cue has one of the ends only as that of which something else is a part, a member or a share.

    “Some members of the guild tend the mill” does not say that the guild does; “the wheel of the mill was replaced”
    does not say that the mill was.
    """
    grammar = passage.grammar
    if grammar is None or not cues or (grammar.part_of is None and grammar.share_of is None):
        return False
    places = [cue.place for cue in cues]
    return all(any(_is_partial(cue.place, places, end, passage, grammar) for end in ends) for cue in cues)


def _is_partial(cue: Span, cues: Sequence[Span], end: End, passage: UnitText, grammar: Grammar) -> bool:
    first, last = passage.clause(cue[0])
    standing = [span for span in end.spans if first <= span[0] < last and not (span[0] < cue[1] and cue[0] < span[1])]
    before = [span for span in standing if span[1] <= cue[0]]
    if before:
        return all(
            _is_behind_part(span, cue, cues, end.nouns, passage, grammar) or _owns_actor(span, cue, passage, grammar)
            for span in before
        )
    share = grammar.share_of
    behind = [span for span in standing if span[0] >= cue[1]]
    return bool(behind) and share is not None and all(
        share.fullmatch(passage.folded, cue[1], span[0]) is not None for span in behind
    )  # fmt: skip


def _is_behind_part(
    span: Span, cue: Span, cues: Sequence[Span], nouns: frozenset[str], passage: UnitText, grammar: Grammar
) -> bool:
    """Whether a name stands behind a noun that is the subject of the clause: “the wheel of the mill was replaced”."""
    pattern = grammar.part_of
    start = passage.clause(cue[0])[0]
    # the border of a clause is a part of it
    match = pattern.search(passage.folded[: span[0]], start) if pattern else None
    if match is None:
        return False
    words = match["head"].split()
    stems = frozenset(passage.stem(word) for word in words)
    if words[0] in grammar.prepositions or grammar.verb is None or grammar.verb.search(match["head"]):
        return False
    if words[-1] in grammar.whole or any(grammar.is_head(noun, nouns) for noun in (passage.stem(words[-1]), words[-1])):
        return False
    if any(match.start("head") <= place[0] < match.end("head") for place in cues) or not stems - passage.stop:
        return False
    return grammar.aiming is None or grammar.aiming.match(passage.folded, span[1]) is None


def _owns_actor(span: Span, cue: Span, passage: UnitText, grammar: Grammar) -> bool:
    """Whether a name only says whose that is which stands before the verb: “the mill's wheel was replaced”."""
    if span[1] not in passage.possessives or grammar.verb is None:
        return False
    # what only says more stands between commas: “the mill's oldest barn, the Long Barn, is 64 feet long”
    between = _APPOSED.sub(" ", passage.folded[span[1] : cue[0]])
    if not 0 < len(between.split()) <= _NEAR or "," in between:
        return False
    verb = grammar.verb.search(passage.folded, span[1], cue[1])
    owned = _APPOSED.sub(" ", passage.folded[span[1] : verb.start()]).split() if verb else []
    # without a noun before the verb, the words for the property are themselves what is owned: “the guild's chair is …”
    return bool(owned) and owned[-1] not in grammar.whole
