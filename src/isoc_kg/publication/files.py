"""What a publication consists of: the gate that it passed, and each of its data files as bytes."""

import hashlib
import io
import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .. import rdf
from ..authoring.dataset import Dataset
from ..errors import Finding, IsocKgError
from ..evidence.check import EvidenceCheck, check_evidence
from ..formats import JSONLD, NQUADS, NTRIPLES, RDFXML, TRIG, TURTLE, Format
from ..namespaces import RDF
from ..project import Project
from ..rdf.lines import split
from ..validation import Report, check_by_shacl, check_shapes, default_engine, validate
from .description import DataFile, describe_dataset

__all__ = ["Gate", "NotConforming", "check_dataset", "context_of", "release_files"]


@dataclass(frozen=True, slots=True)
class Gate:
    """What stands between the facts and their publication: findings and SHACL reports."""

    findings: tuple[Finding, ...]
    data: Report
    ontology: Report | None
    evidence: EvidenceCheck

    @property
    def passed(self) -> bool:
        """Whether nothing but warnings was found."""
        reports = [self.data] + ([self.ontology] if self.ontology else [])
        errors = any(finding.severity == "error" for finding in self.findings)
        return not errors and all(report.conforms for report in reports)


class NotConforming(IsocKgError):
    """The gate did not open; nothing was written."""

    exit_code = 1

    def __init__(self, gate: Gate, dataset: Dataset) -> None:
        super().__init__("the publication does not conform; nothing was written.")
        self.gate = gate
        self.dataset = dataset


def check_dataset(
    dataset: Dataset, engine: str | None = None, documents: Sequence[Path] = (), *, verify: bool = False
) -> Gate:
    """Hold a dataset against the project's shapes, its ontology against the ontology's, its evidence against the texts."""
    project = dataset.project
    findings = list(dataset.findings)
    for path in [*project.shapes_files, *filter(None, [project.ontology_shapes_file])]:
        located = list(rdf.read_located(path, limits=project.limits))
        findings += check_shapes(
            ((quad, path, line) for quad, line in located), fast=(engine or default_engine()) != "pyshacl"
        )
    shapes = b"".join(line for path in project.shapes_files for line in rdf.read_lines(path))
    data = b"".join(rdf.merge(dataset.published, dataset.graph("ontology"), dataset.graph("alignments")))
    style = b""
    if project.ontology_shapes_file:
        style = b"".join(rdf.read_lines(project.ontology_shapes_file))
    with ThreadPoolExecutor(2) as pool:  # each engine is a process of its own
        well_formed = pool.submit(check_by_shacl, shapes + style, project.limits)
        report = pool.submit(validate, [data], shapes, engine=engine, limits=project.limits)
        evidence = check_evidence(dataset, documents, verify=verify)
        ontology = None
        if style:
            ontology = validate([b"".join(dataset.graph("ontology"))], style, engine=engine, limits=project.limits)
        findings += [*evidence.errors, *evidence.warnings, *well_formed.result()]
        return Gate(tuple(findings), report.result(), ontology, evidence)


def context_of(project: Project) -> dict[str, Any] | None:
    """The project's JSON-LD context, when it has one."""
    if project.context_file is None:
        return None
    context: dict[str, Any] = json.loads(project.context_file.read_text(encoding="utf-8"))["@context"]
    return context


def release_files(
    dataset: Dataset, gate: Gate, files: list[DataFile], *, rdf12: bool = False
) -> Iterator[tuple[str, bytes]]:
    """Every file in turn; `files` fills with what was written, for the descriptions that come last."""
    project = dataset.project
    prefixes = project.prefixes
    context = context_of(project)
    name = project.name

    def rendered(
        file: str, lines: list[bytes], format_: Format, context_: dict[str, Any] | None = None
    ) -> tuple[str, bytes]:
        out = io.BytesIO()
        rdf.write(lines, format_, out, prefixes=prefixes, context=context_)
        return record(file, out.getvalue())

    def record(file: str, data: bytes) -> tuple[str, bytes]:
        files.append(DataFile(file, len(data), hashlib.sha256(data).hexdigest()))
        return file, data

    published = dataset.published
    yield rendered(f"{name}.ttl", published, TURTLE)
    yield rendered(f"{name}.nt", published, NTRIPLES)
    yield rendered(f"{name}.rdf", published, RDFXML)
    yield rendered(f"{name}.jsonld", published, JSONLD, context)
    yield rendered(f"{name}.nq", dataset.lines, NQUADS)
    yield rendered(f"{name}.trig", dataset.lines, TRIG)
    yield rendered("facts.ttl", dataset.graph("facts"), TURTLE)
    ontology = rendered("ontology.ttl", dataset.graph("ontology"), TURTLE)
    yield ontology
    if version := _ontology_version(dataset):
        yield record(f"ontology/{version}.ttl", ontology[1])
    if dataset.graph("alignments"):
        yield rendered("alignments.ttl", dataset.graph("alignments"), TURTLE)
    shapes = [rdf.read_lines(path) for path in [*project.shapes_files, *filter(None, [project.ontology_shapes_file])]]
    yield rendered("shapes.ttl", list(rdf.merge(*shapes)), TURTLE)
    if context is not None:
        yield record("context.jsonld", _pretty({"@context": context}))
        if project.subject:
            yield record("framed.jsonld", _framed(dataset, context))
    if rdf12:
        yield record(f"{name}-rdf12.ttl", _rdf12(dataset))
    base = project.ids.dataset + "/report"
    yield rendered("report.ttl", gate.data.to_lines(base), TURTLE)
    yield rendered("dataset.ttl", describe_dataset(dataset, files), TURTLE)
    sums = "".join(f"{file.sha256}  {file.name}\n" for file in sorted(files, key=lambda file: file.name))
    yield record("SHA256SUMS", sums.encode())


def _ontology_version(dataset: Dataset) -> str | None:
    """The last part of the project's ontology's version IRI."""
    mark = f"<{dataset.project.ids.ontology}> <http://www.w3.org/2002/07/owl#versionIRI> <".encode()
    for line in dataset.graph("ontology"):
        if line.startswith(mark):
            return line[len(mark) : line.rindex(b">")].decode().rpartition("/")[2]
    return None


def _pretty(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _framed(dataset: Dataset, context: dict[str, Any]) -> bytes:
    """A tree rooted in the publication's subject (https://www.w3.org/TR/json-ld11-framing/), facts and labels alone."""
    from pyld import jsonld

    out = io.BytesIO()
    plain = {key: value for key, value in context.items() if not (isinstance(value, dict) and "@reverse" in value)}
    lines = dataset.graph("facts", "derived")
    # whole IRIs: expansion has then nothing to look up
    rdf.write(lines, JSONLD, out, prefixes={})
    frame = {"@context": plain, "@id": dataset.project.ids.thing(dataset.project.subject or ""), "@embed": "@once"}
    return _pretty(jsonld.frame(json.loads(out.getvalue()), frame, {"omitGraph": True}))


def _rdf12(dataset: Dataset) -> bytes:
    """Turtle 1.2: each claim reifies its triple (https://www.w3.org/TR/rdf12-concepts/#section-reification)."""
    parts = {f"<{RDF[part]}>".encode() for part in ("subject", "predicate", "object")}
    statement = f"<{RDF.Statement}>".encode()
    lines = dataset.graph("facts", "document", "derived")
    for line in dataset.graph("evidence"):
        _, predicate, object_, _ = split(line)
        if predicate not in parts and object_ != statement:
            lines.append(line)
    for triple, claim in dataset.claims.items():
        lines.append(f"<{claim.iri}> <{RDF.reifies}> <<( ".encode() + triple[:-3] + b" )>> .\n")
    out = io.BytesIO()
    rdf.write(sorted(lines), TURTLE, out, prefixes=dataset.project.prefixes)
    return out.getvalue()
