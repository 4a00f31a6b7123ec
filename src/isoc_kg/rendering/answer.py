"""The answer to a named query as a page: names beside IRIs, and below each row who says so. It needs no script."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from ..errors import IsocKgError
from ..query import NamedQuery, term_of_type
from ..wording.messages import Message
from .answer_rows import AnswerRows
from .choices import Choices, Offer, asked_for
from .listings import Listings
from .renderer import Renderer

__all__ = ["AnswerPages"]

_ROOT = "../../"


@dataclass(frozen=True)
class AnswerPages:
    """Pages of answers, as a renderer shows them."""

    renderer: Renderer

    @property
    def explains(self) -> bool:
        """Whether the data may have claims, so that a page shows who says so."""
        return self.renderer.only is not None or self.renderer.index.has_claims

    def prepare(self) -> None:
        """Have ready what all forms offer, which is read out of all the data."""
        for query in self.renderer.material.queries.values():
            for parameter in query.parameters[:1]:
                self._offers(query, parameter.name, "")

    def page(self, query: NamedQuery, given: Mapping[str, str], answer: Mapping[str, Any]) -> bytes:
        """The page of an answer, whose JSON that of the API is; `given` are the values of the parameters.

        Without an answer the page says beside the form's fields what is wrong with their values.
        """
        renderer = self.renderer
        values = {p.name: given.get(p.name, p.default or "").strip() for p in query.parameters}
        asked = [(f"${name}", value) for name, value in values.items() if value]
        shown = AnswerRows(renderer, _ROOT).shown(answer) if answer else None
        choices = {p.name: self._offers(query, p.name, values[p.name]) for p in query.parameters}
        number, size, total = (answer.get(name, 0) for name in ("page", "size", "total"))
        turns = {name: self._link(given, page=number + step) for name, step in (("prev", -1), ("next", 1))
                 if size and 0 < number + step <= -(-total // size)}  # fmt: skip
        page = renderer.page(
            f"api/queries/{query.name}", query.title, "overview", section="queries.html",
            description=query.description, styles=("theme/tools.css",),
        )  # fmt: skip
        return renderer.html(
            "answer.html", page, query=query, values=values, shown=shown, turns=turns, total=total,
            choices=choices, asked=asked_for(query, choices, values),
            wrong={} if answer else self._wrong(query, values),
            downloads=[(name, self._link(given, format=name)) for name in ("csv", "json")],
            console=f"sparql.html#{urlencode([('name', query.name), *asked, ('why', '1')])}",
        )  # fmt: skip

    @staticmethod
    def _link(given: Mapping[str, str], **more: Any) -> str:
        return "?" + urlencode({**given, **more})

    def _wrong(self, query: NamedQuery, values: Mapping[str, str]) -> dict[str, str]:
        """Parameter → what is wrong with its value, in the page's language."""
        wrong = {}
        for p in query.parameters:
            try:
                term_of_type(p.name, values[p.name], p.type, self.renderer.prefixes)
            except IsocKgError as error:
                told = (error.message, error.advice or "")
                wrong[p.name] = " ".join(self._said(text) for text in told if text)
        return wrong

    def _said(self, text: str) -> str:
        if isinstance(text, Message):
            return text.said(self.renderer.theme.strings)
        return self.renderer.english(text)

    def _offers(self, query: NamedQuery, name: str, value: str) -> list[Offer]:
        """What the form offers, the value that was asked for chosen."""
        if not self._choices:
            return []
        parameter = next(p for p in query.parameters if p.name == name)
        offers = self._choices.of(query, parameter)
        if parameter.type != "iri" or not offers:
            return offers
        same = {value, f"id:{value}", self.renderer.short(value.strip("<>"))}
        chosen = [offer._replace(chosen=offer.value in same) for offer in offers]
        return chosen if any(offer.chosen for offer in chosen) else [Offer(value, value, True), *chosen]

    @cached_property
    def _choices(self) -> Choices | None:
        return Choices(self.renderer, Listings(self.renderer)) if self.renderer.only is None else None
