"""A patch: proposed claims in Turtle, with evidence in annotation blocks, as facts have them."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from ..authoring.annotations import SUPPORTING, Annotations
from ..authoring.facts import Claim, collect_facts
from ..errors import IsocKgError
from ..iris import compact
from ..namespaces import EV, OA, RDF, SKOS
from ..rdf import read_located
from ..rdf.lines import literal, split
from ..rdf.tokens import iri_token, is_iri
from .json_claims import NotAClaim
from .judge import Judge
from .proposal import GROUNDS, ProposedClaim

__all__ = ["claims_of_patch"]

#: What an annotation block of a patch may carry.
_ANNOTATIONS = (*SUPPORTING, OA.exact, SKOS.note)


def claims_of_patch(judge: Judge, data: bytes, name: str) -> Iterator[tuple[str, ProposedClaim | NotAClaim]]:
    """The claims of a patch in Turtle: one for each unit that a statement names; `oa:exact` may give its words there.

    Types and names of new things come with each statement that mentions them, and keep the evidence or the note that
    the patch gives them.
    """
    project = judge.project
    file = Path(name)
    head = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in judge.readable_prefixes.items())
    lines_before = head.count("\n")
    quads = read_located(head.encode() + data.removeprefix(b"\xef\xbb\xbf"), base=project.ids.base,
                         limits=project.limits, name=name, confined=True)  # fmt: skip
    try:
        facts = collect_facts(((file, quads),), project.ids.claim, (OA.exact, SKOS.note))
    except IsocKgError as error:
        error.line = error.line - lines_before if error.line else None
        raise
    names = frozenset(map(iri_token, (*project.names.labels, *project.names.alternatives)))
    introduced: dict[bytes, list[bytes]] = {}
    for line in facts.claims:
        subject, predicate, object_, _ = split(line)
        is_name = predicate in names and object_.startswith(b'"')
        if (is_name or predicate == iri_token(RDF.type)) and not judge.is_known(subject):
            introduced.setdefault(subject, []).append(line)
    mentioned = set()
    for line in facts.claims:
        if line not in introduced.get(split(line)[0], ()):
            mentioned |= {token for token in (split(line)[0], split(line)[2]) if token in introduced}
    alone = {
        thing: next((line for line in lines if any(True for _ in facts.claims[line].units())), lines[0])
        for thing, lines in introduced.items()
        if thing not in mentioned
    }
    grounds: dict[bytes, Annotations] = {}
    submitted = []
    for line, claim in sorted(facts.claims.items(), key=lambda item: item[1].places[0][1]):
        subject = split(line)[0]
        place = f"line {claim.places[0][1] - lines_before}"
        own = introduced.get(subject, [])
        if line not in own or line == alone.get(subject):
            submitted.append((place, line, claim))
        elif wrong := _not_grounds(judge, claim):
            own.remove(line)
            yield place, wrong
        else:
            grounds[line] = tuple((key, token.encode()) for key in GROUNDS for token in claim.evidence.get(key, ()))
    for place, line, claim in submitted:
        subject, _, object_, _ = split(line)
        things = dict.fromkeys((subject, object_) if is_iri(object_) else (subject,))
        introduces = tuple(one for thing in things for one in introduced.get(thing, ()) if one != line)
        kept = tuple((one, grounds[one]) for one in introduces if grounds.get(one))
        units = [(how == EV.impliedBy, unit) for how, unit, _ in claim.units()]
        other = next((key for key in claim.evidence if key not in _ANNOTATIONS), "")
        if other:
            yield place, NotAClaim("form", f"a proposal cannot carry {compact(other, judge.prefixes)}.",
                                   "Name units by ev:supportedBy or ev:impliedBy, words by oa:exact.")  # fmt: skip
        elif not units and line in judge.claims and _is_mentioned(subject, facts.claims):
            continue  # what a thing is and is called that is known by now
        elif not units:
            yield place, NotAClaim("unit", "the statement names no unit.", "Add {| ev:supportedBy s:… |}.")
        notes = [facts.claims[one].evidence.get(SKOS.note, ()) for one in (line, *introduces)]
        note = " ".join(filter(None, map(_first_text, notes))) or None
        for implied, unit in units if not other else ():
            text = judge.unit_text(unit) if unit in judge.dataset.units else None
            words = _words_of(claim.evidence.get(OA.exact, ()), text)
            yield place, ProposedClaim(line, unit, implied, introduces, words, note, kept)


def _is_mentioned(thing: bytes, claims: Mapping[bytes, Claim]) -> bool:
    """Whether a statement with a unit has a thing at an end."""
    return any(
        thing in (split(line)[0], split(line)[2]) and any(True for _ in claim.units()) for line, claim in claims.items()
    )


def _not_grounds(judge: Judge, claim: Claim) -> NotAClaim | None:
    """What is wrong with that which a patch puts behind the type or a name of a new thing."""
    other = next((key for key in claim.evidence if key not in (*GROUNDS, *_ANNOTATIONS)), None)
    if other:
        shown = compact(other, judge.prefixes)
        return NotAClaim("form", f"the type or name of a new thing cannot carry {shown}.",
                         "Name its units, a dcterms:source, or give a skos:editorialNote.")  # fmt: skip
    words = _first_text(claim.evidence.get(OA.exact, ()))
    texts = [judge.unit_text(unit) for _, unit, _ in claim.units() if unit in judge.dataset.units]
    if words is not None and not any(text and words in text for text in texts):
        return NotAClaim("quote", "the quote is not in the unit.", "Copy it from the unit, to the character.")
    return None


def _words_of(quotes: Iterable[str], text: str | None) -> str | None:
    """The quote that is of a unit, where a statement has several units; else the first one."""
    words = [literal(token.encode())[0] for token in quotes if token.startswith('"')]
    return next((one for one in words if text and one in text), words[0] if words else None)


def _first_text(tokens: Iterable[str]) -> str | None:
    return next((literal(token.encode())[0] for token in tokens if token.startswith('"')), None)
