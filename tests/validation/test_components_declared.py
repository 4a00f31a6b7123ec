"""Constraint components that a shapes graph declares: SHACL's own stay what they are, others need a validator."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from isoc_kg.limits import Limits
from isoc_kg.validation.shacl_terms import TERMS, parameter_path
from isoc_kg.validation.shapes_graph import ShapesGraph

HEAD = (
    "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <http://e.example/> . "
    "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
)
JS = "[ a sh:JSValidator ; sh:jsFunctionName 'f' ]"
ASK = "[ a sh:SPARQLAskValidator ; sh:ask 'ASK { FILTER(true) }' ]"
ENGINES = ("auto", "compiled", "shacl", "pyshacl")
DATA = HEAD + "ex:a a ex:C ; ex:p 1, 2 .\n"


def core(name: str, parameter: str, validator: str) -> str:
    """A declaration of a component of SHACL's own."""
    component = f"sh:{name}ConstraintComponent"
    return (
        f"{component} a sh:ConstraintComponent ; sh:parameter {component}-{parameter} ; {validator} .\n"
        f"{component}-{parameter} a sh:Parameter ; sh:path sh:{parameter} .\n"
    )


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("kind", ["validator", "nodeValidator", "propertyValidator"])
@pytest.mark.parametrize("validator", [JS, ASK, f"{JS}, {ASK}", "[ a sh:Validator ]"])
def test_a_core_component_stays_what_it_is(
    cli: Callable[..., Any], tmp_path: Path, engine: str, kind: str, validator: str
) -> None:
    """Whatever validator the shapes name for it; `--lenient` leaves nothing out."""
    (tmp_path / "d.ttl").write_text(DATA)
    (tmp_path / "s.ttl").write_text(
        HEAD
        + "ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property ex:P .\n"
        + "ex:P sh:path ex:p ; sh:maxCount 1 ; sh:nodeKind sh:IRI .\n"
        + core("MaxCount", "maxCount", f"sh:{kind} {validator}")
        + core("NodeKind", "nodeKind", f"sh:{kind} {validator}")
    )
    for more in ((), ("--lenient",)):
        done = cli("validate", "d.ttl", "--shapes", "s.ttl", "--engine", engine, *more, cwd=tmp_path, code=1)
        assert "3 violations" in done.stdout + done.stderr
        assert "left out" not in done.stderr


CUSTOM = (
    HEAD
    + "ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property [ sh:path ex:p ; ex:odd true ] .\n"
    + "ex:T a sh:NodeShape ; sh:targetClass ex:C ; sh:property [ sh:path ex:p ; sh:maxCount 1 ] .\n"
    + "ex:Odd a sh:ConstraintComponent ; sh:parameter [ sh:path ex:odd ] ; sh:validator %s .\n"
)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_component_in_javascript_alone(cli: Callable[..., Any], tmp_path: Path, engine: str) -> None:
    """The shape that uses it is refused by name, or left out; the others are validated."""
    (tmp_path / "d.ttl").write_text(DATA)
    (tmp_path / "s.ttl").write_text(CUSTOM % JS)
    done = cli("validate", "d.ttl", "--shapes", "s.ttl", "--engine", engine, cwd=tmp_path, code=3)
    assert "http://e.example/Odd" in done.stderr
    assert "s.ttl:2" in done.stderr
    assert "in JavaScript alone" in done.stderr
    done = cli("validate", "d.ttl", "--shapes", "s.ttl", "--engine", engine, "--lenient", cwd=tmp_path, code=1)
    assert "in JavaScript alone" in done.stderr
    assert "1 violation" in done.stdout + done.stderr


@pytest.mark.parametrize("engine", ["auto", "compiled", "pyshacl"])
def test_a_component_in_both_languages(cli: Callable[..., Any], tmp_path: Path, engine: str) -> None:
    """The one in SPARQL is run, whichever stands first."""
    (tmp_path / "d.ttl").write_text(DATA)
    ask = "[ a sh:SPARQLAskValidator ; sh:ask 'ASK { FILTER($value = 1) }' ]"
    for both in (f"{JS}, {ask}", f"{ask}, {JS}"):
        (tmp_path / "s.ttl").write_text(CUSTOM % both)
        done = cli("validate", "d.ttl", "--shapes", "s.ttl", "--engine", engine, cwd=tmp_path, code=1)
        assert "2 violations" in done.stdout + done.stderr


@pytest.mark.parametrize("engine", ["auto", "compiled", "pyshacl"])
def test_a_component_with_a_parameter_of_shacl(cli: Callable[..., Any], tmp_path: Path, engine: str) -> None:
    """It is run beside SHACL's own that has the same parameter, its query on literals as they are written."""
    (tmp_path / "d.ttl").write_text(DATA)
    ask = "[ a sh:SPARQLAskValidator ; sh:ask 'ASK { FILTER($value = 1) }' ]"
    (tmp_path / "s.ttl").write_text(
        (CUSTOM % ask).replace("ex:odd true", "sh:maxCount 5").replace("ex:odd", "sh:maxCount")
    )
    done = cli("validate", "d.ttl", "--shapes", "s.ttl", "--engine", engine, cwd=tmp_path, code=1)
    assert "http://e.example/S (1)" in done.stdout


def test_an_unused_component_in_javascript(cli: Callable[..., Any], tmp_path: Path) -> None:
    """It stops nothing, whatever the engine."""
    (tmp_path / "d.ttl").write_text(DATA)
    (tmp_path / "s.ttl").write_text((CUSTOM % JS).replace("ex:odd true", "sh:minCount 1"))
    for engine in ENGINES:
        cli("validate", "d.ttl", "--shapes", "s.ttl", "--engine", engine, cwd=tmp_path, code=1)


def messages(tmp_path: Path, text: str) -> list[str]:
    """What is found in shapes, but for the lack of a target."""
    (tmp_path / "v.ttl").write_text(HEAD + text)
    faults = ShapesGraph([tmp_path / "v.ttl"], Limits()).faults()
    return [fault.finding.message for fault in faults if "no shape with a target" not in fault.finding.message]


def test_terms_of_the_vocabulary(tmp_path: Path) -> None:
    """No component, parameter or annotation of it is called unknown; what is misspelt is."""
    for name in sorted(TERMS):
        assert messages(tmp_path, f"ex:n sh:sourceConstraintComponent sh:{name} ; ex:p sh:{name} .") == [], name
    assert parameter_path("QualifiedMinCountConstraintComponent-qualifiedValueShape") == "qualifiedValueShape"
    assert messages(tmp_path, "ex:n ex:p sh:MinCountConstraintComponent-maxCount .")
    assert messages(tmp_path, "ex:n ex:p sh:MinCuontConstraintComponent .")
    assert messages(tmp_path, "sh:own a owl:ObjectProperty . ex:n sh:own 1 .") == []


def test_a_parameter_of_the_vocabulary_as_a_shape(tmp_path: Path) -> None:
    """The advice is to add the vocabulary, which gives it its path."""
    (tmp_path / "v.ttl").write_text(
        HEAD + "ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property sh:InConstraintComponent-in ."
    )
    finding, *others = [fault.finding for fault in ShapesGraph([tmp_path / "v.ttl"], Limits()).faults()]
    assert not others
    assert "--import http://www.w3.org/ns/shacl#" in (finding.advice or "")
