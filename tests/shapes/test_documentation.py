"""docs/shapes.md is what the shapes say of themselves.

Write it anew with: python tests/shapes/test_documentation.py
"""

from pathlib import Path

import pyoxigraph as ox

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs" / "shapes.md"
SH = "http://www.w3.org/ns/shacl#"
HEAD = """# Shapes

What the gate asks, shape by shape; made from `shapes/`, and a test holds it current. Every shape and list cell has an
IRI. `tests/shapes/fixtures/` has a file a shape in which each constraint is broken once, and
`python tests/mutate_shapes.py` shows that none can be weakened unnoticed.

All engines give the same report on each; which one is taken for other shapes, and why: docs/validation.md. Shapes are
themselves checked first: by SHACL-SHACL, for missing targets and paths, literals where IRIs belong, patterns that are
none of XPath's; misspelt terms are a warning.
"""


def page() -> str:
    """A table for each file of shapes."""
    text = HEAD
    for path in sorted((ROOT / "shapes").glob("*.ttl")):
        quads = list(ox.parse(path=str(path), format=ox.RdfFormat.TURTLE))
        values: dict[tuple[str, str], list[str]] = {}
        for quad in quads:
            value = quad.object.value if isinstance(quad.object, (ox.NamedNode, ox.Literal)) else ""
            values.setdefault((str(quad.subject), quad.predicate.value.removeprefix(SH)), []).append(value)
        text += f"\n## {path.name}\n\n| shape | of | what it asks |\n| --- | --- | --- |\n"
        for subject in dict.fromkeys(str(quad.subject) for quad in quads):
            targets = [v for kind in ("targetClass", "targetSubjectsOf") for v in values.get((subject, kind), [])]
            if not targets:
                continue
            asked = values.get((subject, "message"), []) + [
                message + (" *(warning)*" if f"{SH}Warning" in values.get((f"<{name}>", "severity"), []) else "")
                for name in values.get((subject, "property"), [])
                for message in values.get((f"<{name}>", "message"), [])
            ]
            of = ", ".join(f"`{target.replace('#', '/').rpartition('/')[2]}`" for target in targets)
            text += f"| {subject.strip('<>').rpartition('#')[2]} | {of} | {' '.join(asked)} |\n"
    return text


def test_the_page_is_current() -> None:
    """Every shape is documented as it is."""
    assert PAGE.read_text(encoding="utf-8") == page()


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
