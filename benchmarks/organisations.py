"""A synthetic organisation graph of any size, and fifteen shapes for it: what `bench_compiled.py` validates.

About sixty triples an organisation: itself, two people, two posts, a site, an identifier, four reified statements.
One organisation in `FAULTY` breaks one of the shapes, each shape in turn, so that reports are short and never empty.
"""

import random
from pathlib import Path

FAULTY = 400
RDF, SCHEMA = "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "https://schema.org/"
ORG, XSD, EX = "http://www.w3.org/ns/org#", "http://www.w3.org/2001/XMLSchema#", "https://example.org/kg/"
KINDS = ("NGO", "Corporation", "EducationalOrganization")
ROLES = ("chair", "treasurer", "secretary", "member")
#: Faults, in the order of the shapes that they break.
FAULTS = (
    "unnamed",
    "renamed",
    "text-year",
    "site-of-person",
    "holder",
    "e-mail",
    "blank-home",
    "role",
    "twice-in-english",
    "unbacked",
    "extra",
    "backwards",
    "scheme",
    "country",
    "both",
)

SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix schema: <https://schema.org/> .
@prefix org: <http://www.w3.org/ns/org#> . @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix e: <https://example.org/kg/> . @prefix s: <https://example.org/shapes#> .
s:Named a sh:NodeShape ; sh:targetClass schema:Organization ;
  sh:property [ sh:path schema:name ; sh:minCount 1 ] .
s:Once a sh:NodeShape ; sh:targetClass schema:Person ; sh:property [ sh:path schema:name ; sh:maxCount 1 ] .
s:Year a sh:NodeShape ; sh:targetClass schema:Organization ;
  sh:property [ sh:path schema:foundingDate ; sh:datatype xsd:gYear ; sh:pattern "^[0-9]{4}$" ] .
s:Site a sh:NodeShape ; sh:targetClass schema:Organization ;
  sh:property [ sh:path org:hasSite ; sh:class org:Site ] .
s:Holder a sh:NodeShape ; sh:targetClass org:Post ;
  sh:property [ sh:path org:heldBy ; sh:or ( [ sh:class schema:Person ] [ sh:class schema:Organization ] ) ] .
s:Mail a sh:NodeShape ; sh:targetClass schema:Person ;
  sh:property [ sh:path schema:email ; sh:minCount 1 ; sh:pattern "^[^@ ]+@[^@ ]+$" ] .
s:Home a sh:NodeShape ; sh:targetClass schema:Organization ;
  sh:property [ sh:path schema:url ; sh:nodeKind sh:IRI ; sh:maxCount 1 ] .
s:Role a sh:NodeShape ; sh:targetClass org:Post ;
  sh:property [ sh:path e:role ; sh:in ( "chair" "treasurer" "secretary" "member" ) ] .
s:Languages a sh:NodeShape ; sh:targetClass schema:Organization ;
  sh:property [ sh:path schema:name ; sh:uniqueLang true ; sh:languageIn ( "en" "fr" ) ] .
s:Backed a sh:NodeShape ; sh:targetClass rdf:Statement ;
  sh:property [ sh:path e:supportedBy ; sh:qualifiedValueShape [ sh:class e:Sentence ] ; sh:qualifiedMinCount 1 ] .
s:Statement a sh:NodeShape ; sh:targetClass rdf:Statement ; sh:closed true ; sh:ignoredProperties ( rdf:type ) ;
  sh:property [ sh:path rdf:subject ; sh:minCount 1 ; sh:maxCount 1 ] ;
  sh:property [ sh:path rdf:predicate ; sh:minCount 1 ; sh:maxCount 1 ] ;
  sh:property [ sh:path rdf:object ; sh:minCount 1 ; sh:maxCount 1 ] ;
  sh:property [ sh:path e:supportedBy ] .
s:Term a sh:NodeShape ; sh:targetClass org:Post ; sh:property [ sh:path e:start ; sh:lessThan e:end ] .
s:Identifier a sh:NodeShape ; sh:targetClass e:Identifier ;
  sh:property [ sh:path e:scheme ; sh:hasValue e:registry ] .
s:Country a sh:NodeShape ; sh:targetClass schema:Organization ;
  sh:property [ sh:path ( org:hasSite e:country ) ; sh:minCount 1 ; sh:in ( "CH" "FR" "US" "KE" "JP" ) ] .
s:Apart a sh:NodeShape ; sh:targetClass schema:Person ; sh:not [ sh:class schema:Organization ] ;
  sh:and ( [ sh:nodeKind sh:IRI ] [ sh:property [ sh:path schema:memberOf ; sh:minCount 1 ] ] ) .
"""
ONTOLOGY = "".join(
    f"<{SCHEMA}{kind}> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <{SCHEMA}Organization> .\n" for kind in KINDS
)


def _iri(text: str) -> str:
    return f"<{text}>"


def _unit(number: int, name: int, other: int, fault: str | None) -> list[str]:
    """The triples around one organisation."""
    lines: list[str] = []

    def say(subject: str, predicate: str, value: str) -> None:
        lines.append(f"{subject} <{predicate}> {value} .\n")

    def text(value: str, tag: str = "") -> str:
        return f'"{value}"' + tag

    organisation, site = _iri(f"{EX}id/organisation-{name}"), _iri(f"{EX}id/site-{name}")
    identifier = _iri(f"{EX}id/identifier-{name}")
    people = [_iri(f"{EX}id/person-{name}-{k}") for k in range(2)]
    year = text(str(1900 + number % 120), f"^^<{XSD}{'string' if fault == 'text-year' else 'gYear'}>")
    say(organisation, RDF + "type", _iri(SCHEMA + KINDS[number % 3]))
    if fault != "unnamed":
        say(organisation, SCHEMA + "name", text(f"Organisation “{name}”", "@en"))
        say(organisation, SCHEMA + "name", text(f"L’organisation « {name} »", "@fr"))
    if fault == "twice-in-english":
        say(organisation, SCHEMA + "name", text(f"The organisation {name}", "@en"))
    say(organisation, SCHEMA + "foundingDate", year)
    say(organisation, SCHEMA + "url", "_:h" + str(name) if fault == "blank-home" else _iri(f"https://o{name}.example/"))
    say(organisation, ORG + "linkedTo", _iri(f"{EX}id/organisation-{other}"))
    say(organisation, ORG + "hasSite", people[0] if fault == "site-of-person" else site)
    say(organisation, EX + "identifier", identifier)
    say(organisation, SCHEMA + "description", text(f'What number {name} does,\\nin \\"own\\" words.'))
    for k, person in enumerate(people):
        say(person, RDF + "type", _iri(SCHEMA + "Person"))
        say(person, SCHEMA + "name", text(f"Person {k} of {name}"))
        if fault == "renamed" and k:
            say(person, SCHEMA + "name", text(f"Formerly {k} of {name}"))
        say(person, SCHEMA + "email", text(f"{k} at {name}" if fault == "e-mail" and k else f"p{k}@o{name}.example"))
        say(person, SCHEMA + "memberOf", organisation)
        say(person, EX + "born", text(str(1930 + number % 70), f"^^<{XSD}integer>"))
        if fault == "both" and k:
            say(person, RDF + "type", _iri(SCHEMA + "NGO"))
        post = _iri(f"{EX}id/post-{name}-{k}")
        say(post, RDF + "type", _iri(ORG + "Post"))
        say(post, ORG + "postIn", organisation)
        say(post, ORG + "heldBy", site if fault == "holder" else organisation if number % 10 == 0 else person)
        say(post, EX + "role", text("jester" if fault == "role" else ROLES[(number + k) % 4]))
        say(post, EX + "start", text(f"20{number % 10:02}-01-01", f"^^<{XSD}date>"))
        end = f"19{number % 10:02}-12-31" if fault == "backwards" else f"20{10 + number % 10:02}-12-31"
        say(post, EX + "end", text(end, f"^^<{XSD}date>"))
    say(site, RDF + "type", _iri(ORG + "Site"))
    say(site, SCHEMA + "name", text(f"The seat of {name}", "@en"))
    say(site, EX + "street", text(f"{number} Long Street"))
    say(site, EX + "country", text("Atlantis" if fault == "country" else ("CH", "FR", "US", "KE", "JP")[number % 5]))
    say(identifier, RDF + "type", _iri(EX + "Identifier"))
    say(identifier, EX + "notation", text(f"{name:09}"))
    say(identifier, EX + "scheme", _iri(EX + ("elsewhere" if fault == "scheme" else "registry")))
    for k, (predicate, value) in enumerate(
        (
            (SCHEMA + "foundingDate", year),
            (ORG + "linkedTo", _iri(f"{EX}id/organisation-{other}")),
            (EX + "identifier", identifier),
            (ORG + "hasSite", site),
        )
    ):
        claim = _iri(f"{EX}claim/organisation-{name}.{k}")
        say(claim, RDF + "type", _iri(RDF + "Statement"))
        say(claim, RDF + "subject", organisation)
        say(claim, RDF + "predicate", _iri(predicate))
        say(claim, RDF + "object", value)
        unit = f"{EX}document/report/1#{number % 90}.{number % 7}"
        say(claim, EX + "supportedBy", organisation if fault == "unbacked" and k == 0 else _iri(unit))
        if fault == "extra" and k == 0:
            say(claim, EX + "mood", text("unsure"))
    return lines


def generate(path: Path, triples: int, faulty: int = FAULTY) -> int:
    """Write N-Triples of about that many triples, one organisation in `faulty` breaking a shape; the number written."""
    random_ = random.Random(triples)
    count = max(1, triples // 60)
    names = random_.sample(range(10 * count), count)
    written = 0
    with path.open("w", encoding="utf-8") as file:
        file.write(ONTOLOGY)
        for number in range(90 * 7):
            unit = f"{EX}document/report/1#{number // 7}.{number % 7}"
            file.write(f"<{unit}> <{RDF}type> <{EX}Sentence> .\n")
            written += 1
        for number, name in enumerate(names):
            fault = FAULTS[number // faulty % len(FAULTS)] if number % faulty == faulty - 1 else None
            lines = _unit(number, name, random_.choice(names), fault)
            file.writelines(lines)
            written += len(lines)
    return written + len(KINDS)
