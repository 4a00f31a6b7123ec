"""The citations of a page: those it has itself, and the file beside it that has those of its statements in every form.

A page of a few hundred statements would be twice as large with four forms of each, of which hardly one is ever read; so
it has the text of each, and the file has the rest, with the statements as Turtle that carries its evidence. Each has
all that it rests on, so that it can be copied without scripts; where that would come to more than a megabyte, what
several statements rest on is there once for the rest of them, below, and scripts put it together.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape
from typing import NamedTuple

from markupsafe import Markup

from ..formats import TURTLE
from ..namespaces import RDF
from ..publication.citation import CITATION_FORMATS, Citation, coins
from ..publication.cited import CitedStatement, cite_statement
from ..publication.contact import objections
from ..rdf.descriptions import Description
from ..rdf.lines import iri
from ..rdf.text_order import name_key
from ..rdf.tokens import iri_token
from ..wording.strings import escape_signs, without_signs
from .cited_sources import cited_sources
from .index import Index
from .renderer import Renderer
from .resource import WITHDRAWN, ClaimView, Resource, Statement
from .standing import rival_values

__all__ = ["CITATIONS", "citation_texts", "citations_address", "citations_files", "claim_citation"]

_TYPE = iri_token(RDF.type)
_MOST_BYTES = 1_000_000  #: of sources that stand in a file with each statement
CITATIONS = ".citations"  #: between the path of a page and the extension of the file


class _CitedClaim(NamedTuple):
    """A statement in the file."""

    anchor: str
    name: str  #: by which it is sorted
    title: Markup
    coins: str
    forms: Sequence[tuple[str, Markup]]
    turtle: str
    needs: str  #: the ids of the sources' texts that its Turtle needs; empty where it has them itself
    objections: Sequence[tuple[str, str]]  #: the addresses that say that it is wrong, and what each does


def citation_texts(renderer: Renderer, citation: Citation | None) -> list[tuple[str, Markup]]:
    """A citation in each form with the form's name, as pages show it; nothing for none.

    Quotation marks mean nothing to HTML between tags: to escape those of CSL-JSON would make pages a quarter larger.
    """
    if citation is None:
        return []
    plain = str(renderer.theme.strings["cite_text"])
    return [
        (name or plain, Markup(escape(without_signs(write(citation).strip()), quote=False)))  # noqa: S704 – escaped
        for name, write in CITATION_FORMATS.values()
    ]


def claim_citation(renderer: Renderer, statement: Statement, claim: ClaimView) -> Citation:
    """How to cite a statement."""
    cited = CitedStatement(
        claim.iri,
        (statement.subject, statement.predicate, statement.object),
        claim.units,
        claim.contradicting,
        claim.sources,
        claim.retracted,
        statement.graph == WITHDRAWN,
        rival_values(renderer, claim.rivals),
    )
    return cite_statement(renderer.sources, cited)


def citations_address(renderer: Renderer, root: str, statement: Statement, claim: ClaimView) -> str:
    """Where a statement is cited in every form: in the file beside its subject's page."""
    path, _ = renderer.addresses.page(iri(statement.subject))
    return f"{root}{path}{CITATIONS}.html#{claim.anchor}"


def citations_files(renderer: Renderer, resource: Resource, path: str) -> list[tuple[str, bytes]]:
    """The file beside a thing's page; none where nothing that is said of it has a claim."""
    claims = [(statement, statement.claim) for statement in resource.statements if statement.claim]
    if not claims:
        return []
    t = renderer.theme.strings
    sources = _Sources(renderer)
    cited = [_cited(renderer, statement, claim, sources) for statement, claim in claims]
    name = renderer.worded(iri_token(resource.iri))
    file = f"{path}{CITATIONS}.html"
    key = "citations_of" if renderer.project.contact is None else "citations_or_wrong"
    page = renderer.page(file, t[key].format(name=name), "citations", section="browse/index.html")
    html = renderer.html(
        "citations.html",
        page,
        name=name,
        back=f"{path.rpartition('/')[2]}.html",
        cited=sorted(cited, key=lambda one: (name_key(one.name), one.anchor)),
        sources=[(key, name, text) for name, (key, text) in sources.texts.items() if key],
        prefixes="\n".join(sorted(sources.prefixes)),
        mail_opens=renderer.mail_opens,
    )
    return [(file, html)]


class _Sources:
    """The Turtle of what statements rest on, each once, and the prefixes of all that is shown."""

    def __init__(self, renderer: Renderer) -> None:
        self.renderer = renderer
        self.texts: dict[str, tuple[str, str]] = {}  #: IRI → id and text
        self.prefixes: set[str] = set()
        self._bytes = 0

    def turtle(self, lines: Iterable[bytes], statement: Statement, claim: ClaimView) -> tuple[str, str]:
        """A statement's lines with all that they name, or with the ids of the texts that have it, and prefixes."""
        text, prefixes = self._written(lines, statement.subject)
        names = cited_sources(self.renderer.index, statement[:3], claim)
        sources = {name: self._source(name, lines_of) for name, lines_of in names}
        size = sum(len(one.encode()) for one, _ in sources.values())
        needs = ""
        if self._bytes + size <= _MOST_BYTES:
            self._bytes += size
            text = "\n\n".join(filter(None, (text, *(one for one, _ in sources.values()))))
            prefixes = prefixes.union(*(own for _, own in sources.values()))
        else:
            needs = " ".join(filter(None, (self._kept(name, *source) for name, source in sources.items())))
        self.prefixes |= prefixes
        return "\n\n".join(filter(None, ("\n".join(sorted(prefixes)), text))), needs

    def _written(self, lines: Iterable[bytes], about: bytes) -> tuple[str, frozenset[str]]:
        description = Description(b"".join(sorted(set(lines))))
        text = escape_signs(self.renderer.described(description, TURTLE, about).decode())
        head, _, body = text.partition("\n\n") if text.startswith("@prefix ") else ("", "", text)
        return body.strip(), frozenset(filter(None, head.split("\n")))

    def _source(self, name: str, lines_of: Callable[[Index, str], Iterator[bytes]]) -> tuple[str, frozenset[str]]:
        """The text of a source and its prefixes; remembered, since many things rest on the same units."""
        known = self.renderer.source_texts
        found = known.get(name)
        if found is None:
            found = known[name] = self._written(lines_of(self.renderer.index, name), iri_token(name))
        return found

    def _kept(self, name: str, text: str, prefixes: frozenset[str]) -> str:
        """The id of a source's text in the file."""
        found = self.texts.get(name)
        if found is None:
            self.prefixes |= prefixes
            found = self.texts[name] = (f"source-{len(self.texts) + 1}" if text else "", text)
        return found[0]


def _cited(renderer: Renderer, statement: Statement, claim: ClaimView, sources: _Sources) -> _CitedClaim:
    citation = claim_citation(renderer, statement, claim)
    lines = [] if statement.graph == WITHDRAWN else [b"%s %s %s .\n" % statement[:3]]
    lines += renderer.index.claim(claim.iri)[1]
    return _CitedClaim(
        claim.anchor,
        citation.title,
        Markup("{} – {} – {}").format(*map(renderer.worded, statement[:3])),
        coins(citation),
        citation_texts(renderer, citation),
        *sources.turtle(lines, statement, claim),
        objections(renderer.project, renderer.words, citation, _page_address(renderer, statement, claim)),
    )


def _page_address(renderer: Renderer, statement: Statement, claim: ClaimView) -> str:
    """Where a statement is read."""
    path = f"{renderer.addresses.page(iri(statement.subject))[0]}.html"
    return f"{renderer.address(path) or path}#{claim.anchor}"
