"""Everything that is found by words, by kind, in the order in which the pages of the publication find it."""

from ..evidence.search import KINDS, Match
from ..graph.knowledge_graph import KnowledgeGraph
from .deadline import stopped_after

__all__ = ["find_entries"]

_MOST = 200  #: of each kind


def find_entries(kg: KnowledgeGraph, text: str) -> tuple[dict[str, list[dict[str, str]]], str]:
    """Things, terms, documents, questions and sentences, each with why it is found; units by gist and by number.

    With them a notice, where none has all of the words. What is not published is not searched, whatever texts are at
    hand. Raises `LimitExceeded` when that takes as long as no query may.
    """
    with stopped_after(kg.project.server.query_seconds):
        found = kg.search_published(text, limit=_MOST)
    entries = {f"{kind}s": [_row(match) for match in found if match.kind == kind] for kind in KINDS}
    return entries, "Nothing has all of these words; these have some of them." if found.partial else ""


def _row(match: Match) -> dict[str, str]:
    if match.kind == "sentence":
        values = {"iri": match.iri, "number": match.name, "gist": match.text}
    else:
        values = {"iri": match.iri, "label": match.label, "description": match.definition or ""}
    values |= {"why": match.why, "claim": match.claim or ""}
    return {name: value for name, value in values.items() if value or name == "gist"}
