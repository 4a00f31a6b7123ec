"""Who the client is: from the environment or a file, never from an option or an address, which others can see."""

import base64
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from ..errors import UsageError
from .schemes import Scheme

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

__all__ = ["Credentials", "credentials_from_environment"]

_USER, _PASSWORD, _TOKEN = "ISOC_KG_USER", "ISOC_KG_PASSWORD", "ISOC_KG_TOKEN"


@dataclass(frozen=True, slots=True)
class Credentials:
    """Name and password (RFC 7617 basic, RFC 7616 digest), or a token (RFC 6750); no form of it shows the secret."""

    scheme: Scheme
    user: str = ""
    secret: str = field(default="", repr=False)

    def hidden_in(self, text: str) -> str:
        """The text without the secret, also where it stands as basic authentication sends it."""
        sent = base64.b64encode(f"{self.user}:{self.secret}".encode()).decode()
        for secret in (sent, quote(self.secret, safe=""), self.secret):
            text = text.replace(secret, "…") if secret else text
        return text

    def as_httpx(self) -> "httpx.Auth | Callable[[httpx.Request], httpx.Request]":
        """The same for the HTTP library."""
        import httpx

        if self.scheme == "basic":
            return httpx.BasicAuth(self.user, self.secret)
        if self.scheme == "digest":
            return httpx.DigestAuth(self.user, self.secret)

        def sign(request: httpx.Request) -> httpx.Request:
            request.headers["Authorization"] = f"Bearer {self.secret}"
            return request

        return sign


def credentials_from_environment(
    scheme: Scheme | None, file: Path | None = None, environment: Mapping[str, str] | None = None
) -> Credentials | None:
    """What the environment, or a file of `NAME=value` lines, says of the user; None when neither says anything.

    Without a scheme a token means bearer, a name basic. Raises `UsageError` when a scheme lacks what it needs.
    """
    known = dict(os.environ if environment is None else environment)
    if file is not None:
        known |= _read(file)
    user, password, token = known.get(_USER, ""), known.get(_PASSWORD, ""), known.get(_TOKEN, "")
    if scheme is None:
        scheme = "bearer" if token else "basic" if user else None
    if scheme is None:
        if file is not None:
            raise UsageError(f"{file} names no user.", advice=f"Write {_USER}=… and {_PASSWORD}=…, or {_TOKEN}=….")
        return None
    needed = {_TOKEN: token} if scheme == "bearer" else {_USER: user, _PASSWORD: password}
    for name, value in needed.items():
        if not value:
            raise UsageError(
                f"--auth {scheme} needs {name}.",
                advice=f"Set it in the environment, or write {name}=… into a file and name it with --auth-file.",
            )
    for value in needed.values():
        if any(ord(character) < 32 or ord(character) == 127 for character in value):
            raise UsageError("a name, password or token holds control characters.", advice="Check for a line feed.")
    return Credentials(scheme, "" if scheme == "bearer" else user, token if scheme == "bearer" else password)


def _read(file: Path) -> dict[str, str]:
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise UsageError(f"{file} is not UTF-8.") from None
    found = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, equals, value = line.partition("=")
        if not equals or name.strip() not in (_USER, _PASSWORD, _TOKEN):
            raise UsageError(
                f"{file}:{number}: not a line that is known here.",
                advice=f"Lines are {_USER}=…, {_PASSWORD}=… or {_TOKEN}=….",
            )
        found[name.strip()] = value.strip()
    return found
