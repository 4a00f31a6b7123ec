"""The form of a new claim: its fields, and the claim that they make."""

from collections.abc import Mapping
from typing import Any

__all__ = ["claim_of_form", "form_values"]

_FIELDS = ("quote", "subject", "subject_class", "property", "object", "object_class", "kind", "support", "note")


def form_values(form: Mapping[str, str]) -> dict[str, str]:
    """The fields of a form, empty where it has none."""
    return {name: form.get(name, "") for name in _FIELDS}


def claim_of_form(form: Mapping[str, str]) -> dict[str, Any]:
    """A claim as programs propose it, out of the fields of a form."""
    given = {name: value.strip() for name, value in form.items()}

    def thing(name: str) -> Any:
        class_ = given.get(f"{name}_class")
        return {"new": {"type": class_, "label": given.get(name, "")}} if class_ else given.get(name, "")

    value: dict[str, Any] = {
        "subject": thing("subject"),
        "property": given.get("property", ""),
        "object": {"value": given.get("object", "")} if given.get("kind") == "literal" else thing("object"),
        "support": given.get("support") or "supported",
    }
    if form.get("quote"):
        value["quote"] = form["quote"]
    if given.get("note"):
        value["note"] = given["note"]
    return value
