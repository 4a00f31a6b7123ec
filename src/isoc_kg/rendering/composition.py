"""Pages of things put together of pieces that are there: the bytes of the long way, in a part of its time.

What most things have is of few forms: a literal, a link, a claim with its units. A page that has something else (a
blank node, sources that disagree, a term of the ontology, texts in another language than the project's) is left to the
long way, and so is the first page of each kind, of which the frame is cut.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from hashlib import sha256
from itertools import chain
from operator import itemgetter
from sys import intern
from typing import Any, NamedTuple, Protocol
from urllib.parse import quote

from markupsafe import Markup, escape

from ..formats import Format
from ..namespaces import RDF
from ..publication.citation import coins, dublin_core
from ..publication.cited import CitedStatement, basis_text, cite_thing, statement_text
from ..rdf.lines import Triple
from ..rdf.text_direction import direction
from ..rdf.tokens import iri_token
from ..wording.strings import has_signs, without_signs
from .beside import MOST_LINKS, Beside
from .citations import CITATIONS, citation_texts
from .claim_lines import Units
from .diagrams import LONGEST_NAME, both_ways, link_diagram, links_in_fans
from .frames import ThingFrames, mark
from .index import PlainlySaid
from .lead import Leads
from .pages import Link, Page
from .renderer import Renderer
from .resource import ClaimView, IncomingGroup, Resource, Statement
from .standing import standings
from .statements import corroboration, headings, statement_view, unit_lines
from .structured_data import (
    breadcrumbs,
    context_of,
    described_node,
    is_ordinary,
    names_within,
    schema_name,
    script,
    thing_nodes,
    value_of,
)
from .terms_shown import (
    JSON,
    KEY,
    LEADER,
    LINK,
    NAME,
    NAMES,
    ROW,
    TEXT,
    VALUE,
    ShownTerm,
    ShownTerms,
    escaped,
    json_text,
)

__all__ = ["Composition", "LongWay"]

_MOST = 20_000  #: pieces of one kind that are remembered
_QUOTE, _END = b'">'  # a literal that ends so has a datatype
#: What puts values into the places of a frame.
_Filling = Callable[[dict[str, bytes]], bytes]
_TYPE = iri_token(RDF.type)
_SIGN = b"\xef"  # how the noncharacters begin that stand for the language of a text
_MARKUP = re.compile(b"[&<>\"']").search
#: Names and addresses that are the same in every form of a citation.
_SAME_NAME = re.compile(r"(?! )(?:[^\W_]|[!()*+,./:;=?@'|`-]| (?! ))+(?<! )").fullmatch
_SAME_ADDRESS = re.compile(
    r"(https?://(?:[A-Za-z0-9.:?=@!*+,;()-]*/)+)([A-Za-z0-9](?:[A-Za-z0-9.-]{0,70}[A-Za-z0-9])?)"
)
_PLAIN_PATH = re.compile(r"(?:[A-Za-z0-9_.~-]+/)*([A-Za-z0-9_.~-]+)").fullmatch
_MOST_VALUES = 100  #: of a property, in what a page says to search engines
_LONGEST_KEPT = 100  #: bytes of a literal that is remembered
_ANCHOR = slice(-17, -1)  # of a claim's token: the digits that tell it from others about the same thing
_SIDE = 6  #: rows on each side of a diagram
_PLACE = re.compile(r"%(?:%|\((\w+)\)s)")  #: or what stands for a percent sign


class _Evidence(NamedTuple):
    """What a claim shows of the units that it rests on."""

    standing: bytes
    units: bytes
    corroboration: bytes
    basis: bytes
    editions: tuple[str, ...]  #: of the units


#: What puts values in the order of `_OF_CLAIM` into the places of a frame.
_Ordered = Callable[[tuple[Any, ...]], bytes]
_OF_CLAIM = (
    *("value", "anchor", "iri", "subject", "predicate", "object", "citations", "beside"),
    *("standing", "units", "corroboration", "basis"),
)
#: The token of a claim, and its evidence; None where there is more behind it than units, or less.
_Claim = tuple[bytes, _Evidence | None]
#: Predicate and object of a statement → its claim.
_Claims = Mapping[tuple[bytes, bytes], _Claim]


class _Property(NamedTuple):
    """What a page has of a property."""

    opening: bytes  #: what stands before its statements
    numbers: list[int]  #: of these
    text: bytes  #: its name in citations
    minded: bool  #: whether there is something to mind


#: What writes a statement with its evidence, given property, predicate, object, claim, the value as its markup, and as
#: a term where it is one.
_ClaimWriter = Callable[[_Property, bytes, bytes, _Claim, bytes, ShownTerm | None], bytes]


class LongWay(Protocol):
    """What makes any page of a thing whole, of which frames and links are taken."""

    @property
    def renderer(self) -> Renderer:
        """What the publication is rendered by."""

    @property
    def formats(self) -> tuple[Format, ...]:
        """The formats in which there may be data beside a page."""

    @property
    def frames(self) -> ThingFrames:
        """What makes pages of their parts."""

    def material(
        self, token: bytes, resource: Resource, path: str, data: Mapping[str, bytes]
    ) -> tuple[Page, dict[str, Any]]:
        """The frame of a resource's page, and what its template knows of it."""

    def links(self, name: str, types: Iterable[bytes], path: str, formats: Iterable[Format]) -> list[Link]:
        """What the page of a resource says of itself to machines."""

    def links_to_editions(self, root: str, editions: Sequence[str]) -> list[Markup]:
        """Links to editions, with what is not known of each."""


class Composition:
    """Composes the pages of things at one depth."""

    def __init__(self, things: LongWay, depth: int) -> None:
        renderer = things.renderer
        self._things, self._renderer, self._index = things, renderer, renderer.index
        self._root = "../" * depth
        self._frames: ThingFrames = things.frames
        self.terms = ShownTerms(renderer, self._root)
        self._leads, self._beside = Leads(renderer), Beside(renderer)
        ids = renderer.project.ids
        self._derived, self._alignments = (iri_token(ids.graph(name)) for name in ("derived", "alignments"))
        self._unusual = frozenset(iri_token(ids.graph(name)) for name in ("-", "document", ""))
        language = renderer.project.language
        self._own = ("", language)
        self._own_tag = b'"@' + language.encode()
        self._tag_size = len(self._own_tag)
        self._ltr = direction(language) == "ltr"
        self._pages: dict[tuple[Any, ...], _Filling | None] = {}
        self._openings: dict[tuple[bytes, ...], list[_Property]] = {}
        self._heads: dict[tuple[Any, ...], _Filling] = {}
        self._literals: dict[bytes, bytes] = {}
        self._written: dict[bytes, bytes] = {}
        self._contexts: dict[tuple[tuple[Any, ...], frozenset[str]], bytes] = {}
        self._evidence: dict[bytes, _Evidence] = {}  # by what a claim says beside its triple
        self._citations: dict[str, dict[str, str] | None] = {}
        self._kinds: dict[tuple[bytes, ...], bytes] = {}
        self._known_fans: dict[tuple[int, int], tuple[bytes, bytes, bytes]] = {}
        self._editions: dict[tuple[str, ...], bytes] = {}
        self._quoted: dict[str, str] = {}

    @cached_property
    def usable(self) -> bool:
        """Whether any page may be composed."""
        strings = self._renderer.theme.strings
        # where names are in a list by the comma of their script, each list would have to be looked at
        return self._frames.usable and strings["lead_comma"] == ", " and not has_signs("".join(strings.values()))

    def prepare(self, token: bytes) -> bool:
        """Find out beforehand what the claims about a thing show of their units; False once no more are remembered."""
        if plain := self._index.plainly_said(token):
            self._claims(plain)
        return len(self._evidence) < _MOST

    def page(self, token: bytes, path: str) -> bytes | None:
        """The page of a thing at a path; None where the long way is to make it."""
        if not self.usable or token[:1] != b"<":
            return None
        index, named = self._index, _PLAIN_PATH(path)
        plain = index.plainly_said(token) if named and not path.startswith("document/") else None
        if plain is None:
            return None
        assert named is not None
        said, incoming = plain.triples, plain.incoming
        label = index.name_of(token)[0]
        if not label or label == self._renderer.site.title:
            return None
        if not self._unusual.isdisjoint(plain.graphs):
            return None
        if index.has_blank_nodes and b"_:" in index.description(token).text:
            return None
        return self._composed(token, path, named[1], said, incoming, self._claims(plain))

    def _composed(
        self,
        token: bytes,
        path: str,
        last: str,
        said: Sequence[Triple],
        incoming: Sequence[IncomingGroup],
        claims: _Claims,
    ) -> bytes | None:
        things, renderer, index = self._things, self._renderer, self._index
        label, language = index.name_of(token)
        name, types, names = token[1:-1].decode(), index.types.get(token, ()), index.names.get(token, ())
        description = index.description(token)
        refused = description.refused(things.formats)
        formats = tuple([one.extension for one in things.formats if one not in refused]) if refused else ()
        sections = self._sections(token, said, claims, path)
        if sections is None:
            return None
        groups, more = sections
        picture = self._picture(token, said, incoming)
        about, shown_about = self._about(token, said, claims)
        described = about
        if not described:
            kinds = (renderer.text_of(type_) for type_ in types)
            described = f"{', '.join([label, *names, *kinds])}. {renderer.project.description}"
        described = renderer.in_attribute(" ".join(described.split())[:300])
        cited = self._cited_as(token, name, label, language)
        documents = self._documents(claims)
        key = (
            formats, language if "cited0" not in cited else "", bool(described), bool(shown_about), bool(picture),
            bool(names), bool(types), bool(documents), tuple([name for name, _, _ in more]),
            tuple([group.derived for group in incoming]), len(cited),
        )  # fmt: skip
        template = self._pages.get(key)
        if template is None:
            if key not in self._pages:
                _keep(self._pages, key, self._template(token, path, cited, language))
            return None
        address = renderer.address(f"{path}.html")
        cited |= {
            "head": self._head(name, types, last, path, formats),
            "footer": self._footer(path, address),
            "path": f"{path}.html".encode(),
            "title": escaped(label),
            "language": renderer.tagged(label, language).attributes.encode() if language not in self._own else b"",
            "description": escaped(described),
            "canonical": escaped(address),
            "structured": self._structured(token, said, address, path),
            "kinds": self._kinds_of(types),
            "names": b"</b>, <b>".join([escape(one).encode() for one in names]),
            "documents": documents,
            "groups": groups,
            "label": self._tagged(label, language),
            "iri": escaped(name),
            "about": shown_about,
            "picture": picture,
            "digest": sha256(description.text).hexdigest().encode(),
            "replaced_by": b"",
            "last": last.encode(),
        }
        for number, (_, text, count) in enumerate(more):
            cited[f"more{number}"], cited[f"count{number}"] = text, b"%d" % count
        self._add_incoming(cited, incoming)
        text = template(cited)
        return None if _SIGN in text and has_signs(text.decode()) else text

    # -- frames -------------------------------------------------------------------

    def _template(self, token: bytes, path: str, cited: Mapping[str, bytes], language: str) -> _Filling | None:
        """What puts values into the frame of pages that have the same parts as a thing's."""
        things, index = self._things, self._index
        refused = index.description(token).refused(things.formats)
        formats = [one for one in things.formats if one not in refused]
        data = {f"{path}.{one.extension}": b"" for one in formats}
        frame = self._frames.frame(*things.material(token, index.resource(token), path, data))
        if not frame or has_signs(frame):
            return None
        for number, one in enumerate(formats):
            frame = frame.replace(f"%(file{number})s", f"%(last)s.{one.extension}")
        if "cited0" not in cited and (forms := self._citations.get(language)):
            for place, text in forms.items():
                frame = frame.replace(f"%({place})s", text)
        return _filling(frame)

    def _head(self, name: str, types: tuple[bytes, ...], last: str, path: str, formats: tuple[str, ...]) -> bytes:
        """The links of the head; `formats` are the extensions of those that there are, where some are not."""
        key = types, formats
        head = self._heads.get(key)
        if head is None:
            like = f"{'x/' * path.count('/')}{mark('last')}"
            there = [one for one in self._things.formats if not formats or one.extension in formats]
            links = self._things.links(f"https://{mark('iri')}", types, like, there)
            text = "\n".join([link.html for link in links]).replace("%", "%%")
            text = text.replace(f"https://{mark('iri')}", "%(iri)s").replace(mark("last"), "%(last)s")
            head = _filling(text)
            _keep(self._heads, key, head)
        return head({"iri": escaped(name), "last": last.encode()})

    def _footer(self, path: str, address: str) -> bytes:
        renderer = self._renderer
        contact = renderer.project.contact
        if contact is None or not contact.mail:
            return self._same_footer
        return renderer.footer(replace(self._bare_page, path=f"{path}.html", canonical=address)).encode()

    @cached_property
    def _bare_page(self) -> Page:
        language = self._renderer.project.language
        styles = ("theme/own.css",) if "theme/own.css" in self._renderer.theme.files else ()
        return Page("", "", self._root, language, "", "resource", section="browse/index.html", styles=styles)

    @cached_property
    def _same_footer(self) -> bytes:
        return self._renderer.footer(self._bare_page).encode()

    # -- texts --------------------------------------------------------------------

    def _tagged(self, text: str, language: str) -> bytes:
        """A text in a language as it enters a page."""
        if self._ltr and text.isascii() and language in self._own:
            return escaped(text)
        return escape(self._renderer.tagged(text, language)).encode()

    def _literal(self, token: bytes) -> bytes:
        """A literal as a value."""
        if token.endswith(self._own_tag) and b"\\" not in token and _SIGN not in token:
            text = token[1 : -self._tag_size]
            return b'<span class="literal" dir="auto">%b</span>' % (escaped(text.decode()) if _MARKUP(text) else text)
        value = self._literals.get(token)
        if value is None:
            value = str(self._renderer.value(self._root, token)).encode()
            if len(token) < _LONGEST_KEPT:
                _keep(self._literals, token, value)
        return value

    def _kinds_of(self, types: tuple[bytes, ...]) -> bytes:
        kinds = self._kinds.get(types)
        if kinds is None:
            kinds = b", ".join([self.terms[type_][LINK] for type_ in types])
            _keep(self._kinds, types, kinds)
        return kinds

    def _about(self, token: bytes, said: Sequence[Triple], claims: _Claims) -> tuple[str, bytes]:
        """What the thing is, and the same as its page shows it."""
        leads, index = self._leads, self._index
        sound = all(evidence for _, evidence in claims.values())
        text, language = leads.shown(index.about.get(token, ("", ""))) if sound else ("", "")
        if not text:
            text, language = leads.answer(token, index.resource(token))
        if not text:
            return "", b""
        if sound:
            apart = self._apart
            own = tuple([object_ for predicate, object_, graph in said if predicate == _TYPE and graph not in apart])
            alone = leads.of_classes(token, own) if leads.may_be_class(text, own) else ""
        else:
            alone = leads.class_alone(index.resource(token))
        return text, b"" if text == alone else self._tagged(text, language)

    @cached_property
    def _apart(self) -> frozenset[bytes]:
        return frozenset((self._derived, self._alignments))

    # -- statements ---------------------------------------------------------------

    def _claims(self, plain: PlainlySaid) -> _Claims:
        """The claims of the statements about a thing."""
        known = self._evidence
        return {
            statement: (claim, known.get(said) or self._evidence_of(said))
            for statement, (claim, said) in plain.claims.items()
        }

    def _sections(
        self, token: bytes, said: Sequence[Triple], claims: _Claims, path: str
    ) -> tuple[bytes, Sequence[tuple[str, bytes, int]]] | None:
        """The statements of the facts, and of each other section its name, its statements and their number."""
        apart = self._apart
        if apart.isdisjoint([graph for _, _, graph in said]):
            text = self._groups(token, said, claims, path)
            return None if text is None else (text, ())
        others: list[tuple[str, bytes, int]] = []
        t = self._renderer.theme.strings
        for title, graph in (("elsewhere", self._alignments), ("derived_title", self._derived)):
            members = [one for one in said if one[2] == graph]
            if members:
                text = self._groups(token, members, claims, path)
                if text is None:
                    return None
                others.append((t[title], text, len(members)))
        text = self._groups(token, [one for one in said if one[2] not in apart], claims, path)
        return None if text is None else (text, others)

    def _groups(self, token: bytes, said: Sequence[Triple], claims: _Claims, path: str) -> bytes | None:
        """Statements by property; None where a property has something to mind."""
        predicates = tuple([predicate for predicate, _, _ in said])
        openings = self._openings.get(predicates)
        if openings is None:
            openings = self._opening(predicates)
            _keep(self._openings, predicates, openings)
        terms, (start, end), after = self.terms, self._value, self._after
        write = self._claim_writer(token, claims, path) if claims else None
        parts: list[bytes] = []
        for property_ in openings:
            parts.append(property_.opening)
            members = [said[number] for number in property_.numbers]
            if len(members) > 1:
                members.sort(key=self._sort_key)
            for predicate, object_, _ in members:
                term = terms[object_] if object_[0] != _QUOTE else None
                value = term[VALUE] if term else self._literal(object_)
                claim = claims.get((predicate, object_))
                if claim is None or write is None:
                    parts += start, value, end
                elif property_.minded:
                    return None
                else:
                    parts.append(write(property_, predicate, object_, claim, value, term))
            parts.append(after)
        return b"".join(parts)

    @cached_property
    def _after(self) -> bytes:
        return self._frames.group[2].encode()

    def _opening(self, predicates: tuple[bytes, ...]) -> list[_Property]:
        """The properties, each with the numbers of its statements."""
        numbers: dict[bytes, list[int]] = {}
        for number, predicate in enumerate(predicates):
            numbers.setdefault(predicate, []).append(number)
        before, between, _ = self._frames.group
        return [
            _Property(
                f"{before}{heading}{between}".encode(),
                numbers[predicate],
                self.terms[predicate][TEXT],
                bool(self._index.scope_notes(predicate)),
            )
            for predicate, heading in headings(self._renderer, self._root, tuple(numbers))
        ]

    def _sort_key(self, one: Triple) -> str:
        """What orders statements that are in the order of their objects, which decides where names are the same."""
        object_ = one[1]
        return self._renderer.sort_key(object_)[0] if object_[0] == _QUOTE else self.terms[object_][KEY]

    @cached_property
    def _value(self) -> tuple[bytes, bytes]:
        """What stands before the value of a statement without a claim, and behind it."""
        before, _, after = self._frames.value.partition("%(value)s")
        return (before % ()).encode(), (after % ()).encode()

    # -- claims -------------------------------------------------------------------

    def _claim_writer(self, token: bytes, claims: _Claims, path: str) -> _ClaimWriter:
        """What writes statements about a thing with their evidence."""
        own, beside_of, (plain, with_beside) = self._text(token), self._beside.text, self._claim_frames
        address = f"{self._root}{path}{CITATIONS}.html#".encode()
        claim, _ = next(iter(claims.values()))  # all claims about a thing differ in their last 16 digits
        start = escaped(claim[1 : _ANCHOR.start].decode())

        def write(
            property_: _Property,
            predicate: bytes,
            object_: bytes,
            claim: _Claim,
            value: bytes,
            term: ShownTerm | None,
        ) -> bytes:
            name, evidence = claim
            beside = ""
            if term and len(property_.numbers) <= MOST_LINKS and term[LEADER] in (b"", token):
                beside = beside_of(token, predicate, object_)
            if evidence is None:
                return self._claimed(token, predicate, object_, beside)
            anchor = name[_ANCHOR]
            text = term[TEXT] if term else self._text(object_)
            frame = with_beside if beside else plain
            return frame(
                (value, anchor, start + anchor, own, property_.text, text, address + anchor, escaped(beside), *evidence)
            )

        return write

    def _claimed(self, token: bytes, predicate: bytes, object_: bytes, beside: str) -> bytes:
        """A statement with its evidence, whatever there is of it."""
        triple = b"%b %b %b .\n" % (token, predicate, object_)
        statement = Statement(token, predicate, object_, "", self._index.claim_of(triple)[0])
        view = statement_view(self._renderer, self._root, statement)
        return self._frames.claimed(view._replace(beside=beside)).encode()

    def _text(self, token: bytes) -> bytes:
        """A term as plain text in a citation."""
        if token[-1] != _END and b"\\" not in token and _SIGN not in token and token[0] == _QUOTE:
            text = token[1 : token.rindex(b'"')]
            return escaped(text.decode()) if _MARKUP(text) else text
        return escaped(without_signs(self._renderer.sources.text_of(token)))

    @cached_property
    def _claim_frames(self) -> tuple[_Ordered, _Ordered]:
        """What puts values into the frame of a claim on units, without something beside it and with it."""
        names = ["value", "anchor", "iri", "corroboration", "citation", "citations"]
        objectable = self._renderer.project.contact is not None

        def made(names: Sequence[str]) -> _Ordered:
            frame = self._frames.claim(names, standing=True, units=True, objectable=objectable)
            return _ordered(frame.replace("%(citation)s", self._claim_citation), _OF_CLAIM)

        return made(names), made([*names, "beside"])

    @cached_property
    def _claim_citation(self) -> str:
        """The citation of a claim, with places for its triple, for what it rests on and for its IRI."""
        fact, basis, claim = (str(mark(name)) for name in ("fact", "basis", "claim"))
        text = str(escape(statement_text(self._renderer.sources, fact, basis, claim))).replace("%", "%%")
        triple = "%(subject)s – %(predicate)s – %(object)s"
        return text.replace(fact, triple).replace(basis, "%(basis)s").replace(claim, "%(iri)s")

    def _evidence_of(self, said: bytes) -> _Evidence | None:
        """The evidence of claims that say this; None where it is more than units, or nothing."""
        renderer, units = self._renderer, self._index.units_in(said)
        if not units:
            return None
        claim = ClaimView("", units, (), (), ())
        statement = CitedStatement("", (b"", b"", b""), units)
        evidence = _Evidence(
            self._frames.standing(standings(renderer, claim)).encode(),
            "".join(unit_lines(renderer, self._root, units)).encode(),
            escaped(corroboration(renderer, claim)),
            escaped(without_signs(basis_text(renderer.sources, statement))),
            _editions(units),
        )
        if len(self._evidence) < _MOST:  # the first ones stay, as those that are prepared are
            self._evidence[said] = evidence
        return evidence

    def _documents(self, claims: _Claims) -> bytes:
        """The editions in which the units are that claims rest on."""
        found = {evidence.editions for _, evidence in claims.values() if evidence}
        for claim, evidence in claims.values():
            if not evidence and (view := self._index.claim(claim[1:-1].decode())[0]):
                found.add(_editions(view.units))
        editions = found.pop() if len(found) == 1 else tuple(sorted(set(chain.from_iterable(found))))
        if not editions:
            return b""
        links = self._editions.get(editions)
        if links is None:
            links = ", ".join(self._things.links_to_editions(self._root, editions)).encode()
            _keep(self._editions, editions, links)
        return links

    # -- links --------------------------------------------------------------------

    def _add_incoming(self, values: dict[str, bytes], incoming: Sequence[IncomingGroup]) -> None:
        terms = self.terms
        for number, (predicate, total, subjects, derived) in enumerate(incoming):
            if len(subjects) > 1:
                shown = sorted([terms[subject] for subject in subjects], key=_KEY_OF)
                values[f"links{number}"] = b"</li><li>".join(map(_LINK_OF, shown))
            else:
                values[f"links{number}"] = terms[subjects[0]][LINK]
            values[f"linked{number}"] = terms[predicate][LINK]
            values[f"total{number}"] = b"%d" % total
            values[f"rest{number}"] = b""
            values[f"derived{number}"] = self._derived_mark if derived else b""

    @cached_property
    def _derived_mark(self) -> bytes:
        return escaped(str(self._renderer.theme.strings["derived_title"]))

    def _picture(self, token: bytes, said: Sequence[Triple], incoming: Sequence[IncomingGroup]) -> bytes:
        """The diagram of a thing with its links."""
        index, terms, derived = self._index, self.terms, self._derived
        paged, declared = index.paged, index.terms
        sources = {subject: None for group in incoming for subject in group.subjects}
        targets = [one for _, one, graph in said if one in paged and one not in declared and graph != derived]
        targets += [one for _, one, graph in said if graph == derived and one in paged and one not in declared]
        outgoing = [one for one in dict.fromkeys(targets) if one != token][:_SIDE]
        leading = [one for one in sources if one != token and one not in outgoing][:_SIDE]
        left, right = [terms[one] for one in leading], [terms[one] for one in outgoing]
        names = {term[NAME] for term in (*left, *right)}
        if not names:
            return b""
        if len(names) < len(left) + len(right) or "" in names or max(map(len, names)) > LONGEST_NAME:
            return link_diagram(self._renderer, self._root, token, index.resource(token), 2 * _SIDE).encode()
        rows = [term[ROW] for term in right]
        for number, one in enumerate(outgoing):
            if one in sources:
                rows[number] += self._back
        before, between, after = self._fans(len(left), len(right))
        return b"".join(
            (
                before,
                b"</li><li>".join([term[ROW] for term in left]),
                between,
                b"</li><li>".join(rows),
                after,
            )
        )

    def _fans(self, left: int, right: int) -> tuple[bytes, bytes, bytes]:
        """What stands before the rows of a diagram that has so many on each side, between those sides, and behind."""
        fans = self._known_fans.get((left, right))
        if fans is None:
            text = links_in_fans(self._renderer.theme.strings, ["l"] * left, ["r"] * right)
            row = "</li><li>"
            before, _, text = text.partition(f"<li>{row.join('l' * left)}</li>") if left else ("", "", text)
            between, _, after = text.partition(f"<li>{row.join('r' * right)}</li>") if right else (text, "", "")
            fans = self._known_fans[left, right] = (
                f"{before}<li>".encode() if left else b"",
                (f"</li>{between}" if left else between).encode() + (b"<li>" if right else b""),
                f"</li>{after}".encode() if right else b"",
            )
        return fans

    @cached_property
    def _back(self) -> bytes:
        return both_ways(self._renderer.theme.strings).encode()

    # -- for machines ---------------------------------------------------------------

    def _structured(self, token: bytes, said: Sequence[Triple], address: str, path: str) -> bytes:
        """What the page says to search engines."""
        index, terms = self._index, self.terms
        predicates = tuple([predicate for predicate, _, _ in said])
        members = self._members.get(predicates)
        if members is None:
            members = self._members_of(predicates)
            _keep(self._members, predicates, members)
        label = index.name_of(token)[0]
        if members is _NOT_ALIKE or not is_ordinary(index, token):
            nodes = thing_nodes(index, index.resource(token), address)
            return script([*nodes, *breadcrumbs(self._steps(path, label, address))]).encode()
        node = described_node(index, token, address)
        parts = [json_text(node)[:-1]]
        names = set()
        for name, numbers in members:
            parts.append(name)
            if len(numbers) == 1:
                object_ = said[numbers[0]][1]
                if object_[0] == _QUOTE:
                    parts.append(self._json(object_))
                else:
                    term = terms[object_]
                    parts.append(term[JSON])
                    names.add(term[NAMES])
                continue
            objects = [said[number][1] for number in numbers[:_MOST_VALUES]]
            shown = [
                (self._json(one), "") if one[0] == _QUOTE else (terms[one][JSON], terms[one][NAMES]) for one in objects
            ]
            parts.append(b"[%b]" % b", ".join([written for written, _ in shown]))
            names.update([used for _, used in shown])
        type_ = node["@type"]
        key = (*predicates, *node, type_ if isinstance(type_, str) else " ".join(type_)), frozenset(names)
        context = self._contexts.get(key)
        if context is None:
            used = names_within([node, *breadcrumbs(self._steps(path, label, address))]).union(" ".join(names).split())
            context = json_text(context_of(used.union(filter(None, map(schema_name, predicates)))))
            _keep(self._contexts, key, context)
        before, between, after = self._crumbs
        place = json_text(address or f"{self._root}{path}.html")
        crumbs = b"%b%b%b%b%b" % (before, json_text(label), between, place, after)
        return b'{"@context": %b, "@graph": [%b}, %b]}' % (context, b"".join(parts), crumbs)

    @cached_property
    def _members(self) -> dict[tuple[bytes, ...], "_Members"]:
        return {}

    @staticmethod
    def _members_of(predicates: Sequence[bytes]) -> "_Members":
        """For each member of a node what stands before its values, and their numbers."""
        found: dict[str, list[int]] = {}
        for number, predicate in enumerate(predicates):
            name = schema_name(predicate)
            if name is None:
                return _NOT_ALIKE
            if name:
                found.setdefault(name, []).append(number)
        return [(b", %b: " % json_text(name), numbers) for name, numbers in found.items()]

    @cached_property
    def _crumbs(self) -> tuple[bytes, bytes, bytes]:
        """The way from the home page: what stands before the name of the last step, before its address, and behind."""
        label, address = str(mark("label")), str(mark("address"))
        steps = self._steps("x", label, "")
        text = json_text(breadcrumbs([*steps[:-1], (label, address)])[0])
        before, _, rest = text.partition(json_text(label))
        between, _, after = rest.partition(json_text(address))
        return before, between, after

    def _steps(self, path: str, label: str, address: str) -> list[tuple[str, str]]:
        return self._renderer.steps(f"{path}.html", label, self._root, "browse/index.html")

    def _json(self, token: bytes) -> bytes:
        """A literal in JSON-LD."""
        text = self._written.get(token)
        if text is None:
            text = json_text(value_of(self._index, token))
            if len(token) < _LONGEST_KEPT:
                _keep(self._written, token, text)
        return text

    # -- citations --------------------------------------------------------------------

    def _cited_as(self, token: bytes, name: str, label: str, language: str) -> dict[str, bytes]:
        """How the thing is cited, by the places in a frame: what its forms are filled in with, or else these."""
        if language not in self._citations:
            _keep(self._citations, language, self._forms(language))
        forms = self._citations[language]
        if forms is None:
            return {"coins": b""}
        address = _SAME_ADDRESS.fullmatch(name)
        if address and _SAME_NAME(label):
            before, last = address.groups()
            quoted = self._quoted.get(before)
            if quoted is None:
                quoted = quote(before, safe="")
                _keep(self._quoted, before, quoted)
            return {
                "cited_label": label.encode(),
                "cited_name": last.encode(),
                "cited_iri": name.encode(),
                "quoted": f"{quoted}{last}".encode(),
                "coined": (label if label.isalnum() and label.isascii() else quote(label, safe="")).encode(),
            }
        citation = cite_thing(self._renderer.sources, token)
        assert citation is not None
        found = {"coins": escape(coins(citation)).encode()}
        found |= {f"cited{n}": text.encode() for n, (_, text) in enumerate(citation_texts(self._renderer, citation))}
        found |= {f"core{n}": escape(text).encode() for n, (_, text) in enumerate(dublin_core(citation))}
        return found

    def _forms(self, language: str) -> dict[str, str] | None:
        """By the places in a frame the forms of the citations of things whose names are in a language, with places.

        None where things are not cited.
        """
        label, last = str(mark("label")), str(mark("name"))
        address = f"https://e.example/{last}"
        sources = replace(self._renderer.sources, name_of=lambda _: (label, language))
        citation = cite_thing(sources, iri_token(address))
        if citation is None:
            return None
        quoted = quote(address, safe="").replace("%", "%%")

        def places(text: str, name: str) -> str:
            plain = str(text).replace("%", "%%").replace(quoted, "%(quoted)s").replace(address, "%(cited_iri)s")
            return plain.replace(last, "%(cited_name)s").replace(label, name)

        forms = {"coins": places(escape(coins(citation)), "%(coined)s")}
        for number, (_, form) in enumerate(citation_texts(self._renderer, citation)):
            forms[f"cited{number}"] = places(form, "%(cited_label)s")
        for number, (_, text) in enumerate(dublin_core(citation)):
            forms[f"core{number}"] = places(escape(text), "%(title)s")
        return forms


def _editions(units: Units) -> tuple[str, ...]:
    """The editions of units, in order."""
    return tuple(sorted({intern(name.partition("#")[0]) for name, _ in units}))


#: What stands before the values of each member, and their numbers.
_Members = list[tuple[bytes, list[int]]]
_NOT_ALIKE: _Members = []
_KEY_OF, _LINK_OF = itemgetter(KEY), itemgetter(LINK)


def _filling(frame: str) -> _Filling:
    """What puts values into the places of a frame: as bytes, since a text with any `–` takes ten times as long."""
    text = _PLACE.sub(lambda place: "%b" if place[1] else "%%", frame).encode()
    places = [place for place in _PLACE.findall(frame) if place]
    if len(places) < 2:
        return lambda values: text % tuple([values[place] for place in places])
    pick = itemgetter(*places)
    return lambda values: text % pick(values)


def _ordered(frame: str, names: Sequence[str]) -> _Ordered:
    """The same, of values in the order of names."""
    text = _PLACE.sub(lambda place: "%b" if place[1] else "%%", frame).encode()
    pick = itemgetter(*[names.index(place) for place in _PLACE.findall(frame) if place])
    return lambda values: text % pick(values)


def _keep(known: dict[Any, Any], key: Any, value: Any) -> None:
    """Remember a piece, and let go of all when there are too many."""
    if len(known) >= _MOST:
        known.clear()
    known[key] = value
