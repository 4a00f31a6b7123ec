"""The parts of a Word document beside its text: relations, properties, styles; and what elements and attributes say."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import dirname, join, normpath
from typing import Any

from .archive import Archive

__all__ = [
    "Style", "is_numbered", "is_on", "local_name", "own", "properties", "related", "styles_of", "texts_around",
    "value_of",
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
        )
        return styles[name]

    for name in elements:
        style(name)
    return styles


def is_numbered(numbering: Any) -> bool:
    """Whether a paragraph with these properties is in a list; number 0 takes it out (section 17.9.18)."""
    number = numbering.find("{*}numId")
    return number is None or value_of(number) != "0"
