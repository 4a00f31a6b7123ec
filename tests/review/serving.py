"""A running review, and a client that acts as a browser or as somebody else does."""

import http.client
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from warm_start import WarmStart

_FORM = re.compile(r'name="form" value="([^"]+)"')


class Client:
    """Sends requests with a cookie, as long as it has one."""

    def __init__(self, address: str, process: int) -> None:
        self.address, self.process = address, process
        self.port = urlsplit(address).port or 0
        self.cookie = ""
        self.form = ""

    @property
    def origin(self) -> str:
        """That of the pages."""
        return f"http://127.0.0.1:{self.port}"

    def request(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], str]:
        """Status, headers and content."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        given = {"Cookie": self.cookie} if self.cookie else {}
        connection.request(method, path, body, {**given, **(headers or {})})
        answer = connection.getresponse()
        content = answer.read().decode()
        connection.close()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, content

    def enter(self) -> None:
        """Open the printed address."""
        status, headers, _ = self.request("GET", f"/?{urlsplit(self.address).query}")
        assert (status, headers["location"]) == (303, "/")
        self.cookie = headers["set-cookie"].partition(";")[0]
        found = _FORM.search(self.get("/"))
        assert found
        self.form = found[1]

    def get(self, path: str) -> str:
        """A page."""
        status, _, content = self.request("GET", path)
        assert status == 200, (status, content)
        return content

    def post(self, path: str, **fields: str) -> tuple[int, dict[str, str], str]:
        """Send a form of a page."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.origin}
        return self.request("POST", path, urlencode({"form": self.form, **fields}).encode(), headers)


@contextmanager
def reviewing(project: Path, *arguments: str) -> Iterator[Client]:
    """`serve --review` of a project."""
    command = ["serve", "--review", "--project", str(project), "--port", "0", *arguments]
    process = WarmStart.current.process(command, Path.cwd())
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        notice = process.stderr.readline()
        address = re.search(r"http://\S+", notice)
        assert address, notice + process.stderr.read()
        yield Client(address[0], process.pid)
    finally:
        process.terminate()
        process.wait(30)
        _, rest = process.communicate()
        assert "Traceback" not in rest, rest


def marks_on(page: str, name: str = "") -> str:
    """What a page says of the flags that it shows, in the form of a proposal, or else in its first one."""
    found = re.search(rf'{f"/proposal/{name}" if name else ""}[^§]*?name="seen" value="([^"]*)"', page)
    assert found, page
    return found[1]


__all__ = ["Client", "marks_on", "reviewing"]
