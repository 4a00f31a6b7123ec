"""The language server: an editor asks it over standard input and output (Language Server Protocol 3.17)."""

import logging
import threading
from pathlib import Path

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.uris import from_fs_path, to_fs_path

from ..version import __version__
from .editor_answers import Diagnosis, EditorProject, name_at, prefixes_of

__all__ = ["serve_editor"]

_SEVERITIES = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "question": types.DiagnosticSeverity.Information,
}


class _Diagnosing:
    """One check at a time; what is saved meanwhile is checked once more behind it."""

    def __init__(self, server: LanguageServer, project: EditorProject) -> None:
        self.server, self.project = server, project
        self._lock = threading.Lock()
        self._wanted = threading.Event()
        self._shown: set[Path] = set()

    def check(self) -> None:
        self._wanted.set()
        while self._wanted.is_set() and self._lock.acquire(blocking=False):
            try:
                self._wanted.clear()
                self._publish(self.project.problems())
            finally:
                self._lock.release()

    def _publish(self, problems: list[Diagnosis]) -> None:
        by_file: dict[Path, list[Diagnosis]] = {path: [] for path in self._shown}
        for problem in problems:
            by_file.setdefault(problem.file, []).append(problem)
        self._shown = {path for path, found in by_file.items() if found}
        for path, found in by_file.items():
            if (uri := from_fs_path(str(path))) is not None:
                diagnostics = [_diagnostic(problem) for problem in found]
                self.server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, diagnostics))


def _diagnostic(problem: Diagnosis) -> types.Diagnostic:
    line = problem.line - 1
    whole = types.Range(types.Position(line, 0), types.Position(line + 1, 0))
    return types.Diagnostic(whole, problem.message, _SEVERITIES[problem.severity], source="isoc-kg")


def serve_editor(root: Path) -> None:
    """Answer an editor about a project until it says goodbye, or goes away."""
    logging.disable(logging.CRITICAL)
    server = LanguageServer("isoc-kg", __version__, text_document_sync_kind=types.TextDocumentSyncKind.Incremental)
    project = EditorProject(root)
    diagnosing = _Diagnosing(server, project)

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    @server.thread()
    def opened(_: types.DidOpenTextDocumentParams) -> None:
        diagnosing.check()

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    @server.thread()
    def saved(_: types.DidSaveTextDocumentParams) -> None:
        project.forget()
        diagnosing.check()

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    @server.thread()
    def hover(params: types.HoverParams) -> types.Hover | None:
        if to_fs_path(params.text_document.uri) is None:
            return None
        document = server.workspace.get_text_document(params.text_document.uri)
        try:
            lines = document.lines
        except (OSError, ValueError):  # not opened by the editor, and not on the disk, or no text in UTF-8
            return None
        if params.position.line >= len(lines):
            return None
        position = document.position_codec.position_from_client_units(lines, params.position)
        name = name_at(lines[params.position.line], position.character)
        text = project.hover(name, prefixes_of(document.source)) if name else None
        return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, text)) if text else None

    server.start_io()
