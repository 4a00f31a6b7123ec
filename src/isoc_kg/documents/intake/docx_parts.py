"""The parts of a Word document beside its text: relations, properties, styles; and what elements and attributes say."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import dirname, join, normpath
from typing import Any

from .archive import Archive
from .formulas import formula_text
from .raised import LOWERED, RAISED

__all__ = [
    "Style", "formula", "is_numbered", "is_on", "local_name", "one_of_alternatives", "own", "properties", "related",
    "shift_of", "styles_of", "texts_around", "value_of",
]  # fmt: skip

_RELATIONS = "{*}Relationship"
_HEADING = re.compile(r"heading \d|title|subtitle", re.IGNORECASE)
_ON = frozenset({None, "1", "true", "on"})


@dataclass(frozen=True, slots=True)
class Style:
    """What is to be known of a style, inherited from those that it is based on."""

    name: str = ""
    heading: bool = False
    item: bool = False
    hidden: bool = False
    shift: tuple[str, str] | None = None  #: `RAISED` or `LOWERED`


def relations_of(archive: Archive, part: str) -> Iterator[tuple[str, str]]:
    """Type and target of the relations of a part (ECMA-376, part 2, section 9.3)."""
    if part not in archive.names:
        return
    for relation in archive.xml(part).iter(_RELATIONS):
        if relation.get("TargetMode") != "External":
            yield relation.get("Type", ""), relation.get("Target", "")


def related(archive: Archive, part: str, kind: str, source: str) -> str | None:
    """The part that a relation of this kind leads to, if it is there."""
    for type_, target in relations_of(archive, part):
        if type_.endswith(kind):
            name = target.lstrip("/") if target.startswith("/") else normpath(join(dirname(source), target))
            return name if name in archive.names else None
    return None


def texts_around(archive: Archive, part: str, kind: str, source: str) -> int:
    """How many comments there are, or page heads or feet with a text."""
    count = 0
    for type_, target in relations_of(archive, part):
        name = target.lstrip("/") if target.startswith("/") else normpath(join(dirname(source), target))
        if type_.endswith(kind) and name in archive.names:
            tree = archive.xml(name)
            if kind == "/comments":
                count += sum(1 for _ in tree.iter("{*}comment"))
            else:
                count += any((text.text or "").strip() for text in tree.iter("{*}t"))
    return count


def properties(archive: Archive) -> dict[str, str]:
    """What the document's properties say: title, creator, language."""
    name = related(archive, "_rels/.rels", "/core-properties", "")
    if name is None:
        return {}
    return {local_name(e): e.text for e in archive.xml(name) if e.text and e.text.strip()}


def local_name(element: Any) -> str:
    """An element's name without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def own(element: Any, name: str) -> str | None:
    """An attribute in the namespace of its element."""
    value: str | None = element.get(f"{element.tag.rpartition('}')[0]}}}{name}")
    return value


def value_of(element: Any) -> str | None:
    """What a property is set to; None where it is not there."""
    return None if element is None else own(element, "val")


def is_on(element: Any) -> bool:
    """Whether a property that is on or off is there, and on (section 17.17.4)."""
    return element is not None and value_of(element) in _ON


def styles_of(tree: Any) -> dict[str, Style]:
    """Styles by their identifiers."""
    elements = {own(style, "styleId") or "": style for style in tree.iter("{*}style")}
    styles: dict[str, Style] = {}

    def style(name: str, depth: int = 0) -> Style:
        if name in styles or name not in elements or depth > 50:  # styles may be based on one another in a circle
            return styles.get(name, Style())
        element = elements[name]
        base = style(value_of(element.find("{*}basedOn")) or "", depth + 1)
        title = value_of(element.find("{*}name")) or ""
        level = value_of(element.find("{*}pPr/{*}outlineLvl"))
        numbering = element.find("{*}pPr/{*}numPr")
        vanish = element.find("{*}rPr/{*}vanish")
        styles[name] = Style(
            title,
            bool(_HEADING.fullmatch(title)) or (base.heading if level is None else level in "012345678"),
            base.item if numbering is None else is_numbered(numbering),
            base.hidden if vanish is None else is_on(vanish),
            shift_of(element.find("{*}rPr"), base.shift),
        )
        return styles[name]

    for name in elements:
        style(name)
    return styles


_SHIFTS = {"superscript": RAISED, "subscript": LOWERED}
_RAISED_BY = 2  #: half points from which a position is more than a correction


def shift_of(properties: Any, inherited: tuple[str, str] | None) -> tuple[str, str] | None:
    """Whether a run with these properties is raised or lowered (sections 17.3.2.42 and 17.3.2.24)."""
    if properties is None:
        return inherited
    aligned = value_of(properties.find("{*}vertAlign"))
    if aligned is not None:
        return _SHIFTS.get(aligned)
    position = value_of(properties.find("{*}position")) or ""
    if position.lstrip("-").isdecimal() and int(position.lstrip("-")) >= _RAISED_BY:
        return LOWERED if position.startswith("-") else RAISED
    return inherited


def one_of_alternatives(root: Any) -> None:
    """Leave the first of alternatives that has a text, else the last (ECMA-376, part 3, section 7.6)."""
    for alternatives in list(root.iter("{*}AlternateContent")):
        options = [option for option in alternatives if local_name(option) in ("Choice", "Fallback")]
        with_text = (option for option in options if any((text.text or "").strip() for text in option.iter("{*}t")))
        taken = next(with_text, options[0] if options else None)
        for option in options:
            if option is not taken:
                alternatives.remove(option)


_DEEPEST_FORMULA = 100


def formula(element: Any, depth: int = 0) -> str:
    """A formula, or a part of one, on one line; what was deleted in it is left out."""
    name = local_name(element)
    if name == "t":
        return element.text or ""
    if name.endswith("Pr") or name in ("del", "moveFrom", "instrText", "delText"):
        return ""
    if depth > _DEEPEST_FORMULA:
        return "".join(text.text or "" for text in element.iter("{*}t"))
    parts = [formula(part, depth + 1) for part in element if not local_name(part).endswith("Pr")]
    if name == "d":
        begin, between, end = (_character(element, f"dPr/{{*}}{part}Chr", or_else) for part, or_else in _DELIMITERS)
        return begin + between.join(parts) + end
    if name == "nary" and len(parts) == 3:
        below, above, body = parts
        return formula_text("msubsup", [_character(element, "naryPr/{*}chr", "∫"), below, above]) + body
    if name in ("acc", "groupChr"):
        return "".join(parts) + _character(element, f"{name}Pr/{{*}}chr", "\u0302" if name == "acc" else "")
    if name in ("func", "mr", "m", "eqArr"):
        return ("; " if name in ("m", "eqArr") else " ").join(parts)
    return formula_text(name, parts)


_DELIMITERS = (("beg", "("), ("sep", "|"), ("end", ")"))


def _character(element: Any, path: str, or_else: str) -> str:
    found = element.find(f"{{*}}{path}")
    return or_else if found is None else value_of(found) or ""


def is_numbered(numbering: Any) -> bool:
    """Whether a paragraph with these properties is in a list; number 0 takes it out (section 17.9.18)."""
    number = numbering.find("{*}numId")
    return number is None or value_of(number) != "0"
