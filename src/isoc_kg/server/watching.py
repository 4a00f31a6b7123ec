"""Pages that show changes at once: the server reads what is served again, and its pages ask whether it has.

Each page gets a script that asks for the state every second, loads the page again when it is another, and shows the
errors of a state that cannot be served. Nothing of it is in what is published.
"""

import asyncio
import json
import sys
import uuid
from typing import Any

from ..errors import visible
from ..publication.watching import LOOK_SECONDS, Signature, SourceWatch
from .app import Application, Send
from .http.protection import protected
from .http.request import Receive, Scope

__all__ = ["WatchedApplication"]

#: Where script and state are: no page's address has a full stop at its beginning.
_FOLDER = "/.isoc-kg/"
#: What would have the browser show a page that it had before, or one that no script can be put into.
_HINDERING = frozenset({b"accept-encoding", b"if-none-match", b"if-modified-since", b"range", b"if-range"})
_LOCAL = frozenset({"127.0.0.1", "localhost", "[::1]"})
_MOST = 20_000  # characters of the errors that a page shows
_SCRIPT = """\
"use strict";
(() => {
  const own = document.currentScript;
  const state = own.dataset.state;
  let box = null;
  const show = (text) => {
    if (!text) {
      box?.remove();
      box = null;
      return;
    }
    if (!box) {
      box = document.createElement("pre");
      box.setAttribute("role", "alert");
      box.setAttribute("tabindex", "0");
      const style = {
        position: "sticky", top: "0", "z-index": "1000", margin: "0", padding: "1rem", "max-height": "50vh",
        overflow: "auto", "white-space": "pre-wrap", background: "#7a0c0c", color: "#ffffff", font: "14px monospace",
      };
      for (const [name, value] of Object.entries(style)) box.style.setProperty(name, value);
      document.body.prepend(box);
    }
    if (box.textContent !== text) box.textContent = text;
  };
  const ask = async () => {
    try {
      const answer = await (await fetch(new URL("state", own.src), { cache: "no-store" })).json();
      if (answer.state !== state) {
        location.reload();
        return;
      }
      show(answer.error);
    } catch {
      // the server is not there at the moment
    }
    setTimeout(ask, 1000);
  };
  ask();
})();
"""


class WatchedApplication:
    """An application whose pages follow the files that it serves."""

    def __init__(self, app: Application, watch: SourceWatch, seen: Signature) -> None:
        self._app = app
        self._watch = watch
        self._seen = seen
        self._run = uuid.uuid4().hex[:12]

    async def follow(self) -> None:
        """Have it read again after each change, and say on stderr why it cannot be served; without end."""
        before, told = self._seen, self._app.unserved
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            now = await asyncio.to_thread(self._watch.signature)
            if now != self._seen and now == before:
                self._seen = now
                self._app.reload()
            before = now
            if self._app.unserved is not told:
                told = self._app.unserved
                if told is not None:
                    sys.stderr.write(f"{visible(told)}\n")
                    sys.stderr.flush()

    def quick(self, *_: Any) -> None:
        """No response is ready: each page gets its script first."""

    @property
    def state(self) -> str:
        """A name of what is served now."""
        return f"{self._run}-{self._app.states}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI 3."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start = self._app.root + _FOLDER
        if scope["path"] in (f"{start}state", f"{start}watch.js"):
            await self._own(scope, send)
            return
        headers = [field for field in scope["headers"] if field[0].lower() not in _HINDERING]
        await self._app({**scope, "headers": headers}, receive, self._with_script(send))

    def _with_script(self, send: Send) -> Send:
        """What sends a page with the script in it, and all else as it is."""
        tag = f'<script src="{self._app.root}{_FOLDER}watch.js" data-state="{self.state}"></script>\n</body>'.encode()
        head: dict[str, Any] | None = None
        parts: list[bytes] = []

        async def sending(message: dict[str, Any]) -> None:
            nonlocal head
            if message["type"] == "http.response.start":
                kind = dict(message["headers"]).get(b"content-type", b"")
                if not kind.startswith(b"text/html"):
                    await send(message)
                    return
                head = message
            elif head is None:
                await send(message)
            else:
                parts.append(message.get("body", b""))
                if message.get("more_body"):
                    return
                page = b"".join(parts)
                before, mark, after = page.rpartition(b"</body>")
                page = before + tag + after if mark else page
                left_out = (b"content-length", b"cache-control", b"etag", b"last-modified")
                fields = [field for field in head["headers"] if field[0].lower() not in left_out]
                fields += [(b"content-length", str(len(page)).encode()), (b"cache-control", b"no-store")]
                await send({**head, "headers": fields})
                await send({"type": "http.response.body", "body": page})

        return sending

    async def _own(self, scope: Scope, send: Send) -> None:
        """The script, or the state with the errors: for this machine's own pages alone."""
        fields = dict(scope["headers"])
        host = fields.get(b"host", b"").decode("latin-1").rpartition(":")
        status, kind, body = 200, "application/json", b""
        if (host[0] or host[2]) not in _LOCAL or scope["method"] not in ("GET", "HEAD"):
            status, kind, body = 403, "text/plain; charset=utf-8", b"for pages of this machine alone\n"
        elif scope["path"].endswith(".js"):
            kind, body = "text/javascript; charset=utf-8", _SCRIPT.encode()
        else:
            error = self._app.unserved
            shown = visible(error)[:_MOST] if error else None
            body = json.dumps({"state": self.state, "error": shown}).encode()
        headers = protected([("content-type", kind), ("content-length", str(len(body))), ("cache-control", "no-store")])
        encoded = [(name.encode(), value.encode()) for name, value in headers]
        await send({"type": "http.response.start", "status": status, "headers": encoded})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
