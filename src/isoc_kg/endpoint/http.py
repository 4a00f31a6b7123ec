"""Requests to a triple store: time-outs, retries where repeating is safe, and one error for each way to fail."""

import random
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from ..errors import EndpointError, UsageError
from .credentials import Credentials
from .unpacking import ACCEPT_CODINGS, Unpacking

if TYPE_CHECKING:
    import httpx

__all__ = ["MOST_OF_A_REFUSAL", "Http", "HttpResponse", "refused"]

_TRIES = 5
_LONGEST_PAUSE = 30.0  #: seconds, whatever a Retry-After header asks
#: Answers after which the same request may succeed (RFC 9110, sections 15.6.3 to 15.6.5; RFC 6585, section 4).
_AGAIN = frozenset({429, 502, 503, 504})
MOST_OF_A_REFUSAL = 100_000  #: bytes that are read of an answer that is an error
_MARKUP = re.compile(r"<[^>]*>|&\w+;")


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """Status, headers (names in lower case) and the whole body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        """The media type without parameters, in lower case."""
        return self.headers.get("content-type", "").split(";", 1)[0].strip().lower()


class Http:
    """Connections to one store, kept open. Close it, or use it in a `with` statement."""

    def __init__(
        self,
        *,
        credentials: Credentials | None = None,
        timeout: float = 60.0,
        max_bytes: int = 4_000_000_000,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.timeout = timeout  #: seconds without a byte from the store
        self.max_bytes = max_bytes
        self.repeated = 0  #: how many requests had to be sent again
        self._pause = pause
        self.credentials = credentials
        self._made: httpx.Client | None = None

    def __getstate__(self) -> dict[str, Any]:
        """All but the connections, for another process."""
        return {**self.__dict__, "_made": None}

    @property
    def _client(self) -> "httpx.Client":
        if self._made is None:
            import httpx

            from ..version import __version__

            self._made = httpx.Client(
                auth=self.credentials.as_httpx() if self.credentials else None,
                timeout=httpx.Timeout(self.timeout, connect=min(self.timeout, 10.0)),
                headers={"User-Agent": f"isoc-kg/{__version__}", "Accept-Encoding": ACCEPT_CODINGS},
                limits=httpx.Limits(max_connections=4),
            )
            from .pace import PacedBackend

            # the library's own limits count from one byte to the next, and it has no public way to set a backend
            for transport in (self._made._transport, *self._made._mounts.values()):
                if (pool := getattr(transport, "_pool", None)) is not None:
                    pool._network_backend = PacedBackend(pool._network_backend)
        return self._made

    def __enter__(self) -> "Http":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the connections."""
        if self._made is not None:
            self._made.close()
            self._made = None

    def send(
        self,
        method: str,
        url: str,
        *,
        params: list[tuple[str, str]] | None = None,
        content: bytes | None = None,
        form: list[tuple[str, str]] | None = None,
        headers: Mapping[str, str] | None = None,
        repeatable: bool,
        expected: tuple[int, ...] = (),
        timeout: float | None = None,
        max_bytes: int | None = None,
    ) -> HttpResponse:
        """The answer, when its status is 2xx or one of those expected.

        A request that is `repeatable` (a second one changes nothing) is sent again, with growing pauses, after 429,
        502, 503, 504, a time-out or a connection lost; any request is when the connection could not be made.
        Raises `EndpointError`; its `status` is None when there was no answer.
        """
        _check_address(url)
        tries = 0
        while True:
            tries += 1
            wait: float | None = None
            try:
                answer = self._once(method, url, params, content, form, headers, timeout, max_bytes)
                if 200 <= answer.status < 300 or answer.status in expected:
                    return answer
                failure = refused(answer, url, method)
                if answer.status in _AGAIN and repeatable:
                    wait = _asked_pause(answer)
                    failure.again = True
            except EndpointError as error:
                failure = error
                failure.again = error.again and (repeatable or error.unsent)
            if not failure.again or tries >= _TRIES:
                if self.credentials:  # a store may send back what it was sent
                    failure.message = self.credentials.hidden_in(failure.message)
                    failure.excerpt = failure.excerpt and self.credentials.hidden_in(failure.excerpt)
                    failure.advice = failure.advice and self.credentials.hidden_in(failure.advice)
                raise failure
            self.repeated += 1
            self._pause(wait if wait is not None else 0.25 * 2**tries * (0.5 + random.random() / 2))  # noqa: S311

    def _once(
        self,
        method: str,
        url: str,
        params: list[tuple[str, str]] | None,
        content: bytes | None,
        form: list[tuple[str, str]] | None,
        headers: Mapping[str, str] | None,
        timeout: float | None,
        max_bytes: int | None,
    ) -> HttpResponse:
        import httpx

        from .pace import LEAST_RATE, TooSlow

        if form is not None:
            from urllib.parse import urlencode

            content = urlencode(form).encode()
            headers = {**(headers or {}), "Content-Type": "application/x-www-form-urlencoded"}
        options: dict[str, Any] = {} if timeout is None else {"timeout": httpx.Timeout(timeout, connect=10.0)}
        if params:
            # what stands in the address stays
            url = str(httpx.URL(url).copy_merge_params(tuple(params)))
        try:
            with self._client.stream(method, url, content=content, headers=headers, **options) as response:
                # joining parts would take their size once more, which the system does not get back
                body, size, most = BytesIO(), 0, self.max_bytes if max_bytes is None else max_bytes
                for part in _unpacked(response, url):
                    size += len(part)
                    if not 200 <= response.status_code < 300 and size > MOST_OF_A_REFUSAL:
                        body.write(part[:MOST_OF_A_REFUSAL])
                        break
                    if size > most:
                        raise EndpointError(
                            f"{_shown(url)} answered with more than {most:,} bytes.",
                            advice="Ask for less: a LIMIT, or one graph."
                            if max_bytes is None
                            else "Is this the address of a SPARQL endpoint? No answer to this request is so long.",
                        )
                    body.write(part)
                found = {name.lower(): value for name, value in response.headers.items()}
                return HttpResponse(response.status_code, found, body.getvalue())
        except httpx.TimeoutException as error:
            seconds = timeout or self.timeout
            if isinstance(error.__cause__, TooSlow):
                raise EndpointError(
                    f"{_shown(url)} sends or takes less than {LEAST_RATE:,} bytes a second, for {seconds:g} seconds.",
                    advice="Is the store, or the way to it, overloaded?",
                ) from None
            unsent = isinstance(error, httpx.ConnectTimeout | httpx.PoolTimeout)
            raise EndpointError(
                f"{_shown(url)} gave no answer for {10 if unsent else seconds:g} seconds.",
                advice="Is the store busy? --timeout gives it longer.",
                again=True,
                unsent=unsent,
            ) from None
        except httpx.ConnectError as error:
            raise _unreachable(url, error) from None
        except httpx.TransportError as error:
            raise EndpointError(
                f"the connection to {_shown(url)} broke off: {error or type(error).__name__}.",
                advice="Did the store stop? Its log may say why.",
                again=True,
            ) from None
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError) as error:
            raise UsageError(
                f"“{url}” is not a valid URL: {error}.", advice="Give one such as http://host/sparql."
            ) from None
        except (KeyError, NotImplementedError) as error:  # of the library, for a challenge (RFC 7616) that it lacks
            raise EndpointError(
                f"{_shown(url)} asks for an unknown authentication scheme: {str(error)[:100]}.",
                advice="Name another with --auth.",
            ) from None


def _unpacked(response: "httpx.Response", url: str) -> Iterator[bytes]:
    """The body in parts of bounded size, decompressed; a compressed one that breaks off is an error."""
    unpacking = Unpacking(response.headers.get("content-encoding", ""), _shown(url))
    for part in response.iter_raw():
        yield from unpacking.of(part)
    unpacking.end()


def _check_address(url: str) -> None:
    try:
        parts = urlsplit(url)
        wrong = parts.scheme not in ("http", "https") or not parts.hostname or (parts.port or 1) < 1
    except ValueError:  # brackets, or a port that is none
        wrong = True
    if wrong or not url.isprintable() or any(character in url for character in ' <>"{}|\\^`'):
        raise UsageError(f"“{url}” is not a valid URL.", advice="Give one such as http://localhost:3030/ds/sparql.")
    if parts.password is not None or parts.username is not None:
        raise UsageError(
            "the address holds a name or a password, which the list of processes shows to everybody.",
            advice="Leave them out; set ISOC_KG_USER and ISOC_KG_PASSWORD, or give --auth-file FILE.",
        )


def _shown(url: str) -> str:
    """An address without its parameters, as errors show it."""
    return urlsplit(url)._replace(query="", fragment="").geturl()


def _unreachable(url: str, error: Exception) -> EndpointError:
    cause: BaseException | None = error
    ssl = import_module("ssl")
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return EndpointError(
                f"the certificate of {_shown(url)} is not trusted: {cause.verify_message}.",
                advice="If it is yours, name its authority's file in the environment: SSL_CERT_FILE=ca.pem.",
            )
        cause = cause.__cause__ or cause.__context__
    reason = str(error) or "no connection"
    return EndpointError(
        f"cannot reach {_shown(url)}: {reason}.",
        advice="Is the store running, and is this its address?",
        again="refused" not in reason.lower(),
        unsent=True,
    )


def _asked_pause(answer: HttpResponse) -> float | None:
    """The seconds that a Retry-After header (RFC 9110, section 10.2.3) asks for; dates are not heeded."""
    text = answer.headers.get("retry-after", "")
    return min(float(text), _LONGEST_PAUSE) if text.isdecimal() else None


_ADVICE = {
    401: "Set ISOC_KG_USER and ISOC_KG_PASSWORD (or ISOC_KG_TOKEN), or give --auth-file; --auth names the scheme.",
    403: "Has this user the right to do it? Some stores only write at an address of their own.",
    404: "Is this the right address, and is there such a dataset or repository?",
    405: "The store does not do this at this address; is it read-only?",
    406: "The store has none of the formats that isoc-kg reads.",
    413: "The store takes less at a time.",
    415: "The store does not read this format.",
    501: "The store does not do this.",
    507: "The store is full.",
}
_NAMES = {
    401: "wants to know who asks, or does not know this user",
    403: "does not allow it",
    404: "has nothing there",
    405: "does not allow this method",
    429: "has too many requests",
    507: "has no room left",
}


def refused(answer: HttpResponse, url: str, method: str) -> EndpointError:
    """The error that a status other than 2xx means, with what the store said of it."""
    if 300 <= answer.status < 400:
        target = answer.headers.get("location", "")
        try:
            target = urljoin(url, target)
            _check_address(target)
            advice = f"Give that one, if you know it: {target[:300]}" if target != url else None
        except (ValueError, UsageError):
            advice = "That is not a valid URL, or has a password in it. Is this the address of a SPARQL endpoint?"
        return EndpointError(
            f"{_shown(url)} leads to another address ({answer.status}), to which nothing was sent.",
            advice=advice,
            status=answer.status,
        )
    said = said_by(answer)
    what = _NAMES.get(answer.status, "refused the request" if answer.status < 500 else "failed")
    advice = _ADVICE.get(answer.status)
    if answer.status >= 500 and re.search(r"(?i)no space|disk.{0,20}full|out of space|quota", said):
        what, advice = "has no room left", "Free some space where the store keeps its data."
    return EndpointError(
        f"{_shown(url)} {what} ({method}: {answer.status}).",
        excerpt=said or None,
        advice=advice,
        status=answer.status,
    )


def said_by(answer: HttpResponse, longest: int = 300) -> str:
    """The first words of a body that is a message, without markup and control characters."""
    text = answer.body[:5000].decode("utf-8", "replace")
    if "html" in answer.media_type or text.lstrip()[:1] == "<":
        text = re.sub(r"(?is)<(style|script|head)\b.*?</\1>", " ", text)
        text = _MARKUP.sub(" ", text)
    text = re.sub(r"[\x00-\x1f\x7f-\x9f\s]+", " ", text).strip()
    text = text.partition(" SPARQL query: define ")[0]  # Virtuoso repeats the whole query
    return text if len(text) <= longest else text[:longest] + "…"
