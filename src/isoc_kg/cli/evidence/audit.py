"""`isoc-kg evidence audit`: how much the evidence check notices."""

from pathlib import Path

import click

from ...errors import counted
from ..options import documents_option, one_at_a_time, project_option
from .arguments import no_document


@click.command()
@project_option
@documents_option
@click.option("--seed", type=int, help="Random seed (default: a fixed one).")
@click.option("--misses", is_flag=True, help="List the corrupted claims that were missed.")
@click.option("--record", is_flag=True, help="Record figures and flags beside the facts; the build publishes them.")
@click.option("--format", "format_name", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--verifier", "verify", is_flag=True, help="Also measure the verifier that kg.toml names.")
@one_at_a_time
def audit(
    project: Path | None,
    documents: tuple[Path, ...],
    seed: int | None,
    misses: bool,
    record: bool,
    format_name: str,
    verify: bool,
) -> None:
    """Measure the evidence check: corrupt claims of the project in many ways, and count those it detects.

    With --verifier each corrupted claim that was missed, and each true claim, is also put to the verifier.
    """
    import json

    from ...authoring.dataset import build_dataset
    from ...errors import ChecksFailed
    from ...evidence.audit import SEED, audit_evidence, judgements_file, read_judgements
    from ...evidence.audit_reader import audit_reader
    from ...evidence.audit_record import write_record
    from ...evidence.check import check_evidence
    from ...evidence.corpus import Corpus
    from ...evidence.texts import texts_at_hand
    from ...project import load_project
    from ...validation import ShapesGraph

    dataset = build_dataset(load_project(project))
    at_hand, findings = texts_at_hand(dataset, documents)
    given = {iri for iri, (file, _) in at_hand.items() if file in documents}
    findings += [e.difference for e in dataset.editions if e.difference and e.iri not in given]
    for finding in findings:
        click.echo(finding.render(), err=True)
    if any(finding.severity == "error" for finding in findings):
        raise ChecksFailed("a text differs from its index; nothing was measured.")
    if not at_hand:
        raise no_document(dataset)
    texts = {name: text for name, (_, text) in at_hand.items()}
    shapes = ShapesGraph.of_project(dataset.project)
    corpus = Corpus(dataset, texts, shapes.lines)
    judgements = read_judgements(judgements_file(dataset.project))
    result = audit_evidence(corpus, seed=SEED if seed is None else seed, judgements=judgements)
    if record:
        write_record(dataset, result, check_evidence(dataset, shapes, documents))
    if verify:
        result = audit_reader(corpus, result)
        for failure in result.reader.failures if result.reader else ():
            click.echo(failure.render(), err=True)
    if result.pairs_not_asked and format_name == "json":
        pairs = counted(result.pairs_not_asked, "pair")
        click.echo(f"warning: {pairs} not checked; text not compared: {'; '.join(result.not_compared)}", err=True)
    if format_name == "json":
        click.echo(json.dumps(result.to_json(misses=misses), ensure_ascii=False, indent=1))
        return
    click.echo(result.to_text(dataset.project.prefixes, misses=misses))
