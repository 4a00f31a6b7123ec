"""What page scripts read: entries to search, the graph to explore, and what the console completes and offers."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from ..namespaces import SKOS
from ..rdf.lines import iri
from ..rdf.tokens import iri_token, is_iri
from .listings import Listings
from .ontology import OntologyPages
from .pages import Bundle
from .renderer import Renderer

__all__ = ["ScriptData"]


@dataclass(frozen=True)
class ScriptData:
    """The files under `data/`."""

    renderer: Renderer
    listings: Listings
    ontology: OntologyPages

    def bundles(self) -> Iterator[Bundle]:
        """One for each file."""
        for name, render in (("search", self.search_data), ("graph", self.graph_data), ("editor", self.editor_data)):
            yield Bundle(f"data/{name}", render)

    def search_data(self) -> list[tuple[str, bytes]]:
        """Everything with a page, and each unit with a quote or a gist."""
        renderer, index = self.renderer, self.renderer.index
        entries = []
        for token in sorted(renderer.index.paged, key=renderer.sort_key):
            if not is_iri(token):
                continue
            href = renderer.href("", iri(token))
            kinds = index.types.get(token, ())
            entry = {"i": href, "l": renderer.text_of(token), "k": ", ".join(renderer.text_of(kind) for kind in kinds)}
            if names := index.names.get(token):
                entry["n"] = names  # type: ignore[assignment]
            if about := index.about.get(token, ("",))[0]:
                entry["d"] = about[:300]
            entries.append(entry)
        for unit in sorted(index.units.values(), key=lambda unit: (unit.edition, unit.position)):
            if unit.quote or unit.gist:
                label = f"{renderer.theme.strings['sentence']} {unit.number}"
                entries.append(
                    {
                        "i": renderer.href("", unit.iri),
                        "l": label,
                        "k": renderer.text_of(iri_token(unit.edition)),
                        "d": unit.quote or unit.gist or "",
                    }
                )
        return [("data/search.json", _json({"entries": entries}))]

    def graph_data(self) -> list[tuple[str, bytes]]:
        """Things as nodes with class and degree, links among them as edges: numbers of source, target, property."""
        renderer = self.renderer
        predicates: dict[str, int] = {}
        edges = list(self._edges(predicates))
        degree = Counter(number for source, target, _ in edges for number in (source, target))
        classes: dict[str, int] = {}
        nodes = [
            {
                "u": renderer.href("", token.decode().strip("<>")),
                "l": renderer.text_of(token),
                "c": classes.setdefault(self._class(token), len(classes)),
                "d": degree[number],
            }
            for number, token in enumerate(self.listings.things)
        ]
        scheme = renderer.text_of(iri_token(SKOS.ConceptScheme))
        value = {
            "classes": list(classes),
            "closed": [classes[scheme]] if scheme in classes else [],
            "predicates": list(predicates),
            "nodes": nodes,
            "edges": sorted(set(edges)),
        }
        return [("data/graph.json", _json(value))]

    def _edges(self, predicates: dict[str, int]) -> Iterator[tuple[int, int, int]]:
        """Each link from one thing to another; names of properties are added to `predicates`, and numbered by it."""
        index, things = self.renderer.index, self.listings.things
        numbers = {token: number for number, token in enumerate(things)}
        names = cache(self.renderer.text_of)  # of few properties, on many links
        for target, token in enumerate(things):
            for line_number in index.incoming.get(token, ()):
                subject, predicate, _ = index.lines[line_number].split(b" ", 2)
                source = numbers.get(subject)
                if source is not None and source != target:
                    yield source, target, predicates.setdefault(names(predicate), len(predicates))

    def _class(self, token: bytes) -> str:
        return next((self.renderer.text_of(type_) for type_ in self.renderer.index.types.get(token, ())), "–")

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
             "p": [{"n": p.name, "t": p.type, "v": p.default or "", "x": p.text} for p in query.parameters]}
            for query in renderer.material.queries.values()
        ]  # fmt: skip
        value = {
            "base": "" if project.foreign else project.base,
            "dump": dump.name if dump else "", "bytes": dump.size if dump else 0,
            "digest": f"sha256:{renderer.material.digest}", "prefixes": project.prefixes, "terms": terms,
            "things": things, "queries": queries,
        }  # fmt: skip
        return [("data/editor.json", _json(value))]


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
