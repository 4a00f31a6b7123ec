"""Frames: what pages of things have in common, cut out of the templates by rendering them with marks.

A template takes most of its time to put the same texts together. So it is rendered once for all pages that have the
same parts, with a mark in the place of each value; the pages are made by putting values in the places of the marks. A
project's own templates may do anything with a value, so their pages are rendered whole, and so are pages that have
texts of another language.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, TypeVar
from urllib.parse import quote
from uuid import uuid4

from markupsafe import Markup, escape

from ..wording.strings import has_signs
from .pages import Link, Page
from .renderer import Renderer
from .separators import separator
from .standing import StandingView
from .statements import IncomingLinks, PropertyGroup, StatementView

__all__ = ["ThingFrames", "mark"]

_TEMPLATE = "resource.html"
_MOST = 2000  #: frames that are remembered
_MARK = f"mark{uuid4().hex}"
_COUNT = 10**15 + uuid4().int % 10**14 * 10  #: a mark in place of a number of statements, of less than ten sorts
_Parts = TypeVar("_Parts")
#: The members of a statement of which a template shows no more than one place.
_TEXTS = "value", "anchor", "iri", "corroboration", "disputed", "acceptance", "citation", "citations"
#: Those which few statements have: with one of them, a statement is rendered whole.
_RARE = "beside", "notes", "sources", "retracted", "contradicting", "rivals", "reasons", "further"


def mark(name: str) -> Markup:
    """What stands for a value in a frame that is cut."""
    return Markup(f"{_MARK}{name}x")  # noqa: S704 – letters and digits


def _html(value: object) -> str:
    """A value as a template writes it."""
    return value if type(value) is Markup else escape(value)


def _frame(text: str, places: Mapping[str, str]) -> str:
    """A text in which `%` puts values in the places of marks."""
    text = text.replace("%", "%%")
    for name, marked in places.items():
        text = text.replace(marked.replace("%", "%%"), f"%({name})s")
    return text


class _Counted(list[StatementView]):
    """Statements of which there seem to be so many that no others have their number."""

    number = _COUNT

    def of(self, number: int) -> "_Counted":
        """The same, to be told from those of other numbers."""
        self.number = _COUNT + number
        return self

    def __len__(self) -> int:
        return self.number


class ThingFrames:
    """Makes pages of things, as `Renderer.html` would."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer, self._theme = renderer, renderer.theme
        self._frames: dict[tuple[Any, ...], str] = {}
        self._standings: dict[tuple[str, ...], str] = {}  # frames, by the kinds
        self._statements: dict[tuple[bool, ...], str] = {}

    def html(self, page: Page, context: Mapping[str, Any]) -> bytes:
        """The page with what its template knows."""
        frame = self.frame(page, context)
        text = frame % self._values(page, context) if frame else ""
        if not text or has_signs(text):
            return self._renderer.html(_TEMPLATE, page, **context)
        return text.encode()

    @cached_property
    def usable(self) -> bool:
        """Whether pages may be made of frames: with templates of ours, which put statements one behind the other."""
        return not self._theme.own and self._composes

    # -- pages ----------------------------------------------------------------

    def frame(self, page: Page, context: Mapping[str, Any]) -> str:
        """The frame of pages with the same parts as one; empty where there is none."""
        if not self.usable:
            return ""
        site = self._renderer.site.title
        key = _key(page, context, site if page.title == site else "")
        frame = self._frames.get(key)
        if frame is None:
            if len(self._frames) >= _MOST:
                self._frames.clear()
            frame = self._frames[key] = self._cut(page, context)
        return frame

    def _cut(self, page: Page, context: Mapping[str, Any]) -> str:
        """The frame of a page: the template with a mark for each value that is there."""
        link = Link(mark("rel"), mark("href"))
        marked = replace(
            page,
            path=mark("path"),
            title=page.title if page.title == self._renderer.site.title else mark("title"),
            title_attributes=mark("language"),
            description=page.description and mark("description"),
            canonical=page.canonical and mark("canonical"),
            structured=page.structured and mark("structured"),
            links=(link,),
        )
        groups = [PropertyGroup(mark("heading"), [StatementView(mark("shown"))])]
        shown = self._groups_as_rendered(groups)
        names = ("label", "iri", "about", "picture", "digest", "coins", "replaced_by")
        values: dict[str, Any] = {name: context[name] and mark(name) for name in names}
        for name in ("kinds", "names", "documents"):
            values[name] = [mark(name)] if context[name] else []
        values["groups"] = groups
        values["more"] = [
            (
                name,
                text,
                [PropertyGroup(mark(f"heading{number}"), _Counted([StatementView(mark("shown"))]).of(number))],
            )
            for number, (name, text, _) in enumerate(context["more"])
        ]
        values["incoming"] = [
            IncomingLinks(
                mark(f"linked{number}"),
                mark(f"total{number}"),
                [mark(f"links{number}")] if group.links else [],
                group.more and mark(f"rest{number}"),
                group.derived and mark(f"derived{number}"),
            )
            for number, group in enumerate(context["incoming"])
        ]
        values["files"] = [file._replace(href=mark(f"file{n}")) for n, file in enumerate(context["files"])]
        values["citations"] = [(name, mark(f"cited{n}")) for n, (name, _) in enumerate(context["citations"])]
        values["dublin_core"] = [(name, mark(f"core{n}")) for n, (name, _) in enumerate(context["dublin_core"])]
        text = self._theme.render_part(
            _TEMPLATE, **{**self._renderer.shared(page), **context, **values, "footer": mark("footer"), "page": marked}
        )
        if has_signs(text):
            return ""
        places = {"head": str(link.html), "groups": shown}
        for number, (_, _, members) in enumerate(values["more"]):
            places[f"more{number}"] = self._groups_as_rendered(members)
            places[f"count{number}"] = str(_COUNT + number)
        names_of_marks = [
            *("footer", "path", "title", "language", "description", "canonical", "structured"),
            *(*names, "kinds", "names", "documents"),
            *(
                f"{name}{n}"
                for name in ("linked", "total", "links", "rest", "derived")
                for n in range(len(values["incoming"]))
            ),
            *(f"file{n}" for n in range(len(values["files"]))),
            *(f"cited{n}" for n in range(len(values["citations"]))),
            *(f"core{n}" for n in range(len(values["dublin_core"]))),
        ]
        return _frame(text, places | {name: mark(name) for name in names_of_marks})

    def _values(self, page: Page, context: Mapping[str, Any]) -> dict[str, str]:
        """What stands in the places of the marks."""
        values: dict[str, str] = {
            "head": str(page.head),
            "footer": self._renderer.footer(page),
            "path": quote(page.href.encode(), safe="/"),
            "title": _html(page.title),
            "language": _html(page.title_attributes),
            "description": _html(page.description),
            "canonical": _html(page.canonical),
            "structured": _html(page.structured),
            "kinds": self._separator(context["kinds"]).join(map(_html, context["kinds"])),
            "names": f"</b>{self._separator(context['names'])}<b>".join(map(_html, context["names"])),
            "documents": self._separator(context["documents"], "who_says").join(map(_html, context["documents"])),
            "groups": self._groups(context["groups"]),
        }
        for name in ("label", "iri", "about", "picture", "digest", "coins", "replaced_by"):
            values[name] = _html(context[name])
        for number, (_, _, members) in enumerate(context["more"]):
            values[f"more{number}"] = self._groups(members)
            values[f"count{number}"] = str(sum(len(group.statements) for group in members))
        for number, group in enumerate(context["incoming"]):
            values[f"linked{number}"] = _html(group.heading)
            values[f"total{number}"] = _html(group.total)
            values[f"links{number}"] = "</li><li>".join(map(_html, group.links))
            values[f"rest{number}"] = _html(group.more)
            values[f"derived{number}"] = _html(group.derived)
        for number, file in enumerate(context["files"]):
            values[f"file{number}"] = _html(file.href)
        for name, pairs in (("cited", context["citations"]), ("core", context["dublin_core"])):
            for number, (_, text) in enumerate(pairs):
                values[f"{name}{number}"] = _html(text)
        return values

    def _separator(self, names: Sequence[object], sentence: str = "") -> str:
        strings = self._theme.strings
        return separator(strings, names, strings[sentence] if sentence else "")

    # -- statements -----------------------------------------------------------

    def _groups_as_rendered(self, groups: Sequence[PropertyGroup]) -> str:
        return str(self._theme.fragment("groups", groups))

    @cached_property
    def group(self) -> tuple[str, str, str]:
        """What stands before the heading of a property, between it and its statements, and behind them."""
        text = self._groups_as_rendered([PropertyGroup(mark("heading"), [])])
        before, _, rest = text.partition(mark("heading"))
        between, list_, after = rest.partition("<ul>")
        return before, between + list_, after

    @cached_property
    def value(self) -> str:
        """The frame of a statement that has no claim."""
        return self._cut_statement(StatementView(mark("value")))

    @cached_property
    def _composes(self) -> bool:
        """Whether several properties and statements are rendered as each is alone."""
        one, other = StatementView(Markup("a")), StatementView(Markup("b"))
        groups = [PropertyGroup(Markup("c"), [one, other]), PropertyGroup(Markup("d"), [one])]
        return all(self.group) and self._groups_as_rendered(groups) == self._groups(groups)

    def _cut_statement(self, statement: StatementView) -> str:
        before, between, after = self.group
        text = self._groups_as_rendered([PropertyGroup(mark("heading"), [statement])])
        text = text.removeprefix(f"{before}{mark('heading')}{between}").removesuffix(after)
        places: dict[str, str] = {name: mark(name) for name in (*_TEXTS, "units", "beside")}
        if statement.standing:
            places["standing"] = self.standing(statement.standing)
        return _frame(text, places)

    def _groups(self, groups: Iterable[PropertyGroup]) -> str:
        before, between, after = self.group
        parts: list[str] = []
        for group in groups:
            parts += [before, group.heading, between]
            for statement in group.statements:
                if statement.anchor or statement.beside:
                    parts.append(self.claimed(statement))
                else:
                    parts.append(self.value % {"value": _html(statement.value)})
            parts.append(after)
        return "".join(parts)

    def claimed(self, statement: StatementView) -> str:
        """A statement with its evidence, or with what is said of what it leads to."""
        before, between, after = self.group
        if statement.gone or any(getattr(statement, name) for name in _RARE):
            text = self._groups_as_rendered([PropertyGroup(mark("heading"), [statement])])
            return text.removeprefix(f"{before}{mark('heading')}{between}").removesuffix(after)
        key = (
            statement.objectable,
            bool(statement.standing),
            bool(statement.units),
            *(bool(getattr(statement, name)) for name in _TEXTS),
        )
        frame = self._statements.get(key)
        if frame is None:
            names = [name for name in _TEXTS if getattr(statement, name)]
            frame = self._statements[key] = self.claim(
                names, standing=bool(statement.standing), units=bool(statement.units), objectable=statement.objectable
            )
        values: dict[str, str] = {name: _html(getattr(statement, name)) for name in _TEXTS}
        values["standing"] = self.standing(statement.standing)
        values["units"] = "".join(map(_html, statement.units))
        return frame % values

    def claim(self, names: Iterable[str], *, standing: bool, units: bool, objectable: bool) -> str:
        """The frame of a statement with evidence, of which there is what is named."""
        return self._cut_statement(
            StatementView(
                **{"value": Markup(""), **{name: mark(name) for name in names}},  # type: ignore[arg-type]
                standing=[StandingView(mark("kind"), mark("text"))] if standing else [],
                units=[mark("units")] if units else [],
                objectable=objectable,
            )
        )

    def standing(self, standing: Sequence[StandingView]) -> str:
        """How a claim stands, as its template has it."""
        kinds = tuple([one.kind for one in standing])
        frame = self._standings.get(kinds)
        if frame is None:
            if len(self._standings) >= _MOST:
                self._standings.clear()
            places = {f"text{number}": mark(f"text{number}") for number in range(len(kinds))}
            marked = [StandingView(kind, text) for kind, text in zip(kinds, places.values(), strict=True)]
            frame = self._standings[kinds] = _frame(str(self._theme.fragment("standing", marked)), places)
        return frame % {f"text{number}": _html(one.text) for number, one in enumerate(standing)}


def _key(page: Page, context: Mapping[str, Any], home: str) -> tuple[Any, ...]:
    """What parts a page has: those with the same have one frame. `home` is its title where that is the site's."""
    names = ("label", "about", "picture", "coins", "replaced_by", "kinds", "names", "documents")
    return (
        *(page.root, page.lang, page.kind, page.og_type, page.section, page.styles, page.scripts),
        *(home, bool(page.description), bool(page.canonical), bool(page.structured)),
        *(bool(context[name]) for name in names),
        *(context["withdrawn"], context["taken_back"]),
        tuple((name, text) for name, text, _ in context["more"]),
        tuple((bool(group.links), bool(group.more), bool(group.derived)) for group in context["incoming"]),
        tuple(name for name, _ in context["citations"]),
        tuple(name for name, _ in context["dublin_core"]),
        tuple((file.type, file.title) for file in context["files"]),
    )
