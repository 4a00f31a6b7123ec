"""What a person should look at, on the report page: flags of the evidence check, and what no rule can judge."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from markupsafe import Markup

from ..rdf.lines import iri, split
from .published_check import PublishedCheck
from .renderer import Renderer
from .statements import unit_lines

__all__ = ["ReviewPage"]

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
        implied, editorial, close = [], [], []
        for name in index.claim_names():
            view, _ = index.claim(name)
            triple = index.triple_of(name)
            if view is None or not triple:
                continue
            if view.units and all(only for _, only in view.units):
                implied.append(name)
            if not view.units and not view.sources:
                editorial.append(name)
            if index.scope_notes(split(triple)[1]):
                close.append(name)
        kinds = (("close", close), ("editorial", editorial), ("implied", implied))
        return [
            _Listing(
                f"judge-{kind}", t[f"judge_{kind}"], t[f"judge_{kind}_text"], len(names),
                list(map(self._claim, sorted(names, key=self._order)[:_MOST])), max(0, len(names) - _MOST),
            )
            for kind, names in kinds
            if names
        ]  # fmt: skip

    def _order(self, name: str) -> tuple[bool, str]:
        """What names and sorts things comes last: there is much of it, and little to judge."""
        return split(self.renderer.index.triple_of(name))[1] in self.renderer.not_covering, name

    def _claim(self, name: str) -> _ClaimView:
        renderer, index = self.renderer, self.renderer.index
        view, _ = index.claim(name)
        assert view is not None
        notes = list(self._scope_notes(name))
        notes += view.notes
        return _ClaimView(self._statement(name), unit_lines(renderer, "", view.units), notes)

    def _scope_notes(self, claim: str) -> Iterator[str]:
        index = self.renderer.index
        yield from index.scope_notes(split(index.triple_of(claim))[1])
