"""Where the page of an IRI stands on the site: a pure function, and the same on every file system.

A path is made of lower-case letters, digits and `-_=~`, so that names which differ only in case, or which a
file system reserves, never meet, and none leaves the site's folder. Where a project allows local names in any script,
they are names of files too, in UTF-8: they have no upper case and are in Normalization Form C.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..authoring.terms import EVIDENCE_ONTOLOGY
from ..iris import Identifiers

__all__ = ["PART_PAGES", "Addresses", "encode"]

#: The pages of the publication's parts; each has its data beside it, and anchors for what is in it.
PART_PAGES = ("ontology", "evidence", "shapes", "dataset")

_PLAIN = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
_LONGEST = 100
_MOST_BYTES = 200  #: of a name in any script: with every extension less than file systems have room for
#: https://learn.microsoft.com/windows/win32/fileio/naming-a-file
_RESERVED = frozenset(
    ("con", "prn", "aux", "nul", "index", *(f"{name}{number}" for name in ("com", "lpt") for number in range(10)))
)
_CLAIM = re.compile(r"([^/#?]+)\.([0-9a-f]{16})")


def encode(name: str) -> str:
    """The name as one component of a path; two names never have the same, upper and lower case apart.

    Lower-case letters, digits and hyphens stay, an upper-case letter becomes `_` and its lower-case one, `_`
    is doubled, every other byte is `=` and two hex digits. What is too long is cut and told apart by its digest.

    >>> encode("internet-society"), encode("supportedBy"), encode(".."), encode("con")
    ('internet-society', 'supported_by', '=2e=2e', '=63on')
    """
    result = _encoded(name)
    if len(result) > _LONGEST:
        digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        return f"{result[: _LONGEST - 40].rstrip('=')}~{digest}"
    return result


def _encoded(name: str) -> str:
    """The name as a component of any length."""
    if _PLAIN.fullmatch(name):
        return name if name not in _RESERVED else f"={ord(name[0]):02x}{name[1:]}"
    parts = []
    for character in name:
        if character.isascii() and (character.islower() or character.isdigit() or character == "-"):
            parts.append(character)
        elif character.isascii() and character.isupper():
            parts.append("_" + character.lower())
        elif character == "_":
            parts.append("__")
        else:
            parts += [f"={byte:02x}" for byte in character.encode("utf-8", "surrogatepass")]
    return "".join(parts) or "="


def _decoded(component: str) -> str:
    """The name that `encode` made a component of; something else for what it made no component of."""
    cased = re.sub(r"_(.)", lambda match: "\0" if match[1] == "_" else match[1].upper(), component)
    parts = re.sub(r"=([0-9a-f]{2})", lambda match: chr(int(match[1], 16)), cased).replace("\0", "_")
    return parts.encode("latin-1", "replace").decode("utf-8", "replace")


@dataclass(frozen=True)
class Addresses:
    """From an IRI to the address of its page, relative to the site's root and without extension.

    With `whole`, the address of a foreign IRI holds all of it, so that `iri` finds it back: for what is served without
    a list of all there is, and never written to a file system, which has an end to the length of names.
    """

    ids: Identifiers
    prefixes: Mapping[str, str] = field(default_factory=dict)
    whole: bool = False
    mints: bool = True  #: whether IRIs below the base are those of `Identifiers`

    def page(self, iri: str) -> tuple[str, str]:
        """Path without extension, and fragment (empty for the page as a whole).

        >>> there = Addresses(Identifiers("https://e.org/"))
        >>> there.page("https://e.org/id/manrs"), there.page("https://e.org/claim/manrs.0123456789abcdef")
        (('id/manrs', ''), ('id/manrs', '0123456789abcdef'))
        >>> there.page("https://e.org/document/term/1#2.2")
        ('document/term/1', '2.2')
        """
        base = self.ids.base
        if iri == EVIDENCE_ONTOLOGY:  # which every project shares, whatever its base
            return "evidence", ""
        if self.mints and iri.startswith(base):
            path, hash_, fragment = iri[len(base) :].partition("#")
            if page := self._own(path, hash_ + fragment):
                return page
        return self._foreign(iri), ""

    def is_elsewhere(self, iri: str) -> bool:
        """Whether the address of an IRI's page tells nothing of it, since it is none of the publication's own."""
        return iri != EVIDENCE_ONTOLOGY and not (self.mints and iri.startswith(self.ids.base))

    def iri(self, page: str) -> str | None:
        """The IRI whose page as a whole that is; None where the path does not tell it, as with shortened ones.

        >>> there = Addresses(Identifiers("https://e.org/"), whole=True)
        >>> there.iri("id/manrs"), there.iri(there.page("http://w3.org/A_b?c#d")[0]), there.iri("id/con")
        ('https://e.org/id/manrs', 'http://w3.org/A_b?c#d', None)
        """
        kind, _, rest = page.partition("/")
        parts = [_decoded(part) if part.isascii() else part for part in rest.split("/")]
        if kind == "resource":
            name = parts[0]
        elif kind == "vocabulary":
            name = self.prefixes.get(parts[0], "") + "/".join(parts[1:])
        else:
            name = f"{self.ids.base}{kind}{'#' if kind == 'ontology' else '/'}{'/'.join(parts)}"
        return name if self.page(name) == (page, "") else None

    def _thing(self, name: str) -> str:
        """The name of a thing's page: its own in any script, if the project allows it and file systems can bear it."""
        own = not name.isascii() and self.ids.is_thing_name(name) and len(name.encode()) <= _MOST_BYTES
        return name if own else encode(name)

    def _own(self, path: str, fragment: str) -> tuple[str, str] | None:
        kind, _, name = path.partition("/")
        anchor = fragment[1:]
        if path == "ontology":
            return (f"ontology/{encode(anchor)}", "") if anchor else ("ontology", "")
        if path == "evidence":  # the shared vocabulary, where its namespace lies below this base
            return (f"vocabulary/ev/{encode(anchor)}", "") if anchor else ("evidence", "")
        if path in ("shapes", "dataset"):
            return path, anchor
        if not name:
            return None
        if kind == "claim" and not fragment and (claim := _CLAIM.fullmatch(name)):
            return f"id/{self._thing(claim[1])}", claim[2]
        if "/" not in name:
            if kind == "id" and not fragment:
                return f"id/{self._thing(name)}", ""
            if kind == "query" and not fragment:
                return f"query/{encode(name)}", ""
            if kind == "graph" and not fragment:
                return "dataset", f"graph-{name}"
            if kind == "document" and not fragment:
                return f"document/{encode(name)}", ""
        slug, _, edition = name.partition("/")
        if kind == "document" and slug and edition and "/" not in edition:
            return f"document/{encode(slug)}/{encode(edition)}", anchor
        return None

    def _foreign(self, iri: str) -> str:
        best = ""
        for prefix, namespace in self.prefixes.items():
            if (
                iri.startswith(namespace)
                and not (self.mints and namespace.startswith(self.ids.base))
                and (not best or len(namespace) > len(self.prefixes[best]))
            ):
                best = prefix
        if best and len(iri) > len(self.prefixes[best]):
            path = f"vocabulary/{encode(best)}/{encode(iri[len(self.prefixes[best]) :])}"
            if not self.whole or "~" not in path:
                return path
        if self.whole:
            return f"resource/{_encoded(iri)}"
        last = re.split(r"[/#:]", iri.rstrip("/#"))[-1]
        digest = hashlib.sha256(iri.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        return f"resource/{encode(last)[:40].rstrip('=_')}~{digest}"
