"""Addresses of pages that are like one at which there is nothing."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from difflib import SequenceMatcher
from heapq import nsmallest
from itertools import islice
from urllib.parse import quote, unquote

from ...rdf.lines import iri, literal, split
from ...rdf.tokens import iri_token, is_literal
from ...rendering.index import Index
from ...rendering.things import ThingBundle
from ...wording.strings import plain, without_signs
from .snapshot import Snapshot

__all__ = ["NearAddresses"]

_MOST_PAGES = 10_000  #: whose names are compared
_MOST_NAMES = 8  #: of each, in all languages
_LONGEST = 80  #: characters of a name that count
_COMMON = 150  #: a part of names that more have tells nothing
_TRIED = 8  #: names that are compared letter by letter
_SHOWN = 5
_ALIKE = 0.62
_BEHIND = 0.06  #: by how much one may be less like it than the nearest
#: Folders of pages that are no thing's → what is in them, as the search has it.
_KINDS = {"document": "document", "query": "question", "ontology": "term", "vocabulary": "term"}
_SEPARATORS = re.compile(r"[^\w]+|_+")


class NearAddresses:
    """Finds pages by names that are misspelt, in another case, or without the folder before them.

    What it reads of a publication, and what it compares for one address, has a limit. It finds nothing until `read`.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._names: dict[str, list[str]] = {}  # name → the paths, without extension, of the pages that have it
        self._parts: dict[str, list[str]] = {}  # three letters → the names that have them
        self._labels: dict[str, str] = {}  # path of a page that is no thing's → what it is called

    def read(self) -> None:
        """Read the names of pages: of ten thousand that takes a while."""
        names: dict[str, list[str]] = {}
        self._labels = dict(self._called())
        pages = (pair for pair in self._snapshot.bundles.items() if not pair[0].startswith(("data/", "404")))
        for key, bundle in islice(pages, _MOST_PAGES):
            own = [key.rpartition("/")[2]]
            if isinstance(bundle, ThingBundle):
                index = bundle.things.renderer.index
                own += [index.name_of(bundle.token)[0], *_names(index, bundle.token)]
            elif key in self._labels:
                own.append(self._labels[key])
            else:  # a part of a list or of a document has no name by which anybody asks for it
                continue
            for name in dict.fromkeys(map(_plain, own[:_MOST_NAMES])):
                keys = names.setdefault(name, [])
                if name and len(keys) < _SHOWN:
                    keys.append(key)
        parts: dict[str, list[str]] = defaultdict(list)
        for name in names:
            for part in _parts(name):
                parts[part].append(name)
        common = [part for part, having in parts.items() if len(having) > _COMMON]
        for part in common:
            del parts[part]
        self._names, self._parts = names, dict(parts)

    def _called(self) -> Iterator[tuple[str, str]]:
        """Path and name of the pages that are no thing's: of the frame, terms, documents and questions."""
        renderer = self._snapshot.renderer
        for page, label in (*renderer.site.navigation, *renderer.site.foot):
            yield page.removesuffix(".html"), plain(label)
        for token in (*renderer.index.terms, *(iri_token(edition) for edition, _ in renderer.index.editions())):
            yield renderer.addresses.page(iri(token))[0], renderer.text_of(token)
        for query in renderer.questions:
            yield f"query/{query.name}", without_signs(str(query.title))

    def to(self, path: str, root: str) -> list[tuple[str, str]]:
        """Addresses of pages and their names, the nearest first; `path` is what was asked for, without its slash."""
        name = _plain(re.sub(r"\.\w{1,6}$", "", unquote(path).rstrip("/")).rpartition("/")[2])
        if not name:
            return []
        keys = dict.fromkeys(sorted(self._names.get(name, ()), key=self._is_second))
        ratios: dict[str, float] = {}
        for other in self._like(name):
            matcher = SequenceMatcher(None, name, other, autojunk=False)
            if matcher.real_quick_ratio() >= _ALIKE and matcher.quick_ratio() >= _ALIKE:
                ratios[other] = matcher.ratio()
        least = max(_ALIKE, 1.0 if keys else max(ratios.values(), default=0) - _BEHIND)
        for other in sorted(ratios, key=lambda one: (-ratios[one], one)):
            if ratios[other] < least:
                break
            keys |= dict.fromkeys(sorted(self._names[other], key=self._is_second))
        shown = list(islice(keys, _SHOWN))
        labels = [self._label(key) for key in shown]
        several = {label for label in labels if labels.count(label) > 1}
        names = [f"{label} ({self._kind(key)})" if label in several else label
                 for key, label in zip(shown, labels, strict=True)]  # fmt: skip
        return [(f"{root}{quote(key, safe='/=~@')}.html", name) for key, name in zip(shown, names, strict=True)]

    def _like(self, name: str) -> list[str]:
        """The names that have most parts of three letters in common with one."""
        shared: Counter[str] = Counter()
        for part in _parts(name):
            shared.update(self._parts.get(part, ()))
        shared.pop(name, None)
        return [other for other, _ in nsmallest(_TRIED, shared.items(), key=lambda pair: (-pair[1], pair[0]))]

    def _label(self, key: str) -> str:
        bundle = self._snapshot.bundles[key]
        return bundle.things.renderer.text_of(bundle.token) if isinstance(bundle, ThingBundle) else self._labels[key]

    def _is_second(self, key: str) -> bool:
        """Whether more is said of another thing that is called alike."""
        bundle = self._snapshot.bundles[key]
        return isinstance(bundle, ThingBundle) and bundle.things.renderer.alike.beside(bundle.token) is not None

    def _kind(self, key: str) -> str:
        """What a page is about, for one of several that are called alike: a thing's class, else its folder's word."""
        bundle, strings = self._snapshot.bundles[key], self._snapshot.renderer.theme.strings
        if isinstance(bundle, ThingBundle):
            types = bundle.things.renderer.index.types.get(bundle.token, ())
            return bundle.things.renderer.text_of(types[0]) if types else plain(strings["found_thing"])
        return plain(strings[f"found_{_KINDS.get(key.partition('/')[0], 'page')}"])


def _names(index: Index, token: bytes) -> list[str]:
    """What a thing is called in any language, and otherwise."""
    order = index.name_order
    said = (split(line) for line in index.lines_of(token))
    return [literal(value)[0] for _, name, value, _ in said
            if (name in order.labels or name in order.alternatives) and is_literal(value)]  # fmt: skip


def _plain(name: str) -> str:
    """A name without case, accents and what stands between words.

    >>> _plain("Internet_Society"), _plain("Énergie – 2")
    ('internet-society', 'energie-2')
    """
    letters = unicodedata.normalize("NFKD", name[:_LONGEST].casefold())
    return _SEPARATORS.sub("-", "".join(one for one in letters if not unicodedata.combining(one))).strip("-")


def _parts(name: str) -> set[str]:
    padded = f" {name} "
    return {padded[at : at + 3] for at in range(len(padded) - 2)}
