"""How a result's terms are shown on a screen: prefixed and named, with the sentences behind what is at fault."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..iris import compact
from ..namespaces import XSD
from ..query.notebook import cut, linked

__all__ = ["ResultWords", "Told"]

#: What a reader is told of a result.
Told = tuple[str | None, ...]
_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"\^\^<([^<>\s]*)>')
_IRI = re.compile(r"<([^<>\s]+)>")


@dataclass(frozen=True, slots=True)
class ResultWords:
    """The words that the validated graph has for what its report is about; without them terms stay as they are."""

    prefixes: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)  #: IRI → what it is called
    reasons: Mapping[Told, Sequence[str]] = field(default_factory=dict)  #: the sentences behind the statements

    def text(self, text: str) -> str:
        """A text with its tokens to read.

        >>> ResultWords({"e": "https://e.org/"}, {"https://e.org/a": "Ada"}).text("<https://e.org/a> is no <x:b>")
        'e:a “Ada” is no <x:b>'
        """
        return _IRI.sub(lambda match: self._named(match[1]), _LITERAL.sub(self._literal, text))

    def linked(self, token: str) -> str:
        """A token as HTML: named, a link where its IRI is an address on the web."""
        iri = _IRI.fullmatch(token)
        return linked(self.text(cut(token)), iri[1] if iri else None)

    def _named(self, iri: str) -> str:
        short = compact(iri, self.prefixes)
        short = f"<{iri}>" if short in (iri, f"<{iri}>") else short
        return f"{short} “{cut(self.names[iri], 80)}”" if iri in self.names else short

    def _literal(self, match: re.Match[str]) -> str:
        from ..query.lexical_forms import NUMERIC_TYPES

        form, datatype = match.groups()
        if datatype in NUMERIC_TYPES:
            return form
        short = compact(datatype, {"xsd": XSD.iri, **self.prefixes})
        return match[0] if short == datatype else f'"{form}" ({short})'
