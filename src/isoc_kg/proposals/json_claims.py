"""A claim as a JSON object: the form in which programs and assistants propose.

    {"unit": "2.1", "subject": "id:mill-lane-bakery", "property": "bakery:bakes",
     "object": {"new": {"type": "schema:Product", "label": "rye bread"}},
     "support": "supported", "quote": "bakes rye bread", "note": "…"}

`subject` and `object` are a name (`id:x`, a prefixed name, an IRI, a label) or a `new` thing; `object` may also be a
literal, `{"value": "1987"}` with `datatype` or `language` where the property does not tell. `quote` is copied from the
unit. Without `property` and `object` a `new` subject is proposed by itself.
"""

import json
from collections.abc import Collection, Mapping
from hashlib import sha256
from typing import Any

import pyoxigraph as ox

from ..authoring.terms import Role
from ..documents.unit_names import unit_named
from ..errors import UnknownName, UsageError, visible
from ..iris import expand, is_absolute, is_language_tag, local_name_of
from ..namespaces import RDF, RDFS, XSD
from ..rdf.tokens import iri_token, term_token, text_token, triple_line
from .judge import Judge
from .labels import NotAClaim, term_labelled, terms_alike, thing_labelled, things_labelled
from .proposal import ProposedClaim

__all__ = ["NotAClaim", "claim_of_json", "json_of_line", "resolve_unit"]

#: A line of JSON has at most so many bytes, a text in it so many characters.
_MOST_LINE = 200_000
_MOST_TEXT = 20_000
_MEMBERS = ("unit", "subject", "property", "object", "support", "quote", "note")
_THING = ("id", "type", "label", "language")
_LITERAL = ("value", "datatype", "language")


def json_of_line(line: bytes) -> Any:
    """The JSON of a line. Raises `NotAClaim`."""
    if len(line) > _MOST_LINE:
        raise NotAClaim("form", f"the line has more than {_MOST_LINE:,} bytes.", "Propose one claim a line.")
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        raise NotAClaim("form", "this is not JSON.", 'Write one object a line: {"unit": "2.1", …}.') from None


def claim_of_json(
    judge: Judge, value: Any, unit: str | None = None, waiting: Mapping[str, bytes] | None = None
) -> ProposedClaim:
    """The claim of a JSON object; `unit` is the one it is about where it names none. Raises `NotAClaim`.

    `waiting` are the names, without case, of things (tokens) that open proposals introduce.
    """
    if not isinstance(value, dict):
        raise NotAClaim("form", "a claim is a JSON object.", 'Write {"unit": "2.1", "subject": …}.')
    _members(value, _MEMBERS, "claim")
    where = resolve_unit(judge, _text(value, "unit", unit))
    introduces: list[bytes] = []
    waiting = waiting or {}
    ends = {key: _waiting(judge, value.get(key), waiting) for key in ("subject", "object")}
    subject = _thing(judge, ends["subject"], "subject", introduces)
    support = value.get("support", "supported")
    if support not in ("supported", "implied"):
        raise NotAClaim("form", "“support” must be supported or implied.")
    words, note = (_text(value, key, None, optional=True) for key in ("quote", "note"))
    if value.get("property") is None and value.get("object") is None:
        if not introduces:
            raise NotAClaim("form", "the claim has no property and no object.")
        return ProposedClaim(introduces[0], where, support == "implied", tuple(introduces[1:]), words, note)
    predicate = _property(judge, _text(value, "property"))
    object_ = _object(judge, ends["object"], predicate, where, introduces)
    triple = triple_line(subject, iri_token(predicate), object_)
    return ProposedClaim(triple, where, support == "implied", tuple(introduces), words, note)


def resolve_unit(judge: Judge, name: str) -> str:
    """The IRI of a unit by its name. Raises `NotAClaim`."""
    try:
        edition, unit = unit_named(name, judge.dataset.editions, [judge.readable_prefixes])
    except (UsageError, UnknownName) as error:
        raise NotAClaim("unit", error.message, error.advice) from None
    return edition.unit_iri(unit.number)


def _property(judge: Judge, name: str) -> str:
    """The IRI of a property by its prefixed name, IRI or label."""
    expanded = expand(name, judge.readable_prefixes)
    if expanded is not None and is_absolute(expanded):
        return _valid(expanded, "term")
    labelled = term_labelled(judge, name, "property")
    if labelled:
        return labelled
    raise _unknown_term(judge, name, "property", "schema:name")


def _class(judge: Judge, name: str) -> str:
    """The IRI of a class by its prefixed name, IRI or label."""
    expanded = expand(name, judge.readable_prefixes)
    if expanded is not None and is_absolute(expanded):
        return _valid(expanded, "term")
    labelled = term_labelled(judge, name, "class")
    if labelled:
        return labelled
    raise _unknown_term(judge, name, "class", "schema:Person")


def _unknown_term(judge: Judge, name: str, role: Role, such: str) -> NotAClaim:
    near = terms_alike(judge, name, role)
    advice = f"Did you mean {' or '.join(near)}?" if near else f"Write its label, or its name with its prefix: {such}."
    return NotAClaim("term", f"there is no {role} “{_short(name)}”.", advice)


def _valid(name: str, flag: str) -> str:
    try:
        ox.NamedNode(name)
    except ValueError:
        raise NotAClaim(flag, f"“{_short(name)}” is not an IRI.", "Write a prefixed name.") from None
    return name


def _thing(judge: Judge, value: Any, what: str, introduces: list[bytes]) -> bytes:
    """The token of a thing: one that is known, or a new one, whose lines are added."""
    if isinstance(value, str):
        return _known_thing(judge, value)
    if isinstance(value, dict) and set(value) == {"new"} and isinstance(value["new"], dict):
        return _new_thing(judge, value["new"], introduces)
    raise NotAClaim("form", f"“{what}” must be the name of a thing, or a new one.",
                    'Write "id:its-name", or {"new": {"type": "…", "label": "…"}}.')  # fmt: skip


def _waiting(judge: Judge, value: Any, waiting: Mapping[str, bytes]) -> Any:
    """The IRI of a thing that an open proposal introduces, in place of its name; anything else as it is."""
    if isinstance(value, str) and value.casefold() in waiting and not judge.named(value):
        return waiting[value.casefold()].decode()
    return value


def _known_thing(judge: Judge, name: str) -> bytes:
    if len(name) > _MOST_TEXT:
        raise NotAClaim("thing", "the name of a thing is too long.")
    expanded = expand(name, judge.readable_prefixes)
    if expanded is not None and is_absolute(expanded):
        return iri_token(_valid(expanded, "thing"))
    if judge.project.ids.is_thing_name(name) and judge.is_known(token := iri_token(judge.project.ids.thing(name))):
        return token
    labelled = thing_labelled(judge, name)
    if labelled:
        return iri_token(labelled)
    if judge.project.ids.is_thing_name(name):
        return iri_token(judge.project.ids.thing(name))  # the judge says what may be meant
    raise NotAClaim("thing", f"nothing is called “{_short(name)}”.",
                    'Name it as id:its-name, or propose a new one: {"new": {"type": "…", "label": "…"}}.')  # fmt: skip


def _new_thing(judge: Judge, value: Mapping[str, Any], introduces: list[bytes]) -> bytes:
    _members(value, _THING, "new thing")
    type_, label = (_text(value, key) for key in ("type", "label"))
    label = " ".join(label.split())
    if not label:
        raise NotAClaim("thing", "the new thing has no name.", 'Give its "label".')
    class_ = _class(judge, type_)
    known = [thing for thing in things_labelled(judge, label) if class_ in judge.corpus.types.get(thing, ())]
    if known:
        return iri_token(known[0])
    name = _text(value, "id", None, optional=True)
    local = name.removeprefix("id:") if name else _local_name(label, any_script=judge.project.ids.any_script)
    if not judge.project.ids.is_thing_name(local) or len(local) > 100:
        raise NotAClaim(
            "thing", f"“{_short(local)}” is not a valid name of a thing.", "Lower-case words joined by hyphens."
        )
    token = iri_token(judge.project.ids.thing(local))
    number = 2
    while not name and judge.is_known(token):  # another thing has it
        token = iri_token(judge.project.ids.thing(f"{local}-{number}"))
        number += 1
    language = _text(value, "language", None, optional=True) or judge.project.language
    if not is_language_tag(language):
        raise NotAClaim("literal", f"“{_short(language)}” is not a language tag.")
    introduces.append(triple_line(token, iri_token(RDF.type), iri_token(class_)))
    introduces.append(
        triple_line(token, iri_token(judge.label_property(class_)), text_token(_encodable(label), language))
    )
    return token


def _local_name(label: str, *, any_script: bool) -> str:
    """A thing's local name made of its label."""
    local = local_name_of(label, any_script=any_script)[:60].strip("-")
    if len(local) > 1 or (local and not local.isascii()):
        return local
    return f"{local or 'thing'}-{sha256(label.encode('utf-8', 'replace')).hexdigest()[:8]}"


def _object(judge: Judge, value: Any, predicate: str, unit: str, introduces: list[bytes]) -> bytes:
    if predicate == RDF.type:
        if not isinstance(value, str):
            raise NotAClaim(
                "term", "the object of rdf:type is a class.", "Write its label, or its name: schema:Person."
            )
        return iri_token(_class(judge, value))
    if not isinstance(value, dict) or "value" not in value:
        if isinstance(value, (int, float)) or value is None:
            raise NotAClaim("form", "“object” must be a thing or a literal.", 'Write a literal as {"value": …}.')
        return _thing(judge, value, "object", introduces)
    return _literal(judge, value, predicate, unit)


def _literal(judge: Judge, value: Mapping[str, Any], predicate: str, unit: str) -> bytes:
    _members(value, _LITERAL, "literal")
    content, natural = _lexical_form(value["value"])
    language, datatype = (_text(value, key, None, optional=True) for key in ("language", "datatype"))
    if language and datatype:
        raise NotAClaim("literal", "a literal has a language or a datatype, not both.")
    if datatype is not None:
        name = expand(datatype, judge.readable_prefixes)
        if name is None:
            raise NotAClaim("literal", f"“{_short(datatype)}” is not a valid datatype.", "Such as xsd:gYear.")
        natural = _valid(name, "literal")
    elif language is None:
        natural = judge.datatype(predicate) or natural
        if natural in (RDF.langString, RDFS.Literal) or (not natural and judge.is_naming(predicate)):
            language, natural = judge.dataset.units[unit][0].index.language, ""
    if language is not None:
        if not is_language_tag(language):
            raise NotAClaim("literal", f"“{_short(language)}” is not a language tag.")
        return text_token(content, language)
    return term_token(ox.Literal(content, datatype=ox.NamedNode(natural)) if natural else ox.Literal(content))


def _lexical_form(content: Any) -> tuple[str, str]:
    """The text of a JSON value as a literal, and the datatype that such a value has; empty for a text."""
    if isinstance(content, bool):
        return ("true" if content else "false"), XSD.boolean
    if isinstance(content, int):
        return _digits(content), XSD.integer
    if isinstance(content, float) and abs(content) < 1e15:
        return format(content, "f").rstrip("0").rstrip("."), XSD.decimal
    if isinstance(content, str):
        return _encodable(content), ""
    raise NotAClaim("literal", "a literal's value is a text, a number, or true or false.")


def _digits(number: int) -> str:
    if abs(number) >= 10**100:
        raise NotAClaim("literal", "the number has more than 100 digits.")
    return str(number)


def _encodable(text: str) -> str:
    """A text without lone surrogates. Raises `NotAClaim`."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise NotAClaim("literal", "a text has half a character (a lone surrogate).") from None
    return text


def _members(value: Mapping[str, Any], known: Collection[str], what: str) -> None:
    unknown = next((key for key in value if key not in known), None)
    if unknown is not None:
        raise NotAClaim("form", f"a {what} has no “{_short(unknown)}”.", f"It has {', '.join(known)}.")


def _text(value: Mapping[str, Any], key: str, default: str | None = None, *, optional: bool = False) -> Any:
    text = value.get(key, default)
    if text is None and optional:
        return None
    if not isinstance(text, str) or not text.strip():
        raise NotAClaim("form", f"“{key}” must be a text.")
    if len(text) > _MOST_TEXT:
        raise NotAClaim("literal", f"“{key}” has more than {_MOST_TEXT:,} characters.")
    return _encodable(text)


def _short(text: str) -> str:
    text = visible(text, line=True)
    return text if len(text) <= 80 else text[:80] + "…"
