"""What validation found, as the report page shows it: by shape, each result with its statement and its place."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from markupsafe import Markup

from ..rdf.lines import literal, split
from ..rdf.tokens import is_iri
from ..validation.report import Result
from ..wording.sentences import begun
from .renderer import Renderer
from .statements import unit_lines
from .tagged_text import TaggedText

__all__ = ["ResultGroup", "result_groups"]

_MOST = 500  #: results that the page shows; the others are counted
_FEW = 3  #: statements that a result without a value is about


class ResultView(NamedTuple):
    """A result with the statements that it is about, the sentences behind them, and their place in a file."""

    statements: Sequence[Markup]
    units: Sequence[Markup]
    message: str
    place: str


class ResultGroup(NamedTuple):
    """The results of one shape and severity."""

    anchor: str
    severity: str
    shape: str  #: its local name, by which the page of the shapes has it; empty where it has none
    total: int
    results: Sequence[ResultView]
    more: int


def result_groups(renderer: Renderer) -> list[ResultGroup]:
    """What was found, violations first, then by how much a shape found; as many results as a page may have."""
    material = renderer.material
    grouped: dict[tuple[str, str], list[tuple[Result, str]]] = {}
    results = material.report.results if material.report else ()
    places = [*material.places, *[""] * len(results)]
    for result, place in zip(results, places, strict=False):
        key = result.severity.rpartition("#")[2], (result.shape or "").strip("<>")
        grouped.setdefault(key, []).append((result, place))
    order = {"Violation": 0, "Warning": 1, "Info": 2}
    groups: list[ResultGroup] = []
    left = _MOST
    for (severity, shape), members in sorted(
        grouped.items(), key=lambda item: (order.get(item[0][0], 9), -len(item[1]), item[0])
    ):
        shown = members[:left]
        left -= len(shown)
        views = [_Found(renderer, result).view(place) for result, place in shown]
        name = shape.partition("#")[2]
        anchor = f"found-{len(groups) + 1}"
        groups.append(ResultGroup(anchor, severity, name, len(members), views, len(members) - len(shown)))
    return groups


@dataclass(frozen=True)
class _Found:
    """A result, as far as its terms tell which statements it is about."""

    renderer: Renderer
    result: Result

    def view(self, place: str) -> ResultView:
        lines = self._lines()
        units: dict[str, bool] = {}
        for line in lines:
            claim, _ = self.renderer.index.claim_of(line)
            units |= dict(claim.units) if claim else {}
        return ResultView(
            [self._statement(line) for line in lines] or [self._subject()],
            unit_lines(self.renderer, "", units.items()),
            self._message(),
            place,
        )

    def _message(self) -> TaggedText:
        """What is wrong, in the language in which the shape tells it; ours are in English."""
        for token in self.result.messages:
            text, language, _ = literal(token.encode())
            if text == self.result.message:
                return self.renderer.tagged(begun(text), language or "")
        return self.renderer.english(begun(self.result.message))

    def _lines(self) -> list[bytes]:
        """The statements in the data: that with the value, else those with the path."""
        focus = self.result.focus_node.encode()
        path = (self.result.path or "").encode()
        if not is_iri(focus) or not is_iri(path):
            return []
        found = []
        for line in self.renderer.index.lines_of(focus):
            _, predicate, value, _ = split(line)
            if predicate == path and self.result.value in (None, value.decode()):
                found.append(b"%s %s %s .\n" % (focus, predicate, value))
        return sorted(set(found))[:_FEW]

    def _statement(self, line: bytes) -> Markup:
        subject, predicate, value, _ = split(line)
        return Markup("{} <em>{}</em> {}").format(
            self.renderer.link("", subject), self.renderer.text_of(predicate), self.renderer.value("", value)
        )

    def _subject(self) -> Markup:
        """What the result is about where no statement is: the thing, the property, the value."""
        renderer, result = self.renderer, self.result
        focus = result.focus_node.encode()
        parts = [renderer.link("", focus) if is_iri(focus) else Markup("<code>{}</code>").format(result.focus_node)]
        if result.path:
            token = result.path.encode()
            name = renderer.text_of(token) if is_iri(token) else result.path
            parts.append(Markup("<em>{}</em>").format(name))
        return Markup(" ").join(parts)
