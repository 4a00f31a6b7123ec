"""The pages around the data: home, questions, shapes, report, statistics, downloads, console, graph, search."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup

from .. import rdf
from ..evidence.coverage import NOT_COVERING
from ..iris import local_name
from ..namespaces import RDF, SH, SKOS
from ..query import NamedQuery
from ..rdf.lines import iri, literal, split
from .documents import document_bundles
from .listings import Listings
from .pages import Bundle, Link, Renderer, data_links
from .script_data import Feeds
from .things import TWINS, Group, ThingBundle, Things, thing_bundles
from .vocabulary import Vocabulary

__all__ = ["bundles"]

_CARDS = 8  #: things on the home page
_FEW = 3  #: sentences that show what evidence is


def bundles(renderer: Renderer) -> Iterator[Bundle | ThingBundle]:
    """Every page of the publication, resources last."""
    listings, vocabulary = Listings(renderer), Vocabulary(renderer)
    yield from _Overview(renderer, listings, vocabulary).bundles()
    yield from Feeds(renderer, listings, vocabulary).bundles()
    yield from document_bundles(renderer)
    yield from vocabulary.bundles()
    yield from listings.bundles()
    yield from thing_bundles(renderer)


@dataclass(frozen=True)
class _Overview:
    renderer: Renderer
    listings: Listings
    vocabulary: Vocabulary

    def bundles(self) -> Iterator[Bundle]:
        for name, render in (
            ("index", self.home), ("queries", self.queries), ("shapes", self.shapes), ("report", self.report),
            ("statistics", self.statistics), ("dataset", self.downloads), ("sparql", self.console),
            ("explore", self.explore), ("search", self.search), ("about", self.about), ("404", self.not_found),
        ):  # fmt: skip
            yield Bundle(name, render)
        for query in self.renderer.material.queries.values():
            yield Bundle(f"query/{query.name}", lambda query=query: self.query(query))  # type: ignore[misc]

    def _page(
        self, name: str, title: str, template: str, kind: str = "overview", **context: Any
    ) -> list[tuple[str, bytes]]:
        more = {
            key: context.pop(key)
            for key in ("links", "scripts", "styles", "section", "description", "root")
            if key in context
        }
        page = self.renderer.page(f"{name}.html", title, kind, **({"section": f"{name}.html"} | more))
        return [(f"{name}.html", self.renderer.html(template, page, **context))]

    @property
    def t(self) -> Any:
        return self.renderer.theme.strings

    @cached_property
    def figures(self) -> list[tuple[str, str]]:
        """What the publication amounts to."""
        index = self.renderer.index
        claims = {claim for found in index.claims.values() for _, claim in found}
        things = [t for t in index.subjects if b"/document/" not in t]
        found = [(len(things), self.t["things"]), (self.count, self.t["statements_count"])]
        if claims:
            found += [(len(claims), self.t["claims"]), (len(index.units), self.t["units"])]
        return [(f"{number:,}", label) for number, label in found if number]

    @property
    def count(self) -> int:
        """Facts where there is such a graph, else all triples."""
        project, lines = self.renderer.project, self.renderer.index.lines
        suffix = f" <{project.ids.graph('facts')}> .\n".encode()
        return sum(line.endswith(suffix) for line in lines) or len(lines)

    def home(self) -> list[tuple[str, bytes]]:
        renderer, index = self.renderer, self.renderer.index
        listings = self.listings
        classes = next((facet for facet in listings.facets if facet.name == "class"), None)
        kinds = listings.links("", classes, None)["links"][:24] if classes else []
        said = index.said
        best = sorted(listings.things, key=lambda token: (token != self.subject, -said[token], token))[:_CARDS]
        cards = [
            {"link": renderer.link("", token), "about": index.about.get(token, ("", ""))[0][:160],
             "kinds": ", ".join(renderer.text_of(type_) for type_ in index.types.get(token, ()))}
            for token in best if token in index.paged
        ]  # fmt: skip
        sample = self.sample(best[0]) if best else None
        queries = list(renderer.material.queries.values())[:8]
        documents = [renderer.link("", f"<{edition}>".encode()) for edition, _ in index.editions()]
        return self._page(
            "index", renderer.project.title, "home.html", "home", section="", description=renderer.project.description,
            figures=self.figures, kinds=kinds, cards=cards, queries=queries, documents=documents, dumps=self.dumps(),
            sample=sample, sample_subject=renderer.link("", best[0]) if sample else "",
            links=(Link("describedby", "dataset.ttl", "text/turtle"), Link("cite-as", renderer.project.ids.dataset)),
        )  # fmt: skip

    @property
    def subject(self) -> bytes:
        """What the publication is about, if `kg.toml` says so."""
        project = self.renderer.project
        return f"<{project.ids.thing(project.subject)}>".encode() if project.subject else b""

    def sample(self, token: bytes) -> list[Group] | None:
        """A statement about a thing that a few sentences support, shown with them; None without any."""
        found = [
            (one, len(one.claim.units))
            for one in self.renderer.index.resource(token).statements
            if one.claim and one.claim.units and one.predicate not in NOT_COVERING
        ]
        if not found:
            return None
        best = max(found, key=lambda pair: (min(pair[1], _FEW) - max(0, pair[1] - _FEW), pair[0].object[0] == 34))[0]
        return Things(self.renderer).groups("", {best.predicate: [best]})

    def dumps(self) -> list[tuple[str, str, str]]:
        """Name, format and size of the files that hold the whole."""
        project = self.renderer.project
        return [
            (file.name, file.format.label, f"{max(1, round(file.size / 1000)):,} kB")
            for file in self.renderer.material.files
            if file.format and file.name.startswith(f"{project.name}.")
        ]

    def queries(self) -> list[tuple[str, bytes]]:
        return self._page(
            "queries", self.t["queries"], "queries.html", queries=list(self.renderer.material.queries.values())
        )

    def query(self, query: NamedQuery) -> list[tuple[str, bytes]]:
        renderer = self.renderer
        terms = [
            renderer.link("../", f"<{name}>".encode())
            for name, users in sorted(self.vocabulary.queried.items())
            if query.name in users and f"<{name}>".encode() in renderer.index.terms
        ]
        found = self._page(
            f"query/{query.name}", query.title, "query.html", section="queries.html", description=query.description,
            query=query, terms=terms, links=(Link("alternate", f"{query.name}.rq", "application/sparql-query"),),
        )  # fmt: skip
        return [*found, (f"query/{query.name}.rq", query.text.encode())]

    def shapes(self) -> list[tuple[str, bytes]]:
        renderer = self.renderer
        by_subject: dict[bytes, list[tuple[bytes, bytes]]] = {}
        for line in renderer.material.shapes:
            subject, predicate, object_, _ = split(line)
            by_subject.setdefault(subject, []).append((predicate, object_))

        def values(shape: bytes, property_: str) -> list[bytes]:
            return [o for p, o in by_subject.get(shape, ()) if p == f"<{property_}>".encode()]

        def text(shape: bytes, property_: str) -> str:
            return next((literal(o)[0] for o in values(shape, property_) if o[0] == 34), "")

        def value(token: bytes) -> Any:
            if token[0] == 34:
                return literal(token)[0]
            if token in renderer.index.paged:
                return renderer.link("", token)
            return renderer.short(iri(token)) if token[0] == 60 else token.decode()

        def describe(shape: bytes) -> dict[str, Any]:
            told = (SH.name, SH.description, SH.message, SH.property, SH.path, RDF.type, SH.severity, SKOS.prefLabel)
            skip = {f"<{name}>".encode() for name in told}
            rules: dict[str, list[Any]] = {}
            for p, o in by_subject.get(shape, ()):
                if p not in skip:
                    rules.setdefault(renderer.short(iri(p)).removeprefix("sh:"), []).append(value(o))
            paths = values(shape, SH.path)
            return {
                "path": value(paths[0]) if paths else "",
                "anchor": iri(shape).partition("#")[2] if shape[0] == 60 else "",
                "name": text(shape, SH.name) or local_name(shape.decode().strip("<>")),
                "description": text(shape, SH.description),
                "messages": [literal(o)[0] for o in values(shape, SH.message) if o[0] == 34],
                "rules": list(rules.items()),
                "properties": [
                    describe(one) for one in values(shape, SH.property) if one in by_subject and one != shape
                ],
            }

        node = f"<{SH.NodeShape}>".encode()
        nodes = sorted(shape for shape, pairs in by_subject.items() if any(o == node for _, o in pairs))
        described = [describe(shape) for shape in nodes]
        seen: set[str] = {shape["anchor"] for shape in described}
        for shape in described:
            for one in shape["properties"]:
                one["first"] = one["anchor"] and one["anchor"] not in seen
                seen.add(one["anchor"])
        listed = {d["anchor"] for d in described} | {p["anchor"] for d in described for p in d["properties"]}
        others = [
            describe(s)
            for s in sorted(by_subject)
            if s[0] == 60 and iri(s).partition("#")[2] not in listed and b"#" in s
        ]
        links, data = self._data("shapes", list(renderer.material.shapes))
        found = self._page(
            "shapes",
            self.t["shapes"],
            "shapes.html",
            shapes=described,
            others=[o | {"first": True} for o in others if o["anchor"]],
            links=links,
        )
        return [*found, *data]

    def _data(self, name: str, lines: list[bytes]) -> tuple[tuple[Link, ...], list[tuple[str, bytes]]]:
        """Lines in each format beside a page, and the links to them."""
        data = []
        for format_ in TWINS:
            out = io.BytesIO()
            rdf.write(lines, format_, out, prefixes=self.renderer.project.prefixes)
            data.append((f"{name}.{format_.extension}", out.getvalue()))
        return tuple(link for pair in data_links(name, TWINS) for link in pair), data

    def report(self) -> list[tuple[str, bytes]]:
        renderer, report = self.renderer, self.renderer.material.report
        results = []
        for result in report.results if report else ():
            focus = (
                result.focus_node.encode() if result.focus_node.startswith("<") else f"<{result.focus_node}>".encode()
            )
            shape = (result.shape or "").strip("<>")
            results.append(
                {
                    "focus": renderer.link("", focus) if b"_:" not in focus else result.focus_node,
                    "path": renderer.short((result.path or "").strip("<>")) if result.path else "",
                    "message": result.message,
                    "severity": result.severity.rpartition("#")[2],
                    "shape": shape.partition("#")[2],
                }
            )
        kinds = (f"<{SH.NodeShape}> .\n".encode(), f"<{SH.PropertyShape}> .\n".encode())
        shapes = sum(line.endswith(kinds) for line in renderer.material.shapes)
        return self._page("report", self.t["report"], "report.html", report=report, results=results, shapes=shapes)

    def statistics(self) -> list[tuple[str, bytes]]:
        renderer, index = self.renderer, self.renderer.index
        classes = sorted(
            ((len(things), class_) for class_, things in index.members.items()), key=lambda pair: (-pair[0], pair[1])
        )
        properties = index.uses
        start = renderer.project.ids.graph("")
        graphs = {iri(name).removeprefix(start) if name else "default": size for name, size in index.sizes.items()}
        supports = sorted(
            ((len(index.claims.get(name, ())), name) for name in index.units), key=lambda pair: (-pair[0], pair[1])
        )[:20]
        return self._page(
            "statistics", self.t["statistics"], "statistics.html",
            figures=self.figures,
            classes=[(renderer.link("", name), f"{number:,}", number) for number, name in classes],
            properties=[(renderer.link("", name), f"{number:,}", number) for name, number in sorted(properties.items(), key=lambda pair: (-pair[1], pair[0]))],
            graphs=[(name, f"{number:,}", number) for name, number in sorted(graphs.items())],
            units=[(Markup('<a href="{}">{}</a>').format(renderer.href("", name), name.partition("#")[2]), index.units[name].gist or "", number) for number, name in supports if number],
        )  # fmt: skip

    def downloads(self) -> list[tuple[str, bytes]]:
        renderer, project = self.renderer, self.renderer.project
        graphs = sorted(iri(name) for name in renderer.index.sizes if name)
        rows = [
            {
                "name": file.name,
                "format": file.format.label if file.format else "",
                "size": f"{file.size:,}",
                "sha256": file.sha256,
            }
            for file in renderer.material.files
        ]
        links = [Link("cite-as", project.ids.dataset), Link("type", "http://www.w3.org/ns/dcat#Dataset")]
        links += [Link("describedby", f"dataset.{f.extension}", f.media_type, f.label) for f in TWINS]
        links += [
            Link("item", file.name, file.format.media_type) for file in renderer.material.files
            if file.format and file.name.startswith(f"{project.name}.")
        ]  # fmt: skip
        return self._page(
            "dataset", self.t["downloads"], "downloads.html", rows=rows, links=tuple(links), digest=renderer.material.digest,
            iri=project.ids.dataset,
            graphs=[(name.removeprefix(project.ids.graph("")), name) for name in graphs],
        )  # fmt: skip

    def console(self) -> list[tuple[str, bytes]]:
        return self._page(
            "sparql", self.t["sparql"], "sparql.html", scripts=("console.js",), styles=("theme/tools.css",),
            queries=list(self.renderer.material.queries.values()),
        )  # fmt: skip

    def explore(self) -> list[tuple[str, bytes]]:
        return self._page(
            "explore", self.t["explore"], "explore.html", scripts=("explore.js",), styles=("theme/tools.css",)
        )

    def search(self) -> list[tuple[str, bytes]]:
        return self._page(
            "search", self.t["search"], "search.html", scripts=("search.js",), styles=("theme/tools.css",), section=""
        )

    def about(self) -> list[tuple[str, bytes]]:
        return self._page("about", self.t["about"], "about.html", figures=self.figures, project=self.renderer.project)

    def not_found(self) -> list[tuple[str, bytes]]:
        # hosts give this page in place of any other, so that only links from the root of the host lead anywhere
        root = urlsplit(self.renderer.host).path
        return self._page("404", self.t["not_found"], "404.html", section="", root=root)
