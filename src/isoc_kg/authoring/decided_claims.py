"""What decisions on proposed claims mean for the facts.

A build reads decisions and no proposal. They add nothing to the facts: they say of a claim in the facts how it came
there, and hold back one that came there by an acceptance which does not stand, or which others contradict. A merge of
two branches can leave such a line behind, or take one away.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from ..documents.editions import Edition
from ..documents.later_units import LaterUnits
from ..errors import Finding
from ..namespaces import EV, PROV, RDF, XSD
from ..project import Project
from ..rdf.lines import split
from ..rdf.tokens import iri_token, is_iri, is_literal, text_token, typed_token
from .annotations import SUPPORTING
from .decisions import Decision, DecisionLog, Standing, standing
from .facts import Claim, Place

__all__ = ["decided_claims"]

#: An annotation and the token of its value.
_Evidence = tuple[str, str]


def decided_claims(
    project: Project, claims: Mapping[bytes, Claim], editions: Sequence[Edition]
) -> tuple[dict[bytes, Claim], list[Finding]]:
    """The claims of the facts as decisions leave them, and what is wrong with decisions.

    A claim that was proposed and accepted says with what it was proposed, when it was accepted and as what; who did, as
    far as `[review] publish_names` allows. Evidence that came into the facts by an acceptance is held back, and a claim
    that has no other, where reviewers contradict one another on it, and where no acceptance of it stands. The class and
    the names of a thing that it introduced stay while something else is said of the thing. Evidence that has moved to
    a later edition is still that of the decision.
    """
    later = LaterUnits(editions)
    decisions, findings = DecisionLog(project).read()
    result = dict(claims)
    standings = standing(decisions)
    stand: set[Decision] = set()
    standing_lines = {
        line for one in standings.values() if not one.contested and one.accepted for line, _ in one.accepted.statements
    }
    corrected = _by_property(line for line in claims if line not in standing_lines)
    for one in standings.values():
        if one.contested:
            findings += _contradiction(project, one, claims)
        elif accepted := one.accepted:
            stand.update(one.decisions)  # all say the same
            findings += _missing(project, accepted, claims, corrected, later)
            for line, implied in accepted.statements:
                if _rests(result.get(line), accepted, line, implied, later):
                    result[line] = _with_record(project, result[line], accepted)
    fallen = [one for one in decisions if one.kind == "accept" and one not in stand]
    covered = _covered(stand, {line for one in fallen for line, _ in one.statements}, later)
    for introduced in (False, True):  # a statement before those of the things that it introduced
        mentioned = _mentioned(result, project) if introduced and fallen else set()
        for decision in fallen:
            one = standings.get(decision.proposal, Standing())
            for line, implied in decision.statements:
                claim = result.get(line)
                if claim is None or _introduces(line, project) is not introduced or split(line)[0] in mentioned:
                    continue
                held = _held(_written(decision, line, implied, later), covered.get(line, set()))
                places = [place for name, token, place in _evidence(claim) if (name, token) in held]
                if places and not one.contested:
                    findings.append(_fallen(decision, one, claim, places[0]))
                if kept := _without(claim, held) if places else claim:
                    result[line] = kept
                else:
                    del result[line]
    return result, findings


def _covered(stand: Iterable[Decision], lines: Collection[bytes], later: LaterUnits) -> dict[bytes, set[_Evidence]]:
    """What acceptances that stand put behind some statements."""
    covered: dict[bytes, set[_Evidence]] = {}
    for decision in stand:
        for line, implied in decision.statements:
            if line in lines:
                covered.setdefault(line, set()).update(_written(decision, line, implied, later))
    return covered


def _held(written: Iterable[_Evidence], covered: Collection[_Evidence]) -> set[_Evidence]:
    """What is held back of what an acceptance wrote that does not stand: what no other one covers."""
    own = [one for one in written if one not in covered]
    return {evidence for one in own for evidence in _said_or_implied(*one) if evidence not in covered}


def _written(decision: Decision, line: bytes, implied: bool, later: LaterUnits) -> Iterator[_Evidence]:
    """What a decision put behind a statement, as annotations and tokens: a unit by all its names."""
    for name, token in decision.grounds_of(line, implied):
        if name in SUPPORTING:
            yield from ((name, f"<{unit}>") for unit in later.names(token[1:-1].decode()))
        else:
            yield name, token.decode()


def _tokens(decision: Decision, line: bytes, implied: bool, later: LaterUnits) -> Iterator[_Evidence]:
    """The same, each unit said or implied: what its author may have made of it since."""
    for name, token in _written(decision, line, implied, later):
        yield from _said_or_implied(name, token)


def _said_or_implied(name: str, token: str) -> Iterator[_Evidence]:
    """A unit by both annotations that support a statement; anything else as it is."""
    yield from ((how, token) for how in (SUPPORTING if name in SUPPORTING else (name,)))


def _rests(claim: Claim | None, decision: Decision, line: bytes, implied: bool, later: LaterUnits) -> bool:
    """Whether anything that a decision put behind a statement still stands there."""
    return claim is not None and any(
        token in claim.evidence.get(name, ()) for name, token in _tokens(decision, line, implied, later)
    )


def _evidence(claim: Claim) -> Iterator[tuple[str, str, Place]]:
    """All annotations of a claim, each with its token and place."""
    return ((name, token, place) for name, values in claim.evidence.items() for token, place in values.items())


def _without(claim: Claim, held: Collection[_Evidence]) -> Claim | None:
    """The claim without evidence; None where nothing else stands behind it."""
    evidence: dict[str, dict[str, Place]] = {}
    for name, token, place in _evidence(claim):
        if (name, token) not in held:
            evidence.setdefault(name, {})[token] = place
    kept = replace(claim, evidence=evidence)
    return kept if kept.supported else None


def _contradiction(project: Project, one: Standing, claims: Mapping[bytes, Claim]) -> list[Finding]:
    first = next((decision for decision in one.decisions if decision.kind == "accept"), one.decisions[0])
    claim = next((claims[line] for line, _ in reversed(first.statements) if line in claims), None)
    words = {"accept": "accepted", "refuse": "refused"}
    said = ", ".join(f"{decision.reviewer} {words[decision.kind]} it" for decision in one.decisions)
    file, line = claim.places[0] if claim else (project.decisions_folder, None)
    return [
        Finding(
            f"reviewers contradict each other on proposal {first.proposal}: {said}; nothing of it is published.",
            "warning",
            file,
            line,
            claim.iri if claim else None,
            "One of them takes the decision back, or somebody settles it: isoc-kg review.",
        )
    ]


def _fallen(decision: Decision, one: Standing, claim: Claim, place: Place) -> Finding:
    """What to say of a line whose acceptance does not stand."""
    last = one.decisions[-1] if one.decisions else None
    if last is None:
        now, first = "no decision on it stands", "Decide on it: isoc-kg review; or delete the line"
    elif last.kind == "refuse":
        now, first = f"{last.reviewer} refused it", "Delete the line"
    else:
        now, first = f"what stands is what {last.reviewer} accepted, otherwise", "Delete the line"
    return Finding(
        f"this came here when {decision.reviewer} accepted proposal {decision.proposal}, but {now}: "
        "it is not published.",
        "warning",
        *place,
        claim.iri,
        f"{first}; to keep it as your own, remove that acceptance ({decision.time}) from the decisions.",
    )


def _by_property(lines: Iterable[bytes]) -> dict[tuple[bytes, bytes], list[bytes]]:
    """Subject and property → their statements."""
    found: dict[tuple[bytes, bytes], list[bytes]] = {}
    for line in lines:
        subject, predicate, _, _ = split(line)
        found.setdefault((subject, predicate), []).append(line)
    return found


def _missing(
    project: Project,
    accepted: Decision,
    claims: Mapping[bytes, Claim],
    corrected: Mapping[tuple[bytes, bytes], Sequence[bytes]],
    later: LaterUnits,
) -> list[Finding]:
    """What to say of an acceptance that stands, and whose statement is not in the facts.

    Nothing where an author corrected it: where another value of its property, which nobody accepted (`corrected`),
    rests on what its unit became in a later edition with other words, or, being a literal as it is, on the same unit.
    """
    line, implied = accepted.statements[-1]
    if _rests(claims.get(line), accepted, line, implied, later):
        return []
    subject, predicate, value, _ = split(line)
    grounds = [token[1:-1].decode() for name, token in accepted.grounds_of(line, implied) if name in SUPPORTING]
    reworded = {unit for ground in grounds for unit in later.reworded(ground)}
    for other in corrected.get((subject, predicate), ()):
        if is_literal(value) and is_literal(split(other)[2]) and _rests(claims[other], accepted, line, implied, later):
            return []
        if any(unit in reworded for _, unit, _ in claims[other].units()):
            return []
    written = accepted.written[-1] if accepted.written else ("", line.decode().rstrip())
    return [
        Finding(
            f"accepted by {accepted.reviewer} at {accepted.time} (proposal {accepted.proposal}), "
            f"but facts have no such line: {written[1][:300]}",
            "warning",
            project.decisions_folder,
            advice=f"Write it again, or {accepted.reviewer} takes the acceptance back: "
            f"isoc-kg review --take-back {accepted.proposal}",
        )
    ]


def _introduces(line: bytes, project: Project) -> bool:
    """Whether a statement says what a thing is, or is called."""
    predicate = split(line)[1][1:-1].decode()
    return predicate in (RDF.type, *project.names.labels, *project.names.alternatives)


def _mentioned(claims: Iterable[bytes], project: Project) -> set[bytes]:
    """The things that statements other than types and names of a thing mention."""
    introducing = {iri_token(name) for name in (RDF.type, *project.names.labels, *project.names.alternatives)}
    parts = [split(line) for line in claims]
    things = {subject for subject, predicate, _, _ in parts if predicate not in introducing}
    return things | {object_ for _, _, object_, _ in parts if is_iri(object_)}


def _with_record(project: Project, claim: Claim, decision: Decision) -> Claim:
    """The claim with how it came into the facts."""
    place = claim.places[0]
    when = re.sub(r"\.\d+", "", decision.time)
    # the name or the class of a new thing may be implied where the statement is said
    only = dict(decision.statements).get(claim.triple)
    verdict = decision.verdict if only is None else "implied" if only else "supported"
    values = [
        (PROV.generatedAtTime, typed_token(when, XSD.dateTime)),
        (EV.verdict, text_token(f"{verdict}, edited" if decision.edited else verdict)),
    ]
    if decision.source:
        values.append((EV.proposedWith, text_token(decision.source)))
    if decision.policy:
        values.append((EV.acceptedUnder, text_token(decision.policy)))
    if project.review.publish_names:
        values.append((EV.acceptedBy, text_token(decision.reviewer)))
        if decision.proposer:
            values.append((EV.proposedBy, text_token(decision.proposer)))
    evidence = {name: dict(tokens) for name, tokens in claim.evidence.items()}
    for name, token in values:
        evidence.setdefault(name, {})[token.decode()] = place
    return replace(claim, evidence=evidence)
