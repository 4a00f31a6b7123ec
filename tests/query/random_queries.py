"""Random queries over random data, made from a seed: small enough to read, odd enough to tell engines apart.

Variables that a query computes are named `?x0`, `?x1` …: the form of a number in them is the engine's.
"""

import random

HEAD = """PREFIX : <http://e/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
NODES = [":a", ":b", ":c", ":d", "_:x", "_:y"]
NAMED = [node for node in NODES if node.startswith(":")]
PROPERTIES = [":p", ":q", ":r"]
LITERALS = [
    "1", "01", "2", "-3", "1.0", "1.50", "2e0", '"1"^^xsd:double', '"1"^^xsd:byte',
    '"NaN"^^xsd:double', '"x"^^xsd:integer',
    '"300"^^xsd:byte', '"a"', '"abc"', '"abc"@en', '"abc"@en-GB', '"A b"@de', '""', '""@fr', '"1"', '" 1 "', "true",
    '"1"^^xsd:boolean', '"maybe"^^xsd:boolean', '"2020-01-01"^^xsd:date', '"2020-01-01Z"^^xsd:date',
    '"2020-01-01T00:00:00Z"^^xsd:dateTime', '"2020-01-01T02:00:00.0+02:00"^^xsd:dateTime',
    '"2021-05-05T10:00:00"^^xsd:dateTime', '"2020-13-01"^^xsd:date', '"z"^^:own', '"y"^^:own', '"1992"^^xsd:gYear',
    '"é😀"', '"a.b$c"',
]  # fmt: skip
PATTERNS = ['"b"', '"^A"', '"^a.c$"', '"[^a]"', '"\\\\."', '"a|x"', '"(a)(b)"']

RANGES = ['"*"', '"en"', '"EN"', '"de"']
FLAGS = ["", ', "i"']
REPLACEMENTS = ['"-"', '"$1"', '"$0"']


class Maker:
    """Draws data and queries."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.variables = [f"?v{number}" for number in range(4)]
        self.computed = 0
        self.depth = 0

    def one(self, among: list[str]) -> str:
        return self.random.choice(among)

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def data(self) -> str:
        """TriG: a default graph, and two named ones that share triples with it."""
        graphs: dict[str, list[str]] = {"": [], ":g": [], ":h": []}
        for _ in range(self.random.randint(8, 22)):
            value = self.one(NODES) if self.chance(0.4) else self.one(LITERALS)
            triple = f"{self.one(NODES)} {self.one(PROPERTIES)} {value} ."
            for name in graphs:
                if self.chance(0.8 if not name else 0.3):
                    graphs[name].append(triple)
        return HEAD + "\n".join(f"{name} {{ {' '.join(lines)} }}" for name, lines in graphs.items())

    # -- expressions ----------------------------------------------------------

    def literal(self) -> str:
        return self.one(LITERALS)

    def expression(self, depth: int = 0) -> str:
        """Any expression."""
        if depth > 2 or self.chance(0.3):
            return self.one([*self.variables, self.literal(), self.literal(), self.one(NAMED)])
        inner = lambda: self.expression(depth + 1)  # noqa: E731
        makers = [
            lambda: f"({inner()} {self.one(['=', '!=', '<', '>', '<=', '>='])} {inner()})",
            lambda: f"({inner()} {self.one(['+', '-', '*', '/'])} {inner()})",
            lambda: f"({inner()} {self.one(['&&', '||'])} {inner()})",
            lambda: f"(!{inner()})",
            lambda: f"(-{inner()})",
            lambda: f"({inner()} {self.one(['IN', 'NOT IN'])} ({inner()}, {inner()}))",
            lambda: f"IF({inner()}, {inner()}, {inner()})",
            lambda: f"COALESCE({inner()}, {inner()})",
            lambda: f"BOUND({self.one(self.variables)})",
            lambda: f"{self.one(['STR', 'LANG', 'DATATYPE', 'UCASE', 'LCASE', 'STRLEN', 'ENCODE_FOR_URI'])}({inner()})",
            lambda: f"{self.one(['ABS', 'CEIL', 'FLOOR', 'ROUND'])}({inner()})",
            lambda: f"{self.one(['YEAR', 'MONTH', 'DAY', 'HOURS', 'MINUTES', 'SECONDS', 'TIMEZONE', 'TZ'])}({inner()})",
            lambda: f"{self.one(['isIRI', 'isBlank', 'isLiteral', 'isNumeric'])}({inner()})",
            lambda: f"sameTerm({inner()}, {inner()})",
            lambda: f"LANGMATCHES(LANG({inner()}), {self.one(RANGES)})",
            lambda: (
                f"{self.one(['CONTAINS', 'STRSTARTS', 'STRENDS', 'STRBEFORE', 'STRAFTER', 'CONCAT'])}"
                f"({inner()}, {inner()})"
            ),
            lambda: f"SUBSTR({inner()}, {self.one(['1', '2'])}{self.one(['', ', 1', ', 9'])})",
            lambda: f"REGEX({inner()}, {self.one(PATTERNS)}{self.one(FLAGS)})",
            lambda: f"REPLACE({inner()}, {self.one(PATTERNS)}, {self.one(REPLACEMENTS)})",
            lambda: (
                f"xsd:{self.one(['integer', 'decimal', 'double', 'float', 'boolean', 'string', 'dateTime'])}({inner()})"
            ),
            lambda: f'STRLANG({inner()}, "en")',
            lambda: f"STRDT({inner()}, {self.one(['xsd:integer', ':own', 'xsd:decimal'])})",
            lambda: f"{self.one(['EXISTS', 'NOT EXISTS'])} {{ {self.triple()} }}",
            lambda: f"{self.one(['MD5', 'SHA1', 'SHA256'])}({inner()})",
        ]
        return self.random.choice(makers)()

    def fresh(self) -> str:
        """A variable for what is computed."""
        self.computed += 1
        return f"?x{self.computed - 1}"

    # -- patterns -------------------------------------------------------------

    def path(self, depth: int = 0) -> str:
        kind = self.random.random()
        if depth > 2 or kind < 0.35:
            return self.one(PROPERTIES)
        if kind < 0.65:  # one closure within another is Jena's own
            return (
                f"({self.one(PROPERTIES)}{self.one(['|', '/', '|^'])}{self.one(PROPERTIES)}){self.one(['*', '+', '?'])}"
            )
        if kind < 0.75:
            return f"^{self.one(PROPERTIES)}"
        if kind < 0.85:
            return f"({self.path(depth + 1)}/{self.path(depth + 1)})"
        if kind < 0.93:
            return f"({self.path(depth + 1)}|{self.path(depth + 1)})"
        return f"!({self.one(PROPERTIES)}|^{self.one(PROPERTIES)})"

    def triple(self) -> str:
        subject = self.one(self.variables * 2 + NAMED)
        value = self.one(self.variables * 3 + NAMED + [self.literal()])
        if self.chance(0.25):
            return f"{subject} {self.path()} {value} ."
        return f"{subject} {self.one([*PROPERTIES, *PROPERTIES, '?p0'])} {value} ."

    def values(self) -> str:
        variable = self.one(self.variables)
        terms = " ".join([self.literal(), self.one(NAMED), self.one(["UNDEF", self.literal()])])
        return f"VALUES {variable} {{ {terms} }}"

    def group(self, depth: int = 0) -> str:
        parts = [self.triple() for _ in range(self.random.randint(1, 2))]
        for _ in range(self.random.randint(0, 2)):
            kind = self.random.random()
            inner = self.group(depth + 1) if depth < 2 else self.triple()
            if kind < 0.2:
                parts.append(f"OPTIONAL {{ {inner} }}")
            elif kind < 0.35:
                parts.append(f"{{ {inner} }} UNION {{ {self.triple()} }}")
            elif kind < 0.45:
                parts.append(f"MINUS {{ {inner} }}")
            elif kind < 0.7:
                parts.append(f"FILTER({self.expression()})")
            elif kind < 0.8:
                parts.append(f"FILTER {self.one(['', 'NOT '])}EXISTS {{ {inner} }}")
            elif kind < 0.9:
                parts.append(f"GRAPH {self.one([':g', ':h', '?v0'])} {{ {self.triple()} }}")
            elif kind < 0.95:
                parts.append(self.values())
            else:
                parts.append(f"{{ SELECT DISTINCT {self.one(self.variables)} {{ {self.triple()} }} }}")
        self.random.shuffle(parts)
        if self.chance(0.3):
            parts.append(f"BIND({self.expression()} AS {self.fresh()})")
        return " ".join(parts)

    def query(self) -> str:
        """A SELECT query."""
        self.computed = 0
        kind = self.random.random()
        if kind < 0.2:
            aggregate = self.one(["COUNT", "SUM", "AVG", "COUNT", "SAMPLE"])
            distinct = self.one(["", "DISTINCT "])
            where = self.group()
            if aggregate == "SAMPLE":
                return f"{HEAD}SELECT (COUNT(*) AS {self.fresh()}) {{ {where} }}"
            key = self.one(self.variables)
            return (
                f"{HEAD}SELECT {key} ({aggregate}({distinct}{self.expression(2)}) AS {self.fresh()}) "
                f"{{ {where} }} GROUP BY {key}"
            )
        if kind < 0.45:
            return f"{HEAD}SELECT ({self.expression()} AS {self.fresh()}) {{ {self.group()} }}"
        if kind < 0.6:
            return f"{HEAD}SELECT DISTINCT {' '.join(self.random.sample(self.variables, 2))} {{ {self.group()} }}"
        return f"{HEAD}SELECT * {{ {self.group()} }}"
