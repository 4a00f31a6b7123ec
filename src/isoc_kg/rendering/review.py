"""What a person should look at, on the report page: flags of the evidence check, and what no rule can judge."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from markupsafe import Markup

from ..namespaces import EV, SKOS
from ..rdf.lines import iri, split
from ..rdf.tokens import iri_token
from .published_check import PublishedCheck
from .renderer import Renderer
from .statements import unit_lines

__all__ = ["ReviewPage"]

_SUPPORTED, _IMPLIED, _NOTE = map(iri_token, (EV.supportedBy, EV.impliedBy, SKOS.editorialNote))
_MOST = 500  #: rows of one list; the rest is counted


class _FlagView(NamedTuple):
    statement: Markup
    unit: Markup
    flag: str
    message: str
    place: str
    reply: str  #: the published answer, or how to give one
    answered: bool


class _ClaimView(NamedTuple):
    """A statement with what stands behind it, or the decision that does."""

    statement: Markup
    units: Sequence[Markup]
    notes: Sequence[str]


class _Listing(NamedTuple):
    """Statements of one kind that only reading can judge."""

    anchor: str
    title: str
    text: str
    total: int
    members: list[_ClaimView]
    more: int


@dataclass(frozen=True)
class ReviewPage:
    """The parts of the report page that a person reads to judge."""

    renderer: Renderer
    published: PublishedCheck | None

    def flags(self) -> dict[str, object] | None:
        """Counts, sentences and rows of the flags; None where no text was compared."""
        if self.published is None:
            return None
        t, check = self.renderer.theme.strings, self.published.check
        notes = [t["flags_recorded"]] if self.published.recorded else []
        if check.not_compared:
            notes.append(t["text_not_compared"].format(editions="; ".join(check.not_compared)))
        if check.not_asked:
            notes.append(t["flags_not_asked"].format(languages=", ".join(check.not_asked)))
        answered = len(check.flags) - check.unanswered
        counted = t["flags_counted"].format(pairs=f"{check.pairs:,}", open=check.unanswered, answered=answered)
        rows = [self._flag(number) for number in range(min(len(check.flags), _MOST))]
        return {
            "counted": counted,
            "none_open": t["flags_none_open"] if not check.unanswered else "",
            "notes": notes,
            "rows": rows,
            "more": max(0, len(check.flags) - _MOST),
        }

    def _flag(self, number: int) -> _FlagView:
        assert self.published is not None
        flag = self.published.check.flags[number]
        unit = Markup('<a href="{}">{}</a>').format(self.renderer.href("", flag.unit), flag.unit.rpartition("#")[2])
        place = self.published.places.get((flag.claim, flag.unit), "")
        reply = flag.answer if flag.answer is not None else flag.advice
        return _FlagView(
            self._statement(flag.claim), unit, flag.flag, flag.message, place, reply, flag.answer is not None
        )

    def _statement(self, claim: str) -> Markup:
        """A claim's triple in words; its sign leads to the statement on its subject's page."""
        renderer = self.renderer
        triple = renderer.index.triple_of(claim)
        if not triple:
            return Markup("<code>{}</code>").format(claim)
        subject, predicate, object_, _ = split(triple)
        return Markup('{} <em>{}</em> {} <a class="unit" href="{}#{}" aria-label="{}">#</a>').format(
            renderer.link("", subject),
            renderer.text_of(predicate),
            renderer.value("", object_),
            renderer.href("", iri(subject)),
            claim.rpartition(".")[2],
            renderer.theme.strings["permalink"],
        )

    def listings(self) -> list[_Listing]:
        """Statements that only follow, that the editors decided, and whose property is easily taken for another one."""
        index, t = self.renderer.index, self.renderer.theme.strings
        found: dict[str, list[tuple[bool, str]]] = {"close": [], "editorial": [], "implied": []}
        for name, predicate, bases in index.bases():
            # what names and sorts things comes last: there is much of it, and little to judge
            entry = predicate in self.renderer.not_covering, name
            if index.scope_notes(predicate):
                found["close"].append(entry)
            if bases <= {_NOTE}:
                found["editorial"].append(entry)
            if _IMPLIED in bases and _SUPPORTED not in bases:
                found["implied"].append(entry)
        return [
            _Listing(
                f"judge-{kind}", t[f"judge_{kind}"], t[f"judge_{kind}_text"], len(entries),
                [self._claim(name) for _, name in sorted(entries)[:_MOST]], max(0, len(entries) - _MOST),
            )
            for kind, entries in found.items()
            if entries
        ]  # fmt: skip

    def _claim(self, name: str) -> _ClaimView:
        renderer, index = self.renderer, self.renderer.index
        view, _ = index.claim(name)
        assert view is not None
        triple = index.triple_of(name)  # empty for a claim that is not whole
        notes = [*(index.scope_notes(split(triple)[1]) if triple else ()), *view.notes]
        return _ClaimView(self._statement(name), unit_lines(renderer, "", view.units), notes)
