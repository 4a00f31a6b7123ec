"""What a project's own templates and styles would have a browser load, send or run from elsewhere."""

import re
from collections.abc import Collection, Iterator

import tinycss2  # type: ignore[import-untyped]
from selectolax.lexbor import LexborHTMLParser, LexborNode

__all__ = ["foreign_in_css", "foreign_in_html", "readings"]

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
        "manifest",
        "xml:base",
    }
)
_SENDING = ("action", "formaction", "ping", "attributionsrc")
_LISTS = ("ping", "attributionsrc")  #: of addresses
#: Attributes that browsers show or compare, and never follow.
_TEXTS = frozenset(
    {
        *("abbr", "alt", "class", "content", "download", "for", "id", "label", "lang", "name", "placeholder", "rel"),
        *("summary", "title", "value"),
    }
)
_SCRIPTED = ("javascript:", "vbscript:")
_ANIMATIONS = ("animate", "set", "animatemotion", "animatetransform", "animatecolor")
_FOREIGN = ("svg", "math")
_BEFORE_POLICY = ("html", "head", "meta", "title")
_HARMLESS_META = ("content-security-policy", "content-type", "content-language", "x-ua-compatible", "default-style")
#: Relations of `link` that nothing is loaded for until somebody follows them.
_LOADED_RELATIONS = frozenset(
    {
        *("stylesheet", "icon", "apple-touch-icon", "apple-touch-startup-image", "mask-icon", "preload", "prefetch"),
        *("modulepreload", "preconnect", "dns-prefetch", "prerender", "manifest", "import", "pingback", "expect"),
        *("apple-touch-icon-precomposed", "fluid-icon", "search", "monetization", "compression-dictionary"),
    }
)
_FRAMES = ("iframe", "frame", "object", "embed", "applet", "frameset", "portal", "fencedframe", "base")
_RUNNING = frozenset({*("script", "worker", "sharedworker", "serviceworker", "audioworklet", "paintworklet")})  #: `as=`
_DATA_BLOCKS = ("application/json", "application/ld+json", "text/turtle")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:")
#: Schemes that browsers load from. A text in a style may begin with another word and a colon.
_LOADED_SCHEMES = (
    *("http:", "https:", "ws:", "wss:", "ftp:", "file:", "data:", "blob:", "filesystem:"),
    *_SCRIPTED,
)


def foreign_in_html(
    page: str, own: str, policy: str, *, root: str = "", files: Collection[str] = ()
) -> Iterator[tuple[str, str]]:
    """What is refused in a page: what it is, and the text that names it.

    `own` is the address of the site itself, `policy` the Content-Security-Policy that each page has to have. `root`
    leads from the page to where the site's `files` stand: of these, scripts are those in `scripts/`, style sheets those
    in `theme/`. The page is read as browsers read it, with scripts and without.
    """
    if odd := re.search(r"<!--?-?>|--!>|<!\[|<\?", page):
        yield "markup that browsers read in different ways", odd[0]
        return
    for text in dict.fromkeys(readings(page)):
        reader = _Reader(own, root, files)
        reader.read(text, policy)
        yield from reader.refused


def readings(page: str) -> tuple[str, str]:
    """A page as it is read where no scripts run, and as it is where they do, for a parser that runs none.

    What stands in noscript is elements in the one, a text in the other; so it is in noframes, everywhere and always
    (https://html.spec.whatwg.org/multipage/parsing.html#parsing-main-inhead).
    """
    return page, re.sub("(</?)noscript", r"\1noframes", page, flags=re.IGNORECASE)


def foreign_in_css(text: str, own: str = "") -> Iterator[tuple[str, str]]:
    """What is refused in a style sheet, as `foreign_in_html`: an address elsewhere in any of its texts and url(…).

    What a text is for is not asked: it may be kept in a property of one's own, and become an address by var(…).
    """
    if (named := re.match('@charset "([^"]*)', text)) and named[1].lower() != "utf-8":
        yield "another encoding than UTF-8", named[0]
    if ":" not in text and "\\" not in text and text.count("/") < 2:  # as in transform="translate(1 2)"
        return
    waiting = tinycss2.parse_component_value_list(text, skip_comments=True)[::-1]
    while waiting:
        token = waiting.pop()
        if token.type in ("url", "string"):
            plain = _plain(token.value)
            loaded = token.type == "url" or plain.startswith(_LOADED_SCHEMES) or "//" in plain
            if loaded and _beyond(plain, own) and not plain.startswith("data:image/"):
                yield "a style that is loaded from elsewhere", token.value
        elif token.type == "function":
            waiting += token.arguments[::-1]
        elif token.type.endswith(" block"):
            waiting += token.content[::-1]


def _plain(address: str) -> str:
    """An address as a browser reads it (https://url.spec.whatwg.org/#url-parsing)."""
    return re.sub(r"[\t\n\r]", "", address).strip("".join(map(chr, range(33)))).replace("\\", "/").lower()


def _beyond(address: str, own: str) -> bool:
    plain = _plain(address)
    if own and plain.startswith(own.lower()):
        return False
    return plain.startswith("//") or _SCHEME.match(plain) is not None


class _Reader:
    """Reads a page and lists what is refused."""

    def __init__(self, own: str, root: str, files: Collection[str]) -> None:
        self.refused: list[tuple[str, str]] = []
        self._own = own
        self._root = root
        self._files = files

    def read(self, page: str, policy: str) -> None:
        """List it."""
        root = LexborHTMLParser(page).root
        protected = False
        for node in root.traverse(include_text=True) if root else ():
            tag = (node.tag or "").lower()
            parent = node.parent.tag if node.parent else ""
            if tag == "-text":
                if parent == "style":
                    self.refused += foreign_in_css(node.text_content or "", self._own)
                continue
            if not node.is_element_node:
                continue
            values = {name.lower(): value or "" for name, value in node.attributes.items()}
            if tag == "meta" and parent == "head" and _is_policy(values) and values.get("content") == policy:
                protected = True
            elif not protected and tag not in _BEFORE_POLICY:
                self._refuse("a page without its Content-Security-Policy, or with something before it", f"<{tag}")
                protected = True
            self._element(tag, values, node)
        if not protected:
            self._refuse("a page without its Content-Security-Policy", "<head")

    def _element(self, tag: str, values: dict[str, str], node: LexborNode) -> None:
        if tag in _FRAMES:
            self._refuse(f"<{tag}>", values.get("src") or values.get("href") or f"<{tag}")
        elif tag == "template":
            self._refuse("a <template>, which may become a part of the page", "<template")
        elif tag == "meta":
            self._meta(values)
        elif tag == "script" and (
            ("src" not in values and values.get("type", "").lower().strip() not in _DATA_BLOCKS)
            or _within(node, _FOREIGN)
        ):
            self._refuse("a script within the page, which the policy does not let run", "<script")
        elif tag in _ANIMATIONS and values.get("attributename", "").lower().rpartition(":")[2] in (
            "href",
            "src",
            "style",
        ):
            self._refuse("an animation of an address", values.get("to") or values.get("values") or f"<{tag}")
        elif tag == "script":
            self._loaded_script(values.get("src"))
        elif tag == "link":
            self._link(set(values.get("rel", "").lower().split()), values)
        elif tag == "html" and values.get("data-root", self._root) != self._root:
            # the site's scripts load others from there
            self._refuse("another data-root than page.root", values["data-root"])
        for name, value in values.items():
            self._check(tag, name, value, values)

    def _loaded_script(self, address: str | None) -> None:
        if address is not None and not self._is_file(address, "scripts/"):
            self._refuse("a script that is none of the site's own in scripts/", address)

    def _link(self, relations: set[str], values: dict[str, str]) -> None:
        address = values.get("href", "")
        if "stylesheet" in relations and not self._is_file(address, "theme/"):
            self._refuse("a style sheet that is none of the site's own in theme/", address)
        # what is preloaded as one of these may run as one
        if "modulepreload" in relations or values.get("as", "").strip().lower() in _RUNNING:
            self._loaded_script(address)

    def _is_file(self, address: str, folder: str) -> bool:
        """Whether it is that of a file of the site in a folder, written from the page's root or in full."""
        path = re.split("[?#]", address)[0]
        starts = [start for start in (self._root, self._own) if path.startswith(start + folder)]
        return any(path.removeprefix(start) in self._files for start in starts)

    def _meta(self, values: dict[str, str]) -> None:
        kind = values.get("http-equiv", "").strip().lower()
        if kind in ("refresh", "set-cookie"):
            self._refuse("a page that leads elsewhere by itself", values.get("content", ""))
        elif kind and kind not in _HARMLESS_META:
            self._refuse(f"<meta http-equiv={kind}>", values.get("content", ""))
        elif kind == "content-type" and "charset=utf-8" not in values.get("content", "").lower().replace(" ", ""):
            self._refuse("another encoding than UTF-8", values.get("content", ""))
        if values.get("charset", "utf-8").strip().lower() not in ("utf-8", "utf8"):
            self._refuse("another encoding than UTF-8", values["charset"])

    def _check(self, tag: str, name: str, value: str, values: dict[str, str]) -> None:
        plain = _plain(value)
        if re.fullmatch(r"on[a-z]+", name):
            self._refuse("a script within the page, which the policy does not let run", f"{name}=")
        elif name == "charset" and tag != "meta" and plain not in ("utf-8", "utf8"):
            self._refuse("another encoding than UTF-8", value)
        elif name == "style":
            self.refused += foreign_in_css(value, self._own)
        elif name == "srcdoc":
            self._refuse("a page within the page", f"{name}=")
        elif name in _LOADING or (tag not in ("a", "area", "link") and name in ("href", "xlink:href")):
            self._loading(tag, name, value)
        elif name in _SENDING:
            if plain.startswith(_SCRIPTED):
                self._refuse("a link that runs a script", value)
            if any(_beyond(address, self._own) for address in (value.split() if name in _LISTS else [value])):
                self._refuse(f"<{tag} {name}> sends elsewhere", value)
        elif name in ("href", "xlink:href"):
            relations = set(values.get("rel", "").lower().split())
            if tag == "link" and relations & _LOADED_RELATIONS and _beyond(value, self._own):
                self._refuse("<link> loads from elsewhere", value)
            if plain.startswith((*_SCRIPTED, "data:")):
                self._refuse("a link that runs a script", value)
        elif name not in _TEXTS and not name.startswith(("aria-", "data-")):
            self._check_other(value)

    def _loading(self, tag: str, name: str, value: str) -> None:
        addresses = re.split(r"[\s,]+", value) if name.endswith("srcset") else [value]
        if tag in ("img", "source", "image", "input", "video"):
            addresses = [address for address in addresses if not _plain(address).startswith("data:image/")]
        if any(_beyond(address, self._own) for address in addresses):
            self._refuse(f"<{tag} {name}> loads from elsewhere", value)

    def _check_other(self, value: str) -> None:
        """Of an attribute that may be an address, or a style as in SVG."""
        if _plain(value).startswith(_SCRIPTED):
            self._refuse("an address that runs a script", value)
        if "(" in value or "\\" in value:
            self.refused += foreign_in_css(value, self._own)

    def _refuse(self, what: str, text: str) -> None:
        self.refused.append((what, text))


def _is_policy(values: dict[str, str]) -> bool:
    return values.get("http-equiv", "").lower() == "content-security-policy"


def _within(node: LexborNode, tags: tuple[str, ...]) -> bool:
    """Whether an element stands in one of these."""
    above = node.parent
    while above is not None:
        if above.tag in tags:
            return True
        above = above.parent
    return False
