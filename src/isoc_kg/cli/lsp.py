"""`isoc-kg lsp`."""

from pathlib import Path

import click

from .options import project_option


@click.command()
@project_option
def lsp(project: Path | None) -> None:
    """Run a Language Server Protocol server.

    The server communicates with an editor over standard input and output. It shows the sentence of a unit and the
    definition of a term, and when a file is opened or saved the results of validation and the evidence check, at the
    line of the statement. Needs the extra “lsp”.
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
