"""What a notebook shows: small tables as HTML, every text escaped, all of it bounded in size."""

from collections.abc import Iterable, Sequence

from ..errors import visible

__all__ = ["caption", "cut", "linked", "listed", "table"]

_MOST_CHARACTERS = 300  #: of a text
_MOST_ADDRESS = 500  #: characters of an address that is still a link
_MOST_HTML = 100_000  #: characters of a table's rows


def cut(text: str, most: int = _MOST_CHARACTERS) -> str:
    """A text of bounded length.

    >>> cut("harbour", 4)
    'harb…'
    """
    return text if len(text) <= most else f"{text[:most]}…"


def _escaped(text: str) -> str:
    from html import escape  # whose table of names takes longer to load than most answers to show

    return escape(visible(cut(text), line=True))


def linked(text: str, iri: str | None = None) -> str:
    """A text as HTML, a link where the IRI is an address on the web.

    >>> linked("<b>", "https://e.org/?a&b")
    '<a href="https://e.org/?a&amp;b" rel="noreferrer">&lt;b&gt;</a>'
    >>> linked("run", "javascript:alert(1)")
    'run'
    """
    if iri is None or len(iri) > _MOST_ADDRESS or not iri.startswith(("https://", "http://")):
        return _escaped(text)
    from html import escape

    return f'<a href="{escape(iri)}" rel="noreferrer">{_escaped(text)}</a>'


def caption(text: str) -> str:
    """A line above a table."""
    return f'<p dir="auto"><strong>{_escaped(text)}</strong></p>'


def listed(texts: Iterable[str]) -> str:
    """Texts one below the other; nothing for none."""
    items = "".join(f'<li dir="auto">{_escaped(text)}</li>' for text in texts)
    return f"<ul>{items}</ul>" if items else ""


def table(head: Sequence[str], rows: Iterable[Sequence[str]], total: int) -> str:
    """A table; cells are HTML, made by `linked`. What is left out of `total` rows is counted below it."""
    body, size, shown = [], 0, 0
    for row in rows:
        line = "".join(f'<td dir="auto" style="text-align: start">{cell}</td>' for cell in row)
        if size + len(line) > _MOST_HTML and shown:
            break
        body.append(f"<tr>{line}</tr>")
        size += len(line)
        shown += 1
    names = "".join(f'<th scope="col" style="text-align: start">{_escaped(name)}</th>' for name in head)
    more = f"<p>… and {total - shown:,} more</p>" if total > shown else ""
    return f"<table><thead><tr>{names}</tr></thead><tbody>{''.join(body)}</tbody></table>{more}"
