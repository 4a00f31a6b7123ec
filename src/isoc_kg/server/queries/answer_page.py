"""The page of a named query's answer, made of its JSON: a few rows, of bytes that have an end."""

import json
from collections.abc import Mapping

from ...query import NamedQuery
from ...rendering.answer import AnswerPages
from ..http.problems import Problem
from ..http.reply import Reply

__all__ = ["MOST_ANSWER_BYTES", "MOST_SHOWN", "NO_ANSWER", "OPEN", "answer_page", "without_page"]

MOST_SHOWN = 200  #: solutions on a page
MOST_ANSWER_BYTES = 2_000_000  #: of JSON that a page is made of
NO_ANSWER = b"{}"  #: in place of the JSON, where values were not taken
OPEN = {"access-control-allow-origin": "*", "x-content-type-options": "nosniff"}


def answer_page(pages: AnswerPages, named: NamedQuery, values: Mapping[str, str], answer: bytes) -> Reply:
    """The page of an answer in the API's JSON. Raises `Problem` for a graph, which has no page.

    For `NO_ANSWER`, it is the question's form with what is wrong beside each value, and the status 400.
    """
    value = json.loads(answer)
    if not value:
        return Reply(400, "text/html; charset=utf-8", pages.page(named, values, {}), dict(OPEN), vary="Accept")
    if not ("solutions" in value or "boolean" in value):
        raise without_page()
    body = pages.page(named, values, value)
    return Reply(200, "text/html; charset=utf-8", body, dict(OPEN), vary="Accept", cache="public, max-age=60")


def without_page() -> Problem:
    """The answer to who wants a graph as a page."""
    return Problem(406, "a graph has no page.", alternatives=["application/json"])
