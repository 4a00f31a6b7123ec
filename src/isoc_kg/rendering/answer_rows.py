"""The rows of an answer as pages show them: names that lead to things, and below each row who says so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from ..query.solutions import token_in_json
from ..rdf.tokens import iri_token
from ..wording.messages import Message
from ..wording.sentences import begun
from .renderer import Renderer
from .standing import rival_text, rival_values
from .unit_words import unit_list, unit_number, unit_words

__all__ = ["AnswerRows", "ShownAnswer"]


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """An answer as a template shows it; `boolean` is None but for a question with yes or no."""

    variables: Sequence[str]
    rows: Sequence[Mapping[str, Any]]
    boolean: bool | None
    explained: bool  #: whether each row has who says so
    notes: Sequence[str]
    incomplete: str | None  #: why claims may be missing behind rows


@dataclass(frozen=True)
class AnswerRows:
    """What makes rows of an answer in JSON, as the API has it, for pages at `root`.

    With `plain`, IRIs stand in tooltips alone, and no column repeats the names that another one's links have.
    """

    renderer: Renderer
    root: str
    plain: bool = False

    def shown(self, answer: Mapping[str, Any]) -> ShownAnswer:
        """What a template shows of an answer."""
        solutions = answer.get("solutions", ())
        variables = [name for name in answer.get("variables", ()) if not (self.plain and self._repeats(name, answer))]
        return ShownAnswer(
            variables,
            [self._row(answer, number, variables) for number in range(len(solutions))],
            answer.get("boolean"),
            "why" in answer,
            [self._note(note) for note in (*answer.get("notes", ()), *self._cut(answer))],
            answer.get("why_incomplete"),
        )

    def _note(self, note: str) -> str:
        """What is to be known of an answer, in the language of the page, or else in English."""
        if isinstance(note, Message):
            return begun(note.said(self.renderer.theme.strings))
        return self.renderer.english(begun(note))

    @staticmethod
    def _cut(answer: Mapping[str, Any]) -> list[str]:
        return [str(answer["cut"])] if "cut" in answer else []

    def _repeats(self, name: str, answer: Mapping[str, Any]) -> bool:
        """Whether a column has in each row the name that the link of one other column has, the same column in all."""
        rows = answer["solutions"]
        if not rows or any(row.get(name, {}).get("type") != "literal" for row in rows):
            return False
        return any(
            all(
                row.get(other, {}).get("type") == "uri"
                and self.renderer.index.name_of(iri_token(row[other]["value"]))[0] == row[name]["value"]
                for row in rows
            )
            for other in answer["variables"]
        )

    def _row(self, answer: Mapping[str, Any], number: int, variables: Sequence[str]) -> dict[str, Any]:
        solution = answer["solutions"][number]
        cells = [self._cell(solution.get(name)) for name in variables]
        behind = [self._claim(claim) for claim in answer["why"][number]] if "why" in answer else []
        return {"cells": cells, "claims": behind, "summary": self._summary(behind)}

    def _cell(self, term: Mapping[str, Any] | None) -> Markup:
        if term is None:
            return Markup("")
        if term["type"] == "uri":
            return self._named(term["value"])
        if term["type"] == "bnode":
            return Markup("<code>_:{}</code>").format(term["value"])
        return self.renderer.value(self.root, token_in_json(term))

    def _named(self, name: str) -> Markup:
        """A name that leads to the thing's page, beside its IRI."""
        unit = unit_number(self.renderer, name) if self.renderer.index.is_of_edition(name) else None
        link, short = self.renderer.link(self.root, iri_token(name), unit), self.renderer.short(name)
        if self.plain:
            return Markup('<span title="{}">{}</span>').format(short, link)
        if link.striptags() == short.strip("<>"):
            return link
        return Markup('{} <code class="tag" dir="ltr">{}</code>').format(link, short)

    def _claim(self, claim: Mapping[str, Any]) -> dict[str, Any]:
        renderer = self.renderer
        texts = [renderer.text_of(term.encode()) for term in claim["statement"]]
        units = [
            (
                ("implied" if one.get("implied") else "supported"),
                self._called(one),
                renderer.href(self.root, one["iri"]),
            )
            for one in claim["sentences"]
        ]
        units += [
            ("contradicted", self._called({"iri": name}), renderer.href(self.root, name))
            for name in claim.get("contradicted_by", ())
        ]
        remarks = [(word, text) for key, word in _REMARKS.items() for text in claim.get(key, ())]
        rivals = rival_values(renderer, claim.get("conflicts_with", ()))
        remarks += [("rival", renderer.text_of(value)) for value in rivals]
        return {
            "href": renderer.href(self.root, claim["claim"]),
            "text": " · ".join(texts),
            "units": units,
            "remarks": remarks,
            "rivals": rival_text(renderer, rivals),
        }

    def _called(self, unit: Mapping[str, Any]) -> dict[str, Any]:
        """A unit with what it is called and its words; a page of a store knows only what the answer tells."""
        name, renderer = unit["iri"], self.renderer
        known = renderer.index.units.get(name)
        quote, gist = unit.get("quote") or (known and known.quote), unit.get("gist") or (known and known.gist)
        language = renderer.index.language_of(known.edition) if known else ""
        return {
            "iri": name,
            "kind": unit.get("kind", ""),
            "words": unit_words(renderer, name, {name: str(unit.get("kind", ""))}),
            "quote": renderer.tagged(str(quote), language) if quote else "",
            "gist": gist or "",
        }

    def _summary(self, claims: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
        """How a row is supported, and by which units, as statements say it; keywords and words."""
        t = self.renderer.theme.strings
        said = [(how, unit) for claim in claims for how, unit, _ in claim["units"]]
        kinds = {unit["iri"]: str(unit["kind"]) for _, unit in said if unit.get("kind")}
        names = {
            how: list(dict.fromkeys(unit["iri"] for word, unit in said if word == how))
            for how in ("supported", "implied", "contradicted")
        }
        # what one statement of the row rests on may only imply another one
        both = [name for name in names["supported"] if name in names["implied"]]
        names["implied"] = [name for name in names["implied"] if name not in both]
        parts = []
        for how, units in names.items():
            if units:
                text = t[f"standing_{how}"].format(units=unit_list(self.renderer, units, kinds=kinds))
                if both and how == "supported":
                    key = "too" if both != units else "it" if len(units) == 1 else "them"
                    also = unit_list(self.renderer, both, kinds=kinds)
                    text = t[f"standing_implied_{key}"].format(supported=text, units=also)
                parts.append((how, text))
        parts += dict.fromkeys(("disputed", claim["rivals"]) for claim in claims if claim.get("rivals"))
        if any(not claim["units"] and any(word == "editorial" for word, _ in claim["remarks"]) for claim in claims):
            parts.append(("editorial", t["standing_editorial"]))
        if any(word == "retracted" for claim in claims for word, _ in claim["remarks"]):
            parts.append(("retracted", t["script_retracted"]))
        return parts


#: Members of a claim in JSON → the word before their texts.
_REMARKS = {"notes": "editorial", "preferred": "preferred", "retracted": "retracted"}
