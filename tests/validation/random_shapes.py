"""Random shapes and data, as Turtle, made from a seed: small enough to read, odd enough to tell engines apart."""

import random

HEAD = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <http://e/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
NODES = [f"e:n{i}" for i in range(7)] + ["_:b0", "_:b1"]
CLASSES = ["e:A", "e:B", "e:C", "e:D"]
PROPERTIES = ["e:p", "e:q", "e:r"]
LITERALS = [
    "1",
    "2",
    "30",
    '"a"',
    '"abc"',
    '"abc"@en',
    '"x"@en-gb',
    '"x"@de',
    '"y"@de',
    "true",
    "1.5",
    '"2020-01-01"^^xsd:date',
    '"2021-02-28"^^xsd:date',
    '"2021-02-30"^^xsd:date',
    '"x"^^xsd:integer',
    '"z"^^e:own',
]
TAGS = ['"en"', '"de"']
PATTERNS = ["^a", "n[0-3]$", "B"]


class Maker:
    """Draws parts of shapes."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def one(self, among: list[str]) -> str:
        return self.random.choice(among)

    def some(self, among: list[str], most: int = 3) -> str:
        return " ".join(self.random.sample(among, self.random.randint(1, min(most, len(among)))))

    def data(self) -> str:
        lines = ["e:B rdfs:subClassOf e:A .", "e:D rdfs:subClassOf e:B ."]
        for node in NODES:
            for class_ in self.random.sample(CLASSES, self.random.randint(0, 2)):
                lines.append(f"{node} a {class_} .")
            for _ in range(self.random.randint(0, 6)):
                value = self.one(NODES) if self.random.random() < 0.55 else self.one(LITERALS)
                lines.append(f"{node} {self.one(PROPERTIES)} {value} .")
        return HEAD + "\n".join(lines)

    def path(self, depth: int = 0) -> str:
        kind = self.random.random()
        if depth > 1 or kind < 0.55:
            return self.one(PROPERTIES)
        inner, other = self.path(depth + 1), self.path(depth + 1)
        if kind < 0.65:
            return f"( {inner} {other} )"
        if kind < 0.75:
            return f"[ sh:alternativePath ( {inner} {other} ) ]"
        name = self.one(["inversePath", "zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath"])
        return f"[ sh:{name} {inner} ]"

    def constraint(self, depth: int, *, on_property: bool) -> str:
        inner = lambda: self.shape(depth + 1)  # noqa: E731
        simple = [
            lambda: f"sh:class {self.one(CLASSES)}",
            lambda: f"sh:datatype {self.one(['xsd:integer', 'xsd:string', 'xsd:date', 'rdf:langString', 'e:own'])}",
            lambda: f"sh:nodeKind sh:{self.one(['IRI', 'BlankNode', 'Literal', 'BlankNodeOrIRI', 'IRIOrLiteral'])}",
            lambda: (
                f"sh:{self.one(['minExclusive', 'minInclusive', 'maxExclusive', 'maxInclusive'])} "
                f"{self.one(['2', '1.5'])}"
            ),
            lambda: f"sh:minLength {self.one(['1', '2', '9'])}",
            lambda: f"sh:maxLength {self.one(['1', '3', '10'])}",
            lambda: f'sh:pattern "{self.one(PATTERNS)}" ; sh:flags "i"',
            lambda: f"sh:languageIn ( {self.some(TAGS)} )",
            lambda: f"sh:in ( {self.some(LITERALS + NODES[:7], 9)} )",
            lambda: f"sh:hasValue {self.one(LITERALS + NODES[:7])}",
            lambda: f"sh:disjoint {self.one(PROPERTIES)}",
            lambda: f"sh:equals {self.one(PROPERTIES)}",
        ]
        nested = [
            lambda: f"sh:not {inner()}",
            lambda: f"sh:and ( {inner()} {inner()} )",
            lambda: f"sh:or ( {inner()} {inner()} )",
            lambda: f"sh:xone ( {inner()} {inner()} )",
            lambda: f"sh:node {self.node_shape(depth + 1)}",
            lambda: f"sh:property {self.property(depth + 1)}",
        ]
        if not on_property:
            simple.append(
                lambda: f"sh:closed true ; sh:ignoredProperties ( {self.some(['rdf:type', *PROPERTIES], 4)} )"
            )
        else:
            simple += [
                lambda: f"sh:minCount {self.one(['1', '1', '2', '3', '5'])}",
                lambda: f"sh:maxCount {self.one(['0', '1', '1', '2', '4'])}",
                lambda: "sh:minCount 1 ; sh:maxCount 1",
                lambda: "sh:uniqueLang true",
                lambda: f"sh:{self.one(['lessThan', 'lessThanOrEquals'])} {self.one(PROPERTIES)}",
            ]
            nested.append(
                lambda: (
                    f"sh:qualifiedValueShape {inner()} ; "
                    f"sh:qualified{self.one(['Min', 'Max'])}Count {self.one(['1', '2'])}"
                )
            )
        return self.random.choice(nested if depth < 3 and self.random.random() < 0.35 else simple)()

    def constraints(self, depth: int, *, on_property: bool) -> str:
        found = {}
        for _ in range(self.random.randint(1, 3)):
            text = self.constraint(depth, on_property=on_property)
            found.setdefault(text.split()[0], text)
        if "sh:minCount 1 ; sh:maxCount 1" in found.values():
            found.pop("sh:maxCount", None)
        if self.random.random() < 0.04:
            found["deactivated"] = "sh:deactivated true"
        if self.random.random() < 0.2:
            found["severity"] = "sh:severity sh:Warning"
        if self.random.random() < 0.2:
            found["message"] = f'sh:message "message {self.random.randint(1, 99)}"'
        return " ; ".join(found.values())

    def shape(self, depth: int) -> str:
        if self.random.random() < 0.3:
            return self.property(depth)
        return f"[ {self.constraints(depth, on_property=False)} ]"

    def node_shape(self, depth: int) -> str:
        return self.shape(depth)

    def property(self, depth: int) -> str:
        return f"[ sh:path {self.path()} ; {self.constraints(depth, on_property=True)} ]"

    def shapes(self) -> str:
        text = HEAD
        for number in range(3):
            targets = {
                self.one(
                    [
                        f"sh:targetClass {self.one(CLASSES)}",
                        f"sh:targetSubjectsOf {self.one(PROPERTIES)}",
                        f"sh:targetObjectsOf {self.one(PROPERTIES)}",
                        f"sh:targetNode {self.one([*NODES[:7], LITERALS[5], 'e:nobody'])}",
                    ]
                )
                for _ in range(self.random.randint(1, 2))
            }
            body = self.constraints(0, on_property=False)
            text += f"e:s{number} a sh:NodeShape ; {' ; '.join(sorted(targets))} ; {body} .\n"
        return text


#: As Turtle writes them.
XPATH_PATTERNS = [r"^\\w+$", r"\\p{L}", r"^\\i\\c*$", "^[a-z-[aeiou]]+$", r"(.)\\1", r"^\\S*$"]
RANGES = ['"de-CH"', '"EN"', '"*"']


class OddMaker(Maker):
    """Also draws what engines are known to differ on: forms of numbers, order of texts, closed values, siblings."""

    ODD = (
        *('"01"^^xsd:integer', '"1.0"^^xsd:decimal', '"1.50"^^xsd:decimal', '"1"^^xsd:boolean', '"5"^^xsd:byte'),
        *('"300"^^xsd:long', '"2020-01-01T24:00:01"^^xsd:dateTime', '"2020-01-01T00:00:00Z"^^xsd:dateTime'),
        *('"123456789012345678901234567890"^^xsd:integer', '"B-1"', '"b_1"', r'"a\nb"', '"é"', '"x"@de-CH'),
        *('"1.5"^^xsd:float', '"NaN"^^xsd:double', '"INF"^^xsd:double', '"0.1"^^xsd:double', '"0.1"^^xsd:float', "0.1"),
        *('"123456789012345678901234567890.5"^^xsd:decimal', '"2020-01-01Z"^^xsd:date', '"x"^^xsd:byte'),
    )

    def data(self) -> str:
        lines = [super().data()]
        for node in NODES:
            for _ in range(self.random.randint(0, 2)):
                lines.append(f"{node} {self.one(PROPERTIES)} {self.one(list(self.ODD))} .")
        return "\n".join(lines)

    def constraint(self, depth: int, *, on_property: bool) -> str:
        if self.random.random() > 0.3:
            return super().constraint(depth, on_property=on_property)
        siblings = "sh:qualifiedValueShapesDisjoint true ; sh:qualifiedMinCount 1"
        choices = [
            f"sh:in ( {self.some(list(self.ODD), 9)} )",
            f"sh:hasValue {self.one(list(self.ODD))}",
            f"sh:datatype xsd:{self.one(['decimal', 'dateTime', 'byte', 'long', 'boolean'])}",
            f"sh:minInclusive {self.one(list(self.ODD))}",
            f"sh:maxExclusive {self.one(list(self.ODD))}",
            f'sh:pattern "{self.one(XPATH_PATTERNS)}"',
            f"sh:languageIn ( {self.some(RANGES)} )",
            f"sh:maxLength {self.one(['2', '4'])}",
        ]
        if on_property:
            choices += [
                f"sh:closed true ; sh:ignoredProperties ( {self.some(PROPERTIES)} )",
                f"sh:lessThan {self.one(PROPERTIES)}",
                f"sh:qualifiedValueShape {self.shape(3)} ; {siblings}",
            ]
        return self.one(choices)

    def node_shape(self, depth: int) -> str:
        # a property shape as the value of `sh:node` is ill-formed, though most engines take it
        return f"[ {self.constraints(depth, on_property=False)} ]"
