"""The wheel: installed in an empty environment outside the checkout, it builds the shipped publication."""

import os
import shutil
import subprocess
import sys
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
    run(sys.executable, "-m", "venv", tmp_path / "env")
    binaries = tmp_path / "env" / ("Scripts" if sys.platform == "win32" else "bin")
    run(binaries / "python", "-m", "pip", "install", "--quiet", wheel)
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


@pytest.mark.slow
@pytest.mark.parametrize("hindrance", [{"ISOC_KG_NO_SCRIPTS": "1"}, {"npm_config_registry": "http://127.0.0.1:9/"}])
def test_a_wheel_without_npm(tmp_path: Path, hindrance: dict[str, str]) -> None:
    """Where npm reaches nothing, the wheel is built all the same, without scripts."""
    checkout = tmp_path / "checkout"
    left_out = shutil.ignore_patterns("scripts", "node_modules", ".git", "out", "tests", "__pycache__", ".*_cache")
    shutil.copytree(ROOT, checkout, ignore=left_out)
    done = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", str(tmp_path), str(checkout)],
        env=os.environ | hindrance,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode and "No matching distribution" in done.stderr:
        pytest.skip("no package index can be reached from here")
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert "isoc_kg/rendering/templates/base.html" in names
    assert not [name for name in names if "/scripts/" in name]
