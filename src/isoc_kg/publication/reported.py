"""Each mistake once: of what several checks say about one statement, the message that says most."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..authoring.facts import Claim
from ..errors import Finding
from ..namespaces import RDF, SH
from ..rdf.lines import split
from ..validation import Report, Result, Validation

__all__ = ["reported_once"]

#: Constraints on what a value is, which the ontology's declarations ask for as well.
_OF_VALUES = frozenset(SH[f"{name}ConstraintComponent"] for name in ("Class", "Datatype", "NodeKind", "Pattern"))
_OBJECT = f"<{RDF.object}>"
Key = tuple[str, str, str]


def reported_once(
    findings: Sequence[Finding], validation: Validation, errors: Sequence[Finding], claims: Mapping[bytes, Claim]
) -> tuple[tuple[Finding, ...], Validation, tuple[Finding, ...]]:
    """Findings on facts, validation results, and errors of the evidence check, each mistake named by one of them.

    - Of a thing that nothing describes the claim's shape tells: not those for its class, nor the check of its name.
    - What a finding says of a claim itself, or of all that follows from two statements, a shape need not say.
    - What a shape says of a value a finding need not say.
    - What a statement leads to is not told where the statement itself is wrong.
    """
    results = [result for report in validation.reports for result in report.results]
    undescribed = _undescribed(results, claims)
    told = {
        finding.statement
        for finding in findings
        if finding.statement
        and finding.severity == "error"
        and (not finding.statement[2] or finding.statement[0] == f"<{finding.iri}>")
    }

    def kept(report: Report) -> Report:
        return replace(
            report,
            results=tuple(
                result
                for result in report.results
                if _key(result) not in told and (_key(result) not in undescribed or result.path == _OBJECT)
            ),
        )

    validation = replace(validation, reports=tuple(map(kept, validation.reports)))
    results = [result for report in validation.reports for result in report.results]
    of_values = {_key(result) for result in results if result.value and result.component in _OF_VALUES}
    doubled = {
        (result.focus_node, result.path, "")
        for result in results
        if result.component == SH.UniqueLangConstraintComponent
    }
    seen = undescribed | of_values | doubled
    rest = []
    for finding in findings:
        if finding.statement is None or finding.statement not in seen:
            rest.append(finding)
            if finding.statement:
                seen.add(finding.statement)
    reported = {(result.focus_node, result.path, result.value) for result in results}
    nameless = {f"{claim.iri}" for triple, claim in claims.items() if undescribed and _of(triple) in undescribed}
    return (
        tuple(rest),
        validation,
        tuple(
            error
            for error in errors
            if error.statement not in reported and not (error.iri in nameless and error.message.startswith("object:"))
        ),
    )


def _key(result: Result) -> Key:
    return result.focus_node, result.path or "", result.value or ""


def _of(triple: bytes) -> Key:
    subject, predicate, object_, _ = split(triple)
    return subject.decode(), predicate.decode(), object_.decode()


def _undescribed(results: Sequence[Result], claims: Mapping[bytes, Claim]) -> set[Key]:
    """The statements whose object is found, by the shape for claims, to be described nowhere."""
    found = {result.focus_node for result in results if result.path == _OBJECT and result.value}
    return {_of(triple) for triple, claim in claims.items() if found and f"<{claim.iri}>" in found}
