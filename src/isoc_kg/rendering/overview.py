"""The pages around the data: home, questions, report, statistics, downloads, console, graph, search."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar
from urllib.parse import urlsplit

from markupsafe import Markup

from ..namespaces import RDF, SH
from ..query import NamedQuery
from ..rdf.lines import iri
from ..rdf.tokens import iri_token, is_literal
from .conflicts import conflict_bundles
from .data_files import DATA_FORMATS
from .documents import document_bundles
from .listings import Listings
from .ontology import OntologyPages
from .pages import Bundle, Link
from .renderer import Renderer
from .review import ReviewPage
from .script_data import ScriptData
from .shapes import ShapesPage
from .statements import PropertyGroup, statement_groups
from .things import ThingBundle, thing_bundles

__all__ = ["bundles"]

_CARDS = 8  #: things on the home page
_FEW = 3  #: sentences that show what evidence is
_UNITS = 20  #: in the statistics
_Name = TypeVar("_Name", bytes, str)


def bundles(renderer: Renderer) -> Iterator[Bundle | ThingBundle]:
    """Every page of the publication, resources last."""
    listings, ontology = Listings(renderer), OntologyPages(renderer)
    yield from _Overview(renderer, listings, ontology).bundles()
    yield from ScriptData(renderer, listings, ontology).bundles()
    yield from document_bundles(renderer)
    yield from conflict_bundles(renderer)
    yield from ontology.bundles()
    yield from listings.bundles()
    yield from thing_bundles(renderer)


@dataclass(frozen=True)
class _Overview:
    renderer: Renderer
    listings: Listings
    ontology: OntologyPages

    def bundles(self) -> Iterator[Bundle]:
        for name, render in (
            ("index", self.home), ("queries", self.queries), ("shapes", ShapesPage(self.renderer).files),
            ("report", self.report), ("statistics", self.statistics), ("dataset", self.downloads),
            ("sparql", self.console), ("explore", self.explore), ("search", self.search), ("about", self.about),
            ("404", self.not_found),
        ):  # fmt: skip
            if self.renderer.has(f"{name}.html") or name == "404":
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
        supported = {claim for unit_claims in index.claims.values() for _, claim in unit_claims}
        part = f" {iri_token(RDF.subject).decode()} ".encode()
        claims = max(len(supported), sum(part in line for line in index.lines))  # some rest on a decision alone
        things = [t for t in index.subjects if b"/document/" not in t]
        figures = [(len(things), self.t["things"]), (self.count, self.t["statements_count"])]
        if claims:
            figures += [(claims, self.t["claims"]), (len(index.units), self.t["units"])]
        return [(f"{number:,}", label) for number, label in figures if number]

    @property
    def count(self) -> int:
        """Facts where there is such a graph, else all triples."""
        project, lines = self.renderer.project, self.renderer.index.lines
        suffix = f" <{project.ids.graph('facts')}> .\n".encode()
        return sum(line.endswith(suffix) for line in lines) or len(lines)

    def home(self) -> list[tuple[str, bytes]]:
        renderer, index = self.renderer, self.renderer.index
        classes = next((facet for facet in self.listings.facets if facet.name == "class"), None)
        kinds = self.listings.links("", classes, None)["links"][:24] if classes else []
        said = index.said
        best = sorted(self.listings.things, key=lambda token: (token != self.subject, -said[token], token))[:_CARDS]
        cards = [
            {"link": renderer.link("", token), "about": index.about.get(token, ("", ""))[0][:160],
             "kinds": ", ".join(renderer.text_of(type_) for type_ in index.types.get(token, ()))}
            for token in best if token in index.paged
        ]  # fmt: skip
        sample = self.sample(best[0]) if best else None
        queries = list(renderer.material.queries.values())[:8]
        documents = [renderer.link("", iri_token(edition)) for edition, _ in index.editions()]
        return self._page(
            "index", renderer.project.title, "home.html", "home", section="", description=renderer.project.description,
            figures=self.figures, kinds=kinds, cards=cards, queries=queries, documents=documents, dumps=self.dumps(),
            sample=sample, sample_subject=renderer.link("", best[0]) if sample else "",
            links=(*self.described()[:1], *self.cited()),
        )  # fmt: skip

    def cited(self) -> list[Link]:
        """The link to the IRI of the whole; RDF without a project has none."""
        project = self.renderer.project
        return [] if project.foreign else [Link("cite-as", project.ids.dataset)]

    def described(self) -> list[Link]:
        """The links to the files that describe the whole for machines."""
        if not self.renderer.material.described:
            return []
        return [Link("describedby", f"dataset.{f.extension}", f.media_type, f.label) for f in DATA_FORMATS]

    @property
    def subject(self) -> bytes:
        """What the publication is about, if `kg.toml` says so."""
        project = self.renderer.project
        return iri_token(project.ids.thing(project.subject)) if project.subject else b""

    def sample(self, token: bytes) -> list[PropertyGroup] | None:
        """A statement about a thing that a few sentences support, shown with them; None without any."""
        supported = [
            (statement, len(statement.claim.units))
            for statement in self.renderer.index.resource(token).statements
            if statement.claim and statement.claim.units and statement.predicate not in self.renderer.not_covering
        ]
        if not supported:
            return None
        best, _ = max(
            supported, key=lambda pair: (min(pair[1], _FEW) - max(0, pair[1] - _FEW), is_literal(pair[0].object))
        )
        return statement_groups(self.renderer, "", [best])

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
            renderer.link("../", iri_token(name))
            for name, users in sorted(self.ontology.queried.items())
            if query.name in users and iri_token(name) in renderer.index.terms
        ]
        page = self._page(
            f"query/{query.name}", query.title, "query.html", section="queries.html", description=query.description,
            query=query, terms=terms, links=(Link("alternate", f"{query.name}.rq", "application/sparql-query"),),
        )  # fmt: skip
        return [*page, (f"query/{query.name}.rq", query.text.encode())]

    def report(self) -> list[tuple[str, bytes]]:
        renderer, report = self.renderer, self.renderer.material.report
        results = []
        for result in report.results if report else ():
            focus = iri_token(result.focus_node.removeprefix("<").removesuffix(">"))
            results.append(
                {
                    "focus": renderer.link("", focus) if b"_:" not in focus else result.focus_node,
                    "path": renderer.short((result.path or "").strip("<>")) if result.path else "",
                    "message": result.message,
                    "severity": result.severity.rpartition("#")[2],
                    "shape": (result.shape or "").strip("<>").partition("#")[2],
                }
            )
        kinds = (f"<{SH.NodeShape}> .\n".encode(), f"<{SH.PropertyShape}> .\n".encode())
        shapes = sum(line.endswith(kinds) for line in renderer.material.shapes)
        audit = renderer.material.audit
        figures = audit.figures if audit else None
        review = ReviewPage(renderer, renderer.material.check)
        return self._page(
            "report", self.t["report"], "report.html", report=report, results=results, shapes=shapes, audit=figures,
            not_compared=self.not_compared, flags=review.flags(), checked=renderer.index.has_claims,
            listings=review.listings(), disputed=bool(renderer.index.disputed),
        )  # fmt: skip

    def statistics(self) -> list[tuple[str, bytes]]:
        renderer, index = self.renderer, self.renderer.index
        start = renderer.project.ids.graph("")
        graphs = {iri(name).removeprefix(start) if name else "default": size for name, size in index.sizes.items()}
        units = _most({name: len(index.claims.get(name, ())) for name in index.units})[:_UNITS]
        return self._page(
            "statistics", self.t["statistics"], "statistics.html",
            figures=self.figures,
            classes=self._counts({class_: len(things) for class_, things in index.members.items()}),
            properties=self._counts(index.uses),
            graphs=[(name, f"{number:,}", number) for name, number in sorted(graphs.items())],
            units=[(self._unit(name), index.units[name].gist or "", number) for name, number in units if number],
        )  # fmt: skip

    def _counts(self, counts: Mapping[bytes, int]) -> list[tuple[Markup, str, int]]:
        """Links with numbers, as text and as they are; the largest first."""
        return [(self.renderer.link("", token), f"{number:,}", number) for token, number in _most(counts)]

    def _unit(self, name: str) -> Markup:
        return Markup('<a href="{}">{}</a>').format(self.renderer.href("", name), name.partition("#")[2])

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
        links = [*self.cited(), Link("type", "http://www.w3.org/ns/dcat#Dataset"), *self.described()]
        links += [
            Link("item", file.name, file.format.media_type) for file in renderer.material.files
            if file.format and file.name.startswith(f"{project.name}.")
        ]  # fmt: skip
        return self._page(
            "dataset", self.t["downloads"], "downloads.html", rows=rows, links=tuple(links),
            digest=renderer.material.digest, iri="" if project.foreign else project.ids.dataset,
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

    @property
    def not_compared(self) -> str:
        """Which editions' texts were not compared with their indexes, in a sentence; empty when all were."""
        names = "; ".join(self.renderer.material.not_compared)
        return self.t["text_not_compared"].format(editions=names) if names else ""

    def about(self) -> list[tuple[str, bytes]]:
        return self._page("about", self.t["about"], "about.html", figures=self.figures, not_compared=self.not_compared)

    def not_found(self) -> list[tuple[str, bytes]]:
        # hosts give this page in place of any other, so that only links from the root of the host lead anywhere
        root = urlsplit(self.renderer.host).path or "/"
        return self._page("404", self.t["not_found"], "404.html", section="", root=root)


def _most(counts: Mapping[_Name, int]) -> list[tuple[_Name, int]]:
    """The largest first, then by name."""
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
