"""`isoc-kg evidence check`: each claim is asked of each unit that it rests on."""

import sys
from pathlib import Path

import click

from ..options import documents_option, project_option, verifier_option
from .arguments import no_document


@click.command()
@project_option
@documents_option
@verifier_option
@click.option("--answered", is_flag=True, help="Also list the flags that have an answer.")
@click.option("--cues", is_flag=True, help="List the properties without cue words, for which predicate is not checked.")
@click.option("--strict", is_flag=True, help="Also fail on a flag without an answer.")
def check(
    project: Path | None, documents: tuple[Path, ...], verify: bool, answered: bool, cues: bool, strict: bool
) -> None:
    """Check each claim against each unit that it rests on.

    Errors stop a build, and the exit code is 1: the text differs from its index, the unit lacks a number or an object,
    or it is a heading. Flags are questions to a curator, who corrects the claim or answers.
    """
    from ...authoring.dataset import build_dataset
    from ...errors import counted
    from ...evidence.answers import statement_name
    from ...evidence.check import check_evidence
    from ...project import load_project
    from ...validation import ShapesGraph

    dataset = build_dataset(load_project(project))
    done = check_evidence(dataset, ShapesGraph.of_project(dataset.project), documents, verify=verify)
    errors = [finding for finding in (*dataset.findings, *done.errors) if finding.severity == "error"]
    claims = {claim.iri: claim for claim in dataset.claims.values()}
    for finding in [*errors, *done.warnings, *(flag.finding for flag in done.unanswered)]:
        head, *advice = finding.render().splitlines()
        of = [f"  {statement_name(dataset, claims[finding.iri])}"] if finding.iri in claims else []
        click.echo("\n".join([head, *of, *advice]))
    if answered:
        for flag in done.flags:
            if flag.answer:
                click.echo(f"{flag.finding.render().splitlines()[0]}\n  answered: {flag.answer}")
    if cues:
        for name in done.uncued:
            click.echo(f"{name} has no cue words: add skos:altLabel or skos:hiddenLabel")
    if not done.compared and not errors and (dataset.editions or dataset.claims):
        raise no_document(dataset)
    click.echo(f"{counted(len(errors), 'error')}, {done.summary}")
    sys.exit(1 if errors or (strict and done.unanswered) else 0)
