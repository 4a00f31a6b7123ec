"""Recognition: which kind of store answers at an address."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..errors import UsageError
from .profiles import PROFILES, Profile, find_profile

if TYPE_CHECKING:
    from ..endpoint import Http

__all__ = ["recognise"]

_ANY = tuple(range(300, 600))  #: whatever the status, the answer shows who gave it


def recognise(url: str, http: "Http") -> Profile:
    """The profile of the store that answers at an address, told by its answers to harmless questions.

    Raises `UsageError` when it is none that is known, `EndpointError` when nothing answers.
    """
    parts = urlsplit(url)
    site = f"{parts.scheme}://{parts.netloc}"
    if "/repositories/" in parts.path:
        # GraphDB speaks RDF4J's protocol and tells of itself at an address of its own
        graphdb = http.send("GET", site + "/rest/info/version", repeatable=True, expected=_ANY)
        return find_profile("graphdb" if b"product" in graphdb.body[:2000] else "rdf4j")
    seen = []
    for address, parameters in ((url, []), (site + "/", []), (url, [("query", "ASK {}")]), (site + "/query", [])):
        answer = http.send("GET", address, params=parameters, repeatable=True, expected=_ANY)
        body = answer.body[:20_000].decode("utf-8", "replace")
        server = answer.headers.get("server", "").lower()
        seen.append(server)
        for profile in PROFILES:
            if (profile.server and profile.server in server) or any(sign in body for sign in profile.signs):
                return profile
        if "fuseki-request-id" in answer.headers:
            return find_profile("fuseki")
    named = next(filter(None, seen), "")
    raise UsageError(
        f"it cannot be told what kind of store answers at {site}"
        + (f" (it calls itself “{named[:60]}”)." if named else "."),
        advice=f"Name it: --to {', '.join(profile.name for profile in PROFILES)}.",
    )
