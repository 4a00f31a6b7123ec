"""`isoc-kg build`."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .engine_option import engine_option
from .options import documents_option, project_option, verifier_option

if TYPE_CHECKING:
    from ..publication.build import Build


@click.command()
@project_option
@click.option("-o", "--output", metavar="DIR", type=click.Path(path_type=Path), help="Folder to write (default: out/).")
@engine_option
@documents_option
@verifier_option
@click.option("--rdf12", is_flag=True, help="Also write Turtle 1.2, in which claims reify their triples.")
@click.option("--strict", is_flag=True, help="Stop at warnings too.")
@click.option("--watch", is_flag=True, help="Build again when a file of the project changes; Ctrl-C ends it.")
def build(
    project: Path | None,
    output: Path | None,
    engine: str | None,
    documents: tuple[Path, ...],
    verify: bool,
    rdf12: bool,
    strict: bool,
    watch: bool,
) -> None:
    """Check the project and write its publication.

    Reads ontology, shapes, facts and sentence indexes. Stops if anything does not conform, else replaces the output
    folder as a whole. Files whose bytes do not change keep their time stamps.
    """
    from ..project import find_project
    from ..publication.watching import SourceWatch

    root = find_project(project).absolute()  # read again, it is this one, whether or not its kg.toml is there
    once = partial(_build, root, output, engine=engine, rdf12=rdf12, documents=documents, verify=verify, strict=strict)
    if not watch:
        once()
        return
    source = SourceWatch(root, documents)
    seen = source.signature()
    while True:
        _attempt(once)
        click.echo("watching for changes; Ctrl-C ends it", err=True)
        seen = source.changed(seen)


def _attempt(once: Callable[[], None]) -> None:
    """Build, and go on whatever is wrong: what was built before stays."""
    from ..errors import IsocKgError

    try:
        once()
    except IsocKgError as error:
        for text in (*error.details, f"error: {error}"):
            click.echo(text, err=True)
    except (OSError, RecursionError) as error:
        click.echo(f"error: {error}", err=True)


def _build(project: Path, output: Path | None, **options: Any) -> None:
    """One build, and what there is to say of it."""
    from ..project import bundled_project_path, load_project
    from ..proposals.queue import changed_files
    from ..publication.build import build_publication
    from ..publication.contact import contact_rows
    from ..wording.strings import untranslated_note

    start = time.perf_counter()
    project_ = load_project(project)
    inside = Path(__file__).parent.parent / "bundled"
    if output is None and inside.is_dir() and project_.root == bundled_project_path().resolve():
        output = Path("out")  # an installed package is nobody's place to write
    done = build_publication(project_, output, **options)
    for text in done.gate.warnings():
        click.echo(text, err=True)
    for finding in changed_files(project_):
        click.echo(finding.render(), err=True)
    for text in project_.accent.notes if project_.accent else ():
        click.echo(f"warning: {text}", err=True)
    if note := untranslated_note(project_):
        click.echo(f"note: {note}", err=True)
    if done.warning:
        click.echo(f"warning: {done.warning}", err=True)
    for name, text in (*_summary(done), *contact_rows(project_), ("time", f"{time.perf_counter() - start:.2f} s")):
        click.echo(f"{name:<9} {text}")
    if done.gate.evidence.unanswered:
        click.echo("note: isoc-kg evidence check lists the open flags", err=True)
    if done.tree and done.tree.unmet:
        click.echo(f"note: ontology/frame.jsonld: no thing has {', '.join(done.tree.unmet)}", err=True)
    if unmet := done.gate.data.unmet:
        names = ", ".join(iri.rpartition("#")[2] for iri in unmet)
        click.echo(f"note: {names} {'has' if len(unmet) == 1 else 'have'} no focus nodes", err=True)


def _summary(done: "Build") -> list[tuple[str, str]]:
    """What was built, a row a subject."""
    from ..errors import counted
    from ..evidence.coverage import from_sentences
    from ..publication.review import review_rows

    dataset = done.dataset
    facts = dataset.graph("facts")
    report = done.gate.data
    warnings = len(report.results)
    counts = f"{counted(len(facts), 'statement')} about {counted(done.things, 'thing')}"
    said = f"{len(from_sentences(dataset)):,} from sentences, names, kinds and definitions aside"
    editorial = f"{dataset.editorial_share:.1%} editorial, without names and definitions"
    rows = [
        ("facts", f"{counts} ({said}); {counted(len(dataset.published), 'triple')} published"),
        ("evidence", f"{counted(len(dataset.claims), 'claim')}; {editorial}"),
    ]
    for coverage in done.coverage:
        asked = sum(unit.exempt is None for unit in coverage.units)
        name = f"{coverage.edition.document.slug}, edition {coverage.edition.document.edition}"
        more = f"; {coverage.named} have only names, kinds and definitions" if coverage.named else ""
        rows.append(("coverage", f"{coverage.share:.1%} of {counted(asked, 'unit')} of {name}{more}"))
    size = sum(file.size for file in done.files)
    tree = done.tree
    of_tree = (
        f"{tree.statements:,} of {counted(tree.of, 'statement')}, derived ones included, in tree.jsonld" if tree else ""
    )
    return [
        *rows,
        *review_rows(dataset, done.gate.evidence),
        ("shapes", f"conforms ({report.engine})" + (f", {counted(warnings, 'warning')}" if warnings else "")),
        *([("tree", of_tree)] if tree else []),
        ("digest", f"sha256:{dataset.digest}"),
        ("files", f"{len(done.files):,} in {done.target}, {len(done.changed):,} changed, {size:,} bytes"),
    ]
