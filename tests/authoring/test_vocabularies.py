"""The list of terms of vocabularies in wide use has what rdflib's closed namespaces hold.

Write it anew with: python tests/authoring/test_vocabularies.py
"""

from material import ROOT

LIST = ROOT / "src" / "isoc_kg" / "authoring" / "vocabularies.txt"
#: rdflib's namespaces that hold every term of their vocabulary.
CLOSED = (
    *("DC", "DCAM", "DCAT", "DCMITYPE", "DCTERMS", "FOAF", "GEO", "ORG", "OWL", "PROF", "PROV", "QB", "RDF"),
    *("RDFS", "SDO", "SH", "SKOS", "SOSA", "SSN", "TIME", "VANN", "VOID", "XSD"),
)
#: Terms that rdflib does not have: of the lexicon model for ontologies and of Web Annotation, by their specifications,
#: and of later versions of vocabularies.
MORE = {
    "http://www.w3.org/ns/lemon/ontolex#": (
        "Affix ConceptSet Element Form LexicalConcept LexicalEntry LexicalSense MultiWordExpression Word canonicalForm "
        "concept denotes evokes isConceptOf isDenotedBy isEvokedBy isLexicalizedSenseOf isReferenceOf isSenseOf "
        "lexicalForm lexicalizedSense morphologicalPattern otherForm phoneticRep reference representation sense usage "
        "writtenRep"
    ),
    "http://www.w3.org/ns/lemon/decomp#": "Component constituent correspondsTo subterm",
    "http://www.w3.org/ns/oa#": (
        "Annotation Choice CssSelector CssStyle DataPositionSelector Direction FragmentSelector HttpRequestState "
        "Motivation RangeSelector ResourceSelection Selector SpecificResource State Style SvgSelector "
        "TextPositionSelector TextQuoteSelector TextualBody TimeState XPathSelector annotationService bodyValue "
        "cachedSource canonical end exact hasBody hasEndSelector hasPurpose hasScope hasSelector hasSource "
        "hasStartSelector hasState hasTarget motivatedBy prefix processingLanguage refinedBy renderedVia sourceDate "
        "sourceDateEnd sourceDateStart start styleClass styledBy suffix textDirection via"
    ),
    "http://www.w3.org/ns/dcat#": (
        "DatasetSeries first hasCurrentVersion hasVersion inSeries isVersionOf last next prev previousVersion version"
    ),
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "dirLangString reifies",
}


def wanted() -> dict[str, set[str]]:
    """Namespace → its terms."""
    import rdflib.namespace

    terms: dict[str, set[str]] = {}
    for prefix in CLOSED:
        space = getattr(rdflib.namespace, prefix)
        names = {name for name in space.__annotations__ if not name.startswith("_")} | set(space._extras)
        terms[str(space._NS)] = {name for name in names if "Constraint" not in name or "-" not in name}
    for space, text in MORE.items():
        terms.setdefault(space, set()).update(text.split())
    return terms


def test_the_list_has_the_terms_that_rdflib_has() -> None:
    """No term of a vocabulary that rdflib knows is taken for a misspelt one."""
    from isoc_kg.authoring.terms import vocabularies

    listed = vocabularies()
    for space, names in wanted().items():
        assert names <= listed[space], space


if __name__ == "__main__":
    head = "# Namespaces and the terms in them. Written by: python tests/authoring/test_vocabularies.py\n"
    rows = (" ".join([space, *sorted(names)]) for space, names in sorted(wanted().items()))
    LIST.write_text(head + "".join(f"{row}\n" for row in rows), encoding="utf-8")
