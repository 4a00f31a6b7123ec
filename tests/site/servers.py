"""Real web servers on loopback, each with its own folder and ended by its own process id."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

APACHE = shutil.which("apache2") or shutil.which("apache2", path="/usr/sbin")
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
MODULES = Path("/usr/lib/apache2/modules")


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def get(port: int, path: str, accept: str | None = None, method: str = "GET") -> tuple[int, dict[str, str], bytes]:
    """Status, headers by their lower-case names, body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.putrequest(method, path, skip_accept_encoding=True)
    if accept is not None:
        connection.putheader("Accept", accept)
    connection.endheaders()
    answer = connection.getresponse()
    headers: dict[str, str] = {}
    for name, value in answer.getheaders():
        headers[name.lower()] = f"{headers[name.lower()]}, {value}" if name.lower() in headers else value
    body = answer.read()
    connection.close()
    return answer.status, headers, body


@contextmanager
def _running(command: list[str], port: int) -> Iterator[int]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        for _ in range(200):
            if process.poll() is not None:
                assert process.stderr is not None
                raise AssertionError(process.stderr.read().decode())
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.03)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)
        if process.stderr:
            process.stderr.close()


@contextmanager
def apache(folder: Path, work: Path) -> Iterator[int]:
    """Apache serving a folder that may bring its own `.htaccess`."""
    port = free_port()
    names = ("mpm_event", "authz_core", "rewrite", "headers", "mime", "dir", "negotiation", "alias", "env")
    loads = "\n".join(
        f"LoadModule {name}_module {MODULES / f'mod_{name}.so'}"
        for name in names
        if (MODULES / f"mod_{name}.so").is_file()
    )
    user = "User www-data\nGroup www-data\n" if os.geteuid() == 0 else ""
    (work / "apache.conf").write_text(
        f"{loads}\n{user}ServerRoot {work}\nServerName localhost\nListen 127.0.0.1:{port}\nPidFile {work}/apache.pid\n"
        f"DefaultRuntimeDir {work}\nMutex posixsem\n"
        f"ErrorLog {work}/apache.log\nTypesConfig /dev/null\n"
        f"DocumentRoot {folder}\n<Directory {folder}>\nAllowOverride All\nOptions FollowSymLinks\n"
        "Require all granted\n</Directory>\n"
    )
    _readable(work, folder)
    with _running([APACHE or "", "-X", "-f", str(work / "apache.conf")], port) as at:
        yield at


@contextmanager
def nginx(folder: Path, work: Path, rules: Path) -> Iterator[int]:
    """Nginx serving a folder, with the two files of rules included."""
    port = free_port()
    user = "user www-data;\n" if os.geteuid() == 0 else ""
    (work / "nginx.conf").write_text(
        f"{user}daemon off;\nmaster_process off;\npid {work}/nginx.pid;\nerror_log {work}/nginx.log;\nevents {{}}\n"
        f"http {{\naccess_log off;\n"
        f"client_body_temp_path {work}/b; proxy_temp_path {work}/p; fastcgi_temp_path {work}/f;\n"
        f"uwsgi_temp_path {work}/u; scgi_temp_path {work}/s;\ninclude {rules}/nginx-map.conf;\n"
        f"server {{ listen 127.0.0.1:{port}; root {folder}; index index.html; include {rules}/nginx-site.conf; }}\n}}\n"
    )
    _readable(work, folder)
    with _running([NGINX or "", "-p", str(work), "-c", str(work / "nginx.conf")], port) as at:
        yield at


def _readable(*folders: Path) -> None:
    """Servers that run as somebody else can reach the folders."""
    if os.geteuid() != 0:
        return
    for folder in folders:
        for parent in (folder, *folder.parents):
            if parent.stat().st_uid == os.geteuid() and str(parent) != "/":
                parent.chmod(parent.stat().st_mode | 0o755)
