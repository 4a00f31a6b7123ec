"""`isoc-kg evidence index`: a text is cut into units."""

from pathlib import Path

import click

from ..options import one_at_a_time, project_option, slug_option
from ..progress import characters_read


@click.command()
@project_option
@click.argument("file", type=click.Path(path_type=Path))
@slug_option("Name of the document (default: the only one in kg.toml).")
@click.option("--edition", metavar="E", help="Edition (default: the one in kg.toml).")
@click.option("--language", metavar="TAG", help="Language of the text (default: that of the document in kg.toml).")
@click.option("-o", "--output", metavar="FILE", type=click.Path(path_type=Path), help="Index file to write.")
@click.option("--relayout", is_flag=True, help="Update the places in the index to this layout of the same words.")
@one_at_a_time
def index(
    project: Path | None,
    file: Path,
    slug: str | None,
    edition: str | None,
    language: str | None,
    output: Path | None,
    relayout: bool,
) -> None:
    """Cut a text into units and write their index.

    The index has number, kind, place and digest of each unit, and no text. It is never rewritten, except by
    --relayout: units keep their numbers, and get their places in FILE and missing digests of their words.
    """
    from ...documents.comparison import relayout_index
    from ...documents.cutting.rules import CutRules
    from ...documents.index import index_document
    from ...errors import UsageError, counted
    from ...project import load_project

    project_ = load_project(project)
    matching = [d for d in project_.documents if slug in (None, d.slug) and edition in (None, d.edition)]
    if slug is None and len({d.slug for d in project_.documents}) > 1:
        names = ", ".join(sorted({d.slug for d in project_.documents}))
        raise UsageError("there are several documents.", advice=f"Name one with --slug: {names}.")
    known = matching[-1] if matching else next((d for d in project_.documents if d.slug == slug), None)
    slug, edition = slug or (known.slug if known else None), edition or (known.edition if known else "1")
    if slug is None:
        raise UsageError("--slug is required: kg.toml names no document.", advice="Give --slug NAME.")
    language = language or (known.language if known else project_.language)
    target = output or project_.folder("facts") / "units" / slug / f"{edition}.jsonl"
    if relayout:
        changed = relayout_index(file, target)
        click.echo(f"{target}: {'has now' if changed else 'already has'} the layout of {file}")
        return
    rules = CutRules(known.units) if known else CutRules()
    made = index_document(
        file, target, slug=slug, edition=edition, language=language, rules=rules, progress=characters_read()
    )
    if made is None:
        click.echo(f"{target}: already the index of this text")
        return
    with target.open("rb") as lines:
        count = sum(1 for _ in lines) - 1
    click.echo(f"{target}: {counted(count, 'unit')}, {counted(made.characters, 'character')}")
    if not any((d.slug, d.edition) == (slug, edition) for d in project_.documents):
        click.echo(
            f'Add to kg.toml:\n\n[[document]]\nslug = "{slug}"\nedition = "{edition}"\n'
            f'title = "…"\nlanguage = "{language}"'
        )
