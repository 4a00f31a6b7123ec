"""Pages of folders, for hosts that know no rules: an identifier such as `ontology` leads to one, and that goes on."""

from collections.abc import Iterable, Iterator
from functools import partial
from urllib.parse import quote

from markupsafe import Markup

from ..rdf.text_direction import direction
from ..wording.strings import with_languages
from .pages import Bundle
from .renderer import Renderer
from .theme import CONTENT_SECURITY_POLICY

__all__ = ["folder_bundles", "is_of_folder"]

_INDEX = "index"
#: Folders without a page of their own → the page that lists what is in them.
_LISTS = {"document": "documents", "id": "browse/index", "query": "queries", "resource": "browse/index"}
#: Folders that have data of versions, whether or not pages are in them.
_VERSIONED = ("evidence", "ontology")
_PAGE = Markup("""<!doctype html>
<html lang="{lang}"{direction}>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>{title}</title>
{script}
</head>
<body>
<p><a href="{href}" data-ahead>{name}</a></p>
</body>
</html>
""")
_AHEAD = Markup('<meta http-equiv="refresh" content="0; url={href}">')
#: With a script, what an address has behind # goes on, too.
_SCRIPT = Markup('<script defer src="{root}scripts/site.js"></script>\n<noscript>{ahead}</noscript>')


def folder_bundles(renderer: Renderer, keys: Iterable[str]) -> Iterator[Bundle]:
    """A page in each folder that has none of its own, but one beside it or a list of what is in it.

    `keys` are the paths, without extension, of all other pages.
    """
    pages = set(keys)
    folders = set(_VERSIONED)
    for key in pages:
        while (key := key.rpartition("/")[0]) and key not in folders:
            folders.add(key)
    for folder in sorted(folders):
        target = folder if folder in pages else _LISTS.get(folder)
        if target in pages and f"{folder}/{_INDEX}" not in pages:
            yield Bundle(f"{folder}/{_INDEX}", partial(_files, renderer, folder, f"{target}.html"))


def is_of_folder(path: str) -> bool:
    """Whether a page may be one that only leads on: of the others, two lists alone are called so."""
    return path.endswith(f"/{_INDEX}.html") and path != "browse/index.html"


def _files(renderer: Renderer, folder: str, target: str) -> list[tuple[str, bytes]]:
    root = "../" * (folder.count("/") + 1)
    names, language = dict((*renderer.site.navigation, *renderer.site.foot)), renderer.project.language
    href = quote(f"{root}{target}", safe="/=~@")
    ahead = _AHEAD.format(href=href)
    html = _PAGE.format(
        lang=language,
        direction=Markup(' dir="rtl"') if direction(language) == "rtl" else "",
        policy=CONTENT_SECURITY_POLICY,
        title=renderer.project.title,
        name=names.get(target, renderer.project.title),
        script=_SCRIPT.format(root=root, ahead=ahead) if renderer.theme.scripts else ahead,
        href=href,
    )
    return [(f"{folder}/{_INDEX}.html", with_languages(html, language).encode())]
