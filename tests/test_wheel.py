"""The wheel: installed in an empty environment outside the checkout, it builds the shipped publication."""

import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from material import ROOT


@pytest.mark.slow
def test_the_wheel_builds_the_publication(tmp_path: Path) -> None:
    """`pip install` of the wheel and `isoc-kg build` give the committed files, with the shipped folders inside."""

    def run(*command: str | Path, cwd: Path = tmp_path) -> str:
        done = subprocess.run([*map(str, command)], cwd=cwd, capture_output=True, text=True, check=False)
        if done.returncode and "No matching distribution" in done.stderr:
            pytest.skip("no package index can be reached from here")
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", tmp_path, ROOT)
    (wheel,) = tmp_path.glob("*.whl")
    binaries = environment(tmp_path / "env")
    run(*pip_of(binaries), "install", "--quiet", "--no-compile", wheel)
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "conforms" in run(binaries / "isoc-kg", "build", cwd=empty)
    built = empty / "out" / "isoc-kg.ttl"
    assert built.read_bytes() == (ROOT / "out" / "isoc-kg.ttl").read_bytes()
    assert "2014" in run(binaries / "isoc-kg", "query", "SELECT ?y { id:manrs schema:foundingDate ?y }", cwd=empty)
    run(binaries / "isoc-kg", "init", "mine", "--example", "bakery", cwd=empty)
    run(binaries / "isoc-kg", "build", cwd=empty / "mine")
    run(binaries / "isoc-kg", "publish", "-o", "site", cwd=empty)
    assert (empty / "site" / "scripts" / "oxigraph.wasm").is_file()
    assert (empty / "site" / "id" / "manrs.html").is_file()


def environment(folder: Path) -> Path:
    """An environment with nothing in it, not even pip: the folder of its programs."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    return folder / ("Scripts" if sys.platform == "win32" else "bin")


def pip_of(binaries: Path) -> tuple[str | Path, ...]:
    """The command by which our own pip works on an environment."""
    return sys.executable, "-m", "pip", "--python", binaries / "python"


@pytest.mark.slow
def test_a_wheel_without_npm(tmp_path: Path) -> None:
    """Where npm reaches nothing, or is not to be asked, the wheel is built all the same, without scripts."""
    checkout = tmp_path / "checkout"
    left_out = shutil.ignore_patterns("scripts", "node_modules", ".git", "out", "tests", "__pycache__", ".*_cache")
    shutil.copytree(ROOT, checkout, ignore=left_out)
    pip = list(map(str, pip_of(environment(tmp_path / "env"))))  # what builds is put there once for both
    requires = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]["requires"]
    wheel = [*pip, "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w"]
    hindrances = {"unasked": {"ISOC_KG_NO_SCRIPTS": "1"}, "unreached": {"npm_config_registry": "http://127.0.0.1:9/"}}
    commands = [([*pip, "install", "--quiet", "--no-compile", *requires], {})]
    commands += [([*wheel, str(tmp_path / name), str(checkout)], hindrance) for name, hindrance in hindrances.items()]
    for command, more in commands:
        done = subprocess.run(command, env=os.environ | more, capture_output=True, text=True, check=False)
        if done.returncode and "No matching distribution" in done.stderr:
            pytest.skip("no package index can be reached from here")
        assert done.returncode == 0, done.stdout + done.stderr
    for name in hindrances:
        (made,) = (tmp_path / name).glob("*.whl")
        names = zipfile.ZipFile(made).namelist()
        assert "isoc_kg/rendering/templates/base.html" in names
        assert not [name for name in names if "/scripts/" in name]
