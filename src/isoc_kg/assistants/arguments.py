"""What is wrong with the arguments of a tool, in words of the protocol and not of what checks them."""

from collections.abc import Mapping
from typing import Any, Protocol

from pydantic import ValidationError

__all__ = ["ArgumentCheck", "wrong_argument"]

_WHOLE = "must be a whole number"
#: By the kind of the error (https://docs.pydantic.dev/latest/errors/validation_errors/).
_REASONS = {
    "missing": "is missing",
    "greater_than_equal": "must be at least {ge:,}",
    "less_than_equal": "must be at most {le:,}",
    "string_too_long": "may have {max_length:,} characters at most",
    "string_unicode": "is not Unicode text",
    "string_type": "must be a text",
    "dict_type": "must be an object",
    "list_type": "must be a list",
    **dict.fromkeys(("int_type", "int_parsing", "int_parsing_size", "int_from_float"), _WHOLE),
}


class ArgumentCheck(Protocol):
    """What the SDK knows of a tool's arguments."""

    def validate_arguments(self, arguments_to_validate: dict[str, Any]) -> dict[str, Any]:
        """The arguments as the tool takes them. Raises `ValidationError`."""


def wrong_argument(check: ArgumentCheck, schema: Mapping[str, Any], given: Mapping[str, Any]) -> str | None:
    """What is wrong with the first argument that is; None where all can be taken. `schema` is their JSON Schema."""
    types = {name: of.get("type") for name, of in schema.get("properties", {}).items()}
    for name, value in given.items():
        if isinstance(value, bool) and types.get(name) == "integer":  # Python takes true for 1
            return f"“{name}” {_WHOLE}."
    try:
        check.validate_arguments(dict(given))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = str(first["loc"][0]) if first["loc"] else "arguments"
        other = "has no value that is taken"  # by none of several types
        pattern = other if len(first["loc"]) > 1 else _REASONS.get(first["type"], other)
        return f"“{name[:100]}” {pattern.format(**first.get('ctx', {}))}."
    return None
