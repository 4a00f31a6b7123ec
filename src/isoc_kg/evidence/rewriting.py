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
from ..query.tokens import Token, tokens
from .drift import UnitChange

__all__ = ["rewrite_units", "write_drift"]

_UNIT = re.compile(r"\d+\.\d+")
#: An answer to a flag opens with the unit that it is about, behind the document's name where there are several.
_ANSWERED = re.compile(r"""(?P<before>["']+\s*(?:(?P<slug>[^\s:]+):)?)(?P<number>\d+\.\d+)(?=\s)""")


def rewrite_units(turtle: str, old: str, new: str, moved: dict[str, tuple[str, ...]]) -> str:
    """A Turtle text in which units of edition `old` (an IRI) became those of `new`.

    Prefix declarations of the old edition follow it, and so do answers to flags; other strings and comments stay as
    they are. Units that are not in `moved` stay units of the old edition, which stays described.
    """
    turtle_tokens = list(tokens(turtle))
    names = [
        name.text
        for keyword, name, value in zip(turtle_tokens, turtle_tokens[1:], turtle_tokens[2:], strict=False)
        if keyword.text.lower() in ("@prefix", "prefix") and value.text == f"<{old}#>"
    ]
    parts, end = [], 0
    answering = False
    for token in turtle_tokens:
        if answering and token.kind == "string":
            text = _rewritten_answer(token.text, old, moved)
        else:
            text = _rewritten(token, names, old, new, moved)
            answering = token.text in _ANSWER or (answering and (token.kind == "tag" or token.text == ","))
        parts += [turtle[end : token.start], text]
        end = token.end
    return "".join(parts) + turtle[end:]


def _rewritten(token: Token, names: Sequence[str], old: str, new: str, moved: dict[str, tuple[str, ...]]) -> str:
    """The text of a token in the new edition; `names` are the prefixes of the old one, colons included."""
    if token.kind == "iri" and token.text.startswith(f"<{old}#"):
        number = token.text[len(old) + 2 : -1]
        if not number:
            return f"<{new}#>"
        return ", ".join(f"<{new}#{unit}>" for unit in moved.get(number, ())) or token.text
    name = next((name for name in names if token.kind == "name" and token.text.startswith(name)), None)
    if name is None or not _UNIT.fullmatch(number := token.text[len(name) :]):
        return token.text
    return ", ".join(f"{name}{unit}" for unit in moved.get(number, ())) or f"<{old}#{number}>"


_ANSWER = frozenset(("ev:answer", f"<{EV.answer}>"))


def _rewritten_answer(text: str, old: str, moved: dict[str, tuple[str, ...]]) -> str:
    """An answer, as it is written, that names the unit of the new edition; the first, where one became several."""

    def moved_on(match: re.Match[str]) -> str:
        if match["slug"] not in (None, old.rstrip("/").split("/")[-2]):
            return match[0]
        return match["before"] + moved.get(match["number"], (match["number"],))[0]

    return _ANSWERED.sub(moved_on, text, count=1)


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
