"""`isoc-kg lsp`."""

from pathlib import Path

import click

from .options import project_option


@click.command()
@project_option
def lsp(project: Path | None) -> None:
    """Run a Language Server Protocol server.

    It speaks on standard input and output, as editors start it: what stands at a name (of a unit its sentence, of a
    term its definition), and what the gate and the evidence check say, at the line of the statement, whenever a file
    is opened or saved. Needs the extra “lsp”.
    """
    from ..errors import UsageError
    from ..project import find_project

    try:
        from ..assistants.language_server import serve_editor
    except ImportError as error:
        if not str(error.name).startswith(("pygls", "lsprotocol", "cattrs", "attrs")):
            raise
        raise UsageError("the package pygls is not installed.", advice="pip install 'isoc-kg[lsp]'") from None
    serve_editor(find_project(project))
