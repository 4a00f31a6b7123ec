"""JSON-LD contexts that the engine is known to read right: what is not named here goes to PyLD."""

import re
from collections.abc import Callable, Set
from typing import Any

__all__ = ["is_ordinary"]

_TERM = re.compile(r"[^\s@:/?#\[\]\\\"<>{}|^`][^\s:/?#\[\]\\\"<>{}|^`]*")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]+")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_KEYWORDS_ALIASED = ("@id", "@type")
_IN_DEFINITIONS = {"@id", "@type", "@container", "@language", "@reverse", "@prefix"}
_CONTAINERS = {"@list", "@set", "@language", "@index"}
_CONTAINER_ARRAYS = [[each] for each in _CONTAINERS]
_CONTAINER_ARRAYS += [[each, "@set"][::way] for each in ("@language", "@index") for way in (1, -1)]
_GENERAL_DELIMITERS = tuple(":/?#[]@")
#: What a string begins with that may be a compact IRI; and characters written so that this does not show, of which
#: `<` is none: no term has it, and we write it so.
_PREFIX = re.compile(rb'"([^":\\]+):')
_ESCAPED = re.compile(rb"\\u00(?!3[cC])[2-7]|\\/")


def is_ordinary(context: Any, document: bytes, keys: Set[str], above_objects: Callable[[], Set[str]]) -> bool:
    """Whether the engine reads the document, whose only context and whose keys these are, as JSON-LD 1.1 says.

    `above_objects` finds the keys that have an object among their values, which takes its time.
    """
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
    if vocabulary is None:  # The engine leaves out a property without an IRI, but not all that is below it
        unnamed = {key for key in keys if ":" not in key and key not in terms and not key.startswith("@")}
        if unnamed and not unnamed.isdisjoint(above_objects()):
            return False
    if {"@set", "@reverse"}.intersection(keys) and any(
        "@list" in value.get("@container", ()) for value in terms.values() if type(value) is dict
    ):
        return False  # The engine makes no list of a set, and takes a list where no value may be one
    if not _are_keys_alone([name for name, value in terms.items() if value in _KEYWORDS_ALIASED], document):
        return False
    # The engine takes every term for a prefix; API, section 5.2.2, only those that are made for it
    others = {name.encode("utf-8", "replace") for name, value in terms.items() if not _is_prefix(value)}
    if not others:
        return True
    return not (_ESCAPED.search(document) or others.intersection(_PREFIX.findall(document))) and (
        b"\\u" not in document or all(map(bytes.isascii, others))
    )


def _are_keys_alone(aliases: list[str], document: bytes) -> bool:
    """Whether names that stand for keywords are nowhere a value, which the engine would take for the keyword."""
    if not aliases:
        return True
    names = b"|".join(re.escape(name.encode("utf-8", "replace")) for name in aliases)
    return re.search(rb'"(?:' + names + rb')"(?!\s*:)', document) is None


def _is_setting(name: str, value: Any) -> bool:
    if name == "@version":
        return value == 1.1 and not isinstance(value, bool)
    if name == "@language":
        return value is None or (isinstance(value, str) and _LANGUAGE.fullmatch(value) is not None)
    if name == "@vocab":  # PyLD does not resolve a relative one
        return isinstance(value, str) and value[:2] != "_:"
    return name == "@base" and _is_iri(value)


def _is_definition(value: Any) -> bool:
    if isinstance(value, str):
        return value in _KEYWORDS_ALIASED or _is_iri(value)
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
        and _is_container(container)
        and (language is None or (isinstance(language, str) and _LANGUAGE.fullmatch(language) is not None))
        and isinstance(value.get("@prefix", True), bool)
    )


def _is_container(value: Any) -> bool:
    if isinstance(value, list):
        return value in _CONTAINER_ARRAYS
    return isinstance(value, str) and value in _CONTAINERS


def _is_iri(value: Any) -> bool:
    return isinstance(value, str) and _ABSOLUTE.fullmatch(value) is not None


def _is_prefix(definition: Any) -> bool:
    if isinstance(definition, str):
        return definition.endswith(_GENERAL_DELIMITERS)
    return definition.get("@prefix") is True
