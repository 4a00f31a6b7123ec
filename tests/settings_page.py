"""The page docs/settings.md: every key of `kg.toml`, out of the code that reads it.

`python tests/settings_page.py` writes the page anew.
"""

import ast
import inspect
import re
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields
from pathlib import Path
from types import ModuleType
from typing import Any

from isoc_kg import limits
from isoc_kg.project import project, reader, settings
from isoc_kg.project.authority_lists import ACCESS_RIGHTS, PUBLISHER_TYPES, THEMES
from isoc_kg.project.checks import KINDS

PAGE = Path(__file__).parents[1] / "docs" / "settings.md"
INTRODUCTION = """# Settings

This page lists every key of `kg.toml`. It is for authors, publishers and operators; [authoring](authoring.md),
[site](site.md) and [server](server.md) describe the use of the keys. It is generated from the code that reads them.

- A key that is not listed is refused, with its line and the most similar key.
- Paths are relative to the folder of `kg.toml`.
- IRIs of terms may be prefixed names.
"""
#: Keys of tables in `kg.toml` → attributes of `Project`, where they are called otherwise.
OTHER_NAMES = {"document": "documents", "entailment": "entailed", "prefixes": "own_prefixes"}
#: Tables whose keys are the project's own, or lists of terms: an example of each.
EXAMPLES = {
    "imports": '"https://example.org/base" = "ontology/imports/base.ttl"',
    "terms": 'allow = ["schema:newTerm", "https://example.org/ns#"]',
    "entailment": 'terms = ["skos:Concept", "org:purpose"]',
    "words": (
        '"schema:foundingDate" = ["established", "founded", "since"]\n'
        '"schema:startDate" = { en = ["start date", "held on"], de = ["findet statt"] }'
    ),
    "annotations": 'allow = ["dcterms:subject"]',
    "schemes": '"ex:Topic" = "topics"',
    "prefixes": 'ex = "https://example.org/ontology#"',
}
#: Lists that comments name.
LISTS = {
    "PROVENANCE": settings.PROVENANCE,
    "SITE_FORMATS": settings.SITE_FORMATS,
    "THEMES": tuple(THEMES),
    "ACCESS_RIGHTS": tuple(ACCESS_RIGHTS),
    "PUBLISHER_TYPES": tuple(PUBLISHER_TYPES),
}
#: Values that depend on the machine.
MACHINE = {
    "workers": "number of processors, at least 2",
    "long_queries": "half the number of processors, at least 1",
    "file_triples": "half of the machine's memory at 1.5 kB each",
}


def comments(module: ModuleType, name: str) -> dict[str, str]:
    """What the source says of each field of a class: behind it, or in the lines before."""
    source = inspect.getsource(module)
    lines = source.splitlines()
    found = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef) and node.name == name:
            for field in node.body:
                if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
                    before = []
                    number = field.lineno - 2
                    while lines[number].strip().startswith("#:"):
                        before.insert(0, lines[number].strip()[2:].strip())
                        number -= 1
                    own = [line.partition("#:")[2].strip() for line in lines[field.lineno - 1 : field.end_lineno]]
                    found[field.target.id] = " ".join(filter(None, [*before, *own]))
    return found


def written(value: Any) -> str:
    """A value as TOML has it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, tuple):
        return f"[{', '.join(map(written, value))}]"
    return f"{value:_}" if isinstance(value, int) else str(value)


def default(field: Field[Any]) -> str:
    """What holds where a key is not set."""
    if field.name in MACHINE:
        return MACHINE[field.name]
    if field.default not in (MISSING, None, ()) and field.default != "":
        return f"`{written(field.default)}`"
    return ""


def rows(keys: Mapping[str, str], class_: type, module: ModuleType) -> Iterator[str]:
    """A table of keys: what each is and what holds without it."""
    known = {field.name: field for field in fields(class_)}
    told = comments(module, class_.__name__)
    yield "| key | value | default |"
    yield "| --- | --- | --- |"
    for key, kind in keys.items():
        field = known[OTHER_NAMES.get(key, key)]
        optional = kind.startswith("optional ")
        form = KINDS[kind.removeprefix("optional ")][1] if kind else ""
        text = told[field.name]
        assert text, f"nothing is said of {class_.__name__}.{key}"
        for name, values in LISTS.items():
            text = text.replace(f"`{name}`", ", ".join(f"`{value}`" for value in values))
        value = "; ".join(filter(None, [text[0].upper() + text[1:], form]))
        without = default(field) or ("" if optional or not kind else "**must be set**")
        yield f"| `{key}` | {value} | {without} |".replace("|  |", "| |")


def plain(class_: type) -> dict[str, str]:
    """The keys of a class that are all optional."""
    return {field.name: "" for field in fields(class_)}


def page() -> str:
    """The whole page."""
    tables = ("table", "tables")
    top = {key: kind for key, kind in reader._KEYS.items() if kind not in tables}
    parts = [INTRODUCTION, *rows(top, project.Project, project), ""]
    document = {key: kind for key, kind in reader._DOCUMENT_KEYS.items() if key != "units"}
    sections: dict[str, tuple[Mapping[str, str], type, ModuleType]] = {
        "[document]": (document, settings.DocumentSource, settings),
        "document.units": (plain(settings.UnitSettings), settings.UnitSettings, settings),
        "publisher": ({"name": "text", "iri": "", "type": ""}, settings.Publisher, settings),
    }
    for name, class_ in (
        ("contact", settings.Contact),
        ("catalogue", settings.CatalogueSettings),
        ("site", settings.SiteSettings),
        ("names", settings.NameProperties),
        ("review", settings.ReviewSettings),
        ("evidence", settings.EvidenceSettings),
        ("folders", settings.Folders),
    ):
        sections[name] = (plain(class_), class_, settings)
    for name, limited in (("limits", limits.Limits), ("server", limits.ServerLimits)):
        sections[name] = (plain(limited), limited, limits)
    about = comments(project, "Project")
    for name, example in EXAMPLES.items():
        text = about[OTHER_NAMES.get(name, name)]
        parts += [f"## [{name}]", "", f"{text[0].upper()}{text[1:]}.", "", "```toml", f"[{name}]", example, "```", ""]
    for name, (keys, class_, module) in sections.items():
        first = (class_.__doc__ or "").split("\n\n")[0].replace("\n    ", " ")
        first = re.sub(r",? under `\[[a-z]+\]`(?: of `kg.toml`)?", "", first).replace(
            "; codes are those of `authority_lists`", ""
        )
        parts += [f"## [{name}]", "", first, "", *rows(keys, class_, module), ""]
    missing = reader._KEYS.keys() - top.keys() - EXAMPLES.keys() - {name.strip("[]") for name in sections}
    assert not missing, f"tables that the page does not have: {missing}"
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
