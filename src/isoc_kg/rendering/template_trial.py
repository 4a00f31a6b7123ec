"""A project's own templates, tried before anybody asks for what they make: with a page of each kind."""

from collections import Counter
from collections.abc import Mapping

from .pages import Bundle
from .renderer import Renderer
from .request_pages import render_request_pages
from .things import ThingBundle

__all__ = ["try_templates"]

_PAGES_OF_A_KIND = 2
_THINGS = 20  #: of as many classes as possible


def try_templates(renderer: Renderer, bundles: Mapping[str, Bundle | ThingBundle]) -> None:
    """Compile each template and render pages of each kind; a theme without templates of its own passes.

    Those that only a request has, such as errors and answers, are rendered with examples.

    Raises `ProjectError` with file and line of what fails, takes too long, or makes what is refused.
    """
    if not renderer.theme.own:
        return
    renderer.theme.compile_all()
    render_request_pages(renderer)
    tried: Counter[object] = Counter()
    for key, bundle in bundles.items():
        if isinstance(bundle, ThingBundle):
            index = bundle.things.renderer.index
            # what is withdrawn shows so, and things of one class mostly show the same
            kind: object = (bundle.token in index.withdrawn, tuple(index.types.get(bundle.token, ()))[:1])
            if not tried[kind] and tried[ThingBundle] < _THINGS:
                tried[kind] += 1
                tried[ThingBundle] += 1
                bundle.things.page(bundle.token, key)
        elif not key.startswith("data/"):
            folder = key.rpartition("/")[0]
            kind = (
                "/".join(folder.split("/")[:2]) if folder and not folder.startswith("document/") else folder[:9] or key
            )
            if tried[kind] < _PAGES_OF_A_KIND:
                tried[kind] += 1
                bundle.render()
