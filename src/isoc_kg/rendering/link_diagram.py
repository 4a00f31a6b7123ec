"""Small drawings that stand in a page as SVG: no script, no style, legible in both themes."""

from markupsafe import Markup, escape

from .index import Resource
from .pages import Renderer

__all__ = ["neighbourhood"]

_WIDTH, _ROW, _EDGE = 400, 26, 158
_LONGEST = 19  #: characters of a name that are shown


def neighbourhood(renderer: Renderer, root: str, token: bytes, resource: Resource, most: int) -> Markup:
    """What links to a resource on the left, what it links to on the right; nothing when it stands alone."""
    index = renderer.index
    left = [subject for _, _, subjects in resource.incoming for subject in subjects if subject != token]
    right = [
        statement.object
        for statement in resource.statements
        if statement.object in index.paged and statement.object != token
        and statement.object not in index.terms
    ]  # fmt: skip
    left, right = list(dict.fromkeys(left))[: most // 2], list(dict.fromkeys(right))[: most // 2]
    if not left and not right:
        return Markup("")
    rows = max(len(left), len(right), 2)
    height = rows * _ROW + 12
    middle = height / 2
    parts = [f'<svg class="neighbours" viewBox="0 0 {_WIDTH} {height}" role="group" aria-labelledby="neighbourhood">']
    for side, members in (("in", left), ("out", right)):
        start = (rows - len(members)) * _ROW / 2 + _ROW / 2 + 6
        for number, member in enumerate(members):
            y = start + number * _ROW
            x = _EDGE if side == "in" else _WIDTH - _EDGE
            bend = x + (26 if side == "in" else -26)
            parts.append(f'<path d="M{x} {y:g}C{bend} {y:g} {bend} {middle:g} {_WIDTH // 2} {middle:g}"/>')
            anchor, at = ("end", x - 6) if side == "in" else ("start", x + 6)
            name, _ = index.name_of(member)
            href = escape(renderer.href(root, member.decode()[1:-1]))
            # the whole name where the picture has no room for it
            title = f"<title>{escape(name)}</title>" if len(name) > _LONGEST else ""
            shown = f"{name[: _LONGEST - 1].rstrip()}…" if title else name
            text = f'<text x="{at}" y="{y + 4:g}" text-anchor="{anchor}">{escape(shown)}</text>'
            parts.append(f'<a href="{href}">{title}{text}</a>')
    parts.append(f'<circle cx="{_WIDTH // 2}" cy="{middle:g}" r="7"/></svg>')
    return Markup("".join(parts))  # noqa: S704 – every text and address in it is escaped above
