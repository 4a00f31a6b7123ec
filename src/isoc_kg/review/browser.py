"""Review in the browser: an ASGI application for one reviewer.

Everything that reads or changes the project runs in one thread at a time, at the desk; each answer is made whole.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote

from ..documents.editions import Edition
from ..errors import IsocKgError, UsageError, counted
from ..proposals.decisions import Standing
from ..proposals.judge import Assessment, Flagged, Judge
from ..proposals.menu import make_menu
from ..proposals.proposal import Proposal
from ..proposals.submission import Submission
from .access import Access
from .desk import Desk, Waiting
from .pages import ReviewPages, form_values
from .reading import Sheet, folds, pieces, rows_of, sheets
from .session import KEYS
from .view import claim_of_turtle, unit_label, view_of

__all__ = ["ReviewApplication"]

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",  # with less, browsers hide the origin of forms
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
_HTML, _JSON = "text/html; charset=utf-8", "application/json"
_MOST_BODY, _MOST_FIELDS = 1_000_000, 50
_PAGE_SECONDS = 1.0  #: so long a page waits for proposals on it to be judged
_SOURCE = "review"  #: the tool that a claim is proposed with that a reviewer makes


@dataclass(slots=True)
class _Reply:
    status: int = 200
    body: bytes = b""
    type: str = _HTML
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    path: str
    query: Mapping[str, str]
    form: Mapping[str, str]
    scripted: bool  #: whether a script asks, which takes JSON


class ReviewApplication:
    """The pages of a desk, for whoever `access` lets in."""

    def __init__(self, desk: Desk, access: Access) -> None:
        self.desk = desk
        self.access = access
        self.pages = ReviewPages(desk.judge.project, desk.reviewer, access.form_value)
        self._messages: list[str] = []  #: for the next page
        self._one = asyncio.Lock()
        self._judging: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        try:
            reply = await self._answer(scope, receive)
        except Exception:
            await _send(send, _Reply(500, b"Internal error; see the terminal.\n", "text/plain"), scope)
            raise
        await _send(send, reply, scope)

    async def _answer(self, scope: Scope, receive: Receive) -> _Reply:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        query = dict(parse_qsl(scope["query_string"].decode("latin-1"), max_num_fields=_MOST_FIELDS))
        if not self.access.has_host(headers):
            return _Reply(421, b"Not the address of this review.\n", "text/plain; charset=utf-8")
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        if method == "GET" and "token" in query and self.access.is_token(query["token"]):
            return _Reply(303, headers={"location": scope["path"], "set-cookie": self.access.cookie})
        if not self.access.is_known(headers):
            return _Reply(403, self.pages.closed)
        form: dict[str, str] = {}
        if method == "POST":
            body = await _body(receive)
            if body is None:
                return _Reply(413, b"Too long.\n", "text/plain; charset=utf-8")
            with suppress(ValueError):
                form = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True,
                                      max_num_fields=_MOST_FIELDS))  # fmt: skip
            if not self.access.may_change(headers, form):
                return _Reply(403, b"This was not sent by a page of the review.\n", "text/plain; charset=utf-8")
        elif method != "GET":
            return _Reply(405, b"GET or POST.\n", "text/plain; charset=utf-8", {"allow": "GET, HEAD, POST"})
        if found := self.pages.file(scope["path"]):
            return _Reply(200, found[1], found[0])
        request = _Request(method, scope["path"], query, form, headers.get("accept", "").startswith(_JSON))
        async with self._one:
            reply = await asyncio.to_thread(self._act, request)
        if self._judging is None or self._judging.done():
            self._judging = asyncio.create_task(self._judge_ahead())
        return reply

    async def _judge_ahead(self) -> None:
        """Judge what waits and was not judged yet, one at a time, so that requests come in between."""
        for one in await asyncio.to_thread(self._waiting):
            if self.desk.last_assessment(one.proposal) is None:
                async with self._one:
                    await asyncio.to_thread(self._judged, one.proposal)

    def _judged(self, proposal: Proposal) -> None:
        with suppress(IsocKgError, OSError):
            self.desk.assessment(proposal)

    def _waiting(self) -> Sequence[Waiting]:
        with suppress(IsocKgError, OSError):
            return self.desk.waiting()
        return []

    # ------------------------------------------------------------------ routes

    def _act(self, request: _Request) -> _Reply:
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

    def _failed(self, request: _Request, text: str, status: int) -> _Reply:
        if request.scripted:
            return _json({"error": text, "counts": self._counts()}, status)
        title = "Nothing was changed" if request.method == "POST" else "Not found"
        return self._page("message.html", status, title=title, text=text, keys=())

    def _page(self, template: str, status: int = 200, **context: Any) -> _Reply:
        messages, self._messages = self._messages, []
        return _Reply(status, self.pages.page(template, counts=self._counts(), messages=messages, **context))

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
            last = standing.decisions[-1]
            raise UsageError(f"{last.reviewer} has decided on this already ({last.kind}).")
        raise UsageError("there is no such proposal.", advice="It was withdrawn, or never made.")

    # ------------------------------------------------------------------ looking

    def _documents(self, request: _Request, rest: str) -> _Reply:
        waiting = self.desk.waiting()
        rows = []
        known = 0
        for edition in self.desk.judge.dataset.editions:
            count = sum(sheet.waiting for sheet in sheets(edition, waiting))
            known += count
            title = f"{edition.document.title}, edition {edition.document.edition}"
            rows.append({"path": _path(edition), "title": title, "units": len(edition.index.units), "waiting": count})
        elsewhere = counted(len(waiting) - known, "proposal") if len(waiting) > known else ""
        findings = [*self.desk.review.queue.read()[1], *self.desk.review.log.read()[1]]
        return self._page(
            "documents.html", rows=rows, elsewhere=elsewhere, findings=[one.message for one in findings][:20]
        )

    def _document(self, request: _Request, rest: str) -> _Reply:
        edition, waiting = self._edition(rest), self.desk.waiting()
        parts = sheets(edition, waiting)
        wanted = request.query.get("from", "")
        current = _sheet(edition, parts, wanted)
        units = list(edition.index.units.values())[current.start : current.end] if current else []
        numbers = {edition.unit_iri(unit.number) for unit in units}
        own = [one for one in waiting if one.proposal.claim.unit in numbers]
        end = time.monotonic() + _PAGE_SECONDS
        for one in own:
            if time.monotonic() > end:
                break
            self.desk.assessment(one.proposal)
        at = parts.index(current) if current else -1
        return self._page(
            "document.html", title=edition.document.title, path=_path(edition), edition=edition.iri, sheets=parts,
            current=current, following=parts[at + 1] if 0 <= at < len(parts) - 1 else None,
            folds=folds(rows_of(self.desk, edition, units, own)), revision=self._revision(),
        )  # fmt: skip

    def _revision(self) -> str:
        """What changes when anybody decides or proposes."""
        review = self.desk.review
        return f"{len(review.log.read()[0])}.{len(review.queue.read()[0])}"

    def _state(self, request: _Request, rest: str) -> _Reply:
        waiting = self.desk.waiting()
        revision = self._revision()
        value: dict[str, Any] = {"revision": revision, "counts": self._counts()}
        if request.query.get("revision") != revision:
            value["waiting"] = {one.proposal.id: one.proposal.claim.unit for one in waiting}
        asked = request.query.get("judged", "").split()
        value["judged"] = [one.proposal.id for one in waiting
                           if one.proposal.id in asked and self.desk.last_assessment(one.proposal)]  # fmt: skip
        return _json(value)

    def _row(self, request: _Request, rest: str) -> _Reply:
        return _json({"html": self._row_of(request.query.get("unit", ""))})

    def _row_of(self, unit: str) -> str:
        """A sentence with what stands beside it now."""
        known = self.desk.judge.dataset.units.get(unit)
        if known is None:
            raise UsageError("there is no such unit.")
        own = [one for one in self.desk.waiting() if one.proposal.claim.unit == unit]
        for one in own[:20]:
            self.desk.assessment(one.proposal)
        return self.pages.row(rows_of(self.desk, known[0], [known[1]], own)[0])

    def _keys(self, request: _Request, rest: str) -> _Reply:
        keys = {key: text for key, text in KEYS.items() if key not in ("w", "v", "q")}
        keys["c"] = "propose a claim that the selected words say"
        return self._page("message.html", title="Keys", text="", keys=list(keys.items()))

    def _things(self, request: _Request, rest: str) -> _Reply:
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

    def _decide(self, request: _Request, rest: str) -> _Reply:
        form = request.form
        one = self._one_waiting(rest)
        verdict = form.get("verdict", "")
        if verdict in ("judge", "edited"):
            return self._edited(request, one, accept=verdict == "edited")
        if verdict == "refuse":
            self.desk.refuse(one, form.get("reason", ""))
            message = "Refused."
        elif verdict in ("accept", "implied"):
            accepted = self.desk.accept(one, implied=True if verdict == "implied" else None)
            message = f"Accepted: {accepted.written[-1][1]}"
        else:
            raise UsageError("there is no such decision.")
        return self._done(request, one.proposal.claim.unit, message)

    def _done(self, request: _Request, unit: str, message: str) -> _Reply:
        """After a change: the sentence as it is now, for a script, or the way back to it."""
        if request.scripted:
            value = {"message": message, "unit": unit, "html": self._row_of(unit), "counts": self._counts(),
                     "revision": self._revision()}  # fmt: skip
            return _json(value)
        self._messages.append(message)
        return _Reply(303, headers={"location": self._back(unit)})

    def _back(self, unit: str) -> str:
        known = self.desk.judge.dataset.units.get(unit)
        if known is None:
            return "/"
        number = known[1].number
        return f"{_path(known[0])}?from={quote(number)}#u-{quote(number)}"

    def _undo(self, request: _Request, rest: str) -> _Reply:
        decision = self.desk.undo(request.form.get("proposal") or None)
        unit = decision.key[1] if decision.key else ""
        return self._done(request, unit, "Taken back.")

    def _proposal(self, request: _Request, rest: str) -> _Reply:
        one = self._one_waiting(rest)
        return self._editing(one, view_of(self.desk.judge, one.proposal).turtle, "", None)

    def _editing(
        self, one: Waiting, turtle: str, answer: str, assessment: Assessment | None, status: int = 200
    ) -> _Reply:
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
                "proposal.html", status, name=one.proposal.id, view=view, pieces=list(pieces(view.text or "", view.marks)),
                assessment=assessment, turtle=turtle, answer=answer, back=self._back(one.proposal.claim.unit),
            )  # fmt: skip

    def _edited(self, request: _Request, one: Waiting, *, accept: bool) -> _Reply:
        turtle, answer = request.form.get("turtle", "").replace("\r\n", "\n"), request.form.get("answer", "")
        if not accept:
            return self._editing(one, turtle, answer, None)
        with self.desk.alone() as judge:
            try:
                claim = claim_of_turtle(judge, turtle)
            except IsocKgError:
                return self._editing(one, turtle, answer, None)
            same = claim.key == one.proposal.claim.key and claim.introduces == one.proposal.claim.introduces
            edited = None if same else claim
            flags = self.desk.assessment(one.proposal, edited).flags if answer.strip() else ()
            answers = {flag.name: answer for flag in flags} or None
            try:
                accepted = self.desk.accept(one, edited=edited, implied=claim.implied, answers=answers)
            except UsageError as error:
                refusal = Assessment(Flagged("refused", error.message, error.advice))
                return self._editing(one, turtle, answer, refusal, 422)
        return self._done(request, claim.unit, f"Accepted: {accepted.written[-1][1]}")

    # ------------------------------------------------------------------ new claims

    def _claim(self, request: _Request, rest: str) -> _Reply:
        unit = request.query.get("unit", "")
        return self._claiming(unit, {"quote": request.query.get("quote", ""), "kind": "thing"}, None)

    def _claiming(
        self, unit: str, form: Mapping[str, str], assessment: Assessment | None, status: int = 200
    ) -> _Reply:
        """The page of a new claim on a unit, filled in as it was."""
        with self.desk.alone() as judge:
            if unit not in judge.dataset.units:
                raise UsageError("there is no such unit.")
            menu = make_menu(judge, unit)
            text = judge.unit_text(unit)
            values = form_values(form, *_FIELDS)
            at = text.find(values["quote"]) if text and values["quote"] else -1
            marks = [(at, at + len(values["quote"]))] if at >= 0 else []
            return self._page(
                "claim.html", status, unit=unit, label=unit_label(judge, unit), text=text,
                pieces=list(pieces(text or "", marks)), values=values, assessment=assessment, back=self._back(unit),
                things=[thing.labels[0] if thing.labels else thing.id for thing in menu.things],
                properties=[(one.property, one.label, one.definition) for one in menu.properties],
                classes=[(name, label) for name, label, _ in menu.classes],
            )  # fmt: skip

    def _propose(self, request: _Request, rest: str) -> _Reply:
        form = request.form
        unit = form.get("unit", "")
        with self.desk.alone() as judge:
            submission = Submission(judge, _SOURCE, self.desk.reviewer)
            arrival = submission.submit_json(_claim_json(judge, form), unit=unit)
            if arrival.id is None or arrival.claim is None:
                return self._claiming(unit, form, arrival.assessment, 422)
            submission.write()
            if form.get("verdict") == "accept":
                accepted = self.desk.accept(self._one_waiting(arrival.id))
                return self._done(request, unit, f"Accepted: {accepted.written[-1][1]}")
        return self._done(request, unit, "Proposed.")


_FIELDS = ("quote", "subject", "subject_class", "property", "object", "object_class", "kind", "support", "note")


def _claim_json(judge: Judge, form: Mapping[str, str]) -> dict[str, Any]:
    """A claim as programs propose it, out of the fields of a form."""
    given = {name: value.strip() for name, value in form.items()}

    def thing(name: str) -> Any:
        class_ = given.get(f"{name}_class")
        return {"new": {"type": class_, "label": given.get(name, "")}} if class_ else given.get(name, "")

    value: dict[str, Any] = {
        "subject": thing("subject"),
        "property": given.get("property", ""),
        "object": {"value": given.get("object", "")} if given.get("kind") == "literal" else thing("object"),
        "support": given.get("support") or "supported",
    }
    if form.get("quote"):
        value["quote"] = form["quote"]
    if given.get("note"):
        value["note"] = given["note"]
    return value


def _decided(standings: Any) -> dict[str, int]:
    """How many proposals were accepted, and refused."""
    kept: list[Standing] = list(standings)
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


def _json(value: Any, status: int = 200) -> _Reply:
    return _Reply(status, json.dumps(value, ensure_ascii=False).encode(), _JSON)


def _text_of(error: Exception) -> str:
    if isinstance(error, IsocKgError):
        text = f"{error.message} {error.advice or ''}".strip()
        return text[:1].upper() + text[1:]
    return str(error)


async def _body(receive: Receive) -> bytes | None:
    """The content of a request; None where it is too long."""
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return body
        body += message.get("body", b"")
        if len(body) > _MOST_BODY:
            return None
        if not message.get("more_body"):
            return body


async def _send(send: Send, reply: _Reply, scope: Scope) -> None:
    headers = {**_HEADERS, "content-type": reply.type, "content-length": str(len(reply.body)), **reply.headers}
    await send(
        {
            "type": "http.response.start",
            "status": reply.status,
            "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers.items()],
        }
    )
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else reply.body})
