"""How facts and gists follow their units to a new edition."""

import json
import re
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path

from ..atomic import write_file
from ..documents.editions import Edition
from ..documents.index import index_document
from ..documents.units import EXEMPT_KINDS
from ..errors import UsageError
from ..namespaces import EV
from ..project import Project
from .drift import UnitChange

__all__ = ["rewrite_units", "write_drift"]

#: Strings and comments, in which nothing is rewritten, and IRIs, in which a # begins no comment.
_TOKEN = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^\'\\]|\\.|\'(?!\'\'))*\'\'\'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|<[^<>\s]*>|#[^\n]*',
    re.DOTALL,
)


def rewrite_units(turtle: str, old: str, new: str, moved: dict[str, tuple[str, ...]]) -> str:
    """A Turtle text in which units of edition `old` (an IRI) became those of `new`.

    Prefix declarations of the old edition follow it; strings and comments stay as they are. Units that are
    not in `moved` stay units of the old edition, which stays described.
    """
    names = re.findall(rf"(?:@prefix|PREFIX)\s+([\w-]*):\s*<{re.escape(old)}#>", turtle)
    reference = re.compile(
        rf"<{re.escape(old)}#(?P<full>[\d.]+)>"
        + "".join(rf"|(?<![\w:-]){re.escape(name)}:(?P<n{i}>\d+\.\d+)" for i, name in enumerate(names))
    )

    def units(match: re.Match[str]) -> str:
        number = next(value for value in match.groupdict().values() if value)
        if number not in moved:
            return f"<{old}#{number}>"
        full = match["full"] is not None or not names
        return ", ".join(f"<{new}#{n}>" if full else f"{match[0].split(':')[0]}:{n}" for n in moved[number])

    parts, at = [], 0
    for token in _TOKEN.finditer(turtle):
        parts.append(reference.sub(units, turtle[at : token.start()]))
        if token[0] == f"<{old}#>":
            parts.append(f"<{new}#>")
        else:
            parts.append(reference.sub(units, token[0]) if token[0].startswith("<") else token[0])
        at = token.end()
    return "".join(parts) + reference.sub(units, turtle[at:])


def write_drift(
    project: Project, old: Edition, text: Path, edition: str, changes: Sequence[UnitChange]
) -> Iterator[str]:
    """Write the new edition's index, its gists, and the facts that follow; tell what is left to do."""
    document = old.document
    new = project.ids.edition(document.slug, edition)
    target = project.folder("facts") / "units" / document.slug / f"{edition}.jsonl"
    gists = target.with_name(f"{edition}.gists.ttl")
    if gists.exists():
        raise UsageError(
            f"{gists} is there already; it may hold somebody's work.",
            advice="Give --edition another name, or remove the file first.",
        )
    index_document(text, target, slug=document.slug, edition=edition, language=document.language)
    yield f"wrote {target}"
    moved = {number: change.new for change in changes for number in change.old if change.new}
    for path in project.facts_files:
        before = path.read_text(encoding="utf-8")
        after = rewrite_units(before, old.iri, new, moved)
        if after != before:
            write_file(path, after.encode())
            yield f"moved the units in {path}"
    if lines := list(_gists(old, changes)):
        head = [
            "@prefix ev: <https://w3id.org/isoc-kg/evidence#> .",
            "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .",
            f"@prefix s: <{new}#> .",
            "",
        ]
        write_file(gists, ("\n".join([*head, *dict.fromkeys(lines)]) + "\n").encode())
        yield f"wrote {gists}"
    yield (
        f'Add to kg.toml, beside the old edition:\n\n[[document]]\nslug = "{document.slug}"\nedition = "{edition}"\n'
        f'title = {json.dumps(document.title, ensure_ascii=False)}\nlanguage = "{document.language}"\n'
        f'revision_of = "{document.edition}"\n'
    )
    for change in changes:
        if change.case == "removed":
            yield f"unit {change.old[0]} is gone: its claims still rest on edition {document.edition}"


def _gists(old: Edition, changes: Sequence[UnitChange]) -> Iterator[str]:
    """The lines of the new gists: what was said of a unit, and whether it must be looked at again."""
    for change in changes:
        for number, new in product(change.old, change.new):
            if number in old.gists:
                yield f"s:{new} ev:gist {old.gists[number].decode()} ."
            reason = old.exempt.get(number)
            if reason is not None and (reason == EV.Navigation or old.index.units[number].kind not in EXEMPT_KINDS):
                yield f"s:{new} ev:exemptAs <{reason}> ."
            if change.case not in ("same", "moved"):
                yield f's:{new} skos:changeNote "{change.case} since edition {old.document.edition}"@en .'
