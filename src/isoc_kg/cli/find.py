"""`isoc-kg find`."""

from pathlib import Path

import click

from .options import documents_option, project_option, warn_of_texts


@click.command()
@click.argument("words", nargs=-1, required=True, metavar="WORDS...")
@project_option
@documents_option
@click.option(
    "--kind", "kinds", metavar="KIND", multiple=True,
    help="Search one kind: thing, term, document, question or sentence; repeatable.",
)  # fmt: skip
@click.option(
    "--limit", metavar="N", type=click.IntRange(1, 1000), default=5, show_default=True, help="Most results per kind."
)
@click.option("--format", "format_name", type=click.Choice(["text", "json"]), default="text", show_default=True)
def find(
    words: tuple[str, ...],
    project: Path | None,
    documents: tuple[Path, ...],
    kinds: tuple[str, ...],
    limit: int,
    format_name: str,
) -> None:
    """Find names for a new statement, as Turtle to complete.

    For curators; to look something up: isoc-kg search. It finds things, terms, documents, questions and sentences.
    The text of a sentence is searched if it is available; otherwise its gist is searched. Terms are those of the
    project's ontology and of widely used vocabularies. The text format is Turtle: a comment for each result, and below
    it a statement to complete, with placeholders in capitals.
    """
    import json
    import sys

    from ..authoring.dataset import build_dataset
    from ..errors import UnknownName, counted
    from ..evidence.search import KINDS, search
    from ..evidence.texts import texts_at_hand
    from ..project import load_project
    from ..query import load_queries

    if unknown := next((kind for kind in kinds if kind not in KINDS), None):
        raise UnknownName(f"there is no kind {unknown}.", advice=f"Kinds: {', '.join(KINDS)}.")
    dataset = build_dataset(load_project(project))
    at_hand, findings = texts_at_hand(dataset, documents)
    warn_of_texts(dataset.editions)
    for finding in findings:
        click.echo(finding.render(), err=True)
    texts = {iri: text for iri, (_, text) in at_hand.items()}
    queries = load_queries(dataset.project.folder("queries"))
    result = search(dataset, texts, " ".join(words), kinds=kinds or KINDS, limit=limit, queries=queries)
    if format_name == "json":
        click.echo(json.dumps(result.to_json(), ensure_ascii=False, indent=1))
    else:
        click.echo(result.to_turtle() if result.matches else "", nl=False)
        if not result.matches:
            click.echo(f"nothing found for “{' '.join(words)}”", err=True)
        if result.partial:
            click.echo("note: no result has all words; these have some of them", err=True)
        for word, others in result.meant.items():
            click.echo(f"note: no result has “{word}”; did you mean {' or '.join(others)}?", err=True)
        for name in result.not_at_hand:
            click.echo(f"note: the text of {name} is not available; its gists were searched", err=True)
        if result.left_out:
            click.echo(f"note: {counted(result.left_out, 'more result')}: --limit N", err=True)
    sys.exit(0 if result.matches else 1)
