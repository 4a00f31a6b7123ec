"""How readers reach the publisher: by mail or by a form, and for a statement with what they object to filled in.

Nothing is sent before the reader sends it: mail is `mailto:` with subject and body (RFC 6068), which opens a draft
without any script; forms are those on which GitHub, Forgejo and GitLab file issues, which take title and body from the
address. Any other form is linked as it is.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import quote, unquote_plus, urlsplit, urlunsplit

from ..project import Project
from .agents import mailto
from .citation import Citation

__all__ = ["contact_rows", "objection", "objections", "page_ways", "ways"]

#: What servers and mail programs are known to take (https://docs.github.com/issues; Outlook ends at about 2,000).
_MOST_BYTES = 6_000
_SHORT = 120  #: characters of a statement in the short form
#: What stands unencoded in a query (RFC 3986, section 3.4) and in a field of `mailto:` (RFC 6068, section 2).
_OF_QUERY, _OF_MAIL = "/?:@!$()*,;", ":@!$()*,;"
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_SURROGATES = re.compile(r"[\ud800-\udfff]")


def ways(project: Project, words: Mapping[str, str]) -> list[tuple[str, str]]:
    """The ways to reach the publisher: address and what it is called; none where `kg.toml` has no `[contact]`."""
    given = project.contact
    if given is None:
        return []
    found = [(mailto(given.mail), words["contact_mail"])] if given.mail else []
    return found + ([(given.form, words["contact_form"])] if given.form else [])


def contact_rows(project: Project) -> list[tuple[str, str]]:
    """For curators, a row of what a command reports: that readers cannot reach the publisher; none where they can."""
    if project.contact is not None:
        return []
    return [("contact", "none: readers cannot reach the publisher; set [contact] in kg.toml")]


def page_ways(project: Project, words: Mapping[str, str], page: str) -> list[tuple[str, str]]:
    """The same on the page at an address: a mail begins with what is published, and with that address."""
    given = project.contact
    if given is None or not given.mail:
        return ways(project, words)
    subject = ", ".join(filter(None, (_cut(project.title), project.version)))
    told = words["objection_page"].format(page=_line(page))
    filled = _filled(None, given.mail, subject, f"\n\n{told}")
    return [
        (filled if len(filled) <= _MOST_BYTES else mailto(given.mail), words["contact_mail"]),
        *ways(project, words)[1:],
    ]


def objection(project: Project, words: Mapping[str, str], citation: Citation, page: str) -> str:
    """The address that says that a statement is wrong, filled in; empty where there is no way to reach anybody.

    `page` is the address at which the statement is read. What would be over 6,000 bytes has the statement's beginning,
    the claim and the version alone.
    """
    given = project.contact
    if given is None:
        return ""
    version = ", ".join(filter(None, (project.title, citation.version_text)))
    statement = _cut(citation.title)
    lines = {
        "statement": citation.title,
        "evidence": citation.note,
        "claim": citation.url,
        "page": page,
        "version": version,
    }
    title = words["objection_title"].format(statement=statement)
    for kept in (lines, {"claim": citation.url, "version": _cut(version)}):
        told = [words[f"objection_{name}"].format(**{name: _line(text)}) for name, text in kept.items() if text]
        address = _filled(given.form, given.mail, title, "\n".join([words["objection_question"], "", "", *told]))
        if len(address) <= _MOST_BYTES:
            return address
    return given.form or mailto(given.mail or "")


def objections(project: Project, words: Mapping[str, str], citation: Citation, page: str) -> list[tuple[str, str]]:
    """The same for each way to reach the publisher, mail first: address, and what it does."""
    given = project.contact
    if given is None:
        return []
    each = [(replace(given, form=None), "objection_mail")] if given.mail else []
    each += [(replace(given, mail=None), "objection_form")] if given.form else []
    return [(objection(replace(project, contact=contact), words, citation, page), words[key]) for contact, key in each]


def _filled(form: str | None, mail: str | None, title: str, text: str) -> str:
    """The address with title and text: that of a form which takes them, else of the mail, else the form as it is."""
    one_line, text = _line(title), "\n".join(_plain(line).rstrip() for line in text.split("\n"))
    if form and (found := _issue_form(form)):
        address, query, names = found
        filled = zip(names, (quote(part, safe=_OF_QUERY) for part in (one_line, text)), strict=True)
        own = [part for part in query.split("&") if part and unquote_plus(part.partition("=")[0]) not in names]
        return f"{address}?{'&'.join([*own, *map('='.join, filled)])}"
    if mail:
        body = text.replace("\n", "\r\n")  # RFC 6068, section 5
        return f"{mailto(mail)}?subject={quote(one_line, safe=_OF_MAIL)}&body={quote(body, safe=_OF_MAIL)}"
    return form or ""


def _line(text: str) -> str:
    """A text in one line, so that no part of it passes for another line."""
    return " ".join(_plain(text).split())


def _plain(text: str) -> str:
    """A text without line ends and other controls: in the subject of a mail they would begin another field."""
    return _CONTROLS.sub(" ", _SURROGATES.sub("\ufffd", text))


def _issue_form(form: str) -> tuple[str, str, tuple[str, str]] | None:
    """The address on which a new issue begins, its query, and what title and text are called; None for other forms."""
    parts = urlsplit(form)
    path = parts.path.rstrip("/")
    steps = path.strip("/").split("/")
    if "/-/issues" in path or parts.hostname == "gitlab.com":  # a project may lie in groups of any depth
        if path.endswith("/-/issues"):
            path += "/new"
        elif "/-/" not in path and len(steps) >= 2:
            path += "/-/issues/new"
        names = ("issue[title]", "issue[description]")
    else:
        if path.endswith("/issues/new/choose"):
            path = path.removesuffix("/choose")
        elif path.endswith("/issues"):
            path += "/new"
        elif parts.hostname in ("github.com", "www.github.com", "codeberg.org") and len(steps) == 2:
            path += "/issues/new"
        names = ("title", "body")
    if not path.endswith("/issues/new"):
        return None
    return urlunsplit((parts.scheme, parts.netloc, path, "", "")), parts.query, names


def _cut(text: str) -> str:
    return text if len(text) <= _SHORT else text[: _SHORT - 1].rstrip() + "…"
