"""The pages around the data: home, questions, report, statistics, downloads, console, graph, search."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any, TypeVar
from urllib.parse import urlsplit

from markupsafe import Markup

from ..namespaces import RDF, SH
from ..publication.citation import coins, dublin_core
from ..publication.cited import cite_dataset
from ..rdf.lines import Lines, iri
from ..rdf.text_order import name_key
from ..rdf.tokens import iri_token, is_literal
from .choices import Choices
from .citations import citation_texts
from .conflicts import conflict_bundles
from .data_files import DATA_FORMATS
from .dataset_data import dataset_node, website
from .documents import document_bundles
from .downloads import Download, downloads
from .error_pages import not_found_page
from .folder_pages import folder_bundles
from .lead import Leads
from .link_graph import LinkGraph
from .listings import Facet, Listings
from .ontology import OntologyPages
from .pages import Bundle, Link
from .prominence import class_tier, prominent
from .question_groups import question_groups
from .question_pages import QuestionPages
from .renderer import Renderer
from .results import result_groups
from .review import ReviewPage
from .script_data import ScriptData
from .search_page import SearchPage
from .shapes import ShapesPage
from .statements import PropertyGroup, statement_groups
from .tagged_text import TaggedText
from .things import ThingBundle, thing_bundles
from .unit_words import unit_words

__all__ = ["bundles"]

_EDITIONS = 20  #: that the page about the publication names
_CARDS = 8  #: things on the home page
_KINDS = 24  #: classes there
_FEW = 3  #: sentences that show what evidence is
_UNITS = 20  #: in the statistics
_Name = TypeVar("_Name", bytes, str)


def bundles(renderer: Renderer) -> Iterator[Bundle | ThingBundle]:
    """Every page of the publication, resources and what only leads to other pages last."""
    keys = []
    for bundle in _pages(renderer):
        keys.append(bundle.key)
        yield bundle
    yield from folder_bundles(renderer, keys)


def _pages(renderer: Renderer) -> Iterator[Bundle | ThingBundle]:
    listings, ontology = Listings(renderer), OntologyPages(renderer)
    choices, graph = Choices(renderer, listings), LinkGraph(renderer, listings)
    yield from _Overview(renderer, listings, ontology, choices, graph).bundles()
    yield from ScriptData(renderer, listings, ontology, choices, graph).bundles()
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
    choices: Choices
    graph: LinkGraph

    def bundles(self) -> Iterator[Bundle]:
        for name, render in (
            ("index", self.home), ("queries", self.queries), ("shapes", ShapesPage(self.renderer).files),
            ("report", self.report), ("statistics", self.statistics), ("dataset", self.downloads),
            ("sparql", self.console), ("explore", self.explore), ("search", self.search), ("about", self.about),
            ("404", self.not_found),
        ):  # fmt: skip
            if self.renderer.has(f"{name}.html") or name == "404":
                if name == "explore":
                    yield Bundle(name, render, share="graph", release=self.graph.release)
                else:
                    yield Bundle(name, render)
        questions = QuestionPages(self.renderer, self.ontology, self.choices)
        yield from map(questions.bundle, self.renderer.questions)

    def _page(
        self, name: str, title: str, template: str, kind: str = "overview", **context: Any
    ) -> list[tuple[str, bytes]]:
        more = {
            key: context.pop(key) for key in ("links", "scripts", "styles", "section", "description") if key in context
        }
        nodes = context.pop("nodes", ())
        page = self.renderer.page(f"{name}.html", title, kind, nodes=nodes, **({"section": f"{name}.html"} | more))
        return [(f"{name}.html", self.renderer.html(template, page, **context))]

    @property
    def t(self) -> Any:
        return self.renderer.theme.strings

    @cached_property
    def claims(self) -> int:
        """How many claims there are; some rest on a decision alone."""
        index = self.renderer.index
        supported = {claim for unit_claims in index.claims.values() for _, claim in unit_claims}
        part = f" {iri_token(RDF.subject).decode()} ".encode()
        assert isinstance(index.lines, Lines)
        named = part in index.lines.text  # as in none of most publications without claims, which the text tells sooner
        return max(len(supported), sum(part in line for line in index.lines) if named else 0)

    @cached_property
    def figures(self) -> list[tuple[str, str]]:
        """What the publication amounts to."""
        index = self.renderer.index
        things = [t for t in index.subjects if b"/document/" not in t]
        figures = [(len(things), "things"), (self.count, "statements_count")]
        if self.claims:
            figures += [(self.claims, "claims"), (len(index.units), "units")]
        return [
            (self.renderer.theme.figure(number), self.t[f"{key}_one" if number == 1 else key])
            for number, key in figures
            if number
        ]

    @cached_property
    def count(self) -> int:
        """A project's facts, of which there may be none yet; else all triples."""
        project, index = self.renderer.project, self.renderer.index
        facts = index.sizes.get(iri_token(project.ids.graph("facts")), 0)
        return facts if facts or not project.foreign else len(index.lines)

    def home(self) -> list[tuple[str, bytes]]:
        renderer, index = self.renderer, self.renderer.index
        classes = next((facet for facet in self.listings.facets if facet.name == "class"), None)
        kinds = self.kinds(classes) if classes else []
        best = prominent(renderer, self.listings.things, self.subject, _CARDS)
        cards = [
            {"link": renderer.link("", token), "about": self._about(token),
             "kinds": Markup(", ").join(renderer.worded(type_) for type_ in index.types.get(token, ()))}
            for token in best if token in index.paged
        ]  # fmt: skip
        sample = self.sample(best[0]) if best else None
        queries = renderer.questions[:8]
        documents = [renderer.link("", iri_token(edition)) for edition, _ in index.editions()]
        return self._page(
            "index", renderer.project.title, "home.html", "home", section="", description=renderer.site.description,
            figures=self.figures, kinds=kinds, cards=cards, queries=queries, documents=documents, dumps=self.dumps(),
            sample=sample, sample_subject=renderer.link("", best[0]) if sample else "",
            links=(*self.described()[:1], *self.cited()), nodes=[website(renderer)],
        )  # fmt: skip

    def kinds(self, classes: Facet) -> list[tuple[Any, ...]]:
        """The classes as links, those that a reader looks for first, the largest first among these."""
        tiers = {
            self.listings.slug(class_): class_tier(self.renderer, (class_,))
            for class_ in classes.values
            if isinstance(class_, bytes)
        }
        return sorted(self.listings.links("", classes, None)["links"], key=lambda row: tiers.get(row[0], 0))[:_KINDS]

    def _about(self, token: bytes) -> TaggedText:
        """What a thing is, in a sentence."""
        return self.renderer.tagged(*Leads(self.renderer).answer(token, self.renderer.index.resource(token)))

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

    def dumps(self) -> list[tuple[str, list[Download]]]:
        """The files to begin with, by what they hold: the facts, then those that hold the whole."""
        name = self.renderer.project.name
        rows = downloads(self.renderer, self.count, self.claims)
        whole = [row for row in rows if row.format and row.name.startswith(f"{name}.")]
        facts = [row for row in rows if row.name == "facts.ttl"]
        return [(holds, list(members)) for holds, members in groupby((*facts, *whole), lambda row: row.holds)]

    def queries(self) -> list[tuple[str, bytes]]:
        return self._page("queries", self.t["queries"], "queries.html", groups=question_groups(self.renderer.questions))

    def report(self) -> list[tuple[str, bytes]]:
        renderer, report = self.renderer, self.renderer.material.report
        kinds = (f"<{SH.NodeShape}> .\n".encode(), f"<{SH.PropertyShape}> .\n".encode())
        shapes = sum(line.endswith(kinds) for line in renderer.material.shapes)
        audit = renderer.material.audit
        figures = audit.figures if audit else None
        review = ReviewPage(renderer, renderer.material.check)
        return self._page(
            "report", self.t["report"], "report.html", report=report, engines=self._engines, shapes=shapes,
            audit=figures,
            results=result_groups(renderer),
            english=renderer.english,
            not_compared=self.not_compared, flags=review.flags(), checked=renderer.index.has_claims,
            listings=review.listings(), disputed=bool(renderer.index.disputed),
        )  # fmt: skip

    @property
    def _engines(self) -> str:
        """What validated the data, in words; an engine that nobody knows by its own name."""
        report = self.renderer.material.report
        names = report.engine.split(", ") if report else []
        return ", ".join(self.t.get(f"engine_{name}", name) for name in names)

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
            graphs=[
                (Markup("<code>{}</code>").format(name), renderer.theme.figure(number), number)
                for name, number in sorted(graphs.items())
            ],
            units=[(self._unit(name), index.units[name].gist or "", number) for name, number in units if number],
        )  # fmt: skip

    def _counts(self, counts: Mapping[bytes, int]) -> list[tuple[Markup, str, int]]:
        """Links with numbers, as text and as they are; the largest first. What is called alike is told apart."""
        renderer = self.renderer
        called = Counter(map(renderer.text_of, counts))
        return [
            (
                renderer.link("", token)
                + (renderer.prefixed_tag(iri(token)) if called[renderer.text_of(token)] > 1 else ""),
                renderer.theme.figure(number),
                number,
            )
            for token, number in _most(counts)
        ]

    def _unit(self, name: str) -> Markup:
        return Markup('<a href="{}">{}</a>').format(self.renderer.href("", name), unit_words(self.renderer, name))

    def downloads(self) -> list[tuple[str, bytes]]:
        renderer, project = self.renderer, self.renderer.project
        citation = cite_dataset(renderer.sources)
        graphs = sorted(iri(name) for name in renderer.index.sizes if name)
        rows = downloads(renderer, self.count, self.claims)
        links = [*self.cited(), Link("type", "http://www.w3.org/ns/dcat#Dataset"), *self.described()]
        links += [
            Link("item", file.name, file.format.media_type) for file in renderer.material.files
            if file.format and file.name.startswith(f"{project.name}.")
        ]  # fmt: skip
        return self._page(
            "dataset", self.t["downloads"], "downloads.html", rows=rows, links=tuple(links),
            digest=renderer.material.digest, iri="" if project.foreign else project.ids.dataset,
            graphs=[(name.removeprefix(project.ids.graph("")), name) for name in graphs],
            nodes=[dataset_node(renderer, self.count)], citation=citation.text if citation else "",
            citations=citation_texts(renderer, citation), coins=coins(citation) if citation else "",
            dublin_core=dublin_core(citation) if citation else [],
        )  # fmt: skip

    def console(self) -> list[tuple[str, bytes]]:
        return self._page(
            "sparql", self.t["sparql"], "sparql.html", scripts=("console.js",), styles=("theme/tools.css",),
            queries=sorted(self.renderer.questions, key=lambda query: name_key(query.title)),
        )  # fmt: skip

    def explore(self) -> list[tuple[str, bytes]]:
        return self._page(
            "explore", self.t["explore"], "explore.html", scripts=("explore.js",), styles=("theme/tools.css",),
            **self.graph.listed(),
        )  # fmt: skip

    def search(self) -> list[tuple[str, bytes]]:
        return [("search.html", SearchPage(self.renderer).html())]

    @property
    def not_compared(self) -> str:
        """Which editions' texts were not compared with their indexes, in a sentence; empty when all were."""
        names = "; ".join(self.renderer.material.not_compared)
        return self.t["text_not_compared"].format(editions=names) if names else ""

    def about(self) -> list[tuple[str, bytes]]:
        renderer = self.renderer
        editions = [iri_token(edition) for edition, _ in renderer.index.editions()]
        return self._page(
            "about", self.t["about"], "about.html", figures=self.figures, not_compared=self.not_compared,
            documents=renderer.links("", editions[:_EDITIONS]), more_documents=len(editions[_EDITIONS:]),
        )  # fmt: skip

    def not_found(self) -> list[tuple[str, bytes]]:
        # hosts give this page in place of any other, so that only links from the root of the host lead anywhere
        root = urlsplit(self.renderer.host).path or "/"
        return [("404.html", not_found_page(self.renderer, root))]


def _most(counts: Mapping[_Name, int]) -> list[tuple[_Name, int]]:
    """The largest first, then by name."""
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
