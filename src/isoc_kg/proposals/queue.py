"""The queue: claims that are proposed, as Turtle 1.2 in which nothing is asserted.

Each submission is a file of its own, `proposals/TIME-SOURCE-DIGEST.ttl`, never rewritten: a file whose content
has another digest than its name proposes nothing. A proposal is a reifier
(https://www.w3.org/TR/rdf12-concepts/#section-triple-terms) of the statement, and of those that introduce new things:
`rdf:reifies <<( s p o )>>` asserts none of them. Whoever reads such a file with another tool gets no fact either.
A type or name of a new thing that has grounds of its own is reified once more, as `NAME-1`, `NAME-2`, … with these.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from ..atomic import alone_in, write_file
from ..authoring.annotations import Annotations
from ..errors import Finding, IsocKgError, UsageError
from ..formats import TURTLE
from ..limits.regular_files import read_regular
from ..namespaces import DCTERMS, EV, OA, PROV, RDF, SCHEMA, SKOS, SPDX, XSD
from ..project import Project
from ..rdf.lines import literal
from ..rdf.prefixed_names import TURTLE_LOCAL, ShortNames
from ..rdf.reading import read_quads
from ..rdf.tokens import iri_token, term_token, text_token, triple_line, typed_token
from .decisions import DecisionLog, now, standing
from .proposal import GROUNDS, Proposal, ProposedClaim, Quote, proposal_id

__all__ = [
    "MOST_OPEN",
    "ProposalQueue",
    "changed_files",
    "open_units",
    "undecided",
    "write_submission",
    "write_withdrawal",
]

#: So many proposals may be open; more are refused until some are decided on.
MOST_OPEN = 10_000
#: A submission is read up to so many bytes.
_BYTES = 50_000_000
_SUPPORT = {EV.supportedBy: False, EV.impliedBy: True}
#: The name of a part of a proposal: a line of a new thing with grounds of its own.
_PART = re.compile("[0-9a-f]{16}-[0-9]+")
_HEAD = b"# Proposed claims: nothing here is a fact. isoc-kg review decides on them; this file is not to be changed.\n"


def _proposal_iri(project: Project, name: str) -> str:
    """The IRI of a proposal, which is used in the queue alone."""
    return f"{project.base}proposal/{name}"


class ProposalQueue:
    """The submissions of a project; each file is read once, since none is ever rewritten."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._files: dict[tuple[str, int, int], _Submission] = {}

    def read(self) -> tuple[list[Proposal], list[Finding]]:
        """All proposals that were not withdrawn, the oldest first, none twice, and what is wrong with files."""
        folder = self.project.proposals_folder
        submissions = []
        current = {}
        for path in sorted(folder.glob("*.ttl")) if folder.is_dir() else ():
            try:
                status = path.stat()
            except OSError:
                continue
            key = path.name, status.st_size, status.st_mtime_ns
            current[key] = self._files.get(key) or _read_submission(self.project, path)
            submissions.append(current[key])
        self._files = current
        withdrawn: dict[tuple[str, str], str] = {}
        for submission in submissions:
            for name, source, moment in submission.withdrawn:
                withdrawn[name, source] = max(moment, withdrawn.get((name, source), ""))
        proposals: dict[str, Proposal] = {}
        for submission in submissions:
            for proposal in submission.proposals:
                if proposal.time > withdrawn.get((proposal.id, proposal.source), ""):
                    proposals.setdefault(proposal.id, proposal)
        findings = [finding for submission in submissions for finding in submission.findings]
        return sorted(proposals.values(), key=lambda one: (one.time, one.id)), findings


def open_units(project: Project) -> set[str]:
    """The units (IRIs) that open proposals rest on."""
    return {one.claim.unit for one in undecided(project)}


def changed_files(project: Project) -> list[Finding]:
    """The files of the queue that are not as they were written, and so propose nothing: a warning on each.

    Their statements are not read, so that this takes little time.
    """
    folder = project.proposals_folder
    findings = []
    for path in sorted(folder.glob("*.ttl")) if folder.is_dir() else ():
        try:
            _content(path)
        except (UsageError, OSError) as error:
            findings.append(_unread(path, *_reason(error)))
    return findings


def undecided(project: Project) -> list[Proposal]:
    """The proposals on which no decision stands, or reviewers contradict one another, the oldest first."""
    decided = standing(DecisionLog(project).read()[0])
    return [one for one in ProposalQueue(project).read()[0] if one.id not in decided or decided[one.id].contested]


@dataclass(frozen=True, slots=True)
class _Submission:
    proposals: tuple[Proposal, ...]
    withdrawn: tuple[tuple[str, str, str], ...]  #: name, source and time
    findings: tuple[Finding, ...]


def write_submission(project: Project, proposals: Sequence[Proposal]) -> Path:
    """Write proposals of one source and time as a new file of the queue; it is there whole or not at all."""
    lines = [line for proposal in proposals for line in _lines(project, proposal)]
    return _write(project, proposals[0], _turtle(project, lines))


def write_withdrawal(project: Project, proposal: Proposal) -> Path:
    """Take a proposal out of the queue, by a file of its own, as the source that proposed it."""
    name = iri_token(_proposal_iri(project, proposal.id))
    moment = now()
    lines = [
        triple_line(name, iri_token(PROV.invalidatedAtTime), typed_token(moment, XSD.dateTime)),
        triple_line(name, iri_token(SCHEMA.instrument), text_token(proposal.source)),
    ]
    return _write(project, Proposal(proposal.claim, proposal.source, moment), _turtle(project, lines))


def _write(project: Project, first: Proposal, content: bytes) -> Path:
    stem = f"{re.sub('[^0-9TZ]', '', first.time)}-{_slug(first.source)}-{_digest(content)}"
    path = project.proposals_folder / f"{stem}.ttl"
    with alone_in(project.root):
        if path.exists():
            raise UsageError(f"{path} is there already.", advice="It has the same proposals.")
        write_file(path, content, fixed=True)
    return path


def _digest(content: bytes) -> str:
    """What a file's name says of its content, whatever line ends version control gives it."""
    return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()[:12]


def _content(path: Path) -> bytes:
    """A file of the queue. Raises `OSError`, and `UsageError` where it is not as it was written."""
    data = read_regular(path, _BYTES)
    if path.stem.rpartition("-")[2] != _digest(data):
        raise UsageError("the file was changed, or not written to its end: its name is not the digest of its content.")
    return data


def _reason(error: IsocKgError | OSError) -> tuple[str, int | None]:
    """Why a file proposes nothing, and the line."""
    message = error.message if isinstance(error, IsocKgError) else f"{error.strerror}."
    line = error.line if isinstance(error, IsocKgError) else None
    return f"its proposals are not read: {message}", line


def _slug(name: str) -> str:
    """A part of a file's name: lower-case words joined by hyphens, whatever the name has."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall("[a-z0-9]+", plain))[:40].strip("-") or "unnamed"


def _lines(project: Project, proposal: Proposal) -> Iterator[bytes]:
    claim, quote = proposal.claim, proposal.quote
    name = iri_token(_proposal_iri(project, proposal.id))

    def say(predicate: str, value: bytes) -> bytes:
        return triple_line(name, iri_token(predicate), value)

    for line in (claim.triple, *claim.introduces):
        yield say(RDF.reifies, b"<<( " + line[: -len(b" .\n")] + b" )>>")
    yield say(EV.impliedBy if claim.implied else EV.supportedBy, iri_token(claim.unit))
    if quote:
        yield say(OA.start, typed_token(quote.start, XSD.nonNegativeInteger))
        yield say(OA.end, typed_token(quote.end, XSD.nonNegativeInteger))
        yield say(SPDX.checksumValue, typed_token(quote.sha256, XSD.hexBinary))
        if quote.text is not None:
            yield say(OA.exact, text_token(quote.text))
    yield say(DCTERMS.created, typed_token(proposal.time, XSD.dateTime))
    yield say(SCHEMA.instrument, text_token(proposal.source))
    if proposal.proposer:
        yield say(DCTERMS.creator, text_token(proposal.proposer))
    if claim.note:
        yield say(SKOS.note, text_token(claim.note))
    for number, (line, grounds) in enumerate(claim.grounds, 1):
        part = iri_token(f"{_proposal_iri(project, proposal.id)}-{number}")
        yield triple_line(part, iri_token(RDF.reifies), b"<<( " + line[: -len(b" .\n")] + b" )>>")
        for predicate, value in grounds:
            yield triple_line(part, iri_token(predicate), value)


def _turtle(project: Project, lines: Iterable[bytes]) -> bytes:
    """The lines as Turtle: canonical tokens, IRIs shortened; a triple term's inside stays canonical."""
    names = ShortNames(project.prefixes, TURTLE_LOCAL)
    body: list[bytes] = []
    last = b""
    for line in lines:
        subject, predicate, value = line[: -len(b" .\n")].split(b" ", 2)
        if value.startswith(b"<<( "):
            inner = value[len(b"<<( ") : -len(b" )>>")].split(b" ", 2)
            value = b"<<( " + b" ".join(_short(token, names) for token in inner) + b" )>>"
        else:
            value = _short(value, names)
        if subject != last:
            body += [b" .\n\n" if last else b"\n", names[subject]]
        body += [b" ;\n    " if subject == last else b" ", names[predicate], b" ", value]
        last = subject
    prefixes = [
        b"@prefix %s: <%s> .\n" % (name.encode(), project.prefixes[name].encode()) for name in sorted(names.used)
    ]
    return b"".join([_HEAD, *prefixes, *body, b" .\n"])


def _short(token: bytes, names: ShortNames) -> bytes:
    """A token as Turtle has it; a literal's datatype is shortened, too."""
    if token.startswith(b'"'):
        end = token.rindex(b'"') + 1
        return token[: end + 2] + names[token[end + 2 :]] if token[end : end + 2] == b"^^" else token
    return names[token]


def _read_submission(project: Project, path: Path) -> _Submission:
    """What a file of the queue has; a file of another form proposes nothing, and a finding says so."""
    described: dict[str, dict[str, list[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]]] = {}
    try:
        for quad in read_quads(_content(path), TURTLE, base=project.base, limits=project.limits, name=path.name):
            described.setdefault(str(quad.subject), {}).setdefault(quad.predicate.value, []).append(quad.object)
    except (IsocKgError, OSError) as error:
        return _Submission((), (), (_unread(path, *_reason(error)),))
    proposals, withdrawn, findings = [], [], []
    space = f"<{_proposal_iri(project, '')}"
    parts: dict[str, list[_Values]] = {}
    for subject, values in described.items():
        if subject.startswith(space) and _PART.fullmatch(name := subject[len(space) : -1]):
            parts.setdefault(name.partition("-")[0], []).append(values)
    for subject, values in described.items():
        try:
            if not subject.startswith(space):
                raise ValueError("it is not named as a proposal")
            name = subject[len(space) : -1]
            if _PART.fullmatch(name):
                continue
            if PROV.invalidatedAtTime in values:
                moment = _one_text(values, PROV.invalidatedAtTime)
                withdrawn.append((name, _one_text(values, SCHEMA.instrument), moment))
                continue
            proposals.append(_proposal(name, values, path, parts.get(name, ())))
        except (ValueError, KeyError, OverflowError) as error:
            findings.append(_unread(path, f"{subject[:200]} is not a proposal: {error}."))
    return _Submission(tuple(proposals), tuple(withdrawn), tuple(findings))


def _unread(path: Path, message: str, line: int | None = None) -> Finding:
    advice = "Files of the queue are written by isoc-kg alone; restore it from version control, or remove it."
    return Finding(message, "warning", path, line, advice=advice)


_Values = Mapping[str, Sequence[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]]


def _proposal(name: str, values: _Values, path: Path, parts: Sequence[_Values]) -> Proposal:
    """The proposal that a reifier is. Raises `ValueError` for any other form."""
    support = [(how, unit) for how in _SUPPORT for unit in values.get(how, ())]
    if len(support) != 1 or not isinstance(support[0][1], ox.NamedNode):
        raise ValueError("it rests on no unit, or on several")
    how, unit = support[0][0], support[0][1].value
    lines = _reified(values)
    triple = next((line for line in lines if proposal_id((line, unit)) == name), None)
    if triple is None:
        raise ValueError("its name is not the digest of what it proposes")
    claim = ProposedClaim(
        triple,
        unit,
        _SUPPORT[how],
        tuple(line for line in lines if line != triple),
        note=_text(values, SKOS.note),
        grounds=tuple(_grounds(part, lines) for part in parts),
    )
    quote = None
    if OA.start in values:
        start, end = (int(_one_text(values, key)) for key in (OA.start, OA.end))
        if not 0 <= start < end:
            raise ValueError("the quote's place is not a range")
        quote = Quote(start, end, _one_text(values, SPDX.checksumValue), _text(values, OA.exact))
    return Proposal(
        claim,
        _one_text(values, SCHEMA.instrument),
        _one_text(values, DCTERMS.created),
        _text(values, DCTERMS.creator),
        quote,
        path,
    )


def _reified(values: _Values) -> list[bytes]:
    lines = []
    for term in values.get(RDF.reifies, ()):
        if not isinstance(term, ox.Triple) or not isinstance(term.subject, ox.NamedNode):
            raise ValueError("it reifies no statement about a thing")
        if not isinstance(term.object, (ox.NamedNode, ox.Literal)):
            raise ValueError("the object is neither an IRI nor a literal")
        lines.append(triple_line(*map(term_token, (term.subject, term.predicate, term.object))))
    return lines


def _grounds(values: _Values, lines: Sequence[bytes]) -> tuple[bytes, Annotations]:
    """A line of a new thing, with what stands behind it."""
    reified = _reified(values)
    if len(reified) != 1 or reified[0] not in lines:
        raise ValueError("grounds are given of a statement that it does not have")
    given = []
    for predicate in GROUNDS:
        for value in values.get(predicate, ()):
            if not isinstance(value, (ox.NamedNode, ox.Literal)):
                raise ValueError("the ground of a statement is neither an IRI nor a text")
            given.append((predicate, term_token(value)))
    return reified[0], tuple(given)


def _text(values: _Values, predicate: str) -> str | None:
    return _one_text(values, predicate) if predicate in values else None


def _one_text(values: _Values, predicate: str) -> str:
    found = values.get(predicate, ())
    if len(found) != 1 or not isinstance(found[0], ox.Literal):
        raise ValueError(f"it needs one text as <{predicate}>")
    return literal(term_token(found[0]))[0]
