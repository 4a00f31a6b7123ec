"""Statements of a project's own ontology and shapes that rest on units: these files are published as they are."""

import re
from collections.abc import Mapping
from pathlib import Path

import pyoxigraph as ox

from ..namespaces import EV, RDF
from ..project import Project
from ..rdf import read_located
from ..rdf.tokens import PART_TOKENS, term_token, triple_line
from .annotations import CONTRADICTING, SUPPORTING
from .facts import Claim

__all__ = ["own_schema_files", "schema_claims"]

_Located = tuple[ox.Quad, int]  # with the line
_BLANK = re.compile(rb"_:\S+")


def own_schema_files(project: Project) -> list[Path]:
    """The project's own files of ontology and shapes, besides the alignments, which are read as facts."""
    return [*project.turtle_files("ontology", besides="alignments.ttl"), *project.turtle_files("shapes")]


def schema_claims(project: Project, contents: Mapping[Path, bytes] | None = None) -> dict[bytes, Claim]:
    """The statements in schema files, by default all, that rest on units, by their triple.

    `contents` are those that files are to have. What is said of a reifier, in either form, is said of its triple; a
    statement about anything else that names a unit stands for itself.
    """
    claims: dict[bytes, Claim] = {}
    sources: Mapping[Path, bytes | Path] = contents or {file: file for file in own_schema_files(project)}
    for file, source in sources.items():
        _add(project, file, source, claims)
    return claims


def _add(project: Project, file: Path, source: bytes | Path, claims: dict[bytes, Claim]) -> None:
    """Add the claims of a file."""
    reified, said = _read(project, file, source)
    for subject, statements in said.items():
        for quad, line in statements:
            own = triple_line(*map(term_token, (quad.subject, quad.predicate, quad.object)))
            # labels of blank nodes are others at each reading
            triple = _BLANK.sub(b"_:b", reified.get(subject, own))
            named = triple if subject in reified else triple.rpartition(b" <")[0]  # whatever unit it names
            claim = claims.get(triple)
            if claim is None:
                iri = project.ids.claim(named if named.startswith(b"<") else b"<>" + named)
                claim = claims[triple] = Claim(triple, iri)
            if (file, line) not in claim.places:
                claim.places.append((file, line))
            claim.evidence.setdefault(quad.predicate.value, {}).setdefault(str(quad.object), (file, line))


def _read(project: Project, file: Path, source: bytes | Path) -> tuple[dict[str, bytes], dict[str, list[_Located]]]:
    """The triples of a file's reifiers, and by subject what is said that names units, with the answers beside it."""
    units = project.ids.document("")
    reified: dict[str, bytes] = {}
    parts: dict[str, dict[bytes, bytes]] = {}
    said: dict[str, list[_Located]] = {}
    answers: list[_Located] = []
    for quad, line in read_located(source, base=project.ids.base, limits=project.limits, name=str(file), confined=True):
        subject, predicate, value = str(quad.subject), quad.predicate.value, quad.object
        if isinstance(value, ox.Triple):
            if predicate == RDF.reifies:
                reified[subject] = triple_line(*map(term_token, (value.subject, value.predicate, value.object)))
        elif (part := term_token(quad.predicate)) in PART_TOKENS:
            parts.setdefault(subject, {})[part] = term_token(value)
        elif predicate in (*SUPPORTING, *CONTRADICTING) or (
            isinstance(value, ox.NamedNode) and value.value.startswith(units) and "#" in value.value
        ):
            said.setdefault(subject, []).append((quad, line))
        elif predicate == EV.answer:
            answers.append((quad, line))
    for subject, tokens in parts.items():
        if tokens.keys() >= set(PART_TOKENS):
            reified.setdefault(subject, triple_line(*(tokens[part] for part in PART_TOKENS)))
    for quad, line in answers:
        if str(quad.subject) in said:
            said[str(quad.subject)].append((quad, line))
    return reified, said
