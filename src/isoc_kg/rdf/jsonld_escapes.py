"""Escapes in JSON-LD, which people put into `script` elements."""

__all__ = ["script_safe"]


def script_safe(document: bytes) -> bytes:
    r"""The same JSON with `<` escaped, so that no text in it ends the `script` element around it or opens a comment.

    JSON has `<` within strings alone, where no backslash can stand before it. See
    https://www.w3.org/TR/json-ld11/#restrictions-for-contents-of-json-ld-script-elements.

    >>> print(script_safe(b'{"a": "</script>"}').decode())
    {"a": "\u003c/script>"}
    """
    return document.replace(b"<", b"\\u003c") if b"<" in document else document
