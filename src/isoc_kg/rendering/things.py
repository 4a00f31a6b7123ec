"""The page of a resource and its data: the same triples in each."""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from markupsafe import Markup

from .. import rdf
from ..errors import CannotCarry, ProjectError
from ..formats import JSONLD, NTRIPLES, RDFXML, TURTLE, Format
from ..namespaces import DCTERMS, RDF, RDFS, SCHEMA, SKOS
from ..project import Project
from ..rdf.lines import iri
from .index import Claim, Resource, Statement
from .link_diagram import neighbourhood
from .pages import Link, Renderer, data_links
from .theme import json_in_html

__all__ = ["TWINS", "ThingBundle", "Things", "thing_bundles", "twins"]

#: The formats in which every resource is given beside its page.
TWINS: tuple[Format, ...] = (TURTLE, JSONLD, NTRIPLES, RDFXML)
#: What the page's head already tells.
_IN_HEAD = frozenset(f"<{name}>".encode() for name in (RDFS.label,))
_FIRST = {
    f"<{name}>".encode(): rank
    for rank, name in enumerate((RDF.type, SCHEMA.name, SKOS.prefLabel, SCHEMA.alternateName, SCHEMA.description))
}
_REPLACED = f"<{DCTERMS.isReplacedBy}>".encode()
_SHOWN = 12  #: neighbours in the picture, on each side at most half of them


def twins(project: Project) -> tuple[Format, ...]:
    """The formats that things are given in: those that `[site] formats` of `kg.toml` names, else all four."""
    named = project.site.get("formats")
    if named is None:
        return TWINS
    wanted = set(named) if isinstance(named, list) else set()
    known = {format_.name: format_ for format_ in TWINS}
    if JSONLD.name not in wanted or not wanted <= known.keys():
        raise ProjectError(
            f"[site] formats must be a list of {', '.join(known)}, and hold {JSONLD.name}, which is part of every page.",
            file=project.root / "kg.toml",
        )
    return tuple(format_ for name, format_ in known.items() if name in wanted)


class Shown(NamedTuple):
    """A statement as templates have it; all but its value is empty when there is no claim."""

    value: Markup
    anchor: str = ""
    iri: str = ""
    summary: str = ""
    units: Sequence[Markup] = ()
    notes: Sequence[str] = ()
    sources: Sequence[Markup] = ()
    turtle: str = ""
    citation: str = ""


class Group(NamedTuple):
    """The statements with one property."""

    heading: Markup
    statements: Sequence[Shown]


class Incoming(NamedTuple):
    """The links from elsewhere with one property."""

    heading: Markup
    total: str
    links: list[Markup]
    more: str


class ThingBundle(NamedTuple):
    """The page and the data of a resource, rendered on demand; there may be a million, so it is little more than a name."""

    key: str
    things: "Things"
    token: bytes

    def render(self) -> list[tuple[str, bytes]]:
        """The files."""
        return self.things.files(self.token, self.key)

    def fingerprint(self) -> bytes:
        """A digest over what they show."""
        return self.things.renderer.index.fingerprint(self.token)


@dataclass(frozen=True)
class Things:
    """Renders resources."""

    renderer: Renderer
    formats: tuple[Format, ...] = TWINS

    def files(self, token: bytes, path: str) -> list[tuple[str, bytes]]:
        """The resource's page and its data in each format that can carry them."""
        resource = self.renderer.index.resource(token)
        data = self.data(resource, path)
        return [(f"{path}.html", self.html(token, resource, path, dict(data))), *data]

    def page(self, token: bytes, path: str) -> bytes:
        """The resource's page alone: of its data only what shows in it is written."""
        resource = self.renderer.index.resource(token)
        shown = (JSONLD, RDFXML)  # one stands in the page, of the other the page tells whether it is there
        data = {f"{path}.{format_.extension}": b"" for format_ in self.formats if format_ not in shown}
        data |= self.data(resource, path, [format_ for format_ in self.formats if format_ in shown])
        return self.html(token, resource, path, data)

    def data(self, resource: Resource, path: str, formats: Iterable[Format] | None = None) -> list[tuple[str, bytes]]:
        """The resource's triples in each format; RDF/XML cannot carry every triple and is left out then."""
        result = []
        for format_ in self.formats if formats is None else formats:
            try:
                result.append((f"{path}.{format_.extension}", self.written(resource.lines, format_)))
            except CannotCarry:
                continue
        return result

    def written(self, lines: Sequence[bytes], format_: Format) -> bytes:
        """Sorted triples in a format. Raises `CannotCarry`."""
        if format_ is NTRIPLES:
            return b"".join(lines)
        out = io.BytesIO()
        if format_ is JSONLD:
            self.renderer.compaction.write(list(lines), out)
        else:
            rdf.write(list(lines), format_, out, prefixes=self.renderer.prefixes)
        return out.getvalue()

    def links(self, resource: Resource, path: str, formats: Iterable[Format]) -> list[Link]:
        """What a page says of itself to machines (https://signposting.org/FAIR/), addresses relative to it."""
        links = [Link("cite-as", resource.iri)] if not resource.iri.startswith("_:") else []
        links += [link for pair in data_links(path, formats) for link in pair]
        types = self.renderer.index.types.get(f"<{resource.iri}>".encode(), ())
        links += [Link("type", iri(type_)) for type_ in types if type_[0] == 60]
        if not self.renderer.has("dataset.html"):
            return links
        return [*links, Link("collection", f"{'../' * path.count('/')}dataset.html")]

    def html(self, token: bytes, resource: Resource, path: str, data: Mapping[str, bytes]) -> bytes:
        """The page, with the triples of the data files and nothing else."""
        renderer, index = self.renderer, self.renderer.index
        root = "../" * path.count("/")
        label, language = index.name_of(token)
        about, about_language = index.about.get(token, ("", ""))
        types = index.types.get(token, ())
        # what a list of results can show where nothing describes it
        named = ", ".join([label, *index.names.get(token, ()), *(renderer.text_of(type_) for type_ in types)])
        brief = about or f"{named}. {renderer.project.description}"
        carried = [format_ for format_ in self.formats if f"{path}.{format_.extension}" in data]
        page = renderer.page(
            f"{path}.html",
            label,
            "resource",
            description=" ".join(brief.split())[:300],
            og_type="article",
            links=tuple(self.links(resource, path, carried)),
            section="browse/index.html",
        )
        groups, more = self.statements(root, resource)
        replaced = [statement.object for statement in resource.statements if statement.predicate == _REPLACED]
        lines = b"".join(resource.lines)
        return renderer.html(
            "resource.html",
            page,
            iri=resource.iri,
            label_lang=language if language != renderer.project.language else "",
            kinds=[renderer.link(root, type_) for type_ in types],
            names=index.names.get(token, []),
            about=about,
            about_lang=about_language if about_language != renderer.project.language else "",
            withdrawn=token in index.withdrawn,
            replaced_by=renderer.link(root, replaced[0]) if replaced else "",
            documents=self.documents(root, resource),
            groups=groups,
            more=more,
            incoming=self.incoming(root, resource),
            picture=neighbourhood(renderer, root, token, resource, _SHOWN),
            files=[alternate for alternate, _ in data_links(path, carried)],
            jsonld=json_in_html(data.get(f"{path}.jsonld", b"{}")),
            digest=sha256(lines).hexdigest(),
        )

    def documents(self, root: str, resource: Resource) -> list[Markup]:
        """Links to the editions in which the sentences behind the statements stand."""
        claims = [statement.claim for statement in resource.statements if statement.claim]
        editions = sorted({name.partition("#")[0] for claim in claims for name, _ in claim.units})
        return [self.renderer.link(root, f"<{edition}>".encode()) for edition in editions]

    def statements(self, root: str, resource: Resource) -> tuple[list[Group], list[tuple[str, str, list[Group]]]]:
        """Statements grouped by property: what is claimed first, then what is derived, and what comes from elsewhere."""
        t = self.renderer.theme.strings
        parts: dict[str, dict[bytes, list[Statement]]] = {"": {}, "alignments": {}, "derived": {}}
        for statement in resource.statements:
            if statement.predicate in _IN_HEAD and statement.graph in ("derived", "document"):
                part = parts["derived"]
            else:
                part = parts[statement.graph if statement.graph in parts else ""]
            part.setdefault(statement.predicate, []).append(statement)
        own = self.groups(root, parts[""])
        more = []
        if parts["alignments"]:
            more.append((t["elsewhere"], "", self.groups(root, parts["alignments"])))
        if parts["derived"]:
            more.append((t["derived_title"], t["derived"], self.groups(root, parts["derived"])))
        return own, more

    def groups(self, root: str, by_predicate: Mapping[bytes, Sequence[Statement]]) -> list[Group]:
        """The groups in the order of their names, what names the thing first."""
        renderer = self.renderer
        order = sorted(by_predicate, key=lambda name: (_FIRST.get(name, 99), *renderer.sort_key(name)))
        result = []
        for predicate in order:
            members = by_predicate[predicate]
            if len(members) > 1:
                members = sorted(members, key=lambda statement: renderer.sort_key(statement.object))
            result.append(Group(renderer.link(root, predicate), [self.statement(root, one) for one in members]))
        return result

    def statement(self, root: str, statement: Statement) -> Shown:
        """What the template says of one statement."""
        renderer = self.renderer
        claim = statement.claim
        value = renderer.value(root, statement.object)
        if claim is None:
            return Shown(value)
        triple = b"%s %s %s ." % (statement.subject, statement.predicate, statement.object)
        return Shown(
            value,
            anchor=claim.anchor,
            iri=claim.iri,
            summary=self.summary(claim),
            units=[self.unit(root, name, implied) for name, implied in claim.units],
            notes=claim.notes,
            sources=[renderer.link(root, f"<{source}>".encode()) for source in claim.sources],
            turtle=triple.decode(),
            citation=self.citation(statement, claim),
        )

    def summary(self, claim: Claim) -> str:
        """Which sentences stand behind a claim, in few words."""
        t = self.renderer.theme.strings
        if not claim.units:
            return t["source"] if claim.sources else t["note"]
        numbers = [name.partition("#")[2] for name, _ in claim.units]
        shown = ", ".join(numbers[:4]) + (" …" if len(numbers) > 4 else "")
        return f"{t['sentence'] if len(numbers) == 1 else t['sentences']} {shown}"

    def unit(self, root: str, name: str, implied: bool) -> Markup:
        """A unit as evidence: its number, gist or quote, and place."""
        key = (f"{root} unit {implied}", name.encode())
        cache = self.renderer._links
        if (found := cache.get(key)) is not None:
            return found
        unit = self.renderer.index.units.get(name)
        if unit is None:
            return Markup("<li><code>{}</code></li>").format(name)
        edition, _ = self.renderer.index.name_of(f"<{unit.edition}>".encode())
        kind = self.renderer.index.name_of(f"<{unit.kind}>".encode())[0] if unit.kind else ""
        href = self.renderer.href(root, name)
        found = cache[key] = self.renderer.theme.fragment("unit_line", root, unit, href, edition, implied, kind)
        return found

    def citation(self, statement: Statement, claim: Claim) -> str:
        """How to cite this one fact."""
        renderer, project = self.renderer, self.renderer.project
        fact = " – ".join(renderer.text_of(part) for part in (statement.subject, statement.predicate, statement.object))
        sentences = f" ({self.summary(claim)})" if claim.units else ""
        return (
            f"“{fact}”{sentences}. {project.creator}: {project.title}, "
            f"{renderer.theme.strings['version'].lower()} {project.version}, {project.modified.year}. {claim.iri}"
        )

    def incoming(self, root: str, resource: Resource) -> list[Incoming]:
        """Links from elsewhere by property, with how many there are in all."""
        renderer, t = self.renderer, self.renderer.theme.strings
        result = []
        for predicate, count, subjects in resource.incoming:
            more = t["and_more"].format(count=f"{count - len(subjects):,}") if count > len(subjects) else ""
            total = str(count)
            if not resource.counted:
                total, more = f"≥ {total}", t["and_others"]
            result.append(Incoming(renderer.link(root, predicate), total, renderer.links(root, subjects), more))
        return result


def thing_bundles(renderer: Renderer) -> Iterator[ThingBundle]:
    """One bundle for each resource that the publication describes, documents and their editions apart."""
    index = renderer.index
    things = Things(renderer, twins(renderer.project))
    for token in index.subjects:
        name = iri(token) if token[0] == 60 else token.decode()
        path, fragment = renderer.addresses.page(name)
        if (
            fragment
            or path.startswith(("document/", "query/", "ontology/"))
            or path in ("ontology", "shapes", "dataset")
        ):
            continue
        yield ThingBundle(path, things, token)
