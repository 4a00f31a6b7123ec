"""What each address of a review does: pages, decisions by forms, and answers for the pages' script."""

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ..documents.editions import Edition
from ..errors import IsocKgError, UsageError
from ..proposals.acceptance import UnseenFlags
from ..proposals.assessment import Assessment, Flagged
from ..proposals.decisions import Standing
from ..proposals.menu import make_menu
from ..proposals.proposal import IN_REVIEW, ProposedClaim
from ..proposals.submission import Submission
from .claim_form import claim_of_form, form_values
from .desk import Desk, Waiting
from .exchange import JSON, PageReply, PageRequest
from .pages import ReviewPages
from .reading import Sheet, folds, pieces, rows_of, sheets
from .session import KEYS
from .view import claim_of_turtle, turtle_of, unit_label, view_of

__all__ = ["Routes"]

_PAGE_SECONDS = 1.0  #: so long a page waits for proposals on it to be judged


class Routes:
    """The addresses; what they do is done at the desk."""

    def __init__(self, desk: Desk, pages: ReviewPages) -> None:
        self.desk = desk
        self.pages = pages
        self.shown: list[Waiting] = []  #: the proposals of the page that was shown last
        self._messages: list[str] = []  #: for the next page

    def answer(self, request: PageRequest) -> PageReply:
        """The answer, made at the desk; what goes wrong with what was asked is told on a page."""
        first, _, rest = request.path.strip("/").partition("/")
        try:
            if request.method == "POST":
                changes = {"proposal": self._decide, "undo": self._undo, "claim": self._propose}
                if first in changes:
                    return changes[first](request, rest)
            else:
                shows = {
                    "": self._documents, "document": self._document, "proposal": self._proposal, "claim": self._claim,
                    "state": self._state, "row": self._row, "things": self._things, "keys": self._keys,
                }  # fmt: skip
                if first in shows:
                    return shows[first](request, rest)
        except (IsocKgError, OSError) as error:
            return self._failed(request, _text_of(error), 409)
        return self._failed(request, "There is no such page.", 404)

    def _failed(self, request: PageRequest, text: str, status: int) -> PageReply:
        if request.scripted:
            return _json({"error": text, "counts": self._counts()}, status)
        title = self.pages.texts["review_unchanged" if request.method == "POST" else "not_found"]
        return self._page("message.html", status, title=title, text=self.pages.english(text), keys=())

    def _accepted(self, statement: str) -> str:
        """That a statement stands in the facts now."""
        return self.pages.texts["review_said_accepted"].format(statement=statement)

    def _page(self, template: str, status: int = 200, **context: Any) -> PageReply:
        messages, self._messages = self._messages, []
        return PageReply(status, self.pages.page(template, counts=self._counts(), messages=messages, **context))

    def _counts(self) -> dict[str, int]:
        with self.desk.alone():
            standings = self.desk.review.standings().values()
            waiting = len(self.desk.waiting())
            return {"waiting": waiting, **_decided(standings)}

    def _edition(self, path: str) -> Edition:
        for edition in self.desk.judge.dataset.editions:
            if path == f"{edition.document.slug}/{edition.document.edition}":
                return edition
        raise UsageError("there is no such document.")

    def _one_waiting(self, name: str) -> Waiting:
        for one in self.desk.waiting():
            if one.proposal.id == name:
                return one
        standing = self.desk.review.standings().get(name)
        if standing:
            raise UsageError(self.desk.fate(name))
        raise UsageError("there is no such proposal.", advice="It was withdrawn, or never made.")

    # ------------------------------------------------------------------ looking

    def _documents(self, request: PageRequest, rest: str) -> PageReply:
        waiting = self.desk.waiting()
        rows = []
        known = 0
        for edition in self.desk.judge.dataset.editions:
            count = sum(sheet.waiting for sheet in sheets(edition, waiting))
            known += count
            document = edition.document
            rows.append(
                {"path": _path(edition), "document": document, "units": len(edition.index.units), "waiting": count}
            )
        elsewhere = max(0, len(waiting) - known)
        findings = [f"{Path(one.file).name}: {one.message}" for one in self.desk.findings()[:20] if one.file]
        return self._page("documents.html", rows=rows, elsewhere=elsewhere, findings=findings)

    def _document(self, request: PageRequest, rest: str) -> PageReply:
        edition, waiting = self._edition(rest), self.desk.waiting()
        parts = sheets(edition, waiting)
        wanted = request.query.get("from", "")
        current = _sheet(edition, parts, wanted)
        units = list(edition.index.units.values())[current.start : current.end] if current else []
        numbers = {edition.unit_iri(unit.number) for unit in units}
        own = [one for one in waiting if one.proposal.claim.unit in numbers]
        self.shown = own
        end = time.monotonic() + _PAGE_SECONDS
        for one in own:
            if time.monotonic() > end:
                break
            self.desk.assessment(one.proposal)
        at = parts.index(current) if current else -1
        return self._page(
            "document.html", title=edition.document.title, path=_path(edition), edition=edition.iri, sheets=parts,
            current=current, following=parts[at + 1] if 0 <= at < len(parts) - 1 else None,
            onward=self._onward(edition, waiting), folds=folds(rows_of(self.desk, edition, units, own)),
            revision=self._revision(),
        )  # fmt: skip

    def _onward(self, edition: Edition, waiting: Sequence[Waiting]) -> dict[str, str] | None:
        """The next document on which proposals wait, the first behind the last; None where only this one has some."""
        editions = list(self.desk.judge.dataset.editions)
        at = editions.index(edition)
        for other in (*editions[at + 1 :], *editions[:at]):
            if any(sheet.waiting for sheet in sheets(other, waiting)):
                return {"path": _path(other), "title": other.document.title}
        return None

    def _revision(self) -> str:
        """What changes when anybody decides or proposes."""
        review = self.desk.review
        return f"{len(review.log.read()[0])}.{len(review.queue.read()[0])}"

    def _state(self, request: PageRequest, rest: str) -> PageReply:
        waiting = self.desk.waiting()
        revision = self._revision()
        value: dict[str, Any] = {"revision": revision, "counts": self._counts()}
        if request.query.get("revision") != revision:
            value["waiting"] = {one.proposal.id: one.proposal.claim.unit for one in waiting}
        asked = request.query.get("judged", "").split()
        value["judged"] = [one.proposal.id for one in waiting
                           if one.proposal.id in asked and self.desk.last_assessment(one.proposal)]  # fmt: skip
        return _json(value)

    def _row(self, request: PageRequest, rest: str) -> PageReply:
        return _json({"html": self._row_of(request.query.get("unit", ""))})

    def _row_of(self, unit: str, readings: Mapping[str, ProposedClaim] | None = None) -> str:
        """A sentence with what stands beside it now; `readings` as in `rows_of`."""
        known = self.desk.judge.dataset.units.get(unit)
        if known is None:
            raise UsageError("there is no such unit.")
        own = [one for one in self.desk.waiting() if one.proposal.claim.unit == unit]
        readings = readings or {}
        for one in own[:20]:
            self.desk.assessment(one.proposal, readings.get(one.proposal.id))
        return self.pages.row(rows_of(self.desk, known[0], [known[1]], own, readings)[0])

    def _keys(self, request: PageRequest, rest: str) -> PageReply:
        keys = {key: text for key, text in KEYS.items() if key not in ("v", "q")}
        keys["w"] = "answer the flags with a reason; Enter accepts"
        keys["c"] = "propose a claim that the selected words say"
        return self._page(
            "message.html",
            title=self.pages.texts["review_keys"],
            text="",
            keys=[(key, self.pages.english(does)) for key, does in keys.items()],
        )

    def _things(self, request: PageRequest, rest: str) -> PageReply:
        """Names of things that begin like, or have a word that begins like, what is typed."""
        typed = " ".join(request.query.get("q", "").casefold().split())[:200]
        found: list[tuple[bool, str]] = []
        with self.desk.alone() as judge:
            for thing, labels in judge.corpus.labels.items():
                if thing not in judge.corpus.types:
                    continue
                for label in labels:
                    folded = label.casefold()
                    if typed and (folded.startswith(typed) or f" {typed}" in folded):
                        found.append((not folded.startswith(typed), label))
        return _json({"names": [label for _, label in sorted(set(found))[:30]]})

    # ------------------------------------------------------------------ deciding

    def _decide(self, request: PageRequest, rest: str) -> PageReply:
        form = request.form
        one = self._one_waiting(rest)
        verdict = form.get("verdict", "")
        if verdict in ("judge", "edited"):
            return self._edited(request, one, accept=verdict == "edited")
        if verdict == "refuse":
            self.desk.refuse(one, form.get("reason", ""))
            message = self.pages.texts["review_said_refused"]
        elif verdict in ("accept", "implied"):
            answer = form.get("answer", "").strip()
            flags = self.desk.assessment(one.proposal).flags if answer else ()
            answers = {flag.name: answer for flag in flags} or None
            implied = verdict == "implied" or one.proposal.claim.implied
            try:
                accepted = self.desk.accept(one, implied=implied, answers=answers, seen=_seen(form))
            except UnseenFlags as error:
                return self._shown_first(request, one, replace(one.proposal.claim, implied=implied), _text_of(error))
            message = self._accepted(accepted.written[-1][1])
        else:
            raise UsageError("there is no such decision.")
        return self._done(request, one.proposal.claim.unit, message)

    def _shown_first(self, request: PageRequest, one: Waiting, claim: ProposedClaim, text: str) -> PageReply:
        """Nothing was accepted yet: the proposal, read as it was to be accepted, with the flags of that reading."""
        if request.scripted:
            readings = {} if claim == one.proposal.claim else {one.proposal.id: claim}
            value = {"error": text, "unit": claim.unit, "html": self._row_of(claim.unit, readings),
                     "counts": self._counts()}  # fmt: skip
            return _json(value)  # a question, which browsers are not to log as an error
        self._messages.append(self.pages.english(text))
        return self._editing(one, turtle_of(self.desk.judge, claim), "", None, 409)

    def _done(self, request: PageRequest, unit: str, message: str) -> PageReply:
        """After a change: the sentence as it is now, for a script, or the way back to it."""
        if request.scripted:
            value = {"message": message, "unit": unit, "html": self._row_of(unit), "counts": self._counts(),
                     "revision": self._revision()}  # fmt: skip
            return _json(value)
        self._messages.append(message)
        return PageReply(303, headers={"location": self._back(unit)})

    def _back(self, unit: str) -> str:
        known = self.desk.judge.dataset.units.get(unit)
        if known is None:
            return "/"
        number = known[1].number
        return f"{_path(known[0])}?from={quote(number)}#u-{quote(number)}"

    def _undo(self, request: PageRequest, rest: str) -> PageReply:
        decision = self.desk.undo(request.form.get("proposal") or None)
        unit = decision.key[1] if decision.key else ""
        return self._done(request, unit, self.pages.texts["review_said_undone"])

    def _proposal(self, request: PageRequest, rest: str) -> PageReply:
        one = self._one_waiting(rest)
        return self._editing(one, view_of(self.desk.judge, one.proposal).turtle, "", None)

    def _editing(
        self, one: Waiting, turtle: str, answer: str, assessment: Assessment | None, status: int = 200
    ) -> PageReply:
        """The page on which a proposal is edited, with what the judge says of it as it stands there."""
        with self.desk.alone() as judge:
            claim = None
            try:
                claim = claim_of_turtle(judge, turtle)
            except IsocKgError as error:
                assessment = Assessment(Flagged("form", error.message, error.advice))
                status = 422
            if claim is not None and assessment is None:
                edited = None if claim.key == one.proposal.claim.key else claim
                assessment = self.desk.assessment(one.proposal, edited)
            view = view_of(judge, one.proposal, claim)
            return self._page(
                "proposal.html", status, name=one.proposal.id, view=view,
                pieces=list(pieces(view.text or "", view.marks)), assessment=assessment, turtle=turtle, answer=answer,
                back=self._back(one.proposal.claim.unit),
            )  # fmt: skip

    def _edited(self, request: PageRequest, one: Waiting, *, accept: bool) -> PageReply:
        turtle, answer = request.form.get("turtle", "").replace("\r\n", "\n"), request.form.get("answer", "")
        if not accept:
            return self._editing(one, turtle, answer, None)
        with self.desk.alone() as judge:
            try:
                claim = claim_of_turtle(judge, turtle)
            except IsocKgError:
                return self._editing(one, turtle, answer, None)
            proposed = one.proposal.claim
            same = (claim.key, claim.introduces, dict(claim.grounds)) == (
                proposed.key, proposed.introduces, dict(proposed.grounds)
            )  # fmt: skip
            edited = None if same else claim
            flags = self.desk.assessment(one.proposal, edited).flags if answer.strip() else ()
            answers = {flag.name: answer for flag in flags} or None
            try:
                accepted = self.desk.accept(
                    one, edited=edited, implied=claim.implied, answers=answers, seen=_seen(request.form)
                )
            except UsageError as error:
                self._messages.append(self.pages.english(_text_of(error)))
                return self._editing(one, turtle, answer, None, 422)
        return self._done(request, claim.unit, self._accepted(accepted.written[-1][1]))

    # ------------------------------------------------------------------ new claims

    def _claim(self, request: PageRequest, rest: str) -> PageReply:
        unit = request.query.get("unit", "")
        return self._claiming(unit, {"quote": request.query.get("quote", ""), "kind": "thing"}, None)

    def _claiming(
        self, unit: str, form: Mapping[str, str], assessment: Assessment | None, status: int = 200
    ) -> PageReply:
        """The page of a new claim on a unit, filled in as it was."""
        with self.desk.alone() as judge:
            if unit not in judge.dataset.units:
                raise UsageError("there is no such unit.")
            menu = make_menu(judge, unit)
            text = judge.unit_text(unit)
            values = form_values(form)
            at = text.find(values["quote"]) if text and values["quote"] else -1
            marks = [(at, at + len(values["quote"]))] if at >= 0 else []
            return self._page(
                "claim.html", status, unit=unit, label=unit_label(judge, unit), text=text,
                pieces=list(pieces(text or "", marks)), values=values, assessment=assessment, back=self._back(unit),
                things=[thing.labels[0] if thing.labels else thing.id for thing in menu.things],
                properties=[(one.property, one.label, one.definition) for one in menu.properties],
                classes=[(name, label) for name, label, _ in menu.classes],
            )  # fmt: skip

    def _propose(self, request: PageRequest, rest: str) -> PageReply:
        form = request.form
        unit = form.get("unit", "")
        with self.desk.alone() as judge:
            submission = Submission(judge, IN_REVIEW, self.desk.reviewer)
            arrival = submission.submit_json(claim_of_form(form), unit=unit)
            if arrival.id is None or arrival.claim is None:
                return self._claiming(unit, form, arrival.assessment, 422)
            accepting = form.get("verdict") == "accept"
            if accepting and not arrival.assessment.marks <= _seen(form):
                return self._claiming(unit, form, arrival.assessment, 409)
            submission.write()
            if accepting:
                accepted = self.desk.accept(self._one_waiting(arrival.id), seen=_seen(form))
                return self._done(request, unit, self._accepted(accepted.written[-1][1]))
        return self._done(request, unit, self.pages.texts["review_said_proposed"])


def _seen(form: Mapping[str, str]) -> frozenset[str]:
    """The marks of the flags that were on the page."""
    return frozenset(form.get("seen", "").split())


def _decided(standings: Iterable[Standing]) -> dict[str, int]:
    """How many proposals were accepted, and refused."""
    kept = list(standings)
    return {
        "accepted": sum(one.accepted is not None for one in kept),
        "refused": sum(one.refused is not None for one in kept),
    }


def _sheet(edition: Edition, parts: Sequence[Sheet], number: str) -> Sheet | None:
    """The page that has a unit; without one, the first on which something waits."""
    if number in edition.index.units:
        place = list(edition.index.units).index(number)
        return next(sheet for sheet in parts if sheet.start <= place < sheet.end)
    return next((sheet for sheet in parts if sheet.waiting), parts[0] if parts else None)


def _path(edition: Edition) -> str:
    return f"/document/{quote(edition.document.slug)}/{quote(edition.document.edition)}"


def _json(value: Any, status: int = 200) -> PageReply:
    return PageReply(status, json.dumps(value, ensure_ascii=False).encode(), JSON)


def _text_of(error: Exception) -> str:
    if isinstance(error, IsocKgError):
        text = f"{error.message} {error.advice or ''}".strip()
        return text[:1].upper() + text[1:]
    return str(error)
