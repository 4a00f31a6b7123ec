"""What a project's own templates and styles would have a browser load, send or run from elsewhere."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

__all__ = ["foreign_in_css", "foreign_in_html"]

#: Attributes that a browser loads from when it shows the page (https://html.spec.whatwg.org/#attributes-3).
_LOADING = frozenset(
    {
        "src",
        "srcset",
        "poster",
        "data",
        "background",
        "imagesrcset",
        "classid",
        "codebase",
        "archive",
        "dynsrc",
        "lowsrc",
    }
)
_SENDING = ("action", "formaction", "ping")
#: Relations of `link` that nothing is loaded for until somebody follows them.
_LOADED_RELATIONS = frozenset(
    {
        *("stylesheet", "icon", "apple-touch-icon", "apple-touch-startup-image", "mask-icon", "preload", "prefetch"),
        *("modulepreload", "preconnect", "dns-prefetch", "prerender", "manifest", "import", "pingback", "expect"),
    }
)
_FRAMES = ("iframe", "frame", "object", "embed", "applet", "portal", "fencedframe", "base")
_DATA_BLOCKS = ("application/json", "application/ld+json", "text/turtle")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:")
_IN_CSS = re.compile(r"(?:url|src|image-set|image)\(\s*[\"']?([^\"')]*)|@import\s*[\"']([^\"']*)", re.IGNORECASE)
_IMAGE_SET = re.compile(r"image-set\(((?:[^()]|\([^()]*\))*)\)", re.IGNORECASE)
_CSS_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|([^\n\r\f0-9a-fA-F]))")


def foreign_in_html(page: str, own: str) -> Iterator[tuple[str, str]]:
    """What is refused in a page: what it is, and the text that names it. `own` is the address of the site itself."""
    if odd := re.search(r"<!--?-?>|--!>|<!\[|<\?", page):
        yield "markup that browsers read in different ways", odd[0]
        return
    reader = _Reader(own)
    reader.feed(page)
    reader.close()
    yield from reader.refused


def foreign_in_css(text: str, own: str = "") -> Iterator[tuple[str, str]]:
    """What is refused in a style sheet, as `foreign_in_html`."""
    plain = re.sub(r"/\*.*?(\*/|$)", " ", text, flags=re.DOTALL)
    plain = _CSS_ESCAPE.sub(lambda match: _character(match[1]) if match[1] else match[2], plain)
    addresses = [match[1] or match[2] or "" for match in _IN_CSS.finditer(plain)]
    for match in _IMAGE_SET.finditer(plain):
        addresses += re.findall(r"[\"']([^\"']*)[\"']", match[1])
    for address in addresses:
        if _beyond(address, own) and not _plain(address).startswith("data:image/"):
            yield "a style that is loaded from elsewhere", address


def _character(digits: str) -> str:
    number = int(digits, 16)
    return chr(number) if 0 < number < 0x110000 else "\ufffd"


def _plain(address: str) -> str:
    """An address as a browser reads it (https://url.spec.whatwg.org/#url-parsing)."""
    return re.sub(r"[\t\n\r]", "", address).strip("".join(map(chr, range(33)))).replace("\\", "/").lower()


def _beyond(address: str, own: str) -> bool:
    plain = _plain(address)
    if own and plain.startswith(own.lower()):
        return False
    return plain.startswith("//") or _SCHEME.match(plain) is not None


class _Reader(HTMLParser):
    """Reads a page and lists what is refused."""

    def __init__(self, own: str) -> None:
        super().__init__(convert_charrefs=True)
        self.refused: list[tuple[str, str]] = []
        self._own = own
        self._style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name.lower(): value or "" for name, value in reversed(attrs)}  # the first of two counts
        self._style = tag == "style"
        if tag in _FRAMES:
            self._refuse(f"<{tag}>", values.get("src") or values.get("href") or f"<{tag}")
        elif tag == "meta" and values.get("http-equiv", "").strip().lower() in ("refresh", "set-cookie"):
            self._refuse("a page that leads elsewhere by itself", values.get("content", ""))
        elif tag == "script" and "src" not in values and values.get("type", "").lower().strip() not in _DATA_BLOCKS:
            self._refuse("a script within the page, which the policy does not let run", "<script")
        for name, value in values.items():
            self._check(tag, name, value, values)

    handle_startendtag = handle_starttag

    def handle_data(self, data: str) -> None:
        if self._style:
            self.refused += foreign_in_css(data, self._own)

    def handle_endtag(self, _: str) -> None:
        self._style = False

    def _check(self, tag: str, name: str, value: str, values: dict[str, str]) -> None:
        plain = _plain(value)
        if re.fullmatch(r"on[a-z]+", name):
            self._refuse("a script within the page, which the policy does not let run", f"{name}=")
        elif name == "style":
            self.refused += foreign_in_css(value, self._own)
        elif name == "srcdoc":
            self._refuse("a page within the page", f"{name}=")
        elif name in _LOADING or (tag not in ("a", "area", "link") and name in ("href", "xlink:href")):
            addresses = re.split(r"[\s,]+", value) if name.endswith("srcset") else [value]
            pictured = tag in ("img", "source", "image", "input", "video") and plain.startswith("data:image/")
            if not pictured and any(_beyond(address, self._own) for address in addresses):
                self._refuse(f"<{tag} {name}> loads from elsewhere", value)
        elif name in _SENDING:
            if any(_beyond(address, self._own) for address in (value.split() if name == "ping" else [value])):
                self._refuse(f"<{tag} {name}> sends elsewhere", value)
        elif name in ("href", "xlink:href"):
            relations = set(values.get("rel", "").lower().split())
            if tag == "link" and relations & _LOADED_RELATIONS and _beyond(value, self._own):
                self._refuse("<link> loads from elsewhere", value)
            if plain.startswith(("javascript:", "data:", "vbscript:")):
                self._refuse("a link that runs a script", value)

    def _refuse(self, what: str, text: str) -> None:
        self.refused.append((what, text))
