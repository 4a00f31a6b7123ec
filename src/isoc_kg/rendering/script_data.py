"""What page scripts read: what is searched, the graph to explore, and what the console completes and offers."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..namespaces import COMMON_PREFIXES, SKOS
from ..query import NamedQuery, Parameter, kind_of_value, parameter_example, parameter_pattern
from ..rdf.lines import iri
from ..rdf.tokens import is_iri
from ..wording.strings import without_signs
from .choices import Choices
from .link_graph import LinkGraph
from .listings import Listings
from .ontology import OntologyPages
from .pages import Bundle
from .renderer import Renderer
from .search_files import SearchParts

__all__ = ["ScriptData"]


@dataclass(frozen=True)
class ScriptData:
    """The files under `data/`."""

    renderer: Renderer
    listings: Listings
    ontology: OntologyPages
    choices: Choices
    graph: LinkGraph

    def bundles(self) -> Iterator[Bundle]:
        """One for each file."""
        search = SearchParts(self.renderer)
        yield Bundle("data/search", search.files, parts=search)
        yield Bundle("data/graph", self.graph_data, share="graph", release=self.graph.release)
        yield Bundle("data/editor", self.editor_data)

    def graph_data(self) -> list[tuple[str, bytes]]:
        """Things as nodes, links among them as edges."""
        return [("data/graph.json", _json(self.graph.data()))]

    def editor_data(self) -> list[tuple[str, bytes]]:
        """Prefixes, terms, things and named queries, and where the dump is."""
        renderer, project = self.renderer, self.renderer.project
        ontology = self.ontology
        dump = next((file for file in renderer.material.files if file.name == f"{project.name}.nq"), None)
        terms = [
            {"n": renderer.short(iri(term)), "l": renderer.text_of(term),
             "k": "class" if ontology.kind(term) == 0 else "property", "d": ontology.text(term, SKOS.definition)}
            for term in ontology.terms if ontology.kind(term) < 4
        ]  # fmt: skip
        things = [
            {"n": renderer.short(iri(token)), "l": renderer.text_of(token)}
            for token in self.listings.things[:5000]
            if is_iri(token)
        ]
        queries = [
            {"n": query.name, "t": query.title, "d": query.description, "q": query.text,
             "p": [self._parameter(query, parameter) for parameter in query.parameters]}
            for query in renderer.material.queries.values()
        ]  # fmt: skip
        value = {
            "base": "" if project.foreign else project.base,
            "dump": dump.name if dump else "", "bytes": dump.size if dump else 0,
            "digest": f"sha256:{renderer.material.digest}", "prefixes": project.prefixes, "terms": terms,
            "things": things, "queries": queries, "claims": project.ids.claims if renderer.index.has_claims else "",
            "language": project.language, "labels": project.names.labels,
            "common": {name: iri for name, iri in COMMON_PREFIXES.items() if name not in project.prefixes},
            "pages": self._pages(), "names": self._names(),
        }  # fmt: skip
        return [("data/editor.json", _json(value))]

    def _parameter(self, query: NamedQuery, parameter: Parameter) -> dict[str, Any]:
        """Name, type, default, explanation, the values offered, and the form and an example of what it takes."""
        value: dict[str, Any] = {
            "n": parameter.name,
            "t": parameter.type,
            "v": parameter.default or "",
            "x": parameter.text,
            "k": kind_of_value(parameter.type),
        }
        if offers := self.choices.of(query, parameter):
            value |= {"c": [offer.value for offer in offers]}
        if pattern := parameter_pattern(parameter.type):
            value |= {"r": pattern, "e": parameter_example(parameter.type)}
        return value

    def _names(self) -> dict[str, tuple[str, str]]:
        """Properties and classes in use → what pages call them, and in which language where that is another."""
        renderer = self.renderer
        used = dict.fromkeys(renderer.index.uses)
        used |= dict.fromkeys(kind for kinds in renderer.index.types.values() for kind in kinds)
        names = {token: renderer.index.name_of(token) for token in sorted(used) if is_iri(token)}
        return {
            renderer.short(iri(token)): (without_signs(name), renderer.foreign(language))
            for token, (name, language) in names.items()
        }

    def _pages(self) -> dict[str, str]:
        """The addresses of pages that their IRIs do not tell: of terms, and of things of other people."""
        renderer, base = self.renderer, self.renderer.project.base
        some = [*(iri(term) for term in self.ontology.terms), *map(iri, filter(is_iri, self.listings.things[:5000]))]
        places = {name: renderer.href("", name) for name in some}
        return {
            renderer.short(name).strip("<>"): href
            for name, href in places.items()
            if href != name and href != f"{name.removeprefix(base)}.html"
        }


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
