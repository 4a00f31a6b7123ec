"""A reviewer's desk: the proposals that wait, in the order of their documents, judged and decided on.

Several threads may use one. What others change in the meantime, in the terminal, the browser or an editor, is looked
for before anything is judged or decided.
"""

import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ..atomic import alone_in
from ..errors import Finding
from ..project import Project, load_project
from ..proposals.acceptance import Accepted, Review
from ..proposals.assessment import Assessment
from ..proposals.decisions import Decision, Standing
from ..proposals.judge import Judge
from ..proposals.proposal import Proposal, ProposedClaim
from ..rdf.lines import split

__all__ = ["Desk", "Waiting"]

_Filter = Callable[[Judge, Proposal], bool]
#: File → its size and the time of its last change.
_Files = dict[Path, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A proposal that waits for a decision; `standing` is there where reviewers contradict one another on it."""

    proposal: Proposal
    standing: Standing | None = None


class Desk:
    """One reviewer's proposals, filtered by `wanted`. Methods raise what those of `Review` do."""

    def __init__(self, project: Project, reviewer: str, *, wanted: _Filter | None = None) -> None:
        self._lock = threading.RLock()
        self._wanted = wanted
        self._judged: dict[tuple[str, ProposedClaim], tuple[int, Assessment]] = {}
        self._generation = 0
        self._files = _files_of(project)  # before they are read: a change in between is read twice
        self.review = Review(project, reviewer)
        self._seen = self._decisions()

    @property
    def judge(self) -> Judge:
        """The judge, as of the last look."""
        return self.review.judge

    @property
    def reviewer(self) -> str:
        """The name under which decisions are recorded."""
        return self.review.reviewer

    def findings(self) -> list[Finding]:
        """What is wrong with files of proposals and of decisions, so that they are not read."""
        return [*self.review.queue.read()[1], *self.review.log.read()[1]]

    @contextmanager
    def alone(self) -> Iterator[Judge]:
        """Within the block no other thread is at the desk; what others changed before it is known."""
        with self._lock:
            self._catch_up()
            yield self.review.judge

    # ------------------------------------------------------------------ looking

    def waiting(self) -> list[Waiting]:
        """What waits, contested proposals included, in the order of documents and units, then by age."""
        with self.alone() as judge:
            found = [Waiting(proposal) for proposal in self.review.open()]
            found += [Waiting(proposal, standing) for proposal, standing in self.review.contested()]
            if self._wanted:
                found = [one for one in found if self._wanted(judge, one.proposal)]
            editions = {edition.iri: number for number, edition in enumerate(judge.dataset.editions)}

            def order(one: Waiting) -> tuple[int, int, str, str]:
                unit = judge.dataset.units.get(one.proposal.claim.unit)
                place = (editions[unit[0].iri], unit[1].start) if unit else (len(editions), 0)
                return *place, one.proposal.time, one.proposal.id

            return sorted(found, key=order)

    def fate(self, name: str) -> str:
        """What became of a proposal that does not wait, in words."""
        with self._lock:
            standing = self.review.standings().get(name)
        if standing is None:
            return "This was withdrawn, or is shown no more."
        last = standing.decisions[-1]
        return f"{last.reviewer} has {'accepted' if last.kind == 'accept' else 'refused'} this already."

    def last_assessment(self, proposal: Proposal, claim: ProposedClaim | None = None) -> Assessment | None:
        """What was said of it before, if nothing that it mentions has changed since; waits for nobody."""
        kept = self._judged.get((proposal.id, claim or proposal.claim))
        return kept[1] if kept else None

    def is_judged(self, proposal: Proposal, claim: ProposedClaim | None = None) -> bool:
        """Whether nothing at all has changed since it was judged, as far as this desk knows; waits for nobody."""
        kept = self._judged.get((proposal.id, claim or proposal.claim))
        return kept is not None and kept[0] == self._generation

    def assessment(self, proposal: Proposal, claim: ProposedClaim | None = None) -> Assessment:
        """What the judge says of a proposal, or of what a reviewer made of it, now."""
        key = (proposal.id, claim or proposal.claim)
        with self.alone() as judge:
            kept = self._judged.get(key)
            if kept and kept[0] == self._generation:
                return kept[1]
            made = judge.assess(claim) if claim else self.review.assess(proposal)
            self._judged[key] = self._generation, made
            return made

    # ------------------------------------------------------------------ deciding

    def accept(
        self,
        waiting: Waiting,
        *,
        implied: bool | None = None,
        edited: ProposedClaim | None = None,
        answers: Mapping[str, str] | None = None,
        seen: Collection[str] | None = None,
    ) -> Accepted:
        """Accept a proposal, or what a reviewer made of it; `seen` are the marks of the flags that were shown."""
        with self._turn():
            accepted = self.review.accept(
                waiting.proposal, implied=implied, edited=edited, answers=answers, settles=waiting.standing is not None,
                seen=seen,
            )  # fmt: skip
            self._forget([line for line, _ in accepted.decision.statements], accepted.decision.unit)
            return accepted

    def refuse(self, waiting: Waiting, reason: str) -> Decision:
        """Refuse a proposal, with a reason."""
        with self._turn():
            decision = self.review.refuse(waiting.proposal, reason, settles=waiting.standing is not None)
            if waiting.standing is not None:  # facts may have been taken back
                self._forget()
            return decision

    def undo(self, proposal: str | None = None) -> Decision:
        """Take back the reviewer's last decision, or the one on a proposal."""
        with self._turn():
            decision = self.review.undo(proposal)
            self._forget()
            return decision

    # ------------------------------------------------------------------ what others do

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Nobody else changes the project within the block, and what it changes is not taken for others' doing."""
        with self._lock, alone_in(self.review.project.root):
            self._catch_up()
            yield
            self._files = _files_of(self.review.project)
            self._seen = self._decisions()

    def _decisions(self) -> dict[tuple[str, str, str], Decision]:
        return {(one.proposal, one.reviewer, one.time): one for one in self.review.log.read()[0]}

    def _catch_up(self) -> None:
        """Know what others accepted; read the project again where its files changed in any other way."""
        files = _files_of(self.review.project)
        if files == self._files:
            return
        decisions = self._decisions()
        new = [one for key, one in decisions.items() if key not in self._seen]
        if not self._explains(new, files):
            project = load_project(self.review.project.root)
            self.review = Review(project, self.review.reviewer)
            files = _files_of(project)
            self._forget()
        else:
            for decision in new:
                claims = [
                    self.judge.claim(
                        line,
                        decision.unit or "",
                        implied=implied,
                        place=(self._file(name), 1),
                        grounds=decision.grounds_of(line, implied),
                    )
                    for (line, implied), (name, _) in zip(decision.statements, decision.written, strict=True)
                ]
                self.judge.add(claims)
                self._forget([line for line, _ in decision.statements], decision.unit)
        self._files, self._seen = files, decisions

    def _explains(self, decisions: list[Decision], files: _Files) -> bool:
        """Whether the lines that acceptances wrote are all that has changed in the files."""
        if files.keys() != self._files.keys() or any(one.kind == "undo" or one.settles for one in decisions):
            return False
        written: dict[Path, int] = {}
        for decision in decisions:
            if len(decision.statements) != len(decision.written):
                return False
            for name, line in decision.written:
                file = self._file(name)
                written[file] = written.get(file, 0) + len(line.encode()) + 1
        changed = {file: files[file][0] - self._files[file][0] for file in files if files[file] != self._files[file]}
        return changed == written

    def _file(self, name: str) -> Path:
        return self.review.project.root / name

    def _forget(self, lines: list[bytes] | None = None, unit: str | None = None) -> None:
        """Judge again what may be judged otherwise now; at once what mentions a thing of the statements, or the unit.

        Of the rest, what was said before is still shown until it is judged again.
        """
        self._generation += 1
        if lines is None:
            self._judged.clear()
            return
        touched = {token for line in lines for token in (split(line)[0], split(line)[2])}
        for key in list(self._judged):
            claim = key[1]
            if claim.unit == unit or any(touched & {split(line)[0], split(line)[2]} for line in claim.lines):
                del self._judged[key]


def _files_of(project: Project) -> _Files:
    """All files that the judge reads, with what tells that one has changed."""
    paths = [project.root / "kg.toml", *(document.path for document in project.documents if document.path)]
    for name in ("facts", "ontology", "shapes"):
        paths += (path for path in sorted(project.folder(name).rglob("*")) if not path.name.startswith("."))
    found = {}
    for path in paths:
        try:
            status = path.stat()
        except OSError:
            continue
        if path.is_file():
            found[path] = status.st_size, status.st_mtime_ns
    return found
