"""Named queries in groups, by the keywords that they have."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from ..iris import local_name_of
from ..query import NamedQuery

__all__ = ["QuestionGroup", "question_groups"]

_FEW = 12  #: so many questions are one list
_LEAST = 2  #: questions of a group


class QuestionGroup(NamedTuple):
    """Questions under a heading, which is empty for those that are like no other, and for the only group."""

    heading: str
    anchor: str
    queries: Sequence[NamedQuery]


def question_groups(queries: Sequence[NamedQuery]) -> list[QuestionGroup]:
    """The groups, the largest first, then by heading; within each the order of the queries.

    A question is in one group alone: that of the keyword of its own that most questions have, the first of several.
    """
    uses = Counter(keyword.casefold() for query in queries for keyword in dict.fromkeys(query.keywords))
    chosen = [max(query.keywords, key=lambda one: uses[one.casefold()], default="") for query in queries]
    sizes = Counter(map(str.casefold, chosen))
    groups: dict[str, list[NamedQuery]] = {}
    headings: dict[str, str] = {}
    for query, keyword in zip(queries, chosen, strict=True):
        key = keyword.casefold() if sizes[keyword.casefold()] >= _LEAST else ""
        headings.setdefault(key, keyword if key else "")
        groups.setdefault(key, []).append(query)
    if len(queries) <= _FEW or len(groups) < 2:
        return [QuestionGroup("", "", queries)] if queries else []
    order = sorted(groups, key=lambda key: (not key, -len(groups[key]), key))
    anchors = _anchors([headings[key] for key in order])
    return [QuestionGroup(_capital(headings[key]), anchors[number], groups[key]) for number, key in enumerate(order)]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _anchors(headings: Sequence[str]) -> list[str]:
    """A name for each heading that is in the page once."""
    found: list[str] = []
    for number, heading in enumerate(headings, 1):
        name = local_name_of(heading, any_script=True) or "others"
        found.append(f"about-{name}" if f"about-{name}" not in found else f"about-{name}-{number}")
    return found
