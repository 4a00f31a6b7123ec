"""`isoc-kg describe`."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..rdf.tokens import iri_token
from .options import Remote, endpoint_options, project_option, warn_of_claims, warn_of_texts

if TYPE_CHECKING:
    from ..evidence.statement import Evidence
    from ..graph.knowledge_graph import Entity, KnowledgeGraph


@click.command()
@project_option
@click.argument("thing")
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["text", "ttl", "jsonld", "nt", "rdf"]),
    default="text",
    show_default=True,
)
@endpoint_options
def describe(project: Path | None, remote: Remote | None, thing: str, format_name: str) -> None:
    """Tell what is said about a thing, and by which sentences.

    THING is a label, an acronym, a local name, a prefixed name or an IRI.
    """
    from .. import rdf
    from ..formats import format_from_name
    from ..graph.knowledge_graph import KnowledgeGraph

    kg = remote.graph(project) if remote else KnowledgeGraph.load(project)
    warn_of_texts(kg.dataset.editions if kg.dataset else ())
    entity = kg.entity(thing)
    if format_name == "text":
        _print(kg, entity)
        warn_of_claims(kg, (claim.iri for claim in kg.support.about({iri_token(entity.iri)})))
    else:
        rdf.write(list(entity.lines), format_from_name(format_name), sys.stdout.buffer, prefixes=kg.prefixes)


def _print(kg: "KnowledgeGraph", entity: "Entity") -> None:
    """The claims about a thing with their evidence, and the links to it."""
    from ..iris import compact
    from ..rdf import iri, literal, split

    claims = {claim.triple: claim for claim in kg.support.about({iri_token(entity.iri)})}
    terms = {token for line in (*entity.lines, *entity.incoming) for token in split(line)[:3]}
    names = kg.names_of({iri(token) for token in terms if token.startswith(b"<")})

    def name(token: bytes) -> str:
        if token.startswith(b'"'):
            return f"“{literal(token)[0]}”"
        own = names.get(iri(token))
        return own[0] if own else compact(iri(token), kg.prefixes)

    click.echo(f"{entity.label}\n{entity.iri}")
    for line in entity.lines:
        if line in claims:
            _, predicate, object_, _ = split(line)
            value = name(object_)
            short = compact(iri(object_), kg.prefixes) if object_.startswith(b"<") else value
            click.echo(f"\n  {name(predicate)}: {value}" + (f"  {short}" if short != value else ""))
            _print_evidence(kg.evidence_of(claims.pop(line)), kg.prefixes)
    for claim in claims.values():  # those that are stated no longer
        evidence = kg.evidence_of(claim)
        if not (evidence.retracted or evidence.rivals):
            continue
        click.echo(f"\n  no longer stated: {name(split(claim.triple)[1])}: {name(split(claim.triple)[2])}")
        _print_evidence(evidence, kg.prefixes)
    if entity.incoming:
        click.echo(f"\n  leads here ({len(entity.incoming)}):")
        for line in entity.incoming:
            subject, predicate, _, _ = split(line)
            click.echo(f"    {name(subject)} – {name(predicate)}")


def _print_evidence(evidence: "Evidence", prefixes: Mapping[str, str]) -> None:
    for sentence in evidence.sentences:
        click.echo(f"      {sentence}")
    for note in evidence.notes:
        click.echo(f"      our note: {note}")
    for source in evidence.sources:
        click.echo(f"      source: {source}")
    for line in evidence.status(prefixes):
        click.echo(f"      {line}")
