"""What a person should look at, on the report page: flags of the evidence check, and what no rule can judge."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from markupsafe import Markup

from ..namespaces import EV, SKOS
from ..rdf.lines import iri, literal, split
from ..rdf.tokens import iri_token, is_literal
from ..wording.sentences import begun
from .published_check import PublishedCheck
from .renderer import Renderer
from .statements import unit_lines

__all__ = ["ReviewPage"]

_SUPPORTED, _IMPLIED, _NOTE = map(iri_token, (EV.supportedBy, EV.impliedBy, SKOS.editorialNote))
_ANSWER = iri_token(EV.answer)
_MOST = 500  #: rows of one list; the rest is counted


class _FlagView(NamedTuple):
    statement: Markup
    units: Sequence[Markup]  #: the sentence that is asked
    message: str
    place: str
    reply: str  #: the published answer, or how to give one
    answered: bool


class _FlagGroup(NamedTuple):
    """The flags of one question, those without an answer first."""

    flag: str
    title: str
    total: int
    open: int
    rows: Sequence[_FlagView]


class _JudgedGroup(NamedTuple):
    """Statements behind which the same stands: units, or the decision of the editors."""

    units: Sequence[Markup]
    notes: Sequence[str]
    subjects: Sequence[tuple[Markup, Sequence[Markup]]]  #: each with property and value of its statements


class _Listing(NamedTuple):
    """Statements of one kind that only reading can judge."""

    anchor: str
    title: str
    text: str
    total: int
    groups: Sequence[_JudgedGroup]
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
        counted = t["flags_counted"].format(
            pairs=self.renderer.theme.figure(check.pairs), open=check.unanswered, answered=answered
        )
        numbers: dict[str, list[int]] = {}
        for number in range(min(len(check.flags), _MOST)):
            numbers.setdefault(check.flags[number].flag, []).append(number)
        groups = [self._group(flag, members) for flag, members in numbers.items()]
        groups.sort(key=lambda group: (not group.open, -group.total, group.flag))
        return {
            "counted": counted,
            "none_open": t["flags_none_open"] if not check.unanswered else "",
            "notes": notes,
            "groups": groups,
            "more": max(0, len(check.flags) - _MOST),
        }

    def _group(self, flag: str, numbers: Sequence[int]) -> _FlagGroup:
        rows = [self._flag(number) for number in numbers]
        title = self.renderer.theme.strings.get(f"flag_kind_{flag}", flag)
        return _FlagGroup(flag, title, len(rows), sum(not row.answered for row in rows), rows)

    def _flag(self, number: int) -> _FlagView:
        assert self.published is not None
        flag = self.published.check.flags[number]
        place = self.published.places.get((flag.claim, flag.unit), "")
        if flag.answer is None:
            reply = self.renderer.english(begun(flag.advice))
        else:
            reply = self.renderer.tagged(flag.answer, self._language_of_answer(flag.claim, flag.answer))
        message = self.renderer.english(begun(flag.message))
        units = unit_lines(self.renderer, "", [(flag.unit, False)], placed=False)
        return _FlagView(self._statement(flag.claim), units, message, place, reply, flag.answer is not None)

    def _language_of_answer(self, claim: str, answer: str) -> str:
        """In which language the curators wrote the answer to a flag; empty where the claim is not published with it."""
        said = (split(line) for line in self.renderer.index.claim(claim)[1])
        answers = (literal(value) for _, name, value, _ in said if name == _ANSWER and is_literal(value))
        return next((language or "" for text, language, _ in answers if text.rstrip().endswith(answer)), "")

    def _statement(self, claim: str) -> Markup:
        """A claim's triple in words; its sign leads to the statement on its subject's page."""
        renderer = self.renderer
        triple = renderer.index.triple_of(claim)
        if not triple:
            return Markup("<code>{}</code>").format(claim)
        subject, predicate, object_, _ = split(triple)
        return Markup('{} <em>{}</em> {} <a class="unit" href="{}#{}" aria-label="{}">#</a>').format(
            renderer.link("", subject),
            renderer.worded(predicate),
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
                self._judged(sorted(entries)[:_MOST]), max(0, len(entries) - _MOST),
            )
            for kind, entries in found.items()
            if entries
        ]  # fmt: skip

    def _judged(self, entries: Sequence[tuple[bool, str]]) -> list[_JudgedGroup]:
        """Claims, each with whether it is last, by what stands behind them, so that nothing is read twice."""
        renderer, index = self.renderer, self.renderer.index
        groups: dict[tuple[bool, tuple[tuple[str, bool], ...], tuple[str, ...]], dict[bytes, list[Markup]]] = {}
        for last, name in entries:
            view, _ = index.claim(name)
            assert view is not None
            triple = index.triple_of(name)  # empty for a claim that is not whole
            subject, predicate, value = split(triple)[:3] if triple else (iri_token(name), b"", b"")
            notes = (*(index.scope_notes(predicate) if triple else ()), *view.notes)
            statements = groups.setdefault((last, tuple(view.units), notes), {}).setdefault(subject, [])
            if triple:
                href = f"{renderer.href('', iri(subject))}#{name.rpartition('.')[2]}"
                text = renderer.worded(predicate), renderer.worded(value)
                place = renderer.material.claim_places.get(name, "")
                where = Markup(' <code class="place">{}</code>').format(place) if place else ""
                statements.append(Markup('<a href="{}"><em>{}</em> {}</a>{}').format(href, *text, where))
        return [
            _JudgedGroup(
                unit_lines(renderer, "", units, placed=False),
                notes,
                [(renderer.link("", subject), statements) for subject, statements in subjects.items()],
            )
            for (_, units, notes), subjects in groups.items()
        ]
