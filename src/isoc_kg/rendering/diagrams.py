"""Diagrams as lists with lines between them: without a script, names whole, stacked where it is narrow."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from markupsafe import Markup, escape

from ..rdf.lines import iri
from .renderer import Renderer
from .resource import WITHDRAWN, Resource
from .tagged_text import TaggedText

__all__ = ["LONGEST_NAME", "Relation", "both_ways", "class_diagram", "class_hierarchy", "link_diagram", "links_in_fans"]

_MOST = 12  #: rows on each side
_MOST_ABOVE = 3
_MANY = 6  #: classes under a general one that take the whole width
LONGEST_NAME = 90  #: characters of a name

_BOTH = Markup(' <span class="both" title="{0}" aria-hidden="true">⇄</span><span class="hidden"> {0}</span>')


class Relation(NamedTuple):
    """Things of a class may have a property whose values are of another class or of a datatype."""

    source: bytes
    property: bytes
    target: bytes


# -- classes as trees -------------------------------------------------------------


def class_hierarchy(renderer: Renderer, above: Mapping[bytes, Sequence[bytes]], own: tuple[bytes, ...]) -> Markup:
    """Classes as trees, the special ones below the general ones, ours marked; those that stand alone are left out.

    `above` has each class with those that it is directly under; `own` are the beginnings of our names. A class under
    several ones stands under each of them, and what is under it only the first time.
    """
    children: dict[bytes, list[bytes]] = {}
    for term, parents in above.items():
        for parent in parents:
            if parent in above:
                children.setdefault(parent, []).append(term)
    below = {term for terms in children.values() for term in terms}
    order = sorted(children, key=renderer.sort_key)
    seen: set[bytes] = set()
    trees = []
    # what is in a circle is under no other class; its first one begins the tree
    for start in [*(term for term in order if term not in below), *order]:
        if start not in seen:
            trees.append(_tree(renderer, start, children, own, seen))
    return Markup('<ul class="trees">{}</ul>').format(Markup("").join(trees)) if trees else Markup("")


def _tree(
    renderer: Renderer,
    start: bytes,
    children: Mapping[bytes, Sequence[bytes]],
    own: tuple[bytes, ...],
    seen: set[bytes],
) -> Markup:
    """A class with all that is under it, as an item of a list; adds to `seen` what it has."""
    before = len(seen)
    parts: list[Markup] = []
    ends = Markup("</ul></li>")
    waiting: list[bytes | None] = [None, start]  # None: the end of a list; a stack, since hierarchies can be deep
    while waiting:
        term = waiting.pop()
        if term is None:
            parts.append(ends)
            continue
        under = [] if term in seen else sorted(children.get(term, ()), key=renderer.sort_key)
        seen.add(term)
        box = _box(renderer, "", term, "own" if term.startswith(own) else "")
        if not under and term != start:
            parts.append(Markup("<li>{}</li>").format(box))
            continue
        parts.append(Markup("{}{}<ul>").format(Markup("") if term == start else Markup("<li>"), box))
        waiting += [*([None] if term != start else []), *reversed(under)]
    wide = Markup(' class="wide"') if len(seen) - before > _MANY else Markup("")
    return Markup("<li{}>{}").format(wide, Markup("").join(parts))


# -- a class with its relations ---------------------------------------------------


def class_diagram(
    renderer: Renderer,
    root: str,
    term: bytes,
    above: Sequence[bytes],
    below: Sequence[bytes],
    relations: Sequence[Relation],
) -> Markup:
    """A class: what links to it on one side, what it links to on the other, the general above, the special below."""
    incoming = _first(renderer, (relation for relation in relations if relation.target == term))
    outgoing = _first(renderer, (relation for relation in relations if relation.source == term))
    general = sorted(above, key=renderer.sort_key)[:_MOST_ABOVE]
    special = sorted(below, key=renderer.sort_key)[:_MOST]
    if not (incoming or outgoing or general or special):
        return Markup("")

    def boxes(class_: str, terms: Iterable[bytes]) -> Markup:
        items = Markup("").join(Markup("<li>{}</li>").format(_box(renderer, root, one)) for one in terms)
        return Markup('<ul class="{}">{}</ul>').format(class_, items) if items else items

    def row(property_: bytes, other: bytes) -> Markup:
        word = _named(renderer, root, property_, "")
        return Markup('<span class="word"><span>{}</span></span>{}').format(word, _box(renderer, root, other))

    strings = renderer.theme.strings
    parts = [
        boxes("above", general),
        Markup('<div class="self">{}</div>').format(_box(renderer, root, term, "own")),
        _fan("out", strings["outgoing"], [row(one.property, one.target) for one in outgoing]),
        _fan("in", strings["incoming"], [row(one.property, one.source) for one in incoming]),
        boxes("below", special),
    ]
    return Markup('<div class="context">{}</div>').format(Markup("").join(parts))


def _first(renderer: Renderer, relations: Iterable[Relation]) -> list[Relation]:
    """Those that the diagram has room for, by the names of their properties."""
    return sorted(relations, key=lambda relation: (renderer.sort_key(relation.property), relation))[:_MOST]


def _box(renderer: Renderer, root: str, term: bytes, class_: str = "") -> Markup:
    return _named(renderer, root, term, f"box {class_}".rstrip())


def _named(renderer: Renderer, root: str, term: bytes, class_: str) -> Markup:
    """A term of an ontology by its name, linked to its page if there is one."""
    short = renderer.short(iri(term))
    name = renderer.worded(term) if term in renderer.index.label else renderer.tagged(short)
    href = renderer.href(root, iri(term)) if term in renderer.index.paged else ""
    attributes = Markup(' class="{}"').format(class_) if class_ else Markup("")
    if href:
        return Markup('<a href="{}"{} title="{}">{}</a>').format(href, attributes, short, name)
    return Markup('<span{} title="{}">{}</span>').format(attributes, short, name)


def _fan(class_: str, label: str, rows: Sequence[str]) -> Markup:
    """Rows of one height each, and a line from the middle of each to the middle of all; nothing without rows."""
    if not rows:
        return Markup("")
    before, after = _fan_frame(class_, escape(label), len(rows))
    return Markup(f"{before}<li>{'</li><li>'.join(rows)}</li>{after}")  # noqa: S704 – rows are markup


@lru_cache(500)
def _fan_frame(class_: str, label: Markup, count: int) -> tuple[Markup, Markup]:
    """What stands before and behind so many rows."""
    middle = count / 2
    lines = "".join(f"M0 {middle:g}C1 {middle:g} 1 {row + 0.5:g} 2 {row + 0.5:g}" for row in range(count))
    picture = Markup('<svg viewBox="0 0 2 {}" preserveAspectRatio="none" aria-hidden="true"><path d="{}"/></svg>')
    before = Markup('<div class="fan {}">{}<ul aria-label="{}">').format(class_, picture.format(count, lines), label)
    return before, Markup("</ul></div>")


# -- a resource with its links ----------------------------------------------------


def link_diagram(renderer: Renderer, root: str, token: bytes, resource: Resource, most: int) -> Markup:
    """What links to a resource on one side, what it links to on the other; nothing when it stands alone.

    What does both stands once, with what the resource links to.
    """
    index = renderer.index
    sources = dict.fromkeys(subject for group in resource.incoming for subject in group.subjects)
    targets = dict.fromkeys(
        statement.object
        for statement in sorted(resource.statements, key=lambda statement: statement.graph == "derived")
        if statement.graph != WITHDRAWN and statement.object in index.paged and statement.object not in index.terms
    )
    outgoing = [target for target in targets if target != token][: most // 2]
    incoming = [source for source in sources if source not in {token, *outgoing}][: most // 2]
    if not incoming and not outgoing:
        return Markup("")
    names = _apart(renderer, [*incoming, *outgoing])
    strings = renderer.theme.strings

    def row(member: bytes) -> Markup:
        href = escape(renderer.href(root, member.decode().strip("<>")))
        back = both_ways(strings) if member in sources and member in outgoing else ""
        return Markup(f'<a href="{href}">{escape(names[member])}</a>{back}')  # noqa: S704 – escaped

    return Markup(  # noqa: S704 – markup
        links_in_fans(strings, [row(member) for member in incoming], [row(member) for member in outgoing])
    )


def both_ways(strings: Mapping[str, str]) -> str:
    """What stands behind a row whose thing also links back."""
    return str(_BOTH.format(strings["both_ways"]))


def links_in_fans(strings: Mapping[str, str], incoming: Sequence[str], outgoing: Sequence[str]) -> str:
    """The rows of a resource's links, of which there is at least one, on both sides of it."""
    left, right = _fan("in", strings["incoming"], incoming), _fan("out", strings["outgoing"], outgoing)
    return f'<div class="neighbours">{left}<span class="self"></span>{right}</div>'


def _apart(renderer: Renderer, members: Sequence[bytes]) -> dict[bytes, TaggedText | Markup]:
    """Names of which no two are alike: a long one without its middle, one that others have with its IRI."""
    half = LONGEST_NAME // 2
    shown: dict[bytes, TaggedText] = {}
    for member in members:
        name, language = renderer.index.name_of(member)
        cut = name if len(name) <= LONGEST_NAME else f"{name[:half].rstrip()} … {name[-half:].lstrip()}"
        shown[member] = renderer.tagged(cut, language)
    folded = {member: name.casefold() for member, name in shown.items()}
    counts = Counter(folded.values())
    return {
        member: name if counts[folded[member]] == 1
        else Markup("{} <small>{}</small>").format(name, renderer.short(iri(member)))
        for member, name in shown.items()
    }  # fmt: skip
