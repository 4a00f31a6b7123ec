"""Writing the site: every page, its data and what hosts need, whole or not at all."""

import hashlib
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..atomic import MANIFEST, Building, building_folder
from ..errors import OutputError, UsageError
from ..limits.garbage import rare_collection
from ..project import Project
from ..rendering.data_files import data_formats
from ..rendering.discovery import discovery_files
from ..rendering.fingerprints import Fingerprints
from ..rendering.overview import bundles
from ..rendering.pages import Bundle
from ..rendering.renderer import Renderer
from ..rendering.things import ThingBundle
from ..rendering.vicinity import Vicinity
from .records import Records, Rendered
from .rules import rule_files
from .workers import render_bundles

__all__ = ["PublishedSite", "publish", "refuse_other_site"]

#: Fingerprints of what was rendered, for the next run; beside the manifest, and as little a page as that is.
_FINGERPRINTS = ".isoc-kg.pages"
#: The member of the manifest that names the publication.
_PUBLICATION = "publication"


@dataclass(frozen=True, slots=True)
class PublishedSite:
    """What was written."""

    target: Path
    pages: int
    files: int
    changed: tuple[str, ...]
    kept: int  #: bundles that were taken over unrendered


def publication_name(project: Project) -> str:
    """What tells a publication's sites from others': its base IRI; nothing for RDF that no project publishes."""
    return project.base if project.mints else ""


def refuse_other_site(target: Path, project: Project) -> None:
    """Raise `OutputError` where the folder has the site of another publication, which would be replaced."""
    try:
        about = json.loads((target / MANIFEST).read_bytes())["about"]
        other = about[_PUBLICATION]
    except (OSError, ValueError, LookupError, TypeError):
        return  # no site, or one whose maker did not name the publication
    if other != publication_name(project):
        named = other or "RDF data without a project"
        raise OutputError(
            f"this is the site of another publication ({named}). It is left as it is.",
            file=target,
            advice="Name another folder, or give --replace to publish in its place.",
        )


def publish(
    renderer: Renderer,
    target: Path,
    data: Mapping[str, bytes],
    *,
    processes: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> PublishedSite:
    """Write the site of a publication with the data files given (path → bytes).

    What an earlier run rendered from the same data, templates and settings is taken over unrendered. Raises
    `OutputError` when the target is not ours to replace, `UsageError` when two pages meet at one path.
    """
    with rare_collection():  # in this process and its children
        return _publish(renderer, target, data, processes, progress)


def _publish(
    renderer: Renderer,
    target: Path,
    data: Mapping[str, bytes],
    processes: int | None,
    progress: Callable[[int, int], None] | None,
) -> PublishedSite:
    everything = list(bundles(renderer))
    _refuse_collisions(everything)
    frame = _frame(renderer)
    project = renderer.project
    about = {
        "version": project.version or "",
        "digest": renderer.material.digest,
        "host": renderer.host,
        _PUBLICATION: publication_name(project),
    }
    rendered = Rendered()
    kept = 0
    with building_folder(target, about, again=True) as building:
        vicinity = _vicinity(renderer, everything)
        around = (
            hashlib.sha256(frame + vicinity.surroundings + _room("evidence.retrieval")).digest() if vicinity else b""
        )
        before = _before(building, everything)
        same = around != b"" and before.surroundings == around.hex()
        untouched = vicinity.untouched(before.marks()) if vicinity and same else ()
        for bundle in everything:
            if untouched and isinstance(bundle, Bundle) and bundle.parts:
                bundle.parts.know(lambda name: Path(target, name).read_bytes(), untouched)
        done, total = 0, sum(bundle.fingerprint is not None for bundle in everything)
        for result in render_bundles(building, everything, before, frame, processes, untouched):
            rendered.take(result.rendered, len(building.names))
            building.took(result.names, result.changed)
            kept += result.kept
            done += len(result.rendered)
            if progress:
                progress(done, total)
        written = set(building.names)
        pages = [name for name in building.names if name.endswith(".html")]
        for name, content in _other_files(renderer, data, pages).items():
            if name not in written:
                building.put(name, content)
        marks = vicinity.marks if vicinity else {}
        building.put(_FINGERPRINTS, b"".join(rendered.text(building.names, around, marks)))
        files = len(building.names)
    return PublishedSite(Path(building.target), len(pages), files, tuple(building.changed), kept)


def _other_files(renderer: Renderer, data: Mapping[str, bytes], pages: Sequence[str]) -> dict[str, bytes]:
    """What stands beside the pages: data, theme, what discovery needs, rules for hosts."""
    files = dict(data)
    files |= {name: renderer.theme.content(name) for name in renderer.theme.files}
    files |= dict(discovery_files(renderer, pages))
    files |= rule_files(renderer.project, renderer.host)
    if "dataset.ttl" in files:
        files["void.ttl"] = files[".well-known/void"] = files["dataset.ttl"]
    return files


def _refuse_collisions(everything: Sequence[Bundle | ThingBundle]) -> None:
    seen: set[str] = set()
    for bundle in everything:
        if bundle.key in seen:
            raise UsageError(
                f"two pages would stand at {bundle.key}.html.", advice="Give one of the things another IRI."
            )
        seen.add(bundle.key)


def _frame(renderer: Renderer) -> bytes:
    """A digest over what every page shows besides its data."""
    digest = hashlib.sha256(renderer.theme.digest)
    digest.update(repr(sorted(vars(renderer.site).items())).encode())
    project = renderer.project
    shown = (renderer.host, renderer.material.context, project.names, sorted(project.prefixes.items()))
    digest.update(repr(shown).encode())
    order = renderer.order
    digest.update(repr((sorted(order.ranks.items()), sorted(order.terms.items()), data_formats(project))).encode())
    digest.update(repr(sorted(renderer.section_of.items())).encode())  # where links to units lead
    for room in ("rendering", "publication", "wording"):
        digest.update(_room(room))
    for term in renderer.index.terms:
        digest.update(repr((renderer.index.name_of(term), renderer.index.scope_notes(term))).encode())
    return digest.digest()


def _room(name: str) -> bytes:
    """A digest over the modules of a room."""
    modules = sorted(Path(sys.modules[f"isoc_kg.{name}"].__path__[0]).glob("*.py"))
    return hashlib.sha256(b"".join([module.read_bytes() for module in modules])).digest()


def _vicinity(renderer: Renderer, everything: Sequence[Bundle | ThingBundle]) -> Vicinity | None:
    """The vicinities of all things; None where they do not tell everything."""
    things = {bundle.key: bundle.token for bundle in everything if isinstance(bundle, ThingBundle)}
    vicinity = Vicinity(Fingerprints(renderer.index, renderer.alike), things)
    return vicinity if vicinity.known else None


def _before(building: Building, everything: Sequence[Bundle | ThingBundle]) -> Records:
    """What bundles were rendered from in the run that wrote the site."""
    if _FINGERPRINTS not in building.old:
        return Records()
    text = Path(building.target, _FINGERPRINTS).read_bytes()
    return Records(text, (bundle.key for bundle in everything))
