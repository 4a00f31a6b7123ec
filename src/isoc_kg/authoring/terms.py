"""Terms: which properties and classes there are, and what to say of one that is used and not declared.

A term of the project's own namespaces is declared by an ontology file. Of vocabularies that many use, a list beside
this module has the names. Of any other vocabulary nobody here knows the terms, unless an ontology file declares them.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Literal

from ..errors import Finding
from ..iris import compact
from ..namespaces import DCTERMS, EV, OWL, RDF, RDFS, XSD
from ..project import Project
from ..rdf.lines import iri, literal, split
from ..rdf.reading import read_quads
from ..rdf.tokens import iri_token, is_iri, term_token
from .facts import Claim

__all__ = [
    "EVIDENCE_ONTOLOGY",
    "DeclaredTerms",
    "Role",
    "TermQuestion",
    "check_terms",
    "declaration_order",
    "is_shared",
    "namespace",
    "vocabularies",
]

#: The ontology of evidence, which every project shares.
EVIDENCE_ONTOLOGY = EV.iri.rstrip("#")

#: What a term is used as; `any` where that is not known.
Role = Literal["property", "class", "datatype", "value", "any"]
#: The roles of which the first letter of a term tells nothing.
_CASELESS = frozenset(("datatype", "any"))
#: The roles of what a vocabulary or an ontology declares.
_TERMS = frozenset(("property", "class", "datatype"))
_CLASSES = frozenset((OWL.Class, RDFS.Class, RDFS.Datatype))
_OTHER: Mapping[Role, Role] = {"property": "class", "class": "property"}
_TYPE, _REPLACED, _DEPRECATED = map(iri_token, (RDF.type, DCTERMS.isReplacedBy, OWL.deprecated))
_TRUE = f'"true"^^<{XSD.boolean}>'.encode()


def namespace(name: str) -> str:
    """The namespace of a term's IRI: up to its `#`, or else its last slash.

    >>> namespace("https://schema.org/name")
    'https://schema.org/'
    """
    return name[: max(name.rfind("#"), name.rfind("/")) + 1] if "#" not in name else name[: name.index("#") + 1]


def declaration_order(project: Project) -> dict[bytes, int]:
    """What the ontology's files say something of → its place: the project's own files first, then that of evidence."""
    own = project.folder("ontology")
    files = sorted(project.ontology_files, key=lambda path: (path.parent != own or path.name == "evidence.ttl", path))
    terms: dict[bytes, int] = {}
    for path in files:
        for quad in read_quads(path, limits=project.limits):
            token = term_token(quad.subject)
            if is_iri(token):
                terms.setdefault(token, len(terms))
    return terms


def is_shared(token: bytes) -> bool:
    """Whether a subject's token is the ontology of evidence or one of its terms."""
    return token.startswith(f"<{EV.iri}".encode()) or token == iri_token(EVIDENCE_ONTOLOGY)


@cache
def vocabularies() -> Mapping[str, frozenset[str]]:
    """Namespace → the local names of the terms of vocabularies in wide use."""
    text = Path(__file__).with_name("vocabularies.txt").read_text(encoding="utf-8")
    rows = (line.split() for line in text.splitlines() if not line.startswith("# "))
    return {first: frozenset(names) for first, *names in rows}


class DeclaredTerms:
    """What the ontology files (canonical lines) declare: term → the roles it has, none for one that is only typed.

    What is withdrawn (`owl:deprecated true`) stands apart: nobody is offered it, and who uses it is told the successor.
    """

    def __init__(self, ontology: Iterable[bytes]) -> None:
        self.roles: dict[str, set[Role]] = {}
        self.successors: dict[str, str] = {}
        deprecated: list[str] = []
        for line in ontology:
            subject, predicate, object_, _ = split(line)
            if predicate == _REPLACED and is_iri(object_):
                self.successors.setdefault(iri(subject), iri(object_))
            elif predicate == _DEPRECATED and object_ == _TRUE:
                deprecated.append(iri(subject))
            elif predicate == _TYPE and is_iri(subject) and is_iri(object_):
                kind = iri(object_)
                roles = self.roles.setdefault(iri(subject), set())
                if kind in _CLASSES or kind == OWL.DeprecatedClass:
                    roles.add("class")
                elif kind.endswith("Property") and kind.startswith((OWL.iri, RDF.iri)):
                    roles.add("property")
        self.namespaces = {namespace(name) for name in self.roles}
        self.withdrawn = {name: self.roles.pop(name) for name in deprecated if name in self.roles}

    def names(self, space: str, role: Role) -> list[str]:
        """The terms declared in a namespace that can have a role."""
        return [
            name
            for name, roles in self.roles.items()
            if namespace(name) == space and not _only(roles, _OTHER.get(role))
        ]


def _only(roles: Collection[Role], role: Role | None) -> bool:
    return role is not None and set(roles) == {role}


def check_terms(project: Project, claims: Mapping[bytes, Claim], ontology: Iterable[bytes]) -> Iterator[Finding]:
    """What is wrong with the properties, classes and datatypes of claims: each term once, at its first statement."""
    question = TermQuestion(project, DeclaredTerms(ontology))
    uses: dict[tuple[bytes, Role], list[Claim]] = {}
    type_ = iri_token(RDF.type)
    for triple, claim in claims.items():
        _, predicate, object_, _ = split(triple)
        uses.setdefault((predicate, "property"), []).append(claim)
        if object_.startswith(b'"') and (datatype := literal(object_)[2]):
            uses.setdefault((iri_token(datatype), "datatype"), []).append(claim)
        if is_iri(object_):
            uses.setdefault((object_, "class" if predicate == type_ else "value"), []).append(claim)
    for (token, role), users in uses.items():
        if answer := question.answer(iri(token), role):
            severity, message, advice = answer
            file, line = users[0].places[0]
            more = f" (and in {len(users) - 1:,} more)" if len(users) > 1 else ""
            yield Finding(message + more, severity, file, line, users[0].iri, advice)


_Answer = tuple[Literal["error", "warning"], str, str]


class TermQuestion:
    """Whether a term may be used, asked of what the project declares and allows."""

    def __init__(self, project: Project, declared: DeclaredTerms) -> None:
        self.prefixes, self.declared, self.allowed = project.prefixes, declared, frozenset(project.terms)
        own = set(project.own_prefixes.values()) & declared.namespaces
        self.own = {project.ids.ontology + "#", EV.iri, *own}
        self.base = project.base
        self.spaces = {_bare(space): space for space in (*vocabularies(), *self.own)}

    def answer(self, name: str, role: Role) -> _Answer | None:
        """What to say of a term in a role; None when it may be used."""
        space = namespace(name)
        if not self.allowed.isdisjoint((name, space)):
            return None
        if name in self.declared.withdrawn:
            return self._withdrawn(name) if role in _TERMS else None
        roles = self.declared.roles.get(name)
        if roles is not None:
            if _only(roles, _OTHER.get(role)):
                return self._misused(name, role)
            return self._no_term(name, role) if role in _TERMS and not roles else None
        if role in _TERMS and space not in self.own and name.startswith(self.base):
            return self._no_term(name, role)
        if space in self.own:
            return self._undeclared(name, space, role)
        if role == "value":
            return None  # a thing of somebody else
        if space in vocabularies():
            return self._listed(name, space, role)
        if meant := self.spaces.get(_bare(space)):
            near = self.shown(meant + name[len(space) :])
            return "error", f"<{name}> is in no known namespace", f"Did you mean {near}, in <{meant}>?"
        return (
            "warning",
            f"nobody here knows the vocabulary of <{name}>",
            f'Declare {self.shown(name)} in an ontology file, or allow it in kg.toml: [terms] allow = ["…"].'
            + self._near(name, self.declared.names(space, role)),
        )

    def _withdrawn(self, name: str) -> _Answer:
        successor = self.declared.successors.get(name)
        advice = f"Use {self.shown(successor)}." if successor else "Use another term."
        return "warning", f"{self.shown(name)} is withdrawn", advice

    def _undeclared(self, name: str, space: str, role: Role) -> _Answer:
        near = self._near(name, self.declared.names(space, role))
        return "error", f"no ontology file declares {self.shown(name)}", near or "Declare it in an ontology file."

    def _listed(self, name: str, space: str, role: Role) -> _Answer | None:
        local, names = name[len(space) :], vocabularies()[space]
        fitting = [other for other in names if role in _CASELESS or other[:1].isupper() == (role == "class")]
        if local in names:
            if role not in _CASELESS and local[:1].isalpha() and local[:1].isupper() != (role == "class"):
                return self._misused(name, role)
            return None
        if space == RDF.iri and re.fullmatch("_[1-9][0-9]*", local):
            return None
        near = self._near(name, [space + other for other in fitting])
        allow = f'A newer term is allowed in kg.toml: [terms] allow = ["{self.shown(name)}"].'
        what = "term" if role == "any" else role
        return "error", f"<{space}> has no {what} {self.shown(name)}", f"{near} {allow}" if near else allow

    def _no_term(self, name: str, role: Role) -> _Answer:
        """What to say of a thing, a unit or the ontology itself in the place of a term."""
        names = [other for space in sorted(self.own - {EV.iri}) for other in self.declared.names(space, role)]
        local = {other[len(namespace(other)) :].lower(): other for other in reversed(names)}
        near = get_close_matches(name[len(namespace(name)) :].lower(), local, 1, 0.6)
        meant = f"Did you mean {self.shown(local[near[0]])}?" if near else f"Name a {role} that an ontology declares."
        return "error", f"{self.shown(name)} is no {role}", meant

    def _misused(self, name: str, role: Role) -> _Answer:
        meant = "A class stands behind rdf:type." if role == "property" else "Behind rdf:type stands a class."
        return "error", f"{self.shown(name)} is a {_OTHER[role]}, and used as a {role}", meant

    def _near(self, name: str, others: Iterable[str]) -> str:
        space = namespace(name)
        names = {other[len(space) :].lower(): other for other in sorted(others, reverse=True)}
        near = get_close_matches(name[len(space) :].lower(), names, 1, 0.7)
        return f"Did you mean {self.shown(names[near[0]])}?" if near else ""

    def shown(self, name: str) -> str:
        """The term as one writes it."""
        return compact(name, self.prefixes)


def _bare(space: str) -> str:
    """A namespace without what is mistaken in it most often: its scheme, `www.`, what it ends in, capitals."""
    return re.sub(r"^https?://(www\.)?", "", space.lower()).rstrip("#/")
