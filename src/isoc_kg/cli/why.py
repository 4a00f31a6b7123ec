"""`isoc-kg why`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .options import (
    Remote,
    again,
    endpoint_options,
    files_of,
    project_of_files_option,
    reading_options,
    warn_of_claims,
    warn_of_texts,
)

if TYPE_CHECKING:
    from ..evidence.statement import Evidence
    from ..graph.knowledge_graph import KnowledgeGraph
    from ..rdf.files import Reading


@click.command()
@project_of_files_option
@click.argument("thing")
@click.argument("property_", metavar="[PROPERTY]", required=False)
@click.argument("value", required=False)
@click.option(
    "--data", metavar="FILE", multiple=True, type=click.Path(path_type=Path), help="Read RDF files instead; repeatable."
)
@reading_options()
@endpoint_options
def why(
    project: Path | None,
    remote: Remote | None,
    reading: "Reading",
    thing: str,
    property_: str | None,
    value: str | None,
    data: tuple[Path, ...],
) -> None:
    """Show the sentences behind a statement, and its citation.

    THING, PROPERTY and a VALUE that is a thing are given by name, prefixed name or IRI: isoc-kg why MANRS established.
    Without VALUE all values of the property are shown, without PROPERTY all statements about the thing.
    """
    from ..graph.knowledge_graph import KnowledgeGraph

    if remote and data:
        raise click.UsageError("Give --endpoint or --data, not both.")
    if remote:
        kg = remote.graph(project)
    else:
        kg = KnowledgeGraph.load(files_of(data, reading) if data else None, project=project)
    warn_of_texts(kg.dataset.editions if kg.dataset else ())
    entity = kg.entity(thing)
    if property_ and value:
        _print(kg, kg.evidence(entity, entity.property_iri(property_), value))
        return
    wanted = entity.property_iri(property_) if property_ else None
    shown: dict[str, None] = {}
    for statement in entity.statements:
        if wanted in (None, statement.predicate):
            for evidence in statement.evidence:
                if evidence.claim not in shown:
                    shown[evidence.claim] = None
                    _print(kg, evidence)
    if not shown:
        from ..errors import UsageError

        what = f"{thing} with the property {property_}" if property_ else thing
        raise UsageError(f"no claim is behind a statement about {what}.", advice=f"See: {again('describe', thing)}")
    warn_of_claims(kg, shown)


def _print(kg: "KnowledgeGraph", evidence: "Evidence") -> None:
    """The statement, its reasons, its citation, and the address for objections."""
    from ..errors import IsocKgError

    click.echo(evidence.statement(kg.prefixes))
    for reason in evidence.reasons:
        click.echo(f"  {reason}")
    click.echo(f"  claim: {evidence.claim}")
    for word, written in (("cite", kg.cite), ("report a mistake", kg.objection)):
        try:
            click.echo(f"  {word}: {written(evidence.claim)}")
        except IsocKgError as error:  # nobody made the data, or nobody is to be reached
            click.echo(f"  {word}: {error.message}")
    click.echo()
