"""Linked data: which document an IRI leads to, and the documents themselves.

A thing's IRI answers 303 with its page or its data (https://www.w3.org/TR/cooluris/), by format and, for data, by
profile (https://www.w3.org/TR/dx-prof-conneg/).
"""

import re
from collections.abc import Mapping, Sequence
from urllib.parse import quote, unquote

from ...errors import CannotCarry, visible
from ...evidence.reification import reifying
from ...formats import FORMATS, TRIG, Format, format_from_name
from ...iris import is_absolute
from ...namespaces import DCTERMS
from ...negotiation import EXTENSIONS, FORMAT_PARAMETER, choose, qualities
from ...rdf import refusals
from ...rdf.lines import iri
from ...rdf.tokens import iri_token, is_iri
from ...rendering.addresses import PART_PAGES
from ...rendering.citations import CITATIONS
from ...rendering.pages import Bundle
from ...rendering.things import ThingBundle
from ..http.problems import Problem
from ..http.reply import Reply
from ..spool import Content
from .snapshot import Snapshot

__all__ = [
    "ALL_TYPES",
    "DEFAULT_PROFILE",
    "LONGEST_LINK",
    "PROFILES",
    "SEARCH_PAGE",
    "Resources",
    "accepted_profile",
    "media_type_of",
]

#: Profile → what a description in it holds.
PROFILES = {
    "evidence": "statements, links to the thing, and the claims behind them with their evidence; the default",
    "plain": "statements and links alone",
    "rdf12": "RDF 1.2: each claim reifies its triple",
}
DEFAULT_PROFILE = "evidence"
_ALL = {**EXTENSIONS, TRIG.media_type: TRIG.extension}
_TYPES = {format_.extension: format_.media_type for format_ in FORMATS} | {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "xml": "application/xml",
    "svg": "image/svg+xml",
    "txt": "text/plain; charset=utf-8",
    "wasm": "application/wasm",
    "rq": "application/sparql-query",
}
_TEXTS = frozenset({"text/turtle"})
_CACHE = "public, max-age=300"
_CLAIM = re.compile(r"claim/[^/#?]+\.([0-9a-f]{16})")
_VERSION = re.compile(r"(?:ontology|evidence)/\d+(?:\.[0-9a-z]+)*")
_REPLACED = iri_token(DCTERMS.isReplacedBy)
#: The media types among which `Accept` chooses.
ALL_TYPES = tuple(_ALL)
SEARCH_PAGE = "search.html"  #: which depends on what is sought
#: Paths of documents: no others are looked for.
_PLAIN = re.compile(r"[A-Za-z0-9_=~@./-]{1,8000}")
#: What stands behind the path of a thing's page in the names of its files.
_EXTENSIONS = re.compile(rf"(?:{re.escape(CITATIONS)})?\.[a-z]{{2,6}}")
LONGEST_LINK = 2000  #: bytes of a Link header; what would be more is left to the linkset and the page


def accepted_profile(headers: Mapping[str, str], base: str) -> str:
    """The profile that `Accept-Profile` likes best."""
    weights = qualities(headers.get("accept-profile", ""))
    profiles = {name.strip("<>").removeprefix(f"{base}profile/"): weight for name, weight in weights.items()}
    accepted = [name for name, weight in profiles.items() if name in PROFILES and weight]
    return max(accepted, key=profiles.__getitem__, default=DEFAULT_PROFILE)


class Resources:
    """Answers for every path of a publication but its services."""

    def __init__(self, snapshot: Snapshot, root: str) -> None:
        self.snapshot = snapshot
        self.root = root  #: the path below which the server is reached, without a slash at its end

    def answer(self, path: str, query: Mapping[str, str], headers: Mapping[str, str]) -> Reply:
        """The answer to a GET for a path without the slash at its start. Raises `Problem`."""
        _check(query)
        if path == "":
            return self._home(headers)
        if path == "describe":
            return self._described(query, headers)
        if _PLAIN.fullmatch(path) and (document := self._document(path, query)) is not None:
            return document
        key = self._resource(path)
        if key is None:
            readable = unquote(path)
            if self._is_file_of_thing(readable) and (document := self._document(readable, query)) is not None:
                return document
            if readable != path:
                path, key = readable, self._resource(readable)
        if key is not None:
            return self._negotiated(key, query, headers)
        if (elsewhere := self._elsewhere(path, headers)) is not None:
            return elsewhere
        raise Problem(404, f"there is nothing at /{path[:200]}.", nothing_at=path[:200])

    # -- IRIs -----------------------------------------------------------------

    def _resource(self, path: str) -> str | None:
        """The page, without extension, that an IRI of the publication leads to, if it has one and data."""
        key, fragment = self.snapshot.renderer.addresses.page(self.snapshot.base + path)
        own = not self.snapshot.project.mints or key.startswith(("id/", "document/")) or key in PART_PAGES
        return key if own and not fragment and self.snapshot.bundle(key) is not None else None

    def _is_file_of_thing(self, path: str) -> bool:
        """Whether a path, its percent signs decoded, has the form of a file about a thing, its name in any script."""
        key, dot, extensions = path.partition(".")
        page = self.snapshot.renderer.addresses.page(self.snapshot.base + key)
        return key.startswith("id/") and page == (key, "") and _EXTENSIONS.fullmatch(dot + extensions) is not None

    def _described(self, query: Mapping[str, str], headers: Mapping[str, str]) -> Reply:
        """303 to what there is about the IRI that `?iri=` names, whoever's it is."""
        name = query.get("iri", "")
        if not is_absolute(name):
            raise Problem(400, "“iri” must be an absolute IRI.")
        key, fragment = self.snapshot.renderer.addresses.page(name)
        if self.snapshot.bundle(key) is None:
            raise Problem(404, f"nothing is said here about {visible(name[:500], line=True)}.")
        if not fragment:
            return self._negotiated(key, query, headers)
        location = f"{self.root}/{quote(key, safe='/=~@')}.html#{quote(fragment, safe='')}"
        return Reply(303, headers={"location": location} | self._common(), cache=_CACHE)

    def _negotiated(self, key: str, query: Mapping[str, str], headers: Mapping[str, str]) -> Reply:
        """303 to the document that fits."""
        bundle = self.snapshot.bundle(key)
        there = [type_ for type_, extension in _ALL.items() if self._has(bundle, key, extension)]
        refused = self._refused(bundle)
        available = [type_ for type_ in there if type_ not in refused]
        extension = self._extension(query, headers, available, key, refused)
        profile = self._profile(query, headers) if extension != "html" else "evidence"
        vary = "Accept, Accept-Profile"
        if isinstance(bundle, ThingBundle) and bundle.token in bundle.things.renderer.index.withdrawn:
            document = self._document(f"{key}.{extension}", {"profile": profile})
            assert document is not None
            document.vary = vary
            return document
        suffix = f"?profile={profile}" if profile != "evidence" else ""
        location = f"{self.root}/{quote(key, safe='/=~@')}.{extension}{suffix}"
        return Reply(303, headers={"location": location} | self._common(), vary=vary, cache=_CACHE)

    def _has(self, bundle: Bundle | ThingBundle | None, key: str, extension: str) -> bool:
        if extension == "html":
            return True
        if isinstance(bundle, ThingBundle):
            return extension == TRIG.extension or any(f.extension == extension for f in bundle.things.formats)
        data = key.startswith("document/") or key in PART_PAGES  # terms have a page alone
        return data and extension != TRIG.extension

    def _refused(self, bundle: Bundle | ThingBundle | None) -> dict[str, CannotCarry]:
        """The media types of the formats that cannot carry what is said about a thing, each with the reason."""
        if not isinstance(bundle, ThingBundle):
            return {}
        lines = bundle.things.renderer.index.resource(bundle.token).lines
        found = {format_.media_type: next(refusals(lines, format_), None) for format_ in bundle.things.formats}
        return {type_: refusal for type_, refusal in found.items() if refusal}

    def _extension(
        self,
        query: Mapping[str, str],
        headers: Mapping[str, str],
        available: Sequence[str],
        key: str,
        refused: Mapping[str, CannotCarry],
    ) -> str:
        """The extension of the format that `?format=` names, else of the one that `Accept` likes best."""
        alternates = [f"{self.root}/{quote(key, safe='/=~@')}.{_ALL[type_]}" for type_ in available]
        wanted = query.get("format")
        if wanted:
            if wanted == "html":
                return "html"
            known = {extension: type_ for type_, extension in _ALL.items()}
            name = format_from_name(wanted).extension if wanted in _NAMES else wanted
            type_ = wanted if wanted in available else known.get(name, wanted)
            if type_ in available:
                return _ALL[type_]
        else:
            best = choose(headers.get("accept"), available)
            if best is not None:
                return _ALL[best]
            type_ = choose(headers.get("accept"), tuple(refused)) or ""
        reason = f" {refused[type_]}" if type_ in refused else ""
        raise Problem(
            406,
            f"this is not there as {(wanted or headers.get('accept', ''))[:200]}.{reason}",
            headers={"Vary": "Accept, Accept-Profile"},
            alternatives=alternates,
        )

    def _profile(self, query: Mapping[str, str], headers: Mapping[str, str]) -> str:
        if wanted := query.get("profile"):
            return wanted
        return accepted_profile(headers, self.snapshot.base)

    def _elsewhere(self, path: str, headers: Mapping[str, str]) -> Reply | None:
        """IRIs that lead to a part of a document: claims, named queries, graphs, versions of ontologies, profiles."""
        project, bundles = self.snapshot.project, self.snapshot.bundles
        target = None
        if not project.mints:
            pass  # the IRIs of the data mean what their maker likes
        elif claim := _CLAIM.fullmatch(path):
            subject = self.snapshot.subject_of(f"{self.snapshot.base}{path}")
            key = self.snapshot.renderer.addresses.page(subject)[0] if subject else ""
            target = f"{key}.html#{claim[1]}" if key and self.snapshot.bundle(key) else None
            if target is None:
                raise self._without_claim(path)
        elif path.startswith("query/") and path in bundles:
            target = f"{path}.html"
        elif (
            re.fullmatch(r"graph/[a-z0-9-]+", path)
            and "dataset" in bundles
            and any(name == f"{self.snapshot.base}{path}" for name, _ in self.snapshot.graphs)
        ):
            target = f"dataset.html#graph-{path[6:]}"
        elif _VERSION.fullmatch(path) and f"{path}.ttl" in self.snapshot.data:
            target = f"{path}.ttl"
        elif path.startswith("profile/") and path[8:] in PROFILES:
            return Reply(200, "text/plain; charset=utf-8", f"{PROFILES[path[8:]]}\n".encode(), cache=_CACHE)
        elif f"{path}.html" in ("about.html", "search.html", "explore.html") and path in bundles:
            target = f"{path}.html"
        if target is None:
            return None
        return Reply(
            303, headers={"location": f"{self.root}/{quote(target, safe='/=~@#')}"} | self._common(), cache=_CACHE
        )

    def _without_claim(self, path: str) -> Problem:
        """That a claim which somebody cited is not here, and where the thing is that it was about."""
        version = f" in version {self.snapshot.project.version}" if self.snapshot.project.version else ""
        key, _ = self.snapshot.renderer.addresses.page(f"{self.snapshot.base}{path}")
        found = self.snapshot.bundle(key) is not None
        advice = f"What is stated now: {self.root}/{key}.html." if found else None
        return Problem(
            404, f"there is no statement at /{path[:200]}{version}: it was changed or removed.", advice=advice
        )

    def _home(self, headers: Mapping[str, str]) -> Reply:
        type_ = choose(headers.get("accept"), tuple(EXTENSIONS))
        if type_ in (None, "text/html") or "dataset" not in self.snapshot.bundles:
            page = self._document("index.html", {})
            assert page is not None
            page.vary = "Accept"
            return page
        name = "dataset" if self.snapshot.renderer.material.described else "data"
        location = f"{self.root}/{name}.{EXTENSIONS[type_ or '']}"
        return Reply(303, headers={"location": location} | self._common(), vary="Accept", cache=_CACHE)

    # -- documents ------------------------------------------------------------

    def _document(self, path: str, query: Mapping[str, str]) -> Reply | None:
        """The file at a path; of a thing, in the profile that `?profile=` names."""
        key, dot, extension = path.rpartition(".")
        if not dot and path != "SHA256SUMS":
            return None
        bundle = self.snapshot.bundle(key)
        if isinstance(bundle, ThingBundle):
            profile = query.get("profile", DEFAULT_PROFILE)
            found = self._description(bundle, extension, profile)
            if found is None:
                return None
            links = self._thing_links(bundle, extension)
            status = 410 if bundle.token in bundle.things.renderer.index.withdrawn else 200
            return self._reply(path, found, self.link_header(links), status, profile if extension != "html" else "")
        body: Content | None
        if path == SEARCH_PAGE and bundle is not None and query.get("q", "").strip():
            body = self.snapshot.search_page(query["q"], query.get("kind", ""))
        else:
            try:
                body = self.snapshot.file(path)
            except CannotCarry as error:
                raise Problem(406, str(error)) from None
        return None if body is None else self._reply(path, body, self.link_header([]))

    def _reply(self, path: str, body: Content, links: str, status: int = 200, profile: str = "") -> Reply:
        """The answer that is a document, in a profile if it is data about a thing."""
        headers = self._common()
        if profile:
            headers["content-profile"] = f"<{self.snapshot.base}profile/{profile}>"
        headers["link"] = links
        cache = _CACHE if status == 200 else "no-cache"
        type_ = media_type_of(path, path.rpartition(".")[2])
        variants = self.snapshot.variants(path)
        return Reply(status, type_, body, headers, self.snapshot.modified, cache=cache, ranges=True, variants=variants)

    def thing_reply(self, path: str, body: Content, links: str) -> Reply:
        """The answer that is a document about a thing that is not withdrawn, in the profile that is the default."""
        return self._reply(path, body, links, profile="" if path.endswith(".html") else DEFAULT_PROFILE)

    def _thing_links(self, bundle: ThingBundle, extension: str) -> list[str]:
        """The links of a thing's page or data (https://signposting.org/), and to what stands in its place."""
        index = bundle.things.renderer.index
        refused = self._refused(bundle)
        formats = [format_ for format_ in bundle.things.formats if format_.media_type not in refused]
        types = index.types.get(iri_token(bundle.token.decode().strip("<>")), ())
        links = self.links_of_kind(bundle, types, formats, extension)
        if bundle.token in index.withdrawn:
            for statement in index.resource(bundle.token).statements:
                if statement.predicate == _REPLACED and is_iri(statement.object):
                    links.append(f'<{quote(iri(statement.object), safe=":/?#@%")}>; rel="successor-version"')
        return links

    def links_of_kind(
        self, bundle: ThingBundle, types: Sequence[bytes], formats: Sequence[Format], extension: str
    ) -> list[str]:
        """The links that any thing with these classes has whose data are in these formats."""
        links = []
        for link in bundle.things.links(bundle.token.decode().strip("<>"), types, bundle.key, formats):
            type_ = f'; type="{link.type}"' if link.type else ""
            if link.rel in ("cite-as", "type", "collection") or (link.rel == "describedby") == (extension == "html"):
                links.append(f'<{quote(link.href, safe=":/?#[]@!$&()*+,;=~%._-")}>; rel="{link.rel}"{type_}')
        if extension != "html":
            page = quote(bundle.key.rpartition("/")[2], safe="=~")
            links.append(f'<{page}.html>; rel="describes"; type="text/html"')
        return links

    def link_header(self, links: list[str]) -> str:
        """The Link header: these links and those of everything, as far as they go."""
        for licence in self.snapshot.project.licences:
            if not licence.startswith(("https://", "http://")):
                continue
            links.append(f'<{quote(licence, safe=":/?#@%")}>; rel="license"')
        if self.snapshot.renderer.has("linkset.json"):
            links.append(f'<{self.root}/linkset.json>; rel="linkset"; type="application/linkset+json"')
        sent: list[str] = []
        for link in links:
            if sum(map(len, sent)) + len(link) < LONGEST_LINK:
                sent.append(link)
        return ", ".join(sent)

    def _description(self, bundle: ThingBundle, extension: str, profile: str) -> Content | None:
        if extension == "html" or (profile == "evidence" and extension != TRIG.extension):
            try:
                return self.snapshot.file(f"{bundle.key}.{extension}")
            except CannotCarry as error:
                raise Problem(406, str(error)) from None
        format_ = next((f for f in (*bundle.things.formats, TRIG) if f.extension == extension), None)
        if format_ is None:
            return None
        return self._in_profile(bundle, format_, profile)

    def _in_profile(self, bundle: ThingBundle, format_: Format, profile: str) -> bytes:
        resource = bundle.things.renderer.index.resource(bundle.token)
        claims = f"<{self.snapshot.project.ids.claims}".encode()
        lines = list(resource.lines)
        if profile == "plain":
            lines = [line for line in lines if not line.startswith(claims)]
        elif profile == "rdf12":
            if not format_.triple_terms:
                raise Problem(406, f"{format_.label} cannot hold RDF 1.2.", alternatives=["ttl", "nt", "trig"])
            claimed = {
                iri_token(of.claim.iri): b"%s %s %s .\n" % (of.subject, of.predicate, of.object)
                for of in resource.statements
                if of.claim
            }
            lines = reifying(lines, claimed)
        try:
            return bundle.things.renderer.serialize(lines, format_, bundle.token)
        except CannotCarry as error:
            raise Problem(406, str(error)) from None

    def _common(self) -> dict[str, str]:
        return {"access-control-allow-origin": "*", "x-content-type-options": "nosniff"}


_NAMES = {name for format_ in FORMATS for name in (format_.name, *format_.names)}
_FORMAT_VALUES = {*_ALL, *_ALL.values(), *_NAMES, *FORMAT_PARAMETER}


def _check(query: Mapping[str, str]) -> None:
    """Refuse names of formats and profiles that nothing has, before anything is made for them. Raises `Problem`."""
    if (wanted := query.get("format")) and wanted not in _FORMAT_VALUES:
        raise Problem(406, f"there is no format “{wanted[:100]}”.", alternatives=list(_ALL.values()))
    if (wanted := query.get("profile")) and wanted not in PROFILES:
        raise Problem(406, f"there is no profile “{wanted[:100]}”.", alternatives=list(PROFILES))


def media_type_of(path: str, extension: str) -> str:
    """The media type of a file of the publication."""
    if path == "linkset.json":
        return "application/linkset+json"
    if path == ".well-known/void":
        return "text/turtle; charset=utf-8"
    if path == "SHA256SUMS":
        return "text/plain; charset=utf-8"
    type_ = _TYPES.get(extension, "application/octet-stream")
    return f"{type_}; charset=utf-8" if type_ in _TEXTS else type_
