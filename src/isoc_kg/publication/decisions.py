"""Editors' decisions whose value changed: a reason that was given for one value decides nothing about another.

What a reason was given for, only the publication before tells: the data in the project's output folder. As long as a
build stops, they stay, and so does the finding.
"""

import re
from collections.abc import Iterator

from ..atomic import MANIFEST
from ..authoring.dataset import Dataset
from ..errors import Finding
from ..evidence.answers import statement_name
from ..evidence.reification import claims_in
from ..namespaces import EV
from ..rdf.lines import literal, split

__all__ = ["outlived_decisions"]

_DECISIONS = {EV.preferred: "preferred", EV.retracted: "retracted"}
_LINE = re.compile(rb"(<[^<>\s]+>) <[^<>\s]+> (?:<[^<>\s]+>|\"[^\n]*) \.\n?")


def outlived_decisions(dataset: Dataset) -> Iterator[Finding]:
    """Decisions on claims that took the place of the published ones on which the same words decided."""
    deciding = [claim for claim in dataset.claims.values() if not claim.evidence.keys().isdisjoint(_DECISIONS)]
    before = _published(dataset) if deciding else {}
    for claim in deciding:
        subject, predicate, object_, _ = split(claim.triple)
        for name, word in _DECISIONS.items():
            for reason, (file, line) in claim.evidence.get(name, {}).items():
                others = before.get((subject, predicate, name, reason), [])
                if not others or object_ in others or any(_same(dataset, claim.triple, other) for other in others):
                    continue
                yield Finding(
                    f"{statement_name(dataset, claim)}: the reason was given when {_text(others[0])} was {word}.",
                    "error",
                    file,
                    line,
                    claim.iri,
                    f"Look whether it holds for {_text(object_)}: give the reason for that in other words, "
                    f"or remove ev:{word}.",
                )


def _same(dataset: Dataset, triple: bytes, other: bytes) -> bool:
    """Whether the published claim is still there, beside this one."""
    subject, predicate, _, _ = split(triple)
    return b"%s %s %s .\n" % (subject, predicate, other) in dataset.claims


def _published(dataset: Dataset) -> dict[tuple[bytes, bytes, str, str], list[bytes]]:
    """Subject, property, kind and words of the decisions published last → the objects that were decided on."""
    folder = dataset.project.folder("out")
    file = folder / f"{dataset.project.name}.nt"
    if not (folder / MANIFEST).is_file() or not file.is_file():
        return {}
    lines = file.read_bytes().splitlines(keepends=True)
    names = tuple(f"<{name}>".encode() for name in _DECISIONS)
    claims = {line.partition(b" ")[0] for line in lines if line.split(b" ", 2)[1:2] and line.split(b" ", 2)[1] in names}
    found: dict[tuple[bytes, bytes, str, str], list[bytes]] = {}
    own = [line for line in lines if line.partition(b" ")[0] in claims and _LINE.fullmatch(line)]
    for triple, claim in claims_in(own).items():
        subject, predicate, object_, _ = split(triple)
        for name in _DECISIONS:
            for reason in claim.evidence.get(name, {}):
                found.setdefault((subject, predicate, name, reason), []).append(object_)
    return found


def _text(object_: bytes) -> str:
    return f"“{literal(object_)[0]}”" if object_.startswith(b'"') else object_.decode()
