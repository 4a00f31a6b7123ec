"""The ontology for readers: one page in all, and one a term."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from markupsafe import Markup

from ..authoring.terms import EVIDENCE_ONTOLOGY, is_shared
from ..iris import expand
from ..namespaces import DCTERMS, EV, OWL, RDF, RDFS, SH, SKOS
from ..query.tokens import tokens
from ..rdf.lines import iri, split
from ..rdf.text_preference import preference
from ..rdf.tokens import iri_token, is_iri, is_literal
from .data_files import DATA_FORMATS, data_files, data_links
from .diagrams import Relation, class_diagram, class_hierarchy
from .pages import Bundle, Link
from .renderer import Renderer
from .resource import Statement
from .statements import statement_groups
from .tagged_text import TaggedText

__all__ = ["OntologyPages"]

#: Names of the strings for one term and for all of its kind, and the types that make it one of them.
_KINDS = (
    ("term_class", "classes", (OWL.Class, RDFS.Class)),
    ("term_property", "linking_properties", (OWL.ObjectProperty,)),
    ("term_property", "value_properties", (OWL.DatatypeProperty, RDF.Property)),
    ("term_property", "annotations", (OWL.AnnotationProperty,)),
    ("term_individual", "individuals", ()),
)
_INSTANCES = 100
_LONGEST = 300  #: characters of a value


@dataclass(frozen=True)
class OntologyPages:
    """Pages of the ontology's terms."""

    renderer: Renderer

    @cached_property
    def ontology(self) -> bytes:
        """The ontology's own token."""
        return iri_token(self.renderer.project.ids.ontology)

    @cached_property
    def own(self) -> tuple[bytes, ...]:
        """Beginnings of the terms that are ours: the project's, and the evidence vocabulary that all share."""
        return (f"<{self.renderer.project.ids.ontology}#".encode(), f"<{EV.iri}".encode())

    @cached_property
    def terms(self) -> list[bytes]:
        """What the ontology declares, ontologies themselves apart, ours first; of each, what is withdrawn last."""
        index = self.renderer.index
        ontology = iri_token(OWL.Ontology)
        terms = (term for term in index.terms if is_iri(term) and ontology not in index.types.get(term, ()))
        return sorted(
            terms,
            key=lambda term: (not term.startswith(self.own), term in index.withdrawn, *self.renderer.sort_key(term)),
        )

    @cached_property
    def _lines(self) -> dict[bytes, list[tuple[bytes, bytes, bytes]]]:
        """Term → its triples in the ontology's graph."""
        graph = iri_token(self.renderer.project.ids.graph("ontology"))
        result: dict[bytes, list[tuple[bytes, bytes, bytes]]] = {}
        for term in self.renderer.index.terms:
            for line in self.renderer.index.lines_of(term):
                subject, predicate, object_, name = split(line)
                if name == graph:
                    result.setdefault(term, []).append((subject, predicate, object_))
        return result

    def values(self, term: bytes, property_: str) -> list[bytes]:
        """The objects of a property of a term."""
        return [object_ for _, name, object_ in self._lines.get(term, ()) if name == iri_token(property_)]

    def text(self, term: bytes, *properties: str) -> TaggedText:
        """The text to show of those that properties, the best first, have; empty where there is none."""
        language = self.renderer.project.language
        ranked = (
            (preference(value, language, rank), value)
            for rank, property_ in enumerate(properties)
            for value in self.values(term, property_)
            if is_literal(value)
        )
        best = min(ranked, default=None)
        return self.renderer.index.text(best[1]) if best else self.renderer.tagged("")

    @cached_property
    def below(self) -> dict[bytes, list[bytes]]:
        """Term → the more specific ones."""
        result: dict[bytes, list[bytes]] = {}
        for term in self.terms:
            for property_ in (RDFS.subClassOf, RDFS.subPropertyOf):
                for above in self.values(term, property_):
                    result.setdefault(above, []).append(term)
        return result

    @cached_property
    def constrained(self) -> dict[bytes, list[bytes]]:
        """Term → shapes that speak of it."""
        wanted = {
            iri_token(SH[name]) for name in ("targetClass", "path", "class", "targetObjectsOf", "targetSubjectsOf")
        }
        result: dict[bytes, list[bytes]] = {}
        for line in self.renderer.material.shapes:
            subject, predicate, object_, _ = split(line)
            if predicate in wanted and subject not in result.setdefault(object_, []):
                result[object_].append(subject)
        return result

    @cached_property
    def relations(self) -> list[Relation]:
        """Which class's things are linked by which property to what, as the shapes have it: a class or a datatype."""
        parts: dict[bytes, dict[str, list[bytes]]] = {}
        for line in self.renderer.material.shapes:
            subject, predicate, object_, _ = split(line)
            parts.setdefault(subject, {}).setdefault(iri(predicate), []).append(object_)
        relations = {
            Relation(class_, path, value)
            for shape in parts.values()
            for class_ in shape.get(SH.targetClass, ())
            for property_ in shape.get(SH.property, ())
            for path in parts.get(property_, {}).get(SH.path, ())
            for value in (*parts[property_].get(SH["class"], ()), *parts[property_].get(SH.datatype, ()))
            if is_iri(path)
        }
        for path in self.terms:
            for class_ in self.values(path, RDFS.domain):
                relations |= {Relation(class_, path, value) for value in self.values(path, RDFS.range)}
        return sorted(relations)

    @cached_property
    def queried(self) -> dict[str, list[str]]:
        """IRI → names of the queries that use it."""
        result: dict[str, list[str]] = {}
        prefixes = self.renderer.project.prefixes
        for name, query in self.renderer.material.queries.items():
            for token in tokens(query.text):
                term = expand(token.text, prefixes) if token.kind in ("iri", "name") else None
                if term and name not in result.setdefault(term, []):
                    result[term].append(name)
        return result

    def kind(self, term: bytes) -> int:
        """Which of the kinds a term is of."""
        types = {iri(type_) for type_ in self.renderer.index.types.get(term, ()) if is_iri(type_)}
        return next((number for number, (_, _, of) in enumerate(_KINDS) if types & set(of)), len(_KINDS) - 1)

    def bundles(self) -> Iterator[Bundle]:
        """A page of the project's ontology, one of the evidence vocabulary, and one a term."""
        if self.renderer.has("ontology.html"):
            yield Bundle("ontology", lambda: self._all("ontology", self.ontology))
        if self.has_evidence:
            yield Bundle("evidence", lambda: self._all("evidence", iri_token(EVIDENCE_ONTOLOGY)))
        for term in self.terms:
            path = self.renderer.addresses.page(iri(term))[0]
            yield Bundle(path, lambda term=term, path=path: [(f"{path}.html", self._term(term, path))])  # type: ignore[misc]

    @cached_property
    def has_evidence(self) -> bool:
        """Whether the evidence vocabulary is among the ontologies."""
        return iri_token(EVIDENCE_ONTOLOGY) in self._lines

    def describe(self, root: str, term: bytes) -> dict[str, Any]:
        """What a page says of one term."""
        renderer = self.renderer
        name = iri(term)
        used = len(renderer.index.members.get(term, ()))
        queries = [
            Markup('<a href="{}query/{}.html">{}</a>').format(root, query, renderer.material.queries[query].title)
            for query in self.queried.get(name, ())
        ]
        shapes = [
            Markup('<a href="{0}shapes.html#{1}"><code>{1}</code></a>').format(root, iri(shape).partition("#")[2])
            for shape in self.constrained.get(term, ())
            if "#" in iri(shape)
        ]
        return {
            "link": renderer.link(root, term),
            "label": renderer.worded(term),
            "anchor": name.partition("#")[2],
            "iri": name,
            "short": renderer.short(name),
            "own": term.startswith(self.own),
            "kind": renderer.theme.strings[_KINDS[self.kind(term)][0]],
            "definition": self.text(term, SKOS.definition, RDFS.comment),
            "examples": [renderer.index.text(value) for value in self.values(term, SKOS.example) if is_literal(value)],
            "notes": renderer.index.scope_notes(term),
            "above": renderer.links(
                root, [*self.values(term, RDFS.subClassOf), *self.values(term, RDFS.subPropertyOf)]
            ),
            "below": renderer.links(root, self.below.get(term, ())),
            "domain": renderer.links(root, self.values(term, RDFS.domain)),
            "range": renderer.links(root, self.values(term, RDFS.range)),
            "shapes": shapes,
            "queries": queries,
            "instances": renderer.links(root, renderer.index.members.get(term, ())[:_INSTANCES]),
            "count": used,
            "withdrawn": term in renderer.index.withdrawn,
            "replaced_by": next(iter(renderer.links(root, self.values(term, DCTERMS.isReplacedBy)[:1])), ""),
        }

    def _term(self, term: bytes, path: str) -> bytes:
        renderer = self.renderer
        root = "../" * path.count("/")
        described = self.describe(root, term)
        of = "evidence" if is_shared(term) else "ontology"
        page = renderer.page(
            f"{path}.html", described["label"], "term", section="ontology.html",
            description=described["definition"],
            links=(Link("cite-as", described["iri"]), Link("alternate", f"{root}{of}.ttl", "text/turtle")),
        )  # fmt: skip
        diagram, listing = Markup(""), ""
        if self.kind(term) == 0:
            above = [name for name in self.values(term, RDFS.subClassOf) if name in renderer.index.terms]
            diagram = class_diagram(renderer, root, term, above, self.below.get(term, ()), self.relations)
            document = f"<{renderer.project.ids.base}document/".encode()  # which have lists of their own
            listed = any(not member.startswith(document) for member in renderer.index.members.get(term, ()))
            listing = f"{root}browse/class/{path}.html" if listed else ""
        said = self._said(root, term)
        return renderer.html(
            "term.html", page, of=of, term=described, diagram=diagram, listing=listing,
            said=said, said_more=renderer.index.said_with.get(term, 0) - len(said),
        )  # fmt: skip

    def _said(self, root: str, property_: bytes) -> list[tuple[Markup, Markup]]:
        """The first statements with a property: of what, and which value; none where not all lines are at hand."""
        renderer, index = self.renderer, self.renderer.index
        if not index.whole:
            return []
        triples = (split(index.lines[number]) for number in index.first_said.get(property_, ()))
        return [(renderer.link(root, of), renderer.value(root, value, _LONGEST)) for of, _, value, _ in triples]

    def _all(self, path: str, ontology: bytes) -> list[tuple[str, bytes]]:
        """The page of one of the two ontologies, with its triples in each format."""
        renderer, shared = self.renderer, path == "evidence"
        lines = sorted(
            b" ".join(triple) + b" .\n"
            for term, triples in self._lines.items()
            if is_shared(term) == shared
            for triple in triples
        )
        terms = [term for term in self.terms if is_shared(term) == shared]
        head = [Statement(*triple, graph="ontology", claim=None) for triple in self._lines.get(ontology, ())]
        title = self.text(ontology, DCTERMS.title) or renderer.theme.strings["ontology"]
        data = data_files(renderer, path, lines, about=ontology)
        files = data_links(path, [f for f in DATA_FORMATS if f"{path}.{f.extension}" in dict(data)])
        links = [Link("cite-as", iri(ontology)), *(link for pair in files for link in pair)]
        page = renderer.page(
            f"{path}.html", title, "ontology", section="ontology.html",
            description=self.text(ontology, DCTERMS.description), links=tuple(links),
        )  # fmt: skip
        withdrawn = renderer.index.withdrawn
        classes = {
            term: self.values(term, RDFS.subClassOf) for term in terms if self.kind(term) == 0 and term not in withdrawn
        }
        html = renderer.html(
            "ontology.html", page, title=title, lead=self.text(ontology, DCTERMS.description), iri=iri(ontology),
            head=statement_groups(renderer, "", head),
            sections=self._sections(terms), diagram=class_hierarchy(renderer, classes, self.own),
            files=[alternate for alternate, _ in files],
            beside=renderer.link("", iri_token(EVIDENCE_ONTOLOGY)) if self.has_evidence and not shared else "",
        )  # fmt: skip
        return [(f"{path}.html", html), *data]

    def _sections(self, terms: Sequence[bytes]) -> list[dict[str, Any]]:
        """The terms by kind, ours and others'."""
        described = [self.describe("", term) for term in terms]
        sections = []
        for number, (_, title, _) in enumerate(_KINDS):
            members = [d for d, term in zip(described, terms, strict=True) if self.kind(term) == number]
            if members:
                sections.append(
                    {
                        "id": f"section-{number + 1}",
                        "title": self.renderer.theme.strings[title],
                        "own": [d for d in members if d["own"]],
                        "others": [d for d in members if not d["own"]],
                    }
                )
        return sections
