"""The evidence that is held, as a list."""

from typing import TYPE_CHECKING

import click

from ...errors import counted

if TYPE_CHECKING:
    from ...authoring.dataset import Dataset


_NO_TEXT = "the text is not available"


def list_held(dataset: "Dataset") -> None:
    """The evidence that is held, with old and new words side by side and the numbers that changed."""
    from ...evidence.held import changed_numbers, held_units
    from ...iris import compact
    from ...rdf import literal, split

    prefixes = dataset.project.prefixes
    held = list(held_units(dataset))
    for unit in held:
        document, gist = unit.edition.document, unit.edition.gists.get(unit.number)
        click.echo(f"\n{document.slug}:{unit.number}, {unit.change.case}: last confirmed in edition {document.edition}")
        old, new = unit.old_words, unit.new_words
        click.echo(f"  edition {document.edition}: {old or (literal(gist)[0] if gist else _NO_TEXT)}")
        now = new or (_NO_TEXT if unit.change.new else "no counterpart")
        click.echo(f"  edition {unit.later.document.edition}: {now}" + _numbers(unit.change.new))
        if old and new and any(numbers := changed_numbers(old, new)):
            click.echo(f"  changed numbers: {', '.join(numbers[0]) or '–'} → {', '.join(numbers[1]) or '–'}")
        for claim in unit.claims:
            file, line = claim.places[0]
            name = claim.iri.removeprefix(dataset.project.ids.claims)
            terms = (token.decode() for token in split(claim.triple)[:3])
            short = (compact(term[1:-1], prefixes) if term.startswith("<") else term for term in terms)
            click.echo(f"  {file}:{line}: claim:{name}: {' '.join(short)}")
    click.echo(
        f"\n{counted(len(held), 'unit')} with held evidence; "
        "isoc-kg evidence confirm UNIT moves it (--claim: of one claim)"
        if held
        else "no held evidence"
    )


def _numbers(units: tuple[str, ...]) -> str:
    return f" ({', '.join(units)})" if units else ""
