"""The pages of data that are asked by SPARQL and never read as a whole: an index of the lines around one resource.

What a page shows lies close to its resource: its statements, the claims on them with their units, the links to it, and
the names of all these. A few queries fetch those lines, and an `Index` of them renders the page that an index of
everything would.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from ..authoring.annotations import CONTRADICTING, SUPPORTING
from ..authoring.vocabulary import DESCRIPTIONS, NameOrder
from ..errors import LimitExceeded
from ..namespaces import DCTERMS, EV, OA, OWL, RDF, RDFS, SCHEMA, SKOS
from ..project import Project
from ..query.evaluator import Evaluator
from ..rdf.lines import iri, literal, sort_lines, split, without_graph
from ..rdf.tokens import PART_TOKENS, iri_token, is_iri, is_literal, term_token
from .index import PROVENANCE, Index
from .scope_notes import SCOPE_NOTE, terms_named
from .structured_data import NESTED

__all__ = ["MOST_LINKS", "class_index", "classes", "members", "resource_index", "subject_of"]

#: A solution: variable → its term as a canonical N-Triples token; what is unbound is not in it.
_Solution = Mapping[str, bytes]
#: Links to a resource that are fetched. Where there are more, the page says that it does not know how many.
MOST_LINKS = 1_000
_MOST_UNITS = 50_000  #: links to an edition, each of whose units is one
_MOST_STATEMENTS = 20_000
_AT_ONCE = 200  #: resources whose names one query asks for
_LONGEST_NAME = 10_000  #: characters of a text about a thing that is mentioned; one with a longer name has none
_MOST_NAMES = 4_000  #: lines about things that are mentioned which are read at once; one with more has no name
_TYPE = iri_token(RDF.type)
#: Beside its name, wherever a thing is mentioned.
_SHOWN = (RDF.type, OWL.deprecated, DCTERMS.isReplacedBy, SKOS.scopeNote)
_VERSION_OF = iri_token(DCTERMS.isVersionOf)
#: What is known of an edition, or of a document, besides its name and where it is from.
_OF_EDITION = (
    *(iri_token(name) for name in (RDF.type, SCHEMA.version, SCHEMA.sha256, SCHEMA.about, RDFS.label)),
    *(iri_token(DCTERMS.iri + name) for name in ("title", "isVersionOf", "isReplacedBy", "language", "rights")),
)
_DISPUTING = frozenset(map(iri_token, (*CONTRADICTING, EV.conflictsWith)))
_EVIDENCE = tuple(iri_token(name) for name in (*SUPPORTING, *CONTRADICTING))


def resource_index(
    evaluator: Evaluator, project: Project, token: bytes, ontology: Index, *, most_links: int = MOST_LINKS
) -> Index | None:
    """An index that renders the page of the resource; None when nothing is said about it.

    `ontology` is the index of the ontology's own lines, which name properties and classes. Raises `LimitExceeded` for
    what no page can hold, and whatever the evaluator raises.
    """
    statements = _lines(evaluator, f"{{ {token.decode()} ?p ?o }}", s=token)
    if not statements and not _subjects(evaluator, f"?s {PART_TOKENS[0].decode()} {token.decode()}"):
        return None  # else its claims tell what was said of it
    own = token[:-1] + b"#"
    links, counted = _links(evaluator, token, most_links)
    if not counted and any(line.startswith(own) for line in links):
        links, counted = _links(evaluator, token, _MOST_UNITS)
        if not counted:
            raise LimitExceeded(f"it has more than {_MOST_UNITS:,} units.", advice="Ask for a part by SPARQL.")
    claim_start = f"<{project.ids.claims}".encode()
    links = [line for line in links if not line.startswith(claim_start)]
    units = {_unit(split(line)[0]) for line in links if line.startswith(own)}
    claims = [line for line in _claims(evaluator, token, units) if line.startswith(claim_start)]
    told = _told(claims)
    units |= {unit for _, found in told.values() for unit in found}
    lines = [*statements, *claims, *_units(evaluator, units), *_nested(evaluator, project, statements)]
    links = [line for line in links if not line.startswith(own)]
    lines += _disputed(evaluator, claims, told)
    lines += _provenance(evaluator, {unit.partition(b"#")[0] + b">" for unit in units} - {token})
    ontology_graph = iri_token(project.ids.graph("ontology"))
    # what only the ontology says of something that has no page there is said here
    lines = [without_graph(line, graph) if (graph := split(line)[3]) == ontology_graph else line for line in lines]
    mentioned = (
        _mentioned(lines)
        | _mentioned(_shown(links, Index.most_incoming))
        | {part for parts, _ in told.values() for part in parts if is_iri(part)}
    )
    mentioned |= {unit.partition(b"#")[0] + b">" for unit in units}
    # what no page names, but words of the page depend on
    lines += _editions(evaluator) if units else ()
    lines += _disputes(evaluator, map(project.ids.claim, _shown(map(_triple, links), Index.most_incoming)))
    index = _named(
        evaluator, project, lines + links, mentioned - {token}, ontology, (*project.names.labels, *_SHOWN), claimed=True
    )
    index.claimed = {b"%s %s %s .\n" % parts: iri(claim) for claim, (parts, _) in told.items() if len(parts) == 3}
    index.counted = counted
    return index


def classes(evaluator: Evaluator) -> list[tuple[bytes, int]]:
    """Each class with how many things it has, the largest first. It takes long where there are many."""
    rows = _rows(evaluator, f"SELECT ?c (COUNT(DISTINCT ?s) AS ?n) {{ ?s {_TYPE.decode()} ?c }} GROUP BY ?c")
    found = [(row["c"], int(row["n"].split(b'"')[1])) for row in rows if is_iri(row.get("c", b""))]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))


def members(evaluator: Evaluator, class_: bytes, start: int, most: int) -> list[bytes]:
    """Things of a class, so many from one on, in the store's own order."""
    text = f"SELECT DISTINCT ?s {{ ?s {_TYPE.decode()} {class_.decode()} }} OFFSET {start} LIMIT {most}"
    return [row["s"] for row in _rows(evaluator, text) if is_iri(row["s"])]


def class_index(evaluator: Evaluator, project: Project, things: Collection[bytes], ontology: Index) -> Index:
    """An index of what a list says of these things."""
    properties = (*NameOrder(project).properties, *DESCRIPTIONS, *_SHOWN)
    return _named(evaluator, project, [], set(things), ontology, properties)


def subject_of(evaluator: Evaluator, claim: bytes) -> bytes | None:
    """The subject of the statement that a claim is about."""
    rows = _rows(evaluator, f"SELECT ?s {{ {claim.decode()} {PART_TOKENS[0].decode()} ?s }} LIMIT 1")
    return rows[0]["s"] if rows else None


# -- what is asked -------------------------------------------------------------


def _rows(evaluator: Evaluator, text: str) -> list[_Solution]:
    """Every solution of a query."""
    variables, rows = evaluator.select(text)
    return [
        {name: term_token(term) for name, term in zip(variables, row, strict=True) if term is not None} for row in rows
    ]


def _everywhere(pattern: str) -> str:
    """A pattern in the default graph and in all named ones, since their union need not be the default."""
    return f"{{ {pattern} }} UNION {{ GRAPH ?g {{ {pattern} }} }}"


def _lines(evaluator: Evaluator, pattern: str, most: int = _MOST_STATEMENTS, **known: bytes) -> list[bytes]:
    """The quads that a pattern of `?s`, `?p`, `?o` finds."""
    rows = _rows(evaluator, f"SELECT DISTINCT ?g ?s ?p ?o {{ {_everywhere(pattern)} }} LIMIT {most + 1}")
    if len(rows) > most:
        raise LimitExceeded(f"more than {most:,} statements are around it.", advice="Ask for a part of them by SPARQL.")
    return _whole({**row, **known} for row in rows)


def _whole(rows: Iterable[_Solution]) -> list[bytes]:
    """Rows as lines, those without a graph left out where the same triple stands in a named one."""
    found = {(row["s"], row["p"], row["o"], row.get("g", b"")) for row in rows if row.keys() >= {"s", "p", "o"}}
    named = {row[:3] for row in found if row[3]}
    return sort_lines(
        [
            b"%s %s %s %s .\n" % row if row[3] else b"%s %s %s .\n" % row[:3]
            for row in found
            if row[3] or row[:3] not in named
        ]
    )


def _links(evaluator: Evaluator, token: bytes, most: int) -> tuple[list[bytes], bool]:
    """The lines whose object a resource is, and whether those are all."""
    rows = _rows(evaluator, f"SELECT ?g ?s ?p {{ {_everywhere(f'?s ?p {token.decode()}')} }} LIMIT {2 * most + 1}")
    return _whole({**row, "o": token} for row in rows), len(rows) <= 2 * most


def _shown(links: Iterable[bytes], most: int) -> Iterator[bytes]:
    """Of links in order, those that a page shows: so many of each property."""
    count: dict[bytes, int] = {}
    for line in links:
        predicate = line.split(b" ", 2)[1]
        if predicate != _TYPE:
            count[predicate] = count.get(predicate, 0) + 1
            if count[predicate] <= most:
                yield line


def _claims(evaluator: Evaluator, token: bytes, units: Collection[bytes]) -> list[bytes]:
    """The lines of the claims about a resource, and of those that rest on the units."""
    # what is derived of a claim is in another graph than the claim, so no pattern reads both
    found = _subjects(evaluator, f"?s {PART_TOKENS[0].decode()} {token.decode()}")
    kinds = " ".join(name.decode() for name in _EVIDENCE)
    for part in _parts(units):
        found |= _subjects(evaluator, f"VALUES ?u {{ {part} }} VALUES ?e {{ {kinds} }} ?s ?e ?u")
    return sort_lines(
        [line for part in _parts(found) for line in _lines(evaluator, f"VALUES ?s {{ {part} }} ?s ?p ?o")]
    )


def _subjects(evaluator: Evaluator, pattern: str, most: int = _MOST_STATEMENTS) -> set[bytes]:
    """The IRIs that a pattern finds as `?s`."""
    rows = _rows(evaluator, f"SELECT DISTINCT ?s {{ {_everywhere(pattern)} }} LIMIT {most + 1}")
    if len(rows) > most:
        raise LimitExceeded(f"more than {most:,} statements are around it.", advice="Ask for a part of them by SPARQL.")
    return {row["s"] for row in rows if is_iri(row["s"])}


def _told(claims: Iterable[bytes]) -> dict[bytes, tuple[tuple[bytes, ...], set[bytes]]]:
    """Claim → the three terms it is about, and its units."""
    parts: dict[bytes, dict[bytes, bytes]] = {}
    units: dict[bytes, set[bytes]] = {}
    for line in claims:
        claim, predicate, object_, _ = split(line)
        if predicate in PART_TOKENS:
            parts.setdefault(claim, {})[predicate] = object_
        elif predicate in _EVIDENCE:
            units.setdefault(claim, set()).add(object_)
    return {
        claim: (tuple(found[part] for part in PART_TOKENS if part in found), units.get(claim, set()))
        for claim, found in parts.items()
    }


def _disputed(
    evaluator: Evaluator, claims: Iterable[bytes], told: Mapping[bytes, tuple[tuple[bytes, ...], set[bytes]]]
) -> Iterator[bytes]:
    """The lines of what claims that others dispute state, where it is still stated."""
    names = {split(line)[0] for line in claims if split(line)[1] in _DISPUTING}
    triples = sorted({parts for name in names if len(parts := told[name][0]) == 3 and is_iri(parts[0])})
    for start in range(0, len(triples), _AT_ONCE):
        rows = b" ".join(b"(%s)" % b" ".join(parts) for parts in triples[start : start + _AT_ONCE]).decode()
        yield from _lines(evaluator, f"VALUES (?s ?p ?o) {{ {rows} }} ?s ?p ?o")


def _unit(subject: bytes) -> bytes:
    """The unit that a subject is, or is a selector of."""
    for selector in (b".position>", b".fragment>", b".quote>"):
        if subject.endswith(selector):
            return subject.removesuffix(selector) + b">"
    return subject


def _units(evaluator: Evaluator, units: Collection[bytes]) -> Iterator[bytes]:
    """The lines of units and of their selectors."""
    for part in _parts(units):
        yield from _lines(evaluator, f"VALUES ?s {{ {part} }} ?s ?p ?o")
        yield from _lines(evaluator, f"VALUES ?u {{ {part} }} ?u <{OA.hasSelector}> ?s . ?s ?p ?o")


def _nested(evaluator: Evaluator, project: Project, statements: Iterable[bytes]) -> Iterator[bytes]:
    """The lines about what a page has within its data for search engines: questions of a list, answers of questions."""
    kept = ", ".join(f"<{name}>" for name in (*NameOrder(project).properties, *DESCRIPTIONS, RDF.type, SCHEMA.position))
    kept = ", ".join([kept, *(name.decode() for name in NESTED)])
    for _ in NESTED:  # a list, its questions, their answers
        inner = {
            object_ for _, predicate, object_, _ in map(split, statements) if predicate in NESTED and is_iri(object_)
        }
        statements = []
        for part in _parts(inner):
            statements += _lines(evaluator, f"VALUES ?s {{ {part} }} ?s ?p ?o FILTER(?p IN ({kept}))")
        yield from statements


def _provenance(evaluator: Evaluator, editions: Collection[bytes]) -> Iterator[bytes]:
    """The lines about editions, and about the documents that they are of: where they come from, and what they are."""
    kept = ", ".join(name.decode() for name in sorted((*PROVENANCE, *_OF_EDITION)))
    documents: set[bytes] = set()
    for part in _parts(editions):
        for line in _lines(evaluator, f"VALUES ?s {{ {part} }} ?s ?p ?o FILTER(?p IN ({kept}))"):
            documents |= {split(line)[2]} if split(line)[1] == _VERSION_OF else set()
            yield line
    for part in _parts(documents):
        yield from _lines(evaluator, f"VALUES ?s {{ {part} }} ?s ?p ?o FILTER(?p IN ({kept}))")


def _editions(evaluator: Evaluator) -> list[bytes]:
    """The lines that say which editions of which documents there are, as the names of units depend on them."""
    kinds = f"VALUES ?o {{ <{EV.Edition}> }} ?s ?p ?o FILTER(?p = {_TYPE.decode()})"
    later = f"?s ?p ?o . ?s {_TYPE.decode()} <{EV.Edition}> FILTER(?p = <{DCTERMS.isReplacedBy}>)"
    return _lines(evaluator, kinds) + _lines(evaluator, later)


def _triple(line: bytes) -> bytes:
    return without_graph(line, split(line)[3])


def _disputes(evaluator: Evaluator, claims: Iterable[str]) -> Iterator[bytes]:
    """The lines that speak against claims, those for the one that the editors prefer, and when what they say held."""
    against = (EV.contradictedBy, EV.conflictsWith, EV.retracted)
    kept = ", ".join(f"<{name}>" for name in (*against, EV.preferred, SCHEMA.validFrom, SCHEMA.validThrough))
    for part in _parts({iri_token(name) for name in claims}):
        yield from _lines(evaluator, f"VALUES ?s {{ {part} }} ?s ?p ?o FILTER(?p IN ({kept}))")


def _mentioned(lines: Iterable[bytes]) -> set[bytes]:
    """Every IRI that a line names as a subject, property or object."""
    return {token for line in lines for token in split(line)[:3] if is_iri(token)}


def _named(
    evaluator: Evaluator,
    project: Project,
    lines: list[bytes],
    mentioned: set[bytes],
    ontology: Index,
    properties: Iterable[str],
    *,
    claimed: bool = False,
) -> Index:
    """An index of lines and of those that name what they mention; if `claimed`, with what disputes these names."""
    wanted = {iri_token(name) for name in properties}
    known = mentioned & ontology.terms.keys()
    lines += (line for token in known for line in ontology.lines_of(token) if split(line)[1] in wanted)
    notes = [
        literal(split(line)[2])[0] for line in lines if split(line)[1] == SCOPE_NOTE and is_literal(split(line)[2])
    ]
    noted = {token for note in notes for token in terms_named(note, project).values()} - known
    lines += (line for token in noted for line in ontology.lines_of(token) if split(line)[1] in wanted)
    kept = ", ".join(name.decode() for name in sorted(wanted))
    described = set()
    # a FILTER, since engines join two VALUES with a pattern by going through all that fits it
    names = f"?s ?p ?o FILTER(?p IN ({kept}) && (isIRI(?o) || isBlank(?o) || STRLEN(STR(?o)) <= {_LONGEST_NAME}))"
    unnamed = sorted(mentioned - known)
    for start in range(0, len(unnamed), _AT_ONCE):
        found = _names(evaluator, unnamed[start : start + _AT_ONCE], names)
        lines += found
        if claimed:
            texts = (_triple(line) for line in found if is_literal(split(line)[2]))
            lines += _disputes(evaluator, map(project.ids.claim, texts))
    bare = mentioned - known - {split(line)[0] for line in lines}
    for part in _parts(bare):
        retracted = f"?claim {PART_TOKENS[0].decode()} ?s"  # whatever was retracted of it
        there = f"EXISTS {{ {_everywhere('?s ?p ?o')} }} || EXISTS {{ {_everywhere(retracted)} }}"
        rows = _rows(evaluator, f"SELECT ?s {{ VALUES ?s {{ {part} }} FILTER({there}) }}")
        described |= {row["s"] for row in rows}
    lines += ontology.above({split(line)[2] for line in lines if split(line)[1] == _TYPE})
    return Index(project, sort_lines(lines), described=frozenset(described), whole=False)


def _names(evaluator: Evaluator, tokens: Sequence[bytes], pattern: str) -> list[bytes]:
    """The lines that a pattern finds about each of these, but about one with more than a page can hold."""
    try:
        return _lines(evaluator, f"VALUES ?s {{ {next(_parts(tokens))} }} {pattern}", _MOST_NAMES)
    except LimitExceeded:
        if len(tokens) == 1:
            return []
        half = len(tokens) // 2
        return _names(evaluator, tokens[:half], pattern) + _names(evaluator, tokens[half:], pattern)


def _parts(tokens: Collection[bytes]) -> Iterator[str]:
    """Tokens as the members of VALUES clauses that are not too long."""
    ordered = sorted(tokens)
    for start in range(0, len(ordered), _AT_ONCE):
        yield " ".join(token.decode() for token in ordered[start : start + _AT_ONCE])
