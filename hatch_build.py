"""Put the shipped publication into the wheel.

Only into the standard one: an editable installation reads the checkout, and a copy inside the package
would go stale beside it.
"""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PUBLICATION = ("kg.toml", "ontology", "shapes", "facts", "queries")


class PublicationHook(BuildHookInterface[Any]):
    """Adds the project folders to the standard wheel as `isoc_kg/publication`."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the folders to include."""
        if version == "standard":
            build_data["force_include"] |= {name: f"isoc_kg/publication/{name}" for name in PUBLICATION}
