"""The proposals that wait, for scripts."""

from typing import Any

from ..proposals.decisions import Standing
from .desk import Desk, Waiting
from .view import view_of

__all__ = ["description"]


def description(desk: Desk, waiting: Waiting) -> dict[str, Any]:
    """A proposal with the judge's word on it, as JSON; members without a value are left out."""
    proposal = waiting.proposal
    assessment = desk.assessment(proposal)
    view = view_of(desk.judge, proposal)
    refusal = assessment.refusal
    value = {
        "proposal": proposal.id,
        "unit": view.unit,
        "unit_iri": proposal.claim.unit,
        "sentence": view.text,
        "quote": [view.text[start:end] for start, end in view.marks] if view.text and view.quoted else None,
        "statement": view.statement,
        "support": "implied" if view.implied else "supported",
        "new": list(view.introduces),
        "turtle": view.turtle,
        "source": proposal.source,
        "proposer": proposal.proposer,
        "time": proposal.time,
        "note": view.note,
        "refused": {"reason": refusal.name, "message": refusal.message, "advice": refusal.advice} if refusal else None,
        "flags": [{"flag": flag.name, "message": flag.message} for flag in assessment.flags],
        "not_asked": assessment.not_asked_json(),
        "contested": _contested(waiting.standing),
    }
    return {name: item for name, item in value.items() if item not in (None, [])}


def _contested(standing: Standing | None) -> list[dict[str, str | None]]:
    """What reviewers said who contradict one another."""
    decisions = standing.decisions if standing else ()
    return [{"reviewer": one.reviewer, "decision": one.kind, "reason": one.reason} for one in decisions]
