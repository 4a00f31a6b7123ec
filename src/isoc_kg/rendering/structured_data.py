"""What a page says to search engines: schema.org alone, whole in itself, answers nested, no claims (JSON-LD).

https://developers.google.com/search/docs/appearance/structured-data/intro-structured-data
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from markupsafe import Markup

from ..namespaces import BOOLEAN_FORMS, FRACTION_TYPES, INTEGER_TYPES, OWL, SCHEMA, SKOS, XSD
from ..rdf.lines import iri, literal, split
from ..rdf.tokens import iri_token, is_blank, is_iri, is_literal
from .index import Index
from .resource import WITHDRAWN, Resource
from .theme import json_in_html

__all__ = [
    "NESTED",
    "breadcrumbs",
    "context_of",
    "described_node",
    "is_ordinary",
    "names_within",
    "schema_name",
    "script",
    "thing_nodes",
    "value_of",
]

_Node = dict[str, Any]
_ANSWER, _ELEMENT = iri_token(SCHEMA.acceptedAnswer), iri_token(SCHEMA.itemListElement)
_POSITION, _QUESTION = iri_token(SCHEMA.position), iri_token(SCHEMA.Question)
_HAS_TERM = iri_token(SCHEMA.hasDefinedTerm)
_SAME = frozenset(map(iri_token, (OWL.sameAs, SCHEMA.sameAs, SKOS.exactMatch)))
_CONCEPT, _SCHEME, _IN_SCHEME = map(iri_token, (SKOS.Concept, SKOS.ConceptScheme, SKOS.inScheme))
#: The links whose ends a page's data hold as a whole, since an answer is part of its question.
NESTED = (_ANSWER, _ELEMENT)
#: What is said of a thing in another way already.
_OTHERWISE = frozenset(
    map(iri_token, (SCHEMA.name, SCHEMA.alternateName, SCHEMA.description, SCHEMA.sameAs, SCHEMA.mainEntityOfPage))
)
#: Of what these lead to, or of the class of what has them, it depends what is said.
_DEPENDING = _SAME | {_ANSWER, _ELEMENT, _HAS_TERM, _IN_SCHEME, iri_token(SCHEMA.text)}
_SCHEMA = SCHEMA.iri.encode()
_MOST = 100  #: values of a property, and questions
_DIGITS = 15  #: that every number of so many has as a double
_INTEGER = re.compile(r"[+-]?[0-9]{1,15}")
_FRACTION = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?")
#: The members whose values are addresses.
_ADDRESSES = frozenset(("url", "sameAs", "license", "item", "contentUrl", "mainEntityOfPage"))
_written = json.JSONEncoder(ensure_ascii=False).encode
_SHARED = {"@version": 1.1, "schema": SCHEMA.iri}


def script(nodes: Sequence[_Node]) -> Markup:
    """Nodes as JSON-LD that can stand in a `script` element, with a context of the terms they use; empty for none."""
    if not nodes:
        return Markup("")
    context = context_of(names_within(nodes))
    document = {"@context": context, **(nodes[0] if len(nodes) == 1 else {"@graph": list(nodes)})}
    return json_in_html(_written(document).encode())


def context_of(names: Iterable[str]) -> _Node:
    """The context in which these names are terms of schema.org."""
    context: _Node = dict(_SHARED)
    for name in sorted(names):
        context[name] = {"@id": f"schema:{name}", "@type": "@id"} if name in _ADDRESSES else f"schema:{name}"
    return context


def names_within(value: Any) -> frozenset[str]:
    """The members and classes of nodes."""
    names: set[str] = set()
    _add_names(value, names)
    return frozenset(names)


def _add_names(value: Any, names: set[str]) -> None:
    """Add the members and classes of nodes."""
    if isinstance(value, dict):
        for name, member in value.items():
            if name[:1] != "@":
                names.add(name)
                if not isinstance(member, str):
                    _add_names(member, names)
            elif name != "@type":
                _add_names(member, names)
            elif isinstance(member, str):
                names.add(member)
            else:
                names.update(member)
    elif isinstance(value, (list, tuple)):
        for one in value:
            _add_names(one, names)


def breadcrumbs(steps: Sequence[tuple[str, str]]) -> list[_Node]:
    """The way from the home page to a page: name and address of each step; nothing for the home page itself."""
    if len(steps) < 2:
        return []
    items = [
        {"@type": "ListItem", "position": number, "name": name, "item": address}
        for number, (name, address) in enumerate(steps, 1)
    ]
    return [{"@type": "BreadcrumbList", "itemListElement": items}]


def thing_nodes(index: Index, resource: Resource, address: str) -> list[_Node]:
    """What the page of a thing says of it; questions, alone or in a list, are a page of questions and answers."""
    token = iri_token(resource.iri) if not resource.iri.startswith("_:") else resource.iri.encode()
    if token in index.withdrawn:
        return []
    values: dict[bytes, list[bytes]] = {}
    for statement in resource.statements:
        if statement.graph != WITHDRAWN:
            values.setdefault(statement.predicate, []).append(statement.object)
    node = described_node(index, token, address)
    if same := [iri(one) for name in sorted(_SAME) for one in values.get(name, ()) if is_iri(one)]:
        node["sameAs"] = list(dict.fromkeys(same))
    node |= _members_of(index, values)
    if schemes := [value_of(index, one) for one in values.get(_IN_SCHEME, ()) if node["@type"] == "DefinedTerm"]:
        node["inDefinedTermSet"] = schemes[0]
    if node["@type"] == "DefinedTermSet" and (members := _members(index, resource, values)):
        node["hasDefinedTerm"] = members
    if node.get("description") == node.get("text"):
        node.pop("description", None)
    if questions := list(_answered(index, [token])):
        return [_faq(questions, address)]
    elements = _in_order(index, values.get(_ELEMENT, ()))
    if questions := list(islice(_answered(index, elements), _MOST)):
        return [_faq(questions, address) | {"name": node.get("name", "")}]
    if elements:
        node["itemListElement"] = [
            {
                "@type": "ListItem",
                "position": number,
                "item": iri(one),
                "name": index.name_of(one)[0],
            }
            for number, one in enumerate(elements[:_MOST], 1)
            if is_iri(one)
        ]
    return [node]


def schema_name(predicate: bytes) -> str | None:
    """The member that a property is in the node of any thing; empty for one that is none, None where it depends."""
    if predicate in _DEPENDING:
        return None
    if not predicate.startswith(b"<" + _SCHEMA) or predicate in _OTHERWISE:
        return ""
    name = iri(predicate)[len(SCHEMA.iri) :]
    return None if name[:1] in ("", "@") else name


def _members_of(index: Index, values: Mapping[bytes, Sequence[bytes]]) -> _Node:
    """The members for the properties of schema.org that are said in no other way."""
    node: _Node = {}
    for predicate, objects in values.items():
        if predicate.startswith(b"<" + _SCHEMA) and predicate not in _OTHERWISE and predicate not in NESTED:
            shown = [value_of(index, one) for one in objects[:_MOST] if not _is_unknown(index, one)]
            if shown:
                node[iri(predicate)[len(SCHEMA.iri) :]] = shown[0] if len(shown) == 1 else shown
    return node


def _members(index: Index, resource: Resource, values: Mapping[bytes, Sequence[bytes]]) -> list[Any]:
    """The terms of a set: those that it names, and those that are in it, as many as its page shows."""
    inside = (one for group in resource.incoming if group.predicate == _IN_SCHEME for one in group.subjects)
    terms = (one for one in inside if _types(index, one) == ["DefinedTerm"])
    return [value_of(index, one) for one in list(dict.fromkeys((*values.get(_HAS_TERM, ()), *terms)))[:_MOST]]


def described_node(index: Index, token: bytes, address: str) -> _Node:
    """A thing by IRI, class, names, description and page."""
    types = _types(index, token)
    node: _Node = {"@type": types[0] if len(types) == 1 else types}
    if is_iri(token):
        node = {"@id": iri(token), **node}
    node["name"] = index.name_of(token)[0]
    if names := index.names.get(token):
        node["alternateName"] = list(names)
    if about := index.about.get(token):
        node["description"] = about[0]
    if address:
        node["mainEntityOfPage"] = address
    return node


def is_ordinary(index: Index, token: bytes) -> bool:
    """Whether the class of a thing alone changes nothing of what is said of it."""
    return _QUESTION not in index.types.get(token, ()) and _types(index, token) != ["DefinedTermSet"]


def _types(index: Index, token: bytes) -> list[str]:
    """The classes of schema.org that a thing has, by those above its own; concepts are terms."""
    own = index.types.get(token, ())
    if (known := index.schema_types.get(own)) is None:
        known = index.schema_types[own] = _schema_types(index, own)
    return known


def _schema_types(index: Index, own: Sequence[bytes]) -> list[str]:
    above: dict[bytes, list[bytes]] = {}
    for lower, _, upper, _ in map(split, index.above(own)):
        above.setdefault(lower, []).append(upper)
    found: dict[str, None] = {}
    waiting = list(own)
    for class_ in waiting:  # it grows; what is above a class of schema.org is of no interest
        if class_.startswith(b"<" + _SCHEMA):
            found[iri(class_)[len(SCHEMA.iri) :]] = None
        else:
            waiting += (upper for upper in above.get(class_, ()) if upper not in waiting)
    if not found and _SCHEME in waiting:
        return ["DefinedTermSet"]
    return list(found) or (["DefinedTerm"] if _CONCEPT in waiting else ["Thing"])


def _is_unknown(index: Index, token: bytes) -> bool:
    """Whether a token is a blank node without a class of schema.org: its label says nothing."""
    return is_blank(token) and _types(index, token) == ["Thing"]


def value_of(index: Index, token: bytes) -> Any:
    """A value: a text, a number, true or false, or a thing by IRI, class and name."""
    if is_literal(token):
        return _member(*literal(token))
    if is_iri(token) and token not in index.label:
        return iri(token)
    types = _types(index, token)
    node = {"@type": types[0] if len(types) == 1 else types, "name": index.name_of(token)[0]}
    return {"@id": iri(token), **node} if is_iri(token) else node


def _member(text: str, _language: str | None, datatype: str | None) -> str | int | float | bool:
    """A literal as JSON has it; what readers of JSON would not have to the digit (RFC 8259, section 6) stays a text."""
    if datatype in INTEGER_TYPES and _INTEGER.fullmatch(text):
        return int(text)
    if datatype in FRACTION_TYPES and _FRACTION.fullmatch(text) and sum(map(str.isdecimal, text)) <= _DIGITS:
        return float(text)
    if datatype == XSD.boolean and text in BOOLEAN_FORMS:
        return BOOLEAN_FORMS[text] == "true"
    return text


def _in_order(index: Index, tokens: Iterable[bytes]) -> list[bytes]:
    """Things by their positions, those without one last."""

    def place(token: bytes) -> tuple[int, str]:
        for _, predicate, object_, _ in map(split, index.lines_of(token)):
            if predicate == _POSITION and (digits := literal(object_)[0]).isdecimal():
                return len(digits), digits
        return 1 << 30, ""

    return sorted(tokens, key=place)


def _faq(questions: list[_Node], address: str) -> _Node:
    node: _Node = {"@type": "FAQPage", "mainEntity": questions}
    return {"@id": address, **node, "url": address} if address else node


def _answered(index: Index, things: Iterable[bytes]) -> Iterator[_Node]:
    """The questions among things, each with the text of its answer; one without is no question of such a page."""
    for token in things:
        if _QUESTION in index.types.get(token, ()) and (answer := _answer(index, token)):
            node: _Node = {"@type": "Question", "name": index.name_of(token)[0], "acceptedAnswer": answer}
            yield {"@id": iri(token), **node} if is_iri(token) else node


def _answer(index: Index, question: bytes) -> _Node | None:
    for _, predicate, one, _ in map(split, index.lines_of(question)):
        if predicate == _ANSWER and (about := index.about.get(one)):
            return {"@type": "Answer", "text": about[0]} | ({"@id": iri(one)} if is_iri(one) else {})
    return None
