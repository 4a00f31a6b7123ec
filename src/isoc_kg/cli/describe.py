"""`isoc-kg describe`."""

import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..rdf.tokens import iri_token
from .options import (
    Remote,
    endpoint_options,
    files_of,
    project_of_files_option,
    reading_options,
    warn_of_claims,
    warn_of_texts,
)

if TYPE_CHECKING:
    from ..evidence.statement import Evidence
    from ..graph.knowledge_graph import Entity, KnowledgeGraph
    from ..rdf.files import Reading


@click.command()
@project_of_files_option
@click.argument("thing")
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["text", "ttl", "jsonld", "nt", "rdf"]),
    default="text",
    show_default=True,
)
@click.option(
    "--data", metavar="FILE", multiple=True, type=click.Path(path_type=Path), help="Read RDF files instead; repeatable."
)
@reading_options()
@endpoint_options
def describe(
    project: Path | None,
    remote: Remote | None,
    reading: "Reading",
    thing: str,
    format_name: str,
    data: tuple[Path, ...],
) -> None:
    """Describe a thing, each statement with its sentences.

    THING is a label, an acronym, a local name, a prefixed name, an IRI or a unit (guide:2.1). With --data it is any
    resource of the files. The text lists its statements and then the statements that link to it, with the prefixes
    of the files. Statements of blank nodes are in brackets.
    """
    from .. import rdf
    from ..formats import format_from_name
    from ..graph.description import closure
    from ..graph.knowledge_graph import KnowledgeGraph
    from ..rdf.reading_order import ReadingOrder

    if not (remote or data) and Path(thing).is_file():
        raise click.UsageError(
            f"“{thing}” is a file. Name a thing in it: isoc-kg describe --data {shlex.quote(thing)} THING"
        )
    if remote and data:
        raise click.UsageError("Give --endpoint or --data, not both.")
    if remote:
        kg = remote.graph(project)
    else:
        kg = (
            KnowledgeGraph.load(files_of(data, reading), project=project)
            if data
            else KnowledgeGraph.load(project=project)
        )
    warn_of_texts(kg.dataset.editions if kg.dataset else ())
    entity = kg.entity(_named(kg, thing))
    lines = list(rdf.triples(kg.lines)) if data else []
    if data:
        entity = replace(entity, lines=tuple(closure(lines, entity.lines)))
    anybody = kg.dataset is None and (data or not list(kg.support.about({iri_token(entity.iri)})))
    if format_name == "text" and anybody:
        _print_any(kg, entity, lines)
        return
    if format_name == "text":
        _print(kg, entity)
        warn_of_claims(kg, (claim.iri for claim in kg.support.about({iri_token(entity.iri)})))
    else:
        order = ReadingOrder(main=iri_token(entity.iri))
        rdf.write(
            list(entity.lines), format_from_name(format_name), sys.stdout.buffer, prefixes=kg.prefixes, order=order
        )


def _print_any(kg: "KnowledgeGraph", entity: "Entity", lines: Sequence[bytes]) -> None:
    """All that any RDF says of a thing, with evidence where there is some, and the links to it.

    `lines` are all triples, which show the way to blank nodes; none of a store.
    """
    from ..graph.description import description, leading_here
    from ..rdf import iri, split

    token = iri_token(entity.iri)
    claims = {claim.triple: claim for claim in kg.support.about({token})}
    tokens = {token for line in (*entity.lines, *entity.incoming) for token in split(line)[:3]}
    names = kg.names_of({iri(token) for token in tokens if token.startswith(b"<")})
    click.echo(entity.iri if entity.label == entity.iri else f"{entity.label}\n{entity.iri}")
    for line, texts in description(token, entity.lines, kg.prefixes, names):
        click.echo("\n".join(texts))
        if line in claims:
            _print_evidence(kg.evidence_of(claims[line]), kg.prefixes)
    if not entity.lines:
        click.echo("\n  no statements")
    if entity.incoming:
        click.echo(f"\n  links here ({len(entity.incoming):,}):")
        for text in leading_here(entity.incoming, lines, kg.prefixes, names):
            click.echo(f"    {text}")


def _named(kg: "KnowledgeGraph", name: str) -> str:
    """The name, or the IRI of the unit that it means: with a colon, or where no thing is called so."""
    from ..documents.unit_names import is_unit_name, unit_named
    from ..errors import UnknownName
    from ..evidence.abbreviation import prefixes_of_facts

    if kg.dataset is None or not is_unit_name(name):
        return name
    try:
        edition, unit = unit_named(name, kg.dataset.editions, (kg.prefixes, *prefixes_of_facts(kg.project)))
    except UnknownName:
        return name
    if ":" not in name:
        try:
            return kg.find(name)
        except UnknownName:
            pass
    return edition.unit_iri(unit.number)


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
    for line in entity.ordered:
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
        derived = frozenset(kg.dataset.graph("derived") if kg.dataset else ())
        click.echo(f"\n  links here ({len(entity.incoming):,}):")
        for line in sorted(entity.incoming, key=derived.__contains__):
            subject, predicate, _, _ = split(line)
            click.echo(f"    {name(subject)} – {name(predicate)}{' (derived)' if line in derived else ''}")


def _print_evidence(evidence: "Evidence", prefixes: Mapping[str, str]) -> None:
    for sentence in evidence.sentences:
        click.echo(f"      {sentence}")
    for note in evidence.notes:
        click.echo(f"      editorial note: {note}")
    for source in evidence.sources:
        click.echo(f"      source: {source}")
    for line in evidence.status(prefixes):
        click.echo(f"      {line}")
