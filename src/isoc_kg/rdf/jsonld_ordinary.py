"""JSON-LD contexts that the engine is known to read right: what is not named here goes to PyLD."""

import re
from collections.abc import Set
from typing import Any

__all__ = ["is_ordinary"]

_TERM = re.compile(r"[^\s@:/?#\[\]\\\"<>{}|^`][^\s:/?#\[\]\\\"<>{}|^`]*")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]+")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_ALIASED = {"@id", "@type", "@value", "@graph"}
_IN_DEFINITIONS = {"@id", "@type", "@container", "@language", "@reverse", "@prefix"}
_CONTAINERS = {"@list", "@set", "@language", "@index", "@id"}
_GENERAL_DELIMITERS = tuple(":/?#[]@")
#: What a string begins with that may be a compact IRI; and characters written so that this does not show.
_PREFIX = re.compile(rb'"([^":\\]+):')
_ESCAPED = re.compile(rb"\\u00[2-7]|\\/")


def is_ordinary(context: Any, document: bytes, keys: Set[str]) -> bool:
    """Whether the engine reads the document, whose only context and whose keys these are, as JSON-LD 1.1 says."""
    contexts = context if isinstance(context, list) else [context]
    terms: dict[str, Any] = {}
    vocabulary = None
    for each in contexts:
        if not isinstance(each, dict):
            return False
        new = {name: value for name, value in each.items() if not name.startswith("@")}
        if new.keys() & terms.keys() or not all(_is_setting(name, each[name]) for name in each.keys() - new.keys()):
            return False
        terms |= new
        vocabulary = each.get("@vocab", vocabulary)
    if not all(_TERM.fullmatch(name) and _is_definition(value) for name, value in terms.items()):
        return False
    if vocabulary is None and not all(":" in key or key in terms or key.startswith("@") for key in keys):
        return False  # The engine leaves such a property out, but not all that is below it
    # The engine takes every term for a prefix; API, section 5.2.2, only those that are made for it
    others = {name.encode("utf-8", "replace") for name, value in terms.items() if not _is_prefix(value)}
    if not others:
        return True
    return not (_ESCAPED.search(document) or others.intersection(_PREFIX.findall(document))) and (
        b"\\u" not in document or all(map(bytes.isascii, others))
    )


def _is_setting(name: str, value: Any) -> bool:
    if name == "@version":
        return value == 1.1 and not isinstance(value, bool)
    if name == "@language":
        return value is None or (isinstance(value, str) and _LANGUAGE.fullmatch(value) is not None)
    if name == "@base" and value is None:
        return True
    if name == "@vocab":  # PyLD does not resolve a relative one
        return isinstance(value, str) and value[:2] != "_:"
    return name == "@base" and _is_iri(value)


def _is_definition(value: Any) -> bool:
    if isinstance(value, str):
        return value in _ALIASED or _is_iri(value)
    if not isinstance(value, dict) or not value or value.keys() - _IN_DEFINITIONS:
        return False
    if "@reverse" in value and value.keys() - {"@reverse", "@type"}:
        return False
    container = value.get("@container", "@set")
    language = value.get("@language", "en")
    return (
        all(_is_iri(value[key]) for key in ("@id", "@reverse") if key in value)
        and ("@type" not in value or value["@type"] in ("@id", "@vocab") or _is_iri(value["@type"]))
        and not ("@type" in value and "@language" in value)
        and (isinstance(container, str) and container in _CONTAINERS)
        and (language is None or (isinstance(language, str) and _LANGUAGE.fullmatch(language) is not None))
        and isinstance(value.get("@prefix", True), bool)
    )


def _is_iri(value: Any) -> bool:
    return isinstance(value, str) and _ABSOLUTE.fullmatch(value) is not None


def _is_prefix(definition: Any) -> bool:
    if isinstance(definition, str):
        return definition.endswith(_GENERAL_DELIMITERS)
    return definition.get("@prefix") is True
