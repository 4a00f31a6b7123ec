"""What pages call terms of vocabularies in wide use, where no ontology here names them in the project's language."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from ..authoring.terms import vocabularies
from ..iris import expand, local_name
from ..namespaces import COMMON_PREFIXES
from ..rdf.tokens import iri_token

__all__ = ["name_of_property", "name_of_unnamed", "term_names"]

_TITLE_WORD = re.compile(r"(?<![\w.'’-])(?:[A-Z][a-z]+|A)(?![\w.'’])")

_WORDS_WITHIN = re.compile(r"(?<=[a-z])[A-Z](?![A-Z])")


@cache
def term_names(language: str) -> Mapping[bytes, str]:
    """Term (token) → its name in the language of a tag; empty where none ship in that language."""
    file = Path(__file__).with_name(f"terms.{language.partition('-')[0].lower()}.toml")
    if not file.is_file():
        return {}
    names = tomllib.loads(file.read_text(encoding="utf-8"))
    return {iri_token(expand(name, COMMON_PREFIXES) or name): text for name, text in names.items()}


def name_of_property(iri: str, label: str) -> str:
    """An English label of a property as pages have it: “is version of” where a vocabulary has “Is Version Of”.

    Words with another capital than their first letter stay as they are, and so do labels of classes, and those of
    vocabularies that are not in wide use, whose capitals may be names.

    >>> name_of_property("http://purl.org/dc/terms/isVersionOf", "Is Version Of")
    'is version of'
    >>> name_of_property("https://schema.org/isbn", "ISBN"), name_of_property("https://e.org/title", "Title")
    ('ISBN', 'Title')
    """
    name = local_name(iri)
    if not name[:1].islower() or name not in vocabularies().get(iri[: len(iri) - len(name)], ()):
        return label
    return _TITLE_WORD.sub(lambda word: word[0].lower(), label)


def name_of_unnamed(iri: str) -> tuple[str, str]:
    """What stands for a label where there is none, the end of an IRI, and its language, empty where it is not known.

    Of vocabularies in wide use it is English; names of their properties are cut into words.

    >>> name_of_unnamed("http://www.w3.org/2002/07/owl#sameAs"), name_of_unnamed("https://e.org/sameAs")
    (('same as', 'en'), ('sameAs', ''))
    """
    name = local_name(iri)
    if name not in vocabularies().get(iri[: len(iri) - len(name)], ()):
        return local_name(iri.rstrip("/#")) or iri, ""
    return _WORDS_WITHIN.sub(lambda word: f" {word[0].lower()}", name) if name[:1].islower() else name, "en"
