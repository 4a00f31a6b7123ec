"""A real browser, and a web server on loopback that serves a folder as a host without rules would."""

import functools
import http.server
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).parent
#: A Chromium: the one that the environment names, else what the machine has.
CHROMIUM = os.environ.get("ISOC_KG_BROWSER") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
#: Without network traffic of its own; without a sandbox, which containers do not allow.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = HERE / "node_modules/axe-core/axe.min.js"
NU = HERE / "node_modules/vnu-jar/build/dist/vnu.jar"


class _Files(http.server.SimpleHTTPRequestHandler):
    extensions_map = {  # noqa: RUF012 – the standard library's way
        **http.server.SimpleHTTPRequestHandler.extensions_map,
        ".wasm": "application/wasm",
        ".nq": "application/n-quads",
        ".ttl": "text/turtle",
        ".jsonld": "application/ld+json",
    }

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


#: Runs axe's rules, and gives how many pass and what breaks some: all that it looked at takes longer to hand over.
RUN_AXE = """rules => axe.run({runOnly: rules, resultTypes: ["violations"]})
  .then(found => ({passes: found.passes.length, violations: found.violations}))"""
#: The rules whose findings depend on colours, which are all that sets the dark scheme apart from the light one.
COLOUR_RULES = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}


@contextmanager
def served(folder: Path, missing: str = "404.html") -> Iterator[str]:
    """The address at which a folder is served; for what is not there a page of it is given, as hosts do."""

    class Files(_Files):
        def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
            page = folder / missing
            if code != 404 or not page.is_file():
                super().send_error(code, message, explain)
                return
            self.send_response(404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page.read_bytes())

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Files, directory=str(folder)))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
