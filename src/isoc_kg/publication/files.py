"""The data files of a publication as bytes."""

import hashlib
import io
import json
from collections.abc import Iterator
from typing import Any

from .. import rdf
from ..authoring.dataset import Dataset
from ..authoring.terms import EVIDENCE_ONTOLOGY, is_shared
from ..errors import CannotCarry
from ..evidence.reification import reifying
from ..formats import JSONLD, NQUADS, NTRIPLES, RDFXML, TRIG, TURTLE, Format
from ..namespaces import OWL
from ..rdf.lines import split
from ..rdf.tokens import iri_token
from ..validation import Report, ShapesGraph
from .description import DataFile, describe_dataset

__all__ = ["DataFiles"]


class DataFiles:
    """The data files of a checked dataset, each written once; the descriptions of the others come last."""

    def __init__(
        self,
        dataset: Dataset,
        report: Report,
        shapes: ShapesGraph,
        context: Any,
        *,
        rdf12: bool = False,
        partial: bool = False,
    ) -> None:
        self.left_out: dict[str, CannotCarry] = {}  #: with `partial`, files whose format cannot carry the data
        self._partial = partial
        self.files: list[DataFile] = []  #: those written so far
        self.description: list[bytes] = []  #: the triples of `dataset.ttl`, once it is written
        self._dataset, self._report, self._shapes = dataset, report, shapes
        self._context, self._rdf12 = context, rdf12

    def contents(self) -> Iterator[tuple[str, bytes]]:
        """Every file in turn: its name and its bytes. Raises `CannotCarry`, unless it is `partial`."""
        return (file for file in self._all() if file[0] not in self.left_out)

    def _all(self) -> Iterator[tuple[str, bytes]]:
        dataset, context = self._dataset, self._context
        project = dataset.project
        name = project.name
        published = dataset.published
        yield self._rendered(f"{name}.ttl", published, TURTLE)
        yield self._rendered(f"{name}.nt", published, NTRIPLES)
        yield self._rendered(f"{name}.rdf", published, RDFXML)
        yield self._rendered(f"{name}.jsonld", published, JSONLD, context)
        yield self._rendered(f"{name}.nq", dataset.lines, NQUADS)
        yield self._rendered(f"{name}.trig", dataset.lines, TRIG)
        yield self._rendered("facts.ttl", dataset.graph("facts"), TURTLE)
        ontologies: dict[str, list[bytes]] = {"ontology": [], "evidence": []}
        for line in dataset.graph("ontology"):
            ontologies["evidence" if is_shared(split(line)[0]) else "ontology"].append(line)
        for part, ontology_iri in (("ontology", project.ids.ontology), ("evidence", EVIDENCE_ONTOLOGY)):
            turtle = self._rendered(f"{part}.ttl", ontologies[part], TURTLE)
            yield turtle
            if version := _ontology_version(ontologies[part], ontology_iri):
                yield self._recorded(f"{part}/{version}.ttl", turtle[1])
        if dataset.graph("alignments"):
            yield self._rendered("alignments.ttl", dataset.graph("alignments"), TURTLE)
        yield self._rendered("shapes.ttl", self._shapes.all_lines, TURTLE)
        if context is not None:
            yield self._recorded("context.jsonld", _pretty({"@context": context}))
            if project.subject and f"{name}.jsonld" not in self.left_out:
                yield self._recorded("framed.jsonld", _framed(dataset, context))
        if self._rdf12:
            claims = {iri_token(claim.iri): triple for triple, claim in dataset.claims.items()}
            yield self._rendered(f"{name}-rdf12.ttl", reifying(published, claims), TURTLE)
        yield self._rendered("report.ttl", self._report.to_lines(project.ids.dataset + "/report"), TURTLE)
        self.description = describe_dataset(dataset, self.files)
        yield self._rendered("dataset.ttl", self.description, TURTLE)
        sums = "".join(f"{file.sha256}  {file.name}\n" for file in sorted(self.files, key=lambda file: file.name))
        yield self._recorded("SHA256SUMS", sums.encode())

    def _rendered(self, name: str, lines: list[bytes], format_: Format, context: Any = None) -> tuple[str, bytes]:
        out = io.BytesIO()
        try:
            rdf.write(lines, format_, out, prefixes=self._dataset.project.prefixes, context=context)
        except CannotCarry as error:
            if context is not None and error.file is None:
                error.file = self._dataset.project.context_file
            if not self._partial:
                raise
            self.left_out[name] = error
            return name, b""
        return self._recorded(name, out.getvalue())

    def _recorded(self, name: str, data: bytes) -> tuple[str, bytes]:
        self.files.append(DataFile(name, len(data), hashlib.sha256(data).hexdigest()))
        return name, data


def _ontology_version(lines: list[bytes], ontology: str) -> str | None:
    """The last part of an ontology's version IRI."""
    mark = f"<{ontology}> <{OWL.versionIRI}> <".encode()
    for line in lines:
        if line.startswith(mark):
            return line[len(mark) : line.rindex(b">")].decode().rpartition("/")[2]
    return None


def _pretty(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _framed(dataset: Dataset, context: Any) -> bytes:
    """A tree rooted in the publication's subject (https://www.w3.org/TR/json-ld11-framing/), facts and labels alone."""
    from pyld import jsonld

    out = io.BytesIO()
    plain = [_without_reverse(part) for part in (context if isinstance(context, list) else [context])]
    lines = dataset.graph("facts", "derived")
    # whole IRIs: expansion has then nothing to look up
    rdf.write(lines, JSONLD, out, prefixes={})
    frame = {
        "@context": plain if isinstance(context, list) else plain[0],
        "@id": dataset.project.ids.thing(dataset.project.subject or ""),
        "@embed": "@once",
    }
    return _pretty(jsonld.frame(json.loads(out.getvalue()), frame, {"omitGraph": True}))


def _without_reverse(context: Any) -> Any:
    """A context without the terms that lead back."""
    if not isinstance(context, dict):
        return context
    return {key: value for key, value in context.items() if not (isinstance(value, dict) and "@reverse" in value)}
