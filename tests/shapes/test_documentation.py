"""docs/shapes.md is what the shapes say of themselves.

Write it anew with: python tests/shapes/test_documentation.py
"""

from pathlib import Path

import pyoxigraph as ox

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs" / "shapes.md"
SH = "http://www.w3.org/ns/shacl#"
HEAD = """# Shapes

This page lists the SHACL shapes of the shipped publication: the target of each shape, and the messages of its
constraints. It is for authors who get such a message, and for those who write shapes. `build` validates the data; a
violation stops the build, a warning does not.

| file | validates |
| --- | --- |
| `evidence-shapes.ttl` | claims, units, editions and names, in every project |
| `isoc-shapes.ttl` | the facts of the shipped publication |
| `ontology-shapes.ttl` | the ontology of the shipped publication |

- Generated from `shapes/` by `python tests/shapes/test_documentation.py`; a test compares it.
- Every shape and list cell has an IRI.
- `tests/shapes/fixtures/` has one file for each shape, in which each constraint is violated once.
  `python tests/mutate_shapes.py` weakens each constraint and checks that a test fails.
- All engines give the same report on these shapes. [Validation](validation.md) describes the choice of an engine for
  other shapes.
- Shapes are validated before use: by SHACL-SHACL, and for missing targets and paths, literals in place of IRIs, and
  patterns that are not XPath regular expressions. Misspelt terms are a warning.
"""


def _messages(values: dict[tuple[str, str], list[str]], shape: str) -> list[str]:
    """The messages of a shape, and of its queries."""
    own = values.get((shape, "message"), [])
    return own + [
        message for query in values.get((shape, "sparql"), []) for message in values.get((f"<{query}>", "message"), [])
    ]


def page() -> str:
    """A table for each file of shapes."""
    text = HEAD
    for path in sorted((ROOT / "shapes").glob("*.ttl")):
        quads = list(ox.parse(path=str(path), format=ox.RdfFormat.TURTLE))
        values: dict[tuple[str, str], list[str]] = {}
        for quad in quads:
            value = quad.object.value if isinstance(quad.object, (ox.NamedNode, ox.Literal)) else ""
            values.setdefault((str(quad.subject), quad.predicate.value.removeprefix(SH)), []).append(value)
        text += f"\n## {path.name}\n\n| shape | target | requirements |\n| --- | --- | --- |\n"
        for subject in dict.fromkeys(str(quad.subject) for quad in quads):
            targets = [v for kind in ("targetClass", "targetSubjectsOf") for v in values.get((subject, kind), [])]
            if not targets:
                continue
            asked = _messages(values, subject) + [
                message + (" *(warning)*" if f"{SH}Warning" in values.get((f"<{name}>", "severity"), []) else "")
                for name in values.get((subject, "property"), [])
                for message in _messages(values, f"<{name}>")
            ]
            of = ", ".join(f"`{target.replace('#', '/').rpartition('/')[2]}`" for target in targets)
            text += f"| {subject.strip('<>').rpartition('#')[2]} | {of} | {'<br>'.join(asked)} |\n"
    return text


def test_the_page_is_current() -> None:
    """Every shape is documented as it is."""
    assert PAGE.read_text(encoding="utf-8") == page()


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
