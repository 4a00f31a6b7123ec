"""Rules for web hosts."""

from ..project import Project


def rule_files(project: Project, host: str) -> dict[str, bytes]:
    """Path → bytes of the rules for each kind of host."""
    return {}
