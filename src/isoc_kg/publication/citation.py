"""A citation in four forms: text, BibTeX, CSL-JSON and RIS, each of what is known; what is not known is left out.

BibTeX as “BibTeXing” (O. Patashnik, 1988) has it, read by biber, too; CSL-JSON by the schema of CSL 1.0.2
(https://github.com/citation-style-language/schema); RIS as reference managers exchange it. Names are whole: nobody
knows whether a maker is a person or a body, so none is cut into given and family name. Lines end in LF.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from ..lazy_patterns import lazy_pattern

__all__ = ["CITATION_FORMATS", "Citation", "bibtex", "coins", "csl_json", "dublin_core", "ris"]

_LATEX = {
    "\\": r"{\textbackslash}", "{": r"{\textbraceleft}", "}": r"{\textbraceright}", "~": r"{\textasciitilde}",
    "^": r"{\textasciicircum}", **{mark: f"\\{mark}" for mark in "$&#%_"},
}  # fmt: skip
_LATEX_SPECIAL = lazy_pattern(r"[\\{}~^$&#%_]")
#: What ends a verbatim field, or a line, or is no character of an address.
_NOT_IN_ADDRESS = lazy_pattern(r"[\x00-\x20\x7f-\xa0{}\\\u2028\u2029]")
_json = json.JSONEncoder(ensure_ascii=False).encode
#: Controls (line ends among them) and the separators of Unicode: a line of RIS ends at the first of them.
_BREAKS = lazy_pattern(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")
#: Where a tag begins that CSL-JSON takes for markup of a text
#: (https://citeproc-js.readthedocs.io/en/latest/csl-json/markup.html#html-like-formatting-tags).
_CSL_MARKUP = lazy_pattern("<(?=/?(?:i|b|sc|sup|sub|span)[ >])", re.IGNORECASE)
_SURROGATES = lazy_pattern(r"[\ud800-\udfff]")
_DATE = lazy_pattern(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
#: BibTeX's classic styles know no dataset and no entry of one, and take what they do not know for @misc.
_TYPES = {  # in CSL, in RIS, in Zotero
    "dataset": ("dataset", "DATA", "dataset"),
    "document": ("document", "GEN", "document"),
    "entry": ("entry", "GEN", "webpage"),
}
_LONGEST_KEY = 80


@dataclass(frozen=True, slots=True)
class Citation:
    """What is cited, and what is known of it; what is empty is not known."""

    kind: str  #: `dataset`, `document`, or `entry` of a dataset: a thing or a statement
    name: str  #: by which a reference manager calls it; made a key of letters that each takes
    text: str  #: the citation to read
    title: str
    authors: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    date: str = ""  #: a year, a month or a day in the form of ISO 8601
    container: str = ""  #: what an entry is part of
    version: str = ""  #: of the dataset
    version_text: str = ""  #: the same in words
    url: str = ""
    language: str = ""
    note: str = ""
    accessed: str = ""  #: the day on which it was looked at, for styles that want it
    undated: bool = False  #: whether it is said that nobody knows its date

    @property
    def key(self) -> str:
        """A key of ASCII letters, digits, `.`, `_` and `-`; two names never have the same."""
        plain = re.sub(r"[^A-Za-z0-9._-]+", "-", self.name).strip("-")[:_LONGEST_KEY]
        if plain == self.name:
            return plain
        return "-".join(filter(None, (plain, sha256(self.name.encode("utf-8", "replace")).hexdigest()[:8])))

    @property
    def date_parts(self) -> list[str]:
        """Year, month, day, as far as they are given; nothing where the date has another form."""
        return _parts(self.date)


def _parts(date: str) -> list[str]:
    match = _DATE.fullmatch(date)
    if not match or not (1 <= int(match[2] or 1) <= 12 and 1 <= int(match[3] or 1) <= 31):
        return []
    return [part for part in match.groups() if part]


def _line(text: str) -> str:
    """A text in one line, in which nothing but its characters is left."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    return _BREAKS.sub(" ", _SURROGATES.sub("\ufffd", text)).strip()


def _url(address: str) -> str:
    """An address that stands verbatim: what would end it is percent-encoded."""
    encoded = _NOT_IN_ADDRESS.sub(lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode()), address.strip())
    return _SURROGATES.sub("%EF%BF%BD", encoded)


def bibtex(citation: Citation) -> str:
    r"""An entry of BibTeX; text is escaped for LaTeX, braces are in pairs, names and title stand as they are written.

    The address stands once, alone in `howpublished`: BibTeX's own styles print that and know no `url`, styles that
    know both would print it twice. It is text there, since `\url` stops whoever loads no package for it. What the
    entry is part of begins the note. Nor do those styles say that there is no date, which those of CSL do themselves.
    """
    date = citation.date_parts
    whole = ", ".join(filter(None, (_line(citation.container), citation.version_text)))
    fields = [
        ("title", f"{{{_latex(citation.title)}}}" if citation.title else ""),
        ("author", _names(citation.authors)),
        ("key", "" if citation.authors else _latex(citation.title)),  # by which BibTeX sorts what has no author
        ("year", date[0] if date else _latex(citation.date or ("n.d." if citation.undated else ""))),
        ("month", _MONTHS[int(date[1]) - 1] if date[1:] else ""),
        ("day", str(int(date[2])) if date[2:] else ""),
        ("publisher", _names(citation.publishers)),
        ("howpublished", _latex(_url(citation.url))),
        ("note", _latex(". ".join(filter(None, (whole, _line(citation.note)))))),
        ("urldate", _latex(citation.accessed)),
    ]
    rows = [f"  {name} = {value if name == 'month' else f'{{{value}}}'},\n" for name, value in fields if value]
    return f"@misc{{{citation.key},\n{''.join(rows)}}}\n"


def _latex(text: str) -> str:
    return _LATEX_SPECIAL.sub(lambda match: _LATEX[match[0]], _line(text))


def _names(names: tuple[str, ...]) -> str:
    """Names in braces of their own, so that no comma and no “and” in them cuts them."""
    return " and ".join(f"{{{_latex(name)}}}" for name in names)


def _unmarked(text: str) -> str:
    """A text in which processors of CSL find no markup: they know no escape, but no tag with a word joiner in it."""
    return _CSL_MARKUP.sub("<\u2060", _line(text))


def csl_json(citation: Citation) -> str:
    """A list of one item of CSL-JSON, a member a line; what looks like its markup is shown as it stands."""
    date = citation.date_parts
    issued = {"date-parts": [[int(part) for part in date]]} if date else {"literal": _line(citation.date)}
    item: dict[str, Any] = {"id": citation.key, "type": _TYPES[citation.kind][0]}
    members = {
        "title": _unmarked(citation.title),
        "author": [{"literal": _unmarked(name)} for name in citation.authors],
        "issued": issued if citation.date else "",
        "publisher": _unmarked("; ".join(citation.publishers)),
        "container-title": _unmarked(citation.container),
        "version": _line(citation.version),
        "URL": _url(citation.url),
        "language": _line(citation.language),
        "note": _unmarked(citation.note),
        "accessed": {"date-parts": [list(map(int, _parts(citation.accessed)))]} if citation.accessed else "",
    }
    item |= {name: value for name, value in members.items() if value}
    rows = [f'"{name}": {_json(value)}' for name, value in item.items()]
    return "[{" + ",\n ".join(rows) + "}]\n"


def ris(citation: Citation) -> str:
    """A record of RIS: a tag a line; no value has a line end, since that would begin another tag."""
    date = citation.date_parts
    rows = [("TY", _TYPES[citation.kind][1]), ("ID", citation.key), ("TI", citation.title)]
    rows += [("AU", name) for name in citation.authors]
    if date:
        rows += [("PY", date[0]), ("DA", "/".join([*date, "", "", ""][:3]) + "/")]
    rows += [("T2", citation.container), ("ET", citation.version)]
    rows += [("PB", name) for name in citation.publishers]
    rows += [("LA", citation.language), ("N1", "" if date else citation.date), ("N1", citation.note)]
    rows += [("UR", _url(citation.url)), ("Y2", citation.accessed.replace("-", "/"))]
    return "".join(f"{tag}  - {text}\n" for tag, value in rows if (text := _line(value))) + "ER  - \n"


def _text(citation: Citation) -> str:
    return _line(citation.text) + "\n"


#: By the names that the command line takes: what each is called, and what writes it.
CITATION_FORMATS: Mapping[str, tuple[str, Callable[[Citation], str]]] = MappingProxyType(
    {"text": ("", _text), "bibtex": ("BibTeX", bibtex), "csl": ("CSL-JSON", csl_json), "ris": ("RIS", ris)}
)


def coins(citation: Citation) -> str:
    """An OpenURL ContextObject in KEV form (ANSI/NISO Z39.88), the `title` of a COinS span, which Zotero reads.

    COinS rather than Highwire's `citation_…` or schema.org: `rft.aucorp` keeps a maker's name whole and `rft.type` the
    kind, while pages with Highwire's tags count as articles of journals, whose authors are cut into given and family
    name, and schema.org in JSON-LD is left to search engines.
    """
    parts = [("ctx_ver", "Z39.88-2004"), ("rft_val_fmt", "info:ofi/fmt:kev:mtx:dc")]
    parts += [("rft.type", _TYPES[citation.kind][2]), ("rft.title", citation.title), ("rft.source", citation.container)]
    parts += [("rft.aucorp", name) for name in citation.authors]
    parts += [("rft.publisher", name) for name in citation.publishers]
    parts += [("rft.date", citation.date), ("rft.language", citation.language)]
    parts += [("rft.identifier", _url(citation.url))]
    return "&".join(f"{key}={quote(value, safe='')}" for key, text in parts if (value := _line(text)))


def dublin_core(citation: Citation) -> list[tuple[str, str]]:
    """Name and content of the `meta` elements by which readers know what a page is about (DCMI's DC-HTML, 2008)."""
    parts = [("title", citation.title), *(("creator", name) for name in citation.authors)]
    parts += [("publisher", name) for name in citation.publishers]
    parts += [("issued", citation.date), ("isPartOf", citation.container)]
    parts += [("language", citation.language), ("identifier", _url(citation.url))]
    return [(f"DCTERMS.{name}", value) for name, text in parts if (value := _line(text))]
